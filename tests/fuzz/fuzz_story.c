/*
 * Any bytes as texts of items: features, signatures and decisions stay within their bounds, a packed signature reads
 * back as itself, any bytes read as a signature or are refused, and the pieces of a difference make up both texts.
 */
#include "fuzz.h"

#include "story/diff.h"
#include "story/window.h"

#include <stdlib.h>
#include <string.h>

#define KEPT 64

static struct str signatures[KEPT];
static struct arena kept;

static int
fetch(void *ctx, int64_t item, struct arena *arena, struct str *ret, struct err *err)
{
	*ret = signatures[item % KEPT];
	return 0;
}

static void
check(bool good)
{
	if (!good)
		abort();
}

static void
add(struct story_window *w, struct str title, struct str text, size_t number, struct arena *a)
{
	struct story_text t = {title, text};
	struct story_features f;
	struct story_signature s, again;
	struct story_place p;
	struct err err;
	struct story_arrival arrival = {
	    .feed = STR_LIT("f"), .features = &f, .at = (int64_t)number * 60000, .item = (int64_t)number + 1};

	check(story_features(&t, a, &f, &err) == 0 && story_window_add(w, &arrival, &p, &err) == 0);
	check(p.number == number && (p.duplicate_of == STORY_NONE || p.duplicate_of < number));
	check((p.joins == STORY_NONE || p.joins < number) && p.similarity >= 0 && p.similarity <= 1);
	check(story_signature_make(&f, &p.cut, NULL, 0, a, &s, &err) == 0);
	struct str packed = story_signature_pack(&s, &kept);
	check(packed.len <= STORY_SIGNATURE_BYTES_MAX && story_signature_unpack(packed, a, &again));
	check(again.word_count == s.word_count && again.number_count == s.number_count &&
	      memcmp(again.pairs, s.pairs, s.pair_count * sizeof *s.pairs) == 0);
	signatures[(number + 1) % KEPT] = packed;
}

static void
diff(struct str a, struct str b, struct arena *arena)
{
	struct story_diff_piece *pieces;
	size_t count, old = 0, new = 0;
	struct err err;
	check(story_diff(a, b, arena, &pieces, &count, &err) == 0);
	for (size_t i = 0; i < count; i++) {
		old += pieces[i].kind != STORY_DIFF_ADDED ? pieces[i].text.len : 0;
		new += pieces[i].kind == STORY_DIFF_ADDED ? pieces[i].text.len : 0;
	}
	check(old <= a.len && new <= b.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct story_window_options options = {.max_items = 16, .span_ms = 1000000, .fetch = fetch};
	struct str rest = {(const char *)data, size}, line, last = STR_LIT("");
	struct story_window *w = story_window_new(&options);
	struct story_signature s;
	struct arena a;

	if (w == NULL)
		return 0;
	arena_init(&a, 0);
	arena_init(&kept, 0);
	memset(signatures, 0, sizeof signatures);
	(void)story_signature_unpack(rest, &a, &s);
	for (size_t n = 0; n < 40 && str_split(&rest, '\n', &line); n++) {
		arena_reset(&a);
		add(w, last, line, n, &a);
		diff(last, line, &a);
		last = line;
	}
	story_window_free(w);
	arena_done(&a);
	arena_done(&kept);
	return 0;
}
