#include "story/habits.h"

#include "base/hash.h"
#include "base/pages.h"

#define SLOTS (1u << 17)
#define LEAD_MAX 12 /* words */
#define TAIL_MAX 40
#define HABIT_COUNT 3 /* a run is a habit from its fourth time on */
#define REST_MIN 3    /* words that must be left of a text */

struct story_habits {
	struct slot {
		uint32_t run;
		uint32_t count;
	} slots[SLOTS];
};

struct story_habits *
story_habits_new(void)
{
	return pages_new_now(sizeof(struct story_habits));
}

void
story_habits_free(struct story_habits *h)
{
	pages_free(h, sizeof *h);
}

size_t
story_habits_bytes(void)
{
	return sizeof(struct story_habits);
}

/* How often a run was there before; counts it once more if asked to. */
static uint32_t
count_run(struct story_habits *h, uint64_t run, bool more)
{
	struct slot *slot = &h->slots[run % SLOTS];
	uint32_t mark = (uint32_t)(run >> 32) | 1;

	if (slot->run == mark)
		return more ? slot->count++ : slot->count;
	if (!more)
		return 0;
	if (slot->count > 1)
		slot->count--;
	else
		*slot = (struct slot){mark, 1};
	return 0;
}

static uint64_t
extend(uint64_t run, uint32_t word)
{
	return (run ^ word) * 0x9E3779B97F4A7C15u + (run >> 29);
}

void
story_habits_learn(struct story_habits *h, struct str feed, char place, const uint32_t *words, size_t count,
    size_t *lead, size_t *tail)
{
	uint64_t from_start = hash64(feed, (uint64_t)(unsigned char)place * 4);
	uint64_t from_end = hash64(feed, (uint64_t)(unsigned char)place * 4 + 1);
	uint64_t whole = hash64((struct str){(const char *)words, count * sizeof *words}, from_start);
	/* the same text once more is no habit */
	bool fresh = count_run(h, whole, true) == 0;

	*lead = *tail = 0;
	for (size_t k = 1; k <= LEAD_MAX && k <= count; k++) {
		from_start = extend(from_start, words[k - 1]);
		if (count_run(h, from_start, fresh) >= HABIT_COUNT)
			*lead = k;
	}
	for (size_t k = 1; k <= TAIL_MAX && k <= count; k++) {
		from_end = extend(from_end, words[count - k]);
		if (count_run(h, from_end, fresh) >= HABIT_COUNT)
			*tail = k;
	}
	if (*lead + *tail + REST_MIN > count)
		*lead = *tail = 0;
}
