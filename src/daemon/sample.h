#pragma once
/*
 * Documents that ended a worker, kept for whoever looks into it: the directory `samples` beside the database, the newest
 * SAMPLES_MAX, of each the first SAMPLE_BYTES_MAX. Nobody but the daemon's user may read them; nothing here opens them again.
 */
#include "base/str.h"

#include <stdint.h>

#define SAMPLES_MAX 10u
#define SAMPLE_BYTES_MAX (1024u * 1024)

/* Named after the time and the feed. A sample that cannot be written is logged, and missed by nobody. */
void sample_keep(struct str store_path, struct str feed, int64_t at, struct str document);
