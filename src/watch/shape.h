#pragma once
/*
 * Private to watch: what of a name's word stays when an ending is put to it.
 */
#include "text/inflect.h"
#include "text/translit.h"

#define SHAPES_MAX 12

struct shape {
	enum text_class class;
	bool soft;   /* a changed last consonant: only before -e and -i */
	bool alone;  /* may also stand without an ending */
	bool native; /* only in the script of the list */
	bool exact;  /* only where every sound agrees */
	unsigned char len;
	char s[TEXT_SOUNDS_MAX];
};

/* The stems of a word, given its sounds, each with the class of endings it takes. */
size_t shapes_of(struct str sounds, struct shape out[SHAPES_MAX]);
