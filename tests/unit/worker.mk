# unit tests of worker
check_PROGRAMS += tests/unit/test_worker_message tests/unit/test_worker_pool
TESTS += tests/unit/test_worker_message tests/unit/test_worker_pool
tests_unit_test_worker_message_LDADD = $(LIB_TAP) $(LIB_WORKER)
tests_unit_test_worker_pool_LDADD = $(LIB_TAP) $(LIB_WORKER)
tests_unit_test_worker_pool_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
