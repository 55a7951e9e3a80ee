#pragma once
/* Private to text: the tables of inflect.h. */
#include "text/inflect.h"

struct inflect_row {
	enum text_script script;
	const char *language; /* ISO 639-1 */
	enum text_class class;
	const char *endings; /* folded, with spaces between */
};

extern const struct inflect_row inflect_rows[]; /* ends with a NULL language */
