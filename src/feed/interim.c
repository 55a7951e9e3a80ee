/* Plain versions of what feed/lang does, weak: the real one wins as soon as it is linked. */
#include "feed/lang.h"

#define WEAK __attribute__((weak))

WEAK struct str
lang_normalise(struct arena *a, struct str tag)
{
	return arena_str(a, tag);
}

WEAK bool
lang_detect(struct str text, struct str *lang, float *confidence)
{
	return false;
}
