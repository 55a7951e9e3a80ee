#pragma once
/*
 * The XML namespaces that feeds use, as small numbers. Their names are compared without scheme, "www.", letter case and
 * a final '/' or '#', because that is how the world misspells them.
 */
#include "base/str.h"

enum feed_ns {
	NS_UNKNOWN,
	NS_NONE,
	/* the vocabularies of whole formats; their element names share one table */
	NS_RSS10,
	NS_RSS090,
	NS_RSS2,
	NS_ATOM10,
	NS_ATOM03,
	NS_SITEMAP,
	NS_CDF,
	NS_CORE_LAST = NS_CDF,
	NS_RDF,
	NS_XML,
	NS_XHTML,
	NS_CONTENT,
	NS_DC,
	NS_DCTERMS,
	NS_MEDIA,
	NS_ITUNES,
	NS_PODCAST,
	NS_GOOGLEPLAY,
	NS_SY,
	NS_THR,
	NS_WFW,
	NS_FEEDBURNER,
	NS_NEWS,
	NS_SITEMAP_IMAGE,
	NS_SLASH,
	NS_ENCLOSURE,
	NS_GEORSS,
	NS_GML,
	NS_GEO,
	NS_COUNT
};

enum feed_ns ns_from_uri(struct str uri);
/* For a prefix that the document forgot to declare: what it means by custom. */
enum feed_ns ns_from_prefix(struct str prefix);

static inline bool
ns_is_core(enum feed_ns ns)
{
	return ns >= NS_NONE && ns <= NS_CORE_LAST;
}
