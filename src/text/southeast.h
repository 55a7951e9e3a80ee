#pragma once
/*
 * The sounds of foreign names in Thai, Lao, Khmer and Burmese letters, in the symbols of translit.h. Letters after the Royal Thai
 * General System (1999) and BGN/PCGN's of Lao (1966), Khmer (1972) and Burmese (1970); what foreign sounds are written with, after
 * the Royal Institute's rules for English (1989) and what Khmer makes of h with a letter below it (Huffman 1970).
 */
#include "text/translit.h"

/* Is it a letter of one of these scripts? */
bool text_southeast_letter(uint32_t cp);
/* As text_sounds(). */
bool text_southeast_sounds(struct str folded, struct text_sounds *out);
/*
 * As they may be meant, too: Burmese writes no r at the end of a syllable, so one behind the last vowel; elsewhere ng at the end as n, as which
 * French ones are heard. False when nothing changes. The sounds are those of the word.
 */
bool text_southeast_otherwise(struct str folded, struct text_sounds *sounds);
