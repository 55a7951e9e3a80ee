#pragma once
/*
 * All SQL of the program, within the room: statements that are prepared at open, the steps of the schema, the parts
 * that a search is put together from. Nothing of the outside world is ever pasted into SQL text: values are bound.
 */
#include <stdbool.h>
#include <stddef.h>

enum sql_id {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_SYNC_FULL,
	SQL_SYNC_NORMAL,
	SQL_DATA_VERSION,
	/* feeds */
	SQL_FEED_ADD,
	SQL_FEED_SET_URL,
	SQL_FEED_SET_TITLE,
	SQL_FEED_CONFIGURE,
	SQL_FEED_STATE,
	SQL_FEED_ID,
	SQL_FEEDS_CONFIGURED,
	SQL_FEEDS_ALL,
	SQL_FEED_GOOD,
	SQL_FEED_BAD,
	SQL_FEED_VALIDATORS,
	SQL_FEED_COURSE,
	SQL_FEED_TOLD_FAILING,
	SQL_HOLD_SET,
	SQL_HOLDS_EXPIRE,
	SQL_HOLDS,
	SQL_EVENT_ADD,
	SQL_EVENTS,
	SQL_EVENTS_OF_KIND,
	SQL_META_GET,
	SQL_META_SET,
	SQL_ALARMS,
	SQL_ALARM_BEGIN,
	SQL_ALARM_END,
	SQL_TIMES_OF_FEED,
	SQL_TIMES_OF_WATCH,
	SQL_MENTIONED,
	SQL_MENTIONS_PAST,
	SQL_OLDEST_ITEM,
	/* items */
	SQL_FEED_GUARD,
	SQL_FEED_GUARD_SET,
	SQL_SIGHTING_OF_PAGE,
	SQL_SIGHTING_SEEN,
	SQL_SIGHTINGS,
	SQL_REVISION_ADD,
	SQL_REVISION_TRIM,
	SQL_REVISIONS,
	SQL_ITEM_HAS_WATCH,
	SQL_OUTBOX_HOLD,
	SQL_COUNT_ITEMS,
	SQL_ITEMS_TO_PURGE,
	SQL_ITEM_PURGE,
	SQL_SIGHTINGS_ORPHAN,
	SQL_REVISIONS_REMOVE,
	SQL_ARTICLE_REMOVE,
	SQL_OUTBOX_PART,
	SQL_OUTBOX_FORGET_ITEM,
	SQL_STORY_ITEM_REMOVE,
	SQL_STORY_SHRINK,
	SQL_STORY_REMOVE_EMPTY,
	SQL_STORY_HEADLINE_AGAIN,
	SQL_REVISIONS_PURGE,
	SQL_REVISIONS_PURGE_EXCESS,
	SQL_ITEM_SIZES,
	SQL_REVISION_SIZES,
	SQL_REVISIONS_OLDEST,
	SQL_REVISION_REMOVE,
	SQL_TOMBSTONES_PURGE,
	SQL_SIGNATURES_PURGE,
	SQL_SIGHTING_FIND,
	SQL_SIGHTING_OF_ITEM,
	SQL_SIGHTING_RENAME,
	SQL_SIGHTING_CONTENT,
	SQL_ITEM_BY_ALIAS,
	SQL_ITEM_LAST,
	SQL_SIGHTING_KEEP_LINK,
	SQL_ITEM_REWRITE,
	SQL_ITEM_ORIGIN,
	SQL_ITEM_WORDS,
	SQL_REWORDED_ADD,
	SQL_REWORDED_TRIM,
	SQL_ENTITY_FIND,
	SQL_ENTITY_ADD,
	SQL_ENTITY_RELABEL,
	SQL_MATCHES_REMOVE,
	SQL_WATCH_FIND,
	SQL_WATCH_ADD,
	SQL_ITEM_WATCHES_REMOVE,
	/* stories */
	SQL_STORY_WINDOW,
	SQL_STORY_SIGNATURE,
	SQL_STORY_LAST,
	SQL_STORY_ADD,
	SQL_STORY_GROW,
	SQL_STORY_HEADLINE,
	SQL_STORY_SOURCE_ADD,
	SQL_STORY_SOURCE_COUNTED,
	SQL_STORY_SOURCE_NTH,
	SQL_STORY_ITEM_WEIGH,
	SQL_STORY_OF_ITEM,
	SQL_STORY_TOLD,
	SQL_STORY,
	SQL_STORIES,
	SQL_STORY_ENTITIES,
	SQL_STORY_SOURCES,
	SQL_STORY_ITEMS,
	SQL_STORY_STAYING,
	SQL_STORY_MOVE_ITEM,
	SQL_STORY_COPY_ITEM,
	SQL_STORY_MOVE_ALL,
	SQL_STORY_SOURCES_REMOVE,
	SQL_STORY_SOURCES_AGAIN,
	SQL_STORY_RECOUNT,
	/* article pages */
	SQL_ARTICLE_WANT,
	SQL_ARTICLES_WANTED,
	SQL_ARTICLE_ASK,
	SQL_ARTICLE_END,
	SQL_ITEM_ADD_PAGE_BYTES,
	SQL_PAGE_SET,
	SQL_PAGE_ITEM,
	SQL_PAGE_ITEMS,
	SQL_ARTICLES_RECOVER,
	SQL_ARTICLE_ITEM,
	SQL_ARTICLE_MATCHES,
	SQL_ITEM_MATCHED,
	SQL_ITEM_BELOW,
	SQL_ITEMS_STALE,
	SQL_ITEM_REMATCHED,
	SQL_MATCH_APPEND,
	/* WebSub */
	SQL_SUBSCRIPTIONS,
	SQL_SUBSCRIPTION_PUT,
	SQL_SUBSCRIPTION_DROP,
	SQL_PUSHES,
	SQL_PUSH_ADD,
	SQL_PUSH_DROP,
	/* outbox */
	SQL_OUTBOX_ITEM_OF_ID,
	SQL_STORY_FACTS,
	SQL_STORY_WATCHES,
	SQL_OUTBOX_TOLD,
	SQL_OUTBOX_THREAD,
	SQL_OUTBOX_ADD,
	SQL_OUTBOX_JOIN,
	SQL_OUTBOX_JOINED,
	SQL_OUTBOX_RETELL,
	SQL_OUTBOX_WATCHES,
	SQL_OUTBOX_SET_WATCHES,
	SQL_OUTBOX_DUE,
	SQL_OUTBOX_DUE_OF_SINK,
	SQL_OUTBOX_DUE_OF_SINK_NEWEST,
	SQL_OUTBOX_TAKE,
	SQL_OUTBOX_ITEMS,
	SQL_OUTBOX_ITEM_COUNT,
	SQL_OUTBOX_DONE,
	SQL_OUTBOX_RETRY,
	SQL_OUTBOX_DEAD,
	SQL_OUTBOX_RECOVER,
	SQL_OUTBOX_HASTEN,
	SQL_OUTBOX_TURN_BACK,
	SQL_OUTBOX_NEXT,
	SQL_OUTBOX_NEXT_OF_SINK,
	SQL_OUTBOX_COUNTS,
	SQL_OUTBOX_MADE_SINCE,
	SQL_OUTBOX_LIST,
	SQL_OUTBOX_LIST_ID,
	SQL_OUTBOX_LIST_STATE,
	SQL_OUTBOX_LIST_SINK,
	SQL_OUTBOX_ACT_RETRY,
	SQL_OUTBOX_ACT_DROP,
	SQL_OUTBOX_ACT_RELEASE,
	SQL_FEEDS_TRUST,
	SQL_SILENCE_ADD,
	SQL_SILENCE_END,
	SQL_SILENCES,
	/* questions */
	SQL_RECORD,
	SQL_RECORD_MATCHES,
	SQL_RECORD_WATCHES,
	SQL_ID_SPAN,
	SQL_ENTITY_MATCHES_UP_TO,
	SQL_TOTALS,
	SQL_COUNT
};

struct sql_statement {
	const char *text;
	bool writes; /* not prepared by a reader */
	bool apart; /* does not look at what waits in bulk, or whoever runs it asks bulk_has_… before; nor writes it */
};

extern const struct sql_statement sql_statements[SQL_COUNT];

/* Written many rows at a time (store/bulk.h). */
enum bulk_table {
	BULK_ITEMS,
	BULK_SIGHTINGS,
	BULK_MATCHES,
	BULK_ITEM_WATCHES,
	BULK_STORIES,
	BULK_STORY_SOURCES,
	BULK_STORY_ITEMS,
	BULK_COUNT
};
#define BULK_ROWS 32
struct sql_bulk {
	const char *text; /* values of so many rows, then how many of them there are */
	int columns;
};
extern const struct sql_bulk sql_bulk[BULK_COUNT];

/* Run once per connection, in order. */
extern const char *const sql_setup[];        /* both modes; ends with NULL */
extern const char *const sql_setup_writer[]; /* after sql_setup */

/* Steps of the schema, in schema.c: step i brings user_version i to i + 1. Append only: what was released is never changed. */
extern const char *const sql_migrations[];
extern const size_t sql_migration_count;

/* Checks of the whole file, each giving rows of trouble or "ok"; ends with NULL. */
extern const char *const sql_checks[];
extern const char sql_page_size[];
extern const char sql_touch[]; /* reads the file, which a connection opens no sooner */

/* The full-text index: a file of its own (store/index_file.h) … */
#define INDEX_VERSION 3 /* of its schema and of what words_index makes of a text: another one is made anew */
enum index_sql {
	INDEX_BEGIN,
	INDEX_COMMIT,
	INDEX_ROLLBACK,
	INDEX_COVER,
	INDEX_COVERS,
	INDEX_ADD,
	INDEX_REMOVE,
	INDEX_REMOVE_ALL,
	INDEX_MERGE,
	INDEX_SQL_COUNT
};
#define INDEX_MERGE_LEAST 8 /* pieces of one size are merged */
/* … into which new items are also written as whole pieces (store/index_segment.h), by a connection of their own … */
enum piece_sql {
	PIECE_BEGIN,
	PIECE_COMMIT,
	PIECE_ROLLBACK,
	PIECE_COVER,
	PIECE_COVERS,
	PIECE_VERSION,
	PIECE_LIST,
	PIECE_PUT_LIST,
	PIECE_TOTALS,
	PIECE_PUT_TOTALS,
	PIECE_LEAF,
	PIECE_SPLIT,
	PIECE_SQL_COUNT
};
extern const char *const sql_piece[PIECE_SQL_COUNT];
extern const char *const sql_index[INDEX_SQL_COUNT];
extern const char *const sql_index_setup[]; /* of its connection; ends with NULL */
extern const char sql_index_schema[], sql_index_api[], sql_index_check[], sql_user_version[];
/* … which a search attaches to the database … */
extern const char sql_index_attach[], sql_index_detach[], sql_index_attached_version[], sql_index_attached_cover[];
/* … and which is made of this, read from the database. */
enum source_sql {
	SOURCE_BEGIN,
	SOURCE_END,
	SOURCE_STATE,
	SOURCE_ITEMS,
	SOURCE_ITEM,
	SOURCE_EDITS,
	SOURCE_WORDS_AFTER,
	SOURCE_SQL_COUNT
};
extern const char *const sql_source[SOURCE_SQL_COUNT];
extern const char sql_source_setup[];
/* What it does not cover yet (store/tail.h). */
extern const char sql_read_begin[], sql_read_end[];
extern const char sql_tail_setup[], sql_tail_find[], sql_tail_items[], sql_tail_add[];

/* Parts of a search: SELECT driver WHERE condition AND … ORDER BY … LIMIT. */
enum sql_part {
	PART_ITEMS, /* drivers; each ends in a condition */
	PART_ITEMS_MATCHED,
	PART_BY_WORDS,
	PART_BY_TAIL,
	PART_BY_ENTITY,
	PART_BY_WATCH,
	PART_BY_FEED,
	PART_AND_ABOVE, /* conditions */
	PART_AND_UP_TO,
	PART_AND_SINCE,
	PART_AND_UNTIL,
	PART_AND_MATCHED,
	PART_AND_NO_TAIL,
	PART_AND_WORDS,
	PART_AND_TAIL,
	PART_AND_EITHER,
	PART_AND_ACTOR,
	PART_AND_TOPIC,
	PART_AND_WATCH,
	PART_AND_FEED,
	PART_NEWEST_FIRST, /* ends */
	PART_OLDEST_FIRST,
	PART_COUNT
};
extern const char *const sql_parts[PART_COUNT];
