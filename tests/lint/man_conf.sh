#!/bin/sh
# tidings.conf(5) against the table of settings that the program itself has: neither may know more than the other.
. "$top_srcdir/tests/lint/tap.sh"
page=$top_srcdir/man/tidings.conf.5
tidings=$top_builddir/tidings

# "section key (type) default" of each setting; a default that is a path depends on where things are installed.
known_rows() {
	"$tidings" config --keys | awk -F '\t' '{
		sub(/^\/.*/, "PATH", $4)
		print $1, $2, "(" $3 ")", $4
	}' | sed 's/ $//' | sort
}

documented_rows() {
	awk '
		/^\.Ss "\[/ { section = substr($2, 3); sub(/[]"].*/, "", section) }
		/^\.S[hs] / && !/^\.Ss "\[/ { section = "" }
		/^\.It Cm / && section != "" {
			line = $0
			sub(/^\.It Cm /, "", line)
			key = line
			sub(/ .*/, "", key)
			type = line
			sub(/^[^ ]* Pq /, "", type)
			usual = type
			if (sub(/ , Pa .*/, "", type))
				usual = "PATH"
			else if (sub(/ , Cm .*/, "", type))
				sub(/.* , Cm /, "", usual)
			else
				usual = ""
			print section, key, "(" type ")", usual
		}' "$page" | sed 's/ $//' | sort
}

# The lines of $1 that $2 does not have.
missing() {
	printf '%s\n' "$1" | while read -r row; do
		printf '%s\n' "$2" | grep -qxF "$row" || echo "$row"
	done
}

example() {
	sed -n '/^\.Sh EXAMPLES/,$p' "$page" | sed -n '/^\.Bd -literal/,/^\.Ed/p' | sed '/^\./d'
}

if [ ! -x "$tidings" ]; then
	tap_skip 'tidings.conf(5) and the settings agree' 'tidings is not built'
	tap_done
fi
known=$(known_rows)
documented=$(documented_rows)
tap_none 'tidings.conf(5) describes every setting with its type and default' "$(missing "$known" "$documented")"
tap_none 'tidings.conf(5) describes no setting that does not exist' "$(missing "$documented" "$known")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077
example >"$work/example.conf"
tap_none 'the example of tidings.conf(5) is without a mistake' \
	"$("$tidings" config "$work/example.conf" 2>&1 | grep -v ': good: ')"
tap_none 'the shipped configuration is without a mistake' \
	"$("$tidings" config "$top_srcdir/conf/tidings.conf" 2>&1 | grep -v ': good: ')"
tap_done
