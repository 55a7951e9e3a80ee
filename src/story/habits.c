#include "story/habits.h"

#include "base/hash.h"

#define SLOTS (1u << 17)
#define HABIT_COUNT 3 /* a run is a habit from its fourth time on */
#define REST_MIN 3    /* words that must be left of a text */

struct story_habits {
	struct slot {
		uint32_t run;
		uint32_t count;
	} slots[SLOTS];
};

size_t
story_habits_bytes(void)
{
	return sizeof(struct story_habits);
}

/* How often a run was there before; counts it once more if asked to. Without a branch: whether it was there is anybody's guess. */
static inline uint32_t
count_run(struct story_habits *h, uint64_t run, bool more)
{
	struct slot *slot = &h->slots[run % SLOTS], then = *slot;
	uint32_t mark = (uint32_t)(run >> 32) | 1;
	bool same = then.run == mark, stays = same | (then.count > 1);
	uint32_t counted = same ? then.count + 1 : then.count - 1;
	if (more)
		*slot = (struct slot){stays ? then.run : mark, stays ? counted : 1};
	return same ? then.count : 0;
}

static uint64_t
extend(uint64_t run, uint32_t word)
{
	return (run ^ word) * 0x9E3779B97F4A7C15u + (run >> 29);
}

/* The runs that begin with the first word or end with the last one, each of them longer by one. They lie far apart in memory, so all of
 * them are fetched at once. */
static void
find_runs(const struct story_habits *h, uint64_t run, const uint32_t *words, size_t count, bool from_end,
    size_t run_count, uint64_t *runs)
{
	for (size_t k = 0; k < run_count; k++) {
		runs[k] = run = extend(run, words[from_end ? count - 1 - k : k]);
		__builtin_prefetch(&h->slots[run % SLOTS], 1);
	}
}

/* Counts them; returns how long the longest is that is a habit. */
static size_t
count_runs(struct story_habits *h, const uint64_t *runs, size_t count, bool more)
{
	size_t longest = 0;
	for (size_t k = 0; k < count; k++) {
		longest = count_run(h, runs[k], more) >= HABIT_COUNT ? k + 1 : longest;
	}
	return longest;
}

static size_t
at_most(size_t count, size_t max)
{
	return count < max ? count : max;
}

void
story_habits_find(const struct story_habits *h, struct str feed, char place, const uint32_t *words, size_t count,
    struct story_runs *out)
{
	uint64_t from_start = hash64(feed, (uint64_t)(unsigned char)place * 4);
	uint64_t from_end = hash64(feed, (uint64_t)(unsigned char)place * 4 + 1);
	out->whole = hash64((struct str){(const char *)words, count * sizeof *words}, from_start);
	out->count = count;
	__builtin_prefetch(&h->slots[out->whole % SLOTS], 1);
	find_runs(h, from_start, words, count, false, at_most(count, STORY_LEAD_MAX), out->leads);
	find_runs(h, from_end, words, count, true, at_most(count, STORY_TAIL_MAX), out->tails);
}

void
story_habits_learn(struct story_habits *h, const struct story_runs *runs, size_t *lead, size_t *tail)
{
	/* the same text once more is no habit */
	bool fresh = count_run(h, runs->whole, true) == 0;
	*lead = count_runs(h, runs->leads, at_most(runs->count, STORY_LEAD_MAX), fresh);
	*tail = count_runs(h, runs->tails, at_most(runs->count, STORY_TAIL_MAX), fresh);
	if (*lead + *tail + REST_MIN > runs->count)
		*lead = *tail = 0;
}
