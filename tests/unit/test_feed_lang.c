#include "tap.h"

#include "base/buf.h"
#include "feed/lang.h"

#include "rng.h"

#include <stdlib.h>

static struct arena arena;

#define ck_tag(text, want) ck_assert_str_is(lang_normalise(&arena, STR_LIT(text)), want)
#define ck_no_tag(text) ck_assert_ptr_null(lang_normalise(&arena, STR_LIT(text)).s)

START_TEST(test_a_tag_comes_in_its_usual_case)
{
	ck_tag("en", "en");
	ck_tag(" EN-us ", "en-US");
	ck_tag("zh_hant_tw", "zh-Hant-TW");
	ck_tag("SR-CYRL", "sr-Cyrl");
	ck_tag("es-419", "es-419");
	ck_tag("de-ch-1996", "de-CH-1996");
	ck_tag("sl-rozaj-biske", "sl-rozaj-biske");
	ck_tag("zh-cmn-Hans-cn", "zh-cmn-Hans-CN");
	ck_tag("en-US-u-CA-gregory", "en-US-u-ca-gregory");
	ck_tag("de-x-PHONEBK", "de-x-phonebk");
	ck_tag("de_DE.UTF-8", "de-DE");
	ck_tag("ca@valencia", "ca");
}
END_TEST

START_TEST(test_the_language_itself_is_not_changed)
{
	ck_tag("eng", "eng");
	ck_tag("ger-de", "ger-DE");
	ck_tag("iw-IL", "iw-IL");
}
END_TEST

START_TEST(test_what_is_no_tag_is_none)
{
	ck_no_tag("");
	ck_no_tag("  ");
	ck_no_tag("english");
	ck_no_tag("e");
	ck_no_tag("en us");
	ck_no_tag("en, de");
	ck_no_tag("en-");
	ck_no_tag("-en");
	ck_no_tag("en--US");
	ck_no_tag("12");
	ck_no_tag("en-US-GB");
	ck_no_tag("русский");
	ck_no_tag("en-\xff");
	ck_no_tag("und");
	ck_no_tag("en-abcdefghi");
	ck_no_tag("en-x-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaaaa");
	ck_assert_ptr_null(lang_normalise(&arena, STR_NONE).s);
}
END_TEST

static const struct {
	const char *lang, *text;
} samples[] = {
    {"en", "The negotiators left the capital on Friday without an agreement, and no date was set for another round."},
    {"ru", "Переговорщики покинули столицу в пятницу без соглашения, дата следующей встречи не назначена."},
    {"uk", "Учасники переговорів залишили столицю у п'ятницю без угоди, дату наступної зустрічі не призначено."},
    {"de", "Die Unterhändler verließen die Hauptstadt am Freitag ohne Einigung, ein neuer Termin steht nicht fest."},
    {"fr", "Les négociateurs ont quitté la capitale vendredi sans accord, et aucune nouvelle date n'a été fixée."},
    {"es", "Los negociadores abandonaron la capital el viernes sin acuerdo y no se fijó ninguna fecha nueva."},
    {"pl", "Negocjatorzy opuścili stolicę w piątek bez porozumienia i nie wyznaczono żadnego nowego terminu."},
    {"ar", "غادر المفاوضون العاصمة يوم الجمعة دون التوصل إلى اتفاق ولم يتم تحديد موعد لجولة أخرى."},
    {"zh", "谈判代表星期五离开首都，没有达成任何协议，下一轮会谈的日期也没有确定。"},
    {"ja", "交渉担当者は金曜日に合意のないまま首都を離れ、次の会談の日程も決まっていない。"},
    {"ko", "협상 대표들은 금요일 합의 없이 수도를 떠났으며 다음 회담 날짜도 정해지지 않았다."},
    {"el", "Οι διαπραγματευτές έφυγαν από την πρωτεύουσα την Παρασκευή χωρίς συμφωνία."},
    {"he", "הנושאים ונותנים עזבו את הבירה ביום שישי ללא הסכם ולא נקבע מועד לסבב נוסף."},
    {"tr", "Müzakereciler cuma günü anlaşma olmadan başkentten ayrıldı ve yeni bir tarih belirlenmedi."},
};

#define SAMPLES (sizeof samples / sizeof *samples)

START_TEST(test_the_language_of_a_sentence_is_guessed)
{
	for (size_t i = 0; i < SAMPLES; i++) {
		struct str lang = STR_NONE;
		float confidence = 0;
		ck_assert_msg(lang_detect(str_from(samples[i].text), &lang, &confidence), "%s", samples[i].lang);
		ck_assert_msg(str_is(lang, samples[i].lang), "%s was taken for %.*s", samples[i].lang, STR_ARG(lang));
		ck_assert(confidence > 0.8F && confidence < 1);
	}
}
END_TEST

START_TEST(test_there_is_no_guess_where_nothing_can_be_known)
{
	struct str lang;
	float confidence;
	ck_assert(!lang_detect(STR_LIT(""), &lang, &confidence));
	ck_assert(!lang_detect(STR_NONE, &lang, &confidence));
	ck_assert(!lang_detect(STR_LIT("2026-11-23 14:35"), &lang, &confidence));
	ck_assert(!lang_detect(STR_LIT("x"), &lang, &confidence));
	ck_assert(!lang_detect(STR_LIT("…!?"), &lang, &confidence));
}
END_TEST

START_TEST(test_a_series_of_texts_in_one_language_keeps_it)
{
	struct lang_series series = {.script = 0};
	struct str lang;
	float confidence;
	for (size_t i = 0; i < 40; i++) {
		lang = STR_NONE;
		ck_assert(lang_detect_next(&series, str_from(samples[3].text), &lang, &confidence));
		ck_assert_str_is(lang, "de");
		ck_assert(confidence > 0.8F);
	}
	/* Nothing to go by, but its neighbours: taken along. */
	ck_assert(lang_detect_next(&series, STR_LIT("Ja!"), &lang, &confidence));
	ck_assert_str_is(lang, "de");
}
END_TEST

/* A text of many words of the sample, in any order. */
static struct str
shuffled(const char *sample, uint64_t *seed, struct buf *text)
{
	struct str words[40], rest = str_from(sample), word;
	size_t count = 0;
	buf_reset(text);
	while (str_split(&rest, ' ', &word))
		words[count++] = word;
	for (size_t n = count + 4; n > 0; n--) {
		buf_str(text, words[rng_below(seed, count)]);
		buf_putc(text, ' ');
	}
	return buf_view(text);
}

START_TEST(test_texts_that_share_words_are_in_one_language_without_a_look)
{
	struct lang_series series = {.script = 0};
	struct buf text;
	struct str lang;
	float confidence;
	uint64_t seed = 5;
	buf_init(&text, 0);
	for (size_t i = 0; i < 50; i++) {
		struct str t = i < 2 ? str_from(samples[3].text) : shuffled(samples[3].text, &seed, &text);
		ck_assert(lang_detect_next(&series, t, &lang, &confidence));
		ck_assert_str_is(lang, "de");
	}
	ck_assert_uint_eq(series.looks, 2);
	buf_done(&text);
}
END_TEST

START_TEST(test_a_text_with_other_words_is_looked_at_in_its_turn)
{
	struct lang_series series = {.script = 0};
	struct str lang;
	float confidence;
	const struct str french =
	    STR_LIT("Les négociateurs ont quitté la capitale vendredi sans accord, et aucune nouvelle "
	            "date n'a été fixée pour la prochaine rencontre entre les deux pays.");
	for (size_t i = 0; i < 50 && series.since < 8; i++) {
		ck_assert(lang_detect_next(&series, str_from(samples[3].text), &lang, &confidence));
		ck_assert_str_is(lang, "de");
	}
	ck_assert_uint_eq(series.since, 8);
	ck_assert(lang_detect_next(&series, french, &lang, &confidence));
	ck_assert_str_is(lang, "fr");
	ck_assert(lang_detect_next(&series, str_from(samples[3].text), &lang, &confidence));
	ck_assert_str_is(lang, "de");
}
END_TEST

START_TEST(test_a_long_series_still_knows_another_language)
{
	struct lang_series series = {.script = 0};
	struct buf text;
	struct str lang = STR_NONE;
	float confidence;
	uint64_t seed = 9;
	bool noticed = false;
	buf_init(&text, 0);
	for (size_t i = 0; i < 3000; i++) {
		shuffled(samples[0].text, &seed, &text);
		for (size_t n = 0; n < 8; n++) { /* names, none of which comes again */
			for (size_t k = 0; k < 7; k++)
				buf_putc(&text, (char)('a' + rng_below(&seed, 26)));
			buf_putc(&text, ' ');
		}
		ck_assert_uint_lt(text.len, LANG_SAMPLE_BYTES); /* more is not looked at */
		ck_assert(lang_detect_next(&series, buf_view(&text), &lang, &confidence));
		ck_assert_str_is(lang, "en");
	}
	for (size_t i = 0; i < 9 && !noticed; i++) {
		ck_assert(lang_detect_next(&series, shuffled(samples[3].text, &seed, &text), &lang, &confidence));
		noticed = str_is(lang, "de");
	}
	ck_assert(noticed);
	buf_done(&text);
}
END_TEST

START_TEST(test_no_text_is_too_odd_for_a_series)
{
	static const char *const parts[] = {
	    "a", " ", "é", "и", "ا", "中", "7", "Harbour", "\n", "\U0001F600", "incomprehensibilities"};
	struct lang_series series = {.script = 0};
	struct buf text;
	uint64_t seed = 6;
	buf_init(&text, 0);
	for (unsigned n = 0; n < 3000; n++) {
		struct str lang = STR_NONE;
		float confidence = -1;
		buf_reset(&text);
		size_t some = 1 + rng_below(&seed, sizeof parts / sizeof *parts);
		for (size_t left = rng_below(&seed, 300); left > 0 && text.len < 270; left--)
			buf_puts(&text, parts[rng_below(&seed, some)]);
		/* in memory of its own length */
		char *exact = malloc(text.len > 0 ? text.len : 1);
		memcpy(exact, buf_view(&text).s, text.len);
		bool found = lang_detect_next(&series, (struct str){exact, text.len}, &lang, &confidence);
		ck_assert(!found || (lang.len >= 2 && confidence >= 0 && confidence <= 1));
		free(exact);
		series.looks = 0;
	}
	struct str lang;
	float confidence;
	ck_assert(!lang_detect_next(&(struct lang_series){0}, STR_NONE, &lang, &confidence));
	buf_done(&text);
}
END_TEST

START_TEST(test_a_text_in_another_script_breaks_a_series)
{
	struct lang_series series = {.script = 0};
	struct str lang;
	float confidence;
	for (size_t round = 0; round < 5; round++) {
		for (size_t i = 0; i < 5; i++)
			ck_assert(lang_detect_next(&series, str_from(samples[0].text), &lang, &confidence));
		ck_assert_str_is(lang, "en");
		ck_assert(lang_detect_next(&series, str_from(samples[2].text), &lang, &confidence));
		ck_assert_str_is(lang, "uk");
	}
}
END_TEST

START_TEST(test_texts_in_mixed_languages_make_no_series)
{
	struct lang_series series = {.script = 0};
	for (size_t i = 0; i < 10 * SAMPLES; i++) {
		struct str lang = STR_NONE;
		float confidence;
		ck_assert(lang_detect_next(&series, str_from(samples[i % SAMPLES].text), &lang, &confidence));
		ck_assert_str_is(lang, samples[i % SAMPLES].lang);
	}
}
END_TEST

START_TEST(test_characters_that_are_none_do_not_hide_a_language)
{
	struct str lang;
	float confidence;
	ck_assert(lang_detect(
	    STR_LIT(
	        "The ferry to the \xEF\xBF\xBE white island was late again \x01 because of the fog in the harbour."),
	    &lang, &confidence));
	ck_assert_str_is(lang, "en");
	if (lang_detect(STR_LIT("\x01\xEF\xBF\xBE\xEF\xB7\x90"), &lang, &confidence))
		ck_assert(lang.len >= 2 && confidence <= 1);
}
END_TEST

START_TEST(test_a_document_of_very_many_items_that_say_nothing_is_not_guessed_for_ever)
{
	struct lang_series series = {0};
	struct str lang,
	    clear = STR_LIT("The ferry to the white island was late again because of the fog in the harbour.");
	float confidence;
	for (unsigned i = 1; i < LANG_LOOKS_MAX; i++)
		ck_assert(!lang_detect_next(&series, STR_LIT("17"), &lang, &confidence));
	ck_assert(lang_detect_next(&series, clear, &lang, &confidence));
	ck_assert(!lang_detect_next(&series, clear, &lang, &confidence));
}
END_TEST

static void
suite(TCase *tc)
{
	arena_init(&arena, 0);
	tcase_add_test(tc, test_a_tag_comes_in_its_usual_case);
	tcase_add_test(tc, test_the_language_itself_is_not_changed);
	tcase_add_test(tc, test_what_is_no_tag_is_none);
	tcase_add_test(tc, test_the_language_of_a_sentence_is_guessed);
	tcase_add_test(tc, test_there_is_no_guess_where_nothing_can_be_known);
	tcase_add_test(tc, test_a_series_of_texts_in_one_language_keeps_it);
	tcase_add_test(tc, test_texts_that_share_words_are_in_one_language_without_a_look);
	tcase_add_test(tc, test_a_text_with_other_words_is_looked_at_in_its_turn);
	tcase_add_test(tc, test_a_long_series_still_knows_another_language);
	tcase_add_test(tc, test_no_text_is_too_odd_for_a_series);
	tcase_add_test(tc, test_a_text_in_another_script_breaks_a_series);
	tcase_add_test(tc, test_texts_in_mixed_languages_make_no_series);
	tcase_add_test(tc, test_a_document_of_very_many_items_that_say_nothing_is_not_guessed_for_ever);
	tcase_add_test(tc, test_characters_that_are_none_do_not_hide_a_language);
}

int
main(void)
{
	return tap_run("feed/lang", suite);
}
