#pragma once
/*
 * Two readers of XML that feed the same builder. The strict one says whether the document is well-formed; the tolerant
 * one makes the best of anything. Both take valid UTF-8. They are our own because reading a document is most of what a
 * poll costs: libxml2 alone would take more time than the whole way from bytes to items, is quadratic in the attributes
 * of a tag, and has no ceiling on depth.
 */
#include "feed/builder.h"

enum xml_verdict {
	XML_GOOD,
	XML_BROKEN, /* not well-formed: *line and `reason` say where and why */
	XML_UNFIT,  /* entities of its own, or tags beyond measure: the tolerant reader must judge */
	XML_FAILED, /* the builder failed, or memory ran out */
};

struct xml_report {
	unsigned line;
	char reason[200];
	bool truncated; /* tolerant reader only: the root element was not closed */
	bool broken;    /* tolerant reader only: something had to be mended */
};

enum xml_verdict xml_strict(struct str text, struct builder *b, struct xml_report *report);
/* Measures a document before libxml2 sees it (OPML lists); xml_scan.c says why. */
bool xml_scan(struct str text, const struct feed_limits *limits);
/* Character data with the line ends that XML says (section 2.11). */
void xml_emit_lines(struct builder *b, struct str text);
/* XML_GOOD or XML_FAILED. */
enum xml_verdict xml_loose(struct str text, struct builder *b, struct xml_report *report);
