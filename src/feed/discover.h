#pragma once
/*
 * Which feeds does a page point to? What the page says counts, and nothing is guessed. Pure; bounded; linear in the page.
 *
 *   link       <link rel="alternate" type="application/rss+xml" …> and its like, <link rel="feed">
 *   header     the same in HTTP's Link header (RFC 8288)
 *   h-feed     the page is a feed itself (microformats2: an h-feed, or h-entry outside of one)
 *   sitemap    <link rel="sitemap"> (sitemaps.org)
 *   robots     a Sitemap line of robots.txt (sitemaps.org); for discover_add
 *   anchor     an ordinary link to something that is named as feeds are
 *   generator  the page names the software that made it, and that software's manual says where its feed is
 *
 * Links of a type that only feeds have are `certain`. The others are to be fetched and read before they may be called feeds.
 * Sources: HTML Standard 4.6.6 (alternate), https://www.rssboard.org/rss-autodiscovery, RFC 4287, jsonfeed.org.
 */
#include "base/arena.h"

#define DISCOVER_FOUND_MAX 100u  /* "discover-found": what comes later on a page is only counted */
#define DISCOVER_ANCHORS_MAX 10u /* "discover-anchors" */

enum discover_how {
	DISCOVER_ITSELF, /* the address that was asked for is a feed: filled by whoever read it */
	DISCOVER_LINK,
	DISCOVER_HEADER,
	DISCOVER_HFEED,
	DISCOVER_SITEMAP,
	DISCOVER_ROBOTS,
	DISCOVER_ANCHOR,
	DISCOVER_GENERATOR,
	DISCOVER_HOW_COUNT
};

const char *discover_how_word(enum discover_how how);

struct discovered {
	struct str url;   /* absolute, http or https */
	struct str type;  /* media type as the page says, lower case; or STR_NONE */
	struct str title; /* one line, or STR_NONE */
	enum discover_how how;
	bool certain;
};

struct discovery {
	struct str page_title;
	struct discovered *found; /* each URL once, the surest way of finding it first */
	size_t count, cap;
	size_t dropped; /* beyond DISCOVER_FOUND_MAX */
};

struct discover_input {
	struct str url;         /* of the page, after redirects */
	struct str html;        /* as page_decode gives it */
	struct str link_header; /* or STR_NONE */
};

/* Everything lives in the arena. 0, or -1 with ERR_NO_MEMORY or ERR_LIMIT. */
int discover_page(const struct discover_input *in, struct arena *arena, struct discovery *out, struct err *err);
/* Adds one find, unless its URL is known already or is none; false when it was not added. */
bool discover_add(struct discovery *d, struct arena *arena, struct discovered one);
