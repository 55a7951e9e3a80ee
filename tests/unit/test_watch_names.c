#include "watch_fixture.h"

#include "text/fold.h"
#include "watch/given.h"

START_TEST(test_slavic_endings_are_followed)
{
	watch("t", WATCH_PERSON, "und", "Tomasz Nowicki");
	watch("b", WATCH_PERSON, "cs", "Pavel Novák");
	compile();
	ck_found("pl", "z Tomaszem Nowickim i dla Tomasza Nowickiego", "t:Tomaszem Nowickim|Tomasza Nowickiego");
	ck_found("cs", "s Pavlem Novákem o Pavlu Novákovi", "b:Pavlem Novákem|Pavlu Novákovi");
	ck_found("uk", "з Томашем Новицьким", "t:Томашем Новицьким");
}
END_TEST

START_TEST(test_other_families_of_languages_are_followed)
{
	watch("m", WATCH_PERSON, "und", "Martin Keller");
	watch("k", WATCH_PLACE, "fi", "Moskova");
	compile();
	ck_found("de", "Martin Kellers Plan", "m:Martin Kellers");
	ck_found("lt", "Martinas Kelleris, Martino Kellerio", "m:Martinas Kelleris|Martino Kellerio");
	ck_found("fi", "Moskovassa ja Moskovaan", "k:Moskovassa|Moskovaan");
	ck_found("hu", "Martin Kellernek", "m:Martin Kellernek");
	ck_found("en", "Martin Keller's plan", "m:Martin Keller");
}
END_TEST

START_TEST(test_an_ending_of_another_language_does_not_count)
{
	watch("b", WATCH_PLACE, "und", "Berlin");
	compile();
	ck_found("pl", "w Berlinie", "b:Berlinie");
	ck_found("en", "the Berlinie group", "");
}
END_TEST

START_TEST(test_a_latin_name_is_found_in_other_scripts)
{
	watch("p", WATCH_PERSON, "und", "Vladimir Putin");
	compile();
	ck_found("ru", "Встреча с Владимиром Путиным", "p:Владимиром Путиным");
	ck_found("el", "Ο Βλαντίμιρ Πούτιν", "p:Βλαντίμιρ Πούτιν");
	ck_found("ka", "ვლადიმერ პუტინი", "p:ვლადიმერ პუტინი");
	ck_found("hy", "Վլադիմիր Պուտին", "p:Վլադիմիր Պուտին");
	ck_found("ar", "قال فلاديمير بوتين", "p:فلاديمير بوتين");
	ck_found("hi", "व्लादिमीर पुतिन ने", "p:व्लादिमीर पुतिन");
}
END_TEST

START_TEST(test_a_name_in_another_script_is_found_in_latin)
{
	watch("z", WATCH_PERSON, "uk", "Володимир Зеленський");
	compile();
	ck_found("en", "Volodymyr Zelenskyy", "z:Volodymyr Zelenskyy");
	ck_found("de", "Wolodymyr Selenskyj", "z:Wolodymyr Selenskyj");
	ck_found("pl", "Wołodymyra Zełenskiego", "z:Wołodymyra Zełenskiego");
}
END_TEST

START_TEST(test_scripts_of_syllables_write_foreign_sounds_with_those_they_have)
{
	watch("g", WATCH_PERSON, "en", "Viktor Valentinov");
	watch("h", WATCH_PERSON, "en", "Marcus Halden");
	watch("s", WATCH_PERSON, "es", "Roberto Sanchez");
	watch("f", WATCH_PERSON, "es", "Felipe Gonzalo");
	watch("w", WATCH_PERSON, "ru", "Vladislav Martinov");
	compile();
	ck_found("ja", "ヴィクトル・ヴァレンチノフ大統領とビクトル・バレンチノフ",
	    "g:ヴィクトル・ヴァレンチノフ|ビクトル・バレンチノフ");
	ck_found("ja", "マルクス・ハルデンとロベルト・サンチェス、フェリペ・ゴンサロ",
	    "h:マルクス・ハルデン s:ロベルト・サンチェス f:フェリペ・ゴンサロ");
	ck_found("ja", "ウラジスラフ・マルチノフ氏", "w:ウラジスラフ・マルチノフ");
	ck_found("ko", "빅토르 발렌티노프 대통령은", "g:빅토르 발렌티노프");
	ck_found("ja", "ビクトル・マルチネス、ロベルト・サンタナ、マリア・ハルデン", "");
	ck_found("ko", "빅토리아 발렌타인 로베르토 산타나", "");
}
END_TEST

START_TEST(test_a_name_in_katakana_or_hangul_is_found_in_latin)
{
	watch("j", WATCH_PERSON, "ja", "ロベルト・バレンチノフ");
	watch("k", WATCH_PERSON, "ko", "빅토르 발렌티노프");
	compile();
	ck_found("en", "Roberto Valentinov and Viktor Valentinov", "j:Roberto Valentinov k:Viktor Valentinov");
	ck_found("en", "Roberta Valencia, Victoria Barents", "");
}
END_TEST

START_TEST(test_a_chinese_name_is_found_in_pinyin)
{
	watch("m", WATCH_PERSON, "zh", "毛连庆");
	watch("o", WATCH_PERSON, "zh-Hant", "歐陽志遠");
	watch("s", WATCH_PERSON, "und", "单国强");
	watch("a", WATCH_PERSON, "zh", "毛建安");
	watch("j", WATCH_PERSON, "ja", "林国立");
	watch("p", WATCH_PLACE, "zh", "林国立");
	compile();
	ck_found("en", "Mao Lianqing, MAO LIANQING, Mao Lian-qing, Lianqing Mao, Máo Liánqìng",
	    "m:Mao Lianqing|MAO LIANQING|Mao Lian-qing|Lianqing Mao|Máo Liánqìng");
	ck_assert_str_eq(fx.result.hits[0].mentions[0].rule, "translit");
	ck_assert_str_is(fx.result.hits[0].mentions[0].name, "毛连庆");
	ck_found("en", "Ouyang Zhiyuan", "o:Ouyang Zhiyuan");
	ck_found("en", "Shan Guoqiang and Dan Guoqiang", "s:Shan Guoqiang"); /* as a family name 单 is Shan */
	ck_found("en", "Mao Jian'an", "a:Mao Jian'an");
	ck_found("en", "Mao said; Lianqing; Mao Lianqiu, Lin Guoli", "");
	ck_found("zh", "毛连庆说", "m:毛连庆");
}
END_TEST

START_TEST(test_arabic_and_hebrew_words_are_found_behind_what_is_written_on)
{
	watch("i", WATCH_ORG, "ar", "لبنان");
	watch("h", WATCH_ORG, "he", "לבנון");
	compile();
	ck_found("ar", "ولبنان وفي بلبنان", "i:ولبنان|بلبنان");
	ck_found("he", "בלבנון ומלבנון", "h:בלבנון|ומלבנון");
}
END_TEST

START_TEST(test_order_and_initials_do_not_matter)
{
	watch("p", WATCH_PERSON, "und", "Vladimir Putin");
	compile();
	ck_found("ru", "В. В. Путин и Путин В.В.", "p:В. В. Путин|Путин В.В");
	ck_found("en", "PUTIN, Vladimir", "p:PUTIN, Vladimir");
	ck_found("en", "then Vladimir Vladimirovich Putin", "p:Vladimir Vladimirovich Putin");
}
END_TEST

START_TEST(test_a_family_name_counts_alone_when_nobody_else_is_meant)
{
	watch("k", WATCH_PERSON, "und", "Jared Kushner");
	compile();
	ck_found("en", "Then Kushner spoke", "k:Kushner");
	ck_found("en", "They heard that Tony Kushner spoke", "");
	ck_found("en", "They asked Jared Kushner, and then Kushner spoke", "k:Jared Kushner|Kushner");
	ck_found("en", "the Kushner Companies said", "");
	ck_found("en", "They say kushner is a word", "");
}
END_TEST

START_TEST(test_a_shared_family_name_belongs_to_who_is_named_in_full)
{
	watch("i", WATCH_PERSON, "und", "Imran Khan");
	watch("s", WATCH_PERSON, "und", "Sadiq Khan");
	compile();
	ck_found("en", "Sadiq Khan came; later Khan left", "s:Sadiq Khan|Khan");
	ck_found("en", "later Khan left", "");
}
END_TEST

START_TEST(test_initials_that_several_have_belong_to_who_is_named_in_full)
{
	watch("d", WATCH_PERSON, "und", "Dmitri Ivanov");
	watch("v", WATCH_PERSON, "und", "Viktor Ivanov");
	watch("w", WATCH_PERSON, "und", "Vladimir Ivanov");
	watch("x", WATCH_PERSON, "und", "Valery Ivanov");
	compile();
	ck_found("en", "V. Ivanov came; Ivanov V. left", "");
	ck_found("en", "D. Ivanov came", "d:D. Ivanov");
	ck_found("en", "Vladimir Ivanov came; later V. Ivanov left, and Ivanov V. said so",
	    "w:Vladimir Ivanov|V. Ivanov|Ivanov V");
	ck_found("en", "Viktor Ivanov and Vladimir Ivanov came; later V. Ivanov left",
	    "v:Viktor Ivanov w:Vladimir Ivanov|V. Ivanov");
	ck_found("ru", "Виктор Иванов пришел. Потом В. Иванов ушел, а Д. Иванов остался",
	    "d:Д. Иванов v:Виктор Иванов|В. Иванов");
}
END_TEST

START_TEST(test_initials_are_of_all_who_have_the_same_full_name)
{
	watch("m", WATCH_PERSON, "und", "Vladimir Ivanov");
	watch("n", WATCH_PERSON, "und", "Vladimir Ivanov");
	watch("o", WATCH_PERSON, "und", "Vladimir Ivanov");
	watch("p", WATCH_PERSON, "und", "Pyotr Ivanov");
	compile();
	ck_found("en", "V. Ivanov came", "m:V. Ivanov n:V. Ivanov o:V. Ivanov");
	ck_found("en", "P. Ivanov came, but Ivanov left", "p:P. Ivanov|Ivanov");
}
END_TEST

START_TEST(test_places_are_known_by_what_others_call_them)
{
	watch("de", WATCH_PLACE, "und", "Germany");
	watch("v", WATCH_PLACE, "und", "Vienna");
	compile();
	ck_found("ru", "из Германии в Вену", "de:Германии v:Вену");
	ck_found("fr", "en Allemagne, à Vienne", "de:Allemagne v:Vienne");
}
END_TEST

START_TEST(test_what_a_hyphen_joins_is_no_two_words_of_which_one_is_small)
{
	watch("q", WATCH_ORG, "en", "Al-Qaeda");
	compile();
	ck_found("pl", "Ale kiedy to będzie?", "");
	ck_found("pl", "Atak Al-Kaidy", "q:Al-Kaidy");
	ck_found("pl", "Atak Al Kaidy", "q:Al Kaidy");
	ck_found("en", "Al Qaeda and al-qaeda", "q:Al Qaeda|al-qaeda");
}
END_TEST

START_TEST(test_a_firm_is_found_without_its_legal_form)
{
	watch("s", WATCH_ORG, "und", "Siemens AG");
	watch("g", WATCH_ORG, "ru", "ОАО Газпром");
	watch("m", WATCH_ORG, "und", "Management Company");
	compile();
	ck_found("en", "Siemens Aktiengesellschaft, SiemensAG", "s:Siemens|SiemensAG");
	ck_found("ru", "акции Газпрома", "g:Газпрома");
	ck_found("en", "good Management helps", "");
}
END_TEST

START_TEST(test_an_acronym_is_no_word_in_small_letters)
{
	watch("who", WATCH_ORG, "und", "WHO");
	compile();
	ck_found("en", "the WHO said who was there, Who knows", "who:WHO");
}
END_TEST

START_TEST(test_an_acronym_takes_endings_in_small_letters_only)
{
	watch("ep", WATCH_ORG, "ru", "ОКЛ");
	compile();
	ck_found("ru", "в ОКЛе и ОКЛА сегодня", "ep:ОКЛе");
}
END_TEST

START_TEST(test_letters_are_read_by_their_names)
{
	watch("tv", WATCH_ORG, "ru", "Ти-ви-эн");
	watch("r", WATCH_ORG, "en", "RSB");
	compile();
	ck_found("en", "the TVN said what tvn says", "tv:TVN");
	ck_found("ru", "сообщает Ар-эс-би", "r:Ар-эс-би");
	ck_assert_str_eq(fx.result.hits[0].mentions[0].rule, "translit");
	ck_found("uk", "повідомляє Ар-ес-бі", "r:Ар-ес-бі");
	ck_found("ru", "ар эс не", "");
}
END_TEST

START_TEST(test_plurals_of_men_are_followed_in_polish)
{
	watch("r", WATCH_ORG, "pl", "Niezależni Reformaci");
	watch("s", WATCH_ORG, "pl", "Wolni Sąsiedzi");
	compile();
	ck_found("pl", "lider Niezależnych Reformatów", "r:Niezależnych Reformatów");
	ck_found("pl", "bez Wolnych Sąsiedów", "s:Wolnych Sąsiedów");
}
END_TEST

START_TEST(test_a_softened_consonant_is_spelt_as_it_is_spelt)
{
	watch("m", WATCH_PERSON, "pl", "Jan Muda");
	watch("s", WATCH_PERSON, "pl", "Adam Kaid");
	compile();
	ck_found("pl", "o Janie Mudzie", "m:Janie Mudzie");
	ck_found("pl", "Muży las, a Kedzia mała", "");
}
END_TEST

START_TEST(test_people_in_a_row_are_each_their_own)
{
	watch("n", WATCH_PERSON, "pl", "Tomasz Nowicki");
	compile();
	ck_found("pl", "rozmowa Zalewskiego i Nowickiego", "n:Nowickiego");
	ck_found("pl", "Przemawiający w Dublinie Nowicki ocenił", "n:Nowicki");
	ck_found("pl", "rozmowa Jana Nowickiego", "");
}
END_TEST

START_TEST(test_the_names_of_a_firm_are_nobody)
{
	watch("n", WATCH_PERSON, "en", "Thomas Keller");
	compile();
	ck_found("en", "a vaccine of Keller & Keller and of Baum & Keller", "");
}
END_TEST

START_TEST(test_a_name_whose_last_word_is_small_has_no_family_name)
{
	watch("i", WATCH_PERSON, "ru", "Железный канцлер");
	watch("f", WATCH_PERSON, "pl", "Ojciec Biały");
	compile();
	ck_found("ru", "Канцлер сказал", "");
	ck_found("ru", "Железного канцлера нет", "i:Железного канцлера");
	ck_found("pl", "Biały dom", "");
}
END_TEST

START_TEST(test_who_is_listed_by_a_family_name_has_it)
{
	watch("a", WATCH_PERSON, "en", "Anna Keller");
	watch("a", WATCH_PERSON, "en", "Keller");
	watch("b", WATCH_PERSON, "en", "B. Keller");
	watch("b", WATCH_PERSON, "en", "Bruno Maurer");
	compile();
	ck_found("en", "then Keller said", "a:Keller");
	/* that he is named by another name says nothing about this one */
	ck_found("en", "Bruno Maurer came. then Keller said", "a:Keller b:Bruno Maurer");
	ck_found("en", "B. Keller came. then Keller said", "b:B. Keller|Keller");
	/* a name that he shares does not make his other one doubtful */
	ck_found("en", "then Keller met Maurer", "a:Keller b:Maurer");
}
END_TEST

START_TEST(test_rules_are_told)
{
	watch("p", WATCH_PERSON, "und", "Vladimir Putin");
	compile();
	found("ru", "Владимира Путина");
	ck_assert_str_eq(fx.result.hits[0].mentions[0].rule, "translit");
	found("en", "Vladimir Putin");
	ck_assert_str_eq(fx.result.hits[0].mentions[0].rule, "exact");
	found("en", "Then Putin spoke");
	ck_assert_str_eq(fx.result.hits[0].mentions[0].rule, "family");
	found("pl", "z Vladimirem Putinem");
	ck_assert_str_eq(fx.result.hits[0].mentions[0].rule, "inflected");
}
END_TEST

START_TEST(test_every_frequent_given_name_is_found)
{
	ck_assert(text_fold_ready());
	for (size_t i = 0; i < given_name_count; i++) {
		struct str name = str_from(given_names[i]);
		ck_assert_msg(i == 0 || strcmp(given_names[i - 1], given_names[i]) < 0, "%s", given_names[i]);
		ck_assert_msg(given_is_frequent(name), "%s", given_names[i]);
		buf_reset(&fx.out);
		ck_assert(text_fold_str(&fx.out, name));
		ck_assert_str_is(buf_view(&fx.out), given_names[i]);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, test_slavic_endings_are_followed);
	tcase_add_test(tc, test_other_families_of_languages_are_followed);
	tcase_add_test(tc, test_an_ending_of_another_language_does_not_count);
	tcase_add_test(tc, test_a_latin_name_is_found_in_other_scripts);
	tcase_add_test(tc, test_a_name_in_another_script_is_found_in_latin);
	tcase_add_test(tc, test_scripts_of_syllables_write_foreign_sounds_with_those_they_have);
	tcase_add_test(tc, test_a_name_in_katakana_or_hangul_is_found_in_latin);
	tcase_add_test(tc, test_a_chinese_name_is_found_in_pinyin);
	tcase_add_test(tc, test_arabic_and_hebrew_words_are_found_behind_what_is_written_on);
	tcase_add_test(tc, test_order_and_initials_do_not_matter);
	tcase_add_test(tc, test_a_family_name_counts_alone_when_nobody_else_is_meant);
	tcase_add_test(tc, test_a_shared_family_name_belongs_to_who_is_named_in_full);
	tcase_add_test(tc, test_initials_that_several_have_belong_to_who_is_named_in_full);
	tcase_add_test(tc, test_initials_are_of_all_who_have_the_same_full_name);
	tcase_add_test(tc, test_places_are_known_by_what_others_call_them);
	tcase_add_test(tc, test_what_a_hyphen_joins_is_no_two_words_of_which_one_is_small);
	tcase_add_test(tc, test_a_firm_is_found_without_its_legal_form);
	tcase_add_test(tc, test_an_acronym_is_no_word_in_small_letters);
	tcase_add_test(tc, test_an_acronym_takes_endings_in_small_letters_only);
	tcase_add_test(tc, test_letters_are_read_by_their_names);
	tcase_add_test(tc, test_plurals_of_men_are_followed_in_polish);
	tcase_add_test(tc, test_a_softened_consonant_is_spelt_as_it_is_spelt);
	tcase_add_test(tc, test_people_in_a_row_are_each_their_own);
	tcase_add_test(tc, test_the_names_of_a_firm_are_nobody);
	tcase_add_test(tc, test_a_name_whose_last_word_is_small_has_no_family_name);
	tcase_add_test(tc, test_who_is_listed_by_a_family_name_has_it);
	tcase_add_test(tc, test_rules_are_told);
	tcase_add_test(tc, test_every_frequent_given_name_is_found);
}

int
main(void)
{
	return tap_run("watch/names", suite);
}
