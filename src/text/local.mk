noinst_LIBRARIES += src/text/libtext.a
src_text_libtext_a_SOURCES =
src_text_libtext_a_CPPFLAGS = $(AM_CPPFLAGS) $(ICU_CFLAGS)
# the terminal
src_text_libtext_a_SOURCES += src/text/safe.c src/text/safe.h
