noinst_LIBRARIES += src/worker/libworker.a
src_worker_libworker_a_SOURCES = \
	src/worker/analyse.c src/worker/analyse.h \
	src/worker/analyse_page.c src/worker/analyse_page.h \
	src/worker/area.c src/worker/area.h \
	src/worker/worker_child.c src/worker/worker_child.h \
	src/worker/message.c src/worker/message.h \
	src/worker/pool.c src/worker/pool.h src/worker/pool_state.h \
	src/worker/process.c \
	src/worker/sandbox.c src/worker/sandbox.h \
	src/worker/wire.c src/worker/wire.h
src_worker_libworker_a_CPPFLAGS = $(AM_CPPFLAGS) $(CBOR_CFLAGS) $(SECCOMP_CFLAGS) $(EVENT_CFLAGS)
