noinst_LIBRARIES += src/feed/libfeed.a
src_feed_libfeed_a_SOURCES =
