#!/bin/sh
# What a formatter does not say: white space everywhere, comments, typedefs; long functions and files are told, not failed.
. "$top_srcdir/tests/lint/tap.sh"
cd "$top_srcdir" || exit 1

texts() {
	find src conf man systemd tests/unit tests/it tests/lint tests/tools tests/fuzz tests/bench -type f ! -path '*/corpus/*' \
		\( -name '*.[ch]' -o -name '*.def' -o -name '*.mk' -o -name '*.py' -o -name '*.sh' -o -name '*.conf' \
		-o -name '*.service' -o -name '*.[1-8]' \)
	ls configure.ac Makefile.am quickstart ./*.md NEWS
}
code=$(find src tests -name '*.[ch]' -o -name '*.def' -path 'src/*')

no_final_newline() {
	for f in $(texts); do
		[ -s "$f" ] && [ -n "$(tail -c 1 "$f")" ] && echo "$f"
	done
}

# shellcheck disable=SC2046,SC2086 # lists of files
{
	tap_none 'no space at the end of a line' "$(grep -nE '[ 	]+$' $(texts))"
	tap_none 'no carriage return' "$(grep -nl "$(printf '\r')" $(texts))"
	tap_none 'every text file ends with a newline' "$(no_final_newline)"
	tap_none 'no // comments' "$(grep -nE '(^|[;{}),[:space:]])//([^"]*$)' $code | grep -vE '"[^"]*//[^"]*"|^[^:]*:[0-9]+:[[:space:]]*(/?\*)|/\*.*//')"
	tap_none 'structs have tags, not typedefs' "$(grep -nE '^typedef (struct|union|enum)' $code)"

	# Long ones are told, not failed: 80 lines need a reason, and so do 500.
	awk '
		FNR == 1 { start = 0 }
		/^\{/ { start = FNR }
		/^\}/ && start { if (FNR - start > 81) print "# long: " FILENAME ":" start ": a function of " FNR - start - 1 " lines"; start = 0 }
	' $(find src -name '*.c')
	wc -l $(find src tests -name '*.[ch]') | awk '$2 != "total" && $1 > 500 { print "# long: " $2 ": " $1 " lines" }'
}
tap_done
