#include "story/window.h"

#include "base/hash.h"
#include "story/features.h"

#include <math.h>
#include <stdlib.h>

/* Until the window has its own counts, words are taken for as rare as in a window of this size. */
#define PRIOR_ITEMS 400
#define POSTINGS_MAX 64 /* newest items kept per word or piece */
#define RARE_WORDS 40   /* of a text, to find candidates by */
#define COMMON_ITEMS 50 /* a word in more items than this, and in more than a twentieth, finds no candidates */
#define CANDIDATES_MAX 12
#define TITLE_CANDIDATES_MAX 40
#define WORDS_MIN 5 /* of a text that can be called a copy */

/* What makes a copy; see window.h. Found on re-published wire reports with hard negatives. */
#define COPY_WORDS_MIN 0.60
#define COPY_PAIRS_MIN 0.50
#define COPY_NUMBERS_MIN 0.60
#define COPY_NUMBERS_DENSE_MIN 0.80
#define DENSE 0.15 /* share of numbers among the words */
#define SHORT 20   /* words: a notice of a line or two; whom it is about may stand in its title only */
#define COPY_TITLE_SHORT_MIN 0.25
#define COPY_NUMBERS_SHORT_MIN 0.75
#define COPY_WORDS_SAME_FEED_MIN 0.85 /* an outlet's texts share more than its reports do */

/* What makes a story. While the window is young, nothing is known to be common: then twice as much is asked for. */
#define STORY_MIN 0.14
#define STORY_YOUNG_ITEMS 40
#define STORY_GROWTH 0.20
#define STORY_WORDS_SHARED_MIN 0.20 /* weighted, where both have a text: titles from one mould are not one event */

struct entry {
	uint32_t *hashes; /* words, pairs, pieces, one behind the other */
	uint16_t word_count, pair_count, piece_count, number_count;
	uint32_t feed; /* hash */
	size_t story;
	size_t story_size; /* of the story, counted in its first item; elsewhere as it was then */
};

/* What is known of a word or piece. */
struct term {
	uint64_t key;       /* hash, and which kind; 0 = free */
	uint32_t items;     /* of the window that have it */
	uint32_t *postings; /* newest numbers, in a ring once it is full */
	uint16_t posting_count, posting_cap, next;
};

struct story_window {
	struct entry *entries;   /* item n is at n % max_items */
	size_t max_items, count; /* count: all that ever came */
	struct term *terms;
	size_t term_count, term_cap; /* cap is a power of two */
	float *scores;               /* of candidates, by place in entries; all 0 between two calls */
	uint32_t *touched;
	size_t touched_count;
	struct story_habits *habits;
	struct arena arena; /* of the item in hand */
};

enum kind { KIND_WORD = 1, KIND_PIECE = 2 };

struct story_window *
story_window_new(size_t max_items)
{
	struct story_window *w = calloc(1, sizeof *w);
	if (w == NULL)
		return NULL;
	w->max_items = max_items;
	w->entries = calloc(max_items, sizeof *w->entries);
	w->scores = calloc(max_items, sizeof *w->scores);
	w->touched = calloc(max_items, sizeof *w->touched);
	w->habits = story_habits_new();
	arena_init(&w->arena, 0);
	if (w->entries != NULL && w->scores != NULL && w->touched != NULL && w->habits != NULL)
		return w;
	story_window_free(w);
	return NULL;
}

void
story_window_free(struct story_window *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; w->entries != NULL && i < w->max_items; i++)
		free(w->entries[i].hashes);
	for (size_t i = 0; i < w->term_cap; i++)
		free(w->terms[i].postings);
	story_habits_free(w->habits);
	arena_done(&w->arena);
	free(w->entries);
	free(w->terms);
	free(w->scores);
	free(w->touched);
	free(w);
}

/* ---- words and pieces ---- */

static uint64_t
term_key(enum kind kind, uint32_t hash)
{
	return (uint64_t)kind << 32 | hash;
}

static struct term *
term_place(struct term *terms, size_t cap, uint64_t key)
{
	size_t i = (key * 0x9E3779B97F4A7C15u >> 20) & (cap - 1);
	while (terms[i].key != 0 && terms[i].key != key)
		i = (i + 1) & (cap - 1);
	return &terms[i];
}

/* Room for `more` new ones; those that no item has any more are left behind. */
static bool
reserve_terms(struct story_window *w, size_t more)
{
	if ((w->term_count + more) * 2 <= w->term_cap)
		return true;
	size_t cap = 4096, used = 0;
	while (cap < (w->term_count + more) * 3)
		cap *= 2;
	struct term *terms = calloc(cap, sizeof *terms);
	if (terms == NULL)
		return false;
	for (size_t i = 0; i < w->term_cap; i++) {
		if (w->terms[i].items == 0) {
			free(w->terms[i].postings);
		} else {
			*term_place(terms, cap, w->terms[i].key) = w->terms[i];
			used++;
		}
	}
	free(w->terms);
	w->terms = terms;
	w->term_cap = cap;
	w->term_count = used;
	return true;
}

static struct term *
term_make(struct story_window *w, uint64_t key)
{
	struct term *t = term_place(w->terms, w->term_cap, key);
	w->term_count += t->key == 0;
	t->key = key;
	return t;
}

static bool
reserve_posting(struct term *t)
{
	if (t->posting_count < t->posting_cap || t->posting_cap == POSTINGS_MAX)
		return true;
	uint16_t cap = t->posting_cap ? t->posting_cap * 4 : 4;
	if (cap > POSTINGS_MAX)
		cap = POSTINGS_MAX;
	uint32_t *postings = realloc(t->postings, cap * sizeof *postings);
	if (postings == NULL)
		return false;
	t->postings = postings;
	t->posting_cap = cap;
	return true;
}

static void
post(struct term *t, uint32_t number)
{
	t->items++;
	t->postings[t->next] = number;
	t->next = (uint16_t)((t->next + 1) % POSTINGS_MAX);
	if (t->posting_count < POSTINGS_MAX)
		t->posting_count++;
}

static size_t
window_size(const struct story_window *w)
{
	return w->count < w->max_items ? w->count : w->max_items;
}

static double
rarity(const struct story_window *w, const struct term *t)
{
	double r = log((double)(window_size(w) + PRIOR_ITEMS) / (t->items + 1.0));
	return r > 0 ? r : 0;
}

static double
rarity_of(const struct story_window *w, enum kind kind, uint32_t hash)
{
	return rarity(w, term_place(w->terms, w->term_cap, term_key(kind, hash)));
}

/* ---- candidates ---- */

static bool
is_common(const struct story_window *w, const struct term *t)
{
	return t->items > COMMON_ITEMS && t->items > window_size(w) / 20;
}

static void
score_postings(struct story_window *w, const struct term *t, double score)
{
	for (size_t i = 0; i < t->posting_count; i++) {
		uint32_t number = t->postings[i];
		if ((uint32_t)w->count - number > w->max_items)
			continue; /* gone from the window since */
		size_t place = number % w->max_items;
		if (w->scores[place] == 0)
			w->touched[w->touched_count++] = (uint32_t)place;
		w->scores[place] += (float)score;
	}
}

/* The places of the best ones, best first; clears the scores. Of equals the older goes first. */
static size_t
best_candidates(struct story_window *w, uint32_t *best, size_t max)
{
	size_t count = 0;
	for (size_t i = 0; i < w->touched_count; i++) {
		uint32_t place = w->touched[i];
		size_t at = count;
		while (at > 0 && w->scores[best[at - 1]] < w->scores[place])
			at--;
		if (at >= max)
			continue;
		count += count < max;
		memmove(best + at + 1, best + at, (count - at - 1) * sizeof *best);
		best[at] = place;
	}
	for (size_t i = 0; i < w->touched_count; i++)
		w->scores[w->touched[i]] = 0;
	w->touched_count = 0;
	return count;
}

static size_t
number_at(const struct story_window *w, uint32_t place)
{
	size_t newest = w->count % w->max_items; /* the place that the next one takes */
	return place < newest ? w->count - newest + place : w->count - newest - w->max_items + place;
}

/* ---- the same text? ---- */

static size_t
shared(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
	size_t same = 0;
	for (size_t i = 0, k = 0; i < n && k < m;) {
		same += a[i] == b[k];
		if (a[i] <= b[k])
			i++, k += a[i - 1] == b[k];
		else
			k++;
	}
	return same;
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
	double pairs;
	double dense; /* numbers per word of the shorter text */
	size_t least; /* words of the shorter text */
	double title; /* likeness of the titles, where the texts are short */
	bool same_feed;
};

static struct overlap
compare(const struct story_window *w, const struct story_features *f, const double *weights, double weight,
    const struct entry *e)
{
	const uint32_t *a = f->words, *b = e->hashes;
	double both = 0, other = 0;
	size_t numbers = 0;
	for (size_t k = 0, i = 0; k < e->word_count; k++) {
		while (i < f->word_count && a[i] < b[k])
			i++;
		bool same = i < f->word_count && a[i] == b[k];
		double r = same ? weights[i] : rarity_of(w, KIND_WORD, b[k]);
		other += r;
		both += same ? r : 0;
		numbers += same && story_is_number(b[k]);
	}
	size_t least = f->number_count < e->number_count ? f->number_count : e->number_count;
	double lighter = weight < other ? weight : other;
	return (struct overlap){
	    .words = lighter > 0 ? both / lighter : 0,
	    .numbers = least == 0 ? 1 : (double)numbers / (double)least,
	    .pairs =
	        share(shared(f->pairs, f->pair_count, b + e->word_count, e->pair_count), f->pair_count, e->pair_count),
	    .dense = share(least, f->word_count, e->word_count),
	    .least = f->word_count < e->word_count ? f->word_count : e->word_count,
	};
}

/* Cosine of the titles' pieces, each weighted by the square of its rarity. */
static double
title_likeness(const struct story_window *w, const struct story_features *f, const struct entry *e)
{
	const uint32_t *b = e->hashes + e->word_count + e->pair_count;
	double both = 0, mine = 0, theirs = 0;
	for (size_t i = 0; i < f->piece_count; i++) {
		double r = rarity_of(w, KIND_PIECE, f->pieces[i]);
		mine += r * r;
	}
	for (size_t i = 0, k = 0; k < e->piece_count; k++) {
		double r = rarity_of(w, KIND_PIECE, b[k]);
		theirs += r * r;
		while (i < f->piece_count && f->pieces[i] < b[k])
			i++;
		both += i < f->piece_count && f->pieces[i] == b[k] ? r * r : 0;
	}
	return mine > 0 && theirs > 0 ? both / sqrt(mine * theirs) : 0;
}

static bool
is_copy(const struct overlap *o)
{
	if (o->words < (o->same_feed ? COPY_WORDS_SAME_FEED_MIN : COPY_WORDS_MIN) || o->pairs < COPY_PAIRS_MIN)
		return false;
	if (o->least < SHORT)
		return o->title >= COPY_TITLE_SHORT_MIN && o->numbers >= COPY_NUMBERS_SHORT_MIN;
	return o->numbers >= (o->dense >= DENSE ? COPY_NUMBERS_DENSE_MIN : COPY_NUMBERS_MIN);
}

/* The rarity of each word, and all of it together. */
static double
weigh(const struct story_window *w, const struct story_features *f, double *weights)
{
	double weight = 0;
	for (size_t i = 0; i < f->word_count; i++)
		weight += weights[i] = rarity_of(w, KIND_WORD, f->words[i]);
	return weight;
}

struct rare {
	double rarity;
	uint32_t hash;
};

static int
rarer(const void *a, const void *b)
{
	const struct rare *x = a, *y = b;
	if (x->rarity != y->rarity)
		return x->rarity > y->rarity ? -1 : 1;
	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static void
find_copy(struct story_window *w, const struct story_features *f, uint32_t feed, struct story_place *out)
{
	uint32_t best[CANDIDATES_MAX];
	struct rare rare[STORY_WORDS_MAX];
	double weights[STORY_WORDS_MAX], weight = weigh(w, f, weights);

	if (f->word_count < WORDS_MIN)
		return;
	for (size_t i = 0; i < f->word_count; i++)
		rare[i] = (struct rare){weights[i], f->words[i]};
	qsort(rare, f->word_count, sizeof *rare, rarer);
	for (size_t i = 0; i < f->word_count && i < RARE_WORDS; i++) {
		const struct term *t = term_place(w->terms, w->term_cap, term_key(KIND_WORD, rare[i].hash));
		if (!is_common(w, t))
			score_postings(w, t, rare[i].rarity);
	}
	size_t count = best_candidates(w, best, CANDIDATES_MAX);
	for (size_t i = 0; i < count; i++) {
		const struct entry *e = &w->entries[best[i]];
		struct overlap o = compare(w, f, weights, weight, e);
		o.title = o.least < SHORT ? title_likeness(w, f, e) : 0;
		o.same_feed = e->feed == feed;
		if (e->word_count < WORDS_MIN || !is_copy(&o) || o.words <= out->similarity)
			continue;
		out->duplicate_of = number_at(w, best[i]);
		out->story = e->story;
		out->similarity = o.words < 1 ? o.words : 1;
	}
}

/* ---- the same story? ---- */

static size_t *
story_size(struct story_window *w, struct entry *e)
{
	/* the first item may be gone from the window */
	bool there = w->count - e->story <= w->max_items;
	return there ? &w->entries[e->story % w->max_items].story_size : &e->story_size;
}

static void
find_story(struct story_window *w, const struct story_features *f, struct story_place *out)
{
	uint32_t best[TITLE_CANDIDATES_MAX];
	double weights[STORY_WORDS_MAX], weight = weigh(w, f, weights);
	double most = STORY_MIN * (1 + STORY_YOUNG_ITEMS / (double)(STORY_YOUNG_ITEMS + window_size(w)));

	for (size_t i = 0; i < f->piece_count; i++) {
		const struct term *t = term_place(w->terms, w->term_cap, term_key(KIND_PIECE, f->pieces[i]));
		double r = rarity(w, t);
		if (!is_common(w, t))
			score_postings(w, t, r * r);
	}
	size_t count = best_candidates(w, best, TITLE_CANDIDATES_MAX);
	for (size_t i = 0; i < count; i++) {
		struct entry *e = &w->entries[best[i]];
		double like = title_likeness(w, f, e);
		if (f->word_count >= WORDS_MIN && e->word_count >= WORDS_MIN) {
			struct overlap o = compare(w, f, weights, weight, e);
			if (o.words < STORY_WORDS_SHARED_MIN)
				continue;
		}
		double grown = like / (1 + STORY_GROWTH * log((double)*story_size(w, e)));
		if (grown <= most)
			continue;
		most = grown;
		out->story = e->story;
		out->similarity = like < 1 ? like : 1;
	}
}

/* ---- remembering ---- */

static void
forget(struct story_window *w, struct entry *e)
{
	const uint32_t *pieces = e->hashes + e->word_count + e->pair_count;
	for (size_t i = 0; i < e->word_count; i++)
		term_place(w->terms, w->term_cap, term_key(KIND_WORD, e->hashes[i]))->items--;
	for (size_t i = 0; i < e->piece_count; i++)
		term_place(w->terms, w->term_cap, term_key(KIND_PIECE, pieces[i]))->items--;
	free(e->hashes);
	e->hashes = NULL;
}

static bool
make_room(struct story_window *w, enum kind kind, const uint32_t *hashes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!reserve_posting(term_make(w, term_key(kind, hashes[i]))))
			return false;
	}
	return true;
}

/* All that can fail, before anything is changed. */
static int
prepare(struct story_window *w, const struct story_features *f, struct entry *e, struct err *err)
{
	*e = (struct entry){.word_count = (uint16_t)f->word_count,
	    .pair_count = (uint16_t)f->pair_count,
	    .piece_count = (uint16_t)f->piece_count,
	    .number_count = (uint16_t)f->number_count,
	    .story_size = 1};
	if (!reserve_terms(w, f->word_count + f->piece_count) || !make_room(w, KIND_WORD, f->words, f->word_count) ||
	    !make_room(w, KIND_PIECE, f->pieces, f->piece_count))
		return err_oom(err);
	e->hashes = malloc((f->word_count + f->pair_count + f->piece_count + 1) * sizeof *e->hashes);
	if (e->hashes == NULL)
		return err_oom(err);
	memcpy(e->hashes, f->words, f->word_count * sizeof *f->words);
	memcpy(e->hashes + f->word_count, f->pairs, f->pair_count * sizeof *f->pairs);
	memcpy(e->hashes + f->word_count + f->pair_count, f->pieces, f->piece_count * sizeof *f->pieces);
	return 0;
}

static void
remember(struct story_window *w, const struct story_features *f, const struct entry *e)
{
	struct entry *place = &w->entries[w->count % w->max_items];
	if (w->count >= w->max_items)
		forget(w, place);
	*place = *e;
	for (size_t i = 0; i < f->word_count; i++)
		post(term_place(w->terms, w->term_cap, term_key(KIND_WORD, f->words[i])), (uint32_t)w->count);
	for (size_t i = 0; i < f->piece_count; i++)
		post(term_place(w->terms, w->term_cap, term_key(KIND_PIECE, f->pieces[i])), (uint32_t)w->count);
	w->count++;
}

int
story_window_add(struct story_window *w, const struct story_text *t, struct story_place *out, struct err *err)
{
	struct story_features f;
	struct entry e;

	arena_reset(&w->arena);
	*out = (struct story_place){.number = w->count, .duplicate_of = STORY_NONE, .story = w->count};
	if (story_features(t, w->habits, &w->arena, &f, err) < 0 || prepare(w, &f, &e, err) < 0)
		return -1;
	e.feed = (uint32_t)hash64(t->feed, 0);
	find_copy(w, &f, e.feed, out);
	if (out->duplicate_of == STORY_NONE)
		find_story(w, &f, out);
	e.story = out->story;
	if (out->story != out->number) {
		struct entry *first = &w->entries[out->story % w->max_items];
		if (w->count - out->story <= w->max_items)
			e.story_size = ++first->story_size;
	}
	remember(w, &f, &e);
	return 0;
}
