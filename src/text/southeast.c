#include "text/southeast.h"

#include "base/utf8.h"

#define LETTERS_MAX 64u
#define LOOK_AHEAD 4u

/* A word as code points, Lao ones as those of Thai to which they run parallel. */
struct letters {
	uint32_t cp[LETTERS_MAX + LOOK_AHEAD]; /* 0 behind the last */
	unsigned char at[LETTERS_MAX];
	size_t count, pos;
	bool full; /* it sounds longer than names do */
	struct text_sounds *out;
};

/* clang-format off */
/* Thai U+0E01…U+0E2E: at the beginning of a syllable. X d or t, Q k or g, Y s, sh, ch or j, B b or p, as in translit.h. */
static const char *const thai[0x2F] = {
    [0x01] = "Q", [0x02] = "k", [0x03] = "k", [0x04] = "k", [0x05] = "k", [0x06] = "k", [0x07] = "ng", [0x08] = "dZ", [0x09] = "Y",
    [0x0A] = "Y", [0x0B] = "Y", [0x0C] = "Y", [0x0D] = "j", [0x0E] = "X", [0x0F] = "t", [0x10] = "t", [0x11] = "t", [0x12] = "t",
    [0x13] = "n", [0x14] = "X", [0x15] = "t", [0x16] = "t", [0x17] = "t", [0x18] = "t", [0x19] = "n", [0x1A] = "B", [0x1B] = "p",
    [0x1C] = "p", [0x1D] = "f", [0x1E] = "p", [0x1F] = "f", [0x20] = "p", [0x21] = "m", [0x22] = "j", [0x23] = "r", [0x24] = "ri",
    [0x25] = "l", [0x26] = "l", [0x27] = "v", [0x28] = "s", [0x29] = "s", [0x2A] = "s", [0x2B] = "h", [0x2C] = "l", [0x2D] = "",
    [0x2E] = "h",
};
/* Thai U+0E30…U+0E3B and Lao: vowels around their consonant, but for those before it. */
static const char *const thai_vowels[0x0E] = {
    "a", "a", "a", "am", "i", "i", "@", "@", "u", "u", "", "o", "l", "ia",
};
/* … and U+0E40…U+0E44, which stand before it. */
static const char *const thai_before[] = {"e", "ae", "o", "ai", "ai"};

/* Khmer U+1780…U+17B3: consonants, then vowels that stand alone. */
static const char *const khmer[0x34] = {
    "k", "k", "Q", "k", "ng", "Y", "Y", "Y", "Y", "nj", "X", "t", "X", "t", "n", "t", "t", "t", "t", "n", "B", "p", "p", "p", "m", "j", "r",
    "l", "v", "S", "s", "s", "h", "l", "", "a", "a", "i", "i", "u", "u", "u", "au", "ri", "ri", "li", "li", "e", "ai", "o", "o", "au",
};
/* Khmer U+17B6…U+17C8: vowels of a consonant. */
static const char *const khmer_vowels[] = {
    "a", "i", "i", "@", "@", "ou", "ou", "uo", "@", "@", "ie", "e", "ae", "ai", "o", "au", "m", "", "a",
};

/* Burmese U+1000…U+1021: consonants. */
static const char *const burmese[0x22] = {
    "Q", "k", "g", "g", "ng", "s", "s", "z", "z", "nj", "nj", "t", "t", "d", "d", "n", "t", "t", "d", "d", "n", "p", "P", "V", "V", "m", "j",
    "r", "l", "w", "t", "h", "l", "",
};
/* Burmese U+1023…U+102A: vowels that stand alone, U+102B…U+1032: of a consonant. */
static const char *const burmese_vowels[] = {
    "i", "i", "u", "u", "e", "", "o", "o", "a", "a", "i", "i", "u", "u", "e", "e",
};
/* clang-format on */

enum {
	THAI = 0x0E00,
	THAI_LAST = 0x0E7F,
	LAO = 0x0E80,
	LAO_LAST = 0x0EFF,
	MYANMAR = 0x1000,
	MYANMAR_LAST = 0x109F,
	KHMER = 0x1780,
	KHMER_LAST = 0x17FF,
	/* of Thai, or Lao made Thai */
	NGO = 0x0E07,
	KO = 0x0E01,
	KHO = 0x0E04,
	SO = 0x0E0B,
	TO = 0x0E15,
	THO = 0x0E17,
	FO = 0x0E1F,
	RO = 0x0E23,
	LO = 0x0E25,
	WO = 0x0E27,
	HO = 0x0E2B,
	CARRIER = 0x0E2D,
	VOWELS = 0x0E30,
	VOWELS_LAST = 0x0E3D,
	AA = 0x0E32,
	I = 0x0E34,
	II = 0x0E35,
	UE = 0x0E37,
	BEFORE = 0x0E40,
	BEFORE_LAST = 0x0E44,
	NIKHAHIT = 0x0E4D,
	SILENT = 0x0E4C,
	/* of Khmer */
	KHMER_BA = 0x1794,
	KHMER_VO = 0x179C,
	KHMER_HA = 0x17A0,
	KHMER_VOWELS = 0x17B6,
	KHMER_VOWELS_LAST = 0x17C8,
	KHMER_MUUSIKATOAN = 0x17C9,
	KHMER_ROBAT = 0x17CC,
	KHMER_SAMYOK = 0x17D0,
	COENG = 0x17D2,
	/* of Burmese */
	NGA = 0x1004,
	BURMESE_VOWELS = 0x1023,
	BURMESE_VOWELS_LAST = 0x1032,
	U_SIGN = 0x102F,
	I_SIGN = 0x102D,
	AA_SIGN = 0x102C,
	E_SIGN = 0x1031,
	ANUSVARA = 0x1036,
	STACK = 0x1039,
	ASAT = 0x103A,
	MEDIAL_YA = 0x103B,
	MEDIAL_WA = 0x103D,
};

bool
text_southeast_letter(uint32_t cp)
{
	return (cp >= THAI && cp <= LAO_LAST) || (cp >= MYANMAR && cp <= MYANMAR_LAST) ||
	       (cp >= KHMER && cp <= KHMER_LAST);
}

static uint32_t
as_thai(uint32_t cp)
{
	return cp >= LAO && cp <= LAO_LAST ? cp - (LAO - THAI) : cp;
}

static bool
is_before(uint32_t cp)
{
	return cp >= BEFORE && cp <= BEFORE_LAST;
}

static bool
is_thai_letter(uint32_t cp)
{
	return cp > THAI && cp <= CARRIER + 1;
}

static void
put(struct letters *l, const char *sounds)
{
	struct text_sounds *out = l->out;
	l->full |= out->len + strlen(sounds) >= TEXT_SOUNDS_MAX;
	for (; *sounds && !l->full; sounds++) {
		out->at[out->len] = l->at[l->pos < l->count ? l->pos : l->count - 1];
		out->s[out->len++] = *sounds;
	}
}

/* A vowel sign takes the place of the one that is not written. */
static void
put_vowel(struct letters *l, const char *sounds)
{
	struct text_sounds *out = l->out;
	if (out->len > 0 && out->s[out->len - 1] == '@')
		out->len--;
	put(l, sounds);
}

static bool
is_thai_consonant(uint32_t cp)
{
	return is_thai_letter(cp) && cp != CARRIER;
}

static bool
is_thai_vowel(uint32_t cp)
{
	return (cp >= VOWELS && cp <= VOWELS_LAST) || cp == CARRIER;
}

/* Is there a second consonant of the same syllable: r, or l where the next one ends the syllable? */
static bool
is_cluster(const struct letters *l, size_t at)
{
	static const char stops[] = "QktXBpf";
	const char *first = is_thai_letter(l->cp[at]) ? thai[l->cp[at] - THAI] : "";
	uint32_t second = l->cp[at + 1], third = l->cp[at + 2];
	if (*first == '\0' || first[1] != '\0' || strchr(stops, *first) == NULL)
		return false;
	if (second == RO)
		return third != SILENT;
	return second == LO && is_thai_consonant(third) && !is_thai_vowel(l->cp[at + 3]) && l->cp[at + 3] != SILENT;
}

/* A consonant; silent ones are written for what a foreign name has. */
static void
put_thai_consonant(struct letters *l, bool begins)
{
	uint32_t cp = l->cp[l->pos], next = l->cp[l->pos + 1];
	bool sonorant = next == NGO || (next >= 0x0E21 && next <= WO) || next == 0x0E19;
	if (cp == WO && !begins && !is_thai_vowel(next))
		put(l, "w");
	else if (cp == NGO && (next == KO || next == KHO))
		put(l, "n");
	else if (cp == FO && !begins) /* Lavrov, too */
		put(l, "F");
	else if ((cp == TO || cp == THO) && next == SO)
		put(l, "C");
	else if (cp == SO && l->pos > 0 && (l->cp[l->pos - 1] == TO || l->cp[l->pos - 1] == THO))
		return;
	else if (cp != HO || !sonorant)
		put(l, thai[cp - THAI]);
}

/* A syllable that begins with its vowel: เ and what stands around the consonant make one. */
static void
put_thai_syllable(struct letters *l)
{
	const char *vowel = thai_before[l->cp[l->pos] - BEFORE];
	bool e = l->cp[l->pos] == BEFORE;
	l->pos++;
	for (size_t left = is_cluster(l, l->pos) ? 2 : 1; left > 0 && is_thai_letter(l->cp[l->pos]); left--) {
		put_thai_consonant(l, true);
		l->pos++;
	}
	uint32_t sign = l->cp[l->pos];
	bool two = sign == II || sign == UE, taken = e && (sign == AA || sign == CARRIER || sign == I || two);
	if (taken)
		vowel = sign == AA ? "ao" : sign == II ? "ia" : sign == UE ? "ua" : "@";
	put(l, vowel);
	l->pos += !taken ? 0 : two && l->cp[l->pos + 1] != 0 ? 2 : 1;
}

static void
put_thai(struct letters *l)
{
	uint32_t cp = l->cp[l->pos];
	bool initial = l->pos == 0;
	if (is_before(cp)) {
		put_thai_syllable(l);
		return;
	}
	if (cp == CARRIER)
		put_vowel(l, initial ? "@" : "o");
	else if (is_thai_letter(cp)) {
		put_thai_consonant(l, initial);
		put_vowel(l, "@");
	} else if (cp >= VOWELS && cp <= VOWELS_LAST)
		put_vowel(l, l->cp[l->pos + 1] == WO && cp == VOWELS + 1 ? "u" : thai_vowels[cp - VOWELS]);
	else if (cp == NIKHAHIT) {
		bool am = l->cp[l->pos + 1] == AA;
		put_vowel(l, am ? "am" : "o");
		l->pos += am;
	} else if (cp == 0x0E5C || cp == 0x0E5D) /* n and m of Lao with an h before them */
		put(l, cp == 0x0E5C ? "n@" : "m@");
	l->pos++;
}

/* What Khmer writes for sounds that it has not: h with a letter below it, b that is not voiced. */
static bool
put_khmer_foreign(struct letters *l)
{
	const uint32_t *cp = &l->cp[l->pos];
	if (cp[0] == KHMER_HA && cp[1] == COENG && cp[2] >= KHMER && cp[2] < KHMER_HA) {
		put(l, cp[2] == KHMER_VO ? "f" : cp[2] == 0x1782 ? "g" : cp[2] == 0x179F ? "Y" : khmer[cp[2] - KHMER]);
		put(l, "@");
		l->pos += 3;
		return true;
	}
	if (cp[0] == KHMER_BA && cp[1] == KHMER_MUUSIKATOAN) {
		put(l, "p@");
		l->pos += 2;
		return true;
	}
	return false;
}

static void
put_khmer(struct letters *l)
{
	uint32_t cp = l->cp[l->pos];
	if (put_khmer_foreign(l))
		return;
	if (cp < KHMER_VOWELS - 2) {
		put(l, khmer[cp - KHMER]);
		put(l, "@");
	} else if (cp >= KHMER_VOWELS && cp <= KHMER_VOWELS_LAST)
		put_vowel(l, khmer_vowels[cp - KHMER_VOWELS]);
	else if (cp == COENG)
		put_vowel(l, "");
	else if (cp == KHMER_SAMYOK)
		put_vowel(l, "a");
	else if (cp == KHMER_ROBAT)
		put(l, "r");
	l->pos++;
}

/* A consonant that ends a syllable: ng there is an n behind an i, or behind the vowel that is written. */
static void
put_burmese_coda(struct letters *l, uint32_t cp)
{
	struct text_sounds *out = l->out;
	bool open = out->len > 0 && out->s[out->len - 1] == '@';
	bool ai = out->len > 1 && out->s[out->len - 1] == 'o' && l->pos > 1 && l->cp[l->pos - 1] == U_SIGN;
	if (ai) { /* o behind which ng or k stands */
		out->len--;
		put(l, "ai");
	} else if (cp == NGA)
		put_vowel(l, open ? "in" : "n");
	else if (cp == 0x100A || cp == 0x1009)
		put_vowel(l, "i");
	else if (cp == 0x101A)
		put_vowel(l, "e");
	else
		put(l, burmese[cp - MYANMAR]);
}

static void
put_burmese(struct letters *l)
{
	uint32_t cp = l->cp[l->pos], next = l->cp[l->pos + 1];
	bool consonant = cp >= MYANMAR && cp < BURMESE_VOWELS - 1;
	if (consonant && (next == ASAT || (next == 0x1037 && l->cp[l->pos + 2] == ASAT)))
		put_burmese_coda(l, cp);
	else if (consonant) {
		put(l, burmese[cp - MYANMAR]);
		put(l, "@");
	} else if (cp == U_SIGN && l->pos > 0 && l->cp[l->pos - 1] == I_SIGN) { /* i and u: o */
		l->out->len -= l->out->len > 0;
		put(l, "o");
	} else if (cp == AA_SIGN && l->pos > 0 && l->cp[l->pos - 1] == E_SIGN) { /* e and a: o */
		l->out->len -= l->out->len > 0;
		put(l, "o");
	} else if (cp >= BURMESE_VOWELS && cp <= BURMESE_VOWELS_LAST)
		put_vowel(l, burmese_vowels[cp - BURMESE_VOWELS]);
	else if (cp == ANUSVARA)
		put(l, "n");
	else if (cp == STACK)
		put_vowel(l, "");
	else if (cp >= MEDIAL_YA && cp <= MEDIAL_WA)
		put_vowel(l, cp == MEDIAL_WA ? "w@" : cp == MEDIAL_YA ? "j@" : "r@");
	l->pos++;
}

bool
text_southeast_sounds(struct str folded, struct text_sounds *out)
{
	struct letters l = {.count = 0, .out = out};
	for (size_t pos = 0; pos < folded.len;) {
		if (l.count == LETTERS_MAX)
			return false;
		l.at[l.count] = (unsigned char)pos;
		uint32_t cp = as_thai(utf8_next(folded, &pos));
		bool tone =
		    (cp >= 0x0E47 && cp <= 0x0E4B) || (cp >= KHMER_MUUSIKATOAN + 1 && cp < KHMER_ROBAT) || cp == 0x1038;
		if (!tone)
			l.cp[l.count++] = cp;
	}
	while (l.pos < l.count && !l.full) {
		uint32_t cp = l.cp[l.pos];
		if (cp < LAO)
			put_thai(&l);
		else if (cp >= KHMER)
			put_khmer(&l);
		else
			put_burmese(&l);
	}
	return out->len > 0 && !l.full;
}

bool
text_southeast_otherwise(struct str folded, struct text_sounds *sounds)
{
	size_t pos = 0, len = sounds->len;
	uint32_t cp = folded.len > 0 ? utf8_next(folded, &pos) : 0;
	bool myanmar = cp >= MYANMAR && cp <= MYANMAR_LAST;
	if (myanmar && len > 0 && len + 2 <= TEXT_SOUNDS_MAX && strchr("aeiou@", sounds->s[len - 1]) != NULL) {
		sounds->at[len] = (unsigned char)utf8_prev(folded, folded.len);
		sounds->s[len++] = 'r';
	} else if (!myanmar && len > 3 && memcmp(sounds->s + len - 3, "ng@", 3) == 0)
		len -= 2;
	if (len == sounds->len)
		return false;
	sounds->len = (unsigned char)len;
	sounds->at[len] = (unsigned char)folded.len;
	return true;
}
