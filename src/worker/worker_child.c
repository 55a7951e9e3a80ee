#include "worker/worker_child.h"

#include "worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_BYTES (1024 * 1024)  /* so that neither side waits for the other at every document */
#define KEPT_BYTES (1024u * 1024) /* buffers above this are given back after the document */
#define FIRST_DESCRIPTOR_OF_OTHERS 3

/* ---- documents ---- */

static const char rehearsal[] =
    "<?xml version=\"1.0\" encoding=\"windows-1251\"?><rss version=\"2.0\"><channel>"
    "<title>\xCF\xF0\xEE\xE1\xE0</title><item><title>\xCF\xF0\xEE\xE1\xE0 one</title>"
    "<description>&lt;p&gt;A rehearsal of what is to come, in plain words.&lt;/p&gt;"
    "</description><pubDate>Mon, 02 Nov 2026 10:00:00 +0100</pubDate></item></channel></rss>";

static int
rehearse(const struct watchlist *watchlist, struct err *err)
{
	struct analysis_job job = {.input.body = STR_LIT(rehearsal), .input.url = STR_LIT("https://rehearsal.example/")};
	struct analysis ignored;
	struct arena arena;
	arena_init(&arena, WORKER_ARENA_BYTES);
	int rc = analyse(&job, &feed_limits_default, watchlist, &arena, &ignored, err);
	arena_done(&arena);
	return rc;
}

int
worker_child_prepare(const struct watchlist *watchlist, struct err *err)
{
	return rehearse(watchlist, err);
}

/* A document may not need more than a worker may have; that is its fault, not ours. */
static void
blame(struct err *err)
{
	if (err->code == ERR_NO_MEMORY)
		err_set(err, ERR_PARSER_LIMIT, "worker-memory: more than %u MiB are needed to read it",
		    SANDBOX_MEMORY_BYTES >> 20);
	else if (err->code == ERR_LIMIT)
		err_set(
		    err, ERR_PARSER_LIMIT, "worker-memory: its items need more than %u MiB", WORKER_ARENA_BYTES >> 20);
}

static void
answer(struct str message, const struct watchlist *watchlist, struct watch_memo *memo, struct buf *out)
{
	struct analysis_job job;
	struct analysis analysis;
	struct arena arena;
	struct err err = {0};

	arena_init(&arena, WORKER_ARENA_BYTES);
	int rc = message_get_job(message, &job, &err);
	job.memo = memo;
	if (rc == 0 && analyse(&job, &feed_limits_default, watchlist, &arena, &analysis, &err) == 0)
		err_clear(&err);
	blame(&err);
	message_put_answer(out, &analysis, &err);
	if (out->failed) {
		buf_reset(out);
		err_set(&err, ERR_PARSER_LIMIT, "worker-answer: what is in it takes more than %u MiB",
		    MESSAGE_ANSWER_MAX >> 20);
		message_put_answer(out, &analysis, &err);
	}
	arena_done(&arena);
}

/* ---- the pipe ---- */

/* false at the end of it, or when it breaks. */
static bool
read_all(int fd, void *to, size_t n)
{
	for (char *p = to; n > 0;) {
		ssize_t got = read(fd, p, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

static bool
write_all(int fd, struct str s)
{
	while (s.len > 0) {
		ssize_t n = write(fd, s.s, s.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s.s += n;
		s.len -= (size_t)n;
	}
	return true;
}

bool
worker_child_receive(int in, const struct worker_child_options *options, unsigned nth, struct buf *b, struct str *ret)
{
	unsigned char head[WIRE_HEAD];
	buf_reset(b);
	if (!read_all(in, head, sizeof head))
		return false;
	int64_t n = options->area != NULL ? wire_head_get_beside(head, AREA_SLOT_BYTES) : -1;
	if (n >= 0) {
		*ret = (struct str){options->area->jobs[nth % AREA_SLOTS], (size_t)n};
		return true;
	}
	n = wire_head_get(head, MESSAGE_JOB_MAX);
	if (n < 0 || buf_reserve(b, (size_t)n) == NULL || !read_all(in, b->data, (size_t)n))
		return false;
	b->len = (size_t)n;
	*ret = buf_view(b);
	return true;
}

bool
worker_child_send(int out, const struct worker_child_options *options, unsigned nth, struct str message)
{
	unsigned char head[WIRE_HEAD];
	size_t n = message.len - WIRE_HEAD;
	if (options->area == NULL || n > AREA_SLOT_BYTES)
		return write_all(out, message);
	memcpy(options->area->answers[nth % AREA_SLOTS], message.s + WIRE_HEAD, n);
	wire_head_put_beside(head, (uint32_t)n);
	return write_all(out, (struct str){(const char *)head, sizeof head});
}

static void
give_back(struct buf *b)
{
	if (b->cap > KEPT_BYTES) {
		size_t max = b->max_bytes;
		buf_done(b);
		buf_init(b, max);
	}
}

void
worker_child_serve(int in, int out, const struct worker_child_options *options)
{
	struct worker_hello hello;
	struct buf job, reply;
	struct err err;

	buf_init(&job, 0);
	buf_init(&reply, MESSAGE_ANSWER_MAX);
	sandbox_enter(options->filter, &hello);
	/* What the sandbox does not survive shows before any document can be blamed for it. */
	if (rehearse(options->watchlist, &err) < 0)
		return;
	struct watch_memo *memo = watch_memo_new(); /* without one it is only slower */
	struct str message;
	message_put_hello(&reply, &hello);
	bool goes_on = write_all(out, buf_view(&reply));
	for (unsigned n = 0; goes_on && worker_child_receive(in, options, n, &job, &message); n++) {
		sandbox_allow_cpu();
		buf_reset(&reply);
		answer(message, options->watchlist, memo, &reply);
		goes_on = worker_child_send(out, options, n, buf_view(&reply));
		give_back(&job);
		give_back(&reply);
	}
}

/* ---- birth ---- */

/* The loop's handlers are not ours. What a terminal or a manager sends to the whole group is for the daemon, which ends us. */
static void
reset_signals(void)
{
	static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
	sigset_t none;
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Nothing is open afterwards but the pipe as 0 and 1, and 2 as the one in which words get lost. */
static bool
keep_only(int in, int out)
{
	int from = fcntl(in, F_DUPFD, 64), to = fcntl(out, F_DUPFD, 64);
	if (from < 0 || to < 0 || dup2(from, 0) < 0 || dup2(to, 1) < 0)
		return false;
	int nowhere = open("/dev/null", O_WRONLY);
	if (nowhere < 0 || (nowhere != 2 && dup2(nowhere, 2) < 0))
		return false;
	return close_range(FIRST_DESCRIPTOR_OF_OTHERS, ~0u, 0) == 0;
}

static _Noreturn void
live(const struct worker_child_options *options, pid_t parent, int in, int out)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "tidings-worker");
	reset_signals();
	if (getppid() == parent && keep_only(in, out))
		(options->serve != NULL ? options->serve : worker_child_serve)(0, 1, options);
	_exit(0);
}

static void
close_pipe(int ends[2])
{
	for (int i = 0; i < 2; i++) {
		if (ends[i] >= 0)
			close(ends[i]);
		ends[i] = -1;
	}
}

static int
open_pipe(int ends[2], int ours, struct err *err)
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "workers: cannot make a pipe");
	fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES); /* refused when many are open already: then it is a small one */
	if (fcntl(ends[ours], F_SETFL, O_NONBLOCK) < 0)
		return err_errno(err, "workers: cannot prepare a pipe");
	return 0;
}

/* With all signals held back, so that none is handled in the child by what the parent has set up. */
static pid_t
fork_quietly(void)
{
	sigset_t all, before;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid_t pid = fork();
	if (pid != 0)
		sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

int
worker_child_start(const struct worker_child_options *options, struct worker_child_process *ret, struct err *err)
{
	int jobs[2] = {-1, -1}, answers[2] = {-1, -1};
	pid_t parent = getpid(), pid = -1;
	struct worker_child_options own = *options;

	*ret = (struct worker_child_process){.pid = -1, .pidfd = -1, .in_fd = -1, .out_fd = -1};
	if (open_pipe(jobs, 1, err) == 0 && open_pipe(answers, 0, err) == 0) {
		ret->area = own.area = area_new();
		pid = fork_quietly();
		if (pid == 0)
			live(&own, parent, jobs[0], answers[1]);
		area_keep(ret->area);
		if (pid < 0)
			err_errno(err, "workers: cannot fork");
	}
	if (pid > 0 && (ret->pidfd = pidfd_open(pid, 0)) < 0) {
		err_errno(err, "workers: cannot watch a process");
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		pid = -1;
	}
	if (pid < 0) {
		close_pipe(jobs);
		close_pipe(answers);
		area_free(ret->area);
		ret->area = NULL;
		return -1;
	}
	close(jobs[0]);
	close(answers[1]);
	ret->pid = pid;
	ret->in_fd = jobs[1];
	ret->out_fd = answers[0];
	return 0;
}

void
worker_child_close(struct worker_child_process *p)
{
	int *fds[] = {&p->in_fd, &p->out_fd, &p->pidfd};
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
	area_free(p->area);
	p->area = NULL;
}
