noinst_LIBRARIES += src/http/libhttp.a
src_http_libhttp_a_SOURCES = src/http/http.h src/http/address.c src/http/address.h src/http/client.c src/http/client.h \
	src/http/failure.c src/http/headers.c src/http/headers.h src/http/location.c src/http/lookup.c src/http/mail.c \
	src/http/queue.c src/http/request.c src/http/robots.c src/http/robots.h src/http/transfer.c
src_http_libhttp_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(EVENT_CFLAGS)
