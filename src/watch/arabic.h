#pragma once
/*
 * Private to watch: Arabic names as they are written with their article, with عبد and with بن, which every press writes in its own
 * way: al-, Al, el- or nothing, as- before an s (Ryding 2005, ch. 2), Abdul, Abdel, Abd al-, Abdur-, one word or two, bin or ibn;
 * and two nouns as one given name: Noor ul-Haq, Noorul Haq, Zia ud-Din, Ziauddin.
 */
#include "base/arena.h"
#include "base/str.h"

#define ARABIC_SPELLINGS_MAX 40u

/*
 * Other spellings of a name in Arabic or Latin letters that has one of these in it; in one spelling words of both scripts may stand,
 * each to be compared by its sounds. Returns how many, -1 when memory ran out.
 */
ptrdiff_t arabic_spellings(struct str name, struct arena *arena, struct str out[ARABIC_SPELLINGS_MAX]);
