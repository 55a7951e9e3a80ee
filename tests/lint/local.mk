# Rules that hold for the whole tree; each prints TAP and the offending lines.
LINTS = \
	tests/lint/banned.sh \
	tests/lint/completion.sh \
	tests/lint/headers.sh \
	tests/lint/man.sh \
	tests/lint/man_cli.sh \
	tests/lint/man_names.sh \
	tests/lint/man_conf.sh \
	tests/lint/rooms.sh \
	tests/lint/shell.sh \
	tests/lint/style.sh \
	tests/lint/words.sh
TESTS += $(LINTS)
dist_check_SCRIPTS += $(LINTS)
EXTRA_DIST += tests/lint/tap.sh tests/lint/cppcheck.txt
