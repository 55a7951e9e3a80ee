#include "daemon/course.h"

#include "feed/url.h"

struct told {
	struct store_poll_event *events;
	size_t count;
};

static void
tell(struct told *t, const char *kind, struct str text)
{
	if (t->count < COURSE_EVENTS_MAX)
		t->events[t->count++] = (struct store_poll_event){kind, text};
}

/* ---- moves ---- */

/* Parts of a URL that speak of people who have to say who they are. */
static const char *const login_words[] = {"login", "logon", "signin", "sign-in", "sign_in", "/sso", "captive",
    "hotspot", "/auth/", "/auth?", "/oauth", "consent", "paywall", "subscribe-now"};

static bool
speaks_of_login(struct str url)
{
	for (size_t w = 0; w < sizeof login_words / sizeof *login_words; w++) {
		if (str_ifind(url, str_from(login_words[w]), 0) >= 0)
			return true;
	}
	return false;
}

static bool
same_origin(struct str a, struct str b)
{
	struct url_parts x = url_parse(a), y = url_parse(b);
	return str_ieq(x.scheme, y.scheme) && str_ieq(x.host, y.host) && str_eq(x.port, y.port);
}

static bool
may_move(const struct course_facts *f)
{
	if (f->moved_to.s == NULL || f->page || str_eq(f->moved_to, f->url) || speaks_of_login(f->moved_to))
		return false;
	return !f->has_secrets || same_origin(f->moved_to, f->configured);
}

static void
forget_move(struct store_course *c)
{
	c->moved_url = STR_NONE;
	c->moved_count = 0;
	c->moved_since_at = TIME_NONE;
}

static void
note_move(struct store_course *c, const struct course_facts *f, struct arena *arena, struct told *t)
{
	if (!may_move(f)) {
		forget_move(c);
		return;
	}
	if (!str_eq(c->moved_url, f->moved_to)) {
		c->moved_url = arena_str(arena, f->moved_to);
		c->moved_count = 0;
		c->moved_since_at = f->at;
	}
	c->moved_count++;
	if (c->moved_count < COURSE_MOVE_TIMES || f->at - c->moved_since_at < COURSE_MOVE_MS)
		return;
	tell(t, "moved", arena_printf(arena, "from %.*s to %.*s", STR_ARG(f->url), STR_ARG(f->moved_to)));
	c->adopted_url = str_eq(f->moved_to, f->configured) ? STR_NONE : c->moved_url;
	forget_move(c);
}

static void
retreat(struct store_course *c, const struct course_facts *f, struct arena *arena, struct told *t)
{
	if (c->adopted_url.s == NULL || f->failures < COURSE_RETREAT_FAILURES)
		return;
	tell(t, "moved_back",
	    arena_printf(arena, "%.*s fails; %.*s is asked again", STR_ARG(c->adopted_url), STR_ARG(f->configured)));
	c->adopted_url = STR_NONE;
	forget_move(c);
}

/* ---- is it still the same feed, and was all of it seen? ---- */

static struct str
bare_host(struct str url)
{
	struct str host = url_host(url);
	return str_istarts(host, STR_LIT("www.")) ? (struct str){host.s + 4, host.len - 4} : host;
}

static bool
other_identity(const struct course_facts *f)
{
	const struct store_seen *s = f->seen;
	struct str before = bare_host(s->site), now = bare_host(f->site);
	return s->had_items && s->fresh > 0 && s->known == 0 && !str_empty(s->title) && !str_empty(f->title) &&
	       !str_eq(s->title, f->title) && !str_empty(before) && !str_empty(now) && !str_ieq(before, now);
}

static void
note_document(struct store_course *c, const struct course_facts *f, struct arena *arena, struct told *t)
{
	if (other_identity(f)) {
		tell(t, "identity_changed",
		    arena_printf(arena, "title, site and all items changed at once: was “%.*s” (%.*s), is “%.*s” (%.*s)",
		        STR_ARG(f->seen->title), STR_ARG(f->seen->site), STR_ARG(f->title), STR_ARG(f->site)));
		return;
	}
	if (!f->gap)
		return;
	if (c->gap_at == TIME_NONE || f->at - c->gap_at >= COURSE_GAP_TOLD_MS)
		tell(t, "gap_suspected",
		    arena_printf(arena, "all %zu items are new: others probably came and went since the last poll",
		        f->seen->fresh));
	c->gap_at = f->at;
	c->gap_count++;
}

/* ---- health ---- */

static void
note_health(struct store_course *c, const struct course_facts *f, struct arena *arena, struct told *t)
{
	if (f->error == ERR_NONE) {
		if (c->told_failing_at != TIME_NONE)
			tell(t, "recovered", STR_NONE);
		c->told_failing_at = c->gone_at = TIME_NONE;
		return;
	}
	if (f->error == ERR_HTTP_GONE && c->gone_at == TIME_NONE) {
		c->gone_at = f->at;
		tell(t, "gone",
		    STR_LIT("the server says that the document is gone for good; it is not polled any more"));
	}
	if (f->failures == 0 || f->failing_since_at == TIME_NONE || c->told_failing_at != TIME_NONE ||
	    c->gone_at != TIME_NONE || f->at - f->failing_since_at < f->fail_for_ms)
		return;
	c->told_failing_at = f->at;
	tell(t, "failing_long", arena_printf(arena, "%s: %.*s", err_word(f->error), STR_ARG(f->error_text)));
}

bool
course_same(const struct store_course *a, const struct store_course *b)
{
	return str_eq(a->adopted_url, b->adopted_url) && str_eq(a->moved_url, b->moved_url) &&
	       a->moved_since_at == b->moved_since_at && a->full_at == b->full_at && a->gone_at == b->gone_at &&
	       a->gap_at == b->gap_at && a->gap_count == b->gap_count && a->wait_ms == b->wait_ms &&
	       a->moved_count == b->moved_count && a->skip_hours == b->skip_hours && a->skip_days == b->skip_days &&
	       a->items_per_week == b->items_per_week && a->told_failing_at == b->told_failing_at;
}

size_t
course_next(const struct store_course *old, const struct course_facts *f, struct arena *arena,
    struct store_course *next, struct store_poll_event *events)
{
	struct told t = {.events = events};
	*next = *old;
	note_health(next, f, arena, &t);
	if (f->error != ERR_NONE) {
		retreat(next, f, arena, &t);
		return t.count;
	}
	if (f->full) {
		next->full_at = f->at;
		note_document(next, f, arena, &t);
	}
	note_move(next, f, arena, &t);
	return t.count;
}
