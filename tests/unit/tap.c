#include "tap.h"

#include <stdlib.h>

int
tap_run_cases(const struct tap_case *cases)
{
	Suite *s = suite_create(cases->name);
	for (; cases->name != NULL; cases++) {
		TCase *tc = tcase_create(cases->name);
		tcase_set_timeout(tc, 60);
		cases->add(tc);
		suite_add_tcase(s, tc);
	}
	SRunner *sr = srunner_create(s);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
tap_run(const char *name, void (*add)(TCase *tc))
{
	return tap_run_cases((const struct tap_case[]){{name, add}, {NULL, NULL}});
}
