#include "cli/asked.h"

#include "conf/conf.h"
#include "text/safe.h"

static int
tell_mistake(const struct query_mistake *m, struct str query)
{
	struct buf shown;
	buf_init(&shown, 0);
	buf_puts(&shown, "query: ");
	query_mistake_show(m, query, &shown);
	int rc = cli_fail_lines(CLI_USAGE, buf_view(&shown));
	buf_done(&shown);
	return rc;
}

static void
note_reference(void *ctx, const struct query_node *leaf)
{
	(void)leaf;
	*(bool *)ctx = true;
}

/* The list of the configuration and the query; whatever is wrong is told. */
static struct watchlist *
compile_with_conf(const struct conf *conf, struct str query)
{
	struct conf_report report;
	conf_report_init(&report);
	struct watchlist *w = conf_compile_watchlist_and(conf, STR_LIT(CLI_ASKED_ID), query, &report);
	for (size_t i = 0; w == NULL && i < report.count; i++)
		cli_fail_lines(CLI_CONFIG, report.messages[i]);
	conf_report_done(&report);
	return w;
}

static struct watchlist *
compile_alone(struct str query)
{
	struct watch_builder *b = watch_builder_new();
	struct watchlist *w = NULL;
	struct err err;
	if (b == NULL)
		err_oom(&err);
	else if (watch_add_query(
	             b, STR_LIT(CLI_ASKED_ID), WATCH_ALERT, query, (struct watch_origin){STR_NONE, 0}, &err) == 0)
		w = watch_compile(b, &err);
	if (w == NULL)
		cli_fail(CLI_STORE, "%s", err.msg);
	watch_builder_free(b);
	return w;
}

/* Which may have been taken out of the configuration since: what it brought is still there. */
static void
warn_of_feeds(const struct cli_asked *a)
{
	struct conf_report report;
	if (a->conf == NULL)
		return;
	conf_report_init(&report);
	conf_check_feeds_asked(a->conf, a->list, &report);
	for (size_t i = 0; i < report.count; i++)
		cli_fail_lines(CLI_FOUND, report.messages[i]);
	conf_report_done(&report);
}

int
cli_asked_open(struct cli_asked *a, const struct cli_home *home, struct str query)
{
	struct query_mistake mistake;
	bool references = false;
	*a = (struct cli_asked){.conf = home->conf};
	arena_init(&a->arena, 0);
	if (query_parse(query, &a->arena, &a->query, &mistake) < 0)
		return tell_mistake(&mistake, query);
	query_references(a->query.root, note_reference, &references);
	if (references && a->conf == NULL)
		return cli_fail(CLI_CONFIG, "the query names actors or topics: a configuration is needed (-c FILE)");
	a->list = references ? compile_with_conf(a->conf, query) : compile_alone(query);
	if (a->list == NULL)
		return references ? CLI_CONFIG : CLI_STORE;
	a->entity = (size_t)watchlist_find(a->list, STR_LIT(CLI_ASKED_ID));
	warn_of_feeds(a);
	if (query_needs(&a->query, &a->arena, &a->needs, &a->need_count) < 0)
		return cli_fail(CLI_STORE, "memory ran out");
	return 0;
}

void
cli_asked_done(struct cli_asked *a)
{
	query_done(&a->query);
	watchlist_free(a->list);
	arena_done(&a->arena);
	*a = (struct cli_asked){.conf = NULL};
}

struct watch_input
cli_asked_input(const struct conf *conf, const struct record *r, struct arena *arena)
{
	return record_input(r, conf_tags(conf ? conf_find_feed(conf, r->feed_key) : NULL, arena));
}

/* ---- what was given up ---- */

void
cli_given_up_note(struct cli_given_up *g, const struct watch_given_up *what)
{
	size_t i = 0;
	while (i < g->count && !(g->items[i].entity == what->entity && g->items[i].leaf == what->leaf))
		i++;
	if (i == CLI_GIVEN_UP_MAX)
		return;
	if (i == g->count)
		g->items[g->count++] = *what;
	g->times[i]++;
}

void
cli_given_up_tell(const struct cli_given_up *g, const struct watchlist *w)
{
	for (size_t i = 0; i < g->count; i++) {
		struct buf b;
		buf_init(&b, 0);
		watch_given_up_say(w, &g->items[i], &b);
		if (g->times[i] > 1)
			buf_printf(&b, " (in %zu items)", g->times[i]);
		cli_fail(CLI_FOUND, "warning: %s: %.*s", err_word(ERR_REGEX_LIMIT), STR_ARG(buf_view(&b)));
		buf_done(&b);
	}
}

/* ---- asking ---- */

struct walk {
	struct cli_asked *asked;
	struct arena arena; /* of the match; the record's own is the store's */
	bool (*each)(void *ctx, const struct record *r);
	void *ctx;
	size_t left;
	struct err *err;
	bool failed;
};

static const struct watch_hit *
hit_of(const struct watch_result *result, size_t entity)
{
	for (size_t i = 0; i < result->hit_count; i++) {
		if (result->hits[i].entity == entity)
			return &result->hits[i];
	}
	return NULL;
}

/* One match more than the store knows of. */
static bool
add_match(struct walk *w, struct record *r, const struct watch_hit *hit, const struct watch_input *in)
{
	struct record_match *all = arena_zalloc(&w->arena, r->match_count + 1, sizeof *all);
	struct record_mention *mentions = arena_zalloc(&w->arena, hit->mention_count + 1, sizeof *mentions);
	if (all == NULL || mentions == NULL)
		return false;
	if (r->match_count > 0)
		memcpy(all, r->matches, r->match_count * sizeof *all);
	for (size_t i = 0; i < hit->mention_count; i++) {
		const struct watch_mention *m = &hit->mentions[i];
		mentions[i] = (struct record_mention){.field = m->field,
		    .start = m->start,
		    .end = m->end,
		    .text = {in->fields[m->field].s + m->start, m->end - m->start},
		    .name = m->name,
		    .rule = str_from(m->rule),
		    .form = m->form};
	}
	all[r->match_count] = (struct record_match){.kind = WATCH_ALERT,
	    .id = STR_LIT("query"),
	    .label = w->asked->query.text,
	    .mentions = mentions,
	    .mention_count = hit->mention_count};
	r->matches = all;
	r->match_count++;
	return true;
}

static bool
on_record(void *ctx, const struct record *r)
{
	struct walk *w = ctx;
	struct watch_result result;
	struct record found = *r;
	arena_reset(&w->arena);
	struct watch_input in = cli_asked_input(w->asked->conf, r, &w->arena);
	if (watch_match(w->asked->list, &in, &w->arena, &result, w->err) < 0) {
		w->failed = true;
		return false;
	}
	for (size_t i = 0; i < result.given_up_count; i++) {
		if (watch_given_up_concerns(w->asked->list, w->asked->entity, &result.given_up[i]))
			cli_given_up_note(&w->asked->given_up, &result.given_up[i]);
	}
	const struct watch_hit *hit = hit_of(&result, w->asked->entity);
	if (hit == NULL)
		return true;
	if (!add_match(w, &found, hit, &in)) {
		err_oom(w->err);
		w->failed = true;
		return false;
	}
	return w->each(w->ctx, &found) && --w->left > 0;
}

int
cli_asked_walk(struct cli_asked *a, struct store *s, const struct store_query *q,
    bool (*each)(void *ctx, const struct record *r), void *ctx, struct err *err)
{
	struct store_query narrowed = *q;
	struct walk w = {.asked = a, .each = each, .ctx = ctx, .left = q->limit ? q->limit : 50, .err = err};
	struct arena arena;
	narrowed.text = STR_LIT("");
	narrowed.needs = a->needs;
	narrowed.need_count = a->need_count;
	narrowed.limit = INT64_MAX;
	arena_init(&arena, 0);
	arena_init(&w.arena, 0);
	int rc = store_query(s, &narrowed, &arena, on_record, &w, err);
	arena_done(&w.arena);
	arena_done(&arena);
	cli_given_up_tell(&a->given_up, a->list);
	if (store_query_cut(s))
		cli_fail(CLI_FOUND, "warning: the full-text index is being made again, old items are not searched yet");
	a->given_up.count = 0;
	return rc < 0 || w.failed ? -1 : 0;
}
