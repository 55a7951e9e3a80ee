noinst_LIBRARIES += src/store/libstore.a
src_store_libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
src_store_libstore_a_SOURCES = \
	src/store/alarms.c \
	src/store/apart.c src/store/apart.h \
	src/store/articles.c \
	src/store/bulk.c src/store/bulk.h \
	src/store/cache.c src/store/cache.h \
	src/store/db.c src/store/db.h \
	src/store/evidence.c src/store/evidence.h \
	src/store/feeds.c src/store/feeds.h \
	src/store/gather.c src/store/gather.h \
	src/store/guard.c src/store/guard.h \
	src/store/helper.c src/store/helper.h \
	src/store/placer.c src/store/placer.h \
	src/store/history.c \
	src/store/index.c src/store/index.h \
	src/store/index_file.c src/store/index_file.h \
	src/store/index_pile.c src/store/index_pile.h \
	src/store/index_segment.c src/store/index_segment.h \
	src/store/items.c src/store/items.h \
	src/store/lock.c src/store/lock.h \
	src/store/log.c src/store/log.h \
	src/store/migrate.c src/store/migrate.h \
	src/store/open.c \
	src/store/outbox.c \
	src/store/outbox_list.c \
	src/store/pages.c src/store/pages.h \
	src/store/polls.c \
	src/store/purge.c \
	src/store/rematch.c \
	src/store/query.c \
	src/store/records.c src/store/records.h \
	src/store/schema.c \
	src/store/sql.c src/store/sql.h src/store/sql_parts.h \
	src/store/silences.c \
	src/store/story_hand.c src/store/story_list.c \
	src/store/stories.c src/store/stories.h \
	src/store/store.h \
	src/store/subscriptions.c \
	src/store/tail.c src/store/tail.h \
	src/store/tells.c src/store/tells.h \
	src/store/words.c src/store/words.h
