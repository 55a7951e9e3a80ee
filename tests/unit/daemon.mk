# unit tests of daemon
check_PROGRAMS += tests/unit/test_daemon_course tests/unit/test_daemon_deliver tests/unit/test_daemon_routes
TESTS += tests/unit/test_daemon_course tests/unit/test_daemon_deliver tests/unit/test_daemon_routes
tests_unit_test_daemon_course_LDADD = $(LIB_TAP) $(LIB_DAEMON)
tests_unit_test_daemon_deliver_LDADD = $(LIB_TAP) $(LIB_DAEMON)
tests_unit_test_daemon_routes_LDADD = $(LIB_TAP) $(LIB_DAEMON)
check_PROGRAMS += tests/unit/test_daemon_given_up
TESTS += tests/unit/test_daemon_given_up
tests_unit_test_daemon_given_up_SOURCES = tests/unit/test_daemon_given_up.c $(STORE_RIG)
tests_unit_test_daemon_given_up_LDADD = $(LIB_TAP) $(LIB_DAEMON)
check_PROGRAMS += tests/unit/test_daemon_loop
TESTS += tests/unit/test_daemon_loop
tests_unit_test_daemon_loop_LDADD = $(LIB_TAP) $(LIB_DAEMON)

check_PROGRAMS += tests/unit/test_daemon_retention
TESTS += tests/unit/test_daemon_retention
tests_unit_test_daemon_retention_LDADD = $(LIB_TAP) $(LIB_DAEMON)

check_PROGRAMS += tests/unit/test_daemon_robots
TESTS += tests/unit/test_daemon_robots
tests_unit_test_daemon_robots_SOURCES = tests/unit/test_daemon_robots.c $(HTTP_RIG)
tests_unit_test_daemon_robots_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
tests_unit_test_daemon_robots_LDADD = $(LIB_TAP) $(LIB_SERVED) $(LIB_DAEMON)
tests_unit_test_daemon_robots_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_boot_ms

check_PROGRAMS += tests/unit/test_daemon_sample
TESTS += tests/unit/test_daemon_sample
tests_unit_test_daemon_sample_LDADD = $(LIB_TAP) $(LIB_DAEMON)
