#include "watch/memo.h"

#include "base/pages.h"
#include "watch/field.h"

#include <stdlib.h>

/* Of a memo that is kept: 1 MB of words, and 8 MB of what they are, of which only that is touched of words that are in the list. */
#define SLOTS (128u * 1024)
/* Candidates, of which half are in use; with 100,000 names a capitalised word has a dozen. */
#define POOL (1024u * 1024)
#define POOL_SHORT (64u * 1024)
#define POOL_LONG (4096u * 1024)
#define SHORT_LIST 4096u        /* words */
#define LONG_LIST (512u * 1024) /* words: there they have two dozen */
/* The same of a memo for a single item. */
#define ITEM_SLOTS 256u
#define ITEM_POOL 2048u

struct watch_memo *
watch_memo_new(void)
{
	struct watch_memo *m = calloc(1, sizeof *m);
	if (m == NULL)
		return NULL;
	m->slot_count = SLOTS;
	m->pool_cap = POOL_SHORT;
	m->tags = aligned_alloc(64, SLOTS * sizeof *m->tags);
	m->slots = aligned_alloc(64, SLOTS * sizeof *m->slots); /* pages that nobody touches cost nothing */
	m->pool = calloc(POOL_LONG, sizeof *m->pool);
	if (m->tags == NULL || m->slots == NULL || m->pool == NULL) {
		watch_memo_free(m);
		return NULL;
	}
	memset(m->tags, 0, SLOTS * sizeof *m->tags);
	m->slots[0].count = 0; /* that one is asked for whatever there is */
	return m;
}

void
watch_memo_free(struct watch_memo *m)
{
	if (m == NULL)
		return;
	free(m->tags);
	free(m->slots);
	free(m->pool);
	free(m->stems);
	free(m);
}

struct watch_memo *
memo_in_arena(struct arena *arena)
{
	struct watch_memo *m = arena_zalloc(arena, 1, sizeof *m);
	if (m == NULL)
		return NULL;
	m->tags = arena_zalloc(arena, ITEM_SLOTS, sizeof *m->tags);
	m->slots = arena_alloc(arena, ITEM_SLOTS * sizeof *m->slots);
	m->pool = arena_alloc(arena, ITEM_POOL * sizeof *m->pool);
	m->slot_count = ITEM_SLOTS;
	m->pool_cap = ITEM_POOL;
	return m->tags != NULL && m->slots != NULL && m->pool != NULL ? m : NULL;
}

static void
forget(struct watch_memo *m, const struct watchlist *w)
{
	memset(m->tags, 0, m->slot_count * sizeof *m->tags);
	m->taken = m->taken_before = 0;
	m->full_count = 0;
	if (m->slot_count != SLOTS)
		return;
	m->pool_cap = w->word_count < SHORT_LIST ? POOL_SHORT : w->word_count < LONG_LIST ? POOL : POOL_LONG;
	if (m->pool_cap > POOL_SHORT) {
		pages_ask_large(m->slots, SLOTS * sizeof *m->slots);
		pages_ask_large(m->pool, m->pool_cap * sizeof *m->pool);
	}
}

static void
set_language(struct watch_memo *m, struct str lang)
{
	if (lang.len == m->lang_len && m->salts[0] != 0 && (lang.len == 0 || memcmp(lang.s, m->lang, lang.len) == 0))
		return;
	for (int script = 0; script < TEXT_SCRIPT_COUNT; script++) {
		m->languages[script] = text_inflect_languages(lang, (enum text_script)script);
		m->salts[script] = (((uint64_t)script << 32 | m->languages[script]) + 1) * 0xD6E8FEB86659FD93u;
	}
	m->lang_len = SIZE_MAX;
	if (lang.len <= sizeof m->lang) {
		m->lang_len = lang.len;
		memcpy(m->lang, lang.len > 0 ? lang.s : "", lang.len);
	}
}

void
memo_begin(struct watch_memo *m, const struct watchlist *w, struct str lang)
{
	if (m->list != w || m->version != w->version)
		forget(m, w);
	for (; m->full_count > 0; m->full_count--)
		m->tags[m->full[m->full_count - 1] + m->turn++ % MEMO_WAYS] = 0;
	m->list = w;
	m->version = w->version;
	m->taken_before = m->taken;
	set_language(m, lang);
}

bool
memo_begin_stems(struct watch_memo *m, const void *queries, uint64_t version)
{
	if (m->stems != NULL && m->stems_of == queries && m->stems_version == version)
		return true;
	free(m->stems);
	m->stems = calloc((size_t)1 << MEMO_STEM_BITS, sizeof *m->stems);
	m->stems_of = queries;
	m->stems_version = version;
	return m->stems != NULL;
}

/* What a node says about a word that leads to it. */
static unsigned
flags_of(const struct watchlist *w, uint32_t node, bool alone)
{
	if (node == LIST_NONE)
		return 0;
	unsigned flags = list_goes_on(w, node) ? MEMO_ON : 0;
	if (list_output(w, node) == LIST_NONE)
		return flags;
	return flags | (alone || list_has_topic(w, node) ? MEMO_LONE : MEMO_MERE);
}

static uint8_t
flags_of_answer(const struct watchlist *w, const struct memo_answer *a, struct candidate *candidates, uint8_t script)
{
	unsigned flags = a->count == 0 ? MEMO_NONE : 0;
	for (size_t i = 0; i < a->count; i++) {
		struct candidate *c = &candidates[i];
		const struct list_word *lw = &w->words[c->word];
		bool native = lw->script == script;
		c->child = lw->child;
		c->ends = list_ends(w, lw->child);
		c->respelt = native && !c->equal && c->cost > 0;
		c->bent = native && !c->equal && c->cost * LOOSE_SOUNDS_PER_DOUBT > lw->sounds_len;
		bool alone = loose_may_stand_alone(lw, script, (enum watch_rule)c->rule, c->cost, c->equal);
		c->use = (uint8_t)(flags_of(w, lw->child, alone) & (c->slip || c->kin ? MEMO_ON : MEMO_FLAGS));
		flags |= c->use;
	}
	return (uint8_t)flags;
}

/*
 * Room for n candidates in the ring, or NULL: an item takes at most half of it, so that what an answer points to, which is of
 * the other half or of this item, stays while the item is matched.
 */
static struct candidate *
take_room(struct watch_memo *m, size_t n)
{
	size_t at = m->taken & (m->pool_cap - 1), skip = at + n > m->pool_cap ? m->pool_cap - at : 0;
	if (m->taken + skip + n - m->taken_before > m->pool_cap / 2)
		return NULL;
	m->taken += skip + n;
	return m->pool + (skip > 0 ? 0 : at);
}

/* The word itself before what it may be besides, which are n from the second place on. Returns how many there are then. */
static size_t
put_first(uint32_t id, struct candidate *found, size_t n)
{
	size_t kept = 0;
	if (id == LIST_NONE)
		return n;
	found[0] = (struct candidate){.word = id, .rule = WATCH_RULE_FOLD, .equal = true};
	for (size_t i = 1; i <= n; i++) {
		if (found[i].word != id)
			found[1 + kept++] = found[i];
	}
	return 1 + kept;
}

/* Finds the word in the list. Candidates that do not stand with the word go into the pool when there is room, else into the arena. */
static bool
look_up(struct watch_memo *m, const struct watchlist *w, struct str fold, const struct text_word *word,
    struct arena *arena, struct memo_answer *ret, bool *kept)
{
	struct candidate found[1 + CANDIDATES_MAX], *to = NULL;
	size_t n = loose_find(w, fold, (enum text_script)word->script, m->languages[word->script], found + 1);
	uint32_t id = list_find_word(w, fold, word->hash);

	n = put_first(id, found, n);
	if (n > 0) {
		to = n > MEMO_NEAR ? take_room(m, n) : NULL;
		*kept = to != NULL || n <= MEMO_NEAR;
		if (to == NULL && (to = arena_alloc(arena, n * sizeof *to)) == NULL)
			return false;
		memcpy(to, id != LIST_NONE ? found : found + 1, n * sizeof *to);
	}
	*ret = (struct memo_answer){.id = id, .candidates = to, .count = (uint8_t)n};
	ret->flags = (uint8_t)(flags_of_answer(w, ret, to, word->script) | person_word_flags(fold));
	return true;
}

/* The place in a set of which these flags and bits of the key are so; or MEMO_NOWHERE. */
static uint32_t
place_in_set(const struct watch_memo *m, size_t set, uint64_t mask, uint64_t is)
{
	for (unsigned i = 0; i < MEMO_WAYS; i++) {
		size_t place = set + (m->turn + i) % MEMO_WAYS;
		if ((m->tags[place] & mask) == is)
			return (uint32_t)place;
	}
	return MEMO_NOWHERE;
}

/*
 * A place for a word that is empty, or of one that stands in no name: nobody points to its candidates, and no start has its place
 * (close_start()), unless it is a father's name. MEMO_NOWHERE when there is none: what the others hold may be in use.
 */
static uint32_t
free_place(struct watch_memo *m, uint64_t key)
{
	size_t sets[2] = {memo_set(m, key), memo_other_set(memo_set(m, key))};
	uint32_t place = MEMO_NOWHERE;
	for (unsigned i = 0; i < 2 && place == MEMO_NOWHERE; i++)
		place = place_in_set(m, sets[i], UINT64_MAX, 0);
	for (unsigned i = 0; i < 2 && place == MEMO_NOWHERE; i++)
		place = place_in_set(m, sets[i], MEMO_NONE | MEMO_FATHER, MEMO_NONE);
	m->turn++;
	if (place == MEMO_NOWHERE && m->full_count < MEMO_FULL_MAX)
		m->full[m->full_count++] = sets[0];
	return place;
}

static void
keep(struct watch_memo *m, uint64_t key, uint32_t place, const struct memo_answer *a)
{
	if (place == MEMO_NOWHERE)
		place = free_place(m, key);
	if (place == MEMO_NOWHERE)
		return;
	m->tags[place] = key | a->flags;
	if (a->flags & MEMO_NONE)
		return;
	struct memo_slot *slot = &m->slots[place];
	slot->id = a->id;
	slot->count = a->count;
	slot->at = m->taken - a->count;
	for (size_t i = 0; i < a->count && a->count <= MEMO_NEAR; i++)
		slot->near[i] = a->candidates[i];
}

static uint32_t
place_of(const struct watch_memo *m, uint64_t key)
{
	uint32_t place = memo_place(m, key);
	return place != MEMO_NOWHERE ? place : memo_place_in(m, memo_other_set(memo_set(m, key)), key);
}

bool
memo_find(struct watch_memo *m, const struct watchlist *w, const struct text_words *words, const struct text_word *word,
    struct arena *arena, struct memo_answer *ret)
{
	uint64_t key = memo_key(m, word);
	uint32_t place = place_of(m, key);
	if (memo_at(m, place, ret))
		return true;
	bool kept = true;
	if (!look_up(m, w, text_word_fold(words, word), word, arena, ret, &kept))
		return false;
	if (kept)
		keep(m, key, place, ret);
	return true;
}

void
memo_find_spelt(struct watch_memo *m, const struct watchlist *w, struct str fold, uint32_t hash, uint64_t key,
    struct memo_answer *ret)
{
	uint32_t place = place_of(m, key);
	if (memo_at(m, place, ret))
		return;
	uint32_t id = list_find_word(w, fold, hash), child = id != LIST_NONE ? w->words[id].child : LIST_NONE;
	*ret = (struct memo_answer){.id = LIST_NONE, .flags = MEMO_NONE};
	if (child != LIST_NONE) {
		unsigned flags = flags_of(w, child, true);
		*ret = (struct memo_answer){.id = id, .flags = (uint8_t)flags};
	}
	keep(m, key, place, ret);
}
