#include "notify/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A terminal that does not tell its width. */
#define USUAL_COLUMNS 80

/* What is asked of a pipe that could not be made non-blocking at one time; poll promises room for so much (POSIX). */
#define SAFE_CHUNK 512

#define OPEN_FLAGS (O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

void
stream_init(struct stream *s, const char *path)
{
	*s = (struct stream){.path = path, .fd = -1};
	buf_init(&s->begun, 0);
}

static void
close_fd(struct stream *s)
{
	if (s->fd >= 0 && s->is_file)
		fdatasync(s->fd);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

void
stream_close(struct stream *s)
{
	close_fd(s);
	buf_done(&s->begun);
}

static bool
is_standard(const struct stream *s)
{
	return s->path == NULL || *s->path == '\0';
}

/*
 * A description of our own: O_NONBLOCK on the one we were given would be seen by whoever shares it. Not for files, which
 * never block and whose position others share, nor for sockets, which can be told per call.
 */
static int
open_standard(void)
{
	struct stat st;
	int fd = -1;
	if (fstat(STDOUT_FILENO, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode) && !S_ISSOCK(st.st_mode))
		fd = open("/proc/self/fd/1", OPEN_FLAGS);
	return fd >= 0 ? fd : fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
}

static int
open_stream(struct stream *s, struct err *err)
{
	struct stat st;
	s->fd = is_standard(s) ? open_standard() : open(s->path, OPEN_FLAGS | O_CREAT, 0640);
	if (s->fd < 0 && errno == ENXIO)
		return err_set(err, ERR_IO, "nobody reads %s", s->path);
	if (s->fd < 0)
		return err_errno(err, "cannot open %s", is_standard(s) ? "standard output" : s->path);
	if (fstat(s->fd, &st) < 0) {
		err_errno(err, "cannot look at %s", is_standard(s) ? "standard output" : s->path);
		close_fd(s);
		return -1;
	}
	s->is_file = S_ISREG(st.st_mode);
	s->is_socket = S_ISSOCK(st.st_mode);
	return 0;
}

/* Does another file, or none, stand at the path now? */
static bool
was_rotated(const struct stream *s)
{
	struct stat ours, theirs;
	if (is_standard(s) || !s->is_file || fstat(s->fd, &ours) < 0)
		return false;
	return stat(s->path, &theirs) < 0 || ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino;
}

static ssize_t
write_some(const struct stream *s, const char *data, size_t n)
{
	if (s->is_socket)
		return send(s->fd, data, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (!s->is_file && !(fcntl(s->fd, F_GETFL) & O_NONBLOCK)) {
		struct pollfd p = {.fd = s->fd, .events = POLLOUT};
		if (poll(&p, 1, 0) == 0) {
			errno = EAGAIN;
			return -1;
		}
		n = n < SAFE_CHUNK ? n : SAFE_CHUNK;
	}
	return write(s->fd, data, n);
}

/* Takes back the n bytes last written, if nobody has written behind them. */
static void
take_back(struct stream *s, size_t n)
{
	off_t end = lseek(s->fd, 0, SEEK_CUR), wanted = end - (off_t)n;
	struct stat st;
	if (n == 0 || end < (off_t)n || fstat(s->fd, &st) < 0 || st.st_size != end)
		return;
	if (ftruncate(s->fd, wanted) == 0)
		lseek(s->fd, wanted, SEEK_SET);
}

static int
write_all(struct stream *s, struct str bytes, size_t *done, struct err *err)
{
	*done = 0;
	while (*done < bytes.len) {
		ssize_t n = write_some(s, bytes.s + *done, bytes.len - *done);
		if (n > 0) {
			*done += (size_t)n;
		} else if (n == 0 || errno == EAGAIN) {
			return 0;
		} else if (errno != EINTR) {
			err_errno(err, "cannot write to %s", is_standard(s) ? "standard output" : s->path);
			if (s->is_file)
				take_back(s, *done);
			else
				buf_reset(&s->begun);
			*done = 0;
			close_fd(s);
			return -1;
		}
	}
	return 0;
}

int
stream_ready(struct stream *s, struct err *err)
{
	if (s->fd >= 0 && was_rotated(s))
		close_fd(s);
	if (s->fd >= 0)
		return 0;
	return open_stream(s, err) < 0 ? -1 : 1;
}

int
stream_write(struct stream *s, struct str bytes, size_t *done, struct err *err)
{
	size_t begun;
	*done = 0;
	if (stream_ready(s, err) < 0)
		return -1;
	if (s->begun.len > 0) {
		if (write_all(s, buf_view(&s->begun), &begun, err) < 0)
			return -1;
		memmove(s->begun.data, s->begun.data + begun, s->begun.len - begun);
		s->begun.len -= begun;
		if (s->begun.len > 0)
			return 0;
	}
	return write_all(s, bytes, done, err);
}

int
stream_keep(struct stream *s, struct str bytes, struct err *err)
{
	buf_str(&s->begun, bytes);
	return buf_check(&s->begun, err);
}

unsigned
stream_columns(const struct stream *s)
{
	struct winsize ws;
	if (!is_standard(s) || !isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) < 0 || ws.ws_col == 0)
		return USUAL_COLUMNS;
	return ws.ws_col;
}
