#!/bin/sh
# The completions complete, as far as their shells are here.
. "$top_srcdir/tests/lint/tap.sh"
dir=$top_srcdir/src/cli/completions
tidings=$top_builddir/tidings

# What bash offers for a command line; the last word is the one being typed.
offered() {
	bash -c '
		file=$1; shift
		complete() { :; }
		. "$file"
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_tidings
		printf "%s\n" "${COMPREPLY[@]}"' bash "$dir/tidings" "$tidings" "$@" | sort | tr '\n' ' '
}

# wrong WANTED WORDS…: what is offered, if it is not what is wanted.
wrong() {
	wanted=$1
	shift
	got=$(offered "$@")
	[ "$got" = "$wanted " ] || echo "tidings $*: offered $got, wanted $wanted"
}

if [ -x "$tidings" ] && command -v bash >/dev/null 2>&1; then
	tap_none 'bash completes commands' "$(wrong 'search show silence sink status stories story' s)"
	tap_none 'bash completes options of a command, wherever it stands' "$(wrong '--failing' --json feeds --fa)"
	tap_none 'bash completes common options' "$(wrong '--color --config' --co)"
	tap_none 'bash completes values' "$(wrong 'always auto' items --color a)"
	tap_none 'bash completes times' "$(wrong 'yesterday' items --since y)"
	tap_none 'bash completes the argument of help' "$(wrong 'parse poll' help p)"
	tap_none 'bash offers nothing where nothing is known' "$(wrong '' search Z)"
else
	tap_skip 'bash completes' 'there is no bash or no tidings'
fi
for shell in zsh fish; do
	file=$dir/_tidings
	[ $shell = zsh ] || file=$dir/tidings.fish
	if command -v $shell >/dev/null 2>&1; then
		tap_none "$shell finds no mistake in its completion" "$($shell -n "$file" 2>&1)"
	else
		tap_skip "$shell finds no mistake in its completion" "there is no $shell"
	fi
done
tap_done
