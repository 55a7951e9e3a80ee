#include "served.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGS_MAX 32

static void
fail(const char *what)
{
	fprintf(stderr, "served: %s: %s\n", what, strerror(errno));
	exit(99);
}

static void
run_server(const struct served *s, int input, int output, const char *const *extra)
{
	char program[4096], log[300];
	const char *top = getenv("top_builddir");
	const char *args[ARGS_MAX] = {program, "--root", s->dir, "--log", log, "--until-eof"};
	size_t n = 6;
	snprintf(program, sizeof program, "%s/tests/tools/feedserver", top ? top : ".");
	snprintf(log, sizeof log, "%s.log", s->dir);
	while (extra != NULL && *extra != NULL && n < ARGS_MAX - 1)
		args[n++] = *extra++;
	if (dup2(input, 0) < 0 || dup2(output, 1) < 0)
		_exit(99);
	execv(program, (char **)(uintptr_t)args);
	fail(program);
}

static void
read_port(struct served *s, int fd)
{
	FILE *f = fdopen(fd, "r");
	char line[256];
	const char *colon = f != NULL && fgets(line, sizeof line, f) != NULL ? strrchr(line, ':') : NULL;
	if (colon == NULL)
		fail("the server did not say where it listens");
	s->port = (unsigned)strtoul(colon + 1, NULL, 10);
	fclose(f);
}

void
served_start(struct served *s, const char *const *extra)
{
	int in[2], out[2];
	*s = (struct served){0};
	const char *tmp = getenv("TMPDIR");
	snprintf(s->dir, sizeof s->dir, "%s/served.XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(s->dir) == NULL || pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		fail("cannot prepare");
	s->pid = fork();
	if (s->pid < 0)
		fail("fork");
	if (s->pid == 0)
		run_server(s, in[0], out[1], extra);
	close(in[0]);
	close(out[1]);
	s->input = in[1];
	read_port(s, out[0]);
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st, (void)kind, (void)where;
	return remove(path);
}

void
served_stop(struct served *s)
{
	char log[300];
	close(s->input);
	waitpid(s->pid, NULL, 0);
	nftw(s->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	snprintf(log, sizeof log, "%s.log", s->dir);
	unlink(log);
}

void
served_put(const struct served *s, const char *path, const char *text)
{
	char full[512];
	snprintf(full, sizeof full, "%s%s", s->dir, path);
	FILE *f = fopen(full, "we");
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		fail(full);
}

const char *
served_url(const struct served *s, const char *path)
{
	static char urls[8][512];
	static unsigned next;
	char *out = urls[next++ % 8];
	snprintf(out, sizeof urls[0], "http://127.0.0.1:%u%s", s->port, path);
	return out;
}

void
served_log(const struct served *s, struct buf *out)
{
	char path[300], piece[4096];
	size_t n;
	snprintf(path, sizeof path, "%s.log", s->dir);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return;
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(out, piece, n);
	fclose(f);
}

size_t
served_count(const struct served *s, const char *text)
{
	struct buf log;
	size_t n = 0;
	buf_init(&log, 0);
	served_log(s, &log);
	for (ptrdiff_t at = 0; (at = str_find(buf_view(&log), str_from(text), (size_t)at)) >= 0; at++)
		n++;
	buf_done(&log);
	return n;
}
