# unit tests of worker
check_PROGRAMS += tests/unit/test_worker_message tests/unit/test_worker_pool tests/unit/test_worker_sandbox
TESTS += tests/unit/test_worker_message tests/unit/test_worker_pool tests/unit/test_worker_sandbox
WORKER_RIG = tests/unit/worker_rig.c tests/unit/worker_rig.h
tests_unit_test_worker_message_LDADD = $(LIB_TAP) $(LIB_WORKER)
tests_unit_test_worker_pool_SOURCES = tests/unit/test_worker_pool.c $(WORKER_RIG)
tests_unit_test_worker_pool_LDADD = $(LIB_TAP) $(LIB_WORKER)
tests_unit_test_worker_pool_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
tests_unit_test_worker_sandbox_SOURCES = tests/unit/test_worker_sandbox.c $(WORKER_RIG)
tests_unit_test_worker_sandbox_LDADD = $(LIB_TAP) $(LIB_WORKER)
tests_unit_test_worker_sandbox_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
