#include "story/weigh.h"

/* ---- the rarest ---- */

#define EXACT 16u /* counts below have a drawer each; above, eight share out what is between two powers of two */
#define SHARES 8u
#define DRAWERS (EXACT + 12u * SHARES)

static inline unsigned
drawer_of(uint32_t items)
{
	if (items < EXACT)
		return items;
	unsigned shift = 28 - (unsigned)__builtin_clz(items);
	return EXACT + (shift - 1) * SHARES + (items >> shift) - SHARES;
}
_Static_assert(UINT16_MAX >> 12 == 2 * SHARES - 1, "the largest count has the last drawer");

struct counted {
	uint32_t items, term; /* term: its index */
};

static inline bool
rarer(struct counted a, struct counted b)
{
	return a.items != b.items ? a.items < b.items : a.term < b.term;
}

/* Deals all of them out into drawers, without a branch that depends on a count. Returns how many are not common. */
static size_t
deal_out(const uint32_t *items, size_t count, uint32_t common, struct counted *out)
{
	uint16_t at[DRAWERS] = {0};
	unsigned top = 0;
	size_t all = 0, rare = 0;
	for (size_t i = 0; i < count; i++) {
		unsigned drawer = drawer_of(items[i]);
		at[drawer]++;
		top = drawer > top ? drawer : top;
		rare += items[i] <= common;
	}
	for (unsigned drawer = 0; drawer <= top; drawer++) {
		size_t here = at[drawer];
		at[drawer] = (uint16_t)all;
		all += here;
	}
	for (size_t i = 0; i < count; i++)
		out[at[drawer_of(items[i])]++] = (struct counted){items[i], (uint32_t)i};
	return rare;
}

struct terms { /* of one kind, and how many items have each */
	enum story_term kind;
	const uint32_t *hashes, *items;
	size_t count;
};

/* The rarest, at most `max`, in order; of equals the smaller hash first. `found` has room for all. What was posted for them is
 * fetched while others are looked at. */
static size_t
find_rarest(
    const struct story_index *ix, const struct terms *of, size_t max, struct counted *found, struct story_rare *rare)
{
	size_t count = of->count, n = count > 0 ? deal_out(of->items, count, story_index_common(ix), found) : 0;
	if (n == 0)
		return 0;
	n = n < max ? n : max;
	unsigned last = drawer_of(found[n - 1].items);
	for (size_t i = 1; i < count && (i < n || drawer_of(found[i].items) == last); i++) { /* within a drawer */
		struct counted one = found[i];
		size_t k = i;
		for (; k > 0 && rarer(one, found[k - 1]); k--)
			found[k] = found[k - 1];
		found[k] = one;
	}
	for (size_t i = 0; i < n; i++) {
		rare[i] = (struct story_rare){story_index_rarity_of(ix, found[i].items), of->hashes[found[i].term]};
		story_index_expect(ix, story_term_key(of->kind, rare[i].hash));
	}
	return n;
}

/* ---- all ---- */

_Static_assert(STORY_WORDS_MAX >= STORY_PIECES_MAX && STORY_WORDS_MAX >= STORY_ENTITIES_MAX, "of words there are most");

void
story_weigh(const struct story_index *ix, const struct story_signature *s, struct story_weighed *out)
{
	uint32_t items[STORY_WORDS_MAX];
	struct counted found[STORY_WORDS_MAX];
	struct terms words = {STORY_TERM_WORD, s->words, items, s->word_count},
	             pieces = {STORY_TERM_PIECE, s->pieces, items, s->piece_count},
	             entities = {STORY_TERM_ENTITY, s->entities, items, s->entity_count};
	out->word_weight = out->piece_square = 0;
	story_index_items(ix, STORY_TERM_WORD, s->words, s->word_count, items);
	for (size_t i = 0; i < s->word_count; i++)
		out->word_weight += out->words[i] = story_index_rarity_of(ix, items[i]);
	out->rare_word_count = find_rarest(ix, &words, STORY_WORD_PROBES_MAX, found, out->rare_words);
	story_index_items(ix, STORY_TERM_PIECE, s->pieces, s->piece_count, items);
	for (size_t i = 0; i < s->piece_count; i++) {
		double r = story_index_rarity_of(ix, items[i]);
		out->piece_square += out->pieces[i] = r * r;
	}
	out->rare_piece_count = find_rarest(ix, &pieces, STORY_PROBES_MAX, found, out->rare_pieces);
	story_index_items(ix, STORY_TERM_ENTITY, s->entities, s->entity_count, items);
	out->rare_entity_count = find_rarest(ix, &entities, STORY_PROBES_MAX, found, out->rare_entities);
}

/* ---- sums ---- */

static double
sum_rarity(const struct story_index *ix, enum story_term kind, const uint32_t *terms, size_t count, bool square)
{
	uint32_t items[STORY_WORDS_MAX];
	double all = 0;
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
