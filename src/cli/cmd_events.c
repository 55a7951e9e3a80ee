#include "cli/home.h"
#include "cli/listing.h"
#include "cli/query.h"

#include <stdlib.h>

#define PAGE 1000          /* asked of the store at one time */
#define EVENTS_MAX 1000000 /* shown at one time */

/* The last so many events that fit, oldest first, in a ring. */
struct events {
	struct arena arena;
	struct store_event *ring;
	size_t size, count; /* count of all that fit; the ring holds the last `size` of them */
};

static int
collect(struct events *e, struct store *s, struct str feed, int64_t since, struct err *err)
{
	struct store_event *page;
	size_t n;
	int64_t last = 0;
	do {
		if (store_list_events(s, last, PAGE, &e->arena, &page, &n, err) < 0)
			return -1;
		for (size_t i = 0; i < n; i++) {
			last = page[i].id;
			if ((since == TIME_NONE || page[i].at >= since) &&
			    (feed.s == NULL || str_eq(page[i].feed, feed)))
				e->ring[e->count++ % e->size] = page[i];
		}
	} while (n == PAGE);
	return 0;
}

static void
event_json(struct buf *out, const struct store_event *e)
{
	struct jsonw w;
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	jsonw_kint(&w, "schema", RENDER_SCHEMA);
	jsonw_kint(&w, "id", e->id);
	jsonw_ktime(&w, "at", e->at);
	jsonw_kstr(&w, "feed", e->feed);
	jsonw_kstr(&w, "kind", e->kind);
	jsonw_kstr(&w, "text", e->text);
	jsonw_end(&w);
	buf_putc(out, '\n');
}

static void
event_row(struct cli_table *t, const struct store_event *e)
{
	char text[RENDER_TIME_MAX];
	cli_table_cell(
	    t, NULL, str_from(t->plain ? time_format(e->at, false, text) : render_time(e->at, clock_zone_ms, text)));
	cli_table_cell(t, NULL, e->feed);
	cli_table_cell(t, str_starts(e->kind, STR_LIT("failing")) ? "31" : "32", e->kind);
	cli_table_cell(t, NULL, e->text);
}

static int
print_events(const struct cli *cli, const struct events *e)
{
	static const char *const heads[] = {"TIME", "FEED", "WHAT", "WHY"};
	struct cli_listing l;
	size_t first = e->count > e->size ? e->count - e->size : 0;

	cli_listing_begin(&l, cli, heads, sizeof heads / sizeof *heads);
	for (size_t i = first; i < e->count; i++, l.shown++) {
		if (cli->json)
			event_json(&l.out, &e->ring[i % e->size]);
		else
			event_row(&l.table, &e->ring[i % e->size]);
	}
	return cli_listing_end(&l, 0);
}

int
cmd_events(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct cli_home home;
	struct events e = {.size = 0};
	struct err err;
	int64_t since;

	int rc = cli_args_parse(&a, argc, argv);
	if (rc == 0 && a.word_count > 0)
		rc = cli_usage(a.command, "what is “%s”?", a.words[0]);
	rc = rc ? rc : cli_time_option(&a, "since", &since);
	rc = rc ? rc : cli_limit_option(&a, &e.size);
	if (rc != 0)
		return rc;
	if (e.size > EVENTS_MAX)
		e.size = EVENTS_MAX;
	arena_init(&e.arena, 0);
	rc = cli_home_open(&home, cli);
	if (rc == 0 && (e.ring = calloc(e.size, sizeof *e.ring)) == NULL)
		rc = cli_fail(CLI_STORE, "out of memory");
	if (rc == 0 && collect(&e, home.store, str_from(cli_args_value(&a, "feed")), since, &err) < 0)
		rc = cli_fail(CLI_STORE, "%s", err.msg);
	rc = rc ? rc : print_events(cli, &e);
	cli_home_done(&home);
	free(e.ring);
	arena_done(&e.arena);
	return rc;
}
