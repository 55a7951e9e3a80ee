#include "story/features.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "text/words.h"

#include <stdlib.h>

#define DATELINE_WORDS_MAX 9
#define DATELINE_REST_MIN 6
#define STEM_LETTERS 5
#define STEM_WEIGHT 2
#define TEXT_BYTES_MAX (64u * 1024) /* more than STORY_WORDS_MAX words ever take */

static const struct {
	const char *written, *meant;
} units[] = {
#define UNIT(written, meant) {written, meant},
#include "story/units.def"
#undef UNIT
};

static uint32_t
hash_word(struct str word)
{
	for (size_t i = 0; word.len <= 8 && i < sizeof units / sizeof *units; i++) {
		if (str_is(word, units[i].written))
			word = str_from(units[i].meant);
	}
	return (uint32_t)hash64(word, 1) & ~1u;
}

/* ---- words, with numbers put together again ---- */

struct words {
	uint32_t *hashes;
	size_t count;
	size_t dateline; /* words before the text proper */
};

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

static int
read_words(struct str text, struct arena *arena, struct words *out, struct err *err)
{
	struct text_words w;
	text = utf8_truncate(text, TEXT_BYTES_MAX);
	if (text_words(arena, text, &w, err) < 0)
		return -1;
	*out = (struct words){.hashes = arena_alloc(arena, (w.count + 1) * sizeof *out->hashes)};
	if (out->hashes == NULL)
		return arena_check(arena, err);
	size_t dateline = dateline_end(&w);
	for (size_t i = 0, next; i < w.count; i = next) {
		for (next = i + 1; next < w.count && continues_number(&w.items[next - 1], &w.items[next], text); next++)
			continue;
		if (i == dateline)
			out->dateline = out->count;
		out->hashes[out->count++] = w.items[i].flags & TEXT_WORD_DIGITS
		                                ? hash_number(&w, i, next)
		                                : hash_word(text_word_fold(&w, &w.items[i]));
	}
	return 0;
}

/* Without what is the outlet's and not the report's. */
static void
strip(struct words *w, struct story_habits *habits, struct str feed, char place)
{
	size_t lead, tail;
	story_habits_learn(habits, feed, place, w->hashes, w->count, &lead, &tail);
	if (w->dateline > lead && w->dateline + tail + DATELINE_REST_MIN < w->count)
		lead = w->dateline;
	w->hashes += lead;
	w->count -= lead + tail;
	if (w->count > STORY_WORDS_MAX)
		w->count = STORY_WORDS_MAX;
}

/* ---- sets ---- */

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static size_t
make_set(uint32_t *items, size_t count)
{
	size_t n = 0;
	if (count > 1)
		qsort(items, count, sizeof *items, compare);
	for (size_t i = 0; i < count; i++) {
		if (n == 0 || items[i] != items[n - 1])
			items[n++] = items[i];
	}
	return n;
}

static uint32_t
mix(uint32_t a, uint32_t b)
{
	uint64_t h = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15u;
	return (uint32_t)(h >> 32);
}

static void
add_words(const struct words *w, struct arena *arena, struct story_features *out)
{
	uint32_t *words = arena_alloc(arena, w->count * sizeof *words),
	         *pairs = arena_alloc(arena, w->count * sizeof *pairs);
	if (words == NULL || pairs == NULL)
		return;
	for (size_t i = 0; i < w->count; i++) {
		words[i] = w->hashes[i];
		if (i > 0)
			pairs[i - 1] = mix(w->hashes[i - 1], w->hashes[i]);
	}
	out->words = words;
	out->word_count = make_set(words, w->count);
	out->pairs = pairs;
	out->pair_count = make_set(pairs, w->count > 0 ? w->count - 1 : 0);
	for (size_t i = 0; i < out->word_count; i++)
		out->number_count += story_is_number(words[i]);
}

/* The first letters of a word, without its endings; twice, for it says more than any of its pieces. */
static size_t
add_stem(uint32_t *pieces, size_t count, struct str word)
{
	size_t pos = 0;
	for (size_t n = 0; n < STEM_LETTERS && pos < word.len; n++)
		utf8_next(word, &pos);
	uint32_t stem = (uint32_t)hash64((struct str){word.s, pos}, 2);
	for (size_t k = 0; k < STEM_WEIGHT && count < STORY_PIECES_MAX; k++)
		pieces[count++] = stem + (uint32_t)k;
	return count;
}

/* Four characters at a time over the folded title, words joined by one space. */
static int
add_pieces(struct str title, size_t lead, size_t tail, struct arena *arena, struct story_features *out, struct err *err)
{
	struct text_words w;
	uint32_t last[4] = {0};
	size_t seen = 0, count = 0;
	uint32_t *pieces = arena_alloc(arena, STORY_PIECES_MAX * sizeof *pieces);

	if (pieces == NULL || text_words(arena, title, &w, err) < 0)
		return pieces == NULL ? arena_check(arena, err) : -1;
	if (lead + tail >= w.count)
		lead = tail = 0;
	for (size_t i = lead; i < w.count - tail; i++) {
		struct str word = text_word_fold(&w, &w.items[i]);
		count = add_stem(pieces, count, word);
		for (size_t pos = 0, first = i > lead; pos < word.len || first > 0;) {
			uint32_t cp = first > 0 ? ' ' : utf8_next(word, &pos);
			first = 0;
			memmove(last, last + 1, 3 * sizeof *last);
			last[3] = cp;
			if (++seen >= 4 && count < STORY_PIECES_MAX)
				pieces[count++] = mix(mix(last[0], last[1]), mix(last[2], last[3]));
		}
	}
	out->pieces = pieces;
	out->piece_count = make_set(pieces, count);
	return 0;
}

int
story_features(const struct story_text *t, struct story_habits *habits, struct arena *arena, struct story_features *out,
    struct err *err)
{
	struct words body, title;
	size_t lead, tail;
	struct str head = utf8_truncate(t->title, 2048);

	*out = (struct story_features){0};
	if (read_words(t->text, arena, &body, err) < 0 || read_words(head, arena, &title, err) < 0)
		return -1;
	strip(&body, habits, t->feed, 't');
	story_habits_learn(habits, t->feed, 'h', title.hashes, title.count, &lead, &tail);
	add_words(&body, arena, out);
	if (add_pieces(head, lead, tail, arena, out, err) < 0)
		return -1;
	return arena_check(arena, err);
}
