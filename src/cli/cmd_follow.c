#include "cli/home.h"
#include "cli/query.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#define LOOK_MS 200 /* between two looks at the store's version */

static volatile sig_atomic_t interrupted;

static void
on_signal(int signal)
{
	interrupted = 1;
}

static void
catch_signals(void)
{
	struct sigaction act = {.sa_handler = on_signal};
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
}

static bool
note_id(void *ctx, const struct record *r)
{
	*(int64_t *)ctx = r->id;
	return false;
}

/* The number of the newest item that stands in the store now: follow begins behind it. */
static int
newest(struct store *s, struct arena *arena, int64_t *ret, struct err *err)
{
	struct store_query q = {.text = STR_LIT(""), .since_at = TIME_NONE, .until_at = TIME_NONE, .limit = 1};
	return store_query(s, &q, arena, note_id, ret, err);
}

/* Waits a moment. false when the reader of our output is gone: nobody would ever be told. */
static bool
pause_a_moment(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = 0};
	return poll(&out, 1, LOOK_MS) <= 0 || !(out.revents & (POLLERR | POLLHUP | POLLNVAL));
}

/* Everything that is new since the last call. 0 or an exit code. */
static int
print_new(struct store *s, struct store_query *q, struct cli_printer *p, struct arena *arena)
{
	struct err err;
	size_t before;
	do {
		before = p->count;
		p->style.now = clock_wall();
		if (store_query(s, q, arena, cli_print_record, p, &err) < 0)
			return err.code == ERR_STORE_BUSY ? 0 : cli_fail(CLI_STORE, "%s", err.msg);
		if (p->last_id > q->after_id)
			q->after_id = p->last_id;
	} while (p->count - before == q->limit && !interrupted);
	return cli_printer_flush(p);
}

static int
follow(struct store *s, struct store_query *q, struct cli_printer *p)
{
	struct arena arena;
	struct err err;
	int rc = 0;

	arena_init(&arena, 0);
	int64_t version = store_data_version(s), now;
	if (q->since_at == TIME_NONE && newest(s, &arena, &q->after_id, &err) < 0)
		rc = cli_fail(CLI_STORE, "%s", err.msg);
	else if (q->since_at != TIME_NONE)
		rc = print_new(s, q, p, &arena);
	while (rc == 0 && !interrupted && pause_a_moment()) {
		now = store_data_version(s);
		if (now == version)
			continue;
		version = now;
		rc = print_new(s, q, p, &arena);
	}
	arena_done(&arena);
	return rc;
}

int
cmd_follow(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct cli_home home;
	struct cli_printer p;
	struct store_query q;

	int rc = cli_args_parse(&a, argc, argv);
	if (rc == 0 && a.word_count > 0)
		rc = cli_usage(a.command, "what is “%s”?", a.words[0]);
	rc = rc ? rc : cli_query(&q, &a);
	if (rc != 0)
		return rc;
	q.matched_only = cli_args_value(&a, "all") == NULL;
	q.oldest_first = true;
	q.limit = 1000;
	catch_signals();
	rc = cli_home_open(&home, cli);
	if (rc == 0) {
		cli_printer_init(&p, cli, true);
		rc = follow(home.store, &q, &p);
		cli_printer_done(&p);
	}
	cli_home_done(&home);
	return rc;
}
