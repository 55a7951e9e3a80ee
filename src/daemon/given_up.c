#include "daemon/given_up.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/utf8.h"
#include "daemon/daemon.h"

#define TEXT_BYTES_MAX 2048u

/* The same expression in another field, or at another of its limits, is no news. */
static uint64_t
key_of(const struct watchlist *w, const struct watch_given_up *what)
{
	struct watch_given_up bare = *what;
	struct buf b;
	bare.field = WATCH_FIELD_TITLE;
	bare.limit = WATCH_LIMIT_STEPS;
	buf_init(&b, TEXT_BYTES_MAX);
	watch_given_up_say(w, &bare, &b);
	uint64_t key = hash64(buf_view(&b), 0);
	buf_done(&b);
	return key;
}

static void
forget_old(struct given_up *g, int64_t now)
{
	size_t kept = 0;
	for (size_t i = 0; i < g->count; i++) {
		if (now - g->told[i].at < GIVEN_UP_TOLD_MS)
			g->told[kept++] = g->told[i];
	}
	g->count = kept;
}

static bool
is_told(const struct given_up *g, uint64_t key)
{
	for (size_t i = 0; i < g->count; i++) {
		if (g->told[i].key == key)
			return true;
	}
	return false;
}

static struct str
sentence(const struct watchlist *w, const struct watch_given_up *what, struct str link, struct arena *arena)
{
	struct buf b;
	buf_init(&b, TEXT_BYTES_MAX);
	watch_given_up_say(w, what, &b);
	if (!str_empty(link))
		buf_printf(&b, "; item %.*s", STR_ARG(utf8_truncate(link, 500)));
	struct str s = arena_str(arena, buf_view(&b));
	buf_done(&b);
	return s;
}

size_t
given_up_events(struct given_up *g, const struct watchlist *w, const struct watch_result *matches, struct str link,
    int64_t now, struct arena *arena, struct store_poll_event *ret, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < matches->given_up_count && n < max; i++) {
		uint64_t key = key_of(w, &matches->given_up[i]);
		forget_old(g, now);
		if (is_told(g, key) || g->count == GIVEN_UP_TOLD_MAX)
			continue;
		ret[n] = (struct store_poll_event){
		    err_word(ERR_REGEX_LIMIT), sentence(w, &matches->given_up[i], link, arena)};
		if (ret[n].text.s == NULL)
			return n;
		g->told[g->count++] = (struct given_up_told){key, now};
		n++;
	}
	return n;
}

void
given_up_tell(struct daemon *d, const struct watch_result *matches, struct str link)
{
	struct store_poll_event events[GIVEN_UP_EVENTS_MAX];
	struct store_happening happened[GIVEN_UP_EVENTS_MAX];
	struct arena arena;
	struct err err;
	if (matches->given_up_count == 0)
		return;
	arena_init(&arena, 0);
	size_t n = given_up_events(
	    &d->given_up, d->setup.watchlist, matches, link, clock_boot_ms(), &arena, events, GIVEN_UP_EVENTS_MAX);
	for (size_t i = 0; i < n; i++) {
		happened[i] =
		    (struct store_happening){.at = clock_wall(), .kind = events[i].kind, .text = events[i].text};
		log_notice("%s: %.*s", events[i].kind, STR_ARG(events[i].text));
	}
	if (n > 0 && store_add_events(d->store, happened, n, &err) < 0)
		log_warn("%s", err.msg);
	arena_done(&arena);
}
