/*
 * The indexed evaluator: from the words of the item to the atoms that stand in it, from these to the queries that may apply, and
 * only these are asked, along lists of places. What it gives is what query_naive.c gives.
 */
#include "base/hash.h"
#include "watch/memo.h"
#include "watch/query_code.h"
#include "watch/query_gather.h"

#include <stdlib.h>

#define NO_PLACE UINT32_MAX

struct place {
	uint32_t field, word, next;
};

/* An atom that stands in the item, with its places in order. */
struct present {
	uint32_t atom; /* ATOM_NONE = empty slot */
	uint32_t first, last, count;
	uint32_t fields; /* 1 << field for every field in which it stands */
};

struct fast {
	struct query_evaluator ev;
	const struct query_index *index;
	struct present *table;
	size_t slot_count, used; /* slots are a power of two */
	uint64_t *here;          /* see here_bit() */
	struct place *places;
	size_t place_count, place_cap;
	uint32_t *woken; /* entries, ascending */
	size_t woken_count, woken_cap;
	uint32_t *answer_of; /* by place in `woken`: answer + 1, or 0 */
	struct query_answers *answers;
	const struct query_leaf_atoms *atoms;    /* of the entry that is asked */
	uint32_t *word_atoms[WATCH_FIELD_COUNT]; /* by field and word */
	uint32_t looks; /* 1 << field for those in which a word counts when no field is named */
	bool failed;
};

static struct fast *
self(struct query_evaluator *ev)
{
	return (struct fast *)ev;
}

/* ---- atoms of the item ---- */

static struct present *
slot_of(const struct fast *f, uint32_t atom)
{
	size_t mask = f->slot_count - 1;
	for (size_t i = (atom * 0x9E3779B1u >> 7) & mask;; i = (i + 1) & mask) {
		if (f->table[i].atom == atom || f->table[i].atom == ATOM_NONE)
			return &f->table[i];
	}
}

/*
 * Which atoms stand in the item, as a set of their hashes that stays in the nearest cache: one in a hundred that does not stand
 * there seems to, and wakes queries that are then asked for nothing.
 */
#define HERE_BITS 16u

static inline uint32_t
here_bit(uint32_t atom)
{
	return (atom * 0x9E3779B1u) >> (32 - HERE_BITS);
}

static inline bool
bit(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

static inline void
set_bit(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static bool
grow(struct fast *f)
{
	struct present *old = f->table;
	size_t count = f->slot_count;
	struct present *table = arena_alloc(f->ev.doc->arena, count * 2 * sizeof *table);
	if (table == NULL)
		return false;
	memset(table, 0xFF, count * 2 * sizeof *table);
	f->table = table;
	f->slot_count = count * 2;
	for (size_t i = 0; i < count; i++) {
		if (old[i].atom != ATOM_NONE)
			*slot_of(f, old[i].atom) = old[i];
	}
	return true;
}

static struct present *
enter(struct fast *f, uint32_t atom)
{
	struct present *p = slot_of(f, atom);
	if (p->atom == atom)
		return p;
	if (f->used * 2 >= f->slot_count) {
		if (!grow(f))
			return NULL;
		p = slot_of(f, atom);
	}
	*p = (struct present){.atom = atom, .first = NO_PLACE, .last = NO_PLACE};
	set_bit(f->here, here_bit(atom));
	f->used++;
	return p;
}

static bool
add_place(struct fast *f, uint32_t atom, uint32_t field, uint32_t word)
{
	if (atom == ATOM_NONE)
		return true;
	struct present *p = enter(f, atom);
	struct place *places =
	    p ? arena_grow(f->ev.doc->arena, f->places, &f->place_cap, f->place_count, sizeof *places) : NULL;
	if (places == NULL)
		return false;
	f->places = places;
	const struct place *last = p->last != NO_PLACE ? &f->places[p->last] : NULL;
	if (last != NULL && last->field == field && last->word == word)
		return true; /* two ways to the same atom */
	f->places[f->place_count] = (struct place){.field = field, .word = word, .next = NO_PLACE};
	if (last != NULL)
		f->places[p->last].next = (uint32_t)f->place_count;
	else
		p->first = (uint32_t)f->place_count;
	p->last = (uint32_t)f->place_count++;
	p->count++;
	p->fields |= 1u << field;
	return true;
}

static bool
add_prefixes(struct fast *f, struct str fold, uint32_t field, uint32_t word)
{
	const uint64_t *lengths = f->index->prefix_lengths;
	uint32_t hash = QUERY_HASH_SEED;
	if ((lengths[0] | lengths[1]) == 0)
		return true;
	for (size_t len = 1; len <= fold.len && len < 128; len++) {
		hash = query_hash_byte(hash, fold.s[len - 1]);
		if ((lengths[len / 64] >> (len & 63) & 1) &&
		    !add_place(
		        f, query_quick_find(&f->index->quick_prefixes, hash, (struct str){fold.s, len}), field, word))
			return false;
	}
	return true;
}

/* What the stems of a word are looked up by: the memo knows those of most words. */
static bool
stem_atoms(struct fast *f, uint32_t field, uint32_t word, uint32_t ret[2])
{
	struct query_doc *d = f->ev.doc;
	const struct query_field *of = &d->fields[field];
	const struct text_word *w = &of->words.items[word];
	struct watch_memo *memo = d->in->memo;
	struct memo_stem *kept = NULL;
	uint64_t key = 0;
	if (memo != NULL) {
		struct str written = {of->text.s + w->start, w->end - w->start};
		key = query_word_is_folded(of, word) ? text_word_hash64(w) : hash64(written, 1);
		kept = memo_stem(memo, &key, d->language);
		if (kept->key == key) {
			memcpy(ret, kept->atoms, sizeof kept->atoms);
			return true;
		}
	}
	const struct map *stems = &f->index->stems[d->language];
	const struct str *pair = query_doc_stems(d, (enum watch_field)field, word);
	if (pair == NULL)
		return false;
	ret[0] = query_index_find(stems, pair[0]);
	ret[1] = pair[0].s == pair[1].s ? ret[0] : query_index_find(stems, pair[1]);
	if (kept != NULL)
		*kept = (struct memo_stem){.key = key, .atoms = {ret[0], ret[1]}};
	return true;
}

static bool
add_stems(struct fast *f, uint32_t field, uint32_t word)
{
	uint32_t atoms[2];
	if (!stem_atoms(f, field, word, atoms))
		return false;
	return add_place(f, atoms[0], field, word) && (atoms[0] == atoms[1] || add_place(f, atoms[1], field, word));
}

static bool
add_words(struct fast *f, uint32_t field)
{
	const struct text_words *words = &f->ev.doc->fields[field].words;
	uint32_t *atoms = arena_alloc(f->ev.doc->arena, words->count * sizeof *atoms);
	f->word_atoms[field] = atoms;
	for (uint32_t i = 0; i < words->count && atoms != NULL; i++) {
		struct str fold = text_word_fold(words, &words->items[i]);
		atoms[i] = query_quick_find(&f->index->quick_words, words->items[i].hash, fold);
		if (!add_place(f, atoms[i], field, i) || !add_prefixes(f, fold, field, i) ||
		    (f->ev.stems && !add_stems(f, field, i)))
			return false;
	}
	return atoms != NULL;
}

static bool
add_entities(struct fast *f)
{
	const struct watch_result *names = f->ev.doc->names;
	for (size_t i = 0; names != NULL && i < names->hit_count; i++) {
		uint32_t atom = f->index->entity_atoms[names->hits[i].entity];
		if (atom != ATOM_NONE && enter(f, atom) == NULL)
			return false;
	}
	return true;
}

/* ---- who wakes ---- */

static bool
wake(struct fast *f, uint32_t entry)
{
	uint32_t *woken = arena_grow(f->ev.doc->arena, f->woken, &f->woken_cap, f->woken_count, sizeof *woken);
	if (woken == NULL)
		return false;
	f->woken = woken;
	f->woken[f->woken_count++] = entry;
	return true;
}

static int
ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

/* One of each group that the query cannot do without? */
static bool
may_apply(const struct fast *f, uint32_t entry)
{
	const uint32_t *n = f->index->needs + f->index->need_start[entry],
	               *end = f->index->needs + f->index->need_start[entry + 1];
	while (n < end) {
		const uint32_t *next = n + 1 + *n;
		bool any = false;
		for (n++; n < next && !any; n++)
			any = bit(f->here, here_bit(*n));
		if (!any)
			return false;
		n = next;
	}
	return true;
}

static inline bool
guard_here(const struct fast *f, const struct query_wake *k)
{
	bool first = k->first == 0, second = k->first == 0 || k->first == QUERY_GUARDS;
	for (uint32_t i = 0; i < k->first && !first; i++)
		first = bit(f->here, here_bit(k->guards[i]));
	for (uint32_t i = k->first; first && i < QUERY_GUARDS && !second; i++)
		second = bit(f->here, here_bit(k->guards[i]));
	return first && second;
}

#define AHEAD 16u /* entries whose needs are fetched while others are looked at */

/* Entries that wait for their needs to arrive. */
struct waiting {
	uint32_t entries[AHEAD];
	uint32_t count;
};

static void
look_at_waiting(const struct fast *f, struct waiting *wait, uint64_t *woken)
{
	for (uint32_t i = 0; i < wait->count; i++) {
		if (may_apply(f, wait->entries[i]))
			set_bit(woken, wait->entries[i]);
	}
	wait->count = 0;
}

/* Looks at the entries that an atom wakes, each once. */
static void
wake_by(struct fast *f, uint32_t atom, struct waiting *wait, uint64_t *seen, uint64_t *woken)
{
	const struct query_index *x = f->index;
	for (uint32_t w = x->wake_start[atom]; w < x->wake_start[atom + 1]; w++) {
		const struct query_wake *k = &x->wakes[w];
		if (!guard_here(f, k) || bit(seen, k->entry))
			continue;
		set_bit(seen, k->entry);
		__builtin_prefetch(x->needs + x->need_start[k->entry]);
		wait->entries[wait->count++] = k->entry;
		if (wait->count == AHEAD)
			look_at_waiting(f, wait, woken);
	}
}

static bool
wake_all(struct fast *f)
{
	const struct query_index *x = f->index;
	size_t size = (f->ev.set->count + 63) / 64;
	uint64_t *seen = arena_zalloc(f->ev.doc->arena, size + 1, sizeof *seen),
	         *woken = arena_zalloc(f->ev.doc->arena, size + 1, sizeof *woken);
	struct waiting wait = {.count = 0};
	if (seen == NULL || woken == NULL)
		return false;
	for (size_t i = 0; i < f->slot_count; i++) {
		if (f->table[i].atom != ATOM_NONE)
			wake_by(f, f->table[i].atom, &wait, seen, woken);
	}
	look_at_waiting(f, &wait, woken);
	for (size_t i = 0; i < x->always_count; i++) {
		if (may_apply(f, x->always[i]))
			set_bit(woken, x->always[i]);
	}
	for (size_t i = 0; i < size; i++) {
		for (uint64_t bits = woken[i]; bits != 0; bits &= bits - 1) {
			if (!wake(f, (uint32_t)(i * 64 + (size_t)__builtin_ctzll(bits))))
				return false;
		}
	}
	return true;
}

/* ---- terms ---- */

/* The shortest list of places that every place of the term is on; k: which of its words it is. */
static const struct present *
rarest(const struct fast *f, const struct query_node *leaf, const struct query_leaf_atoms *atoms, size_t *k)
{
	const struct present *best = NULL;
	for (size_t i = 0; i < leaf->token_count; i++) {
		const struct present *p = slot_of(f, atoms->tokens[i]);
		if (p->atom == ATOM_NONE)
			return NULL;
		if (best == NULL || p->count < best->count) {
			best = p;
			*k = i;
		}
	}
	return best;
}

static bool
stem_fits(struct fast *f, const struct query_node *leaf, const struct query_leaf_atoms *atoms, uint32_t field,
    size_t word, size_t k)
{
	size_t language = (size_t)f->ev.doc->language;
	const uint32_t *want = atoms->stems[language * leaf->token_count + k];
	uint32_t here[2];
	if (!stem_atoms(f, field, (uint32_t)word, here)) {
		f->failed = true;
		return false;
	}
	return here[0] == want[0] || here[1] == want[1];
}

static bool
fits_at(
    struct fast *f, const struct query_node *leaf, const struct query_leaf_atoms *atoms, uint32_t field, size_t first)
{
	const struct query_field *of = &f->ev.doc->fields[field];
	bool stems = leaf->form == QUERY_STEM && f->ev.stems;
	for (size_t k = 0; k < leaf->token_count; k++) {
		if (of->words.items[first + k].sentence != of->words.items[first].sentence)
			return false;
		if (stems ? !stem_fits(f, leaf, atoms, field, first + k, k)
		          : !query_word_is(of, first + k, &leaf->tokens[k], leaf->form))
			return false;
	}
	return true;
}

/* Walks one list of places of word k of the term; with `out` all are collected, without one is enough. */
static bool
walk(struct fast *f, const struct query_node *leaf, const struct query_leaf_atoms *atoms, const struct present *p,
    size_t k, struct query_spans *out)
{
	struct query_doc *d = f->ev.doc;
	/* one word, any way of writing it: that is what the list of places is of */
	bool sure = leaf->form == QUERY_FOLD && leaf->token_count == 1 && !leaf->tokens[0].wild;
	for (uint32_t at = p->first; at != NO_PLACE; at = f->places[at].next) {
		const struct place *place = &f->places[at];
		enum watch_field field = (enum watch_field)place->field;
		if (place->word < k || !query_doc_looks(d, leaf, field))
			continue;
		size_t first = place->word - k, last = first + leaf->token_count - 1;
		if (last >= query_doc_words(d, leaf, field) || (!sure && !fits_at(f, leaf, atoms, place->field, first)))
			continue;
		if (out == NULL)
			return true;
		const struct text_word *words = d->fields[field].words.items;
		struct query_span span = {.field = place->field,
		    .first = (uint32_t)first,
		    .last = (uint32_t)last,
		    .start = words[first].start,
		    .end = words[last].end};
		if (!query_spans_add(d->arena, out, &span)) {
			f->failed = true;
			return false;
		}
	}
	return out != NULL && out->count > 0;
}

static bool
term_find(struct fast *f, const struct query_node *leaf, struct query_spans *out)
{
	const struct query_leaf_atoms *atoms = &f->atoms[leaf->number];
	size_t k = 0;
	bool found = false;
	if (leaf->form != QUERY_STEM || !f->ev.stems) {
		const struct present *p = rarest(f, leaf, atoms, &k);
		found = p != NULL && walk(f, leaf, atoms, p, k, out);
	} else {
		const uint32_t *pair = atoms->stems[(size_t)f->ev.doc->language * leaf->token_count];
		for (int i = 0; i < (pair[0] == pair[1] ? 1 : 2) && (!found || out != NULL); i++) {
			const struct present *p = slot_of(f, pair[i]);
			found |= p->atom != ATOM_NONE && walk(f, leaf, atoms, p, 0, out);
		}
	}
	return found;
}

/* ---- the other parts ---- */

static const struct query_answer *
answer_of(const struct fast *f, uint32_t entry)
{
	const uint32_t *at = bsearch(&entry, f->woken, f->woken_count, sizeof *f->woken, ascending);
	uint32_t answer = at ? f->answer_of[at - f->woken] : 0;
	return answer ? &f->answers->items[answer - 1] : NULL;
}

static const struct query_answer *
topic_answer(const struct fast *f, const struct query_node *leaf)
{
	uint32_t entry = f->ev.set->entry_of[leaf->n];
	return entry ? answer_of(f, entry - 1) : NULL;
}

static bool
leaf_spans(struct fast *f, const struct query_node *leaf, struct query_spans *out)
{
	struct query_doc *d = f->ev.doc;
	switch (leaf->op) {
	case QUERY_ACTOR:
		return query_entity_spans(d, leaf, NULL, out);
	case QUERY_TOPIC:
		return query_entity_spans(d, leaf, topic_answer(f, leaf), out);
	case QUERY_TERM:
		term_find(f, leaf, out);
		break;
	default:
		for (int field = 0; field < WATCH_FIELD_COUNT; field++) {
			if (query_doc_looks(d, leaf, (enum watch_field)field) &&
			    !query_regex_spans(d, leaf, (enum watch_field)field, out))
				return false;
		}
	}
	query_spans_settle(out);
	return !f->failed;
}

/* The first place at or behind word `first` of the field. */
static size_t
lower_bound(const struct query_spans *s, uint32_t field, uint32_t first)
{
	size_t low = 0, high = s->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct query_span *x = &s->items[mid];
		if (x->field < field || (x->field == field && x->first < first))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Whether no place that begins at b's or later can stand with a. */
static bool
too_far(const struct query_doc *d, const struct query_node *node, const struct query_span *a, const struct query_span *b)
{
	const struct text_word *words = d->fields[a->field].words.items;
	if (a->field != b->field)
		return true;
	if (node->op == QUERY_SENTENCE)
		return words[a->first].sentence != words[b->first].sentence;
	if (node->op == QUERY_PARAGRAPH)
		return words[a->first].paragraph != words[b->first].paragraph;
	return b->first - a->last > node->n;
}

/* Pairs in which the one of `before` comes first. */
static bool
pairs_of(struct query_doc *d, const struct query_node *node, const struct query_spans *before,
    const struct query_spans *behind, struct query_spans *out)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct query_span *a = &before->items[i];
		for (size_t k = lower_bound(behind, a->field, a->last + 1); k < behind->count; k++) {
			struct query_span both;
			if (too_far(d, node, a, &behind->items[k]))
				break;
			if (query_pair_fits(d, node, a, &behind->items[k], &both) &&
			    !query_spans_add(d->arena, out, &both))
				return false;
		}
	}
	return true;
}

static bool fast_spans(struct query_evaluator *ev, const struct query_node *node, struct query_spans *out);
static bool part_holds(struct query_evaluator *ev, const uint32_t *part);

/* What alternatives give together. */
static bool
any_spans(struct query_evaluator *ev, const struct query_node *node, const uint32_t *code, struct query_spans *out)
{
	const uint32_t *part = code_parts(code);
	if (part == NULL)
		return fast_spans(ev, node, out);
	for (size_t i = 0; i < node->kid_count; i++, part += part[1]) {
		struct query_spans kid = {0};
		if (!part_holds(ev, part))
			continue;
		if (!any_spans(ev, node->kids[i], part, &kid))
			return false;
		for (size_t k = 0; k < kid.count; k++) {
			if (!query_spans_add(ev->doc->arena, out, &kid.items[k]))
				return false;
		}
	}
	query_spans_settle(out);
	return true;
}

/* code: of the node, or NULL. */
static bool
pair_spans(struct query_evaluator *ev, const struct query_node *node, const uint32_t *code, struct query_spans *out)
{
	struct query_spans left = {0}, right = {0};
	const uint32_t *part = code_parts(code);
	if (!any_spans(ev, node->kids[0], part, &left))
		return false;
	if (left.count == 0)
		return true;
	if (!any_spans(ev, node->kids[1], part != NULL ? part + part[1] : NULL, &right) ||
	    !pairs_of(ev->doc, node, &left, &right, out) ||
	    (node->op != QUERY_ONEAR && !pairs_of(ev->doc, node, &right, &left, out)))
		return false;
	query_spans_settle(out);
	return true;
}

static bool
fast_spans(struct query_evaluator *ev, const struct query_node *node, struct query_spans *out)
{
	if (query_is_leaf(node))
		return leaf_spans(self(ev), node, out);
	if (node->op >= QUERY_NEAR && node->op <= QUERY_PARAGRAPH)
		return pair_spans(ev, node, NULL, out);
	if (node->kid_count == 1)
		return fast_spans(ev, node->kids[0], out);
	for (size_t i = 0; i < node->kid_count; i++) {
		struct query_spans kid = {0};
		if (!fast_spans(ev, node->kids[i], &kid))
			return false;
		for (size_t k = 0; k < kid.count; k++) {
			if (!query_spans_add(ev->doc->arena, out, &kid.items[k]))
				return false;
		}
	}
	query_spans_settle(out);
	return true;
}

static size_t
places_apart(struct query_evaluator *ev, const struct query_node *node)
{
	struct query_spans spans = {0};
	if (!fast_spans(ev, node, &spans))
		self(ev)->failed = true;
	return query_spans_apart(&spans);
}

static bool
leaf_holds(struct fast *f, const struct query_node *leaf)
{
	if (leaf->op == QUERY_TERM)
		return term_find(f, leaf, NULL);
	if (leaf->op == QUERY_ABOUT)
		return query_doc_is_about(f->ev.doc, leaf);
	if (leaf->op == QUERY_TOPIC && leaf->fields == 0 && leaf->first == 0)
		return query_doc_hit(f->ev.doc, leaf->n) != NULL || topic_answer(f, leaf) != NULL;
	return places_apart(&f->ev, leaf) > 0;
}

static bool fast_truth(struct query_evaluator *ev, const struct query_node *node);

static bool
sum_holds(struct query_evaluator *ev, const struct query_node *node)
{
	int64_t sum = 0;
	for (size_t i = 0; i < node->kid_count; i++)
		sum += fast_truth(ev, node->kids[i]) ? node->kids[i]->weight : 0;
	return sum >= (int64_t)node->n;
}

static bool
fast_truth(struct query_evaluator *ev, const struct query_node *node)
{
	bool any = node->op == QUERY_OR;
	if (query_is_leaf(node))
		return leaf_holds(self(ev), node);
	switch (node->op) {
	case QUERY_NOT:
		return !fast_truth(ev, node->kids[0]);
	case QUERY_SUM:
		return sum_holds(ev, node);
	case QUERY_ATLEAST:
		return places_apart(ev, node->kids[0]) >= node->n;
	case QUERY_NEAR:
	case QUERY_ONEAR:
	case QUERY_SENTENCE:
	case QUERY_PARAGRAPH:
		return places_apart(ev, node) > 0;
	default:
		for (size_t i = 0; i < node->kid_count; i++) {
			if (fast_truth(ev, node->kids[i]) == any)
				return any;
		}
		return !any;
	}
}

/* ---- the code ---- */

static bool
word_holds(const struct fast *f, uint32_t atom)
{
	if (!bit(f->here, here_bit(atom)))
		return false;
	const struct present *p = slot_of(f, atom);
	return p->atom == atom && (p->fields & f->looks) != 0;
}

/* Do the words of a phrase stand in a row at the first of them? */
static bool
in_a_row(const struct fast *f, const uint32_t *atoms, uint32_t count, uint32_t field, uint32_t first)
{
	const struct text_words *words = &f->ev.doc->fields[field].words;
	if ((size_t)first + count > words->count)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		if (f->word_atoms[field][first + i] != atoms[i] ||
		    words->items[first + i].sentence != words->items[first].sentence)
			return false;
	}
	return true;
}

static bool
phrase_holds(const struct fast *f, const uint32_t *atoms, uint32_t count)
{
	const struct present *rarest = NULL;
	uint32_t k = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (!bit(f->here, here_bit(atoms[i])))
			return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct present *p = slot_of(f, atoms[i]);
		if (p->atom == ATOM_NONE || !(p->fields & f->looks))
			return false;
		if (rarest == NULL || p->count < rarest->count) {
			rarest = p;
			k = i;
		}
	}
	for (uint32_t at = rarest->first; at != NO_PLACE; at = f->places[at].next) {
		const struct place *place = &f->places[at];
		if (place->word >= k && (f->looks >> place->field & 1) &&
		    in_a_row(f, atoms, count, place->field, place->word - k))
			return true;
	}
	return false;
}

static bool
node_holds(struct fast *f, const uint32_t *code)
{
	uint32_t count = CODE_COUNT(code[0]);
	for (uint32_t i = 0; i < count; i++) {
		if (!bit(f->here, here_bit(code[2 + i])))
			return false;
	}
	return fast_truth(&f->ev, f->index->nodes[code[2 + count]]);
}

/* The node of a pair stands behind its two parts. */
static bool
pair_holds(struct fast *f, const uint32_t *code)
{
	const uint32_t *right = code + 2 + (code + 2)[1], *node = right + right[1];
	struct query_spans spans = {0};
	if (!pair_spans(&f->ev, f->index->nodes[node[2]], code, &spans))
		f->failed = true;
	return spans.count > 0;
}

static bool
code_holds(struct fast *f, const uint32_t *code)
{
	const uint32_t *part = code + 2;
	bool any = CODE_OP(code[0]) == CODE_ANY;
	switch (CODE_OP(code[0])) {
	case CODE_WORD:
		return word_holds(f, code[2]);
	case CODE_PHRASE:
		return phrase_holds(f, code + 2, CODE_COUNT(code[0]));
	case CODE_NODE:
		return node_holds(f, code);
	case CODE_NOT:
		return !code_holds(f, part);
	case CODE_BOTH:
		return code_holds(f, part) && code_holds(f, part + part[1]) && pair_holds(f, code);
	default:
		for (uint32_t i = 0; i < CODE_COUNT(code[0]); i++, part += part[1]) {
			if (code_holds(f, part) == any)
				return any;
		}
		return !any;
	}
}

static bool
part_holds(struct query_evaluator *ev, const uint32_t *part)
{
	return code_holds(self(ev), part);
}

/* ---- all of it ---- */

static bool
ask(struct fast *f, size_t at)
{
	uint32_t entry = f->woken[at];
	const struct query_entry *e = &f->ev.set->entries[entry];
	struct arena *arena = f->ev.doc->arena;
	struct arena_mark mark = arena_mark(arena);
	struct query_answer answer = {.entry = entry};
	f->atoms = &f->index->leaves[f->index->leaf_start[entry]];
	f->ev.code = f->index->code + f->index->code_start[entry];
	if (!code_holds(f, f->ev.code)) {
		if (!arena->failed)
			arena_rollback(arena, mark);
		return true;
	}
	struct query_answer *items =
	    arena_grow(arena, f->answers->items, &f->answers->cap, f->answers->count, sizeof *items);
	if (items == NULL || !query_gather(&f->ev, e, &answer))
		return false;
	f->answers->items = items;
	items[f->answers->count++] = answer;
	f->answer_of[at] = (uint32_t)f->answers->count;
	return true;
}

#define FIRST_SLOTS 1024u

static int
run(struct fast *f, struct err *err)
{
	struct arena *arena = f->ev.doc->arena;
	f->slot_count = FIRST_SLOTS;
	f->table = arena_alloc(arena, f->slot_count * sizeof *f->table);
	f->here = arena_zalloc(arena, (1u << HERE_BITS) / 64, sizeof *f->here);
	if (f->table == NULL || f->here == NULL)
		return arena_check(arena, err);
	memset(f->table, 0xFF, f->slot_count * sizeof *f->table);
	static const struct query_node plain = {.op = QUERY_TERM};
	for (uint32_t field = 0; field < WATCH_FIELD_COUNT; field++)
		f->looks |= (uint32_t)query_doc_looks(f->ev.doc, &plain, (enum watch_field)field) << field;
	bool good = add_entities(f);
	for (uint32_t field = 0; field < WATCH_FIELD_COUNT && good; field++)
		good = add_words(f, field);
	good = good && wake_all(f);
	f->answer_of = good ? arena_zalloc(arena, f->woken_count, sizeof *f->answer_of) : NULL;
	good = good && (f->answer_of != NULL || f->woken_count == 0);
	for (size_t i = 0; i < f->woken_count && good; i++) {
		if (i + AHEAD < f->woken_count)
			__builtin_prefetch(f->index->code + f->index->code_start[f->woken[i + AHEAD]]);
		good = ask(f, i) && !f->failed && !arena->failed;
	}
	if (!good && arena_check(arena, err) == 0)
		return err_oom(err);
	return arena_check(arena, err);
}

int
query_set_match(const struct query_set *s, struct query_doc *d, struct query_answers *out, struct err *err)
{
	struct fast f = {.ev = {.doc = d, .set = s, .truth = fast_truth, .spans = fast_spans, .holds = part_holds},
	    .index = s->index,
	    .answers = out};
	*out = (struct query_answers){0};
	f.ev.stems = s->stems && d->language >= 0;
	if (d->in->memo != NULL && f.ev.stems && !memo_begin_stems(d->in->memo, s, s->version))
		return err_oom(err);
	int rc = run(&f, err);
	query_doc_done(d);
	return rc;
}
