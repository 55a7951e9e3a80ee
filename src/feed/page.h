#pragma once
/*
 * HTML pages as servers send them, made ready for html_lex.h: the bytes brought to UTF-8, attributes decoded, links seen
 * from the page's base. Tolerant of everything; linear in the input. Pure.
 * Sources: HTML Standard 13.2.3 (charset of a page), 4.2.3 (base), 4.6.6 (link types).
 */
#include "base/arena.h"
#include "base/buf.h"
#include "text/html_lex.h"

#define PAGE_TITLE_BYTES_MAX 1024u /* of a page's or a link's title; the rest is cut at a character */

/* What a page says of itself in its head, collected by page_note() as tags go by. Everything lives in the arena. */
struct page {
	struct arena *arena;
	struct str base; /* of relative links: the first <base href>, else the page's own address */
	struct str title, generator, canonical;
	bool based;
};

/* The page's text in *ret: valid UTF-8 without NUL, in `body` or in `buf`. The charset is that of HTTP, else of the page's
 * <meta>, else what the bytes say. 0, or -1 with ERR_NO_MEMORY or ERR_LIMIT. */
int page_decode(
    struct str body, struct str content_type, struct arena *arena, struct buf *buf, struct str *ret, struct err *err);

void page_init(struct page *p, struct arena *arena, struct str url);
/* Looks at an opening tag; a <title> is consumed with what is inside. True when the lexer has moved. */
bool page_note(struct page *p, struct html_lexer *lx, const struct html_token *token);

/* An attribute's value with its references decoded, without white space around; STR_NONE when it is absent. */
struct str page_attr(struct arena *arena, struct str attrs, struct str name);
/* The attribute as an absolute http(s) URL, or STR_NONE. */
struct str page_link(const struct page *p, struct str attrs, struct str name);
/* Is `word` one of the words of a list like rel or class? ASCII case does not count. */
bool page_words_have(struct str list, struct str word);
/* Text with references as one line of plain text, at most PAGE_TITLE_BYTES_MAX. */
struct str page_line(struct arena *arena, struct str text);
