#include "watch/query_atoms.h"

#include "base/vec.h"

#include <stdlib.h>

void
query_atoms_init(struct query_atoms *a, struct query_index *x)
{
	*a = (struct query_atoms){.x = x};
	map_init(&a->words);
	map_init(&a->prefixes);
	map_init(&a->phrases);
	map_init(&a->stemmed);
}

void
query_atoms_done(struct query_atoms *a)
{
	map_done(&a->words);
	map_done(&a->prefixes);
	map_done(&a->phrases);
	map_done(&a->stemmed);
	free(a->uses);
	free(a->stems);
}

uint32_t
query_atoms_new(struct query_atoms *a)
{
	struct query_index *x = a->x;
	if (x->atom_count == QUERY_ATOMS_MAX ||
	    vec_reserve((void **)&a->uses, &a->uses_cap, x->atom_count + 1, sizeof *a->uses) < 0) {
		a->failed = true;
		return ATOM_NONE;
	}
	a->uses[x->atom_count] = 0;
	return x->atom_count++;
}

static uint32_t
intern(struct query_atoms *a, struct map *m, struct str key)
{
	uint32_t atom = query_index_find(m, key);
	if (atom == ATOM_NONE) {
		struct str copy = arena_str(&a->x->arena, key);
		atom = query_atoms_new(a);
		a->failed |= copy.s == NULL || atom == ATOM_NONE || map_put(m, copy, (void *)((uintptr_t)atom + 1)) < 0;
	}
	if (atom != ATOM_NONE && !a->failed)
		a->uses[atom]++;
	return atom;
}

/* ---- terms ---- */

struct str
query_atoms_prefix(const struct query_token *t)
{
	size_t n = 0;
	while (n < t->fold.len && !(t->wild && (t->fold.s[n] == '*' || t->fold.s[n] == '?')))
		n++;
	return (struct str){t->fold.s, n};
}

/* Of a ~word there is one for all languages. */
static uint32_t
stem_atom(struct query_atoms *a, const struct query_token *t)
{
	uint32_t known = query_index_find(&a->stemmed, t->written);
	if (known == ATOM_NONE) {
		if (vec_reserve((void **)&a->stems, &a->stem_cap, a->stem_count + 1, sizeof *a->stems) < 0) {
			a->failed = true;
			return ATOM_NONE;
		}
		known = (uint32_t)a->stem_count;
		a->stems[a->stem_count++] =
		    (struct query_stemmed){t->written, t->fold, query_atoms_new(a), intern(a, &a->words, t->fold)};
		a->failed |= map_put(&a->stemmed, t->written, (void *)((uintptr_t)known + 1)) < 0;
	}
	if (!a->failed)
		a->uses[a->stems[known].atom]++;
	return a->stems[known].atom;
}

static uint32_t
token_atom(struct query_atoms *a, const struct query_node *leaf, const struct query_token *t)
{
	if (leaf->form == QUERY_STEM)
		return stem_atom(a, t);
	if (!t->wild && !t->open)
		return intern(a, &a->words, t->fold);
	struct str prefix = query_atoms_prefix(t);
	a->x->prefix_lengths[prefix.len / 64 & 1] |= UINT64_C(1) << (prefix.len & 63);
	return intern(a, &a->prefixes, prefix);
}

/* Of words in a row: each begins with those that are a word shorter. */
static uint32_t
phrase_atom(struct query_atoms *a, const struct query_node *leaf, const uint32_t *words)
{
	uint32_t atom = words[0];
	for (size_t i = 1; i < leaf->token_count && !a->failed; i++) {
		uint32_t pair[2] = {atom, words[i]};
		atom = intern(a, &a->phrases, query_phrase_key(pair));
	}
	return atom;
}

void
query_atoms_term(struct query_atoms *a, const struct query_node *leaf, struct query_leaf_atoms *to)
{
	bool plain = true;
	to->whole = ATOM_NONE;
	to->tokens = arena_alloc(&a->x->arena, leaf->token_count * sizeof *to->tokens);
	a->failed |= to->tokens == NULL;
	for (size_t i = 0; i < leaf->token_count && !a->failed; i++) {
		to->tokens[i] = token_atom(a, leaf, &leaf->tokens[i]);
		plain = plain && !leaf->tokens[i].wild && !leaf->tokens[i].open;
	}
	if (a->failed)
		return;
	if (leaf->token_count == 1)
		to->whole = to->tokens[0];
	else if (plain && leaf->form != QUERY_STEM)
		to->whole = phrase_atom(a, leaf, to->tokens);
}

/* ---- stems ---- */

/* One of the kin, and of what. */
struct kin_of {
	uint32_t key;
	struct query_kin kin;
};

/* Puts the kin of each key side by side; start: by key, where. */
static bool
add_kin(struct query_index *x, const struct kin_of *of, size_t count, uint32_t *start, size_t keys)
{
	if (vec_reserve((void **)&x->kin, &x->kin_cap, x->kin_count + count, sizeof *x->kin) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		start[of[i].key]++;
	uint32_t at = (uint32_t)x->kin_count;
	for (size_t key = 0; key < keys; key++) {
		uint32_t n = start[key];
		start[key] = at;
		at += n;
	}
	for (size_t i = 0; i < count; i++)
		x->kin[start[of[i].key]++] = of[i].kin;
	/* now each start is its end */
	for (size_t key = 0, end = x->kin_count; key < keys; key++) {
		uint32_t from = (uint32_t)end;
		end = start[key];
		start[key] = end > from ? from : QUERY_KIN_NONE;
		if (end > from)
			x->kin[end - 1].last = 1;
	}
	x->kin_count += count;
	return true;
}

/* The number of a stem in its language. */
static bool
number_of(struct query_index *x, struct map *m, struct text_stemmer *stemmer, struct str word, uint32_t *ret)
{
	char stem[TEXT_STEM_BYTES_MAX];
	size_t len;
	if (!text_stem(stemmer, word, stem, &len))
		return false;
	*ret = query_index_find(m, (struct str){stem, len});
	if (*ret != ATOM_NONE)
		return true;
	struct str copy = arena_str(&x->arena, (struct str){stem, len});
	*ret = (uint32_t)m->count;
	return copy.s != NULL && map_put(m, copy, (void *)((uintptr_t)*ret + 1)) == 0;
}

static bool
stem_all(struct query_atoms *a, struct map *m, struct text_stemmer *stemmer, struct kin_of *of, size_t *count)
{
	for (size_t i = 0; i < a->stem_count; i++) {
		const struct query_stemmed *s = &a->stems[i];
		uint32_t letters, folded;
		if (!number_of(a->x, m, stemmer, s->written, &letters) || !number_of(a->x, m, stemmer, s->fold, &folded))
			return false;
		bool one = letters == folded;
		of[(*count)++] = (struct kin_of){letters, {.atom = s->atom, .letters = 1, .folded = one}};
		if (!one)
			of[(*count)++] = (struct kin_of){folded, {.atom = s->atom, .folded = 1}};
	}
	return true;
}

/* From a map to numbers to one to the kin. */
static void
point_to_kin(struct map *m, const uint32_t *start)
{
	for (size_t i = 0; i < m->cap; i++) {
		if (m->slots[i].value != NULL)
			m->slots[i].value = (void *)((uintptr_t)start[(uintptr_t)m->slots[i].value - 1] + 1);
	}
}

static bool
kin_of_language(struct query_atoms *a, int language, struct kin_of *of)
{
	struct map *m = &a->x->stems[language];
	struct text_stemmer *stemmer = text_stemmer_new(language);
	size_t count = 0;
	bool good = stemmer != NULL && stem_all(a, m, stemmer, of, &count);
	text_stemmer_free(stemmer);
	uint32_t *start = good ? calloc(m->count + 1, sizeof *start) : NULL;
	good = start != NULL && add_kin(a->x, of, count, start, m->count);
	if (good)
		point_to_kin(m, start);
	free(start);
	return good;
}

static bool
kin_of_words(struct query_atoms *a, struct kin_of *of)
{
	a->x->kin_of_word = calloc((size_t)a->x->atom_count + 1, sizeof *a->x->kin_of_word);
	for (size_t i = 0; i < a->stem_count; i++)
		of[i] = (struct kin_of){a->stems[i].plain, {.atom = a->stems[i].atom, .letters = 1, .folded = 1}};
	return a->x->kin_of_word != NULL && add_kin(a->x, of, a->stem_count, a->x->kin_of_word, a->x->atom_count);
}

void
query_atoms_kin(struct query_atoms *a)
{
	if (a->stem_count == 0 || a->failed)
		return;
	struct kin_of *of = malloc(a->stem_count * 2 * sizeof *of);
	bool good = of != NULL && kin_of_words(a, of);
	for (int language = 0; language < TEXT_STEM_LANGUAGES && good; language++)
		good = kin_of_language(a, language, of);
	free(of);
	a->failed = !good;
}
