# unit tests of store; all but words link the rig: a database in a directory of its own
STORE_RIG = tests/unit/store_rig.c tests/unit/store_rig.h
LIB_STORE_TEST = $(LIB_TAP) $(LIB_STORE)

check_PROGRAMS += tests/unit/test_store_polls
TESTS += tests/unit/test_store_polls
tests_unit_test_store_polls_SOURCES = tests/unit/test_store_polls.c $(STORE_RIG)
tests_unit_test_store_polls_LDADD = $(LIB_STORE_TEST)
