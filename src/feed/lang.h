#pragma once
/*
 * Language tags (BCP 47, RFC 5646), and the language of a text when nobody said it. Pure.
 *
 * The guess is Compact Language Detector 2's (https://github.com/CLD2Owners/cld2): its tables are part of the library,
 * so a confined worker needs no file. On texts of 300 bytes in 38 languages it named 98 % right; libexttextcat 85 %, at
 * forty times the cost.
 */
#include "base/arena.h"

/* The tag in its usual case and shape: "EN_gb" is "en-GB", "zh-hant" is "zh-Hant", "de_DE.UTF-8" is "de-DE".
 * The language itself stays what it is: "eng" is not "en". Lives in the arena. STR_NONE when the text is no language tag, says "und", or memory ran out. */
struct str lang_normalise(struct arena *a, struct str tag);

#define LANG_LOOKS_MAX 4096u
#define LANG_SAMPLE_BYTES 256u /* more of a text is not looked at: 0.1 µs a byte */

/*
 * Guesses the language of a plain text. True when there is a guess: *lang is a BCP 47 tag in static memory, *confidence
 * 0..1. False when the text is too short or says nothing (digits, names), or memory ran out.
 */
bool lang_detect(struct str text, struct str *lang, float *confidence);

/*
 * The same for the items of one feed, which nearly always share a language: when three in a row agreed, others in the same script are
 * taken to agree, all but every ninth. One that is not taken so is still in their language, without a look, when two agreed and a
 * quarter of its words stood in them, which costs a fiftieth of a look. After LANG_LOOKS_MAX looks nothing more is guessed: a look
 * costs up to 0.1 ms, and a document may hold very many items that say nothing. Zeroed to begin with.
 */
#define LANG_SERIES_WORDS 4096u /* places of its set of words */
struct lang_series {
	struct str lang;
	float confidence;
	unsigned script;   /* of the texts that agreed */
	unsigned agreeing; /* in a row */
	unsigned since;    /* so many were taken along without a look at them or at their words */
	unsigned looks;    /* in all */
	unsigned learnt;   /* words that were put into the set */
	/* of the first texts that were not taken along; a few others seem to be in it, too */
	uint64_t words[LANG_SERIES_WORDS / 64];
};

bool lang_detect_next(struct lang_series *series, struct str text, struct str *lang, float *confidence);
