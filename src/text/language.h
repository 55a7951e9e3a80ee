#pragma once
/*
 * Codes of languages as they are looked for: BCP 47 (RFC 5646), of ISO 639, 15924 and 3166 as ICU knows them. Pure; not for texts
 * of which every item has some: ICU searches its lists from the front.
 */
#include "base/str.h"

#define TEXT_LANGUAGE_BYTES 36u /* of a tag */
#define TEXT_LANGUAGE_WRONG_BYTES 96u

/*
 * The usual form of a tag: the shorter and newer code of the language, and of its script and country, if any, as in uk, zh-Hant,
 * en-GB; what stands behind them is left. "" when one of them does not exist: then `wrong` says which, and `hint`, if it is not
 * empty, the tag that was meant, by the name of a language or the code of a country where it is spoken.
 */
void text_language_tag(struct str tag, char ret[TEXT_LANGUAGE_BYTES], char wrong[TEXT_LANGUAGE_WRONG_BYTES],
    char hint[TEXT_LANGUAGE_BYTES]);
/* Whether an item in language `lang` is in language `want`, as text_language_tag() gives both: also of another country or script
 * when `want` says none; no is nb and nn, too. */
bool text_language_is(struct str lang, struct str want);
