#include "story/weigh.h"

#include <string.h>

/* ---- the rarest ---- */

#define EXACT 16u /* counts below have a drawer each; above, eight share out what is between two powers of two */
#define SHARES 8u
#define DRAWERS (EXACT + 12u * SHARES)

static inline unsigned
drawer_of(uint32_t items)
{
	unsigned shift = 28 - (unsigned)__builtin_clz(items | (EXACT - 1));
	return shift * SHARES + (items >> shift);
}
_Static_assert(UINT16_MAX >> 12 == 2 * SHARES - 1, "the largest count has the last drawer");

/* How many items have a term, and below it which one it is: of equals the smaller hash goes first, since they are sorted. */
static inline uint32_t
key_of(uint32_t items, size_t term)
{
	return items << 16 | (uint32_t)term;
}
_Static_assert(STORY_WORDS_MAX <= 1 << 16, "both have room");

/* The terms of one kind, while they are weighed. */
struct dealing {
	uint32_t keys[STORY_WORDS_MAX], dealt[STORY_WORDS_MAX];
	uint8_t drawers[STORY_WORDS_MAX];
	uint16_t starts[DRAWERS + 1]; /* of drawers; first how many each has */
	unsigned common;              /* the drawer of all that find nothing */
};

/* Adds up the weights, and says which drawer each term belongs to. Returns how many are not common. */
static size_t
weigh_each(const struct story_index *ix, const uint32_t *items, size_t count, bool square, double *weights, double *sum,
    struct dealing *d)
{
	uint32_t common = story_index_common(ix);
	size_t rare = 0;
	double all = 0;
	d->common = drawer_of(common < UINT16_MAX ? common : UINT16_MAX) + 1;
	memset(d->starts, 0, sizeof d->starts);
	for (size_t i = 0; i < count; i++) {
		double r = story_index_rarity_of(ix, items[i]);
		unsigned drawer = drawer_of(items[i]);
		drawer = drawer < d->common ? drawer : d->common;
		all += weights[i] = square ? r * r : r;
		rare += items[i] <= common;
		d->keys[i] = key_of(items[i], i);
		d->drawers[i] = (uint8_t)drawer;
		d->starts[drawer]++;
	}
	*sum = all;
	return rare;
}

/* Deals all of them out into drawers, without a branch that depends on a count. */
static void
deal_out(struct dealing *d, size_t count)
{
	size_t all = 0;
	for (unsigned drawer = 0; drawer <= d->common; drawer++) {
		size_t here = d->starts[drawer];
		d->starts[drawer] = (uint16_t)all;
		all += here;
	}
	for (size_t i = 0; i < count; i++)
		d->dealt[d->starts[d->drawers[i]]++] = d->keys[i];
}

/* Sorts the first n, which lie in their drawers already. */
static void
sort_drawers(struct dealing *d, size_t count, size_t n)
{
	unsigned last = drawer_of(d->dealt[n - 1] >> 16);
	for (size_t i = 1; i < count && (i < n || drawer_of(d->dealt[i] >> 16) == last); i++) {
		uint32_t one = d->dealt[i];
		size_t k = i;
		for (; k > 0 && one < d->dealt[k - 1]; k--)
			d->dealt[k] = d->dealt[k - 1];
		d->dealt[k] = one;
	}
}

struct terms { /* of one kind */
	enum story_term kind;
	const uint32_t *hashes;
	size_t count;
	bool square; /* of their rarity is what they weigh */
};

/* What they weigh, and the rarest, at most `max`, in order. What was posted for those is fetched while others are looked at. */
static size_t
weigh_terms(const struct story_index *ix, const struct terms *of, double *weights, double *sum, size_t max,
    struct story_rare *rare)
{
	uint32_t items[STORY_WORDS_MAX];
	struct dealing d;
	story_index_items(ix, of->kind, of->hashes, of->count, items);
	size_t n = weigh_each(ix, items, of->count, of->square, weights, sum, &d);
	if (n == 0)
		return 0;
	n = n < max ? n : max;
	deal_out(&d, of->count);
	sort_drawers(&d, of->count, n);
	for (size_t i = 0; i < n; i++) {
		uint32_t key = d.dealt[i], hash = of->hashes[key & UINT16_MAX];
		rare[i] = (struct story_rare){story_index_rarity_of(ix, key >> 16), hash};
		story_index_expect(ix, story_term_key(of->kind, hash));
	}
	return n;
}

/* ---- all ---- */

_Static_assert(STORY_WORDS_MAX >= STORY_PIECES_MAX && STORY_WORDS_MAX >= STORY_ENTITIES_MAX, "of words there are most");

void
story_weigh(const struct story_index *ix, const struct story_signature *s, struct story_weighed *out)
{
	double weights[STORY_ENTITIES_MAX], sum;
	struct terms words = {STORY_TERM_WORD, s->words, s->word_count, false},
	             pieces = {STORY_TERM_PIECE, s->pieces, s->piece_count, true},
	             entities = {STORY_TERM_ENTITY, s->entities, s->entity_count, false};
	story_index_expect_items(ix, STORY_TERM_PIECE, s->pieces, s->piece_count);
	story_index_expect_items(ix, STORY_TERM_ENTITY, s->entities, s->entity_count);
	out->rare_word_count =
	    weigh_terms(ix, &words, out->words, &out->word_weight, STORY_WORD_PROBES_MAX, out->rare_words);
	out->rare_piece_count =
	    weigh_terms(ix, &pieces, out->pieces, &out->piece_square, STORY_PROBES_MAX, out->rare_pieces);
	out->rare_entity_count = weigh_terms(ix, &entities, weights, &sum, STORY_PROBES_MAX, out->rare_entities);
}

/* ---- sums ---- */

static double
sum_rarity(const struct story_index *ix, enum story_term kind, const uint32_t *terms, size_t count, bool square)
{
	uint32_t items[STORY_WORDS_MAX];
	double all = 0;
	story_index_expect_items(ix, kind, terms, count);
	story_index_items(ix, kind, terms, count, items);
	for (size_t i = 0; i < count; i++) {
		double r = story_index_rarity_of(ix, items[i]);
		all += square ? r * r : r;
	}
	return all;
}

double
story_sum_rarity(const struct story_index *ix, enum story_term kind, const uint32_t *terms, size_t count)
{
	return sum_rarity(ix, kind, terms, count, false);
}

double
story_sum_square(const struct story_index *ix, enum story_term kind, const uint32_t *terms, size_t count)
{
	return sum_rarity(ix, kind, terms, count, true);
}
