#!/bin/sh
# The shell scripts, by shellcheck where there is one.
. "$top_srcdir/tests/lint/tap.sh"
cd "$top_srcdir" || exit 1

for f in quickstart .ci/run tests/lint/*.sh; do
	[ -f "$f" ] || continue # .ci is not in the distribution
	if command -v shellcheck >/dev/null 2>&1; then
		tap_none "shellcheck $f" "$(shellcheck -e SC1091,SC2154 "$f" 2>&1)"
	else
		tap_skip "shellcheck $f" 'there is no shellcheck'
	fi
done
tap_done
