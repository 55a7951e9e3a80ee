#include "tap.h"

#include "story/identity.h"

#include <stdlib.h>

#define ITEM(g, l, ti, te) \
	{ \
		.guid = STR_LIT(g), .link = STR_LIT(l), .title = STR_LIT(ti), .text = STR_LIT(te) \
	}

static bool
same(struct hash128 a, struct hash128 b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

static bool
is_zero(struct hash128 h)
{
	return h.lo == 0 && h.hi == 0;
}

static struct story_identity
identify(struct story_source item)
{
	struct story_identity id;
	ck_assert_int_eq(story_identify(&item, 1, &id), 0);
	return id;
}

START_TEST(test_the_key_is_the_guid_else_the_link_else_the_content)
{
	struct story_identity guid = identify((struct story_source)ITEM("g1", "https://example.org/1", "T", "x"));
	struct story_identity link = identify((struct story_source)ITEM(" \n", "https://example.org/1", "T", "x"));
	struct story_identity content = identify((struct story_source)ITEM("", "", "T", "x"));
	ck_assert_int_eq(guid.kind, STORY_KEY_GUID);
	ck_assert_int_eq(link.kind, STORY_KEY_LINK);
	ck_assert_int_eq(content.kind, STORY_KEY_CONTENT);
	ck_assert(is_zero(content.link) && is_zero(content.alias));
	ck_assert(!is_zero(link.link) && same(link.link, guid.link));
	ck_assert(same(guid.content, content.content));
}
END_TEST

START_TEST(test_a_link_as_guid_and_as_link_are_different_keys)
{
	struct story_identity a = identify((struct story_source)ITEM("https://example.org/1", "", "T", "x"));
	struct story_identity b = identify((struct story_source)ITEM("", "https://example.org/1", "T", "x"));
	ck_assert(!same(a.key, b.key));
}
END_TEST

START_TEST(test_guids_are_never_folded)
{
	static const struct story_source items[] = {ITEM("https://example.org/A", "", "T", ""),
	    ITEM("https://example.org/a", "", "T", ""), ITEM("https://example.org/%61", "", "T", ""),
	    ITEM("http://example.org/a", "", "T", "")};
	struct story_identity id[4];
	ck_assert_int_eq(story_identify(items, 4, id), 0);
	for (int i = 0; i < 4; i++) {
		for (int j = 0; j < i; j++)
			ck_assert(!same(id[i].key, id[j].key));
	}
}
END_TEST

START_TEST(test_a_guid_shared_by_different_items_falls_to_guid_and_link)
{
	static const struct story_source items[] = {ITEM("g", "https://example.org/1", "One", ""),
	    ITEM("g", "https://example.org/2", "Two", ""), ITEM("h", "https://example.org/3", "Three", "")};
	struct story_identity id[3];
	ck_assert_int_eq(story_identify(items, 3, id), 0);
	ck_assert_int_eq(id[0].kind, STORY_KEY_GUID_LINK);
	ck_assert_int_eq(id[1].kind, STORY_KEY_GUID_LINK);
	ck_assert_int_eq(id[2].kind, STORY_KEY_GUID);
	ck_assert(!same(id[0].key, id[1].key));
	/* such keys do not hang on the title while the link tells the items apart */
	static const struct story_source edited[] = {
	    ITEM("g", "https://example.org/1", "One, edited", ""), ITEM("g", "https://example.org/2", "Two", "")};
	struct story_identity again[2];
	ck_assert_int_eq(story_identify(edited, 2, again), 0);
	ck_assert(same(id[0].key, again[0].key) && same(id[1].key, again[1].key));
}
END_TEST

START_TEST(test_items_that_share_guid_and_link_are_told_apart_by_title)
{
	static const struct story_source items[] = {
	    ITEM("g", "https://example.org/", "One", ""), ITEM("g", "https://example.org/", "Two", "")};
	struct story_identity id[2];
	ck_assert_int_eq(story_identify(items, 2, id), 0);
	ck_assert(!same(id[0].key, id[1].key));
	ck_assert(is_zero(id[0].alias) && is_zero(id[1].alias));
}
END_TEST

START_TEST(test_items_that_share_a_link_as_key_are_told_apart_by_title)
{
	static const struct story_source items[] = {
	    ITEM("", "https://example.org/", "One", ""), ITEM("", "https://example.org/", "Two", "")};
	struct story_identity id[2];
	ck_assert_int_eq(story_identify(items, 2, id), 0);
	ck_assert(!same(id[0].key, id[1].key));
}
END_TEST

START_TEST(test_items_that_share_everything_but_their_text_are_told_apart_by_it)
{
	static const struct story_source items[] = {ITEM("", "https://example.org/news", "Report", "October was quiet."),
	    ITEM("", "https://example.org/news", "Report", "November was not."),
	    ITEM("g", "https://example.org/b", "", "One note"), ITEM("g", "https://example.org/b", "", "Another note")};
	struct story_identity id[4];
	ck_assert_int_eq(story_identify(items, 4, id), 0);
	ck_assert(!same(id[0].key, id[1].key));
	ck_assert(!same(id[2].key, id[3].key));
	ck_assert_int_eq(id[0].kind, STORY_KEY_CONTENT);
	ck_assert_int_eq(id[2].kind, STORY_KEY_GUID_LINK);
}
END_TEST

START_TEST(test_items_that_are_nothing_but_an_enclosure_are_told_apart_by_it)
{
	static const struct story_source items[] = {{.enclosure = STR_LIT("https://example.org/1.mp3")},
	    {.enclosure = STR_LIT("https://example.org/2.mp3")}, {.enclosure = STR_LIT("https://example.org/1.mp3")}};
	struct story_identity id[3];
	ck_assert_int_eq(story_identify(items, 3, id), 0);
	ck_assert(!same(id[0].key, id[1].key));
	ck_assert(same(id[0].key, id[2].key));
}
END_TEST

START_TEST(test_a_copy_within_one_document_is_the_same_item)
{
	static const struct story_source items[] = {
	    ITEM("g", "https://example.org/1", "One", "text"), ITEM("g", "https://example.org/1", "One", "text")};
	struct story_identity id[2];
	ck_assert_int_eq(story_identify(items, 2, id), 0);
	ck_assert_int_eq(id[0].kind, STORY_KEY_GUID);
	ck_assert(same(id[0].key, id[1].key));
	ck_assert(!is_zero(id[0].alias) && same(id[0].alias, id[1].alias));
}
END_TEST

START_TEST(test_anchors_of_one_page_are_different_items)
{
	struct story_identity a = identify((struct story_source)ITEM("", "https://example.org/news#v1", "T", ""));
	struct story_identity b = identify((struct story_source)ITEM("", "https://example.org/news#v2", "T", ""));
	ck_assert(!same(a.key, b.key));
	ck_assert(same(a.link, b.link));
}
END_TEST

START_TEST(test_the_alias_survives_new_guids_and_a_move_to_https)
{
	struct story_identity a =
	    identify((struct story_source)ITEM("4711", "http://www.example.org/1?utm_source=rss", "One", "Text."));
	struct story_identity b = identify((struct story_source)ITEM("xyz", "https://example.org/1", "One", "Text."));
	struct story_identity c =
	    identify((struct story_source)ITEM("xyz", "https://example.org/1", "One", "Another text."));
	ck_assert(!same(a.key, b.key));
	ck_assert(same(a.alias, b.alias));
	ck_assert(!same(a.alias, c.alias));
}
END_TEST

START_TEST(test_title_and_text_do_not_run_together)
{
	struct story_identity a = identify((struct story_source)ITEM("", "", "ab", "c"));
	struct story_identity b = identify((struct story_source)ITEM("", "", "a", "bc"));
	ck_assert(!same(a.key, b.key));
}
END_TEST

START_TEST(test_an_item_without_anything_still_has_a_key)
{
	struct story_source none = {.guid = STR_NONE};
	struct story_identity a = identify(none), b = identify((struct story_source)ITEM("", "", "", ""));
	ck_assert_int_eq(a.kind, STORY_KEY_CONTENT);
	ck_assert(same(a.key, b.key));
	ck_assert_int_eq(story_identify(&none, 0, &a), 0);
}
END_TEST

START_TEST(test_a_huge_binary_guid_is_a_key_like_any_other)
{
	size_t len = 1 << 20;
	char *bytes = malloc(len);
	ck_assert_ptr_nonnull(bytes);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(i * 7);
	struct story_identity a = identify((struct story_source){.guid = {bytes, len}});
	bytes[len - 1]++;
	struct story_identity b = identify((struct story_source){.guid = {bytes, len}});
	ck_assert_int_eq(a.kind, STORY_KEY_GUID);
	ck_assert(!same(a.key, b.key));
	free(bytes);
}
END_TEST

START_TEST(test_stored_keys_never_change)
{
	/* what databases out there hold: a change here makes every item new again */
	static const unsigned char content_bytes[16] = {
	    0xa0, 0x98, 0x0d, 0x6b, 0xd5, 0x96, 0xac, 0x88, 0xc4, 0x07, 0x56, 0x12, 0x48, 0x08, 0x65, 0x43};
	static const unsigned char key_bytes[16] = {
	    0x9a, 0xca, 0x57, 0x0c, 0xcc, 0x62, 0x4d, 0x86, 0x5a, 0x8a, 0x18, 0x6a, 0x75, 0x1d, 0x4b, 0x17};
	static const unsigned char link_bytes[16] = {
	    0x6a, 0xca, 0x5f, 0x16, 0x9c, 0xad, 0x7d, 0x2e, 0x62, 0xf7, 0xd6, 0x29, 0x53, 0x7a, 0x83, 0x81};
	struct story_identity a = identify((struct story_source)ITEM("g1", "https://example.org/1", "T", "x"));
	unsigned char key[16], link[16], content[16];
	hash128_bytes(a.key, key);
	hash128_bytes(a.link, link);
	hash128_bytes(a.content, content);
	ck_assert_mem_eq(key, key_bytes, 16);
	ck_assert_mem_eq(link, link_bytes, 16);
	ck_assert_mem_eq(content, content_bytes, 16);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_the_key_is_the_guid_else_the_link_else_the_content);
	tcase_add_test(tc, test_a_link_as_guid_and_as_link_are_different_keys);
	tcase_add_test(tc, test_guids_are_never_folded);
	tcase_add_test(tc, test_a_guid_shared_by_different_items_falls_to_guid_and_link);
	tcase_add_test(tc, test_items_that_share_guid_and_link_are_told_apart_by_title);
	tcase_add_test(tc, test_items_that_share_a_link_as_key_are_told_apart_by_title);
	tcase_add_test(tc, test_items_that_share_everything_but_their_text_are_told_apart_by_it);
	tcase_add_test(tc, test_items_that_are_nothing_but_an_enclosure_are_told_apart_by_it);
	tcase_add_test(tc, test_a_copy_within_one_document_is_the_same_item);
	tcase_add_test(tc, test_anchors_of_one_page_are_different_items);
	tcase_add_test(tc, test_the_alias_survives_new_guids_and_a_move_to_https);
	tcase_add_test(tc, test_title_and_text_do_not_run_together);
	tcase_add_test(tc, test_an_item_without_anything_still_has_a_key);
	tcase_add_test(tc, test_a_huge_binary_guid_is_a_key_like_any_other);
	tcase_add_test(tc, test_stored_keys_never_change);
}

int
main(void)
{
	return tap_run("story/identity", suite);
}
