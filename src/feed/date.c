#include "feed/date.h"

#include "base/utf8.h"
#include "feed/date_parts.h"
#include "feed/date_words.h"

#define LOOSE_MAX 4u
#define DIGITS_MAX 18u

struct number {
	int64_t value;
	unsigned digits;
};

/* What was read last: it decides what a sign or a unit after it means. */
enum last { LAST_NONE, LAST_NUMBER, LAST_CLOCK, LAST_ZONE, LAST_MONTH, LAST_OTHER };

/* A date in free form: tokens from left to right fill `p`; numbers whose part is not clear yet wait in `loose`. */
struct scan {
	char s[DATE_BYTES_MAX + 1]; /* folded, NUL-terminated */
	size_t len, pos;
	struct date_parts p;
	struct number loose[LOOSE_MAX];
	size_t loose_count;
	int month_word;        /* by its name; 0 = none yet */
	bool month_word_early; /* it stood before every number: may have been a weekday, "mar, 5 avr 2026" */
	bool any_number, has_clock, has_zone, strange;
	bool upper_end; /* the text ends in a capital: may be a military zone */
	bool bad;       /* contradicts itself */
	int era;        /* years to add: Reiwa, Minguo */
	int home_zone;  /* of the only country whose words these are; 0 = unknown */
	enum date_half half;
	enum last last;
};

static bool
digit_at(const struct scan *sc, size_t pos)
{
	return pos < sc->len && date_digit(sc->s[pos]);
}

static bool
letter_at(const struct scan *sc, size_t pos)
{
	unsigned char c = pos < sc->len ? (unsigned char)sc->s[pos] : 0;
	return c >= 0x80 || (c >= 'a' && c <= 'z');
}

static struct str
rest(const struct scan *sc)
{
	return (struct str){sc->s + sc->pos, sc->len - sc->pos};
}

static void
skip_spaces(struct scan *sc)
{
	while (sc->pos < sc->len && ascii_space(sc->s[sc->pos]))
		sc->pos++;
}

static struct number
read_number(struct scan *sc)
{
	struct number n = {0, 0};
	for (; digit_at(sc, sc->pos); sc->pos++, n.digits++) {
		if (n.digits < DIGITS_MAX)
			n.value = n.value * 10 + (sc->s[sc->pos] - '0');
		else
			sc->bad = true;
	}
	return n;
}

static void
keep(struct scan *sc, struct number n)
{
	if (sc->loose_count == LOOSE_MAX) {
		sc->bad = true;
		return;
	}
	sc->loose[sc->loose_count++] = n;
	sc->last = LAST_NUMBER;
}

static bool
has_date(const struct scan *sc)
{
	return sc->p.day != 0 || (sc->month_word != 0 && sc->loose_count >= 2);
}

static void
set_clock(struct scan *sc, int64_t hour, int64_t minute, int64_t second)
{
	if (sc->has_clock)
		sc->bad = true;
	sc->has_clock = true;
	sc->p.hour = hour;
	sc->p.minute = minute;
	sc->p.second = second;
	sc->last = LAST_CLOCK;
}

/* ".538" after the seconds. */
static void
read_fraction(struct scan *sc)
{
	int64_t scale = 100;
	if ((sc->s[sc->pos] != '.' && sc->s[sc->pos] != ',') || !digit_at(sc, sc->pos + 1))
		return;
	for (sc->pos++; digit_at(sc, sc->pos); sc->pos++, scale /= 10)
		sc->p.millisecond += (sc->s[sc->pos] - '0') * scale;
}

/* The rest of a group of numbers joined by `sep`, of which the first is read; false when there are more than max. */
static bool
read_group(struct scan *sc, char sep, struct number *group, size_t max, size_t *count)
{
	while (sc->s[sc->pos] == sep && digit_at(sc, sc->pos + 1)) {
		if (*count == max)
			return false;
		sc->pos++;
		group[(*count)++] = read_number(sc);
	}
	return true;
}

/* "14:35", "14:35:07.5", and "2026:14:35:07" as web servers log it. */
static void
read_clock(struct scan *sc, struct number first)
{
	struct number group[4] = {first, {0, 0}, {0, 0}, {0, 0}};
	size_t count = 1, from = 0;

	if (!read_group(sc, ':', group, 4, &count))
		sc->bad = true;
	if (count > 2 && first.digits == 4) {
		keep(sc, first);
		from = 1;
	}
	if (count - from > 3 || group[from].digits > 2) {
		sc->bad = true;
		return;
	}
	set_clock(sc, group[from].value, group[from + 1].value, count - from == 3 ? group[from + 2].value : 0);
	if (count - from == 3)
		read_fraction(sc);
}

static void
set_date(struct scan *sc, struct number year, struct number month, struct number day)
{
	if (sc->p.day != 0)
		sc->bad = true;
	if (month.value > 12 && day.value <= 12) {
		struct number swap = month;
		month = day;
		day = swap;
	}
	sc->p.year = date_full_year(year.value, year.digits);
	sc->p.month = month.value;
	sc->p.day = day.value;
	sc->last = LAST_OTHER;
	if (month.value == 0 || day.value == 0)
		sc->bad = true;
}

/* Three numbers: which is which follows from their length, their size and the habit that goes with the separator. */
static void
order_date(struct scan *sc, const struct number n[3], char sep)
{
	if (n[0].digits >= 3 || n[0].value > 31)
		set_date(sc, n[0], n[1], n[2]);
	else if (n[2].digits < 3 && sep == '-' && n[1].value <= 12 && n[2].value <= 31)
		set_date(sc, n[0], n[1], n[2]);
	else if (sep == '/')
		set_date(sc, n[2], n[0], n[1]);
	else
		set_date(sc, n[2], n[1], n[0]);
}

/* Two numbers: "2026-11", "11/2026", "14.35". */
static void
order_pair(struct scan *sc, const struct number n[2], char sep)
{
	bool year_first = n[0].digits == 4;

	if (sep == '.' && n[0].digits <= 2 && n[1].digits == 2) {
		set_clock(sc, n[0].value, n[1].value, 0);
		return;
	}
	if (sc->p.year >= 0 || n[0].digits + n[1].digits > 6 || (!year_first && n[1].digits != 4)) {
		sc->bad = true;
		return;
	}
	sc->p.year = n[!year_first].value;
	sc->p.month = n[year_first].value;
	sc->last = LAST_OTHER;
	if (sc->p.month == 0)
		sc->bad = true;
}

/* Numbers joined by '-', '/' or '.': a date, or a time written with points, or seconds since the epoch with a point. */
static void
read_cluster(struct scan *sc, struct number first, char sep)
{
	struct number group[3] = {first, {0, 0}, {0, 0}};
	size_t count = 1, start = sc->pos;

	if (!read_group(sc, sep, group, 3, &count)) {
		sc->bad = true;
	} else if (sep == '.' && count == 2 && first.digits >= 9) {
		sc->pos = start;
		read_fraction(sc);
		keep(sc, first);
	} else if (sep == '.' && count == 3 && has_date(sc)) {
		set_clock(sc, group[0].value, group[1].value, group[2].value);
	} else if (count == 3) {
		order_date(sc, group, sep);
	} else {
		order_pair(sc, group, sep);
	}
}

/* Han, kana and Hangul: written without spaces. */
static bool
cjk_at(const struct scan *sc, size_t pos)
{
	unsigned char c = pos < sc->len ? (unsigned char)sc->s[pos] : 0;
	return c >= 0xe3 && c <= 0xed;
}

static void
apply_unit(struct scan *sc, enum date_cjk_kind unit, struct number n)
{
	int64_t *const parts[] = {
	    [DATE_CJK_YEAR] = &sc->p.year,
	    [DATE_CJK_MONTH] = &sc->p.month,
	    [DATE_CJK_DAY] = &sc->p.day,
	    [DATE_CJK_HOUR] = &sc->p.hour,
	    [DATE_CJK_MINUTE] = &sc->p.minute,
	    [DATE_CJK_SECOND] = &sc->p.second,
	};
	if ((unit == DATE_CJK_MONTH || unit == DATE_CJK_DAY) && n.value == 0)
		sc->bad = true;
	if (unit == DATE_CJK_YEAR && sc->era != 0)
		n.value += sc->era;
	else if (unit == DATE_CJK_YEAR && n.digits != 4)
		n.value = n.digits == 2 ? date_full_year(n.value, 2) : -1;
	if (unit == DATE_CJK_HOUR)
		sc->has_clock = true;
	*parts[unit] = n.value;
	sc->last = unit >= DATE_CJK_HOUR ? LAST_CLOCK : LAST_OTHER;
}

/* Hangul is Korean, some words are Japanese, and each of these countries keeps one time all the year. */
static void
note_country(struct scan *sc, const struct date_cjk *row)
{
	static const char *const japanese[] = {"午前", "午後", "令和", "平成", "月曜", "日曜"};
	if ((unsigned char)row->word[0] >= 0xea)
		sc->home_zone = 9 * 60;
	for (size_t i = 0; i < sizeof japanese / sizeof *japanese; i++) {
		if (strcmp(row->word, japanese[i]) == 0)
			sc->home_zone = 9 * 60;
	}
}

/* A unit behind the number just read, perhaps after spaces. */
static bool
read_unit(struct scan *sc, struct number n)
{
	size_t back = sc->pos;
	skip_spaces(sc);
	const struct date_cjk *row = cjk_at(sc, sc->pos) ? date_cjk(rest(sc)) : NULL;
	if (row == NULL || row->kind > DATE_CJK_SECOND) {
		sc->pos = back;
		return false;
	}
	sc->pos += strlen(row->word);
	note_country(sc, row);
	apply_unit(sc, row->kind, n);
	return true;
}

/* "14h", "14h30", "14 Uhr". */
static bool
read_hour_word(struct scan *sc, struct number n)
{
	size_t pos = sc->pos;
	if (n.digits > 2)
		return false;
	while (pos < sc->len && sc->s[pos] == ' ')
		pos++;
	bool adjacent_h = pos == sc->pos && sc->s[pos] == 'h';
	if (adjacent_h && digit_at(sc, pos + 1)) {
		sc->pos++;
		struct number minute = read_number(sc);
		set_clock(sc, n.value, minute.value, 0);
		return true;
	}
	if (!(adjacent_h && !letter_at(sc, pos + 1)) && strncmp(sc->s + pos, "uhr", 3) != 0)
		return false;
	sc->pos = adjacent_h ? pos + 1 : pos + 3;
	set_clock(sc, n.value, 0, 0);
	return true;
}

static void
take_number(struct scan *sc)
{
	struct number n = read_number(sc);
	char sep = sc->s[sc->pos];

	sc->any_number = true;
	if (sep == ':' && digit_at(sc, sc->pos + 1))
		read_clock(sc, n);
	else if ((sep == '-' || sep == '/' || sep == '.') && digit_at(sc, sc->pos + 1))
		read_cluster(sc, n, sep);
	else if (!read_unit(sc, n) && !read_hour_word(sc, n))
		keep(sc, n);
}

/* "+0200", "+02:00", "+2", behind a time or the name of a zone; sc->pos is at the sign. */
static void
take_offset(struct scan *sc)
{
	int sign = sc->s[sc->pos++] == '-' ? -1 : 1;
	struct number a = read_number(sc), b = {0, 0};

	if (sc->s[sc->pos] == ':') {
		sc->pos++;
		b = read_number(sc);
		if (b.digits == 0)
			sc->bad = true;
	} else if (a.digits == 3 || a.digits == 4) {
		b.value = a.value % 100;
		a.value /= 100;
	}
	if (a.digits == 0 || a.digits > 4 || b.digits > 2 || a.value > 23 || b.value > 59)
		sc->bad = true;
	else
		sc->p.zone_minutes = sign * (a.value * 60 + b.value);
	sc->has_zone = true;
	sc->last = LAST_ZONE;
}

/* A '+' or '-' that is a zone's sign rather than a dash. */
static bool
sign_at(const struct scan *sc)
{
	char c = sc->s[sc->pos];
	if (c == '+')
		return sc->has_clock || sc->last == LAST_ZONE;
	if (c != '-' || !sc->has_clock || !digit_at(sc, sc->pos + 1))
		return false;
	return sc->last == LAST_CLOCK || sc->last == LAST_ZONE ||
	       (sc->last == LAST_NUMBER && sc->s[sc->pos - 1] == ' ');
}

static void
take_month_word(struct scan *sc, int month)
{
	if (sc->month_word == 0 || (sc->month_word_early && sc->any_number) || !sc->any_number) {
		sc->month_word = month;
		sc->month_word_early = !sc->any_number;
	}
	sc->last = LAST_MONTH;
}

static void
take_half(struct scan *sc, enum date_half half)
{
	if (!sc->has_clock && sc->last == LAST_NUMBER && sc->loose[sc->loose_count - 1].digits <= 2)
		set_clock(sc, sc->loose[--sc->loose_count].value, 0, 0);
	sc->half = half;
}

/* "am", "a.m.", "p. m.", "π.μ." — sc->pos is behind the word, which may be only its first letter. */
static bool
take_half_word(struct scan *sc, struct str word)
{
	static const struct {
		const char *whole, *first, *second;
		enum date_half half;
	} halves[] = {
	    {"am", "a", "m", DATE_AM},
	    {"pm", "p", "m", DATE_PM},
	    {"πμ", "π", "μ", DATE_AM},
	    {"μμ", "μ", "μ", DATE_PM},
	    {"ص", "", "", DATE_AM},
	    {"م", "", "", DATE_PM},
	    {"صباحا", "", "", DATE_AM},
	    {"مساء", "", "", DATE_PM},
	    {"oo", "", "", DATE_AM},
	    {"os", "", "", DATE_PM},
	};
	if (sc->last != LAST_CLOCK && sc->last != LAST_NUMBER)
		return false;
	for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
		if ((i < 2 || sc->last == LAST_CLOCK) && str_is(word, halves[i].whole)) {
			take_half(sc, halves[i].half);
			return true;
		}
		if (!str_is(word, halves[i].first))
			continue;
		size_t pos = sc->pos;
		while (pos < sc->len && (sc->s[pos] == '.' || sc->s[pos] == ' '))
			pos++;
		size_t n = strlen(halves[i].second);
		if (strncmp(sc->s + pos, halves[i].second, n) == 0 && !letter_at(sc, pos + n)) {
			sc->pos = pos + n;
			take_half(sc, halves[i].half);
			return true;
		}
	}
	return false;
}

static bool
take_zone_word(struct scan *sc, struct str word)
{
	int minutes;
	bool military = word.len == 1 && word.s[0] != 'z';

	if (!sc->has_clock || (military && (sc->pos != sc->len || !sc->upper_end)) || !date_zone(word, &minutes))
		return false;
	if (!sc->has_zone)
		sc->p.zone_minutes = minutes;
	sc->has_zone = true;
	sc->last = LAST_ZONE;
	return true;
}

/* The two words of some Arabic months, joined by one space. */
static int
two_word_month(struct scan *sc, size_t from)
{
	size_t end = sc->pos + 1;
	if (sc->s[sc->pos] != ' ')
		return 0;
	while (letter_at(sc, end))
		end++;
	int month = date_month((struct str){sc->s + from, end - from});
	if (month != 0)
		sc->pos = end;
	return month;
}

static void
take_word(struct scan *sc)
{
	size_t from = sc->pos;
	while (letter_at(sc, sc->pos))
		sc->pos++;
	struct str word = {sc->s + from, sc->pos - from};

	if (str_is(word, "t") && digit_at(sc, sc->pos))
		return;
	int month = date_month(word);
	if (month == 0 && date_month_begins(word))
		month = two_word_month(sc, from);
	if (month != 0) {
		take_month_word(sc, month);
		return;
	}
	if (take_zone_word(sc, word) || take_half_word(sc, word))
		return;
	sc->strange = true;
	if (sc->last == LAST_NUMBER)
		sc->last = LAST_OTHER;
}

static void
take_cjk(struct scan *sc)
{
	const struct date_cjk *row = date_cjk(rest(sc));
	if (row == NULL) {
		struct str s = {sc->s, sc->len};
		utf8_next(s, &sc->pos);
		sc->strange = true;
		return;
	}
	sc->pos += strlen(row->word);
	note_country(sc, row);
	if (row->kind == DATE_CJK_HALF)
		sc->half = (enum date_half)row->value;
	else if (row->kind == DATE_CJK_ERA)
		sc->era = row->value;
	else if (row->kind == DATE_CJK_MONTH_NAME)
		take_month_word(sc, row->value);
}

/* A comment of RFC 822: only the name of a zone counts, and only when nothing else says it. */
static void
take_comment(struct scan *sc)
{
	size_t from = ++sc->pos;
	while (sc->pos < sc->len && sc->s[sc->pos] != ')')
		sc->pos++;
	if (!sc->has_zone)
		take_zone_word(sc, str_trim((struct str){sc->s + from, sc->pos - from}));
}

static void
scan_tokens(struct scan *sc)
{
	while (sc->pos < sc->len && !sc->bad) {
		if (digit_at(sc, sc->pos))
			take_number(sc);
		else if (cjk_at(sc, sc->pos))
			take_cjk(sc);
		else if (letter_at(sc, sc->pos))
			take_word(sc);
		else if (sign_at(sc))
			take_offset(sc);
		else if (sc->s[sc->pos] == '(')
			take_comment(sc);
		else
			sc->pos++;
	}
}

/* "2026 ... 1435": the last number is the time when the date is complete without it. */
static void
take_late_clock(struct scan *sc)
{
	struct number n = sc->loose_count ? sc->loose[sc->loose_count - 1] : (struct number){0, 0};
	if (sc->has_clock || (n.digits != 4 && n.digits != 6))
		return;
	sc->loose_count--;
	if (n.digits == 4)
		n.value *= 100;
	set_clock(sc, n.value / 10000, n.value / 100 % 100, n.value % 100);
}

/* Day and year around the name of a month. */
static void
settle_named_month(struct scan *sc)
{
	struct number *n = sc->loose;

	if (sc->loose_count == 3)
		take_late_clock(sc);
	sc->p.month = sc->month_word;
	if (sc->loose_count == 1 && n[0].digits == 4 && !sc->has_clock) {
		sc->p.year = n[0].value;
		return;
	}
	if (sc->loose_count != 2) {
		sc->bad = true;
		return;
	}
	size_t year = n[0].digits > 2 || (n[0].value > 31 && n[1].digits <= 2) ? 0 : 1;
	sc->p.year = date_full_year(n[year].value, n[year].digits);
	sc->p.day = n[!year].value;
	if (n[!year].digits > 2 || sc->p.day == 0)
		sc->bad = true;
}

/* One number alone that counts from the epoch. */
static bool
settle_epoch(const struct scan *sc, int64_t *at)
{
	struct number n = sc->loose[0];
	bool calendar = n.digits == 12 && n.value >= 190000000000 && n.value < 220000000000;

	if (sc->loose_count != 1 || sc->has_clock || sc->month_word != 0 || calendar || n.digits < 9 || n.digits > 13 ||
	    n.digits == 11)
		return false;
	*at = n.digits < 12 ? n.value * SECOND_MS + sc->p.millisecond : n.value;
	return true;
}

/* One number alone that is a date without separators; its length says which: "20261123", "261123", "26327". */
static void
settle_compact(struct scan *sc, struct number n)
{
	int64_t v = n.value;

	if (n.digits == 12 || n.digits == 14) {
		if (n.digits == 12)
			v *= 100;
		set_clock(sc, v / 10000 % 100, v / 100 % 100, v % 100);
		v /= 1000000;
		n.digits = 8;
	}
	if (n.digits == 4 && !sc->has_clock) {
		sc->p.year = v;
	} else if (n.digits == 5 && v % 1000 != 0) {
		sc->p.year = date_full_year(v / 1000, 2);
		sc->p.day = v % 1000;
		date_from_ordinal(&sc->p);
	} else if (n.digits == 6 || n.digits == 8) {
		set_date(sc, (struct number){v / 10000, n.digits - 4}, (struct number){v / 100 % 100, 2},
		    (struct number){v % 100, 2});
	} else {
		sc->bad = true;
	}
}

/* Gives every number its part; sc->bad when one is left over or missing. */
static void
settle(struct scan *sc)
{
	if (sc->p.year >= 0 || sc->p.day != 0) {
		if (sc->loose_count == 1)
			take_late_clock(sc);
		if (sc->loose_count != 0 || (sc->p.day != 0 && sc->p.month == 0))
			sc->bad = true;
	} else if (sc->month_word != 0) {
		settle_named_month(sc);
	} else if (sc->loose_count == 3) {
		order_date(sc, sc->loose, ' ');
	} else {
		if (sc->loose_count == 2)
			take_late_clock(sc);
		if (sc->loose_count == 1)
			settle_compact(sc, sc->loose[0]);
		else
			sc->bad = true;
	}
	if (sc->p.day == 0 && (sc->has_clock || sc->strange))
		sc->bad = true;
}

static void
apply_half(struct scan *sc)
{
	if (sc->half == DATE_PM && sc->p.hour < 12)
		sc->p.hour += 12;
	else if (sc->half == DATE_AM && sc->p.hour == 12)
		sc->p.hour = 0;
}

int64_t
date_parse(struct str text)
{
	struct scan sc;
	int64_t at;

	text = str_trim(text);
	if (text.len == 0 || text.len > DATE_BYTES_MAX)
		return TIME_NONE;
	if (date_parse_mail(text, &sc.p))
		return date_compose(&sc.p);
	memset(&sc, 0, sizeof sc);
	sc.p = DATE_PARTS_UNSET;
	sc.len = date_fold(text, sc.s);
	if (date_parse_iso((struct str){sc.s, sc.len}, &sc.p))
		return date_compose(&sc.p);
	sc.p = DATE_PARTS_UNSET;
	sc.upper_end = text.s[text.len - 1] >= 'A' && text.s[text.len - 1] <= 'Z';
	scan_tokens(&sc);
	if (sc.bad)
		return TIME_NONE;
	if (settle_epoch(&sc, &at))
		return at;
	settle(&sc);
	apply_half(&sc);
	if (sc.has_clock && !sc.has_zone && sc.home_zone != 0)
		sc.p.zone_minutes = sc.home_zone;
	return sc.bad ? TIME_NONE : date_compose(&sc.p);
}
