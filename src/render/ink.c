#include "render/ink.h"

#include "base/utf8.h"
#include "text/html.h"
#include "text/safe.h"

/* By tone: how its text looks, and how a marked word looks within it. */
static const struct {
	const char *base, *mark;
} tones[] = {
    [INK_PLAIN] = {"\x1b[0m", "\x1b[0;1;33m"},
    [INK_BOLD] = {"\x1b[0;1m", "\x1b[0;1;33m"},
    [INK_DIM] = {"\x1b[0;2m", "\x1b[0;1;33m"},
    [INK_LINK] = {"\x1b[0;36m", "\x1b[0;1;33m"},
};

#define ISOLATE "\xE2\x81\xA8"   /* U+2068 FSI */
#define UNISOLATE "\xE2\x81\xA9" /* U+2069 PDI */

/* Wide characters that must not begin or end a line (a small part of UAX #14 and JIS X 4051). */
static const char closers[] = "、。，．：；？！」』】）〉》〕ー々";
static const char openers[] = "「『【（〈《〔";

struct pen {
	const struct ink *ink;
	enum ink_tone tone;
	struct buf line; /* what the present line holds, without its indent */
	size_t columns;  /* of it, indent counted */
	size_t indent;
	bool marked; /* within a marked word */
	bool rtl;    /* the line holds right-to-left letters */
	bool empty;
};

static bool
is_rtl(uint32_t cp)
{
	return (cp >= 0x590 && cp <= 0x8FF) || (cp >= 0xFB1D && cp <= 0xFDFF) || (cp >= 0xFE70 && cp <= 0xFEFE) ||
	       (cp >= 0x10800 && cp <= 0x10FFF) || (cp >= 0x1E800 && cp <= 0x1EFFF);
}

static bool
has_rtl(struct str s)
{
	for (size_t pos = 0; pos < s.len;) {
		if (is_rtl(utf8_next(s, &pos)))
			return true;
	}
	return false;
}

static bool
is_code(char c)
{
	return c == INK_MARK[0] || c == INK_UNMARK[0];
}

static void
paint(struct pen *p)
{
	if (p->ink->colour)
		buf_puts(&p->line, p->marked ? tones[p->tone].mark : tones[p->tone].base);
}

static void
begin_line(struct pen *p)
{
	buf_reset(&p->line);
	p->columns = p->indent;
	p->rtl = false;
	p->empty = true;
	if (p->tone != INK_PLAIN || p->marked)
		paint(p);
}

static void
end_line(struct pen *p)
{
	struct buf *out = p->ink->out;
	if (p->rtl)
		buf_puts(out, ISOLATE);
	buf_str(out, buf_view(&p->line));
	if (p->ink->colour && (p->tone != INK_PLAIN || p->marked))
		buf_puts(out, tones[INK_PLAIN].base);
	if (p->rtl)
		buf_puts(out, UNISOLATE);
	buf_putc(out, '\n');
	out->failed |= p->line.failed;
	out->over_limit |= p->line.over_limit;
}

static void
break_line(struct pen *p)
{
	end_line(p);
	for (size_t i = 0; i < p->indent; i++)
		buf_putc(p->ink->out, ' ');
	begin_line(p);
}

static void
put_code(struct pen *p, char code)
{
	p->marked = code == INK_MARK[0];
	if (p->ink->colour) {
		paint(p);
		return;
	}
	if (p->ink->width > 0 && p->columns >= p->ink->width && !p->empty)
		break_line(p);
	buf_putc(&p->line, p->marked ? '[' : ']');
	p->columns++;
	p->empty = false;
}

/* Text that holds no code and no space. Cut where the line ends. */
static void
put_text(struct pen *p, struct str s)
{
	while (s.len > 0) {
		struct str part = s;
		size_t width = p->ink->width;
		if (width > 0 && p->columns + text_width(s) > width) {
			part = text_truncate_columns(s, width > p->columns ? width - p->columns : 0);
			if (part.len == 0 && !p->empty) {
				break_line(p);
				continue;
			}
			if (part.len == 0) { /* not even one character fits an empty line */
				size_t one = 0;
				utf8_next(s, &one);
				part = (struct str){s.s, one};
			}
		}
		buf_str(&p->line, part);
		p->columns += text_width(part);
		p->rtl = p->rtl || (p->ink->foreign && has_rtl(part));
		p->empty = false;
		s.s += part.len;
		s.len -= part.len;
	}
}

static struct str
slice(struct str s, size_t from, size_t to)
{
	return (struct str){s.s + from, to - from};
}

static bool
among(const char *set, struct str character)
{
	return str_find(str_from(set), character, 0) >= 0;
}

/* May a line end between these two characters, the first of which ends at `pos`? */
static bool
breaks_between(struct str before, struct str after)
{
	if (text_width(before) < 2 && text_width(after) < 2)
		return false;
	return !among(closers, after) && !among(openers, before);
}

/* The end of the word that begins at pos; `columns` is what it takes, codes counted as brackets when they are. */
static size_t
word_end(const struct pen *p, struct str s, size_t pos, size_t *columns)
{
	struct str before = STR_NONE;
	*columns = 0;
	while (pos < s.len && s.s[pos] != ' ') {
		size_t start = pos;
		if (is_code(s.s[pos])) {
			pos++;
			*columns += p->ink->colour ? 0 : 1;
			continue;
		}
		utf8_next(s, &pos);
		struct str now = slice(s, start, pos);
		if (before.s != NULL && breaks_between(before, now)) {
			/* A mark that opens here belongs to the next word. */
			while (start > 0 && s.s[start - 1] == INK_MARK[0])
				start--;
			*columns -= p->ink->colour ? 0 : (size_t)(pos - now.len - start);
			return start;
		}
		*columns += text_width(now);
		before = now;
	}
	return pos;
}

static void
put_word(struct pen *p, struct str word)
{
	size_t start = 0;
	for (size_t i = 0; i <= word.len; i++) {
		if (i < word.len && !is_code(word.s[i]))
			continue;
		put_text(p, slice(word, start, i));
		if (i < word.len)
			put_code(p, word.s[i]);
		start = i + 1;
	}
}

static void
put_paragraph(struct pen *p, struct str s)
{
	size_t pos = 0;
	while (pos < s.len) {
		size_t columns, space = 0;
		while (pos < s.len && s.s[pos] == ' ') {
			space = 1;
			pos++;
		}
		if (pos == s.len)
			break;
		size_t end = word_end(p, s, pos, &columns);
		if (p->ink->width > 0 && !p->empty && p->columns + space + columns > p->ink->width) {
			break_line(p);
		} else if (space && !p->empty) {
			buf_putc(&p->line, ' ');
			p->columns++;
		}
		put_word(p, slice(s, pos, end));
		pos = end;
	}
}

void
ink_hanging(const struct ink *ink, size_t indent, enum ink_tone tone, struct str composed)
{
	struct pen p = {.ink = ink, .tone = tone, .indent = indent};
	buf_init(&p.line, ink->out->max_bytes);
	begin_line(&p);
	put_paragraph(&p, composed);
	end_line(&p);
	buf_done(&p.line);
}

/* Mail programs drop style sheets, so what little there is stands at each element. */
static const struct {
	const char *open, *close;
} html_tones[] = {
    [INK_PLAIN] = {"<p style=\"margin:.3em 0\">", "</p>\n"},
    [INK_BOLD] = {"<h3 style=\"margin:.3em 0\">", "</h3>\n"},
    [INK_DIM] = {"<p style=\"margin:.3em 0;color:#555\">", "</p>\n"},
    [INK_LINK] = {"<p style=\"margin:.3em 0\">", "</p>\n"},
};

static void
put_html(struct buf *out, struct str s)
{
	size_t start = 0;
	for (size_t i = 0; i <= s.len; i++) {
		if (i < s.len && !is_code(s.s[i]))
			continue;
		html_escape(slice(s, start, i), out);
		if (i < s.len)
			buf_puts(out, s.s[i] == INK_MARK[0] ? "<mark>" : "</mark>");
		start = i + 1;
	}
}

static void
paragraph_html(const struct ink *ink, struct str label, enum ink_tone tone, struct str composed)
{
	struct str name = str_trim(label);
	bool passage = str_is(name, "|");
	bool link = tone == INK_LINK &&
	            (str_istarts(composed, STR_LIT("https://")) || str_istarts(composed, STR_LIT("http://")));
	buf_puts(ink->out, passage ? "<blockquote>\n" : "");
	buf_puts(ink->out, html_tones[tone].open);
	if (str_is(name, "-"))
		buf_puts(ink->out, "• ");
	else if (name.len > 0 && !passage)
		buf_printf(ink->out, "<b>%.*s</b> ", STR_ARG(name));
	if (link) {
		buf_puts(ink->out, "<a href=\"");
		html_escape(composed, ink->out);
		buf_puts(ink->out, "\">");
	}
	put_html(ink->out, composed);
	buf_puts(ink->out, link ? "</a>" : "");
	buf_puts(ink->out, html_tones[tone].close);
	buf_puts(ink->out, passage ? "</blockquote>\n" : "");
}

void
ink_paragraph(const struct ink *ink, const char *label, enum ink_tone tone, struct str composed)
{
	if (ink->html) {
		paragraph_html(ink, str_from(label), tone, composed);
		return;
	}
	if (ink->colour && *label)
		buf_printf(ink->out, "\x1b[2m%s\x1b[0m", label);
	else
		buf_puts(ink->out, label);
	ink_hanging(ink, text_width(str_from(label)), tone, composed);
}

void
ink_unwrapped(const struct ink *ink, const char *label, enum ink_tone tone, struct str composed)
{
	struct ink wide = *ink;
	wide.width = 0;
	ink_paragraph(&wide, label, tone, composed);
}
