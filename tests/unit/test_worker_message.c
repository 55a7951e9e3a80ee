#include "tap.h"

#include "rng.h"
#include "worker/message.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Values in which every field that is sent is set and none is zero, written without names: a field that is added to one of these
 * structs makes the compiler complain here (-Wmissing-field-initializers). Then every byte of them that is not zero must lie in a
 * field that the tables of worker/message.c know: a field that has no row there fails test_every_field_has_a_row.
 */
#define S(text) \
	{ \
		text, sizeof(text) - 1 \
	}

/* What stays behind in analysis is not set: nobody asks for it afterwards. */
#define NOT_SENT \
	{ \
		0 \
	}
static struct feed_item items[] = {
    {S("id"), 0, S("https://i.example/1"), S("Zelensky in Kyiv"), S("<p>s</p>"), S("<p>c</p>"), S("summary"),
        S("content \xD0\x97\xD0\xB5"), 1700000000000, TIME_NONE, S("en"), 0, NOT_SENT, 0, NOT_SENT, NOT_SENT, NOT_SENT,
        NULL, 0, NULL, 0, NULL, 0, NULL, 0},
};
static const uint32_t words[] = {11, 12, 13}, title_words[] = {21, 22};
static struct story_piece pieces[] = {{31, 1, 1}};
static struct watch_mention mentions[] = {{WATCH_FIELD_CONTENT, 8, 10, S("Zelensky"), "translit", S("zelensky")}};
static struct watch_hit hits[] = {{1, mentions, 1}};
static struct watch_given_up given_up[] = {{2, 1, WATCH_FIELD_CONTENT, WATCH_LIMIT_STEPS}};
static struct analysed_item analysed[] = {
    {{{1, 2}, STORY_KEY_CONTENT, {3, 4}, {5, 6}, {7, 8}, {9, 10}}, {words, title_words, pieces, 3, 2, 1, 2},
        {hits, 1, given_up, 1}, S("Ann, B"), S("label"), S("\x01<\0\x02"), S("\xff")},
};
static struct watch_mention page_mentions[] = {{WATCH_FIELD_ARTICLE, 3, 11, S("Zelensky"), "fold", S("zelensky")},
    {WATCH_FIELD_TITLE, 0, 4, S("Anna Beispiel"), "exact", S("anna beispiel")}};
static struct watch_hit page_hits[] = {{1, page_mentions, 2}};
static struct page_analysis page = {
    {S("The page"), S("https://p.example/"), S("de"), S("In Zelensky\n\nparagraphs")}, {page_hits, 1, given_up, 1}};
static struct analysis whole = {
    {FEED_FORMAT_COUNT - 1, S("namespace"), S("utf-8"), S("bom"), true, 7, S("reason"), S("repairs"), true, 3,
        S("yesterday"), S("title"), S("description"), S("https://d.example/"), S("https://d.example/self"),
        S("https://d.example/hub"), S("https://d.example/2"), S("id"), S("en"), S("generator"),
        S("https://d.example/i.png"), S("rights"), 1, -2, {60, 0xF0000001u, 0x41, 3600000}, NULL, 0, NULL, 0, items, 1},
    analysed,
    &page,
    1,
};
static struct analysis_job job = {
    .input = {.body = S("body \0 with anything \xFF"),
        .url = S("https://j.example/"),
        .content_type = S("text/xml"),
        .content_location = S("/there"),
        .content_language = S("de")},
    .language = S("uk"),
    .feed = S("feed"),
    .title = S("The Feed"),
    .tags = S("one two"),
    .page = true,
    .item = {S("de"), S("Anna \xD0\x97"), S("summary"), S("content"), S("https://i.example/"), S("Ann, B"), S("label")},
};
static struct worker_hello hello = {true, true};

static struct watchlist *watchlist;
static struct arena arena;

static void
setup(void)
{
	struct watch_builder *b = watch_builder_new();
	struct err err;
	ck_assert_int_eq(watch_add(b, STR_LIT("anna"), WATCH_PERSON, STR_LIT("und"), STR_LIT("Anna Beispiel"),
	                     (struct watch_origin){STR_NONE, 0}, &err),
	    0);
	ck_assert_int_eq(watch_add(b, STR_LIT("zel"), WATCH_PERSON, STR_LIT("und"), STR_LIT("Zelensky"),
	                     (struct watch_origin){STR_NONE, 0}, &err),
	    0);
	ck_assert_int_eq(watch_add_query(b, STR_LIT("rx"), WATCH_TOPIC, STR_LIT("harbour OR /h+x/"),
	                     (struct watch_origin){STR_NONE, 0}, &err),
	    0);
	watchlist = watch_compile(b, &err);
	ck_assert_ptr_nonnull(watchlist);
	watch_builder_free(b);
	arena_init(&arena, 0);
}

static void
teardown(void)
{
	arena_done(&arena);
	watchlist_free(watchlist);
}

/* ---- coverage ---- */

static void check_covered(const struct wire_type *type, const char *value);

/* Which bytes a row speaks for. */
static void
mark(const struct wire_type *type, const struct wire_field *f, size_t base, bool *covered)
{
	bool pointer = f->kind == WIRE_ARRAY || f->kind == WIRE_BESIDE || f->kind == WIRE_BLOCK;
	size_t from = base + f->offset, to = from + (pointer ? sizeof(void *) : f->size);
	if (f->kind == WIRE_STRUCT) {
		for (size_t i = 0; i < f->type->field_count; i++)
			mark(f->type, &f->type->fields[i], from, covered);
		return;
	}
	memset(covered + from, true, to - from);
	if (pointer)
		memset(covered + base + f->count_offset, true, f->kind == WIRE_BLOCK ? f->count_size : sizeof(size_t));
}

static void
check_below(const struct wire_type *type, const char *value)
{
	for (size_t i = 0; i < type->field_count; i++) {
		const struct wire_field *f = &type->fields[i];
		if (f->kind == WIRE_STRUCT)
			check_below(f->type, value + f->offset);
		else if (f->kind == WIRE_ARRAY || f->kind == WIRE_BESIDE)
			check_covered(f->type, *(const char *const *)(value + f->offset));
	}
}

static void
check_covered(const struct wire_type *type, const char *value)
{
	bool covered[2048] = {false};
	ck_assert_ptr_nonnull(value);
	ck_assert_uint_le(type->size, sizeof covered);
	for (size_t i = 0; i < type->field_count; i++)
		mark(type, &type->fields[i], 0, covered);
	for (size_t i = 0; i < type->size; i++)
		ck_assert_msg(covered[i] || value[i] == 0, "struct %s: the field at byte %zu has no row", type->name, i);
	check_below(type, value);
}

START_TEST(test_every_field_has_a_row)
{
	check_covered(&analysis_type, (const char *)&whole);
	check_covered(&worker_job_type, (const char *)&job);
	check_covered(&worker_hello_type, (const char *)&hello);
}
END_TEST

/* ---- there and back ---- */

/* Equal in every field that the tables know; strings by what they say. */
static void check_same(const struct wire_type *type, const char *a, const char *b);

static void
check_same_field(const struct wire_type *type, const struct wire_field *f, const char *a, const char *b)
{
	const char *x = a + f->offset, *y = b + f->offset;
	struct str s, t;
	switch (f->kind) {
	case WIRE_STR:
	case WIRE_OCTETS:
		s = *(const struct str *)x;
		t = *(const struct str *)y;
		ck_assert_msg(str_eq(s, t) && (s.s == NULL) == (t.s == NULL), "%s.%s", type->name, f->name);
		break;
	case WIRE_WORD:
		ck_assert_str_eq(*(const char *const *)x, *(const char *const *)y);
		break;
	case WIRE_BLOCK:
		ck_assert_mem_eq(a + f->count_offset, b + f->count_offset, f->count_size);
		if (*(const void *const *)y != NULL)
			ck_assert_mem_eq(*(const char *const *)x, *(const char *const *)y, f->size);
		break;
	case WIRE_STRUCT:
		check_same(f->type, x, y);
		break;
	case WIRE_ARRAY:
	case WIRE_BESIDE:
		ck_assert_mem_eq(a + f->count_offset, b + f->count_offset, sizeof(size_t));
		for (size_t i = 0; i < *(const size_t *)(a + f->count_offset); i++)
			check_same(f->type, *(const char *const *)x + i * f->type->size,
			    *(const char *const *)y + i * f->type->size);
		break;
	default:
		ck_assert_msg(memcmp(x, y, f->size) == 0, "%s.%s", type->name, f->name);
	}
}

static void
check_same(const struct wire_type *type, const char *a, const char *b)
{
	for (size_t i = 0; i < type->field_count; i++)
		check_same_field(type, &type->fields[i], a, b);
}

static struct str
answer_of(struct buf *b, const struct analysis *a)
{
	struct err none = {.code = ERR_NONE};
	buf_init(b, 0);
	message_put_answer(b, a, &none);
	ck_assert(!b->failed);
	ck_assert_int_eq(
	    wire_head_get((const unsigned char *)b->data, MESSAGE_ANSWER_MAX), (int64_t)(b->len - WIRE_HEAD));
	return (struct str){b->data + WIRE_HEAD, b->len - WIRE_HEAD};
}

START_TEST(test_an_analysis_arrives_as_it_was_sent)
{
	struct analysis got;
	struct err err;
	struct buf b;
	struct str message = answer_of(&b, &whole);
	ck_assert_msg(message_get_answer(message, watchlist, &arena, &got, &err) == 0, "%s", err.msg);
	ck_assert_int_eq(err.code, ERR_NONE);
	check_same(&analysis_type, (const char *)&whole, (const char *)&got);
	ck_assert_str_is(got.doc.items[0].title, "Zelensky in Kyiv");
	ck_assert_int_eq(got.doc.items[0].title.s[got.doc.items[0].title.len], '\0');
	ck_assert_int_eq(got.doc.items[0].updated_at, TIME_NONE);
	ck_assert_int_eq(got.doc.published_at, 1);
	ck_assert_int_eq(got.doc.updated_at, -2);
	buf_done(&b);
}
END_TEST

START_TEST(test_what_is_not_there_stays_not_there)
{
	struct analysis nothing = {.doc = {.format = FEED_UNKNOWN, .title = STR_NONE, .link = S("")}}, got;
	struct err err;
	struct buf b;
	ck_assert_int_eq(message_get_answer(answer_of(&b, &nothing), watchlist, &arena, &got, &err), 0);
	ck_assert_ptr_null(got.doc.title.s);
	ck_assert_ptr_nonnull(got.doc.link.s);
	ck_assert_uint_eq(got.doc.link.len, 0);
	ck_assert_uint_eq(got.doc.item_count, 0);
	buf_done(&b);
}
END_TEST

START_TEST(test_an_error_arrives_with_its_words)
{
	struct err sent, got;
	struct analysis unused;
	struct buf b;
	buf_init(&b, 0);
	err_set(&sent, ERR_NOT_A_FEED, "this is a page \xFF");
	message_put_answer(&b, &unused, &sent);
	ck_assert_int_eq(
	    message_get_answer((struct str){b.data + WIRE_HEAD, b.len - WIRE_HEAD}, watchlist, &arena, &unused, &got),
	    0);
	ck_assert_int_eq(got.code, ERR_NOT_A_FEED);
	ck_assert_str_eq(got.msg, "this is a page ");
	buf_done(&b);
}
END_TEST

START_TEST(test_a_job_arrives_with_its_body_behind_it)
{
	struct analysis_job got;
	struct err err;
	struct buf b;
	buf_init(&b, 0);
	message_put_job(&b, &job);
	ck_assert_int_eq(wire_head_get((const unsigned char *)b.data, MESSAGE_JOB_MAX),
	    (int64_t)(b.len - WIRE_HEAD + job.input.body.len));
	buf_str(&b, job.input.body);
	ck_assert_msg(
	    message_get_job((struct str){b.data + WIRE_HEAD, b.len - WIRE_HEAD}, &got, &err) == 0, "%s", err.msg);
	check_same(&worker_job_type, (const char *)&job, (const char *)&got);
	buf_done(&b);
}
END_TEST

/* ---- real documents ---- */

/* The words that names were looked for in are those that the item is compared by: its title's, and those of what says more. */
static void
check_features(const struct analysis *a)
{
	struct story_features f;
	struct err err;
	for (size_t i = 0; i < a->doc.item_count; i++) {
		const struct feed_item *item = &a->doc.items[i];
		const struct story_features *got = &a->items[i].features;
		struct str content = item->content_text, summary = item->summary_text;
		struct story_text t = {item->title, content.s == NULL || summary.len > content.len ? summary : content};
		ck_assert_int_eq(story_features(&t, &arena, &f, &err), 0);
		ck_assert(f.word_count == got->word_count && f.title_count == got->title_count &&
		          f.piece_count == got->piece_count && f.dateline == got->dateline);
		ck_assert(memcmp(f.words, got->words, f.word_count * sizeof *f.words) == 0);
		ck_assert(memcmp(f.title_words, got->title_words, f.title_count * sizeof *f.title_words) == 0);
		ck_assert(memcmp(f.pieces, got->pieces, f.piece_count * sizeof *f.pieces) == 0);
	}
}

static void
check_document(const char *path)
{
	char body[65536];
	FILE *f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "%s", path);
	struct analysis_job doc = {
	    .input.body = {body, fread(body, 1, sizeof body, f)}, .input.url = S("https://d.example/")};
	struct analysis sent, got;
	struct err err;
	struct buf b;
	fclose(f);
	arena_reset(&arena);
	if (analyse(&doc, &feed_limits_default, watchlist, &arena, &sent, &err) < 0)
		return;
	check_features(&sent);
	ck_assert_msg(
	    message_get_answer(answer_of(&b, &sent), watchlist, &arena, &got, &err) == 0, "%s: %s", path, err.msg);
	check_same(&analysis_type, (const char *)&sent, (const char *)&got);
	buf_done(&b);
}

/* Whatever the analysis gives is taken: every feed of the demonstration, and some in which numbers make words of several. */
START_TEST(test_what_analysis_gives_is_taken)
{
	char pattern[4096];
	const char *top = getenv("top_srcdir");
	glob_t found;
	snprintf(pattern, sizeof pattern, "%s/conf/demo/*", top != NULL ? top : ".");
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	ck_assert_uint_gt(found.gl_pathc, 5);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check_document(found.gl_pathv[i]);
	globfree(&found);
	for (unsigned n = 0; n < 40; n++) {
		struct analysis sent, got;
		struct err err;
		struct buf b;
		char text[512];
		snprintf(text, sizeof text,
		    "<rss version='2.0'><channel><item><title>%u.%u,%u of 1 000 000 say %u</title><description>12 "
		    "(Kyiv) - "
		    "3.5 %u</description></item></channel></rss>",
		    n, n * 7, n * 13, n, n);
		struct analysis_job doc = {.input.body = str_from(text)};
		ck_assert_int_eq(analyse(&doc, &feed_limits_default, watchlist, &arena, &sent, &err), 0);
		ck_assert_msg(
		    message_get_answer(answer_of(&b, &sent), watchlist, &arena, &got, &err) == 0, "%s", err.msg);
		buf_done(&b);
	}
}
END_TEST

/* ---- what is not trusted ---- */

static bool
refused(const struct analysis *a)
{
	struct analysis got;
	struct err err;
	struct buf b;
	int rc = message_get_answer(answer_of(&b, a), watchlist, &arena, &got, &err);
	buf_done(&b);
	ck_assert(rc == 0 || err.code == ERR_SYNTAX);
	return rc < 0;
}

#define REFUSED(place, value) \
	do { \
		__typeof__(place) before_ = (place); \
		(place) = (value); \
		ck_assert_msg(refused(&whole), "%s = %s is taken", #place, #value); \
		(place) = before_; \
		ck_assert(!refused(&whole)); \
	} while (0)

START_TEST(test_what_cannot_be_is_refused)
{
	REFUSED(mentions[0].end, 100);
	REFUSED(mentions[0].end, 9); /* inside a character */
	REFUSED(mentions[0].start, 9);
	REFUSED(mentions[0].start, 10);
	REFUSED(mentions[0].field, WATCH_FIELD_ARTICLE); /* this item has none */
	REFUSED(mentions[0].field, (enum watch_field)99);
	REFUSED(mentions[0].rule, "guess");
	REFUSED(mentions[0].rule, NULL);
	REFUSED(hits[0].entity, 3);
	REFUSED(given_up[0].entity, 1); /* has no query */
	REFUSED(given_up[0].entity, 3);
	REFUSED(given_up[0].leaf, 0); /* is a word */
	REFUSED(given_up[0].leaf, 2);
	REFUSED(given_up[0].field, WATCH_FIELD_COUNT);
	REFUSED(given_up[0].limit, WATCH_LIMIT_NONE);
	REFUSED(given_up[0].limit, WATCH_LIMIT_COUNT);
	REFUSED(hits[0].mention_count, 0);
	REFUSED(pieces[0].to, STORY_TITLE_MAX);
	REFUSED(pieces[0].from, 2);
	REFUSED(analysed[0].features.dateline, 4);
	REFUSED(whole.doc.format, FEED_FORMAT_COUNT);
	REFUSED(analysed[0].identity.kind, (enum story_key_kind)77);
	REFUSED(items[0].title, ((struct str)S("not \xFF UTF-8")));
	REFUSED(items[0].title, ((struct str)S("a \0 inside")));
}
END_TEST

/* Any change of any byte is refused or gives a value that keeps all promises: no crash, nothing outside the message. */
static bool
page_refused(void)
{
	struct analysis got;
	struct err err;
	struct buf b;
	ck_assert_int_eq(message_get_answer(answer_of(&b, &whole), watchlist, &arena, &got, &err), 0);
	int rc = message_check_page(&got, &job, watchlist, &err);
	ck_assert(rc == 0 || err.code == ERR_SYNTAX);
	buf_done(&b);
	return rc < 0;
}

#define PAGE_REFUSED(place, value) \
	do { \
		__typeof__(place) before_ = (place); \
		(place) = (value); \
		ck_assert_msg(page_refused(), "%s = %s is taken", #place, #value); \
		(place) = before_; \
		ck_assert(!page_refused()); \
	} while (0)

START_TEST(test_mentions_of_a_page_lie_in_what_was_sent_and_in_what_came)
{
	PAGE_REFUSED(page_mentions[0].end, 100);
	PAGE_REFUSED(page_mentions[0].start, 11);
	PAGE_REFUSED(page_mentions[1].end, 6); /* inside a character of the title that was sent */
	PAGE_REFUSED(page_hits[0].entity, 3);
	PAGE_REFUSED(page_hits[0].mention_count, 0);
	PAGE_REFUSED(whole.page_count, 0);
}
END_TEST

START_TEST(test_damaged_answers_do_no_harm)
{
	struct buf b;
	struct str message = answer_of(&b, &whole);
	uint64_t rng = (uint64_t)_i + 1;
	for (int round = 0; round < 400; round++) {
		struct arena scratch;
		struct analysis got;
		struct err err;
		char *copy = malloc(message.len); /* of its own, so that a step outside shows */
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, message.s, message.len);
		size_t len = round % 4 == 0 ? rng_below(&rng, message.len) : message.len;
		for (unsigned n = 1 + (unsigned)rng_below(&rng, 3); n > 0; n--)
			copy[rng_below(&rng, message.len)] = (char)rng_next(&rng);
		arena_init(&scratch, 1 << 20);
		if (message_get_answer((struct str){copy, len}, watchlist, &scratch, &got, &err) == 0 &&
		    err.code == ERR_NONE) {
			struct buf again;
			answer_of(&again, &got); /* reads all of it */
			buf_done(&again);
		}
		arena_done(&scratch);
		free(copy);
	}
	buf_done(&b);
}
END_TEST

START_TEST(test_a_count_costs_nothing_until_its_elements_are_there)
{
	/* feed_doc with 100,000 items in a message that ends there */
	static const char claim[] =
	    "\x83\x00\xF6\x81\x83\x98\x1A\x00\xF6\xF6\xF6\x00\x00\xF6\xF6\x00\x00\xF6\xF6\xF6\xF6\xF6\xF6\xF6\xF6\xF6"
	    "\xF6\xF6\xF6\x00\x00\x84\x00\x00\x00\x00\x9A\x00\x01\x86\xA0";
	struct analysis got;
	struct err err;
	struct arena small;
	arena_init(&small, 16384);
	ck_assert_int_eq(message_get_answer((struct str)S(claim), watchlist, &small, &got, &err), -1);
	ck_assert_int_eq(err.code, ERR_SYNTAX);
	ck_assert_msg(strstr(err.msg, "items") != NULL, "%s", err.msg);
	arena_done(&small);
}
END_TEST

/* The elements of the first block that has these bytes, in a message. */
static char *
elements_in(char *message, size_t len)
{
	char *at = memmem(message, len, words, sizeof words);
	ck_assert_ptr_nonnull(at);
	return at;
}

START_TEST(test_blocks_are_read_where_they_lie_or_copied_when_that_is_an_odd_place)
{
	struct buf b;
	struct str message = answer_of(&b, &whole);
	char *room = aligned_alloc(16, (message.len + 32) & ~(size_t)15);
	for (size_t off = 0; off < 9; off++) {
		struct analysis got;
		struct err err;
		memcpy(room + off, message.s, message.len);
		ck_assert_int_eq(
		    message_get_answer((struct str){room + off, message.len}, watchlist, &arena, &got, &err), 0);
		const uint32_t *view = got.items[0].features.words;
		ck_assert_uint_eq((uintptr_t)view % sizeof *view, 0);
		ck_assert_int_eq((const char *)view == elements_in(room + off, message.len), off % 8 == 0);
		check_same(&analysis_type, (const char *)&whole, (const char *)&got);
	}
	free(room);
	buf_done(&b);
}
END_TEST

START_TEST(test_elements_that_lie_nowhere_are_refused)
{
	static const char wrong[] = {0, 9, 100, -1};
	struct analysis got;
	struct err err;
	struct buf b;
	struct str message = answer_of(&b, &whole);
	char *before = elements_in(b.data, b.len) - 1;
	while (*before == 0)
		before--;
	ck_assert_int_eq(*before, elements_in(b.data, b.len) - before);
	char good = *before;
	for (size_t i = 0; i < sizeof wrong; i++) {
		*before = wrong[i];
		ck_assert_int_eq(message_get_answer(message, watchlist, &arena, &got, &err), -1);
		ck_assert_int_eq(err.code, ERR_SYNTAX);
		ck_assert_msg(strstr(err.msg, "nowhere") != NULL, "%s", err.msg);
	}
	*before = good;
	ck_assert_int_eq(message_get_answer(message, watchlist, &arena, &got, &err), 0);
	/* a block of no more than the filler: 20 bytes become 8 */
	ck_assert_int_eq((unsigned char)before[-1], 0x54);
	before[-1] = 0x48;
	ck_assert_int_eq(message_get_answer(message, watchlist, &arena, &got, &err), -1);
	ck_assert_msg(strstr(err.msg, "nowhere") != NULL, "%s", err.msg);
	buf_done(&b);
}
END_TEST

START_TEST(test_heads_tell_lengths_up_to_a_ceiling)
{
	unsigned char head[WIRE_HEAD];
	wire_head_put(head, 70000);
	ck_assert_int_eq(wire_head_get(head, 70000), 70000);
	ck_assert_int_eq(wire_head_get(head, 69999), -1);
	wire_head_put(head, UINT32_MAX);
	ck_assert_int_eq(wire_head_get(head, MESSAGE_ANSWER_MAX), -1);
	head[0] = 0x59;
	ck_assert_int_eq(wire_head_get(head, SIZE_MAX), -1);
	wire_head_put_beside(head, 70000);
	ck_assert_int_eq(wire_head_get(head, 70000), -1);
	ck_assert_int_eq(wire_head_get_beside(head, 70000), 70000);
	ck_assert_int_eq(wire_head_get_beside(head, 69999), -1);
	wire_head_put(head, 70000);
	ck_assert_int_eq(wire_head_get_beside(head, 70000), -1);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_every_field_has_a_row);
	tcase_add_test(tc, test_an_analysis_arrives_as_it_was_sent);
	tcase_add_test(tc, test_what_is_not_there_stays_not_there);
	tcase_add_test(tc, test_an_error_arrives_with_its_words);
	tcase_add_test(tc, test_a_job_arrives_with_its_body_behind_it);
	tcase_add_test(tc, test_what_analysis_gives_is_taken);
	tcase_add_test(tc, test_what_cannot_be_is_refused);
	tcase_add_test(tc, test_mentions_of_a_page_lie_in_what_was_sent_and_in_what_came);
	tcase_add_loop_test(tc, test_damaged_answers_do_no_harm, 0, 5);
	tcase_add_test(tc, test_a_count_costs_nothing_until_its_elements_are_there);
	tcase_add_test(tc, test_blocks_are_read_where_they_lie_or_copied_when_that_is_an_odd_place);
	tcase_add_test(tc, test_elements_that_lie_nowhere_are_refused);
	tcase_add_test(tc, test_heads_tell_lengths_up_to_a_ceiling);
}

int
main(void)
{
	return tap_run("worker/message", suite);
}
