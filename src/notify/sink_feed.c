#include "notify/sink_feed.h"

#include "base/map.h"
#include "notify/feed_page.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct feed {
	struct event *flush;
	struct delivery_queue queue; /* come in this turn of the loop */
};

/* The pages that one turn changes. */
struct turn {
	const struct sink *sink;
	int dir;
	struct arena arena;
	struct map by_key;
	struct feed_page **pages;
	size_t count, cap;
};

void
sink_feed_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	feed_entry_write(body, what, s->title, s->body);
}

/* ---- files ---- */

static int
read_all(int fd, struct buf *out, struct err *err)
{
	ssize_t n;
	do {
		char *room = buf_reserve(out, 65536);
		if (room == NULL)
			return buf_check(out, err);
		n = read(fd, room, 65536);
		if (n > 0)
			out->len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? err_errno(err, "cannot read it") : 0;
}

/* Nothing there reads as nothing. */
static int
read_page(const struct turn *t, struct feed_page *p, struct err *err)
{
	char name[300];
	struct buf text;
	snprintf(name, sizeof name, "%.*s.json", STR_ARG(p->key));
	int fd = openat(t->dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && errno != ENOENT)
		return err_errno(err, "cannot open %s", name);
	buf_init(&text, FEED_PAGE_MAX);
	int rc = fd < 0 ? 0 : read_all(fd, &text, err);
	if (fd >= 0)
		close(fd);
	rc = rc == 0 ? feed_page_read(p, buf_view(&text), err) : err_prefix(err, "%s", name);
	buf_done(&text);
	return rc;
}

static int
write_all(int fd, struct str bytes, struct err *err)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.s, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_errno(err, "cannot write it");
		bytes = (struct str){bytes.s + n, bytes.len - (size_t)n};
	}
	return fsync(fd) < 0 ? err_errno(err, "cannot sync it") : 0;
}

static int
replace(const struct turn *t, const struct feed_page *p, const char *ending, const struct buf *text, struct err *err)
{
	char name[300], fresh[320];
	snprintf(name, sizeof name, "%.*s.%s", STR_ARG(p->key), ending);
	snprintf(fresh, sizeof fresh, ".%s.new", name);
	if (buf_check(text, err) < 0)
		return -1;
	int fd = openat(t->dir, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0644);
	if (fd < 0)
		return err_errno(err, "cannot make %s", fresh);
	int rc = write_all(fd, buf_view(text), err);
	if (close(fd) < 0 && rc == 0)
		rc = err_errno(err, "cannot close it");
	if (rc == 0 && renameat(t->dir, fresh, t->dir, name) < 0)
		rc = err_errno(err, "cannot rename it");
	if (rc < 0) {
		unlinkat(t->dir, fresh, 0);
		return err_prefix(err, "%s", name);
	}
	return 0;
}

/* The JSON page comes last: it is what tells that an entry is there already. */
static int
write_page(const struct turn *t, const struct feed_page *p, struct err *err)
{
	struct buf text;
	buf_init(&text, FEED_PAGE_MAX);
	feed_page_atom(p, &text);
	int rc = replace(t, p, "atom", &text, err);
	buf_reset(&text);
	feed_page_json(p, &text);
	rc = rc == 0 ? replace(t, p, "json", &text, err) : rc;
	buf_done(&text);
	return rc;
}

/* ---- one turn ---- */

static struct feed_page *
page_of(struct turn *t, struct str key, struct err *err)
{
	struct feed_page *p = map_get(&t->by_key, key);
	if (p != NULL)
		return p;
	struct feed_page **grown = arena_grow(&t->arena, t->pages, &t->cap, t->count, sizeof *grown);
	p = arena_zalloc(&t->arena, 1, sizeof *p);
	if (grown == NULL || p == NULL) {
		err_oom(err);
		return NULL;
	}
	t->pages = grown;
	*p = (struct feed_page){
	    .sink = t->sink->set.key, .key = arena_str(&t->arena, key), .base_url = t->sink->set.url};
	t->pages[t->count++] = p;
	if (arena_check(&t->arena, err) < 0 || read_page(t, p, err) < 0)
		return NULL;
	if (map_put(&t->by_key, p->key, p) < 0) {
		err_oom(err);
		return NULL;
	}
	return p;
}

static int
add_to(struct turn *t, struct str key, json_t *entry, struct err *err)
{
	unsigned most = t->sink->set.entries > 0 ? t->sink->set.entries : SINK_FEED_ENTRIES;
	struct feed_page *p = page_of(t, key, err);
	return p == NULL ? -1 : feed_page_add(p, entry, most, err);
}

static int
add_delivery(struct turn *t, const struct delivery *d, struct err *err)
{
	json_t *watch, *entry = json_loadb(d->body.data, d->body.len, JSON_ALLOW_NUL, NULL);
	json_t *watches = json_object_get(json_object_get(entry, "_tidings"), "watches");
	int rc = entry == NULL ? err_oom(err) : 0;
	size_t i;
	json_array_foreach(watches, i, watch)
	{
		rc = rc == 0 ? add_to(t, str_from(json_string_value(watch)), entry, err) : rc;
	}
	if (rc == 0 && json_array_size(watches) == 0)
		rc = add_to(t, STR_LIT(SINK_FEED_ALARMS), entry, err);
	json_decref(entry);
	return rc;
}

static int
publish(struct turn *t, const struct delivery *first, struct err *err)
{
	int rc = 0;
	for (const struct delivery *d = first; d != NULL && rc == 0; d = d->queued)
		rc = add_delivery(t, d, err);
	for (size_t i = 0; i < t->count && rc == 0; i++)
		rc = write_page(t, t->pages[i], err);
	if (rc == 0 && fsync(t->dir) < 0)
		rc = err_errno(err, "cannot sync the directory");
	return rc;
}

static int
run_turn(const struct sink *s, const struct delivery *first, struct err *err)
{
	struct turn t = {.sink = s, .dir = open(s->set.path.s, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	if (t.dir < 0)
		return err_errno(err, "cannot open the directory %s", s->set.path.s);
	arena_init(&t.arena, 0);
	map_init(&t.by_key);
	int rc = publish(&t, first, err);
	for (size_t i = 0; i < t.count; i++)
		feed_page_done(t.pages[i]);
	map_done(&t.by_key);
	arena_done(&t.arena);
	close(t.dir);
	return rc;
}

/* All of a turn stand or fall together: the entries of those that come again are replaced. */
static void
on_flush(evutil_socket_t fd, short what, void *ctx)
{
	struct sink *s = ctx;
	struct feed *f = s->state;
	struct delivery *d;
	struct err err;
	int rc = run_turn(s, f->queue.first, &err);
	while ((d = delivery_queue_take(&f->queue)) != NULL)
		delivery_finish(d, rc == 0 ? ERR_NONE : ERR_SINK_TEMPORARY, "%s", rc == 0 ? "" : err.msg);
}

/* ---- life ---- */

int
sink_feed_open(struct sink *s, struct err *err)
{
	struct stat st;
	if (str_empty(s->set.path))
		return err_set(err, ERR_CONFIG, "a feed sink needs path, a directory");
	if (stat(s->set.path.s, &st) == 0 && !S_ISDIR(st.st_mode))
		return err_set(err, ERR_CONFIG, "%s is no directory", s->set.path.s);
	struct feed *f = calloc(1, sizeof *f);
	if (f == NULL)
		return err_oom(err);
	f->flush = event_new(s->base, -1, 0, on_flush, s);
	if (f->flush == NULL) {
		free(f);
		return err_oom(err);
	}
	s->state = f;
	return 0;
}

void
sink_feed_close(struct sink *s)
{
	struct feed *f = s->state;
	if (f == NULL)
		return;
	event_free(f->flush);
	free(f);
	s->state = NULL;
}

void
sink_feed_send(struct delivery *d, const struct notification *what)
{
	struct feed *f = d->sink->state;
	delivery_queue_put(&f->queue, d);
	event_active(f->flush, 0, 0);
}
