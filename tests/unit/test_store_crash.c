#include "faultvfs.h"
#include "rng.h"
#include "store_rig.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * A writer that is killed, at random moments and at every single operation on the disk. What it knew to be stored
 * must be there; validators stand only beside the items they stand for; every item that was to be told is told, under
 * one id, and told twice only when it was in flight at a kill.
 */
#define ITEMS_PER_POLL 3
#define DELIVERIES_MAX 100000

static struct shared {               /* with the child */
	volatile int64_t polls;      /* polls that the child knows to be stored */
	volatile int64_t steps;      /* commits of any kind */
	volatile int64_t deliveries; /* to the sink, before it was stored that they are done */
	volatile uint64_t delivered[DELIVERIES_MAX];
} * shared;

static void
start(void)
{
	rig_setup();
	faultvfs_register();
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert(shared != MAP_FAILED);
}

static void
stop(void)
{
	munmap(shared, sizeof *shared);
	rig_teardown();
}

static int
write_poll(int64_t feed, int64_t n)
{
	struct draft drafts[ITEMS_PER_POLL];
	for (int i = 0; i < ITEMS_PER_POLL; i++)
		drafts[i] = (struct draft){arena_printf(&rig.arena, "%lld-%d", (long long)n, i).s, NULL, "Putin speaks",
		    arena_printf(&rig.arena, "text %lld %d", (long long)n, i).s, "desk phone"};
	rig_draft(feed, n, drafts, ITEMS_PER_POLL);
	return rig_commit();
}

/* Takes what is due, "sends" it, stores that it is done. */
static int
deliver(const char *sink, int64_t now)
{
	struct notification *rows;
	size_t count;
	struct store_delivery done[4];

	if (store_outbox_take(rig.s, str_from(sink), now, 4, &rig.arena, &rows, &count, &rig.err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		shared->delivered[shared->deliveries] = hash64(rows[i].id, 0);
		shared->deliveries++;
		done[i] = (struct store_delivery){.row = rows[i].row, .outcome = STORE_DONE, .at = now};
	}
	return count > 0 ? store_outbox_finish(rig.s, done, count, &rig.err) : 0;
}

/* The child: from the last stored poll on, until it is killed or `polls` more are done. */
static void
work(int64_t polls)
{
	size_t recovered;
	if (store_open(rig.path, STORE_WRITE, &rig.s, &rig.err) < 0 ||
	    store_outbox_recover(rig.s, &recovered, &rig.err) < 0)
		_exit(2);
	int64_t feed = rig_feed("a");
	int64_t n = rig_number(
	    "SELECT coalesce(max(CAST(CAST(replace(CAST(etag AS TEXT), '\"', '') AS TEXT) AS INTEGER)), 0) FROM feeds");
	for (int64_t i = 1; i <= polls; i++) {
		if (write_poll(feed, n + i) < 0)
			_exit(3);
		shared->polls = n + i;
		shared->steps++;
		if (deliver(i % 2 ? "desk" : "phone", n + i) < 0)
			_exit(4);
		shared->steps++;
		arena_reset(&rig.arena);
	}
	_exit(0);
}

static void
check_after_kill(void)
{
	rig_open();
	int64_t stored =
	    rig_number("SELECT coalesce(max(CAST(replace(CAST(etag AS TEXT), '\"', '') AS INTEGER)), 0) FROM feeds");
	ck_assert_msg(stored >= shared->polls, "a poll that was stored is gone");
	ck_assert_msg(rig_number("SELECT count(*) FROM items") == stored * ITEMS_PER_POLL,
	    "validators without their items, or half a batch");
	ck_assert_msg(rig_number("SELECT count(*) FROM outbox") == stored * ITEMS_PER_POLL * 2,
	    "items without their outbox rows");
	rig_check_invariants();
	store_close(rig.s);
	rig.s = NULL;
}

static void
reap(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	ck_assert_msg(WIFSIGNALED(status) || WEXITSTATUS(status) == 0, "the child failed with %d", WEXITSTATUS(status));
}

/* Everything is delivered in the end, nothing under a second id, and no more repeats than could be in flight at the
 * kills. */
static void
check_deliveries(int kills)
{
	size_t recovered;
	rig_open();
	ck_assert_int_eq(store_outbox_recover(rig.s, &recovered, &rig.err), 0);
	for (int64_t open = 1; open > 0; open = rig_number("SELECT count(*) FROM outbox WHERE state <> 2")) {
		ck_assert_int_eq(deliver("desk", INT64_MAX), 0);
		ck_assert_int_eq(deliver("phone", INT64_MAX), 0);
	}
	int64_t rows = rig_number("SELECT count(*) FROM outbox"), distinct = 0;
	for (int64_t i = 0; i < shared->deliveries; i++) {
		bool repeat = false;
		for (int64_t k = 0; k < i && !repeat; k++)
			repeat = shared->delivered[k] == shared->delivered[i];
		distinct += !repeat;
	}
	ck_assert_int_eq(distinct, rows);
	ck_assert_msg(shared->deliveries - rows <= 4 * kills, "%d repeats after %d kills",
	    (int)(shared->deliveries - rows), kills);
	rig_check_invariants();
}

START_TEST(test_killed_at_random_moments)
{
	uint64_t seed = 20261123;
	int rounds = 30;
	for (int i = 0; i < rounds; i++) {
		int64_t until = shared->steps + 1 + (int64_t)rng_below(&seed, 12);
		uint64_t spins = rng_below(&seed, 20000);
		pid_t pid = fork();
		ck_assert_int_ge(pid, 0);
		if (pid == 0)
			work(INT32_MAX);
		while (shared->steps < until && waitpid(pid, NULL, WNOHANG) == 0)
			sched_yield();
		for (volatile uint64_t spin = 0; spin < spins; spin++)
			continue;
		kill(pid, SIGKILL);
		reap(pid);
		check_after_kill();
		arena_reset(&rig.arena);
	}
	check_deliveries(rounds);
}
END_TEST

START_TEST(test_killed_at_every_operation_on_the_disk)
{
	bool killed = true;
	int kills = 0;
	for (long n = 1; killed; n++) {
		int status;
		ck_assert_int_lt(n, 1000);
		pid_t pid = fork();
		ck_assert_int_ge(pid, 0);
		if (pid == 0) {
			faultvfs_arm(FAULT_KILL, n, false);
			work(2);
		}
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		killed = WIFSIGNALED(status);
		kills += killed;
		ck_assert_msg(killed || WEXITSTATUS(status) == 0, "the child failed with %d", WEXITSTATUS(status));
		if (n > 1 || access(rig.path, F_OK) == 0)
			check_after_kill();
		arena_reset(&rig.arena);
	}
	ck_assert_int_gt(kills, 20);
	check_deliveries(kills);
}
END_TEST

/* The child: reads as the companion does, until the parent says so. Every look must see whole batches. */
static void
look(void)
{
	struct store *reader;
	struct store_totals t;
	struct store_outbox_counts c;
	int64_t last = 0;

	if (store_open(rig.path, STORE_READ, &reader, &rig.err) < 0)
		_exit(2);
	while (shared->polls >= 0) {
		if (store_totals(reader, &t, &rig.err) < 0)
			_exit(3);
		if (t.items % ITEMS_PER_POLL != 0 || t.items < last)
			_exit(4);
		last = t.items;
		if (store_outbox_counts(reader, &c, &rig.err) < 0)
			_exit(5);
		if ((c.pending + c.in_flight + c.done) % (2 * ITEMS_PER_POLL) != 0)
			_exit(6);
		shared->steps++;
	}
	store_close(reader);
	_exit(last > 0 ? 0 : 7);
}

START_TEST(test_a_reader_sees_whole_batches_while_the_writer_writes)
{
	int status;
	rig_open();
	int64_t feed = rig_feed("a");
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		look();
	for (int64_t n = 1; (n < 100 || shared->steps < 50) && waitpid(pid, NULL, WNOHANG) == 0; n++)
		ck_assert_int_eq(write_poll(feed, n), 0);
	shared->polls = -1;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_killed_at_random_moments);
	tcase_add_test(tc, test_killed_at_every_operation_on_the_disk);
	tcase_add_test(tc, test_a_reader_sees_whole_batches_while_the_writer_writes);
}

int
main(void)
{
	return tap_run("store/crash", suite);
}
