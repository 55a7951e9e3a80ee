#include "worker_rig.h"

#include "tap.h"

#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- workers that behave and others ---- */

/* What every worker has of the areas that are shared: its own. */
static unsigned
shared_mappings(void)
{
	char line[512];
	unsigned n = 0;
	FILE *f = fopen("/proc/self/maps", "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		n += strstr(line, " rw-s ") != NULL;
	if (f != NULL)
		fclose(f);
	return n;
}

static void
act_beside(const char *title, int out, unsigned nth, const struct worker_child_options *options)
{
	static const unsigned char huge[] = {0x1A, 0, 4, 0, 1}, garbage[] = {0x1A, 0, 0, 0, 3};
	if (strstr(title, "do-beside-huge") && write(out, huge, sizeof huge) > 0)
		pause();
	if (strstr(title, "do-scribble"))
		memset(options->area->answers, 0x83, sizeof options->area->answers);
	if (strstr(title, "do-beside-garbage")) {
		memset(options->area->answers[nth % AREA_SLOTS], 'x', 3);
		if (write(out, garbage, sizeof garbage) > 0)
			pause();
	}
	if (strstr(title, "do-overflow"))
		*((volatile char *)options->area + sizeof *options->area) = 'x';
	if (strstr(title, "do-underflow"))
		*((volatile char *)options->area - 1) = 'x';
	if (strstr(title, "do-count") && shared_mappings() != 1)
		_exit(8);
}

/* Answers like a real one, but for documents in which a word tells it what to do. */
static void
act(const char *title, int out)
{
	static const unsigned char huge[] = {0x5A, 0xFF, 0xFF, 0xFF, 0xFF}, partial[] = {0x5A, 0, 0, 1, 0, 0x83, 0},
	                           garbage[] = {0x5A, 0, 0, 0, 3, 'x', 'y', 'z'}, text[] = "HTTP/1.1 200 OK";
	const char *number = strstr(title, "do-signal-");
	if (number != NULL) {
		raise((int)strtol(number + 10, NULL, 10));
		_exit(9);
	}
	if (strstr(title, "do-exit"))
		_exit(3);
	if (strstr(title, "do-hang"))
		for (;;)
			pause();
	if (strstr(title, "do-huge") && write(out, huge, sizeof huge) > 0)
		pause();
	if (strstr(title, "do-garbage") && write(out, garbage, sizeof garbage) > 0)
		pause();
	if (strstr(title, "do-text") && write(out, text, sizeof text) > 0)
		pause();
	if (strstr(title, "do-partial") && write(out, partial, sizeof partial) > 0)
		_exit(0);
	if (strstr(title, "do-close")) {
		close(out);
		pause();
	}
}

static void
actor(int in, int out, const struct worker_child_options *options)
{
	struct worker_hello hello = {0};
	struct buf b, received;
	struct str message;
	buf_init(&b, 0);
	buf_init(&received, 0);
	message_put_hello(&b, &hello);
	say(out, &b);
	for (unsigned n = 0; worker_child_receive(in, options, n, &received, &message); n++) {
		struct analysis_job job;
		struct analysis analysis;
		struct arena arena;
		struct err err = {0};
		arena_init(&arena, 0);
		if (message_get_job(message, &job, &err) < 0)
			_exit(6);
		struct str body = arena_str(&arena, job.input.body);
		act_beside(body.s, out, n, options);
		act(body.s, out);
		if (analyse(&job, &feed_limits_default, options->watchlist, &arena, &analysis, &err) == 0)
			err_clear(&err);
		message_put_answer(&b, &analysis, &err);
		if (!worker_child_send(out, options, n, buf_view(&b)))
			_exit(5);
		buf_reset(&b);
		arena_done(&arena);
	}
}

/* ---- tests ---- */

static void
check_many(unsigned processes)
{
	enum { N = 50 };
	struct asked asked[N];
	start(processes, NULL, 0, 0);
	for (size_t i = 0; i < N; i++)
		ask(&asked[i], "Zelensky speaks");
	await_answers(asked, N);
	for (size_t i = 0; i < N; i++) {
		check_good(&asked[i]);
		ck_assert_uint_eq(asked[i].answers, 1);
	}
	ck_assert_int_eq(status().documents, N);
	ck_assert_uint_eq(status().queued_bytes, 0);
	done(asked, N);
}

START_TEST(test_every_document_is_answered_once)
{
	check_many(2);
	ck_assert_uint_eq(status().crashed, 0);
	ck_assert_uint_eq(notes, 0);
}
END_TEST

START_TEST(test_without_processes_it_is_read_at_once)
{
	struct asked a;
	start(0, NULL, 0, 0);
	ask(&a, "Zelensky speaks");
	ck_assert_uint_eq(a.answers, 1);
	ck_assert_ptr_null(a.job);
	check_good(&a);
	done(&a, 1);
}
END_TEST

#define PROSE \
	"The harbour of the small town was quiet on Monday morning, and the boats that had left before dawn were " \
	"nowhere " \
	"to be seen when the visitors arrived to speak with the mayor about the new pier and its cost. "

static void
ask_page(struct asked *a, const char *html)
{
	struct analysis_job job = {.page = true,
	    .input = {.url = STR_LIT("https://x.example/a"), .content_type = STR_LIT("text/html; charset=utf-8")},
	    .item = {.title = STR_LIT("Zelensky at the pier")}};
	struct buf body;
	struct err err;
	*a = (struct asked){.answers = 0};
	arena_init(&a->arena, WORKER_ARENA_BYTES);
	buf_init(&body, 0);
	buf_puts(&body, html);
	ck_assert_int_eq(worker_pool_submit(pool, &job, &body, &a->arena, &a->analysis, on_done, a, &a->job, &err), 0);
}

static void
check_pages(unsigned processes)
{
	struct asked a[2];
	start(processes, NULL, 0, 0);
	ask_page(
	    &a[0], "<html lang=en><link rel=canonical href=/b><p>" PROSE "Zelensky spoke.</p><p>" PROSE "</p></html>");
	ask_page(&a[1], "<html><p>nothing</p></html>");
	await_answers(a, 2);
	ck_assert_int_eq(a[0].result.code, ERR_NONE);
	ck_assert_uint_eq(a[0].analysis.page_count, 1);
	ck_assert_uint_eq(a[0].analysis.doc.item_count, 0);
	const struct page_analysis *p = a[0].analysis.page;
	ck_assert_str_is(p->article.canonical, "https://x.example/b");
	ck_assert_str_is(p->article.language, "en");
	ck_assert_uint_eq(p->matches.hit_count, 1);
	ck_assert_uint_eq(p->matches.hits[0].mention_count, 2);
	ck_assert_int_eq(p->matches.hits[0].mentions[0].field, WATCH_FIELD_TITLE);
	ck_assert_int_eq(p->matches.hits[0].mentions[1].field, WATCH_FIELD_ARTICLE);
	ck_assert_int_eq(a[1].result.code, ERR_EMPTY);
	done(a, 2);
}

START_TEST(test_pages_are_read_as_feeds_are)
{
	check_pages(2);
}
END_TEST

START_TEST(test_pages_are_read_without_processes)
{
	check_pages(0);
}
END_TEST

START_TEST(test_what_the_parser_refuses_is_told_in_its_words)
{
	struct asked a;
	start(1, NULL, 0, 0);
	ask_text(&a, "GIF89a is a picture", 0);
	await_answers(&a, 1);
	ck_assert_int_eq(a.result.code, ERR_NOT_A_FEED);
	ck_assert_uint_eq(status().crashed, 0);
	done(&a, 1);
}
END_TEST

START_TEST(test_a_large_document_goes_through_the_pipe_in_pieces)
{
	struct asked a[3];
	char text[] =
	    "<rss version=\"2.0\"><channel><title>T</title><item><title>Zelensky</title></item></channel></rss>";
	start(2, NULL, 0, 0);
	for (size_t i = 0; i < 3; i++)
		ask_text(&a[i], text, 8u << 20);
	await_answers(a, 3);
	for (size_t i = 0; i < 3; i++) {
		check_good(&a[i]);
		ck_assert_uint_eq(a[i].body_len, sizeof text - 1 + (8u << 20));
	}
	done(a, 3);
}
END_TEST

static size_t
bytes_before_body(size_t body)
{
	struct analysis_job job = {.input.url = STR_LIT("https://x.example/"), .input.body = {"", body}};
	struct buf b;
	buf_init(&b, 0);
	message_put_job(&b, &job);
	size_t n = b.len - WIRE_HEAD;
	buf_done(&b);
	return n;
}

/* Those that fit into a slot and those that do not, one behind the other: each answer is that of its document. */
START_TEST(test_documents_of_all_sizes_are_answered_in_turn)
{
	enum { N = 30 };
	struct asked asked[N];
	char text[200], title[32];
	start(2, NULL, 0, 0);
	for (size_t i = 0; i < N; i++) {
		snprintf(text, sizeof text,
		    "<rss version=\"2.0\"><channel><title>T</title><item><title>Zelensky "
		    "%02zu</title></item></channel></rss>",
		    i);
		size_t fits = AREA_SLOT_BYTES - bytes_before_body(AREA_SLOT_BYTES) - strlen(text);
		size_t padding[] = {0, fits - 1, fits, fits + 1, 0, 2 * fits};
		ask_text(&asked[i], text, padding[i % 6]);
	}
	await_answers(asked, N);
	for (size_t i = 0; i < N; i++) {
		check_good(&asked[i]);
		snprintf(title, sizeof title, "Zelensky %02zu", i);
		ck_assert_str_is(asked[i].analysis.doc.items[0].title, title);
	}
	ck_assert_int_eq(status().crashed, 0);
	done(asked, N);
}
END_TEST

/* An answer of more than a slot, between small ones. */
START_TEST(test_large_answers_come_through_the_pipe)
{
	enum { N = 9, WORDS = 60000 };
	struct asked asked[N];
	struct buf text;
	buf_init(&text, 0);
	start(2, NULL, 0, 0);
	for (size_t i = 0; i < N; i++) {
		buf_reset(&text);
		buf_printf(&text,
		    "<rss version='2.0'><channel><title>T</title><item><title>Zelensky %zu</title><description>", i);
		for (size_t k = 0; k < (i % 2 ? WORDS : 1); k++)
			buf_puts(&text, "harbour ");
		buf_puts(&text, "</description></item></channel></rss>");
		ask_text(&asked[i], text.data, 0);
	}
	await_answers(asked, N);
	for (size_t i = 0; i < N; i++) {
		check_good(&asked[i]);
		ck_assert_uint_eq(asked[i].analysis.doc.items[0].summary_text.len, i % 2 ? WORDS * 8 - 1 : 7);
	}
	buf_done(&text);
	done(asked, N);
}
END_TEST

/* What was taken does not change any more, whatever the worker does with the memory that it shares. */
START_TEST(test_an_answer_is_a_copy)
{
	struct asked first, second;
	start(1, actor, 0, 0);
	ask(&first, "Zelensky speaks");
	await_answers(&first, 1);
	ask(&second, "Zelensky do-scribble");
	await_answers(&second, 1);
	check_good(&first);
	check_good(&second);
	ck_assert_str_is(first.analysis.doc.items[0].title, "Zelensky speaks");
	done(&first, 1);
	done(&second, 1);
}
END_TEST

START_TEST(test_a_worker_has_no_area_but_its_own)
{
	enum { N = 24 };
	struct asked asked[N];
	start(3, actor, 0, 4); /* also those that are started later */
	for (size_t i = 0; i < N; i++)
		ask(&asked[i], "Zelensky do-count");
	await_answers(asked, N);
	for (size_t i = 0; i < N; i++)
		check_good(&asked[i]);
	ck_assert_int_eq(status().crashed, 0);
	ck_assert_int_gt(status().restarts, 0);
	done(asked, N);
}
END_TEST

/* What one document makes a worker do costs that one an error, and others nothing. */
static const struct {
	const char *title, *says;
} harm[] = {
    {"do-signal-11", "signal 11"},
    {"do-signal-31", "signal 31"}, /* SIGSYS */
    {"do-signal-9", "signal 9"},
    {"do-signal-6", "signal 6"},
    {"do-signal-24", "processor"}, /* SIGXCPU */
    {"do-exit", "exit status 3"},
    {"do-hang", "kept the parser"},
    {"do-huge", "too long"},
    {"do-garbage", "not valid"},
    {"do-text", "not valid"},
    {"do-partial", "exit status 0"},
    {"do-beside-huge", "too long"},
    {"do-beside-garbage", "not valid"},
    {"do-overflow", "ended the parser"}, /* by signal 11, or however a sanitizer ends it */
    {"do-underflow", "ended the parser"},
    {"do-close", "signal 9"},
};

START_TEST(test_one_document_harms_nobody_else)
{
	enum { N = 13 };
	struct asked asked[N];
	start(2, actor, strcmp(harm[_i].title, "do-hang") == 0 ? 700 : PATIENCE_MS, 0);
	for (size_t i = 0; i < N; i++)
		ask(&asked[i], i == 4 ? harm[_i].title : "Zelensky speaks");
	await_answers(asked, N);
	for (size_t i = 0; i < N; i++) {
		ck_assert_uint_eq(asked[i].answers, 1);
		if (i != 4)
			check_good(&asked[i]);
	}
	ck_assert_int_eq(asked[4].result.code, ERR_PARSER_CRASH);
	ck_assert_msg(strstr(asked[4].result.msg, harm[_i].says) != NULL, "%s: %s", harm[_i].title, asked[4].result.msg);
	ck_assert_uint_gt(asked[4].body_len, 0);
	ck_assert_int_eq(status().crashed, 1);
	ck_assert_uint_eq(status().queued_bytes, 0);
	/* and the pool is whole again */
	struct asked again[4];
	for (size_t i = 0; i < 4; i++)
		ask(&again[i], "Zelensky again");
	await_answers(again, 4);
	for (size_t i = 0; i < 4; i++)
		check_good(&again[i]);
	done(again, 4);
	done(asked, N);
}
END_TEST

/* While a worker is at one document, those that it was given with it go to another. */
START_TEST(test_documents_behind_a_slow_one_do_not_wait_for_its_end)
{
	enum { N = 9 };
	struct asked asked[N];
	start(2, actor, 10 * PATIENCE_MS, 0);
	ask(&asked[0], "do-hang");
	for (size_t i = 1; i < N; i++)
		ask(&asked[i], "Zelensky speaks");
	await_answers(asked + 1, N - 1);
	for (size_t i = 1; i < N; i++) {
		check_good(&asked[i]);
		ck_assert_uint_eq(asked[i].answers, 1);
	}
	ck_assert_uint_eq(asked[0].answers, 0);
	ck_assert_int_eq(status().crashed + status().restarts, 0);
	worker_job_forget(asked[0].job);
	done(asked, N);
}
END_TEST

START_TEST(test_workers_are_replaced_after_so_many_documents)
{
	enum { N = 40 };
	struct asked asked[N];
	start(1, NULL, 0, 8);
	for (size_t i = 0; i < N; i++)
		ask(&asked[i], "Zelensky speaks");
	await_answers(asked, N);
	for (size_t i = 0; i < N; i++)
		check_good(&asked[i]);
	ck_assert_int_ge(status().restarts, 4);
	ck_assert_int_eq(status().crashed, 0);
	done(asked, N);
}
END_TEST

/* The loop was late, and the clock runs out just when the answer is there: who waits has his turn all the same. */
START_TEST(test_an_answer_that_the_deadline_finds_is_an_answer)
{
	struct asked asked[2];
	start(1, NULL, 0, 1);
	struct process *w = &pool->processes[0];
	while (w->state != PROCESS_READY)
		event_base_loop(base, EVLOOP_ONCE);
	for (size_t i = 0; i < 2; i++)
		ask(&asked[i], "Zelensky speaks");
	struct pollfd answer = {.fd = w->child.out_fd, .events = POLLIN};
	ck_assert_int_eq(poll(&answer, 1, PATIENCE_MS), 1);
	event_get_callback(w->deadline)(-1, EV_TIMEOUT, w);
	ck_assert_uint_eq(asked[0].answers, 1);
	await_answers(asked, 2);
	check_good(&asked[1]);
	ck_assert_int_eq(status().crashed, 0);
	done(asked, 2);
}
END_TEST

static void
signal_and_wait(struct process *w, int signal, int until)
{
	siginfo_t info;
	while (w->state != PROCESS_READY)
		event_base_loop(base, EVLOOP_ONCE);
	ck_assert_int_eq(kill(w->child.pid, signal), 0);
	ck_assert_int_eq(waitid(P_PID, (id_t)w->child.pid, &info, until | WNOWAIT), 0);
}

/* It was too slow, so that another was to read what it had in hand; now it answers all the same. */
START_TEST(test_what_was_taken_from_a_slow_worker_is_not_answered_by_it)
{
	struct asked asked[2];
	struct process *w;
	start(1, NULL, 2 * PATIENCE_MS, 0);
	w = &pool->processes[0];
	signal_and_wait(w, SIGSTOP, WSTOPPED);
	for (size_t i = 0; i < 2; i++)
		ask(&asked[i], "Zelensky speaks");
	event_get_callback(w->deadline)(-1, EV_TIMEOUT, w);
	ck_assert(w->slow && !w->held[0].stale && w->held[1].stale);
	ck_assert_uint_eq(status().queued, 1);
	ck_assert_int_eq(kill(w->child.pid, SIGCONT), 0);
	await_answers(asked, 2);
	for (size_t i = 0; i < 2; i++) {
		check_good(&asked[i]);
		ck_assert_uint_eq(asked[i].answers, 1);
	}
	ck_assert_uint_eq(status().queued + status().in_hand, 0); /* the answer was the second reading's */
	ck_assert_int_eq(status().documents, 2);
	done(asked, 2);
}
END_TEST

START_TEST(test_a_forgotten_job_calls_nobody)
{
	struct asked asked[6];
	start(1, actor, 0, 0);
	for (size_t i = 0; i < 6; i++)
		ask(&asked[i], "Zelensky speaks");
	for (size_t i = 0; i < 5; i++) {
		worker_job_forget(asked[i].job);
		arena_done(&asked[i].arena);
	}
	await_answers(&asked[5], 1);
	check_good(&asked[5]);
	for (size_t i = 0; i < 5; i++)
		ck_assert_uint_eq(asked[i].answers, 0);
	ck_assert_uint_eq(status().queued_bytes, 0);
	done(&asked[5], 1);
}
END_TEST

START_TEST(test_a_new_watchlist_reaches_what_is_in_hand)
{
	enum { N = 20 };
	struct asked asked[N];
	struct watch_builder *b = watch_builder_new();
	struct err err;
	ck_assert_int_eq(watch_add(b, STR_LIT("other"), WATCH_PERSON, STR_LIT("und"), STR_LIT("Marta Beispiel"),
	                     (struct watch_origin){STR_NONE, 0}, &err),
	    0);
	struct watchlist *next = watch_compile(b, &err), *old = watchlist;
	watch_builder_free(b);
	start(2, NULL, 0, 0);
	for (size_t i = 0; i < N; i++)
		ask(&asked[i], "Marta Beispiel speaks");
	event_base_loop(base, EVLOOP_ONCE);
	size_t before = 0;
	for (size_t i = 0; i < N; i++)
		before += asked[i].answers;
	worker_pool_renew(pool, next, 3);
	watchlist = next;
	watchlist_free(old);
	await_answers(asked, N);
	size_t found = 0;
	for (size_t i = 0; i < N; i++) {
		ck_assert_uint_eq(asked[i].answers, 1);
		ck_assert_int_eq(asked[i].result.code, ERR_NONE);
		found += asked[i].analysis.items[0].matches.hit_count;
	}
	ck_assert_uint_eq(found, N - before);
	ck_assert_uint_eq(status().processes, 3);
	ck_assert_int_eq(status().crashed, 0);
	done(asked, N);
}
END_TEST

/* What waits when there are to be no workers any more is read all the same; and the way back. */
START_TEST(test_workers_can_be_done_without_and_come_back)
{
	enum { N = 20 };
	struct asked asked[N];
	start(2, NULL, 0, 0);
	for (unsigned i = 0; i < N; i++)
		ask(&asked[i], "Zelensky speaks");
	while (status().in_hand == 0)
		event_base_loop(base, EVLOOP_ONCE);
	worker_pool_renew(pool, watchlist, 0);
	await_answers(asked, N);
	for (unsigned i = 0; i < N; i++) {
		check_good(&asked[i]);
		ck_assert_uint_eq(asked[i].answers, 1);
	}
	ck_assert_uint_eq(status().processes + status().queued_bytes, 0);
	while (pool->processes[0].state != PROCESS_NONE)
		event_base_loop(base, EVLOOP_ONCE);
	done(asked, N);
	ask(&asked[0], "Zelensky speaks");
	ck_assert_uint_eq(asked[0].answers, 1);
	done(asked, 1);
	worker_pool_renew(pool, watchlist, 2);
	ask(&asked[0], "Zelensky speaks");
	ck_assert_uint_eq(asked[0].answers, 0);
	await_answers(asked, 1);
	check_good(&asked[0]);
	ck_assert_int_eq(status().crashed, 0);
	done(asked, 1);
}
END_TEST

static void
stillborn(int in, int out, const struct worker_child_options *options)
{
	if (options->filter)
		raise(SIGSYS);
	actor(in, out, options);
}

START_TEST(test_workers_that_cannot_live_confined_live_without_and_say_so)
{
	struct asked a;
	start(1, stillborn, 0, 0);
	ask(&a, "Zelensky speaks");
	await_answers(&a, 1);
	check_good(&a);
	ck_assert_uint_ge(notes, 4);
	ck_assert(!status().seccomp);
	ck_assert_int_eq(status().crashed, 0);
	done(&a, 1);
}
END_TEST

/* It had not seen it: nothing to blame. */
START_TEST(test_a_document_that_was_given_to_a_dead_worker_is_given_again)
{
	struct asked asked[3];
	start(1, NULL, 0, 0);
	signal_and_wait(&pool->processes[0], SIGKILL, WEXITED); /* which the pool has not seen yet */
	for (size_t i = 0; i < 3; i++)
		ask(&asked[i], "Zelensky speaks");
	await_answers(asked, 3);
	for (size_t i = 0; i < 3; i++) {
		check_good(&asked[i]);
		ck_assert_uint_eq(asked[i].answers, 1);
	}
	ck_assert_int_eq(status().crashed, 0);
	ck_assert_int_eq(status().restarts, 1);
	done(asked, 3);
}
END_TEST

/* Else who kills them all the time would have us fork all the time. */
START_TEST(test_after_an_idle_worker_was_killed_there_is_a_pause)
{
	start(1, NULL, 0, 0);
	signal_and_wait(&pool->processes[0], SIGKILL, WEXITED); /* which the pool has not seen yet */
	while (status().restarts == 0)
		event_base_loop(base, EVLOOP_ONCE);
	ck_assert_int_eq(pool->processes[0].state, PROCESS_NONE);
	ck_assert(event_pending(pool->start_timer, EV_TIMEOUT, NULL));
	while (pool->processes[0].state != PROCESS_READY)
		event_base_loop(base, EVLOOP_ONCE);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 2 * PATIENCE_MS / 1000);
	tcase_add_test(tc, test_every_document_is_answered_once);
	tcase_add_test(tc, test_without_processes_it_is_read_at_once);
	tcase_add_test(tc, test_pages_are_read_as_feeds_are);
	tcase_add_test(tc, test_pages_are_read_without_processes);
	tcase_add_test(tc, test_what_the_parser_refuses_is_told_in_its_words);
	tcase_add_test(tc, test_a_large_document_goes_through_the_pipe_in_pieces);
	tcase_add_test(tc, test_documents_of_all_sizes_are_answered_in_turn);
	tcase_add_test(tc, test_large_answers_come_through_the_pipe);
	tcase_add_test(tc, test_an_answer_is_a_copy);
	tcase_add_test(tc, test_a_worker_has_no_area_but_its_own);
	tcase_add_loop_test(tc, test_one_document_harms_nobody_else, 0, sizeof harm / sizeof *harm);
	tcase_add_test(tc, test_documents_behind_a_slow_one_do_not_wait_for_its_end);
	tcase_add_test(tc, test_workers_are_replaced_after_so_many_documents);
	tcase_add_test(tc, test_an_answer_that_the_deadline_finds_is_an_answer);
	tcase_add_test(tc, test_what_was_taken_from_a_slow_worker_is_not_answered_by_it);
	tcase_add_test(tc, test_a_forgotten_job_calls_nobody);
	tcase_add_test(tc, test_a_new_watchlist_reaches_what_is_in_hand);
	tcase_add_test(tc, test_workers_can_be_done_without_and_come_back);
	tcase_add_test(tc, test_workers_that_cannot_live_confined_live_without_and_say_so);
	tcase_add_test(tc, test_a_document_that_was_given_to_a_dead_worker_is_given_again);
	tcase_add_test(tc, test_after_an_idle_worker_was_killed_there_is_a_pause);
}

int
main(void)
{
	return tap_run("worker/pool", suite);
}
