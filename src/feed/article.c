#include "feed/article.h"

#include "base/utf8.h"
#include "base/vec.h"
#include "feed/page.h"
#include "text/entities.h"

#include <stdlib.h>

#define GAP_MAX \
	4u /* dropped blocks between two kept ones that are still of one article: a picture's caption, a teaser */

struct block {
	size_t start, len; /* in the text of all blocks */
	unsigned words, link_words;
	bool content;
};

struct scan {
	struct html_lexer lx;
	struct page page;
	struct article *out;
	struct buf text; /* of all blocks, white space collapsed */
	struct buf piece;
	struct block *blocks;
	size_t count, cap;
	bool failed;
	/* the block being read */
	unsigned words, link_words, dense; /* dense: characters of scripts without spaces, not yet counted as words */
	size_t start;
	bool in_word, space, in_link, line;
	/* an element that is left out, and how deep inside elements of its name we are */
	enum html_id out_of;
	unsigned out_depth;
	bool keep_all;
};

/* ---- blocks ---- */

static void
end_block(struct scan *s)
{
	size_t len = s->text.len - s->start;
	s->words += (s->dense + 1) / 2;
	s->link_words += s->in_link ? (s->dense + 1) / 2 : 0;
	if (len > 0 && s->words > 0) {
		if (vec_reserve((void **)&s->blocks, &s->cap, s->count + 1, sizeof *s->blocks) < 0)
			s->failed = true;
		else
			s->blocks[s->count++] = (struct block){s->start, len, s->words, s->link_words, false};
		s->start = s->text.len;
	} else {
		s->text.len = s->start;
	}
	s->words = s->link_words = s->dense = 0;
	s->in_word = s->space = s->line = false;
}

/* Thai, Lao, Myanmar, Khmer, kana and Han: no spaces between words. */
static bool
written_without_spaces(uint32_t c)
{
	return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) ||
	       (c >= 0x3041 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
	       (c >= 0x20000 && c <= 0x3FFFF);
}

static void
add_word(struct scan *s)
{
	s->words++;
	s->link_words += s->in_link;
}

static void
put_character(struct scan *s, const char *bytes, size_t n, uint32_t c)
{
	if (s->space && s->text.len > s->start)
		buf_putc(&s->text, s->line ? '\n' : ' ');
	s->space = s->line = false;
	buf_add(&s->text, bytes, n);
	if (written_without_spaces(c)) {
		s->in_word = false;
		if (++s->dense == 2) {
			s->dense = 0;
			add_word(s);
		}
	} else if (!s->in_word) {
		s->in_word = true;
		add_word(s);
	}
}

static void
put_text(struct scan *s, struct str raw)
{
	struct str text = raw;
	if (memchr(raw.s, '&', raw.len) != NULL) {
		buf_reset(&s->piece);
		text_decode_entities(raw, &s->piece);
		text = buf_view(&s->piece);
	}
	for (size_t i = 0; i < text.len;) {
		size_t from = i;
		uint32_t c = (unsigned char)text.s[i] < 0x80 ? (unsigned char)text.s[i++] : utf8_next(text, &i);
		if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x2028 || c == 0x2029) {
			s->space = true;
			s->in_word = false;
		} else if (c >= ' ' && !(c >= 0x7F && c < 0xA0) && c != 0xAD && c != UTF8_INVALID) {
			put_character(s, text.s + from, i - from, c);
		}
	}
}

/* ---- what is left out ---- */

static bool
has_role(struct str attrs)
{
	static const struct str roles[] = {STR_LIT("navigation"), STR_LIT("complementary"), STR_LIT("contentinfo"),
	    STR_LIT("search"), STR_LIT("dialog"), STR_LIT("alertdialog"), STR_LIT("menu")};
	struct str role = html_attr_find(attrs, STR_LIT("role"));
	for (size_t i = 0; i < sizeof roles / sizeof *roles && role.len > 0; i++) {
		if (page_words_have(role, roles[i]))
			return true;
	}
	return false;
}

static bool
is_hidden(struct str attrs)
{
	struct html_attr attr;
	for (unsigned n = 0; n < HTML_ATTRS_MAX && html_attr_next(&attrs, &attr); n++) {
		if (str_ieq(attr.name, STR_LIT("hidden")) ||
		    (str_ieq(attr.name, STR_LIT("aria-hidden")) && str_ieq(attr.value, STR_LIT("true"))))
			return true;
	}
	return false;
}

static bool
is_left_out(const struct scan *s, const struct html_token *token)
{
	switch ((int)html_element_id(token->element)) {
	case HTML_ID_NAV:
	case HTML_ID_ASIDE:
	case HTML_ID_FOOTER:
	case HTML_ID_FORM:
	case HTML_ID_DIALOG:
	case HTML_ID_BUTTON:
	case HTML_ID_NOSCRIPT:
	case HTML_ID_IFRAME:
		return !s->keep_all || html_element_id(token->element) == HTML_ID_NOSCRIPT;
	case HTML_ID_DIV:
	case HTML_ID_SECTION:
	case HTML_ID_UL:
		return !s->keep_all && token->attrs.len > 6 && (has_role(token->attrs) || is_hidden(token->attrs));
	default:
		return false;
	}
}

/* Inside of what is left out: only tags of the same name are counted. */
static bool
still_out(struct scan *s, const struct html_token *token)
{
	if (s->out_depth == 0)
		return false;
	if (token->kind != HTML_TEXT && token->element != NULL && html_element_id(token->element) == s->out_of) {
		if (token->kind == HTML_CLOSE)
			s->out_depth--;
		else if (!token->self_closing)
			s->out_depth++;
	}
	return true;
}

/* ---- tags ---- */

static void
on_break(struct scan *s)
{
	if (s->line) /* a second one: a paragraph's end, as old pages write it */
		end_block(s);
	else
		s->space = s->line = true;
	s->in_word = false;
}

static void
on_open(struct scan *s, const struct html_token *token)
{
	enum html_id id = html_element_id(token->element);
	if (id == HTML_ID_HTML && s->out->language.s == NULL)
		s->out->language = page_attr(s->page.arena, token->attrs, STR_LIT("lang"));
	if (token->element->flags & HTML_DROP) {
		html_lexer_skip(&s->lx, token);
	} else if (is_left_out(s, token)) {
		end_block(s);
		s->out_of = id;
		s->out_depth = 1;
	} else if (id == HTML_ID_A) {
		s->in_link = html_attr_find(token->attrs, STR_LIT("href")).s != NULL;
	} else if (id == HTML_ID_BR) {
		on_break(s);
	} else if (token->element->flags & (HTML_LINE | HTML_PARAGRAPH | HTML_CELL)) {
		end_block(s);
	}
}

static void
on_close(struct scan *s, const struct html_element *e)
{
	if (html_element_id(e) == HTML_ID_A)
		s->in_link = false;
	else if (e->flags & (HTML_LINE | HTML_PARAGRAPH | HTML_CELL))
		end_block(s);
}

static void
read_blocks(struct scan *s, struct str html)
{
	struct html_token token;
	html_lexer_init(&s->lx, html);
	for (html_lexer_next(&s->lx, &token); token.kind != HTML_END; html_lexer_next(&s->lx, &token)) {
		if (s->failed || s->text.failed || s->count >= ARTICLE_BLOCKS_MAX)
			break;
		if (still_out(s, &token))
			continue;
		if (token.kind == HTML_TEXT)
			put_text(s, token.text);
		else if (token.element == NULL)
			continue;
		else if (token.kind == HTML_CLOSE)
			on_close(s, token.element);
		else if (!page_note(&s->page, &s->lx, &token))
			on_open(s, &token);
	}
	end_block(s);
}

/* ---- which blocks are the article ---- */

/* More than `limit` of the block's words, in millionths, are inside links. */
static bool
linked_over(const struct block *b, unsigned limit)
{
	return b->words > 0 && (uint64_t)b->link_words * 1000000 > (uint64_t)b->words * limit;
}

/* Algorithm 2 of the paper. */
static bool
is_content(const struct block *prev, const struct block *b, const struct block *next)
{
	if (linked_over(b, 333333))
		return false;
	if (linked_over(prev, 555556))
		return b->words > 40 || next->words > 17;
	if (b->words > 16)
		return true;
	return next->words > 15 || prev->words > 4;
}

static void
classify(struct scan *s)
{
	static const struct block none;
	for (size_t i = 0; i < s->count; i++)
		s->blocks[i].content = is_content(
		    i > 0 ? &s->blocks[i - 1] : &none, &s->blocks[i], i + 1 < s->count ? &s->blocks[i + 1] : &none);
}

struct run {
	size_t from, to; /* blocks, `to` not included */
	size_t words;
};

/* The run of kept blocks with the most words; a few dropped ones inside do not end it. */
static struct run
largest_run(const struct scan *s)
{
	struct run best = {0}, now = {0};
	for (size_t i = 0; i < s->count; i++) {
		const struct block *b = &s->blocks[i];
		if (!b->content)
			continue;
		if (now.words == 0 || i - now.to > GAP_MAX)
			now = (struct run){.from = i};
		now.to = i + 1;
		now.words += b->words;
		if (now.words > best.words)
			best = now;
	}
	return best;
}

static int
write_text(struct scan *s, struct run run, struct err *err)
{
	struct buf out;
	buf_init(&out, 0);
	for (size_t i = run.from; i < run.to && out.len < ARTICLE_TEXT_BYTES_MAX; i++) {
		if (!s->blocks[i].content)
			continue;
		if (out.len > 0)
			buf_puts(&out, "\n\n");
		buf_add(&out, s->text.data + s->blocks[i].start, s->blocks[i].len);
	}
	int rc = buf_check(&out, err);
	if (rc == 0)
		s->out->text = arena_str(s->page.arena, utf8_truncate(buf_view(&out), ARTICLE_TEXT_BYTES_MAX));
	buf_done(&out);
	return rc;
}

static int
extract(struct str html, struct str url, struct arena *arena, bool keep_all, struct article *out, struct err *err)
{
	struct scan *s = calloc(1, sizeof *s);
	int rc = 0;
	if (s == NULL)
		return err_oom(err);
	*out = (struct article){.text = STR_NONE};
	s->out = out;
	s->keep_all = keep_all;
	page_init(&s->page, arena, url);
	buf_init(&s->text, ARTICLE_SCAN_BYTES_MAX);
	buf_init(&s->piece, 0);
	read_blocks(s, html);
	out->title = s->page.title;
	out->canonical = s->page.canonical;
	bool starved = s->failed || s->piece.failed || (s->text.failed && !s->text.over_limit);
	if (starved) {
		rc = err_oom(err);
	} else {
		classify(s);
		struct run run = largest_run(s);
		if (run.words >= ARTICLE_WORDS_MIN)
			rc = write_text(s, run, err);
	}
	free(s->blocks);
	buf_done(&s->piece);
	buf_done(&s->text);
	free(s);
	return rc < 0 ? -1 : arena_check(arena, err);
}

int
article_extract(struct str html, struct str url, struct arena *arena, struct article *out, struct err *err)
{
	if (extract(html, url, arena, false, out, err) < 0)
		return -1;
	/* an unclosed <form>, or a page that is all "aside" */
	return str_empty(out->text) ? extract(html, url, arena, true, out, err) : 0;
}
