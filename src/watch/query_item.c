#include "watch/query_item.h"

#include "base/hash.h"
#include "watch/memo.h"
#include "watch/rule.h"

/* ---- atoms of the item ---- */

static inline void
set_bit(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static bool
grow(struct query_item *item)
{
	struct query_postings *old = item->table;
	size_t count = item->slot_count;
	struct query_postings *table = arena_alloc(item->doc->arena, count * 2 * sizeof *table);
	if (table == NULL)
		return false;
	memset(table, 0xFF, count * 2 * sizeof *table);
	item->table = table;
	item->slot_count = count * 2;
	for (size_t i = 0; i < count; i++) {
		if (old[i].atom != ATOM_NONE)
			*query_item_find(item, old[i].atom) = old[i];
	}
	return true;
}

static struct query_postings *
enter(struct query_item *item, uint32_t atom)
{
	struct query_postings *p = query_item_find(item, atom);
	if (p->atom == atom)
		return p;
	if (item->used * 2 >= item->slot_count) {
		if (!grow(item))
			return NULL;
		p = query_item_find(item, atom);
	}
	*p = (struct query_postings){.atom = atom, .first = NO_POSTING, .last = NO_POSTING};
	set_bit(item->here, query_here_bit(atom));
	item->used++;
	return p;
}

/* What an atom is. */
struct kind {
	enum watch_rule rule;
	uint32_t words;
};

static bool
add_posting(struct query_item *item, uint32_t atom, struct kind kind, uint32_t field, uint32_t word)
{
	if (atom == ATOM_NONE)
		return true;
	struct query_postings *p = enter(item, atom);
	struct query_posting *postings =
	    p ? arena_grow(item->doc->arena, item->postings, &item->posting_cap, item->posting_count, sizeof *postings)
	      : NULL;
	if (postings == NULL)
		return false;
	item->postings = postings;
	const struct query_posting *last = p->last != NO_POSTING ? &item->postings[p->last] : NULL;
	if (last != NULL && last->field == field && last->word == word)
		return true; /* two ways to the same atom */
	item->postings[item->posting_count] = (struct query_posting){.field = field, .word = word, .next = NO_POSTING};
	if (last != NULL)
		item->postings[p->last].next = (uint32_t)item->posting_count;
	else
		p->first = (uint32_t)item->posting_count;
	p->last = (uint32_t)item->posting_count++;
	p->count++;
	p->fields |= (uint16_t)(1u << field);
	p->words = (uint8_t)kind.words;
	p->rule = (uint8_t)kind.rule;
	return true;
}

static bool
add_prefixes(struct query_item *item, struct str fold, uint32_t field, uint32_t word)
{
	const uint64_t *lengths = item->index->prefix_lengths;
	uint32_t hash = QUERY_HASH_SEED;
	if ((lengths[0] | lengths[1]) == 0)
		return true;
	for (size_t len = 1; len <= fold.len && len < 128; len++) {
		hash = query_hash_byte(hash, fold.s[len - 1]);
		if ((lengths[len / 64] >> (len & 63) & 1) &&
		    !add_posting(item, query_quick_find(&item->index->prefixes, hash, (struct str){fold.s, len}),
		        (struct kind){WATCH_RULE_WILDCARD, 1}, field, word))
			return false;
	}
	return true;
}

/* ---- stems ---- */

/* What the memo knows the stems of a word by. */
static struct memo_stem *
stem_place(const struct query_item *item, uint32_t field, uint32_t word, uint64_t *key)
{
	struct query_doc *d = item->doc;
	const struct query_field *of = &d->fields[field];
	const struct text_word *w = &of->words.items[word];
	struct str written = {of->text.s + w->start, w->end - w->start};
	if (d->in->memo == NULL)
		return NULL;
	*key = query_word_is_folded(of, word) ? text_word_hash64(w) : hash64(written, 1);
	return memo_stem(d->in->memo, key, d->language);
}

/* Where the kin of a stem are. */
static uint32_t
kin_of(const struct query_item *item, struct str stem)
{
	return query_index_find(&item->index->stems[item->doc->language], stem);
}

/* Of both stems of a word. The memo knows those of most words. */
static bool
find_stems(
    const struct query_item *item, uint32_t field, uint32_t word, struct memo_stem *kept, uint64_t key, uint32_t ret[2])
{
	struct query_doc *d = item->doc;
	if (kept != NULL && kept->key == key) {
		memcpy(ret, kept->kin, sizeof kept->kin);
		return true;
	}
	const struct str *pair = query_doc_stems(d, (enum watch_field)field, word);
	if (pair == NULL)
		return false;
	ret[0] = kin_of(item, pair[0]);
	ret[1] = pair[0].s == pair[1].s ? ret[0] : kin_of(item, pair[1]);
	if (kept != NULL)
		*kept = (struct memo_stem){.key = key, .kin = {ret[0], ret[1]}};
	return true;
}

/* Goes through the ~words whose stem of letters, or of folded letters, is that of a word. */
struct kin_walk {
	const struct query_kin *kin;
	uint32_t at, other;
	bool letters, folded; /* what this list is of */
};

static struct kin_walk
kin_begin(const struct query_item *item, const uint32_t pair[2])
{
	bool one = pair[0] == pair[1];
	return (struct kin_walk){
	    item->index->kin, pair[0], one ? QUERY_KIN_NONE : pair[1], .letters = true, .folded = one};
}

static uint32_t
kin_next(struct kin_walk *w)
{
	for (;;) {
		if (w->at == QUERY_KIN_NONE && w->other == QUERY_KIN_NONE)
			return ATOM_NONE;
		if (w->at == QUERY_KIN_NONE)
			*w = (struct kin_walk){w->kin, w->other, QUERY_KIN_NONE, .folded = true};
		const struct query_kin *k = &w->kin[w->at];
		w->at = k->last ? QUERY_KIN_NONE : w->at + 1;
		if ((k->letters && w->letters) || (k->folded && w->folded))
			return k->atom;
	}
}

bool
query_item_has_stem(const struct query_item *item, uint32_t field, uint32_t word, uint32_t atom, bool *failed)
{
	uint64_t key = 0;
	uint32_t pair[2], kin;
	struct memo_stem *kept = stem_place(item, field, word, &key);
	if (!find_stems(item, field, word, kept, key, pair)) {
		*failed = true;
		return false;
	}
	struct kin_walk w = kin_begin(item, pair);
	while ((kin = kin_next(&w)) != ATOM_NONE && kin != atom)
		continue;
	return kin == atom;
}

/* The ~words of which a word has a stem. */
static bool
add_kin(struct query_item *item, const uint32_t pair[2], uint32_t field, uint32_t word)
{
	uint32_t atom;
	struct kin_walk w = kin_begin(item, pair);
	while ((atom = kin_next(&w)) != ATOM_NONE) {
		if (!add_posting(item, atom, (struct kind){WATCH_RULE_STEM, 1}, field, word))
			return false;
	}
	return true;
}

/* ---- words, some at a time: what is far away in memory is fetched for all of them before it is looked at ---- */

#define STRETCH 32u

struct stretch {
	uint32_t field, from, count;
	uint32_t *atoms; /* of all words of the field */
};

static void
find_words(const struct query_quick *q, const struct text_words *words, const struct stretch *s)
{
	const struct query_quick_slot *at[STRETCH];
	for (uint32_t i = 0; i < s->count; i++) {
		uint32_t hash = words->items[s->from + i].hash;
		at[i] = query_quick_may_have(q, hash) ? &q->slots[query_quick_home(q, hash)] : NULL;
		if (at[i] != NULL)
			__builtin_prefetch(at[i]);
	}
	for (uint32_t i = 0; i < s->count; i++) {
		if (at[i] == NULL)
			continue;
		at[i] = query_quick_of_hash(q, at[i], words->items[s->from + i].hash);
		__builtin_prefetch(at[i]->key.s);
	}
	for (uint32_t i = 0; i < s->count; i++) {
		const struct text_word *w = &words->items[s->from + i];
		s->atoms[s->from + i] =
		    at[i] != NULL ? query_quick_from(q, at[i], w->hash, text_word_fold(words, w)) : ATOM_NONE;
	}
}

static bool
add_stretch(struct query_item *item, const struct stretch *s, const uint32_t (*stems)[2])
{
	const struct text_words *words = &item->doc->fields[s->field].words;
	for (uint32_t i = 0; i < s->count; i++) {
		uint32_t word = s->from + i;
		struct str fold = text_word_fold(words, &words->items[word]);
		if (!add_posting(item, s->atoms[word], (struct kind){WATCH_RULE_FOLD, 1}, s->field, word) ||
		    !add_prefixes(item, fold, s->field, word) || !add_kin(item, stems[i], s->field, word))
			return false;
	}
	return true;
}

/* In a language without stems a ~word is the word as it is. */
static void
words_as_stems(const struct query_item *item, const struct stretch *s, uint32_t (*ret)[2])
{
	for (uint32_t i = 0; i < s->count; i++) {
		uint32_t atom = s->atoms[s->from + i];
		ret[i][0] = ret[i][1] = atom != ATOM_NONE && item->index->kin_of_word != NULL
		                            ? item->index->kin_of_word[atom]
		                            : QUERY_KIN_NONE;
	}
}

static bool
stems_of_stretch(const struct query_item *item, const struct stretch *s, uint32_t (*ret)[2])
{
	struct memo_stem *kept[STRETCH];
	uint64_t keys[STRETCH] = {0};
	for (uint32_t i = 0; i < s->count; i++) {
		kept[i] = stem_place(item, s->field, s->from + i, &keys[i]);
		__builtin_prefetch(kept[i]);
	}
	for (uint32_t i = 0; i < s->count; i++) {
		if (!find_stems(item, s->field, s->from + i, kept[i], keys[i], ret[i]))
			return false;
	}
	return true;
}

/* Phrases that begin at a word: each word in the same sentence may lead from one to a longer one. */
static bool
add_phrases(struct query_item *item, uint32_t field, const uint32_t *atoms)
{
	const struct query_quick *phrases = &item->index->phrases;
	const struct text_words *words = &item->doc->fields[field].words;
	for (uint32_t first = 0; first + 1 < words->count; first++) {
		uint32_t pair[2] = {atoms[first], ATOM_NONE};
		for (uint32_t word = first + 1; word < words->count && pair[0] != ATOM_NONE; word++) {
			pair[1] = atoms[word];
			if (pair[1] == ATOM_NONE || words->items[word].sentence != words->items[first].sentence)
				break;
			pair[0] = query_quick_find(phrases, query_phrase_hash(pair), query_phrase_key(pair));
			if (!add_posting(item, pair[0], (struct kind){WATCH_RULE_FOLD, word - first + 1}, field, first))
				return false;
		}
	}
	return true;
}

static bool
add_words(struct query_item *item, uint32_t field, bool stems)
{
	const struct text_words *words = &item->doc->fields[field].words;
	uint32_t pairs[STRETCH][2];
	struct stretch s = {.field = field, .atoms = arena_alloc(item->doc->arena, words->count * sizeof *s.atoms)};
	for (; s.from < words->count && s.atoms != NULL; s.from += s.count) {
		s.count = words->count - s.from < STRETCH ? (uint32_t)words->count - s.from : STRETCH;
		find_words(&item->index->words, words, &s);
		if (!stems)
			words_as_stems(item, &s, pairs);
		if ((stems && !stems_of_stretch(item, &s, pairs)) || !add_stretch(item, &s, pairs))
			return false;
	}
	return s.atoms != NULL && add_phrases(item, field, s.atoms);
}

static bool
add_entities(struct query_item *item)
{
	const struct watch_result *names = item->doc->names;
	for (size_t i = 0; names != NULL && i < names->hit_count; i++) {
		uint32_t atom = item->index->entity_atoms[names->hits[i].entity];
		if (atom != ATOM_NONE && enter(item, atom) == NULL)
			return false;
	}
	return true;
}

#define SLOTS_MIN 256u
#define ATOMS_PER_WORD 2u /* mostly less: most words are not the first of their kind */

/* No more atoms can be entered than the queries have: few queries must not cost as much as many. */
static size_t
slots_for(const struct query_doc *d, const struct query_index *x)
{
	size_t words = 0, slots = SLOTS_MIN;
	for (uint32_t field = 0; field < WATCH_FIELD_COUNT; field++)
		words += d->fields[field].words.count;
	size_t atoms = words * ATOMS_PER_WORD < x->atom_count ? words * ATOMS_PER_WORD : x->atom_count;
	while (slots < atoms * 2)
		slots *= 2;
	return slots;
}

bool
query_item_init(struct query_item *item, struct query_doc *doc, const struct query_index *index, bool stems)
{
	struct arena *arena = doc->arena;
	*item = (struct query_item){.doc = doc, .index = index, .slot_count = slots_for(doc, index)};
	item->table = arena_alloc(arena, item->slot_count * sizeof *item->table);
	item->here = arena_zalloc(arena, (1u << QUERY_HERE_BITS) / 64, sizeof *item->here);
	if (item->table == NULL || item->here == NULL)
		return false;
	memset(item->table, 0xFF, item->slot_count * sizeof *item->table);
	bool good = add_entities(item);
	for (uint32_t field = 0; field < WATCH_FIELD_COUNT && good; field++)
		good = add_words(item, field, stems);
	return good;
}

/* ---- who wakes ---- */

/* One of each group that the query cannot do without? */
static bool
may_apply(const struct query_item *item, uint32_t needs)
{
	const uint32_t *n = item->index->code + needs;
	while (*n > 0) {
		const uint32_t *next = n + 1 + *n;
		bool any = false;
		for (n++; n < next && !any; n++)
			any = query_item_may_have(item, *n);
		if (!any)
			return false;
		n = next;
	}
	return true;
}

/* Up to `end` from `from` on: whether one is there. Nothing but bits of the nearest cache is looked at. */
static inline bool
one_here(const struct query_item *item, const struct query_wake *k, uint32_t from, uint32_t end)
{
	bool any = false;
	for (uint32_t i = from; i < end && !any; i++)
		any = query_item_has_bit(item, k->guards[i]);
	return any;
}

static inline bool
guard_here(const struct query_item *item, const struct query_wake *k)
{
	if (k->first == 0)
		return true;
	return one_here(item, k, 0, k->first) && (k->first == QUERY_GUARDS || one_here(item, k, k->first, k->second)) &&
	       (k->second == QUERY_GUARDS || one_here(item, k, k->second, QUERY_GUARDS));
}

#define AHEAD 24u /* entries whose needs are fetched while others are looked at */

/* Entries that wait for their needs to arrive. */
struct waiting {
	struct query_entered of[AHEAD];
	uint32_t count;
	uint64_t *seen, *woken; /* by entry */
};

static void
look_at_waiting(const struct query_item *item, struct waiting *wait)
{
	for (uint32_t i = 0; i < wait->count; i++) {
		if (may_apply(item, wait->of[i].needs))
			set_bit(wait->woken, wait->of[i].entry);
	}
	wait->count = 0;
}

/* Looks at the entries that an atom wakes, each once. */
static void
wake_by(const struct query_item *item, uint32_t from, uint32_t to, struct waiting *wait)
{
	const struct query_index *x = item->index;
	for (uint32_t w = from; w < to; w++) {
		const struct query_wake *k = &x->wakes[w];
		if (!guard_here(item, k) || (wait->seen[k->entry / 64] >> (k->entry % 64) & 1))
			continue;
		set_bit(wait->seen, k->entry);
		if (k->needs == QUERY_NEEDS_UNASKED) {
			set_bit(wait->woken, k->entry);
			continue;
		}
		__builtin_prefetch(x->code + k->needs);
		__builtin_prefetch(x->code + k->needs + 16);
		wait->of[wait->count++] = (struct query_entered){k->entry, k->needs};
		if (wait->count == AHEAD)
			look_at_waiting(item, wait);
	}
}

/* Atoms of the item, and which of the wakes are theirs: fetched some at a time, too. */
struct wakers {
	uint32_t atoms[STRETCH], from[STRETCH], to[STRETCH];
	uint32_t count;
};

static void
wake_all(const struct query_item *item, struct wakers *by, struct waiting *wait)
{
	const struct query_index *x = item->index;
	for (uint32_t i = 0; i < by->count; i++) {
		by->from[i] = x->wake_start[by->atoms[i]];
		by->to[i] = x->wake_start[by->atoms[i] + 1];
		for (uint32_t w = by->from[i]; w < by->to[i] && w < by->from[i] + 8; w += 2)
			__builtin_prefetch(&x->wakes[w]);
	}
	for (uint32_t i = 0; i < by->count; i++)
		wake_by(item, by->from[i], by->to[i], wait);
	by->count = 0;
}

static void
wake(const struct query_item *item, struct waiting *wait)
{
	struct wakers by = {.count = 0};
	for (size_t i = 0; i < item->slot_count; i++) {
		if (item->table[i].atom == ATOM_NONE)
			continue;
		by.atoms[by.count++] = item->table[i].atom;
		__builtin_prefetch(&item->index->wake_start[item->table[i].atom]);
		if (by.count == STRETCH)
			wake_all(item, &by, wait);
	}
	wake_all(item, &by, wait);
	look_at_waiting(item, wait);
}

static bool
add_candidates(struct arena *arena, const uint64_t *woken, size_t size, struct query_candidates *ret)
{
	for (size_t i = 0; i < size; i++) {
		for (uint64_t bits = woken[i]; bits != 0; bits &= bits - 1) {
			uint32_t *entries = arena_grow(arena, ret->entries, &ret->cap, ret->count, sizeof *entries);
			if (entries == NULL)
				return false;
			ret->entries = entries;
			entries[ret->count++] = (uint32_t)(i * 64 + (size_t)__builtin_ctzll(bits));
		}
	}
	return true;
}

bool
query_item_candidates(const struct query_item *item, size_t entry_count, struct query_candidates *ret)
{
	const struct query_index *x = item->index;
	struct arena *arena = item->doc->arena;
	size_t size = (entry_count + 63) / 64;
	uint64_t *seen = arena_zalloc(arena, size + 1, sizeof *seen),
	         *woken = arena_zalloc(arena, size + 1, sizeof *woken);
	struct waiting wait = {.seen = seen, .woken = woken};
	if (seen == NULL || woken == NULL)
		return false;
	wake(item, &wait);
	for (size_t i = 0; i < x->always_count; i++) {
		if (x->always[i].needs == QUERY_NEEDS_UNASKED || may_apply(item, x->always[i].needs))
			set_bit(woken, x->always[i].entry);
	}
	return add_candidates(arena, woken, size, ret);
}
