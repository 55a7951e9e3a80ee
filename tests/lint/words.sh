#!/bin/sh
# Words that do not belong into a finished tree.
. "$top_srcdir/tests/lint/tap.sh"
cd "$top_srcdir" || exit 1

files() {
	find src conf man systemd tests -type f ! -name '*.pyc' ! -path 'tests/lint/words.sh' ! -path 'tests/data/*' ! -path '*/corpus/*'
	ls configure.ac Makefile.am quickstart ./*.md NEWS COPYING
}

# shellcheck disable=SC2046 # a list of files
{
	tap_none 'nothing is left to be done' "$(grep -nE '\<(TODO|FIXME|XXX|HACK|TBD)\>|not (built|implemented|supported) yet' $(files))"
	tap_none 'no path of one machine' "$(grep -nE '(^|[^A-Za-z0-9_./-])/(home|Users|root|mnt|media)/[A-Za-z0-9]' $(files))"
	tap_none 'no path of this tree' "$(grep -nF "$(pwd -P)/" $(files))"
	tap_none 'no merge conflict' "$(grep -nE '^(<<<<<<<|>>>>>>>) ' $(files))"
	tap_none 'no debugging left behind' "$(grep -nE '#if 0|fprintf\(stderr, "(DEBUG|here)' $(find src -name '*.[ch]'))"
}
tap_done
