#pragma once
/*
 * A changed watchlist is matched against what is stored: newest first, a slice of a few milliseconds at a time between other work.
 * Matches, watches and severity of an item become what they would be had it come now; nobody is told, unless somebody asks for
 * that (rematch_ask): then sinks that were not told of an item hear of it as though it were new.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/jsonw.h"

struct daemon;

#define REMATCH_EVERY_MS 50 /* between two slices … */
#define REMATCH_SLICE_MS 20 /* … of which each takes about so long */

struct rematch {
	bool active;
	bool failed; /* until the next change */
	uint64_t version;
	int64_t below;    /* items from this number on are done */
	int64_t since_at; /* older items stay as they are */
	int64_t next_at;  /* boot clock */
	bool all;         /* also what was matched by this list before */
	bool tell;        /* of items that were first seen … */
	int64_t tell_at;  /* … since then */
	int64_t done, changed, told;
};

/* Begins when what is stored was matched by another list, at a start and after each reload. */
void rematch_begin(struct daemon *d);
/* Everything since then once more, by hand; with telling or without. A pass that runs is taken in. */
void rematch_ask(struct daemon *d, int64_t since_at, bool tell);
/* At most one slice. */
void rematch_run(struct daemon *d, int64_t boot);
static inline bool
rematch_wants(const struct rematch *r)
{
	return r->active && !r->failed;
}

void rematch_status(const struct daemon *d, struct jsonw *w);
