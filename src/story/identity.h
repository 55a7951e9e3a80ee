#pragma once
/*
 * What an item *is*: the key under which it is stored once. Pure.
 *
 * guid, else link, else content (title and text); a guid that stands at two different items of one document is not
 * trusted there (key falls to guid and link together, and if even these repeat, the title and then the text too); the
 * same holds for a link that serves as key. Guids are byte-exact, never folded; dates never take part. Every key has
 * the kind of its source mixed in, so that a link used as guid and the same link used as link differ only when the
 * feed changes its habit.
 */
#include "base/hash.h"
#include "base/str.h"

enum story_key_kind { STORY_KEY_GUID, STORY_KEY_LINK, STORY_KEY_CONTENT, STORY_KEY_GUID_LINK };

struct story_source {                       /* what identity looks at; views, nothing is kept */
	struct str guid, link, title, text; /* text: content, else summary, plain */
	struct str enclosure;               /* URL of the first: all that some items have */
};

struct story_identity {
	struct hash128 key; /* unique within the feed */
	enum story_key_kind kind;
	struct hash128 content; /* of title and text with volatile parts left out: changes when the item was edited */
	struct hash128 link;    /* of the canonical link; zero when there is none */
	struct hash128
	    alias; /* of canonical link (.hi, as story_link_mark says) and content (.lo): finds the item again when its feed
	                         * changed all guids, moved to https, or when another feed carries it. Zero when the link does not
	                         * tell items apart: it is missing, or stands at several items of the document */
	struct hash128 page; /* of path, query and title: finds the items of a feed again that changed ids, host and text
	                      * at once; for when most of a document does so. Zero where alias is */
};

/* Identities of all items of one document; out holds count elements. 0, or -1 when memory ran out. */
int story_identify(const struct story_source *items, size_t count, struct story_identity *out);
/* The link in the form in which two spellings of one address are equal (scheme and host in lower case, default port and
 * fragment dropped, known tracking parameters removed, …); appended to out. false when memory ran out. */
struct buf;
bool story_canonical_link(struct str link, struct buf *out);
/* What an alias says of the link that it is made of; the link in canonical form. Never 0. */
uint64_t story_link_mark(struct str canonical);
const char *story_key_kind_word(enum story_key_kind kind);
