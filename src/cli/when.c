#include "cli/when.h"

/* The time at which clocks of the zone show `local`. */
static int64_t
from_local(int64_t local, int64_t (*zone)(int64_t at))
{
	return local - zone(local - zone(local));
}

static int64_t
midnight(int64_t at, int64_t (*zone)(int64_t at))
{
	int64_t local = at + zone(at), day = local / DAY_MS - (local % DAY_MS < 0);
	return from_local(day * DAY_MS, zone);
}

/* Exactly n digits at the front of *s, taken off it. */
static bool
take_number(struct str *s, size_t n, int64_t max, int64_t *ret)
{
	if (s->len < n || !str_int((struct str){s->s, n}, 0, max, ret))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->s[i] < '0' || s->s[i] > '9')
			return false;
	}
	*s = (struct str){s->s + n, s->len - n};
	return true;
}

static bool
take(struct str *s, const char *one_of)
{
	if (s->len == 0 || strchr(one_of, s->s[0]) == NULL)
		return false;
	*s = (struct str){s->s + 1, s->len - 1};
	return true;
}

static bool
take_date(struct str *s, int64_t *days)
{
	int64_t year, month, day, back;
	int m, d;
	if (!take_number(s, 4, 9999, &year) || !take(s, "-") || !take_number(s, 2, 12, &month) || !take(s, "-") ||
	    !take_number(s, 2, 31, &day) || year < 1 || month < 1 || day < 1)
		return false;
	*days = time_days_from_civil(year, (int)month, (int)day);
	time_civil_from_days(*days, &back, &m, &d);
	return back == year && m == month && d == day;
}

static bool
take_clock(struct str *s, int64_t *ms)
{
	int64_t hour, minute, second = 0;
	if (!take_number(s, 2, 24, &hour) || !take(s, ":") || !take_number(s, 2, 59, &minute))
		return false;
	if (take(s, ":") && !take_number(s, 2, 60, &second))
		return false;
	*ms = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
	if (take(s, ".")) {
		int64_t digit, unit = 100, any = 0;
		for (; take_number(s, 1, 9, &digit); unit /= 10, any = 1)
			*ms += digit * unit;
		if (!any)
			return false;
	}
	return *ms <= DAY_MS;
}

/* "Z" or "+02:00"; *known false when nothing stands there. */
static bool
take_zone(struct str *s, bool *known, int64_t *offset)
{
	int64_t hour, minute;
	*offset = 0;
	*known = s->len > 0;
	if (!*known || take(s, "Zz"))
		return true;
	int64_t sign = s->s[0] == '-' ? -1 : 1;
	if (!take(s, "+-") || !take_number(s, 2, 23, &hour) || !take(s, ":") || !take_number(s, 2, 59, &minute))
		return false;
	*offset = sign * (hour * HOUR_MS + minute * MINUTE_MS);
	return true;
}

static bool
parse_date(struct str s, int64_t (*zone)(int64_t at), int64_t *ret)
{
	int64_t days, clock = 0, offset;
	bool known = false;
	if (!take_date(&s, &days))
		return false;
	if (s.len > 0) {
		while (s.len > 1 && s.s[0] == ' ' && s.s[1] == ' ')
			s = (struct str){s.s + 1, s.len - 1};
		if (!take(&s, "Tt ") || !take_clock(&s, &clock) || !take_zone(&s, &known, &offset) || s.len > 0)
			return false;
	}
	*ret = days * DAY_MS + clock;
	*ret = known ? *ret - offset : from_local(*ret, zone);
	return true;
}

static bool
parse_age(struct str s, int64_t now, int64_t *ret)
{
	static const struct {
		char letter;
		int64_t ms;
	} units[] = {{'s', SECOND_MS}, {'m', MINUTE_MS}, {'h', HOUR_MS}, {'d', DAY_MS}, {'w', 7 * DAY_MS}};
	int64_t n;
	if (str_ends(s, STR_LIT(" ago")))
		s = str_trim((struct str){s.s, s.len - 4});
	if (s.len < 2 || s.s[0] < '0' || s.s[0] > '9' || !str_int((struct str){s.s, s.len - 1}, 0, 1000000000, &n))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (s.s[s.len - 1] == units[i].letter) {
			int64_t age = n > (now - TIME_MIN) / units[i].ms ? now - TIME_MIN : n * units[i].ms;
			*ret = now - age;
			return true;
		}
	}
	return false;
}

bool
cli_when(struct str text, int64_t now, int64_t (*zone)(int64_t at), int64_t *ret)
{
	struct str s = str_trim(text);
	if (str_ieq(s, STR_LIT("now")))
		*ret = now;
	else if (str_ieq(s, STR_LIT("today")))
		*ret = midnight(now, zone);
	else if (str_ieq(s, STR_LIT("yesterday")))
		*ret = midnight(midnight(now, zone) - DAY_MS / 2, zone);
	else
		return parse_date(s, zone, ret) || parse_age(s, now, ret);
	return true;
}
