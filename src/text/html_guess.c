#include "text/entities.h"
#include "text/html.h"
#include "text/html_lex.h"

/* What the tags of a text say about it. */
struct signs {
	bool any;      /* a known tag */
	bool strange;  /* a tag no HTML has: "vector<int>" */
	bool evidence; /* an end tag, a void or a block element, an attribute: not just "<b>" in a sentence */
	bool begins;   /* the text begins with a known tag: a stranger further on does not matter */
	bool at_edge;  /* the text begins or ends with a tag, or a tag has attributes */
};

enum how_far { TO_THE_END, UNTIL_SURE, UNTIL_ANY };

/* The whole text, or only until it is sure to be HTML, or until the first known tag. */
static struct signs
read_signs(struct str text, enum how_far how_far)
{
	struct signs signs = {.at_edge = text.len > 0 && text.s[0] == '<'};
	struct html_lexer lx;
	struct html_token token;
	const char *end = text.s + text.len;

	html_lexer_init(&lx, text);
	for (html_lexer_next(&lx, &token); token.kind != HTML_END; html_lexer_next(&lx, &token)) {
		if (token.kind == HTML_TEXT)
			continue;
		if (token.element == NULL) {
			signs.strange = true;
			continue;
		}
		bool attrs = memchr(token.attrs.s, '=', token.attrs.len) != NULL;
		signs.begins |= !signs.any && !signs.strange && signs.at_edge;
		signs.any = true;
		signs.evidence |= token.kind == HTML_CLOSE || attrs ||
		                  (token.element->flags & (HTML_VOID | HTML_PARAGRAPH | HTML_LINE)) != 0;
		signs.at_edge |= attrs || lx.in.s + lx.pos == end;
		if (how_far == UNTIL_ANY || (how_far == UNTIL_SURE && signs.evidence && signs.begins))
			break;
	}
	return signs;
}

static bool
has_reference(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char out[8];
		size_t n;
		const char *amp = memchr(text.s + i, '&', text.len - i);
		if (amp == NULL)
			break;
		i = (size_t)(amp - text.s);
		size_t taken = text_entity_at((struct str){amp, text.len - i}, true, out, &n);
		if (taken > 0 && amp[taken - 1] == ';')
			return true;
	}
	return false;
}

bool
html_looks_like(struct str text)
{
	if (str_empty(text))
		return false;
	if (memchr(text.s, '<', text.len) != NULL) {
		struct signs signs = read_signs(text, UNTIL_SURE);
		if (signs.any && signs.evidence && (!signs.strange || signs.begins))
			return true;
		if (signs.strange)
			return false;
	}
	return has_reference(text);
}

static bool
has_escaped_tag(struct str html)
{
	for (size_t i = 0; i < html.len; i++) {
		const char *amp = memchr(html.s + i, '&', html.len - i);
		if (amp == NULL)
			break;
		i = (size_t)(amp - html.s);
		if (html.len - i >= 4 && ascii_lower(amp[1]) == 'l' && ascii_lower(amp[2]) == 't' && amp[3] == ';')
			return true;
	}
	return false;
}

bool
html_is_escaped_twice(struct str html, struct buf *decoded)
{
	buf_reset(decoded);
	if (!has_escaped_tag(html) || read_signs(html, UNTIL_ANY).any || !text_decode_entities(html, decoded))
		return false;
	struct signs signs = read_signs(str_trim(buf_view(decoded)), TO_THE_END);
	return signs.any && !signs.strange && signs.evidence && signs.at_edge;
}
