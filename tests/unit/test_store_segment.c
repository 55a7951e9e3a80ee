#include "rng.h"
#include "tap.h"

#include "store/db.h"
#include "store/index_file.h"
#include "store/index_segment.h"
#include "text/words.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A piece of the index that we write is what FTS5 itself would have written, and FTS5 goes on from there. */

static struct rig {
	char dir[40];
	struct store fts5, ours; /* two index files: rows are given to FTS5, or written as pieces */
	struct store pieces;     /* of the second */
	sqlite3_stmt *piece[PIECE_SQL_COUNT];
	struct index_pile *pile;
	struct err err;
} rig;

static void
run(struct store *s, const char *sql)
{
	ck_assert_msg(sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(s->db));
}

static void
start(void)
{
	strcpy(rig.dir, "/tmp/tidings-segment-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(rig.dir));
	struct store *const all[] = {&rig.fts5, &rig.ours, &rig.pieces};
	const char *const names[] = {"a", "b", "b"};
	for (size_t i = 0; i < 3; i++) {
		*all[i] = (struct store){.mode = STORE_WRITE, .path = malloc(PATH_MAX)};
		snprintf(all[i]->path, PATH_MAX, "%s/%s", rig.dir, names[i]);
		int rc = i < 2 ? index_file_open(all[i], &rig.err) : index_file_open_again(all[i], &rig.err);
		ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
		run(all[i], "PRAGMA synchronous = OFF");
	}
	for (size_t i = 0; i < PIECE_SQL_COUNT; i++)
		ck_assert_int_eq(sqlite3_prepare_v2(rig.pieces.db, sql_piece[i], -1, &rig.piece[i], NULL), SQLITE_OK);
	ck_assert_ptr_nonnull(rig.pile = index_pile_new());
}

static void
stop(void)
{
	for (size_t i = 0; i < PIECE_SQL_COUNT; i++)
		sqlite3_finalize(rig.piece[i]);
	struct store *const all[] = {&rig.pieces, &rig.ours, &rig.fts5};
	for (size_t i = 0; i < 3; i++) {
		sqlite3_close(all[i]->db);
		index_file_remove(all[i]->path);
		free(all[i]->path);
	}
	index_pile_free(rig.pile);
	rmdir(rig.dir);
}

static int64_t
number(struct store *s, const char *sql)
{
	sqlite3_stmt *stmt;
	ck_assert_msg(sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(s->db));
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(stmt, 0);
	ck_assert_int_eq(sqlite3_finalize(stmt), SQLITE_OK);
	return n;
}

/* ---- rows ---- */

/* Words of very different frequency; some begin like others, some are long, some not ASCII. */
static struct str
word_of(uint64_t n, char bytes[300])
{
	if (n % 50 == 49) {
		int filler = 'a' + (int)(n / 50 % 3), len = snprintf(bytes + 100, 100, "%llu", (unsigned long long)n);
		memset(bytes, filler, 100);
		memset(bytes + 100 + len, filler, 140);
		return (struct str){bytes, 100 + (size_t)len + n % 140};
	}
	int len = snprintf(bytes, 300, "%s%llx",
	    n % 7 == 0   ? "мир"
	    : n % 5 == 0 ? "\xF0\x90\x90\xA8"
	                 : "w",
	    (unsigned long long)n);
	return (struct str){bytes, (size_t)len};
}

struct rows {
	uint64_t dice;
	int64_t last;
	unsigned words, apart; /* of each row; rows lie so far apart at most */
};

static bool
is_again(uint64_t *had, unsigned count, uint64_t n)
{
	had[count] = n;
	for (unsigned i = 0; i < count; i++) {
		if (had[i] == n)
			return true;
	}
	return false;
}

/* So many rows, for FTS5 and for the pile alike. */
static void
add_rows(struct rows *r, size_t count)
{
	struct buf text;
	char bytes[300];
	uint64_t had[100];
	ck_assert_uint_le(r->words, 100);
	buf_init(&text, 0);
	run(&rig.fts5, "BEGIN");
	index_pile_reset(rig.pile);
	for (size_t i = 0; i < count; i++) {
		r->last += 1 + (int64_t)rng_below(&r->dice, r->apart);
		buf_reset(&text);
		index_pile_row(rig.pile, r->last);
		for (unsigned k = 0; k < r->words; k++) {
			uint64_t n = rng_below(&r->dice, 1 + rng_below(&r->dice, 1 + rng_below(&r->dice, 20000)));
			struct str word = word_of(n, bytes);
			index_pile_word(rig.pile, word, text_fold_hash(word));
			if (is_again(had, k, n))
				continue; /* whoever gives rows to FTS5 has seen to that */
			buf_str(&text, word);
			buf_putc(&text, ' ');
		}
		sqlite3_stmt *stmt;
		ck_assert_int_eq(sqlite3_prepare_v2(rig.fts5.db, sql_index[INDEX_ADD], -1, &stmt, NULL), SQLITE_OK);
		sqlite3_bind_int64(stmt, 1, r->last);
		sqlite3_bind_text(stmt, 2, text.data, (int)text.len, SQLITE_STATIC);
		ck_assert_int_eq(sqlite3_step(stmt), SQLITE_DONE);
		sqlite3_finalize(stmt);
	}
	run(&rig.fts5, "COMMIT");
	buf_done(&text);
}

static int
write_piece(int64_t *pages)
{
	ck_assert(index_pile_sort(rig.pile));
	run(&rig.pieces, "BEGIN");
	int rc = index_segment_write(&rig.pieces, rig.piece, rig.pile, pages, &rig.err);
	ck_assert_msg(rc >= 0, "%s", rc < 0 ? rig.err.msg : "");
	run(&rig.pieces, "COMMIT");
	return rc;
}

static void
add_piece(struct rows *r, size_t count)
{
	int64_t pages;
	add_rows(r, count);
	ck_assert_int_eq(write_piece(&pages), 1);
	ck_assert_int_eq(pages, 0);
}

/* ---- both are alike ---- */

static void
attach_other(void)
{
	char sql[PATH_MAX + 40];
	snprintf(sql, sizeof sql, "ATTACH '%s' AS other", rig.ours.path);
	run(&rig.fts5, sql);
}

static void
assert_same_bytes(void)
{
	attach_other();
	static const char *const columns[] = {"id, block", "segid, term, pgno"}, *const tables[] = {
	                                                                             "words_data", "words_idx"};
	for (int i = 0; i < 4; i++) {
		char sql[300];
		snprintf(sql, sizeof sql, "SELECT count(*) FROM (SELECT %s FROM %s.%s EXCEPT SELECT %s FROM %s.%s)",
		    columns[i / 2], i % 2 ? "main" : "other", tables[i / 2], columns[i / 2], i % 2 ? "other" : "main",
		    tables[i / 2]);
		ck_assert_int_eq(number(&rig.fts5, sql), 0);
	}
	run(&rig.fts5, "DETACH other");
}

static void
assert_same_words(void)
{
	static const char sum[] =
	    "SELECT sum((rowid * 31 + length(term) + doc) * unicode(substr(term, -1)) % 1000003) FROM v";
	for (int i = 0; i < 2; i++) {
		struct store *s = i == 0 ? &rig.fts5 : &rig.ours;
		run(s, "CREATE VIRTUAL TABLE IF NOT EXISTS temp.v USING fts5vocab(main, words, instance)");
		run(s, sql_index_check);
	}
	ck_assert_int_gt(number(&rig.fts5, "SELECT count(*) FROM v"), 1000);
	ck_assert_int_eq(number(&rig.fts5, "SELECT count(*) FROM v"), number(&rig.ours, "SELECT count(*) FROM v"));
	ck_assert_int_eq(number(&rig.fts5, sum), number(&rig.ours, sum));
}

static void
assert_same_answers(void)
{
	for (int n = 0; n < 200; n++) {
		char bytes[300], sql[600];
		struct str word = word_of(n < 100 ? (uint64_t)n : (uint64_t)n * 37, bytes);
		bool begins = n % 2 != 0; /* with it; backwards, too */
		word.len -= n % 3 == 2 && word.len > 9;
		snprintf(sql, sizeof sql,
		    "SELECT total(n * rowid %% 1000003) FROM (SELECT row_number() OVER () AS n, rowid FROM words WHERE "
		    "words MATCH"
		    " '\"%.*s\"%s' ORDER BY rowid %s)",
		    STR_ARG(word), begins ? " *" : "", begins ? "DESC" : "ASC");
		ck_assert_int_eq(number(&rig.fts5, sql), number(&rig.ours, sql));
	}
}

START_TEST(test_a_piece_is_what_fts5_makes_of_the_same_rows)
{
	static const struct rows kinds[] = {
	    {1, 0, 40, 1}, {2, 0, 3, 100}, {3, (int64_t)1 << 40, 60, 3}, {4, 0, 1, 1}, {5, 0, 0, 1}};
	struct rows r = kinds[_i];
	static const size_t counts[] = {1, 500, 17, 1500, 100};
	for (size_t i = 0; i < 5; i++) {
		add_piece(&r, counts[i]);
		assert_same_bytes();
	}
	if (_i < 3)
		assert_same_words();
	assert_same_answers();
}
END_TEST

/* Its rows fill leaves on which no word begins. */
START_TEST(test_a_word_that_every_row_has)
{
	struct rows r = {5, 0, 2, 200};
	int64_t pages;
	add_rows(&r, 300);
	index_pile_reset(rig.pile);
	for (int64_t row = 1; row <= 60000; row++) {
		index_pile_row(rig.pile, row * 100000);
		index_pile_word(rig.pile, STR_LIT("all"), text_fold_hash(STR_LIT("all")));
		if (row % 1000 == 0)
			index_pile_word(rig.pile, STR_LIT("zebra"), text_fold_hash(STR_LIT("zebra")));
	}
	ck_assert_int_eq(write_piece(&pages), 1);
	run(&rig.ours, sql_index_check);
	ck_assert_int_eq(number(&rig.ours, "SELECT count(*) FROM words WHERE words MATCH 'all'"), 60000);
	ck_assert_int_eq(number(&rig.ours, "SELECT max(rowid) FROM words WHERE words MATCH 'all'"), 6000000000);
	ck_assert_int_eq(number(&rig.ours, "SELECT count(*) FROM words WHERE words MATCH 'all AND zebra'"), 60);
	ck_assert_int_eq(
	    number(&rig.ours, "SELECT count(*) FROM words WHERE words MATCH 'all' AND rowid = 3000000000"), 1);
	ck_assert_int_eq(
	    number(&rig.ours, "SELECT count(*) FROM words WHERE words MATCH 'all' AND rowid = 3000000001"), 0);
}
END_TEST

START_TEST(test_fts5_goes_on_where_pieces_were_written)
{
	struct rows r = {6, 0, 30, 2};
	int64_t pages, merged = 0;
	for (int i = 0; i < 40; i++) {
		add_rows(&r, 100);
		ck_assert_int_eq(write_piece(&pages), 1);
		if (pages > 0) {
			char sql[100];
			snprintf(
			    sql, sizeof sql, "INSERT INTO words(words, rank) VALUES('merge', %lld)", (long long)pages);
			run(&rig.ours, sql);
			merged += pages;
		}
	}
	ck_assert_int_gt(merged, 0);
	ck_assert_int_lt(number(&rig.ours, "SELECT count(DISTINCT segid) FROM words_idx"), 32);
	assert_same_words();
	static const char remove[] = "INSERT INTO words(words, rowid, text) VALUES('delete', 1000000, 'w1')",
	                  add[] = "INSERT INTO words(rowid, text) VALUES(1000000, 'w1')";
	run(&rig.fts5, add);
	run(&rig.ours, add);
	assert_same_words();
	run(&rig.fts5, remove);
	run(&rig.ours, remove);
	r.last = 1000000;
	add_rows(&r, 500);
	ck_assert_int_eq(write_piece(&pages), 1);
	assert_same_words();
	run(&rig.ours, "INSERT INTO words(words) VALUES('optimize')");
	assert_same_words();
	assert_same_answers();
}
END_TEST

START_TEST(test_a_table_of_another_kind_is_left_to_fts5)
{
	struct rows r = {7, 0, 5, 1};
	int64_t pages, before;
	add_rows(&r, 10);
	before = number(&rig.ours, "SELECT count(*) FROM words_data");
	run(&rig.pieces, "UPDATE words_config SET v = 5 WHERE k = 'version'");
	ck_assert_int_eq(write_piece(&pages), 0);
	run(&rig.pieces, "UPDATE words_config SET v = 4 WHERE k = 'version'");
	run(&rig.pieces,
	    "UPDATE words_data SET block = x'00000000ff00000100000000' WHERE id = 10"); /* of tables with deletions */
	ck_assert_int_eq(write_piece(&pages), 0);
	run(&rig.pieces, "DELETE FROM words_data WHERE id = 10");
	ck_assert_int_eq(write_piece(&pages), 0);
	ck_assert_int_eq(number(&rig.pieces, "SELECT count(*) FROM words_data"), before - 1);
}
END_TEST

/* Whatever stands in the list of segments: it is refused, or one more is in it. */
START_TEST(test_a_damaged_list_does_no_harm)
{
	struct rows r = {8, 0, 5, 1};
	uint64_t dice = 9;
	int64_t pages;
	for (int i = 0; i < 6; i++)
		add_piece(&r, 20);
	run(&rig.pieces, "CREATE TABLE good AS SELECT block FROM words_data WHERE id = 10");
	for (int i = 0; i < 1000; i++) {
		char sql[200];
		snprintf(sql, sizeof sql,
		    "UPDATE words_data SET block = CAST(substr(block, 1, %d) || x'%02x' || substr(block, %d) AS BLOB) "
		    "WHERE id = 10",
		    (int)rng_below(&dice, 30), (unsigned)rng_below(&dice, 256), (int)rng_below(&dice, 30));
		run(&rig.pieces, "UPDATE words_data SET block = (SELECT block FROM good) WHERE id = 10");
		run(&rig.pieces, sql);
		int64_t before = number(&rig.pieces, "SELECT length(block) FROM words_data WHERE id = 10");
		int rc = write_piece(&pages);
		int64_t more = number(&rig.pieces, "SELECT length(block) FROM words_data WHERE id = 10") - before;
		ck_assert(rc == 0 ? more == 0 : more >= 3);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_loop_test(tc, test_a_piece_is_what_fts5_makes_of_the_same_rows, 0, 5);
	tcase_add_test(tc, test_a_word_that_every_row_has);
	tcase_add_test(tc, test_fts5_goes_on_where_pieces_were_written);
	tcase_add_test(tc, test_a_table_of_another_kind_is_left_to_fts5);
	tcase_add_test(tc, test_a_damaged_list_does_no_harm);
}

int
main(void)
{
	return tap_run("store/segment", suite);
}
