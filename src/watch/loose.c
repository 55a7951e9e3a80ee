#include "watch/loose.h"

#include "base/pages.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "watch/kin.h"
#include "watch/shape.h"

#include <stdlib.h>

#define FILTER_BITS_PER_KEY 8u
#define DOUBLED_VAV STR_LIT("וו")
#define VAV_BYTES 2u
#define ALIF STR_LIT("ا")
#define KOREAN_NAME_BYTES 9u /* three syllables of Hangul: with one letter other it is somebody else's */
#define PREFIXES_MAX 8

#define KEYS_MAX (TEXT_SOUND_KEYS_MAX * 4)

/* The keys of a word and its stems, each with the classes of the stems. */
struct keys {
	struct text_sound_key all[KEYS_MAX];
	uint32_t classes[KEYS_MAX];
	size_t count;
};

static void
merge_keys(struct keys *k, const struct text_sounds *sounds, unsigned classes)
{
	struct text_sound_key keys[TEXT_SOUND_KEYS_MAX * 2];
	size_t count = text_sound_keys(sounds, keys);
	for (size_t i = 0; i < count; i++) {
		size_t at = 0, before = k->count;
		k->count = text_sound_merge(k->all, k->count, KEYS_MAX, keys[i]);
		while (at < k->count && k->all[at].hash != keys[i].hash)
			at++;
		if (at < k->count)
			k->classes[at] = (at < before ? k->classes[at] : 0) | classes;
	}
}

static int
add_entry(struct watchlist *w, const struct keys *k, size_t at, uint32_t word)
{
	if (vec_reserve((void **)&w->loose, &w->loose_cap, w->loose_count + 1, sizeof *w->loose) < 0)
		return -1;
	w->loose[w->loose_count++] = (struct loose_entry){.key = (uint32_t)(k->all[at].hash >> 32),
	    .word = word,
	    .vowels = k->all[at].vowels,
	    .classes = k->classes[at]};
	return 0;
}

int
loose_add_word(struct watchlist *w, uint32_t word)
{
	struct keys keys = {.count = 0};
	struct shape shapes[SHAPES_MAX];
	struct text_sounds sounds;
	const struct list_word *lw = &w->words[word];

	if (lw->sounds_len == 0 || !text_sounds(list_word_fold(w, lw), (enum text_script)lw->script, &sounds))
		return 0;
	merge_keys(&keys, &sounds, LOOSE_WHOLE);
	size_t count = shapes_of(list_word_sounds(w, lw), (enum text_script)lw->script, lw->flags, shapes);
	for (size_t i = 0; i < count; i++) {
		struct text_sounds stem = {.len = shapes[i].len, .script = sounds.script};
		memcpy(stem.s, shapes[i].s, shapes[i].len);
		merge_keys(&keys, &stem, 1u << shapes[i].class | (shapes[i].alone ? LOOSE_ALONE : 0));
	}
	for (size_t i = 0; i < keys.count; i++) {
		if (add_entry(w, &keys, i, word) < 0)
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

#define SORT_FEW 32u

/* A bucket mostly has so few that a call for every comparison would cost more than all else. */
static void
sort_few(struct loose_entry *items, size_t count)
{
	if (count > SORT_FEW) {
		qsort(items, count, sizeof *items, by_key);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct loose_entry x = items[i];
		size_t at = i;
		for (; at > 0 && by_key(&items[at - 1], &x) > 0; at--)
			items[at] = items[at - 1];
		items[at] = x;
	}
}

static size_t
filter_bit(const struct watchlist *w, uint32_t key)
{
	return (size_t)((key * 0x9E3779B97F4A7C15u) >> w->loose_filter_shift);
}

static size_t
bucket_of(const struct watchlist *w, uint32_t key)
{
	return key >> w->loose_bucket_shift;
}

/* Puts the entries into their buckets, and each bucket in order: a million at once would take a comparison for every halving. */
static int
sort_entries(struct watchlist *w)
{
	unsigned bits = LOOSE_BUCKET_BITS_MIN;
	while (bits < LOOSE_BUCKET_BITS_MAX && w->loose_count >> bits > LOOSE_PER_BUCKET)
		bits++;
	w->loose_bucket_shift = 32 - bits;
	const size_t buckets = (size_t)1 << bits;
	struct loose_entry *sorted = pages_malloc((w->loose_count + 1) * sizeof *sorted);
	w->loose_buckets = pages_calloc(buckets + 2, sizeof *w->loose_buckets);
	if (sorted == NULL || w->loose_buckets == NULL) {
		free(sorted);
		return -1;
	}
	/* while they are filled, a bucket's beginning stands one further on */
	uint32_t *start = w->loose_buckets + 1;
	for (size_t i = 0; i < w->loose_count; i++)
		start[bucket_of(w, w->loose[i].key) + 1]++;
	for (size_t i = 0; i < buckets; i++)
		start[i + 1] += start[i];
	for (size_t i = 0; i < w->loose_count; i++)
		sorted[start[bucket_of(w, w->loose[i].key)]++] = w->loose[i];
	free(w->loose);
	w->loose = sorted;
	w->loose_cap = w->loose_count;
	for (size_t i = 0; i < buckets; i++)
		sort_few(sorted + w->loose_buckets[i], w->loose_buckets[i + 1] - w->loose_buckets[i]);
	return 0;
}

int
loose_finish(struct watchlist *w)
{
	unsigned bits = 12;
	while (((size_t)1 << bits) < w->loose_count * FILTER_BITS_PER_KEY)
		bits++;
	w->loose_filter_shift = 64 - bits;
	w->loose_filter = pages_calloc(((size_t)1 << bits) / 64, sizeof *w->loose_filter);
	if (w->loose_filter == NULL || sort_entries(w) < 0)
		return -1;
	for (size_t i = 0; i < w->loose_count; i++) {
		size_t bit = filter_bit(w, w->loose[i].key);
		w->loose_filter[bit / 64] |= (uint64_t)1 << (bit % 64);
	}
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

struct verdict {
	unsigned cost;
	bool equal;
};

enum letters { LETTERS_FREE, LETTERS_LATIN, LETTERS_OTHER }; /* whether they must be the same, and whose they are */

/* Letter for letter; in Latin letters a softened consonant is written c or s (Polska → Polsce, Czech → Czesi). */
static bool
same_letters(struct str shape, struct str stem, bool latin)
{
	bool same = shape.len == stem.len;
	for (size_t i = 0; i < shape.len && same; i++)
		same = shape.s[i] == stem.s[i] ||
		       (latin && ((shape.s[i] == 'C' && stem.s[i] == 'c') || (shape.s[i] == 'S' && stem.s[i] == 's')));
	return same;
}

/* `loan`: the script of syllables that one of them is in, and the other is not; else TEXT_COMMON. */
static void
compare(struct str stem, struct str with, bool exact, enum letters letters, bool free_vowels, enum text_script loan,
    struct verdict *best)
{
	struct text_sounds a, b;
	if (best->cost == 0 && best->equal)
		return;
	if (loan != TEXT_COMMON) {
		text_sounds_as_loan(stem, loan, &a);
		text_sounds_as_loan(with, loan, &b);
		stem = (struct str){a.s, a.len};
		with = (struct str){b.s, b.len};
	}
	unsigned most = exact || best->cost == 0 ? 0 : best->cost - 1;
	unsigned d = text_sound_distance(with, stem, free_vowels, false, most);
	bool equal = d == 0 && (exact || str_eq(with, stem));
	if (letters != LETTERS_FREE && !same_letters(with, stem, letters == LETTERS_LATIN))
		return;
	if (d <= most && (d < best->cost || equal))
		*best = (struct verdict){.cost = d, .equal = equal};
}

/* Scripts with several letters for one sound, without vowels or with long ones: what sounds alike may be another word (قابل, كابل). */
static bool
letters_tell(unsigned script)
{
	return script == TEXT_ARABIC || script == TEXT_HEBREW || script == TEXT_INDIC || script == TEXT_KATAKANA;
}

static bool
same_fold(const struct search *s, const struct cut *c, const struct list_word *lw)
{
	return str_eq((struct str){s->fold.s, c->fold}, list_word_fold(s->list, lw));
}

static bool
is_vowel_letter(char c)
{
	return strchr("aeiouy", c) != NULL;
}

/* The next letter of a folded word, which is taken from it. */
static struct str
take_letter(struct str *rest)
{
	size_t n = 0;
	utf8_next(*rest, &n);
	struct str letter = {rest->s, n};
	*rest = (struct str){rest->s + n, rest->len - n};
	return letter;
}

/* Two acronyms letter by letter, because they are not read as a word: ООН is no UNN. */
static bool
same_acronym(struct str a, enum text_script a_script, struct str b, enum text_script b_script)
{
	while (a.len > 0 && b.len > 0) {
		struct text_sounds x, y;
		if (!text_sounds(take_letter(&a), a_script, &x) || !text_sounds(take_letter(&b), b_script, &y) ||
		    text_sound_distance((struct str){x.s, x.len}, (struct str){y.s, y.len}, false, false, 0) > 0)
			return false;
	}
	return a.len == 0 && b.len == 0;
}

/*
 * May the word, cut here, be this acronym? In the same script it has the same letters, but for a vowel at the end that goes before an
 * ending (NATO, v NATu); in another one of up to three the same letters one by one.
 */
static bool
acronym_fits(const struct search *s, const struct cut *c, const struct list_word *lw)
{
	struct str stem = {s->fold.s, c->fold}, fold = list_word_fold(s->list, lw);
	enum text_script script = s->sounds.script, own = (enum text_script)lw->script;
	if (script == own) {
		size_t last = fold.len - (own == TEXT_LATIN && is_vowel_letter(fold.s[fold.len - 1]));
		return str_eq(stem, fold) || own != TEXT_LATIN ||
		       (c->classes != 0 && str_eq(stem, (struct str){fold.s, last}));
	}
	bool alphabets =
	    (script == TEXT_LATIN || script == TEXT_CYRILLIC) && (own == TEXT_LATIN || own == TEXT_CYRILLIC);
	return !alphabets || utf8_count(fold) > 3 || same_acronym(stem, script, fold, own);
}

/* How far the word, cut here, is from a word of the list, which has its key by the stems `keyed`; a cost above `most` when it is no form of it. */
static struct verdict
distance(const struct search *s, const struct cut *c, const struct list_word *lw, unsigned keyed, unsigned most)
{
	struct shape shapes[SHAPES_MAX];
	struct str stem = {s->sounds.s, c->sounds};
	bool free_vowels = lw->vowels_free || s->sounds.vowels_free, same_script = lw->script == s->sounds.script;
	struct verdict best = {.cost = most + 1};
	enum letters letters = lw->script == TEXT_LATIN ? LETTERS_LATIN : LETTERS_OTHER;

	enum text_script loan = same_script                                          ? TEXT_COMMON
	                        : text_sounds_syllabic(s->sounds.script)             ? s->sounds.script
	                        : text_sounds_syllabic((enum text_script)lw->script) ? (enum text_script)lw->script
	                                                                             : TEXT_COMMON;

	if (same_script && lw->script == TEXT_HANGUL && lw->fold_len <= KOREAN_NAME_BYTES && !same_fold(s, c, lw))
		return best;
	if ((lw->flags & LIST_WORD_UPPER) && !acronym_fits(s, c, lw))
		return best;
	struct str sounds = list_word_sounds(s->list, lw);
	if (c->classes == 0 && (keyed & LOOSE_WHOLE))
		compare(stem, sounds, false, LETTERS_FREE, free_vowels, loan, &best);
	size_t n = c->classes != 0 || (keyed & LOOSE_ALONE)
	               ? shapes_of(sounds, (enum text_script)lw->script, lw->flags, shapes)
	               : 0;
	for (size_t i = 0; i < n; i++) {
		bool alone = shapes[i].alone && (shapes[i].class == TEXT_CLASS_PL ? same_script : !same_script);
		if (shapes[i].alone ? !alone : !(c->classes & 1u << shapes[i].class))
			continue;
		if ((shapes[i].soft && !c->soft_tail) || (shapes[i].native && !same_script))
			continue;
		if (shapes[i].alone && c->classes != 0 && !(c->classes & 1u << shapes[i].class))
			continue;
		compare(stem, (struct str){shapes[i].s, shapes[i].len}, shapes[i].exact,
		    shapes[i].exact && same_script ? letters : LETTERS_FREE, free_vowels, loan, &best);
	}
	if (same_script && letters_tell(lw->script))
		best.equal = best.cost == 0 && same_fold(s, c, lw);
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

/* The higher, the sooner a candidate makes room for a better one. */
static unsigned
doubt(const struct candidate *c)
{
	return c->equal ? 0 : 1 + 2 * c->cost + (c->rule >= WATCH_RULE_TRANSLIT);
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
	struct candidate c = {.word = word, .cost = (uint8_t)v.cost, .rule = (uint8_t)rule, .equal = v.equal};
	if (s->count < CANDIDATES_MAX) {
		s->out[s->count++] = c;
		return;
	}
	struct candidate *worst = s->out;
	for (size_t i = 1; i < s->count; i++) {
		if (doubt(&s->out[i]) > doubt(worst))
			worst = &s->out[i];
	}
	if (doubt(&c) < doubt(worst))
		*worst = c;
}

/* In its own script a word may be spelt in another way only as far as whoever judges the whole name can use it. */
static unsigned
most_cost(const struct list_word *lw, enum text_script script)
{
	if (lw->script == script && !(lw->flags & (LIST_WORD_GIVEN | LIST_WORD_AMONG)))
		return lw->sounds_len / LOOSE_SOUNDS_PER_DOUBT;
	return loose_cost(lw->sounds_len);
}

static void
probe(struct search *s, const struct cut *c, const struct text_sound_key *key)
{
	const struct watchlist *w = s->list;
	uint32_t top = (uint32_t)(key->hash >> 32);
	size_t bucket = bucket_of(w, top);
	unsigned wanted = c->classes == 0 ? LOOSE_WHOLE | LOOSE_ALONE : c->classes;

	/* in a long list each of these words is new to the cache */
	for (uint32_t i = w->loose_buckets[bucket]; i < w->loose_buckets[bucket + 1]; i++) {
		if (w->loose[i].key == top)
			__builtin_prefetch(&w->words[w->loose[i].word]);
	}
	for (uint32_t i = w->loose_buckets[bucket]; i < w->loose_buckets[bucket + 1]; i++) {
		const struct loose_entry *e = &w->loose[i];
		if (e->key != top || !(e->classes & wanted))
			continue;
		const struct list_word *lw = &w->words[e->word];
		unsigned most = most_cost(lw, s->sounds.script);
		bool free_vowels = lw->vowels_free || s->sounds.vowels_free;
		if (!free_vowels && text_sound_at_least(key->vowels, e->vowels) > most)
			continue;
		struct verdict v = distance(s, c, lw, e->classes, most);
		if (v.cost <= most)
			add_candidate(s, e->word, v, rule_of(s, c, lw, v));
	}
}

/* Does any word of the list have this key? A few in a hundred that no word has pass all the same. */
static bool
known_key(const struct watchlist *w, const struct text_sound_key *key)
{
	size_t bit = filter_bit(w, (uint32_t)(key->hash >> 32));
	return w->loose_filter[bit / 64] >> (bit % 64) & 1;
}

bool
loose_may_know(const struct watchlist *w, const struct text_sounds *sounds)
{
	struct text_sound_key key = text_sound_key(sounds, sounds->len);
	return w->loose_count > 0 && known_key(w, &key);
}

/* Looks behind one place where the word may be cut. */
static void
cut_at(struct search *s, size_t at, uint32_t langs)
{
	struct str ending = {s->fold.s + at, s->fold.len - at};
	unsigned classes = ending.len > 0 ? text_inflect_classes(ending, s->sounds.script, langs) : 0;
	size_t before = sounds_before(&s->sounds, at);
	if (before < 2 || (classes == 0 && ending.len > 0))
		return;
	struct text_sound_key key = text_sound_key(&s->sounds, before);
	if (!known_key(s->list, &key))
		return;
	bool soft = before < s->sounds.len && strchr("eiyj", s->sounds.s[before]) != NULL;
	struct cut c = {.sounds = (unsigned char)before, .classes = classes, .soft_tail = soft, .fold = (uint32_t)at};
	probe(s, &c, &key);
}

static void
search_cuts(struct search *s, uint32_t langs)
{
	struct str fold = s->fold;
	size_t most = text_inflect_longest(s->sounds.script, langs);
	cut_at(s, fold.len, langs);
	for (size_t at = fold.len; at > 1 && fold.len - at < most;) {
		at--;
		if (((unsigned char)fold.s[at] & 0xC0) != 0x80)
			cut_at(s, at, langs);
	}
}

static void
search_word(struct search *s, struct str fold, enum text_script script, uint32_t langs)
{
	s->fold = fold;
	if (!text_sounds(fold, script, &s->sounds) || s->sounds.len < 2)
		return;
	bool otherwise = script == TEXT_GREEK || script == TEXT_LATIN || script == TEXT_ARABIC ||
	                 script == TEXT_HEBREW || script == TEXT_GEORGIAN;
	search_cuts(s, langs);
	if ((script == TEXT_KATAKANA && text_sounds_kana_otherwise(&s->sounds)) ||
	    (script == TEXT_CYRILLIC && text_sounds_open_e(&s->sounds, fold)) ||
	    (script == TEXT_INDIC && text_sounds_unspaced(&s->sounds, fold)) ||
	    (otherwise && text_sounds_otherwise(&s->sounds, text_inflect_c_is_ts(langs))))
		search_cuts(s, langs);
	if ((script == TEXT_GREEK && text_sounds(fold, script, &s->sounds) && text_sounds_hard_greek(&s->sounds)) ||
	    (script == TEXT_CYRILLIC && !text_inflect_is(langs, STR_LIT("uk")) &&
	        text_sounds_as_belarusian(fold, text_inflect_is(langs, STR_LIT("be")), &s->sounds)))
		search_cuts(s, langs);
}

#define SLIP_LETTERS_MIN 5u
#define SLIP_EDGE_MIN 8u /* in so long a word the first and the last letter may be one of the two */

static void
add_slip(struct search *s, struct str fold)
{
	uint32_t word = list_find_word(s->list, fold, text_fold_hash(fold));
	if (word == LIST_NONE || !(s->list->words[word].flags & LIST_WORD_LOOSE) || s->count == CANDIDATES_MAX)
		return;
	for (size_t i = 0; i < s->count; i++) {
		if (s->out[i].word == word)
			return;
	}
	s->out[s->count++] =
	    (struct candidate){.word = word, .cost = TEXT_SOUND_SLIP, .rule = WATCH_RULE_SPELLING, .slip = true};
}

/* Two neighbouring letters that have changed places: Thacther. Where there are capitals, and for a word that is nothing else. */
static void
find_slips(struct search *s, struct str fold, enum text_script script)
{
	char swapped[TEXT_WORD_FOLD_MAX];
	size_t at[TEXT_WORD_FOLD_MAX + 1], n = 0;
	bool cased = script == TEXT_LATIN || script == TEXT_CYRILLIC || script == TEXT_GREEK;
	if (!cased || fold.len > sizeof swapped || list_find_word(s->list, fold, text_fold_hash(fold)) != LIST_NONE)
		return;
	for (size_t i = 0; i < s->count; i++) {
		if (s->out[i].equal)
			return;
	}
	for (size_t i = 0; i < fold.len; i++) {
		if (((unsigned char)fold.s[i] & 0xC0) != 0x80)
			at[n++] = i;
	}
	at[n] = fold.len;
	if (n < SLIP_LETTERS_MIN)
		return;
	size_t from = n >= SLIP_EDGE_MIN ? 0 : 1, to = n >= SLIP_EDGE_MIN ? n - 1 : n - 2;
	for (size_t i = from; i < to; i++) {
		size_t first = at[i + 1] - at[i], second = at[i + 2] - at[i + 1];
		memcpy(swapped, fold.s, fold.len);
		memcpy(swapped + at[i], fold.s + at[i + 1], second);
		memcpy(swapped + at[i] + second, fold.s + at[i], first);
		add_slip(s, (struct str){swapped, fold.len});
	}
}

static void
add_kin_of(struct search *s, const struct candidate *form, uint32_t given)
{
	struct candidate c = {.word = given,
	    .cost = LOOSE_KIN_COST,
	    .rule = form->rule > WATCH_RULE_GIVEN ? form->rule : WATCH_RULE_GIVEN,
	    .equal = form->equal,
	    .kin = true};
	for (size_t i = 0; i < s->count; i++) {
		if (s->out[i].word != given)
			continue;
		if (s->out[i].cost > c.cost)
			s->out[i] = c;
		return;
	}
	if (s->count < CANDIDATES_MAX)
		s->out[s->count++] = c;
}

/* The given names of which what the word may be is another form. */
static void
find_kin(struct search *s)
{
	const struct watchlist *w = s->list;
	if (w->kin_count == 0)
		return;
	const struct list_kin *end = w->kin + w->kin_count;
	for (size_t i = 0, count = s->count; i < count; i++) {
		const struct candidate form = s->out[i];
		const struct list_word *lw = &w->words[form.word];
		if (!lw->kin || form.cost > 0 || form.kin || (lw->script == s->sounds.script && !form.equal))
			continue;
		for (const struct list_kin *k = kin_find(w, form.word); k < end && k->form == form.word; k++)
			add_kin_of(s, &form, k->given);
	}
}

/* The Arabic article loses its first letter behind l-: الرياض, للرياض (Ryding 2005, ch. 7). */
static void
search_behind_l(struct search *s, struct str fold, enum text_script script, uint32_t langs)
{
	char whole[TEXT_WORD_FOLD_MAX];
	if (!str_starts(fold, STR_LIT("لل")) || fold.len > sizeof whole)
		return;
	memcpy(whole, ALIF.s, ALIF.len);
	memcpy(whole + ALIF.len, fold.s + ALIF.len, fold.len - ALIF.len); /* both letters take as many bytes */
	search_word(s, (struct str){whole, fold.len}, script, langs);
}

size_t
loose_find(const struct watchlist *w, struct str fold, enum text_script script, uint32_t langs,
    struct candidate out[CANDIDATES_MAX])
{
	struct search s = {.list = w, .out = out};
	size_t lens[PREFIXES_MAX];

	if (w->loose_count == 0)
		return 0;
	search_word(&s, fold, script, langs);
	size_t n = text_inflect_prefixes(fold, script, lens, PREFIXES_MAX);
	s.prefixed = true;
	for (size_t i = 0; i < n; i++) {
		struct str rest = {fold.s + lens[i], fold.len - lens[i]};
		search_word(&s, rest, script, langs);
		if (str_starts(rest,
		        DOUBLED_VAV)) /* in Hebrew a vav is doubled behind what is written on (Academy's rules of spelling) */
			search_word(&s, (struct str){rest.s + VAV_BYTES, rest.len - VAV_BYTES}, script, langs);
	}
	search_behind_l(&s, fold, script, langs);
	find_slips(&s, fold, script);
	find_kin(&s);
	return s.count;
}
