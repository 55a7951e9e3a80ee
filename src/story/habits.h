#pragma once
/*
 * What an outlet puts before and after everything it publishes ("From our correspondent", "Sign up for our newsletter",
 * its name behind the title): runs of words that begin or end text after text of one feed. Learnt as items arrive, in a
 * table of fixed size in which rare runs make way for frequent ones (after Misra and Gries 1982).
 */
#include "base/str.h"

struct story_habits; /* so many zeroed bytes, of its owner */
size_t story_habits_bytes(void);

#define STORY_LEAD_MAX 12 /* words */
#define STORY_TAIL_MAX 40

/* The runs that a text begins and ends with: where they are counted is fetched from memory until they are learnt. */
struct story_runs {
	uint64_t leads[STORY_LEAD_MAX], tails[STORY_TAIL_MAX], whole;
	size_t count; /* words of the text */
};

/* A text is given as the hashes of its words. `place` tells titles from texts. */
void story_habits_find(const struct story_habits *h, struct str feed, char place, const uint32_t *words, size_t count,
    struct story_runs *out);

/* Learns from a text and says how much of its two ends is habit: *lead and *tail words. Never all of it: then both are 0. */
void story_habits_learn(struct story_habits *h, const struct story_runs *runs, size_t *lead, size_t *tail);
