/* Any bytes as what a worker answers: refused, or a value that can be read to its last byte and says the same when it is
 * sent again; mentions lie inside their texts. */
#include "fuzz.h"

#include "worker/message.h"

#include <stdlib.h>

#define MEMORY_MAX (64u * 1024 * 1024)

static struct watchlist *watchlist;

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

static void
prepare(void)
{
	static const char names[] =
	    "id\tkind\tlang\tname\na\tperson\tund\tAnna Beispiel\nb\tplace\tund\tBeispielstadt\n";
	struct watch_builder *b = watch_builder_new();
	struct err err;
	promise(b != NULL && watch_add_tsv(b, STR_LIT(names), STR_LIT("fuzz"), NULL, NULL, &err) == 0);
	promise(watch_add_query(b, STR_LIT("c"), WATCH_TOPIC, STR_LIT("harbour OR /h+x/"),
	            (struct watch_origin){STR_NONE, 0}, &err) == 0);
	watchlist = watch_compile(b, &err);
	promise(watchlist != NULL);
	watch_builder_free(b);
}

static void
check(const struct analysis *a)
{
	for (size_t i = 0; i < a->doc.item_count; i++) {
		const struct watch_result *found = &a->items[i].matches;
		struct watch_input in;
		analysis_input(a, i, STR_NONE, &in);
		for (size_t k = 0; k < found->given_up_count; k++) {
			struct buf said;
			buf_init(&said, 0);
			watch_given_up_say(watchlist, &found->given_up[k], &said);
			promise(said.failed || said.len > 0);
			buf_done(&said);
		}
		for (size_t k = 0; k < found->hit_count; k++) {
			promise(found->hits[k].entity < watchlist_count(watchlist) &&
			        (found->hits[k].mention_count > 0 || found->hits[k].entity == 2));
			for (size_t m = 0; m < found->hits[k].mention_count; m++) {
				const struct watch_mention *x = &found->hits[k].mentions[m];
				promise(x->start < x->end && x->end <= in.fields[x->field].len);
			}
		}
	}
}

/* What was taken can be sent again, and is taken again. */
static void
again(const struct analysis *a)
{
	struct err none = {.code = ERR_NONE}, err;
	struct analysis got;
	struct arena arena;
	struct buf b;
	buf_init(&b, 0);
	arena_init(&arena, 0);
	message_put_answer(&b, a, &none);
	if (!b.failed)
		promise(message_get_answer(
		            (struct str){b.data + WIRE_HEAD, b.len - WIRE_HEAD}, watchlist, &arena, &got, &err) == 0);
	arena_done(&arena);
	buf_done(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str message = {(const char *)data, size};
	struct analysis a;
	struct arena arena;
	struct err err;

	if (watchlist == NULL)
		prepare();
	arena_init(&arena, MEMORY_MAX);
	if (message_get_answer(message, watchlist, &arena, &a, &err) < 0) {
		promise(err.code == ERR_SYNTAX || err.code == ERR_LIMIT || err.code == ERR_NO_MEMORY);
	} else if (err.code == ERR_NONE) {
		const struct analysis_job job = {.page = true, .item = {.title = STR_LIT("Anna Beispiel \xD0\x97")}};
		promise(message_check_page(&a, &job, watchlist, &err) == 0 || err.code == ERR_SYNTAX);
		check(&a);
		again(&a);
	}
	arena_done(&arena);
	return 0;
}
