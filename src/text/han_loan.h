#pragma once
/*
 * The sounds of foreign names in Chinese characters, in the symbols of translit.h: L is l or r, N an n or ng (han_loan.def).
 */
#include "text/translit.h"

/* May a foreign name be written with this character? */
bool text_han_loan_letter(uint32_t cp);
/* As text_sounds(): false when a character is none of those. */
bool text_han_loan_sounds(struct str folded, struct text_sounds *out);
/* As they may be meant, too: m before b and p, which Chinese has not, and an r behind an e (默克尔, Merkel). False when nothing changes. */
bool text_han_loan_otherwise(struct str folded, struct text_sounds *sounds);
