#pragma once
/*
 * The document type declaration as far as feeds need it: internal general entities, within ceilings, and the names that
 * HTML knows. Nothing outside the document is ever read; a reference to an external entity refuses the document.
 */
#include "feed/builder.h"

#define XML_DTD_ENTITIES_MAX 64u
#define XML_DTD_NESTING_MAX 8u

struct xml_dtd {
	struct {
		struct str name, value;
		bool external, too_long;
	} entities[XML_DTD_ENTITIES_MAX];
	unsigned count;
	size_t output_bytes;
	bool too_many;
	bool external_subset; /* names may be declared where we do not look */
};

enum xml_dtd_found {
	XML_DTD_UNKNOWN,
	XML_DTD_DECLARED, /* by XML, by the document, or possibly by its external subset */
	XML_DTD_HTML,     /* only HTML knows it */
};

typedef void xml_dtd_sink(void *ctx, struct str text);

/* Reads the declaration at text.s[at], which is "<!DOCTYPE"; the offset behind it. */
size_t xml_dtd_read(struct xml_dtd *dtd, struct str text, size_t at, struct builder *b);
/* Hands the meaning of &name; to the sink in pieces. Fails the builder with ERR_XML_ENTITY at a ceiling. */
enum xml_dtd_found
xml_dtd_expand(struct xml_dtd *dtd, struct builder *b, struct str name, xml_dtd_sink *sink, void *ctx);
