/* Tree → text, and mistakes shown in the text. */
#include "base/utf8.h"
#include "watch/query_parse.h"

#include <string.h>

/* From the loosest to the tightest; a kid that binds no tighter than its place asks for gets parentheses. */
enum level { LEVEL_OR, LEVEL_AND, LEVEL_NOT, LEVEL_COUNT, LEVEL_NEAR, LEVEL_UNIT };

static enum level
level_of(const struct query_node *n)
{
	switch (n->op) {
	case QUERY_OR:
		return LEVEL_OR;
	case QUERY_AND:
		return LEVEL_AND;
	case QUERY_NOT:
		return LEVEL_NOT;
	case QUERY_ATLEAST:
	case QUERY_FIRST:
		return LEVEL_COUNT;
	case QUERY_NEAR:
	case QUERY_ONEAR:
	case QUERY_WITHIN:
	case QUERY_SENTENCE:
	case QUERY_PARAGRAPH:
		return LEVEL_NEAR;
	default:
		return LEVEL_UNIT;
	}
}

static void print(const struct query_node *n, enum level least, struct buf *out);

/* A text that may stand without quotes behind a sign or a colon. */
static bool
plain_key(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.s[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
		        c == '_' || (c == '-' && i > 0) || ((c == '*' || c == '?') && i > 0)))
			return false;
	}
	return s.len > 0;
}

static void
print_text(struct str s, struct buf *out)
{
	bool plain = plain_key(s);
	buf_puts(out, plain ? "" : "\"");
	buf_str(out, s);
	buf_puts(out, plain ? "" : "\"");
}

static struct str
with_signs(const struct query_token *t)
{
	return (struct str){t->written.s - t->before, t->before + t->written.len + t->after};
}

static void
print_term(const struct query_node *n, struct buf *out)
{
	static const char *const signs[] = {
	    [QUERY_FOLD] = "", [QUERY_STEM] = "~", [QUERY_CASE] = "=", [QUERY_EXACT] = "=="};
	bool one = n->token_count == 1;
	struct str first = one ? n->tokens[0].written : STR_NONE;
	/* a word that reads like an operator keeps its quotes */
	bool shout = true;
	for (size_t i = 0; i < first.len; i++)
		shout &= first.s[i] >= 'A' && first.s[i] <= 'Z';
	bool quoted = !one || shout || query_reads_foreign(first) || n->tokens[0].before > 0;
	buf_puts(out, signs[n->form]);
	buf_puts(out, quoted ? "\"" : "");
	for (size_t i = 0; i < n->token_count; i++) {
		const struct query_token *t = &n->tokens[i];
		/* a ? at the end of a word of another script counts for the letter that follows */
		bool touches = i > 0 && str_ends(t[-1].written, STR_LIT("?"));
		buf_puts(out, t->joined ? " & " : i > 0 && !touches ? " " : "");
		buf_str(out, with_signs(t));
	}
	buf_puts(out, quoted ? "\"" : "");
}

static void
print_leaf(const struct query_node *n, struct buf *out)
{
	static const char *const abouts[] = {"lang:", "feed:", "source:"};
	switch (n->op) {
	case QUERY_REGEX:
		buf_str(out, n->text);
		break;
	case QUERY_ACTOR:
	case QUERY_TOPIC:
		buf_putc(out, n->op == QUERY_ACTOR ? '@' : '#');
		print_text(n->text, out);
		break;
	case QUERY_ABOUT:
		buf_puts(out, abouts[n->about]);
		print_text(n->text, out);
		break;
	default:
		print_term(n, out);
	}
}

static void
print_kids(const struct query_node *n, const char *between, enum level least, struct buf *out)
{
	for (size_t i = 0; i < n->kid_count; i++) {
		buf_puts(out, i > 0 ? between : "");
		print(n->kids[i], least, out);
	}
}

static void
print_sum(const struct query_node *n, struct buf *out)
{
	buf_putc(out, '(');
	for (size_t i = 0; i < n->kid_count; i++) {
		const struct query_node *kid = n->kids[i];
		buf_puts(out, i > 0 ? " " : "");
		print(kid, LEVEL_UNIT, out);
		if (kid->weight != 1)
			buf_printf(out, "^%d", kid->weight);
	}
	buf_printf(out, ") >= %u", n->n);
}

/* The right side of a NEAR must be a unit; the left may be another one. */
static void
print_pair(const struct query_node *n, struct buf *out)
{
	static const char *const words[] = {[QUERY_NEAR] = "NEAR",
	    [QUERY_ONEAR] = "ONEAR",
	    [QUERY_WITHIN] = "WITHIN",
	    [QUERY_SENTENCE] = "SENTENCE",
	    [QUERY_PARAGRAPH] = "PARAGRAPH"};
	print(n->kids[0], LEVEL_NEAR, out);
	buf_printf(out, " %s", words[n->op]);
	if (n->op < QUERY_SENTENCE)
		buf_printf(out, "/%u", n->n);
	buf_putc(out, ' ');
	print(n->kids[1], LEVEL_UNIT, out);
}

static void
print_inside(const struct query_node *n, struct buf *out)
{
	switch (n->op) {
	case QUERY_AND:
		print_kids(n, " AND ", LEVEL_NOT, out);
		break;
	case QUERY_OR:
		print_kids(n, " OR ", LEVEL_AND, out);
		break;
	case QUERY_NOT:
		buf_puts(out, "NOT ");
		print(n->kids[0], LEVEL_COUNT, out);
		break;
	case QUERY_ATLEAST:
	case QUERY_FIRST:
		buf_printf(out, n->op == QUERY_ATLEAST ? "ATLEAST/%u " : "FIRST/%u ", n->n);
		print(n->kids[0], LEVEL_COUNT, out);
		break;
	case QUERY_NEAR:
	case QUERY_ONEAR:
	case QUERY_WITHIN:
	case QUERY_SENTENCE:
	case QUERY_PARAGRAPH:
		print_pair(n, out);
		break;
	case QUERY_FIELD:
		buf_printf(out, "%s:", watch_field_word((enum watch_field)n->n));
		print(n->kids[0], LEVEL_UNIT, out);
		break;
	case QUERY_SUM:
		print_sum(n, out);
		break;
	default:
		print_leaf(n, out);
	}
}

static void
print(const struct query_node *n, enum level least, struct buf *out)
{
	/* a sum ends in a number, so a weight behind it would be its own */
	bool wrap = level_of(n) < least || (n->op == QUERY_SUM && n->weight != 1);
	buf_puts(out, wrap ? "(" : "");
	print_inside(n, out);
	buf_puts(out, wrap ? ")" : "");
}

void
query_print_node(const struct query_node *node, struct buf *out)
{
	print(node, LEVEL_OR, out);
}

void
query_print(const struct query *q, struct buf *out)
{
	print(q->root, LEVEL_OR, out);
}

static bool
same_tokens(const struct query_node *a, const struct query_node *b)
{
	for (size_t i = 0; i < a->token_count; i++) {
		const struct query_token *x = &a->tokens[i], *y = &b->tokens[i];
		if (!str_eq(with_signs(x), with_signs(y)) || !str_eq(x->fold, y->fold) || x->before != y->before ||
		    x->after != y->after || x->joined != y->joined)
			return false;
	}
	return true;
}

bool
query_same(const struct query_node *a, const struct query_node *b)
{
	if (a->op != b->op || a->form != b->form || a->about != b->about || a->n != b->n || a->weight != b->weight ||
	    a->kid_count != b->kid_count || a->token_count != b->token_count || !str_eq(a->text, b->text) ||
	    !same_tokens(a, b) || a->fields != b->fields || a->first != b->first)
		return false;
	for (size_t i = 0; i < a->kid_count; i++) {
		if (!query_same(a->kids[i], b->kids[i]))
			return false;
	}
	return true;
}

/* ---- mistakes ---- */

#define SHOWN_BEFORE 48u /* bytes of the query before the mistake, and behind it */
#define SHOWN_BEHIND 32u

static size_t
character_start(struct str s, size_t at)
{
	while (at > 0 && at < s.len && ((unsigned char)s.s[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static void
put_line(struct buf *out, struct str s)
{
	for (size_t pos = 0; pos < s.len;) {
		size_t start = pos;
		uint32_t cp = utf8_next(s, &pos);
		if (cp == UTF8_INVALID || cp < 0x20 || cp == 0x7F)
			buf_putc(out, ' ');
		else
			buf_add(out, s.s + start, pos - start);
	}
}

void
query_mistake_show(const struct query_mistake *m, struct str text, struct buf *out)
{
	size_t at = character_start(text, m->at < text.len ? m->at : text.len), columns = 0;
	size_t from = at > SHOWN_BEFORE ? character_start(text, at - SHOWN_BEFORE) : 0;
	size_t to = text.len - at > SHOWN_BEHIND ? character_start(text, at + SHOWN_BEHIND) : text.len;

	buf_puts(out, m->message);
	if (m->hint[0] != '\0')
		buf_printf(out, "; %s", m->hint);
	buf_puts(out, from > 0 ? "\n    …" : "\n    ");
	put_line(out, (struct str){text.s + from, to - from});
	buf_puts(out, to < text.len ? "…\n    " : "\n    ");
	for (size_t pos = from; pos < at; columns++)
		utf8_next(text, &pos);
	for (size_t i = 0; i < columns + (from > 0); i++)
		buf_putc(out, ' ');
	buf_putc(out, '^');
	for (size_t pos = at, n = 1; n < m->len && pos + 1 < to && n < SHOWN_BEHIND; n++) {
		utf8_next(text, &pos);
		if (pos < to && pos < m->at + m->len)
			buf_putc(out, '~');
	}
}
