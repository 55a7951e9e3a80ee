#include "notify/sink_file.h"

#include "notify/stream.h"
#include "render/render.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAIL_MAX 65536 /* how far back the beginning of a torn line is looked for at one time */

struct file {
	struct stream stream;
	struct event *flush;
	struct delivery_queue queue; /* come in this turn of the loop */
};

void
sink_file_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	struct jsonw w;
	jsonw_init(&w, body, 0);
	render_notification_json(&w, what);
	buf_putc(body, '\n');
}

/* Where the last whole line ends. -1 on an error. */
static off_t
whole_lines(int fd, off_t size)
{
	char tail[TAIL_MAX];
	while (size > 0) {
		size_t n = size < TAIL_MAX ? (size_t)size : TAIL_MAX;
		if (pread(fd, tail, n, size - (off_t)n) != (ssize_t)n)
			return -1;
		for (size_t i = n; i > 0; i--) {
			if (tail[i - 1] == '\n')
				return size - (off_t)(n - i);
		}
		size -= (off_t)n;
	}
	return 0;
}

/* What a crash in the middle of a line has left: the line was not reported as delivered, and comes again. */
static int
mend(const char *path, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return err_errno(err, "cannot read %s", path);
	int rc = fstat(fd, &st) < 0 ? err_errno(err, "cannot look at %s", path) : 0;
	if (rc == 0 && !S_ISREG(st.st_mode))
		rc = err_set(err, ERR_IO, "%s is no regular file", path);
	if (rc == 0) {
		off_t whole = whole_lines(fd, st.st_size);
		if (whole < 0 || (whole < st.st_size && ftruncate(fd, whole) < 0))
			rc = err_errno(err, "cannot mend the end of %s", path);
	}
	close(fd);
	return rc;
}

/* PATH.N; N = 0 is PATH itself. */
static const char *
numbered(char out[4096], const char *path, unsigned n)
{
	snprintf(out, 4096, n == 0 ? "%s" : "%s.%u", path, n);
	return out;
}

/* Moves each file one number up, the oldest over its edge. What is not there is passed over. */
static int
rotate(const struct sink *s, struct err *err)
{
	char from[4096], to[4096];
	unsigned keep = s->set.rotate_keep > 0 ? s->set.rotate_keep : 1;
	for (unsigned n = keep; n > 0; n--) {
		numbered(from, s->set.path.s, n - 1);
		numbered(to, s->set.path.s, n);
		if (rename(from, to) < 0 && errno != ENOENT)
			return err_errno(err, "cannot rename %s to %s", from, to);
	}
	return 0;
}

/* All that was written before `until` is on the disk now, or it is told to come again. */
static void
report(struct file *f, const struct delivery *until)
{
	int fault = 0;
	if (f->queue.first != until && f->stream.fd >= 0 && fdatasync(f->stream.fd) < 0 && errno != EINVAL)
		fault = errno;
	while (f->queue.first != until) {
		struct delivery *d = delivery_queue_take(&f->queue);
		if (fault == 0)
			delivery_finish(d, ERR_NONE, "%s", "");
		else
			delivery_finish(d, ERR_SINK_TEMPORARY, "the file cannot be synced: %s", strerror(fault));
	}
	if (fault != 0) /* what the kernel thinks of its pages after that is not to be relied on */
		stream_close(&f->stream);
}

/* The file is open, ends with a whole line, and has room for one more. */
static int
prepare(struct sink *s, const struct delivery *d, struct err *err)
{
	struct file *f = s->state;
	struct stat st;
	int fresh = stream_ready(&f->stream, err);
	if (fresh < 0 || (fresh > 0 && mend(s->set.path.s, err) < 0))
		return -1;
	if (s->set.rotate_bytes <= 0 || fstat(f->stream.fd, &st) < 0 || st.st_size == 0 ||
	    st.st_size + (off_t)d->body.len <= s->set.rotate_bytes)
		return 0;
	report(f, d);
	return rotate(s, err);
}

static int
write_line(struct sink *s, const struct delivery *d, struct err *err)
{
	struct file *f = s->state;
	size_t done;
	if (prepare(s, d, err) < 0 || stream_write(&f->stream, buf_view(&d->body), &done, err) < 0)
		return -1;
	return done == d->body.len ? 0 : err_set(err, ERR_IO, "%s takes nothing now", s->set.path.s);
}

static void
on_flush(evutil_socket_t fd, short what, void *ctx)
{
	struct sink *s = ctx;
	struct file *f = s->state;
	struct delivery *d = f->queue.first, *next;
	struct err err;

	for (; d != NULL; d = next) {
		next = d->queued;
		if (write_line(s, d, &err) == 0)
			continue;
		report(f, d);
		delivery_queue_take(&f->queue);
		delivery_finish(d, ERR_SINK_TEMPORARY, "%s", err.msg);
	}
	report(f, NULL);
}

int
sink_file_open(struct sink *s, struct err *err)
{
	if (str_empty(s->set.path))
		return err_set(err, ERR_CONFIG, "a file sink needs a path");
	if (s->set.path.len > 4000)
		return err_set(err, ERR_CONFIG, "the path is too long");
	struct file *f = calloc(1, sizeof *f);
	if (f == NULL)
		return err_oom(err);
	stream_init(&f->stream, s->set.path.s);
	f->flush = event_new(s->base, -1, 0, on_flush, s);
	if (f->flush == NULL) {
		free(f);
		return err_oom(err);
	}
	s->state = f;
	return 0;
}

void
sink_file_close(struct sink *s)
{
	struct file *f = s->state;
	if (f == NULL)
		return;
	event_free(f->flush);
	stream_close(&f->stream);
	free(f);
	s->state = NULL;
}

void
sink_file_send(struct delivery *d, const struct notification *what)
{
	struct file *f = d->sink->state;
	delivery_queue_put(&f->queue, d);
	event_active(f->flush, 0, 0);
}
