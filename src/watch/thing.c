#include "watch/thing.h"

#include "watch/given.h"

/* Behind these a given name is a saint's or a founder's, and the place that follows is where that one is: San Diego California. */
static bool
leads_to_saint(struct str fold)
{
	static const struct str words[] = {STR_INIT("san"), STR_INIT("santa"), STR_INIT("sao"), STR_INIT("saint"),
	    STR_INIT("st"), STR_INIT("sankt"), STR_INIT("port"), STR_INIT("fort"), STR_INIT("lake"), STR_INIT("mount"),
	    STR_INIT("сан"), STR_INIT("санта"), STR_INIT("сент"), STR_INIT("санкт"), STR_INIT("порт"),
	    STR_INIT("форт")};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_eq(fold, words[i]))
			return true;
	}
	return false;
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

bool
thing_is_apart(const struct field_match *f, const struct list_name *name, size_t first, size_t last)
{
	const struct text_word *word = &f->words.items[last];
	bool small = (word->flags & TEXT_WORD_CASED) && !(word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
	return name->kind != WATCH_PERSON && last == first + 1 && f->words.has_capitals && small &&
	       !(word->gap & (TEXT_GAP_HYPHEN | TEXT_GAP_APOS)) && memchr(name->text.s, '-', name->text.len) != NULL;
}

/* Do the words differ before their end, but only in these two letters, which sound alike in other languages? */
static bool
differ_in_i(struct str a, struct str b)
{
	static const char one[] = "и", other[] = "і"; /* of as many bytes */
	bool differ = false;
	for (size_t i = 0; i < a.len && a.len == b.len; i++) {
		if (a.s[i] == b.s[i])
			continue;
		size_t at = i > 0 && ((unsigned char)a.s[i] & 0xC0) == 0x80 ? i - 1 : i;
		bool swapped =
		    at + sizeof one - 1 <= a.len &&
		    ((memcmp(a.s + at, one, sizeof one - 1) == 0 && memcmp(b.s + at, other, sizeof one - 1) == 0) ||
		        (memcmp(a.s + at, other, sizeof one - 1) == 0 && memcmp(b.s + at, one, sizeof one - 1) == 0));
		if (!swapped)
			return false;
		differ |= at + sizeof one - 1 < a.len; /* й and ї at the end: Китай, Китаї */
		i = at + sizeof one - 2;
	}
	return differ && a.len == b.len;
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
