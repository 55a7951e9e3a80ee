#pragma once
/*
 * Brings a document to UTF-8. Order of belief: byte order mark, HTTP's charset, the document's own declaration
 * (RFC 7303 section 3), then the bytes; but bytes beyond ASCII that are valid UTF-8 win over a label that says
 * otherwise, and labels mean what browsers take them for (https://encoding.spec.whatwg.org/: "iso-8859-1" is
 * windows-1252). ICU converts; no file is opened.
 */
#include "base/arena.h"
#include "base/buf.h"

struct charset_result {
	struct str text;  /* valid UTF-8 without byte order mark: a view of the input or of `buf` */
	const char *name; /* lower case; lives for ever or in the arena */
	const char *why;  /* "bom" "http" "declaration" "valid-utf8" "detected" "default" */
	bool lying;       /* the label was wrong */
	bool damaged;     /* ill-formed sequences became U+FFFD */
};

struct charset_input {
	struct str body;
	struct str label_http;                               /* as found, or STR_NONE */
	void (*spent)(void *ctx, size_t from, size_t bytes); /* see feed_input */
	void *spent_ctx;
};

/* The buffer is used when anything has to change. 0, or -1 with ERR_NO_MEMORY or ERR_LIMIT. */
int charset_convert(struct str body, struct str label_http, struct arena *arena, struct buf *buf,
    struct charset_result *out, struct err *err);
int charset_convert_large(
    const struct charset_input *in, struct arena *arena, struct buf *buf, struct charset_result *out, struct err *err);

/* The charset parameter of a Content-Type, or STR_NONE. */
struct str charset_of_content_type(struct str content_type);
/* The encoding of an XML declaration at the start of ASCII-compatible bytes, or STR_NONE. */
struct str charset_of_declaration(struct str body);
