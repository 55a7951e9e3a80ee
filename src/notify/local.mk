noinst_LIBRARIES += src/notify/libnotify.a
src_notify_libnotify_a_SOURCES = \
	src/notify/backstage.c src/notify/backstage.h \
	src/notify/broker.c src/notify/broker.h \
	src/notify/bus.c src/notify/bus.h \
	src/notify/child.c src/notify/child.h \
	src/notify/feed_page.c src/notify/feed_page.h \
	src/notify/letter.c src/notify/letter.h \
	src/notify/notify.c src/notify/notify.h \
	src/notify/secret.c src/notify/secret.h \
	src/notify/services.c src/notify/services.h \
	src/notify/sink.h \
	src/notify/sink_desktop.c src/notify/sink_desktop.h \
	src/notify/sink_exec.c src/notify/sink_exec.h \
	src/notify/sink_feed.c src/notify/sink_feed.h \
	src/notify/sink_file.c src/notify/sink_file.h \
	src/notify/sink_mail.c src/notify/sink_mail.h \
	src/notify/sink_mqtt.c src/notify/sink_mqtt.h \
	src/notify/sink_nats.c src/notify/sink_nats.h \
	src/notify/sink_print.c src/notify/sink_print.h \
	src/notify/sink_socket.c src/notify/sink_socket.h \
	src/notify/sink_syslog.c src/notify/sink_syslog.h \
	src/notify/sink_webhook.c src/notify/sink_webhook.h \
	src/notify/sinks.c \
	src/notify/stream.c src/notify/stream.h \
	src/notify/texts.c src/notify/texts.h
