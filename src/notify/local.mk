noinst_LIBRARIES += src/notify/libnotify.a
src_notify_libnotify_a_SOURCES =
