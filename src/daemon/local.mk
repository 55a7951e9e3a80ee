# The daemon without main.c is a library, so that tests may link it.
noinst_LIBRARIES += src/daemon/libdaemon.a
src_daemon_libdaemon_a_SOURCES = \
	src/daemon/alarms.c src/daemon/alarms.h src/daemon/alarms_state.h src/daemon/alarms_unusual.c \
	src/daemon/articles.c src/daemon/articles.h \
	src/daemon/commit.c \
	src/daemon/control.c src/daemon/control.h \
	src/daemon/course.c src/daemon/course.h \
	src/daemon/credentials.c src/daemon/credentials.h \
	src/daemon/daemon.c src/daemon/daemon.h \
	src/daemon/deliver.c src/daemon/deliver.h \
	src/daemon/finished.c src/daemon/finished.h \
	src/daemon/given_up.c src/daemon/given_up.h \
	src/daemon/holds.c \
	src/daemon/lanes.c src/daemon/lanes.h \
	src/daemon/network.c \
	src/daemon/orders.c src/daemon/orders.h \
	src/daemon/pipeline.c src/daemon/pipeline.h src/daemon/pipeline_state.h \
	src/daemon/loop.c src/daemon/loop.h \
	src/daemon/reload.c src/daemon/reload.h \
	src/daemon/rematch.c src/daemon/rematch.h \
	src/daemon/retention.c src/daemon/retention.h \
	src/daemon/robots_cache.c src/daemon/robots_cache.h \
	src/daemon/router.c src/daemon/router.h \
	src/daemon/routes.c src/daemon/routes.h \
	src/daemon/sample.c src/daemon/sample.h \
	src/daemon/sdnotify.c src/daemon/sdnotify.h \
	src/daemon/setup.c \
	src/daemon/tasks.c \
	src/daemon/websub.c src/daemon/websub.h src/daemon/websub_state.h src/daemon/websub_hub.c

sbin_PROGRAMS += tidingsd
tidingsd_SOURCES = src/daemon/main.c
LIB_DAEMON = src/daemon/libdaemon.a src/notify/libnotify.a src/listen/liblisten.a src/http/libhttp.a src/store/libstore.a src/worker/libworker.a \
	src/sched/libsched.a src/conf/libconf.a src/route/libroute.a src/render/librender.a src/watch/libwatch.a src/feed/libfeed.a \
	src/story/libstory.a src/text/libtext.a src/base/libbase.a \
	$(MOSQUITTO_LIBS) $(NATS_LIBS) $(SYSTEMD_LIBS) $(SQLITE_LIBS) $(MICROHTTPD_LIBS) $(NETTLE_LIBS) $(CURL_LIBS) $(XML_LIBS) $(JANSSON_LIBS) $(CLD2_LIBS) $(ICU_LIBS) $(STEMMER_LIBS) $(PCRE2_LIBS) $(EVENT_LIBS) $(CBOR_LIBS) $(SECCOMP_LIBS) $(XXHASH_LIBS) -lm
tidingsd_LDADD = $(LIB_DAEMON)
