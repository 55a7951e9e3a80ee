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
check_PROGRAMS += tests/unit/test_http_neighbours tests/unit/test_http_memory
TESTS += tests/unit/test_http_neighbours tests/unit/test_http_memory
tests_unit_test_http_neighbours_SOURCES = tests/unit/test_http_neighbours.c tests/unit/fetch.c tests/unit/fetch.h
tests_unit_test_http_neighbours_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
tests_unit_test_http_neighbours_LDADD = $(LIB_TAP) $(LIB_SERVED) $(LIB_HTTP)
tests_unit_test_http_memory_SOURCES = tests/unit/test_http_memory.c tests/unit/failing_alloc.c
tests_unit_test_http_memory_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
tests_unit_test_http_memory_LDADD = $(LIB_TAP) $(LIB_SERVED) $(LIB_HTTP)
tests_unit_test_http_memory_LDFLAGS = $(AM_LDFLAGS) $(WRAP_ALLOC_FLAGS)
check_PROGRAMS += tests/unit/test_http_dns
TESTS += tests/unit/test_http_dns
tests_unit_test_http_dns_SOURCES = tests/unit/test_http_dns.c tests/unit/fetch.c tests/unit/fetch.h
tests_unit_test_http_dns_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
tests_unit_test_http_dns_LDADD = $(LIB_TAP) $(LIB_SERVED) $(LIB_HTTP)
if HAVE_TLS
check_PROGRAMS += tests/unit/test_http_tls
TESTS += tests/unit/test_http_tls
tests_unit_test_http_tls_SOURCES = tests/unit/test_http_tls.c tests/unit/fetch.c tests/unit/fetch.h
tests_unit_test_http_tls_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
tests_unit_test_http_tls_LDADD = $(LIB_TAP) $(LIB_CERTS) $(LIB_SERVED) $(LIB_HTTP)
endif
check_PROGRAMS += tests/unit/test_http_robots
TESTS += tests/unit/test_http_robots
tests_unit_test_http_robots_LDADD = $(LIB_TAP) $(LIB_HTTP)
