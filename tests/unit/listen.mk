# unit tests of listen
check_PROGRAMS += tests/unit/test_listen_signature
TESTS += tests/unit/test_listen_signature
tests_unit_test_listen_signature_LDADD = $(LIB_TAP) $(LIB_LISTEN)
