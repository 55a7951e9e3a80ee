noinst_LIBRARIES += src/feed/libfeed.a
src_feed_libfeed_a_SOURCES = \
	src/feed/date.c src/feed/date.h src/feed/date_iso.c src/feed/date_parts.c src/feed/date_parts.h \
	src/feed/date_words.c src/feed/date_words.h src/feed/date_months.def src/feed/date_zones.def \
	src/feed/url.c src/feed/url.h
