#include "http/headers.h"

static const char token_marks[] = "!#$%&'*+-.^_`|~";

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
headers_name_ok(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = ascii_lower(name.s[i]);
		bool good = digit(c) || (c >= 'a' && c <= 'z') || (c != '\0' && strchr(token_marks, c) != NULL);
		if (!good)
			return false;
	}
	return name.len > 0;
}

bool
headers_value_ok(struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.s[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

bool
headers_validator_ok(struct str value)
{
	return value.len > 0 && value.len <= HEADERS_VALIDATOR_MAX_BYTES && headers_value_ok(value) &&
	       str_trim(value).len == value.len;
}

/* The parts of a date as they are met, whatever their order. */
struct date_parts {
	int64_t year, day, hour, minute, second;
	int month; /* 1..12 */
	int64_t zone_minutes;
	unsigned numbers;
	bool time_seen;
};

static int
month_of(struct str word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	if (word.len < 3)
		return 0;
	for (int m = 0; m < 12; m++)
		if (str_ieq((struct str){word.s, 3}, (struct str){names + 3 * m, 3}))
			return m + 1;
	return 0;
}

static bool
take_time(struct str word, struct date_parts *d)
{
	struct str field;
	int64_t *parts[] = {&d->hour, &d->minute, &d->second};
	int64_t max[] = {23, 59, 60};
	size_t n = 0;
	while (str_split(&word, ':', &field)) {
		if (n == 3 || field.len == 0 || field.len > 2 || !digit(field.s[0]) ||
		    !str_int(field, 0, max[n], parts[n]))
			return false;
		n++;
	}
	d->time_seen = true;
	return n >= 2;
}

/* The first number is the day of the month, the second the year (asctime's order is the same). */
static bool
take_number(struct str word, struct date_parts *d)
{
	int64_t n;
	if (!str_int(word, 0, 9999, &n))
		return false;
	if (d->numbers++ == 0) {
		d->day = n;
		return n >= 1 && n <= 31;
	}
	d->year = word.len > 2 ? n : n < 70 ? 2000 + n : 1900 + n;
	return d->numbers == 2;
}

static bool
take_offset(struct str word, struct date_parts *d)
{
	int64_t n;
	if (word.len != 5 || !str_int((struct str){word.s + 1, 4}, 0, 1459, &n) || n % 100 > 59)
		return false;
	d->zone_minutes = (n / 100 * 60 + n % 100) * (word.s[0] == '-' ? -1 : 1);
	return true;
}

static bool
take_word(struct str word, struct date_parts *d)
{
	int month = month_of(word);
	if (memchr(word.s, ':', word.len) != NULL)
		return take_time(word, d);
	if (digit(word.s[0]))
		return take_number(word, d);
	if (d->time_seen && (word.s[0] == '+' || word.s[0] == '-'))
		return take_offset(word, d);
	/* "Mar" must not be taken twice, and a weekday comes before everything else. */
	if (month != 0 && d->month == 0 && (d->numbers > 0 || word.len == 3)) {
		d->month = month;
		return true;
	}
	if (d->time_seen)
		return str_ieq(word, STR_LIT("GMT")) || str_ieq(word, STR_LIT("UTC")) || str_ieq(word, STR_LIT("Z"));
	return d->numbers == 0 && d->month == 0;
}

static int
month_days(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 2 && leap ? 29 : days[month - 1];
}

int64_t
headers_date(struct str s)
{
	struct date_parts d = {0};
	for (size_t i = 0, start; i < s.len;) {
		while (i < s.len && (ascii_space(s.s[i]) || s.s[i] == ',' || (s.s[i] == '-' && !d.time_seen)))
			i++;
		start = i;
		while (i < s.len && !ascii_space(s.s[i]) && s.s[i] != ',' && (d.time_seen || s.s[i] != '-'))
			i++;
		if (i > start && !take_word((struct str){s.s + start, i - start}, &d))
			return TIME_NONE;
	}
	if (d.month == 0 || d.numbers != 2 || !d.time_seen || d.year < 1 || d.day > month_days(d.year, d.month))
		return TIME_NONE;
	int64_t days = time_days_from_civil(d.year, d.month, (int)d.day);
	return ((days * 24 + d.hour) * 60 + d.minute - d.zone_minutes) * MINUTE_MS + d.second * SECOND_MS;
}

static int64_t
clamp_delay(int64_t ms)
{
	return ms < 0 ? 0 : ms > HEADERS_DELAY_MAX_MS ? HEADERS_DELAY_MAX_MS : ms;
}

/* Delta-seconds; a number too large to hold is as good as the largest (RFC 9111, 1.2.2). -1 for anything else. */
static int64_t
delta_ms(struct str s)
{
	int64_t n;
	s = str_trim(s);
	if (s.len >= 2 && s.s[0] == '"' && s.s[s.len - 1] == '"')
		s = (struct str){s.s + 1, s.len - 2};
	for (size_t i = 0; i < s.len; i++)
		if (!digit(s.s[i]))
			return -1;
	if (s.len == 0)
		return -1;
	return str_int(s, 0, HEADERS_DELAY_MAX_MS / SECOND_MS, &n) ? n * SECOND_MS : HEADERS_DELAY_MAX_MS;
}

int64_t
headers_retry_after(struct str value, int64_t now)
{
	value = str_trim(value);
	int64_t ms = delta_ms(value);
	if (ms >= 0)
		return ms;
	int64_t at = headers_date(value);
	return at == TIME_NONE ? -1 : clamp_delay(at - now);
}

static int64_t
cache_control_ms(struct str value)
{
	struct str directive;
	int64_t max_age = -1;
	while (str_split(&value, ',', &directive)) {
		directive = str_trim(directive);
		if (str_ieq(directive, STR_LIT("no-store")) || str_ieq(directive, STR_LIT("no-cache")))
			return 0;
		if (max_age < 0 && str_istarts(directive, STR_LIT("max-age=")))
			max_age = delta_ms((struct str){directive.s + 8, directive.len - 8});
	}
	return max_age;
}

int64_t
headers_fresh_ms(struct str cache_control, struct str age, struct str expires, struct str date, int64_t now)
{
	int64_t max_age = cache_control_ms(cache_control);
	if (max_age >= 0) {
		int64_t old = delta_ms(age);
		return old > 0 ? clamp_delay(max_age - old) : max_age;
	}
	if (expires.s == NULL)
		return -1;
	int64_t end = headers_date(expires), from = headers_date(date);
	if (end == TIME_NONE)
		return 0;
	return clamp_delay(end - (from == TIME_NONE ? now : from));
}
