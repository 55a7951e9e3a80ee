#pragma once
/*
 * One feed that we publish: a JSON Feed (jsonfeed.org, version 1.1) and an Atom feed (RFC 4287) of the same entries. The
 * JSON one is also what is read back to go on with, so there is no other state. Pure. Internal to notify.
 *
 * An entry has the identifier of the thread it belongs to, as a UUID (RFC 9562, version 8, from a hash): a story that has grown is
 * the same entry with a later `updated`. Digests, alarms and tests are entries of their own.
 */
#include "base/buf.h"
#include "render/template.h"

#include <jansson.h>

#define FEED_PAGE_MAX (64u << 20) /* bytes of a page that is read back */

/* Appends the entry as one JSON object; the watches whose pages it belongs to stand in "_tidings". */
void feed_entry_write(
    struct buf *out, const struct notification *n, const struct template *title, const struct template *body);

struct feed_page {
	struct str sink, key; /* of the watch */
	struct str base_url;  /* where the directory can be reached, or STR_NONE */
	json_t *items;        /* newest first */
};

/* What an earlier page holds; anything else than one of ours counts as empty. -1 = out of memory. */
int feed_page_read(struct feed_page *p, struct str json, struct err *err);
/* Puts an entry in front, in place of an older one with its id; beyond `most` the oldest go. */
int feed_page_add(struct feed_page *p, json_t *entry, size_t most, struct err *err);
void feed_page_json(const struct feed_page *p, struct buf *out);
void feed_page_atom(const struct feed_page *p, struct buf *out);
void feed_page_done(struct feed_page *p);
