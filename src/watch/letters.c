#include "watch/letters.h"

/*
 * The English names of the letters as Russian newspapers write them, folded (й is и): Эй-би-си, Би-би-си, Си-эн-эн, Эн-би-эй.
 * Ukrainian and Bulgarian spellings sound the same, which is how words of names are compared anyway; where a name has one letter
 * only, their forms stand here as well. W and Y have no settled form.
 */
static const struct {
	char letter;
	const char *name;
} names[] = {{'a', "эи"}, {'b', "би"}, {'c', "си"}, {'d', "ди"}, {'e', "и"}, {'f', "эф"}, {'g', "джи"}, {'h', "эич"},
    {'i', "аи"}, {'j', "джеи"}, {'k', "кеи"}, {'l', "эл"}, {'m', "эм"}, {'n', "эн"}, {'o', "о"}, {'p', "пи"},
    {'q', "кью"}, {'r', "ар"}, {'s', "эс"}, {'t', "ти"}, {'u', "ю"}, {'v', "ви"}, {'x', "икс"}, {'z', "зед"},
    /* Ukrainian, Bulgarian */
    {'a', "еи"}, {'b', "бі"}, {'c', "сі"}, {'d', "ді"}, {'e', "і"}, {'f', "еф"}, {'g', "джі"}, {'h', "еич"},
    {'l', "ел"}, {'m', "ем"}, {'n', "ен"}, {'p', "пі"}, {'q', "кю"}, {'s', "ес"}, {'t', "ті"}, {'v', "ві"}};

size_t
letters_spell(struct str acronym, struct str out[LETTERS_MAX])
{
	if (acronym.len < LETTERS_MIN || acronym.len > LETTERS_MAX)
		return 0;
	for (size_t i = 0; i < acronym.len; i++) {
		size_t k = 0;
		while (k < sizeof names / sizeof *names && names[k].letter != acronym.s[i])
			k++;
		if (k == sizeof names / sizeof *names)
			return 0;
		out[i] = str_from(names[k].name);
	}
	return acronym.len;
}

size_t
letters_read(const struct str *words, size_t count, char acronym[LETTERS_MAX])
{
	if (count < LETTERS_MIN || count > LETTERS_MAX)
		return 0;
	for (size_t i = 0; i < count; i++) {
		size_t k = 0;
		while (k < sizeof names / sizeof *names && !str_is(words[i], names[k].name))
			k++;
		if (k == sizeof names / sizeof *names)
			return 0;
		acronym[i] = names[k].letter;
	}
	return count;
}
