# Pure functions, with Check: one program per module, tests/unit/test_<room>_<module>.c, one .mk per room.
if HAVE_CHECK
check_LIBRARIES += tests/unit/libtap.a
tests_unit_libtap_a_SOURCES = tests/unit/tap.c tests/unit/tap.h
tests_unit_libtap_a_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
LIB_TAP = tests/unit/libtap.a $(CHECK_LIBS)
include tests/unit/base.mk
include tests/unit/text.mk
include tests/unit/feed.mk
include tests/unit/watch.mk
include tests/unit/story.mk
include tests/unit/conf.mk
include tests/unit/render.mk
include tests/unit/route.mk
include tests/unit/sched.mk
include tests/unit/worker.mk
include tests/unit/store.mk
include tests/unit/http.mk
include tests/unit/listen.mk
include tests/unit/notify.mk
include tests/unit/daemon.mk
include tests/unit/cli.mk
endif
