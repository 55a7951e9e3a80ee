#include "daemon/retention.h"

#include "conf/conf.h"

#define CLOCK_EARLIEST 1767225600000 /* 2026-01-01: this version is younger */
#define JUMP_MS DAY_MS
#define DISTRUST_MS DAY_MS

bool
retention_trusts(struct retention *r, int64_t wall, int64_t boot)
{
	int64_t offset = wall - boot;
	bool jumped = r->offset_ms != 0 && (offset - r->offset_ms > JUMP_MS || r->offset_ms - offset > JUMP_MS);
	r->offset_ms = offset;
	if (jumped)
		r->distrust_by = boot + DISTRUST_MS;
	return wall >= CLOCK_EARLIEST && boot >= r->distrust_by;
}

int
retention_run(
    struct retention *r, struct store *s, const struct conf_global *g, int64_t wall, int64_t boot, struct err *err)
{
	struct store_keep keep = {.matched = {g->keep_matched_ms, g->keep_matched_items, g->keep_matched_bytes},
	    .unmatched = {g->keep_unmatched_ms, g->keep_unmatched_items, g->keep_unmatched_bytes},
	    .revisions = {g->keep_revisions_ms, g->keep_revisions, g->keep_revisions_bytes},
	    .ids_ms = g->keep_ids_ms,
	    .signatures_ms = g->story_window_ms,
	    .slice = RETENTION_SLICE};
	struct store_purged done;

	if (!retention_trusts(r, wall, boot) || boot < r->next_at)
		return 0;
	r->next_at = boot + RETENTION_EVERY_MS;
	if (store_purge(s, &keep, wall, &done, err) < 0)
		return -1;
	r->purged_items += done.items;
	if (done.items + done.revisions + done.ids + done.signatures > 0 || done.more)
		r->next_at = boot; /* there may be more */
	return 0;
}
