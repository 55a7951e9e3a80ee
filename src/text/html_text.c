#include "text/entities.h"
#include "text/html.h"
#include "text/html_lex.h"
#include "text/html_scan.h"
#include "text/html_write.h"

#define BREAKS_MAX 2u
#define INDENT_MAX 64u

static void
want_breaks(struct html_writer *w, unsigned n)
{
	if (w->breaks < n)
		w->breaks = n;
	w->spaces = 0;
}

static void
flush_space(struct html_writer *w)
{
	bool first = w->out->len == w->start;

	for (unsigned i = 0; i < w->breaks && !first; i++)
		html_put(w->out, "\n", 1);
	if (w->pre > 0 || (w->breaks == 0 && !first)) {
		for (unsigned i = 0; i < w->spaces; i++)
			html_put(w->out, " ", 1);
	}
	w->breaks = w->spaces = 0;
}

static void
write_bytes(struct html_writer *w, const char *s, size_t n)
{
	if (w->breaks | w->spaces)
		flush_space(w);
	html_put(w->out, s, n);
}

static void
write_space(struct html_writer *w, char c)
{
	if (w->pre == 0) {
		w->spaces = w->breaks == 0;
		return;
	}
	if (c == '\n') {
		w->breaks += w->breaks < BREAKS_MAX;
		w->spaces = 0;
	} else if (c != '\r' && w->spaces < INDENT_MAX) {
		w->spaces += c == '\t' ? 8 - w->spaces % 8 : 1;
	}
}

/* Bytes that need a look: controls and white space, the first byte of a reference, and of U+00A0 and U+00AD. A single
 * space is none, but two are: plain_span() knows. */
static inline bool
special(char c)
{
	return (unsigned char)c < ' ' || c == '&' || (unsigned char)c == 0xc2;
}

/* The special ones of sixteen bytes, and spaces before a space; one byte more is looked at. */
static inline scan_vec
special_hits(const char *s)
{
	scan_vec v = scan_load(s), next = scan_load(s + 1);

	return (scan_vec)(v < ' ') | (scan_vec)(v == '&') | (scan_vec)(v == 0xc2) |
	       ((scan_vec)(v == ' ') & (scan_vec)(next == ' '));
}

/* How many bytes can be copied as they are. */
static size_t
plain_span(const char *s, size_t n)
{
	size_t i = scan_find(s, n, special_hits, 1);

	while (i < n && !special(s[i]) && !(s[i] == ' ' && (i + 1 == n || s[i + 1] == ' ')))
		i++;
	return i;
}

static bool
is_nbsp(const char *s, size_t n)
{
	return n >= 2 && (unsigned char)s[0] == 0xc2 && (unsigned char)s[1] == 0xa0;
}

/* A hyphen that only shows at the end of a line. */
static bool
is_soft_hyphen(const char *s, size_t n)
{
	return n >= 2 && (unsigned char)s[0] == 0xc2 && (unsigned char)s[1] == 0xad;
}

/* One character, decoded or not. */
static void
write_character(struct html_writer *w, const char *s, size_t n)
{
	if ((n == 1 && ascii_space(*s)) || is_nbsp(s, n))
		write_space(w, *s);
	else if (!is_soft_hyphen(s, n) && (n > 1 || (unsigned char)*s >= ' '))
		write_bytes(w, s, n);
}

/* The special byte at s; returns how many bytes were taken. */
static size_t
write_special(struct html_writer *w, struct str s, bool in_attribute)
{
	char text[8];
	size_t n;
	size_t taken = *s.s == '&' ? text_entity_at(s, in_attribute, text, &n) : 0;

	if (taken > 0) {
		write_character(w, text, n);
		return taken;
	}
	n = (unsigned char)*s.s == 0xc2 && s.len > 1 ? 2 : 1;
	write_character(w, s.s, n);
	return n;
}

static void
write_text(struct html_writer *w, struct str s, bool in_attribute)
{
	size_t pos = 0;

	while (pos < s.len && !w->out->failed) {
		if (s.s[pos] == ' ') {
			write_space(w, ' ');
			pos++;
			continue;
		}
		size_t n = plain_span(s.s + pos, s.len - pos);
		if (n > 0 && s.s[pos + n - 1] == ' ') /* may be the first of several, "a &nbsp;b" */
			n--;
		if (n > 0)
			write_bytes(w, s.s + pos, n);
		pos += n;
		if (pos < s.len && s.s[pos] != ' ')
			pos += write_special(w, (struct str){s.s + pos, s.len - pos}, in_attribute);
	}
}

/* The words in place of an image. */
static void
write_image(struct html_writer *w, struct str alt, bool in_attribute)
{
	if (str_empty(str_trim(alt)))
		return;
	write_space(w, ' ');
	write_text(w, alt, in_attribute);
	write_space(w, ' ');
}

/* The space that an element puts around itself. */
static void
write_edge(struct html_writer *w, const struct html_element *e)
{
	if (e->flags & HTML_PARAGRAPH)
		want_breaks(w, 2);
	else if (e->flags & HTML_LINE)
		want_breaks(w, 1);
	else if (e->flags & HTML_CELL)
		write_space(w, ' ');
}

static void
write_open(struct html_writer *w, const struct html_token *token)
{
	const struct html_element *e = token->element;
	enum html_id id = html_element_id(e);

	write_edge(w, e);
	if (id == HTML_ID_BR)
		want_breaks(w, w->breaks < BREAKS_MAX ? w->breaks + 1 : BREAKS_MAX);
	else if (id == HTML_ID_IMG)
		write_image(w, html_attr_find(token->attrs, STR_LIT("alt")), true);
	else if (id == HTML_ID_PRE && !token->self_closing)
		w->pre++;
}

static void
write_close(struct html_writer *w, const struct html_element *e)
{
	enum html_id id = html_element_id(e);

	write_edge(w, e);
	if (id == HTML_ID_PRE && w->pre > 0)
		w->pre--;
	else if (id == HTML_ID_BR)
		want_breaks(w, w->breaks < BREAKS_MAX ? w->breaks + 1 : BREAKS_MAX);
}

void
html_writer_init(struct html_writer *w, struct buf *out)
{
	*w = (struct html_writer){.out = out, .start = out->len};
}

void
html_writer_skipped(struct html_writer *w, struct str words)
{
	write_image(w, words, false);
}

void
html_writer_token(struct html_writer *w, const struct html_token *token)
{
	if (token->kind == HTML_TEXT)
		write_text(w, token->text, false);
	else if (token->element == NULL)
		return;
	else if (token->kind == HTML_OPEN)
		write_open(w, token);
	else
		write_close(w, token->element);
}

bool
html_text(struct str html, struct buf *out)
{
	struct html_writer w;
	struct html_lexer lx;
	struct html_token token;

	html_writer_init(&w, out);
	html_lexer_init(&lx, html);
	for (html_lexer_next(&lx, &token); token.kind != HTML_END && !out->failed; html_lexer_next(&lx, &token)) {
		if (html_is_dropped(&token, HTML_DROP | HTML_DROP_TEXT))
			html_writer_skipped(&w, html_lexer_skip(&lx, &token));
		else
			html_writer_token(&w, &token);
	}
	return !out->failed;
}
