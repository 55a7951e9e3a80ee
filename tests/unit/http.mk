# unit tests of http; those that need a server start a feedserver of their own
HTTP_TESTS = tests/unit/test_http_address tests/unit/test_http_headers tests/unit/test_http_transfer
check_PROGRAMS += $(HTTP_TESTS)
TESTS += $(HTTP_TESTS)
tests_unit_test_http_address_LDADD = $(LIB_TAP) $(LIB_HTTP)
tests_unit_test_http_headers_LDADD = $(LIB_TAP) $(LIB_HTTP)
tests_unit_test_http_transfer_SOURCES = tests/unit/test_http_transfer.c tests/unit/fetch.c tests/unit/fetch.h
tests_unit_test_http_transfer_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
tests_unit_test_http_transfer_LDADD = $(LIB_TAP) $(LIB_SERVED) $(LIB_HTTP)
check_PROGRAMS += tests/unit/test_http_hops
TESTS += tests/unit/test_http_hops
tests_unit_test_http_hops_SOURCES = tests/unit/test_http_hops.c tests/unit/fetch.c tests/unit/fetch.h
tests_unit_test_http_hops_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
tests_unit_test_http_hops_LDADD = $(LIB_TAP) $(LIB_SERVED) $(LIB_HTTP)
