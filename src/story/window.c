#include "story/window.h"

#include "base/clock.h"
#include "base/hash.h"
#include "story/habits.h"
#include "story/index.h"
#include "story/recent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PROBES_MAX 40  /* rarest terms of an item, to find candidates by */
#define FOUND_MAX 32   /* newest items looked at per term */
#define STEPS_MAX 1000 /* postings looked at per question */
#define SCORES (1u << 13)
#define CANDIDATES_MAX 8
#define TITLE_CANDIDATES_MAX 20
#define WORDS_MIN 5 /* of a text that can be called a copy */
#define DATELINE_REST_MIN 6
#define AHEAD 8 /* terms that are fetched from memory before they are asked for */

/* The weights of a signature are worked out again when the index has counted three percent more, or less, than at that time. */
#define STALE 0.03

/* How the postings of an item are shared out; what one kind does not need goes to the next. */
#define POST_ENTITIES 4
#define POST_PIECES 6

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

/* What makes a story. While the window is young, nothing is known to be common: then twice as much is asked for. */
#define STORY_MIN 0.155
#define STORY_YOUNG_ITEMS 40
#define STORY_NEXT_WEIGHT 0.3 /* of the second most like item of the story */
#define LIKE_MIN 0.05
#define STORY_GROWTH 0.25
#define STORY_WORDS_SHARED_MIN 0.20 /* weighted, where both have a text: titles from one mould are not one event */

struct entry {
	int64_t item, story;
	uint32_t feed; /* hash */
	uint32_t at;   /* minutes since 1970 */
	uint32_t root; /* an item of its story whose `size` is kept up to date; lowest bits of its number */
	uint32_t size; /* items of the story; in other items: as it was when they came */
};

struct score {
	uint32_t place; /* from 1; 0 = free */
	float score;
};

struct story_window {
	struct story_window_options options;
	struct entry *entries; /* item n is at n % max_items */
	size_t count;          /* all that ever came */
	struct story_index index;
	struct story_habits *habits;
	struct story_recent *recent;
	struct score scores[SCORES]; /* of candidates; all 0 between two questions */
	uint16_t touched[SCORES / 2];
	size_t touched_count;
	struct arena arena; /* of the item in hand */
};

struct story_window *
story_window_new(const struct story_window_options *options)
{
	struct story_window *w = calloc(1, sizeof *w);
	if (w == NULL)
		return NULL;
	w->options = *options;
	if (w->options.max_items > STORY_WINDOW_ITEMS_MAX)
		w->options.max_items = STORY_WINDOW_ITEMS_MAX;
	w->entries = calloc(w->options.max_items, sizeof *w->entries);
	w->habits = story_habits_new();
	w->recent = story_recent_new();
	arena_init(&w->arena, 0);
	if (story_index_init(&w->index, w->options.max_items) == 0 && w->entries != NULL && w->habits != NULL &&
	    w->recent != NULL)
		return w;
	story_window_free(w);
	return NULL;
}

void
story_window_free(struct story_window *w)
{
	if (w == NULL)
		return;
	story_index_done(&w->index);
	story_habits_free(w->habits);
	story_recent_free(w->recent);
	free(w->entries);
	arena_done(&w->arena);
	free(w);
}

size_t
story_window_bytes(const struct story_window *w)
{
	return sizeof *w + w->options.max_items * sizeof *w->entries + story_index_bytes(&w->index) +
	       story_habits_bytes() + story_recent_bytes();
}

/* ---- items ---- */

static struct entry *
entry_of(const struct story_window *w, size_t number)
{
	return number < w->count && w->count - number <= w->options.max_items
	           ? &w->entries[number % w->options.max_items]
	           : NULL;
}

static size_t
number_at(const struct story_window *w, size_t place)
{
	size_t next = w->count % w->options.max_items; /* the place that the next one takes */
	return place < next ? w->count - next + place : w->count - next - w->options.max_items + place;
}

static bool
in_span(const struct story_window *w, const struct entry *e, int64_t at)
{
	return w->options.span_ms == 0 || at - (int64_t)e->at * MINUTE_MS <= w->options.span_ms;
}

/* The item of a story that keeps its size: the root while the window holds it. */
static size_t
root_of(const struct story_window *w, size_t number)
{
	uint32_t age = (uint32_t)number - w->entries[number % w->options.max_items].root;
	return age <= number && entry_of(w, number - age) != NULL ? number - age : number;
}

/* ---- the item in hand ---- */

struct candidate {
	size_t number;
	const struct entry *entry;
	struct story_prepared of;
	bool known;   /* its signature could be read */
	bool fetched; /* … from its owner */
	bool compared;
};

struct rare {
	double rarity;
	uint32_t hash;
};

/* A signature with the rarity of all its terms, as it is now. */
struct weighed {
	double words[STORY_WORDS_MAX], word_weight;
	double pieces[STORY_PIECES_MAX], piece_square; /* of pieces, squares count */
	/* The terms of one kind that find something, rarest first. */
	struct rare rare_words[PROBES_MAX], rare_pieces[PROBES_MAX];
	size_t rare_word_count, rare_piece_count;
};

/*
 * What a signature has, to be asked rather than walked through: it is compared with dozens of others, which share next to
 * nothing with it. `pieces`: indices, from 1, at a place that the hash says or behind it; 0 = nothing there, or further.
 */
#define PIECE_PLACES 512u
struct having {
	uint64_t pairs[(UINT16_MAX + 1) / 64];
	uint16_t pieces[PIECE_PLACES];
};
_Static_assert(PIECE_PLACES >= 2 * STORY_PIECES_MAX, "most places are free");

/* A new item, while it is decided about. */
struct newcomer {
	const struct story_arrival *arrival;
	struct story_signature signature;
	struct having has;
	struct weighed weighed;
	uint32_t feed;
	struct candidate seen[CANDIDATES_MAX + TITLE_CANDIDATES_MAX];
	size_t seen_count;
};

static bool
rarer(const struct rare *a, const struct rare *b)
{
	return a->rarity != b->rarity ? a->rarity > b->rarity : a->hash < b->hash;
}

/* Puts it among the PROBES_MAX rarest, in order. */
static void
note_rare(struct rare *all, size_t *count, struct rare one)
{
	size_t k = *count;
	if (k == PROBES_MAX && !rarer(&one, &all[k - 1]))
		return;
	k -= k == PROBES_MAX;
	for (; k > 0 && rarer(&one, &all[k - 1]); k--)
		all[k] = all[k - 1];
	all[k] = one;
	*count += *count < PROBES_MAX;
}

/* The rarity of each term; returns all of it together. */
static double
weigh_terms(const struct story_window *w, enum story_term kind, const uint32_t *terms, size_t count, double *weights,
    struct rare *rare, size_t *rare_count)
{
	double all = 0;
	*rare_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (i + AHEAD < count)
			story_index_prefetch(&w->index, story_term_key(kind, terms[i + AHEAD]));
		struct story_term_facts f = story_index_facts(&w->index, story_term_key(kind, terms[i]));
		all += weights[i] = f.rarity;
		if (!f.common)
			note_rare(rare, rare_count, (struct rare){f.rarity, terms[i]});
	}
	return all;
}

static void
weigh(const struct story_window *w, const struct story_signature *s, struct weighed *out)
{
	out->word_weight = weigh_terms(
	    w, STORY_TERM_WORD, s->words, s->word_count, out->words, out->rare_words, &out->rare_word_count);
	weigh_terms(
	    w, STORY_TERM_PIECE, s->pieces, s->piece_count, out->pieces, out->rare_pieces, &out->rare_piece_count);
	out->piece_square = 0;
	for (size_t i = 0; i < s->piece_count; i++)
		out->piece_square += out->pieces[i] *= out->pieces[i];
}

static void
index_signature(const struct story_signature *s, struct having *has)
{
	memset(has, 0, sizeof *has);
	for (size_t i = 0; i < s->pair_count; i++)
		has->pairs[s->pairs[i] / 64] |= (uint64_t)1 << s->pairs[i] % 64;
	for (size_t i = 0; i < s->piece_count; i++) {
		size_t at = s->pieces[i] % PIECE_PLACES;
		while (has->pieces[at] != 0)
			at = (at + 1) % PIECE_PLACES;
		has->pieces[at] = (uint16_t)(i + 1);
	}
}

/* Its index, or SIZE_MAX. */
static inline size_t
find_piece(const struct newcomer *n, uint32_t piece)
{
	size_t at = piece % PIECE_PLACES, i;
	while ((i = n->has.pieces[at]) != 0 && n->signature.pieces[i - 1] != piece)
		at = (at + 1) % PIECE_PLACES;
	return i - 1;
}

/* ---- who it is compared with ---- */

static bool
is_stale(const struct story_window *w, double log_then)
{
	return log_then == 0 || fabs(w->index.log_counted - log_then) > STALE;
}

static double
sum_rarity(const struct story_window *w, enum story_term kind, const uint32_t *terms, size_t count, bool square)
{
	double all = 0;
	for (size_t i = 0; i < count; i++) {
		if (i + AHEAD < count)
			story_index_prefetch(&w->index, story_term_key(kind, terms[i + AHEAD]));
		double r = story_index_rarity(&w->index, story_term_key(kind, terms[i]));
		all += square ? r * r : r;
	}
	return all;
}

/* What all words of a candidate weigh together. */
static double
word_weight(const struct story_window *w, struct candidate *c)
{
	const struct story_signature *s = &c->of.signature;
	if (is_stale(w, c->of.word_log)) {
		c->of.word_weight = sum_rarity(w, STORY_TERM_WORD, s->words, s->word_count, false);
		c->of.word_log = w->index.log_counted;
	}
	return c->of.word_weight;
}

/* What the pieces of its title do, each squared. */
static double
piece_square(const struct story_window *w, struct candidate *c)
{
	const struct story_signature *s = &c->of.signature;
	if (is_stale(w, c->of.piece_log)) {
		c->of.piece_square = sum_rarity(w, STORY_TERM_PIECE, s->pieces, s->piece_count, true);
		c->of.piece_log = w->index.log_counted;
	}
	return c->of.piece_square;
}

static int
fetch_candidate(struct story_window *w, struct candidate *c, struct err *err)
{
	struct str bytes = STR_NONE;
	if (w->options.fetch(w->options.ctx, c->entry->item, &w->arena, &bytes, err) < 0)
		return -1;
	c->fetched = c->known = bytes.s != NULL && story_signature_unpack(bytes, &w->arena, &c->of.signature);
	return w->arena.failed ? err_oom(err) : 0;
}

/* Finds a candidate's signature, once per newcomer. NULL: it has none any more, or (err) it cannot be read. */
static struct candidate *
look_at(struct story_window *w, struct newcomer *n, size_t number, struct err *err)
{
	for (size_t i = 0; i < n->seen_count; i++) {
		if (n->seen[i].number == number)
			return &n->seen[i];
	}
	struct candidate *c = &n->seen[n->seen_count++];
	*c = (struct candidate){.number = number, .entry = entry_of(w, number)};
	if (c->entry->item == 0)
		return c;
	c->known = story_recent_get(w->recent, number, &c->of);
	return c->known || fetch_candidate(w, c, err) == 0 ? c : NULL;
}

/* What was fetched and worked out is kept for the next one. Views of what was kept before end here. */
static void
keep_seen(struct story_window *w, const struct newcomer *n)
{
	for (size_t i = 0; i < n->seen_count; i++) {
		if (n->seen[i].known && !n->seen[i].fetched)
			story_recent_weigh(w->recent, n->seen[i].number, &n->seen[i].of);
	}
	for (size_t i = 0; i < n->seen_count; i++) {
		if (n->seen[i].fetched)
			story_recent_put(w->recent, n->seen[i].number, &n->seen[i].of);
	}
}

/* ---- candidates ---- */

static void
add_score(struct story_window *w, size_t place, double score)
{
	size_t i = (place * 0x9E3779B1u) % SCORES;
	while (w->scores[i].place != 0 && w->scores[i].place != place + 1)
		i = (i + 1) % SCORES;
	if (w->scores[i].place == 0) {
		if (w->touched_count >= SCORES / 2)
			return;
		w->touched[w->touched_count++] = (uint16_t)i;
		w->scores[i].place = (uint32_t)place + 1;
	}
	w->scores[i].score += (float)score;
}

static void
score_term(struct story_window *w, uint64_t key, double score, size_t *steps)
{
	size_t place;
	struct story_walk walk = story_index_walk(&w->index, key, w->count % w->options.max_items);
	for (size_t found = 0; found < FOUND_MAX && story_walk_next(&walk, &place, steps); found++)
		add_score(w, place, score);
}

static void
score_all(struct story_window *w, enum story_term kind, const struct rare *rare, size_t count, bool square)
{
	size_t steps = STEPS_MAX;
	for (size_t i = 0; i < count; i++)
		story_index_prefetch_walk(&w->index, story_term_key(kind, rare[i].hash));
	for (size_t i = 0; i < count; i++) {
		double r = rare[i].rarity;
		score_term(w, story_term_key(kind, rare[i].hash), square ? r * r : r, &steps);
	}
}

/* The numbers of the best ones, best first; clears the scores. Of equals the older goes first. */
static size_t
best_candidates(struct story_window *w, int64_t at, size_t *best, size_t max)
{
	float scores[CANDIDATES_MAX + TITLE_CANDIDATES_MAX];
	size_t count = 0;
	for (size_t i = 0; i < w->touched_count; i++) {
		struct score s = w->scores[w->touched[i]];
		w->scores[w->touched[i]] = (struct score){0};
		if (count == max && s.score < scores[max - 1])
			continue;
		size_t number = number_at(w, s.place - 1), k = count;
		if (entry_of(w, number) == NULL || !in_span(w, entry_of(w, number), at))
			continue;
		while (k > 0 && (s.score > scores[k - 1] || (s.score == scores[k - 1] && number < best[k - 1])))
			k--;
		if (k >= max)
			continue;
		count += count < max;
		memmove(best + k + 1, best + k, (count - k - 1) * sizeof *best);
		memmove(scores + k + 1, scores + k, (count - k - 1) * sizeof *scores);
		best[k] = number;
		scores[k] = s.score;
	}
	w->touched_count = 0;
	return count;
}

/* ---- the same text? ---- */

/* Of the first `count` pairs of another one, how many it has. */
static size_t
has_pairs(const struct having *has, const uint16_t *pairs, size_t count)
{
	size_t same = 0;
	for (size_t i = 0; i < count; i++)
		same += has->pairs[pairs[i] / 64] >> pairs[i] % 64 & 1;
	return same;
}

/* Do they share COPY_PAIRS_MIN of the shorter one's pairs? Hashes are spread evenly, so where the first of them are far from
 * that, so are all. */
static bool
shares_pairs(const struct newcomer *n, const struct story_signature *b)
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

struct overlap {
	double words;   /* weighted by rarity, of the text that weighs less */
	double numbers; /* shared, of those of the text that has fewer; 1 when it has none */
	double dense;   /* numbers per word of the shorter text */
	size_t least;   /* words of the shorter text */
};

static struct overlap
compare(const struct story_window *w, const struct newcomer *n, struct candidate *c)
{
	const struct story_signature *a = &n->signature, *b = &c->of.signature;
	double both = 0, other = word_weight(w, c);
	size_t numbers = 0;
	for (size_t i = 0, k = 0; i < a->word_count && k < b->word_count;) {
		uint32_t x = a->words[i], y = b->words[k];
		if (x == y) {
			both += n->weighed.words[i];
			numbers += story_is_number(x);
		}
		i += x <= y;
		k += y <= x;
	}
	size_t least = a->number_count < b->number_count ? a->number_count : b->number_count;
	double lighter = n->weighed.word_weight < other ? n->weighed.word_weight : other;
	return (struct overlap){
	    .words = lighter > 0 ? both / lighter : 0,
	    .numbers = least == 0 ? 1 : (double)numbers / (double)least,
	    .dense = share(least, a->word_count, b->word_count),
	    .least = a->word_count < b->word_count ? a->word_count : b->word_count,
	};
}

/* Cosine of the titles' pieces, each weighted by the square of its rarity. */
static double
title_likeness(const struct story_window *w, const struct newcomer *n, struct candidate *c)
{
	const struct story_signature *b = &c->of.signature;
	double both = 0;
	for (size_t k = 0; k < b->piece_count; k++) {
		size_t i = find_piece(n, b->pieces[k]);
		both += i != SIZE_MAX ? n->weighed.pieces[i] : 0;
	}
	if (both <= 0)
		return 0;
	double like = both / sqrt(n->weighed.piece_square * piece_square(w, c));
	return like < 1 ? like : 1;
}

/* To be asked once of each candidate. */
static bool
is_copy(const struct story_window *w, const struct newcomer *n, struct candidate *c, double *similarity)
{
	const struct story_signature *b = &c->of.signature;
	c->compared = true;
	/* what costs least is asked first */
	if (!c->known || b->word_count < WORDS_MIN || !shares_pairs(n, b))
		return false;
	struct overlap o = compare(w, n, c);
	*similarity = o.words < 1 ? o.words : 1;
	if (o.words < (c->entry->feed == n->feed ? COPY_WORDS_SAME_FEED_MIN : COPY_WORDS_MIN))
		return false;
	if (o.least < SHORT)
		return title_likeness(w, n, c) >= COPY_TITLE_SHORT_MIN && o.numbers >= COPY_NUMBERS_SHORT_MIN;
	return o.numbers >= (o.dense >= DENSE ? COPY_NUMBERS_DENSE_MIN : COPY_NUMBERS_MIN);
}

static void
note_copy(const struct story_window *w, const struct newcomer *n, struct candidate *c, struct story_place *out)
{
	double similarity = 0;
	if (c->compared || !is_copy(w, n, c, &similarity) || similarity <= out->similarity)
		return;
	out->duplicate_of = out->joins = c->number;
	out->similarity = similarity;
}

static int
find_copy(struct story_window *w, struct newcomer *n, struct story_place *out, struct err *err)
{
	size_t best[CANDIDATES_MAX];

	if (n->signature.word_count < WORDS_MIN)
		return 0;
	score_all(w, STORY_TERM_WORD, n->weighed.rare_words, n->weighed.rare_word_count, false);
	size_t count = best_candidates(w, n->arrival->at, best, CANDIDATES_MAX);
	for (size_t i = 0; i < count; i++) {
		struct candidate *c = look_at(w, n, best[i], err);
		if (c == NULL)
			return -1;
		note_copy(w, n, c, out);
	}
	return 0;
}

/* ---- the same story? ---- */

/* A candidate whose title is like the newcomer's. */
struct likely {
	struct candidate *c; /* NULL: the texts have too little in common */
	double like;
	size_t root;
	bool checked;
};

/* How like a story's items are to the newcomer: the most like one, and the next. */
struct support {
	size_t number; /* of the most like one */
	double most, next;
};

static struct support
support_of(const struct likely *all, size_t count, size_t root)
{
	struct support s = {0};
	for (size_t i = 0; i < count; i++) {
		if (all[i].c == NULL || all[i].root != root)
			continue;
		if (all[i].like > s.most) {
			s.next = s.most;
			s.most = all[i].like;
			s.number = all[i].c->number;
		} else if (all[i].like > s.next) {
			s.next = all[i].like;
		}
	}
	return s;
}

static bool
other_words(const struct story_window *w, const struct newcomer *n, struct candidate *c)
{
	return n->signature.word_count >= WORDS_MIN && c->of.signature.word_count >= WORDS_MIN &&
	       compare(w, n, c).words < STORY_WORDS_SHARED_MIN;
}

/* The story that is most like it, if one is like enough. */
static bool
best_story(const struct story_window *w, const struct likely *all, size_t count, size_t *root, struct support *ret)
{
	double least = STORY_MIN * (1 + STORY_YOUNG_ITEMS / (double)(STORY_YOUNG_ITEMS + w->index.counted));
	bool found = false;
	for (size_t i = 0; i < count; i++) {
		if (all[i].c == NULL || all[i].like * (1 + STORY_NEXT_WEIGHT) <= least)
			continue; /* it is not the most like one of a story that is like enough */
		struct support s = support_of(all, count, all[i].root);
		uint32_t size = w->entries[all[i].root % w->options.max_items].size;
		double grown = (s.most + STORY_NEXT_WEIGHT * s.next) / (1 + STORY_GROWTH * log((double)size));
		if (grown <= least)
			continue;
		least = grown;
		found = true;
		*root = all[i].root;
		*ret = s;
	}
	return found;
}

/* Takes out those of a story whose texts speak against it. Returns whether there was one. */
static bool
check_texts(const struct story_window *w, const struct newcomer *n, struct likely *all, size_t count, size_t root)
{
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		if (all[i].c == NULL || all[i].root != root || all[i].checked)
			continue;
		all[i].checked = true;
		if (!other_words(w, n, all[i].c))
			continue;
		all[i].c = NULL;
		any = true;
	}
	return any;
}

/* Texts cost much more to compare than titles: only those of the story that would win by its titles are. */
static void
join_best(
    const struct story_window *w, const struct newcomer *n, struct likely *all, size_t count, struct story_place *out)
{
	struct support best;
	size_t root;
	while (best_story(w, all, count, &root, &best)) {
		if (check_texts(w, n, all, count, root))
			continue;
		out->joins = best.number;
		out->similarity = best.most;
		return;
	}
}

static int
find_story(struct story_window *w, struct newcomer *n, struct story_place *out, struct err *err)
{
	size_t best[TITLE_CANDIDATES_MAX], likely_count = 0;
	struct likely likely[TITLE_CANDIDATES_MAX];

	score_all(w, STORY_TERM_PIECE, n->weighed.rare_pieces, n->weighed.rare_piece_count, true);
	size_t count = best_candidates(w, n->arrival->at, best, TITLE_CANDIDATES_MAX);
	for (size_t i = 0; i < count; i++) {
		struct candidate *c = look_at(w, n, best[i], err);
		if (c == NULL)
			return -1;
		/* of a long text the few words that are posted may not stand in its summary, but the title does */
		if (n->signature.word_count >= WORDS_MIN)
			note_copy(w, n, c, out);
		double like = c->known ? title_likeness(w, n, c) : 0;
		if (like > LIKE_MIN)
			likely[likely_count++] = (struct likely){c, like, root_of(w, c->number), false};
	}
	if (out->duplicate_of == STORY_NONE)
		join_best(w, n, likely, likely_count, out);
	return 0;
}

/* ---- remembering ---- */

static size_t
post_rarest(enum story_term kind, const struct rare *rare, size_t count, size_t max, uint64_t *keys)
{
	size_t n = count < max ? count : max;
	for (size_t i = 0; i < n; i++)
		keys[i] = story_term_key(kind, rare[i].hash);
	return n;
}

static size_t
post_entities(const struct story_window *w, const struct story_signature *s, uint64_t *keys)
{
	struct rare rare[PROBES_MAX];
	double weights[STORY_ENTITIES_MAX];
	size_t count;
	weigh_terms(w, STORY_TERM_ENTITY, s->entities, s->entity_count, weights, rare, &count);
	return post_rarest(STORY_TERM_ENTITY, rare, count, POST_ENTITIES, keys);
}

/* Counts an item's terms and posts the rarest of them. */
static void
post(struct story_window *w, const struct story_signature *s, const struct weighed *by)
{
	uint64_t keys[STORY_POSTINGS];
	size_t pieces_max = s->word_count >= WORDS_MIN ? POST_PIECES : STORY_POSTINGS;
	size_t n = post_entities(w, s, keys);
	if (pieces_max > STORY_POSTINGS - n)
		pieces_max = STORY_POSTINGS - n;
	n += post_rarest(STORY_TERM_PIECE, by->rare_pieces, by->rare_piece_count, pieces_max, keys + n);
	n += post_rarest(STORY_TERM_WORD, by->rare_words, by->rare_word_count, STORY_POSTINGS - n, keys + n);
	story_index_post(&w->index, w->count % w->options.max_items, keys, n);
	story_index_count(&w->index, STORY_TERM_ENTITY, s->entities, s->entity_count);
	story_index_count(&w->index, STORY_TERM_PIECE, s->pieces, s->piece_count);
	story_index_count(&w->index, STORY_TERM_WORD, s->words, s->word_count);
	story_index_counted(&w->index);
}

static struct entry *
remember(struct story_window *w, const struct story_signature *s, const struct weighed *by, uint32_t feed, int64_t at)
{
	struct entry *e = &w->entries[w->count % w->options.max_items];
	double now = w->index.log_counted;
	post(w, s, by);
	struct story_prepared p = {*s, by->word_weight, now, by->piece_square, now};
	story_recent_put(w->recent, w->count, &p);
	*e = (struct entry){.feed = feed, .at = (uint32_t)(at / MINUTE_MS), .root = (uint32_t)w->count, .size = 1};
	w->count++;
	return e;
}

/* What the outlet puts round everything it publishes; learnt as items arrive. */
static struct story_cut
cut_ends(struct story_window *w, const struct story_arrival *a)
{
	const struct story_features *f = a->features;
	size_t lead, tail, title_lead, title_tail;
	story_habits_learn(w->habits, a->feed, 't', f->words, f->word_count, &lead, &tail);
	story_habits_learn(w->habits, a->feed, 'h', f->title_words, f->title_count, &title_lead, &title_tail);
	if (f->dateline > lead && f->dateline + tail + DATELINE_REST_MIN < f->word_count)
		lead = f->dateline;
	return (struct story_cut){(uint16_t)lead, (uint16_t)tail, (uint16_t)title_lead, (uint16_t)title_tail};
}

int
story_window_add(struct story_window *w, const struct story_arrival *a, struct story_place *out, struct err *err)
{
	struct newcomer n; /* large: what is not set is not looked at */

	n.arrival = a;
	n.feed = (uint32_t)hash64(a->feed, 0);
	n.seen_count = 0;
	arena_reset(&w->arena);
	*out = (struct story_place){.number = w->count, .duplicate_of = STORY_NONE, .joins = STORY_NONE};
	out->cut = cut_ends(w, a);
	if (story_signature_make(a->features, &out->cut, a->entities, a->entity_count, &w->arena, &n.signature, err) < 0)
		return -1;
	index_signature(&n.signature, &n.has);
	weigh(w, &n.signature, &n.weighed);
	if (find_copy(w, &n, out, err) < 0)
		return -1;
	if (out->joins == STORY_NONE && find_story(w, &n, out, err) < 0)
		return -1;
	keep_seen(w, &n);
	struct entry *e = remember(w, &n.signature, &n.weighed, n.feed, a->at);
	out->signature = n.signature;
	if (out->joins != STORY_NONE && entry_of(w, out->joins) != NULL) {
		size_t root = root_of(w, out->joins);
		e->root = (uint32_t)root;
		e->size = ++w->entries[root % w->options.max_items].size;
		e->story = w->entries[root % w->options.max_items].story;
	}
	return 0;
}

void
story_window_name(struct story_window *w, size_t number, int64_t item, int64_t story)
{
	struct entry *e = entry_of(w, number);
	if (e == NULL)
		return;
	e->item = item;
	e->story = story;
}

int64_t
story_window_item(const struct story_window *w, size_t number)
{
	const struct entry *e = entry_of(w, number);
	return e != NULL ? e->item : 0;
}

int64_t
story_window_story(const struct story_window *w, size_t number)
{
	const struct entry *e = entry_of(w, number);
	return e != NULL ? e->story : 0;
}

int
story_window_restore(struct story_window *w, const struct story_known *k, struct err *err)
{
	struct story_signature s;
	struct weighed by;
	arena_reset(&w->arena);
	if (!story_signature_unpack(k->signature, &w->arena, &s))
		return w->arena.failed ? err_oom(err) : 0;
	weigh(w, &s, &by);
	struct entry *e = remember(w, &s, &by, (uint32_t)hash64(k->feed, 0), k->at);
	e->item = k->item;
	e->story = k->story;
	e->size = k->story_items < UINT32_MAX ? (uint32_t)k->story_items : UINT32_MAX;
	return 0;
}

void
story_window_move_item(struct story_window *w, int64_t item, int64_t story)
{
	for (size_t i = 0; i < w->options.max_items && i < w->count; i++) {
		struct entry *e = &w->entries[i];
		if (e->item != item)
			continue;
		e->story = story;
		e->root = (uint32_t)number_at(w, i);
		e->size = 1;
	}
}

void
story_window_move_story(struct story_window *w, int64_t from, int64_t to)
{
	for (size_t i = 0; i < w->options.max_items && i < w->count; i++) {
		if (w->entries[i].story == from)
			w->entries[i].story = to;
	}
}
