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
 * longest group that fits counts; `before` names letters of which one must follow (NULL = any), '$' = the end of the word.
 */
static const struct grapheme {
	const char *letters, *before;
	const char *readings[4];
} graphemes[] = {
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
    {"ch", NULL, {"S", "H", "K"}},
    {"kh", NULL, {"H", "K"}},
    {"zh", NULL, {"S"}},
    {"rz", NULL, {"S", "RS"}},
    {"ph", NULL, {"V"}},
    {"th", NULL, {"T", "S"}},
    {"dh", NULL, {"D"}},
    {"bh", NULL, {"B"}},
    {"gh", NULL, {"G", ""}},
    {"rh", NULL, {"R"}},
    {"ck", NULL, {"K", "SK"}},
    {"ts", NULL, {"S", "TS"}},
    {"tz", NULL, {"S"}},
    {"dz", NULL, {"S", "DS"}},
    {"dZ", NULL, {"S"}},
    {"dj", NULL, {"S", "D"}},
    {"tj", NULL, {"S", "T"}},
    {"dt", NULL, {"T", "D"}},
    {"cc", NULL, {"K", "KS", "S"}},
    {"qu", NULL, {"K", "KV"}},
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
    {"Z", NULL, {"S"}},
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
};

struct classes {
	char s[CLASSES_MAX];
	size_t len;
};

static bool
is_vowel(char c)
{
	return c != '\0' && strchr("aeiouy@", c) != NULL;
}

/* Within the first n letters; what follows may lie beyond them. */
static bool
fits(const struct grapheme *g, const char *s, size_t n, size_t total, size_t at)
{
	size_t len = strlen(g->letters);
	if (len > n - at || memcmp(s + at, g->letters, len) != 0)
		return false;
	if (g->before == NULL)
		return true;
	return at + len < total ? strchr(g->before, s[at + len]) != NULL : strchr(g->before, '$') != NULL;
}

#define GRAPHEME_COUNT (sizeof graphemes / sizeof *graphemes)
#define SAME_FIRST_MAX 12

/* The graphemes of each first letter, in the order of the table. */
static unsigned char by_first[128][SAME_FIRST_MAX];
static pthread_once_t built = PTHREAD_ONCE_INIT;

static void
build(void)
{
	for (size_t i = 0; i < GRAPHEME_COUNT; i++) {
		unsigned char *list = by_first[(unsigned char)graphemes[i].letters[0] & 127];
		size_t n = strnlen((const char *)list, SAME_FIRST_MAX - 1);
		list[n] = (unsigned char)(i + 1);
	}
}

static const struct grapheme *
find_grapheme(const char *s, size_t n, size_t total, size_t at)
{
	const unsigned char *list = by_first[(unsigned char)s[at] & 127];
	for (size_t i = 0; i < SAME_FIRST_MAX && list[i] != 0; i++) {
		if (fits(&graphemes[list[i] - 1], s, n, total, at))
			return &graphemes[list[i] - 1];
	}
	return NULL;
}

static void
add_classes(struct classes *c, const char *reading)
{
	for (; *reading; reading++) {
		if (c->len < CLASSES_MAX && (c->len == 0 || c->s[c->len - 1] != *reading))
			c->s[c->len++] = *reading;
	}
}

/* In running text a Latin h between vowels or at the start is spoken, elsewhere it is not. */
static const char *
text_reading(const struct grapheme *g, const char *s, size_t n, size_t at)
{
	if (g->letters[0] != 'h')
		return g->readings[0];
	bool spoken = (at == 0 || is_vowel(s[at - 1])) && at + 1 < n && is_vowel(s[at + 1]);
	return spoken ? "H" : "";
}

static uint64_t
hash_fine(const struct classes *c)
{
	return hash64((struct str){c->s, c->len}, KEY_SEED);
}

static uint64_t
hash_coarse(const struct classes *c)
{
	static const char from[] = "BPVDTSKGHLRMNA", to[] = "BBBTTSKKKLLMNA";
	struct classes coarse = {.len = 0};
	for (size_t i = 0; i < c->len; i++) {
		const char one[2] = {to[strchr(from, c->s[i]) - from], '\0'};
		add_classes(&coarse, one);
	}
	return hash64((struct str){coarse.s, coarse.len}, COARSE_SEED);
}

static bool
is_coarse(enum text_script script)
{
	return script == TEXT_ARABIC || script == TEXT_HEBREW || script == TEXT_KATAKANA || script == TEXT_HANGUL ||
	       script == TEXT_INDIC;
}

uint64_t
text_sound_key(const struct text_sounds *word, size_t n)
{
	struct classes c = {.len = 0};
	pthread_once(&built, build);
	for (size_t i = 0; i < n;) {
		const struct grapheme *g = find_grapheme(word->s, n, word->len, i);
		const char *reading = g ? text_reading(g, word->s, n, i) : "";
		if (word->s[i] == 'w' && is_coarse(word->script) && i > 0) /* waw and vav are vowels but at the start */
			reading = "";
		if (i == 0 && *reading == '\0')
			add_classes(&c, "A");
		add_classes(&c, reading);
		i += g ? strlen(g->letters) : 1;
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
	if (first && (*reading == '\0' || is_vowel(g->letters[0])))
		add_classes(c, "A");
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

static size_t
add_key(uint64_t *keys, size_t n, uint64_t key)
{
	for (size_t i = 0; i < n; i++) {
		if (keys[i] == key)
			return n;
	}
	keys[n] = key;
	return n + 1;
}

size_t
text_sound_keys(const struct text_sounds *name, uint64_t keys[TEXT_SOUND_KEYS_MAX * 2])
{
	static const struct grapheme vowel = {.letters = "", .readings = {""}};
	struct expansion x = {.count = 1};
	size_t n = 0;

	pthread_once(&built, build);
	for (size_t i = 0; i < name->len;) {
		const struct grapheme *g = find_grapheme(name->s, name->len, name->len, i);
		if (g != NULL || i == 0)
			expand(&x, g ? g : &vowel, i == 0);
		i += g ? strlen(g->letters) : 1;
	}
	for (size_t i = 0; i < x.count; i++)
		n = add_key(keys, n, hash_fine(&x.items[i]));
	for (size_t i = 0; i < x.count; i++)
		n = add_key(keys, n, hash_coarse(&x.items[i]));
	return n;
}
