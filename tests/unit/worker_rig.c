#include "worker_rig.h"

#include "tap.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

struct event_base *base;
struct watchlist *watchlist;
struct worker_pool *pool;
unsigned notes;

void
setup(void)
{
	struct watch_builder *b = watch_builder_new();
	struct err err;
	signal(SIGPIPE, SIG_IGN);
	base = event_base_new();
	ck_assert_ptr_nonnull(base);
	ck_assert_int_eq(watch_add(b, STR_LIT("zel"), WATCH_PERSON, STR_LIT("und"), STR_LIT("Zelensky"),
	                     (struct watch_origin){STR_NONE, 0}, &err),
	    0);
	watchlist = watch_compile(b, &err);
	ck_assert_ptr_nonnull(watchlist);
	watch_builder_free(b);
}

void
teardown(void)
{
	worker_pool_free(pool);
	pool = NULL;
	watchlist_free(watchlist);
	event_base_free(base);
}

static void
on_note(void *ctx, const struct err *what)
{
	notes++;
}

void
start(unsigned processes, void (*serve)(int, int, const struct worker_child_options *), int64_t deadline_ms,
    unsigned documents_max)
{
	struct worker_settings s = {.processes = processes,
	    .watchlist = watchlist,
	    .serve = serve,
	    .note = on_note,
	    .deadline_ms = deadline_ms,
	    .documents_max = documents_max};
	struct err err;
	pool = worker_pool_new(base, &s, &err);
	ck_assert_msg(pool != NULL, "%s", err.msg);
}

struct worker_status
status(void)
{
	struct worker_status s;
	worker_pool_status(pool, &s);
	return s;
}

void
on_done(void *ctx, const struct err *result, struct str body)
{
	struct asked *a = ctx;
	a->answers++;
	a->result = *result;
	a->body_len = body.len;
}

void
ask_text(struct asked *a, const char *text, size_t padding)
{
	struct analysis_job job = {.input.url = STR_LIT("https://x.example/")};
	struct buf body;
	struct err err;
	*a = (struct asked){.answers = 0};
	arena_init(&a->arena, WORKER_ARENA_BYTES);
	buf_init(&body, 0);
	buf_puts(&body, text);
	for (size_t i = 0; i < padding; i++)
		buf_putc(&body, ' ');
	ck_assert_int_eq(worker_pool_submit(pool, &job, &body, &a->arena, &a->analysis, on_done, a, &a->job, &err), 0);
	ck_assert_ptr_null(body.data);
}

void
ask(struct asked *a, const char *title)
{
	char text[1024];
	snprintf(text, sizeof text,
	    "<rss version=\"2.0\"><channel><title>T</title><item><title>%s</title></item></channel></rss>", title);
	ask_text(a, text, 0);
}

static void
on_late(evutil_socket_t fd, short what, void *ctx)
{
	ck_abort_msg("not answered in time");
}

void
await_answers(struct asked *asked, size_t count)
{
	struct event *late = evtimer_new(base, on_late, NULL);
	struct timeval tv = {.tv_sec = PATIENCE_MS / 1000};
	event_add(late, &tv);
	for (size_t i = 0; i < count; i++) {
		while (asked[i].answers == 0)
			event_base_loop(base, EVLOOP_ONCE);
	}
	event_free(late);
}

void
done(struct asked *asked, size_t count)
{
	for (size_t i = 0; i < count; i++)
		arena_done(&asked[i].arena);
}

void
check_good(const struct asked *a)
{
	ck_assert_msg(a->result.code == ERR_NONE, "%s", a->result.msg);
	ck_assert_uint_eq(a->analysis.doc.item_count, 1);
	ck_assert_uint_eq(a->analysis.items[0].matches.hit_count, 1);
	ck_assert_str_is(a->analysis.items[0].matches.hits[0].mentions[0].name, "Zelensky");
}

void
say(int out, struct buf *b)
{
	for (size_t at = 0; at < b->len;) {
		ssize_t n = write(out, b->data + at, b->len - at);
		if (n <= 0)
			_exit(4);
		at += (size_t)n;
	}
	buf_reset(b);
}
