/* The files of a configuration, in their order. */
#include "base/buf.h"
#include "conf/build.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct loader {
	struct build build;
	struct conf_report *report;
};

/* "-1" with a reason that fits behind "FILE: ". A pipe is welcome where the user named it, never in a directory of drop-ins,
 * where it would hang the start. */
static int
open_file(const char *path, bool pipe_allowed, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | (pipe_allowed ? 0 : O_NONBLOCK));
	if (fd < 0)
		return err_set(err, ERR_IO, "cannot be opened: %s", strerror(errno));
	if (fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || (pipe_allowed && !S_ISDIR(st.st_mode))))
		return fd;
	close(fd);
	return err_set(err, ERR_IO, "is not a regular file");
}

static int
read_all(int fd, struct buf *out, struct err *err)
{
	for (;;) {
		char *p = buf_reserve(out, 65536);
		ssize_t n = p ? read(fd, p, 65536) : -1;
		if (p == NULL && out->over_limit)
			return err_set(err, ERR_TOO_LARGE, "is larger than %u MiB", CONF_FILE_BYTES_MAX >> 20);
		if (p == NULL)
			return err_oom(err);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, ERR_IO, "cannot be read: %s", strerror(errno));
		if (n == 0)
			return 0;
		out->len += (size_t)n;
		out->data[out->len] = '\0';
	}
}

static int
read_file(const char *path, bool pipe_allowed, struct buf *out, struct err *err)
{
	buf_init(out, (size_t)CONF_FILE_BYTES_MAX + 65536);
	int fd = open_file(path, pipe_allowed, err);
	if (fd < 0)
		return -1;
	int rc = read_all(fd, out, err);
	close(fd);
	if (rc == 0 && out->len > CONF_FILE_BYTES_MAX)
		return err_set(err, ERR_TOO_LARGE, "is larger than %u MiB", CONF_FILE_BYTES_MAX >> 20);
	return rc;
}

/* The directory of a path, absolute, so that what it leads to does not depend on where the program was started. */
static struct str
directory_of(struct loader *l, const char *path)
{
	char dir[PATH_MAX], absolute[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t len = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
	if (len >= sizeof dir)
		return STR_NONE;
	memcpy(dir, path, len);
	dir[len] = '\0';
	return arena_cstr(&l->build.conf->arena, realpath(len ? dir : ".", absolute) ? absolute : dir);
}

static void
load_ini(struct loader *l, const char *path, bool main_file)
{
	struct buf text;
	struct err err;
	struct conf_origin origin = build_file(&l->build, str_from(path));
	if (read_file(path, main_file, &text, &err) < 0)
		conf_report_error(l->report, &origin, "%s", err.msg);
	else
		build_text(&l->build, origin, buf_view(&text), directory_of(l, path));
	buf_done(&text);
}

static int
is_drop_in(const struct dirent *entry)
{
	struct str name = str_from(entry->d_name);
	return name.s[0] != '.' && str_ends(name, STR_LIT(".conf"));
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* All DIRECTORY/NAME.conf; a directory that is not there holds nothing. */
static void
load_directory(struct loader *l, const char *directory)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, is_drop_in, by_name);
	if (count < 0) {
		struct conf_origin at = {.file = str_from(directory), .file_no = (unsigned)l->build.conf->files.count};
		if (errno != ENOENT && errno != ENOTDIR)
			conf_report_error(l->report, &at, "cannot be listed: %s", strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		struct str path = arena_printf(&l->build.conf->arena, "%s/%s", directory, entries[i]->d_name);
		if (l->build.conf->files.count >= CONF_FILES_MAX || path.s == NULL)
			l->build.out_of_memory = true;
		else
			load_ini(l, path.s, false);
		free(entries[i]);
	}
	free(entries);
}

static void
load_drop_ins(struct loader *l, const char *path)
{
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash - path) + 1 : 0;
	const struct str places[] = {
	    arena_printf(&l->build.conf->arena, "%.*sfeeds.d", dir, path),
	    arena_printf(&l->build.conf->arena, "%.*swatchlists.d", dir, path),
	    arena_printf(&l->build.conf->arena, "%s.d", path),
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (places[i].s != NULL)
			load_directory(l, places[i].s);
	}
}

/* Reads a file that a line of [tidings] names; one that cannot be read is told at that line. */
static bool
read_included(struct loader *l, const char *setting, struct str path, const struct conf_origin *said_at, struct buf *text)
{
	struct err err;
	if (read_file(path.s, false, text, &err) == 0)
		return true;
	conf_report_error(l->report, said_at, "%s: %s %s", setting, path.s, err.msg);
	buf_done(text);
	return false;
}

static void
load_opml(struct loader *l)
{
	const struct conf_global *g = build_record(&l->build, CONF_TIDINGS, 0);
	for (size_t i = 0; i < g->feed_files.count && !l->build.out_of_memory; i++) {
		struct buf text;
		if (!read_included(l, "include-opml", g->feed_files.items[i], &g->feed_files.origins[i], &text))
			continue;
		build_opml(&l->build, build_file(&l->build, g->feed_files.items[i]), buf_view(&text));
		buf_done(&text);
	}
}

static void
load_names(struct loader *l)
{
	const struct conf_global *g = build_record(&l->build, CONF_TIDINGS, 0);
	struct conf *c = l->build.conf;
	c->name_files = arena_zalloc(&c->arena, g->name_files.count, sizeof *c->name_files);
	for (size_t i = 0; i < g->name_files.count && c->name_files != NULL; i++) {
		struct buf text;
		if (!read_included(l, "include-names", g->name_files.items[i], &g->name_files.origins[i], &text))
			continue;
		struct conf_name_file *f = &c->name_files[c->name_file_count++];
		f->origin = build_file(&l->build, g->name_files.items[i]);
		f->text = arena_str(&c->arena, buf_view(&text));
		buf_done(&text);
	}
	l->build.out_of_memory |= c->arena.failed;
}

struct conf *
conf_load(const char *path, struct conf_report *report)
{
	struct loader l = {.report = report};
	build_init(&l.build, report);
	if (!l.build.out_of_memory)
		load_ini(&l, path, true);
	if (!l.build.out_of_memory)
		load_drop_ins(&l, path);
	if (!l.build.out_of_memory) {
		load_opml(&l);
		load_names(&l);
	}
	struct conf *c = build_finish(&l.build);
	build_done(&l.build);
	return c;
}
