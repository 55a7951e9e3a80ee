noinst_LIBRARIES += src/feed/libfeed.a
src_feed_libfeed_a_SOURCES = \
	src/feed/date.c src/feed/date.h src/feed/date_iso.c src/feed/date_mail.c src/feed/date_parts.c src/feed/date_parts.h \
	src/feed/date_words.c src/feed/date_words.h src/feed/date_months.def src/feed/date_zones.def \
	src/feed/url.c src/feed/url.h
src_feed_libfeed_a_SOURCES += \
	src/feed/actions.c \
	src/feed/article.c src/feed/article.h \
	src/feed/builder.c src/feed/builder.h \
	src/feed/charset.c src/feed/charset.h \
	src/feed/discover.c src/feed/discover.h \
	src/feed/feed.c src/feed/feed.h src/feed/formats.def \
	src/feed/fields.c \
	src/feed/hfeed.c src/feed/hfeed.h \
	src/feed/item.c \
	src/feed/json_feed.c src/feed/json_feed.h \
	src/feed/json_mend.c src/feed/json_mend.h \
	src/feed/json_split.c src/feed/json_split.h \
	src/feed/json_rss.c src/feed/json_value.h \
	src/feed/lang.c src/feed/lang.h src/feed/lang_cld2.cc src/feed/lang_cld2.h \
	src/feed/link_header.c src/feed/link_header.h \
	src/feed/lists.c \
	src/feed/geometry.c src/feed/geometry.h \
	src/feed/markup.c \
	src/feed/ns.c src/feed/ns.h \
	src/feed/opml.c src/feed/opml.h \
	src/feed/page.c src/feed/page.h \
	src/feed/person.c \
	src/feed/rows.c src/feed/rows.h \
	src/feed/xml_dtd.c src/feed/xml_dtd.h \
	src/feed/xml_loose.c \
	src/feed/xml_scan.c \
	src/feed/xml.h src/feed/xml_strict.c
src_feed_libfeed_a_CPPFLAGS = $(AM_CPPFLAGS) $(XML_CFLAGS) $(ICU_CFLAGS)
