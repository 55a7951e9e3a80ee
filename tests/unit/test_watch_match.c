#include "watch_fixture.h"

START_TEST(test_a_name_matches_in_any_case_and_without_diacritics)
{
	watch("kac", WATCH_PERSON, "pl", "Jarosław Kaczyński");
	compile();
	ck_found(NULL, "JAROSŁAW KACZYŃSKI said", "kac:JAROSŁAW KACZYŃSKI");
	ck_found(NULL, "then Jaroslaw Kaczynski.", "kac:Jaroslaw Kaczynski");
	ck_found(NULL, "jaroslaw kaczynski", "kac:jaroslaw kaczynski");
}
END_TEST

START_TEST(test_a_name_given_plain_matches_text_with_diacritics)
{
	watch("soe", WATCH_PERSON, "und", "Emmanuel Macron");
	watch("orb", WATCH_PERSON, "und", "Viktor Orban");
	compile();
	ck_found(NULL, "Viktor Orbán!", "orb:Viktor Orbán");
}
END_TEST

START_TEST(test_a_name_only_matches_whole_words)
{
	watch("iran", WATCH_PLACE, "und", "Iran");
	watch("wash", WATCH_PLACE, "und", "Washington");
	compile();
	ck_found(NULL, "Miran met Iranski", "");
	ck_found(NULL, "xIran Iranx 1Iran", "");
	ck_found(NULL, "(Iran), “Washington”-based", "iran:Iran wash:Washington");
}
END_TEST

START_TEST(test_every_script_has_its_boundaries)
{
	watch("xi", WATCH_PERSON, "zh", "习近平");
	watch("put", WATCH_PERSON, "ja", "プーチン");
	watch("thai", WATCH_PERSON, "th", "ปูติน");
	watch("ar", WATCH_PLACE, "ar", "إيران");
	compile();
	ck_found("zh", "国家主席习近平访问", "xi:习近平");
	ck_found("ja", "プーチン大統領は", "put:プーチン");
	ck_found("ja", "プーチンコ", "");
	ck_found("th", "ประธานาธิบดีปูตินกล่าว", "thai:ปูติน");
	ck_found("ar", "قالت ايران اليوم", "ar:ايران");
}
END_TEST

START_TEST(test_words_of_a_name_may_be_joined_in_other_ways)
{
	watch("rm", WATCH_PERSON, "und", "Jacob Rees-Mogg");
	watch("plan", WATCH_TOPIC, "en", "peace plan");
	compile();
	ck_found(NULL, "Jacob Rees Mogg; Jacob\nRees‑Mogg", "rm:Jacob Rees Mogg|Jacob\nRees‑Mogg");
	ck_found(NULL, "the peace-plan, a Peace  Plan", "plan:peace-plan|Peace  Plan");
	ck_found(NULL, "want peace. Plan ahead, for peace, plan", "");
}
END_TEST

START_TEST(test_signs_of_the_name_itself_may_stand_in_the_text)
{
	watch("jj", WATCH_ORG, "und", "Johnson & Johnson");
	watch("us", WATCH_ORG, "und", "U.S. Steel");
	compile();
	ck_found(
	    NULL, "Johnson & Johnson and U.S. Steel and U. S. Steel", "jj:Johnson & Johnson us:U.S. Steel|U. S. Steel");
}
END_TEST

START_TEST(test_the_longest_name_wins)
{
	watch("wp", WATCH_ORG, "und", "Washington Post");
	watch("w", WATCH_PLACE, "und", "Washington");
	compile();
	ck_found(NULL, "The Washington Post in Washington", "wp:Washington Post w:Washington");
}
END_TEST

START_TEST(test_topics_and_actors_do_not_hide_each_other)
{
	watch("nato", WATCH_ORG, "und", "NATO");
	watch("summit", WATCH_TOPIC, "en", "NATO summit");
	compile();
	ck_found(NULL, "the NATO summit", "nato:NATO summit:NATO summit");
}
END_TEST

START_TEST(test_two_actors_of_one_name_are_both_found)
{
	watch("a", WATCH_ORG, "und", "Mercury");
	watch("b", WATCH_PLACE, "und", "Mercury");
	compile();
	ck_found(NULL, "Mercury rises", "a:Mercury b:Mercury");
}
END_TEST

START_TEST(test_offsets_are_bytes_of_the_field_as_given)
{
	watch("z", WATCH_PERSON, "uk", "Володимир Зеленський");
	compile();
	ck_found("uk", "Київ: Володи́мир Зеленський.", "z:Володи́мир Зеленський");
	const struct watch_mention *m = &fx.result.hits[0].mentions[0];
	ck_assert_uint_eq(m->start, strlen("Київ: "));
	ck_assert_uint_eq(m->end, strlen("Київ: Володи́мир Зеленський"));
	ck_assert_str_is(m->name, "Володимир Зеленський");
	ck_assert_str_eq(m->rule, "fold");
}
END_TEST

START_TEST(test_fields_are_searched_and_cited_in_order)
{
	struct watch_input in = {.lang = STR_NONE};
	struct err err;
	watch("p", WATCH_PERSON, "und", "Vladimir Putin");
	compile();
	in.fields[WATCH_FIELD_CONTENT] = str_from("Vladimir Putin, then Vladimir Putin");
	in.fields[WATCH_FIELD_TITLE] = str_from("on Vladimir Putin");
	ck_assert_int_eq(watch_match(fx.list, &in, &fx.arena, &fx.result, &err), 0);
	ck_assert_uint_eq(fx.result.hit_count, 1);
	ck_assert_uint_eq(fx.result.hits[0].mention_count, 3);
	ck_assert_int_eq(fx.result.hits[0].mentions[0].field, WATCH_FIELD_TITLE);
	ck_assert_int_eq(fx.result.hits[0].mentions[1].field, WATCH_FIELD_CONTENT);
	ck_assert_uint_lt(fx.result.hits[0].mentions[1].start, fx.result.hits[0].mentions[2].start);
}
END_TEST

START_TEST(test_ill_formed_text_is_passed_over)
{
	watch("p", WATCH_PERSON, "und", "Vladimir Putin");
	compile();
	ck_found(NULL, "\xFF\xFE Vladimir Putin \xE2\x82", "p:Vladimir Putin");
	ck_found(NULL, "", "");
}
END_TEST

START_TEST(test_an_empty_list_finds_nothing)
{
	compile();
	ck_found(NULL, "Vladimir Putin", "");
	ck_assert_uint_eq(watchlist_count(fx.list), 0);
}
END_TEST

START_TEST(test_too_little_memory_is_an_error_not_a_crash)
{
	struct watch_input in = {.lang = STR_NONE};
	struct err err;
	struct arena tiny;
	watch("p", WATCH_PERSON, "und", "Vladimir Putin");
	compile();
	in.fields[WATCH_FIELD_TITLE] = str_from("Vladimir Putin and Vladimir Putin and Vladimir Putin");
	for (size_t max = 16; max < 4096; max += 16) {
		arena_init(&tiny, max);
		int r = watch_match(fx.list, &in, &tiny, &fx.result, &err);
		if (r < 0)
			ck_assert_int_eq(err.code, ERR_LIMIT);
		else
			ck_assert_uint_eq(fx.result.hits[0].mention_count, 3);
		arena_done(&tiny);
	}
}
END_TEST

/* Whether a father's name is one depends on the capitals of the item; what is remembered must not. */
START_TEST(test_what_is_remembered_of_an_item_is_true_of_the_next)
{
	static const char *const texts[] = {
	    "Там иван иванович петров", "иван иванович петров", "Там Иван иванович Петров", "Там Иван Иванович Петров"};
	static const char *const wanted[] = {"", "p:иван иванович петров", "p:Петров", "p:Иван Иванович Петров"};
	const size_t count = sizeof texts / sizeof *texts;
	watch("p", WATCH_PERSON, "und", "Иван Петров");
	compile();
	for (size_t i = 0; i < count * count; i++) {
		struct watch_memo *memo = watch_memo_new();
		ck_assert_ptr_nonnull(memo);
		ck_assert_str_is(found_with(memo, NULL, texts[i / count]), wanted[i / count]);
		ck_assert_str_is(found_with(memo, NULL, texts[i % count]), wanted[i % count]);
		watch_memo_free(memo);
	}
}
END_TEST

/* Two forms of one name that begin at words beside each other: the longer one yields to somebody else, the shorter one stands. */
START_TEST(test_the_shorter_form_of_a_name_stands_where_the_longer_one_yields)
{
	watch("una", WATCH_PERSON, "und", "Una Una Marsh");
	watch("bard", WATCH_PERSON, "und", "Una Bard");
	compile();
	ck_found(NULL, "Bard Una Una Marsh", "una:Una Marsh bard:Bard Una");
	ck_assert_str_eq(fx.result.hits[0].mentions[0].rule, "fold");
}
END_TEST

/* What stands beside a name is looked at as far as it tells something, and not as far as the text goes on so. */
START_TEST(test_a_text_of_one_word_ends_in_time)
{
	static const struct {
		const char *words;
		size_t hits;
	} texts[] = {{"WHO ", 0}, {"Le ", 0}, {"le ", 0}, {"Francis ", 0}, {"Varen ", 0}, {"A. Varen ", 1},
	    {"Varen A. ", 1}, {"Ann Varen ", 1}, {"Ann and ", 0}, {"Ann and Bob Varen ", 2}, {"de la Varen ", 0},
	    {"Bill ", 0}, {"O'Varen ", 0}};
	struct buf text;
	buf_init(&text, 0);
	watch("who", WATCH_ORG, "und", "WHO");
	watch("thi", WATCH_PERSON, "und", "Thi Le");
	watch("minh", WATCH_PERSON, "und", "Minh Le");
	watch("francis", WATCH_PERSON, "und", "Pope Francis");
	watch("ann", WATCH_PERSON, "und", "Ann Varen");
	watch("bob", WATCH_PERSON, "und", "Bob Varen");
	watch("william", WATCH_PERSON, "und", "William Varen");
	compile();
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		for (buf_reset(&text); text.len < 1000000;)
			buf_puts(&text, texts[i].words);
		arena_reset(&fx.arena);
		found("en", text.data);
		ck_assert_msg(fx.result.hit_count == texts[i].hits, "%s: %zu", texts[i].words, fx.result.hit_count);
	}
	buf_done(&text);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, test_a_name_matches_in_any_case_and_without_diacritics);
	tcase_add_test(tc, test_a_name_given_plain_matches_text_with_diacritics);
	tcase_add_test(tc, test_a_name_only_matches_whole_words);
	tcase_add_test(tc, test_every_script_has_its_boundaries);
	tcase_add_test(tc, test_words_of_a_name_may_be_joined_in_other_ways);
	tcase_add_test(tc, test_signs_of_the_name_itself_may_stand_in_the_text);
	tcase_add_test(tc, test_the_longest_name_wins);
	tcase_add_test(tc, test_topics_and_actors_do_not_hide_each_other);
	tcase_add_test(tc, test_two_actors_of_one_name_are_both_found);
	tcase_add_test(tc, test_offsets_are_bytes_of_the_field_as_given);
	tcase_add_test(tc, test_fields_are_searched_and_cited_in_order);
	tcase_add_test(tc, test_ill_formed_text_is_passed_over);
	tcase_add_test(tc, test_an_empty_list_finds_nothing);
	tcase_add_test(tc, test_what_is_remembered_of_an_item_is_true_of_the_next);
	tcase_add_test(tc, test_too_little_memory_is_an_error_not_a_crash);
	tcase_add_test(tc, test_the_shorter_form_of_a_name_stands_where_the_longer_one_yields);
	tcase_add_test(tc, test_a_text_of_one_word_ends_in_time);
}

int
main(void)
{
	return tap_run("watch/match", suite);
}
