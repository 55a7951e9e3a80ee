#include "watch/chinese.h"

#include "watch/forms.h"

#define WORDS_MAX (1 + CHINESE_SYLLABLES_MAX) /* the syllables of a given name may stand apart */
#define NAMES_FEW 2048u                       /* so many are looked for in all styles … */
#define STYLES_OF_MANY 3u                     /* … and more in the most usual ones */

static bool
read_in(const struct text_words *words, enum chinese_system system, struct chinese_name *ret, struct buf *scratch)
{
	const struct text_word *w = words->items;
	uint16_t syllables[CHINESE_SYLLABLES_MAX];

	*ret = (struct chinese_name){.family_count = 0};
	ret->family_count = chinese_read(text_word_fold(words, w), system, ret->family, CHINESE_SYLLABLES_MAX);
	for (size_t i = 1; i < words->count; i++) {
		size_t n = chinese_read(text_word_fold(words, &w[i]), system, syllables, CHINESE_SYLLABLES_MAX);
		if (n == 0 || ret->given_count + n > CHINESE_SYLLABLES_MAX)
			return false;
		memcpy(ret->given + ret->given_count, syllables, n * sizeof *syllables);
		ret->given_count += n;
	}
	if (ret->family_count == 0)
		return false;
	/* family names of two syllables only come from characters, where they are known to be some */
	buf_reset(scratch);
	chinese_spell(ret->family[0], CHINESE_PINYIN, false, false, scratch);
	return !scratch->failed && (ret->family_count > 1 || forms_first_family(buf_view(scratch)));
}

bool
chinese_name_read(const struct text_words *words, struct chinese_name *ret, struct buf *scratch)
{
	if (words->count < 2 || words->count > WORDS_MAX)
		return false;
	for (size_t i = 1; i < words->count; i++) {
		if (words->items[i].script != words->items[0].script)
			return false;
	}
	switch (words->items[0].script) {
	case TEXT_LATIN:
		return read_in(words, CHINESE_PINYIN, ret, scratch);
	case TEXT_CYRILLIC:
		return read_in(words, CHINESE_PALLADIUS, ret, scratch) && ret->family_count == 1;
	default:
		return false;
	}
}

/* The most usual ones first. How each system joins the syllables of a given name; Wade and Giles' apostrophes are often left out. */
static const struct {
	enum chinese_system system;
	const char *between;
	bool apostrophes;
} styles[] = {{CHINESE_PINYIN, "", false}, {CHINESE_WADE_GILES, "-", false}, {CHINESE_PALLADIUS, "", false},
    {CHINESE_PINYIN, " ", false}, {CHINESE_CZECH, "-", false}, {CHINESE_BULGARIAN, "", false},
    {CHINESE_WADE_GILES, "-", true}, {CHINESE_WADE_GILES, "", false}};

unsigned
chinese_spellings(size_t names)
{
	return names <= NAMES_FEW ? sizeof styles / sizeof *styles : STYLES_OF_MANY;
}

bool
chinese_name_spell(const struct chinese_name *name, unsigned number, struct buf *out)
{
	if (number >= sizeof styles / sizeof *styles)
		return false;
	enum chinese_system system = styles[number].system;
	const char *between = styles[number].between;
	buf_reset(out);
	for (size_t i = 0; i < name->family_count; i++) {
		buf_puts(out, i > 0 ? between : "");
		chinese_spell(name->family[i], system, i == 0, styles[number].apostrophes, out);
	}
	buf_putc(out, ' ');
	for (size_t i = 0; i < name->given_count; i++) {
		buf_puts(out, i > 0 ? between : "");
		chinese_spell(name->given[i], system, i == 0, styles[number].apostrophes, out);
	}
	return true;
}
