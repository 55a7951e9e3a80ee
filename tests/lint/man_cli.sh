#!/bin/sh
# tidings(1) against the program's own table of commands and options, its exit statuses, and the JSON it writes.
. "$top_srcdir/tests/lint/tap.sh"
page=$top_srcdir/man/tidings.1
tidings=$top_builddir/tidings

commands() {
	"$tidings" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'
}

# The options of one command, without those that are common to all: long names with their dashes.
options() {
	"$tidings" help "$1" | sed -n 's/^ [ -].*\(--[a-z][a-z-]*\).*/\1/p' | grep -vxE -- '--(config|database|json|color|help|version)'
}

# The part of the manual that is about one command; that of "items" is the one it refers to.
section() {
	awk -v command="$1" '
		/^\.S[sh] / { inside = $1 == ".Ss" && $2 == command }
		inside { print }' "$page" | {
		read -r first
		rest=$(cat)
		echo "$first"
		echo "$rest"
		case $rest in *'options are those of'*) section search ;; esac
	}
}

# What the manual names in a section: --long of each .Fl Fl.
documented() {
	section "$1" | grep -oE 'Fl Fl [a-z-]+' | sed 's/Fl Fl /--/' | sort -u
}

undescribed() {
	for command in $(commands); do
		grep -qE "^\.Ss $command( |\$)" "$page" || echo "command $command"
		for option in $(options "$command"); do
			documented "$command" | grep -qxF -- "$option" || echo "$command $option"
		done
	done
}

invented() {
	sed -n '/^\.Sh COMMANDS/,/^\.Sh TIMES/s/^\.Ss \([a-z-]*\).*/\1/p' "$page" | while read -r command; do
		commands | grep -qxF "$command" || echo "command $command"
		for option in $(documented "$command"); do
			"$tidings" help "$command" | grep -qE -- "(^| )$option( |\$)" || echo "$command $option"
		done
	done
}

common() {
	for option in $("$tidings" --help | grep -oE -- '--[a-z]+'); do
		sed -n '/^\.Sh DESCRIPTION/,/^\.Sh COMMANDS/p' "$page" | grep -qE "Fl Fl ${option#--}( |\$)" || echo "$option"
	done
}

exit_statuses() {
	sed -n 's/^	CLI_[A-Z_]* = \([0-9]*\),/\1/p' "$top_srcdir/src/cli/cli.h" | while read -r status; do
		sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EX/p' "$page" | grep -qxF ".It $status" || echo "$status"
	done
}

json_members() {
	for source in render/json.c cli/cmd_actor.c cli/cmd_config.c cli/cmd_discover.c cli/cmd_feeds.c cli/cmd_status.c cli/cmd_events.c conf/dump.c conf/print.c; do
		grep -oE 'jsonw_k(ey|str|cstr|int|bool|time)(_opt)?\([^,]*, "[a-z_]+"' "$top_srcdir/src/$source" | sed 's/.*"\(.*\)"/\1/'
	done | sort -u | while read -r member; do
		grep -qE "^\.(Cm|It Cm|Pq Cm)( [a-z_,/]+)* ${member}( |\$)" "$page" "$top_srcdir/man/tidingsd.8" || echo "$member"
	done
}

if [ ! -x "$tidings" ]; then
	tap_skip 'tidings(1) and the program agree' 'tidings is not built'
	tap_done
fi
tap_none 'tidings(1) describes every command and option' "$(undescribed)"
tap_none 'tidings(1) describes no command or option that does not exist' "$(invented)"
tap_none 'tidings(1) describes the common options' "$(common)"
tap_none 'tidings(1) describes every exit status' "$(exit_statuses)"
tap_none 'tidings(1) or tidingsd(8) names every member of the JSON that is written' "$(json_members)"
tap_done
