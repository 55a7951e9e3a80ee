#pragma once
/*
 * Private to watch: a name while its forms are made (forms.c, and by kind forms_person.c and forms_org.c).
 */
#include "watch/forms.h"

struct part {
	uint32_t word;
	uint16_t gap;
	bool capital, small; /* neither where there are none */
	struct str fold;
};

struct form {
	struct watchlist *list;
	uint32_t name;
	struct part parts[FORM_WORDS_MAX];
	size_t count;
};

/* Is it one of these words? */
bool form_listed(struct str fold, const char *const *words, size_t count);

/* These return -1 when memory ran out. */

/* A path of the parts from..to, then of from2..to2. */
int form_add(struct form *f, size_t from, size_t to, size_t from2, size_t to2, uint16_t between, enum list_form form);
/* A path of these words of this script, of which some may be new. */
int form_add_words_in(struct form *f, const struct str *folds, const uint16_t *gaps, size_t count,
    enum text_script script, enum list_form form);
/* The same in the script of the name. */
int form_add_words(struct form *f, const struct str *folds, const uint16_t *gaps, size_t count, enum list_form form);

/* All forms of a person's name, and of an organisation's, of which the words in the set are acronyms. */
int form_add_person(struct form *f);
int form_add_org(struct form *f, uint32_t acronyms);
