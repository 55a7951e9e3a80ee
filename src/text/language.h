#pragma once
/*
 * Codes of languages as they are looked for: BCP 47 (RFC 5646), of ISO 639, 15924 and 3166 as ICU knows them. Pure; not for texts
 * of which every item has some: ICU searches its lists from the front.
 */
#include "base/str.h"

#define TEXT_LANGUAGE_BYTES 36u /* of a tag */
#define TEXT_LANGUAGE_WRONG_BYTES 96u

/* The code of two letters at its beginning is an old one (ISO 639-1: iw is he now). */
bool text_language_withdrawn(struct str tag);
/*
 * The usual form of a tag: the shorter and newer code of the language, and of its script and country, if any, as in uk, zh-Hant,
 * en-GB. False when one of them does not exist, or something else stands there: what ret holds then is of no use.
 */
bool text_language_usual(struct str tag, char ret[TEXT_LANGUAGE_BYTES]);
/* The same for who may be told. "" when there is none: then `wrong` says why, and `hint`, if it is not empty, the tag that was meant,
 * by the name of a language or the code of a country where it is spoken. */
void text_language_tag(struct str tag, char ret[TEXT_LANGUAGE_BYTES], char wrong[TEXT_LANGUAGE_WRONG_BYTES],
    char hint[TEXT_LANGUAGE_BYTES]);
/* Whether an item in language `lang` is in language `want`, as text_language_usual() gives both: also of another country or script
 * when `want` says none; no is nb and nn, too. */
bool text_language_is(struct str lang, struct str want);
