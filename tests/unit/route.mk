# unit tests of route
check_PROGRAMS += tests/unit/test_route_decide
TESTS += tests/unit/test_route_decide
tests_unit_test_route_decide_LDADD = $(LIB_TAP) $(LIB_ROUTE)
check_PROGRAMS += tests/unit/test_route_unusual
TESTS += tests/unit/test_route_unusual
tests_unit_test_route_unusual_LDADD = $(LIB_TAP) $(LIB_ROUTE)
