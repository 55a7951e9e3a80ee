/* tidings test: what a query, or a watch as it is configured, would have found: how many a day, in which feeds, and which. */
#include "base/jsonw.h"
#include "base/vec.h"
#include "cli/asked.h"
#include "cli/page.h"
#include "cli/query.h"
#include "conf/conf.h"
#include "conf/value.h"
#include "text/safe.h"

#include <stdio.h>
#include <stdlib.h>

#define DAYS_MAX 3660
#define BAR_COLUMNS 40u
#define EXAMPLES 5u

struct feed_count {
	char *key;
	size_t n;
};

struct tally {
	const struct cli *cli;
	int64_t first_day, day_count; /* days since 1970 in the zone of the user */
	size_t *days;
	struct feed_count *feeds;
	size_t feed_count, feed_cap;
	size_t found, examples;
	struct buf shown; /* the examples */
	bool failed;
};

static int64_t
day_of(int64_t at)
{
	int64_t local = at + clock_zone_ms(at);
	return local / DAY_MS - (local % DAY_MS < 0);
}

static void
count_feed(struct tally *t, struct str key)
{
	for (size_t i = 0; i < t->feed_count; i++) {
		if (str_is(key, t->feeds[i].key)) {
			t->feeds[i].n++;
			return;
		}
	}
	char *copy = strndup(key.s ? key.s : "", key.len);
	if (copy == NULL || vec_reserve((void **)&t->feeds, &t->feed_cap, t->feed_count + 1, sizeof *t->feeds) < 0) {
		free(copy);
		t->failed = true;
		return;
	}
	t->feeds[t->feed_count++] = (struct feed_count){copy, 1};
}

static bool
on_found(void *ctx, const struct record *r)
{
	struct tally *t = ctx;
	int64_t day = day_of(r->first_seen_at) - t->first_day;
	struct render_style style = {
	    .colour = t->cli->colour, .width = t->cli->width, .now = clock_wall(), .zone = clock_zone_ms};
	struct jsonw w;
	t->found++;
	if (day >= 0 && day < t->day_count)
		t->days[day]++;
	count_feed(t, r->feed_key);
	if (t->found > t->examples)
		return !t->failed;
	if (t->cli->json) {
		buf_puts(&t->shown, t->shown.len > 0 ? "," : "");
		jsonw_init(&w, &t->shown, 0);
		render_record_json(&w, r);
	} else {
		buf_putc(&t->shown, '\n');
		render_human(&t->shown, r, &style);
	}
	return !t->failed;
}

static int
most_first(const void *a, const void *b)
{
	const struct feed_count *x = a, *y = b;
	return x->n != y->n ? (x->n > y->n ? -1 : 1) : strcmp(x->key, y->key);
}

static void
day_text(int64_t day, char out[11])
{
	char text[RENDER_TIME_MAX];
	render_time(day * DAY_MS, NULL, text);
	snprintf(out, 11, "%.10s", text);
}

/* One line per day, newest last; days without any before the first are left out. */
static void
put_days(const struct tally *t, struct buf *out)
{
	size_t most = 1;
	int64_t from = 0;
	for (int64_t i = 0; i < t->day_count; i++)
		most = t->days[i] > most ? t->days[i] : most;
	while (from + 1 < t->day_count && t->days[from] == 0)
		from++;
	for (int64_t i = from; i < t->day_count && t->found > 0; i++) {
		char day[11];
		size_t bar = (t->days[i] * BAR_COLUMNS + most - 1) / most;
		day_text(t->first_day + i, day);
		buf_printf(out, "%s %6zu%s", day, t->days[i], bar ? "  " : "");
		for (size_t k = 0; k < bar; k++)
			buf_puts(out, "█");
		buf_putc(out, '\n');
	}
}

static void
put_feeds(const struct tally *t, struct buf *out)
{
	for (size_t i = 0; i < t->feed_count; i++) {
		buf_printf(out, "%17zu  ", t->feeds[i].n);
		text_safe(out, str_from(t->feeds[i].key), TEXT_SAFE_ISOLATE);
		buf_putc(out, '\n');
	}
}

static void
put_text(const struct tally *t, struct buf *out)
{
	double a_day = (double)t->found / (double)(t->day_count > 0 ? t->day_count : 1);
	buf_printf(out, "%zu item%s in %lld day%s: %.*f a day\n\n", t->found, t->found == 1 ? "" : "s",
	    (long long)t->day_count, t->day_count == 1 ? "" : "s", t->found > 0 && a_day < 1 ? 2 : 1, a_day);
	put_days(t, out);
	buf_puts(out, t->found > 0 ? "\n" : "");
	put_feeds(t, out);
	buf_str(out, buf_view(&t->shown));
}

static void
put_json(const struct tally *t, struct buf *out)
{
	struct jsonw w;
	char day[11];
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	jsonw_kint(&w, "found", (int64_t)t->found);
	jsonw_key(&w, "days");
	jsonw_array(&w);
	for (int64_t i = 0; i < t->day_count; i++) {
		day_text(t->first_day + i, day);
		jsonw_object(&w);
		jsonw_kcstr(&w, "day", day);
		jsonw_kint(&w, "found", (int64_t)t->days[i]);
		jsonw_end(&w);
	}
	jsonw_end(&w);
	jsonw_key(&w, "feeds");
	jsonw_array(&w);
	for (size_t i = 0; i < t->feed_count; i++) {
		jsonw_object(&w);
		jsonw_kcstr(&w, "feed", t->feeds[i].key);
		jsonw_kint(&w, "found", (int64_t)t->feeds[i].n);
		jsonw_end(&w);
	}
	jsonw_end(&w);
	jsonw_key(&w, "examples");
	jsonw_raw(&w, STR_LIT("["));
	buf_str(out, buf_view(&t->shown));
	buf_putc(out, ']');
	jsonw_end(&w);
	buf_putc(out, '\n');
}

static int
put(struct tally *t)
{
	struct buf out;
	buf_init(&out, 0);
	if (t->feed_count > 1)
		qsort(t->feeds, t->feed_count, sizeof *t->feeds, most_first);
	if (t->cli->json)
		put_json(t, &out);
	else
		put_text(t, &out);
	int rc = cli_output(&out);
	buf_done(&out);
	return rc ? rc : t->found > 0 ? CLI_FOUND : CLI_NOTHING;
}

/* ---- a watch of the configuration ---- */

struct watched {
	const struct conf *conf;
	const struct conf_watch *watch;
	struct watchlist *list;
	struct tally *tally;
	struct cli_given_up given_up;
	struct arena arena;
	struct err *err;
	bool failed;
};

/* Is it in the watch's own query, or in one of the topics that it names? */
static bool
concerns(struct watched *w, const struct watch_given_up *g)
{
	const struct conf_list *topics = &w->watch->topics;
	struct str alert = arena_printf(&w->arena, CONF_ALERT_PREFIX "%.*s", STR_ARG(w->watch->key));
	if (conf_list_has(topics, STR_LIT("*")))
		return true;
	for (size_t i = 0; i <= topics->count; i++) {
		ptrdiff_t entity = watchlist_find(w->list, i < topics->count ? topics->items[i] : alert);
		if (entity >= 0 && watch_given_up_concerns(w->list, (size_t)entity, g))
			return true;
	}
	return false;
}

static void
note_given_up(struct watched *w, const struct watch_result *result)
{
	for (size_t i = 0; i < result->given_up_count; i++) {
		if (concerns(w, &result->given_up[i]))
			cli_given_up_note(&w->given_up, &result->given_up[i]);
	}
}

static bool
on_item(void *ctx, const struct record *r)
{
	struct watched *w = ctx;
	struct watch_result result;
	arena_reset(&w->arena);
	struct watch_input in = cli_asked_input(w->conf, r, &w->arena);
	if (watch_match(w->list, &in, &w->arena, &result, w->err) < 0) {
		w->failed = true;
		return false;
	}
	note_given_up(w, &result);
	if (!conf_watch_applies(w->watch, conf_find_feed(w->conf, r->feed_key), w->list, &result))
		return true;
	return on_found(w->tally, r);
}

static int
test_watch(const struct cli_home *home, const char *key, const struct store_query *q, struct tally *t)
{
	struct watched w = {.conf = home->conf, .tally = t};
	struct conf_report report;
	struct arena arena;
	struct err err;
	if (home->conf == NULL || (w.watch = conf_find_watch(home->conf, str_from(key))) == NULL)
		return cli_fail(CLI_NOTHING, "there is no watch “%s” in the configuration", key);
	conf_report_init(&report);
	w.list = conf_compile_watchlist(home->conf, &report);
	for (size_t i = 0; w.list == NULL && i < report.count; i++)
		cli_fail_lines(CLI_CONFIG, report.messages[i]);
	conf_report_done(&report);
	if (w.list == NULL)
		return CLI_CONFIG;
	w.err = &err;
	arena_init(&arena, 0);
	arena_init(&w.arena, 0);
	int rc = store_query(home->store, q, &arena, on_item, &w, &err) < 0 || w.failed
	             ? cli_fail(CLI_STORE, "%s", err.msg)
	             : 0;
	arena_done(&w.arena);
	arena_done(&arena);
	cli_given_up_tell(&w.given_up, w.list);
	watchlist_free(w.list);
	return rc;
}

static int
test_query(const struct cli_home *home, struct str query, const struct store_query *q, struct tally *t)
{
	struct cli_asked asked;
	struct err err;
	int rc = cli_asked_open(&asked, home, query);
	if (rc == 0 && cli_asked_walk(&asked, home->store, q, on_found, t, &err) < 0)
		rc = cli_fail(CLI_STORE, "%s", err.msg);
	cli_asked_done(&asked);
	return rc;
}

static int
tally_init(struct tally *t, const struct cli *cli, const struct cli_args *a, struct store_query *q)
{
	const char *examples = cli_args_value(a, "examples");
	int64_t now = clock_wall(), n = EXAMPLES;
	if (examples != NULL && !str_int(str_from(examples), 0, 10000, &n))
		return cli_usage(a->command, "--examples: “%s” is no number from 0 to 10000", examples);
	if (q->since_at == TIME_NONE)
		q->since_at = now - 30 * DAY_MS;
	*t = (struct tally){.cli = cli, .examples = (size_t)n, .first_day = day_of(q->since_at)};
	t->day_count =
	    day_of(q->until_at != TIME_NONE && q->until_at <= now ? q->until_at - 1 : now) - t->first_day + 1;
	if (t->day_count < 1 || t->day_count > DAYS_MAX)
		return cli_usage(a->command, "--since: a time within the last %d days is wanted", DAYS_MAX);
	t->days = calloc((size_t)t->day_count, sizeof *t->days);
	buf_init(&t->shown, 0);
	return t->days == NULL ? cli_fail(CLI_STORE, "memory ran out") : 0;
}

/* Of days before the first item nothing is known: they would only make the mean smaller. */
static int
tally_known(struct tally *t, struct store *s)
{
	int64_t oldest, last = t->first_day + t->day_count - 1;
	struct err err;
	if (store_oldest_item(s, &oldest, &err) < 0)
		return cli_fail(CLI_STORE, "%s", err.msg);
	int64_t first = oldest == TIME_NONE ? t->first_day : day_of(oldest);
	first = first < t->first_day ? t->first_day : first > last ? last : first;
	t->day_count = last - first + 1;
	t->first_day = first;
	return 0;
}

static void
tally_done(struct tally *t)
{
	for (size_t i = 0; i < t->feed_count; i++)
		free(t->feeds[i].key);
	free(t->feeds);
	free(t->days);
	buf_done(&t->shown);
}

int
cmd_test(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct store_query q;
	struct tally t = {.cli = cli};
	struct cli_home home = {.conf = NULL};
	struct buf words;
	int rc = cli_args_parse(&a, argc, argv);
	const char *watch = rc == 0 ? cli_args_value(&a, "watch") : NULL;
	rc = rc ? rc : cli_query(&q, &a);
	if (rc == 0 && (watch != NULL) == (a.word_count > 0))
		rc = cli_usage(a.command, "write a query, or --watch KEY");
	if (rc != 0)
		return rc;
	q.watch = STR_NONE;
	q.limit = INT64_MAX;
	buf_init(&words, 0);
	for (int i = 0; i < a.word_count; i++)
		buf_printf(&words, "%s%s", i > 0 ? " " : "", a.words[i]);
	rc = tally_init(&t, cli, &a, &q);
	rc = rc ? rc : cli_home_open(&home, cli);
	rc = rc ? rc : tally_known(&t, home.store);
	if (rc == 0)
		rc = watch ? test_watch(&home, watch, &q, &t) : test_query(&home, str_trim(buf_view(&words)), &q, &t);
	if (rc == 0)
		rc = t.failed || t.shown.failed ? cli_fail(CLI_STORE, "memory ran out") : put(&t);
	cli_home_done(&home);
	tally_done(&t);
	buf_done(&words);
	return rc;
}
