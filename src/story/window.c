#include "story/window.h"

#include "base/clock.h"
#include "base/hash.h"
#include "story/habits.h"
#include "story/index.h"

#include <math.h>
#include <stdlib.h>

#define PROBES_MAX 40  /* rarest terms of an item, to find candidates by */
#define FOUND_MAX 64   /* newest items looked at per term */
#define STEPS_MAX 2000 /* postings looked at per question */
#define SCORES (1u << 13)
#define CANDIDATES_MAX 12
#define TITLE_CANDIDATES_MAX 32
#define WORDS_MIN 5 /* of a text that can be called a copy */
#define DATELINE_REST_MIN 6

/* How the postings of an item are shared out; what one kind does not need goes to the next. */
#define POST_ENTITIES 4
#define POST_PIECES 6

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
	arena_init(&w->arena, 0);
	if (story_index_init(&w->index, w->options.max_items) == 0 && w->entries != NULL && w->habits != NULL)
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
	free(w->entries);
	arena_done(&w->arena);
	free(w);
}

size_t
story_window_bytes(const struct story_window *w)
{
	return sizeof *w + w->options.max_items * sizeof *w->entries + story_index_bytes(&w->index) +
	       story_habits_bytes();
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
	struct story_signature signature;
	bool known; /* its signature could be read */
};

/* A new item, while it is decided about. */
struct newcomer {
	const struct story_arrival *arrival;
	struct story_signature signature;
	double weights[STORY_WORDS_MAX], weight;              /* rarity of each word, and all of it together */
	double piece_weights[STORY_PIECES_MAX], piece_weight; /* squares of rarity */
	uint32_t feed;
	struct candidate seen[CANDIDATES_MAX + TITLE_CANDIDATES_MAX];
	size_t seen_count;
};

static void
weigh(const struct story_window *w, struct newcomer *n)
{
	const struct story_signature *s = &n->signature;
	n->weight = n->piece_weight = 0;
	for (size_t i = 0; i < s->word_count; i++)
		n->weight += n->weights[i] =
		    story_index_rarity(&w->index, story_term_key(STORY_TERM_WORD, s->words[i]));
	for (size_t i = 0; i < s->piece_count; i++) {
		double r = story_index_rarity(&w->index, story_term_key(STORY_TERM_PIECE, s->pieces[i]));
		n->piece_weight += n->piece_weights[i] = r * r;
	}
}

/* Reads a candidate's signature, once per newcomer. NULL: it has none any more, or (err) it cannot be read. */
static const struct candidate *
look_at(struct story_window *w, struct newcomer *n, size_t number, struct err *err)
{
	struct str bytes = STR_NONE;
	for (size_t i = 0; i < n->seen_count; i++) {
		if (n->seen[i].number == number)
			return &n->seen[i];
	}
	struct candidate *c = &n->seen[n->seen_count++];
	*c = (struct candidate){.number = number, .entry = entry_of(w, number)};
	if (c->entry->item != 0 && w->options.fetch(w->options.ctx, c->entry->item, &w->arena, &bytes, err) < 0)
		return NULL;
	c->known = bytes.s != NULL && story_signature_unpack(bytes, &w->arena, &c->signature);
	if (w->arena.failed) {
		err_oom(err);
		return NULL;
	}
	return c;
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

static bool
better(const struct story_window *w, const struct score *a, size_t number_a, size_t number_b, float score_b)
{
	(void)w;
	return a->score != score_b ? a->score > score_b : number_a < number_b;
}

/* The numbers of the best ones, best first; clears the scores. Of equals the older goes first. */
static size_t
best_candidates(struct story_window *w, int64_t at, size_t *best, size_t max)
{
	float scores[CANDIDATES_MAX + TITLE_CANDIDATES_MAX];
	size_t count = 0;
	for (size_t i = 0; i < w->touched_count; i++) {
		const struct score *s = &w->scores[w->touched[i]];
		size_t number = number_at(w, s->place - 1), k = count;
		if (entry_of(w, number) == NULL || !in_span(w, entry_of(w, number), at))
			continue;
		while (k > 0 && better(w, s, number, best[k - 1], scores[k - 1]))
			k--;
		if (k >= max)
			continue;
		count += count < max;
		memmove(best + k + 1, best + k, (count - k - 1) * sizeof *best);
		memmove(scores + k + 1, scores + k, (count - k - 1) * sizeof *scores);
		best[k] = number;
		scores[k] = s->score;
	}
	for (size_t i = 0; i < w->touched_count; i++)
		w->scores[w->touched[i]] = (struct score){0};
	w->touched_count = 0;
	return count;
}

/* ---- the rarest of them ---- */

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

/* The terms of one kind that find something, rarest first. */
static size_t
rarest(const struct story_window *w, enum story_term kind, const uint32_t *hashes, size_t count, struct rare *out)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t key = story_term_key(kind, hashes[i]);
		if (!story_index_is_common(&w->index, key))
			out[n++] = (struct rare){story_index_rarity(&w->index, key), hashes[i]};
	}
	qsort(out, n, sizeof *out, rarer);
	return n;
}

/* ---- the same text? ---- */

static size_t
shared_pairs(const struct story_signature *a, const struct story_signature *b)
{
	size_t same = 0;
	for (size_t i = 0, k = 0; i < a->pair_count && k < b->pair_count;) {
		uint16_t x = a->pairs[i], y = b->pairs[k];
		same += x == y;
		i += x <= y;
		k += y <= x;
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
	double dense;   /* numbers per word of the shorter text */
	size_t least;   /* words of the shorter text */
};

static struct overlap
compare(const struct story_window *w, const struct newcomer *n, const struct story_signature *b)
{
	const struct story_signature *a = &n->signature;
	double both = 0, other = 0;
	size_t numbers = 0;
	for (size_t k = 0, i = 0; k < b->word_count; k++) {
		while (i < a->word_count && a->words[i] < b->words[k])
			i++;
		bool same = i < a->word_count && a->words[i] == b->words[k];
		double r =
		    same ? n->weights[i] : story_index_rarity(&w->index, story_term_key(STORY_TERM_WORD, b->words[k]));
		other += r;
		both += same ? r : 0;
		numbers += same && story_is_number(b->words[k]);
	}
	size_t least = a->number_count < b->number_count ? a->number_count : b->number_count;
	double lighter = n->weight < other ? n->weight : other;
	return (struct overlap){
	    .words = lighter > 0 ? both / lighter : 0,
	    .numbers = least == 0 ? 1 : (double)numbers / (double)least,
	    .dense = share(least, a->word_count, b->word_count),
	    .least = a->word_count < b->word_count ? a->word_count : b->word_count,
	};
}

/* Cosine of the titles' pieces, each weighted by the square of its rarity. */
static double
title_likeness(const struct story_window *w, const struct newcomer *n, const struct story_signature *b)
{
	const struct story_signature *a = &n->signature;
	double both = 0, theirs = 0;
	for (size_t i = 0, k = 0; k < b->piece_count; k++) {
		while (i < a->piece_count && a->pieces[i] < b->pieces[k])
			i++;
		bool same = i < a->piece_count && a->pieces[i] == b->pieces[k];
		double r = same ? 0 : story_index_rarity(&w->index, story_term_key(STORY_TERM_PIECE, b->pieces[k]));
		double square = same ? n->piece_weights[i] : r * r;
		theirs += square;
		both += same ? square : 0;
	}
	return n->piece_weight > 0 && theirs > 0 ? both / sqrt(n->piece_weight * theirs) : 0;
}

static bool
is_copy(const struct story_window *w, const struct newcomer *n, const struct candidate *c, double *similarity)
{
	const struct story_signature *b = &c->signature;
	/* what costs least is asked first */
	if (!c->known || b->word_count < WORDS_MIN ||
	    share(shared_pairs(&n->signature, b), n->signature.pair_count, b->pair_count) < COPY_PAIRS_MIN)
		return false;
	struct overlap o = compare(w, n, b);
	*similarity = o.words < 1 ? o.words : 1;
	if (o.words < (c->entry->feed == n->feed ? COPY_WORDS_SAME_FEED_MIN : COPY_WORDS_MIN))
		return false;
	if (o.least < SHORT)
		return title_likeness(w, n, b) >= COPY_TITLE_SHORT_MIN && o.numbers >= COPY_NUMBERS_SHORT_MIN;
	return o.numbers >= (o.dense >= DENSE ? COPY_NUMBERS_DENSE_MIN : COPY_NUMBERS_MIN);
}

static int
find_copy(struct story_window *w, struct newcomer *n, struct story_place *out, struct err *err)
{
	size_t best[CANDIDATES_MAX], steps = STEPS_MAX;
	struct rare rare[STORY_WORDS_MAX];

	if (n->signature.word_count < WORDS_MIN)
		return 0;
	size_t count = rarest(w, STORY_TERM_WORD, n->signature.words, n->signature.word_count, rare);
	for (size_t i = 0; i < count && i < PROBES_MAX; i++)
		score_term(w, story_term_key(STORY_TERM_WORD, rare[i].hash), rare[i].rarity, &steps);
	count = best_candidates(w, n->arrival->at, best, CANDIDATES_MAX);
	for (size_t i = 0; i < count; i++) {
		double similarity = 0;
		const struct candidate *c = look_at(w, n, best[i], err);
		if (c == NULL)
			return -1;
		if (!is_copy(w, n, c, &similarity) || similarity <= out->similarity)
			continue;
		out->duplicate_of = out->joins = c->number;
		out->similarity = similarity;
	}
	return 0;
}

/* ---- the same story? ---- */

/* How like a story's items are to the newcomer: the most like one, and the next. */
struct support {
	size_t root, number; /* number: of the most like one */
	double most, next;
};

static void
support_story(struct support *all, size_t *count, size_t root, size_t number, double like)
{
	size_t i = 0;
	while (i < *count && all[i].root != root)
		i++;
	if (i == *count)
		all[(*count)++] = (struct support){.root = root};
	if (like > all[i].most) {
		all[i].next = all[i].most;
		all[i].most = like;
		all[i].number = number;
	} else if (like > all[i].next) {
		all[i].next = like;
	}
}

static bool
other_words(const struct story_window *w, const struct newcomer *n, const struct story_signature *b)
{
	return n->signature.word_count >= WORDS_MIN && b->word_count >= WORDS_MIN &&
	       compare(w, n, b).words < STORY_WORDS_SHARED_MIN;
}

static void
join_best(struct story_window *w, const struct support *all, size_t count, struct story_place *out)
{
	double least = STORY_MIN * (1 + STORY_YOUNG_ITEMS / (double)(STORY_YOUNG_ITEMS + w->index.counted));
	for (size_t i = 0; i < count; i++) {
		uint32_t size = w->entries[all[i].root % w->options.max_items].size;
		double grown = (all[i].most + STORY_NEXT_WEIGHT * all[i].next) / (1 + STORY_GROWTH * log((double)size));
		if (grown <= least)
			continue;
		least = grown;
		out->joins = all[i].number;
		out->similarity = all[i].most < 1 ? all[i].most : 1;
	}
}

static int
find_story(struct story_window *w, struct newcomer *n, struct story_place *out, struct err *err)
{
	size_t best[TITLE_CANDIDATES_MAX], steps = STEPS_MAX, support_count = 0;
	struct support support[TITLE_CANDIDATES_MAX];
	struct rare rare[STORY_PIECES_MAX];

	size_t count = rarest(w, STORY_TERM_PIECE, n->signature.pieces, n->signature.piece_count, rare);
	for (size_t i = 0; i < count && i < PROBES_MAX; i++)
		score_term(w, story_term_key(STORY_TERM_PIECE, rare[i].hash), rare[i].rarity * rare[i].rarity, &steps);
	count = best_candidates(w, n->arrival->at, best, TITLE_CANDIDATES_MAX);
	for (size_t i = 0; i < count; i++) {
		double similarity = 0, like;
		const struct candidate *c = look_at(w, n, best[i], err);
		if (c == NULL)
			return -1;
		/* of a long text the few words that are posted may not stand in its summary, but the title does */
		if (n->signature.word_count >= WORDS_MIN && is_copy(w, n, c, &similarity) &&
		    similarity > out->similarity) {
			out->duplicate_of = out->joins = c->number;
			out->similarity = similarity;
		}
		if (c->known && (like = title_likeness(w, n, &c->signature)) > LIKE_MIN &&
		    !other_words(w, n, &c->signature))
			support_story(support, &support_count, root_of(w, c->number), c->number, like);
	}
	if (out->duplicate_of == STORY_NONE)
		join_best(w, support, support_count, out);
	return 0;
}

/* ---- remembering ---- */

static size_t
pick(const struct story_window *w, enum story_term kind, const uint32_t *hashes, size_t count, size_t max,
    uint64_t *keys)
{
	struct rare rare[STORY_WORDS_MAX];
	size_t n = rarest(w, kind, hashes, count, rare);
	for (size_t i = 0; i < n && i < max; i++)
		keys[i] = story_term_key(kind, rare[i].hash);
	return n < max ? n : max;
}

/* Counts an item's terms and posts the rarest of them. */
static void
post(struct story_window *w, const struct story_signature *s)
{
	uint64_t keys[STORY_POSTINGS];
	size_t pieces_max = s->word_count >= WORDS_MIN ? POST_PIECES : STORY_POSTINGS;
	size_t n = pick(w, STORY_TERM_ENTITY, s->entities, s->entity_count, POST_ENTITIES, keys);
	if (pieces_max > STORY_POSTINGS - n)
		pieces_max = STORY_POSTINGS - n;
	n += pick(w, STORY_TERM_PIECE, s->pieces, s->piece_count, pieces_max, keys + n);
	n += pick(w, STORY_TERM_WORD, s->words, s->word_count, STORY_POSTINGS - n, keys + n);
	story_index_post(&w->index, w->count % w->options.max_items, keys, n);
	story_index_count(&w->index, STORY_TERM_ENTITY, s->entities, s->entity_count);
	story_index_count(&w->index, STORY_TERM_PIECE, s->pieces, s->piece_count);
	story_index_count(&w->index, STORY_TERM_WORD, s->words, s->word_count);
	story_index_counted(&w->index);
}

static struct entry *
remember(struct story_window *w, const struct story_signature *s, uint32_t feed, int64_t at)
{
	struct entry *e = &w->entries[w->count % w->options.max_items];
	post(w, s);
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
	struct newcomer n = {.arrival = a, .feed = (uint32_t)hash64(a->feed, 0)};

	arena_reset(&w->arena);
	*out = (struct story_place){.number = w->count, .duplicate_of = STORY_NONE, .joins = STORY_NONE};
	out->cut = cut_ends(w, a);
	if (story_signature_make(a->features, &out->cut, a->entities, a->entity_count, &w->arena, &n.signature, err) < 0)
		return -1;
	weigh(w, &n);
	if (find_copy(w, &n, out, err) < 0)
		return -1;
	if (out->joins == STORY_NONE && find_story(w, &n, out, err) < 0)
		return -1;
	struct entry *e = remember(w, &n.signature, n.feed, a->at);
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
	arena_reset(&w->arena);
	if (!story_signature_unpack(k->signature, &w->arena, &s))
		return w->arena.failed ? err_oom(err) : 0;
	struct entry *e = remember(w, &s, (uint32_t)hash64(k->feed, 0), k->at);
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
