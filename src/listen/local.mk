noinst_LIBRARIES += src/listen/liblisten.a
src_listen_liblisten_a_SOURCES = src/listen/listen.c src/listen/listen.h src/listen/signature.c src/listen/signature.h
src_listen_liblisten_a_CPPFLAGS = $(AM_CPPFLAGS) $(MICROHTTPD_CFLAGS) $(NETTLE_CFLAGS) $(EVENT_CFLAGS)
