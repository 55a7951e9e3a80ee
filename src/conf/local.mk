noinst_LIBRARIES += src/conf/libconf.a
src_conf_libconf_a_SOURCES = \
	src/conf/applies.c \
	src/conf/build.c src/conf/build.h \
	src/conf/check.c \
	src/conf/conf.c src/conf/conf.h \
	src/conf/dump.c \
	src/conf/file.c src/conf/file.h \
	src/conf/ini.c src/conf/ini.h \
	src/conf/load.c \
	src/conf/opml.c \
	src/conf/print.c \
	src/conf/report.c src/conf/report.h \
	src/conf/schema.c src/conf/schema.h \
	src/conf/units.c src/conf/units.h \
	src/conf/value.c src/conf/value.h \
	src/conf/watchlist.c
