# unit tests of feed
check_PROGRAMS += tests/unit/test_feed_url
TESTS += tests/unit/test_feed_url
tests_unit_test_feed_url_LDADD = $(LIB_TAP) src/feed/libfeed.a $(LIB_BASE)
