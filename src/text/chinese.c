#include "text/chinese.h"

#include "base/utf8.h"

#include <unicode/uchar.h>

struct initial {
	const char *spelt[CHINESE_SYSTEM_COUNT];
	unsigned finals; /* enum finals that it may have before it */
};

/* Kinds of finals: which of them follow which initials. */
enum finals { OPEN = 1, LABIAL_O = 2, I_ALONE = 4, I = 8, U_ALONE = 16, U = 32, V = 64, ONG = 128 };

/* clang-format off */
static const struct initial initials[] = {
    {{"b", "p", "б", "б", "p"}, OPEN | LABIAL_O | I_ALONE | I | U_ALONE}, {{"p", "p'", "п", "п", "pch"}, OPEN | LABIAL_O | I_ALONE | I | U_ALONE},
    {{"m", "m", "м", "м", "m"}, OPEN | LABIAL_O | I_ALONE | I | U_ALONE}, {{"f", "f", "ф", "ф", "f"}, OPEN | LABIAL_O | U_ALONE},
    {{"d", "t", "д", "д", "t"}, OPEN | I_ALONE | I | U_ALONE | U | ONG}, {{"t", "t'", "т", "т", "tch"}, OPEN | I_ALONE | I | U_ALONE | U | ONG},
    {{"n", "n", "н", "н", "n"}, OPEN | I_ALONE | I | U_ALONE | U | ONG}, {{"l", "l", "л", "л", "l"}, OPEN | I_ALONE | I | U_ALONE | U | ONG},
    {{"g", "k", "г", "г", "k"}, OPEN | U_ALONE | U | ONG}, {{"k", "k'", "к", "к", "kch"}, OPEN | U_ALONE | U | ONG},
    {{"h", "h", "х", "х", "ch"}, OPEN | U_ALONE | U | ONG}, {{"j", "ch", "цз", "дз", "ť"}, I_ALONE | I | V},
    {{"q", "ch'", "ц", "ц", "čch"}, I_ALONE | I | V}, {{"x", "hs", "с", "с", "s"}, I_ALONE | I | V},
    {{"zh", "ch", "чж", "дж", "č"}, OPEN | U_ALONE | U | ONG}, {{"ch", "ch'", "ч", "ч", "čch"}, OPEN | U_ALONE | U | ONG},
    {{"sh", "sh", "ш", "ш", "š"}, OPEN | U_ALONE | U | ONG}, {{"r", "j", "ж", "ж", "ž"}, OPEN | U_ALONE | U | ONG},
    {{"z", "ts", "цз", "дз", "c"}, OPEN | U_ALONE | U | ONG}, {{"c", "ts'", "ц", "ц", "cch"}, OPEN | U_ALONE | U | ONG},
    {{"s", "s", "с", "с", "s"}, OPEN | U_ALONE | U | ONG},
};

/* In Pinyin, Wade and Giles, Palladius, Czech: behind an initial, then alone. NULL = there is none. */
static const struct final {
	unsigned kind;
	const char *behind[4], *alone[4];
} finals[] = {
    {OPEN, {"a", "a", "а", "a"}, {"a", "a", "а", "a"}}, {LABIAL_O, {"o", "o", "о", "o"}, {"o", "o", "о", "o"}},
    {OPEN, {"e", "ê", "э", "e"}, {"e", "ê", "э", "e"}}, {OPEN, {"ai", "ai", "ай", "aj"}, {"ai", "ai", "ай", "aj"}},
    {OPEN, {"ei", "ei", "эй", "ej"}, {"ei", "ei", "эй", "ej"}}, {OPEN, {"ao", "ao", "ао", "ao"}, {"ao", "ao", "ао", "ao"}},
    {OPEN, {"ou", "ou", "оу", "ou"}, {"ou", "ou", "оу", "ou"}}, {OPEN, {"an", "an", "ань", "an"}, {"an", "an", "ань", "an"}},
    {OPEN, {"en", "ên", "энь", "en"}, {"en", "ên", "энь", "en"}}, {OPEN, {"ang", "ang", "ан", "ang"}, {"ang", "ang", "ан", "ang"}},
    {OPEN, {"eng", "êng", "эн", "eng"}, {NULL}}, {ONG, {"ong", "ung", "ун", "ung"}, {NULL}}, {0, {NULL}, {"er", "êrh", "эр", "er"}},
    {I_ALONE, {"i", "i", "и", "i"}, {"yi", "i", "и", "i"}}, {I, {"ia", "ia", "я", "ia"}, {"ya", "ya", "я", "ja"}},
    {I, {"ie", "ieh", "е", "ie"}, {"ye", "yeh", "е", "jie"}}, {I, {"iao", "iao", "яо", "iao"}, {"yao", "yao", "яо", "jao"}},
    {I, {"iu", "iu", "ю", "iou"}, {"you", "yu", "ю", "jou"}}, {I, {"ian", "ien", "янь", "ien"}, {"yan", "yen", "янь", "jen"}},
    {I, {"in", "in", "инь", "in"}, {"yin", "yin", "инь", "jin"}}, {I, {"iang", "iang", "ян", "iang"}, {"yang", "yang", "ян", "jang"}},
    {I, {"ing", "ing", "ин", "ing"}, {"ying", "ying", "ин", "jing"}}, {V, {"iong", "iung", "юн", "iung"}, {"yong", "yung", "юн", "jung"}},
    {U_ALONE, {"u", "u", "у", "u"}, {"wu", "wu", "у", "wu"}}, {U, {"ua", "ua", "уа", "ua"}, {"wa", "wa", "ва", "wa"}},
    {U, {"uo", "o", "о", "uo"}, {"wo", "wo", "во", "wo"}}, {U, {"uai", "uai", "уай", "uaj"}, {"wai", "wai", "вай", "waj"}},
    {U, {"ui", "ui", "уй", "uej"}, {"wei", "wei", "вэй", "wej"}}, {U, {"uan", "uan", "уань", "uan"}, {"wan", "wan", "вань", "wan"}},
    {U, {"un", "un", "унь", "un"}, {"wen", "wên", "вэнь", "wen"}}, {U, {"uang", "uang", "уан", "uang"}, {"wang", "wang", "ван", "wang"}},
    {0, {NULL}, {"weng", "wêng", "вэн", "weng"}}, {V, {"u", "ü", "юй", "ü"}, {"yu", "yü", "юй", "jü"}},
    {V, {"ue", "üeh", "юэ", "üe"}, {"yue", "yüeh", "юэ", "jüe"}}, {V, {"uan", "üan", "юань", "üan"}, {"yuan", "yüan", "юань", "jüan"}},
    {V, {"un", "ün", "юнь", "ün"}, {"yun", "yün", "юнь", "jün"}},
};

/* Syllables that are not what their parts say, in all systems. */
static const char *const whole[][CHINESE_SYSTEM_COUNT] = {
    {"zhi", "chih", "чжи", "джъ", "č"}, {"chi", "ch'ih", "чи", "чъ", "čch"}, {"shi", "shih", "ши", "шъ", "š"}, {"ri", "jih", "жи", "жъ", "ž"},
    {"zi", "tzu", "цзы", "дзъ", "c"}, {"ci", "tz'u", "цы", "цъ", "cch"}, {"si", "ssu", "сы", "съ", "s"},
    {"ge", "ko", "гэ", "гъ", "ke"}, {"ke", "k'o", "кэ", "къ", "kche"}, {"he", "ho", "хэ", "хъ", "che"}, {"hui", "hui", "хуэй", "хуей", "chuej"},
    {"guo", "kuo", "го", "гуо", "kuo"}, {"kuo", "k'uo", "ко", "куо", "kchuo"}, {"huo", "huo", "хо", "хуо", "chuo"}, {"shuo", "shuo", "шо", "шуо", "šuo"},
    {"gui", "kuei", "гуй", "гуей", "kuej"}, {"kui", "k'uei", "куй", "куей", "kchuej"},
};
/* clang-format on */

/* Which column of the finals a system has. */
static size_t
column(enum chinese_system system)
{
	static const unsigned char columns[CHINESE_SYSTEM_COUNT] = {0, 1, 2, 2, 3};
	return columns[system];
}

#define INITIALS (sizeof initials / sizeof *initials)
#define FINALS (sizeof finals / sizeof *finals)
#define WHOLE (sizeof whole / sizeof *whole)

/* A syllable's number: first the whole ones, then all finals behind each initial, then all finals alone. */
static uint16_t
number_of(size_t initial, size_t final)
{
	return (uint16_t)(WHOLE + initial * FINALS + final);
}

static void
put(struct buf *out, const char *text, bool *begins, bool apostrophes)
{
	struct str s = str_from(text);
	for (size_t pos = 0; pos < s.len;) {
		char utf8[4];
		uint32_t cp = utf8_next(s, &pos);
		if (cp == '\'' && !apostrophes)
			continue;
		cp = *begins ? (uint32_t)u_toupper((UChar32)cp) : cp;
		*begins = false;
		buf_add(out, utf8, utf8_put(cp, utf8));
	}
}

void
chinese_spell(uint16_t syllable, enum chinese_system system, bool begins, bool apostrophes, struct buf *out)
{
	if (syllable < WHOLE) {
		put(out, whole[syllable][system], &begins, apostrophes);
		return;
	}
	size_t initial = (syllable - WHOLE) / FINALS;
	const struct final *f = &finals[(syllable - WHOLE) % FINALS];
	if (initial < INITIALS)
		put(out, initials[initial].spelt[system], &begins, apostrophes);
	put(out, (initial < INITIALS ? f->behind : f->alone)[column(system)], &begins, apostrophes);
}

/* ---- reading ---- */

/* How many bytes of the folded word the text takes at a place; 0 = it does not stand there. */
static size_t
takes(struct str word, size_t at, const char *text)
{
	size_t n = 0;
	for (; text != NULL && text[n] != '\0'; n++) {
		char c = text[n];
		if (n > 0 && c == '\xB9' && text[n - 1] == '\xD0') /* й is folded to и */
			c = '\xB8';
		if (at + n >= word.len || word.s[at + n] != c)
			return 0;
	}
	return n;
}

struct reading {
	struct str word;
	enum chinese_system system;
	uint16_t *syllables;
	size_t count, max;
};

static bool read_from(struct reading *r, size_t at);

static bool
read_syllable(struct reading *r, size_t at, size_t bytes, uint16_t number)
{
	if (bytes == 0 || r->count == r->max)
		return false;
	r->syllables[r->count++] = number;
	if (at + bytes == r->word.len || read_from(r, at + bytes))
		return true;
	r->count--;
	return false;
}

/* With an initial first, so that a later syllable begins with a consonant where it can. */
static bool
read_from(struct reading *r, size_t at)
{
	for (size_t i = 0; i < WHOLE; i++) {
		if (read_syllable(r, at, takes(r->word, at, whole[i][r->system]), (uint16_t)i))
			return true;
	}
	for (size_t i = 0; i <= INITIALS; i++) {
		size_t first = i < INITIALS ? takes(r->word, at, initials[i].spelt[r->system]) : 0;
		for (size_t k = 0; k < FINALS && (first > 0 || i == INITIALS); k++) {
			const struct final *f = &finals[k];
			const char *text = (i < INITIALS ? f->behind : f->alone)[column(r->system)];
			bool goes = i == INITIALS || (initials[i].finals & f->kind) != 0;
			size_t second = goes ? takes(r->word, at + first, text) : 0;
			if (second > 0 && read_syllable(r, at, first + second, number_of(i, k)))
				return true;
		}
	}
	return false;
}

size_t
chinese_read(struct str folded, enum chinese_system system, uint16_t *syllables, size_t max)
{
	struct reading r = {.word = folded, .system = system, .syllables = syllables};
	while (folded.len > 0 && r.max < max) {
		r.max++;
		if (read_from(&r, 0))
			return r.count;
	}
	return 0;
}
