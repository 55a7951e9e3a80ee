#include "text/words.h"

#include "base/utf8.h"
#include "text/fold_table.h"

#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define FOLD_SLACK 64       /* more than one character can fold to, or a block holds */
#define WORD_BYTES_GUESS 5u /* of text for one word, roughly */
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
	uint32_t sentence, cased, headline;
	unsigned any_capital;
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
find_gap(uint32_t cp)
{
	if ((cp >= 0x02B9 && cp <= 0x02BF) || cp == 0x02C8)
		return TEXT_GAP_APOS;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		if (signs[i].cp == cp)
			return signs[i].gap;
	}
	return cp != UTF8_INVALID && u_isUWhiteSpace((UChar32)cp) ? TEXT_GAP_SPACE : TEXT_GAP_OTHER;
}

/* What ASCII characters are, and the gaps of the punctuation that most scripts use. */
#define ASCII_WORD 0u /* a letter or a digit */
static uint16_t ascii_gap[128];
#define PUNCTUATION_FIRST 0x2000u
#define PUNCTUATION_COUNT 0x70u
static uint16_t punctuation_gap[PUNCTUATION_COUNT];

static bool
ascii_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static unsigned
gap_of(uint32_t cp)
{
	if (cp < 128)
		return ascii_gap[cp];
	if (cp - PUNCTUATION_FIRST < PUNCTUATION_COUNT)
		return punctuation_gap[cp - PUNCTUATION_FIRST];
	return find_gap(cp);
}

static uint64_t
load(const char *p, size_t n)
{
	uint64_t v = 0;
	memcpy(&v, p, n < 8 ? n : 8);
	return v;
}

/* The first bytes of a number. A table, because how long a word is cannot be foretold. */
#define BYTES(n) (~(uint64_t)0 >> (64 - 8 * (n)))
static const uint64_t first_bytes[] = {
    0, BYTES(1), BYTES(2), BYTES(3), BYTES(4), BYTES(5), BYTES(6), BYTES(7), BYTES(8)};
static const uint8_t lo_bytes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8, 8, 8},
                     hi_bytes[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};

/* hash_of() folded bytes of which 16 more may be read. */
static inline uint64_t
hash_with_slack(const char *p, size_t n)
{
	uint64_t h = HASH_SEED + n, lo, hi;
	for (;; p += 16) {
		size_t take = n < 16 ? n : 16;
		memcpy(&lo, p, 8);
		memcpy(&hi, p + 8, 8);
		h = mix(h ^ (lo & first_bytes[lo_bytes[take]]), HASH_KEY ^ (hi & first_bytes[hi_bytes[take]]));
		if ((n -= take) == 0)
			return h;
	}
}

static uint64_t
hash_of(struct str fold)
{
	uint64_t h = HASH_SEED + fold.len;
	for (size_t at = 0; at < fold.len; at += 16) {
		size_t left = fold.len - at;
		h = mix(h ^ load(fold.s + at, left), HASH_KEY ^ (left > 8 ? load(fold.s + at + 8, left - 8) : 0));
	}
	return h;
}

uint32_t
text_fold_hash(struct str fold)
{
	uint64_t h = hash_of(fold);
	return (uint32_t)(h ^ h >> 32);
}

static inline void
set_hash(struct text_word *word, uint64_t h)
{
	word->hash = (uint32_t)(h ^ h >> 32);
	word->hash_high = (uint32_t)(h >> 32);
}

/* Abbreviations that a name follows: their full stop ends no sentence. */
static const char *const abbreviations[] = {"mr", "mrs", "ms", "dr", "prof", "gen", "col", "maj", "lt", "sgt", "capt",
    "sen", "rep", "gov", "pres", "rev", "hon", "st", "sra", "sr", "dra", "dott", "ing", "mag", "mme", "mgr", "vs",
    "bzw", "hr", "fr", "nr", "им", "ул", "св", "гр", "проф", "ген", "акад", "тов"};

#define ABBREVIATION_SLOTS 256u
#define ABBREVIATION_BYTES_MAX 8u
static uint32_t abbreviation_hashes[ABBREVIATION_SLOTS]; /* 0 = empty */

static void
build_abbreviations(void)
{
	for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++) {
		uint32_t hash = text_fold_hash(str_from(abbreviations[i])), at = hash;
		while (abbreviation_hashes[at % ABBREVIATION_SLOTS] != 0)
			at++;
		abbreviation_hashes[at % ABBREVIATION_SLOTS] = hash;
	}
}

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
	if (text_script_single((enum text_script)last->script) || fold.len > ABBREVIATION_BYTES_MAX)
		return false;
	if (letters_of(fold) <= ((last->flags & TEXT_WORD_DIGITS) ? 2 : 1))
		return true;
	for (uint32_t at = last->hash; abbreviation_hashes[at % ABBREVIATION_SLOTS] != 0; at++) {
		if (abbreviation_hashes[at % ABBREVIATION_SLOTS] == last->hash)
			return true;
	}
	return false;
}

/* Does a sentence end before the word that has just been read? */
static bool
ends_sentence(const struct scan *sc, const struct text_word *word)
{
	uint16_t gap = word->gap;
	if (gap & TEXT_GAP_PARAGRAPH)
		return true;
	bool small = (word->flags & TEXT_WORD_CASED) && !(word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
	if (gap & TEXT_GAP_END)
		return !small || !(gap & TEXT_GAP_SPACE);
	return (gap & TEXT_GAP_DOT) && (gap & TEXT_GAP_SPACE) && !small && !abbreviated(sc);
}

static void
number(struct scan *sc, const struct text_word *word)
{
	if (sc->out->count > 0 && ends_sentence(sc, word))
		sc->sentence++;
	if (sc->out->count > 0 && (word->gap & TEXT_GAP_PARAGRAPH) && sc->paragraph < UINT16_MAX)
		sc->paragraph++;
}

/* Room for one more word; NULL when memory ran out (the arena remembers). */
static inline struct text_word *
next_word(struct scan *sc)
{
	if (__builtin_expect(sc->out->count >= sc->cap, 0)) {
		struct text_word *items =
		    arena_grow(sc->arena, sc->out->items, &sc->cap, sc->out->count, sizeof *items);
		if (items == NULL)
			return NULL;
		sc->out->items = items;
	}
	return &sc->out->items[sc->out->count];
}

/* Numbers and counts the word that next_word() gave room for. */
static inline void
push(struct scan *sc, struct text_word *word, unsigned gap, unsigned flags, size_t fold_len)
{
	if (gap & (TEXT_GAP_PARAGRAPH | TEXT_GAP_END | TEXT_GAP_DOT))
		number(sc, word);
	word->sentence = sc->sentence;
	word->paragraph = sc->paragraph;
	unsigned counts = (flags & TEXT_WORD_CASED) && fold_len >= TEXT_HEADLINE_LETTERS,
	         capital = flags & TEXT_WORD_CAPITAL;
	sc->cased += counts;
	sc->headline += counts & capital;
	sc->any_capital |= capital;
	sc->out->count++;
	sc->gap = 0;
}
_Static_assert(TEXT_WORD_CAPITAL == 1, "added as a number");

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
	set_hash(&sc->word, hash_with_slack(sc->folded + sc->word.fold, sc->word.fold_len));
	struct text_word *word = next_word(sc);
	if (word == NULL)
		return;
	*word = sc->word;
	push(sc, word, word->gap, word->flags, word->fold_len);
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
static inline bool
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

/* One folded character that belongs to a word. */
static void
take_letter(struct scan *sc, const struct text_fold *f, uint32_t cp, size_t start, size_t end)
{
	if (sc->open && f->kind != TEXT_MARK && !joins((enum text_script)sc->word.script, f->script) &&
	    !(U_GET_GC_MASK((UChar32)cp) & U_GC_M_MASK))
		close_word(sc);
	if (!sc->open)
		open_word(sc, start, f->script);
	if (f->kind == TEXT_DIGIT)
		sc->word.flags |= TEXT_WORD_DIGITS;
	else if (f->kind == TEXT_LETTER)
		count_case(sc, f->upper, f->upper || f->lower);
	if ((cp != 0xFF9E && cp != 0xFF9F) || !voice(sc, cp == 0xFF9E ? 0x3099 : 0x309A))
		append(sc, f->utf8, f->len);
	sc->word.end = (uint32_t)end;
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
	take_letter(sc, &f, cp, start, end);
}

/* Any character. Returns where it ends. */
static size_t
take_any(struct scan *sc, size_t pos)
{
	size_t start = pos;
	uint32_t cp = utf8_next(sc->s, &pos);
	take(sc, cp, start, pos);
	return pos;
}

static inline const struct fold_packed *
packed(unsigned char lead, unsigned char trail)
{
	return &text_fold_two[(lead & 0x1Fu) << 6 | (trail & 0x3Fu)];
}

/* What kind of character, of which script: as one number, to be compared at once. */
static inline uint16_t
sort_of(const struct fold_packed *f)
{
	uint16_t sort;
	memcpy(&sort, f, sizeof sort);
	return sort;
}
_Static_assert(offsetof(struct fold_packed, kind) == 0 && offsetof(struct fold_packed, script) == 1, "both at once");

static inline bool
is_two(unsigned char lead, unsigned char trail)
{
	return lead >= 0xC2 && lead <= 0xDF && (trail & 0xC0) == 0x80;
}

/* The script of a letter of two bytes that needs no thought (of a script with words, with a short fold), or TEXT_COMMON. */
static inline enum text_script
plain_script(const struct scan *sc, size_t pos)
{
	if (pos + 1 >= sc->s.len || !is_two((unsigned char)sc->s.s[pos], (unsigned char)sc->s.s[pos + 1]))
		return TEXT_COMMON;
	const struct fold_packed *f = packed((unsigned char)sc->s.s[pos], (unsigned char)sc->s.s[pos + 1]);
	bool plain = f->kind == TEXT_LETTER && (f->script < TEXT_SOUTHEAST || f->script == TEXT_OTHER);
	return plain ? (enum text_script)f->script : TEXT_COMMON;
}

/*
 * The common case of Cyrillic, Greek, Arabic and Latin with marks: letters of two bytes, and in Latin those of ASCII, as long as
 * they are of the script of the word that is open. Returns where they end.
 */
static size_t
take_letters(struct scan *sc, size_t at)
{
	const struct fold_packed like = {.kind = TEXT_LETTER, .script = sc->word.script};
	const uint16_t sort = sort_of(&like);
	const bool latin = sc->word.script == TEXT_LATIN;
	const size_t from = sc->folded_len, most = from + TEXT_WORD_FOLD_MAX - sc->word.fold_len;
	const size_t room = sc->folded_cap - FOLD_SLACK;
	const unsigned char *p = (const unsigned char *)sc->s.s + at, *end = (const unsigned char *)sc->s.s + sc->s.len;
	char *to = sc->folded + from, *limit = sc->folded + (most < room ? most : room) - FOLD_PACKED_MAX;
	unsigned letters = sc->letters, capitals = 0, capital = 0;

	while (p < end && to <= limit) {
		unsigned upper;
		if (latin && (*p | 32) >= 'a' && (*p | 32) <= 'z') {
			*to++ = (char)(*p | 32);
			upper = *p++ < 'a';
			capital |= upper & (letters == 0);
			letters++;
			capitals += upper;
			continue;
		}
		if (p + 1 >= end || !is_two(p[0], p[1]))
			break;
		const struct fold_packed *f = packed(p[0], p[1]);
		if (sort_of(f) != sort)
			break;
		memcpy(to, f->utf8, FOLD_PACKED_MAX);
		to += f->len;
		upper = f->upper;
		capital |= upper & (letters == 0);
		letters += upper | f->lower;
		capitals += upper;
		p += 2;
	}
	sc->letters = letters;
	sc->capitals += capitals;
	sc->word.flags |= (uint8_t)((capital ? TEXT_WORD_CAPITAL : 0u) | (capitals > capital ? TEXT_WORD_MIXED : 0u));
	sc->folded_len = (size_t)(to - sc->folded);
	sc->word.fold_len = (uint16_t)(sc->word.fold_len + (sc->folded_len - from));
	sc->word.end = (uint32_t)(p - (const unsigned char *)sc->s.s);
	return sc->word.end;
}

#define BLOCK 64u
#define HASH_READ 16u /* bytes from the first of a word that may be read */

/* What 64 bytes are, as sets of places. */
struct block {
	uint64_t uppers, digits, words, others; /* words = letters and digits; others = not ASCII */
};

#ifdef __SSE2__
static inline __m128i
between(__m128i v, char first, char last)
{
	return _mm_and_si128(
	    _mm_cmpgt_epi8(v, _mm_set1_epi8((char)(first - 1))), _mm_cmplt_epi8(v, _mm_set1_epi8((char)(last + 1))));
}

static inline uint64_t
places(__m128i v, unsigned at)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(v) << at;
}

/* Writes the 64 bytes in small letters, too. */
static inline __attribute__((always_inline)) void
classify(const char *p, char *lower, struct block *b)
{
	*b = (struct block){0};
	for (unsigned at = 0; at < BLOCK; at += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(p + at)), low = _mm_or_si128(v, _mm_set1_epi8(32));
		__m128i letter = between(low, 'a', 'z'), upper = between(v, 'A', 'Z'), digit = between(v, '0', '9');
		b->uppers |= places(upper, at);
		b->digits |= places(digit, at);
		b->words |= places(_mm_or_si128(letter, digit), at);
		b->others |= places(v, at);
		_mm_storeu_si128((__m128i *)(lower + at), _mm_or_si128(v, _mm_and_si128(upper, _mm_set1_epi8(32))));
	}
}
#else
static inline void
classify(const char *p, char *lower, struct block *b)
{
	*b = (struct block){0};
	for (unsigned i = 0; i < BLOCK; i++) {
		bool upper = p[i] >= 'A' && p[i] <= 'Z', letter = upper || (p[i] >= 'a' && p[i] <= 'z');
		bool digit = p[i] >= '0' && p[i] <= '9';
		b->uppers |= (uint64_t)upper << i;
		b->digits |= (uint64_t)digit << i;
		b->words |= (uint64_t)(letter || digit) << i;
		b->others |= (uint64_t)((unsigned char)p[i] >= 0x80) << i;
		lower[i] = (char)(upper ? p[i] + 32 : p[i]);
	}
}
#endif

/* The first n (1 to 64) places. */
static inline __attribute__((always_inline)) uint64_t
first_places(unsigned n)
{
	return ~(uint64_t)0 >> (64 - n);
}

/* Flags of a word of ASCII whose capitals and digits are given as sets from its first place. */
static inline __attribute__((always_inline)) unsigned
ascii_flags(uint64_t uppers, uint64_t digits, unsigned len)
{
	if (__builtin_expect((uppers & ~(uint64_t)1) == 0 && digits == 0, 1))
		return TEXT_WORD_CASED | ((unsigned)uppers & TEXT_WORD_CAPITAL);
	uint64_t letters = first_places(len) & ~digits, first = letters & -letters;
	unsigned flags = (uppers & first ? TEXT_WORD_CAPITAL : 0u) | (uppers & ~first ? TEXT_WORD_MIXED : 0u);
	flags |= digits != 0 ? TEXT_WORD_DIGITS : 0u;
	flags |= uppers == letters && (letters & (letters - 1)) != 0 ? TEXT_WORD_UPPER : 0u;
	return flags | (letters & 1 ? TEXT_WORD_CASED : 0u);
}

/* hash_of() n (1 to 16) letters and digits of ASCII, of which 16 bytes may be read; with bit 5 they are small. */
static inline __attribute__((always_inline)) uint64_t
short_hash(const char *p, unsigned n)
{
	uint64_t lo, hi, small = 0x2020202020202020u;
	memcpy(&lo, p, 8);
	memcpy(&hi, p + 8, 8);
	lo = (lo | small) & first_bytes[lo_bytes[n]];
	hi = (hi | small) & first_bytes[hi_bytes[n]];
	return mix((HASH_SEED + n) ^ lo, HASH_KEY ^ hi);
}

/* What stands between two words when it is not just one space. */
static unsigned
add_gaps(struct scan *sc, unsigned gap, const char *p, size_t n)
{
	sc->gap = (uint16_t)gap;
	for (size_t i = 0; i < n; i++)
		add_gap(sc, (unsigned char)p[i]);
	return sc->gap;
}

/* Room for the words of a block; NULL when memory ran out (the arena remembers). */
static inline struct text_word *
room_for_block(struct scan *sc)
{
	while (sc->out->count + BLOCK / 2 + 1 > sc->cap) {
		struct text_word *items = arena_grow(sc->arena, sc->out->items, &sc->cap, sc->cap, sizeof *items);
		if (items == NULL)
			return NULL;
		sc->out->items = items;
	}
	return sc->out->items + sc->out->count;
}

/*
 * The words that lie within the first n bytes of a block at pos; one that touches the last of them only if the text ends
 * there. p is the block, of which HASH_READ bytes more may be read. Returns how many bytes are done with.
 */
static inline __attribute__((always_inline)) size_t
take_block(struct scan *sc, size_t pos, const struct block *b, const char *p, unsigned n, bool last)
{
	uint64_t words = b->words & first_places(n);
	if (words == first_places(n) && !last)
		return 0; /* a word that goes on */
	if (!last)
		words &= first_places(n) >> __builtin_clzll(~(words << (64 - n)));
	struct text_word *word = room_for_block(sc);
	if (words == 0 || word == NULL)
		return 0;

	uint64_t starts = words & ~(words << 1), ends = ~words & words << 1;
	size_t base = sc->folded_len;
	unsigned gap = sc->gap, done = 0;
	uint32_t cased = 0, headline = 0, capitals = 0;
	for (; starts != 0; word++) {
		unsigned from = (unsigned)__builtin_ctzll(starts), to = (unsigned)__builtin_ctzll(ends);
		unsigned len = to - from;
		uint64_t in = first_places(len);
		starts &= starts - 1;
		ends &= ends - 1;
		unsigned flags = ascii_flags(b->uppers >> from & in, b->digits >> from & in, len);
		if (__builtin_expect(from - done == 1 && p[done] == ' ', 1))
			gap |= TEXT_GAP_SPACE;
		else
			gap = add_gaps(sc, gap, p + done, from - done);
		word->start = (uint32_t)(pos + from);
		word->end = (uint32_t)(pos + to);
		word->fold = (uint32_t)(base + from);
		word->fold_len = (uint16_t)len;
		word->gap = (uint16_t)gap;
		word->flags = (uint8_t)flags;
		word->script = flags & TEXT_WORD_CASED ? TEXT_LATIN : TEXT_COMMON;
		set_hash(
		    word, len <= 16 ? short_hash(p + from, len) : hash_of((struct str){sc->folded + base + from, len}));
		if (__builtin_expect((gap & (TEXT_GAP_PARAGRAPH | TEXT_GAP_END | TEXT_GAP_DOT)) != 0, 0)) {
			sc->out->count = (size_t)(word - sc->out->items);
			number(sc, word);
		}
		word->sentence = sc->sentence;
		word->paragraph = sc->paragraph;
		uint32_t counts = (flags / TEXT_WORD_CASED) & (len >= TEXT_HEADLINE_LETTERS);
		cased += counts;
		headline += counts & flags;
		capitals |= flags & TEXT_WORD_CAPITAL;
		gap = 0;
		done = to;
	}
	sc->out->count = (size_t)(word - sc->out->items);
	sc->cased += cased;
	sc->headline += headline;
	sc->any_capital |= capitals;
	sc->gap = 0;
	sc->folded_len = base + done;
	return done;
}

/* Words of ASCII as long as there are any; no word is open. Returns where it ended, which is pos when there is none. */
static inline __attribute__((always_inline)) size_t
take_blocks_inline(struct scan *sc, size_t pos)
{
	char padded[BLOCK + HASH_READ] = {0};
	struct block b;
	for (;;) {
		size_t n = sc->s.len - pos, done;
		bool short_of = n < BLOCK;
		const char *p = sc->s.s + pos;
		if (n == 0 || !reserve(sc))
			return pos;
		if (n < BLOCK + HASH_READ) {
			memset(padded + n, 0, sizeof padded - n);
			p = memcpy(padded, p, n);
		}
		classify(p, sc->folded + sc->folded_len, &b);
		if (b.others != 0) {
			n = (size_t)__builtin_ctzll(b.others);
			short_of = false;
		}
		done = n == 0 ? 0 : take_block(sc, pos, &b, p, n < BLOCK ? (unsigned)n : BLOCK, short_of);
		if (done == 0)
			return pos;
		pos += done;
		if (b.others != 0 || short_of)
			return pos;
	}
}

static size_t
take_blocks_plain(struct scan *sc, size_t pos)
{
	return take_blocks_inline(sc, pos);
}

/* The same with the instructions for sets of bits that processors have since 2013. */
#if defined __x86_64__
__attribute__((target("avx2,bmi,bmi2,lzcnt"))) static size_t
take_blocks_bmi(struct scan *sc, size_t pos)
{
	return take_blocks_inline(sc, pos);
}
#endif

static size_t (*take_blocks)(struct scan *, size_t) = take_blocks_plain;

static void
choose_blocks(void)
{
#if defined __x86_64__
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
		take_blocks = take_blocks_bmi;
#endif
}

static pthread_once_t built = PTHREAD_ONCE_INIT;

static void
build(void)
{
	build_abbreviations();
	for (unsigned c = 0; c < 128; c++)
		ascii_gap[c] = ascii_alnum((unsigned char)c) ? ASCII_WORD : (uint16_t)find_gap(c);
	for (unsigned i = 0; i < PUNCTUATION_COUNT; i++)
		punctuation_gap[i] = (uint16_t)find_gap(PUNCTUATION_FIRST + i);
	choose_blocks();
}

/* ASCII letters and digits of a word that goes on beyond them, or has begun before. Returns where they end. */
static size_t
take_ascii(struct scan *sc, size_t pos)
{
	enum text_script script = sc->s.s[pos] <= '9' ? TEXT_COMMON : TEXT_LATIN;
	if (sc->open && !joins((enum text_script)sc->word.script, script))
		close_word(sc);
	if (!sc->open)
		open_word(sc, pos, script);
	for (; pos < sc->s.len && ascii_alnum((unsigned char)sc->s.s[pos]) && reserve(sc); pos++) {
		char c = sc->s.s[pos];
		bool upper = c >= 'A' && c <= 'Z';
		enum text_script next = c <= '9' ? TEXT_COMMON : TEXT_LATIN;
		if (next != script && !joins((enum text_script)sc->word.script, next))
			break;
		if (c <= '9')
			sc->word.flags |= TEXT_WORD_DIGITS;
		else
			count_case(sc, upper, true);
		char low = upper ? (char)(c + 32) : c;
		append(sc, &low, 1);
	}
	sc->word.end = (uint32_t)pos;
	return pos;
}

static void
scan_text(struct scan *sc)
{
	for (size_t pos = 0; pos < sc->s.len && reserve(sc);) {
		unsigned char c = (unsigned char)sc->s.s[pos];
		enum text_script script;
		if (c == ' ') {
			close_word(sc);
			sc->gap |= TEXT_GAP_SPACE;
			pos++;
		} else if (c < 0x80 && ascii_gap[c] != ASCII_WORD) {
			close_word(sc);
			add_gap(sc, c);
			pos++;
		} else if (c < 0x80) {
			size_t end = sc->open ? pos : take_blocks(sc, pos);
			pos = end > pos ? end : take_ascii(sc, pos);
		} else if ((script = plain_script(sc, pos)) != TEXT_COMMON && (!sc->open || script == sc->word.script)) {
			if (!sc->open)
				open_word(sc, pos, script);
			size_t end = take_letters(sc, pos);
			pos = end > pos ? end : take_any(sc, pos);
		} else {
			pos = take_any(sc, pos);
		}
	}
	close_word(sc);
}

int
text_words(struct arena *arena, struct str s, struct text_words *out, struct err *err)
{
	struct scan sc = {.s = s, .arena = arena, .out = out, .gap = TEXT_GAP_PARAGRAPH};

	*out = (struct text_words){0};
	pthread_once(&built, build);
	if (!text_fold_ready())
		return err_oom(err);
	if (s.len > TEXT_WORDS_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "a text of %zu bytes is longer than %u", s.len, TEXT_WORDS_BYTES_MAX);
	sc.folded_cap = s.len + 2 * FOLD_SLACK;
	sc.folded = arena_alloc(arena, sc.folded_cap);
	sc.cap = s.len / WORD_BYTES_GUESS + 8;
	out->items = arena_alloc(arena, sc.cap * sizeof *out->items);
	if (sc.folded == NULL || out->items == NULL)
		return arena_check(arena, err);
	scan_text(&sc);
	out->folded = sc.folded;
	out->cased = sc.cased;
	out->capitals = sc.headline;
	out->has_capitals = sc.any_capital != 0;
	out->tail_gap = sc.gap | TEXT_GAP_PARAGRAPH;
	return arena_check(arena, err);
}
