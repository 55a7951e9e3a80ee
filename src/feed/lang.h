#pragma once
/*
 * Language tags (BCP 47, RFC 5646), and the language of a text when nobody said it. Pure.
 */
#include "base/arena.h"

/* The tag in its usual case and shape: "EN_gb" is "en-GB", "zh-hant" is "zh-Hant". Lives in the arena. STR_NONE when
 * the text is no language tag, or memory ran out. */
struct str lang_normalise(struct arena *a, struct str tag);

/*
 * Guesses the language of a plain text, of which the first few KiB are looked at. True when there is a guess: *lang
 * is a BCP 47 tag in static memory, *confidence 0..1. False when the text is too short or says nothing (digits, names).
 */
bool lang_detect(struct str text, struct str *lang, float *confidence);
