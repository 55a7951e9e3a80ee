#include "daemon/orders.h"

#include "base/log.h"
#include "daemon/daemon.h"
#include "daemon/deliver.h"
#include "daemon/router.h"

#include <stdio.h>

#define REMATCH_MAX_S (36500 * DAY_MS / SECOND_MS)
#define SILENCE_MAX_S (366 * DAY_MS / SECOND_MS)

static void
refuse(struct jsonw *w, const char *why)
{
	jsonw_kcstr(w, "error", why);
}

struct word {
	const char *name;
	struct str *value;
};

/* "a=1 b=2 reason=the rest": false at a word that is not known. */
static bool
read_words(struct str rest, const struct word *words)
{
	while (!str_empty(rest = str_trim(rest))) {
		ptrdiff_t equals = str_find(rest, STR_LIT("="), 0), space = str_find(rest, STR_LIT(" "), 0);
		const struct word *w = words;
		if (equals <= 0 || (space >= 0 && space < equals))
			return false;
		while (w->name != NULL && !str_is((struct str){rest.s, (size_t)equals}, w->name))
			w++;
		if (w->name == NULL)
			return false;
		bool last = strcmp(w->name, "reason") == 0 || space < 0;
		size_t end = last ? rest.len : (size_t)space;
		*w->value = (struct str){rest.s + equals + 1, end - (size_t)equals - 1};
		rest = (struct str){rest.s + end, rest.len - end};
	}
	return true;
}

/* ---- the outbox ---- */

void
orders_outbox(struct daemon *d, struct str argument, struct jsonw *w)
{
	static const char *const acts[] = {"retry", "drop", "release"};
	struct store_outbox_order order = {
	    .id = STR_NONE, .sink = STR_NONE, .feed = STR_NONE, .reason = STR_NONE, .by = STR_LIT("dropped by hand")};
	struct str rest = argument, act = STR_NONE;
	const struct word words[] = {
	    {"id", &order.id}, {"sink", &order.sink}, {"feed", &order.feed}, {"reason", &order.reason}, {NULL, NULL}};
	struct err err;
	int64_t count;
	int which = 0;

	str_split(&rest, ' ', &act);
	while (which < 3 && !str_is(act, acts[which]))
		which++;
	rest = str_trim(rest);
	if (which == 3 || str_empty(rest) || (!str_is(rest, "all") && !read_words(rest, words))) {
		refuse(w, "expected retry, drop or release, and all or words id=… sink=… feed=… reason=…");
		return;
	}
	order.act = (enum store_outbox_act)which;
	if (store_outbox_act(d->store, &order, clock_wall(), &count, &err) < 0) {
		refuse(w, err.msg);
		return;
	}
	log_notice("outbox: %s by hand: %lld notification%s", acts[which], (long long)count, count == 1 ? "" : "s");
	jsonw_kint(w, "count", count);
	deliver_resume(d->deliver);
}

/* ---- silences ---- */

static void
end_silence(struct daemon *d, struct str number, struct jsonw *w)
{
	struct err err;
	int64_t id;
	if (!str_int(number, 1, INT64_MAX, &id)) {
		refuse(w, "expected the number of a silence");
		return;
	}
	if (store_silence_end(d->store, id, clock_wall(), &err) < 0 || router_read_silences(d->router, &err) < 0) {
		refuse(w, err.msg);
		return;
	}
	log_notice("silence %lld ended by hand", (long long)id);
	jsonw_kint(w, "id", id);
}

static void
add_silence(struct daemon *d, struct str rest, struct jsonw *w)
{
	struct store_silence s = {.author = STR_NONE,
	    .reason = STR_NONE,
	    .watch = STR_NONE,
	    .entity = STR_NONE,
	    .feed = STR_NONE,
	    .sink = STR_NONE,
	    .alarm = STR_NONE};
	struct str lasts = STR_NONE;
	const struct word words[] = {{"for", &lasts}, {"author", &s.author}, {"watch", &s.watch}, {"entity", &s.entity},
	    {"feed", &s.feed}, {"sink", &s.sink}, {"alarm", &s.alarm}, {"reason", &s.reason}, {NULL, NULL}};
	struct err err;
	int64_t seconds;

	if (!read_words(rest, words) || str_empty(s.author) || !str_int(lasts, 1, SILENCE_MAX_S, &seconds)) {
		refuse(w, "expected for=SECONDS author=…, and what is to be silent");
		return;
	}
	s.created_at = clock_wall();
	s.ends_at = s.created_at + seconds * SECOND_MS;
	if (store_silence_add(d->store, &s, &s.id, &err) < 0 || router_read_silences(d->router, &err) < 0) {
		refuse(w, err.msg);
		return;
	}
	log_notice("silence %lld by %.*s", (long long)s.id, STR_ARG(s.author));
	jsonw_kint(w, "id", s.id);
	jsonw_ktime(w, "ends", s.ends_at);
}

void
orders_silence(struct daemon *d, struct str argument, struct jsonw *w)
{
	struct str rest = argument, what = STR_NONE;
	str_split(&rest, ' ', &what);
	if (str_is(what, "end"))
		end_silence(d, str_trim(rest), w);
	else if (str_is(what, "add"))
		add_silence(d, rest, w);
	else
		refuse(w, "expected add or end");
}

/* ---- tests ---- */

void
orders_test(struct daemon *d, struct str argument, struct jsonw *w)
{
	char group[128];
	const struct store_sending at_once = {.at = TIME_NONE, .severity = 1};
	struct store_outbox_query q = {.state = -1, .sink = argument, .id = STR_NONE, .limit = 1};
	struct store_outbox_row *rows;
	struct arena arena;
	struct err err;
	size_t count = 0;
	int64_t now = clock_wall();

	if (conf_find_sink(d->setup.conf, argument) == NULL) {
		refuse(w, "there is no such sink");
		return;
	}
	snprintf(group, sizeof group, "test %lld %.*s", (long long)now, STR_ARG(argument));
	const struct store_alarm test = {.alarm = STR_LIT("test"),
	    .subject = argument,
	    .title = STR_LIT("A test of tidings"),
	    .text = STR_LIT("Somebody asked whether this arrives. It stands for no news."),
	    .severity = 1,
	    .since_at = TIME_NONE,
	    .group = str_from(group),
	    .test = true};
	arena_init(&arena, 0);
	if (store_tell_alarm(d->store, &test, argument, STR_NONE, &at_once, now, &err) < 0 ||
	    store_outbox_list(d->store, &q, &arena, &rows, &count, &err) < 0)
		refuse(w, err.msg);
	else if (count == 1)
		jsonw_kstr(w, "id", rows[0].id);
	arena_done(&arena);
	deliver_kick(d->deliver);
}

/* ---- what would become of it ---- */

static int
try_item(struct daemon *d, int64_t id, struct arena *arena, struct jsonw *w, struct err *err)
{
	struct record r;
	struct watch_result matches;
	struct routed routed;
	if (store_item(d->store, id, arena, &r, err) < 0)
		return -1;
	const struct conf_feed *feed = conf_find_feed(d->setup.conf, r.feed_key);
	if (feed == NULL)
		return err_set(err, ERR_NOT_FOUND, "its feed is no longer configured");
	struct watch_input in = record_input(&r, conf_tags(feed, arena));
	if (watch_match(d->setup.watchlist, &in, arena, &matches, err) < 0 ||
	    routes_item(d->setup.routes, feed, r.language, &matches, arena, &routed, err) < 0)
		return -1;
	jsonw_kint(w, "item", id);
	jsonw_kstr(w, "title", r.title);
	jsonw_key(w, "watches");
	jsonw_array(w);
	for (size_t i = 0; i < routed.watch_count; i++)
		jsonw_str(w, routed.watches[i]);
	jsonw_end(w);
	jsonw_key(w, "decisions");
	jsonw_array(w);
	router_explain(d->router, w);
	int rc =
	    store_outbox_try(d->store, id, routed.tells, routed.tell_count, router_store(d->router), clock_wall(), err);
	router_explain(d->router, NULL);
	jsonw_end(w);
	return rc;
}

void
orders_dry_run(struct daemon *d, struct str argument, struct jsonw *w)
{
	struct arena arena;
	struct err err;
	int64_t id;
	if (!str_int(argument, 1, INT64_MAX, &id)) {
		refuse(w, "expected the number of an item");
		return;
	}
	arena_init(&arena, 64u << 20);
	if (try_item(d, id, &arena, w, &err) < 0)
		refuse(w, err.msg);
	arena_done(&arena);
}

/* ---- matching again ---- */

void
orders_rematch(struct daemon *d, struct str argument, struct jsonw *w)
{
	struct str rest = argument, how = STR_NONE;
	int64_t seconds;
	str_split(&rest, ' ', &how);
	bool tell = str_is(how, "tell");
	if (!(tell || str_is(how, "mark")) || !str_int(str_trim(rest), 1, REMATCH_MAX_S, &seconds)) {
		refuse(w, "expected mark or tell, and for how many seconds back");
		return;
	}
	int64_t since = clock_wall() - seconds * SECOND_MS;
	rematch_ask(d, since, tell);
	log_notice("watchlist: stored items are matched again by hand%s", tell ? ", and told" : "");
	jsonw_ktime(w, "since", since);
	jsonw_kbool(w, "tell", tell);
}
