#pragma once
/*
 * Private to watch: what speaks against a place or an organisation where its name stands.
 */
#include "watch/field.h"

/* Is it somebody's family name, behind a given name: Irving Berlin, Jack London? */
bool thing_is_family(const struct field_match *f, const struct list_name *name, size_t first, size_t last);
/* Is what the list joins by a hyphen two words here, of which the second is written small: Al-Kaida, but Ale kiedy? */
bool thing_is_apart(const struct field_match *f, const struct list_name *name, size_t first, size_t last);
/* Does a country stand behind a party, whose other such party it is: the Democratic Party of Korea for Democratic Party? In English. */
bool thing_is_another_lands(const struct field_match *f, const struct list_name *name, size_t last);
/* In a name's own language, which is Ukrainian: is it another word, with the other i (Крім for Крим)? */
bool thing_is_other_word(
    const struct field_match *f, const struct list_name *name, uint32_t list_word, size_t first, size_t last);
/* In German: does it begin with a small letter, and not with its article? */
bool thing_is_german_phrase(const struct field_match *f, const struct list_name *name, size_t first, size_t last);
/* Does a short word stand in a line of capitals, where it may be any word: SZCZEPIONKI PO ROKU, WHO DID IT? */
bool thing_is_among_capitals(const struct field_match *f, size_t word);
