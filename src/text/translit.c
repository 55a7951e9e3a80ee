#include "text/translit.h"

#include "base/utf8.h"
#include "text/han_loan.h"
#include "text/southeast.h"

struct letter {
	uint32_t cp;
	const char *sounds;
};

/* After folding: no й, ё, ї, є, ў, ґ, and no final forms. Sorted by code point. */
/* clang-format off */
static const struct letter letters[] = {
    /* Greek */
    {0x03B1, "a"}, {0x03B2, "v"}, {0x03B3, "g"}, {0x03B4, "d"}, {0x03B5, "e"}, {0x03B6, "z"}, {0x03B7, "i"}, {0x03B8, "t"}, {0x03B9, "i"},
    {0x03BA, "k"}, {0x03BB, "l"}, {0x03BC, "m"}, {0x03BD, "n"}, {0x03BE, "ks"}, {0x03BF, "o"}, {0x03C0, "p"}, {0x03C1, "r"}, {0x03C2, "s"},
    {0x03C3, "s"}, {0x03C4, "t"}, {0x03C5, "i"}, {0x03C6, "f"}, {0x03C7, "H"}, {0x03C8, "ps"}, {0x03C9, "o"},
    /* Cyrillic */
    {0x0430, "a"}, {0x0431, "b"}, {0x0432, "v"}, {0x0433, "g"}, {0x0434, "d"}, {0x0435, "e"}, {0x0436, "Z"}, {0x0437, "z"}, {0x0438, "i"},
    {0x043A, "k"}, {0x043B, "l"}, {0x043C, "m"}, {0x043D, "n"}, {0x043E, "o"}, {0x043F, "p"}, {0x0440, "r"}, {0x0441, "s"}, {0x0442, "t"},
    {0x0443, "u"}, {0x0444, "f"}, {0x0445, "H"}, {0x0446, "C"}, {0x0447, "T"}, {0x0448, "S"}, {0x0449, "S"}, {0x044A, "@"}, {0x044B, "i"},
    {0x044C, ""}, {0x044D, "e"}, {0x044E, "ju"}, {0x044F, "ja"}, {0x0452, "d"}, {0x0455, "dz"}, {0x0456, "i"}, {0x0458, "j"}, {0x0459, "l"},
    {0x045A, "n"}, {0x045B, "T"}, {0x045F, "dZ"},
    /* Armenian */
    {0x0561, "a"}, {0x0562, "b"}, {0x0563, "g"}, {0x0564, "d"}, {0x0565, "e"}, {0x0566, "z"}, {0x0567, "e"}, {0x0568, "@"}, {0x0569, "t"},
    {0x056A, "Z"}, {0x056B, "i"}, {0x056C, "l"}, {0x056D, "H"}, {0x056E, "C"}, {0x056F, "k"}, {0x0570, "h"}, {0x0571, "dz"}, {0x0572, "g"},
    {0x0573, "T"}, {0x0574, "m"}, {0x0575, "j"}, {0x0576, "n"}, {0x0577, "S"}, {0x0578, "o"}, {0x0579, "T"}, {0x057A, "p"}, {0x057B, "dZ"},
    {0x057C, "r"}, {0x057D, "s"}, {0x057E, "v"}, {0x057F, "t"}, {0x0580, "r"}, {0x0581, "C"}, {0x0582, "v"}, {0x0583, "p"}, {0x0584, "k"},
    {0x0585, "o"}, {0x0586, "f"},
    /* Hebrew */
    {0x05D0, "@"}, {0x05D1, "V"}, {0x05D2, "g"}, {0x05D3, "d"}, {0x05D4, "E"}, {0x05D5, "w"}, {0x05D6, "z"}, {0x05D7, "H"}, {0x05D8, "t"},
    {0x05D9, "i"}, {0x05DB, "k"}, {0x05DC, "l"}, {0x05DE, "m"}, {0x05E0, "n"}, {0x05E1, "s"}, {0x05E2, "@"}, {0x05E4, "P"}, {0x05E6, "C"},
    {0x05E7, "k"}, {0x05E8, "r"}, {0x05E9, "S"}, {0x05EA, "t"},
    /* Arabic, with the letters of Persian, Urdu, Kurdish, Pashto, Sindhi and Uyghur */
    {0x0627, "@"}, {0x0628, "B"}, {0x062A, "t"}, {0x062B, "t"}, {0x062C, "dZ"}, {0x062D, "h"}, {0x062E, "H"}, {0x062F, "d"}, {0x0630, "D"},
    {0x0631, "r"}, {0x0632, "z"}, {0x0633, "s"}, {0x0634, "S"}, {0x0635, "s"}, {0x0636, "D"}, {0x0637, "t"}, {0x0638, "z"}, {0x0639, "@"},
    {0x063A, "g"}, {0x0641, "F"}, {0x0642, "Q"}, {0x0643, "k"}, {0x0644, "l"}, {0x0645, "m"}, {0x0646, "n"}, {0x0647, "E"}, {0x0648, "w"},
    {0x064A, "i"}, {0x067A, "t"}, {0x067B, "b"}, {0x067C, "t"}, {0x067D, "t"}, {0x067E, "p"}, {0x067F, "t"}, {0x0680, "b"}, {0x0681, "dz"},
    {0x0683, "n"}, {0x0684, "dZ"}, {0x0685, "C"}, {0x0686, "T"}, {0x0687, "T"}, {0x0689, "d"}, {0x068A, "d"}, {0x068C, "d"}, {0x068D, "d"},
    {0x068F, "d"}, {0x0693, "r"}, {0x0695, "r"}, {0x0696, "Z"}, {0x0698, "Z"}, {0x0699, "r"}, {0x069A, "S"}, {0x06A4, "v"}, {0x06A6, "P"},
    {0x06AB, "g"}, {0x06AD, "ng"}, {0x06AF, "g"}, {0x06B1, "n"}, {0x06B3, "g"}, {0x06B5, "l"}, {0x06BB, "n"}, {0x06BC, "n"}, {0x06C6, "o"},
    {0x06C7, "u"}, {0x06C8, "u"}, {0x06CB, "v"}, {0x06CD, "i"}, {0x06CE, "e"}, {0x06D0, "e"},
    /* Thaana */
    {0x0780, "h"}, {0x0781, "S"}, {0x0782, "n"}, {0x0783, "r"}, {0x0784, "b"}, {0x0785, "l"}, {0x0786, "k"}, {0x0787, ""}, {0x0788, "v"},
    {0x0789, "m"}, {0x078A, "f"}, {0x078B, "d"}, {0x078C, "t"}, {0x078D, "l"}, {0x078E, "g"}, {0x078F, "nj"}, {0x0790, "s"}, {0x0791, "d"},
    {0x0792, "z"}, {0x0793, "t"}, {0x0794, "j"}, {0x0795, "p"}, {0x0796, "dZ"}, {0x0797, "T"}, {0x0798, "t"}, {0x0799, "h"}, {0x079A, "H"},
    {0x079B, "z"}, {0x079C, "z"}, {0x079D, "S"}, {0x079E, "s"}, {0x079F, "d"}, {0x07A0, "t"}, {0x07A1, "z"}, {0x07A2, ""}, {0x07A3, "g"},
    {0x07A4, "k"}, {0x07A5, "w"}, {0x07A6, "a"}, {0x07A7, "a"}, {0x07A8, "i"}, {0x07A9, "i"}, {0x07AA, "u"}, {0x07AB, "u"}, {0x07AC, "e"},
    {0x07AD, "e"}, {0x07AE, "o"}, {0x07AF, "o"}, {0x07B0, ""},
    /* Georgian */
    {0x10D0, "a"}, {0x10D1, "b"}, {0x10D2, "g"}, {0x10D3, "d"}, {0x10D4, "e"}, {0x10D5, "v"}, {0x10D6, "z"}, {0x10D7, "t"}, {0x10D8, "i"},
    {0x10D9, "k"}, {0x10DA, "l"}, {0x10DB, "m"}, {0x10DC, "n"}, {0x10DD, "o"}, {0x10DE, "p"}, {0x10DF, "Z"}, {0x10E0, "r"}, {0x10E1, "s"},
    {0x10E2, "t"}, {0x10E3, "u"}, {0x10E4, "P"}, {0x10E5, "k"}, {0x10E6, "g"}, {0x10E7, "k"}, {0x10E8, "S"}, {0x10E9, "T"}, {0x10EA, "C"},
    {0x10EB, "dz"}, {0x10EC, "C"}, {0x10ED, "T"}, {0x10EE, "H"}, {0x10EF, "dZ"}, {0x10F0, "h"},
    /* Katakana */
    {0x30A1, "a"}, {0x30A2, "a"}, {0x30A3, "i"}, {0x30A4, "i"}, {0x30A5, "u"}, {0x30A6, "u"}, {0x30A7, "e"}, {0x30A8, "e"}, {0x30A9, "o"},
    {0x30AA, "o"}, {0x30AB, "ka"}, {0x30AC, "ga"}, {0x30AD, "ki"}, {0x30AE, "gi"}, {0x30AF, "k@"}, {0x30B0, "g@"}, {0x30B1, "ke"},
    {0x30B2, "ge"}, {0x30B3, "ko"}, {0x30B4, "go"}, {0x30B5, "sa"}, {0x30B6, "za"}, {0x30B7, "Si"}, {0x30B8, "dZi"}, {0x30B9, "s@"},
    {0x30BA, "z@"}, {0x30BB, "se"}, {0x30BC, "ze"}, {0x30BD, "so"}, {0x30BE, "zo"}, {0x30BF, "ta"}, {0x30C0, "da"}, {0x30C1, "Ti"},
    {0x30C2, "dZi"}, {0x30C3, ""}, {0x30C4, "C@"}, {0x30C5, "z@"}, {0x30C6, "te"}, {0x30C7, "de"}, {0x30C8, "t@"}, {0x30C9, "d@"},
    {0x30CA, "na"}, {0x30CB, "ni"}, {0x30CC, "nu"}, {0x30CD, "ne"}, {0x30CE, "no"}, {0x30CF, "ha"}, {0x30D0, "ba"}, {0x30D1, "pa"},
    {0x30D2, "hi"}, {0x30D3, "bi"}, {0x30D4, "pi"}, {0x30D5, "f@"}, {0x30D6, "b@"}, {0x30D7, "p@"}, {0x30D8, "he"}, {0x30D9, "be"},
    {0x30DA, "pe"}, {0x30DB, "ho"}, {0x30DC, "bo"}, {0x30DD, "po"}, {0x30DE, "ma"}, {0x30DF, "mi"}, {0x30E0, "m@"}, {0x30E1, "me"},
    {0x30E2, "mo"}, {0x30E3, "ja"}, {0x30E4, "ja"}, {0x30E5, "ju"}, {0x30E6, "ju"}, {0x30E7, "jo"}, {0x30E8, "jo"}, {0x30E9, "ra"},
    {0x30EA, "ri"}, {0x30EB, "r@"}, {0x30EC, "re"}, {0x30ED, "ro"}, {0x30EF, "wa"}, {0x30F2, "o"}, {0x30F3, "n"}, {0x30F4, "v@"}, {0x30FC, ""},
};
/* clang-format on */

/* Two letters that are one sound. */
/* clang-format off */
static const struct {
	uint32_t first, second;
	const char *sounds;
} pairs[] = {
    {0x03BF, 0x03C5, "u"}, {0x03BC, 0x03C0, "b"}, {0x03BD, 0x03C4, "d"}, {0x03B3, 0x03BA, "g"}, {0x03C4, 0x03C3, "C"}, {0x03C4, 0x03B6, "dZ"},
    {0x03B1, 0x03B9, "e"}, {0x03B5, 0x03B9, "i"}, {0x03BF, 0x03B9, "i"}, {0x03B1, 0x03C5, "av"}, {0x03B5, 0x03C5, "ev"},
    {0x0434, 0x0436, "dZ"}, {0x043A, 0x0445, "kh"}, {0x0578, 0x0582, "u"}, {0x0577, 0x0579, "S"}, {0x062A, 0x0634, "T"},
    {0x05D2, 0x05F3, "dZ"}, {0x05D6, 0x05F3, "Z"}, {0x05E6, 0x05F3, "T"}, /* what a geresh makes of them (Academy of the Hebrew Language) */
};
/* clang-format on */

/* Devanagari U+0904…U+0950; the other Indic blocks run parallel to it. 0 = nothing. Consonants carry an unwritten vowel. */
/* clang-format off */
static const char *const indic[0x50] = {
    [0x04] = "a", [0x05] = "a", [0x06] = "a", [0x07] = "i", [0x08] = "i", [0x09] = "u", [0x0A] = "u", [0x0B] = "ri", [0x0D] = "e", [0x0E] = "e",
    [0x0F] = "e", [0x10] = "ai", [0x11] = "o", [0x12] = "o", [0x13] = "o", [0x14] = "au", [0x15] = "k@", [0x16] = "kh@", [0x17] = "g@",
    [0x18] = "g@", [0x19] = "n@", [0x1A] = "T@", [0x1B] = "T@", [0x1C] = "dZ@", [0x1D] = "dZ@", [0x1E] = "n@", [0x1F] = "t@", [0x20] = "t@",
    [0x21] = "d@", [0x22] = "d@", [0x23] = "n@", [0x24] = "t@", [0x25] = "t@", [0x26] = "d@", [0x27] = "d@", [0x28] = "n@", [0x29] = "n@",
    [0x2A] = "p@", [0x2B] = "f@", [0x2C] = "b@", [0x2D] = "b@", [0x2E] = "m@", [0x2F] = "j@", [0x30] = "r@", [0x31] = "r@", [0x32] = "l@",
    [0x33] = "l@", [0x34] = "l@", [0x35] = "v@", [0x36] = "S@", [0x37] = "S@", [0x38] = "s@", [0x39] = "h@", [0x3E] = "a", [0x3F] = "i",
    [0x40] = "i", [0x41] = "u", [0x42] = "u", [0x43] = "ri", [0x45] = "e", [0x46] = "e", [0x47] = "e", [0x48] = "ai", [0x49] = "o", [0x4A] = "o",
    [0x4B] = "o", [0x4C] = "au", [0x01] = "n", [0x02] = "n",
};

/* Sinhala has an order of its own: U+0D82…U+0DDE. */
static const char *const sinhala[0x60] = {
    [0x02] = "n", [0x05] = "a", [0x06] = "a", [0x07] = "a", [0x08] = "a", [0x09] = "i", [0x0A] = "i", [0x0B] = "u", [0x0C] = "u", [0x0D] = "ri",
    [0x11] = "e", [0x12] = "e", [0x13] = "ai", [0x14] = "o", [0x15] = "o", [0x16] = "au", [0x1A] = "k@", [0x1B] = "k@", [0x1C] = "g@",
    [0x1D] = "g@", [0x1E] = "n@", [0x1F] = "ng@", [0x20] = "T@", [0x21] = "T@", [0x22] = "dZ@", [0x23] = "dZ@", [0x24] = "n@", [0x25] = "n@",
    [0x26] = "ndZ@", [0x27] = "t@", [0x28] = "t@", [0x29] = "d@", [0x2A] = "d@", [0x2B] = "n@", [0x2C] = "nd@", [0x2D] = "t@", [0x2E] = "t@",
    [0x2F] = "d@", [0x30] = "d@", [0x31] = "n@", [0x33] = "nd@", [0x34] = "p@", [0x35] = "p@", [0x36] = "b@", [0x37] = "b@", [0x38] = "m@",
    [0x39] = "mb@", [0x3A] = "j@", [0x3B] = "r@", [0x3D] = "l@", [0x40] = "v@", [0x41] = "S@", [0x42] = "S@", [0x43] = "s@", [0x44] = "h@",
    [0x45] = "l@", [0x46] = "f@", [0x4F] = "a", [0x50] = "a", [0x51] = "a", [0x52] = "i", [0x53] = "i", [0x54] = "u", [0x56] = "u", [0x58] = "ru",
    [0x59] = "e", [0x5A] = "e", [0x5B] = "ai", [0x5C] = "o", [0x5D] = "o", [0x5E] = "au",
};

/* Consonants without a vowel at the end of a syllable in Malayalam: U+0D7A…U+0D7F. */
static const char *const chillu[] = {"n", "n", "r", "l", "l", "k"};
/* clang-format on */

static const char *const hangul_first[19] = {
    "g", "k", "n", "d", "t", "r", "m", "b", "p", "s", "s", "", "dZ", "dZ", "T", "k", "t", "p", "h"};
static const char *const hangul_vowel[21] = {"a", "e", "ja", "je", "o", "e", "jo", "je", "o", "wa", "we", "we", "jo",
    "u", "wo", "we", "wi", "ju", "@", "i", "i"};
static const char *const hangul_last[28] = {"", "g", "g", "g", "n", "n", "n", "d", "l", "l", "l", "l", "l", "l", "l",
    "l", "m", "b", "b", "t", "t", "n", "t", "t", "k", "t", "p", "t"};

/* Ethiopic: a consonant in eight, U+1200…U+1357, and the vowel by its place among them. */
/* clang-format off */
static const char *const ethiopic[] = {
    "h", "l", "h", "m", "s", "r", "s", "S", "k", "k", "k", "k", "b", "v", "t", "T", "H", "H", "n", "nj", "", "k", "k", "h", "h", "w", "", "z",
    "Z", "j", "d", "d", "dZ", "g", "g", "ng", "t", "T", "p", "C", "C", "f", "p",
};
static const char *const ethiopic_vowels[8] = {"@", "u", "i", "a", "e", "@", "o", "wa"};
/* clang-format on */

static bool
put(struct text_sounds *out, const char *sounds, size_t before)
{
	for (; *sounds; sounds++) {
		if (out->len + 1u >= TEXT_SOUNDS_MAX)
			return false;
		out->at[out->len] = (unsigned char)before;
		out->s[out->len++] = *sounds;
	}
	return true;
}

static bool
put_ethiopic(struct text_sounds *out, uint32_t cp, size_t before)
{
	size_t i = (cp - 0x1200) / 8;
	return i < sizeof ethiopic / sizeof *ethiopic && put(out, ethiopic[i], before) &&
	       put(out, ethiopic_vowels[cp % 8], before);
}

static const char *
letter_sounds(uint32_t cp)
{
	size_t lo = 0, hi = sizeof letters / sizeof *letters;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (letters[mid].cp == cp)
			return letters[mid].sounds;
		if (letters[mid].cp < cp)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static bool
put_hangul(struct text_sounds *out, uint32_t cp, size_t before)
{
	uint32_t i = cp - 0xAC00;
	return put(out, hangul_first[i / 588], before) && put(out, hangul_vowel[i % 588 / 28], before) &&
	       put(out, hangul_last[i % 28], before);
}

/* Tamil has one letter for voiced and voiceless, and one for s and ch (Lehmann 1993, ch. 1); a dot leaves the vowel of a letter out. */
static const char *
tamil_sounds(struct text_sounds *out, uint32_t cp)
{
	if (cp == 0x0BCD && out->len > 0 && out->s[out->len - 1] == '@')
		out->len--;
	return cp == 0x0B95                   ? "Q@"
	       : cp == 0x0B9A                 ? "Y@"
	       : cp == 0x0B9F || cp == 0x0BA4 ? "X@"
	       : cp == 0x0BAA                 ? "B@"
	                                      : NULL;
}

/* Malayalam writes t as a doubled letter for r, and nt as n with that letter (Asher and Kumari 1997, ch. 4): ക്ലിന്റൺ. */
static bool
put_malayalam_t(struct text_sounds *out, struct str rest, size_t *pos)
{
	static const struct {
		const char *letters, *sounds;
	} rows[] = {{"റ്റ", "t@"}, {"ന്റ", "nt@"}, {"ൻറ", "nt@"}, {"ൻ്റ", "nt@"}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!str_starts(rest, str_from(rows[i].letters)))
			continue;
		size_t before = *pos;
		*pos += strlen(rows[i].letters);
		return put(out, rows[i].sounds, before);
	}
	return false;
}

#define ANUSVARA 0x02u
#define TIPPI 0x0A70u /* of Gurmukhi */

/* A dot for the nasal of the consonant behind it (ISO 15919, 3.3): m before p and its like (ट्रंप), in the south also at the end. */
static const char *
nasal_dot(uint32_t cp, uint32_t next)
{
	bool southern = cp >= 0x0C00 && cp < 0x0D80, sinhalese = cp >= 0x0D80;
	uint32_t first = sinhalese ? 0x34 : 0x2A, last = sinhalese ? 0x39 : 0x2E, i = next % 0x80;
	if (next == 0)
		return southern ? "m" : "n";
	return next / 0x80 == cp / 0x80 && i >= first && i <= last ? "m" : "n";
}

static bool
put_indic(struct text_sounds *out, uint32_t cp, uint32_t next, size_t before)
{
	bool tamil = cp >= 0x0B80 && cp < 0x0C00;
	const char *own = tamil ? tamil_sounds(out, cp) : NULL;
	if (own != NULL)
		return put(out, own, before);
	uint32_t i = cp % 0x80;
	const char *sounds = i < sizeof indic / sizeof *indic ? indic[i] : NULL;
	if (cp >= 0x0D80)
		sounds = i < sizeof sinhala / sizeof *sinhala ? sinhala[i] : NULL;
	else if (cp >= 0x0D7A)
		sounds = chillu[cp - 0x0D7A];
	if (i == ANUSVARA || cp == TIPPI)
		sounds = nasal_dot(cp, next);
	return put(out, sounds ? sounds : "", before);
}

/* Within a Greek word μπ, ντ and γκ keep their nasal: Λαμπρίδης is Lambridis. Foreign b, d and g are written so, too. */
static const char *
nasal_sounds(uint32_t first, uint32_t second)
{
	if (first == 0x03BC && second == 0x03C0)
		return "mb";
	if (first == 0x03BD && second == 0x03C4)
		return "nd";
	return first == 0x03B3 && second == 0x03BA ? "ng" : NULL;
}

static const char *
pair_sounds(uint32_t first, uint32_t second, bool begins)
{
	const char *nasal = begins ? NULL : nasal_sounds(first, second);
	if (nasal != NULL)
		return nasal;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		if (pairs[i].first == first && pairs[i].second == second)
			return pairs[i].sounds;
	}
	return NULL;
}

/* A small vowel behind a syllable takes the place of its own: te and i are ti, fu and a are fa, de and yu are dyu. */
static void
make_room(struct text_sounds *out, uint32_t cp)
{
	bool vowel = cp == 0x30A1 || cp == 0x30A3 || cp == 0x30A5 || cp == 0x30A7 || cp == 0x30A9;
	bool glide = cp == 0x30E3 || cp == 0x30E5 || cp == 0x30E7;
	char last = out->len > 1 ? out->s[out->len - 1] : '\0';
	if ((vowel && last != '\0' && strchr("aeio@", last) != NULL) || (glide && (last == 'e' || last == '@')))
		out->len--;
}

static bool
put_letter(struct text_sounds *out, struct str word, size_t *pos)
{
	size_t before = *pos;
	uint32_t cp = utf8_next(word, pos);

	if (cp >= 'a' && cp <= 'z') {
		const char one[2] = {(char)cp, '\0'};
		return put(out, one, before);
	}
	if (cp >= 0xAC00 && cp <= 0xD7A3)
		return put_hangul(out, cp, before);
	struct str rest = {word.s + before, word.len - before};
	size_t t = before;
	if (cp >= 0x0D00 && cp < 0x0D80 && put_malayalam_t(out, rest, &t)) {
		*pos = t;
		return true;
	}
	if (cp >= 0x0900 && cp <= 0x0DFF) {
		size_t behind = *pos;
		return put_indic(out, cp, behind < word.len ? utf8_next(word, &behind) : 0, before);
	}
	if (cp >= 0x1200 && cp < 0x1380)
		return put_ethiopic(out, cp, before);
	if (*pos < word.len) {
		size_t next = *pos;
		const char *both = pair_sounds(cp, utf8_next(word, &next), before == 0);
		if (both != NULL) {
			*pos = next;
			return put(out, both, before);
		}
	}
	make_room(out, cp);
	const char *sounds = letter_sounds(cp);
	return sounds != NULL && put(out, sounds, before);
}

/* What is told to be TEXT_INDIC, because it was made a word of, and is something else. */
enum unspaced { SPACED, SOUTHEAST, HAN_LOAN };

static enum unspaced
unspaced_of(struct str folded)
{
	size_t pos = 0;
	uint32_t cp = folded.len > 0 ? utf8_next(folded, &pos) : 0;
	return text_southeast_letter(cp) ? SOUTHEAST : cp >= 0x3400 && cp < 0xA000 ? HAN_LOAN : SPACED;
}

bool
text_sounds(struct str folded, enum text_script script, struct text_sounds *out)
{
	out->len = 0;
	out->script = script;
	out->vowels_free = script == TEXT_ARABIC || script == TEXT_HEBREW;
	if (script == TEXT_COMMON || script == TEXT_OTHER || text_script_single(script) || folded.len > UINT8_MAX)
		return false;
	switch (script == TEXT_INDIC ? unspaced_of(folded) : SPACED) {
	case SOUTHEAST:
		if (!text_southeast_sounds(folded, out))
			return false;
		break;
	case HAN_LOAN:
		if (!text_han_loan_sounds(folded, out))
			return false;
		break;
	case SPACED:
		for (size_t pos = 0; pos < folded.len;) {
			if (!put_letter(out, folded, &pos))
				return false;
		}
	}
	out->at[out->len] = (unsigned char)folded.len;
	return out->len > 0;
}

/* ---- loan words ---- */

struct rewrite {
	const char *from, *to;
};

bool
text_sounds_syllabic(enum text_script script)
{
	return script == TEXT_KATAKANA || script == TEXT_HANGUL;
}

static const struct rewrite *
find_rewrite(const struct rewrite *rules, struct str s, size_t at)
{
	for (; rules->from != NULL; rules++) {
		size_t n = strlen(rules->from);
		if (n <= s.len - at && memcmp(s.s + at, rules->from, n) == 0)
			return rules;
	}
	return NULL;
}

void
text_sounds_as_loan(struct str sounds, enum text_script script, struct text_sounds *out)
{
	static const struct rewrite kana[] = {{"ll", "r"}, {"l", "r"}, {"v", "b"}, {NULL, NULL}};
	static const struct rewrite hangul[] = {{"lr", "r"}, {"ll", "r"}, {"l", "r"}, {"v", "b"}, {"ph", "p"},
	    {"f", "p"}, {"F", "p"}, {"dz", "dZ"}, {"dZ", "dZ"}, {"zh", "dZ"}, {"z", "dZ"}, {NULL, NULL}};
	const struct rewrite *rules = script == TEXT_HANGUL ? hangul : kana;

	*out = (struct text_sounds){.script = script};
	for (size_t at = 0; at < sounds.len;) {
		const struct rewrite *r = find_rewrite(rules, sounds, at);
		bool last_v =
		    strchr("vw", sounds.s[at]) != NULL && at + 1 == sounds.len; /* Ivanov: イワノフ, 이바노프 */
		const char one[2] = {sounds.s[at], '\0'};
		put(out, last_v ? (script == TEXT_HANGUL ? "p" : "f") : r != NULL ? r->to : one, 0);
		at += r != NULL ? strlen(r->from) : 1;
	}
}

/* True when a rule applied. */
static bool
rewrite_all(struct text_sounds *sounds, const struct rewrite *rules)
{
	const struct text_sounds from = *sounds;
	struct str s = {from.s, from.len};
	bool changed = false;

	sounds->len = 0;
	for (size_t at = 0; at < from.len;) {
		const struct rewrite *r = find_rewrite(rules, s, at);
		const char one[2] = {from.s[at], '\0'};
		put(sounds, r != NULL ? r->to : one, from.at[at]);
		at += r != NULL ? strlen(r->from) : 1;
		changed |= r != NULL;
	}
	sounds->at[sounds->len] = from.at[from.len];
	return changed;
}

bool
text_sounds_kana_otherwise(struct text_sounds *sounds)
{
	static const struct rewrite rules[] = {{"Ti", "ti"}, {"dZi", "di"}, {"C@", "tu"}, {"z@", "du"}, {"uo", "vo"},
	    {"np", "mp"}, {"nb", "mb"}, {NULL, NULL}};
	bool ur = sounds->len > 2 && sounds->s[0] == 'u' && sounds->s[1] == 'r';
	if (ur)
		sounds->s[0] = 'v';
	return rewrite_all(sounds, rules) || ur;
}

bool
text_sounds_otherwise(struct text_sounds *sounds, bool c_is_ts)
{
	static const struct rewrite greek[] = {{"mb", "b"}, {"ndz", "dZ"}, {"nd", "d"}, {"ng", "g"}, {"gia", "ja"},
	    {"gie", "je"}, {"gio", "jo"}, {"giu", "ju"}, {"gi", "i"}, {"ge", "je"}, {"gua", "ua"}, {"gue", "ue"},
	    {"gui", "ui"}, {"guo", "uo"}, {NULL, NULL}},
	                            georgian[] = {{"P", "f"}, {NULL, NULL}},
	                            arabic[] = {{"D", "z"}, {"w", "v"}, {NULL, NULL}},
	                            hebrew[] = {{"w", "v"}, {NULL, NULL}},
	                            latin[] = {{"dj", "d"}, {"gy", "d"}, {NULL, NULL}},
	                            slavic[] = {{"dj", "d"}, {"gy", "d"}, {"ch", "ch"}, {"cz", "cz"}, {"cs", "cs"},
	                                {"c", "C"}, {NULL, NULL}};
	const struct rewrite *rules = sounds->script == TEXT_GREEK      ? greek
	                              : sounds->script == TEXT_GEORGIAN ? georgian
	                              : sounds->script == TEXT_ARABIC   ? arabic
	                              : sounds->script == TEXT_HEBREW   ? hebrew
	                              : c_is_ts                         ? slavic
	                                                                : latin;
	for (size_t at = 0; at < sounds->len; at++) {
		const struct rewrite *r = find_rewrite(rules, (struct str){sounds->s, sounds->len}, at);
		if (r != NULL && strcmp(r->from, r->to) != 0)
			return rewrite_all(sounds, rules);
	}
	return false;
}

bool
text_sounds_unspaced(struct text_sounds *sounds, struct str folded)
{
	enum unspaced what = unspaced_of(folded);
	return what == SOUTHEAST  ? text_southeast_otherwise(folded, sounds)
	       : what == HAN_LOAN ? text_han_loan_otherwise(folded, sounds)
	                          : false;
}

bool
text_sounds_hard_greek(struct text_sounds *sounds)
{
	static const struct rewrite rules[] = {{"mb", "mp"}, {"nd", "nt"}, {"ng", "nk"}, {NULL, NULL}};
	return rewrite_all(sounds, rules);
}

bool
text_sounds_as_belarusian(struct str folded, bool surely, struct text_sounds *ret)
{
	static const struct rewrite rules[] = {{"dzi", "di"}, {"dze", "de"}, {"dzja", "dja"}, {"dzju", "dju"},
	    {"Ci", "ti"}, {"Ce", "te"}, {"Cja", "tja"}, {"Cju", "tju"}, {"au", "av"}, {"eu", "ev"}, {"iu", "iv"},
	    {"ou", "ov"}, {NULL, NULL}};
	const struct str own = STR_LIT("і");
	if ((!surely && str_find(folded, own, 0) < 0) || !text_sounds(folded, TEXT_CYRILLIC, ret))
		return false;
	bool vowel = ret->len > 1 && ret->s[0] == 'u' && strchr("aeiou", ret->s[1]) == NULL;
	if (vowel)
		ret->s[0] = 'v';
	return rewrite_all(ret, rules) || vowel;
}

bool
text_sounds_open_e(struct text_sounds *sounds, struct str folded)
{
	const struct str letter = STR_LIT("э");
	bool changed = false;
	for (size_t i = 0; i < sounds->len; i++) {
		struct str rest = {folded.s + sounds->at[i], folded.len - sounds->at[i]};
		if (!str_starts(rest, letter))
			continue;
		sounds->s[i] = 'a';
		changed = true;
	}
	return changed;
}
