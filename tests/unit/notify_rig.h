#pragma once
/*
 * What the tests of the sinks share: a loop, a directory of their own, and a record of what was called back.
 */
#include "tap.h"

#include "base/buf.h"
#include "base/clock.h"
#include "notify/notify.h"
#include "sample_record.h"

#include <dirent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct rig {
	struct event_base *base;
	struct notify *notify;
	char dir[64];
	size_t wanted, told;
	bool sending;
	struct notify_result results[64]; /* by row */
	unsigned calls[64];
};

static struct rig rig;

static void
rig_told(void *ctx, const struct notify_result *result)
{
	ck_assert_msg(!rig.sending, "called back from within notify_send");
	ck_assert_int_lt(result->row, 64);
	rig.results[result->row] = *result;
	rig.calls[result->row]++;
	rig.told++;
	if (rig.told >= rig.wanted && rig.base != NULL)
		event_base_loopbreak(rig.base);
}

static void
rig_start(const struct notify_sink *sinks, size_t count)
{
	struct err err;
	if (rig.base == NULL) {
		rig.base = event_base_new();
		snprintf(rig.dir, sizeof rig.dir, "/tmp/tidings-test-XXXXXX");
		ck_assert(mkdtemp(rig.dir) != NULL);
	}
	rig.notify = notify_new(rig.base, sinks, count, &err);
	ck_assert_msg(rig.notify != NULL, "%s", err.msg);
}

static inline const char *
rig_path(const char *name)
{
	static char path[4][128];
	static unsigned turn;
	char *p = path[turn++ % 4];
	snprintf(p, sizeof path[0], "%s/%s", rig.dir, name);
	return p;
}

static void
rig_end(void)
{
	struct dirent *e;
	notify_free(rig.notify);
	rig.notify = NULL;
	event_base_free(rig.base);
	DIR *d = opendir(rig.dir);
	while ((e = readdir(d)) != NULL)
		unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	ck_assert_int_eq(rmdir(rig.dir), 0);
}

static int
rig_send(const char *sink, int64_t row, const struct record *record, struct err *err)
{
	struct notification n = sample_notification();
	n.sink = str_from(sink);
	n.row = row;
	struct record own;
	if (record != NULL) {
		own = *record;
		n.records = &own;
		n.severity = own.severity;
		n.watches = own.watches;
		n.watch_count = own.watch_count;
	}
	rig.sending = true;
	int r = notify_send(rig.notify, &n, rig_told, NULL, err);
	rig.sending = false;
	return r;
}

/* Runs the loop until so many were told in all; fails the test when that takes longer than seconds. */
static void
rig_wait(size_t wanted, int seconds)
{
	struct timeval most = {seconds, 0};
	rig.wanted = wanted;
	if (rig.told < wanted) {
		event_base_loopexit(rig.base, &most);
		event_base_dispatch(rig.base);
	}
	ck_assert_msg(rig.told >= wanted, "told %zu of %zu within %d s", rig.told, wanted, seconds);
}

static inline struct str
rig_file(const char *path)
{
	static struct buf b;
	FILE *f = fopen(path, "rb");
	char chunk[65536];
	size_t n;
	buf_done(&b);
	buf_init(&b, 0);
	if (f == NULL)
		return STR_NONE;
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, n);
	fclose(f);
	return buf_view(&b);
}

/* The number that a file holds. */
static inline long
rig_number(const char *path)
{
	int64_t n;
	struct str text = str_trim(rig_file(path));
	ck_assert_msg(str_int(text, 0, INT32_MAX, &n), "no number in %s: %.*s", path, STR_ARG(text));
	return (long)n;
}

#define ck_assert_result(row_, code_, text_) \
	do { \
		const struct err *e_ = &rig.results[row_].error; \
		ck_assert_uint_eq(rig.calls[row_], 1); \
		ck_assert_msg(e_->code == (code_), "row %d: %s: %s", (int)(row_), err_word(e_->code), e_->msg); \
		ck_assert_msg(strstr(e_->msg, (text_)) != NULL, "row %d: %s", (int)(row_), e_->msg); \
	} while (0)
