#include "daemon/given_up.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/utf8.h"
#include "daemon/daemon.h"

#define TEXT_BYTES_MAX 2048u

/* Of a sentence: the same expression in another field, or at another of its limits, is no news; that it and others had no steps left is. */
static uint64_t
key_of(struct str said)
{
	const char *limit = memmem(said.s, said.len, WATCH_GIVEN_UP_LIMIT, strlen(WATCH_GIVEN_UP_LIMIT));
	struct str whose = {said.s, limit ? (size_t)(limit - said.s) : said.len};
	struct str rest = {said.s + whose.len, said.len - whose.len};
	return hash64(whose, str_starts(rest, STR_LIT(WATCH_GIVEN_UP_LIMIT WATCH_GIVEN_UP_SHARED)));
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
		struct str said = sentence(w, &matches->given_up[i], link, arena);
		if (said.s == NULL)
			return n;
		uint64_t key = key_of(said);
		forget_old(g, now);
		if (is_told(g, key) || g->count == GIVEN_UP_TOLD_MAX)
			continue;
		ret[n++] = (struct store_poll_event){err_word(ERR_REGEX_LIMIT), said};
		g->told[g->count++] = (struct given_up_told){key, now};
	}
	return n;
}

int
given_up_remember(struct given_up *g, struct store *s, int64_t wall, int64_t now, struct err *err)
{
	struct store_event *told = NULL;
	struct arena arena;
	size_t count = 0;
	arena_init(&arena, 0);
	int rc = store_recent_events(
	    s, err_word(ERR_REGEX_LIMIT), wall - GIVEN_UP_TOLD_MS, GIVEN_UP_TOLD_MAX, &arena, &told, &count, err);
	g->count = 0;
	for (size_t i = 0; i < count && rc == 0; i++) {
		/* the clock of the wall may have been set back since */
		int64_t age = wall > told[i].at ? wall - told[i].at : 0;
		if (told[i].text.s != NULL)
			g->told[g->count++] = (struct given_up_told){key_of(told[i].text), now - age};
	}
	arena_done(&arena);
	return rc;
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
