#pragma once
/* Private to watch: the most frequent given names of many countries, as evidence that a family name behind one is somebody else's. */
#include "base/str.h"

bool given_is_frequent(struct str fold);
