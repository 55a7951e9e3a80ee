# unit tests of feed
check_PROGRAMS += tests/unit/test_feed_url
TESTS += tests/unit/test_feed_url
tests_unit_test_feed_url_LDADD = $(LIB_TAP) src/feed/libfeed.a $(LIB_BASE)
check_PROGRAMS += tests/unit/test_feed_date
TESTS += tests/unit/test_feed_date
tests_unit_test_feed_date_LDADD = $(LIB_TAP) src/feed/libfeed.a $(LIB_BASE)
check_PROGRAMS += tests/unit/test_feed_feed
TESTS += tests/unit/test_feed_feed
tests_unit_test_feed_feed_LDADD = $(LIB_TAP) $(LIB_FEED)
check_PROGRAMS += tests/unit/test_feed_lang
TESTS += tests/unit/test_feed_lang
tests_unit_test_feed_lang_LDADD = $(LIB_TAP) $(LIB_FEED)
check_PROGRAMS += tests/unit/test_feed_charset tests/unit/test_feed_repair
TESTS += tests/unit/test_feed_charset tests/unit/test_feed_repair
tests_unit_test_feed_charset_LDADD = $(LIB_TAP) $(LIB_FEED)
tests_unit_test_feed_repair_LDADD = $(LIB_TAP) $(LIB_FEED)
