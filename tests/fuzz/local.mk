# Fuzz targets: tests/fuzz/fuzz_<what>.c with its corpus in tests/fuzz/corpus/<what>/. Plain builds replay the corpus in
# make check; --enable-fuzzing (CC=clang) links libFuzzer instead, and check_PROGRAMS are then run by hand:
#   build-fuzz/tests/fuzz/fuzz_feed -max_total_time=1200 -dict=tests/fuzz/feed.dict NEW_CORPUS tests/fuzz/corpus/feed
# What is found is minimised into the corpus (-merge=1 -max_len=4096), small and few.
#
# To add one:
#   FUZZ_TARGETS += tests/fuzz/fuzz_what
#   tests_fuzz_fuzz_what_SOURCES = tests/fuzz/fuzz_what.c $(FUZZ_MAIN)
#   tests_fuzz_fuzz_what_LDADD = $(LIB_ROOM)
#   tests_fuzz_fuzz_what_LDFLAGS = $(FUZZ_LDFLAGS)
FUZZ_TARGETS =
EXTRA_DIST += tests/fuzz/corpus
EXTRA_DIST += tests/fuzz/charset.dict tests/fuzz/date.dict tests/fuzz/feed.dict tests/fuzz/html.dict tests/fuzz/url.dict
if FUZZING
FUZZ_MAIN = tests/fuzz/fuzz.h
FUZZ_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
else
FUZZ_MAIN = tests/fuzz/fuzz.h tests/fuzz/replay.c
FUZZ_LDFLAGS = $(AM_LDFLAGS)
TESTS += $(FUZZ_TARGETS)
endif
check_PROGRAMS += $(FUZZ_TARGETS)

FUZZ_TARGETS += tests/fuzz/fuzz_feed
tests_fuzz_fuzz_feed_SOURCES = tests/fuzz/fuzz_feed.c $(FUZZ_MAIN)
tests_fuzz_fuzz_feed_LDADD = $(LIB_FEED) $(LIB_BASE)
tests_fuzz_fuzz_feed_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_conf
tests_fuzz_fuzz_conf_SOURCES = tests/fuzz/fuzz_conf.c $(FUZZ_MAIN)
tests_fuzz_fuzz_conf_LDADD = $(LIB_CONF)
tests_fuzz_fuzz_conf_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_opml
tests_fuzz_fuzz_opml_SOURCES = tests/fuzz/fuzz_opml.c $(FUZZ_MAIN)
tests_fuzz_fuzz_opml_LDADD = $(LIB_FEED) $(LIB_BASE)
tests_fuzz_fuzz_opml_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_watch
tests_fuzz_fuzz_watch_SOURCES = tests/fuzz/fuzz_watch.c $(FUZZ_MAIN)
tests_fuzz_fuzz_watch_LDADD = $(LIB_WATCH)
tests_fuzz_fuzz_watch_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_html
tests_fuzz_fuzz_html_SOURCES = tests/fuzz/fuzz_html.c $(FUZZ_MAIN)
tests_fuzz_fuzz_html_LDADD = $(LIB_FEED)
tests_fuzz_fuzz_html_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_date
tests_fuzz_fuzz_date_SOURCES = tests/fuzz/fuzz_date.c $(FUZZ_MAIN)
tests_fuzz_fuzz_date_LDADD = $(LIB_FEED)
tests_fuzz_fuzz_date_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_url
tests_fuzz_fuzz_url_SOURCES = tests/fuzz/fuzz_url.c $(FUZZ_MAIN)
tests_fuzz_fuzz_url_LDADD = $(LIB_FEED)
tests_fuzz_fuzz_url_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_discover
tests_fuzz_fuzz_discover_SOURCES = tests/fuzz/fuzz_discover.c $(FUZZ_MAIN)
tests_fuzz_fuzz_discover_LDADD = $(LIB_FEED) $(LIB_BASE)
tests_fuzz_fuzz_discover_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_robots
tests_fuzz_fuzz_robots_SOURCES = tests/fuzz/fuzz_robots.c $(FUZZ_MAIN)
tests_fuzz_fuzz_robots_LDADD = $(LIB_HTTP)
tests_fuzz_fuzz_robots_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_worker
tests_fuzz_fuzz_worker_SOURCES = tests/fuzz/fuzz_worker.c $(FUZZ_MAIN)
tests_fuzz_fuzz_worker_LDADD = $(LIB_WORKER)
tests_fuzz_fuzz_worker_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_charset
tests_fuzz_fuzz_charset_SOURCES = tests/fuzz/fuzz_charset.c $(FUZZ_MAIN)
tests_fuzz_fuzz_charset_LDADD = $(LIB_FEED)
tests_fuzz_fuzz_charset_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_story
tests_fuzz_fuzz_story_SOURCES = tests/fuzz/fuzz_story.c $(FUZZ_MAIN)
tests_fuzz_fuzz_story_LDADD = $(LIB_STORY)
tests_fuzz_fuzz_story_LDFLAGS = $(FUZZ_LDFLAGS)
FUZZ_TARGETS += tests/fuzz/fuzz_article
tests_fuzz_fuzz_article_SOURCES = tests/fuzz/fuzz_article.c $(FUZZ_MAIN)
tests_fuzz_fuzz_article_LDADD = $(LIB_FEED) $(LIB_BASE)
tests_fuzz_fuzz_article_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_query
tests_fuzz_fuzz_query_SOURCES = tests/fuzz/fuzz_query.c $(FUZZ_MAIN)
tests_fuzz_fuzz_query_LDADD = $(LIB_WATCH)
tests_fuzz_fuzz_query_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_names
tests_fuzz_fuzz_names_SOURCES = tests/fuzz/fuzz_names.c $(FUZZ_MAIN)
tests_fuzz_fuzz_names_LDADD = $(LIB_WATCH)
tests_fuzz_fuzz_names_LDFLAGS = $(FUZZ_LDFLAGS)

FUZZ_TARGETS += tests/fuzz/fuzz_told
tests_fuzz_fuzz_told_SOURCES = tests/fuzz/fuzz_told.c $(FUZZ_MAIN)
tests_fuzz_fuzz_told_LDADD = $(LIB_NOTIFY) $(JANSSON_LIBS)
tests_fuzz_fuzz_told_LDFLAGS = $(FUZZ_LDFLAGS)
