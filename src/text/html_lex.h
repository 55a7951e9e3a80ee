#pragma once
/*
 * HTML cut into tags and text, as the HTML Standard's tokenizer would (section 13.2.5), with a few mercies for what
 * feeds send. Inside of html.h. Linear in the input; allocates nothing; tokens point into the input.
 */
#include "base/str.h"

#define HTML_ATTRS_MAX 64u /* per tag; the rest are not looked at */

enum html_flag {
	HTML_KEEP = 1 << 0,       /* stays in cleaned HTML */
	HTML_VOID = 1 << 1,       /* never has content: <br> */
	HTML_LINE = 1 << 2,       /* begins and ends a line of text */
	HTML_PARAGRAPH = 1 << 3,  /* stands apart from the text around it by an empty line */
	HTML_CELL = 1 << 4,       /* parted from its neighbours by a space */
	HTML_ENDS_P = 1 << 5,     /* its start ends an open <p> */
	HTML_SIBLING = 1 << 6,    /* its start ends an open one of its kind: <li> */
	HTML_SCOPE = 1 << 7,      /* end tags inside do not reach outside: <td> */
	HTML_NO_NEST = 1 << 8,    /* its start ends any open one: <a> */
	HTML_DROP = 1 << 9,       /* dropped with what is inside */
	HTML_RAW = 1 << 10,       /* what is inside is no HTML: only its own end tag ends it */
	HTML_TO_END = 1 << 11,    /* without an end tag it takes all the rest with it */
	HTML_DROP_TEXT = 1 << 12, /* what is inside is not part of the plain text */
};

enum html_id {
#define ELEMENT(id, name, flags) HTML_ID_##id,
#include "text/html_elements.def"
#undef ELEMENT
	HTML_ID_COUNT
};

struct html_element {
	char name[16];
	unsigned char name_len;
	unsigned flags;
};

extern const struct html_element html_elements[HTML_ID_COUNT];

/* A name of at most 15 bytes in lower case, as two numbers that sort as its bytes do. */
struct html_key {
	uint64_t high, low;
};

static inline struct html_key
html_key_of(const char name[16])
{
	struct html_key k;
	memcpy(&k.high, name, 8);
	memcpy(&k.low, name + 8, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	k.high = __builtin_bswap64(k.high);
	k.low = __builtin_bswap64(k.low);
#endif
	return k;
}

/* False when the name is empty or longer. */
bool html_key_make(struct str name, struct html_key *ret);

static inline int
html_key_cmp(struct html_key a, struct html_key b)
{
	return a.high != b.high ? (a.high < b.high ? -1 : 1) : a.low != b.low ? (a.low < b.low ? -1 : 1) : 0;
}

/* The element of that name in any case, or NULL. */
const struct html_element *html_element_find(struct str name);

static inline enum html_id
html_element_id(const struct html_element *e)
{
	return (enum html_id)(e - html_elements);
}

enum html_kind { HTML_END, HTML_TEXT, HTML_OPEN, HTML_CLOSE };

struct html_token {
	enum html_kind kind;
	struct str text;                    /* HTML_TEXT: with references as they are; a '<' in it is just a '<' */
	const struct html_element *element; /* NULL: unknown */
	struct str attrs;                   /* HTML_OPEN: for html_attr_next() */
	bool self_closing;                  /* HTML_OPEN: "<x/>" */
};

#define HTML_CACHE_SLOTS 16u

struct html_cached {
	struct html_key key;
	const struct html_element *element;
};

struct html_lexer {
	struct str in;
	size_t pos;
	bool in_cdata;
	bool no_quote[2];   /* no further '"', no further '\'': no need to search again */
	unsigned dead_ends; /* tags begun that the input did not end */
	struct html_cached cache[HTML_CACHE_SLOTS];
	bool absent[HTML_ID_COUNT]; /* no further end tag of this element */
};

void html_lexer_init(struct html_lexer *lx, struct str in);
void html_lexer_next(struct html_lexer *lx, struct html_token *ret);
/* Behind the start tag of an element whose content is not wanted: moves behind its end tag. Without an end tag only
 * the start tag is skipped, or with HTML_TO_END everything. Returns the words that stand for it, with references as
 * they are: the title of an SVG image; else STR_NONE. */
struct str html_lexer_skip(struct html_lexer *lx, const struct html_token *open);

struct html_attr {
	struct str name;
	struct str value; /* with references as they are; STR_NONE when there is none */
};

/* The next attribute of a start tag; moves *attrs behind it. */
bool html_attr_next(struct str *attrs, struct html_attr *ret);
/* The value of the first attribute of that name. */
struct str html_attr_find(struct str attrs, struct str name);
