#include "daemon/alarms_state.h"
#include "route/unusual.h"

#include <stdlib.h>

#define WEEK_MS (7 * DAY_MS)
#define QUIET_EVERY_MS (10 * MINUTE_MS) /* each feed and watch is looked at so often */
#define QUIET_STEP 16                   /* feeds or watches at one look */
#define TIMES_MAX 1024                  /* items back */
#define QUIET_RATE_MAX 0.05
#define FEW_GAPS 3.0 /* usual ones that have to pass before a feed is looked at more closely */
#define BURST_PAST_MS (28 * DAY_MS)
#define BURST_WINDOWS_MAX 2016
#define BURST_LATE_MAX_MS MINUTE_MS /* after the end of a window, for what is still being read */

/* ---- silence ---- */

/* The gaps between the times at which anything came; times are newest first. */
static size_t
gaps_of(const int64_t *times, size_t count, int64_t *gaps)
{
	size_t n = 0;
	for (size_t i = 1; i < count; i++) {
		if (times[i - 1] > times[i])
			gaps[n++] = times[i - 1] - times[i];
	}
	return n;
}

/* Every subject may have its share of the false alarms, and spends some at every gap. */
static double
rate_of_gap(const struct alarms *a, const int64_t *gaps, size_t n)
{
	double span = 1, budget = alarms_budget(a);
	for (size_t i = 0; i < n; i++)
		span += (double)gaps[i];
	double a_week = (double)n * WEEK_MS / span, rate = budget / (double)(a->subjects + 1) / a_week;
	return rate < QUIET_RATE_MAX ? rate : QUIET_RATE_MAX;
}

struct quiet {
	const char *alarm, *end, *what;
	struct str subject, watch;
};

static void
raise_quiet(struct alarms *a, const struct quiet *q, int64_t since, int64_t limit, size_t n, double rate)
{
	alarms_raise(a,
	    &(struct store_alarm){.alarm = str_from(q->alarm),
	        .subject = q->subject,
	        .title = arena_printf(&a->arena, "Nothing new %s %.*s for %.1f hours", q->what, STR_ARG(q->subject),
	            (double)(clock_wall() - since) / HOUR_MS),
	        .text = arena_printf(&a->arena,
	            "The last %zu gaps were no longer than %.1f hours. One this long comes by chance with a "
	            "probability of "
	            "at most %.2g.",
	            n, (double)limit / HOUR_MS, rate),
	        .severity = 1,
	        .since_at = since,
	        .watch = q->watch},
	    q->alarm);
	alarms_mark(a, q->alarm, q->subject, since);
}

static void
raise_back(struct alarms *a, const struct quiet *q, int64_t since)
{
	alarms_raise(a,
	    &(struct store_alarm){.alarm = str_from(q->end),
	        .subject = q->subject,
	        .title = arena_printf(&a->arena, "Something new %s %.*s again", q->what, STR_ARG(q->subject)),
	        .text = STR_LIT("The silence is over."),
	        .severity = 1,
	        .since_at = since,
	        .watch = q->watch},
	    q->alarm);
	alarms_mark(a, q->alarm, q->subject, TIME_NONE);
}

/* `last_at` is when the newest came, `until_at` up to when it is known that nothing else did. */
static void
judge_quiet(struct alarms *a, const struct quiet *q, const struct store_alarm_mark *begun, size_t begun_count,
    const int64_t *times, size_t count, int64_t last_at, int64_t until_at)
{
	int64_t gaps[TIMES_MAX];
	for (size_t i = 0; i < begun_count; i++) {
		if (!str_eq(begun[i].subject, q->subject))
			continue;
		if (last_at > begun[i].since_at)
			raise_back(a, q, begun[i].since_at);
		return;
	}
	size_t n = gaps_of(times, count, gaps);
	double rate = rate_of_gap(a, gaps, n);
	int64_t limit = unusual_silence_ms(gaps, n, rate);
	if (limit > 0 && until_at - last_at > limit)
		raise_quiet(a, q, last_at, limit, n, rate);
}

static int
judge_feed(struct alarms *a, const struct alarms_feed *f, const struct store_alarm_mark *begun, size_t begun_count,
    struct err *err)
{
	int64_t times[TIMES_MAX];
	size_t count;
	const struct quiet q = {"feed_quiet", "feed_back", "in feed", arena_str(&a->arena, str_from(f->key)), STR_NONE};
	if (store_times_of_feed(a->daemon->store, f->id, times, TIMES_MAX, &count, err) < 0)
		return -1;
	judge_quiet(a, &q, begun, begun_count, times, count, f->last_new_at, f->last_success_at);
	return 0;
}

static int
judge_watch(struct alarms *a, const struct conf_watch *w, const struct store_alarm_mark *begun, size_t begun_count,
    struct err *err)
{
	int64_t times[TIMES_MAX];
	size_t count;
	const struct quiet q = {"watch_quiet", "watch_back", "for watch", w->key, w->key};
	if (store_times_of_watch(a->daemon->store, w->key, times, TIMES_MAX, &count, err) < 0)
		return -1;
	if (count > 0)
		judge_quiet(a, &q, begun, begun_count, times, count, times[0], clock_wall());
	return 0;
}

void
alarms_forget_feeds(struct alarms *a)
{
	for (size_t i = 0; i < a->feed_count; i++)
		free(a->feeds[i].key);
	free(a->feeds);
	a->feeds = NULL;
	a->feed_count = 0;
}

static bool
is_candidate(const struct store_feed *f)
{
	double a_week = f->course.items_per_week;
	if (f->error != ERR_NONE || f->last_new_at == TIME_NONE || f->last_success_at == TIME_NONE)
		return false;
	return a_week <= 0 || (double)(f->last_success_at - f->last_new_at) * a_week > FEW_GAPS * WEEK_MS;
}

/* The feeds that may be quiet, or were. */
static int
gather_feeds(struct alarms *a, struct err *err)
{
	struct store_feed *feeds;
	struct store_alarm_mark *begun;
	size_t count, begun_count;
	alarms_forget_feeds(a);
	if (store_list_feeds(a->daemon->store, false, &a->arena, &feeds, &count, err) < 0 ||
	    store_alarms_begun(a->daemon->store, STR_LIT("feed_quiet"), &a->arena, &begun, &begun_count, err) < 0)
		return -1;
	a->feeds = calloc(count + 1, sizeof *a->feeds);
	a->feed_at = a->watch_at = 0;
	a->subjects = count + a->daemon->setup.conf->watch_count;
	for (size_t i = 0; i < count && a->feeds != NULL; i++) {
		const struct store_feed *f = &feeds[i];
		bool known = false;
		for (size_t k = 0; k < begun_count; k++)
			known |= str_eq(begun[k].subject, f->key);
		if (!known && !is_candidate(f))
			continue;
		char *key = strndup(f->key.s, f->key.len);
		if (key == NULL)
			return err_oom(err);
		a->feeds[a->feed_count++] =
		    (struct alarms_feed){f->id, f->last_new_at, f->last_success_at, f->course.items_per_week, key};
	}
	return a->feeds == NULL ? err_oom(err) : 0;
}

/* What was published while we did not run is not here yet. */
static bool
watches_may_speak(const struct alarms *a)
{
	return clock_wall() - a->daemon->started_at > a->daemon->setup.conf->global.interval_ms;
}

int
alarms_look_quiet(struct alarms *a, struct err *err)
{
	const struct conf *conf = a->daemon->setup.conf;
	struct store_alarm_mark *feeds, *watches;
	size_t feed_count, watch_count;
	int64_t boot = clock_boot_ms(), every = conf->global.interval_ms;
	if (alarms_budget(a) <= 0 || (!alarms_wants(a, "feed_quiet") && !alarms_wants(a, "watch_quiet")))
		return 0;
	if (boot >= a->quiet_due) {
		a->quiet_due = boot + (every < QUIET_EVERY_MS ? every : QUIET_EVERY_MS);
		if (gather_feeds(a, err) < 0)
			return -1;
	}
	if (a->feed_at >= a->feed_count && a->watch_at >= conf->watch_count)
		return 0;
	if (store_alarms_begun(a->daemon->store, STR_LIT("feed_quiet"), &a->arena, &feeds, &feed_count, err) < 0 ||
	    store_alarms_begun(a->daemon->store, STR_LIT("watch_quiet"), &a->arena, &watches, &watch_count, err) < 0)
		return -1;
	for (int i = 0; i < QUIET_STEP && a->feed_at < a->feed_count && alarms_wants(a, "feed_quiet"); i++) {
		if (judge_feed(a, &a->feeds[a->feed_at++], feeds, feed_count, err) < 0)
			return -1;
	}
	for (int i = 0; i < QUIET_STEP && a->watch_at < conf->watch_count && alarms_wants(a, "watch_quiet") &&
	                watches_may_speak(a);
	     i++) {
		if (judge_watch(a, &conf->watches[a->watch_at++], watches, watch_count, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- bursts ---- */

static void
raise_burst(
    struct alarms *a, const struct store_mentioned *m, const struct unusual_burst *b, int64_t from, int64_t window)
{
	struct str name = str_empty(m->label) ? m->key : m->label;
	alarms_raise(a,
	    &(struct store_alarm){.alarm = STR_LIT("burst"),
	        .subject = m->key,
	        .title = arena_printf(&a->arena, "%.*s in %u sources within %.1f hours", STR_ARG(name), m->sources,
	            (double)window / HOUR_MS),
	        .text = arena_printf(&a->arena,
	            "Usually in %.2f, copies not counted. So many come by chance with a probability of %.2g.",
	            b->expected, b->probability),
	        .severity = 2,
	        .since_at = from},
	    "burst");
	alarms_mark(a, "burst", m->key, from);
}

static bool
is_begun(const struct store_alarm_mark *begun, size_t count, struct str subject)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(begun[i].subject, subject))
			return true;
	}
	return false;
}

/* One window in between, so that a burst that has begun does not count as usual. */
static int
judge_window(struct alarms *a, int64_t from, int64_t window, int64_t oldest, struct err *err)
{
	static unsigned past[BURST_WINDOWS_MAX];
	struct store_mentioned *list;
	struct store_alarm_mark *begun;
	size_t count, begun_count, bursting = 0;
	int64_t span = from - window - oldest;
	size_t n = span > 0 ? (size_t)((span < BURST_PAST_MS ? span : BURST_PAST_MS) / window) : 0;
	if (n > BURST_WINDOWS_MAX)
		n = BURST_WINDOWS_MAX;
	double rate =
	    alarms_budget(a) * (double)window / WEEK_MS / (double)(watchlist_count(a->daemon->setup.watchlist) + 1);
	if (n < UNUSUAL_WINDOWS_MIN)
		return 0;
	if (store_mentioned(a->daemon->store, from, from + window, UNUSUAL_SOURCES_MIN, &a->arena, &list, &count, err) <
	        0 ||
	    store_alarms_begun(a->daemon->store, STR_LIT("burst"), &a->arena, &begun, &begun_count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (store_mentions_past(
		        a->daemon->store, list[i].entity, from - window * (int64_t)(n + 1), window, past, n, err) < 0)
			return -1;
		struct unusual_burst b = unusual_burst(past, n, list[i].sources, rate);
		if (!b.is)
			continue;
		list[bursting++] = list[i];
		if (!is_begun(begun, begun_count, list[i].key))
			raise_burst(a, &list[bursting - 1], &b, from, window);
	}
	for (size_t i = 0; i < begun_count; i++) {
		bool still = false;
		for (size_t k = 0; k < bursting; k++)
			still |= str_eq(begun[i].subject, list[k].key);
		if (!still)
			alarms_mark(a, "burst", begun[i].subject, TIME_NONE);
	}
	return 0;
}

/* Windows lie end to end on the wall clock; each is judged once, those that passed while we did not run never. */
int
alarms_look_bursts(struct alarms *a, struct err *err)
{
	int64_t window = a->daemon->setup.conf->global.burst_window_ms, now = clock_wall(), oldest, event, until;
	int64_t late = window / 10 < BURST_LATE_MAX_MS ? window / 10 : BURST_LATE_MAX_MS;
	int64_t end = (now - late) / window * window;
	if (alarms_budget(a) <= 0 || !alarms_wants(a, "burst") || end <= a->burst_looked_at)
		return 0;
	if (store_alarms_seen(a->daemon->store, &event, &until, err) < 0 ||
	    store_oldest_item(a->daemon->store, &oldest, err) < 0)
		return -1;
	a->burst_looked_at = end;
	if (oldest == TIME_NONE || (until != TIME_NONE && until >= end))
		return 0;
	a->burst_until_at = end;
	return judge_window(a, end - window, window, oldest, err);
}
