#include "render/mark.h"

#include "base/utf8.h"
#include "render/ink.h"
#include "text/safe.h"

#include <stdlib.h>

struct span {
	size_t start, end;
};

struct str
mark_field_text(const struct record *r, enum watch_field field)
{
	switch (field) {
	case WATCH_FIELD_TITLE:
		return r->title;
	case WATCH_FIELD_SUMMARY:
		return r->summary;
	case WATCH_FIELD_CONTENT:
		return r->content;
	case WATCH_FIELD_ARTICLE:
		return r->article;
	default:
		return STR_NONE;
	}
}

/* Within the text, not empty, cutting no character: anything else would come from a damaged store. */
static bool
is_sound(const struct record_mention *m, struct str text)
{
	if (m->start >= m->end || m->end > text.len || ((unsigned char)text.s[m->start] & 0xC0) == 0x80)
		return false;
	return m->end == text.len || ((unsigned char)text.s[m->end] & 0xC0) != 0x80;
}

static int
by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	return x->start < y->start ? -1 : x->start > y->start;
}

/* Sorted, without overlaps. */
static size_t
collect(const struct record *r, enum watch_field field, struct str text, struct span spans[MARK_SPANS_MAX])
{
	size_t count = 0, kept = 0;
	for (size_t i = 0; i < r->match_count; i++) {
		for (size_t j = 0; j < r->matches[i].mention_count && count < MARK_SPANS_MAX; j++) {
			const struct record_mention *m = &r->matches[i].mentions[j];
			if (m->field == field && is_sound(m, text))
				spans[count++] = (struct span){m->start, m->end};
		}
	}
	qsort(spans, count, sizeof *spans, by_start);
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && spans[i].start <= spans[kept - 1].end) {
			if (spans[i].end > spans[kept - 1].end)
				spans[kept - 1].end = spans[i].end;
		} else {
			spans[kept++] = spans[i];
		}
	}
	return kept;
}

static void
put(struct buf *out, struct str text, size_t from, size_t to)
{
	if (to > from)
		text_safe(out, (struct str){text.s + from, to - from}, 0);
}

static void
mark_range(struct buf *out, const struct record *r, enum watch_field field, size_t from, size_t to)
{
	struct span spans[MARK_SPANS_MAX];
	struct str text = mark_field_text(r, field);
	size_t count = collect(r, field, text, spans), pos = from;

	for (size_t i = 0; i < count; i++) {
		if (spans[i].start < from || spans[i].end > to)
			continue;
		put(out, text, pos, spans[i].start);
		buf_puts(out, INK_MARK);
		put(out, text, spans[i].start, spans[i].end);
		buf_puts(out, INK_UNMARK);
		pos = spans[i].end;
	}
	put(out, text, pos, to);
}

void
mark_field(struct buf *out, const struct record *r, enum watch_field field)
{
	mark_range(out, r, field, 0, mark_field_text(r, field).len);
}

/* The nearest place at or before pos where a word begins, but at most `give` bytes away: not every script has spaces. */
static size_t
word_start(struct str text, size_t pos, size_t give)
{
	size_t least = pos > give ? pos - give : 0;
	for (size_t p = pos; p > least; p--) {
		if (ascii_space(text.s[p - 1]))
			return p;
	}
	if (least == 0)
		return 0;
	while (pos > 0 && ((unsigned char)text.s[pos] & 0xC0) == 0x80)
		pos--;
	return pos;
}

static size_t
word_stop(struct str text, size_t pos, size_t give)
{
	for (size_t p = pos; p < text.len && p < pos + give; p++) {
		if (ascii_space(text.s[p]))
			return p;
	}
	if (text.len - pos <= give)
		return text.len;
	while (pos < text.len && ((unsigned char)text.s[pos] & 0xC0) == 0x80)
		pos++;
	return pos;
}

void
mark_window(struct str text, size_t at, size_t radius, size_t *from, size_t *to)
{
	if (at > text.len)
		at = text.len;
	*from = at > radius ? word_start(text, at - radius, 24) : 0;
	*to = text.len - at > radius ? word_stop(text, at + radius, 24) : text.len;
}

void
mark_passage(struct buf *out, const struct record *r, enum watch_field field, size_t from, size_t to)
{
	if (from > 0)
		buf_puts(out, "…");
	mark_range(out, r, field, from, to);
	if (to < mark_field_text(r, field).len)
		buf_puts(out, "…");
}
