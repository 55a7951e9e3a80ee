/* Any text as a date: a time within the years 1 to 9999 or none, and every time that is told reads back as itself. */
#include "fuzz.h"

#include "feed/date.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TIME_FORMAT_MAX];
	int64_t at = date_parse((struct str){(const char *)data, size});

	if (at == TIME_NONE)
		return 0;
	if (at < TIME_MIN || at > TIME_MAX || date_parse(str_from(time_format(at, true, text))) != at)
		abort();
	return 0;
}
