#include "store/evidence.h"

static bool
add_clean(struct buf *out, struct str s)
{
	bool ok = true;
	for (size_t i = 0; ok && i < s.len; i++)
		ok = buf_putc(out, (unsigned char)s.s[i] < 0x20 ? ' ' : s.s[i]);
	return ok;
}

bool
evidence_write(struct buf *out, const struct watch_hit *hit)
{
	for (size_t i = 0; i < hit->mention_count; i++) {
		const struct watch_mention *m = &hit->mentions[i];
		if (!buf_printf(out, "%s\t%u\t%u\t%s\t", watch_field_word(m->field), m->start, m->end,
		        m->rule ? m->rule : "") ||
		    !add_clean(out, m->form) || !buf_putc(out, '\t') || !add_clean(out, m->name) ||
		    !buf_putc(out, '\n'))
			return false;
	}
	return true;
}

/* The field's text as it is stored, which is what the offsets count in. */
static struct str
field_text(const struct record *r, enum watch_field field)
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
	case WATCH_FIELD_AUTHOR:
		return r->authors;
	case WATCH_FIELD_CATEGORY:
		return r->categories;
	case WATCH_FIELD_LINK:
		return r->link;
	default:
		return STR_NONE;
	}
}

static bool
read_line(struct str line, const struct record *r, struct arena *arena, struct record_mention *m)
{
	struct str field, start_text, end_text, rule, form;
	int64_t start, end;

	if (!str_split(&line, '\t', &field) || !str_split(&line, '\t', &start_text) ||
	    !str_split(&line, '\t', &end_text) || !str_split(&line, '\t', &rule) || !str_split(&line, '\t', &form) ||
	    !watch_field_parse(field, &m->field) || !str_int(start_text, 0, UINT32_MAX, &start) ||
	    !str_int(end_text, start, UINT32_MAX, &end))
		return false;
	struct str text = field_text(r, m->field);
	m->start = (uint32_t)start;
	m->end = (uint32_t)end;
	m->rule = arena_str(arena, rule);
	m->form = str_empty(form) ? STR_NONE : arena_str(arena, form);
	m->name = arena_str(arena, line.s ? line : STR_LIT(""));
	m->text =
	    (size_t)end <= text.len ? arena_str(arena, (struct str){text.s + start, (size_t)(end - start)}) : m->name;
	return true;
}

void
evidence_read(struct str lines, const struct record *r, struct arena *arena, struct record_match *match)
{
	size_t count = 0;
	struct str line;

	for (size_t i = 0; i < lines.len; i++)
		count += lines.s[i] == '\n';
	match->mentions = arena_zalloc(arena, count, sizeof *match->mentions);
	match->mention_count = 0;
	while (match->mentions != NULL && str_split(&lines, '\n', &line)) {
		if (match->mention_count < count && read_line(line, r, arena, &match->mentions[match->mention_count]))
			match->mention_count++;
	}
}
