#pragma once
/*
 * Two readers of XML that feed the same builder. The strict one is libxml2's push parser and says whether the
 * document is well-formed; the tolerant one is our own and makes the best of anything. Both take valid UTF-8.
 */
#include "feed/builder.h"

enum xml_verdict {
	XML_GOOD,
	XML_BROKEN, /* not well-formed: *line and `reason` say where and why */
	XML_UNFIT,  /* not for libxml2: entities of its own, or tags beyond measure; the tolerant reader must judge */
	XML_FAILED, /* the builder failed, or memory ran out */
};

struct xml_report {
	unsigned line;
	char reason[200];
	bool truncated; /* tolerant reader only: the root element was not closed */
	bool broken;    /* tolerant reader only: something had to be mended */
};

/* Measures the document before libxml2 sees it; xml_scan.c says why. */
bool xml_scan(struct str text, const struct feed_limits *limits);
enum xml_verdict xml_strict(struct str text, struct builder *b, struct xml_report *report);
/* XML_GOOD or XML_FAILED. */
enum xml_verdict xml_loose(struct str text, struct builder *b, struct xml_report *report);
