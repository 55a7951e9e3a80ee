#include "text/language.h"

#include <stdio.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uloc.h>
#include <unicode/uregion.h>
#include <unicode/ustring.h>

#define SUBTAG_BYTES 9u
#define NAME_UNITS 64

static bool
next_subtag(struct str *rest, char ret[SUBTAG_BYTES])
{
	size_t n = 0;
	while (n < rest->len && rest->s[n] != '-' && rest->s[n] != '_')
		n++;
	if (n == 0 || n >= SUBTAG_BYTES)
		return false;
	for (size_t i = 0; i < n; i++)
		ret[i] = ascii_lower(rest->s[i]);
	ret[n] = '\0';
	*rest = n < rest->len ? (struct str){rest->s + n + 1, rest->len - n - 1} : STR_NONE;
	return true;
}

static bool
listed(const char *const *codes, const char *code)
{
	for (; *codes != NULL; codes++) {
		if (strcmp(*codes, code) == 0)
			return true;
	}
	return false;
}

/* ISO 639-2 has two codes for these, of which ICU knows the one after the language's own name. */
static const char *
own_code(const char *code)
{
	static const char *const codes[][2] = {{"alb", "sqi"}, {"arm", "hye"}, {"baq", "eus"}, {"bur", "mya"},
	    {"chi", "zho"}, {"cze", "ces"}, {"dut", "nld"}, {"fre", "fra"}, {"geo", "kat"}, {"ger", "deu"},
	    {"gre", "ell"}, {"ice", "isl"}, {"mac", "mkd"}, {"mao", "mri"}, {"may", "msa"}, {"per", "fas"},
	    {"rum", "ron"}, {"slo", "slk"}, {"tib", "bod"}, {"wel", "cym"}};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (strcmp(codes[i][0], code) == 0)
			return codes[i][1];
	}
	return code;
}

/* The code that ICU writes for a language: eng → en, iw → he. False when there is none. */
static bool
canonical_language(const char *code, char ret[SUBTAG_BYTES])
{
	UErrorCode status = U_ZERO_ERROR;
	uloc_toLanguageTag(own_code(code), ret, SUBTAG_BYTES, false, &status);
	return U_SUCCESS(status) && strcmp(ret, "und") != 0 && listed(uloc_getISOLanguages(), ret);
}

/* ---- what was meant ---- */

static bool
is_named(const char *code, const char *in, struct str name)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar units[NAME_UNITS];
	char utf8[NAME_UNITS * 3];
	int32_t n = uloc_getDisplayLanguage(code, in, units, NAME_UNITS, &status), bytes = 0;
	u_strToUTF8(utf8, sizeof utf8, &bytes, units, n, &status);
	return U_SUCCESS(status) && status != U_USING_DEFAULT_WARNING &&
	       str_ieq((struct str){utf8, (size_t)bytes}, name);
}

/* By its name in English or in itself. */
static void
by_name(struct str name, char hint[TEXT_LANGUAGE_BYTES])
{
	for (const char *const *code = uloc_getISOLanguages(); *code != NULL; code++) {
		if (is_named(*code, "en", name) || is_named(*code, *code, name)) {
			snprintf(hint, TEXT_LANGUAGE_BYTES, "%s", *code);
			return;
		}
	}
}

/* The code that ICU writes for a country: uk → GB. False when there is none. */
static bool
canonical_country(const char *code, char ret[SUBTAG_BYTES])
{
	UErrorCode status = U_ZERO_ERROR;
	for (size_t i = 0; i <= strlen(code); i++)
		ret[i] = (char)(code[i] >= 'a' ? code[i] - 'a' + 'A' : code[i]);
	const URegion *region = uregion_getRegionFromCode(ret, &status);
	if (U_FAILURE(status) || region == NULL || uregion_getType(region) == URGN_UNKNOWN)
		return false;
	snprintf(ret, SUBTAG_BYTES, "%s", uregion_getRegionCode(region));
	return true;
}

/* What is spoken in a country, mostly. */
static void
by_country(struct str two, char hint[TEXT_LANGUAGE_BYTES])
{
	UErrorCode status = U_ZERO_ERROR;
	const char code[3] = {ascii_lower(two.s[0]), ascii_lower(two.s[1]), '\0'};
	char country[SUBTAG_BYTES], locale[SUBTAG_BYTES + 4], likely[ULOC_FULLNAME_CAPACITY];
	if (!canonical_country(code, country))
		return;
	snprintf(locale, sizeof locale, "und_%s", country);
	uloc_addLikelySubtags(locale, likely, sizeof likely, &status);
	uloc_getLanguage(likely, hint, TEXT_LANGUAGE_BYTES, &status);
	if (U_FAILURE(status) || strcmp(hint, "und") == 0)
		hint[0] = '\0';
}

/* ---- tags ---- */

static bool
add_script(const char *code, char *ret)
{
	int32_t script = u_getPropertyValueEnum(UCHAR_SCRIPT, code);
	size_t len = strlen(ret);
	if (script == UCHAR_INVALID_CODE)
		return false;
	snprintf(ret + len, TEXT_LANGUAGE_BYTES - len, "-%s", code);
	ret[len + 1] = (char)(ret[len + 1] - 'a' + 'A');
	return true;
}

static bool
add_country(const char *code, char *ret)
{
	char country[SUBTAG_BYTES];
	size_t len = strlen(ret);
	if (!canonical_country(code, country))
		return false;
	snprintf(ret + len, TEXT_LANGUAGE_BYTES - len, "-%s", country);
	return true;
}

static bool
all_digits(const char *s)
{
	return s[strspn(s, "0123456789")] == '\0';
}

bool
text_language_withdrawn(struct str tag)
{
	static const char codes[][3] = {"in", "iw", "ji", "jw", "mo"};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (str_istarts(tag, str_from(codes[i])))
			return tag.len == 2 || tag.s[2] == '-' || tag.s[2] == '_';
	}
	return false;
}

/* The language, and behind it one script and one country at most. 1, or 0 with what exists of it in ret; -1: no language. */
static int
usual_form(struct str tag, char ret[TEXT_LANGUAGE_BYTES])
{
	struct str rest = tag;
	char code[SUBTAG_BYTES], language[SUBTAG_BYTES];
	bool taken = true, script = false, country = false;

	ret[0] = '\0';
	if (!next_subtag(&rest, code) || strlen(code) > 3 || !canonical_language(code, language))
		return -1;
	snprintf(ret, TEXT_LANGUAGE_BYTES, "%s", language);
	while (rest.len > 0 && taken) {
		taken = next_subtag(&rest, code);
		size_t len = taken ? strlen(code) : 0;
		if (len == 4 && !all_digits(code) && !script && !country)
			taken = script = add_script(code, ret);
		else if ((len == 2 || (len == 3 && all_digits(code))) && !country)
			taken = country = add_country(code, ret);
		else
			taken = false;
	}
	return taken;
}

bool
text_language_usual(struct str tag, char ret[TEXT_LANGUAGE_BYTES])
{
	return usual_form(tag, ret) > 0;
}

void
text_language_tag(struct str tag, char ret[TEXT_LANGUAGE_BYTES], char wrong[TEXT_LANGUAGE_WRONG_BYTES],
    char hint[TEXT_LANGUAGE_BYTES])
{
	int form = usual_form(tag, ret);
	wrong[0] = hint[0] = '\0';
	if (form > 0)
		return;
	if (form < 0) {
		snprintf(wrong, TEXT_LANGUAGE_WRONG_BYTES, "there is no language of this code");
		by_name(tag, hint);
		if (hint[0] == '\0' && tag.len == 2)
			by_country(tag, hint);
	} else {
		snprintf(wrong, TEXT_LANGUAGE_WRONG_BYTES, "there is no such country or script of a language");
		snprintf(hint, TEXT_LANGUAGE_BYTES, "%.*s", (int)strcspn(ret, "-"), ret);
	}
	ret[0] = '\0';
}

bool
text_language_is(struct str lang, struct str want)
{
	if (str_is(want, "no") && (str_istarts(lang, STR_LIT("nb")) || str_istarts(lang, STR_LIT("nn"))))
		return lang.len == 2 || lang.s[2] == '-' || lang.s[2] == '_';
	return str_istarts(lang, want) && (lang.len == want.len || lang.s[want.len] == '-' || lang.s[want.len] == '_');
}
