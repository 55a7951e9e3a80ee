#include "story/weigh.h"

#define AHEAD 8 /* terms that are fetched from memory before they are asked for */

static bool
rarer(const struct story_rare *a, const struct story_rare *b)
{
	return a->rarity != b->rarity ? a->rarity > b->rarity : a->hash < b->hash;
}

/* Puts it among the STORY_PROBES_MAX rarest, in order. */
static void
note_rare(struct story_rare *all, size_t *count, struct story_rare one)
{
	size_t k = *count;
	if (k == STORY_PROBES_MAX && !rarer(&one, &all[k - 1]))
		return;
	k -= k == STORY_PROBES_MAX;
	for (; k > 0 && rarer(&one, &all[k - 1]); k--)
		all[k] = all[k - 1];
	all[k] = one;
	*count += *count < STORY_PROBES_MAX;
}

/* The rarity of each term; returns all of it together. */
static double
weigh_terms(const struct story_index *ix, enum story_term kind, const uint32_t *terms, size_t count, double *weights,
    struct story_rare *rare, size_t *rare_count)
{
	double all = 0;
	*rare_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (i + AHEAD < count)
			story_index_prefetch(ix, story_term_key(kind, terms[i + AHEAD]));
		struct story_term_facts f = story_index_facts(ix, story_term_key(kind, terms[i]));
		all += weights[i] = f.rarity;
		if (!f.common)
			note_rare(rare, rare_count, (struct story_rare){f.rarity, terms[i]});
	}
	return all;
}

void
story_weigh(const struct story_index *ix, const struct story_signature *s, struct story_weighed *out)
{
	double entities[STORY_ENTITIES_MAX];
	out->word_weight = weigh_terms(
	    ix, STORY_TERM_WORD, s->words, s->word_count, out->words, out->rare_words, &out->rare_word_count);
	weigh_terms(
	    ix, STORY_TERM_PIECE, s->pieces, s->piece_count, out->pieces, out->rare_pieces, &out->rare_piece_count);
	weigh_terms(
	    ix, STORY_TERM_ENTITY, s->entities, s->entity_count, entities, out->rare_entities, &out->rare_entity_count);
	out->piece_square = 0;
	for (size_t i = 0; i < s->piece_count; i++)
		out->piece_square += out->pieces[i] *= out->pieces[i];
}

/* ---- sums ---- */

static double
sum_rarity(const struct story_index *ix, enum story_term kind, const uint32_t *terms, size_t count, bool square)
{
	double all = 0;
	for (size_t i = 0; i < count; i++) {
		if (i + AHEAD < count)
			story_index_prefetch(ix, story_term_key(kind, terms[i + AHEAD]));
		double r = story_index_rarity(ix, story_term_key(kind, terms[i]));
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
