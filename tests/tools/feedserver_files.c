/* Request paths → files below the root: reading, caching, validators, compression. */
#include "feedserver.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"

static const struct {
	const char *ending, *type;
} types[] = {
    {".rss", "application/rss+xml"},
    {".atom", "application/atom+xml"},
    {".rdf", "application/rdf+xml"},
    {".xml", "application/xml"},
    {".json", "application/json"},
    {".html", "text/html; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".opml", "text/x-opml"},
};

const char *
files_type(struct str name)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_ends(name, str_from(types[i].ending)))
			return types[i].type;
	return "application/octet-stream";
}

/* No part of the path may be "." or "..", and scripts are nobody's business. */
static bool
servable(struct str name)
{
	struct str part;
	if (!str_starts(name, STR_LIT("/")) || str_ends(name, STR_LIT(".script")))
		return false;
	while (str_split(&name, '/', &part))
		if (str_is(part, ".") || str_is(part, ".."))
			return false;
	return true;
}

static bool
full_path(const struct server *s, struct str name, const char *suffix, char out[4096])
{
	if (s->options.root == NULL || !servable(name))
		return false;
	int n = snprintf(out, 4096, "%s%.*s%s", s->options.root, STR_ARG(name), suffix);
	return n > 0 && n < 4096;
}

static bool
read_all(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = 0;
	for (;;) {
		char *room = buf_reserve(out, 65536);
		if (room == NULL || (n = read(fd, room, 65536)) <= 0)
			break;
		out->len += (size_t)n;
	}
	close(fd);
	return n == 0 && !out->failed;
}

bool
files_read(struct server *s, struct str name, struct buf *out)
{
	char path[4096];
	return full_path(s, name, "", path) && read_all(path, out);
}

static bool
same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static void
refresh_script(struct server *s, struct path *p)
{
	char path[4096];
	struct stat st;
	bool there = full_path(s, str_from(p->name), ".script", path) && stat(path, &st) == 0;
	if (there && p->script != NULL && same_time(st.st_mtim, p->script_time))
		return;
	script_unref(p->script);
	p->script = NULL;
	if (!there)
		return;
	struct buf text;
	buf_init(&text, 1 << 20);
	if (read_all(path, &text))
		p->script = script_parse(buf_view(&text), s->port);
	buf_done(&text);
	p->script_time = st.st_mtim;
	p->served = 0;
	if (p->script != NULL && p->script->error[0] != '\0')
		fprintf(stderr, "feedserver: %s: %s\n", path, p->script->error);
}

struct path *
files_path(struct server *s, struct str name)
{
	struct path *p = map_get(&s->paths, name);
	if (p == NULL) {
		p = calloc(1, sizeof *p);
		if (p == NULL || (p->name = strndup(name.s, name.len)) == NULL ||
		    map_put(&s->paths, str_from(p->name), p) < 0) {
			if (p != NULL)
				free(p->name);
			free(p);
			return NULL;
		}
		buf_init(&p->body, FILE_BYTES_MAX);
		buf_init(&p->packed, FILE_BYTES_MAX);
	}
	refresh_script(s, p);
	return p;
}

bool
gzip_all(struct str in, struct buf *out)
{
	z_stream z = {0};
	if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	size_t bound = deflateBound(&z, in.len);
	char *room = buf_reserve(out, bound);
	bool good = false;
	if (room != NULL) {
		z.next_in = (Bytef *)(uintptr_t)in.s;
		z.avail_in = (uInt)in.len;
		z.next_out = (Bytef *)room;
		z.avail_out = (uInt)bound;
		good = deflate(&z, Z_FINISH) == Z_STREAM_END;
		out->len += good ? z.total_out : 0;
	}
	deflateEnd(&z);
	return good;
}

static void
forget(struct server *s, struct path *p)
{
	s->cached_bytes -= p->body.len + p->packed.len;
	buf_done(&p->body);
	buf_done(&p->packed);
	buf_init(&p->body, FILE_BYTES_MAX);
	buf_init(&p->packed, FILE_BYTES_MAX);
}

static void
describe(struct path *p, const struct stat *st)
{
	struct tm tm;
	p->known = true;
	p->file_time = st->st_mtim;
	p->file_size = st->st_size;
	snprintf(p->etag, sizeof p->etag, "%016llx", (unsigned long long)hash64(buf_view(&p->body), 0));
	gmtime_r(&st->st_mtim.tv_sec, &tm);
	strftime(p->modified, sizeof p->modified, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

/* Brings the cache up to date with the file; false when there is no such file. */
static bool
refresh_file(struct server *s, struct path *p)
{
	char path[4096];
	struct stat st;
	if (!full_path(s, str_from(p->name), "", path) || stat(path, &st) < 0 || !S_ISREG(st.st_mode)) {
		forget(s, p);
		p->known = false;
		return false;
	}
	bool current = p->known && same_time(st.st_mtim, p->file_time) && st.st_size == p->file_size;
	if (current && (p->body.len > 0 || st.st_size == 0))
		return true;
	forget(s, p);
	if (!read_all(path, &p->body)) {
		buf_reset(&p->body);
		return false;
	}
	s->cached_bytes += p->body.len;
	describe(p, &st);
	return true;
}

void
files_get(struct server *s, struct path *p, bool wants_gzip, struct resource *r)
{
	if (s->cached_bytes > CACHE_BYTES_MAX) /* crude, and enough: start afresh */
		forget(s, p);
	if (!refresh_file(s, p)) {
		r->status = 404;
		return;
	}
	r->status = 200;
	r->type = files_type(str_from(p->name));
	r->modified = p->modified;
	r->body = buf_view(&p->body);
	if (wants_gzip && s->options.gzip && p->body.len > 256) {
		if (p->packed.len == 0 && gzip_all(r->body, &p->packed))
			s->cached_bytes += p->packed.len;
		r->packed = p->packed.len > 0;
	}
	if (r->packed)
		r->body = buf_view(&p->packed);
	snprintf(r->etag, sizeof r->etag, "\"%s%s\"", p->etag, r->packed ? "-gz" : "");
}

void
files_done(struct server *s)
{
	for (size_t i = 0; i < s->paths.cap; i++) {
		struct path *p = s->paths.slots[i].value;
		if (p == NULL)
			continue;
		script_unref(p->script);
		buf_done(&p->body);
		buf_done(&p->packed);
		free(p->name);
		free(p);
	}
	map_done(&s->paths);
}
