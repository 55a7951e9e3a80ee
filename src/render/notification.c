/* A notification of any kind for people: its headline, its line, its paragraphs. */
#include "render/render.h"

#include "base/utf8.h"
#include "render/ink.h"
#include "text/safe.h"

enum {
	HEADLINE_TITLE_MAX = 512, /* bytes of one title in a headline */
	HEADLINE_TITLES = 3,      /* of a digest */
	LINE_TITLE_MAX = 640,
	WORD_MAX = 120,
};

static struct str
title_of(const struct record *r)
{
	return str_empty(r->title) ? STR_LIT("(no title)") : r->title;
}

static void
put_title(struct buf *out, const struct record *r)
{
	struct str title = title_of(r), cut = utf8_truncate(title, HEADLINE_TITLE_MAX);
	buf_str(out, cut);
	if (cut.len < title.len)
		buf_puts(out, "…");
}

static void
put_digest(struct buf *out, const struct notification *n)
{
	buf_printf(out, "%zu %s: ", n->item_count, n->item_count == 1 ? "item" : "items");
	for (size_t i = 0; i < n->record_count && i < HEADLINE_TITLES; i++) {
		if (i > 0)
			buf_puts(out, "; ");
		put_title(out, &n->records[i]);
	}
	if (n->item_count > HEADLINE_TITLES)
		buf_puts(out, "; …");
}

void
render_headline(struct buf *out, const struct notification *n)
{
	if (n->kind == NOTIFICATION_ALARM || n->kind == NOTIFICATION_TEST)
		buf_str(out, utf8_truncate(n->title, 4 * HEADLINE_TITLE_MAX - 64));
	else if (n->kind == NOTIFICATION_DIGEST)
		put_digest(out, n);
	else
		put_title(out, render_lead(n));
	if (n->kind == NOTIFICATION_STORY && n->source_count > 1)
		buf_printf(out, " (now in %u sources)", n->source_count);
	else if (n->kind == NOTIFICATION_STORY && n->item_count > 1)
		buf_printf(out, " (and %zu more)", n->item_count - 1);
}

/* ---- one line ---- */

/* Made safe and cut; a word has no spaces, and quotes become ', so that a "…" ends where it says. */
static void
put_cut(struct buf *out, struct str s, size_t max, bool words)
{
	struct buf safe;
	buf_init(&safe, 4 * max + 64);
	text_safe(&safe, utf8_truncate(s, max), 0);
	struct str shown = utf8_truncate(buf_view(&safe), max);
	for (size_t i = 0; i < shown.len; i++) {
		char c = shown.s[i];
		buf_putc(out, c == '"' ? '\'' : c == ' ' && !words ? '_' : c);
	}
	if (s.len > max || shown.len < safe.len)
		buf_puts(out, "…");
	out->failed |= safe.failed && !safe.over_limit;
	buf_done(&safe);
}

static void
put_headline(struct buf *out, const struct notification *n, size_t max)
{
	struct buf line;
	buf_init(&line, RENDER_HEADLINE_MAX);
	render_headline(&line, n);
	put_cut(out, buf_view(&line), max, true);
	out->failed |= line.failed && !line.over_limit;
	buf_done(&line);
}

void
render_notification_line(struct buf *out, const struct notification *n)
{
	char at[TIME_FORMAT_MAX];
	if (n->kind == NOTIFICATION_ITEM) {
		render_line(out, render_lead(n));
		return;
	}
	time_format(n->created_at, false, at);
	buf_printf(out, "%s %s %s", at[0] ? at : "-", render_kind_word(n->kind), render_severity_word(n->severity));
	if (n->record_count > 0)
		buf_printf(out, " items=%zu sources=%u", n->item_count, n->source_count);
	if (!str_empty(n->alarm)) {
		buf_puts(out, " alarm=");
		put_cut(out, n->alarm, WORD_MAX, false);
	}
	if (!str_empty(n->subject)) {
		buf_puts(out, " subject=");
		put_cut(out, n->subject, WORD_MAX, false);
	}
	buf_puts(out, " title=\"");
	put_headline(out, n, LINE_TITLE_MAX);
	buf_putc(out, '"');
	if (n->kind == NOTIFICATION_STORY && !str_empty(render_lead(n)->link)) {
		buf_puts(out, " link=");
		put_cut(out, render_lead(n)->link, LINE_TITLE_MAX, false);
	}
	buf_putc(out, '\n');
}

/* ---- paragraphs ---- */

static void
paragraph(struct ink *ink, const char *label, enum ink_tone tone, struct str foreign)
{
	struct buf text;
	buf_init(&text, ink->out->max_bytes);
	text_safe(&text, foreign, 0);
	ink->foreign = true;
	ink_paragraph(ink, label, tone, buf_view(&text));
	ink->out->failed |= text.failed;
	buf_done(&text);
}

/* "2026-11-23 14:35 UTC · alarm · high · since 2026-11-23 12:00 UTC" */
static void
put_head(struct ink *ink, const struct notification *n, const struct render_style *style)
{
	char at[RENDER_TIME_MAX], since[RENDER_TIME_MAX];
	struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "%s · %s · %s", render_time(n->created_at, style->zone, at), render_kind_word(n->kind),
	    render_severity_word(n->severity));
	if (n->since_at != TIME_NONE)
		buf_printf(&text, " · since %s", render_time(n->since_at, style->zone, since));
	ink->foreign = false;
	ink_paragraph(ink, "", INK_DIM, buf_view(&text));
	ink->out->failed |= text.failed;
	buf_done(&text);
}

static void
put_headline_paragraph(struct ink *ink, const struct notification *n)
{
	struct buf line;
	buf_init(&line, RENDER_HEADLINE_MAX);
	render_headline(&line, n);
	paragraph(ink, "", INK_BOLD, buf_view(&line));
	ink->out->failed |= line.failed && !line.over_limit;
	buf_done(&line);
}

/* Above the list of a digest its titles need not be said. */
static void
put_count(struct ink *ink, const struct notification *n)
{
	struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "%zu %s from %u %s", n->item_count, n->item_count == 1 ? "item" : "items", n->source_count,
	    n->source_count == 1 ? "source" : "sources");
	ink->foreign = false;
	ink_paragraph(ink, "", INK_BOLD, buf_view(&text));
	ink->out->failed |= text.failed;
	buf_done(&text);
}

/* "2026-11-23 14:35 UTC · Anna Beispiel, harbour treaty" */
static void
put_when_and_who(struct buf *text, const struct record *r, const struct render_style *style)
{
	char at[RENDER_TIME_MAX];
	const char *before = " · ";
	buf_puts(text, render_time(render_item_at(r), style->zone, at));
	for (size_t i = 0; i < r->match_count; i++) {
		const struct record_match *m = &r->matches[i];
		if (m->kind == WATCH_ALERT)
			continue;
		buf_puts(text, before);
		text_safe(
		    text, text_truncate_columns(str_empty(m->label) ? m->id : m->label, WORD_MAX), TEXT_SAFE_ISOLATE);
		before = ", ";
	}
}

/* One item of several: its source and title; below it when it is from, whom it mentions, and its link. */
static void
put_one(struct ink *ink, const struct record *r, const struct render_style *style)
{
	struct buf text;
	buf_init(&text, ink->out->max_bytes);
	text_safe(&text, text_truncate_columns(render_source(r), WORD_MAX), TEXT_SAFE_ISOLATE);
	buf_puts(&text, ": ");
	text_safe(&text, title_of(r), TEXT_SAFE_ISOLATE);
	ink->foreign = false;
	ink_paragraph(ink, "  - ", INK_PLAIN, buf_view(&text));
	ink->out->failed |= text.failed;
	buf_reset(&text);
	put_when_and_who(&text, r, style);
	ink_paragraph(ink, "    ", INK_DIM, buf_view(&text));
	ink->out->failed |= text.failed;
	buf_reset(&text);
	text_safe(&text, r->link, 0);
	if (text.len > 0)
		ink_unwrapped(ink, "    ", INK_LINK, buf_view(&text));
	ink->out->failed |= text.failed;
	buf_done(&text);
}

static void
put_rest(struct ink *ink, size_t count)
{
	struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "… and %zu more", count);
	ink->foreign = false;
	ink_paragraph(ink, "  ", INK_PLAIN, buf_view(&text));
	ink->out->failed |= text.failed;
	buf_done(&text);
}

void
render_notification_human(struct buf *out, const struct notification *n, const struct render_style *style)
{
	struct ink ink = {.out = out, .html = style->html, .colour = style->colour, .width = style->width};
	if (n->kind == NOTIFICATION_ITEM) {
		render_human(out, render_lead(n), style);
		return;
	}
	put_head(&ink, n, style);
	if (n->kind == NOTIFICATION_DIGEST)
		put_count(&ink, n);
	else
		put_headline_paragraph(&ink, n);
	if (!str_empty(n->text))
		paragraph(&ink, "  ", INK_PLAIN, n->text);
	for (size_t i = 0; i < n->record_count; i++)
		put_one(&ink, &n->records[i], style);
	if (n->item_count > n->record_count)
		put_rest(&ink, n->item_count - n->record_count);
}
