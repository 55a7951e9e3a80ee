# unit tests of watch
EXTRA_DIST += tests/unit/watch_fixture.h
check_PROGRAMS += tests/unit/test_watch_builder tests/unit/test_watch_match
TESTS += tests/unit/test_watch_builder tests/unit/test_watch_match
tests_unit_test_watch_builder_LDADD = $(LIB_TAP) $(LIB_WATCH)
tests_unit_test_watch_match_LDADD = $(LIB_TAP) $(LIB_WATCH)
check_PROGRAMS += tests/unit/test_watch_names
TESTS += tests/unit/test_watch_names
tests_unit_test_watch_names_LDADD = $(LIB_TAP) $(LIB_WATCH)
check_PROGRAMS += tests/unit/test_watch_actor
TESTS += tests/unit/test_watch_actor
tests_unit_test_watch_actor_LDADD = $(LIB_TAP) $(LIB_WATCH)
check_PROGRAMS += tests/unit/test_watch_report
TESTS += tests/unit/test_watch_report
tests_unit_test_watch_report_LDADD = $(LIB_TAP) $(LIB_WATCH)
check_PROGRAMS += tests/unit/test_watch_import
TESTS += tests/unit/test_watch_import
tests_unit_test_watch_import_LDADD = $(LIB_TAP) $(LIB_WATCH)
