#pragma once
/*
 * URLs as documents write them: taken apart, and resolved against a base (RFC 3986 section 5) with the tolerance of
 * browsers (URL Standard, https://url.spec.whatwg.org/): white space around is dropped, tabs and line ends inside
 * vanish, backslashes are slashes, "http:/host" means "http://host". IRIs stay IRIs: non-ASCII is kept; spaces,
 * controls and the characters " < > are percent-encoded; the scheme comes out in lower case. Pure.
 */
#include "base/arena.h"

#define URL_BYTES_MAX 8192u /* "url-bytes": a longer URL is no URL */

/* Views into the text. STR_NONE = the part is absent, which is not the same as empty ("http://h/?" has a query). */
struct url_parts {
	struct str scheme;   /* without ':' */
	struct str userinfo; /* without '@' */
	struct str host;     /* an IPv6 address keeps its brackets; absent when there is no "//" */
	struct str port;     /* digits without ':', unchecked */
	struct str path;     /* never absent */
	struct str query;    /* without '?' */
	struct str fragment; /* without '#' */
};

/* Takes any text apart (RFC 3986 appendix B); never fails. No mending: a backslash is an ordinary character here. */
struct url_parts url_parse(struct str url);

/*
 * `ref` seen from `base`. Lives in the arena. What cannot be resolved (no base, or one like "javascript:…" or
 * "urn:…" that nothing can be relative to) comes back as it is, cleaned of white space: ask url_is_http() before
 * treating it as a link. An empty ref is the base without its fragment.
 * STR_NONE when ref is absent, when it or the result is longer than URL_BYTES_MAX, or when memory ran out.
 */
struct str url_resolve(struct arena *a, struct str base, struct str ref);

/*
 * Resolves many links against one base, without an arena; `url_linker_resolve` has the shape that html_clean() asks
 * for, with the linker as its context: an absolute http(s) URL that is valid until the next call (it may be `ref` itself), or
 * STR_NONE.
 */
struct url_linker {
	struct url_parts base;
	char text[URL_BYTES_MAX];
};

void url_linker_init(struct url_linker *linker, struct str base); /* base must live as long as the linker */
struct str url_linker_resolve(void *linker, struct str ref);

/* A complete http or https URL with a sane host and nothing in it that would need mending: fit to be a link. */
bool url_is_http(struct str url);

/* Most links are absolute and in order: nothing to mend, no dot segments, no user. Such a one is its own resolution from any base
 * and url_is_http(), which costs less to find out than either. */
bool url_is_settled(struct str url);

/* The host, or STR_NONE. */
struct str url_host(struct str url);
