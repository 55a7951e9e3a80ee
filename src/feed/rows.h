#pragma once
/*
 * What each element of each vocabulary means: one row per element and place. The tables are the whole knowledge of
 * formats; builder.c walks the document by them.
 */
#include "feed/ns.h"

/* Where an element stands; a row names all the places it holds for. */
enum feed_place {
	IN_TOP = 1 << 0,  /* outside of any feed */
	IN_FEED = 1 << 1, /* <rss>, <channel>, <feed>, <rdf:RDF> */
	IN_ITEM = 1 << 2,
	IN_PERSON = 1 << 3,
	IN_IMAGE = 1 << 4,
	IN_SOURCE = 1 << 5, /* atom:source */
	IN_HOURS = 1 << 6,
	IN_DAYS = 1 << 7,
	IN_WRAP = 1 << 8, /* in an unknown element that is not in an item */
	IN_PUBLICATION = 1 << 9,
	IN_MAP = 1 << 10, /* <urlset>, <sitemapindex> */
	IN_NOTHING = 1 << 11,
};

enum feed_action {
	ACT_NONE,
	ACT_RSS,
	ACT_RDF,
	ACT_CHANNEL,
	ACT_ATOM_FEED,
	ACT_SITEMAP,
	ACT_SITEMAP_INDEX, /* roots */
	ACT_ITEM,
	ACT_ENTRY,
	ACT_TEXT,   /* text or HTML → slot */
	ACT_STRING, /* plain string → slot */
	ACT_ID,
	ACT_GUID,
	ACT_DATE, /* → slot */
	ACT_LINK,
	ACT_URL, /* an address in the text → slot */
	ACT_COMMENT_FEED,
	ACT_ORIGINAL_LINK,
	ACT_REPLY_TO,
	ACT_CATEGORY,
	ACT_CATEGORY_TEXT,
	ACT_KEYWORDS,
	ACT_PERSON, /* name, or a container of name, email, uri */
	ACT_PERSON_NAME,
	ACT_PERSON_EMAIL,
	ACT_PERSON_URI,
	ACT_CREDIT,
	ACT_ENCLOSURE,
	ACT_MEDIA,
	ACT_IMAGE,
	ACT_IMAGE_HREF,
	ACT_SOURCE,
	ACT_SOURCE_TITLE,
	ACT_SOURCE_LINK,
	ACT_CDF_LINK,
	ACT_CDF_LOGO,
	ACT_GROUP, /* its children count as its parent's */
	ACT_PUBLICATION,
	ACT_HOURS,
	ACT_HOUR,
	ACT_DAYS,
	ACT_DAY,
	ACT_TTL,
	ACT_UPDATE_PERIOD,
	ACT_UPDATE_FREQUENCY,
	ACT_COMMENT_COUNT,
	ACT_LOCATION,      /* slot = its enum geometry_shape */
	ACT_POSITIONS,     /* a ring when it is closed, else a line */
	ACT_LOCATION_PART, /* one of two elements that make it: latitude and longitude, two corners */
	ACT_COUNT
};

/* Where a value goes; of two values for one slot that of the lower rank stands, of equals the first. */
enum feed_slot {
	SLOT_NONE,
	SLOT_TITLE,
	SLOT_SUMMARY,
	SLOT_CONTENT,
	SLOT_RIGHTS,
	SLOT_GENERATOR,
	SLOT_LANGUAGE,
	SLOT_ID,
	SLOT_IMAGE,
	SLOT_COMMENTS,
	SLOT_SOURCE_TITLE,
	SLOT_SOURCE_URL,
	SLOT_PUBLISHED,
	SLOT_UPDATED,
	SLOT_LINK,
	SLOT_LOCATION,
	SLOT_COUNT
};

struct feed_row {
	const char *name; /* in lower case */
	unsigned short where;
	unsigned char action;
	unsigned char slot;
	unsigned char rank; /* 1 is best */
};

/* The row for an element at a place, or NULL. The name is compared without case. */
const struct feed_row *rows_find(enum feed_ns ns, struct str name, unsigned where);
