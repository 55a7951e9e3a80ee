#include "route/hours.h"

#include "text/zone.h"

#define DAY_MINUTES (24 * 60)

/* "08:30" */
static bool
parse_clock(struct str text, int *ret)
{
	int64_t hour, minute;
	struct str rest = text, part;
	if (text.len != 5 || text.s[2] != ':' || !str_split(&rest, ':', &part) || !str_int(part, 0, 23, &hour) ||
	    !str_int(rest, 0, 59, &minute))
		return false;
	*ret = (int)(hour * 60 + minute);
	return true;
}

int
route_span_parse(struct str text, struct route_span *ret, struct err *err)
{
	struct str rest = text, from;
	*ret = (struct route_span){0};
	if (str_empty(text))
		return 0;
	if (str_split(&rest, '-', &from) && parse_clock(str_trim(from), &ret->from) &&
	    parse_clock(str_trim(rest), &ret->to) && ret->from != ret->to)
		return 0;
	return err_set(err, ERR_CONFIG, "is no span of the day; expected one such as 22:00-07:00");
}

int
route_digest_parse(struct str text, struct route_digest *ret, struct err *err)
{
	struct str rest = text, word;
	*ret = (struct route_digest){.every = ROUTE_DIGEST_NONE};
	if (str_empty(text))
		return 0;
	if (str_is(text, "hourly")) {
		ret->every = ROUTE_DIGEST_HOURLY;
		return 0;
	}
	ret->every = ROUTE_DIGEST_DAILY;
	if (str_split(&rest, ' ', &word) && str_is(word, "daily") && parse_clock(str_trim(rest), &ret->minute))
		return 0;
	return err_set(
	    err, ERR_CONFIG, "is no time of a digest; expected hourly, or daily with a time, such as daily 08:00");
}

int
route_rate_parse(struct str text, struct route_rate *ret, struct err *err)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {{'s', SECOND_MS}, {'m', MINUTE_MS}, {'h', HOUR_MS}, {'d', DAY_MS}};
	struct str rest = text, count;
	int64_t n;

	*ret = (struct route_rate){0};
	if (str_empty(text))
		return 0;
	str_split(&rest, '/', &count);
	rest = str_trim(rest);
	for (size_t i = 0; i < sizeof units / sizeof *units && rest.len > 1; i++) {
		if (rest.s[rest.len - 1] != units[i].unit ||
		    !str_int((struct str){rest.s, rest.len - 1}, 1, 1000, &n) ||
		    !str_int(str_trim(count), 1, ROUTE_RATE_MAX, &ret->count))
			continue;
		ret->per_ms = n * units[i].ms;
		return 0;
	}
	*ret = (struct route_rate){0};
	return err_set(err, ERR_CONFIG, "is no rate; expected a number and a duration, such as 20/1h");
}

int64_t
route_span_end(const struct route_span *span, struct str zone, int64_t at)
{
	struct text_zone_time t;
	if (span->from == span->to)
		return at;
	text_zone_local(zone, at, &t);
	int now = t.hour * 60 + t.minute;
	bool inside = span->from < span->to ? now >= span->from && now < span->to : now >= span->from || now < span->to;
	return inside ? text_zone_next(zone, at, -1, span->to / 60, span->to % 60) : at;
}

int64_t
route_digest_next(const struct route_digest *digest, struct str zone, int64_t at)
{
	if (digest->every == ROUTE_DIGEST_HOURLY)
		return (at / HOUR_MS + 1) * HOUR_MS;
	return text_zone_next(zone, at, -1, digest->minute / 60, digest->minute % 60);
}
