#include "worker_rig.h"

#include "tap.h"

#include "worker/sandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A worker that tries what a document might make it try, once confined; exit status 0 never means that it could. */
static void
try_what(int in, int out, const struct worker_child_options *options)
{
	struct worker_hello hello;
	struct str message;
	struct buf b;
	buf_init(&b, 0);
	message_put_hello(&b, &(struct worker_hello){0});
	say(out, &b);
	if (!worker_child_receive(in, options, 0, &b, &message))
		_exit(4);
	char what = message.s[message.len - 1]; /* the body ends the message */
	pid_t parent = getppid();
	sandbox_enter(true, &hello);
	if (!hello.seccomp)
		_exit(77);
	switch (what) {
	case 'f':
		_exit(open("/etc/passwd", O_RDONLY) < 0 ? 20 : 1);
	case 'w':
		_exit(open("/tmp/tidings-worker-was-here", O_WRONLY | O_CREAT, 0600) < 0 ? 20 : 1);
	case 's':
		_exit(socket(AF_INET, SOCK_STREAM, 0) < 0 ? 20 : 1);
	case 'p':
		_exit(fork() < 0 ? 20 : 1);
	case 'k':
		_exit(kill(parent, 0) < 0 ? 20 : 1);
	case 'x':
		_exit(
		    mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 20 : 1);
	case 'e':
		_exit(mprotect(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096,
		          PROT_READ | PROT_EXEC) < 0
		          ? 20
		          : 1);
	case 't':
		_exit(syscall(SYS_tgkill, parent, parent, 0) < 0 ? 20 : 1);
	case 'l':
		_exit(setrlimit(RLIMIT_NPROC, &(struct rlimit){0, 0}) < 0 ? 20 : 1);
	case 'r':
		_exit(prlimit(parent, RLIMIT_CPU, NULL, &(struct rlimit){0}) < 0 ? 20 : 1);
	case 'm':
		for (int i = 0; i < 300; i++) {
			char *p = malloc(1 << 20);
			if (p == NULL)
				_exit(20);
			memset(p, 1, 1 << 20);
		}
		_exit(hello.memory_limit ? 1 : 20);
	default:
		for (volatile unsigned n = 0;; n++) /* until its time is up */
			;
	}
}

/* With sanitizers the filter answers forbidden calls instead of killing, and their own exit codes come between. */
#ifdef __SANITIZE_ADDRESS__
#define FILTER_KILLS false
#else
#define FILTER_KILLS true
#endif

START_TEST(test_a_confined_worker_cannot)
{
	static const char tries[] = "fwspkxmcetlr";
	struct asked a;
	start(1, try_what, PATIENCE_MS, 0);
	ask_text(&a, (char[]){tries[_i], '\0'}, 0);
	await_answers(&a, 1);
	ck_assert_int_eq(a.result.code, ERR_PARSER_CRASH);
	bool none = !FILTER_KILLS ||
	            strstr(a.result.msg, "status 77") != NULL; /* no seccomp here: then there is nothing to test */
	ck_assert_msg(none || strstr(a.result.msg, "status 20") != NULL || strstr(a.result.msg, "signal 31") != NULL ||
	                  strstr(a.result.msg, "processor") != NULL,
	    "%c: %s", tries[_i], a.result.msg);
	done(&a, 1);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 2 * PATIENCE_MS / 1000);
	tcase_add_loop_test(tc, test_a_confined_worker_cannot, 0, 12);
}

int
main(void)
{
	return tap_run("worker/sandbox", suite);
}
