#include "cli/control.h"
#include "cli/home.h"
#include "cli/page.h"
#include "render/render.h"
#include "store/store.h"

#include <jansson.h>

struct status {
	struct store_totals totals;
	struct store_outbox_counts outbox;
	struct arena arena;
	struct store_hold *holds;
	size_t hold_count;
	json_t *daemon; /* its answer, or NULL */
	struct buf answer;
	struct err fault; /* why there is none; ERR_NONE: no socket is known */
};

static int
ask_store(struct status *s, struct store *store)
{
	struct err err;
	if (store_totals(store, &s->totals, &err) < 0 || store_outbox_counts(store, &s->outbox, &err) < 0 ||
	    store_list_holds(store, clock_wall(), INT64_MAX, &s->arena, &s->holds, &s->hold_count, &err) < 0)
		return cli_fail(CLI_STORE, "%s", err.msg);
	return 0;
}

static void
ask_daemon(struct status *s, const char *control_path)
{
	json_error_t error;
	err_clear(&s->fault);
	if (control_path == NULL || cli_control(control_path, "status", &s->answer, &s->fault) < 0)
		return;
	s->daemon = json_loadb(s->answer.data ? s->answer.data : "", s->answer.len, 0, &error);
	if (!json_is_object(s->daemon)) {
		json_decref(s->daemon);
		s->daemon = NULL;
		err_set(&s->fault, ERR_SYNTAX, "what answers at %s is no daemon of ours", control_path);
	}
}

static void
status_json(struct buf *out, const struct cli_home *home, const struct status *s)
{
	struct jsonw w;
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	jsonw_kint(&w, "schema", RENDER_SCHEMA);
	jsonw_kbool(&w, "reachable", s->daemon != NULL);
	jsonw_kcstr(&w, "control", home->control_path);
	jsonw_kstr(&w, "error", s->fault.code == ERR_NONE ? STR_NONE : str_from(s->fault.msg));
	jsonw_key(&w, "daemon");
	if (s->daemon != NULL)
		jsonw_raw(&w, str_trim(buf_view(&s->answer)));
	else
		jsonw_null(&w);
	jsonw_key(&w, "store");
	jsonw_object(&w);
	jsonw_kcstr(&w, "path", home->store_path);
	jsonw_kint(&w, "size_bytes", s->totals.size_bytes);
	jsonw_kint(&w, "items", s->totals.items);
	jsonw_kint(&w, "matched_items", s->totals.matched_items);
	jsonw_kint(&w, "feeds", s->totals.feeds);
	jsonw_kint(&w, "failing_feeds", s->totals.failing_feeds);
	jsonw_kint(&w, "polls", s->totals.polls);
	jsonw_kint(&w, "gone_feeds", s->totals.gone_feeds);
	jsonw_kint(&w, "gaps", s->totals.gaps);
	jsonw_ktime(&w, "oldest", s->totals.oldest_at);
	jsonw_ktime(&w, "newest", s->totals.newest_at);
	jsonw_end(&w);
	jsonw_key(&w, "holds");
	jsonw_array(&w);
	for (size_t i = 0; i < s->hold_count; i++) {
		jsonw_object(&w);
		jsonw_kstr(&w, "host", s->holds[i].host);
		jsonw_ktime(&w, "until", s->holds[i].until_at);
		jsonw_kstr(&w, "why", s->holds[i].why);
		jsonw_end(&w);
	}
	jsonw_end(&w);
	jsonw_key(&w, "outbox");
	jsonw_object(&w);
	jsonw_kint(&w, "pending", s->outbox.pending);
	jsonw_kint(&w, "in_flight", s->outbox.in_flight);
	jsonw_kint(&w, "done", s->outbox.done);
	jsonw_kint(&w, "dead", s->outbox.dead);
	jsonw_kint(&w, "held", s->outbox.held);
	jsonw_kint(&w, "muted", s->outbox.muted);
	jsonw_end(&w);
	jsonw_end(&w);
	buf_putc(out, '\n');
}

/* The daemon in a few words. */
static void
put_daemon(struct buf *b, const struct status *s)
{
	const char *version = json_string_value(json_object_get(s->daemon, "version"));
	const char *started = json_string_value(json_object_get(s->daemon, "started"));
	if (s->daemon == NULL && s->fault.code == ERR_NONE) {
		buf_puts(b, "unknown: no control socket is configured");
	} else if (s->daemon == NULL) {
		buf_printf(b, "not reachable: %s", s->fault.msg);
	} else {
		buf_printf(b, "running, pid %lld", (long long)json_integer_value(json_object_get(s->daemon, "pid")));
		if (version != NULL)
			buf_printf(b, ", version %s", version);
		if (started != NULL)
			buf_printf(b, ", since %s", started);
		if (json_is_true(json_object_get(s->daemon, "degraded")))
			buf_puts(b, "; it cannot write its database and has stopped polling");
		if (json_is_true(json_object_get(s->daemon, "rematching")))
			buf_printf(b, "; stored items are being matched again, %lld so far",
			    (long long)json_integer_value(json_object_get(s->daemon, "rematched")));
	}
}

static void
put_size(struct buf *b, int64_t bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	double n = (double)bytes;
	size_t u = 0;
	for (; n >= 1024 && u < sizeof units / sizeof *units - 1; u++)
		n /= 1024;
	buf_printf(b, "%.*f %s", u == 0 ? 0 : 1, n, units[u]);
}

static void
field(struct cli_page *p, const char *label, struct buf *b)
{
	cli_page_field(p, label, buf_view(b));
	p->out->failed |= b->failed;
	buf_reset(b);
}

static long long
number(const json_t *object, const char *key)
{
	return (long long)json_integer_value(json_object_get(object, key));
}

static void
put_workers(struct buf *b, const json_t *w)
{
	const char *trouble = json_string_value(json_object_get(w, "trouble"));
	bool seccomp = json_is_true(json_object_get(w, "seccomp")),
	     memory = json_is_true(json_object_get(w, "memory_limit"));
	if (number(w, "processes") == 0) {
		buf_printf(b, "none, the daemon reads documents itself, unconfined; %lld read", number(w, "documents"));
		return;
	}
	buf_printf(b, "%lld of %lld ready; %lld documents read, %lld waiting, %lld crashes, %lld restarts; ",
	    number(w, "ready"), number(w, "processes"), number(w, "documents"),
	    number(w, "queued") + number(w, "in_hand"), number(w, "crashed"), number(w, "restarts"));
	if (trouble == NULL || number(w, "ready") > 0)
		buf_puts(b, seccomp && memory ? "confined"
		            : seccomp         ? "confined, but without a limit of memory"
		                              : "not confined: system calls are not filtered");
	if (trouble != NULL)
		buf_printf(b, "%s%s", number(w, "ready") > 0 ? "; " : "", trouble);
}

/* By how much the loop was late, of all the times that it was looked at. */
static void
put_loop(struct buf *b, const json_t *daemon)
{
	const json_t *lags = json_object_get(daemon, "loop_lag"), *lag;
	size_t i;
	buf_printf(b, "never later than %lld ms", number(daemon, "loop_lag_max_ms"));
	json_array_foreach(lags, i, lag)
	{
		if (number(lag, "count") == 0)
			continue;
		if (json_is_integer(json_object_get(lag, "le_ms")))
			buf_printf(b, "; up to %lld ms: %lld", number(lag, "le_ms"), number(lag, "count"));
		else
			buf_printf(b, "; more: %lld", number(lag, "count"));
	}
}

#define HOLDS_SHOWN 3

/* What polls wait for. */
static void
put_polling(struct buf *b, const struct status *s)
{
	char until[RENDER_TIME_MAX];
	if (s->daemon != NULL) {
		buf_printf(b, "%lld in flight, %lld waiting for their host", number(s->daemon, "polls_in_flight"),
		    number(s->daemon, "polls_waiting_for_host"));
		if (json_is_true(json_object_get(s->daemon, "network_down")))
			buf_puts(b, "; our own network seems to be down, polling waits until something answers");
	} else {
		buf_puts(b, "unknown");
	}
	for (size_t i = 0; i < s->hold_count && i < HOLDS_SHOWN; i++) {
		buf_puts(b, "; ");
		buf_str(b, s->holds[i].host);
		buf_printf(b, " is left alone until %s (", render_time(s->holds[i].until_at, clock_zone_ms, until));
		buf_str(b, s->holds[i].why);
		buf_putc(b, ')');
	}
	if (s->hold_count > HOLDS_SHOWN)
		buf_printf(b, "; and so are %zu more hosts", s->hold_count - HOLDS_SHOWN);
}

static void
status_text(struct cli_page *p, const struct cli_home *home, const struct status *s)
{
	const struct store_totals *t = &s->totals;
	char from[RENDER_TIME_MAX], to[RENDER_TIME_MAX];
	struct buf b;

	buf_init(&b, 0);
	put_daemon(&b, s);
	field(p, "daemon", &b);
	const json_t *workers = json_object_get(s->daemon, "workers");
	if (workers != NULL) {
		put_workers(&b, workers);
		field(p, "workers", &b);
	}
	if (json_object_get(s->daemon, "loop_lag") != NULL) {
		put_loop(&b, s->daemon);
		field(p, "loop", &b);
	}
	buf_printf(&b, "%s, ", home->store_path);
	put_size(&b, t->size_bytes);
	field(p, "store", &b);
	buf_printf(&b, "%lld, %lld of them matched", (long long)t->items, (long long)t->matched_items);
	if (t->items > 0)
		buf_printf(&b, "; first seen from %s to %s", render_time(t->oldest_at, clock_zone_ms, from),
		    render_time(t->newest_at, clock_zone_ms, to));
	field(p, "items", &b);
	buf_printf(&b, "%lld, %lld of them failing; %lld polls", (long long)t->feeds, (long long)t->failing_feeds,
	    (long long)t->polls);
	if (t->gone_feeds > 0)
		buf_printf(&b, "; %lld gone for good", (long long)t->gone_feeds);
	if (t->gaps > 0)
		buf_printf(&b, "; %lld times items were probably missed", (long long)t->gaps);
	field(p, "feeds", &b);
	put_polling(&b, s);
	field(p, "polling", &b);
	buf_printf(&b, "%lld pending, %lld held, %lld in flight, %lld done, %lld dead, %lld muted",
	    (long long)s->outbox.pending, (long long)s->outbox.held, (long long)s->outbox.in_flight,
	    (long long)s->outbox.done, (long long)s->outbox.dead, (long long)s->outbox.muted);
	field(p, "outbox", &b);
	buf_done(&b);
}

int
cmd_status(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct cli_home home;
	struct status s = {.daemon = NULL};
	struct buf out;
	struct cli_page page = {&out, cli->colour, cli->width};

	int rc = cli_args_parse(&a, argc, argv);
	if (rc == 0 && a.word_count > 0)
		rc = cli_usage(a.command, "what is “%s”?", a.words[0]);
	if (rc != 0)
		return rc;
	arena_init(&s.arena, 0);
	buf_init(&out, 0);
	buf_init(&s.answer, CLI_CONTROL_MAX);
	rc = cli_home_open(&home, cli);
	rc = rc ? rc : ask_store(&s, home.store);
	if (rc == 0) {
		ask_daemon(&s, home.control_path);
		if (cli->json)
			status_json(&out, &home, &s);
		else
			status_text(&page, &home, &s);
		rc = cli_output(&out);
		if (rc == 0 && s.daemon == NULL && home.control_path != NULL)
			rc = CLI_NO_DAEMON;
	}
	cli_home_done(&home);
	json_decref(s.daemon);
	arena_done(&s.arena);
	buf_done(&s.answer);
	buf_done(&out);
	return rc;
}
