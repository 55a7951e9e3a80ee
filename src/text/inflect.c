#include "text/inflect_tables.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <pthread.h>

#define SLOT_COUNT 8192u
#define LANGUAGES_MAX 31u /* bits; the one above them is LIST_LANG_OTHER's (watch/list.h) */
#define ENDING_SEED 0x656Eu

struct slot {
	struct str ending;
	enum text_script script;
	uint32_t languages[TEXT_CLASS_COUNT];
};

static struct slot slots[SLOT_COUNT];
static const char *languages[LANGUAGES_MAX];
static uint32_t script_languages[TEXT_SCRIPT_COUNT], ts_languages;
static unsigned char longest[TEXT_SCRIPT_COUNT][LANGUAGES_MAX];
static pthread_once_t built = PTHREAD_ONCE_INIT;

static struct slot *
find_slot(struct str ending, enum text_script script)
{
	for (size_t i = hash64(ending, ENDING_SEED + (uint64_t)script) % SLOT_COUNT;; i = (i + 1) % SLOT_COUNT) {
		struct slot *s = &slots[i];
		if (s->ending.s == NULL || (s->script == script && str_eq(s->ending, ending)))
			return s;
	}
}

static uint32_t
language_bit(struct str code)
{
	for (size_t i = 0; i < LANGUAGES_MAX && languages[i] != NULL; i++) {
		if (str_is(code, languages[i]))
			return 1u << i;
	}
	return 0;
}

static void
add_row(const struct inflect_row *row, uint32_t bit)
{
	struct str rest = str_from(row->endings), ending;
	while (str_split(&rest, ' ', &ending)) {
		struct slot *s = find_slot(ending, row->script);
		s->ending = ending;
		s->script = row->script;
		s->languages[row->class] |= bit;
		unsigned char *most = &longest[row->script][__builtin_ctz(bit)];
		*most = ending.len > *most ? (unsigned char)ending.len : *most;
	}
	script_languages[row->script] |= bit;
}

static void
build(void)
{
	size_t count = 0;
	for (const struct inflect_row *row = inflect_rows; row->language != NULL; row++) {
		if (language_bit(str_from(row->language)) == 0 && count < LANGUAGES_MAX)
			languages[count++] = row->language;
		add_row(row, language_bit(str_from(row->language)));
	}
	struct str rest = STR_LIT("cs sk pl sl hr lt lv hu sq"), code;
	while (str_split(&rest, ' ', &code))
		ts_languages |= language_bit(code);
}

/* Languages that use another one's tables. */
static const struct {
	const char *from, *to;
} aliases[] = {{"bs", "hr"}, {"sh", "hr"}, {"cnr", "hr"}, {"da", "sv"}, {"no", "sv"}, {"nb", "sv"}, {"nn", "sv"},
    {"nl", "sv"}, {"af", "sv"}, {"fo", "is"}, {"mo", "ro"}, {"dsb", "cs"}, {"hsb", "cs"}, {"ky", "kk"}, {"uz", "kk"},
    {"tt", "kk"}, {"ba", "kk"}, {"mr", "bn"}, {"ne", "bn"}, {"as", "bn"}, {"gu", "bn"}, {"ta", "bn"}, {"te", "bn"},
    {"kn", "bn"}, {"ml", "bn"}};

/* Languages that share a script in which none has endings of its own; their bits are of no other script. */
static const char *const arabic_languages[] = {"ar", "fa", "ur", "ps", "ckb", "sd", "ug"};
#define ARABIC_LANGUAGES (sizeof arabic_languages / sizeof *arabic_languages)

static uint32_t
arabic_language(struct str code)
{
	for (size_t i = 0; i < ARABIC_LANGUAGES; i++) {
		if (str_is(code, arabic_languages[i]))
			return 1u << i;
	}
	return (1u << ARABIC_LANGUAGES) - 1;
}

/*
 * Languages in whose texts Latin words are foreign, and take no other ending than an English one: those of other scripts than Latin and
 * Cyrillic, which is read and written beside Latin letters in several countries.
 */
static const char *const without_latin[] = {"ar", "fa", "ur", "ps", "ckb", "sd", "ug", "he", "yi", "hi", "mr", "ne",
    "bn", "as", "pa", "gu", "or", "ta", "te", "kn", "ml", "si", "th", "lo", "km", "my", "ka", "hy", "el", "am", "ko",
    "ja", "zh"};

/*
 * Languages in Latin letters in which names take no endings at all; the set of them all is one language to others. Its bit is Korean's,
 * whose own endings are in no other script.
 */
static const char *const without_endings[] = {"fr", "es", "it", "pt", "ca", "gl", "oc", "id", "ms", "jv", "su", "tl",
    "fil", "ceb", "vi", "sw", "so", "ha", "yo", "ig", "mg", "ht"};
#define BIT_WITHOUT_ENDINGS "ko"

static bool
is_among(struct str code, const char *const *codes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_is(code, codes[i]))
			return true;
	}
	return false;
}

uint32_t
text_inflect_languages(struct str lang, enum text_script script)
{
	pthread_once(&built, build);
	struct str primary = {lang.s, 0};
	char code[4] = "";
	while (primary.len < lang.len && primary.len < sizeof code && lang.s[primary.len] != '-' &&
	       lang.s[primary.len] != '_') {
		code[primary.len] = ascii_lower(lang.s[primary.len]);
		primary.len++;
	}
	primary.s = code;
	bool without = is_among(primary, without_latin, sizeof without_latin / sizeof *without_latin);
	if (script == TEXT_LATIN && is_among(primary, without_endings, sizeof without_endings / sizeof *without_endings))
		return language_bit(STR_LIT(BIT_WITHOUT_ENDINGS));
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
		if (str_is(primary, aliases[i].from))
			primary = str_from(aliases[i].to);
	}
	if (script == TEXT_ARABIC)
		return arabic_language(primary);
	uint32_t bit = language_bit(primary);
	if (script == TEXT_LATIN && str_is(primary, "sr"))
		bit = language_bit(STR_LIT("hr"));
	if (without && script == TEXT_LATIN)
		bit = language_bit(STR_LIT("en"));
	return bit & script_languages[script] ? bit : script_languages[script];
}

bool
text_inflect_c_is_ts(uint32_t langs)
{
	pthread_once(&built, build);
	return (langs & ts_languages) != 0;
}

bool
text_inflect_is(uint32_t langs, struct str code)
{
	pthread_once(&built, build);
	return langs == language_bit(code);
}

size_t
text_inflect_longest(enum text_script script, uint32_t langs)
{
	size_t most = 0;
	pthread_once(&built, build);
	for (size_t i = 0; i < LANGUAGES_MAX; i++) {
		if ((langs >> i & 1) && longest[script][i] > most)
			most = longest[script][i];
	}
	return most;
}

unsigned
text_inflect_classes(struct str ending, enum text_script script, uint32_t langs)
{
	unsigned set = 0;
	pthread_once(&built, build);
	if (ending.len == 0 || ending.len > TEXT_ENDING_BYTES_MAX)
		return 0;
	const struct slot *s = find_slot(ending, script);
	for (unsigned c = 0; s->ending.s != NULL && c < TEXT_CLASS_COUNT; c++) {
		if (s->languages[c] & langs)
			set |= 1u << c;
	}
	return set;
}

const char *
text_inflect_endings(enum text_script script, struct str lang, enum text_class class)
{
	uint32_t bits = text_inflect_languages(lang, script);
	/* What stands for languages that are written otherwise, too: the only language of a script, the English of Latin letters. */
	bool for_others = bits == script_languages[script] || bits == language_bit(STR_LIT("en"));
	if (!text_inflect_one(bits))
		return NULL;
	for (const struct inflect_row *row = inflect_rows; row->language != NULL; row++) {
		struct str code = str_from(row->language);
		if (row->script == script && row->class == class && language_bit(code) == bits &&
		    (!for_others || (str_starts(lang, code) && (lang.len == code.len || lang.s[code.len] == '-'))))
			return row->endings;
	}
	return NULL;
}

/* Conjunctions, prepositions and articles that are written on; Arabic: Ryding (2005) ch. 16, Hebrew: Glinert (1989) ch. 4. */
/* clang-format off */
static const struct {
	enum text_script script;
	const char *prefix;
} prefixes[] = {
    {TEXT_ARABIC, "و"}, {TEXT_ARABIC, "ف"}, {TEXT_ARABIC, "ب"}, {TEXT_ARABIC, "ل"}, {TEXT_ARABIC, "ك"}, {TEXT_ARABIC, "ال"},
    {TEXT_ARABIC, "وال"}, {TEXT_ARABIC, "بال"}, {TEXT_ARABIC, "فال"}, {TEXT_ARABIC, "كال"}, {TEXT_ARABIC, "لل"}, {TEXT_ARABIC, "وب"},
    {TEXT_ARABIC, "ول"}, {TEXT_HEBREW, "ו"}, {TEXT_HEBREW, "ה"}, {TEXT_HEBREW, "ב"}, {TEXT_HEBREW, "ל"}, {TEXT_HEBREW, "מ"},
    {TEXT_HEBREW, "ש"}, {TEXT_HEBREW, "כ"}, {TEXT_HEBREW, "וה"}, {TEXT_HEBREW, "וב"}, {TEXT_HEBREW, "ול"}, {TEXT_HEBREW, "ומ"},
    {TEXT_HEBREW, "וש"}, {TEXT_HEBREW, "שה"}, {TEXT_HEBREW, "של"}, {TEXT_HEBREW, "מה"},
};
/* clang-format on */

size_t
text_inflect_prefixes(struct str folded, enum text_script script, size_t *lens, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes && n < max; i++) {
		struct str p = str_from(prefixes[i].prefix);
		if (prefixes[i].script == script && str_starts(folded, p) && folded.len >= p.len + 4)
			lens[n++] = p.len;
	}
	return n;
}
