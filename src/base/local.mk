noinst_LIBRARIES += src/base/libbase.a
src_base_libbase_a_SOURCES = \
	src/base/arena.c src/base/arena.h \
	src/base/buf.c src/base/buf.h \
	src/base/clock.c src/base/clock.h \
	src/base/cpu.h \
	src/base/err.c src/base/err.h src/base/err_codes.def \
	src/base/hash.c src/base/hash.h \
	src/base/heap.c src/base/heap.h \
	src/base/json_tree.c src/base/json_tree.h \
	src/base/jsonw.c src/base/jsonw.h \
	src/base/log.c src/base/log.h \
	src/base/mailbox.c src/base/mailbox.h \
	src/base/map.c src/base/map.h \
	src/base/pages.c src/base/pages.h \
	src/base/scan.h \
	src/base/secret.c src/base/secret.h \
	src/base/str.c src/base/str.h \
	src/base/suggest.c src/base/suggest.h \
	src/base/thread.c src/base/thread.h \
	src/base/utf8.c src/base/utf8.h \
	src/base/utf8_wide.c src/base/utf8_wide.h \
	src/base/vec.c src/base/vec.h
