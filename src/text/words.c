#include "text/words.h"

#include "base/utf8.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#define FOLD_SLACK 64 /* more than one character can fold to */
#define HASH_SEED 0x9E3779B97F4A7C15u
#define HASH_KEY 0xD6E8FEB86659FD93u

__extension__ typedef unsigned __int128 product;

/* The mixing step of wyhash (https://github.com/wangyi-fudan/wyhash): a full product, folded. */
static inline uint64_t
mix(uint64_t a, uint64_t b)
{
	product p = (product)a * b;
	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

struct scan {
	struct str s;
	struct arena *arena;
	struct text_words *out;
	size_t cap; /* of out->items */
	char *folded;
	size_t folded_len, folded_cap;
	struct text_word word; /* being built */
	bool open;
	unsigned letters, capitals;
	uint16_t gap;
	uint32_t sentence;
	uint16_t paragraph;
};

/* Signs that are told apart; the rest is TEXT_GAP_OTHER. */
#define END (TEXT_GAP_STOP | TEXT_GAP_END)
/* clang-format off */
static const struct {
	uint32_t cp;
	unsigned gap;
} signs[] = {
    {'-', TEXT_GAP_HYPHEN}, {0x2010, TEXT_GAP_HYPHEN}, {0x2011, TEXT_GAP_HYPHEN}, {0x05BE, TEXT_GAP_HYPHEN}, {0xFE63, TEXT_GAP_HYPHEN},
    {0xFF0D, TEXT_GAP_HYPHEN}, {0x2012, TEXT_GAP_DASH}, {0x2013, TEXT_GAP_DASH}, {0x2014, TEXT_GAP_DASH}, {0x2015, TEXT_GAP_DASH},
    {'\'', TEXT_GAP_APOS}, {0x2019, TEXT_GAP_APOS}, {0x2018, TEXT_GAP_APOS}, {0x201B, TEXT_GAP_APOS}, {'`', TEXT_GAP_APOS},
    {0xB4, TEXT_GAP_APOS}, {0x2032, TEXT_GAP_APOS}, {0xFF07, TEXT_GAP_APOS}, {0x05F3, TEXT_GAP_APOS}, {0x055A, TEXT_GAP_APOS},
    {'.', TEXT_GAP_DOT}, {0xFF0E, TEXT_GAP_DOT}, {',', TEXT_GAP_COMMA}, {0x060C, TEXT_GAP_COMMA}, {0x3001, TEXT_GAP_COMMA},
    {0xFF0C, TEXT_GAP_COMMA}, {'"', TEXT_GAP_QUOTE}, {0x201C, TEXT_GAP_QUOTE}, {0x201D, TEXT_GAP_QUOTE}, {0x201E, TEXT_GAP_QUOTE},
    {0x201A, TEXT_GAP_QUOTE}, {0xAB, TEXT_GAP_QUOTE}, {0xBB, TEXT_GAP_QUOTE}, {0x2039, TEXT_GAP_QUOTE}, {0x203A, TEXT_GAP_QUOTE},
    {0x05F4, TEXT_GAP_QUOTE}, {0x300C, TEXT_GAP_QUOTE}, {0x300D, TEXT_GAP_QUOTE}, {0x300A, TEXT_GAP_QUOTE}, {0x300B, TEXT_GAP_QUOTE},
    {'!', END}, {'?', END}, {';', TEXT_GAP_STOP}, {':', TEXT_GAP_STOP}, {0x2026, END}, {0x3002, END},
    {0xFF01, END}, {0xFF1F, END}, {0xFF1A, TEXT_GAP_STOP}, {0xFF1B, TEXT_GAP_STOP}, {0x061F, END},
    {0x061B, TEXT_GAP_STOP}, {0x06D4, END}, {0x0964, END}, {0x037E, END}, {0x0965, END}, {0xFF61, END}, {0x17D4, END}, {0x104B, END}, {0x0589, END}, {0xB7, TEXT_GAP_MIDDOT},
    {0x30FB, TEXT_GAP_MIDDOT}, {0xFF65, TEXT_GAP_MIDDOT}, {0x2022, TEXT_GAP_MIDDOT}, {0x2027, TEXT_GAP_MIDDOT}, {'&', TEXT_GAP_AND},
    {'+', TEXT_GAP_AND}, {0xFF06, TEXT_GAP_AND},
};
/* clang-format on */

static unsigned
gap_of(uint32_t cp)
{
	if ((cp >= 0x02B9 && cp <= 0x02BF) || cp == 0x02C8)
		return TEXT_GAP_APOS;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		if (signs[i].cp == cp)
			return signs[i].gap;
	}
	return cp != UTF8_INVALID && u_isUWhiteSpace((UChar32)cp) ? TEXT_GAP_SPACE : TEXT_GAP_OTHER;
}

static uint64_t
load(const char *p, size_t n)
{
	uint64_t v = 0;
	memcpy(&v, p, n < 8 ? n : 8);
	return v;
}

uint32_t
text_fold_hash(struct str fold)
{
	uint64_t h = HASH_SEED + fold.len;
	for (size_t at = 0; at < fold.len; at += 16) {
		size_t left = fold.len - at;
		h = mix(h ^ load(fold.s + at, left), HASH_KEY ^ (left > 8 ? load(fold.s + at + 8, left - 8) : 0));
	}
	return (uint32_t)(h ^ h >> 32);
}

/* Abbreviations that a name follows: their full stop ends no sentence. */
static const char *const abbreviations[] = {"mr", "mrs", "ms", "dr", "prof", "gen", "col", "maj", "lt", "sgt", "capt",
    "sen", "rep", "gov", "pres", "rev", "hon", "st", "sra", "sr", "dra", "dott", "ing", "mag", "mme", "mgr", "vs",
    "bzw", "hr", "fr", "nr", "им", "ул", "св", "гр", "проф", "ген", "акад", "тов"};

static size_t
letters_of(struct str fold)
{
	size_t n = 0;
	for (size_t i = 0; i < fold.len; i++)
		n += ((unsigned char)fold.s[i] & 0xC0) != 0x80;
	return n;
}

static bool
abbreviated(const struct scan *sc)
{
	const struct text_word *last = &sc->out->items[sc->out->count - 1];
	struct str fold = {sc->folded + last->fold, last->fold_len};
	if (text_script_single((enum text_script)last->script))
		return false;
	if (letters_of(fold) <= ((last->flags & TEXT_WORD_DIGITS) ? 2 : 1))
		return true;
	for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++) {
		if (str_is(fold, abbreviations[i]))
			return true;
	}
	return false;
}

/* Does a sentence end before the word that has just been read? */
static bool
ends_sentence(const struct scan *sc)
{
	uint16_t gap = sc->word.gap;
	if (gap & TEXT_GAP_PARAGRAPH)
		return true;
	bool small = (sc->word.flags & TEXT_WORD_CASED) && !(sc->word.flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
	if (gap & TEXT_GAP_END)
		return !small || !(gap & TEXT_GAP_SPACE);
	return (gap & TEXT_GAP_DOT) && (gap & TEXT_GAP_SPACE) && !small && !abbreviated(sc);
}

static void
number(struct scan *sc)
{
	if (sc->out->count > 0 && ends_sentence(sc))
		sc->sentence++;
	if (sc->out->count > 0 && (sc->word.gap & TEXT_GAP_PARAGRAPH) && sc->paragraph < UINT16_MAX)
		sc->paragraph++;
	sc->word.sentence = sc->sentence;
	sc->word.paragraph = sc->paragraph;
}

static void
close_word(struct scan *sc)
{
	if (!sc->open)
		return;
	sc->open = false;
	if (sc->word.fold_len == 0)
		return;
	if (sc->letters >= 2 && sc->capitals == sc->letters)
		sc->word.flags |= TEXT_WORD_UPPER;
	struct text_word *items = arena_grow(sc->arena, sc->out->items, &sc->cap, sc->out->count, sizeof *items);
	if (items == NULL)
		return;
	sc->out->items = items;
	number(sc);
	sc->word.hash = text_fold_hash((struct str){sc->folded + sc->word.fold, sc->word.fold_len});
	items[sc->out->count++] = sc->word;
	sc->gap = 0;
}

static void
open_word(struct scan *sc, size_t start, enum text_script script)
{
	sc->open = true;
	sc->letters = sc->capitals = 0;
	sc->word = (struct text_word){.start = (uint32_t)start,
	    .fold = (uint32_t)sc->folded_len,
	    .gap = sc->gap,
	    .script = (uint8_t)script,
	    .flags = text_script_cased(script) ? TEXT_WORD_CASED : 0};
}

/* Room for one more character; false when memory ran out (the arena remembers). */
static bool
reserve(struct scan *sc)
{
	if (sc->folded_len + FOLD_SLACK <= sc->folded_cap)
		return true;
	size_t cap = sc->folded_cap * 2;
	char *p = arena_alloc(sc->arena, cap);
	if (p == NULL)
		return false;
	memcpy(p, sc->folded, sc->folded_len);
	sc->folded = p;
	sc->folded_cap = cap;
	return true;
}

static void
count_case(struct scan *sc, bool upper, bool cased)
{
	if (upper && sc->letters == 0)
		sc->word.flags |= TEXT_WORD_CAPITAL;
	else if (upper)
		sc->word.flags |= TEXT_WORD_MIXED;
	sc->letters += cased;
	sc->capitals += upper;
}

static void
append(struct scan *sc, const char *utf8, size_t n)
{
	if (sc->word.fold_len + n > TEXT_WORD_FOLD_MAX)
		return;
	memcpy(sc->folded + sc->folded_len, utf8, n);
	sc->folded_len += n;
	sc->word.fold_len = (uint16_t)(sc->word.fold_len + n);
}

/* Half-width kana carry their voicing as a character of its own: unites it with the kana before it. */
static bool
voice(struct scan *sc, uint32_t mark)
{
	struct str done = {sc->folded + sc->word.fold, sc->word.fold_len};
	UErrorCode status = U_ZERO_ERROR;
	if (done.len == 0)
		return false;
	size_t at = utf8_prev(done, done.len), pos = at;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
	UChar32 both = U_SUCCESS(status) ? unorm2_composePair(nfc, (UChar32)utf8_next(done, &pos), (UChar32)mark) : -1;
	if (both < 0)
		return false;
	sc->folded_len = sc->word.fold + at + utf8_put((uint32_t)both, sc->folded + sc->word.fold + at);
	sc->word.fold_len = (uint16_t)(sc->folded_len - sc->word.fold);
	return true;
}

static bool
joins(enum text_script word, enum text_script next)
{
	if (text_script_single(word) || text_script_single(next))
		return false;
	if (next == TEXT_COMMON)
		return word != TEXT_HANGUL && word != TEXT_KATAKANA;
	return (word == TEXT_HANGUL) == (next == TEXT_HANGUL) && (word == TEXT_KATAKANA) == (next == TEXT_KATAKANA);
}

/* A run of ASCII letters and digits, which most text is made of. Returns where it ends. */
static size_t
ascii_run(struct scan *sc, size_t pos)
{
	for (; pos < sc->s.len && sc->word.fold_len < TEXT_WORD_FOLD_MAX; pos++) {
		unsigned char c = (unsigned char)sc->s.s[pos];
		bool upper = c >= 'A' && c <= 'Z', letter = upper || (c >= 'a' && c <= 'z');
		if (!letter && !(c >= '0' && c <= '9'))
			break;
		if (!reserve(sc))
			break;
		if (letter)
			count_case(sc, upper, true);
		else
			sc->word.flags |= TEXT_WORD_DIGITS;
		sc->folded[sc->folded_len++] = upper ? (char)(c + 32) : (char)c;
		sc->word.fold_len++;
	}
	return pos;
}

static void
add_gap(struct scan *sc, uint32_t cp)
{
	if (cp != '\n')
		sc->gap |= (uint16_t)gap_of(cp);
	else if (sc->gap & TEXT_GAP_LINE)
		sc->gap |= TEXT_GAP_PARAGRAPH;
	else
		sc->gap |= TEXT_GAP_SPACE | TEXT_GAP_LINE;
}

static void
take(struct scan *sc, uint32_t cp, size_t start, size_t end)
{
	struct text_fold f = {.kind = TEXT_BREAK};
	if (cp != UTF8_INVALID)
		text_fold_cp(cp, &f);
	if (f.kind == TEXT_IGNORE || (f.kind == TEXT_MARK && !sc->open))
		return;
	if (f.kind == TEXT_BREAK) {
		close_word(sc);
		add_gap(sc, cp);
		return;
	}
	bool attached = f.kind == TEXT_MARK || (U_GET_GC_MASK((UChar32)cp) & U_GC_M_MASK);
	if (sc->open && !attached && !joins((enum text_script)sc->word.script, f.script))
		close_word(sc);
	if (!sc->open)
		open_word(sc, start, f.script);
	if (f.kind == TEXT_DIGIT)
		sc->word.flags |= TEXT_WORD_DIGITS;
	else if (f.kind == TEXT_LETTER)
		count_case(sc, f.upper, f.upper || f.lower);
	if ((cp != 0xFF9E && cp != 0xFF9F) || !voice(sc, cp == 0xFF9E ? 0x3099 : 0x309A))
		append(sc, f.utf8, f.len);
	sc->word.end = (uint32_t)end;
}

static void
scan_text(struct scan *sc)
{
	for (size_t pos = 0; pos < sc->s.len && reserve(sc);) {
		unsigned char c = (unsigned char)sc->s.s[pos];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
			if (sc->open && !joins((enum text_script)sc->word.script, TEXT_LATIN))
				close_word(sc);
			if (!sc->open)
				open_word(sc, pos, TEXT_LATIN);
			size_t end = ascii_run(sc, pos);
			if (end > pos) {
				sc->word.end = (uint32_t)end;
				pos = end;
				continue;
			}
		}
		if (c == ' ') {
			close_word(sc);
			sc->gap |= TEXT_GAP_SPACE;
			pos++;
			continue;
		}
		size_t start = pos;
		uint32_t cp = utf8_next(sc->s, &pos);
		take(sc, cp, start, pos);
	}
	close_word(sc);
}

int
text_words(struct arena *arena, struct str s, struct text_words *out, struct err *err)
{
	struct scan sc = {.s = s, .arena = arena, .out = out, .gap = TEXT_GAP_PARAGRAPH};

	*out = (struct text_words){0};
	if (s.len > TEXT_WORDS_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "a text of %zu bytes is longer than %u", s.len, TEXT_WORDS_BYTES_MAX);
	sc.folded_cap = s.len + 2 * FOLD_SLACK;
	sc.folded = arena_alloc(arena, sc.folded_cap);
	if (sc.folded == NULL)
		return arena_check(arena, err);
	scan_text(&sc);
	out->folded = sc.folded;
	out->tail_gap = sc.gap | TEXT_GAP_PARAGRAPH;
	return arena_check(arena, err);
}
