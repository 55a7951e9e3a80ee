# shellcheck shell=sh
# Sourced by the lints: TAP for shell scripts. Each check hands in the offending lines, if any.
: "${top_srcdir:?run by make check}"
tap_count=0
tap_failed=0

# tap_none NAME FINDINGS: passes when there are no findings, else shows them.
tap_none() {
	tap_count=$((tap_count + 1))
	if [ -z "$2" ]; then
		echo "ok $tap_count - $1"
		return
	fi
	echo "not ok $tap_count - $1"
	printf '%s\n' "$2" | sed 's/^/# /'
	tap_failed=1
}

tap_skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

tap_done() {
	echo "1..$tap_count"
	exit $tap_failed
}
