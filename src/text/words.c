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

static pthread_once_t built = PTHREAD_ONCE_INIT;

static void
build(void)
{
	build_abbreviations();
	for (unsigned c = 0; c < 128; c++)
		ascii_gap[c] = ascii_alnum((unsigned char)c) ? ASCII_WORD : (uint16_t)find_gap(c);
	for (unsigned i = 0; i < PUNCTUATION_COUNT; i++)
		punctuation_gap[i] = (uint16_t)find_gap(PUNCTUATION_FIRST + i);
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
	set_hash(&sc->word, hash_of((struct str){sc->folded + sc->word.fold, sc->word.fold_len}));
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

/* A letter of two bytes inside a word of its script: the common case of Cyrillic, Greek, Arabic and Latin with marks.
 * False when it is anything else. */
static inline bool
take_two(struct scan *sc, unsigned char lead, unsigned char trail, size_t end)
{
	const struct fold_packed *f = &text_fold_two[(lead & 0x1Fu) << 6 | (trail & 0x3Fu)];
	if (f->kind != TEXT_LETTER || f->len == FOLD_PACKED_LONG || f->script != sc->word.script)
		return false;
	if (f->script >= TEXT_SOUTHEAST && f->script != TEXT_OTHER)
		return false;
	count_case(sc, f->upper, f->upper || f->lower);
	append(sc, f->utf8, f->len);
	sc->word.end = (uint32_t)end;
	return true;
}

#define BLOCK 64u

/* What 64 bytes are, as sets of places. */
struct block {
	uint64_t letters, uppers, words, others; /* words = letters and digits; others = not ASCII */
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
static inline void
classify(const char *p, char *lower, struct block *b)
{
	*b = (struct block){0};
	for (unsigned at = 0; at < BLOCK; at += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(p + at)), low = _mm_or_si128(v, _mm_set1_epi8(32));
		__m128i letter = between(low, 'a', 'z'), upper = between(v, 'A', 'Z');
		b->letters |= places(letter, at);
		b->uppers |= places(upper, at);
		b->words |= places(_mm_or_si128(letter, between(v, '0', '9')), at);
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
		b->uppers |= (uint64_t)upper << i;
		b->letters |= (uint64_t)letter << i;
		b->words |= (uint64_t)(letter || (p[i] >= '0' && p[i] <= '9')) << i;
		b->others |= (uint64_t)((unsigned char)p[i] >= 0x80) << i;
		lower[i] = (char)(upper ? p[i] + 32 : p[i]);
	}
}
#endif

/* Flags of a word of ASCII whose letters, capitals and letters with digits are given as sets from its first place. */
static inline unsigned
ascii_flags(uint64_t letters, uint64_t uppers, uint64_t words)
{
	uint64_t first = letters & -letters;
	unsigned flags = (uppers & first ? TEXT_WORD_CAPITAL : 0u) | (uppers & ~first ? TEXT_WORD_MIXED : 0u);
	flags |= letters != words ? TEXT_WORD_DIGITS : 0u;
	flags |= ((uppers == letters) & ((letters & (letters - 1)) != 0)) != 0 ? TEXT_WORD_UPPER : 0u;
	return flags | (letters & 1 ? TEXT_WORD_CASED : 0u);
}

/* hash_of() n (1 to 16) bytes, of which 16 may be read. */
static inline uint64_t
short_hash(const char *p, unsigned n)
{
	uint64_t lo, hi;
	memcpy(&lo, p, 8);
	memcpy(&hi, p + 8, 8);
	unsigned left = n < 8 ? 64 - 8 * n : 0, right = n > 8 ? 128 - 8 * n : 0;
	lo = lo << left >> left;
	hi = n > 8 ? hi << right >> right : 0;
	return mix((HASH_SEED + n) ^ lo, HASH_KEY ^ hi);
}

/* What stands between two words: one space mostly. */
static inline unsigned
add_gaps(struct scan *sc, unsigned gap, const char *p, size_t n)
{
	if (__builtin_expect(n == 1 && *p == ' ', 1))
		return gap | TEXT_GAP_SPACE;
	sc->gap = (uint16_t)gap;
	for (size_t i = 0; i < n; i++)
		add_gap(sc, (unsigned char)p[i]);
	return sc->gap;
}

/* The words that lie within the first n bytes of a block at pos. Returns how many bytes are done with. */
static inline size_t
take_block(struct scan *sc, size_t pos, const struct block *b, size_t n, bool last)
{
	uint64_t left = b->words;
	size_t done = 0, base = sc->folded_len;
	const char *folded = sc->folded + base, *bytes = sc->s.s + pos;
	unsigned gap = sc->gap;

	while (left != 0) {
		unsigned from = (unsigned)__builtin_ctzll(left);
		uint64_t rest = b->words >> from;
		unsigned len = ~rest ? (unsigned)__builtin_ctzll(~rest) : BLOCK;
		struct text_word *word;
		if (from >= n || (from + len >= n && !last) || (word = next_word(sc)) == NULL)
			break;
		uint64_t mask = len < 64 ? ((uint64_t)1 << len) - 1 : ~(uint64_t)0;
		uint64_t letters = b->letters >> from & mask;
		unsigned flags = ascii_flags(letters, b->uppers >> from & mask, mask);
		gap = add_gaps(sc, gap, bytes + done, from - done);
		word->start = (uint32_t)(pos + from);
		word->end = word->start + len;
		word->fold = (uint32_t)(base + from);
		word->fold_len = (uint16_t)len;
		word->gap = (uint16_t)gap;
		word->flags = (uint8_t)flags;
		word->script = letters & 1 ? TEXT_LATIN : TEXT_COMMON;
		set_hash(word, len <= 16 ? short_hash(folded + from, len) : hash_of((struct str){folded + from, len}));
		push(sc, word, gap, flags, len);
		gap = 0;
		done = from + len;
		left &= len < 64 && from + len < 64 ? ~(uint64_t)0 << (from + len) : 0;
	}
	sc->gap = (uint16_t)gap;
	sc->folded_len = base + done;
	return done;
}

/* Words of ASCII as long as there are any; no word is open. Returns where it ended, which is pos when there is none. */
static size_t
take_blocks(struct scan *sc, size_t pos)
{
	char padded[BLOCK] = {0};
	struct block b;
	for (;;) {
		size_t n = sc->s.len - pos, done;
		bool short_of = n < BLOCK;
		const char *p = sc->s.s + pos;
		if (n == 0 || !reserve(sc))
			return pos;
		if (short_of)
			p = memcpy(padded, p, n);
		classify(p, sc->folded + sc->folded_len, &b);
		if (b.others != 0) {
			n = (size_t)__builtin_ctzll(b.others);
			short_of = false;
		}
		done = take_block(sc, pos, &b, n < BLOCK ? n : BLOCK, short_of);
		if (done == 0)
			return pos;
		pos += done;
		if (b.others != 0 || short_of)
			return pos;
	}
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
		size_t start = pos;
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
		} else if (sc->open && c >= 0xC2 && c <= 0xDF && pos + 1 < sc->s.len &&
		           ((unsigned char)sc->s.s[pos + 1] & 0xC0) == 0x80 &&
		           take_two(sc, c, (unsigned char)sc->s.s[pos + 1], pos + 2)) {
			pos += 2;
		} else {
			uint32_t cp = utf8_next(sc->s, &pos);
			take(sc, cp, start, pos);
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
