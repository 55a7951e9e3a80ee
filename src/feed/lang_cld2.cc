#include "feed/lang_cld2.h"

#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

bool
lang_cld2_guess(const char *text, size_t n, struct lang_cld2_guess *ret)
try {
	CLD2::Language languages[3] = {CLD2::UNKNOWN_LANGUAGE};
	int percents[3] = {0}, letters = 0;
	double scores[3];
	CLD2::CLDHints hints = {NULL, NULL, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};

	/* Its check of UTF-8 is not wanted: the text is valid, and of one with control characters it would say nothing. */
	CLD2::ExtDetectLanguageSummary(
	    text, (int)n, true, &hints, 0, languages, percents, scores, NULL, &letters, &ret->reliable);
	ret->code = CLD2::LanguageCode(languages[0]);
	ret->percent = percents[0];
	ret->letters = letters;
	return true;
} catch (...) {
	return false; /* nothing but bad_alloc can come */
}
