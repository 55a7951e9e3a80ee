# unit tests of conf
CONF_TESTS = \
	tests/unit/test_conf_dump \
	tests/unit/test_conf_ini \
	tests/unit/test_conf_load \
	tests/unit/test_conf_memory \
	tests/unit/test_conf_parse \
	tests/unit/test_conf_shipped \
	tests/unit/test_conf_units \
	tests/unit/test_conf_watchlist
check_PROGRAMS += $(CONF_TESTS)
TESTS += $(CONF_TESTS)
tests_unit_test_conf_dump_LDADD = $(LIB_TAP) $(LIB_CONF)
tests_unit_test_conf_ini_LDADD = $(LIB_TAP) src/conf/libconf.a $(LIB_BASE)
tests_unit_test_conf_load_LDADD = $(LIB_TAP) $(LIB_CONF)
tests_unit_test_conf_memory_SOURCES = tests/unit/test_conf_memory.c tests/unit/failing_alloc.c
tests_unit_test_conf_memory_LDADD = $(LIB_TAP) $(LIB_CONF)
tests_unit_test_conf_memory_LDFLAGS = $(AM_LDFLAGS) $(WRAP_ALLOC_FLAGS)
tests_unit_test_conf_parse_LDADD = $(LIB_TAP) $(LIB_CONF)
tests_unit_test_conf_shipped_LDADD = $(LIB_TAP) $(LIB_CONF)
tests_unit_test_conf_units_LDADD = $(LIB_TAP) src/conf/libconf.a $(LIB_BASE)
tests_unit_test_conf_watchlist_LDADD = $(LIB_TAP) $(LIB_CONF)

# What only conf reads of the feed room.
check_PROGRAMS += tests/unit/test_feed_opml
TESTS += tests/unit/test_feed_opml
tests_unit_test_feed_opml_LDADD = $(LIB_TAP) $(LIB_FEED)
