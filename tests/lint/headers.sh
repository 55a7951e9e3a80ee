#!/bin/sh
# Every header compiles alone, says #pragma once, and begins with what it is for.
. "$top_srcdir/tests/lint/tap.sh"
cd "$top_srcdir" || exit 1

alone() {
	# shellcheck disable=SC2086 # flags are words
	printf '#include "%s"\n' "$2" |
		${CC:-cc} -std=gnu11 -Wall -Wextra -Werror -Wno-unused-parameter -fsyntax-only -x c \
			-I src -I tests/unit -I "$top_builddir" -include config.h $HEADER_CFLAGS - 2>&1
}

for h in src/*/*.h tests/unit/*.h; do
	tap_none "$h compiles alone" "$(alone "$h" "${h#src/}" | head -n 5)"
done
tap_none 'every header says #pragma once in its first line' \
	"$(for h in src/*/*.h tests/*/*.h; do [ "$(head -n 1 "$h")" = '#pragma once' ] || echo "$h"; done)"
tap_none 'every header begins with a comment that says what it is for' \
	"$(for h in src/*/*.h tests/*/*.h; do sed -n 2p "$h" | grep -q '^/\*' || echo "$h"; done)"
tap_done
