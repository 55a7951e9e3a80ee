#pragma once
/*
 * What every Check program here has in common: TAP on standard output (automake's tap-driver reads it).
 *   int main(void) { return tap_run("base/str", str_suite); }
 */
#include <check.h>

#include "base/str.h"

/* Runs the suite's cases, each in a process of its own; the exit status is 0 when all passed. */
int tap_run(const char *name, void (*add)(TCase *tc));
/* The same of several cases, each with a fixture of its own; the last one is followed by {NULL, NULL}. */
struct tap_case {
	const char *name;
	void (*add)(TCase *tc);
};
int tap_run_cases(const struct tap_case *cases);

#define ck_assert_str_is(got, want) \
	do { \
		struct str got_ = (got); \
		const char *want_ = (want); \
		ck_assert_msg(str_is(got_, want_), "got \"%.*s\", want \"%s\"", STR_ARG(got_), want_); \
	} while (0)
