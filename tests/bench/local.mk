# `make bench` prints ratios against a peer or a limit measured in the same run; timings never decide a test.
# Each benchmark is one program in BENCHES that prints its own lines. `make check` builds them, so that they keep building.
BENCHES =

bench: $(BENCHES) tests/bench/bench_parts $(noinst_PROGRAMS) $(bin_PROGRAMS) $(sbin_PROGRAMS)
	@for b in $(BENCHES); do top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' ./$$b || exit 1; done
if HAVE_PYTHON
	@for b in bench_daemon bench_sinks; do \
		top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' $(PYTHON3) $(top_srcdir)/tests/bench/$$b.py || exit 1; done
endif
.PHONY: bench
EXTRA_DIST += tests/bench/bench.h tests/bench/bench_daemon.py tests/bench/bench_sinks.py tests/bench/peers/parser.go tests/bench/peers/poller.go

BENCHES += tests/bench/bench_http
check_PROGRAMS += tests/bench/bench_http
tests_bench_bench_http_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(EVENT_CFLAGS)
tests_bench_bench_http_LDADD = $(LIB_SERVED) $(LIB_HTTP)
if HAVE_TLS
tests_bench_bench_http_CPPFLAGS += -DWITH_TLS
tests_bench_bench_http_LDADD += $(LIB_CERTS)
endif

# what bench_daemon.py compares with
check_PROGRAMS += tests/bench/bench_parts
tests_bench_bench_parts_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(XML_CFLAGS) $(SQLITE_CFLAGS)
tests_bench_bench_parts_LDADD = $(CURL_LIBS) $(XML_LIBS) $(SQLITE_LIBS)

BENCHES += tests/bench/bench_feed
check_PROGRAMS += tests/bench/bench_feed
tests_bench_bench_feed_CPPFLAGS = $(AM_CPPFLAGS) $(XML_CFLAGS)
tests_bench_bench_feed_LDADD = $(LIB_FEED) $(LIB_BASE)
BENCHES += tests/bench/bench_store
check_PROGRAMS += tests/bench/bench_store
tests_bench_bench_store_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
tests_bench_bench_store_LDADD = $(LIB_STORE)
BENCHES += tests/bench/bench_watch
check_PROGRAMS += tests/bench/bench_watch
tests_bench_bench_watch_CPPFLAGS = $(AM_CPPFLAGS)
tests_bench_bench_watch_LDADD = $(LIB_WATCH) $(LIB_BASE) -lm
if HAVE_HYPERSCAN
tests_bench_bench_watch_CPPFLAGS += -DWITH_HYPERSCAN $(HYPERSCAN_CFLAGS)
tests_bench_bench_watch_LDADD += $(HYPERSCAN_LIBS)
endif
BENCHES += tests/bench/bench_story
check_PROGRAMS += tests/bench/bench_story
tests_bench_bench_story_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
tests_bench_bench_story_LDADD = $(LIB_STORE)
BENCHES += tests/bench/bench_query
check_PROGRAMS += tests/bench/bench_query
tests_bench_bench_query_LDADD = $(LIB_WATCH)
BENCHES += tests/bench/bench_outbox
check_PROGRAMS += tests/bench/bench_outbox
tests_bench_bench_outbox_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
tests_bench_bench_outbox_LDADD = $(LIB_STORE)
