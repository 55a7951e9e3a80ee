#include "render/render.h"

#include "render/ink.h"
#include "render/mark.h"
#include "text/safe.h"

enum {
	MENTIONS_SHOWN = 3, /* of one actor or topic; the rest is counted */
	PASSAGES_SHOWN = 2,
	PASSAGE_RADIUS = 110, /* bytes to both sides */
	CITED_MAX = 80,       /* columns of one cited mention */
};

/* What render_human writes with: one scratch buffer for the paragraph being composed. */
struct page {
	struct ink ink;
	struct buf text;
	const struct record *record;
	const struct render_style *style;
};

static void
end_paragraph(struct page *p, const char *label, enum ink_tone tone)
{
	p->ink.out->failed |= p->text.failed;
	p->ink.out->over_limit |= p->text.over_limit;
	ink_paragraph(&p->ink, label, tone, buf_view(&p->text));
	buf_reset(&p->text);
	p->ink.foreign = false;
}

/* "2026-11-23 14:35 UTC (3h ago)" */
static void
put_time(struct page *p)
{
	char text[RENDER_TIME_MAX], ago[24];
	int64_t at = render_item_at(p->record), now = p->style->now;
	if (at == TIME_NONE) {
		buf_puts(&p->text, "no date");
		return;
	}
	buf_puts(&p->text, render_time(at, p->style->zone, text));
	if (now != TIME_NONE && now >= at)
		buf_printf(&p->text, " (%s ago)", duration_format(now - at, ago));
}

static void
put_head(struct page *p)
{
	const struct record *r = p->record;
	put_time(p);
	buf_puts(&p->text, " · ");
	text_safe(&p->text, text_truncate_columns(render_source(r), CITED_MAX), TEXT_SAFE_ISOLATE);
	if (r->source_count > 1)
		buf_printf(&p->text, " · in %u feeds", r->source_count);
	if (r->id > 0)
		buf_printf(&p->text, " · #%lld", (long long)r->id);
	if (r->story.duplicate_of != 0)
		buf_printf(&p->text, " · repeats #%lld", (long long)r->story.duplicate_of);
	if (r->story.item_count > 1)
		buf_printf(&p->text, " · story %lld: %u items from %u %s", (long long)r->story.id, r->story.item_count,
		    r->story.source_count, r->story.source_count == 1 ? "source" : "sources");
	end_paragraph(p, "", INK_DIM);
}

static void
put_title(struct page *p)
{
	if (str_empty(p->record->title))
		buf_puts(&p->text, "(no title)");
	else
		mark_field(&p->text, p->record, WATCH_FIELD_TITLE);
	p->ink.foreign = true;
	end_paragraph(p, "", INK_BOLD);
}

static void
put_link(struct page *p)
{
	if (str_empty(p->record->link))
		return;
	text_safe(&p->text, p->record->link, 0);
	ink_unwrapped(&p->ink, "", INK_LINK, buf_view(&p->text));
	buf_reset(&p->text);
}

/* The first mention in summary or content of somebody whom the title does not show. */
static const struct record_mention *
needs_passage(const struct record_match *m)
{
	const struct record_mention *first = NULL;
	for (size_t i = 0; i < m->mention_count; i++) {
		if (m->mentions[i].field == WATCH_FIELD_TITLE)
			return NULL;
		if (first == NULL &&
		    (m->mentions[i].field == WATCH_FIELD_SUMMARY || m->mentions[i].field == WATCH_FIELD_CONTENT ||
		        m->mentions[i].field == WATCH_FIELD_ARTICLE))
			first = &m->mentions[i];
	}
	return first;
}

struct passage {
	enum watch_field field;
	size_t from, to;
};

static bool
is_shown(const struct passage *shown, size_t count, const struct record_mention *m)
{
	for (size_t i = 0; i < count; i++) {
		if (shown[i].field == m->field && shown[i].from <= m->start && m->end <= shown[i].to)
			return true;
	}
	return false;
}

static void
put_passages(struct page *p)
{
	struct passage shown[PASSAGES_SHOWN];
	size_t count = 0;

	for (size_t i = 0; i < p->record->match_count && count < PASSAGES_SHOWN; i++) {
		const struct record_mention *m = needs_passage(&p->record->matches[i]);
		if (m == NULL || m->end > mark_field_text(p->record, m->field).len || is_shown(shown, count, m))
			continue;
		struct passage *now = &shown[count++];
		now->field = m->field;
		mark_window(mark_field_text(p->record, m->field), m->start, PASSAGE_RADIUS, &now->from, &now->to);
		mark_passage(&p->text, p->record, m->field, now->from, now->to);
		p->ink.foreign = true;
		end_paragraph(p, "  | ", INK_PLAIN);
	}
}

static bool
same_evidence(const struct record_mention *a, const struct record_mention *b)
{
	return a->field == b->field && str_eq(a->text, b->text) && str_eq(a->rule, b->rule);
}

static bool
repeats(const struct record_match *m, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (same_evidence(&m->mentions[i], &m->mentions[index]))
			return true;
	}
	return false;
}

static void
put_quoted(struct buf *out, struct str s)
{
	struct str cut = text_truncate_columns(s, CITED_MAX);
	buf_puts(out, "“");
	text_safe(out, cut, TEXT_SAFE_ISOLATE);
	buf_puts(out, cut.len < s.len ? "…”" : "”");
}

/* “Зеленському” in content (inflected, of “Зеленський”) */
static void
put_mention(struct buf *out, const struct record_mention *m)
{
	put_quoted(out, m->text);
	buf_printf(out, " in %s (", watch_field_word(m->field));
	text_safe(out, text_truncate_columns(m->rule, CITED_MAX), TEXT_SAFE_ISOLATE);
	if (!str_empty(m->name) && !str_eq(m->name, m->text)) {
		buf_puts(out, ", of ");
		put_quoted(out, m->name);
	}
	buf_putc(out, ')');
}

static void
put_match(struct page *p, const struct record_match *m, const char *label)
{
	size_t shown = 0, i = 0;
	struct str name = str_empty(m->label) ? m->id : m->label;

	text_safe(&p->text, text_truncate_columns(name, CITED_MAX), TEXT_SAFE_ISOLATE);
	for (; i < m->mention_count && shown < MENTIONS_SHOWN; i++) {
		if (repeats(m, i))
			continue;
		buf_puts(&p->text, shown++ == 0 ? ": " : "; ");
		put_mention(&p->text, &m->mentions[i]);
	}
	if (shown > 0 && m->mention_count > shown)
		buf_printf(&p->text, "; %zu in all", m->mention_count);
	end_paragraph(p, label, INK_PLAIN);
}

static bool
actors(enum watch_kind kind)
{
	return watch_kind_is_actor(kind);
}

static bool
topics(enum watch_kind kind)
{
	return kind == WATCH_TOPIC;
}

static bool
alerts(enum watch_kind kind)
{
	return kind == WATCH_ALERT;
}

static void
put_matches(struct page *p, bool (*wanted)(enum watch_kind kind), const char *label)
{
	for (size_t i = 0; i < p->record->match_count; i++) {
		const struct record_match *m = &p->record->matches[i];
		if (!wanted(m->kind))
			continue;
		put_match(p, m, label);
		label = "         ";
	}
}

static void
put_watches(struct page *p)
{
	const struct record *r = p->record;
	if (r->watch_count == 0)
		return;
	for (size_t i = 0; i < r->watch_count; i++) {
		if (i > 0)
			buf_puts(&p->text, ", ");
		text_safe(&p->text, text_truncate_columns(r->watches[i], CITED_MAX), TEXT_SAFE_ISOLATE);
	}
	buf_printf(&p->text, " (%s)", render_severity_word(r->severity));
	end_paragraph(p, "  watch  ", INK_PLAIN);
}

void
render_human(struct buf *out, const struct record *r, const struct render_style *style)
{
	struct page p = {.ink = {.out = out, .html = style->html, .colour = style->colour, .width = style->width},
	    .record = r,
	    .style = style};
	buf_init(&p.text, out->max_bytes);
	put_head(&p);
	put_title(&p);
	put_link(&p);
	put_passages(&p);
	put_matches(&p, actors, "  who    ");
	put_matches(&p, topics, "  what   ");
	put_matches(&p, alerts, "  query  ");
	put_watches(&p);
	buf_done(&p.text);
}
