/*
 * A base and a reference, one line each: what comes out is bounded, a link is a link however often it is resolved, and
 * the parts of a URL are views into it.
 */
#include "fuzz.h"

#include "feed/url.h"

#include <stdlib.h>

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

static void
promise_inside(struct str part, struct str url)
{
	promise(part.len == 0 || (part.s >= url.s && part.s + part.len <= url.s + url.len));
}

static void
promise_parts(struct str url)
{
	struct url_parts p = url_parse(url);
	const struct str parts[] = {p.scheme, p.userinfo, p.host, p.port, p.path, p.query, p.fragment};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		promise_inside(parts[i], url);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size}, base = STR_NONE;
	struct url_linker linker;
	struct arena arena;

	if (!str_split(&rest, '\n', &base))
		return 0;
	arena_init(&arena, 0);
	promise_parts(base);
	promise_parts(rest);
	struct str url = url_resolve(&arena, base, rest);
	promise(url.len <= URL_BYTES_MAX);
	url_linker_init(&linker, base);
	struct str link = url_linker_resolve(&linker, rest);
	promise((link.s != NULL) == url_is_http(url) && (link.s == NULL || str_eq(link, url)));
	if (url_is_http(url)) {
		struct str same = url_resolve(&arena, base, url);
		promise(str_eq(same, url) && url_host(url).len > 0);
	}
	arena_done(&arena);
	return 0;
}
