# unit tests of sched
SCHED_TESTS = tests/unit/test_sched_next tests/unit/test_sched_skip tests/unit/test_sched_outage tests/unit/test_sched_month
check_PROGRAMS += $(SCHED_TESTS)
TESTS += $(SCHED_TESTS)
tests_unit_test_sched_next_LDADD = $(LIB_TAP) $(LIB_SCHED)
tests_unit_test_sched_skip_LDADD = $(LIB_TAP) $(LIB_SCHED)
tests_unit_test_sched_outage_LDADD = $(LIB_TAP) $(LIB_SCHED)
tests_unit_test_sched_month_LDADD = $(LIB_TAP) $(LIB_SCHED)
