#include "text/hanzi.h"

#include <stdlib.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define UNITS_MAX 256

struct hanzi {
	UTransliterator *to[2]; /* simplified, traditional */
};

struct hanzi *
hanzi_open(struct err *err)
{
	static const UChar simplified[] = u"Hant-Hans", traditional[] = u"Hans-Hant";
	struct hanzi *h = calloc(1, sizeof *h);
	UErrorCode code = U_ZERO_ERROR;
	if (h != NULL) {
		h->to[0] = utrans_openU(simplified, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
		h->to[1] = utrans_openU(traditional, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
	}
	if (h != NULL && U_SUCCESS(code))
		return h;
	bool oom = h == NULL || code == U_MEMORY_ALLOCATION_ERROR;
	hanzi_free(h);
	if (oom)
		err_oom(err);
	else
		err_set(err, ERR_INTERNAL, "ICU has no Chinese characters: %s", u_errorName(code));
	return NULL;
}

void
hanzi_free(struct hanzi *h)
{
	for (int i = 0; h != NULL && i < 2; i++) {
		if (h->to[i] != NULL)
			utrans_close(h->to[i]);
	}
	free(h);
}

bool
hanzi_name(const struct hanzi *h, struct str name, bool traditional, struct buf *out)
{
	UChar units[UNITS_MAX];
	char utf8[UNITS_MAX * 3];
	int32_t len = 0, end, bytes = 0;
	UErrorCode code = U_ZERO_ERROR;

	if (name.len > HANZI_NAME_BYTES_MAX)
		return false;
	u_strFromUTF8(units, UNITS_MAX, &len, name.s, (int32_t)name.len, &code);
	end = len;
	if (U_SUCCESS(code))
		utrans_transUChars(h->to[traditional], units, &len, UNITS_MAX, 0, &end, &code);
	u_strToUTF8(utf8, sizeof utf8, &bytes, units, len, &code);
	struct str other = {utf8, (size_t)bytes};
	if (U_FAILURE(code) || bytes > (int32_t)sizeof utf8 || str_eq(other, name))
		return false;
	return buf_str(out, other), !out->failed;
}
