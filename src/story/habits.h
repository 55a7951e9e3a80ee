#pragma once
/*
 * What an outlet puts before and after everything it publishes ("From our correspondent", "Sign up for our newsletter",
 * its name behind the title): runs of words that begin or end text after text of one feed. Learnt as items arrive, in a
 * table of fixed size in which rare runs make way for frequent ones (after Misra and Gries 1982).
 */
#include "base/str.h"

struct story_habits;

struct story_habits *story_habits_new(void); /* NULL: no memory */
void story_habits_free(struct story_habits *h);
size_t story_habits_bytes(void);

/*
 * Learns from a text, given as the hashes of its words, and says how much of its two ends is habit: *lead and *tail
 * words. Never all of it: then both are 0. `place` tells titles from texts.
 */
void story_habits_learn(struct story_habits *h, struct str feed, char place, const uint32_t *words, size_t count,
    size_t *lead, size_t *tail);
