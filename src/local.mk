# Ground floor first; see ARCHITECTURE.md for which room may include which.
include src/base/local.mk
include src/text/local.mk
include src/feed/local.mk
include src/watch/local.mk
include src/story/local.mk
include src/route/local.mk
include src/conf/local.mk
include src/render/local.mk
include src/sched/local.mk
include src/worker/local.mk
include src/store/local.mk
include src/http/local.mk
include src/listen/local.mk
include src/notify/local.mk
include src/daemon/local.mk
include src/cli/local.mk

# What a program links, highest room first; each list is complete for the room that heads it.
LIB_BASE = src/base/libbase.a $(XXHASH_LIBS) -lm
LIB_TEXT = src/text/libtext.a $(ICU_LIBS) $(STEMMER_LIBS) $(PCRE2_LIBS) $(LIB_BASE)
LIB_FEED = src/feed/libfeed.a $(XML_LIBS) $(JANSSON_LIBS) $(CLD2_LIBS) $(LIB_TEXT)
LIB_WATCH = src/watch/libwatch.a $(LIB_TEXT)
LIB_STORY = src/story/libstory.a $(LIB_TEXT)
LIB_ROUTE = src/route/libroute.a $(LIB_TEXT)
LIB_CONF = src/conf/libconf.a src/route/libroute.a src/render/librender.a src/watch/libwatch.a $(LIB_FEED)
LIB_SCHED = src/sched/libsched.a $(LIB_BASE)
LIB_WORKER = src/worker/libworker.a src/watch/libwatch.a src/story/libstory.a $(CBOR_LIBS) $(SECCOMP_LIBS) $(EVENT_LIBS) $(LIB_FEED)
LIB_STORE = src/store/libstore.a $(SQLITE_LIBS) src/watch/libwatch.a $(LIB_STORY)
LIB_HTTP = src/http/libhttp.a $(CURL_LIBS) $(EVENT_LIBS) $(LIB_BASE)
LIB_LISTEN = src/listen/liblisten.a $(MICROHTTPD_LIBS) $(NETTLE_LIBS) $(EVENT_LIBS) $(LIB_BASE)
LIB_RENDER = src/render/librender.a src/watch/libwatch.a $(LIB_TEXT)
LIB_NOTIFY = src/notify/libnotify.a $(MOSQUITTO_LIBS) $(NATS_LIBS) $(SYSTEMD_LIBS) $(JANSSON_LIBS) src/render/librender.a src/watch/libwatch.a src/text/libtext.a $(ICU_LIBS) $(STEMMER_LIBS) $(PCRE2_LIBS) $(NETTLE_LIBS) $(LIB_HTTP)
