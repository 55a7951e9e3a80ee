#include "text/fold_table.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

/* One table entry: the folded code point (or a place in `long_folds`) with what kind of character it is. */
#define FOLD_CP 0x1FFFFFu
#define FOLD_LONG (1u << 21)
#define FOLD_KIND_SHIFT 22
#define FOLD_UPPER (1u << 25)
#define FOLD_LOWER (1u << 26)
#define FOLD_SCRIPT_SHIFT 27

#define PAGE_COUNT_MAX 160
#define LONG_FOLDS_MAX 4096
#define LONG_FOLD_CPS 6

/* Everything outside these ranges folds to itself or is no letter. */
static const struct {
	uint32_t first, last;
} ranges[] = {
    {0x0000, 0x33FF},
    {0xA000, 0xABFF},
    {0xD700, 0xD7FF},
    {0xF900, 0xFFFF},
    {0x10000, 0x119FF},
    {0x1D400, 0x1D7FF},
    {0x1E000, 0x1F2FF},
};

/* Letters that Unicode does not decompose but that are written with the plain letter elsewhere. */
/* clang-format off */
static const struct {
	uint32_t from;
	const char *to;
} plain_letters[] = {
    {0x0142, "l"}, {0x0111, "d"}, {0x00F8, "o"}, {0x0131, "i"}, {0x00E6, "ae"}, {0x0153, "oe"}, {0x00F0, "d"}, {0x00FE, "th"},
    {0x0127, "h"}, {0x0167, "t"}, {0x014B, "n"}, {0x0259, "e"}, {0x0268, "i"}, {0x0289, "u"}, {0x0138, "k"}, {0x0180, "b"},
    {0x0253, "b"}, {0x0257, "d"}, {0x0199, "k"}, {0x01B4, "y"}, {0x0247, "e"}, {0x0249, "j"}, {0x024D, "r"}, {0x024F, "y"},
    {0x0491, "г"}, {0x0450, "е"}, {0x045D, "и"}, {0x04D9, "е"}, {0x04AF, "у"}, {0x04B1, "у"}, {0x04E9, "о"}, {0x049B, "к"},
    {0x0493, "г"}, {0x04A3, "н"}, {0x04BB, "х"}, {0x049D, "к"}, {0x04B3, "х"}, {0x04B7, "ч"}, {0x0454, "е"}, {0x0456, "і"},
    {0x0457, "і"}, {0x045E, "у"}, {0x0671, "ا"}, {0x0649, "ي"}, {0x06CC, "ي"}, {0x06D2, "ي"}, {0x0629, "ه"}, {0x06A9, "ك"},
    {0x06AA, "ك"}, {0x06BE, "ه"}, {0x06C1, "ه"}, {0x06D5, "ه"}, {0x06C0, "ه"}, {0x0679, "ت"}, {0x0688, "د"}, {0x0691, "ر"},
    {0x06BA, "ن"}, {0x0621, ""}, {0x0640, ""}, {0x05DA, "כ"}, {0x05DD, "מ"}, {0x05DF, "נ"}, {0x05E3, "פ"}, {0x05E5, "צ"},
};
/* clang-format on */

/* Marks that are diacritics; other marks (vowel signs) are letters. */
/* clang-format off */
static const struct {
	uint32_t first, last;
} diacritics[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2}, {0x05C4, 0x05C5}, {0x05C7, 0x05C7},
    {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8}, {0x06EA, 0x06ED},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F},
};
/* clang-format on */

/* clang-format off */
static const struct {
	UScriptCode code;
	enum text_script script;
} scripts[] = {
    {USCRIPT_LATIN, TEXT_LATIN}, {USCRIPT_CYRILLIC, TEXT_CYRILLIC}, {USCRIPT_GREEK, TEXT_GREEK}, {USCRIPT_ARMENIAN, TEXT_ARMENIAN},
    {USCRIPT_GEORGIAN, TEXT_GEORGIAN}, {USCRIPT_HEBREW, TEXT_HEBREW}, {USCRIPT_ARABIC, TEXT_ARABIC}, {USCRIPT_DEVANAGARI, TEXT_INDIC},
    {USCRIPT_BENGALI, TEXT_INDIC}, {USCRIPT_GURMUKHI, TEXT_INDIC}, {USCRIPT_GUJARATI, TEXT_INDIC}, {USCRIPT_ORIYA, TEXT_INDIC},
    {USCRIPT_TAMIL, TEXT_INDIC}, {USCRIPT_TELUGU, TEXT_INDIC}, {USCRIPT_KANNADA, TEXT_INDIC}, {USCRIPT_MALAYALAM, TEXT_INDIC},
    {USCRIPT_SINHALA, TEXT_INDIC}, {USCRIPT_THAI, TEXT_SOUTHEAST}, {USCRIPT_LAO, TEXT_SOUTHEAST}, {USCRIPT_KHMER, TEXT_SOUTHEAST},
    {USCRIPT_MYANMAR, TEXT_SOUTHEAST}, {USCRIPT_HAN, TEXT_HAN}, {USCRIPT_HIRAGANA, TEXT_HIRAGANA}, {USCRIPT_KATAKANA, TEXT_KATAKANA},
    {USCRIPT_HANGUL, TEXT_HANGUL}, {USCRIPT_ETHIOPIC, TEXT_INDIC}, {USCRIPT_THAANA, TEXT_INDIC},
};
/* clang-format on */

/*
 * ICU is asked for a page when a character of it is met for the first time: all of them take a tenth of a start, and most texts
 * need a few. A fork may come while a thread is about it; pthread_once knows that, a mutex would stay locked.
 */
static uint32_t pages[PAGE_COUNT_MAX][256];
static pthread_once_t page_built[PAGE_COUNT_MAX];
static uint32_t page_first[PAGE_COUNT_MAX];                    /* character */
static int16_t page_of[0x1F300 / 256];                         /* -1 where there is no page */
static uint32_t long_folds[LONG_FOLDS_MAX][LONG_FOLD_CPS + 1]; /* count, then code points */
static _Atomic size_t long_fold_count;
static pthread_once_t laid_out = PTHREAD_ONCE_INIT;

static bool
is_diacritic(uint32_t cp)
{
	for (size_t i = 0; i < sizeof diacritics / sizeof *diacritics; i++) {
		if (cp >= diacritics[i].first && cp <= diacritics[i].last)
			return true;
	}
	return false;
}

static enum text_script
script_of(uint32_t cp)
{
	UErrorCode status = U_ZERO_ERROR;
	if (cp == 0x30FC || cp == 0xFF70 || cp == 0xFF9E || cp == 0xFF9F) /* the sound marks belong to both kana */
		return TEXT_KATAKANA;
	UScriptCode code = uscript_getScript((UChar32)cp, &status);
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		if (scripts[i].code == code)
			return scripts[i].script;
	}
	return code == USCRIPT_COMMON || code == USCRIPT_INHERITED ? TEXT_COMMON : TEXT_OTHER;
}

static enum text_kind
kind_of(uint32_t cp)
{
	uint32_t category = U_GET_GC_MASK((UChar32)cp);
	if ((cp >= 0x02B9 && cp <= 0x02BF) || cp == 0x02C8) /* modifier apostrophes separate as apostrophes do */
		return TEXT_BREAK;
	if (is_diacritic(cp))
		return TEXT_MARK;
	if (u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
	    u_hasBinaryProperty((UChar32)cp, UCHAR_BIDI_CONTROL))
		return TEXT_IGNORE;
	if (category & U_GC_L_MASK)
		return TEXT_LETTER;
	if (category & U_GC_M_MASK)
		return TEXT_LETTER;
	return category & U_GC_N_MASK ? TEXT_DIGIT : TEXT_BREAK;
}

static size_t
append_plain(uint32_t cp, uint32_t *out, size_t n)
{
	for (size_t i = 0; i < sizeof plain_letters / sizeof *plain_letters; i++) {
		if (plain_letters[i].from != cp)
			continue;
		struct str to = str_from(plain_letters[i].to);
		for (size_t pos = 0; pos < to.len && n < LONG_FOLD_CPS;)
			out[n++] = utf8_next(to, &pos);
		return n;
	}
	int digit = u_charDigitValue((UChar32)cp);
	if (n < LONG_FOLD_CPS)
		out[n++] = digit >= 0 ? (uint32_t)('0' + digit) : cp;
	return n;
}

static _Atomic bool broken; /* ICU had no memory for its own tables, which it loads for the first character */

/* Case folding, NFKD, marks dropped, NFC, then the plain letters. Returns the count; 0 = folds to nothing. */
static size_t
fold_of(uint32_t cp, uint32_t *out)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar source[2], folded[64], decomposed[128], kept[128], composed[128];
	int32_t n = 0, len = 0;

	U16_APPEND_UNSAFE(source, n, (UChar32)cp);
	const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&status), *nfc = unorm2_getNFCInstance(&status);
	n = u_strFoldCase(folded, 64, source, n, U_FOLD_CASE_DEFAULT, &status);
	n = unorm2_normalize(nfkd, folded, n, decomposed, 128, &status);
	n = u_strFoldCase(folded, 64, decomposed, n, U_FOLD_CASE_DEFAULT, &status);
	for (int32_t i = 0; U_SUCCESS(status) && i < n;) {
		UChar32 c;
		U16_NEXT_UNSAFE(folded, i, c);
		if (!is_diacritic((uint32_t)c))
			U16_APPEND_UNSAFE(kept, len, c);
	}
	n = unorm2_normalize(nfc, kept, len, composed, 128, &status);
	if (U_FAILURE(status)) {
		broken = true;
		out[0] = cp;
		return 1;
	}
	size_t count = 0;
	for (int32_t i = 0; i < n;) {
		UChar32 c;
		U16_NEXT_UNSAFE(composed, i, c);
		enum text_kind kind = kind_of((uint32_t)c);
		if (kind == TEXT_LETTER || kind == TEXT_DIGIT)
			count = append_plain((uint32_t)c, out, count);
	}
	return count;
}

static uint32_t
entry_of(uint32_t cp)
{
	enum text_kind kind = kind_of(cp);
	uint32_t out[LONG_FOLD_CPS], entry = cp;
	size_t place;

	if (kind == TEXT_LETTER || kind == TEXT_DIGIT) {
		size_t n = fold_of(cp, out);
		if (n == 0) {
			kind = TEXT_MARK;
		} else if (n == 1) {
			entry = out[0];
		} else if ((place = long_fold_count++) < LONG_FOLDS_MAX) {
			long_folds[place][0] = (uint32_t)n;
			memcpy(long_folds[place] + 1, out, n * sizeof *out);
			entry = FOLD_LONG | (uint32_t)place;
		}
	}
	if (u_isUUppercase((UChar32)cp) || u_istitle((UChar32)cp))
		entry |= FOLD_UPPER;
	else if (u_isULowercase((UChar32)cp))
		entry |= FOLD_LOWER;
	return entry | (uint32_t)kind << FOLD_KIND_SHIFT | (uint32_t)script_of(cp) << FOLD_SCRIPT_SHIFT;
}

struct fold_packed text_fold_two[0x800];

static void fold_from_pages(uint32_t cp, struct text_fold *ret);

static void
pack(uint32_t cp)
{
	struct text_fold f;
	struct fold_packed *to = &text_fold_two[cp];
	fold_from_pages(cp, &f);
	*to = (struct fold_packed){.kind = f.len <= FOLD_PACKED_MAX ? (uint8_t)f.kind : FOLD_PACKED_LONG,
	    .script = (uint8_t)f.script,
	    .upper = f.upper,
	    .lower = f.lower,
	    .len = f.len};
	if (f.len <= FOLD_PACKED_MAX)
		memcpy(to->utf8, f.utf8, f.len);
}

static void
lay_out(void)
{
	int16_t next = 0;
	memset(page_of, -1, sizeof page_of);
	for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
		for (uint32_t cp = ranges[r].first; cp <= ranges[r].last; cp += 256) {
			static const pthread_once_t not_yet = PTHREAD_ONCE_INIT;
			page_built[next] = not_yet;
			page_first[next] = cp;
			page_of[cp / 256] = next++;
		}
	}
	for (uint32_t cp = 0x80; cp < 0x800; cp++)
		pack(cp);
}

static uint32_t
far_entry(uint32_t cp)
{
	enum text_script script = TEXT_OTHER;
	enum text_kind kind = TEXT_LETTER;
	if ((cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0x20000 && cp <= 0x3FFFF))
		script = TEXT_HAN;
	else if (cp >= 0xAC00 && cp <= 0xD7A3)
		script = TEXT_HANGUL;
	else
		kind = kind_of(cp);
	return cp | (uint32_t)kind << FOLD_KIND_SHIFT | (uint32_t)script << FOLD_SCRIPT_SHIFT;
}

static _Thread_local int wanted_page;

static void
build_page(void)
{
	int page = wanted_page;
	for (uint32_t i = 0; i < 256; i++)
		pages[page][i] = entry_of(page_first[page] + i);
}

static uint32_t
near_entry(int page, uint32_t cp)
{
	wanted_page = page;
	pthread_once(&page_built[page], build_page);
	return pages[page][cp % 256];
}

bool
text_fold_ready(void)
{
	pthread_once(&laid_out, lay_out);
	return !broken;
}

static void
fold_from_pages(uint32_t cp, struct text_fold *ret)
{
	int page = cp < 0x1F300 ? page_of[cp / 256] : -1;
	uint32_t e = page >= 0 ? near_entry(page, cp) : far_entry(cp);

	ret->kind = (enum text_kind)(e >> FOLD_KIND_SHIFT & 7);
	ret->script = (enum text_script)(e >> FOLD_SCRIPT_SHIFT);
	ret->upper = (e & FOLD_UPPER) != 0;
	ret->lower = (e & FOLD_LOWER) != 0;
	ret->len = 0;
	if (ret->kind != TEXT_LETTER && ret->kind != TEXT_DIGIT)
		return;
	if (!(e & FOLD_LONG)) {
		ret->len = (unsigned char)utf8_put(e & FOLD_CP, ret->utf8);
		return;
	}
	const uint32_t *f = long_folds[e & FOLD_CP];
	for (uint32_t i = 1; i <= f[0] && ret->len + 4 <= TEXT_FOLD_MAX; i++)
		ret->len = (unsigned char)(ret->len + utf8_put(f[i], ret->utf8 + ret->len));
}

void
text_fold_cp(uint32_t cp, struct text_fold *ret)
{
	pthread_once(&laid_out, lay_out);
	fold_from_pages(cp, ret);
}

bool
text_fold_str(struct buf *out, struct str s)
{
	struct text_fold f;
	for (size_t pos = 0; pos < s.len;) {
		size_t start = pos;
		uint32_t cp = utf8_next(s, &pos);
		if (cp == UTF8_INVALID)
			continue;
		text_fold_cp(cp, &f);
		bool good = f.kind == TEXT_BREAK ? buf_add(out, s.s + start, pos - start) : buf_add(out, f.utf8, f.len);
		if (!good)
			return false;
	}
	return true;
}
