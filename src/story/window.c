#include "story/window.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/pages.h"
#include "story/compare.h"
#include "story/habits.h"
#include "story/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WORD_PROBES 16 /* of those that an item is posted under: so many are enough to find a copy by */
#define CANDIDATES_MAX 8
#define TITLE_CANDIDATES_MAX STORY_RANKED_MAX
#define FACTS_CANDIDATES_MAX 8
#define DATELINE_REST_MIN 6

/*
 * Who is compared has to share so many of the terms that were asked for; who must be fetched from its owner, which costs ten times
 * as much, more of them, and only so many are fetched. Of the rarest words of a short text fewer are those of another.
 */
#define SHORT_WORDS 40
static const struct worth {
	uint32_t hits_min, fetch_hits_min;
	size_t fetch_max;
} worth_copy = {3, 3, 4}, worth_short_copy = {1, 3, 4}, worth_title = {1, 3, 6}, worth_facts = {1, 2, 3};

/* How the postings of an item are shared out; what one kind does not need goes to the next. */
#define POST_ENTITIES 4
#define POST_PIECES 6

/* What makes a story. While the window is young, nothing is known to be common: then twice as much is asked for. */
#define STORY_MIN 0.155
#define STORY_YOUNG_ITEMS 40
#define STORY_NEXT_WEIGHT 0.3 /* of the second most like item of the story */
#define LIKE_MIN 0.05
#define STORY_GROWTH 0.25

struct entry {
	int64_t item;
	uint32_t feed; /* hash */
	uint32_t at;   /* minutes since 1970 */
	uint32_t root; /* an item of its story whose `size` is kept up to date; lowest bits of its number */
	uint32_t size; /* items of the story; in other items: as it was when they came */
};

_Static_assert(STORY_WINDOW_ITEMS_MAX >> STORY_RANK_ITEMS_BITS <= 1, "all of them can be ranked");

struct story_window {
	struct story_window_options options;
	struct entry *entries; /* item n is at n % max_items */
	size_t count;          /* all that ever came */
	size_t first;          /* what came before is too old, or gone */
	struct story_index index;
	void *once; /* one memory for both of these, since what lies in a large page as a whole misses it less */
	struct story_habits *habits;
	struct story_recent *recent;
	struct story_ranking ranking;
	struct arena arena; /* of the item in hand */
};

static size_t
once_bytes(void)
{
	return story_habits_bytes() + story_recent_bytes();
}

struct story_window *
story_window_new(const struct story_window_options *options)
{
	struct story_window *w = calloc(1, sizeof *w);
	if (w == NULL)
		return NULL;
	w->options = *options;
	if (w->options.max_items > STORY_WINDOW_ITEMS_MAX)
		w->options.max_items = STORY_WINDOW_ITEMS_MAX;
	w->entries = pages_new(w->options.max_items * sizeof *w->entries);
	w->once = pages_new(once_bytes());
	w->habits = w->once;
	w->recent = w->once != NULL ? (void *)((char *)w->once + story_habits_bytes()) : NULL;
	arena_init(&w->arena, 0);
	if (story_index_init(&w->index, w->options.max_items) == 0 && w->entries != NULL && w->once != NULL)
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
	pages_free(w->once, once_bytes());
	pages_free(w->entries, w->options.max_items * sizeof *w->entries);
	arena_done(&w->arena);
	free(w);
}

size_t
story_window_bytes(const struct story_window *w)
{
	return w->options.max_items * sizeof *w->entries + story_index_bytes(&w->index) + story_window_bytes_once();
}

size_t
story_window_bytes_once(void)
{
	return sizeof(struct story_window) + once_bytes();
}

/* ---- items ---- */

static size_t
place_of(const struct story_window *w, size_t number)
{
	return number % w->options.max_items;
}

static struct entry *
entry_of(const struct story_window *w, size_t number)
{
	return number < w->count && w->count - number <= w->options.max_items ? &w->entries[place_of(w, number)] : NULL;
}

static bool
in_span(const struct story_window *w, const struct entry *e, int64_t at)
{
	return w->options.span_ms == 0 || at - (int64_t)e->at * MINUTE_MS <= w->options.span_ms;
}

static uint32_t
minute_of(int64_t at)
{
	return (uint32_t)(at / MINUTE_MS);
}

/* Items come in the order of time, all but a few, so that next to nothing needs to be looked at to know which are too old. */
static void
pass_old(struct story_window *w, int64_t at)
{
	if (w->count - w->first > w->options.max_items)
		w->first = w->count - w->options.max_items;
	while (w->first < w->count && !in_span(w, entry_of(w, w->first), at))
		w->first++;
}

/* The item of a story that keeps its size: the root while the window holds it. */
static size_t
root_of(const struct story_window *w, size_t number)
{
	uint32_t age = (uint32_t)number - w->entries[place_of(w, number)].root;
	return age <= number && entry_of(w, number - age) != NULL ? number - age : number;
}

/* ---- the item in hand ---- */

struct found {
	size_t number, place;
	uint32_t hits; /* terms that it shares, of those that were asked for */
};

struct candidate {
	size_t number;
	struct story_other other;
	bool known;   /* its signature could be read */
	bool fetched; /* … or not, from its owner */
	bool compared;
};

/* A new item, while it is decided about. */
struct newcomer {
	struct story_newcomer is;
	int64_t at;
	struct candidate seen[CANDIDATES_MAX + TITLE_CANDIDATES_MAX + FACTS_CANDIDATES_MAX];
	size_t seen_count;
	size_t fetches; /* for the question in hand */
};

/* ---- who it is compared with ---- */

static int
fetch_candidate(struct story_window *w, struct candidate *c, int64_t item, struct err *err)
{
	struct str bytes = STR_NONE;
	if (w->options.fetch(w->options.ctx, item, &w->arena, &bytes, err) < 0)
		return -1;
	c->fetched = true;
	c->known = bytes.s != NULL && story_signature_unpack(bytes, &w->arena, &c->other.of.signature);
	return w->arena.failed ? err_oom(err) : 0;
}

static struct candidate *
seen_before(struct newcomer *n, size_t number)
{
	for (size_t i = 0; i < n->seen_count; i++) {
		if (n->seen[i].number == number)
			return &n->seen[i];
	}
	return NULL;
}

static struct candidate *
see(struct newcomer *n, size_t number, uint32_t feed, const struct story_kept *kept)
{
	struct candidate *c = &n->seen[n->seen_count++];
	c->number = number;
	c->known = kept != NULL;
	c->fetched = c->compared = c->other.weighed = false;
	c->other.feed = feed;
	if (kept != NULL)
		c->other.of = story_kept_prepared(kept);
	else
		c->other.of = (struct story_prepared){.word_log = 0};
	return c;
}

/*
 * Finds a candidate's signature, if it is worth it; else *ret is NULL. Whose words are surely others, as those of nearly all are
 * that share a few pieces of the title, is not worth it: that costs two lines of memory.
 */
static int
look_at(struct story_window *w, struct newcomer *n, struct found found, struct worth worth, struct candidate **ret,
    struct err *err)
{
	const struct entry *e = &w->entries[found.place];
	struct candidate *c = seen_before(n, found.number);
	*ret = NULL;
	if (c == NULL) {
		if (!in_span(w, e, n->at))
			return 0;
		const struct story_kept *kept = story_recent_find(w->recent, found.number);
		if (kept != NULL && story_surely_apart(&w->index, &n->is, e->feed, kept))
			return 0;
		c = see(n, found.number, e->feed, kept);
	}
	if (!c->known && !c->fetched && found.hits >= worth.fetch_hits_min && n->fetches < worth.fetch_max) {
		n->fetches++;
		if (fetch_candidate(w, c, e->item, err) < 0)
			return -1;
	}
	*ret = c->known ? c : NULL;
	return 0;
}

/* What was fetched and worked out is kept for the next one. Views of what was kept before end here. */
static void
keep_seen(struct story_window *w, const struct newcomer *n)
{
	for (size_t i = 0; i < n->seen_count; i++) {
		if (n->seen[i].other.weighed && !n->seen[i].fetched)
			story_recent_weigh(w->recent, n->seen[i].number, &n->seen[i].other.of);
	}
	for (size_t i = 0; i < n->seen_count; i++) {
		if (n->seen[i].fetched && n->seen[i].known)
			story_recent_put(w->recent, n->seen[i].number, &n->seen[i].other.of);
	}
}

/* ---- candidates ---- */

/* Who shares the most, best first, with what is needed of them on its way from memory. */
static size_t
best_candidates(struct story_window *w, enum story_term kind, const struct story_rare *rare, size_t rare_count,
    uint32_t hits_min, struct found *best, size_t max)
{
	struct story_ranked ranked[STORY_RANKED_MAX];
	size_t numbers[STORY_RANKED_MAX];
	struct story_question q = {.kind = kind,
	    .rare = rare,
	    .count = rare_count,
	    .hits_min = hits_min,
	    .newest = place_of(w, w->count),
	    .there = w->count - w->first,
	    .max = max};
	size_t count = story_rank(&w->ranking, &w->index, &q, ranked);
	for (size_t i = 0; i < count; i++) {
		numbers[i] = w->count - 1 - ranked[i].age;
		best[i] = (struct found){numbers[i], ranked[i].place, ranked[i].hits};
		__builtin_prefetch(&w->entries[ranked[i].place]);
	}
	story_recent_expect(w->recent, numbers, count);
	return count;
}

/* Looks at the best ones: *count becomes how many are to be compared, and `rest` which. */
static int
look_at_all(struct story_window *w, struct newcomer *n, const struct found *best, size_t *count, struct worth worth,
    struct candidate **rest, struct err *err)
{
	size_t left = 0;
	n->fetches = 0;
	for (size_t i = 0; i < *count; i++) {
		if (look_at(w, n, best[i], worth, &rest[left], err) < 0)
			return -1;
		if (rest[left] != NULL)
			story_other_expect(&rest[left++]->other);
	}
	if (left > 0)
		story_newcomer_index(&n->is);
	*count = left;
	return 0;
}

/* ---- the same text? ---- */

static void
note_copy(const struct story_window *w, const struct newcomer *n, struct candidate *c, struct story_place *out)
{
	double similarity = 0;
	if (c->compared)
		return;
	c->compared = true;
	if (!story_is_copy(&w->index, &n->is, &c->other, &similarity) || similarity <= out->similarity)
		return;
	out->duplicate_of = out->joins = c->number;
	out->similarity = similarity;
}

static int
find_copy(struct story_window *w, struct newcomer *n, struct story_place *out, struct err *err)
{
	struct found best[CANDIDATES_MAX];
	struct candidate *likely[CANDIDATES_MAX];

	if (n->is.signature.word_count < STORY_COPY_WORDS_LEAST)
		return 0;
	struct worth worth = n->is.signature.word_count < SHORT_WORDS ? worth_short_copy : worth_copy;
	size_t probes = n->is.weighed.rare_word_count < WORD_PROBES ? n->is.weighed.rare_word_count : WORD_PROBES;
	size_t count =
	    best_candidates(w, STORY_TERM_WORD, n->is.weighed.rare_words, probes, worth.hits_min, best, CANDIDATES_MAX);
	if (look_at_all(w, n, best, &count, worth, likely, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		note_copy(w, n, likely[i], out);
	return 0;
}

/* ---- the same story? ---- */

/* A candidate whose title is like the newcomer's, and whose text is not another. */
struct likely {
	size_t number;
	double like;
	size_t root;
};

/* The most like one first; of equals the one that was there first. */
static void
add_likely(struct likely *all, size_t count, struct likely one)
{
	for (; count > 0 && all[count - 1].like < one.like; count--)
		all[count] = all[count - 1];
	all[count] = one;
}

/* How like the next of its story is. */
static double
next_like(const struct likely *all, size_t count, size_t first)
{
	for (size_t i = first + 1; i < count; i++) {
		if (all[i].root == all[first].root)
			return all[i].like;
	}
	return 0;
}

/* The item whose story is most like it, if one is like enough; else `count`. */
static size_t
best_story(const struct story_window *w, const struct likely *all, size_t count)
{
	double least = STORY_MIN * (1 + STORY_YOUNG_ITEMS / (double)(STORY_YOUNG_ITEMS + w->index.counted));
	size_t best = count;
	for (size_t i = 0; i < count && all[i].like * (1 + STORY_NEXT_WEIGHT) > least; i++) {
		uint32_t size = w->entries[place_of(w, all[i].root)].size;
		double like = all[i].like + STORY_NEXT_WEIGHT * next_like(all, count, i),
		       grown = size > 1 ? like / (1 + STORY_GROWTH * log((double)size)) : like;
		if (grown <= least)
			continue;
		least = grown;
		best = i;
	}
	return best;
}

static int
find_story(struct story_window *w, struct newcomer *n, struct story_place *out, struct err *err)
{
	struct found best[TITLE_CANDIDATES_MAX];
	struct candidate *rest[TITLE_CANDIDATES_MAX];
	size_t likely_count = 0;
	struct likely likely[TITLE_CANDIDATES_MAX];

	size_t count = best_candidates(w, STORY_TERM_PIECE, n->is.weighed.rare_pieces, n->is.weighed.rare_piece_count,
	    worth_title.hits_min, best, TITLE_CANDIDATES_MAX);
	if (look_at_all(w, n, best, &count, worth_title, rest, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct candidate *c = rest[i];
		/* of a long text the few words that are posted may not stand in its summary, but the title does */
		if (n->is.signature.word_count >= STORY_COPY_WORDS_LEAST)
			note_copy(w, n, c, out);
		double like = story_title_likeness(&w->index, &n->is, &c->other);
		if (like > LIKE_MIN && !story_apart(&w->index, &n->is, &c->other))
			add_likely(likely, likely_count++, (struct likely){c->number, like, root_of(w, c->number)});
	}
	size_t most_like = out->duplicate_of == STORY_NONE ? best_story(w, likely, likely_count) : likely_count;
	if (most_like < likely_count) {
		out->joins = likely[most_like].number;
		out->similarity = likely[most_like].like;
	}
	return 0;
}

/* ---- the same story, in another language? ---- */

/* Whom and what it mentions and the numbers it gives: where the words differ, those are the same. */
static int
find_facts(struct story_window *w, struct newcomer *n, struct story_place *out, struct err *err)
{
	const struct story_weighed *by = &n->is.weighed;
	struct found best[FACTS_CANDIDATES_MAX];
	struct candidate *rest[FACTS_CANDIDATES_MAX];

	if (n->is.signature.entity_count == 0 || n->is.signature.number_count == 0)
		return 0;
	size_t count = best_candidates(w, STORY_TERM_ENTITY, by->rare_entities, by->rare_entity_count,
	    worth_facts.hits_min, best, FACTS_CANDIDATES_MAX);
	if (look_at_all(w, n, best, &count, worth_facts, rest, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		double like = story_same_facts(&w->index, &n->is, &rest[i]->other);
		if (like <= out->similarity)
			continue;
		out->joins = rest[i]->number;
		out->similarity = like;
	}
	return 0;
}

/* ---- remembering ---- */

static size_t
post_rarest(enum story_term kind, const struct story_rare *rare, size_t count, size_t max, uint64_t *keys)
{
	size_t n = count < max ? count : max;
	for (size_t i = 0; i < n; i++)
		keys[i] = story_term_key(kind, rare[i].hash);
	return n;
}

/* Counts an item's terms and posts the rarest of them. */
static void
post(struct story_window *w, const struct story_signature *s, const struct story_weighed *by)
{
	uint64_t keys[STORY_POSTINGS];
	size_t pieces_max = s->word_count >= STORY_COPY_WORDS_LEAST ? POST_PIECES : STORY_POSTINGS;
	size_t n = post_rarest(STORY_TERM_ENTITY, by->rare_entities, by->rare_entity_count, POST_ENTITIES, keys);
	if (pieces_max > STORY_POSTINGS - n)
		pieces_max = STORY_POSTINGS - n;
	n += post_rarest(STORY_TERM_PIECE, by->rare_pieces, by->rare_piece_count, pieces_max, keys + n);
	n += post_rarest(STORY_TERM_WORD, by->rare_words, by->rare_word_count, STORY_POSTINGS - n, keys + n);
	story_index_post(&w->index, place_of(w, w->count), keys, n);
	story_index_count(&w->index, STORY_TERM_ENTITY, s->entities, s->entity_count);
	story_index_count(&w->index, STORY_TERM_PIECE, s->pieces, s->piece_count);
	story_index_count(&w->index, STORY_TERM_WORD, s->words, s->word_count);
	story_index_counted(&w->index);
}

static struct entry *
remember(struct story_window *w, const struct story_signature *s, const struct story_weighed *by, struct entry entry)
{
	struct entry *e = &w->entries[place_of(w, w->count)];
	double now = w->index.log_counted;
	post(w, s, by);
	struct story_prepared p = {.signature = *s,
	    .word_weight = by->word_weight,
	    .word_log = now,
	    .piece_square = by->piece_square,
	    .piece_log = now};
	story_recent_put(w->recent, w->count, &p);
	*e = entry;
	e->root = (uint32_t)w->count++;
	return e;
}

/* What the outlet puts round everything it publishes; learnt as items arrive. What lies far apart in memory is fetched meanwhile. */
static struct story_cut
cut_ends(struct story_window *w, const struct story_arrival *a)
{
	const struct story_features *f = a->features;
	size_t lead, tail, title_lead, title_tail;
	struct story_runs text, title;
	story_habits_find(w->habits, a->feed, 't', f->words, f->word_count, &text);
	story_habits_find(w->habits, a->feed, 'h', f->title_words, f->title_count, &title);
	story_index_expect_items(&w->index, STORY_TERM_WORD, f->words, f->word_count);
	story_habits_learn(w->habits, &text, &lead, &tail);
	story_habits_learn(w->habits, &title, &title_lead, &title_tail);
	if (f->dateline > lead && f->dateline + tail + DATELINE_REST_MIN < f->word_count)
		lead = f->dateline;
	return (struct story_cut){(uint16_t)lead, (uint16_t)tail, (uint16_t)title_lead, (uint16_t)title_tail};
}

int
story_window_add(struct story_window *w, const struct story_arrival *a, struct story_place *out, struct err *err)
{
	struct newcomer n; /* large: what is not set is not looked at */

	pass_old(w, a->at);
	n.at = a->at;
	n.is.feed = (uint32_t)hash64(a->feed, 0);
	n.seen_count = 0;
	arena_reset(&w->arena);
	*out = (struct story_place){.number = w->count, .duplicate_of = STORY_NONE, .joins = STORY_NONE};
	out->cut = cut_ends(w, a);
	if (story_signature_make(
	        a->features, &out->cut, a->entities, a->entity_count, &w->arena, &n.is.signature, err) < 0)
		return -1;
	story_newcomer_prepare(&w->index, &n.is);
	if (find_copy(w, &n, out, err) < 0)
		return -1;
	if (out->joins == STORY_NONE && find_story(w, &n, out, err) < 0)
		return -1;
	if (out->joins == STORY_NONE && find_facts(w, &n, out, err) < 0)
		return -1;
	keep_seen(w, &n);
	out->joins_item = story_window_item(w, out->joins); /* its own place may be that one's */
	struct entry entry = {.item = a->item, .feed = n.is.feed, .at = minute_of(a->at), .size = 1};
	struct entry *e = remember(w, &n.is.signature, &n.is.weighed, entry);
	out->signature = n.is.signature;
	if (out->joins != STORY_NONE && entry_of(w, out->joins) != NULL) {
		size_t root = root_of(w, out->joins);
		e->root = (uint32_t)root;
		e->size = ++w->entries[place_of(w, root)].size;
	}
	return 0;
}

void
story_window_rename(struct story_window *w, size_t number, int64_t item)
{
	struct entry *e = entry_of(w, number);
	if (e != NULL)
		e->item = item;
}

int64_t
story_window_item(const struct story_window *w, size_t number)
{
	const struct entry *e = entry_of(w, number);
	return e != NULL ? e->item : 0;
}

int
story_window_restore(struct story_window *w, const struct story_known *k, struct err *err)
{
	struct story_signature s;
	struct story_weighed by;
	arena_reset(&w->arena);
	if (!story_signature_unpack(k->signature, &w->arena, &s))
		return w->arena.failed ? err_oom(err) : 0;
	story_index_expect_items(&w->index, STORY_TERM_WORD, s.words, s.word_count);
	story_weigh(&w->index, &s, &by);
	struct entry entry = {.item = k->item,
	    .feed = (uint32_t)hash64(k->feed, 0),
	    .at = minute_of(k->at),
	    .size = k->story_items < UINT32_MAX ? (uint32_t)k->story_items : UINT32_MAX};
	remember(w, &s, &by, entry);
	return 0;
}

/* Items come in the order of their numbers. The number of the first that is not less. */
static size_t
first_from(const struct story_window *w, int64_t item)
{
	size_t low = w->count > w->options.max_items ? w->count - w->options.max_items : 0, high = w->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (w->entries[place_of(w, middle)].item >= item)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

void
story_window_detach(struct story_window *w, int64_t item)
{
	for (size_t number = first_from(w, item); number < w->count; number++) {
		struct entry *e = &w->entries[place_of(w, number)];
		if (e->item != item)
			break;
		e->root = (uint32_t)number;
		e->size = 1;
	}
}
