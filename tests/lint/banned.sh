#!/bin/sh
# Functions that do not occur here, and what to use instead.
. "$top_srcdir/tests/lint/tap.sh"
cd "$top_srcdir" || exit 1

sources=$(find src tests -name '*.[ch]')

# banned NAME-PATTERN INSTEAD [FILES-EXCEPTED]
banned() {
	# shellcheck disable=SC2086 # a list of files
	tap_none "$1: $2" "$(grep -nE "(^|[^A-Za-z0-9_])($1)[[:space:]]*\(" $sources | grep -vE "^(${3:-none}):" |
		grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/?\*|//)')"
}

banned 'strcpy|strcat|stpcpy|strncpy|strncat|sprintf|vsprintf' 'use buf, arena_printf or snprintf' 'tests/unit/.*'
banned 'gets|scanf|alloca' 'no bound is checked'
banned 'strtok|strtok_r' 'use str_split'
banned 'system|popen' 'no shell ever sees foreign text' 'tests/.*'
banned 'mktemp|tmpnam|tempnam' 'use mkstemp'
banned 'atoi|atol|atoll|atof' 'use str_int'
banned 'gmtime|gmtime_r|localtime|localtime_r|strftime|mktime|timegm|strptime|ctime|asctime' \
	'use time_format and the calendar of base/clock.h' 'src/base/clock\.c|tests/tools/.*'
banned 'time|gettimeofday|clock' 'use clock_wall or clock_boot_ms' 'src/base/clock\.c|tests/tools/.*|tests/unit/later\.c'
banned 'rand|srand' 'use getrandom, or tests/unit/rng.h'
banned 'setlocale|toupper|tolower|isalpha|isspace|isdigit|isalnum|strcasecmp|strncasecmp' \
	'depends on the locale: use ascii_… and str_i…'
banned 'sleep|usleep' 'wait for a condition, with a deadline' 'tests/unit/test_http_dns\.c'
tap_done
