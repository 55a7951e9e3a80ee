/*
 * The first byte says which label HTTP gives, the rest is a document: whatever the bytes and the labels, what comes out
 * is valid UTF-8, named and explained, and bounded.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "feed/charset.h"

#include <stdlib.h>

#define OUTPUT_BYTES_MAX (16u * 1024 * 1024)

static const char *const labels[] = {"", "utf-8", "iso-8859-1", "windows-1251", "koi8-r", "gb18030", "shift_jis",
    "windows-1256", "utf-16", "utf-16le", "utf-32", "big5", "euc-jp", "iso-2022-jp", "euc-kr", "utf-7", "hz", "ibm-37",
    "macintosh", "iso-8859-8-i", "x-user-defined", "utf-8,version=1"};

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct charset_result out = {0};
	struct arena arena;
	struct buf buf;
	struct err err = {0};

	if (size == 0)
		return 0;
	struct str body = {(const char *)data + 1, size - 1};
	struct str label = str_from(labels[data[0] % (sizeof labels / sizeof *labels)]);
	arena_init(&arena, 0);
	buf_init(&buf, OUTPUT_BYTES_MAX);
	if (charset_convert(body, label.len > 0 ? label : STR_NONE, &arena, &buf, &out, &err) == 0) {
		promise(out.name != NULL && out.why != NULL);
		promise(utf8_valid(out.text) && out.text.len <= OUTPUT_BYTES_MAX + size);
	} else {
		promise(err.code != ERR_NONE && err.msg[0] != '\0');
	}
	charset_of_declaration(body);
	charset_of_content_type(body);
	buf_done(&buf);
	arena_done(&arena);
	return 0;
}
