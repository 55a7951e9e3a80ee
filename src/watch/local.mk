noinst_LIBRARIES += src/watch/libwatch.a
src_watch_libwatch_a_SOURCES =
src_watch_libwatch_a_SOURCES += src/watch/words.c
