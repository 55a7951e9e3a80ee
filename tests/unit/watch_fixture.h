#pragma once
/*
 * What the tests of watch share: a list from lines "id kind name" (lang und) and the answer to a text as one string,
 * "id:text|text id:text", so that an expectation reads as a sentence.
 */
#include "base/buf.h"
#include "tap.h"
#include "watch/watch.h"

#include <stdlib.h>

struct fixture {
	struct watch_builder *builder;
	struct watchlist *list;
	struct arena arena;
	struct buf out;
	struct watch_result result;
};

static struct fixture fx;

static void
fixture_setup(void)
{
	fx = (struct fixture){.builder = watch_builder_new()};
	ck_assert_ptr_nonnull(fx.builder);
	arena_init(&fx.arena, 0);
	buf_init(&fx.out, 0);
}

static void
fixture_teardown(void)
{
	watch_builder_free(fx.builder);
	watchlist_free(fx.list);
	arena_done(&fx.arena);
	buf_done(&fx.out);
}

static inline void
watch(const char *id, enum watch_kind kind, const char *lang, const char *name)
{
	struct err err;
	int r = watch_add(
	    fx.builder, str_from(id), kind, str_from(lang), str_from(name), (struct watch_origin){STR_NONE, 0}, &err);
	ck_assert_msg(r == 0, "%s: %s", name, r < 0 ? err.msg : "");
}

static inline void
compile(void)
{
	struct err err;
	watchlist_free(fx.list);
	fx.list = watch_compile(fx.builder, &err);
	ck_assert_ptr_nonnull(fx.list);
}

static inline struct str
found_with(struct watch_memo *memo, const char *lang, const char *title)
{
	struct watch_input in = {.lang = lang ? str_from(lang) : STR_NONE, .memo = memo};
	struct err err;
	in.fields[WATCH_FIELD_TITLE] = str_from(title);
	ck_assert_int_eq(watch_match(fx.list, &in, &fx.arena, &fx.result, &err), 0);
	buf_reset(&fx.out);
	for (size_t i = 0; i < fx.result.hit_count; i++) {
		const struct watch_hit *hit = &fx.result.hits[i];
		buf_puts(&fx.out, i ? " " : "");
		buf_str(&fx.out, watchlist_entity(fx.list, hit->entity)->id);
		for (size_t k = 0; k < hit->mention_count; k++) {
			const struct watch_mention *m = &hit->mentions[k];
			buf_putc(&fx.out, k ? '|' : ':');
			buf_add(&fx.out, title + m->start, m->end - m->start);
		}
	}
	return buf_view(&fx.out);
}

static inline struct str
found(const char *lang, const char *title)
{
	return found_with(NULL, lang, title);
}

#define ck_found(lang, title, want) ck_assert_str_is(found((lang), (title)), (want))
