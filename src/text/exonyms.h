#pragma once
/*
 * What countries, continents and well-known cities are called in other languages, from the Unicode CLDR as ICU ships it
 * (territory names, also short and other ones, and the cities that time zones are named after), and names of countries beside those
 * (text/exonyms.def), parts of countries, cities, waters and mountains (subdivisions.def, places.def); and what organisations of states
 * are called (orgs.def), and bodies of states, parties, newsrooms and societies (institutions.def).
 */
#include "base/err.h"
#include "base/str.h"

struct text_exonyms;

enum text_exonyms_of { TEXT_EXONYMS_PLACES, TEXT_EXONYMS_ORGS };

/* Reads the data of some sixty languages: of places a few tens of milliseconds, a few megabytes. NULL with an error when memory ran out. */
struct text_exonyms *text_exonyms_open(enum text_exonyms_of of, struct err *err);
void text_exonyms_free(struct text_exonyms *x);

/*
 * Calls back for every name, in every language, of every place or organisation that is called `name` (whatever the case or diacritics,
 * with or without "the", with & or and): in language `lang`; when there is none, in English; when there is none either, in any (Cuba is
 * Juba in Turkish), but of an organisation only when it is of several words: acronyms mean another one elsewhere; a ministry without its
 * country only in English. Stops early and returns false when the callback does, or when memory ran out.
 */
bool text_exonyms_find(const struct text_exonyms *x, struct str name, struct str lang,
    bool (*tell)(void *ctx, struct str lang, struct str name), void *ctx);
