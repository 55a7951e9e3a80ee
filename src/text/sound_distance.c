#include "text/translit.h"

#include <pthread.h>

/*
 * Spellings of the same sounds, in both directions. Cost 0: a system somebody uses; cost 1: letters that are mixed up
 * because a language does not tell them apart or a transcription follows the ear.
 */
/* clang-format off */
static const struct rule {
	const char *a, *b;
	unsigned cost;
} rules[] = {
    /* labials */
    {"w", "v", 0}, {"w", "u", 0}, {"wh", "u", 0}, {"w", "o", 0}, {"wu", "u", 0}, {"ph", "f", 0}, {"ph", "v", 0}, {"ff", "v", 0}, {"f", "v", 1}, {"b", "v", 1}, {"b", "p", 1}, {"u", "v", 1}, {"bh", "b", 0},
    {"w", "f", 1}, {"ff", "w", 0}, {"B", "b", 0}, {"B", "p", 0}, {"B", "bh", 0}, {"B", "V", 0}, {"B", "P", 0}, {"B", "v", 1}, {"F", "f", 0}, {"F", "v", 0}, {"F", "w", 0}, {"F", "ph", 0},
    {"F", "V", 0}, {"F", "P", 0}, {"F", "b", 1}, {"V", "b", 0}, {"V", "v", 0}, {"V", "w", 0}, {"V", "bh", 0}, {"V", "P", 1}, {"V", "f", 1}, {"V", "p", 1}, {"P", "p", 0}, {"P", "f", 0}, {"P", "ph", 0},
    {"P", "v", 1}, {"P", "b", 1},
    /* dentals */
    {"th", "t", 0}, {"dh", "d", 0}, {"D", "d", 0}, {"D", "dh", 0}, {"D", "z", 0}, {"D", "th", 0}, {"d", "t", 1}, {"dt", "t", 0}, {"dt", "d", 0}, {"th", "s", 1}, {"th", "f", 1}, {"ti", "Ti", 0}, {"ty", "t", 0}, {"gy", "d", 0},
    /* gutturals */
    {"ck", "k", 0}, {"c", "k", 0}, {"q", "k", 0}, {"qu", "kv", 0}, {"qu", "k", 0}, {"cc", "k", 0}, {"ch", "k", 0}, {"kh", "k", 1}, {"kh", "H", 0}, {"ch", "H", 0},
    {"h", "H", 0}, {"h", "g", 0}, {"H", "g", 1}, {"H", "k", 1}, {"g", "k", 1}, {"gh", "g", 0}, {"x", "H", 0}, {"x", "ks", 0}, {"j", "H", 0}, {"g", "H", 1}, {"rh", "r", 0}, {"gue", "ge", 0}, {"gui", "gi", 0}, {"guy", "gi", 0}, {"cqu", "k", 0}, {"q", "g", 1},
    {"ng", "n", 1}, {"gn", "n", 0}, {"gh", "", 1}, {"h", "", 1},
    {"E", "h", 0}, {"E", "H", 0}, {"E", "a", 0}, {"E", "ah", 0}, {"E", "eh", 0}, {"E", "e", 0}, {"E", "", 1}, {"E", "g", 1}, {"gh", "k", 1}, {"gh", "q", 0}, {"x", "kh", 0}, {"Q", "k", 0}, {"Q", "q", 0}, {"Q", "g", 0}, {"Q", "gh", 0}, {"Q", "c", 0}, {"Q", "ck", 0}, {"Q", "qu", 0}, {"Q", "kh", 1}, {"Q", "H", 1}, {"Q", "ch", 1},
    /* sibilants */
    {"sh", "S", 0}, {"sch", "S", 0}, {"sz", "S", 0}, {"ch", "S", 0}, {"shch", "S", 0}, {"szcz", "S", 0}, {"sht", "S", 0}, {"stch", "S", 0}, {"s", "S", 0}, {"x", "S", 0}, {"sz", "s", 0},
    {"zh", "Z", 0}, {"z", "Z", 0}, {"j", "Z", 0}, {"rz", "Z", 0}, {"g", "Z", 0}, {"S", "Z", 1}, {"ch", "T", 0}, {"tch", "T", 0}, {"tsch", "T", 0}, {"cz", "T", 0}, {"c", "T", 0},
    {"cs", "T", 0}, {"tj", "T", 0}, {"ci", "T", 0}, {"tsj", "T", 0}, {"t", "T", 1}, {"S", "T", 1}, {"ts", "C", 0}, {"tz", "C", 0}, {"z", "C", 0}, {"c", "C", 0}, {"cz", "C", 0}, {"zz", "C", 0},
    {"s", "C", 1}, {"c", "s", 0}, {"s", "z", 1}, {"ss", "s", 0}, {"dZ", "j", 0}, {"dz", "j", 0}, {"dZ", "g", 0}, {"dzh", "j", 0}, {"dzh", "dZ", 0}, {"c", "dZ", 0}, {"z", "dZ", 1}, {"dj", "j", 0}, {"dj", "dZ", 0}, {"Z", "j", 0},
    {"dz", "z", 0}, {"Cz", "j", 0}, {"Tz", "j", 0}, {"Cz", "z", 0}, {"C", "T", 1}, {"j", "g", 1}, {"sh", "s", 0}, {"ch", "sh", 1}, {"cz", "ch", 0}, {"tch", "ch", 0}, {"tsch", "ch", 0}, {"c", "ch", 1},
    {"sz", "sh", 0}, {"sch", "sh", 0}, {"zh", "z", 0}, {"kh", "h", 0}, {"ts", "c", 0}, {"tz", "ts", 0}, {"ss", "sh", 1}, {"tx", "T", 0}, {"v", "f", 1},
    {"sj", "sh", 0}, {"sj", "S", 0}, {"tj", "ch", 0}, {"tsj", "ch", 0}, {"cs", "ch", 0}, {"sjtj", "S", 0}, {"sjtsj", "S", 0}, {"scs", "S", 0}, {"schtsch", "S", 0}, {"chtch", "S", 0}, {"sc", "S", 0}, {"sC", "S", 0}, {"ts", "T", 0}, {"ts", "ch", 0}, {"kh", "j", 0}, {"sch", "s", 0}, {"SC", "S", 0}, {"SC", "shch", 0}, {"ST", "S", 0}, {"ST", "shch", 0}, {"zj", "zh", 0}, {"zj", "Z", 0}, {"zs", "zh", 0}, {"zs", "Z", 0},
    {"j", "zh", 0}, {"sch", "zh", 0}, {"sch", "Z", 0}, {"ts", "z", 0}, {"kh", "ch", 0}, {"dsch", "j", 0}, {"dsch", "dZ", 0}, {"dsch", "dzh", 0},
    {"TZ", "j", 0}, {"TZ", "ch", 0}, {"TZ", "z", 0}, {"TZ", "T", 0}, {"TZ", "dZ", 0}, {"TH", "T", 0}, {"TH", "ch", 0}, {"kH", "k", 0}, {"tH", "t", 0}, {"pH", "p", 0}, /* Korean in Cyrillic letters (Kontsevich) */
    {"chi", "ti", 1}, /* Japanese in Cyrillic letters (Polivanov) */
    {"L", "l", 0}, {"L", "r", 0}, {"L", "rh", 0}, {"N", "n", 0}, {"N", "ng", 0}, {"Nn", "n", 0}, /* Chinese characters */
    {"X", "t", 0}, {"X", "d", 0}, {"X", "th", 0}, {"X", "dh", 0}, {"X", "D", 0}, {"Y", "s", 0}, {"Y", "S", 0}, {"Y", "sh", 0}, {"Y", "ch", 0}, {"Y", "c", 0},
    {"Y", "j", 0}, {"Y", "dZ", 0}, {"Y", "T", 0}, {"Y", "Z", 0}, {"Y", "z", 0}, /* Tamil */
    /* glides */
    {"y", "i", 0}, {"j", "i", 0}, {"y", "j", 0}, {"j", "", 0}, {"iy", "i", 0}, {"ij", "i", 0}, {"yj", "i", 0}, {"yi", "i", 0}, {"ii", "i", 0}, {"yy", "i", 0}, {"iy", "y", 0}, {"ij", "y", 0}, {"yj", "y", 0}, {"yy", "y", 0},
    {"ie", "i", 0}, {"ie", "e", 0}, {"je", "e", 0}, {"ye", "e", 0}, {"yo", "o", 0}, {"yo", "e", 0}, {"io", "e", 0}, {"ju", "u", 0}, {"iu", "u", 0}, {"yu", "u", 0}, {"yu", "iu", 0}, {"yu", "e", 1}, {"yeo", "e", 0}, {"yeo", "o", 0}, {"eo", "o", 0}, {"eu", "i", 1}, {"ja", "a", 0}, {"ia", "a", 0}, {"ya", "a", 0},
    {"ll", "j", 1}, {"l", "u", 1}, {"w", "l", 1},
    /* vowels */
    {"ou", "u", 0}, {"oe", "u", 0}, {"oo", "u", 0}, {"oo", "o", 0}, {"ee", "e", 0}, {"aa", "a", 0}, {"uu", "u", 0}, {"oe", "o", 0}, {"oe", "e", 0}, {"ue", "u", 0}, {"ue", "iu", 0}, {"ae", "a", 0}, {"ae", "e", 0}, {"ee", "i", 0}, {"ea", "i", 0}, {"ai", "e", 0}, {"ei", "ai", 0}, {"ay", "ei", 0}, {"ey", "ei", 0},
    {"ei", "e", 0}, {"ey", "i", 0}, {"eu", "oi", 0}, {"eu", "e", 0}, {"au", "o", 0}, {"au", "av", 0}, {"eu", "ev", 0}, {"aw", "o", 0}, {"ow", "ou", 0}, {"ow", "au", 0}, {"ow", "o", 0}, {"a", "ei", 0}, {"ay", "ei", 0}, {"i", "ai", 0}, {"y", "ai", 0},
    {"o", "ou", 0}, {"ew", "iu", 0}, {"oa", "o", 0}, {"eau", "o", 0}, {"aa", "o", 0}, {"o", "a", 1}, {"u", "a", 1}, {"u", "o", 1}, {"e", "i", 1}, {"e", "a", 1}, {"e", "o", 1}, {"u", "iu", 0}, {"er", "r", 1},
    {"@", "", 0}, {"@", "a", 0}, {"@", "e", 0}, {"@", "i", 0}, {"@", "o", 0}, {"@", "u", 0}, {"@", "y", 0}, {"ir", "er", 0}, {"ur", "er", 0}, {"oh", "o", 0}, {"eh", "a", 0}, {"eh", "e", 0}, {"ogh", "o", 1}, {"augh", "o", 0},
};
/* clang-format on */
#define RULE_COUNT (sizeof rules / sizeof *rules)

/*
 * The rules in both directions, found by the first letters of both sides (0 = that side is empty). Letters are numbered
 * so that the index stays small.
 */
#define LETTERS 64u
#define SIDE_MAX 8

struct directed {
	unsigned char a_len, b_len, cost;
	char a[SIDE_MAX], b[SIDE_MAX];
};
static struct directed directed[RULE_COUNT * 2];
static unsigned short first_rule[LETTERS * LETTERS + 1];
static pthread_once_t built = PTHREAD_ONCE_INIT;

static unsigned
letter(char c)
{
	return (unsigned char)c & (LETTERS - 1); /* @ is 0, A–Z 1–26, a–z 33–58 */
}

static unsigned
pair_of(const char *a, const char *b)
{
	return (*a ? letter(*a) : LETTERS - 1) * LETTERS + (*b ? letter(*b) : LETTERS - 1);
}

static void
add_directed(size_t *n, unsigned pair, const char *a, const char *b, unsigned cost)
{
	if (pair_of(a, b) != pair)
		return;
	struct directed *d = &directed[(*n)++];
	*d = (struct directed){
	    .a_len = (unsigned char)strlen(a), .b_len = (unsigned char)strlen(b), .cost = (unsigned char)cost};
	memcpy(d->a, a, d->a_len);
	memcpy(d->b, b, d->b_len);
}

static void
build(void)
{
	size_t n = 0;
	for (unsigned pair = 0; pair < LETTERS * LETTERS; pair++) {
		first_rule[pair] = (unsigned short)n;
		for (const struct rule *r = rules; r < rules + RULE_COUNT; r++) {
			add_directed(&n, pair, r->a, r->b, r->cost);
			add_directed(&n, pair, r->b, r->a, r->cost);
		}
	}
	first_rule[LETTERS * LETTERS] = (unsigned short)n;
}

struct table {
	struct str a, b;
	enum text_vowels vowels;
	bool slips;
	unsigned most;
	size_t furthest; /* row that has been reached: beyond it nothing can follow */
	unsigned char cost[TEXT_SOUNDS_MAX + 1][TEXT_SOUNDS_MAX + 1];
};

static bool
is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' || c == '@';
}

static void
reach(struct table *t, size_t i, size_t j, unsigned cost)
{
	if (cost >= t->cost[i][j] || cost > t->most)
		return;
	t->cost[i][j] = (unsigned char)cost;
	if (i > t->furthest)
		t->furthest = i;
}

static bool
prefix(struct str s, size_t at, const char *p, size_t n)
{
	if (n > s.len - at)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s.s[at + i] != p[i])
			return false;
	}
	return true;
}

static void
by_pair(struct table *t, size_t i, size_t j, unsigned cost, unsigned pair)
{
	for (unsigned k = first_rule[pair]; k < first_rule[pair + 1]; k++) {
		const struct directed *r = &directed[k];
		if (prefix(t->a, i, r->a, r->a_len) && prefix(t->b, j, r->b, r->b_len))
			reach(t, i + r->a_len, j + r->b_len, cost + r->cost);
	}
}

static void
by_rules(struct table *t, size_t i, size_t j, unsigned cost)
{
	unsigned none = LETTERS - 1, a = i < t->a.len ? letter(t->a.s[i]) : none,
	         b = j < t->b.len ? letter(t->b.s[j]) : none;
	if (a != none && b != none)
		by_pair(t, i, j, cost, a * LETTERS + b);
	if (a != none)
		by_pair(t, i, j, cost, a * LETTERS + none);
	if (b != none)
		by_pair(t, i, j, cost, none * LETTERS + b);
}

/* A doubled consonant; a vowel, which costs nothing where the script does not write them. */
static void
by_skipping(struct table *t, size_t i, size_t j, unsigned cost)
{
	const char *a = t->a.s, *b = t->b.s;
	size_t n = t->a.len, m = t->b.len;
	if (i < n && i > 0 && a[i] == a[i - 1] && !is_vowel(a[i]))
		reach(t, i + 1, j, cost);
	if (j < m && j > 0 && b[j] == b[j - 1] && !is_vowel(b[j]))
		reach(t, i, j + 1, cost);
	if (i < n && is_vowel(a[i]))
		reach(t, i + 1, j, cost + (t->vowels == TEXT_VOWELS_COUNT) + (i == 0));
	if (i < n && j < m && t->vowels == TEXT_VOWELS_FIRST_FREE && a[i] == 'e' && b[j] == 'i')
		reach(t, i + 1, j + 1, cost);
	if (j < m && is_vowel(b[j]))
		reach(t, i, j + 1, cost + (t->vowels != TEXT_VOWELS_FREE) + (j == 0));
}

static void
by_slips(struct table *t, size_t i, size_t j, unsigned cost)
{
	size_t n = t->a.len, m = t->b.len;
	cost += TEXT_SOUND_SLIP;
	if (i < n)
		reach(t, i + 1, j, cost);
	if (j < m)
		reach(t, i, j + 1, cost);
	if (i < n && j < m)
		reach(t, i + 1, j + 1, cost);
	if (i + 1 < n && j + 1 < m && t->a.s[i] == t->b.s[j + 1] && t->a.s[i + 1] == t->b.s[j])
		reach(t, i + 2, j + 2, cost);
}

unsigned
text_sound_distance(struct str a, struct str b, enum text_vowels vowels, bool slips, unsigned most)
{
	struct table t;

	t.a = a;
	t.b = b;
	t.vowels = vowels;
	t.slips = slips;
	t.most = most;
	t.furthest = 0;
	if (a.len > TEXT_SOUNDS_MAX || b.len > TEXT_SOUNDS_MAX)
		return most + 1;
	if (str_eq(a, b))
		return 0;
	pthread_once(&built, build);
	for (size_t i = 0; i <= a.len; i++)
		memset(t.cost[i], 0xFF, b.len + 1);
	t.cost[0][0] = 0;
	for (size_t i = 0; i <= t.furthest; i++) {
		for (size_t j = 0; j <= b.len; j++) {
			unsigned cost = t.cost[i][j];
			if (cost > most)
				continue;
			if (i < a.len && j < b.len && a.s[i] == b.s[j])
				reach(&t, i + 1, j + 1, cost);
			by_rules(&t, i, j, cost);
			by_skipping(&t, i, j, cost);
			if (slips)
				by_slips(&t, i, j, cost);
		}
	}
	return t.cost[a.len][b.len] > most ? most + 1 : t.cost[a.len][b.len];
}
