#include "base/map.h"
#include "daemon/pipeline_state.h"

#include <stdlib.h>

#define SPREAD_PER_FEED_MS 10          /* after a start, due feeds are spread over this much each … */
#define SPREAD_MAX_MS (60 * SECOND_MS) /* … and over this in all */

void
task_free(struct poll_task *t)
{
	free(t->etag);
	free(t->last_modified);
	free((char *)t->course.adopted_url.s);
	free((char *)t->course.moved_url.s);
	free(t);
}

/* A copy that must not be lost: without memory the old value stays. */
static bool
own(struct str *slot, struct str value)
{
	if (str_eq(*slot, value) && (slot->s == NULL) == (value.s == NULL))
		return true;
	char *copy = value.s ? strndup(value.s, value.len) : NULL;
	if (value.s != NULL && copy == NULL)
		return false;
	free((char *)slot->s);
	*slot = (struct str){copy, copy ? value.len : 0};
	return true;
}

void
task_set_course(struct poll_task *t, const struct store_course *course)
{
	struct str adopted = t->course.adopted_url, moved = t->course.moved_url;
	bool kept = own(&adopted, course->adopted_url) & own(&moved, course->moved_url);
	t->course = *course;
	t->course.adopted_url = adopted;
	t->course.moved_url = moved;
	if (!kept) /* begin anew to count */
		t->course.moved_count = 0;
}

void
task_set(char **slot, struct str value)
{
	char *copy = value.s ? strndup(value.s, value.len) : NULL;
	free(*slot);
	*slot = copy;
}

static struct poll_task *
task_new(struct pipeline *p, const struct store_feed *row)
{
	struct poll_task *t = calloc(1, sizeof *t + row->key.len + 1);
	if (t == NULL)
		return NULL;
	heap_entry_init(&t->due);
	t->course = STORE_COURSE_NONE;
	t->failed_at = TIME_NONE;
	t->pipeline = p;
	memcpy(t->key, row->key.s, row->key.len);
	return t;
}

static void
task_load(struct pipeline *p, struct poll_task *t, const struct conf_feed *conf, const struct store_feed *row,
    int64_t spread_ms)
{
	bool moved = t->conf != NULL && !str_eq(t->conf->url, conf->url);
	t->conf = conf;
	if (moved && t->request != NULL)
		http_cancel(t->request);
	else if (moved && t->job != NULL) /* a document of the old address */
		pipeline_forget(t);
	if (t->busy) /* its outcome will be learnt when it is committed */
		return;
	struct sched_settings settings = pipeline_settings(p, conf);
	int64_t now = clock_wall();
	t->feed_id = row->id;
	t->sched = row->sched;
	task_set(&t->etag, row->etag);
	task_set(&t->last_modified, row->last_modified);
	t->body_hash = row->body_hash;
	t->error = row->error;
	t->never_succeeded = row->last_success_at == TIME_NONE;
	t->untried = row->last_attempt_at == TIME_NONE;
	task_set_course(t, &row->course);
	if (t->waiting)
		return;
	if (t->course.gone_at != TIME_NONE)
		heap_remove(&p->heap, &t->due);
	else
		pipeline_plan(p, t, sched_first(row->next_due_at, &settings, spread_ms, now, pipeline_draw(p)));
}

/* A task that is busy outlives its feed until its poll has ended. */
static void
task_retire(struct pipeline *p, struct poll_task *t)
{
	heap_remove(&p->heap, &t->due);
	t->gone = true;
	if (t->waiting)
		lanes_leave(&p->lanes, t);
	if (t->job != NULL)
		pipeline_forget(t);
	if (t->request != NULL)
		http_cancel(t->request);
	else if (!t->busy)
		task_free(t);
}

static int
index_tasks(const struct pipeline *p, struct map *by_key)
{
	for (size_t i = 0; i < p->task_count; i++) {
		if (map_put(by_key, str_from(p->tasks[i]->key), p->tasks[i]) < 0)
			return -1;
	}
	return 0;
}

/* One task per row, the old one where there is one; fresh ones have no conf yet. NULL without memory, nothing changed. */
static struct poll_task **
tasks_for(struct pipeline *p, const struct store_feed *rows, size_t row_count, struct map *old)
{
	struct poll_task **next = calloc(row_count + 1, sizeof *next);
	if (next == NULL)
		return NULL;
	for (size_t i = 0; i < row_count; i++) {
		next[i] = map_del(old, rows[i].key);
		if (next[i] != NULL || (next[i] = task_new(p, &rows[i])) != NULL)
			continue;
		while (i-- > 0) {
			if (next[i]->conf == NULL)
				task_free(next[i]);
		}
		free(next);
		return NULL;
	}
	return next;
}

/* The tasks of the enabled feeds: old ones go on where they are, new ones are made, the rest is retired. */
static int
adopt(struct pipeline *p, const struct conf *conf, const struct store_feed *rows, size_t row_count)
{
	struct map old;
	struct poll_task **next = NULL;
	int64_t spread = (int64_t)row_count * SPREAD_PER_FEED_MS;

	map_init(&old);
	if (index_tasks(p, &old) == 0)
		next = tasks_for(p, rows, row_count, &old);
	if (next == NULL) {
		map_done(&old);
		return -1;
	}
	for (size_t i = 0; i < row_count; i++)
		task_load(p, next[i], conf_find_feed(conf, rows[i].key), &rows[i],
		    spread < SPREAD_MAX_MS ? spread : SPREAD_MAX_MS);
	for (size_t i = 0; i < old.cap; i++) {
		if (old.slots[i].value != NULL)
			task_retire(p, old.slots[i].value);
	}
	map_done(&old);
	free(p->tasks);
	p->tasks = next;
	p->task_count = row_count;
	p->first_polls.left = 0;
	for (size_t i = 0; i < row_count; i++)
		p->first_polls.left += next[i]->untried;
	return 0;
}

int
pipeline_sync(struct pipeline *p, struct err *err)
{
	const struct conf *conf = p->daemon->setup.conf;
	struct store_feed_key *keys = calloc(conf->feed_count + 1, sizeof *keys);
	struct store_feed *rows;
	struct arena arena;
	size_t count = 0;
	int rc = -1;

	arena_init(&arena, 0);
	if (keys == NULL) {
		err_oom(err);
	} else {
		for (size_t i = 0; i < conf->feed_count; i++) {
			if (conf->feeds[i].enabled)
				keys[count++] = (struct store_feed_key){
				    conf->feeds[i].key, conf->feeds[i].url, conf->feeds[i].title};
		}
		if (store_sync_feeds(p->daemon->store, keys, count, clock_wall(), &arena, &rows, err) == 0)
			rc = adopt(p, conf, rows, count) < 0 ? err_oom(err) : 0;
	}
	free(keys);
	arena_done(&arena);
	pipeline_arm(p);
	return rc;
}
