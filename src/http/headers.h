#pragma once
/*
 * What HTTP headers say, as pure functions. Nothing here allocates; `now` is a parameter.
 * Sources: RFC 9110 (5.5 field values, 5.6.7 dates, 10.2.3 Retry-After), RFC 9111 (4.2 freshness, 5.1 Age, 5.2 Cache-Control,
 * 5.3 Expires).
 */
#include "base/clock.h"
#include "base/str.h"

#define HEADERS_DELAY_MAX_MS (366 * DAY_MS) /* longer waits and freshness are cut to this */
#define HEADERS_VALIDATOR_MAX_BYTES 1024u

/* A name is one or more of RFC 9110's token characters; a value holds no CR, LF, NUL or other control but tab. */
bool headers_name_ok(struct str name);
bool headers_value_ok(struct str value);
/* An ETag or Last-Modified that is worth keeping and sending back: not empty, not too long, no controls. */
bool headers_validator_ok(struct str value);

/* The three forms of RFC 9110's HTTP-date, with the zones GMT, UTC, Z, none or +hhmm. TIME_NONE for anything else. */
int64_t headers_date(struct str s);

/* How long the server asks us to wait, from seconds or a date; -1 when it does not say so in a form that is understood.
 * A date that has passed means 0. */
int64_t headers_retry_after(struct str value, int64_t now);

/* For how much longer the answer is fresh: Cache-Control max-age less Age, else Expires less Date (or now); 0 for
 * no-store, no-cache, and an Expires that is no date; -1 when nothing is said. Absent headers are STR_NONE. */
int64_t headers_fresh_ms(struct str cache_control, struct str age, struct str expires, struct str date, int64_t now);
