#pragma once
/*
 * The main text of a web page. Pure; linear in the page; bounded.
 *
 * The page is cut into blocks at block-level tags; each is kept or dropped by how many words it has, how many of them
 * are inside links, and the same of its neighbours. Source: Kohlschütter, Fankhauser, Nejdl: Boilerplate Detection using
 * Shallow Text Features (WSDM 2010), Algorithm 2 with its published thresholds; as in the authors' ArticleExtractor, only the
 * largest run of kept blocks stays, across short interruptions. Navigation, asides, footers, forms and dialogs (HTML Standard
 * 4.3 and 4.10; ARIA landmark roles) are left out beforehand, unless nothing would be left. Scripts that are written
 * without spaces count two characters as a word.
 */
#include "base/arena.h"

#define ARTICLE_BLOCKS_MAX 20000u           /* "article-blocks": the rest of the page is not looked at */
#define ARTICLE_SCAN_BYTES_MAX (2u << 20)   /* "article-scan-bytes" of text on the page, likewise */
#define ARTICLE_TEXT_BYTES_MAX (256u << 10) /* "article-text-bytes": a longer article is cut at a character */
#define ARTICLE_WORDS_MIN 25u               /* what has fewer words is no article */

struct article {
	struct str title;     /* of the page, one line; or STR_NONE */
	struct str canonical; /* where the page says it belongs: absolute http(s) URL, or STR_NONE */
	struct str language;  /* the lang attribute of <html>, as written; or STR_NONE */
	struct str text;      /* plain text, an empty line between paragraphs; STR_NONE when the page has no article */
};

/* `html` as page_decode gives it, `url` the page's address. Everything lives in the arena. 0, or -1 with ERR_NO_MEMORY or
 * ERR_LIMIT. */
int article_extract(struct str html, struct str url, struct arena *arena, struct article *out, struct err *err);
