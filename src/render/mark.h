#pragma once
/*
 * The matched words of a field, marked. Internal to render.
 */
#include "base/buf.h"
#include "story/record.h"

#define MARK_SPANS_MAX 256 /* further mentions in one field stay unmarked */

/* The field of the record that a mention cites, or STR_NONE (author, category and link are cited as shown). */
struct str mark_field_text(const struct record *r, enum watch_field field);
/* Appends the field, made safe, every mention in it between INK_MARK and INK_UNMARK; overlapping ones as one. */
void mark_field(struct buf *out, const struct record *r, enum watch_field field);
/* The passage round `at`, some `radius` bytes to both sides, cut between words: where it begins and ends. */
void mark_window(struct str text, size_t at, size_t radius, size_t *from, size_t *to);
/* The same as mark_field for a part of the field, with … where it was cut. */
void mark_passage(struct buf *out, const struct record *r, enum watch_field field, size_t from, size_t to);
