# The daemon without main.c is a library, so that tests may link it.
noinst_LIBRARIES += src/daemon/libdaemon.a
src_daemon_libdaemon_a_SOURCES = \
	src/daemon/control.c src/daemon/control.h \
	src/daemon/daemon.c src/daemon/daemon.h \
	src/daemon/deliver.c src/daemon/deliver.h \
	src/daemon/pipeline.c src/daemon/pipeline.h \
	src/daemon/routes.c src/daemon/routes.h \
	src/daemon/sdnotify.c src/daemon/sdnotify.h \
	src/daemon/setup.c

