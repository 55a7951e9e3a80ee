#pragma once
/*
 * CLD2 has a C++ interface only; this is all of it that tidings calls. Inside of lang.h.
 */
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct lang_cld2_guess {
	const char *code; /* static memory: "ru", "zh-Hant", "iw", "un" */
	int percent;      /* how much of the text is in that language */
	int letters;      /* bytes of text that counted */
	bool reliable;
};

/* False when memory ran out. The text must be valid UTF-8. */
bool lang_cld2_guess(const char *text, size_t n, struct lang_cld2_guess *ret);

#ifdef __cplusplus
}
#endif
