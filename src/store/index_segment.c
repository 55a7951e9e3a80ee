#include "store/index_segment.h"

#include <stdlib.h>
#include <string.h>

#define FTS5_VERSION 4
#define SEGMENTS_MAX 1000u /* FTS5 has twice as many */
#define PAGE_BYTES 16000u  /* a leaf is full; one page of the file holds it */
#define WORD_BYTES_MAX 1024u
#define SPARE_BYTES (WORD_BYTES_MAX + 64) /* of what is begun before it is full */
#define VARINT_MAX 9u
#define HEADER_BYTES 4u
#define MAIN_INDEX '0'      /* stands before each word: not one of a prefix index */
#define LEAF_NUMBER_BITS 37 /* of a row in words_data; above it the segment's number */
#define WORK_PAGES 64       /* as FTS5 does: for so many pages written so many are merged on every level */
#define CRISIS_SEGMENTS 16  /* on the lowest level: merge them, however little was written */
#define CRISIS_PAGES 1000

/* ---- numbers: big-endian groups of seven bits, in the ninth byte eight ---- */

static size_t
put_number(unsigned char *p, uint64_t n)
{
	unsigned char reversed[VARINT_MAX];
	size_t len = 0;
	if (n < 0x80) { /* most are */
		p[0] = (unsigned char)n;
		return 1;
	}
	if (n >> 56 != 0) {
		p[8] = (unsigned char)n;
		n >>= 8;
		for (size_t i = 8; i-- > 0; n >>= 7)
			p[i] = (unsigned char)(n | 0x80);
		return VARINT_MAX;
	}
	do {
		reversed[len++] = (unsigned char)(n & 0x7F);
		n >>= 7;
	} while (n != 0);
	for (size_t i = 0; i < len; i++)
		p[i] = (unsigned char)(reversed[len - 1 - i] | (i + 1 < len ? 0x80 : 0));
	return len;
}

static bool
get_number(struct str s, size_t *at, uint64_t *ret)
{
	uint64_t n = 0;
	for (size_t i = 0; i < VARINT_MAX; i++) {
		if (*at >= s.len)
			return false;
		unsigned char c = (unsigned char)s.s[(*at)++];
		n = i == VARINT_MAX - 1 ? n << 8 | c : n << 7 | (c & 0x7F);
		if (i == VARINT_MAX - 1 || c < 0x80)
			break;
	}
	*ret = n;
	return true;
}

/* ---- the list of segments ---- */

struct list {
	struct str cookie;   /* of the table's settings */
	struct str segments; /* of the lowest level */
	struct str others;   /* levels */
	uint64_t levels, all, written, merging,
	    lowest;    /* numbers: of levels, of segments, pages ever, segments of the lowest level */
	uint64_t most; /* segments on one level */
	bool merges;   /* it has begun to, on some level */
	bool used[SEGMENTS_MAX + 1];
};

/* The segments of a level; their numbers are noted. */
static bool
read_level(struct list *l, struct str s, size_t *at, uint64_t *merging, uint64_t *count)
{
	uint64_t segment, first, last;
	if (!get_number(s, at, merging) || !get_number(s, at, count) || *count > SEGMENTS_MAX || *merging > *count)
		return false;
	l->merges |= *merging > 0;
	l->most = *count > l->most ? *count : l->most;
	for (uint64_t i = 0; i < *count; i++) {
		if (!get_number(s, at, &segment) || !get_number(s, at, &first) || !get_number(s, at, &last) ||
		    segment == 0)
			return false;
		if (segment <= SEGMENTS_MAX)
			l->used[segment] = true;
	}
	return true;
}

static bool
read_list(struct list *l, struct str s)
{
	size_t at = HEADER_BYTES, start;
	uint64_t merging, count, all = 0;
	*l = (struct list){.cookie = {s.s, HEADER_BYTES}};
	if (s.len < HEADER_BYTES || !get_number(s, &at, &l->levels) || !get_number(s, &at, &l->all) ||
	    !get_number(s, &at, &l->written) || l->levels > SEGMENTS_MAX || l->all >= SEGMENTS_MAX)
		return false;
	for (uint64_t i = 0; i < l->levels; i++) {
		start = at;
		if (!read_level(l, s, &at, &merging, &count))
			return false;
		all += count;
		if (i > 0)
			continue;
		l->merging = merging;
		l->lowest = count;
		/* behind the two numbers */
		size_t skip = start;
		get_number(s, &skip, &merging);
		get_number(s, &skip, &count);
		l->segments = (struct str){s.s + skip, at - skip};
		l->others.s = s.s + at;
	}
	l->others.len = l->levels > 0 ? (size_t)(s.s + at - l->others.s) : 0;
	return at == s.len && all == l->all;
}

static bool
add_number(struct buf *out, uint64_t n)
{
	unsigned char bytes[VARINT_MAX];
	return buf_add(out, bytes, put_number(bytes, n));
}

static bool
write_list(struct buf *out, const struct list *l, uint64_t segment, uint64_t leaves)
{
	return buf_str(out, l->cookie) && add_number(out, l->levels > 0 ? l->levels : 1) &&
	       add_number(out, l->all + 1) && add_number(out, l->written + leaves) && add_number(out, l->merging) &&
	       add_number(out, l->lowest + 1) && buf_str(out, l->segments) && add_number(out, segment) &&
	       add_number(out, 1) && add_number(out, leaves) && buf_str(out, l->others);
}

/* ---- leaves ---- */

struct writer {
	struct store *at;
	sqlite3_stmt *const *stmts;
	int64_t segment, leaf; /* the number of the one in hand, from 1 */
	unsigned char page[PAGE_BYTES + SPARE_BYTES + PAGE_BYTES], footer[PAGE_BYTES + SPARE_BYTES];
	size_t len, footer_len, last_start; /* where the last word of the leaf begins */
	struct str last;                    /* word, with MAIN_INDEX before it left out; none yet: NULL */
	bool has_word;                      /* the leaf */
	unsigned char split[WORD_BYTES_MAX + 1];
	size_t split_len;
	int64_t split_leaf; /* begins with what is not less than `split`; that row of words_idx is still to be written */
};

static int
write_split(struct writer *w, struct err *err)
{
	struct call c = {.s = w->at, .stmt = w->stmts[PIECE_SPLIT], .rc = SQLITE_OK};
	call_int(&c, w->segment);
	call_blob(&c, (struct str){(const char *)w->split, w->split_len});
	call_int(&c, w->split_leaf << 1); /* the lowest bit: no list of the leaves of a long word */
	return call_run(&c, err);
}

static int
write_leaf(struct writer *w, struct err *err)
{
	w->page[2] = (unsigned char)(w->len >> 8);
	w->page[3] = (unsigned char)w->len;
	memcpy(w->page + w->len, w->footer, w->footer_len);
	struct call c = {.s = w->at, .stmt = w->stmts[PIECE_LEAF], .rc = SQLITE_OK};
	call_int(&c, (w->segment << LEAF_NUMBER_BITS) + w->leaf);
	call_blob(&c, (struct str){(const char *)w->page, w->len + w->footer_len});
	if (call_run(&c, err) < 0)
		return -1;
	memset(w->page, 0, HEADER_BYTES);
	w->len = HEADER_BYTES;
	w->footer_len = w->last_start = 0;
	w->has_word = false;
	w->leaf++;
	return 0;
}

static size_t
common(struct str a, struct str b)
{
	size_t n = 0;
	while (n < a.len && n < b.len && a.s[n] == b.s[n])
		n++;
	return n;
}

/* Of the first word of a leaf, as much as parts it from the last one of the leaf before. */
static int
begin_leaf(struct writer *w, struct str word, struct err *err)
{
	if (w->leaf == 1)
		return 0;
	if (write_split(w, err) < 0)
		return -1;
	w->split[0] = MAIN_INDEX;
	w->split_len = common(w->last, word) + 2;
	memcpy(w->split + 1, word.s, w->split_len - 1);
	w->split_leaf = w->leaf;
	return 0;
}

static int
write_word(struct writer *w, struct str word, struct err *err)
{
	size_t same;
	if (w->len > HEADER_BYTES && w->len + w->footer_len + word.len + 3 >= PAGE_BYTES && write_leaf(w, err) < 0)
		return -1;
	w->footer_len += put_number(w->footer + w->footer_len, w->len - w->last_start);
	w->last_start = w->len;
	if (w->has_word) {
		same = common(w->last, word);
		w->len += put_number(w->page + w->len, same + 1);
		w->len += put_number(w->page + w->len, word.len - same);
	} else {
		if (begin_leaf(w, word, err) < 0)
			return -1;
		same = 0;
		w->len += put_number(w->page + w->len, word.len + 1);
		w->page[w->len++] = MAIN_INDEX;
	}
	memcpy(w->page + w->len, word.s + same, word.len - same);
	w->len += word.len - same;
	w->last = word;
	w->has_word = true;
	return 0;
}

/* The first row of a word, and of a leaf that begins with rows, in full; the others as their difference. */
static int
write_rows(struct writer *w, const struct index_pile *p, const struct index_pile_word *word, struct err *err)
{
	int64_t before = 0;
	for (size_t i = 0; i < word->count; i++) {
		int64_t row = index_pile_row_at(p, word->rows[i]);
		bool begins = w->len == HEADER_BYTES;
		if (begins)
			w->page[1] = HEADER_BYTES;
		w->len += put_number(w->page + w->len, (uint64_t)(row - (begins ? 0 : before)));
		before = row;
		if (w->len + w->footer_len >= PAGE_BYTES && write_leaf(w, err) < 0)
			return -1;
	}
	return 0;
}

static int
write_leaves(struct writer *w, const struct index_pile *p, struct err *err)
{
	w->leaf = w->split_leaf = 1;
	w->len = HEADER_BYTES;
	for (size_t i = 0; i < index_pile_words(p); i++) {
		struct index_pile_word word = index_pile_word_at(p, i);
		if (word.word.len > WORD_BYTES_MAX)
			return err_set(err, ERR_INTERNAL, "a word of the index has %zu bytes", word.word.len);
		if (write_word(w, word.word, err) < 0 || write_rows(w, p, &word, err) < 0)
			return -1;
	}
	if (w->len > HEADER_BYTES && write_leaf(w, err) < 0)
		return -1;
	return w->leaf > 1 ? write_split(w, err) : 0;
}

/* ---- all of it ---- */

static int
ask_version(struct store *at, sqlite3_stmt *const *stmts, int64_t *ret, struct err *err)
{
	struct call c = {.s = at, .stmt = stmts[PIECE_VERSION], .rc = SQLITE_OK};
	int rc = call_row(&c, err);
	*ret = rc > 0 ? column_int(&c, 0) : 0;
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

/* One of the records that are not leaves. 1, 0 it is not there. */
static int
ask_record(struct store *at, sqlite3_stmt *stmt, struct buf *ret, struct err *err)
{
	struct call c = {.s = at, .stmt = stmt, .rc = SQLITE_OK};
	int rc = call_row(&c, err);
	bool ok = rc <= 0 || buf_str(ret, column_view(&c, 0));
	call_end(&c);
	return ok ? rc : err_oom(err);
}

static int
put_record(struct store *at, sqlite3_stmt *stmt, bool ok, struct buf *record, struct err *err)
{
	struct call c = {.s = at, .stmt = stmt, .rc = SQLITE_OK};
	call_blob(&c, buf_view(record));
	int rc = ok ? call_run(&c, err) : err_oom(err);
	buf_done(record);
	return rc;
}

/* How many rows there are and words in them; nothing when there are none yet. */
struct totals {
	uint64_t rows, words;
};

static bool
read_totals(struct totals *t, struct str s)
{
	size_t at = 0;
	*t = (struct totals){0, 0};
	return s.len == 0 || (get_number(s, &at, &t->rows) && get_number(s, &at, &t->words) && at == s.len);
}

struct known {
	struct buf list_bytes, totals_bytes;
	struct list list; /* views of its bytes */
	struct totals totals;
};

/* 1, 0 there is something else than we know. */
static int
ask_known(struct store *at, sqlite3_stmt *const *stmts, struct known *k, struct err *err)
{
	int64_t version;
	if (ask_version(at, stmts, &version, err) < 0)
		return -1;
	if (version != FTS5_VERSION)
		return 0;
	int rc = ask_record(at, stmts[PIECE_LIST], &k->list_bytes, err);
	if (rc > 0)
		rc = ask_record(at, stmts[PIECE_TOTALS], &k->totals_bytes, err);
	return rc <= 0 ? rc
	               : read_list(&k->list, buf_view(&k->list_bytes)) &&
	                     read_totals(&k->totals, buf_view(&k->totals_bytes));
}

static int
put_known(struct store *at, sqlite3_stmt *const *stmts, const struct known *k, const struct index_pile *p,
    int64_t segment, int64_t leaves, struct err *err)
{
	struct buf list, totals;
	buf_init(&list, 0);
	bool ok = write_list(&list, &k->list, (uint64_t)segment, (uint64_t)leaves);
	if (leaves == 0) /* rows without words */
		buf_done(&list);
	else if (put_record(at, stmts[PIECE_PUT_LIST], ok, &list, err) < 0)
		return -1;
	buf_init(&totals, 0);
	ok = add_number(&totals, k->totals.rows + index_pile_rows(p)) &&
	     add_number(&totals, k->totals.words + index_pile_total(p));
	return put_record(at, stmts[PIECE_PUT_TOTALS], ok, &totals, err);
}

static int64_t
merge_now(const struct list *l, int64_t leaves)
{
	uint64_t units = (l->written + (uint64_t)leaves) / WORK_PAGES - l->written / WORK_PAGES;
	int64_t pages = (int64_t)(units * WORK_PAGES * (l->levels > 0 ? l->levels : 1));
	if (l->lowest + 1 >= CRISIS_SEGMENTS && pages < CRISIS_PAGES)
		pages = CRISIS_PAGES;
	return l->merges || l->most + 1 >= INDEX_MERGE_LEAST ? pages : 0;
}

static int
write_segment(struct store *at, sqlite3_stmt *const *stmts, const struct list *l, const struct index_pile *p,
    int64_t *leaves, int64_t *segment, struct err *err)
{
	struct writer *w = calloc(1, sizeof *w);
	if (w == NULL)
		return err_oom(err);
	w->at = at;
	w->stmts = stmts;
	for (w->segment = 1; l->used[w->segment]; w->segment++) /* there are fewer than SEGMENTS_MAX */
		continue;
	int rc = write_leaves(w, p, err);
	*leaves = w->leaf - 1;
	*segment = w->segment;
	free(w);
	return rc;
}

int
index_segment_write(struct store *at, sqlite3_stmt *const *stmts, const struct index_pile *sorted,
    int64_t *pages_to_merge, struct err *err)
{
	struct known k;
	int64_t leaves = 0, segment = 0;
	*pages_to_merge = 0;
	buf_init(&k.list_bytes, 0);
	buf_init(&k.totals_bytes, 0);
	int rc = ask_known(at, stmts, &k, err);
	if (rc > 0 && (write_segment(at, stmts, &k.list, sorted, &leaves, &segment, err) < 0 ||
	                  put_known(at, stmts, &k, sorted, segment, leaves, err) < 0))
		rc = -1;
	if (rc > 0)
		*pages_to_merge = merge_now(&k.list, leaves);
	buf_done(&k.list_bytes);
	buf_done(&k.totals_bytes);
	return rc;
}
