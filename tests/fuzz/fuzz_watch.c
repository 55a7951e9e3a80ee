/* Any bytes as a list of names, a NUL, and a text: whatever is found lies inside the text and cuts no character. */
#include "fuzz.h"

#include "base/utf8.h"
#include "watch/watch.h"

#include <stdlib.h>

#define MEMORY_MAX (256u * 1024 * 1024)

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

static bool
between_characters(struct str s, size_t at)
{
	return at == s.len || ((unsigned char)s.s[at] & 0xC0) != 0x80;
}

static void
check(const struct watchlist *list, const struct watch_input *in, const struct watch_result *found)
{
	for (size_t i = 0; i < found->hit_count; i++) {
		const struct watch_hit *hit = &found->hits[i];
		promise(hit->entity < watchlist_count(list) && hit->mention_count > 0);
		promise(i == 0 || found->hits[i - 1].entity < hit->entity);
		for (size_t k = 0; k < hit->mention_count; k++) {
			const struct watch_mention *m = &hit->mentions[k];
			struct str text = in->fields[m->field];
			promise(m->start < m->end && m->end <= text.len && m->rule != NULL && m->name.len > 0);
			promise(!utf8_valid(text) ||
			        (between_characters(text, m->start) && between_characters(text, m->end)));
		}
	}
}

static void
match(const struct watchlist *list, struct str text)
{
	struct watch_input in = {.lang = STR_NONE};
	struct watch_result found;
	struct arena arena;
	struct err err;

	arena_init(&arena, MEMORY_MAX);
	in.fields[WATCH_FIELD_TITLE] = (struct str){text.s, text.len < 80 ? text.len : 80};
	in.fields[WATCH_FIELD_CONTENT] = text;
	if (watch_match(list, &in, &arena, &found, &err) == 0)
		check(list, &in, &found);
	else
		promise(err.code == ERR_LIMIT || err.code == ERR_NO_MEMORY);
	arena_done(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = {(const char *)data, size};
	ptrdiff_t cut = str_find(all, (struct str){"\0", 1}, 0);
	struct str names = {all.s, cut < 0 ? 0 : (size_t)cut}, text = {all.s + cut + 1, size - (size_t)(cut + 1)};
	struct watch_builder *b = watch_builder_new();
	struct err err;

	if (b == NULL)
		return 0;
	if (watch_add_tsv(b, names, STR_LIT("fuzz"), NULL, NULL, &err) >= 0) {
		struct watchlist *list = watch_compile(b, &err);
		if (list != NULL)
			match(list, text);
		watchlist_free(list);
	}
	watch_builder_free(b);
	return 0;
}
