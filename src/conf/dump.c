#include "base/jsonw.h"
#include "conf/build.h"
#include "conf/value.h"

struct dump {
	const struct conf *conf;
	bool all, json;
	struct buf *out;
	struct buf usual, own; /* one setting, as the default has it and as it is */
};

static bool
is_usual(struct dump *d, const struct conf_key *k, const void *fallback, const void *record)
{
	buf_reset(&d->usual);
	buf_reset(&d->own);
	conf_value_print(k, fallback, &d->usual);
	conf_value_print(k, record, &d->own);
	d->out->failed |= d->usual.failed || d->own.failed;
	return str_eq(buf_view(&d->usual), buf_view(&d->own));
}

static void
text_section(struct dump *d, const struct conf_section_info *info, struct str key)
{
	buf_printf(d->out, "%s[%s%s%.*s]\n", d->out->len ? "\n" : "", info->name, info->keyed ? " " : "", STR_ARG(key));
}

static void
text_setting(struct dump *d, const struct conf_key *k)
{
	if (d->all)
		buf_printf(d->out, "# %s: %s\n", conf_type_word(k->type), k->help);
	buf_str(d->out, buf_view(&d->own));
}

static void
json_section(struct jsonw *w, const struct conf_section_info *info, struct str key)
{
	jsonw_object(w);
	jsonw_kcstr(w, "section", info->name);
	if (info->keyed)
		jsonw_kstr(w, "key", key);
}

static void
dump_section(struct dump *d, enum conf_section section, const void *fallback, const char *record)
{
	const struct conf_section_info *info = &conf_sections[section];
	struct str key = STR_NONE;
	struct jsonw w;
	jsonw_init(&w, d->out, 0);
	if (info->keyed)
		memcpy(&key, record + info->key_offset, sizeof key);
	if (d->json)
		json_section(&w, info, key);
	else
		text_section(d, info, key);
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		if (k->section != section || (is_usual(d, k, fallback, record) && !d->all))
			continue;
		if (d->json)
			conf_value_json(k, record, &w);
		else
			text_setting(d, k);
	}
	if (d->json) {
		jsonw_end(&w);
		buf_putc(d->out, '\n');
	}
}

static int
dump_kind(struct dump *d, enum conf_section section)
{
	const struct conf_section_info *info = &conf_sections[section];
	const char *place = (const char *)d->conf + info->list_offset;
	size_t count = 1;
	struct arena arena;
	struct err err;
	arena_init(&arena, 0);
	void *fallback = arena_alloc(&arena, info->size);
	int rc = fallback ? conf_value_defaults(section, &arena, fallback, &err) : -1;
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

static int
dump(const struct conf *c, bool all, bool json, struct buf *out)
{
	struct dump d = {.conf = c, .all = all, .json = json, .out = out};
	int rc = 0;
	buf_init(&d.usual, 0);
	buf_init(&d.own, 0);
	for (enum conf_section s = 0; s < CONF_SECTION_COUNT && rc == 0; s++)
		rc = dump_kind(&d, s);
	if (d.usual.failed || d.own.failed || out->failed)
		rc = -1;
	buf_done(&d.usual);
	buf_done(&d.own);
	return rc;
}

int
conf_dump(const struct conf *c, bool all, struct buf *out)
{
	return dump(c, all, false, out);
}

int
conf_dump_json(const struct conf *c, bool all, struct buf *out)
{
	return dump(c, all, true, out);
}
