#pragma once
/* Private to watch: the most frequent given names of many countries, as evidence that a family name behind one is somebody else's. */
#include "base/str.h"

bool given_is_frequent(struct str fold);

/* All of them, folded, in the order of their bytes; for the test of that. */
extern const char *const given_names[];
extern const size_t given_name_count;
