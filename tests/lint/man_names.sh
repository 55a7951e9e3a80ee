#!/bin/sh
# tidings-names(7) and tidings-query(7) against the rules of the program: what a mention or a form is said to be is in a manual, and
# no manual knows a rule that nothing is found by.
. "$top_srcdir/tests/lint/tap.sh"
names=$top_srcdir/man/tidings-names.7
query=$top_srcdir/man/tidings-query.7
rules=$top_srcdir/src/watch/rules.def
show=$top_srcdir/src/watch/show.c

rule_words() {
	sed -n 's/^WATCH_RULE([A-Z]*, *"\([a-z]*\)").*/\1/p' "$rules"
}

# The terms of the list of rules, which ends where the first subsection begins.
terms() {
	awk '/^\.S[sh] / && seen { exit } /^\.Bl / { seen = 1 } /^\.It Cm / { print $3 }' "$names"
}

undescribed() {
	for word in $(rule_words); do
		terms | grep -qx "$word" || grep -qE "^\.(It )?Cm ([a-z]+ , )*$word( |\$)" "$query" || echo "$word"
	done
}

invented() {
	for word in $(terms); do
		rule_words | grep -qx "$word" || echo "$word"
	done
}

# What actor show --forms says instead of a rule.
unsaid() {
	sed -n 's/.*\[WATCH_ROLE_[A-Z_]*\] = "\([a-z]*\)".*/\1/p' "$show" | while read -r word; do
		terms | grep -qx "$word" || grep -qE "^\.Cm ([a-z]+ , )*$word( |\$)" "$top_srcdir/man/tidings.1" || echo "$word"
	done
}

if [ -z "$(rule_words)" ] || [ -z "$(terms)" ]; then
	tap_none 'the rules are where this test reads them' "no rules in $rules, or none in $names"
	tap_done
fi
tap_none 'every rule that is told is in a manual' "$(undescribed)"
tap_none 'tidings-names(7) has no rule that does not exist' "$(invented)"
tap_none 'what stands in place of a rule among the forms of an actor is in tidings(1)' "$(unsaid)"
tap_done
