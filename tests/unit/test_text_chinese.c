#include "tap.h"

#include "text/chinese.h"

#define SYLLABLES_MAX 3u

static struct buf out;

/* Every syllable of a word of Pinyin in a system, parted by spaces; "" when it is none. */
static const char *
respelt(const char *word, enum chinese_system from, enum chinese_system to)
{
	uint16_t syllables[SYLLABLES_MAX];
	buf_reset(&out);
	size_t n = chinese_read(str_from(word), from, syllables, SYLLABLES_MAX);
	for (size_t i = 0; i < n; i++) {
		buf_puts(&out, i > 0 ? " " : "");
		chinese_spell(syllables[i], to, false, true, &out);
	}
	buf_putc(&out, '\0');
	return out.data;
}

START_TEST(test_syllables_are_spelt_by_wade_and_giles)
{
	static const char *const pairs[][2] = {{"zhang", "chang"}, {"jiang", "chiang"}, {"qing", "ch'ing"},
	    {"xue", "hsüeh"}, {"zedong", "tsê tung"}, {"deng", "têng"}, {"guo", "kuo"}, {"duo", "to"}, {"shuo", "shuo"},
	    {"luo", "lo"}, {"hui", "hui"}, {"gui", "kuei"}, {"zhi", "chih"}, {"zi", "tzu"}, {"ri", "jih"},
	    {"ren", "jên"}, {"yi", "i"}, {"yuan", "yüan"}, {"yan", "yen"}, {"wen", "wên"}, {"xiong", "hsiung"},
	    {"ju", "chü"}, {"cai", "ts'ai"}, {"er", "êrh"}, {"he", "ho"}, {"ge", "ko"}, {"jieshi", "chieh shih"}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		ck_assert_str_eq(respelt(pairs[i][0], CHINESE_PINYIN, CHINESE_WADE_GILES), pairs[i][1]);
}
END_TEST

START_TEST(test_syllables_are_spelt_by_palladius_and_read_from_him)
{
	static const char *const pairs[][2] = {{"zhou", "чжоу"}, {"ping", "пин"}, {"jin", "цзинь"}, {"lian", "лянь"},
	    {"wei", "вэй"}, {"hui", "хуэй"}, {"shuo", "шо"}, {"jiang", "цзян"}, {"yuan", "юань"}, {"ze", "цзэ"},
	    {"zi", "цзы"}, {"qiu", "цю"}, {"xi", "си"}, {"si", "сы"}, {"yi", "и"}, {"yue", "юэ"}, {"ran", "жань"}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		ck_assert_str_eq(respelt(pairs[i][0], CHINESE_PINYIN, CHINESE_PALLADIUS), pairs[i][1]);
	ck_assert_str_eq(respelt("цзиньпин", CHINESE_PALLADIUS, CHINESE_PINYIN), "jin ping");
	ck_assert_str_eq(respelt("вэи", CHINESE_PALLADIUS, CHINESE_PINYIN), "wei"); /* й is folded */
	ck_assert_str_eq(respelt("иванов", CHINESE_PALLADIUS, CHINESE_PINYIN), "");
}
END_TEST

START_TEST(test_syllables_are_spelt_in_czech_and_bulgarian)
{
	ck_assert_str_eq(respelt("jinping", CHINESE_PINYIN, CHINESE_CZECH), "ťin pching");
	ck_assert_str_eq(respelt("keqiang", CHINESE_PINYIN, CHINESE_CZECH), "kche čchiang");
	ck_assert_str_eq(respelt("youwei", CHINESE_PINYIN, CHINESE_CZECH), "jou wej");
	ck_assert_str_eq(respelt("zhou", CHINESE_PINYIN, CHINESE_BULGARIAN), "джоу");
}
END_TEST

START_TEST(test_a_word_is_parted_where_a_syllable_begins_with_a_consonant)
{
	ck_assert_str_eq(respelt("jinan", CHINESE_PINYIN, CHINESE_PINYIN), "ji nan");
	ck_assert_str_eq(respelt("xian", CHINESE_PINYIN, CHINESE_PINYIN), "xian");
	ck_assert_str_eq(respelt("pingan", CHINESE_PINYIN, CHINESE_PINYIN), "pin gan");
	ck_assert_str_eq(respelt("lianqi", CHINESE_PINYIN, CHINESE_PINYIN), "lian qi");
}
END_TEST

START_TEST(test_what_is_no_pinyin_is_not_read)
{
	static const char *const none[] = {"", "campbell", "fing", "jong", "so", "lianqilianqi", "li-na", "x", "ng"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		ck_assert_str_eq(respelt(none[i], CHINESE_PINYIN, CHINESE_PINYIN), "");
}
END_TEST

START_TEST(test_a_syllable_is_one_and_stays_itself)
{
	uint16_t again[SYLLABLES_MAX];
	static const char *const words[] = {"zhuang", "chuai", "nuan", "weng", "yong", "qiong", "shi", "e", "er", "you"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		ck_assert_uint_eq(chinese_read(str_from(words[i]), CHINESE_PINYIN, again, SYLLABLES_MAX), 1);
		ck_assert_str_eq(respelt(words[i], CHINESE_PINYIN, CHINESE_PINYIN), words[i]);
	}
	ck_assert_uint_eq(chinese_read(STR_LIT("zhuang"), CHINESE_PINYIN, again, 0), 0);
}
END_TEST

static void
suite(TCase *tc)
{
	buf_init(&out, 0);
	tcase_add_test(tc, test_syllables_are_spelt_by_wade_and_giles);
	tcase_add_test(tc, test_syllables_are_spelt_by_palladius_and_read_from_him);
	tcase_add_test(tc, test_syllables_are_spelt_in_czech_and_bulgarian);
	tcase_add_test(tc, test_a_word_is_parted_where_a_syllable_begins_with_a_consonant);
	tcase_add_test(tc, test_what_is_no_pinyin_is_not_read);
	tcase_add_test(tc, test_a_syllable_is_one_and_stays_itself);
}

int
main(void)
{
	return tap_run("text/chinese", suite);
}
