#include "text/grapheme.h"

#include "base/utf8.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

static struct str
by_code_points(struct str s, size_t count)
{
	size_t pos = 0;
	while (count-- > 0 && pos < s.len)
		utf8_next(s, &pos);
	return (struct str){s.s, pos};
}

struct str
text_truncate_graphemes(struct str s, size_t count)
{
	UErrorCode status = U_ZERO_ERROR;
	UText text = UTEXT_INITIALIZER;
	struct str cut = s;

	if (s.len <= count) /* a character takes a byte at least */
		return s;
	UBreakIterator *it = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &status);
	utext_openUTF8(&text, s.s, (int64_t)s.len, &status);
	ubrk_setUText(it, &text, &status);
	if (U_FAILURE(status)) {
		cut = by_code_points(s, count);
	} else {
		int32_t at = 0;
		while (count-- > 0 && at != UBRK_DONE)
			at = ubrk_next(it);
		cut.len = at == UBRK_DONE ? s.len : (size_t)at;
	}
	utext_close(&text);
	ubrk_close(it);
	return cut;
}
