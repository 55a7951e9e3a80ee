#include "story/compare.h"

#include <math.h>
#include <string.h>

/* The weights of a signature are worked out again when the index has counted so many times more, or less, than at that time (as a
 * logarithm). What titles weigh decides by a hair; what texts do, by halves, and a word that stays as common as it was keeps its
 * weight: so theirs last until there are twice as many. */
#define PIECES_STALE 0.05
#define WORDS_STALE 0.7

#define UNITS 65536.0 /* of weight, to be added up as whole numbers */
#define LINE_BYTES 64 /* of memory */

/* What makes a copy; see window.h. Found on re-published wire reports with hard negatives. */
#define COPY_WORDS_MIN 0.60
#define COPY_PAIRS_MIN 0.50
#define COPY_NUMBERS_MIN 0.60
#define COPY_NUMBERS_DENSE_MIN 0.80
#define DENSE 0.15 /* share of numbers among the words */
#define PAIRS_SAMPLE 64
#define PAIRS_SAMPLE_MIN 16 /* of them that are to be shared, for the sample to tell */
#define SHORT 20            /* words: a notice of a line or two; whom it is about may stand in its title only */
#define COPY_TITLE_SHORT_MIN 0.25
#define COPY_NUMBERS_SHORT_MIN 0.75
#define COPY_WORDS_SAME_FEED_MIN 0.85 /* an outlet's texts share more than its reports do */

/* Weighted, where both have a text: titles from one mould are not one event. Less than any COPY_WORDS_…: who is apart is no copy. */
#define STORY_WORDS_SHARED_MIN 0.20

/* What facts make one event. The rarity of things that have nothing to do with each other adds up to the logarithm of the
 * number of items when they are expected to meet once by chance; people and topics of the news do meet, so more is asked for. */
#define FACTS_MIN 1.5         /* of that logarithm: people, places, topics and numbers together */
#define FACTS_NUMBERS_MIN 0.5 /* of that logarithm: numbers alone */
#define FACTS_ENTITIES_MIN 2
#define FACTS_SHARED_MIN 0.5 /* of the weight of all that the one with fewer mentions */

/* ---- the newcomer ---- */

static void
index_terms(const uint32_t *terms, size_t count, uint64_t *bits, uint16_t *places, uint32_t place_count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t bit = terms[i] / 2 % STORY_HAVING_BITS, at = terms[i] / 2 % place_count;
		bits[bit / 64] |= (uint64_t)1 << bit % 64;
		while (places[at] != 0)
			at = (at + 1) % place_count;
		places[at] = (uint16_t)(i + 1);
	}
}

static void
index_signature(const struct story_signature *s, struct story_having *has)
{
	memset(has, 0, sizeof *has);
	for (size_t i = 0; i < s->pair_count; i++)
		has->pairs[s->pairs[i] / 64] |= (uint64_t)1 << s->pairs[i] % 64;
	index_terms(s->words, s->word_count, has->word_bits, has->words, STORY_WORD_PLACES);
	index_terms(s->pieces, s->piece_count, has->piece_bits, has->pieces, STORY_PIECE_PLACES);
}

/* The indices of those of `others` that may be among the terms that the bits stand for: without a branch for each of them, for
 * which ones are is anybody's guess. Returns how many. */
static inline size_t
may_have(const uint64_t *bits, const uint32_t *others, size_t count, uint16_t *which)
{
	size_t n = 0;
	for (size_t k = 0; k < count; k++) {
		uint32_t bit = others[k] / 2 % STORY_HAVING_BITS;
		which[n] = (uint16_t)k;
		n += bits[bit / 64] >> bit % 64 & 1;
	}
	return n;
}

/* The index of a term, or SIZE_MAX. */
static inline size_t
find_term(const uint32_t *terms, const uint16_t *places, uint32_t place_count, uint32_t term)
{
	size_t at = term / 2 % place_count, i;
	while ((i = places[at]) != 0 && terms[i - 1] != term)
		at = (at + 1) % place_count;
	return i - 1;
}

void
story_newcomer_prepare(const struct story_index *ix, struct story_newcomer *n)
{
	story_weigh(ix, &n->signature, &n->weighed);
	n->has_known = false;
	for (size_t i = 0; i < n->signature.word_count && i < STORY_SKETCH_WORDS_MAX; i++)
		n->word_units[i] = (uint32_t)(n->weighed.words[i] * UNITS) + 1;
}

void
story_newcomer_index(struct story_newcomer *n)
{
	if (!n->has_known)
		index_signature(&n->signature, &n->has);
	n->has_known = true;
}

/* ---- the other one ---- */

static bool
is_stale(const struct story_index *ix, double log_then, double stale)
{
	return log_then == 0 || fabs(ix->log_counted - log_then) > stale;
}

/* What all words of a candidate weigh together. */
static double
word_weight(const struct story_index *ix, struct story_other *o)
{
	const struct story_signature *s = &o->of.signature;
	if (is_stale(ix, o->of.word_log, WORDS_STALE)) {
		o->of.word_weight = story_sum_rarity(ix, STORY_TERM_WORD, s->words, s->word_count);
		o->of.word_log = ix->log_counted;
		o->weighed = true;
	}
	return o->of.word_weight;
}

/* What the pieces of its title do, each squared. */
static double
piece_square(const struct story_index *ix, struct story_other *o)
{
	const struct story_signature *s = &o->of.signature;
	if (is_stale(ix, o->of.piece_log, PIECES_STALE)) {
		o->of.piece_square = story_sum_square(ix, STORY_TERM_PIECE, s->pieces, s->piece_count);
		o->of.piece_log = ix->log_counted;
		o->weighed = true;
	}
	return o->of.piece_square;
}

/* ---- the same text? ---- */

/* Of the first `count` pairs of another one, how many it has. */
static size_t
has_pairs(const struct story_having *has, const uint16_t *pairs, size_t count)
{
	size_t same = 0;
	for (size_t i = 0; i < count; i++)
		same += has->pairs[pairs[i] / 64] >> pairs[i] % 64 & 1;
	return same;
}

/* Do they share COPY_PAIRS_MIN of the shorter one's pairs? Hashes are spread evenly, so where the first of them are far from
 * that, so are all. */
static bool
shares_pairs(const struct story_newcomer *n, const struct story_signature *b)
{
	size_t least = n->signature.pair_count < b->pair_count ? n->signature.pair_count : b->pair_count;
	double wanted = COPY_PAIRS_MIN * (double)least;
	double of_sample = b->pair_count > 0 ? wanted * PAIRS_SAMPLE / b->pair_count : 0;
	if (b->pair_count > PAIRS_SAMPLE && of_sample >= PAIRS_SAMPLE_MIN &&
	    (double)has_pairs(&n->has, b->pairs, PAIRS_SAMPLE) < of_sample / 4)
		return false;
	return least > 0 && (double)has_pairs(&n->has, b->pairs, b->pair_count) >= wanted;
}

static double
share(size_t part, size_t a, size_t b)
{
	size_t least = a < b ? a : b;
	return least == 0 ? 0 : (double)part / (double)least;
}

/* The words that it shares with another. */
struct shared {
	double weight;
	size_t numbers;
};

static struct shared
shared_words(const struct story_newcomer *n, const struct story_signature *b)
{
	const uint32_t *words = n->signature.words;
	uint16_t which[STORY_WORDS_MAX];
	struct shared s = {0};
	size_t count = may_have(n->has.word_bits, b->words, b->word_count, which);
	for (size_t k = 0; k < count; k++) {
		uint32_t word = b->words[which[k]];
		size_t i = find_term(words, n->has.words, STORY_WORD_PLACES, word);
		if (i == SIZE_MAX)
			continue;
		s.weight += n->weighed.words[i];
		s.numbers += story_is_number(word);
	}
	return s;
}

struct overlap {
	double words;   /* weighted by rarity, of the text that weighs less */
	double numbers; /* shared, of those of the text that has fewer; 1 when it has none */
	double dense;   /* numbers per word of the shorter text */
	size_t least;   /* words of the shorter text */
};

static struct overlap
compare(const struct story_index *ix, const struct story_newcomer *n, struct story_other *o)
{
	const struct story_signature *a = &n->signature, *b = &o->of.signature;
	struct shared of = shared_words(n, b);
	double other = word_weight(ix, o);
	size_t least = a->number_count < b->number_count ? a->number_count : b->number_count;
	double lighter = n->weighed.word_weight < other ? n->weighed.word_weight : other;
	return (struct overlap){
	    .words = lighter > 0 ? of.weight / lighter : 0,
	    .numbers = least == 0 ? 1 : (double)of.numbers / (double)least,
	    .dense = share(least, a->word_count, b->word_count),
	    .least = a->word_count < b->word_count ? a->word_count : b->word_count,
	};
}

double
story_title_likeness(const struct story_index *ix, const struct story_newcomer *n, struct story_other *o)
{
	const struct story_signature *b = &o->of.signature;
	uint16_t which[STORY_PIECES_MAX];
	double both = 0;
	size_t count = may_have(n->has.piece_bits, b->pieces, b->piece_count, which);
	for (size_t k = 0; k < count; k++) {
		size_t i = find_term(n->signature.pieces, n->has.pieces, STORY_PIECE_PLACES, b->pieces[which[k]]);
		both += i != SIZE_MAX ? n->weighed.pieces[i] : 0;
	}
	if (both <= 0)
		return 0;
	double like = both / sqrt(n->weighed.piece_square * piece_square(ix, o));
	return like < 1 ? like : 1;
}

bool
story_is_copy(const struct story_index *ix, const struct story_newcomer *n, struct story_other *o, double *similarity)
{
	const struct story_signature *b = &o->of.signature;
	/* what costs least is asked first */
	if (b->word_count < STORY_COPY_WORDS_LEAST || !shares_pairs(n, b))
		return false;
	struct overlap of = compare(ix, n, o);
	*similarity = of.words < 1 ? of.words : 1;
	if (of.words < (o->feed == n->feed ? COPY_WORDS_SAME_FEED_MIN : COPY_WORDS_MIN))
		return false;
	if (of.least < SHORT)
		return story_title_likeness(ix, n, o) >= COPY_TITLE_SHORT_MIN && of.numbers >= COPY_NUMBERS_SHORT_MIN;
	return of.numbers >= (of.dense >= DENSE ? COPY_NUMBERS_DENSE_MIN : COPY_NUMBERS_MIN);
}

/* An outlet's columns are about the same people every day. */
static bool
may_have_facts(uint32_t a_feed, size_t a_entities, uint32_t b_feed, size_t b_entities)
{
	return a_feed != b_feed && a_entities >= FACTS_ENTITIES_MIN && b_entities >= FACTS_ENTITIES_MIN;
}

/* More than what it shares with another can weigh. */
static double
most_shared(const struct story_newcomer *n, struct story_sketch other)
{
	uint32_t all = 0;
	for (size_t i = 0; i < n->signature.word_count; i++)
		all += n->word_units[i] & -(uint32_t)story_sketch_bit(other, n->signature.words[i]);
	return all / UNITS;
}

bool
story_surely_apart(
    const struct story_index *ix, const struct story_newcomer *n, uint32_t feed, const struct story_kept *o)
{
	const struct story_signature *a = &n->signature;
	struct story_sketch sketch = story_kept_sketch(o);
	if (a->word_count < STORY_COPY_WORDS_LEAST || a->word_count > STORY_SKETCH_WORDS_MAX ||
	    o->word_count < STORY_COPY_WORDS_LEAST || sketch.bits == NULL || is_stale(ix, o->word_log, WORDS_STALE) ||
	    may_have_facts(n->feed, a->entity_count, feed, o->entity_count))
		return false;
	double lighter = n->weighed.word_weight < o->word_weight ? n->weighed.word_weight : o->word_weight;
	return most_shared(n, sketch) < STORY_WORDS_SHARED_MIN * lighter;
}

void
story_other_expect(const struct story_other *o)
{
	const struct story_signature *s = &o->of.signature;
	for (size_t i = 0; i < s->piece_count; i += LINE_BYTES / sizeof *s->pieces)
		__builtin_prefetch(s->pieces + i);
	__builtin_prefetch(s->pairs);
	__builtin_prefetch(s->pairs + LINE_BYTES / sizeof *s->pairs); /* the sample */
}

bool
story_apart(const struct story_index *ix, const struct story_newcomer *n, struct story_other *o)
{
	const struct story_signature *b = &o->of.signature;
	if (n->signature.word_count < STORY_COPY_WORDS_LEAST || b->word_count < STORY_COPY_WORDS_LEAST)
		return false;
	/* of the text that weighs less: if it is enough of this one, then of either */
	double shared = shared_words(n, b).weight;
	return shared < STORY_WORDS_SHARED_MIN * n->weighed.word_weight &&
	       shared < STORY_WORDS_SHARED_MIN * word_weight(ix, o) && story_same_facts(ix, n, o) <= 0;
}

/* ---- the same facts? ---- */

/* Sorted sets: the rarity of what both have, and how many those are. `numbers`: of words, only those that are numbers. */
static double
shared_rarity(const struct story_index *ix, enum story_term kind, const uint32_t *a, size_t a_count, const uint32_t *b,
    size_t b_count, bool numbers, size_t *count)
{
	double all = 0;
	*count = 0;
	for (size_t i = 0, k = 0; i < a_count && k < b_count;) {
		uint32_t x = a[i], y = b[k];
		if (x == y && (!numbers || story_is_number(x))) {
			all += story_index_rarity(ix, story_term_key(kind, x));
			++*count;
		}
		i += x <= y;
		k += y <= x;
	}
	return all;
}

double
story_same_facts(const struct story_index *ix, const struct story_newcomer *n, const struct story_other *o)
{
	const struct story_signature *a = &n->signature, *b = &o->of.signature;
	size_t entity_count, number_count;
	if (!may_have_facts(n->feed, a->entity_count, o->feed, b->entity_count))
		return 0;
	double entities = shared_rarity(
	    ix, STORY_TERM_ENTITY, a->entities, a->entity_count, b->entities, b->entity_count, false, &entity_count);
	if (entity_count < FACTS_ENTITIES_MIN)
		return 0;
	double numbers =
	    shared_rarity(ix, STORY_TERM_WORD, a->words, a->word_count, b->words, b->word_count, true, &number_count);
	if (numbers < FACTS_NUMBERS_MIN * ix->log_counted || entities + numbers < FACTS_MIN * ix->log_counted)
		return 0;
	double mine = story_sum_rarity(ix, STORY_TERM_ENTITY, a->entities, a->entity_count);
	double theirs = story_sum_rarity(ix, STORY_TERM_ENTITY, b->entities, b->entity_count);
	double least = mine < theirs ? mine : theirs, part = least > 0 ? entities / least : 0;
	return part < FACTS_SHARED_MIN ? 0 : part < 1 ? part : 1;
}
