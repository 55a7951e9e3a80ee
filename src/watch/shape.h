#pragma once
/*
 * Private to watch: what of a name's word stays when an ending is put to it.
 */
#include "text/inflect.h"
#include "text/translit.h"
#include "watch/list.h"

#define SHAPES_MAX 16

struct shape {
	enum text_class class;
	bool soft;   /* a changed last consonant: only before -e and -i */
	bool alone;  /* may also stand without an ending */
	bool native; /* only in the script of the list */
	bool exact;  /* only where every sound agrees */
	unsigned char len;
	char s[TEXT_SOUNDS_MAX];
};

/* The stems of a word, given its sounds, each with the class of endings it takes. `flags`: enum list_word_flag. */
size_t shapes_of(struct str sounds, enum text_script script, unsigned flags, struct shape out[SHAPES_MAX]);
