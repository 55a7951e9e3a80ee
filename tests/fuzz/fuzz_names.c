/* Any bytes as a list of names, in every format that is read: what comes out are names that a watchlist takes or refuses. */
#include "fuzz.h"

#include "base/utf8.h"
#include "watch/import.h"

#include <stdlib.h>

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

static int
tell(void *ctx, const struct watch_imported *name, struct err *err)
{
	(void)err;
	promise(name->line > 0 && name->kind < WATCH_ALERT);
	promise(name->name.len <= WATCH_IMPORT_ENTITY_BYTES_MAX && name->id.len <= WATCH_IMPORT_ENTITY_BYTES_MAX);
	++*(size_t *)ctx;
	return 0;
}

static void
complain(void *ctx, const struct err *err)
{
	(void)ctx;
	promise(err->code != ERR_NONE && err->msg[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum watch_format formats[] = {WATCH_FORMAT_JRC, WATCH_FORMAT_OPENSANCTIONS, WATCH_FORMAT_WIKIDATA};
	struct str text = {(const char *)data, size};
	size_t told = 0;
	struct err err;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct watch_importer to = {.tell = tell, .complain = complain, .ctx = &told, .file = STR_LIT("fuzz")};
		watch_import(text, formats[i], &to, &err);
	}
	struct watch_builder *b = watch_builder_new();
	if (b == NULL)
		return 0;
	watch_add_names(b, text, STR_LIT("fuzz"), complain, NULL, &err);
	struct watchlist *w = watch_compile(b, &err);
	for (size_t i = 0; w != NULL && i < watchlist_count(w); i++)
		promise(utf8_valid(watchlist_entity(w, i)->id) && !str_empty(watchlist_entity(w, i)->id));
	watchlist_free(w);
	watch_builder_free(b);
	return 0;
}
