/*
 * Any bytes as a robots.txt, and its last line as a path: it is read within the ceilings, an answer always comes, and the
 * answer does not depend on how the path is percent-encoded.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "http/robots.h"

#include <stdlib.h>

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct robots robots;
	struct arena arena;
	struct buf path, encoded;
	size_t last = size;

	if (size == 0)
		return 0;
	while (last > 0 && text.s[last - 1] != '\n')
		last--;
	arena_init(&arena, 0);
	buf_init(&path, 4096);
	buf_init(&encoded, 0);
	promise(robots_parse(text, STR_LIT("tidings"), &arena, &robots, NULL) == 0);
	promise(robots.rule_count <= ROBOTS_RULES_MAX && robots.sitemap_count <= ROBOTS_SITEMAPS_MAX);
	promise(robots.delay_ms >= 0 && robots.delay_ms <= ROBOTS_DELAY_MAX_MS);
	buf_putc(&path, '/');
	buf_str(&path, (struct str){text.s + last, size - last > 1000 ? 1000 : size - last});
	for (size_t i = 0; i < path.len; i++) {
		char c = ascii_lower(path.data[i]);
		if ((c >= 'a' && c <= 'z') && (i < 1 || path.data[i - 1] != '%') && (i < 2 || path.data[i - 2] != '%'))
			buf_printf(&encoded, "%%%02x", (unsigned char)path.data[i]);
		else
			buf_putc(&encoded, path.data[i]);
	}
	bool first = robots_allows(&robots, buf_view(&path)), second = robots_allows(&robots, buf_view(&encoded));
	promise(first == second || str_is(buf_view(&path), "/robots.txt"));
	promise(robots_allows(&robots, STR_LIT("/robots.txt")));
	buf_done(&encoded);
	buf_done(&path);
	arena_done(&arena);
	return 0;
}
