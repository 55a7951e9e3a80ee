#pragma once
/*
 * Plain text written token by token, so that cleaning and plain text come out of one pass. Inside of html.h.
 */
#include "text/html_lex.h"

#include "base/buf.h"

/* White space waits until something follows it, so there is none at the end. */
struct html_writer {
	struct buf *out;
	size_t start;    /* where in `out` this text begins */
	unsigned breaks; /* line ends to come: 2 make an empty line */
	unsigned spaces; /* … and spaces after them */
	unsigned pre;    /* inside how many <pre> */
};

void html_writer_init(struct html_writer *w, struct buf *out);
/* Any token but the start of an element that is dropped with what is inside. */
void html_writer_token(struct html_writer *w, const struct html_token *token);
/* For a dropped one: the words that html_lexer_skip() gave in its place. */
void html_writer_skipped(struct html_writer *w, struct str words);

/* The start of an element that has one of these flags: HTML_DROP for cleaned HTML, HTML_DROP_TEXT also for text. */
static inline bool
html_is_dropped(const struct html_token *token, unsigned flags)
{
	return token->kind == HTML_OPEN && token->element != NULL && (token->element->flags & flags) != 0;
}
