#!/bin/sh
# The manual pages: well-formed, and complete against what the programs say of themselves.
. "$top_srcdir/tests/lint/tap.sh"

# Options of `PROGRAM --help` that PAGE does not name.
missing_options() {
	"$1" --help | grep -oE '(^|[ ,[|(])--?[a-z][a-z-]*' | tr -d ' ,[|(' | sort -u | while read -r option; do
		case $option in
		--*) grep -qE "Fl Fl ([a-z-]+ \| )*${option#--}( |\$)|^\.(Fl|Op Fl) Fl .*\| ${option#--}" "$2" || echo "$option" ;;
		*) grep -qE "Fl ${option#-}( |\$)" "$2" || echo "$option" ;;
		esac
	done
}

missing_commands() {
	"$1" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' | while read -r command; do
		grep -qE "^\.(It|Ss|Nm|Ic|Cm).* ${command}( |\$)" "$2" || echo "$command"
	done
}

for page in "$top_srcdir"/man/*.[1-8]; do
	name=$(basename "$page")
	if command -v mandoc >/dev/null 2>&1; then
		tap_none "mandoc finds nothing to say about $name" "$(mandoc -Tlint -Wwarning "$page" 2>&1 |
			grep -v 'referenced manual not found')"
	else
		tap_skip "mandoc finds nothing to say about $name" 'there is no mandoc'
	fi
done
for name in tidingsd.8 tidings.1; do
	program=$top_builddir/${name%.*}
	page=$top_srcdir/man/$name
	if ! [ -x "$program" ] || ! [ -f "$page" ]; then
		continue
	fi
	tap_none "$name names every option of ${name%.*} --help" "$(missing_options "$program" "$page")"
	tap_none "$name names every command of ${name%.*} --help" "$(missing_commands "$program" "$page")"
done
tap_done
