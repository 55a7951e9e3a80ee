#pragma once
/*
 * robots.txt: what a site asks robots to leave alone. Pure: the text is parsed once into rules of one product, which
 * then answer for any path. Source: RFC 9309 (Robots Exclusion Protocol); `Sitemap:` lines from
 * sitemaps.org; `Crawl-delay` is not part of the standard and is honoured because many sites write it.
 *
 * The group is that of the product token, in any case; all groups that name it count as one; without one, those of "*".
 * The longest pattern that matches decides, Allow wins between equals; "*" in a pattern stands for any bytes, "$" at its end
 * for the end. Percent-encoding is compared in one form. /robots.txt itself is always allowed.
 */
#include "base/arena.h"
#include "base/str.h"

#define ROBOTS_BYTES_MAX ((size_t)512 << 10) /* what comes later is not read; RFC 9309 asks for at least 500 KiB */
#define ROBOTS_RULES_MAX 5000u               /* further ones are not looked at */
#define ROBOTS_SITEMAPS_MAX 50u
#define ROBOTS_STEPS_MAX 4000000u       /* comparisons for one answer; a site that needs more forbids */
#define ROBOTS_DELAY_MAX_MS (60 * 1000) /* a longer Crawl-delay is cut to this */

struct robots_rule {
	struct str pattern; /* in normal form */
	bool allow;
};

struct robots {
	struct robots_rule *rules;
	size_t rule_count, rule_cap;
	struct str *sitemaps; /* as written; of all groups */
	size_t sitemap_count, sitemap_cap;
	int64_t delay_ms; /* between two requests; 0 = not said */
	bool deny_all;    /* robots_unreachable */
};

/* Everything lives in the arena. `product` is our token ("tidings"). 0, or -1 with ERR_NO_MEMORY or ERR_LIMIT. Any bytes are
 * taken; what makes no sense is passed over. */
int robots_parse(struct str text, struct str product, struct arena *arena, struct robots *ret, struct err *err);
/* May `target` (path and query, beginning with "/") be asked for? */
bool robots_allows(const struct robots *r, struct str target);

enum robots_access { ROBOTS_PARSE, ROBOTS_ALLOW_ALL, ROBOTS_DENY_ALL };
/* What the status of the robots.txt request means (RFC 9309 section 2.3.1): 2xx is to be parsed, 4xx allows everything, 5xx and
 * no answer at all (0) forbid everything. 429 is treated as 5xx are: the server wants less, not more. */
enum robots_access robots_access(int status);
/* Path and query of an http(s) URL; "/" when it has none. A view, or made in the arena. */
struct str robots_target(struct str url, struct arena *arena);
