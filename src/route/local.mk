noinst_LIBRARIES += src/route/libroute.a
src_route_libroute_a_SOURCES = \
	src/route/decide.c src/route/decide.h \
	src/route/hours.c src/route/hours.h \
	src/route/unusual.c src/route/unusual.h
