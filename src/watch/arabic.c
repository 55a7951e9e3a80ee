#include "watch/arabic.h"

#include "base/buf.h"

#define PARTS_MAX 12u
#define NOUN_BYTES_MIN 3u
#define JOINED_NOUN_BYTES_MIN 4u

enum part_kind { PLAIN, ARTICLE, SERVANT, SON, COMPOUND };

/* A word of the name; of an article and of عبد, the noun behind it; of two nouns, the second. */
struct part {
	enum part_kind kind;
	bool hyphen; /* stands before it */
	bool arabic;
	struct str text, head; /* the first of two nouns */
};

struct name {
	struct part parts[PARTS_MAX];
	size_t count;
	bool article, servant, son, compound;
};

static bool
one_of(struct str word, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (word.len > 0 && ascii_lower(word.s[0]) == **words && str_ieq(word, str_from(*words)))
			return true;
	}
	return false;
}

static bool
is_article(struct str word, bool hyphen_follows)
{
	static const char *const loose[] = {"al", "el", NULL}, *const bound[] = {"ul", "as", "ash", "ad", "ar", "an",
	                                                           "at", "az", "ath", "adh", "es", "ech", "ed", "er",
	                                                           "en", "et", "ez", "il", NULL};
	return one_of(word, loose) || (hyphen_follows && one_of(word, bound));
}

static bool
is_servant(struct str word)
{
	static const char *const words[] = {"abd", "abdul", "abdel", "abdal", "abdoul", "abdol", "abdur", "abdus",
	    "abdush", "abdun", "abduz", "abdud", "abdut", "abder", "abdes", "abden", "abdou", "abdu", NULL};
	return one_of(word, words);
}

/* What follows abdul-, abdel- or abdu- with the doubled letter of its noun, written as one word; else empty. */
static struct str
servant_of(struct str word)
{
	static const char *const heads[] = {"abdul", "abdel", "abdal", "abdol", "abdoul"};
	if (!str_istarts(word, STR_LIT("abd")))
		return STR_NONE;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		size_t n = strlen(heads[i]);
		if (word.len >= n + JOINED_NOUN_BYTES_MIN && str_istarts(word, str_from(heads[i])))
			return (struct str){word.s + n, word.len - n};
	}
	if (word.len >= 6 + NOUN_BYTES_MIN && word.s[4] == word.s[5] && strchr("rsnzdt", word.s[4]) != NULL)
		return (struct str){word.s + 5, word.len - 5};
	return STR_NONE;
}

/* Nouns that are the second of two in given names, where the first has the u of its case and the article: Saiful Islam, Fazlur Rahman. */
static bool
is_second_noun(struct str word)
{
	static const char *const words[] = {"islam", "haq", "haque", "huq", "hak", "hasan", "hassan", "husain",
	    "hussain", "alam", "karim", "kabir", "rahman", "rehman", "rahim", "din", "deen", "malik", "mulk", "aziz",
	    "amin", "qadir", "quddus", "bari", "azim", "hadi", "hakim", "arifin", "arefin", "bashar", "momen", "kalam",
	    "khair", NULL};
	return one_of(word, words);
}

/* How much of a word is its first noun when two are written as one (Ziauddin), or when the article stands with it (Saiful); 0 = neither. */
static size_t
first_noun(struct str word, bool whole)
{
	static const char *const both[] = {"uddin", "uddeen", "eddine", "eddin", NULL}, *const first[] = {
	                                                                                    "ul", "ur", "ud", NULL};
	for (const char *const *tail = whole ? both : first; *tail != NULL; tail++) {
		size_t n = strlen(*tail);
		if (word.len >= n + NOUN_BYTES_MIN && str_ieq((struct str){word.s + word.len - n, n}, str_from(*tail)))
			return word.len - n;
	}
	return 0;
}

/* Between two nouns, also without a hyphen. */
static bool
joins_nouns(struct str word)
{
	static const char *const words[] = {"ul", "ud", "ur", NULL};
	return one_of(word, words);
}

#define AL STR_LIT("ال")
#define ABD STR_LIT("عبد")

static struct part
arabic_part(struct str word, struct part before, bool hyphen)
{
	struct part p = {.kind = PLAIN, .hyphen = hyphen, .arabic = true, .text = word};
	if (str_starts(word, ABD) && word.len > ABD.len + AL.len &&
	    str_starts((struct str){word.s + ABD.len, AL.len}, AL)) {
		p.kind = SERVANT;
		p.text = (struct str){word.s + ABD.len + AL.len, word.len - ABD.len - AL.len};
	} else if (str_starts(word, AL) && word.len >= AL.len + 2 * NOUN_BYTES_MIN) {
		p.kind = str_eq(before.text, ABD) ? SERVANT : ARTICLE;
		p.text = (struct str){word.s + AL.len, word.len - AL.len};
	} else if (before.text.s != NULL && (str_is(word, "بن") || str_is(word, "ابن"))) {
		p.kind = SON;
	}
	return p;
}

/* The word that begins at `at`, up to a space or hyphen. Says which, and goes behind it. */
static struct str
next_word(struct str name, size_t *at, bool *hyphen)
{
	size_t from = *at;
	while (*at < name.len && name.s[*at] != ' ' && name.s[*at] != '-')
		++*at;
	struct str word = {name.s + from, *at - from};
	*hyphen = *at < name.len && name.s[*at] == '-';
	*at += *at < name.len;
	return word;
}

static void
add_part(struct name *n, struct part p)
{
	bool servant = p.kind == SERVANT && p.arabic && n->count > 0 && str_eq(n->parts[n->count - 1].text, ABD);
	if (servant)
		n->count--; /* عبد stands with its noun */
	n->parts[n->count++] = p;
	n->article |= p.kind == ARTICLE;
	n->servant |= p.kind == SERVANT;
	n->son |= p.kind == SON;
	n->compound |= p.kind == COMPOUND;
}

/*
 * Two nouns as one given name, the second behind an article that is no family's: Noor ul-Haq, Saif al-Islam Gaddafi, Saiful Islam, Ziauddin.
 * `joined`: what stood between them. False when it is none.
 */
static bool
add_compound(struct name *n, struct part p, bool joined, bool more)
{
	struct part *last = n->count > 0 ? &n->parts[n->count - 1] : NULL;
	size_t head;
	if (!p.arabic && p.kind != SERVANT && (head = first_noun(p.text, true)) > 0) {
		p = (struct part){
		    .kind = COMPOUND, .hyphen = p.hyphen, .text = STR_LIT("Din"), .head = {p.text.s, head}};
	} else if (last != NULL && last->kind == PLAIN && !last->arabic && p.kind == ARTICLE && n->count == 1 &&
	           (joined || more)) {
		p = (struct part){.kind = COMPOUND, .hyphen = last->hyphen, .text = p.text, .head = last->text};
		n->count--;
	} else if (last != NULL && last->kind == PLAIN && p.kind == PLAIN && is_second_noun(p.text) &&
	           (head = first_noun(last->text, false)) > 0) {
		p = (struct part){
		    .kind = COMPOUND, .hyphen = last->hyphen, .text = p.text, .head = {last->text.s, head}};
		n->count--;
	} else {
		return false;
	}
	add_part(n, p);
	return true;
}

static bool
read_name(struct str name, struct name *n)
{
	static const char *const sons[] = {"bin", "ben", "ibn", NULL};
	bool hyphen = false, before = false, article = false, servant = false, joined = false;
	for (size_t at = 0; at < name.len; before = hyphen) {
		struct str word = next_word(name, &at, &hyphen), noun;
		struct part last = n->count > 0 ? n->parts[n->count - 1] : (struct part){0};
		struct part p = {
		    .kind = article ? ARTICLE : PLAIN, .hyphen = before && !article && !servant, .text = word};
		if (word.len == 0)
			continue;
		if (n->count == PARTS_MAX)
			return false;
		if (((unsigned char)word.s[0] & 0xFC) == 0xD8) {
			add_part(n, arabic_part(word, last, before));
			continue;
		}
		bool joins = n->count > 0 && joins_nouns(word);
		if ((n->count > 0 || servant) && !article && at < name.len && (joins || is_article(word, hyphen))) {
			article = true;
			joined = joins;
			continue;
		}
		if (!article && !servant && at < name.len && is_servant(word)) {
			servant = true;
			continue;
		}
		if (servant)
			p.kind = SERVANT;
		else if (n->count > 0 && one_of(word, sons))
			p.kind = SON;
		else if (!article && (noun = servant_of(word)).len > 0)
			p = (struct part){.kind = SERVANT, .hyphen = before, .text = noun};
		article = servant = false;
		if (!add_compound(n, p, joined, at < name.len))
			add_part(n, p);
		joined = false;
	}
	return n->article || n->servant || n->son || n->compound;
}

/* The letter that the l of the article becomes before it, as it is written in Latin letters; NULL when it stays. */
static const char *
sun_letter(struct str noun)
{
	static const struct {
		const char *first, *written;
	} letters[] = {{"sh", "sh"}, {"th", "th"}, {"dh", "dh"}, {"s", "s"}, {"d", "d"}, {"r", "r"}, {"z", "z"},
	    {"n", "n"}, {"t", "t"}, {"ش", "sh"}, {"ث", "th"}, {"ذ", "dh"}, {"س", "s"}, {"ص", "s"}, {"د", "d"},
	    {"ض", "d"}, {"ر", "r"}, {"ز", "z"}, {"ظ", "z"}, {"ن", "n"}, {"ت", "t"}, {"ط", "t"}};
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		if (str_istarts(noun, str_from(letters[i].first)))
			return letters[i].written;
	}
	return NULL;
}

enum article_style { ARTICLE_AL, ARTICLE_EL, ARTICLE_SUN, ARTICLE_NONE, ARTICLE_JOINED, ARTICLE_STYLES };
enum servant_style {
	SERVANT_ABDUL,
	SERVANT_ABDEL,
	SERVANT_ABD_AL,
	SERVANT_JOINED,
	SERVANT_SUN,
	SERVANT_TWO,
	SERVANT_STYLES
};

enum compound_style {
	COMPOUND_UL,       /* Noor ul-Haq */
	COMPOUND_AL,       /* Noor al-Haq */
	COMPOUND_SUN,      /* Zia ud-Din */
	COMPOUND_WITH,     /* Noorul Haq */
	COMPOUND_WITH_SUN, /* Fazlur Rahman */
	COMPOUND_ONE,      /* Ziauddin */
	COMPOUND_STYLES
};

struct style {
	unsigned article, servant, son, compound;
};

static bool
put_article(struct buf *out, const struct part *p, unsigned style)
{
	const char *sun = sun_letter(p->text);
	if (style == ARTICLE_SUN && sun == NULL)
		return false;
	buf_puts(out, style == ARTICLE_AL     ? "al "
	              : style == ARTICLE_EL   ? "el "
	              : style == ARTICLE_SUN  ? "a"
	              : style == ARTICLE_NONE ? ""
	              : p->arabic             ? "ال"
	                                      : "Al");
	if (style == ARTICLE_SUN) {
		buf_puts(out, sun);
		buf_putc(out, ' ');
	}
	return true;
}

static bool
put_servant(struct buf *out, const struct part *p, unsigned style)
{
	const char *sun = sun_letter(p->text);
	if (style == SERVANT_SUN && (sun == NULL || p->arabic))
		return false;
	buf_puts(out, style == SERVANT_ABDUL    ? "Abdul "
	              : style == SERVANT_ABDEL  ? "Abdel "
	              : style == SERVANT_ABD_AL ? "Abd al "
	              : style == SERVANT_SUN    ? "Abdu"
	              : style == SERVANT_JOINED ? (p->arabic ? "عبدال" : "Abdul")
	              : p->arabic               ? "عبد ال"
	                                        : "Abd Al");
	if (style == SERVANT_SUN)
		buf_puts(out, sun);
	return true;
}

static bool
put_compound(struct buf *out, const struct part *p, unsigned style)
{
	const char *sun = sun_letter(p->text);
	bool with_sun = style == COMPOUND_SUN || style == COMPOUND_WITH_SUN || style == COMPOUND_ONE;
	if (with_sun && sun == NULL)
		return false;
	buf_str(out, p->head);
	if (style == COMPOUND_UL || style == COMPOUND_AL || style == COMPOUND_SUN)
		buf_putc(out, ' ');
	buf_puts(out, style == COMPOUND_AL ? "al" : with_sun ? "u" : "ul");
	buf_puts(out, with_sun ? sun : "");
	if (style == COMPOUND_ONE) { /* in small letters: Ziauddin */
		for (size_t i = 0; i < p->text.len; i++)
			buf_putc(out, (char)ascii_lower(p->text.s[i]));
		return true;
	}
	buf_putc(out, ' ');
	buf_str(out, p->text);
	return true;
}

static bool
put_spelling(struct buf *out, const struct name *n, const struct style *style)
{
	bool good = true;
	for (size_t i = 0; i < n->count && good; i++) {
		const struct part *p = &n->parts[i];
		if (i > 0)
			buf_putc(out, p->hyphen && p->kind == PLAIN ? '-' : ' ');
		if (p->kind == ARTICLE)
			good = put_article(out, p, style->article);
		if (p->kind == SERVANT)
			good = put_servant(out, p, style->servant);
		if (p->kind == COMPOUND)
			good = put_compound(out, p, style->compound);
		else if (p->kind == SON)
			buf_puts(out, p->arabic ? (style->son ? "ابن" : "بن") : style->son ? "ibn" : "bin");
		else
			buf_str(out, p->text);
	}
	return good && !out->failed;
}

ptrdiff_t
arabic_spellings(struct str name, struct arena *arena, struct str out[ARABIC_SPELLINGS_MAX])
{
	struct name n = {.count = 0};
	ptrdiff_t count = 0;
	struct buf text;
	if (!read_name(name, &n))
		return 0;
	unsigned articles = n.article ? ARTICLE_STYLES : 1, servants = n.servant ? SERVANT_STYLES : 1,
	         sons = n.son ? 2 : 1, compounds = n.compound ? COMPOUND_STYLES : 1;
	buf_init(&text, 0);
	for (unsigned i = 0;
	     i < articles * servants * sons * compounds && count >= 0 && count < (ptrdiff_t)ARABIC_SPELLINGS_MAX; i++) {
		struct style style = {i / compounds % articles, i / compounds / articles % servants,
		    i / compounds / articles / servants, i % compounds};
		buf_reset(&text);
		bool good = put_spelling(&text, &n, &style);
		if (!text.failed && (!good || str_eq(buf_view(&text), name)))
			continue;
		struct str spelling = text.failed ? STR_NONE : arena_str(arena, buf_view(&text));
		if (spelling.s != NULL)
			out[count++] = spelling;
		else
			count = -1;
	}
	buf_done(&text);
	return count;
}
