/* The files of a configuration, in their order. */
#include "base/vec.h"
#include "conf/build.h"
#include "conf/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct loader {
	struct build build;
	bool *open_to_all; /* by file_no */
	size_t open_cap;
};

static void
run_out(struct loader *l)
{
	l->build.out_of_memory = true;
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
	struct conf_file file;
	struct err err;
	struct conf_origin origin = build_file(&l->build, str_from(path));
	if (vec_reserve((void **)&l->open_to_all, &l->open_cap, origin.file_no + 1, sizeof *l->open_to_all) < 0) {
		run_out(l);
		return;
	}
	if (conf_file_read(path, main_file, &file, &err) < 0)
		conf_report_error(l->build.report, &origin, "%s%s", err.msg, main_file ? "; -c names another file" : "");
	else
		build_text(&l->build, origin, buf_view(&file.text), directory_of(l, path));
	l->open_to_all[origin.file_no] = file.open_to_all;
	conf_file_done(&file);
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

static void
load_drop_in(struct loader *l, const char *directory, const char *name)
{
	struct str path = arena_printf(&l->build.conf->arena, "%s/%s", directory, name);
	struct conf_origin at = {.file = path, .file_no = (unsigned)l->build.conf->files.count};
	if (path.s == NULL)
		run_out(l);
	else if (l->build.conf->files.count >= CONF_FILES_MAX)
		conf_report_error(l->build.report, &at, "is one file too many; expected at most %u", CONF_FILES_MAX);
	else
		load_ini(l, path.s, false);
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
			conf_report_error(l->build.report, &at, "cannot be listed: %s", strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		if (!l->build.out_of_memory)
			load_drop_in(l, directory, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

static void
load_drop_ins(struct loader *l, const char *path)
{
	struct arena *arena = &l->build.conf->arena;
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash - path) + 1 : 0;
	const struct str places[] = {
	    arena_printf(arena, "%.*sfeeds.d", dir, path),
	    arena_printf(arena, "%.*swatchlists.d", dir, path),
	    arena_printf(arena, "%s.d", path),
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (places[i].s != NULL)
			load_directory(l, places[i].s);
	}
}

/* A file that a line of [tidings] names; one that cannot be read is told at that line. */
static bool
read_included(
    struct loader *l, const char *setting, struct str path, const struct conf_origin *said_at, struct conf_file *file)
{
	struct err err;
	if (conf_file_read(path.s, false, file, &err) == 0)
		return true;
	conf_report_error(l->build.report, said_at, "%s: %s %s", setting, path.s, err.msg);
	conf_file_done(file);
	return false;
}

static void
load_opml(struct loader *l)
{
	const struct conf_global *g = build_record(&l->build, CONF_TIDINGS, 0);
	for (size_t i = 0; i < g->feed_files.count && !l->build.out_of_memory; i++) {
		struct conf_file file;
		struct str path = g->feed_files.items[i];
		if (!read_included(l, "include-opml", path, &g->feed_files.origins[i], &file))
			continue;
		build_opml(&l->build, build_file(&l->build, path), buf_view(&file.text));
		conf_file_done(&file);
	}
}

static void
load_names(struct loader *l)
{
	const struct conf_global *g = build_record(&l->build, CONF_TIDINGS, 0);
	struct conf *c = l->build.conf;
	c->name_files = arena_zalloc(&c->arena, g->name_files.count, sizeof *c->name_files);
	for (size_t i = 0; i < g->name_files.count && c->name_files != NULL; i++) {
		struct conf_file file;
		struct str path = g->name_files.items[i];
		if (!read_included(l, "include-names", path, &g->name_files.origins[i], &file))
			continue;
		struct conf_name_file *f = &c->name_files[c->name_file_count++];
		f->origin = build_file(&l->build, path);
		f->text = arena_str(&c->arena, buf_view(&file.text));
		conf_file_done(&file);
	}
}

/* The name of a header that lets in whoever knows its value. */
static bool
is_secret(struct str header)
{
	static const char *const marks[] = {"authorization", "cookie", "key", "token", "secret"};
	struct str name = STR_NONE;
	str_split(&header, ':', &name);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (str_ifind(name, str_from(marks[i]), 0) >= 0)
			return true;
	}
	return false;
}

static void
check_secrets(struct loader *l)
{
	for (size_t i = 0; i < l->build.tables[CONF_FEED].count; i++) {
		const struct conf_feed *f = build_record(&l->build, CONF_FEED, i);
		for (size_t k = 0; k < f->headers.count; k++) {
			const struct conf_origin *at = &f->headers.origins[k];
			if (l->open_to_all[at->file_no] && is_secret(f->headers.items[k]))
				conf_report_error(l->build.report, at,
				    "header: holds a secret, but everybody may read this file; expected chmod o-r %.*s",
				    STR_ARG(at->file));
		}
	}
}

/* A file that is read only when it is needed. It may come later, or be there for the daemon's user only. */
static void
check_file(struct loader *l, const struct conf_origin *at, const char *section, struct str key, const char *setting,
    struct str path)
{
	if (!str_empty(path) && path.s[0] == '/' && access(path.s, F_OK) < 0 && errno == ENOENT)
		conf_report_warning(l->build.report, at, "[%s%s%.*s]: %s: there is no file %s", section,
		    str_empty(key) ? "" : " ", STR_ARG(key), setting, path.s);
}

static void
check_files(struct loader *l)
{
	const struct build_table *feeds = &l->build.tables[CONF_FEED], *sinks = &l->build.tables[CONF_SINK];
	const struct build_mark *mark = &l->build.tables[CONF_TIDINGS].marks[0];
	const struct conf_global *g = build_record(&l->build, CONF_TIDINGS, 0);
	if (mark->file_no < l->build.conf->files.count) {
		struct conf_origin at = {l->build.conf->files.items[mark->file_no], mark->line, mark->file_no};
		check_file(l, &at, "tidings", STR_NONE, "ca-file", g->ca_file);
		check_file(l, &at, "tidings", STR_NONE, "proxy-secret-file", g->proxy_secret_file);
	}
	for (size_t i = 0; i < feeds->count; i++) {
		const struct conf_feed *f = build_record(&l->build, CONF_FEED, i);
		check_file(l, &f->origin, "feed", f->key, "secret-file", f->secret_file);
		check_file(l, &f->origin, "feed", f->key, "proxy-secret-file", f->proxy_secret_file);
		check_file(l, &f->origin, "feed", f->key, "client-cert", f->client_cert);
		check_file(l, &f->origin, "feed", f->key, "client-key", f->client_key);
		check_file(l, &f->origin, "feed", f->key, "ca-file", f->ca_file);
	}
	for (size_t i = 0; i < sinks->count; i++) {
		const struct conf_sink *s = build_record(&l->build, CONF_SINK, i);
		check_file(l, &s->origin, "sink", s->key, "secret-file", s->secret_file);
	}
}

struct conf *
conf_load(const char *path, struct conf_report *report)
{
	struct loader l = {.open_to_all = NULL};
	build_init(&l.build, report);
	if (!l.build.out_of_memory)
		load_ini(&l, path, true);
	if (!l.build.out_of_memory)
		load_drop_ins(&l, path);
	if (!l.build.out_of_memory) {
		check_secrets(&l);
		check_files(&l);
		load_opml(&l);
		load_names(&l);
	}
	struct conf *c = build_finish(&l.build);
	build_done(&l.build);
	free(l.open_to_all);
	return c;
}
