#include "conf/build.h"

#include "base/suggest.h"
#include "base/vec.h"
#include "conf/ini.h"
#include "conf/value.h"

#include <stdlib.h>

struct place {                                /* where the reader of a text is */
	const struct conf_section_info *info; /* NULL: before the first section, or in an unknown one */
	enum conf_section section;
	size_t index;
	bool told; /* that settings stand before the first section */
	struct conf_origin origin;
	struct str dir;
};

static void
run_out(struct build *b)
{
	b->out_of_memory = true;
}

void
build_init(struct build *b, struct conf_report *report)
{
	*b = (struct build){.report = report, .conf = calloc(1, sizeof *b->conf)};
	if (b->conf == NULL) {
		run_out(b);
		return;
	}
	arena_init(&b->conf->arena, CONF_MEMORY_BYTES_MAX);
	for (enum conf_section s = 0; s < CONF_SECTION_COUNT; s++) {
		struct build_table *t = &b->tables[s];
		struct err err = {0};
		map_init(&b->conf->keys[s]);
		t->fallback = calloc(1, conf_sections[s].size);
		if (t->fallback == NULL || conf_value_defaults(s, &b->conf->arena, t->fallback, &err) < 0)
			run_out(b);
	}
	struct conf_origin nowhere = {.file = STR_NONE};
	if (!b->out_of_memory && build_add(b, CONF_TIDINGS, STR_LIT(""), &nowhere) == NULL)
		run_out(b);
}

void
build_done(struct build *b)
{
	for (enum conf_section s = 0; s < CONF_SECTION_COUNT; s++) {
		free(b->tables[s].records);
		free(b->tables[s].marks);
		free(b->tables[s].fallback);
	}
	conf_free(b->conf);
	b->conf = NULL;
}

struct conf_origin
build_file(struct build *b, struct str name)
{
	struct conf_origin origin = {.file = name};
	struct err err;
	if (b->conf == NULL)
		return origin;
	origin.file_no = (unsigned)b->conf->files.count;
	if (conf_list_push(&b->conf->arena, &b->conf->files, name, &origin, &err) < 0)
		run_out(b);
	else
		origin.file = b->conf->files.items[origin.file_no];
	return origin;
}

void *
build_record(const struct build *b, enum conf_section section, size_t index)
{
	return b->tables[section].records + index * conf_sections[section].size;
}

ptrdiff_t
build_find(const struct build *b, enum conf_section section, struct str key)
{
	return (ptrdiff_t)(uintptr_t)map_get(&b->conf->keys[section], key) - 1;
}

bool
build_was_set(const struct build *b, enum conf_section section, size_t index, const char *name)
{
	const struct conf_key *k = conf_key_find(section, str_from(name));
	return k != NULL && (b->tables[section].marks[index].ever >> conf_key_number(k) & 1) != 0;
}

void *
build_add(struct build *b, enum conf_section section, struct str key, const struct conf_origin *origin)
{
	const struct conf_section_info *info = &conf_sections[section];
	struct build_table *t = &b->tables[section];
	struct str name = arena_str(&b->conf->arena, key);
	if (name.s == NULL || vec_reserve((void **)&t->records, &t->record_cap, t->count + 1, info->size) < 0 ||
	    vec_reserve((void **)&t->marks, &t->mark_cap, t->count + 1, sizeof *t->marks) < 0 ||
	    map_put(&b->conf->keys[section], name, (void *)(uintptr_t)(t->count + 1)) < 0) {
		run_out(b);
		return NULL;
	}
	char *record = t->records + t->count * info->size;
	memcpy(record, t->fallback, info->size);
	if (info->keyed) {
		memcpy(record + info->key_offset, &name, sizeof name);
		memcpy(record + info->origin_offset, origin, sizeof *origin);
	}
	t->marks[t->count] = (struct build_mark){.file_no = origin->file_no};
	t->count++;
	return record;
}

static void
unknown_section(struct build *b, const struct place *p, struct str name)
{
	struct suggestion s;
	char quoted[CONF_QUOTE_MAX], hint[SUGGESTION_MAX];
	suggestion_init(&s, name);
	for (enum conf_section i = 0; i < CONF_SECTION_COUNT; i++)
		suggestion_offer(&s, str_from(conf_sections[i].name));
	conf_report_error(b->report, &p->origin,
	    "there is no section %s; expected tidings, feed, actor, topic, watch, route or sink%s",
	    conf_quote(name, quoted), suggestion_text(&s, hint));
}

static bool
header_valid(struct build *b, const struct place *p, const struct conf_section_info *info, struct str key)
{
	char quoted[CONF_QUOTE_MAX];
	if (!info->keyed && key.s != NULL) {
		conf_report_error(b->report, &p->origin, "[%s] takes no key, but %s stands there; expected [%s]",
		    info->name, conf_quote(key, quoted), info->name);
		return false;
	}
	if (info->keyed && key.s == NULL) {
		conf_report_error(b->report, &p->origin, "[%s] has no key; expected [%s KEY], such as [%s one]",
		    info->name, info->name, info->name);
		return false;
	}
	if (info->keyed && !conf_key_valid(key)) {
		conf_report_error(b->report, &p->origin,
		    "%s cannot be a key; expected at most %u of a-z, 0-9, “.”, “_” and “-”, without quotes "
		    "and beginning with a letter or digit",
		    conf_quote(key, quoted), CONF_KEY_BYTES_MAX);
		return false;
	}
	return true;
}

static void
begin_section(struct build *b, struct place *p, const struct ini_item *item)
{
	enum conf_section section = conf_section_find(item->name);
	struct str key = item->key.s ? item->key : STR_LIT("");

	p->info = NULL;
	p->told = true;
	if (section == CONF_SECTION_COUNT) {
		unknown_section(b, p, item->name);
		return;
	}
	if (!header_valid(b, p, &conf_sections[section], item->key))
		return;
	struct build_table *t = &b->tables[section];
	ptrdiff_t index = build_find(b, section, key);
	if (index < 0 && build_add(b, section, key, &p->origin) == NULL)
		return;
	p->info = &conf_sections[section];
	p->section = section;
	p->index = index < 0 ? t->count - 1 : (size_t)index;
	struct build_mark *mark = &t->marks[p->index];
	if (mark->line > 0 && mark->file_no == p->origin.file_no)
		conf_report_error(b->report, &p->origin,
		    "[%s%s%.*s] stands in this file already, at line %u; expected each section once", p->info->name,
		    key.len ? " " : "", STR_ARG(key), mark->line);
	mark->file_no = p->origin.file_no;
	mark->line = p->origin.line;
	mark->set = 0;
}

static void
unknown_key(struct build *b, const struct place *p, struct str name)
{
	struct suggestion s;
	char quoted[CONF_QUOTE_MAX], hint[SUGGESTION_MAX];
	suggestion_init(&s, name);
	for (const struct conf_key *k = conf_keys; k->name != NULL && conf_report_open(b->report); k++) {
		if (k->section == p->section)
			suggestion_offer(&s, str_from(k->name));
	}
	conf_report_error(b->report, &p->origin, "[%s] has no setting %s%s", p->info->name, conf_quote(name, quoted),
	    suggestion_text(&s, hint));
}

static bool
is_plain_list(enum conf_type type)
{
	return conf_type_repeats(type) && type != CONF_ARGUMENT;
}

/* A list that is set for the first time takes the place of the default instead of adding to it. */
static int
assign(struct build *b, const struct conf_key *key, const struct conf_value *value, struct build_mark *mark,
    void *record, struct err *err)
{
	uint64_t bit = (uint64_t)1 << conf_key_number(key);
	if (!conf_type_repeats(key->type) && (mark->set & bit) != 0)
		return err_set(err, ERR_CONFIG,
		    "%s: is set twice in this section; expected it once, since it takes one value", key->name);
	if (is_plain_list(key->type) && (mark->ever & bit) == 0) {
		struct conf_value empty = {.text = STR_LIT("")};
		if (conf_value_parse(key, &empty, &b->conf->arena, record, err) < 0)
			return -1;
	}
	mark->set |= bit;
	mark->ever |= bit;
	return conf_value_parse(key, value, &b->conf->arena, record, err);
}

static void
read_entry(struct build *b, struct place *p, const struct ini_item *item)
{
	struct err err;
	if (p->info == NULL) {
		if (!p->told)
			conf_report_error(b->report, &p->origin,
			    "a setting before the first section; expected [tidings], [feed KEY] or the like above it");
		p->told = true;
		return;
	}
	struct build_mark *mark = &b->tables[p->section].marks[p->index];
	const struct conf_key *key = conf_key_find(p->section, item->name);
	if (key == NULL) {
		unknown_key(b, p, item->name);
		mark->faulty = true;
		return;
	}
	struct conf_value value = {.text = item->value, .lang = item->lang, .dir = p->dir, .origin = p->origin};
	if (assign(b, key, &value, mark, build_record(b, p->section, p->index), &err) == 0)
		return;
	mark->faulty = true;
	if (err.code == ERR_NO_MEMORY)
		run_out(b);
	else
		conf_report_error(b->report, &p->origin, "%s", err.msg);
}

static void
read_mistake(struct build *b, struct place *p, const struct err *err)
{
	if (err->code == ERR_NO_MEMORY)
		run_out(b);
	else
		conf_report_error(b->report, &p->origin, "%s", err->msg);
	if (p->info != NULL)
		b->tables[p->section].marks[p->index].faulty = true;
}

void
build_text(struct build *b, struct conf_origin file, struct str text, struct str dir)
{
	struct place p = {.origin = file, .dir = dir};
	struct ini reader;
	struct ini_item item;
	struct err err;
	int rc;

	ini_init(&reader, text);
	while (!b->out_of_memory && (rc = ini_next(&reader, &item, &err)) != 0) {
		p.origin.line = item.line;
		if (rc < 0)
			read_mistake(b, &p, &err);
		else if (item.kind == INI_SECTION)
			begin_section(b, &p, &item);
		else
			read_entry(b, &p, &item);
	}
	ini_done(&reader);
}

void
build_inherit(const struct conf_global *global, struct conf_feed *feed)
{
	feed->allow_private = global->allow_private;
	feed->adaptive = global->adaptive;
}

static void
inherit(struct build *b)
{
	for (size_t i = 0; i < b->tables[CONF_FEED].count; i++) {
		struct conf_feed *feed = build_record(b, CONF_FEED, i), own = *feed;
		build_inherit(build_record(b, CONF_TIDINGS, 0), feed);
		if (build_was_set(b, CONF_FEED, i, "allow-private"))
			feed->allow_private = own.allow_private;
		if (build_was_set(b, CONF_FEED, i, "adaptive"))
			feed->adaptive = own.adaptive;
	}
}

/* "*" becomes the keys of all sinks. */
static void
expand(struct build *b, struct conf_list *list, const struct conf_origin *fallback)
{
	const struct build_table *sinks = &b->tables[CONF_SINK];
	struct conf_origin origin = list->count && list->origins ? list->origins[0] : *fallback;
	struct err err;
	if (!conf_list_has(list, STR_LIT("*")))
		return;
	*list = (struct conf_list){0};
	for (size_t k = 0; k < sinks->count; k++) {
		const struct conf_sink *sink = build_record(b, CONF_SINK, k);
		if (conf_list_push(&b->conf->arena, list, sink->key, &origin, &err) < 0)
			run_out(b);
	}
}

/* A watch that names no sinks is told at all of them; where there are routes, they say. */
static void
expand_sinks(struct build *b)
{
	for (size_t i = 0; i < b->tables[CONF_WATCH].count; i++) {
		struct conf_watch *w = build_record(b, CONF_WATCH, i);
		if (b->tables[CONF_ROUTE].count > 0 && !build_was_set(b, CONF_WATCH, i, "sinks"))
			w->sinks = (struct conf_list){0};
		expand(b, &w->sinks, &w->origin);
	}
	struct conf_global *g = build_record(b, CONF_TIDINGS, 0);
	struct conf_origin nowhere = {.file = STR_LIT("configuration")};
	expand(b, &g->alarm_sinks, &nowhere);
	for (size_t i = 0; i < b->tables[CONF_ROUTE].count; i++) {
		struct conf_route *r = build_record(b, CONF_ROUTE, i);
		expand(b, &r->sinks, &r->origin);
		expand(b, &r->escalate_sinks, &r->origin);
	}
}

/* What routes take over from [tidings] where they say nothing themselves. */
static void
inherit_routing(struct build *b)
{
	const struct conf_global *g = build_record(b, CONF_TIDINGS, 0);
	for (size_t i = 0; i < b->tables[CONF_ROUTE].count; i++) {
		struct conf_route *r = build_record(b, CONF_ROUTE, i);
		if (r->group_by.count == 0)
			r->group_by = g->group_by;
		if (!build_was_set(b, CONF_ROUTE, i, "group-wait"))
			r->group_wait_ms = g->group_wait_ms;
		if (!build_was_set(b, CONF_ROUTE, i, "group-interval"))
			r->group_interval_ms = g->group_interval_ms;
		if (str_empty(r->zone))
			r->zone = g->zone;
	}
}

/* A screen that fills with bubbles tells nobody anything. */
static void
limit_desktops(struct build *b)
{
	for (size_t i = 0; i < b->tables[CONF_SINK].count; i++) {
		struct conf_sink *s = build_record(b, CONF_SINK, i);
		if (str_is(s->type, "desktop") && str_empty(s->rate) && !build_was_set(b, CONF_SINK, i, "rate"))
			s->rate = STR_LIT("20/1m");
	}
}

static void
hand_over(struct build *b, enum conf_section section)
{
	const struct conf_section_info *info = &conf_sections[section];
	const struct build_table *t = &b->tables[section];
	char *place = (char *)b->conf + info->list_offset;
	if (!info->keyed) {
		memcpy(place, t->records, info->size);
		return;
	}
	void *array = arena_alloc(&b->conf->arena, t->count * info->size);
	if (array == NULL) {
		run_out(b);
		return;
	}
	if (t->count > 0)
		memcpy(array, t->records, t->count * info->size);
	memcpy(place, &array, sizeof array);
	memcpy(place + sizeof array, &t->count, sizeof t->count);
}

struct conf *
build_finish(struct build *b)
{
	b->out_of_memory |= b->conf == NULL || b->conf->arena.failed;
	if (!b->out_of_memory) {
		inherit(b);
		check_all(b);
		inherit_routing(b);
		expand_sinks(b);
		limit_desktops(b);
	}
	for (enum conf_section s = 0; s < CONF_SECTION_COUNT && !b->out_of_memory; s++)
		hand_over(b, s);
	if (b->out_of_memory) {
		struct conf_origin at = {
		    .file = b->conf && b->conf->files.count ? b->conf->files.items[0] : STR_LIT("configuration")};
		struct err err = {.msg = "memory ran out"};
		if (b->conf != NULL)
			arena_check(&b->conf->arena, &err);
		conf_report_error(b->report, &at, "%s", err.msg);
	}
	if (b->report->error_count > 0 && !b->out_of_memory)
		conf_check_watchlist(b->conf, b->report);
	if (b->report->error_count > 0)
		return NULL;
	struct conf *c = b->conf;
	b->conf = NULL;
	return c;
}
