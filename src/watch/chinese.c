#include "watch/chinese.h"

#include "watch/forms.h"

#define WORDS_MAX 5u

static bool
read_in(const struct text_words *words, enum chinese_system system, struct chinese_name *ret)
{
	const struct text_word *w = words->items;
	uint16_t syllables[2];
	struct buf first;

	*ret = (struct chinese_name){.family_count = 0};
	ret->family_count = chinese_read(text_word_fold(words, w), system, ret->family, 2);
	for (size_t i = 1; i < words->count; i++) {
		size_t n = chinese_read(text_word_fold(words, &w[i]), system, syllables, 2);
		if (n == 0 || ret->given_count + n > 2)
			return false;
		memcpy(ret->given + ret->given_count, syllables, n * sizeof *syllables);
		ret->given_count += n;
	}
	if (ret->family_count == 0)
		return false;
	/* family names of two syllables only come from characters, where they are known to be some */
	buf_init(&first, 0);
	chinese_spell(ret->family[0], CHINESE_PINYIN, false, false, &first);
	bool is = ret->family_count == 2 || forms_first_family(buf_view(&first));
	buf_done(&first);
	return is;
}

bool
chinese_name_read(const struct text_words *words, struct chinese_name *ret)
{
	if (words->count < 2 || words->count > WORDS_MAX)
		return false;
	for (size_t i = 1; i < words->count; i++) {
		if (words->items[i].script != words->items[0].script)
			return false;
	}
	switch (words->items[0].script) {
	case TEXT_LATIN:
		return read_in(words, CHINESE_PINYIN, ret);
	case TEXT_CYRILLIC:
		return read_in(words, CHINESE_PALLADIUS, ret) && ret->family_count == 1;
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
	return names <= 2048 ? sizeof styles / sizeof *styles : 3;
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
