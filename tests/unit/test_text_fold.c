#include "tap.h"

#include "base/hash.h"
#include "text/fold.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHARACTERS 0x1F400u
#define THREADS 4u

/* What every character folds to, asked for in an order of its own: `step` and CHARACTERS have no common divisor. */
static uint64_t
fold_all(uint32_t step)
{
	uint64_t sum = 0;
	for (uint32_t i = 0, cp = 0; i < CHARACTERS; i++, cp = (cp + step) % CHARACTERS) {
		struct text_fold f;
		text_fold_cp(cp, &f);
		uint32_t what[] = {cp, f.kind, f.script, f.upper, f.lower, f.len};
		sum += hash64((struct str){(char *)what, sizeof what}, 0) ^ hash64((struct str){f.utf8, f.len}, cp);
	}
	return sum;
}

static void *
run(void *ctx)
{
	static const uint32_t steps[THREADS] = {1, CHARACTERS - 1, 257, 65537};
	uint64_t *sum = ctx;
	*sum = fold_all(steps[*sum]);
	return NULL;
}

/* Pages are filled when they are first needed, by whoever comes first: also one that was forked off meanwhile. */
START_TEST(test_whoever_folds_first_finds_the_same)
{
	pthread_t threads[THREADS];
	uint64_t sums[THREADS], child = 0;
	int ends[2], status;
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert(text_fold_ready()); /* ICU loads its own tables now: that is none of a child's business */
	for (unsigned i = 0; i < THREADS; i++) {
		sums[i] = i;
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run, &sums[i]), 0);
	}
	pid_t pid = fork();
	if (pid == 0) {
		child = fold_all(1);
		_exit(write(ends[1], &child, sizeof child) != sizeof child);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(read(ends[0], &child, sizeof child), sizeof child);
	for (unsigned i = 0; i < THREADS; i++)
		ck_assert_uint_eq(sums[i], child);
	ck_assert_uint_eq(fold_all(CHARACTERS - 1), child);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_whoever_folds_first_finds_the_same, 0, 8);
}

int
main(void)
{
	return tap_run("text/fold", suite);
}
