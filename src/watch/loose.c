#include "watch/loose.h"

#include "base/vec.h"
#include "watch/shape.h"

#include <stdlib.h>

#define FILTER_BITS_PER_KEY 8u
#define PREFIXES_MAX 8
#define CUTS_MAX 16

static size_t
merge_keys(uint64_t *all, size_t n, size_t max, const uint64_t *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool known = false;
		for (size_t k = 0; k < n && !known; k++)
			known = all[k] == keys[i];
		if (!known && n < max)
			all[n++] = keys[i];
	}
	return n;
}

static int
add_entry(struct watchlist *w, uint64_t key, uint32_t word)
{
	if (vec_reserve((void **)&w->loose, &w->loose_cap, w->loose_count + 1, sizeof *w->loose) < 0)
		return -1;
	w->loose[w->loose_count++] = (struct loose_entry){.key = (uint32_t)(key >> 32), .word = word};
	return 0;
}

int
loose_add_word(struct watchlist *w, uint32_t word)
{
	uint64_t all[TEXT_SOUND_KEYS_MAX * 4], keys[TEXT_SOUND_KEYS_MAX * 2];
	struct shape shapes[SHAPES_MAX];
	struct text_sounds sounds;
	struct list_word *lw = &w->words[word];
	size_t n = 0;

	if (!text_sounds(lw->fold, (enum text_script)lw->script, &sounds) || sounds.len < 2)
		return 0;
	lw->sounds = arena_str(&w->arena, (struct str){sounds.s, sounds.len});
	lw->vowels_free = sounds.vowels_free;
	if (lw->sounds.s == NULL)
		return -1;
	n = merge_keys(all, n, sizeof all / sizeof *all, keys, text_sound_keys(&sounds, keys));
	size_t count = shapes_of(lw->sounds, shapes);
	for (size_t i = 0; i < count; i++) {
		struct text_sounds stem = {.len = shapes[i].len, .script = sounds.script};
		memcpy(stem.s, shapes[i].s, shapes[i].len);
		n = merge_keys(all, n, sizeof all / sizeof *all, keys, text_sound_keys(&stem, keys));
	}
	for (size_t i = 0; i < n; i++) {
		if (add_entry(w, all[i], word) < 0)
			return -1;
	}
	return 0;
}

static int
by_key(const void *a, const void *b)
{
	const struct loose_entry *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->word < y->word ? -1 : x->word > y->word;
}

static size_t
filter_bit(const struct watchlist *w, uint32_t key)
{
	return (size_t)((key * 0x9E3779B97F4A7C15u) >> w->loose_filter_shift);
}

int
loose_finish(struct watchlist *w)
{
	unsigned bits = 12;
	while (((size_t)1 << bits) < w->loose_count * FILTER_BITS_PER_KEY)
		bits++;
	w->loose_filter_shift = 64 - bits;
	w->loose_filter = calloc(((size_t)1 << bits) / 64, sizeof *w->loose_filter);
	w->loose_buckets = calloc(((size_t)1 << LOOSE_BUCKET_BITS) + 1, sizeof *w->loose_buckets);
	if (w->loose_filter == NULL || w->loose_buckets == NULL)
		return -1;
	if (w->loose_count > 0)
		qsort(w->loose, w->loose_count, sizeof *w->loose, by_key);
	for (size_t i = 0; i < w->loose_count; i++) {
		uint32_t key = w->loose[i].key;
		size_t bit = filter_bit(w, key);
		w->loose_filter[bit / 64] |= (uint64_t)1 << (bit % 64);
		w->loose_buckets[(key >> (32 - LOOSE_BUCKET_BITS)) + 1]++;
	}
	for (size_t i = 0; i < (size_t)1 << LOOSE_BUCKET_BITS; i++)
		w->loose_buckets[i + 1] += w->loose_buckets[i];
	return 0;
}

unsigned
loose_strict_cost(size_t sounds)
{
	return sounds <= 6 ? 0 : sounds <= 9 ? 1 : 2;
}

static unsigned
loose_cost(size_t sounds)
{
	return sounds <= 3 ? 1 : sounds <= 6 ? 2 : 3;
}

/* One place where the word may be cut: sounds before it, and the classes whose names take what follows. */
struct cut {
	unsigned char sounds;
	bool soft_tail;   /* the ending begins with a front vowel */
	unsigned classes; /* 0 = nothing follows */
	uint32_t fold;    /* bytes of the word before it */
};

struct search {
	const struct watchlist *list;
	struct text_sounds sounds;
	struct str fold; /* without its prefix */
	struct cut cuts[CUTS_MAX];
	size_t cut_count;
	bool prefixed;
	struct candidate *out;
	size_t count;
};

static size_t
sounds_before(const struct text_sounds *s, size_t fold)
{
	size_t i = 0;
	while (i < s->len && s->at[i] < fold)
		i++;
	return i;
}

static void
find_cuts(struct search *s, struct str lang)
{
	uint32_t langs = text_inflect_languages(lang, s->sounds.script);
	size_t most = s->sounds.script == TEXT_LATIN ? 6 : TEXT_ENDING_BYTES_MAX;

	s->cuts[0] = (struct cut){.sounds = s->sounds.len, .fold = (uint32_t)s->fold.len};
	s->cut_count = 1;
	for (size_t at = s->fold.len; at > 1 && s->cut_count < CUTS_MAX;) {
		at--;
		if (((unsigned char)s->fold.s[at] & 0xC0) == 0x80)
			continue;
		struct str ending = {s->fold.s + at, s->fold.len - at};
		if (ending.len > most)
			break;
		unsigned classes = text_inflect_classes(ending, s->sounds.script, langs);
		size_t before = sounds_before(&s->sounds, at);
		if (classes == 0 || before < 2)
			continue;
		bool soft = before < s->sounds.len && strchr("eiyj", s->sounds.s[before]) != NULL;
		s->cuts[s->cut_count++] = (struct cut){
		    .sounds = (unsigned char)before, .classes = classes, .soft_tail = soft, .fold = (uint32_t)at};
	}
}

struct verdict {
	unsigned cost;
	bool equal;
};

static void
compare(struct str stem, struct str with, bool exact, bool letters, bool free_vowels, struct verdict *best)
{
	if (best->cost == 0 && best->equal)
		return;
	unsigned most = exact || best->cost == 0 ? 0 : best->cost - 1;
	unsigned d = text_sound_distance(with, stem, free_vowels, false, most);
	bool equal = d == 0 && (exact || str_eq(with, stem));
	if (letters && !str_eq(with, stem))
		return;
	if (d <= most && (d < best->cost || equal))
		*best = (struct verdict){.cost = d, .equal = equal};
}

/* How far the word, cut here, is from a word of the list; a cost above `most` when it is no form of it. */
static struct verdict
distance(const struct search *s, const struct cut *c, const struct list_word *lw, unsigned most)
{
	struct shape shapes[SHAPES_MAX];
	struct str stem = {s->sounds.s, c->sounds};
	bool free_vowels = lw->vowels_free || s->sounds.vowels_free, same_script = lw->script == s->sounds.script;
	struct verdict best = {.cost = most + 1};

	if (c->classes == 0)
		compare(stem, lw->sounds, false, false, free_vowels, &best);
	bool may_stand_alone = lw->sounds.len > 0 && strchr("tdsxzrey", lw->sounds.s[lw->sounds.len - 1]) != NULL;
	size_t n = c->classes != 0 || may_stand_alone ? shapes_of(lw->sounds, shapes) : 0;
	for (size_t i = 0; i < n; i++) {
		bool alone = shapes[i].alone && (shapes[i].class == TEXT_CLASS_PL ? same_script : !same_script);
		if (shapes[i].alone ? !alone : !(c->classes & 1u << shapes[i].class))
			continue;
		if ((shapes[i].soft && !c->soft_tail) || (shapes[i].native && !same_script))
			continue;
		if (shapes[i].alone && c->classes != 0 && !(c->classes & 1u << shapes[i].class))
			continue;
		compare(stem, (struct str){shapes[i].s, shapes[i].len}, shapes[i].exact,
		    shapes[i].exact && !shapes[i].soft && same_script, free_vowels, &best);
	}
	best.equal = best.equal && same_script;
	return best;
}

static enum watch_rule
rule_of(const struct search *s, const struct cut *c, const struct list_word *lw, struct verdict v)
{
	if (lw->script != s->sounds.script || v.cost > 0)
		return WATCH_RULE_TRANSLIT;
	if (s->prefixed)
		return WATCH_RULE_PROCLITIC;
	return c->classes != 0 && v.equal ? WATCH_RULE_INFLECTED : WATCH_RULE_SPELLING;
}

static void
add_candidate(struct search *s, uint32_t word, struct verdict v, enum watch_rule rule)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->out[i].word != word)
			continue;
		if (v.cost < s->out[i].cost || (v.equal && !s->out[i].equal))
			s->out[i] = (struct candidate){
			    .word = word, .cost = (uint8_t)v.cost, .rule = (uint8_t)rule, .equal = v.equal};
		return;
	}
	if (s->count < CANDIDATES_MAX)
		s->out[s->count++] =
		    (struct candidate){.word = word, .cost = (uint8_t)v.cost, .rule = (uint8_t)rule, .equal = v.equal};
}

static void
probe(struct search *s, const struct cut *c)
{
	const struct watchlist *w = s->list;
	uint32_t key = (uint32_t)(text_sound_key(&s->sounds, c->sounds) >> 32);
	size_t bit = filter_bit(w, key);

	if (!(w->loose_filter[bit / 64] >> (bit % 64) & 1))
		return;
	uint32_t bucket = key >> (32 - LOOSE_BUCKET_BITS);
	for (uint32_t i = w->loose_buckets[bucket]; i < w->loose_buckets[bucket + 1]; i++) {
		if (w->loose[i].key != key)
			continue;
		const struct list_word *lw = &w->words[w->loose[i].word];
		unsigned most = loose_cost(lw->sounds.len);
		struct verdict v = distance(s, c, lw, most);
		if (v.cost <= most)
			add_candidate(s, w->loose[i].word, v, rule_of(s, c, lw, v));
	}
}

static void
search_word(struct search *s, struct str fold, enum text_script script, struct str lang)
{
	s->fold = fold;
	if (!text_sounds(fold, script, &s->sounds) || s->sounds.len < 2)
		return;
	find_cuts(s, lang);
	for (size_t i = 0; i < s->cut_count; i++)
		probe(s, &s->cuts[i]);
}

size_t
loose_find(const struct watchlist *w, struct str fold, enum text_script script, struct str lang,
    struct candidate out[CANDIDATES_MAX])
{
	struct search s = {.list = w, .out = out};
	size_t lens[PREFIXES_MAX];

	if (w->loose_count == 0)
		return 0;
	search_word(&s, fold, script, lang);
	size_t n = text_inflect_prefixes(fold, script, lens, PREFIXES_MAX);
	s.prefixed = true;
	for (size_t i = 0; i < n; i++)
		search_word(&s, (struct str){fold.s + lens[i], fold.len - lens[i]}, script, lang);
	return s.count;
}
