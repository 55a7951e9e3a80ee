#include "feed/lang_cld2.h"

#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

bool
lang_cld2_guess(const char *text, size_t n, struct lang_cld2_guess *ret)
try {
	CLD2::Language languages[3];
	int percents[3], letters, valid_bytes;
	double scores[3];
	CLD2::CLDHints hints = {NULL, NULL, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};

	CLD2::ExtDetectLanguageSummaryCheckUTF8(text, (int)n, true, &hints, 0, languages, percents, scores, NULL, &letters,
	    &ret->reliable, &valid_bytes);
	ret->code = CLD2::LanguageCode(languages[0]);
	ret->percent = percents[0];
	ret->letters = letters;
	return true;
} catch (...) {
	return false; /* nothing but bad_alloc can come */
}
