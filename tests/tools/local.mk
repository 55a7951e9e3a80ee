# feedserver: the local server of quickstart's demonstration, the tests and the benchmarks.
noinst_PROGRAMS += tests/tools/feedserver
tests_tools_feedserver_SOURCES = tests/tools/feedserver.c tests/tools/feedserver.h tests/tools/feedserver_script.c \
	tests/tools/feedserver_files.c tests/tools/feedserver_client.c tests/tools/feedserver_answer.c tests/tools/feedserver_generate.c tests/tools/feedserver_tls.c
tests_tools_feedserver_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS) $(ZLIB_CFLAGS)
tests_tools_feedserver_LDADD = $(LIB_BASE) $(EVENT_LIBS) $(ZLIB_LIBS) -lm
if HAVE_TLS
tests_tools_feedserver_CPPFLAGS += -DWITH_TLS $(TLS_CFLAGS)
tests_tools_feedserver_LDADD += $(TLS_LIBS)
check_LIBRARIES += tests/tools/libcerts.a
tests_tools_libcerts_a_SOURCES = tests/tools/certs.c tests/tools/certs.h
tests_tools_libcerts_a_CPPFLAGS = $(AM_CPPFLAGS) $(TLS_CFLAGS)
LIB_CERTS = tests/tools/libcerts.a $(TLS_LIBS)
endif

# How a test starts one.
check_LIBRARIES += tests/tools/libserved.a
tests_tools_libserved_a_SOURCES = tests/tools/served.c tests/tools/served.h
LIB_SERVED = tests/tools/libserved.a $(LIB_BASE)
# fillstore: a database of invented items for the tests of the companion.
check_PROGRAMS += tests/tools/fillstore
tests_tools_fillstore_LDADD = src/store/libstore.a src/watch/libwatch.a src/story/libstory.a $(SQLITE_LIBS) $(LIB_TEXT)
# Preloaded by the tests of failing allocations and of other clocks; the sanitizers have an allocator of their own, and must come first.
if !SANITIZERS
check_DATA += tests/tools/failmalloc.so tests/tools/otherclock.so
CLEANFILES += tests/tools/failmalloc.so tests/tools/otherclock.so
endif
EXTRA_DIST += tests/tools/failmalloc.c tests/tools/otherclock.c
tests/tools/failmalloc.so: tests/tools/failmalloc.c
	$(AM_V_CC)$(MKDIR_P) tests/tools && $(CC) -std=gnu11 -O1 -fPIC -shared -o $@ $(top_srcdir)/tests/tools/failmalloc.c
tests/tools/otherclock.so: tests/tools/otherclock.c
	$(AM_V_CC)$(MKDIR_P) tests/tools && $(CC) -std=gnu11 -O1 -fPIC -shared -o $@ $(top_srcdir)/tests/tools/otherclock.c
EXTRA_DIST += tests/tools/notifyd.py tests/tools/smtpd.py
