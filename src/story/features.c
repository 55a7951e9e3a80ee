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
static inline uint64_t
beginning(const char *word)
{
	return (uint64_t)1 << (((unsigned char)word[0] * 5u + (unsigned char)word[1]) & 63);
}

static inline uint64_t
outline(const char *word, size_t len)
{
	return (uint64_t)1 << (((unsigned char)word[0] * 11u + (unsigned char)word[len - 1] + len * 7) & 63);
}

/* Few words look like one of them. The compiler works out what they look like. */
static inline bool
may_be_unit(struct str word)
{
	uint64_t beginnings = 0, outlines = 0;
#define UNIT(written, meant) \
	beginnings |= beginning(written); \
	outlines |= outline(written, sizeof(written) - 1);
#include "story/units.def"
#undef UNIT
	return word.len >= 2 && word.len <= UNIT_LETTERS_MAX && (beginnings & beginning(word.s)) &&
	       (outlines & outline(word.s, word.len));
}

static uint32_t
hash_word(struct str word)
{
	for (size_t i = may_be_unit(word) ? 0 : UNITS; i < UNITS; i++) {
		if (str_eq(word, units[i].written))
			word = units[i].meant;
	}
	return (uint32_t)hash64(word, 1) & ~1u;
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
	uint16_t before = 0;
	*count = 0;
	for (size_t i = 0, next; i < w->count && *count < max; i = next) {
		for (next = i + 1; next < w->count && continues_number(&w->items[next - 1], &w->items[next], text);)
			next++;
		if (i == start)
			before = *count;
		out[(*count)++] = w->items[i].flags & TEXT_WORD_DIGITS ? hash_number(w, i, next)
		                                                       : hash_word(text_word_fold(w, &w->items[i]));
	}
	return before;
}

/* ---- sounds of the title ---- */

static const struct {
	const char *written;
	size_t len;
	const char *meant;
} sounds[] = {
#define SOUND(written, meant) {written, sizeof(written) - 1, meant},
#include "story/sounds.def"
#undef SOUND
};

/* How many bytes at `at` are one sound of the table; 0 = a letter that stands for itself. */
static size_t
one_sound(struct str word, size_t at, const char **meant)
{
	static const bool begins[256] = {['C'] = true,
	    ['H'] = true,
	    ['@'] = true,
	    ['c'] = true,
	    ['i'] = true,
	    ['j'] = true,
	    ['k'] = true,
	    ['s'] = true,
	    ['t'] = true,
	    ['w'] = true,
	    ['x'] = true,
	    ['y'] = true,
	    ['z'] = true};
	if (!begins[(unsigned char)word.s[at]]) /* how the table's rows begin */
		return 0;
	for (size_t k = 0; k < sizeof sounds / sizeof *sounds; k++) {
		size_t len = sounds[k].len;
		*meant = sounds[k].meant;
		if (word.s[at] == sounds[k].written[0] && word.len - at >= len &&
		    memcmp(word.s + at + 1, sounds[k].written + 1, len - 1) == 0)
			return len;
	}
	return 0;
}

/*
 * A folded word as its sounds. Scripts that write their vowels are written in Latin letters first; what neither writes
 * vowels nor sounds stays as it is. A sound of the table that follows itself counts once. `out` has room for word.len.
 */
static struct str
sounds_of(struct str word, enum text_script script, struct text_sounds *latin, char *out)
{
	size_t n = 0;
	if (script != TEXT_LATIN && text_sounds(word, script, latin) && !latin->vowels_free)
		word = (struct str){latin->s, latin->len};
	for (size_t at = 0, len; at < word.len; at += len) {
		const char *meant = NULL;
		if ((len = one_sound(word, at, &meant)) == 0) {
			len = 1;
			out[n++] = word.s[at];
		} else if (*meant != '\0' && (n == 0 || out[n - 1] != *meant)) {
			out[n++] = *meant;
		}
	}
	return (struct str){out, n};
}

/* ---- pieces of the title ---- */

struct pieces {
	struct story_piece *items;
	size_t count;
	struct { /* the last four characters, and the word that each belongs to */
		uint32_t cp;
		uint16_t word;
	} last[4];
	size_t seen;
};

static uint32_t
mix(uint32_t a, uint32_t b)
{
	uint64_t h = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15u;
	return (uint32_t)(h >> 32);
}

static void
add_piece(struct pieces *p, uint32_t hash, uint16_t from, uint16_t to)
{
	if (p->count < STORY_PIECES_MAX)
		p->items[p->count++] = (struct story_piece){hash, from, to};
}

static void
add_character(struct pieces *p, uint32_t cp, uint16_t word)
{
	memmove(p->last, p->last + 1, 3 * sizeof *p->last);
	p->last[3].cp = cp;
	p->last[3].word = word;
	if (++p->seen >= 4)
		add_piece(p, mix(mix(p->last[0].cp, p->last[1].cp), mix(p->last[2].cp, p->last[3].cp)), p->last[0].word,
		    word);
}

/* The first letters of a word, without its endings; twice, for it says more than any of its pieces. */
static void
add_stem(struct pieces *p, struct str word, uint16_t number)
{
	size_t pos = 0;
	for (size_t n = 0; n < STEM_LETTERS && pos < word.len; n++)
		utf8_next(word, &pos);
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
			add_character(p, utf8_next(word, &pos), (uint16_t)i);
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
