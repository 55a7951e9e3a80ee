#include "render/render.h"

#include <inttypes.h>
#include <stdio.h>

static void
mention_json(struct jsonw *w, const struct record_mention *m)
{
	jsonw_object(w);
	jsonw_kcstr(w, "field", watch_field_word(m->field));
	jsonw_kint(w, "start", m->start);
	jsonw_kint(w, "end", m->end);
	jsonw_kstr(w, "text", m->text);
	jsonw_kstr(w, "name", m->name);
	jsonw_kstr(w, "rule", m->rule);
	if (!str_empty(m->form))
		jsonw_kstr(w, "form", m->form);
	jsonw_end(w);
}

static void
match_json(struct jsonw *w, const struct record_match *m)
{
	jsonw_object(w);
	jsonw_kstr(w, "id", m->id);
	jsonw_kstr(w, "label", m->label);
	jsonw_kcstr(w, "kind", watch_kind_word(m->kind));
	jsonw_key(w, "mentions");
	jsonw_array(w);
	for (size_t i = 0; i < m->mention_count; i++)
		mention_json(w, &m->mentions[i]);
	jsonw_end(w);
	jsonw_end(w);
}

static void
story_json(struct jsonw *w, const struct record_story *s)
{
	if (s->id == 0)
		return;
	jsonw_key(w, "story");
	jsonw_object(w);
	jsonw_kint(w, "id", s->id);
	jsonw_kstr(w, "headline", s->headline);
	jsonw_kint(w, "sources", s->source_count);
	jsonw_kint(w, "nth_source", s->nth_source);
	jsonw_kint(w, "items", s->item_count);
	jsonw_ktime(w, "first", s->first_at);
	jsonw_ktime(w, "last", s->last_at);
	if (s->duplicate_of != 0)
		jsonw_kint(w, "duplicate_of", s->duplicate_of);
	jsonw_end(w);
}

static void
texts_json(struct jsonw *w, const struct record *r)
{
	const struct {
		const char *key;
		struct str value;
	} texts[] = {
	    {"title", r->title},
	    {"link", r->link},
	    {"guid", r->guid},
	    {"language", r->language},
	    {"authors", r->authors},
	    {"categories", r->categories},
	    {"summary", r->summary},
	    {"content", r->content},
	    {"summary_html", r->summary_html},
	    {"content_html", r->content_html},
	    {"article", r->article},
	    {"canonical", r->canonical},
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		jsonw_kstr(w, texts[i].key, texts[i].value);
}

void
render_record_json(struct jsonw *w, const struct record *r)
{
	jsonw_object(w);
	jsonw_kint(w, "schema", RENDER_SCHEMA);
	jsonw_kint(w, "id", r->id);
	jsonw_key(w, "feed");
	jsonw_object(w);
	jsonw_kstr(w, "key", r->feed_key);
	jsonw_kstr(w, "title", r->feed_title);
	jsonw_end(w);
	jsonw_ktime(w, "first_seen", r->first_seen_at);
	jsonw_ktime(w, "published", r->published_at);
	jsonw_ktime(w, "updated", r->updated_at);
	jsonw_ktime(w, "changed", r->changed_at);
	jsonw_kcstr(w, "severity", r->watch_count > 0 ? render_severity_word(r->severity) : NULL);
	jsonw_kint(w, "sources", r->source_count);
	story_json(w, &r->story);
	jsonw_key(w, "watches");
	jsonw_array(w);
	for (size_t i = 0; i < r->watch_count; i++)
		jsonw_str(w, r->watches[i]);
	jsonw_end(w);
	char version[17];
	snprintf(version, sizeof version, "%" PRIx64, (uint64_t)r->watchlist);
	jsonw_kcstr(w, "watchlist", r->watchlist != 0 ? version : NULL);
	jsonw_key(w, "matches");
	jsonw_array(w);
	for (size_t i = 0; i < r->match_count; i++)
		match_json(w, &r->matches[i]);
	jsonw_end(w);
	texts_json(w, r);
	jsonw_end(w);
}

static void
strings_json(struct jsonw *w, const char *key, const struct str *items, size_t count)
{
	jsonw_key(w, key);
	jsonw_array(w);
	for (size_t i = 0; i < count; i++)
		jsonw_str(w, items[i]);
	jsonw_end(w);
}

static void
headline_json(struct jsonw *w, const struct notification *n)
{
	struct buf line;
	buf_init(&line, RENDER_HEADLINE_MAX);
	render_headline(&line, n);
	jsonw_kstr(w, "title", buf_view(&line));
	w->out->failed |= line.failed && !line.over_limit;
	buf_done(&line);
}

/* "item" stands for every kind that has one, so that a receiver that knows nothing of stories still shows something. */
static void
items_json(struct jsonw *w, const struct notification *n)
{
	if (n->record_count == 0)
		return;
	jsonw_key(w, "item");
	render_record_json(w, &n->records[0]);
	if (n->kind != NOTIFICATION_STORY && n->kind != NOTIFICATION_DIGEST)
		return;
	jsonw_kint(w, "item_count", (int64_t)n->item_count);
	jsonw_key(w, "items");
	jsonw_array(w);
	for (size_t i = 0; i < n->record_count; i++)
		render_record_json(w, &n->records[i]);
	jsonw_end(w);
}

void
render_notification_json(struct jsonw *w, const struct notification *n)
{
	jsonw_object(w);
	jsonw_kint(w, "schema", RENDER_SCHEMA);
	jsonw_kcstr(w, "type", render_kind_word(n->kind));
	jsonw_kstr(w, "id", n->id);
	jsonw_kstr(w, "sink", n->sink);
	jsonw_ktime(w, "created", n->created_at);
	jsonw_kint(w, "attempt", n->attempt);
	jsonw_kcstr(w, "severity", render_severity_word(n->severity));
	headline_json(w, n);
	jsonw_kstr(w, "route", n->route);
	jsonw_kstr(w, "group", n->group);
	jsonw_kstr(w, "previous", n->previous_id);
	jsonw_kstr(w, "thread", n->thread_id);
	strings_json(w, "watches", n->watches, n->watch_count);
	jsonw_ktime(w, "since", n->since_at);
	if (n->kind == NOTIFICATION_ALARM || n->kind == NOTIFICATION_TEST) {
		jsonw_kstr(w, "alarm", n->alarm);
		jsonw_kstr(w, "subject", n->subject);
		jsonw_kstr(w, "text", n->text);
	} else {
		jsonw_kint(w, "sources", n->source_count);
	}
	items_json(w, n);
	jsonw_end(w);
}
