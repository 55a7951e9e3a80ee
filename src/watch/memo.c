#include "watch/memo.h"

#include <stdlib.h>

#define SLOTS 32768u    /* of one that is kept: 2 MB, touched as words come */
#define POOL 524288u    /* candidates that are kept: 4 MB; with 100,000 names a capitalised word has a dozen */
#define WAYS 4u         /* slots in which a word may be kept */
#define ITEM_SLOTS 256u /* the same of a memo for a single item */
#define ITEM_POOL 1024u

struct watch_memo {
	void *memory; /* of the slots */
	struct memo_slot *slots;
	struct candidate *pool; /* when it is full, candidates go into the item's arena */
	size_t slot_count, pool_used, pool_cap;
	const struct watchlist *list;
	uint64_t version;
	uint32_t turn;
	/* The languages of the item, worked out once per script. */
	struct str lang;
	uint32_t languages[TEXT_SCRIPT_COUNT];
	bool known[TEXT_SCRIPT_COUNT];
};

_Static_assert(sizeof(struct memo_slot) == 64, "one cache line");

struct watch_memo *
watch_memo_new(void)
{
	struct watch_memo *m = calloc(1, sizeof *m);
	if (m == NULL)
		return NULL;
	m->memory = calloc(SLOTS + 1, sizeof *m->slots); /* zeroed pages that nobody touches cost nothing */
	m->pool = calloc(POOL, sizeof *m->pool);
	m->slot_count = SLOTS;
	m->pool_cap = POOL;
	if (m->memory == NULL || m->pool == NULL) {
		watch_memo_free(m);
		return NULL;
	}
	uintptr_t at = (uintptr_t)m->memory;
	m->slots = (struct memo_slot *)((at + sizeof *m->slots - 1) / sizeof *m->slots * sizeof *m->slots);
	return m;
}

void
watch_memo_free(struct watch_memo *m)
{
	if (m == NULL)
		return;
	free(m->memory);
	free(m->pool);
	free(m);
}

struct watch_memo *
memo_in_arena(struct arena *arena)
{
	struct watch_memo *m = arena_zalloc(arena, 1, sizeof *m);
	if (m == NULL)
		return NULL;
	m->slots = arena_zalloc(arena, ITEM_SLOTS, sizeof *m->slots);
	m->pool = arena_alloc(arena, ITEM_POOL * sizeof *m->pool);
	m->slot_count = ITEM_SLOTS;
	m->pool_cap = ITEM_POOL;
	return m->slots != NULL && m->pool != NULL ? m : NULL;
}

static void
forget(struct watch_memo *m)
{
	for (size_t i = 0; i < m->slot_count; i++) {
		if (m->slots[i].turn != 0) /* what was never used is not touched */
			m->slots[i].turn = 0;
	}
	m->pool_used = 0;
}

void
memo_begin(struct watch_memo *m, const struct watchlist *w)
{
	bool full = m->pool_used > m->pool_cap / 4 * 3; /* never in the midst of an item */
	if (m->list != w || m->version != w->version || full)
		forget(m);
	m->list = w;
	m->version = w->version;
	memset(m->known, 0, sizeof m->known);
}

static uint32_t
languages_of(struct watch_memo *m, struct str lang, enum text_script script)
{
	if (!m->known[script]) {
		m->languages[script] = text_inflect_languages(lang, script);
		m->known[script] = true;
	}
	return m->languages[script];
}

static bool
begins(const struct watchlist *w, uint32_t id, const struct candidate *c, size_t n)
{
	bool any = id != LIST_NONE && w->words[id].child != LIST_NONE;
	for (size_t i = 0; i < n; i++)
		any |= w->words[c[i].word].child != LIST_NONE;
	return any;
}

/* Finds the word in the list. The candidates go into the pool when there is room, else into the arena. */
static bool
look_up(struct watch_memo *m, const struct watchlist *w, struct str fold, const struct text_word *word,
    uint32_t languages, struct arena *arena, struct memo_answer *ret)
{
	struct candidate found[CANDIDATES_MAX], *to = NULL;
	size_t n = loose_find(w, fold, (enum text_script)word->script, languages, found);

	if (n > 0 && m->pool_used + n <= m->pool_cap) {
		to = m->pool + m->pool_used;
		m->pool_used += n;
	} else if (n > 0 && (to = arena_alloc(arena, n * sizeof *to)) == NULL) {
		return false;
	}
	if (n > 0)
		memcpy(to, found, n * sizeof *to);
	ret->id = list_find_word(w, fold, word->hash);
	ret->candidates = to;
	ret->count = (uint8_t)n;
	ret->starts = begins(w, ret->id, to, n);
	return true;
}

static inline bool
is_kept(const struct memo_slot *slot, const struct text_word *word, struct str fold, uint32_t languages)
{
	return slot->hash == word->hash && slot->turn != 0 && slot->fold_len == fold.len &&
	       slot->script == word->script && slot->languages == languages &&
	       memcmp(slot->fold, fold.s, fold.len) == 0;
}

/* The slot of the word, or the one of its set that has been filled longest. */
static inline struct memo_slot *
find_slot(struct watch_memo *m, const struct text_word *word, struct str fold, uint32_t languages)
{
	size_t home = word->hash & (m->slot_count - 1);
	struct memo_slot *oldest = &m->slots[home];
	for (size_t i = 0; i < WAYS; i++) {
		struct memo_slot *slot = &m->slots[home ^ i];
		if (is_kept(slot, word, fold, languages))
			return slot;
		if (slot->turn < oldest->turn)
			oldest = slot;
	}
	return oldest;
}

bool
memo_find(struct watch_memo *m, const struct watchlist *w, const struct text_words *words, const struct text_word *word,
    struct str lang, struct arena *arena, struct memo_answer *ret)
{
	struct str fold = text_word_fold(words, word);
	uint32_t languages = languages_of(m, lang, (enum text_script)word->script);
	bool kept = fold.len <= MEMO_FOLD_MAX;

	struct memo_slot *slot = kept ? find_slot(m, word, fold, languages) : NULL;
	if (kept && is_kept(slot, word, fold, languages)) {
		*ret = (struct memo_answer){slot->id, m->pool + slot->first, slot->count, slot->starts};
		return true;
	}
	if (!look_up(m, w, fold, word, languages, arena, ret))
		return false;
	if (!kept || (ret->count > 0 && (ret->candidates < m->pool || ret->candidates >= m->pool + m->pool_cap)))
		return true;
	*slot = (struct memo_slot){.hash = word->hash,
	    .languages = languages,
	    .id = ret->id,
	    .first = ret->count ? (uint32_t)(ret->candidates - m->pool) : 0,
	    .turn = ++m->turn ? m->turn : ++m->turn,
	    .count = ret->count,
	    .script = word->script,
	    .starts = ret->starts,
	    .fold_len = (uint8_t)fold.len};
	memcpy(slot->fold, fold.s, fold.len);
	return true;
}
