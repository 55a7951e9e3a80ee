#include "notify/child.h"

#include "base/clock.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
	struct event_base *base;
	pid_t pid;
	int pidfd, out_fd; /* -1 = closed */
	struct event *exit_event, *out_event, *deadline;
	bool terminated, timed_out, reaped;
	size_t tail_len;
	child_end_fn ended;
	void *ctx;
	char tail[2 * CHILD_OUTPUT_MAX]; /* the end of the output: at least CHILD_OUTPUT_MAX of it once so much was written */
};

static void
close_event(struct event **event, int *fd)
{
	if (*event != NULL)
		event_free(*event);
	*event = NULL;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Reads what is there, once: a program that never stops writing must not hold the loop. false at the end. */
static bool
read_output(struct child *c)
{
	if (c->tail_len > CHILD_OUTPUT_MAX) {
		memmove(c->tail, c->tail + c->tail_len - CHILD_OUTPUT_MAX, CHILD_OUTPUT_MAX);
		c->tail_len = CHILD_OUTPUT_MAX;
	}
	ssize_t n = read(c->out_fd, c->tail + c->tail_len, CHILD_OUTPUT_MAX);
	if (n > 0)
		c->tail_len += (size_t)n;
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void
on_output(evutil_socket_t fd, short what, void *ctx)
{
	struct child *c = ctx;
	if (!read_output(c))
		close_event(&c->out_event, &c->out_fd);
}

/* While the leader has not been reaped its number, and so its group's, cannot be given to others. */
static void
signal_group(const struct child *c, int signal)
{
	if (!c->reaped)
		kill(-c->pid, signal);
}

void
child_terminate(struct child *c)
{
	c->terminated = true;
	signal_group(c, SIGTERM);
}

static void
on_deadline(evutil_socket_t fd, short what, void *ctx)
{
	struct child *c = ctx;
	struct timeval grace = {CHILD_GRACE_MS / 1000, CHILD_GRACE_MS % 1000 * 1000};
	c->timed_out = true;
	if (c->terminated || event_add(c->deadline, &grace) < 0)
		signal_group(c, SIGKILL);
	else
		child_terminate(c);
}

static int
reap(struct child *c)
{
	int status = 0;
	signal_group(c, SIGKILL);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	c->reaped = true;
	return status;
}

static void
on_exit_event(evutil_socket_t fd, short what, void *ctx)
{
	struct child *c = ctx;
	struct child_end end = {.timed_out = c->timed_out};

	end.status = reap(c);
	if (c->out_fd >= 0)
		read_output(c);
	close_event(&c->out_event, &c->out_fd);
	close_event(&c->exit_event, &c->pidfd);
	event_del(c->deadline);
	size_t kept = c->tail_len > CHILD_OUTPUT_MAX ? CHILD_OUTPUT_MAX : c->tail_len;
	end.output = (struct str){c->tail + c->tail_len - kept, kept};
	c->ended(c->ctx, &end);
}

static int
set_attributes(posix_spawnattr_t *attr)
{
	sigset_t all, none;
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_setsigdefault(attr, &all);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setpgroup(attr, 0);
	return posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
}

static int
spawn(pid_t *pid, int in, int out, char *const argv[], char *const env[])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int r = posix_spawn_file_actions_init(&actions);
	if (r != 0)
		return r;
	r = posix_spawnattr_init(&attr);
	if (r != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return r;
	}
	r = set_attributes(&attr);
	r = r ? r : posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	r = r ? r : posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	r = r ? r : posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
	r = r ? r : posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	r = r ? r : posix_spawnp(pid, argv[0], &actions, &attr, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return r;
}

/* Above 2, so that dup2 in the child cannot trample on it; the given one is closed if it has to move. */
static int
high(int fd)
{
	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int saved = errno;
	close(fd);
	errno = saved;
	return moved;
}

/* A pipe of which our end does not block. */
static int
make_output(int *ours, int *theirs)
{
	int p[2];
	if (pipe2(p, O_CLOEXEC) < 0)
		return -1;
	*ours = high(p[0]);
	*theirs = high(p[1]);
	return *ours >= 0 && *theirs >= 0 ? fcntl(*ours, F_SETFL, O_NONBLOCK) : -1;
}

/* A file in memory that holds all of the input and changes no more, at its beginning. Unlike a pipe it is whole whatever
 * becomes of us: no program takes half a mail for a mail because we were killed while it read. */
static int
make_input(struct str input)
{
	int fd = high(memfd_create("tidings", MFD_CLOEXEC | MFD_ALLOW_SEALING));
	while (fd >= 0 && input.len > 0) {
		ssize_t n = write(fd, input.s, input.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		input = (struct str){input.s + n, input.len - (size_t)n};
	}
	if (fd >= 0 && (input.len > 0 || lseek(fd, 0, SEEK_SET) < 0 ||
	                   fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)) {
		int saved = errno;
		close(fd);
		errno = saved;
		fd = -1;
	}
	return fd;
}

static int
start(struct child *c, char *const argv[], char *const env[], struct str input, struct err *err)
{
	int in = make_input(input), out = -1, r = 0;
	if (in < 0 || make_output(&c->out_fd, &out) < 0)
		r = errno;
	r = r ? r : spawn(&c->pid, in, out, argv, env);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (r != 0) {
		c->pid = -1;
		errno = r;
		return err_errno(err, "cannot run %s", argv[0]);
	}
	c->pidfd = pidfd_open(c->pid, 0);
	return c->pidfd < 0 ? err_errno(err, "cannot watch %s", argv[0]) : 0;
}

static int
watch(struct child *c, int64_t timeout_ms, struct err *err)
{
	struct timeval after = {timeout_ms / 1000, timeout_ms % 1000 * 1000};
	c->exit_event = event_new(c->base, c->pidfd, EV_READ, on_exit_event, c);
	c->out_event = event_new(c->base, c->out_fd, EV_READ | EV_PERSIST, on_output, c);
	c->deadline = event_new(c->base, -1, 0, on_deadline, c);
	if (c->exit_event == NULL || c->out_event == NULL || c->deadline == NULL)
		return err_oom(err);
	if (event_add(c->exit_event, NULL) < 0 || event_add(c->out_event, NULL) < 0 ||
	    event_add(c->deadline, &after) < 0)
		return err_set(err, ERR_IO, "cannot watch a child process");
	return 0;
}

struct child *
child_start(struct event_base *base, char *const argv[], char *const env[], struct str input, int64_t timeout_ms,
    child_end_fn ended, void *ctx, struct err *err)
{
	struct child *c = malloc(sizeof *c);
	if (c == NULL) {
		err_oom(err);
		return NULL;
	}
	memset(c, 0, offsetof(struct child, tail));
	c->base = base;
	c->pid = -1;
	c->pidfd = c->out_fd = -1;
	c->ended = ended;
	c->ctx = ctx;
	if (start(c, argv, env, input, err) < 0 || watch(c, timeout_ms, err) < 0) {
		child_free(c, 0);
		return NULL;
	}
	return c;
}

static void
wait_for_end(const struct child *c, int64_t grace_ms)
{
	int64_t until = clock_boot_ms() + grace_ms, left = grace_ms;
	struct pollfd p = {.fd = c->pidfd, .events = POLLIN};
	while (c->pidfd >= 0 && left > 0 && poll(&p, 1, (int)left) < 0 && errno == EINTR)
		left = until - clock_boot_ms();
}

void
child_free(struct child *c, int64_t grace_ms)
{
	if (c == NULL)
		return;
	if (c->pid > 0 && !c->reaped) {
		if (grace_ms > 0) {
			child_terminate(c);
			wait_for_end(c, grace_ms);
		}
		reap(c);
	}
	close_event(&c->out_event, &c->out_fd);
	close_event(&c->exit_event, &c->pidfd);
	if (c->deadline != NULL)
		event_free(c->deadline);
	free(c);
}
