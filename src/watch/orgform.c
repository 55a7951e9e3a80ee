#include "watch/orgform.h"

#define FORM_WORDS_MAX 6

/* Folded, words apart. Sources: the ISO 20275 list of entity legal forms (GLEIF), most frequent entries. */
/* clang-format off */
static const char *const forms[] = {
    "public limited company", "limited liability company", "limited liability partnership", "limited partnership", "private limited", "pvt ltd", "pty ltd", "co ltd",
    "gesellschaft mit beschrankter haftung", "g m b h", "aktiengesellschaft", "kommanditgesellschaft", "aktiebolag", "aktieselskab", "osakeyhtio", "naamloze vennootschap",
    "societatea cu raspundere limitata", "societate cu raspundere limitata", "societe anonyme", "societe a responsabilite limitee", "sociedad anonima", "sociedad limitada",
    "societa per azioni", "spolka z ograniczona odpowiedzialnoscia", "spolka akcyjna", "sp z o o", "sp zo o", "spol s r o", "s r o", "a s", "d o o", "d d", "s a r l", "s r l", "s p a",
    "s a", "n v", "b v", "l l c", "l p", "l l p", "p l c", "p t", "open joint stock company", "public joint stock company", "closed joint stock company", "joint stock company",
    "открытое акционерное общество", "публичное акционерное общество", "закрытое акционерное общество", "акционерное общество", "общество с ограниченнои ответственностью",
    "товариство з обмеженою відповідальністю", "акціонерне товариство", "публічне акціонерне товариство", "incorporated", "inc", "corp", "limited", "ltd", "llc", "llp", "lp", "plc", "ag", "se", "kg", "kgaa", "gmbh",
    "mbh", "ohg", "ug", "sa", "sas", "sarl", "sasu", "srl", "spa", "sl", "nv", "bv", "ab", "oy", "oyj", "asa", "aps", "kft", "zrt", "nyrt", "rt", "sro", "doo", "dd", "ad", "ead", "ood", "eood", "jsc", "ojsc", "pjsc",
    "cjsc", "oao", "ooo", "pao", "zao", "ao", "оао", "ооо", "пао", "зао", "ао", "тов", "ват", "пат", "прат", "ад", "еад", "оод", "еоод", "дп", "фгуп", "kk", "pt", "tbk", "bhd", "sdn bhd", "pte ltd", "pte",
};
/* clang-format on */
static const char *const weak_forms[] = {"company", "corporation", "co", "the", "mv", "group", "holding", "holdings"};

static bool
fits(const struct str *words, size_t count, bool end, struct str form, size_t *n)
{
	struct str parts[FORM_WORDS_MAX], part;
	*n = 0;
	while (*n < FORM_WORDS_MAX && str_split(&form, ' ', &part))
		parts[(*n)++] = part;
	if (*n > count)
		return false;
	for (size_t i = 0; i < *n; i++) {
		if (!str_eq(words[end ? count - *n + i : i], parts[i]))
			return false;
	}
	return true;
}

static size_t
longest(const struct str *words, size_t count, bool end, const char *const *list, size_t list_count)
{
	size_t best = 0, n;
	for (size_t i = 0; i < list_count; i++) {
		if (!end && count > 0 && words[0].len > 0 && words[0].s[0] != list[i][0])
			continue;
		if (fits(words, count, end, str_from(list[i]), &n) && n > best)
			best = n;
	}
	return best;
}

size_t
orgform_words(const struct str *words, size_t count, bool end, bool *weak)
{
	size_t n = longest(words, count, end, forms, sizeof forms / sizeof *forms);
	*weak = n == 0;
	return n > 0 ? n : longest(words, count, end, weak_forms, sizeof weak_forms / sizeof *weak_forms);
}

bool
orgform_begins(const struct str *words, size_t count, bool *weak)
{
	return orgform_words(words, count, false, weak) > 0;
}
