#include "base/suggest.h"
#include "conf/build.h"
#include "watch/import.h"

#include <stdio.h>

#define TWINS_TOLD_MAX 10u
#define FEEDS_LOOKED_AT_MAX 10000000u /* feeds with which what queries ask for is compared, all together */

struct compile {
	const struct conf *conf;
	struct watch_builder *builder;
	struct conf_report *report;
	struct conf_origin origin; /* of the name file being read */
	bool list_refused;         /* some line of one */
};

static void
complain(void *ctx, const struct err *err)
{
	struct compile *c = ctx;
	c->list_refused = true;
	conf_report_placed(c->report, &c->origin, err);
}

/* A place as the builder remembers it, in the order of the files. */
static struct conf_origin
place_of(const struct compile *c, struct watch_origin at)
{
	const struct conf_list *files = &c->conf->files;
	struct conf_origin place = {.file = at.file, .line = at.line};
	while (place.file_no + 1 < files->count && !str_eq(files->items[place.file_no], at.file))
		place.file_no++;
	return place;
}

static void
complain_at(void *ctx, struct watch_origin at, const struct err *err)
{
	struct compile *c = ctx;
	struct conf_origin place = place_of(c, at);
	conf_report_placed(c->report, &place, err);
}

/* What a section stands for is known, though it may be said later, or was refused: naming it is no mistake of its own. */
static void
declare(struct compile *c, struct str key, enum watch_kind kind, const struct conf_origin *at)
{
	struct err err;
	if (watch_declare(c->builder, key, kind, (struct watch_origin){at->file, at->line}, &err) < 0 &&
	    err.code == ERR_NO_MEMORY)
		conf_report_placed(c->report, at, &err);
}

static void
add_names(struct compile *c, struct str key, struct str title, enum watch_kind kind, const struct conf_list *names,
    const struct conf_list *langs)
{
	size_t added = 0;
	struct err err;
	for (size_t i = 0; i < names->count; i++) {
		const struct conf_origin *at = &names->origins[i];
		struct watch_origin origin = {at->file, at->line};
		if (watch_add(c->builder, key, kind, langs->items[i], names->items[i], origin, &err) < 0)
			conf_report_placed(c->report, at, &err);
		else
			added++;
	}
	if (added > 0 && watch_set_label(c->builder, key, str_empty(title) ? names->items[0] : title, &err) < 0)
		conf_report_error(c->report, &names->origins[0], "%s", err.msg);
}

static void
add_texts(struct compile *c, struct str key, enum watch_role role, const struct conf_list *texts)
{
	struct err err;
	for (size_t i = 0; i < texts->count; i++) {
		const struct conf_origin *at = &texts->origins[i];
		struct watch_origin origin = {at->file, at->line};
		int r = role == WATCH_ROLE_EXCLUDE
		            ? watch_exclude(c->builder, texts->items[i], origin, &err)
		            : watch_add_role(c->builder, key, role, texts->items[i], origin, &err);
		if (r < 0)
			conf_report_placed(c->report, at, &err);
	}
}

static void
add_members(struct compile *c, const struct conf_actor *a)
{
	struct err err;
	bool clash = false; /* of one that has names and so cannot have members: told once */
	for (size_t i = 0; i < a->members.count; i++) {
		const struct conf_origin *at = &a->members.origins[i];
		struct watch_origin origin = {at->file, at->line};
		if (watch_add_member(c->builder, a->key, a->members.items[i], origin, &err) == 0 ||
		    (clash && err.code == ERR_CONFIG))
			continue;
		conf_report_placed(c->report, at, &err);
		clash |= a->names.count > 0 && err.code == ERR_CONFIG;
	}
	if (a->names.count == 0 && a->members.count > 0 && !str_empty(a->title))
		watch_set_label(c->builder, a->key, a->title, &err);
}

/* What an actor says beside its names; all names have been added. */
static void
add_actor_words(struct compile *c, const struct conf_actor *a)
{
	enum watch_family family;
	struct err err;
	add_members(c, a);
	if (a->names.count == 0)
		return;
	if (watch_family_parse(a->family, &family) && watch_set_family(c->builder, a->key, family, &err) < 0)
		return; /* its names were all refused, which has been told */
	add_texts(c, a->key, WATCH_ROLE_CONTEXT, &a->contexts);
	add_texts(c, a->key, WATCH_ROLE_NOT, &a->nots);
	add_texts(c, a->key, WATCH_ROLE_FORM, &a->forms);
	add_texts(c, a->key, WATCH_ROLE_NOT_FORM, &a->not_forms);
}

static void
add_query(
    struct compile *c, struct str id, struct str title, enum watch_kind kind, const struct conf_list *query, bool label)
{
	struct err err;
	if (query->count == 0)
		return;
	const struct conf_origin *at = &query->origins[0];
	struct watch_origin origin = {at->file, at->line};
	if (watch_add_query(c->builder, id, kind, query->items[0], origin, &err) < 0)
		conf_report_placed(c->report, at, &err);
	else if (label && !str_empty(title) && watch_set_label(c->builder, id, title, &err) < 0)
		conf_report_error(c->report, at, "%s", err.msg);
}

/* A watch with a query is an entity, too; its key may also be that of an actor. */
static void
add_alert(struct compile *c, const struct conf_watch *w)
{
	char id[sizeof CONF_ALERT_PREFIX + CONF_KEY_BYTES_MAX + 1];
	snprintf(id, sizeof id, "%s%.*s", CONF_ALERT_PREFIX, STR_ARG(w->key));
	add_query(c, str_from(id), str_empty(w->title) ? w->key : w->title, WATCH_ALERT, &w->query, true);
}

static void
add_name_file(struct compile *c, const struct conf_name_file *file)
{
	struct err err;
	c->origin = file->origin;
	if (watch_add_names(c->builder, file->text, file->origin.file, complain, c, &err) < 0)
		complain(c, &err);
}

static void
add_all(struct compile *c)
{
	const struct conf *conf = c->conf;
	for (size_t i = 0; i < conf->actor_count; i++) {
		const struct conf_actor *a = &conf->actors[i];
		enum watch_kind kind = WATCH_PERSON;
		watch_kind_parse(a->kind, &kind);
		add_names(c, a->key, a->title, kind, &a->names, &a->langs);
		declare(c, a->key, a->names.count > 0 ? kind : WATCH_GROUP, &a->origin);
	}
	for (size_t i = 0; i < conf->topic_count; i++) {
		const struct conf_topic *t = &conf->topics[i];
		if (map_get(&conf->keys[CONF_ACTOR], t->key) != NULL)
			continue; /* that has been told */
		add_names(c, t->key, t->title, WATCH_TOPIC, &t->phrases, &t->langs);
		add_query(c, t->key, t->title, WATCH_TOPIC, &t->query, t->phrases.count == 0);
		declare(c, t->key, WATCH_TOPIC, &t->origin);
	}
	for (size_t i = 0; i < conf->watch_count; i++)
		add_alert(c, &conf->watches[i]);
	for (size_t i = 0; i < conf->name_file_count; i++)
		add_name_file(c, &conf->name_files[i]);
	for (size_t i = 0; i < conf->actor_count; i++)
		add_actor_words(c, &conf->actors[i]);
	add_texts(c, STR_NONE, WATCH_ROLE_EXCLUDE, &conf->global.exclude_names);
}

/* An id that a query misses may stand in a line of a list that was refused. */
static void
check_queries(struct compile *c)
{
	struct err err;
	if (!c->list_refused)
		watch_check_queries(c->builder, complain_at, c, &err);
}

static void
tell_twin(void *ctx, struct watch_origin at, const struct err *what)
{
	struct compile *c = ctx;
	struct conf_origin place = place_of(c, at);
	conf_report_warning(c->report, &place, "%s", what->msg);
}

/* Two actors of one name are no mistake, but seldom what was meant. */
static void
warn_of_twins(struct compile *c)
{
	size_t n = watch_twins(c->builder, TWINS_TOLD_MAX, tell_twin, c);
	if (n > TWINS_TOLD_MAX)
		conf_report_warning(
		    c->report, &c->origin, "%zu more names belong to two actors each", n - TWINS_TOLD_MAX);
}

/* What a query asks of feeds, and which there are. */
struct feeds_asked {
	const struct conf *conf;
	struct conf_report *report;
	bool asked; /* only by the query that stands in no file */
	size_t looked_at;
};

static void
tell_unknown_feed(const struct feeds_asked *f, struct str want, const struct conf_origin *at)
{
	struct suggestion s;
	char hint[SUGGESTION_MAX];
	suggestion_init(&s, want);
	for (size_t i = 0; i < f->conf->feed_count; i++) {
		const struct conf_feed *feed = &f->conf->feeds[i];
		suggestion_offer(&s, feed->key);
		for (size_t k = 0; k < feed->tags.count; k++)
			suggestion_offer(&s, feed->tags.items[k]);
	}
	conf_report_warning(f->report, at, "%sno feed has the key or tag “%.*s”%s",
	    f->asked ? "" : "query: ", STR_ARG(want), suggestion_text(&s, hint));
}

static void
look_for_feed(void *ctx, struct str want, struct watch_origin origin)
{
	struct feeds_asked *f = ctx;
	struct conf_origin at = {.file = f->asked ? STR_LIT("query") : origin.file, .line = origin.line};
	if (f->asked && origin.file.s != NULL)
		return;
	bool known = f->conf->feed_count == 0 || f->looked_at > FEEDS_LOOKED_AT_MAX || !conf_report_open(f->report);
	for (size_t i = 0; i < f->conf->feed_count && !known; i++, f->looked_at++) {
		const struct conf_feed *feed = &f->conf->feeds[i];
		known = watch_feed_is(want, feed->key, STR_NONE);
		for (size_t k = 0; k < feed->tags.count && !known; k++)
			known = watch_feed_is(want, feed->tags.items[k], STR_NONE);
	}
	if (!known)
		tell_unknown_feed(f, want, &at);
}

void
conf_check_watchlist(const struct conf *conf, struct conf_report *report)
{
	struct compile c = {.conf = conf, .builder = watch_builder_new(), .report = report};
	if (c.builder == NULL)
		return; /* there are mistakes enough to tell */
	add_all(&c);
	check_queries(&c);
	watch_builder_free(c.builder);
}

struct watchlist *
conf_compile_watchlist_and(const struct conf *conf, struct str id, struct str query, struct conf_report *report)
{
	struct compile c = {.conf = conf, .builder = watch_builder_new(), .report = report};
	struct conf_origin whole = {.file = conf->files.count ? conf->files.items[0] : STR_LIT("configuration")};
	struct watchlist *list = NULL;
	size_t errors = report->error_count;
	struct err err;

	if (c.builder == NULL) {
		conf_report_error(report, &whole, "memory ran out");
		return NULL;
	}
	add_all(&c);
	c.origin = whole;
	if (query.s != NULL &&
	    watch_add_query(c.builder, id, WATCH_ALERT, query, (struct watch_origin){STR_NONE, 0}, &err) < 0)
		conf_report_placed(report, &whole, &err);
	check_queries(&c);
	if (report->error_count == errors && (list = watch_compile(c.builder, &err)) == NULL)
		conf_report_error(report, &whole, "%s", err.msg);
	if (list != NULL && query.s == NULL) {
		warn_of_twins(&c);
		watch_query_feeds(list, look_for_feed, &(struct feeds_asked){.conf = conf, .report = report});
	}
	watch_builder_free(c.builder);
	return list;
}

void
conf_check_feeds_asked(const struct conf *conf, const struct watchlist *list, struct conf_report *report)
{
	struct feeds_asked asked = {.conf = conf, .report = report, .asked = true};
	watch_query_feeds(list, look_for_feed, &asked);
}

struct watchlist *
conf_compile_watchlist(const struct conf *conf, struct conf_report *report)
{
	return conf_compile_watchlist_and(conf, STR_NONE, STR_NONE, report);
}

const char *
conf_summary(const struct conf *c, const struct watchlist *list, char out[CONF_SUMMARY_MAX])
{
	size_t said = watchlist_count(list);
	snprintf(out, CONF_SUMMARY_MAX, "%zu feed%s, %zu %s, %zu watch%s, %zu sink%s", c->feed_count,
	    c->feed_count == 1 ? "" : "s", said, said == 1 ? "actor or topic" : "actors and topics", c->watch_count,
	    c->watch_count == 1 ? "" : "es", c->sink_count, c->sink_count == 1 ? "" : "s");
	return out;
}
