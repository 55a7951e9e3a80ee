#include "store/index.h"

#include "store/helper.h"
#include "store/index_file.h"
#include "store/index_segment.h"
#include "store/words.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

#define SLICE_ITEMS 500  /* are read at a time: the log of the database cannot begin anew while somebody reads */
#define SLICE_EDITS 1000 /* numbers of rows */
#define BATCH_ITEMS 8000 /* in one transaction: the more, the fewer pieces to write and to merge */
#define PIECE_ITEMS 100  /* fewer are given to FTS5 one by one */

struct index {
	struct store file, pieces, source; /* of these only the connection, its path and its mode; two of one file */
	sqlite3_stmt *into[INDEX_SQL_COUNT], *piece[PIECE_SQL_COUNT], *from[SOURCE_SQL_COUNT];
	struct index_pile *pile;
	int64_t piece_items; /* from so many new ones on a piece is made of them */
	bool no_pieces;      /* FTS5 keeps them in another way than we know */
	bool for_piece;      /* what comes next */
	struct helper helper;
	struct arena scratch;
	struct buf words;
	size_t items; /* in the transaction */
	atomic_bool stop;
	_Atomic int64_t edits_done;
	pthread_mutex_t mutex;
	int result; /* these with the mutex */
	struct err err;
};

/* ---- statements ---- */

static struct call
into(struct index *ix, enum index_sql id)
{
	return (struct call){.s = &ix->file, .stmt = ix->into[id], .rc = SQLITE_OK};
}

static struct call
piece(struct index *ix, enum piece_sql id)
{
	return (struct call){.s = &ix->pieces, .stmt = ix->piece[id], .rc = SQLITE_OK};
}

static struct call
from(struct index *ix, enum source_sql id)
{
	return (struct call){.s = &ix->source, .stmt = ix->from[id], .rc = SQLITE_OK};
}

static int
do_into(struct index *ix, enum index_sql id, struct err *err)
{
	struct call c = into(ix, id);
	return call_run(&c, err);
}

static int
do_piece(struct index *ix, enum piece_sql id, struct err *err)
{
	struct call c = piece(ix, id);
	return call_run(&c, err);
}

static int
do_from(struct index *ix, enum source_sql id, struct err *err)
{
	struct call c = from(ix, id);
	return call_run(&c, err);
}

/* ---- connections, at the first use ---- */

static void
close_one(struct store *at, sqlite3_stmt **stmts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		sqlite3_finalize(stmts[i]);
		stmts[i] = NULL;
	}
	sqlite3_close(at->db);
	at->db = NULL;
}

static void
disconnect(struct index *ix)
{
	close_one(&ix->file, ix->into, INDEX_SQL_COUNT);
	close_one(&ix->pieces, ix->piece, PIECE_SQL_COUNT);
	close_one(&ix->source, ix->from, SOURCE_SQL_COUNT);
}

static int
prepare(struct store *at, const char *const *sql, size_t count, sqlite3_stmt **ret, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		int rc = sqlite3_prepare_v3(at->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &ret[i], NULL);
		if (rc != SQLITE_OK)
			return db_fail(at, rc, err, "preparing");
	}
	return 0;
}

static int
connect_source(struct index *ix, struct err *err)
{
	int rc = sqlite3_open_v2(
	    ix->source.path, &ix->source.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(ix->source.db, sql_source_setup, NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : db_fail(&ix->source, rc, err, "opening");
}

/* A file that was deleted is not written to any longer. */
static bool
is_there(const struct index *ix)
{
	struct stat st;
	return ix->file.db != NULL && stat(ix->file.path, &st) == 0 && st.st_ino == ix->file.inode;
}

static int
connect_all(struct index *ix, struct err *err)
{
	struct stat st;
	if (is_there(ix))
		return 0;
	disconnect(ix);
	if (index_file_open(&ix->file, err) < 0 || index_file_open_again(&ix->pieces, err) < 0 ||
	    connect_source(ix, err) < 0 || prepare(&ix->file, sql_index, INDEX_SQL_COUNT, ix->into, err) < 0 ||
	    prepare(&ix->pieces, sql_piece, PIECE_SQL_COUNT, ix->piece, err) < 0 ||
	    prepare(&ix->source, sql_source, SOURCE_SQL_COUNT, ix->from, err) < 0) {
		disconnect(ix);
		return -1;
	}
	ix->file.inode = stat(ix->file.path, &st) == 0 ? st.st_ino : 0;
	return 0;
}

/* ---- a slice ---- */

static int
read_cover(struct call c, struct index_cover *ret, struct err *err)
{
	int rc = index_cover_read(&c, ret, err);
	call_end(&c);
	return rc;
}

static int
write_words(struct index *ix, enum index_sql how, int64_t item, struct str words, struct err *err)
{
	struct call c = into(ix, how);
	call_int(&c, item);
	call_text(&c, words);
	return call_run(&c, err);
}

/* The words of title, summary and content, which are the first columns. */
static int
add_item(struct index *ix, int64_t item, const struct call *c, struct err *err)
{
	const struct str texts[WORDS_TEXTS_MAX] = {column_view(c, 0), column_view(c, 1), column_view(c, 2)};
	buf_reset(&ix->words);
	if (!words_index_item(&ix->words, &ix->scratch, texts))
		return err_oom(err);
	ix->items++;
	return write_words(ix, INDEX_ADD, item, buf_view(&ix->words), err);
}

static int
pile_item(struct index *ix, int64_t item, const struct call *c, struct err *err)
{
	const struct str texts[WORDS_TEXTS_MAX] = {column_view(c, 0), column_view(c, 1), column_view(c, 2)};
	index_pile_row(ix->pile, item);
	if (!words_each(&ix->scratch, texts, words_item_texts(texts), index_pile_soon, index_pile_word, ix->pile))
		return err_oom(err);
	ix->items++;
	return 0;
}

/* *more: there may be some that were not read. */
static int
add_items(struct index *ix, struct index_cover *cover, bool piled, bool *more, struct err *err)
{
	size_t count = 0;
	int rc;
	struct call c = from(ix, SOURCE_ITEMS);
	call_int(&c, cover->item);
	call_int(&c, SLICE_ITEMS);
	*more = false;
	while (!*more && (rc = call_row(&c, err)) > 0) {
		int64_t item = column_int(&c, 3);
		if ((piled ? pile_item(ix, item, &c, err) : add_item(ix, item, &c, err)) < 0) {
			rc = -1;
			break;
		}
		cover->item = item;
		count++;
		*more = count == SLICE_ITEMS || (piled && index_pile_full(ix->pile));
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

/* What the item's words were when that row had been written: the next row says what it replaced, else the item itself. */
static int
add_after_edit(struct index *ix, int64_t item, int64_t edit, struct err *err)
{
	struct call c = from(ix, SOURCE_WORDS_AFTER);
	call_int(&c, item);
	call_int(&c, edit);
	int rc = call_row(&c, err), result = 0;
	if (rc > 0)
		result = write_words(ix, INDEX_ADD, item, column_view(&c, 0), err);
	call_end(&c);
	if (rc != 0)
		return rc < 0 ? -1 : result;
	c = from(ix, SOURCE_ITEM);
	call_int(&c, item);
	rc = call_row(&c, err);
	if (rc > 0)
		result = add_item(ix, item, &c, err);
	call_end(&c);
	return rc < 0 ? -1 : result;
}

/* Each item once, however often it was edited: FTS5 wants them in the order of their numbers. */
static int
follow_edits(struct index *ix, struct index_cover *cover, int64_t up_to, struct err *err)
{
	int rc;
	struct call c = from(ix, SOURCE_EDITS);
	call_int(&c, cover->edit);
	call_int(&c, up_to);
	call_int(&c, cover->item);
	while ((rc = call_row(&c, err)) > 0) {
		int64_t item = column_int(&c, 0);
		if (write_words(ix, INDEX_REMOVE, item, column_view(&c, 2), err) < 0 ||
		    add_after_edit(ix, item, up_to, err) < 0) {
			rc = -1;
			break;
		}
	}
	call_end(&c);
	cover->edit = up_to;
	return rc < 0 ? -1 : 0;
}

static int
add_all(struct index *ix, struct index_cover *cover, const struct index_cover *database, bool piled, bool *more,
    struct err *err)
{
	if (add_items(ix, cover, piled, more, err) < 0)
		return -1;
	if (!*more) /* the last ones may be gone again */
		cover->item = database->item;
	return 0;
}

static bool
makes_pieces(const struct index *ix, const struct index_cover *cover, const struct index_cover *database)
{
	return !ix->no_pieces && database->item - cover->item >= ix->piece_items;
}

/* Edits first: they are about items that are covered already. All of it as the database is at one moment. Many new items are left
 * to the next transaction, which makes a piece of them. */
static int
read_slice(struct index *ix, struct index_cover *cover, bool *more, struct err *err)
{
	struct index_cover database = {0, 0, 0};
	if (read_cover(from(ix, SOURCE_STATE), &database, err) < 0)
		return -1;
	if (!index_cover_fits(cover, &database)) { /* it is new, or the database is another one */
		*cover = (struct index_cover){database.stamp, 0, database.edit};
		if (do_into(ix, INDEX_REMOVE_ALL, err) < 0)
			return -1;
	}
	if (cover->edit < database.edit) {
		bool rest = database.edit - cover->edit > SLICE_EDITS;
		if (follow_edits(ix, cover, rest ? cover->edit + SLICE_EDITS : database.edit, err) < 0)
			return -1;
		*more = true;
		if (rest)
			return 0;
	}
	ix->for_piece = makes_pieces(ix, cover, &database);
	if (ix->for_piece) {
		*more = true;
		return 0;
	}
	return add_all(ix, cover, &database, false, more, err);
}

/* Nothing but new items, and many of them. */
static int
read_piece_slice(struct index *ix, struct index_cover *cover, bool *more, struct err *err)
{
	struct index_cover database = {0, 0, 0};
	if (read_cover(from(ix, SOURCE_STATE), &database, err) < 0)
		return -1;
	*more = true;
	ix->for_piece = index_cover_fits(cover, &database) && cover->edit == database.edit &&
	                (index_pile_rows(ix->pile) > 0 || makes_pieces(ix, cover, &database));
	return ix->for_piece ? add_all(ix, cover, &database, true, more, err) : 0;
}

static int
do_slice(struct index *ix, struct index_cover *cover, bool *more,
    int (*read)(struct index *ix, struct index_cover *cover, bool *more, struct err *err), struct err *err)
{
	if (do_from(ix, SOURCE_BEGIN, err) < 0)
		return -1;
	int rc = read(ix, cover, more, err);
	do_from(ix, SOURCE_END, NULL);
	return rc;
}

/* ---- a transaction ---- */

static int
write_cover(struct call c, const struct index_cover *cover, struct err *err)
{
	call_int(&c, cover->stamp);
	call_int(&c, cover->item);
	call_int(&c, cover->edit);
	return call_run(&c, err);
}

static int
fill(struct index *ix, struct index_cover *cover, bool *more, struct err *err)
{
	ix->items = 0;
	if (read_cover(into(ix, INDEX_COVER), cover, err) < 0)
		return -1;
	struct index_cover before = *cover;
	do {
		if (do_slice(ix, cover, more, read_slice, err) < 0)
			return -1;
	} while (*more && !ix->for_piece && ix->items < BATCH_ITEMS && !atomic_load(&ix->stop));
	return memcmp(&before, cover, sizeof before) == 0 ? 0 : write_cover(into(ix, INDEX_COVERS), cover, err);
}

/* 1 done, 0 it is for FTS5, -1. */
static int
fill_piece(struct index *ix, struct index_cover *cover, bool *more, int64_t *pages_to_merge, struct err *err)
{
	ix->items = 0;
	index_pile_reset(ix->pile);
	if (read_cover(piece(ix, PIECE_COVER), cover, err) < 0)
		return -1;
	do {
		if (do_slice(ix, cover, more, read_piece_slice, err) < 0)
			return -1;
	} while (
	    *more && ix->for_piece && ix->items < BATCH_ITEMS && !index_pile_full(ix->pile) && !atomic_load(&ix->stop));
	if (index_pile_rows(ix->pile) == 0)
		return 0;
	if (!index_pile_sort(ix->pile))
		return err_oom(err);
	int rc = index_segment_write(&ix->pieces, ix->piece, ix->pile, pages_to_merge, err);
	ix->no_pieces = rc == 0;
	return rc > 0 && write_cover(piece(ix, PIECE_COVERS), cover, err) < 0 ? -1 : rc;
}

/* After an error; what is damaged will be made again. */
static int
give_up(struct index *ix, const struct store *at)
{
	bool bad = index_file_is_bad(sqlite3_errcode(at->db));
	if (sqlite3_get_autocommit(ix->file.db) == 0)
		do_into(ix, INDEX_ROLLBACK, NULL);
	if (sqlite3_get_autocommit(ix->pieces.db) == 0)
		do_piece(ix, PIECE_ROLLBACK, NULL);
	disconnect(ix);
	if (bad)
		index_file_remove(ix->file.path);
	return -1;
}

static int
merge(struct index *ix, int64_t pages, struct err *err)
{
	struct call c = into(ix, INDEX_MERGE);
	call_int(&c, pages);
	return call_run(&c, err);
}

/* Many new items. 1 done, 0 there is something else to do, or not many, -1. */
static int
do_piece_batch(struct index *ix, bool *more, struct err *err)
{
	struct index_cover cover = {0, 0, 0};
	int64_t pages = 0;
	if (ix->no_pieces)
		return 0;
	if (do_piece(ix, PIECE_BEGIN, err) < 0)
		return give_up(ix, &ix->pieces);
	int rc = fill_piece(ix, &cover, more, &pages, err);
	if (rc < 0 || do_piece(ix, rc > 0 ? PIECE_COMMIT : PIECE_ROLLBACK, err) < 0)
		return give_up(ix, &ix->pieces);
	return pages > 0 && merge(ix, pages, err) < 0 ? give_up(ix, &ix->file) : rc;
}

static int
do_batch(struct index *ix, bool *more, struct err *err)
{
	struct index_cover cover = {0, 0, 0};
	if (connect_all(ix, err) < 0)
		return -1;
	int rc = do_piece_batch(ix, more, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (do_into(ix, INDEX_BEGIN, err) < 0 || fill(ix, &cover, more, err) < 0 || do_into(ix, INDEX_COMMIT, err) < 0)
		return give_up(ix, &ix->file);
	atomic_store(&ix->edits_done, cover.edit);
	return 0;
}

int
index_run(struct index *ix, struct err *err)
{
	bool more;
	do {
		more = false;
		if (do_batch(ix, &more, err) < 0)
			return -1;
	} while (more && !atomic_load(&ix->stop));
	return 0;
}

static int
work(void *ctx)
{
	struct index *ix = ctx;
	struct err err = {.code = ERR_NONE};
	int rc = index_run(ix, &err);
	pthread_mutex_lock(&ix->mutex);
	ix->result = rc;
	ix->err = err;
	pthread_mutex_unlock(&ix->mutex);
	return rc;
}

/* ---- for others ---- */

struct index *
index_new(const char *store_path, struct err *err)
{
	struct index *ix = calloc(1, sizeof *ix);
	if (ix == NULL) {
		err_oom(err);
		return NULL;
	}
	ix->file.mode = ix->pieces.mode = ix->source.mode = STORE_WRITE;
	ix->piece_items = PIECE_ITEMS;
	arena_init(&ix->scratch, 0);
	buf_init(&ix->words, 0);
	pthread_mutex_init(&ix->mutex, NULL);
	helper_init(&ix->helper, work, ix);
	ix->file.path = index_file_path(store_path);
	ix->pieces.path = index_file_path(store_path);
	ix->source.path = strdup(store_path);
	ix->pile = index_pile_new();
	if (ix->file.path == NULL || ix->pieces.path == NULL || ix->source.path == NULL || ix->pile == NULL) {
		index_free(ix);
		err_oom(err);
		return NULL;
	}
	return ix;
}

void
index_free(struct index *ix)
{
	if (ix == NULL)
		return;
	atomic_store(&ix->stop, true);
	helper_done(&ix->helper);
	disconnect(ix);
	pthread_mutex_destroy(&ix->mutex);
	arena_done(&ix->scratch);
	buf_done(&ix->words);
	index_pile_free(ix->pile);
	free(ix->file.path);
	free(ix->pieces.path);
	free(ix->source.path);
	free(ix);
}

int
index_result(struct index *ix, struct err *err)
{
	pthread_mutex_lock(&ix->mutex);
	int rc = ix->result;
	*err = ix->err;
	pthread_mutex_unlock(&ix->mutex);
	return rc;
}

void
index_set_piece_items(struct index *ix, int64_t least)
{
	ix->piece_items = least;
}

int64_t
index_edits_done(struct index *ix)
{
	return atomic_load(&ix->edits_done);
}

int
index_check(const char *store_path, struct err *err)
{
	struct store file = {.path = index_file_path(store_path), .mode = STORE_WRITE};
	if (file.path == NULL)
		return err_oom(err);
	int rc = index_file_open(&file, err);
	if (rc == 0 && (rc = sqlite3_exec(file.db, sql_index_check, NULL, NULL, NULL)) != SQLITE_OK)
		rc = db_fail(&file, rc, err, "checking the full-text index");
	sqlite3_close(file.db);
	free(file.path);
	return rc;
}

/* ---- the store ---- */

size_t
store_unindexed(struct store *s)
{
	return s->unindexed + (helper_busy(&s->index->helper) ? s->indexing : 0);
}

void
store_index(struct store *s)
{
	if (helper_busy(&s->index->helper))
		return;
	s->indexing = s->unindexed;
	s->unindexed = 0;
	helper_ask(&s->index->helper);
}

bool
store_indexing(struct store *s)
{
	return helper_busy(&s->index->helper);
}

int
store_index_result(struct store *s, struct err *err)
{
	return index_result(s->index, err);
}

int
store_index_now(struct store *s, struct err *err)
{
	return index_run(s->index, err);
}
