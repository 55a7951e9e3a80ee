#include "watch/thing.h"

#include "base/utf8.h"
#include "watch/form.h"
#include "watch/given.h"

#define ACRONYM_SHORT_MAX 3u  /* letters: one of so few may be a word in a line of capitals … */
#define CAPITALS_MIN 6u       /* … which has words of so many beside it */
#define CAPITALS_WORDS_MIN 3u /* … or is of so many words */

/* Behind these a given name is a saint's or a founder's, and the place that follows is where that one is: San Diego California. */
static bool
leads_to_saint(struct str fold)
{
	static const char *const words[] = {"san", "santa", "sao", "saint", "st", "sankt", "port", "fort", "lake",
	    "mount", "сан", "санта", "сент", "санкт", "порт", "форт"};
	return form_listed(fold, words, sizeof words / sizeof *words);
}

bool
thing_is_family(const struct field_match *f, const struct list_name *name, size_t first, size_t last)
{
	const struct text_word *word = &f->words.items[first];
	if (name->kind != WATCH_PLACE || first != last || first == 0 || !(word->flags & TEXT_WORD_CAPITAL) ||
	    !(word[-1].flags & TEXT_WORD_CAPITAL) || (word[-1].flags & TEXT_WORD_UPPER) ||
	    (word->gap & ~(TEXT_GAP_SPACE | TEXT_GAP_LINE)) != 0)
		return false;
	bool saint = first > 1 && leads_to_saint(text_word_fold(&f->words, &word[-2]));
	return !saint && given_is_frequent(text_word_fold(&f->words, &word[-1]));
}

/*
 * Countries whose name in English is one word (Unicode CLDR), and those that the press calls so. Not Georgia: a party of a state of the
 * United States, or of a city, is a part of the party.
 */
/* clang-format off */
static const char *const lands[] = {
    "afghanistan", "albania", "algeria", "america", "andorra", "angola", "argentina", "armenia", "australia", "austria", "azerbaijan",
    "bahrain", "bangladesh", "barbados", "belarus", "belgium", "belize", "benin", "bhutan", "bolivia", "botswana", "brazil", "britain",
    "brunei", "bulgaria", "burma", "burundi", "cambodia", "cameroon", "canada", "chad", "chile", "china", "colombia", "comoros",
    "croatia", "cuba", "cyprus", "czechia", "denmark", "djibouti", "dominica", "ecuador", "egypt", "england", "eritrea", "estonia",
    "eswatini", "ethiopia", "fiji", "finland", "france", "gabon", "gambia", "germany", "ghana", "gibraltar", "greece", "greenland",
    "grenada", "guatemala", "guinea", "guyana", "haiti", "honduras", "hungary", "iceland", "india", "indonesia", "iran", "iraq",
    "ireland", "israel", "italy", "jamaica", "japan", "jordan", "kazakhstan", "kenya", "kiribati", "korea", "kosovo", "kuwait",
    "kyrgyzstan", "laos", "latvia", "lebanon", "lesotho", "liberia", "libya", "liechtenstein", "lithuania", "luxembourg", "macedonia",
    "madagascar", "malawi", "malaysia", "maldives", "mali", "malta", "mauritania", "mauritius", "mexico", "micronesia", "moldova",
    "monaco", "mongolia", "montenegro", "morocco", "mozambique", "namibia", "nauru", "nepal", "netherlands", "nicaragua", "niger",
    "nigeria", "norway", "oman", "pakistan", "palestine", "panama", "paraguay", "peru", "philippines", "poland", "portugal", "qatar",
    "romania", "russia", "rwanda", "samoa", "scotland", "senegal", "serbia", "seychelles", "singapore", "slovakia", "slovenia", "somalia",
    "spain", "sudan", "suriname", "sweden", "switzerland", "syria", "taiwan", "tajikistan", "tanzania", "thailand", "togo", "tonga",
    "tunisia", "turkey", "turkiye", "turkmenistan", "tuvalu", "uganda", "ukraine", "uruguay", "uzbekistan", "vanuatu", "venezuela",
    "vietnam", "wales", "yemen", "zambia", "zimbabwe",
};
/* clang-format on */

bool
thing_is_another_lands(const struct field_match *f, const struct list_name *name, size_t last)
{
	const struct text_word *word = &f->words.items[last];
	if (name->kind != WATCH_ORG || last + 2 >= f->words.count || word->script != TEXT_LATIN ||
	    !str_is(text_word_fold(&f->words, word), "party") || word[1].gap != TEXT_GAP_SPACE ||
	    !str_is(text_word_fold(&f->words, &word[1]), "of"))
		return false;
	return word[2].gap == TEXT_GAP_SPACE && (word[2].flags & TEXT_WORD_CAPITAL) &&
	       str_listed(text_word_fold(&f->words, &word[2]), lands, sizeof lands / sizeof *lands);
}

static bool
is_small(const struct text_word *word)
{
	return (word->flags & TEXT_WORD_CASED) && !(word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
}

bool
thing_is_apart(const struct field_match *f, const struct list_name *name, size_t first, size_t last)
{
	const struct text_word *word = &f->words.items[last];
	return name->kind != WATCH_PERSON && last == first + 1 && f->words.has_capitals && is_small(word) &&
	       !(word->gap & (TEXT_GAP_HYPHEN | TEXT_GAP_APOS)) && memchr(name->text.s, '-', name->text.len) != NULL;
}

/* Do the words differ before their end, but only in these two letters, which sound alike in other languages? */
static bool
differ_in_i(struct str a, struct str b)
{
	bool differ = false;
	size_t i = 0, k = 0;
	while (i < a.len && k < b.len) {
		uint32_t x = utf8_next(a, &i), y = utf8_next(b, &k);
		if (x == y)
			continue;
		if ((x != 0x438 || y != 0x456) && (x != 0x456 || y != 0x438)) /* и and і */
			return false;
		differ |= i < a.len; /* й and ї at the end: Китай, Китаї */
	}
	return differ && i == a.len && k == b.len;
}

bool
thing_is_other_word(
    const struct field_match *f, const struct list_name *name, uint32_t list_word, size_t first, size_t last)
{
	const struct text_word *word = &f->words.items[first];
	uint32_t item = f->memo->languages[word->script];
	if (name->kind == WATCH_PERSON || first != last || word->script != TEXT_CYRILLIC || !(name->langs & item) ||
	    !text_inflect_one(item))
		return false;
	return differ_in_i(text_word_fold(&f->words, word), list_word_fold(f->list, &f->list->words[list_word]));
}

/*
 * In German a noun has its capital anyway; what begins small is no name that begins with one, but for its article: eine neue linke Liste,
 * aber die Neue Linke Liste.
 */
bool
thing_is_german_phrase(const struct field_match *f, const struct list_name *name, size_t first, size_t last)
{
	static const char *const articles[] = {"der", "die", "das", "den", "dem", "des"};
	struct str fold = text_word_fold(&f->words, &f->words.items[first]);
	bool named = f->nouns_capital && first < last && name->capital && name->kind != WATCH_PERSON &&
	             name->kind != WATCH_TOPIC && is_small(&f->words.items[first]);
	for (size_t i = 0; named && i < sizeof articles / sizeof *articles; i++)
		named = !str_is(fold, articles[i]);
	return named;
}

/* Does a word in capitals follow on one? */
static bool
runs_on(const struct field_match *f, size_t at)
{
	const struct text_word *word = &f->words.items[at];
	bool plain = (word->gap & ~(TEXT_GAP_SPACE | TEXT_GAP_LINE)) == 0;
	bool here = (word->flags & TEXT_WORD_UPPER) || ((word->flags & TEXT_WORD_CAPITAL) && field_is_short(f, at, 1));
	bool before = (word[-1].flags & TEXT_WORD_UPPER) ||
	              ((word[-1].flags & TEXT_WORD_CAPITAL) && field_is_short(f, at - 1, 1));
	return plain && here && before;
}

bool
thing_is_among_capitals(const struct field_match *f, size_t at)
{
	size_t first = at, last = at;
	if (!field_is_short(f, at, ACRONYM_SHORT_MAX))
		return false;
	/* no further than it takes to know: a text may be in capitals from end to end */
	while (first > 0 && last - first + 1 < CAPITALS_WORDS_MIN && runs_on(f, first))
		first--;
	while (last + 1 < f->words.count && last - first + 1 < CAPITALS_WORDS_MIN && runs_on(f, last + 1))
		last++;
	bool among = last - first + 1 >= CAPITALS_WORDS_MIN;
	for (size_t i = first; i <= last && !among; i++)
		among = !field_is_short(f, i, CAPITALS_MIN - 1);
	return among;
}
