#pragma once
/*
 * Endings that names take, in closed tables: one per language and class of declension (inflect_tables.c, each with its
 * source). A word of a text is cut into a stem and an ending; whether the ending is one that a name of this shape takes
 * in this language is looked up, never guessed.
 */
#include "text/fold.h"

/* Shape of the name's basic form; decides which endings it takes. */
enum text_class {
	TEXT_CLASS_C,   /* ends in a consonant: Trump, Путин */
	TEXT_CLASS_A,   /* ends in -a, which the ending replaces: Praga, Москва */
	TEXT_CLASS_O,   /* ends in -o: Polsko, Павло */
	TEXT_CLASS_E,   /* ends in -e: Británie */
	TEXT_CLASS_ADJ, /* an adjective in -y, -i, -ский …: Zelenskiy, Nowy */
	TEXT_CLASS_PL,  /* a plural in -y, -i: Niemcy */
	TEXT_CLASS_V,   /* ends in a vowel that stays: Trudeau, Moskova */
	TEXT_CLASS_S,   /* ends in vowel + s, which the ending replaces: Τσίπρας, Nausėdas */
	TEXT_CLASS_IA,  /* ends in -ia, of which an ending may take both letters: Gdynia, Gdyni */
	TEXT_CLASS_ADN, /* an adjective of neuter gender or in the plural: Novo mesto, České Budějovice */
	TEXT_CLASS_DER, /* an adjective with a German ending, before a noun: Rotes Kreuz, des Roten Kreuzes */
	TEXT_CLASS_ICH, /* a last vowel that is another one in an open syllable: Сокіл, Сокола; Dvůr, Dvora */
	TEXT_CLASS_NEN,  /* ends in -nen, which is -se- in other cases: Salonen, Salosen */
	TEXT_CLASS_WEAK, /* ends in a vowel, before which a consonant is weakened: Lehto, Lehdon */
	TEXT_CLASS_SKO,  /* ends in -sko or -cko, which in Czech and Slovak is no adjective: Irsko, but irský */
	TEXT_CLASS_KS,   /* ends in -s, which is -ks- in other cases in Finnish: Kallas, Kallaksen */
	TEXT_CLASS_NE,   /* ends in -ne, which is -se in other cases in Estonian: Rebane, Rebase */
	TEXT_CLASS_TD,   /* a plural in vowel + -t or -d, which the ending replaces: Filippiinit, Filippiineillä */
	TEXT_CLASS_GBD,  /* ends in a consonant that is weakened in other cases in Estonian: Liit, Liidu */
	TEXT_CLASS_N,    /* a plural that takes a German -n: Niederlande, Niederlanden */
	TEXT_CLASS_COUNT
};

#define TEXT_ENDING_BYTES_MAX 24 /* longest ending, folded */

/* A set of languages; all when the tag is absent, "und" or of a language that is not written in this script; of Latin letters
 * in a language of a third script only English, and in one without endings (French, Vietnamese) none. Bits of Arabic script are not those of others. */
uint32_t text_inflect_languages(struct str lang, enum text_script script);
/* Is it one language, and not all of a script? */
static inline bool
text_inflect_one(uint32_t languages)
{
	return languages != 0 && (languages & (languages - 1)) == 0;
}
/* Is one of them a language that writes ts as c in Latin letters: the Slavic and Baltic ones, Hungarian, Albanian? */
bool text_inflect_c_is_ts(uint32_t languages);
/* Are they this language alone? */
bool text_inflect_is(uint32_t languages, struct str code);
/* The classes (a set of 1 << class) whose names take this folded ending in one of these languages. Never for "". */
unsigned text_inflect_classes(struct str ending, enum text_script script, uint32_t languages);

/* The folded endings of a class in one language, parted by spaces; NULL when the language has none or is written otherwise. */
const char *text_inflect_endings(enum text_script script, struct str lang, enum text_class class);

/* Bytes of the longest ending of these languages. */
size_t text_inflect_longest(enum text_script script, uint32_t languages);

/* Letters that are written together before a word: Arabic and Hebrew proclitics. Fills at most max byte lengths of
 * prefixes that the folded word begins with (not 0); at least two letters are left. */
size_t text_inflect_prefixes(struct str folded, enum text_script script, size_t *lens, size_t max);
