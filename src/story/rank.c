#include "story/rank.h"

#include <string.h>

_Static_assert(STORY_RANK_SCORES > STORY_HITS_MAX, "there is always a free one");

static inline uint32_t
score_of(uint32_t place)
{
	return place * 0x9E3779B1u % STORY_RANK_SCORES;
}

/* Without a branch for whether it is there already: that is anybody's guess. */
static inline void
add_score(struct story_ranking *r, uint32_t place, double score)
{
	size_t i = score_of(place);
	while (r->scores[i].place != 0 && r->scores[i].place != place + 1)
		i = (i + 1) % STORY_RANK_SCORES;
	r->touched[r->touched_count] = (uint16_t)i;
	r->touched_count += r->scores[i].place == 0;
	r->scores[i].place = place + 1;
	r->scores[i].score += (float)score;
	r->scores[i].hits++;
}

/* Leaves out what is surely hit less often: nearly all, where more than one hit is asked for. Returns how many hits are left. */
static size_t
hit_often(struct story_hit *hits, size_t count, uint32_t hits_min)
{
	uint16_t often[STORY_RANK_SCORES] = {0};
	size_t n = 0;
	if (hits_min <= 1)
		return count;
	for (size_t i = 0; i < count; i++)
		often[score_of(hits[i].place)]++;
	for (size_t i = 0; i < count; i++) {
		hits[n] = hits[i];
		n += often[score_of(hits[i].place)] >= hits_min;
	}
	return n;
}

static void
score_all(struct story_ranking *r, const struct story_index *ix, const struct story_question *q)
{
	uint64_t keys[STORY_PROBES_MAX];
	struct story_hit hits[STORY_HITS_MAX];
	struct story_search search = {.keys = keys, .count = q->count, .newest = q->newest};
	for (size_t i = 0; i < q->count; i++)
		keys[i] = story_term_key(q->kind, q->rare[i].hash);
	size_t found = hit_often(hits, story_index_find(ix, &search, hits), q->hits_min);
	for (size_t i = 0; i < found; i++) {
		double rarity = q->rare[hits[i].term].rarity;
		add_score(r, hits[i].place, q->kind == STORY_TERM_PIECE ? rarity * rarity : rarity);
	}
}

/*
 * What orders them, in one number: the score, of equals the older one; and then how many hits there were, but no more than there is
 * room for: of terms that the index cannot tell apart, each hits the same postings.
 */
#define HITS_BITS 6
#define HITS_TOLD ((1u << HITS_BITS) - 1)
_Static_assert(STORY_PROBES_MAX < 1 << HITS_BITS && STORY_RANK_ITEMS_BITS + HITS_BITS <= 32, "there is room");

static inline uint64_t
rank_of(const struct story_score *s, size_t age)
{
	uint32_t score;
	memcpy(&score, &s->score, sizeof score); /* what is not negative is in the order of its bits */
	return (uint64_t)score << 32 | age << HITS_BITS | (s->hits < HITS_TOLD ? s->hits : HITS_TOLD);
}

/* Ranks what was scored, and clears the scores. */
static size_t
rank_all(struct story_ranking *r, size_t items, const struct story_question *q, uint64_t *ranks)
{
	size_t count = 0;
	for (size_t i = 0; i < r->touched_count; i++) {
		struct story_score s = r->scores[r->touched[i]];
		size_t place = s.place - 1, age = q->newest - 1 - place + (place < q->newest ? 0 : items), k = count;
		uint64_t rank = rank_of(&s, age);
		r->scores[r->touched[i]] = (struct story_score){0};
		if (s.hits < q->hits_min || age >= q->there || (count == q->max && rank < ranks[count - 1]))
			continue;
		k -= k == q->max;
		count = k + 1;
		for (; k > 0 && rank > ranks[k - 1]; k--)
			ranks[k] = ranks[k - 1];
		ranks[k] = rank;
	}
	r->touched_count = 0;
	return count;
}

size_t
story_rank(
    struct story_ranking *r, const struct story_index *ix, const struct story_question *q, struct story_ranked *best)
{
	uint64_t ranks[STORY_RANKED_MAX];
	score_all(r, ix, q);
	size_t count = rank_all(r, ix->max_items, q, ranks);
	for (size_t i = 0; i < count; i++) {
		size_t age = (uint32_t)ranks[i] >> HITS_BITS;
		best[i] = (struct story_ranked){.age = age,
		    .place = q->newest - 1 - age + (age < q->newest ? 0 : ix->max_items),
		    .hits = (uint32_t)ranks[i] & HITS_TOLD};
	}
	return count;
}
