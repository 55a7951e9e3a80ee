#include "story/features.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "text/translit.h"
#include "text/words.h"

#define DATELINE_WORDS_MAX 9
#define STEM_LETTERS 4
#define UNIT_LETTERS_MAX 8u
#define STEM_WEIGHT 2
#define TEXT_BYTES_MAX (16u * 1024) /* more than STORY_READ_MAX words take */
#define TITLE_BYTES_MAX 2048

#define UNITS (sizeof units / sizeof *units)
static const struct {
	struct str written, meant;
} units[] = {
#define UNIT(written, meant) {{(written), sizeof(written) - 1}, {(meant), sizeof(meant) - 1}},
#include "story/units.def"
#undef UNIT
};

/* A bit for the first two letters, and one for the first, the last and how many there are. */
static inline unsigned
beginning(const char *word, size_t len)
{
	return ((unsigned char)word[0] * 5u + (unsigned char)word[len > 1]) & 63;
}

static inline unsigned
outline(const char *word, size_t len)
{
	return ((unsigned char)word[0] * 11u + (unsigned char)word[len - 1] + (unsigned)len * 7) & 63;
}

/* Few words look like one of them. The compiler works out what they look like; no step depends on whether this one does, for
 * that cannot be foretold. The word is not empty. */
static inline bool
may_be_unit(struct str word)
{
	uint64_t beginnings = 0, outlines = 0;
#define UNIT(written, meant) \
	beginnings |= (uint64_t)1 << beginning(written, sizeof(written) - 1); \
	outlines |= (uint64_t)1 << outline(written, sizeof(written) - 1);
#include "story/units.def"
#undef UNIT
	return beginnings >> beginning(word.s, word.len) & outlines >> outline(word.s, word.len) &
	       (word.len <= UNIT_LETTERS_MAX) & 1;
}

static struct str
as_meant(struct str word)
{
	for (size_t i = 0; i < UNITS; i++) {
		if (str_eq(word, units[i].written))
			return units[i].meant;
	}
	return word;
}

/* ---- words, with numbers put together again ---- */

/* "1,234.5" and "12-1/2" are one number each: digits with one such sign between them. Separators differ by language. */
static bool
continues_number(const struct text_word *a, const struct text_word *b, struct str text)
{
	return (a->flags & TEXT_WORD_DIGITS) && (b->flags & TEXT_WORD_DIGITS) && b->start == a->end + 1 &&
	       memchr(",.-/:", text.s[a->end], 5) != NULL;
}

static uint32_t
hash_number(const struct text_words *w, size_t from, size_t to)
{
	uint64_t h = 7;
	for (size_t i = from; i < to; i++) {
		struct str digits = text_word_fold(w, &w->items[i]);
		for (size_t k = 0; k < digits.len; k++)
			h = (h ^ (unsigned char)digits.s[k]) * 0x100000001B3u;
	}
	return (uint32_t)(h >> 20) | 1;
}

/* "LONDON, May 4 (Agency) - ": starts in capitals and ends at a dash or a colon within a few words. */
static size_t
dateline_end(const struct text_words *w)
{
	if (w->count == 0 || !(w->items[0].flags & TEXT_WORD_UPPER))
		return 0;
	for (size_t i = 1; i <= DATELINE_WORDS_MAX && i < w->count; i++) {
		uint16_t gap = w->items[i].gap;
		if ((gap & TEXT_GAP_SPACE) && (gap & (TEXT_GAP_DASH | TEXT_GAP_HYPHEN | TEXT_GAP_STOP)))
			return i;
	}
	return 0;
}

/* Returns how many words stand before word number `start`, numbers taken for one word each. */
static uint16_t
hash_words(const struct text_words *w, struct str text, size_t max, size_t start, uint32_t *out, uint16_t *count)
{
	struct str words[STORY_READ_MAX]; /* absent where a number stands */
	uint64_t hashes[STORY_READ_MAX];
	uint16_t may_be_units[STORY_READ_MAX + 1], before = 0;
	size_t n = 0, unit_count = 0;
	words[0] = STR_NONE; /* the text may have none */
	for (size_t i = 0, next; i < w->count && n < max; i = next, n++) {
		for (next = i + 1; next < w->count && continues_number(&w->items[next - 1], &w->items[next], text);)
			next++;
		if (i == start)
			before = (uint16_t)n;
		words[n] = STR_NONE;
		if (w->items[i].flags & TEXT_WORD_DIGITS) {
			out[n] = hash_number(w, i, next);
			continue;
		}
		words[n] = text_word_fold(w, &w->items[i]);
		may_be_units[unit_count] = (uint16_t)n;
		unit_count += words[n].len > 0 && may_be_unit(words[n]);
	}
	for (size_t i = 0; i < unit_count; i++)
		words[may_be_units[i]] = as_meant(words[may_be_units[i]]);
	hash64_all(words, n, 1, hashes);
	for (size_t i = 0; i < n; i++)
		out[i] = words[i].s != NULL ? (uint32_t)hashes[i] & ~1u : out[i];
	*count = (uint16_t)n;
	return before;
}

/* ---- sounds of the title ---- */

#define NOTHING '\1'

static const struct {
	struct str written;
	char meant;
} sounds[] = {
#define SOUND(written, meant) {STR_INIT(written), meant},
#define LETTER(written, meant)
#include "story/sounds.def"
#undef SOUND
#undef LETTER
};

/* Zero for a letter that stands for itself. */
static const char letters[256] = {
#define SOUND(written, meant)
#define LETTER(written, meant) [written] = (meant),
#include "story/sounds.def"
#undef SOUND
#undef LETTER
};

/* Few pairs of letters look like the beginning of a sound. The compiler works out what they look like. */
static inline bool
may_be_sound(char a, char b)
{
	uint64_t first = 0, second = 0;
#define SOUND(written, meant) \
	first |= (uint64_t)1 << ((written)[0] & 63); \
	second |= (uint64_t)1 << ((written)[1] & 63);
#define LETTER(written, meant)
#include "story/sounds.def"
#undef SOUND
#undef LETTER
	return first >> (a & 63) & second >> (b & 63) & 1;
}

/* How many bytes of the word are one sound with several letters; 0 = none. */
static size_t
one_sound(struct str word, char *meant)
{
	for (size_t k = 0; k < sizeof sounds / sizeof *sounds; k++) {
		if (str_starts(word, sounds[k].written)) {
			*meant = sounds[k].meant;
			return sounds[k].written.len;
		}
	}
	return 0;
}

/*
 * A folded word as its sounds. Scripts that write their vowels are written in Latin letters first; what neither writes
 * vowels nor sounds stays as it is. `out` has room for word.len.
 */
static struct str
sounds_of(struct str word, enum text_script script, struct text_sounds *latin, char *out)
{
	size_t n = 0;
	char last = '\0';
	bool writes_vowels = script != TEXT_LATIN && script != TEXT_INDIC; /* the scripts of India leave out an a */
	if (writes_vowels && text_sounds(word, script, latin) && !latin->vowels_free)
		word = (struct str){latin->s, latin->len};
	for (size_t at = 0, len; at < word.len; at += len) {
		struct str rest = {word.s + at, word.len - at};
		char meant = letters[(unsigned char)*rest.s];
		len = rest.len > 1 && may_be_sound(rest.s[0], rest.s[1]) ? one_sound(rest, &meant) : 0;
		len = len > 0 ? len : 1;
		bool none = meant == NOTHING || (meant != '\0' && meant == last);
		last = none ? last : meant != '\0' ? meant : *rest.s;
		out[n] = last;
		n += !none;
	}
	return (struct str){out, n};
}

/* ---- pieces of the title ---- */

struct pieces {
	struct story_piece *items;
	size_t count;
	uint32_t cp;       /* the last character … */
	uint32_t pairs[2]; /* … the last two pairs of neighbours, mixed, the older one first … */
	uint16_t words[3]; /* … and the words that the last three characters belong to */
	size_t seen;
};

static inline uint32_t
mix(uint32_t a, uint32_t b)
{
	uint64_t h = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15u;
	return (uint32_t)(h >> 32);
}

static inline void
add_piece(struct pieces *p, uint32_t hash, uint16_t from, uint16_t to)
{
	if (p->count < STORY_PIECES_MAX)
		p->items[p->count++] = (struct story_piece){hash, from, to};
}

static inline void
add_character(struct pieces *p, uint32_t cp, uint16_t word)
{
	uint32_t pair = mix(p->cp, cp);
	if (++p->seen >= 4)
		add_piece(p, mix(p->pairs[0], pair), p->words[0], word);
	p->pairs[0] = p->pairs[1];
	p->pairs[1] = pair;
	p->words[0] = p->words[1];
	p->words[1] = p->words[2];
	p->words[2] = word;
	p->cp = cp;
}

static inline uint32_t
next_character(struct str word, size_t *pos)
{
	unsigned char c = (unsigned char)word.s[*pos];
	if (c >= 0x80)
		return utf8_next(word, pos);
	++*pos;
	return c;
}

/* The first letters of a word, without its endings; twice, for it says more than any of its pieces. */
static void
add_stem(struct pieces *p, struct str word, uint16_t number)
{
	size_t pos = 0;
	for (size_t n = 0; n < STEM_LETTERS && pos < word.len; n++)
		next_character(word, &pos);
	uint32_t stem = (uint32_t)hash64((struct str){word.s, pos}, 2);
	for (uint32_t k = 0; k < STEM_WEIGHT; k++)
		add_piece(p, stem + k, number, number);
}

/* Four characters at a time over the sounds of the title, words joined by one space. */
static void
cut_pieces(const struct text_words *w, struct pieces *p)
{
	for (size_t i = 0; i < w->count && i < STORY_TITLE_MAX; i++) {
		struct text_sounds latin;
		char room[TITLE_BYTES_MAX];
		struct str word = utf8_truncate(text_word_fold(w, &w->items[i]), sizeof room);
		word = sounds_of(word, w->items[i].script, &latin, room);
		add_stem(p, word, (uint16_t)i);
		if (i > 0)
			add_character(p, ' ', (uint16_t)i);
		for (size_t pos = 0; pos < word.len;)
			add_character(p, next_character(word, &pos), (uint16_t)i);
	}
}

static void *
copy(struct arena *arena, const void *items, size_t bytes)
{
	void *to = arena_alloc(arena, bytes + 1);
	if (to != NULL && bytes > 0)
		memcpy(to, items, bytes);
	return to;
}

/* Those that are there already, unless more was read than is looked at. */
static int
words_of(struct str s, size_t bytes_max, const struct text_words *there, struct arena *arena, struct text_words *out,
    struct err *err)
{
	if (there == NULL || s.len > bytes_max)
		return text_words(arena, utf8_truncate(s, bytes_max), out, err);
	*out = *there;
	return 0;
}

/* The arena keeps the hashes only: words are looked at by the page, and there may be thousands of items. */
static int
read_text(
    struct str text, const struct text_words *there, struct arena *arena, struct story_features *out, struct err *err)
{
	uint32_t hashes[STORY_READ_MAX];
	struct arena_mark mark = arena_mark(arena);
	struct text_words w;
	if (words_of(text, TEXT_BYTES_MAX, there, arena, &w, err) < 0)
		return -1;
	out->dateline = hash_words(&w, text, STORY_READ_MAX, dateline_end(&w), hashes, &out->word_count);
	arena_rollback(arena, mark);
	out->words = copy(arena, hashes, out->word_count * sizeof *hashes);
	return arena_check(arena, err);
}

static int
read_title(
    struct str title, const struct text_words *there, struct arena *arena, struct story_features *out, struct err *err)
{
	uint32_t hashes[STORY_TITLE_MAX];
	struct story_piece items[STORY_PIECES_MAX];
	struct pieces p = {.items = items};
	struct arena_mark mark = arena_mark(arena);
	struct text_words w;
	if (words_of(title, TITLE_BYTES_MAX, there, arena, &w, err) < 0)
		return -1;
	hash_words(&w, title, STORY_TITLE_MAX, 0, hashes, &out->title_count);
	cut_pieces(&w, &p);
	arena_rollback(arena, mark);
	out->piece_count = (uint16_t)p.count;
	out->title_words = copy(arena, hashes, out->title_count * sizeof *hashes);
	out->pieces = copy(arena, items, p.count * sizeof *items);
	return arena_check(arena, err);
}

int
story_features_of(const struct story_text *t, const struct text_words *title, const struct text_words *text,
    struct arena *arena, struct story_features *out, struct err *err)
{
	*out = (struct story_features){0};
	if (read_text(t->text, text, arena, out, err) < 0)
		return -1;
	return read_title(t->title, title, arena, out, err);
}

int
story_features(const struct story_text *t, struct arena *arena, struct story_features *out, struct err *err)
{
	return story_features_of(t, NULL, NULL, arena, out, err);
}
