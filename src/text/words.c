#include "text/words.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "text/fold_table.h"
#include "text/words_hash.h"
#include "text/words_scan.h"

#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#define WORD_BYTES_GUESS 5u /* of text for one word, roughly */

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
uint16_t words_ascii_gap[128];
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
		return words_ascii_gap[cp];
	if (cp - PUNCTUATION_FIRST < PUNCTUATION_COUNT)
		return punctuation_gap[cp - PUNCTUATION_FIRST];
	return find_gap(cp);
}

static pthread_once_t keyed = PTHREAD_ONCE_INIT;
uint64_t words_hash_seed, words_hash_key;

static void
draw_keys(void)
{
	words_hash_seed = hash_secret(HASH_SEED_OF_WORDS);
	words_hash_key = hash_secret(HASH_KEY_OF_WORDS);
}

uint32_t
text_fold_hash(struct str fold)
{
	pthread_once(&keyed, draw_keys);
	uint64_t h = words_hash(fold);
	return (uint32_t)(h ^ h >> 32);
}

/* Abbreviations that a name follows: their full stop ends no sentence. */
static const char *const abbreviations[] = {"mr", "mrs", "ms", "dr", "prof", "gen", "col", "maj", "lt", "sgt", "capt",
    "sen", "rep", "gov", "pres", "rev", "hon", "st", "sra", "sr", "dra", "dott", "ing", "mag", "mme", "mgr", "vs",
    "bzw", "hr", "fr", "nr", "им", "ул", "св", "гр", "проф", "ген", "акад", "тов"};

#define ABBREVIATION_SLOTS 1024u
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

bool
words_is_abbreviation(uint32_t hash, size_t bytes, size_t letters, unsigned flags)
{
	bool is = letters <= ((flags & TEXT_WORD_DIGITS) ? 2 : 1);
	for (uint32_t at = hash; !is && abbreviation_hashes[at % ABBREVIATION_SLOTS] != 0; at++)
		is = abbreviation_hashes[at % ABBREVIATION_SLOTS] == hash;
	return is && bytes <= ABBREVIATION_BYTES_MAX; /* at last, because how long a word is cannot be foretold */
}

bool
words_last_is_abbreviation(const struct words_scan *sc)
{
	if (sc->out->count == 0)
		return false;
	const struct text_word *last = &sc->out->items[sc->out->count - 1];
	return !text_script_single((enum text_script)last->script) && last->fold_len <= ABBREVIATION_BYTES_MAX &&
	       words_is_abbreviation(last->hash, last->fold_len,
	           utf8_count((struct str){sc->folded + last->fold, last->fold_len}), last->flags);
}

void
words_number(struct words_scan *sc, const struct text_word *word)
{
	if (sc->out->count == 0)
		return;
	enum words_end end = words_end_of(word->gap, word->flags);
	if (end == WORDS_END || (end == WORDS_END_PERHAPS && !words_last_is_abbreviation(sc)))
		sc->sentence++;
	if ((word->gap & TEXT_GAP_PARAGRAPH) && sc->paragraph < UINT16_MAX)
		sc->paragraph++;
}

/* Numbers and counts the word that words_room() gave room for. */
static inline void
push(struct words_scan *sc, struct text_word *word)
{
	if (word->gap & WORDS_GAP_NUMBERS)
		words_number(sc, word);
	word->sentence = sc->sentence;
	word->paragraph = sc->paragraph;
	unsigned counts = (word->flags & TEXT_WORD_CASED) && word->fold_len >= TEXT_HEADLINE_LETTERS,
	         capital = word->flags & TEXT_WORD_CAPITAL;
	sc->cased += counts;
	sc->headline += counts & capital;
	sc->any_capital |= capital;
	sc->out->count++;
	sc->gap = 0;
}

static void
close_word(struct words_scan *sc)
{
	if (!sc->open)
		return;
	sc->open = false;
	if (sc->word.fold_len == 0)
		return;
	if (sc->letters >= 2 && sc->capitals == sc->letters)
		sc->word.flags |= TEXT_WORD_UPPER;
	words_set_hash(&sc->word, words_hash_slack(sc->folded + sc->word.fold, sc->word.fold_len));
	struct text_word *word = words_room(sc, 1);
	if (word == NULL)
		return;
	*word = sc->word;
	push(sc, word);
}

static void
open_word(struct words_scan *sc, size_t start, enum text_script script)
{
	sc->open = true;
	sc->letters = sc->capitals = 0;
	sc->word = (struct text_word){.start = (uint32_t)start,
	    .fold = (uint32_t)sc->folded_len,
	    .gap = sc->gap,
	    .script = (uint8_t)script,
	    .flags = text_script_cased(script) ? TEXT_WORD_CASED : 0};
}

static void
count_case(struct words_scan *sc, bool upper, bool cased)
{
	if (upper && sc->letters == 0)
		sc->word.flags |= TEXT_WORD_CAPITAL;
	else if (upper)
		sc->word.flags |= TEXT_WORD_MIXED;
	sc->letters += cased;
	sc->capitals += upper;
}

static void
append(struct words_scan *sc, const char *utf8, size_t n)
{
	if (sc->word.fold_len + n > TEXT_WORD_FOLD_MAX)
		return;
	memcpy(sc->folded + sc->folded_len, utf8, n);
	sc->folded_len += n;
	sc->word.fold_len = (uint16_t)(sc->word.fold_len + n);
}

/* Half-width kana carry their voicing as a character of its own: unites it with the kana before it. */
static bool
voice(struct words_scan *sc, uint32_t mark)
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
add_gap(struct words_scan *sc, uint32_t cp)
{
	sc->gap = (uint16_t)(cp < 128 ? words_add_gap(sc->gap, (unsigned char)cp) : sc->gap | gap_of(cp));
}

/* One folded character that belongs to a word. */
static void
take_letter(struct words_scan *sc, const struct text_fold *f, uint32_t cp, size_t start, size_t end)
{
	if (sc->open && f->kind != TEXT_MARK && !joins((enum text_script)sc->word.script, f->script) &&
	    !(U_GET_GC_MASK((UChar32)cp) & U_GC_M_MASK))
		close_word(sc);
	if (!sc->open)
		open_word(sc, start, f->script);
	sc->out->has_unspaced |=
	    f->script == TEXT_SOUTHEAST || (f->script == TEXT_HAN && (sc->word.gap & TEXT_GAP_MIDDOT));
	if (f->kind == TEXT_DIGIT)
		sc->word.flags |= TEXT_WORD_DIGITS;
	else if (f->kind == TEXT_LETTER)
		count_case(sc, f->upper, f->upper || f->lower);
	if ((cp != 0xFF9E && cp != 0xFF9F) || !voice(sc, cp == 0xFF9E ? 0x3099 : 0x309A))
		append(sc, f->utf8, f->len);
	sc->word.end = (uint32_t)end;
}

static void
take(struct words_scan *sc, uint32_t cp, size_t start, size_t end)
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
take_any(struct words_scan *sc, size_t pos)
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
plain_script(const struct words_scan *sc, size_t pos)
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
take_letters(struct words_scan *sc, size_t at)
{
	const struct fold_packed like = {.kind = TEXT_LETTER, .script = sc->word.script};
	const uint16_t sort = sort_of(&like);
	const bool latin = sc->word.script == TEXT_LATIN;
	const size_t from = sc->folded_len, most = from + TEXT_WORD_FOLD_MAX - sc->word.fold_len;
	const size_t room = sc->folded_cap - WORDS_FOLD_SLACK;
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

static pthread_once_t built = PTHREAD_ONCE_INIT;

static void
build(void)
{
	pthread_once(&keyed, draw_keys);
	build_abbreviations();
	for (unsigned c = 0; c < 128; c++)
		words_ascii_gap[c] = ascii_alnum((unsigned char)c) ? WORDS_ASCII_WORD : (uint16_t)find_gap(c);
	words_ascii_gap['\n'] = TEXT_GAP_SPACE | TEXT_GAP_LINE;
	for (unsigned i = 0; i < PUNCTUATION_COUNT; i++)
		punctuation_gap[i] = (uint16_t)find_gap(PUNCTUATION_FIRST + i);
	for (enum words_blocks form = WORDS_BLOCKS_NONE; form < WORDS_BLOCKS_COUNT; form++)
		words_choose_blocks(form);
}

/* ASCII letters and digits of a word that goes on beyond them, or has begun before. Returns where they end. */
static size_t
take_ascii(struct words_scan *sc, size_t pos)
{
	enum text_script script = sc->s.s[pos] <= '9' ? TEXT_COMMON : TEXT_LATIN;
	if (sc->open && !joins((enum text_script)sc->word.script, script))
		close_word(sc);
	if (!sc->open)
		open_word(sc, pos, script);
	for (; pos < sc->s.len && ascii_alnum((unsigned char)sc->s.s[pos]) && words_reserve(sc); pos++) {
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

/* A vowel that Ukrainian and Belarusian write behind an apostrophe: я ю є ї е ё і. */
static bool
iotated(uint32_t cp)
{
	return cp == 0x044F || cp == 0x044E || cp == 0x0454 || cp == 0x0457 || cp == 0x0435 || cp == 0x0451 ||
	       cp == 0x0456;
}

/*
 * Where an apostrophe at pos ends that is a letter of the word that is open, or 0: Ukrainian В'ячеслав, Hebrew ח'ליפה. Not what
 * parts words, as in д'Артаньян.
 */
static size_t
inner_apostrophe(const struct words_scan *sc, size_t pos)
{
	if (sc->word.script != TEXT_CYRILLIC && sc->word.script != TEXT_HEBREW)
		return 0;
	if (gap_of(utf8_next(sc->s, &pos)) != TEXT_GAP_APOS || plain_script(sc, pos) != sc->word.script)
		return 0;
	size_t end = pos;
	uint32_t next = utf8_next(sc->s, &pos);
	return sc->word.script == TEXT_HEBREW || iotated((uint32_t)u_tolower((UChar32)next)) ? end : 0;
}

/*
 * The geresh behind ג, ז and צ makes another sound of them, for which Hebrew has no letter (Academy of the Hebrew Language, rules of
 * transcription): it stays, however it was written. Behind other letters many leave it out.
 */
static void
keep_geresh(struct words_scan *sc)
{
	static const char *const letters[] = {"ג", "ז", "צ"};
	struct str geresh = STR_LIT("׳");
	size_t n = geresh.len;
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		if (sc->word.script == TEXT_HEBREW && sc->word.fold_len >= n &&
		    memcmp(sc->folded + sc->folded_len - n, letters[i], n) == 0) {
			append(sc, geresh.s, n);
			return;
		}
	}
}

static void
scan_text(struct words_scan *sc)
{
	for (size_t pos = 0; pos < sc->s.len && words_reserve(sc);) {
		unsigned char c = (unsigned char)sc->s.s[pos];
		enum text_script script;
		size_t inner;
		if (c == ' ') {
			close_word(sc);
			sc->gap |= TEXT_GAP_SPACE;
			pos++;
		} else if (sc->open && (inner = inner_apostrophe(sc, pos)) > 0) {
			keep_geresh(sc);
			pos = inner;
		} else if (c < 0x80 && words_ascii_gap[c] != WORDS_ASCII_WORD) {
			close_word(sc);
			add_gap(sc, c);
			pos++;
		} else if (c < 0x80) {
			size_t end = sc->open ? pos : words_take_blocks(sc, pos);
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

#define ASKED_MAX 4096u /* bytes; in a longer text the processor has noticed by then how it is read */
#define LINE_BYTES 64u

/* A text that comes from elsewhere is new to the cache. */
static void
ask_for_text(struct str s)
{
	for (size_t at = 0; at < s.len && at < ASKED_MAX; at += LINE_BYTES)
		__builtin_prefetch(s.s + at);
}

int
text_words(struct arena *arena, struct str s, struct text_words *out, struct err *err)
{
	struct words_scan sc = {.s = s, .arena = arena, .out = out, .gap = TEXT_GAP_PARAGRAPH};

	*out = (struct text_words){0};
	pthread_once(&built, build);
	if (!text_fold_ready())
		return err_oom(err);
	if (s.len > TEXT_WORDS_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "a text of %zu bytes is longer than %u", s.len, TEXT_WORDS_BYTES_MAX);
	ask_for_text(s);
	sc.folded_cap = s.len + 2 * WORDS_FOLD_SLACK;
	sc.folded = arena_alloc_line(arena, sc.folded_cap);
	sc.cap = s.len / WORD_BYTES_GUESS + 8;
	out->items = arena_alloc_line(arena, sc.cap * sizeof *out->items);
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
