#include "text/exonyms.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "text/fold.h"

#include <stdlib.h>
#include <unicode/ures.h>
#include <unicode/ustring.h>

#define NAME_BYTES_MAX 200
#define FOLDED_BYTES_MAX (4 * NAME_BYTES_MAX)

/* clang-format off */
static const char *const locales[] = {
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "is", "pl", "cs", "sk", "sl", "hr", "sr", "sr_Latn", "bs", "mk", "bg", "ru", "uk", "be", "lt", "lv", "et", "fi",
    "hu", "ro", "sq", "el", "tr", "az", "kk", "uz", "ky", "tg", "hy", "ka", "he", "ar", "fa", "ur", "ps", "hi", "bn", "pa", "gu", "ta", "te", "kn", "ml", "mr", "ne", "si", "th", "lo", "km",
    "my", "vi", "id", "ms", "fil", "sw", "am", "ko", "ja", "zh", "zh_Hant", "ca", "eu", "gl", "ga", "cy", "mt", "lb", "af", "mn",
};
/* clang-format on */

struct entry {
	struct str place; /* "CZ", "Europe:London" */
	struct str lang, name, folded;
	struct entry *same_name;  /* other places and languages with this folded name */
	struct entry *same_place; /* the next name of the place */
};

struct text_exonyms {
	struct arena arena;
	struct map by_name;  /* folded -> first entry */
	struct map by_place; /* place -> first entry */
	struct buf scratch, folded;
	size_t shortest; /* bytes of a name */
	bool any_word;   /* one word tells what is meant, in whatever language it is */
	bool failed;
};

static void
chain(struct text_exonyms *x, struct entry *e)
{
	e->same_name = map_get(&x->by_name, e->folded);
	e->same_place = map_get(&x->by_place, e->place);
	if (map_put(&x->by_name, e->folded, e) < 0 || map_put(&x->by_place, e->place, e) < 0)
		x->failed = true;
}

/* As it is looked for, by way of another buffer: folded, without "the", with words for the signs that CLDR writes in English names. */
static bool
put_folded(struct buf *out, struct buf *folded, struct str name)
{
	static const struct str full[][2] = {{STR_INIT("&"), STR_INIT("and")}, {STR_INIT("st."), STR_INIT("saint")},
	    {STR_INIT("st"), STR_INIT("saint")}};
	struct str rest, word;
	buf_reset(folded);
	buf_reset(out);
	bool good = text_fold_str(folded, name);
	for (rest = buf_view(folded); good && str_split(&rest, ' ', &word);) {
		if (out->len == 0 && str_is(word, "the") && rest.len > 0)
			continue;
		for (size_t i = 0; i < sizeof full / sizeof *full; i++)
			word = str_eq(word, full[i][0]) ? full[i][1] : word;
		if (out->len > 0)
			buf_putc(out, ' ');
		buf_add(out, word.s, word.len);
	}
	return good && !out->failed;
}

static struct str
fold(struct text_exonyms *x, struct str name)
{
	if (!put_folded(&x->scratch, &x->folded, name))
		x->failed = true;
	return buf_view(&x->scratch);
}

/* "Congo (DRC)", "Hong Kong, China" are labels, not names. */
static bool
usable(const struct text_exonyms *x, struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (strchr("(),/", name.s[i]) != NULL)
			return false;
	}
	return name.len >= x->shortest && str_find(name, STR_LIT(" - "), 0) < 0;
}

static void
add(struct text_exonyms *x, struct str place, struct str lang, struct str name)
{
	if (!usable(x, name))
		return;
	struct entry *e = arena_zalloc(&x->arena, 1, sizeof *e);
	if (e == NULL) {
		x->failed = true;
		return;
	}
	e->lang = lang;
	e->place = arena_str(&x->arena, place);
	e->name = arena_str(&x->arena, name);
	e->folded = arena_str(&x->arena, fold(x, name));
	if (e->place.s == NULL || e->name.s == NULL || e->folded.s == NULL)
		x->failed = true;
	else
		chain(x, e);
}

static struct str
to_utf8(const UChar *text, int32_t len, char *out)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t n = 0;
	u_strToUTF8(out, NAME_BYTES_MAX, &n, text, len, &status);
	return U_SUCCESS(status) && n < NAME_BYTES_MAX ? (struct str){out, (size_t)n} : STR_NONE;
}

/* The usual names, then short and other ones: США, Czech Republic. */
static const char *const territory_tables[] = {"Countries", "Countries%short", "Countries%variant"};

static void
read_territories(struct text_exonyms *x, const char *locale, const char *key)
{
	UErrorCode status = U_ZERO_ERROR;
	char name[NAME_BYTES_MAX];
	UResourceBundle *bundle = ures_open(U_ICUDATA_NAME "-region", locale, &status);
	UResourceBundle *table = ures_getByKey(bundle, key, NULL, &status);

	while (U_SUCCESS(status) && ures_hasNext(table)) {
		const char *code = NULL;
		int32_t len = 0;
		const UChar *text = ures_getNextString(table, &len, &code, &status);
		if (U_SUCCESS(status) && code != NULL && strcmp(code, "001") != 0 && strcmp(code, "ZZ") != 0)
			add(x, str_from(code), str_from(locale), to_utf8(text, len, name));
	}
	ures_close(table);
	ures_close(bundle);
}

struct table_row {
	const char *code, *names;
};

static void
add_table(struct text_exonyms *x, const struct table_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct str rest = str_from(rows[i].names), name, locale;
		while (str_split(&rest, '|', &name) && str_split(&name, ' ', &locale))
			add(x, str_from(rows[i].code), locale, name);
	}
}

#define PLACE(code, names) {code, names},
static const struct table_row places[] = {
#include "text/places.def"
#include "text/subdivisions.def"
};
static const struct table_row orgs[] = {
#include "text/institutions.def"
#include "text/orgs.def"
};
#undef PLACE

static void
add_names_beside(struct text_exonyms *x)
{
	static const struct {
		const char *code, *locale, *name;
	} rows[] = {
#define NAME(code, locale, name) {code, locale, name},
#include "text/exonyms.def"
#undef NAME
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		add(x, str_from(rows[i].code), str_from(rows[i].locale), str_from(rows[i].name));
	add_table(x, places, sizeof places / sizeof *places);
}

/* A zone is called after its city: "America:Argentina:Buenos_Aires". */
static void
add_city_of_zone(struct text_exonyms *x, const char *zone)
{
	char name[NAME_BYTES_MAX];
	const char *colon = strrchr(zone, ':');
	if (colon == NULL || strlen(colon) >= sizeof name || map_get(&x->by_place, str_from(zone)) != NULL)
		return;
	memcpy(name, colon + 1, strlen(colon));
	for (char *p = name; *p; p++) {
		if (*p == '_')
			*p = ' ';
	}
	add(x, str_from(zone), STR_LIT("en"), str_from(name));
}

static void
read_cities(struct text_exonyms *x, const char *locale)
{
	UErrorCode status = U_ZERO_ERROR;
	char name[NAME_BYTES_MAX];
	UResourceBundle *bundle = ures_open(U_ICUDATA_NAME "-zone", locale, &status), *zone = NULL;
	UResourceBundle *table = ures_getByKey(bundle, "zoneStrings", NULL, &status);

	while (U_SUCCESS(status) && ures_hasNext(table)) {
		UErrorCode missing = U_ZERO_ERROR;
		int32_t len = 0;
		zone = ures_getNextResource(table, zone, &status);
		const char *key = U_SUCCESS(status) ? ures_getKey(zone) : NULL;
		if (key == NULL || strncmp(key, "meta:", 5) == 0)
			continue;
		const UChar *text = ures_getStringByKey(zone, "ec", &len, &missing);
		if (U_FAILURE(missing))
			continue;
		add_city_of_zone(x, key);
		add(x, str_from(key), str_from(locale), to_utf8(text, len, name));
	}
	ures_close(zone);
	ures_close(table);
	ures_close(bundle);
}

static void
read_places(struct text_exonyms *x)
{
	for (size_t i = 0; i < sizeof locales / sizeof *locales && !x->failed; i++) {
		for (size_t k = 0; k < sizeof territory_tables / sizeof *territory_tables; k++)
			read_territories(x, locales[i], territory_tables[k]);
		read_cities(x, locales[i]);
	}
	add_names_beside(x);
}

struct text_exonyms *
text_exonyms_open(enum text_exonyms_of of, struct err *err)
{
	struct text_exonyms *x = calloc(1, sizeof *x);
	if (x == NULL) {
		err_oom(err);
		return NULL;
	}
	arena_init(&x->arena, 0);
	map_init(&x->by_name);
	map_init(&x->by_place);
	buf_init(&x->scratch, 0);
	buf_init(&x->folded, 0);
	x->shortest = of == TEXT_EXONYMS_PLACES ? 3 : 2; /* the EU */
	x->any_word = of == TEXT_EXONYMS_PLACES;         /* ANO is the UN in Latvian, a party in Czech */
	if (of == TEXT_EXONYMS_PLACES)
		read_places(x);
	else
		add_table(x, orgs, sizeof orgs / sizeof *orgs);
	if (!x->failed)
		return x;
	text_exonyms_free(x);
	err_oom(err);
	return NULL;
}

void
text_exonyms_free(struct text_exonyms *x)
{
	if (x == NULL)
		return;
	map_done(&x->by_name);
	map_done(&x->by_place);
	buf_done(&x->scratch);
	buf_done(&x->folded);
	arena_done(&x->arena);
	free(x);
}

/* An earlier entry with the same name was of the same place: its names have been told. */
static bool
told(const struct entry *first, const struct entry *e, struct str lang)
{
	for (; first != e; first = first->same_name) {
		if (str_eq(first->place, e->place) && (str_empty(lang) || str_eq(first->lang, lang)))
			return true;
	}
	return false;
}

/* The first of these languages that has the name, or none. */
static struct str
language_with(const struct entry *first, struct str lang)
{
	const struct str wanted[] = {lang, STR_LIT("en")};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		for (const struct entry *e = first; e != NULL; e = e->same_name) {
			if (str_eq(e->lang, wanted[i]))
				return wanted[i];
		}
	}
	return STR_NONE;
}

/*
 * A ministry without its country is that of the language's own readers: MSZ is Poland's. In English it may be any.
 */
static bool
is_of_another_country(const struct entry *e)
{
	return str_starts(e->place, STR_LIT("ANY:")) && !str_is(e->lang, "en");
}

bool
text_exonyms_find(const struct text_exonyms *x, struct str name, struct str lang,
    bool (*tell)(void *ctx, struct str lang, struct str name), void *ctx)
{
	struct buf folded, scratch;
	buf_init(&folded, FOLDED_BYTES_MAX);
	buf_init(&scratch, FOLDED_BYTES_MAX);
	bool good = put_folded(&folded, &scratch, name) || folded.over_limit || scratch.over_limit;
	const struct entry *first = good ? map_get(&x->by_name, buf_view(&folded)) : NULL;
	buf_done(&folded);
	buf_done(&scratch);
	if (!good)
		return false;
	struct str only = language_with(first, lang);
	if (str_empty(only) && !x->any_word && str_find(name, STR_LIT(" "), 0) < 0)
		return true;
	for (const struct entry *e = first; e != NULL; e = e->same_name) {
		if ((!str_empty(only) && !str_eq(e->lang, only)) || is_of_another_country(e) || told(first, e, only))
			continue;
		for (const struct entry *n = map_get(&x->by_place, e->place); n != NULL; n = n->same_place) {
			if (!tell(ctx, n->lang, n->name))
				return false;
		}
	}
	return true;
}
