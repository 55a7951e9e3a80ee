#include "feed/date_parts.h"

/* A reader of fixed-width fields; each step moves on only when it succeeds. */
struct iso {
	const char *s;
	size_t len, pos;
};

static char
peek(const struct iso *r)
{
	return r->pos < r->len ? r->s[r->pos] : '\0';
}

static bool
take(struct iso *r, char c)
{
	if (peek(r) != c)
		return false;
	r->pos++;
	return true;
}

/* How many digits stand here. */
static size_t
run(const struct iso *r)
{
	size_t n = 0;
	while (r->pos + n < r->len && date_digit(r->s[r->pos + n]))
		n++;
	return n;
}

static bool
digits(struct iso *r, size_t n, int64_t *ret)
{
	if (run(r) < n)
		return false;
	*ret = 0;
	for (size_t i = 0; i < n; i++)
		*ret = *ret * 10 + (r->s[r->pos++] - '0');
	return true;
}

/* Weeks begin on Monday; the first of a year is the one with 4 January. */
static bool
set_week(struct date_parts *p, int64_t year, int64_t week, int64_t weekday)
{
	int month, day;
	if (year < 1 || week < 1 || week > 53 || weekday < 1 || weekday > 7)
		return false;
	int64_t jan4 = time_days_from_civil(year, 1, 4);
	int64_t monday = jan4 - (jan4 + 3 + 7 * 400000) % 7;
	time_civil_from_days(monday + (week - 1) * 7 + weekday - 1, &p->year, &month, &day);
	p->month = month;
	p->day = day;
	return week < 53 || time_days_from_civil(year, 12, 28) >= monday + 52 * 7;
}

static bool
read_ordinal(struct iso *r, struct date_parts *p)
{
	return digits(r, 3, &p->day) && date_from_ordinal(p);
}

static bool
read_week(struct iso *r, int64_t year, bool dashes, struct date_parts *p)
{
	int64_t week, weekday = 1;
	if (!digits(r, 2, &week))
		return false;
	if (dashes ? take(r, '-') : run(r) > 0) {
		if (!digits(r, 1, &weekday))
			return false;
	}
	return set_week(p, year, week, weekday);
}

/* What follows "2026-"; a gap ("2026-", "2026-11-") leaves the rest unset. */
static bool
read_dashed(struct iso *r, struct date_parts *p)
{
	if (take(r, 'w'))
		return read_week(r, p->year, true, p);
	if (run(r) == 3)
		return read_ordinal(r, p);
	if (run(r) == 0)
		return r->pos == r->len;
	if (run(r) != 2 || !digits(r, 2, &p->month) || p->month == 0)
		return false;
	if (!take(r, '-'))
		return true;
	if (run(r) == 0)
		return r->pos == r->len;
	return run(r) == 2 && digits(r, 2, &p->day) && p->day != 0;
}

/* What follows "2026" without a dash: "1123", "327", "W487". */
static bool
read_basic(struct iso *r, struct date_parts *p)
{
	if (take(r, 'w'))
		return read_week(r, p->year, false, p);
	switch (run(r)) {
	case 0:
		return true;
	case 3:
		return read_ordinal(r, p);
	case 4:
		return digits(r, 2, &p->month) && digits(r, 2, &p->day) && p->month != 0 && p->day != 0;
	default:
		return false;
	}
}

static bool
read_date(struct iso *r, struct date_parts *p)
{
	if (!digits(r, 4, &p->year))
		return false;
	return take(r, '-') ? read_dashed(r, p) : read_basic(r, p);
}

/* A fraction of the last field that was written, which is `unit_ms` long. */
static void
read_fraction(struct iso *r, int64_t unit_ms, struct date_parts *p)
{
	int64_t value = 0, scale = 1;
	if ((peek(r) != '.' && peek(r) != ',') || r->pos + 1 >= r->len || !date_digit(r->s[r->pos + 1]))
		return;
	r->pos++;
	for (; r->pos < r->len && date_digit(r->s[r->pos]); r->pos++) {
		if (scale < 1000000000) {
			value = value * 10 + (r->s[r->pos] - '0');
			scale *= 10;
		}
	}
	int64_t ms = value * unit_ms / scale;
	p->minute += ms / MINUTE_MS;
	p->second += ms % MINUTE_MS / SECOND_MS;
	p->millisecond = ms % SECOND_MS;
}

static bool
read_time(struct iso *r, struct date_parts *p)
{
	int64_t unit_ms = HOUR_MS;
	size_t n = run(r);
	if (n != 2 && n != 4 && n != 6)
		return false;
	digits(r, 2, &p->hour);
	bool colons = n == 2;
	if (colons ? take(r, ':') : n >= 4) {
		if (colons && run(r) != 2)
			return false;
		digits(r, 2, &p->minute);
		unit_ms = MINUTE_MS;
		if (colons ? take(r, ':') : n == 6) {
			if (colons && run(r) != 2)
				return false;
			digits(r, 2, &p->second);
			unit_ms = SECOND_MS;
		}
	}
	read_fraction(r, unit_ms, p);
	return true;
}

static bool
read_zone(struct iso *r, struct date_parts *p)
{
	int64_t hours, minutes = 0;
	char sign = peek(r);
	if (r->pos == r->len || take(r, 'z'))
		return true;
	if (sign != '+' && sign != '-')
		return false;
	r->pos++;
	if ((run(r) != 2 && run(r) != 4) || !digits(r, 2, &hours))
		return false;
	if (take(r, ':') ? run(r) != 2 : run(r) != 2 && r->pos != r->len)
		return false;
	if (run(r) == 2)
		digits(r, 2, &minutes);
	p->zone_minutes = minutes > 59 ? INT16_MAX : (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
	return true;
}

static void
skip_spaces(struct iso *r)
{
	while (ascii_space(peek(r)))
		r->pos++;
}

bool
date_parse_iso(struct str folded, struct date_parts *ret)
{
	struct iso r = {folded.s, folded.len, 0};
	struct date_parts p = DATE_PARTS_UNSET;

	if (run(&r) < 4 || !read_date(&r, &p))
		return false;
	if (take(&r, 't') || ascii_space(peek(&r))) {
		skip_spaces(&r);
		if (r.pos < r.len && (p.day == 0 || !read_time(&r, &p)))
			return false;
		skip_spaces(&r);
	}
	if (!read_zone(&r, &p) || r.pos != r.len)
		return false;
	*ret = p;
	return true;
}
