#include "cli/control.h"
#include "cli/home.h"
#include "cli/page.h"
#include "cli/query.h"
#include "render/render.h"
#include "text/safe.h"

#include <jansson.h>
#include <unistd.h>

/*
 * tidings story ID: what is known of a story, its sources over time, its items. tidings story split ITEM and tidings
 * story join A B put it right, through the daemon. The list of stories is here too; as a filter it is in cmd_stories.c.
 */

#define ITEMS_MAX 1000
#define BARS 12      /* steps of the time line, each of a minute or more */
#define BAR_WIDTH 40 /* columns of its longest bar */
#define NAMES_SHOWN 6

/* ---- JSON ---- */

static void
story_json(struct jsonw *w, const struct store_story *s)
{
	jsonw_kint(w, "schema", RENDER_SCHEMA);
	jsonw_kint(w, "id", s->id);
	jsonw_kstr(w, "headline", s->headline);
	jsonw_kint(w, "headline_item", s->headline_id);
	jsonw_ktime(w, "first", s->first_at);
	jsonw_ktime(w, "last", s->last_at);
	jsonw_kint(w, "sources", s->source_count);
	jsonw_kint(w, "items", s->item_count);
	jsonw_kbool(w, "by_hand", s->by_hand);
	jsonw_key(w, "mentions");
	jsonw_array(w);
	for (size_t i = 0; i < s->entity_count; i++) {
		jsonw_object(w);
		jsonw_kstr(w, "id", s->entities[i].id);
		jsonw_kstr(w, "label", s->entities[i].label);
		jsonw_kcstr(w, "kind", watch_kind_word(s->entities[i].kind));
		jsonw_kint(w, "items", s->entities[i].item_count);
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void
sources_json(struct jsonw *w, const struct store_story *s)
{
	jsonw_key(w, "carried_by");
	jsonw_array(w);
	for (size_t i = 0; i < s->source_listed; i++) {
		jsonw_object(w);
		jsonw_kstr(w, "feed", s->sources[i].feed_key);
		jsonw_kstr(w, "title", s->sources[i].feed_title);
		jsonw_ktime(w, "at", s->sources[i].at);
		jsonw_kint(w, "item", s->sources[i].item);
		jsonw_end(w);
	}
	jsonw_end(w);
}

static bool
item_json(void *ctx, const struct record *r)
{
	render_record_json(ctx, r);
	return true;
}

/* ---- text ---- */

static void
put_names(struct buf *out, const struct store_story *s)
{
	for (size_t i = 0; i < s->entity_count && i < NAMES_SHOWN; i++) {
		const struct store_story_entity *e = &s->entities[i];
		buf_puts(out, i > 0 ? ", " : "");
		text_safe(out, text_truncate_columns(str_empty(e->label) ? e->id : e->label, 40), TEXT_SAFE_ISOLATE);
	}
	if (s->entity_count > NAMES_SHOWN)
		buf_printf(out, " and %zu more", s->entity_count - NAMES_SHOWN);
}

static void
put_counts(struct buf *out, const struct store_story *s)
{
	buf_printf(out, "%u %s, %u %s", s->source_count, s->source_count == 1 ? "source" : "sources", s->item_count,
	    s->item_count == 1 ? "item" : "items");
	if (s->by_hand)
		buf_puts(out, ", put right by hand");
}

/* One line per step of time: how many sources came in, as a bar, and how many there were then. */
static void
put_time_line(struct buf *out, const struct store_story *s)
{
	unsigned counts[BARS] = {0}, most = 1, all = 0;
	int64_t span = s->last_at - s->first_at;
	size_t steps = s->source_listed < 2 || span < MINUTE_MS ? 1
	               : span < BARS * MINUTE_MS                ? (size_t)(span / MINUTE_MS)
	                                                        : BARS;

	for (size_t i = 0; i < s->source_listed; i++) {
		int64_t since = s->sources[i].at - s->first_at;
		size_t step =
		    steps == 1 || since <= 0 ? 0 : (size_t)((double)since / ((double)span + 1) * (double)steps);
		unsigned *n = &counts[step < steps ? step : steps - 1];
		most = ++*n > most ? *n : most;
	}
	for (size_t i = 0; i < steps; i++) {
		char time[RENDER_TIME_MAX];
		unsigned bar = most > BAR_WIDTH ? counts[i] * BAR_WIDTH / most : counts[i];
		all += counts[i];
		buf_printf(out, "  %s  %4u%s",
		    render_time(s->first_at + span * (int64_t)i / (int64_t)steps, clock_zone_ms, time), all,
		    counts[i] > 0 ? "  " : "");
		for (unsigned k = 0; k < bar || (k == 0 && counts[i] > 0); k++)
			buf_putc(out, '#');
		buf_putc(out, '\n');
	}
}

static void
put_sources(struct buf *out, const struct store_story *s)
{
	for (size_t i = 0; i < s->source_listed; i++) {
		char time[RENDER_TIME_MAX];
		const struct store_story_source *from = &s->sources[i];
		buf_printf(out, "  %s  ", render_time(from->at, clock_zone_ms, time));
		text_safe(out,
		    text_truncate_columns(str_empty(from->feed_title) ? from->feed_key : from->feed_title, 60),
		    TEXT_SAFE_ISOLATE);
		buf_printf(out, " (#%lld)\n", (long long)from->item);
	}
}

static void
put_story(struct buf *out, const struct cli *cli, const struct store_story *s)
{
	struct cli_page page = {out, cli->colour, cli->width};
	struct buf line;
	char first[RENDER_TIME_MAX], last[RENDER_TIME_MAX];

	buf_init(&line, 0);
	buf_printf(&line, "%lld", (long long)s->id);
	cli_page_field(&page, "story", buf_view(&line));
	cli_page_field(&page, "headline", str_empty(s->headline) ? STR_LIT("(no title)") : s->headline);
	buf_reset(&line);
	render_time(s->first_at, clock_zone_ms, first);
	render_time(s->last_at, clock_zone_ms, last);
	buf_printf(&line, strcmp(first, last) == 0 ? "%s" : "%s to %s", first, last);
	cli_page_field(&page, "time", buf_view(&line));
	buf_reset(&line);
	put_counts(&line, s);
	cli_page_field(&page, "size", buf_view(&line));
	buf_reset(&line);
	put_names(&line, s);
	cli_page_field(&page, "about", buf_view(&line));
	out->failed |= line.failed;
	buf_done(&line);
	buf_puts(out, "\nSources over time\n");
	put_time_line(out, s);
	buf_puts(out, "\nSources\n");
	put_sources(out, s);
	buf_puts(out, "\nItems\n");
}

/* ---- tidings story ID ---- */

static int
show_story(struct cli *cli, struct store *s, int64_t id, struct arena *arena)
{
	struct store_story story;
	struct cli_printer p;
	struct arena items;
	struct jsonw w;
	struct err err;

	if (store_story(s, id, arena, &story, &err) < 0)
		return err.code == ERR_NOT_FOUND ? cli_fail(CLI_NOTHING, "%s", err.msg)
		                                 : cli_fail(CLI_STORE, "%s", err.msg);
	cli_printer_init(&p, cli, false);
	arena_init(&items, 0);
	int rc;
	if (cli->json) {
		jsonw_init(&w, &p.out, 0);
		jsonw_object(&w);
		story_json(&w, &story);
		sources_json(&w, &story);
		jsonw_key(&w, "item_list");
		jsonw_array(&w);
		rc = store_story_items(s, id, ITEMS_MAX, &items, item_json, &w, &err);
		jsonw_end(&w);
		jsonw_end(&w);
		buf_putc(&p.out, '\n');
	} else {
		put_story(&p.out, cli, &story);
		rc = store_story_items(s, id, ITEMS_MAX, &items, cli_print_record, &p, &err);
	}
	int written = cli_printer_flush(&p);
	arena_done(&items);
	cli_printer_done(&p);
	return rc < 0 ? cli_fail(CLI_STORE, "%s", err.msg) : written;
}

/* ---- by hand ---- */

static int
ask_daemon(struct cli *cli, const char *request, const char *said)
{
	json_t *answer;
	int rc = cli_ask(cli, request, &answer);
	if (rc == 0 && cli->json) {
		json_dumpf(answer, stdout, JSON_COMPACT);
		putchar('\n');
	} else if (rc == 0) {
		printf("%s %lld\n", said, (long long)json_integer_value(json_object_get(answer, "story")));
	}
	if (rc == 0 && (fflush(stdout) != 0 || ferror(stdout)))
		rc = cli_fail(CLI_USAGE, "cannot write to standard output");
	json_decref(answer);
	return rc;
}

static bool
parse_id(const char *word, int64_t *ret)
{
	return str_int(str_from(*word == '#' ? word + 1 : word), 1, INT64_MAX, ret);
}

static int
put_right(struct cli *cli, const struct cli_args *a)
{
	char request[100];
	int64_t first, second = 0;
	bool joins = strcmp(a->words[0], "join") == 0;

	if (a->word_count != (joins ? 3 : 2))
		return cli_usage(a->command, joins ? "join which two stories?" : "split which item off?");
	if (!parse_id(a->words[1], &first) || (joins && !parse_id(a->words[2], &second)))
		return cli_usage(a->command, "numbers are wanted");
	if (joins)
		snprintf(request, sizeof request, "story-join %lld %lld", (long long)first, (long long)second);
	else
		snprintf(request, sizeof request, "story-split %lld", (long long)first);
	return ask_daemon(cli, request, joins ? "joined into story" : "split off as story");
}

int
cmd_story(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct cli_home home;
	struct arena arena;
	int64_t id;

	int rc = cli_args_parse(&a, argc, argv);
	if (rc == 0 && a.word_count == 0)
		rc = cli_usage(a.command, "which story?");
	if (rc != 0)
		return rc;
	if (strcmp(a.words[0], "split") == 0 || strcmp(a.words[0], "join") == 0)
		return put_right(cli, &a);
	if (a.word_count > 1 || !parse_id(a.words[0], &id))
		return cli_usage(a.command, "one number of a story is wanted, or split, or join");
	rc = cli_home_open(&home, cli);
	arena_init(&arena, 0);
	if (rc == 0)
		rc = show_story(cli, home.store, id, &arena);
	arena_done(&arena);
	cli_home_done(&home);
	return rc;
}

/* ---- tidings stories --since … ---- */

static void
put_row(struct buf *out, const struct store_story *s)
{
	char time[RENDER_TIME_MAX];
	buf_printf(out, "%-8lld %s  %3u %-7s %4u %-5s  ", (long long)s->id,
	    render_time(s->last_at, clock_zone_ms, time), s->source_count, s->source_count == 1 ? "source" : "sources",
	    s->item_count, s->item_count == 1 ? "item" : "items");
	text_safe(out, text_truncate_columns(str_empty(s->headline) ? STR_LIT("(no title)") : s->headline, 200),
	    TEXT_SAFE_ISOLATE);
	if (s->entity_count > 0) {
		buf_puts(out, " [");
		put_names(out, s);
		buf_putc(out, ']');
	}
	buf_putc(out, '\n');
}

static int
list_stories(struct cli *cli, struct store *s, const struct store_story_query *q, struct arena *arena)
{
	struct store_story *stories;
	size_t count;
	struct err err;
	struct buf out;

	if (store_list_stories(s, q, arena, &stories, &count, &err) < 0)
		return cli_fail(CLI_STORE, "%s", err.msg);
	buf_init(&out, 0);
	for (size_t i = 0; i < count; i++) {
		struct jsonw w;
		if (!cli->json) {
			put_row(&out, &stories[i]);
			continue;
		}
		jsonw_init(&w, &out, 0);
		jsonw_object(&w);
		story_json(&w, &stories[i]);
		jsonw_end(&w);
		buf_putc(&out, '\n');
	}
	int rc = cli_output(&out);
	buf_done(&out);
	return rc != 0 ? rc : count > 0 ? CLI_FOUND : CLI_NOTHING;
}

int
cli_list_stories(struct cli *cli, const struct cli_args *a)
{
	struct store_story_query q;
	struct store_query items;
	struct cli_home home;
	struct arena arena;
	const char *sources = cli_args_value(a, "sources");
	int64_t least = 1;

	int rc = cli_query(&items, a);
	if (rc == 0 && sources != NULL && !str_int(str_from(sources), 1, 1000000, &least))
		rc = cli_usage(a->command, "--sources: “%s” is no number from 1 to 1000000", sources);
	if (rc != 0)
		return rc;
	q = (struct store_story_query){.actor = items.actor,
	    .topic = items.topic,
	    .watch = items.watch,
	    .feed = items.feed,
	    .since_at = items.since_at,
	    .until_at = items.until_at,
	    .sources_min = (unsigned)least,
	    .limit = items.limit};
	rc = cli_home_open(&home, cli);
	arena_init(&arena, 0);
	if (rc == 0)
		rc = list_stories(cli, home.store, &q, &arena);
	arena_done(&arena);
	cli_home_done(&home);
	return rc;
}
