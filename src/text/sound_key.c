#include "base/hash.h"
#include "text/translit.h"

#include <pthread.h>

/*
 * Consonant classes of a key:  B  P  V(v w f)  D  T  S(every sibilant)  K  G  H(h kh)  L  R  M  N,  A = begins with a vowel.
 * Coarse classes, for scripts that tell less apart:  B(b p v f)  T(t d)  S  K(k g h)  L(l r)  M  N  A.
 */
#define CLASSES_MAX 24
#define KEY_SEED 0x736Bu
#define COARSE_SEED 0x6B73u

/*
 * What a group of letters may sound like; the first reading is taken in running text, a name is entered under all. The
 * longest group that fits counts; `before` names letters of which one must follow (NULL = any).
 */
struct grapheme {
	const char *letters, *before;
	const char *readings[4];
};

static const struct grapheme graphemes[] = {
    {"sjtsj", NULL, {"S"}},
    {"sjtj", NULL, {"S"}},
    {"sj", NULL, {"S"}},
    {"tsch", NULL, {"S"}},
    {"shch", NULL, {"S"}},
    {"dzh", NULL, {"S", "DS"}},
    {"tch", NULL, {"S"}},
    {"sch", NULL, {"S", "SK", "SH"}},
    {"ssh", NULL, {"S"}},
    {"sh", NULL, {"S", "SH"}},
    {"sz", NULL, {"S"}},
    {"cz", NULL, {"S"}},
    {"cs", NULL, {"S"}},
    {"ch", "i", {"S", "H", "K", "T"}},
    {"ch", NULL, {"S", "H", "K"}},
    {"kh", NULL, {"H", "K", "S", ""}},
    {"dsch", NULL, {"S"}},
    {"zh", NULL, {"S", ""}},
    {"drz", NULL, {"S", "DS", "DRS"}},
    {"rz", NULL, {"S", "RS"}},
    {"ph", NULL, {"V", "PH"}},
    {"th", NULL, {"T", "S", "TH"}},
    {"dh", NULL, {"D", "DH"}},
    {"bh", NULL, {"B", "BH"}},
    {"gy", NULL, {"G", "S", "D"}},
    {"gh", NULL, {"G", "", "GH", "K"}},
    {"rh", NULL, {"R", "RH"}},
    {"ck", NULL, {"K", "SK"}},
    {"ts", NULL, {"S", "TS"}},
    {"tz", NULL, {"S"}},
    {"dz", NULL, {"S", "DS"}},
    {"dZ", NULL, {"S", ""}},
    {"tT", NULL, {"S", "TS"}},
    {"tC", NULL, {"S", "TS"}},
    {"dj", NULL, {"S", "D"}},
    {"tj", NULL, {"S", "T"}},
    {"dt", NULL, {"T", "D"}},
    {"D", NULL, {"D", "S"}},
    {"cc", NULL, {"K", "KS", "S"}},
    {"qu", NULL, {"K", "KV"}},
    {"ng", "eiy", {"NG", "N", "NH", "NS"}},
    {"ng", NULL, {"NG", "N"}},
    {"gn", NULL, {"GN", "N"}},
    {"wh", NULL, {"V", ""}},
    {"c", "eiy", {"S", "K"}},
    {"c", NULL, {"K", "S"}},
    {"g", "eiy", {"G", "S", "H"}},
    {"x", NULL, {"KS", "S", "H"}},
    {"j", NULL, {"", "S", "H"}},
    {"w", NULL, {"V", ""}},
    {"h", NULL, {"H", "G", ""}},
    {"b", NULL, {"B"}},
    {"p", NULL, {"P"}},
    {"v", NULL, {"V"}},
    {"f", NULL, {"V"}},
    {"d", NULL, {"D"}},
    {"t", NULL, {"T"}},
    {"s", NULL, {"S"}},
    {"z", NULL, {"S"}},
    {"S", NULL, {"S"}},
    {"Z", NULL, {"S", ""}},
    {"C", NULL, {"S"}},
    {"T", NULL, {"S"}},
    {"k", NULL, {"K"}},
    {"q", NULL, {"K", "G"}},
    {"g", NULL, {"G"}},
    {"H", NULL, {"H"}},
    {"l", NULL, {"L"}},
    {"r", NULL, {"R"}},
    {"m", NULL, {"M"}},
    {"n", NULL, {"N"}},
    {"B", NULL, {"B", "P"}},
    {"V", NULL, {"B", "V"}},
    {"P", NULL, {"P", "V"}},
    {"F", NULL, {"V"}},
    {"Q", NULL, {"K", "G"}},
    {"E", NULL, {"H", "G", ""}},
    {"X", NULL, {"T", "D"}},
    {"Y", NULL, {"S"}},
    {"L", NULL, {"L", "R"}},
    {"N", NULL, {"N", "NG"}},
};

#define GRAPHEME_COUNT (sizeof graphemes / sizeof *graphemes)
static unsigned char letter_counts[GRAPHEME_COUNT];

struct classes {
	char s[CLASSES_MAX];
	size_t len;
	uint32_t vowels; /* as in text_sound_key */
	bool apart; /* the script writes no vowels: two letters that are the same have one between them (محمود, ממן) */
};

#define PLACES 10u
#define KIND 7u /* mask of what stands at one place */
#define SOME 6u /* one vowel or another */
#define ANY 7u  /* a vowel or none */
#define ANY_EVERYWHERE ((1u << 3 * PLACES) - 1)
#define ONE_EVERYWHERE 01111111111u

static bool
is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' || c == '@';
}

/* Within the first n letters; what follows may lie beyond them, and behind a stem may be anything. */
static bool
fits(const struct grapheme *g, const char *s, size_t n, size_t total, size_t at, bool stem)
{
	size_t len = letter_counts[g - graphemes];
	if (len > n - at)
		return false;
	for (size_t i = 1; i < len; i++) { /* the first letter is known to fit */
		if (s[at + i] != g->letters[i])
			return false;
	}
	if (g->before == NULL)
		return true;
	return at + len < total ? strchr(g->before, s[at + len]) != NULL : stem;
}

#define SAME_FIRST_MAX 12

/* The graphemes of each first letter, in the order of the table. */
static unsigned char by_first[128][SAME_FIRST_MAX];
static pthread_once_t built = PTHREAD_ONCE_INIT;

static void
build(void)
{
	for (size_t i = 0; i < GRAPHEME_COUNT; i++) {
		letter_counts[i] = (unsigned char)strlen(graphemes[i].letters);
		unsigned char *list = by_first[(unsigned char)graphemes[i].letters[0] & 127];
		size_t n = strnlen((const char *)list, SAME_FIRST_MAX - 1);
		list[n] = (unsigned char)(i + 1);
	}
}

static const struct grapheme *
find_grapheme(const char *s, size_t n, size_t total, size_t at, bool stem)
{
	const unsigned char *list = by_first[(unsigned char)s[at] & 127];
	for (size_t i = 0; i < SAME_FIRST_MAX && list[i] != 0; i++) {
		if (fits(&graphemes[list[i] - 1], s, n, total, at, stem))
			return &graphemes[list[i] - 1];
	}
	return NULL;
}

static void
add_vowels(struct classes *c, unsigned what)
{
	unsigned shift = 3 * (unsigned)c->len, there = c->len < PLACES ? c->vowels >> shift & KIND : 0;
	if (c->len >= PLACES)
		return;
	if (there != 0)
		what = there == ANY && what == ANY ? ANY : SOME;
	c->vowels = (c->vowels & ~(KIND << shift)) | what << shift;
}

/* A consonant that is doubled is one; with a vowel between they are two. */
static void
add_classes(struct classes *c, const char *reading)
{
	for (; *reading; reading++) {
		bool vowel = c->len < PLACES && (c->vowels >> 3 * c->len & KIND) != 0;
		bool again = c->len > 0 && c->s[c->len - 1] == *reading && !vowel && !c->apart;
		if (c->len < CLASSES_MAX && !again)
			c->s[c->len++] = *reading;
	}
}

/* What kind of vowel a letter is where rules exchange no others for nothing: ir, er and ur are one, so are ci and c. */
static unsigned
vowel_kind(const char *s, size_t total, size_t at)
{
	unsigned kind = s[at] == 'a'   ? 1
	                : s[at] == 'e' ? 2
	                : s[at] == 'i' ? 3
	                : s[at] == 'o' ? 4
	                : s[at] == 'u' ? 5
	                               : 0;
	bool before_r = at + 1 < total && s[at + 1] == 'r' && s[at] != 'a' && s[at] != 'o';
	bool after_c = at > 0 && s[at - 1] == 'c' && s[at] == 'i';
	if (kind == 0 || after_c)
		return ANY;
	return before_r ? SOME : kind;
}

static uint32_t
some_places(uint32_t v)
{
	return v >> 2 & v >> 1 & ~v;
}

static uint32_t
full_places(uint32_t v)
{
	return v | v >> 1 | v >> 2;
}

unsigned
text_sound_at_least(uint32_t a, uint32_t b)
{
	uint32_t any = (a & a >> 1 & a >> 2) | (b & b >> 1 & b >> 2);
	uint32_t some = (some_places(a) & full_places(b)) | (some_places(b) & full_places(a));
	return (unsigned)__builtin_popcount(full_places(a ^ b) & ~any & ~some & ONE_EVERYWHERE);
}

static bool
is_h(char c)
{
	return c == 'h' || c == 'E';
}

/* In running text a Latin h between vowels or at the start is spoken, elsewhere it is not. */
static bool
h_is_spoken(const char *s, size_t n, size_t at)
{
	return (at == 0 || is_vowel(s[at - 1])) && at + 1 < n && is_vowel(s[at + 1]);
}

static const char *
text_reading(const struct grapheme *g, const char *s, size_t n, size_t at)
{
	if (!is_h(g->letters[0]))
		return g->readings[0];
	return h_is_spoken(s, n, at) ? "H" : "";
}

/* In Cyrillic a t or d before я and ю is no other consonant; in Latin letters tj and dj may be one. */
static bool
soft_dental(const struct text_sounds *word, size_t at)
{
	return word->script == TEXT_CYRILLIC && (word->s[at] == 't' || word->s[at] == 'd') && at + 1 < word->len &&
	       word->s[at + 1] == 'j';
}

static struct text_sound_key
hash_fine(const struct classes *c)
{
	return (struct text_sound_key){hash64((struct str){c->s, c->len}, KEY_SEED), c->vowels};
}

static struct text_sound_key
hash_coarse(const struct classes *c)
{
	static const char to[26] = {['A' - 'A'] = 'A',
	    ['B' - 'A'] = 'B',
	    ['P' - 'A'] = 'B',
	    ['V' - 'A'] = 'B',
	    ['D' - 'A'] = 'T',
	    ['T' - 'A'] = 'T',
	    ['S' - 'A'] = 'S',
	    ['K' - 'A'] = 'K',
	    ['G' - 'A'] = 'K',
	    ['H' - 'A'] = 'K',
	    ['L' - 'A'] = 'L',
	    ['R' - 'A'] = 'L',
	    ['M' - 'A'] = 'M',
	    ['N' - 'A'] = 'N'};
	struct classes coarse = {.len = 0};
	for (size_t i = 0; i < c->len; i++) {
		char class = to[c->s[i] - 'A'];
		if (coarse.len == 0 || coarse.s[coarse.len - 1] != class)
			coarse.s[coarse.len++] = class;
	}
	return (struct text_sound_key){hash64((struct str){coarse.s, coarse.len}, COARSE_SEED), ANY_EVERYWHERE};
}

static bool
is_coarse(enum text_script script)
{
	return script == TEXT_ARABIC || script == TEXT_HEBREW || script == TEXT_KATAKANA || script == TEXT_HANGUL ||
	       script == TEXT_INDIC;
}

struct text_sound_key
text_sound_key(const struct text_sounds *word, size_t n)
{
	struct classes c = {.len = 0};
	pthread_once(&built, build);
	for (size_t i = 0; i < n;) {
		size_t end = soft_dental(word, i) ? i + 1 : n;
		const struct grapheme *g = find_grapheme(word->s, end, word->len, i, false);
		const char *reading = g ? text_reading(g, word->s, n, i) : "";
		if (word->s[i] == 'w' && is_coarse(word->script) && i > 0) /* waw and vav are vowels but at the start */
			reading = "";
		if (i == 0 && *reading == '\0')
			add_classes(&c, "A");
		if (g == NULL)
			add_vowels(&c, vowel_kind(word->s, word->len, i));
		else if (*reading == '\0' && !is_h(word->s[i]))
			add_vowels(&c, ANY);
		add_classes(&c, reading);
		i += g ? letter_counts[g - graphemes] : 1;
	}
	return is_coarse(word->script) ? hash_coarse(&c) : hash_fine(&c);
}

struct expansion {
	struct classes items[TEXT_SOUND_KEYS_MAX];
	size_t count;
};

static void
add_reading(struct classes *c, const struct grapheme *g, const char *reading, bool first)
{
	if (first && *reading == '\0')
		add_classes(c, "A");
	if (*reading == '\0' && !is_h(g->letters[0]))
		add_vowels(c, ANY);
	add_classes(c, reading);
}

/* Every expansion so far goes on with every reading, up to the ceiling. */
static void
expand(struct expansion *x, const struct grapheme *g, bool first)
{
	size_t base = x->count;
	for (size_t r = 1; r < 4 && g->readings[r] != NULL; r++) {
		for (size_t i = 0; i < base && x->count < TEXT_SOUND_KEYS_MAX; i++) {
			struct classes c = x->items[i];
			add_reading(&c, g, g->readings[r], first);
			x->items[x->count++] = c;
		}
	}
	for (size_t i = 0; i < base; i++)
		add_reading(&x->items[i], g, g->readings[0], first);
}

/* A name in a script of syllables: the sounds that it cannot tell apart. */
static const struct grapheme *
find_syllabic(const struct text_sounds *name, size_t at)
{
	static const struct grapheme kana[] = {{"r", NULL, {"R", "L"}}, {"b", NULL, {"B", "V"}}, {"T", "i", {"S", "T"}},
	    {"dZ", "i", {"S", "D"}}, {"C", NULL, {"S", "T"}}};
	static const struct grapheme hangul[] = {{"lr", NULL, {"L", "R"}}, {"r", NULL, {"R", "L"}},
	    {"l", NULL, {"L", "R"}}, {"b", NULL, {"B", "V", "P"}}, {"p", NULL, {"P", "V"}}, {"g", NULL, {"G", "K"}}};
	bool korean = name->script == TEXT_HANGUL;
	const struct grapheme *rows = korean ? hangul : kana;
	for (size_t i = 0; i < (korean ? sizeof hangul : sizeof kana) / sizeof *rows; i++) {
		size_t n = strlen(rows[i].letters);
		if (n <= name->len - at && memcmp(name->s + at, rows[i].letters, n) == 0 &&
		    (rows[i].before == NULL || (at + n < name->len && strchr(rows[i].before, name->s[at + n]) != NULL)))
			return &rows[i];
	}
	return NULL;
}

/*
 * A name that is not in Latin letters: sounds for which those have letters that are read otherwise in running text (Serhiy, Michail,
 * Mijail, Yitzhak).
 */
static const struct grapheme *
find_foreign(const struct text_sounds *name, size_t at)
{
	static const struct grapheme g = {"g", NULL, {"G", "H", ""}}, kh = {"H", NULL, {"H", "S", ""}},
	                             greek[] = {{"nd", NULL, {"ND", "NT", "D"}}, {"mb", NULL, {"MB", "MP", "B"}},
	                                 {"ng", NULL, {"NG", "NK", "G"}}};
	if (name->s[at] == 'g' && name->script == TEXT_CYRILLIC)
		return &g;
	for (size_t i = 0; name->script == TEXT_GREEK && i < sizeof greek / sizeof *greek; i++) {
		if (at + 1 < name->len && memcmp(name->s + at, greek[i].letters, 2) == 0)
			return &greek[i];
	}
	return name->s[at] == 'H' ? &kh : NULL;
}

static void
expand_vowel(struct expansion *x, unsigned kind, bool first)
{
	for (size_t i = 0; i < x->count; i++) {
		if (first)
			add_classes(&x->items[i], "A");
		add_vowels(&x->items[i], kind);
	}
}

static size_t
add_key(struct text_sound_key *keys, size_t n, struct text_sound_key key)
{
	return text_sound_merge(keys, n, TEXT_SOUND_KEYS_MAX * 2, key);
}

size_t
text_sound_merge(struct text_sound_key *keys, size_t n, size_t max, struct text_sound_key key)
{
	for (size_t i = 0; i < n; i++) {
		if (keys[i].hash != key.hash)
			continue;
		keys[i].vowels |= (full_places(keys[i].vowels ^ key.vowels) & ONE_EVERYWHERE) * ANY;
		return n;
	}
	if (n < max)
		keys[n++] = key;
	return n;
}

size_t
text_sound_keys(const struct text_sounds *name, struct text_sound_key keys[TEXT_SOUND_KEYS_MAX * 2])
{
	/* first what running text makes of it, because a long name has more readings than are kept */
	static const struct grapheme silent_h = {"h", NULL, {"", "H", "G"}};
	struct expansion x = {.count = 1, .items[0].apart = name->vowels_free};
	size_t n = 0;

	pthread_once(&built, build);
	for (size_t i = 0; i < name->len;) {
		const struct grapheme *g =
		    text_sounds_syllabic(name->script) ? find_syllabic(name, i) : find_foreign(name, i);
		if (g == NULL)
			g = find_grapheme(name->s, soft_dental(name, i) ? i + 1 : name->len, name->len, i, true);
		if (g != NULL && is_h(g->letters[0]) && !h_is_spoken(name->s, name->len, i))
			g = &silent_h;
		if (g != NULL)
			expand(&x, g, i == 0);
		else
			expand_vowel(&x, vowel_kind(name->s, name->len, i), i == 0);
		i += g ? strlen(g->letters) : 1;
	}
	for (size_t i = 0; i < x.count; i++)
		n = add_key(keys, n, hash_fine(&x.items[i]));
	for (size_t i = 0; i < x.count; i++)
		n = add_key(keys, n, hash_coarse(&x.items[i]));
	return n;
}
