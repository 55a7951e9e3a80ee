#include "feed/date_words.h"

#include "base/utf8.h"

#define DROP UINT32_MAX

struct word_row {
	struct str name;
	int value;
};

static const struct word_row months[] = {
#define MONTH(name, number) {STR_LIT(name), number},
#include "feed/date_months.def"
#undef MONTH
};

static const struct word_row zones[] = {
#define ZONE(name, minutes) {STR_LIT(name), minutes},
#include "feed/date_zones.def"
#undef ZONE
};

/* The letters U+00C0 to U+017F without their marks. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
                            "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* U+0386 to U+03CE: the plain small letter, as its distance from U+0300. */
/* clang-format off */
static const unsigned char greek[] = {
	0xb1, 0x00, 0xb5, 0xb7, 0xb9, 0x00, 0xbf, 0x00, 0xc5, 0xc9, 0xb9, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8,
	0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf, 0xc0, 0xc1, 0x00, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xb9, 0xc5,
	0xb1, 0xb5, 0xb7, 0xb9, 0xc5, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe,
	0xbf, 0xc0, 0xc1, 0xc3, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xb9, 0xc5, 0xbf, 0xc5, 0xc9,
};
/* clang-format on */

/* Ranges of code points and what they become: the same distance from `to`, or all `to` itself when `step` is 0. */
/* clang-format off */
static const struct fold_row {
	uint32_t first, last, to;
	int step;
} folds[] = {
	{0xa0, 0xa0, ' ', 0}, {0xad, 0xad, DROP, 0}, {0x218, 0x219, 's', 0}, {0x21a, 0x21b, 't', 0}, {0x2bc, 0x2bc, '\'', 0},
	{0x300, 0x36f, DROP, 0}, {0x400, 0x400, 0x435, 0}, {0x401, 0x401, 0x435, 0}, {0x402, 0x40f, 0x452, 1},
	{0x410, 0x42f, 0x430, 1}, {0x450, 0x451, 0x435, 0}, {0x60c, 0x60c, ',', 0}, {0x61c, 0x61c, DROP, 0},
	{0x622, 0x623, 0x627, 0}, {0x625, 0x625, 0x627, 0}, {0x629, 0x629, 0x647, 0}, {0x640, 0x640, DROP, 0},
	{0x649, 0x649, 0x64a, 0}, {0x64b, 0x652, DROP, 0}, {0x660, 0x669, '0', 1}, {0x6a9, 0x6a9, 0x643, 0},
	{0x6cc, 0x6cc, 0x64a, 0}, {0x6f0, 0x6f9, '0', 1}, {0x93c, 0x93c, DROP, 0}, {0x95e, 0x95e, 0x92b, 0},
	{0x966, 0x96f, '0', 1}, {0x9e6, 0x9ef, '0', 1}, {0xe50, 0xe59, '0', 1}, {0x2000, 0x200a, ' ', 0},
	{0x200b, 0x200f, DROP, 0}, {0x2010, 0x2015, '-', 0}, {0x2018, 0x2019, '\'', 0}, {0x202a, 0x202e, DROP, 0},
	{0x202f, 0x202f, ' ', 0}, {0x205f, 0x205f, ' ', 0}, {0x2060, 0x2069, DROP, 0}, {0x2212, 0x2212, '-', 0},
	{0x3000, 0x3000, ' ', 0}, {0x3001, 0x3001, ',', 0}, {0xfeff, 0xfeff, DROP, 0}, {0xff01, 0xff5e, '!', 1},
};
/* clang-format on */

/* Longest first where one begins another. */
/* clang-format off */
static const struct date_cjk cjk_words[] = {
	{"年", DATE_CJK_YEAR, 0}, {"년", DATE_CJK_YEAR, 0}, {"月曜", DATE_CJK_NOTHING, 0}, {"월요", DATE_CJK_NOTHING, 0}, {"月", DATE_CJK_MONTH, 0},
	{"월", DATE_CJK_MONTH, 0}, {"日曜", DATE_CJK_NOTHING, 0}, {"일요", DATE_CJK_NOTHING, 0}, {"日", DATE_CJK_DAY, 0}, {"일", DATE_CJK_DAY, 0},
	{"号", DATE_CJK_DAY, 0}, {"號", DATE_CJK_DAY, 0}, {"时", DATE_CJK_HOUR, 0}, {"時", DATE_CJK_HOUR, 0}, {"시", DATE_CJK_HOUR, 0},
	{"点", DATE_CJK_HOUR, 0}, {"點", DATE_CJK_HOUR, 0}, {"分", DATE_CJK_MINUTE, 0}, {"분", DATE_CJK_MINUTE, 0}, {"秒", DATE_CJK_SECOND, 0},
	{"초", DATE_CJK_SECOND, 0}, {"上午", DATE_CJK_HALF, DATE_AM}, {"午前", DATE_CJK_HALF, DATE_AM}, {"오전", DATE_CJK_HALF, DATE_AM},
	{"凌晨", DATE_CJK_HALF, DATE_AM}, {"早上", DATE_CJK_HALF, DATE_AM}, {"下午", DATE_CJK_HALF, DATE_PM}, {"午後", DATE_CJK_HALF, DATE_PM},
	{"오후", DATE_CJK_HALF, DATE_PM}, {"晚上", DATE_CJK_HALF, DATE_PM}, {"中午", DATE_CJK_HALF, DATE_PM}, {"令和", DATE_CJK_ERA, 2018},
	{"平成", DATE_CJK_ERA, 1988}, {"民国", DATE_CJK_ERA, 1911}, {"民國", DATE_CJK_ERA, 1911}, {"十一月", DATE_CJK_MONTH_NAME, 11},
	{"十二月", DATE_CJK_MONTH_NAME, 12}, {"十月", DATE_CJK_MONTH_NAME, 10}, {"一月", DATE_CJK_MONTH_NAME, 1},
	{"二月", DATE_CJK_MONTH_NAME, 2}, {"三月", DATE_CJK_MONTH_NAME, 3}, {"四月", DATE_CJK_MONTH_NAME, 4},
	{"五月", DATE_CJK_MONTH_NAME, 5}, {"六月", DATE_CJK_MONTH_NAME, 6}, {"七月", DATE_CJK_MONTH_NAME, 7},
	{"八月", DATE_CJK_MONTH_NAME, 8}, {"九月", DATE_CJK_MONTH_NAME, 9},
};
/* clang-format on */

static uint32_t
fold_by_table(uint32_t cp)
{
	size_t lo = 0, hi = sizeof folds / sizeof *folds;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (cp > folds[mid].last)
			lo = mid + 1;
		else if (cp < folds[mid].first)
			hi = mid;
		else
			return folds[mid].step ? folds[mid].to + (cp - folds[mid].first) : folds[mid].to;
	}
	return cp;
}

static uint32_t
fold(uint32_t cp)
{
	if (cp == UTF8_INVALID)
		return ' ';
	if (cp >= 0xc0 && cp <= 0x17f)
		return (unsigned char)latin[cp - 0xc0];
	if (cp >= 0x386 && cp < 0x386 + sizeof greek)
		return greek[cp - 0x386] ? 0x300u + greek[cp - 0x386] : ' ';
	cp = fold_by_table(cp);
	return cp < 0x80 ? (unsigned char)ascii_lower((char)cp) : cp;
}

size_t
date_fold(struct str text, char *out)
{
	size_t n = 0, pos = 0;
	while (pos < text.len) {
		unsigned char c = (unsigned char)text.s[pos];
		if (c < 0x80) {
			out[n++] = ascii_lower((char)c);
			pos++;
			continue;
		}
		uint32_t cp = fold(utf8_next(text, &pos));
		if (cp != DROP)
			n += utf8_put(cp, out + n);
	}
	return n;
}

static const struct word_row *
find_word(const struct word_row *rows, size_t count, struct str word)
{
	size_t lo = 0, hi = count;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int order = str_cmp(word, rows[mid].name);
		if (order == 0)
			return &rows[mid];
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

/* The names of RFC 822, which nearly all dates have: the month, 0 for a weekday, -1 for anything else. */
static int
english_name(struct str folded)
{
	static const char names[] = "jan"
	                            "feb"
	                            "mar"
	                            "apr"
	                            "may"
	                            "jun"
	                            "jul"
	                            "aug"
	                            "sep"
	                            "oct"
	                            "nov"
	                            "dec"
	                            "mon"
	                            "tue"
	                            "wed"
	                            "thu"
	                            "fri"
	                            "sat"
	                            "sun";
	if (folded.len != 3)
		return -1;
	for (size_t i = 0; i + 1 < sizeof names; i += 3) {
		if (names[i] == folded.s[0] && names[i + 1] == folded.s[1] && names[i + 2] == folded.s[2])
			return i < 36 ? (int)i / 3 + 1 : 0;
	}
	return -1;
}

int
date_month(struct str folded)
{
	int english = english_name(folded);
	if (english >= 0)
		return english;
	const struct word_row *row = find_word(months, sizeof months / sizeof *months, folded);
	return row ? row->value : 0;
}

bool
date_month_begins(struct str folded)
{
	return str_is(folded, "كانون") || str_is(folded, "تشرين");
}

bool
date_zone(struct str folded, int *minutes)
{
	const struct word_row *row = find_word(zones, sizeof zones / sizeof *zones, folded);
	if (row != NULL)
		*minutes = row->value;
	return row != NULL;
}

const struct date_cjk *
date_cjk(struct str here)
{
	for (size_t i = 0; i < sizeof cjk_words / sizeof *cjk_words; i++) {
		if (str_starts(here, str_from(cjk_words[i].word)))
			return &cjk_words[i];
	}
	return NULL;
}
