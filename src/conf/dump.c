#include "base/buf.h"
#include "conf/build.h"
#include "conf/value.h"

#include <stdlib.h>

struct dump {
	const struct conf *conf;
	bool all;
	struct buf *out;
	struct buf usual, own; /* one setting, as the default has it and as it is */
};

static void
dump_setting(struct dump *d, const struct conf_key *k, const void *fallback, const void *record)
{
	buf_reset(&d->usual);
	buf_reset(&d->own);
	conf_value_print(k, fallback, &d->usual);
	conf_value_print(k, record, &d->own);
	if (!d->all && str_eq(buf_view(&d->usual), buf_view(&d->own)))
		return;
	if (d->all)
		buf_printf(d->out, "# %s: %s\n", conf_type_word(k->type), k->help);
	buf_str(d->out, buf_view(&d->own));
}

static void
dump_section(struct dump *d, enum conf_section section, const void *fallback, const char *record)
{
	const struct conf_section_info *info = &conf_sections[section];
	struct str key = STR_NONE;
	if (info->keyed)
		memcpy(&key, record + info->key_offset, sizeof key);
	buf_printf(d->out, "%s[%s%s%.*s]\n", d->out->len ? "\n" : "", info->name, info->keyed ? " " : "", STR_ARG(key));
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		if (k->section == section)
			dump_setting(d, k, fallback, record);
	}
}

static int
dump_kind(struct dump *d, enum conf_section section, struct err *err)
{
	const struct conf_section_info *info = &conf_sections[section];
	const char *place = (const char *)d->conf + info->list_offset;
	size_t count = 1;
	struct arena arena;
	arena_init(&arena, 0);
	void *fallback = arena_alloc(&arena, info->size);
	int rc = fallback ? conf_value_defaults(section, &arena, fallback, err) : err_oom(err);
	if (info->keyed) {
		const char *array;
		memcpy(&array, place, sizeof array);
		memcpy(&count, place + sizeof array, sizeof count);
		place = array;
	}
	if (rc == 0 && section == CONF_FEED)
		build_inherit(&d->conf->global, fallback);
	for (size_t i = 0; i < count && rc == 0; i++)
		dump_section(d, section, fallback, place + i * info->size);
	arena_done(&arena);
	return rc;
}

int
conf_dump(const struct conf *c, bool all, struct buf *out)
{
	struct dump d = {.conf = c, .all = all, .out = out};
	struct err err;
	int rc = 0;
	buf_init(&d.usual, 0);
	buf_init(&d.own, 0);
	for (enum conf_section s = 0; s < CONF_SECTION_COUNT && rc == 0; s++)
		rc = dump_kind(&d, s, &err);
	if (d.usual.failed || d.own.failed || out->failed)
		rc = -1;
	buf_done(&d.usual);
	buf_done(&d.own);
	return rc;
}
