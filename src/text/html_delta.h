#pragma once
/*
 * HTML as a difference to its plain text, which is kept beside it: mostly marks to put between what can be copied. A list of
 * steps, each: how many bytes come next, these bytes, how many bytes of the text are passed over, how many are copied; numbers
 * in seven bits per byte, the lowest first, as in https://protobuf.dev/programming-guides/encoding/#varints.
 */
#include "base/buf.h"

/* Appends the difference. false: it would not be worth it (less than a quarter is saved), or memory ran out; *out is as before. */
bool html_delta(struct buf *out, struct str html, struct str text);
/* Appends the HTML. false: that is no difference to this text, or memory or the ceiling of *out ran out. */
bool html_undelta(struct buf *out, struct str delta, struct str text);
