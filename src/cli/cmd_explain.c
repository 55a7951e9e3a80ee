/* tidings explain: why an item matched, as it is stored; with --why-not, what a watch still wants of it. */
#include "cli/asked.h"
#include "cli/query.h"
#include "conf/value.h"
#include "render/mark.h"
#include "text/safe.h"

#include <inttypes.h>

#define SNIPPET_RADIUS 40u

static void
put_safe(struct buf *out, struct str s)
{
	text_safe(out, s, TEXT_SAFE_ISOLATE);
}

/* …the words round it, [it] marked… */
static void
put_snippet(struct buf *out, const struct record *r, const struct record_mention *m)
{
	struct str text = mark_field_text(r, m->field);
	size_t from, to;
	if (text.s == NULL || m->end > text.len || m->start > m->end)
		return;
	mark_window(text, m->start, SNIPPET_RADIUS, &from, &to);
	if (to < m->end)
		to = m->end;
	buf_puts(out, from > 0 ? "      …" : "      ");
	put_safe(out, (struct str){text.s + from, m->start - from});
	buf_putc(out, '[');
	put_safe(out, (struct str){text.s + m->start, m->end - m->start});
	buf_putc(out, ']');
	put_safe(out, (struct str){text.s + m->end, to - m->end});
	buf_puts(out, to < text.len ? "…\n" : "\n");
}

static void
put_mention(struct buf *out, const struct record *r, const struct record_mention *m)
{
	buf_printf(out, "    %s %u-%u  ", watch_field_word(m->field), m->start, m->end);
	put_safe(out, m->text);
	buf_puts(out, "  by ");
	put_safe(out, m->rule);
	buf_puts(out, " of ");
	put_safe(out, m->name);
	if (!str_empty(m->form) && !str_eq(m->form, m->name)) {
		buf_puts(out, ", as ");
		put_safe(out, m->form);
	}
	buf_putc(out, '\n');
	put_snippet(out, r, m);
}

static void
put_match(struct buf *out, const struct record *r, const struct record_match *m)
{
	struct str id = m->id;
	if (m->kind == WATCH_ALERT && str_starts(id, STR_LIT("watch:"))) /* the kind says it */
		id = (struct str){id.s + 6, id.len - 6};
	buf_printf(out, "  %s ", watch_kind_word(m->kind));
	put_safe(out, id);
	if (!str_empty(m->label) && !str_eq(m->label, id)) {
		buf_puts(out, ", ");
		put_safe(out, m->label);
	}
	buf_putc(out, '\n');
	for (size_t i = 0; i < m->mention_count; i++)
		put_mention(out, r, &m->mentions[i]);
}

static void
put_item(struct buf *out, const struct record *r, uint64_t current)
{
	buf_printf(out, "#%lld ", (long long)r->id);
	put_safe(out, r->title);
	buf_puts(out, "\n  ");
	put_safe(out, r->link);
	buf_printf(out, "\n  matched with version %" PRIx64 " of the watchlist%s\n", (uint64_t)r->watchlist,
	    current == 0                        ? ""
	    : current == (uint64_t)r->watchlist ? ", the present one"
	                                        : "; it has changed since");
	for (size_t i = 0; i < r->match_count; i++)
		put_match(out, r, &r->matches[i]);
	if (r->match_count == 0)
		buf_puts(out, "  it mentions no actor and no topic\n");
	for (size_t i = 0; i < r->watch_count; i++) {
		buf_puts(out, i == 0 ? "  watches: " : ", ");
		put_safe(out, r->watches[i]);
	}
	buf_puts(out, r->watch_count > 0 ? "\n" : "");
}

/* ---- what is missing ---- */

static bool
list_has(const struct conf_list *list, struct str word)
{
	return conf_list_has(list, word) || conf_list_has(list, STR_LIT("*"));
}

static bool
mentions_one(const struct watchlist *w, const struct watch_result *result, const struct conf_list *keys, bool topics)
{
	for (size_t i = 0; i < result->hit_count; i++) {
		const struct watch_entity *e = watchlist_entity(w, result->hits[i].entity);
		if ((topics ? e->kind == WATCH_TOPIC : watch_kind_is_actor(e->kind)) && list_has(keys, e->id))
			return true;
	}
	return false;
}

static void
put_keys(struct buf *out, const struct conf_list *keys)
{
	for (size_t i = 0; i < keys->count && i < 12; i++)
		buf_printf(out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(keys->items[i]));
	buf_puts(out, keys->count > 12 ? ", …" : "");
}

static void
put_side(struct buf *out, const struct watchlist *w, const struct watch_result *result, const struct conf_list *keys,
    bool topics)
{
	if (keys->count == 0)
		return;
	bool one = mentions_one(w, result, keys, topics);
	buf_printf(out, "%s %s: ", one ? "+" : "-", topics ? "topics" : "actors");
	put_keys(out, keys);
	buf_puts(out, one ? "\n" : ": none of them is found\n");
}

/* Each topic with a query that the watch wants, too. */
static void
put_topic_queries(struct buf *out, const struct watchlist *w, const struct conf_watch *watch,
    const struct watch_input *in, struct arena *arena)
{
	struct err err;
	for (size_t i = 0; i < watch->topics.count; i++) {
		ptrdiff_t entity = watchlist_find(w, watch->topics.items[i]);
		struct buf lines;
		buf_init(&lines, 0);
		if (entity >= 0 && watch_explain(w, (size_t)entity, in, arena, &lines, &err) == 0) {
			buf_printf(out, "  #%.*s\n", STR_ARG(watch->topics.items[i]));
			text_safe(out, buf_view(&lines), TEXT_SAFE_LINES);
		}
		buf_done(&lines);
	}
}

static int
why_not(const struct conf *conf, const struct watchlist *w, const struct conf_watch *watch, const struct record *r,
    struct arena *arena, bool *applies, struct buf *out)
{
	const struct conf_feed *feed = conf_find_feed(conf, r->feed_key);
	struct watch_input in = cli_asked_input(conf, r, arena);
	struct watch_result result;
	struct buf lines;
	struct err err;
	if (watch_match(w, &in, arena, &result, &err) < 0)
		return cli_fail(CLI_STORE, "%s", err.msg);
	*applies = conf_watch_applies(watch, feed, w, &result);
	if (watch->feeds.count > 0) {
		bool watched = conf_watch_sees(watch, feed);
		buf_printf(out, "%s feeds: ", watched ? "+" : "-");
		put_keys(out, &watch->feeds);
		buf_printf(out, watched ? "\n" : ": the item is from %.*s\n", STR_ARG(r->feed_key));
	}
	put_side(out, w, &result, &watch->actors, false);
	put_side(out, w, &result, &watch->topics, true);
	if (!mentions_one(w, &result, &watch->topics, true))
		put_topic_queries(out, w, watch, &in, arena);
	struct str id = arena_printf(arena, CONF_ALERT_PREFIX "%.*s", STR_ARG(watch->key));
	ptrdiff_t entity = watchlist_find(w, id);
	buf_init(&lines, 0);
	if (entity >= 0 && watch_explain(w, (size_t)entity, &in, arena, &lines, &err) == 0)
		text_safe(out, buf_view(&lines), TEXT_SAFE_LINES);
	buf_done(&lines);
	return 0;
}

static void
put_json(struct buf *out, const struct record *r, const struct conf_watch *watch, bool applies, struct str parts)
{
	struct jsonw w;
	struct str line;
	jsonw_init(&w, out, 0);
	if (watch == NULL) {
		render_record_json(&w, r);
	} else {
		jsonw_object(&w);
		jsonw_key(&w, "item");
		render_record_json(&w, r);
		jsonw_kstr(&w, "watch", watch->key);
		jsonw_kbool(&w, "applies", applies);
		jsonw_key(&w, "parts");
		jsonw_array(&w);
		while (str_split(&parts, '\n', &line) && line.len > 0)
			jsonw_str(&w, line);
		jsonw_end(&w);
		jsonw_end(&w);
	}
	buf_putc(out, '\n');
}

static void
put(const struct cli *cli, const struct record *r, uint64_t version, const struct conf_watch *watch, bool applies,
    struct str parts, struct buf *out)
{
	if (cli->json) {
		put_json(out, r, watch, applies, parts);
		return;
	}
	put_item(out, r, version);
	if (watch != NULL) {
		buf_printf(out, "\nwatch %.*s, require = %.*s: %s\n", STR_ARG(watch->key), STR_ARG(watch->require),
		    applies ? "applies" : "does not apply");
		buf_str(out, parts);
	}
}

static struct watchlist *
compile(const struct conf *conf)
{
	struct conf_report report;
	conf_report_init(&report);
	struct watchlist *w = conf_compile_watchlist(conf, &report);
	for (size_t i = 0; w == NULL && i < report.count; i++)
		cli_fail_lines(CLI_CONFIG, report.messages[i]);
	conf_report_done(&report);
	return w;
}

static int
explain(const struct cli *cli, const struct cli_home *home, int64_t id, const char *key, struct buf *out)
{
	const struct conf_watch *watch = NULL;
	struct watchlist *w = NULL;
	struct arena arena;
	struct record r;
	struct buf parts;
	struct err err;
	bool applies = false;
	int rc = 0;
	arena_init(&arena, 0);
	buf_init(&parts, 0);
	if (store_item(home->store, id, &arena, &r, &err) < 0)
		rc = err.code == ERR_NOT_FOUND ? cli_fail(CLI_NOTHING, "there is no item %lld", (long long)id)
		                               : cli_fail(CLI_STORE, "%s", err.msg);
	if (rc == 0 && home->conf != NULL && (w = compile(home->conf)) == NULL)
		rc = CLI_CONFIG;
	if (rc == 0 && key != NULL && w == NULL)
		rc = cli_fail(CLI_CONFIG, "--why-not needs the configuration (-c FILE)");
	if (rc == 0 && key != NULL && (watch = conf_find_watch(home->conf, str_from(key))) == NULL)
		rc = cli_fail(CLI_NOTHING,
		    "there is no watch “%s” in the configuration; tidings test tries a query or a #topic", key);
	if (rc == 0 && watch != NULL)
		rc = why_not(home->conf, w, watch, &r, &arena, &applies, &parts);
	if (rc == 0)
		put(cli, &r, w ? watchlist_version(w) : 0, watch, applies, buf_view(&parts), out);
	out->failed |= parts.failed;
	buf_done(&parts);
	watchlist_free(w);
	arena_done(&arena);
	return rc;
}

int
cmd_explain(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct cli_home home = {.conf = NULL};
	struct buf out;
	int64_t id = 0;
	int rc = cli_args_parse(&a, argc, argv);
	if (rc == 0 && a.word_count != 1)
		rc = cli_usage(a.command, "which item?");
	if (rc == 0 && !str_int(str_from(a.words[0] + (a.words[0][0] == '#')), 1, INT64_MAX, &id))
		rc = cli_usage(a.command, "“%s” is no item number", a.words[0]);
	if (rc != 0)
		return rc;
	buf_init(&out, 0);
	rc = cli_home_open(&home, cli);
	rc = rc ? rc : explain(cli, &home, id, cli_args_value(&a, "why-not"), &out);
	int written = cli_output(&out);
	cli_home_done(&home);
	buf_done(&out);
	return rc ? rc : written;
}
