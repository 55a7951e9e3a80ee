#pragma once
/* Quiet hours and the times of digests, in a time zone (text/zone.h). Pure. */
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct route_span {   /* of every day; all zero = none */
	int from, to; /* minutes since midnight; one that ends before it begins goes over midnight */
};

struct route_digest {
	enum { ROUTE_DIGEST_NONE, ROUTE_DIGEST_HOURLY, ROUTE_DIGEST_DAILY } every;
	int minute; /* daily: since midnight */
};

struct route_rate { /* at most `count` in every `per_ms`; count 0 = no limit */
	int64_t count, per_ms;
};

#define ROUTE_RATE_MAX 1000000

/* "22:00-07:00"; "" = none. ERR_CONFIG says what was expected. */
int route_span_parse(struct str text, struct route_span *ret, struct err *err);
/* "hourly", "daily 08:00"; "" = none. */
int route_digest_parse(struct str text, struct route_digest *ret, struct err *err);
/* "20/1h", "5/10m", "100/1d"; "" = none. */
int route_rate_parse(struct str text, struct route_rate *ret, struct err *err);

/* When the span ends, if `at` lies in it; else `at`. */
int64_t route_span_end(const struct route_span *span, struct str zone, int64_t at);
/* When the next digest after `at` is due. Hourly ones come at the full hour of UTC. */
int64_t route_digest_next(const struct route_digest *digest, struct str zone, int64_t at);
