noinst_LIBRARIES += src/watch/libwatch.a
src_watch_libwatch_a_SOURCES = \
	src/watch/builder.c src/watch/builder.h \
	src/watch/compile.c \
	src/watch/fields.def \
	src/watch/kinds.c \
	src/watch/list.c src/watch/list.h \
	src/watch/match.c \
	src/watch/mention.c src/watch/mention.h \
	src/watch/tsv.c \
	src/watch/watch.h
