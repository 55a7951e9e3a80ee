#include "watch/shape.h"

/*
 * Consonants that change before -e and -i: Polish and Czech locatives and datives (Praha → Praze, Polska → Polsce,
 * Madryt → Madrycie), Ukrainian and Belarusian (Прага → Празі). Sources as in text/inflect_tables.c.
 */
static const struct {
	const char *from, *to;
} softened[] = {
    {"k", "C"},
    {"g", "z"},
    {"g", "dz"},
    {"h", "z"},
    {"H", "s"},
    {"ch", "sz"},
    {"ch", "S"},
    {"c", "cz"},
    {"t", "C"},
    {"d", "dz"},
    {"r", "rz"},
    {"st", "sC"},
    {"szt", "szC"},
};

static bool
is_vowel(char c)
{
	return c != '\0' && strchr("aeiouy@", c) != NULL;
}

enum how { PLAIN, SOFT, FLEETING, NATIVE, SILENT };

static size_t
add(struct shape *out, size_t n, enum text_class class, enum how how, struct str stem, const char *tail)
{
	size_t extra = strlen(tail);
	if (n >= SHAPES_MAX || stem.len + extra < 2 || stem.len + extra > TEXT_SOUNDS_MAX)
		return n;
	struct shape *s = &out[n];
	*s = (struct shape){.class = class,
	    .soft = how == SOFT,
	    .alone = how == SILENT,
	    .native = how == NATIVE,
	    .exact = how != PLAIN,
	    .len = (unsigned char)(stem.len + extra)};
	memcpy(s->s, stem.s, stem.len);
	memcpy(s->s + stem.len, tail, extra);
	return n + 1;
}

static size_t
add_softened(struct shape *out, size_t n, enum text_class class, struct str stem)
{
	for (size_t i = 0; i < sizeof softened / sizeof *softened; i++) {
		struct str from = str_from(softened[i].from);
		if (str_ends(stem, from))
			n = add(out, n, class, SOFT, (struct str){stem.s, stem.len - from.len}, softened[i].to);
	}
	return n;
}

static struct str
shorter(struct str s, size_t by)
{
	return (struct str){s.s, s.len > by ? s.len - by : 0};
}

/* Vowels that go before an ending: Kravets → Kravtsa, Чапек → Чапка, Павел → Павла, Zadar → Zadra. */
static bool
fleeting(struct str s)
{
	static const char *const tails[] = {"ek", "ok", "ec", "eC", "ets", "ac", "aC", "el", "er", "en", "ol", "ar"};
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		bool short_too = strchr("lrn", tails[i][1]) != NULL && tails[i][0] != 'a';
		if (s.len >= (short_too ? 4 : 5) && str_ends(s, str_from(tails[i])))
			return true;
	}
	return false;
}

/* Letters at the end that are not spoken, mostly French. */
static size_t
add_silent(struct shape *out, size_t n, struct str s)
{
	char last = s.s[s.len - 1], before = s.s[s.len - 2];
	if (s.len < 5)
		return n;
	if (str_ends(s, STR_LIT("es"))) /* Charles → Шарль */
		n = add(out, n, TEXT_CLASS_C, SILENT, shorter(s, 2), "");
	if (str_ends(s, STR_LIT("er")) ||
	    (strchr("tdsxz", last) != NULL && (is_vowel(before) || before == 'n' || before == 'r' || before == 'd')))
		n = add(
		    out, add(out, n, TEXT_CLASS_V, SILENT, shorter(s, 1), ""), TEXT_CLASS_C, SILENT, shorter(s, 1), "");
	return n;
}

/* Where an i stands before the vowel that goes, it goes too: Stępień → Stępnia, Kozioł → Kozła. */
static size_t
add_fleeting(struct shape *out, size_t n, struct str s)
{
	const char last[2] = {s.s[s.len - 1], '\0'};
	enum how how = strchr("lrn", last[0]) ? NATIVE : FLEETING;
	if (str_ends(s, STR_LIT("ets")))
		return add(out, n, TEXT_CLASS_C, how, shorter(s, 3), "ts");
	n = add(out, n, TEXT_CLASS_C, how, shorter(s, 2), last);
	return s.len >= 6 && s.s[s.len - 3] == 'i' ? add(out, n, TEXT_CLASS_C, how, shorter(s, 3), last) : n;
}

/* Ukrainian i in a closed syllable: Сокіл → Сокола, Тернопіль → Тернополя, Ріг → Рогу, Розі (Pugh and Press, ch. 1). */
static size_t
add_opened(struct shape *out, size_t n, struct str s)
{
	char changed[TEXT_SOUNDS_MAX];
	struct str stem = {changed, s.len};
	if (s.len > sizeof changed)
		return n;
	memcpy(changed, s.s, s.len);
	for (const char *vowel = "oe"; *vowel; vowel++) {
		changed[s.len - 2] = *vowel;
		n = add(out, n, TEXT_CLASS_ICH, NATIVE, stem, "");
		if (strchr("kgH", s.s[s.len - 1]) != NULL)
			n = add_softened(out, n, TEXT_CLASS_ICH, stem);
	}
	return n;
}

/* Czech ů in a closed syllable: dům → domu, Dvůr → Dvora (Janda and Townsend, ch. 2). */
static size_t
add_opened_u(struct shape *out, size_t n, struct str s)
{
	char tail[3] = {'o', s.s[s.len - 1], '\0'};
	return add(out, n, TEXT_CLASS_ICH, NATIVE, shorter(s, 2), tail);
}

/*
 * Consonants that are weaker in a closed syllable in Finnish (Karlsson, ch. 4): Lehto → Lehdon, Mäki → Mäen, Ranta → Rannan. Doubled
 * ones are the same as single ones to whoever compares. -i may become -e: Koski → Kosken.
 */
static const struct {
	const char *strong, *weak, *behind; /* NULL = anything */
} grades[] = {{"mp", "mm", NULL}, {"nt", "nn", NULL}, {"lt", "ll", NULL}, {"rt", "rr", NULL}, {"nk", "ng", NULL},
    {"tt", "t", NULL}, {"pp", "p", NULL}, {"kk", "k", NULL}, {"t", "d", "aeiouyh"}, {"p", "v", "aeiouylr"},
    {"k", "", "aeiouylrh"}};

static size_t
add_weakened(struct shape *out, size_t n, struct str stem)
{
	for (size_t i = 0; i < sizeof grades / sizeof *grades; i++) {
		struct str strong = str_from(grades[i].strong);
		if (!str_ends(stem, strong) || stem.len < strong.len + 2)
			continue;
		if (grades[i].behind == NULL || strchr(grades[i].behind, stem.s[stem.len - strong.len - 1]) != NULL)
			return add(out, n, TEXT_CLASS_WEAK, NATIVE, shorter(stem, strong.len), grades[i].weak);
	}
	return n;
}

/* The first of these ends that a stem has gives way to what stands beside it. */
static size_t
add_replaced(
    struct shape *out, size_t n, enum text_class class, struct str stem, const char *const (*ends)[2], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct str end = str_from(ends[i][0]);
		if (str_ends(stem, end))
			return add(out, n, class, NATIVE, shorter(stem, end.len), ends[i][1]);
	}
	return n;
}

/* Finnish words in -as have the strong grade before an ending: Kangas → Kankaan, Ratas → Rattaan (Karlsson, ch. 4). */
static size_t
add_strengthened(struct shape *out, size_t n, struct str s)
{
	static const char *const strong[][2] = {{"nga", "nka"}, {"da", "ta"}, {"va", "pa"}, {"ma", "ma"}, {"ta", "ta"}};
	return add_replaced(out, n, TEXT_CLASS_WEAK, shorter(s, 1), strong, sizeof strong / sizeof *strong);
}

/*
 * Estonian: -ne is -se in other cases, a last k, p or t is weakened (Rebane → Rebase, Liit → Liidu); of a plural both what it ends in and
 * that may change, in Finnish, too (Ühendriigid → Ühendriikide, Yhdysvallat → Yhdysvaltojen). Erelt, ch. 3; Karlsson, ch. 4.
 */
static size_t
add_estonian(struct shape *out, size_t n, struct str s)
{
	static const char *const weak[][2] = {{"k", "g"}, {"p", "b"}, {"t", "d"}};
	return s.len >= 4 ? add_replaced(out, n, TEXT_CLASS_GBD, s, weak, sizeof weak / sizeof *weak) : n;
}

static size_t
add_finnic_plural(struct shape *out, size_t n, struct str s)
{
	static const char *const grades_back[][2] = {
	    {"ll", "lt"}, {"nn", "nt"}, {"rr", "rt"}, {"mm", "mp"}, {"ng", "nk"}, {"g", "k"}, {"b", "p"}, {"d", "t"}};
	char last = s.s[s.len - 1];
	struct str stem = shorter(s, 2);
	if ((last != 't' && last != 'd') || s.len < 6 || !is_vowel(s.s[s.len - 2]))
		return n;
	n = add(out, n, TEXT_CLASS_TD, NATIVE, stem, "");
	return add_replaced(out, n, TEXT_CLASS_TD, stem, grades_back, sizeof grades_back / sizeof *grades_back);
}

/* Icelandic: -ur goes, fathers' names change inside (Kress, ch. 2): Hallgrímur → Hallgríms, Ketilsdóttir → Ketilsdóttur, Snorrason → Snorrasyni. */
static size_t
add_icelandic(struct shape *out, size_t n, struct str s)
{
	static const char *const tails[] = {"ur", "ttir", "sson", "ason"};
	for (size_t i = 0; s.len >= 5 && i < sizeof tails / sizeof *tails; i++) {
		if (str_ends(s, str_from(tails[i])))
			return add(out, n, TEXT_CLASS_S, NATIVE, shorter(s, 2), "");
	}
	return n;
}

/* Lithuanian definite adjectives have a pronoun behind their ending: Naujasis → Naujojo, Naujoji → Naujosios (Ambrazas, ch. 2). */
static size_t
add_definite(struct shape *out, size_t n, struct str s)
{
	bool man = str_ends(s, STR_LIT("asis")) || str_ends(s, STR_LIT("usis")) || str_ends(s, STR_LIT("ysis"));
	bool many = str_ends(s, STR_LIT("ieji"));
	if (man || many || str_ends(s, STR_LIT("oji")))
		return add(out, n, TEXT_CLASS_S, NATIVE, shorter(s, man || many ? 4 : 3), "");
	return n;
}

/* Latvian softens t and d before the endings of -tis and -dis: Apsītis → Apsīša, Briedis → Brieža (Mathiassen, ch. 2). */
static size_t
add_latvian(struct shape *out, size_t n, struct str s)
{
	struct str stem = shorter(s, 3);
	n = add_definite(out, n, s);
	if (str_ends(s, STR_LIT("tis")))
		return add(out, n, TEXT_CLASS_S, NATIVE, stem, "s");
	return str_ends(s, STR_LIT("dis")) ? add(out, n, TEXT_CLASS_S, NATIVE, stem, "z") : n;
}

/* What other languages' rules make of a word that ends in a vowel, given without it. */
static size_t
add_by_stem(struct shape *out, size_t n, struct str s, struct str stem, enum text_script script, unsigned flags)
{
	char last = s.s[s.len - 1];
	if (stem.len == 0)
		return n;
	bool vowel = is_vowel(stem.s[stem.len - 1]);
	if (last == 'o' || last == 'e')
		n = add(out, n, TEXT_CLASS_ADN, PLAIN, shorter(stem, vowel), "");
	if ((flags & LIST_WORD_LEADS) && last == 'e' && script == TEXT_LATIN)
		n = add(out, n, TEXT_CLASS_DER, NATIVE, stem, "");
	if (script != TEXT_LATIN || vowel)
		return n;
	if (last == 'i')
		n = add(out, n, TEXT_CLASS_WEAK, NATIVE, stem, "");
	return add_weakened(out, n, stem);
}

static size_t
consonant_shapes(struct str s, enum text_script script, unsigned flags, struct shape *out)
{
	size_t n = add(out, 0, TEXT_CLASS_C, PLAIN, s, "");
	char last[2] = {s.s[s.len - 1], '\0'};

	n = add_softened(out, n, TEXT_CLASS_C, s);
	if (fleeting(s))
		n = add_fleeting(out, n, s);
	if (script == TEXT_CYRILLIC && s.len >= 3 && s.s[s.len - 2] == 'i')
		n = add_opened(out, n, s);
	if (script == TEXT_LATIN && s.len >= 3 && s.s[s.len - 2] == 'u')
		n = add_opened_u(out, n, s);
	bool thing = (flags & LIST_WORD_THING) != 0;
	if (script == TEXT_LATIN)
		n = add_icelandic(out, n, s);
	if (script == TEXT_LATIN && thing)
		n = add_finnic_plural(out, add_estonian(out, n, s), s);
	if (script == TEXT_LATIN && thing &&
	    (str_ends(s, STR_LIT("er")) || str_ends(s, STR_LIT("el")))) /* Gärtner → Gärtnern */
		n = add(out, n, TEXT_CLASS_N, NATIVE, s, "");
	if (script == TEXT_LATIN && s.len >= 6 && str_ends(s, STR_LIT("nen")))
		n = add(out, n, TEXT_CLASS_NEN, NATIVE, shorter(s, 3), "");
	if ((flags & LIST_WORD_LEADS) && (str_ends(s, STR_LIT("er")) || str_ends(s, STR_LIT("es"))))
		n = add(out, n, TEXT_CLASS_DER, NATIVE, shorter(s, 2), "");
	if (s.len >= 4 && str_ends(s, STR_LIT("iv"))) { /* Харків → Харкова, Київ → Києва */
		n = add(out, n, TEXT_CLASS_C, FLEETING, shorter(s, 2), "ov");
		n = add(out, n, TEXT_CLASS_C, FLEETING, shorter(s, 2), "ev");
		if (s.len >= 6) /* … and in Russian Харьков */
			n = add(out, n, TEXT_CLASS_C, SILENT, shorter(s, 2), "ov");
	}
	if (s.len >= 4 && last[0] == 's') {
		struct str stem = shorter(s, is_vowel(s.s[s.len - 2]) ? 2 : 1);
		n = add(out, n, TEXT_CLASS_S, PLAIN, stem, "");
		if (str_ends(s, STR_LIT("tis"))) /* Žemaitis → Žemaičio */
			n = add_softened(out, n, TEXT_CLASS_S, stem);
		if (script == TEXT_LATIN && s.len >= 5 && is_vowel(s.s[s.len - 2]))
			n = add(out, n, TEXT_CLASS_KS, NATIVE, shorter(s, 1), "");
		if (script == TEXT_LATIN && s.len >= 5)
			n = add_latvian(out, n, s);
		if (script == TEXT_LATIN && s.len >= 5 && str_ends(s, STR_LIT("as")))
			n = add_strengthened(out, n, s);
	}
	return add_silent(out, n, s);
}

/*
 * Polish nouns for men soften before the -i and -y of the plural (Swan, ch. 5): Demokraci → Demokratów, Polacy → Polaków,
 * Szwedzi → Szwedów, Inżynierowie have no change.
 */
static const struct {
	const char *from, *to;
} hardened[] = {{"ci", "t"}, {"dzi", "d"}, {"rzy", "r"}, {"cy", "k"}, {"dzy", "g"}, {"si", "h"}, {"si", "ch"}};

static size_t
add_hardened(struct shape *out, size_t n, struct str s)
{
	for (size_t i = 0; i < sizeof hardened / sizeof *hardened; i++) {
		struct str from = str_from(hardened[i].from);
		if (str_ends(s, from) && s.len >= from.len + 3)
			n = add(out, n, TEXT_CLASS_PL, NATIVE, shorter(s, from.len), hardened[i].to);
	}
	return n;
}

/* A plural loses its ending, and may gain a vowel: Włochy → Włoch, Niemcy → Niemiec, Węgry → Węgier. */
static size_t
add_plural(struct shape *out, size_t n, struct str stem)
{
	char tail[4] = "ie";
	n = add(out, n, TEXT_CLASS_PL, PLAIN, stem, "");
	n = add_softened(out, n, TEXT_CLASS_PL, stem);
	if (stem.len < 4)
		return n;
	n = add(out, n, TEXT_CLASS_PL, SILENT, stem, "");
	tail[2] = stem.s[stem.len - 1];
	return is_vowel(stem.s[stem.len - 2]) ? n : add(out, n, TEXT_CLASS_PL, SILENT, shorter(stem, 1), tail);
}

/* Of a plural in another language that has a longer ending, or none in one case: Šiauliai → Šiaulių, Суми → Сум. */
static size_t
add_other_plurals(struct shape *out, size_t n, struct str s, struct str stem, enum text_script script)
{
	if (script == TEXT_CYRILLIC && stem.len >= 3 && !is_vowel(stem.s[stem.len - 1]))
		return add(out, n, TEXT_CLASS_PL, SILENT, stem, "");
	if (script == TEXT_LATIN && s.len >= 6 && str_ends(s, STR_LIT("ai")))
		return add(out, n, TEXT_CLASS_PL, NATIVE, shorter(s, str_ends(s, STR_LIT("iai")) ? 3 : 2), "");
	return n;
}

static size_t
high_vowel_shapes(struct str s, enum text_script script, unsigned flags, struct shape *out)
{
	size_t tail = 1;
	while (tail < s.len && strchr("iyj", s.s[s.len - tail - 1]) != NULL)
		tail++;
	struct str stem = shorter(s, tail);
	size_t n = add(out, 0, TEXT_CLASS_V, PLAIN, s, "");
	if (stem.len > 0 && is_vowel(stem.s[stem.len - 1])) { /* Sergey → Sergeya, Матвій → Матвія; Gray → Grayeva */
		n = add(out, n, TEXT_CLASS_C, PLAIN, stem, "");
		n = tail == 1 ? add(out, n, TEXT_CLASS_C, PLAIN, s, "") : n;
	}
	n = add(out, n, TEXT_CLASS_ADJ, PLAIN, stem, "");
	n = add(out, n, TEXT_CLASS_C, PLAIN, stem, "");
	n = add_hardened(out, n, s);
	if (script == TEXT_LATIN && s.len >= 6)
		n = add_definite(out, n, s);
	if (str_ends(s, STR_LIT("elj")) || str_ends(s, STR_LIT("enj"))) /* Bruselj → Bruslja */
		n = add(out, n, TEXT_CLASS_C, NATIVE, shorter(s, 3), s.s[s.len - 2] == 'l' ? "lj" : "nj");
	if (s.s[s.len - 1] == 'y' && tail == 1)
		return add_plural(out, n, stem);
	n = add(out, n, TEXT_CLASS_PL, PLAIN, stem, "");
	if (tail == 1 && s.s[s.len - 1] == 'i') {
		n = add_other_plurals(out, n, s, stem, script);
		n = add_by_stem(out, n, s, stem, script, flags);
	}
	return n;
}

static size_t
e_shapes(struct str s, struct str stem, enum text_script script, unsigned flags, struct shape *out, size_t n)
{
	if (script == TEXT_LATIN && (flags & LIST_WORD_THING))
		n = add(out, n, TEXT_CLASS_N, NATIVE, s, "");
	if (script == TEXT_LATIN && s.len >= 5 && str_ends(s, STR_LIT("ne")))
		n = add(out, n, TEXT_CLASS_NE, NATIVE, shorter(s, 2), "");
	if (is_vowel(stem.s[stem.len - 1])) /* Lee, Brie */
		return str_ends(stem, STR_LIT("i")) ? add(out, n, TEXT_CLASS_E, PLAIN, stem, "") : n;
	n = add(out, n, TEXT_CLASS_E, PLAIN, stem, "");
	if (stem.len >= 4) /* a silent final e */
		n = add(out, n, TEXT_CLASS_C, SILENT, stem, "");
	if (script == TEXT_LATIN && s.len >= 6 && str_ends(s, STR_LIT("ce"))) /* Kielce → Kielc */
		n = add(out, n, TEXT_CLASS_PL, SILENT, stem, "");
	return add(out, n, TEXT_CLASS_C, PLAIN, stem, "");
}

static size_t
a_shapes(struct str stem, unsigned flags, struct shape *out, size_t n)
{
	bool ia = str_ends(stem, STR_LIT("i"));
	if (stem.len >= 5 && (str_ends(stem, STR_LIT("aj")) || str_ends(stem, STR_LIT("ay")))) /* Северная → Северной */
		n = add(out, n, TEXT_CLASS_ADJ, PLAIN, shorter(stem, 2), "");
	if ((flags & LIST_WORD_LEADS) && stem.len >= 5 && str_ends(stem, STR_LIT("ij"))) /* Злучаныя → Злучаных */
		n = add(out, n, TEXT_CLASS_ADN, NATIVE, shorter(stem, 2), "");
	if (str_ends(stem, STR_LIT("j"))) { /* Rosja → Rosji; я is one letter */
		n = add(out, n, TEXT_CLASS_A, NATIVE, stem, "");
		stem = shorter(stem, 1);
	}
	n = add(out, n, TEXT_CLASS_A, PLAIN, stem, "");
	if (ia)
		n = add(out, n, TEXT_CLASS_IA, NATIVE, shorter(stem, 1), "");
	return add_softened(out, n, TEXT_CLASS_A, stem);
}

size_t
shapes_of(struct str s, enum text_script script, unsigned flags, struct shape out[SHAPES_MAX])
{
	if (s.len < 2)
		return 0;
	char last = s.s[s.len - 1];
	struct str stem = shorter(s, 1);
	size_t n;

	if (last == 'i' || last == 'y' || last == 'j')
		return high_vowel_shapes(s, script, flags, out);
	if (!is_vowel(last))
		return consonant_shapes(s, script, flags, out);
	n = add(out, 0, TEXT_CLASS_V, PLAIN, s, "");
	if (last == 'a')
		n = a_shapes(stem, flags, out, n);
	bool sko = str_ends(s, STR_LIT("sko")) || str_ends(s, STR_LIT("cko"));
	if (sko)
		n = add(out, n, TEXT_CLASS_SKO, PLAIN, stem, "");
	else if (last == 'o')
		n = add_softened(out, add(out, n, TEXT_CLASS_O, PLAIN, stem, ""), TEXT_CLASS_O, stem);
	if (last == 'e')
		n = e_shapes(s, stem, script, flags, out, n);
	return add_by_stem(out, n, s, stem, script, flags);
}
