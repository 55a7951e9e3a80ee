#include "feed/charset.h"

#include "base/utf8.h"
#include "feed/feed.h"
#include "tap.h"

#include <iconv.h>
#include <stdio.h>
#include <unicode/ucnv.h>

static struct arena arena;
static struct buf buf;
static struct charset_result result;

static void
convert(struct str body, struct str http)
{
	struct err err;
	ck_assert_msg(charset_convert(body, http, &arena, &buf, &result, &err) == 0, "%s", err.msg);
	ck_assert(utf8_valid(result.text));
}

static void
setup(void)
{
	arena_init(&arena, 0);
	buf_init(&buf, 0);
}

static void
teardown(void)
{
	arena_done(&arena);
	buf_done(&buf);
}

#define BYTES(literal) ((struct str){(literal), sizeof(literal) - 1})

/* One sentence in five encodings: label, bytes, what they mean. */
static const struct {
	const char *label;
	struct str bytes;
	const char *text;
} sentences[] = {
    {"windows-1251", BYTES("\xcf\xe0\xf0\xee\xec \xee\xef\xee\xe7\xe4\xe0\xeb"), "Паром опоздал"},
    {"koi8-r", BYTES("\xf0\xc1\xd2\xcf\xcd \xcf\xd0\xcf\xda\xc4\xc1\xcc"), "Паром опоздал"},
    {"gb18030", BYTES("\xb6\xc9\xc2\xd6\xcd\xed\xb5\xe3\xc1\xcb"), "渡轮晚点了"},
    {"shift_jis", BYTES("\x83\x74\x83\x46\x83\x8a\x81\x5b\x82\xaa\x92\x78\x82\xea\x82\xbd"), "フェリーが遅れた"},
    {"windows-1256", BYTES("\xca\xc3\xce\xd1\xca \xc7\xe1\xda\xc8\xc7\xd1\xc9"), "تأخرت العبارة"},
};

START_TEST(test_the_declaration_names_the_encoding)
{
	struct buf body;
	buf_init(&body, 0);
	buf_printf(&body, "<?xml version=\"1.0\" encoding=\"%s\"?><t>", sentences[_i].label);
	buf_str(&body, sentences[_i].bytes);
	buf_puts(&body, "</t>");
	convert(buf_view(&body), STR_NONE);
	ck_assert(str_find(result.text, str_from(sentences[_i].text), 0) >= 0);
	ck_assert_str_eq(result.why, "declaration");
	ck_assert_str_eq(result.name, sentences[_i].label);
	ck_assert(!result.lying && !result.damaged);
	buf_done(&body);
}
END_TEST

START_TEST(test_http_wins_over_the_declaration)
{
	convert(STR_LIT("<?xml version='1.0' encoding='koi8-r'?><t>\xcf\xe0\xf0\xee\xec</t>"), STR_LIT("windows-1251"));
	ck_assert_str_eq(result.why, "http");
	ck_assert(str_find(result.text, STR_LIT("Паром"), 0) >= 0);
}
END_TEST

START_TEST(test_a_byte_order_mark_wins_over_everything)
{
	convert(BYTES("\xff\xfe<\0t\0/\0>\0"), STR_LIT("windows-1251"));
	ck_assert_str_eq(result.why, "bom");
	ck_assert_str_is(result.text, "<t/>");
	convert(STR_LIT("\xef\xbb\xbf\xef\xbb\xbf<t/>"), STR_NONE);
	ck_assert_str_is(result.text, "<t/>");
}
END_TEST

START_TEST(test_valid_utf8_wins_over_a_wrong_label)
{
	convert(STR_LIT("<?xml version='1.0' encoding='iso-8859-1'?><t>Žluťoučký kůň</t>"), STR_LIT("windows-1251"));
	ck_assert_str_eq(result.name, "utf-8");
	ck_assert(result.lying);
}
END_TEST

START_TEST(test_latin_1_means_windows_1252)
{
	convert(STR_LIT("<?xml version='1.0' encoding='ISO-8859-1'?><t>\x93quoted\x94 \x80 5</t>"), STR_NONE);
	ck_assert(str_find(result.text, STR_LIT("“quoted” € 5"), 0) >= 0);
}
END_TEST

START_TEST(test_unlabelled_bytes_are_guessed_and_marked)
{
	convert(STR_LIT("<t>D\xe9j\xe0 vu: le ferry \xe9tait en retard \xe0 cause du brouillard</t>"), STR_NONE);
	ck_assert(str_find(result.text, STR_LIT("Déjà vu"), 0) >= 0);
	ck_assert(result.lying);
}
END_TEST

START_TEST(test_a_few_bad_bytes_do_not_change_the_encoding)
{
	convert(STR_LIT("<t>Паром опоздал на два часа\xff</t>"), STR_LIT("utf-8"));
	ck_assert_str_eq(result.name, "utf-8");
	ck_assert(result.damaged);
	ck_assert(str_find(result.text, STR_LIT("часа\xEF\xBF\xBD<"), 0) >= 0);
}
END_TEST

START_TEST(test_utf7_and_unknown_labels_are_not_believed)
{
	convert(STR_LIT("<?xml version='1.0' encoding='utf-7'?><t>+ADw-x+AD4-</t>"), STR_NONE);
	ck_assert_str_eq(result.name, "utf-8");
	convert(STR_LIT("<?xml version='1.0' encoding='x-nobody-knows'?><t>a</t>"), STR_LIT("utf-16"));
	ck_assert_str_eq(result.name, "utf-8");
}
END_TEST

START_TEST(test_labels_are_found_where_they_stand)
{
	ck_assert_str_is(charset_of_content_type(STR_LIT("text/xml; Charset = \"KOI8-R\"; x=y")), "KOI8-R");
	ck_assert(charset_of_content_type(STR_LIT("text/xml; notcharset=a")).s == NULL);
	ck_assert_str_is(charset_of_declaration(STR_LIT(" <?xml version='1.0' encoding = 'big5' ?>")), "big5");
	ck_assert(charset_of_declaration(STR_LIT("<rss encoding='big5'>")).s == NULL);
}
END_TEST

/* What a small paper writes in a week, in the encodings it may come in. The C library's iconv encodes, so that what is
 * decoded is compared with somebody else's tables. */
static const struct story {
	const char *label, *title, *text;
} stories[] = {
    {"windows-1251", "Паром на Белый остров снова опоздал",
        "Вчера вечером паром вышел из гавани с опозданием на три часа: капитан ждал, пока рассеется туман. "
        "«Безопасность "
        "важнее расписания», — сказала директор порта Марина Лопухова. Пассажирам раздали горячий чай и булочки."},
    {"koi8-r", "Школьный хор готовится к празднику урожая",
        "Каждую пятницу дети собираются в старой мельнице и поют песни, которым их научили бабушки. Учительница "
        "надеется, "
        "что в октябре на площадь придёт весь город, и просит родителей принести фонари и тёплые шарфы."},
    {"gb18030", "渡轮因大雾晚点三个小时",
        "昨天晚上，开往白岛的渡轮因为大雾晚点了三个小时。船长说，安全比时刻表更重要，乘客们在码头上喝着热茶等待。"
        "港务局局长表示，新的雷达设备将在明年春天安装完毕，届时航班可以照常运行。"},
    {"shift_jis", "霧のためフェリーが三時間遅れる",
        "昨日の夕方、白い島に向かうフェリーは濃い霧のために三時間遅れて出港した。船長は「時刻表よりも安全が大切だ」と話"
        "し、"
        "乗客には温かいお茶とパンが配られた。港の責任者によると、新しいレーダーは来年の春に設置される予定だという。"},
    {"windows-1256", "تأخر العبارة ثلاث ساعات بسبب الضباب",
        "غادرت العبارة الميناء مساء أمس متأخرة ثلاث ساعات لأن القبطان انتظر حتى ينقشع الضباب. وقالت مديرة الميناء إن "
        "السلامة أهم من المواعيد، وإن الركاب شربوا الشاي الساخن في قاعة الانتظار، وسيتم تركيب رادار جديد في الربيع "
        "المقبل."},
};

#define STORIES (sizeof stories / sizeof *stories)

static void
encode(struct buf *out, const char *to, const char *text)
{
	iconv_t cd = iconv_open(to, "UTF-8");
	ck_assert(cd != (iconv_t)-1);
	char bytes[4096], *in = (char *)(uintptr_t)text, *at = bytes;
	size_t in_left = strlen(text), left = sizeof bytes;
	ck_assert_uint_eq(iconv(cd, &in, &in_left, &at, &left), 0);
	ck_assert_uint_eq(iconv(cd, NULL, NULL, &at, &left), 0);
	iconv_close(cd);
	buf_add(out, bytes, sizeof bytes - left);
}

static void
document(struct buf *out, const struct story *s, const char *declared)
{
	if (declared != NULL)
		buf_printf(out, "<?xml version=\"1.0\" encoding=\"%s\"?>\n", declared);
	buf_puts(out, "<rss version=\"2.0\"><channel><title>x</title><item><title>");
	encode(out, s->label, s->title);
	buf_puts(out, "</title><description>");
	encode(out, s->label, s->text);
	buf_puts(out, "</description></item></channel></rss>");
}

/* The story as an item, by way of the whole parser; `why` is how its encoding must have been found. */
static void
reads(const struct story *s, const char *declared, const char *content_type, const char *why)
{
	struct buf body;
	struct feed_doc doc;
	struct err err;
	buf_init(&body, 0);
	document(&body, s, declared);
	struct feed_input in = {.body = buf_view(&body)};
	in.content_type = content_type ? str_from(content_type) : STR_NONE;
	ck_assert_msg(feed_parse(&in, &feed_limits_default, &arena, &doc, &err) == 0, "%s", err.msg);
	ck_assert_msg(str_is(doc.encoding_why, why), "%s: %.*s by %.*s, want %s", s->label, STR_ARG(doc.encoding),
	    STR_ARG(doc.encoding_why), why);
	ck_assert_str_is(doc.items[0].title, s->title);
	ck_assert_str_is(doc.items[0].summary_text, s->text);
	/* Wrong labels are told, right ones are nothing to talk about. */
	ck_assert(doc.bozo == (strcmp(why, "detected") == 0));
	buf_done(&body);
	arena_reset(&arena);
}

START_TEST(test_a_story_is_read_by_its_declaration)
{
	reads(&stories[_i], stories[_i].label, NULL, "declaration");
	reads(&stories[_i], stories[_i].label, "text/xml", "declaration"); /* RFC 7303: no longer ASCII */
	reads(&stories[_i], stories[_i].label, "application/rss+xml; charset=x-nobody-knows", "declaration");
	reads(&stories[_i], stories[_i].label, "text/xml; charset=utf-8", "declaration"); /* it is not */
}
END_TEST

START_TEST(test_a_story_is_read_by_what_http_says)
{
	char type[80];
	snprintf(type, sizeof type, "text/xml; charset=\"%s\"", stories[_i].label);
	reads(&stories[_i], NULL, type, "http");
	reads(&stories[_i], "iso-8859-1", type, "http"); /* RFC 7303 section 3.2 */
	reads(&stories[_i], "utf-8", type, "http");
	reads(&stories[_i], "x-nobody-knows", type, "http");
}
END_TEST

START_TEST(test_a_story_is_read_when_nothing_says_what_it_is_in)
{
	reads(&stories[_i], NULL, NULL, "detected");
	reads(&stories[_i], NULL, "text/xml", "detected");
}
END_TEST

START_TEST(test_a_story_is_read_although_every_label_says_utf_8)
{
	reads(&stories[_i], "utf-8", NULL, "detected");
	reads(&stories[_i], "utf-8", "text/xml; charset=UTF-8", "detected");
	reads(&stories[_i], "utf-16", NULL, "detected");
}
END_TEST

START_TEST(test_a_story_behind_a_mark_is_read_whatever_the_labels_say)
{
	static const struct {
		const char *mark, *name;
		size_t len;
	} marks[] = {{"\xEF\xBB\xBF", "UTF-8", 3}, {"\xFF\xFE", "UTF-16LE", 2}, {"\xFE\xFF", "UTF-16BE", 2},
	    {"\xFF\xFE\0\0", "UTF-32LE", 4}, {"\0\0\xFE\xFF", "UTF-32BE", 4}, {"\x84\x31\x95\x33", "GB18030", 4}};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct buf body, plain;
		struct feed_doc doc;
		struct err err;
		buf_init(&body, 0);
		buf_init(&plain, 0);
		buf_printf(&plain,
		    "<?xml version='1.0' encoding='%s'?><rss version='2.0'><channel><item><title>%s</title></item>"
		    "</channel></rss>",
		    stories[_i].label, stories[_i].title);
		buf_add(&body, marks[i].mark, marks[i].len);
		encode(&body, marks[i].name, plain.data);
		struct feed_input in = {.body = buf_view(&body), .content_type = STR_LIT("text/xml; charset=koi8-u")};
		ck_assert_msg(feed_parse(&in, &feed_limits_default, &arena, &doc, &err) == 0, "%s", err.msg);
		ck_assert_str_is(doc.encoding_why, "bom");
		ck_assert_str_is(doc.items[0].title, stories[_i].title);
		buf_done(&body);
		buf_done(&plain);
	}
}
END_TEST

START_TEST(test_many_words_of_every_length_are_a_sample)
{
	struct buf body;
	buf_init(&body, 0);
	for (int length = 1; length < 70; length++) {
		buf_reset(&body);
		buf_puts(&body, "<t>");
		for (int word = 0; word < 1200; word++) {
			for (int i = 0; i < length; i++)
				buf_putc(&body, (char)0xe9);
			buf_puts(&body, "<b>");
		}
		arena_reset(&arena);
		convert(buf_view(&body), STR_NONE);
	}
	buf_done(&body);
}
END_TEST

START_TEST(test_json_in_wide_units_is_recognised_without_a_mark)
{
	static const char *const names[] = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"};
	struct buf body;
	struct feed_doc doc;
	struct err err;
	buf_init(&body, 0);
	encode(&body, names[_i],
	    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"1\",\"title\":\"Fähre\"}]}");
	struct feed_input in = {.body = buf_view(&body)};
	ck_assert_msg(feed_parse(&in, &feed_limits_default, &arena, &doc, &err) == 0, "%s", err.msg);
	ck_assert_str_is(doc.items[0].title, "Fähre");
	buf_done(&body);
}
END_TEST

START_TEST(test_a_character_cut_at_the_end_says_nothing_about_the_rest)
{
	convert(STR_LIT("<t>F\xc3\xa4hre nach S\xc3"), STR_NONE);
	ck_assert_str_eq(result.name, "utf-8");
	ck_assert_str_is(result.text, "<t>Fähre nach S\xEF\xBF\xBD");
	ck_assert(result.damaged && !result.lying);
	convert(STR_LIT("<t>Fahre \xe6\xb8"), STR_NONE);
	ck_assert_str_eq(result.name, "utf-8");
	convert(STR_LIT("<?xml version='1.0' encoding='windows-1252'?><t>caf\xe9"), STR_NONE);
	ck_assert_str_eq(result.name, "windows-1252");
	convert(STR_LIT("<?xml version='1.0' encoding='windows-1252'?><t>caf\xc3\xa9 \xe2\x80"), STR_NONE);
	ck_assert_str_eq(result.name, "utf-8");
}
END_TEST

/* As much of a line as the encoding has letters for, in Unicode and in its bytes. */
static size_t
sample(UConverter *cnv, UChar line[256], char bytes[2048], size_t *length)
{
	static const UChar letters[] = u"éßčşåøñžąÞабвжщאבגابتثαβγδกขคअआあいアイ日本国字中文한국어ĀĒ";
	size_t count = 0;
	UErrorCode status = U_ZERO_ERROR;
	for (const char *p = "<t>Ferry 12: "; *p != '\0'; p++)
		line[count++] = (UChar)*p;
	for (size_t i = 0; letters[i] != 0; i++) {
		char one[32];
		UErrorCode bad = U_ZERO_ERROR;
		ucnv_reset(cnv);
		ucnv_fromUChars(cnv, one, sizeof one, (const UChar *)&letters[i], 1, &bad);
		if (U_SUCCESS(bad))
			line[count++] = letters[i];
	}
	for (const char *p = "</t>"; *p != '\0'; p++)
		line[count++] = (UChar)*p;
	ucnv_reset(cnv);
	*length = (size_t)ucnv_fromUChars(cnv, bytes, 2048, line, (int32_t)count, &status);
	return U_SUCCESS(status) ? count : 0; /* a set without ASCII: nobody can write markup in it */
}

START_TEST(test_every_encoding_of_icu_is_read_by_its_name)
{
	int read = 0;
	for (int32_t i = 0; i < ucnv_countAvailable(); i++) {
		const char *name = ucnv_getAvailableName(i);
		UErrorCode status = U_ZERO_ERROR, other = U_ZERO_ERROR;
		if (strncmp(name, "UTF-7", 5) == 0 || strncmp(name, "IMAP-", 5) == 0 || strchr(name, ',') != NULL ||
		    strncmp(name, "x11-", 4) == 0)
			continue; /* refused, as browsers do; variants that no label can name; does not come back from ICU itself */
		UConverter *cnv = ucnv_open(name, &status);
		ck_assert_msg(U_SUCCESS(status), "%s", name);
		ucnv_setFromUCallBack(cnv, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
		ucnv_setFallback(cnv, false);
		UChar line[256], back[512];
		char bytes[2048];
		size_t length, count = sample(cnv, line, bytes, &length);
		ucnv_close(cnv);
		if (count == 0)
			continue;
		arena_reset(&arena);
		convert((struct str){bytes, length}, str_from(name));
		cnv = ucnv_open("UTF-8", &other);
		int32_t got = ucnv_toUChars(cnv, back, 512, result.text.s, (int32_t)result.text.len, &other);
		ucnv_close(cnv);
		ck_assert_msg((size_t)got == count && memcmp(back, line, count * sizeof *line) == 0, "%s as %s: %.*s",
		    name, result.name, STR_ARG(result.text));
		read++;
	}
	ck_assert_int_gt(read, 150);
}
END_TEST

START_TEST(test_unlabelled_texts_of_every_length_are_guessed)
{
	/* Pieces of text that just fit into what is looked at, and others behind them. */
	struct buf body;
	buf_init(&body, 0);
	for (size_t n = 1; n < 2200; n = n < 980 ? n + 70 : n + 1) {
		buf_reset(&body);
		buf_puts(&body, "<t>");
		for (size_t i = 0; i < n; i++)
			buf_putc(&body, i % 5 == 0 ? (char)0xe9 : 'a');
		for (int i = 0; i < 40; i++)
			buf_puts(&body, "</t><t>d\xe9j\xe0 vu");
		convert(buf_view(&body), STR_NONE);
		ck_assert(result.lying);
	}
	buf_done(&body);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_the_declaration_names_the_encoding, 0, sizeof sentences / sizeof *sentences);
	tcase_add_test(tc, test_http_wins_over_the_declaration);
	tcase_add_test(tc, test_a_byte_order_mark_wins_over_everything);
	tcase_add_test(tc, test_valid_utf8_wins_over_a_wrong_label);
	tcase_add_test(tc, test_latin_1_means_windows_1252);
	tcase_add_test(tc, test_unlabelled_bytes_are_guessed_and_marked);
	tcase_add_test(tc, test_a_few_bad_bytes_do_not_change_the_encoding);
	tcase_add_test(tc, test_utf7_and_unknown_labels_are_not_believed);
	tcase_add_test(tc, test_labels_are_found_where_they_stand);
	tcase_add_test(tc, test_unlabelled_texts_of_every_length_are_guessed);
	tcase_add_loop_test(tc, test_a_story_is_read_by_its_declaration, 0, STORIES);
	tcase_add_loop_test(tc, test_a_story_is_read_by_what_http_says, 0, STORIES);
	tcase_add_loop_test(tc, test_a_story_is_read_when_nothing_says_what_it_is_in, 0, STORIES);
	tcase_add_loop_test(tc, test_a_story_is_read_although_every_label_says_utf_8, 0, STORIES);
	tcase_add_loop_test(tc, test_a_story_behind_a_mark_is_read_whatever_the_labels_say, 0, STORIES);
	tcase_add_test(tc, test_many_words_of_every_length_are_a_sample);
	tcase_add_loop_test(tc, test_json_in_wide_units_is_recognised_without_a_mark, 0, 4);
	tcase_add_test(tc, test_a_character_cut_at_the_end_says_nothing_about_the_rest);
	tcase_add_test(tc, test_every_encoding_of_icu_is_read_by_its_name);
}

int
main(void)
{
	return tap_run("feed/charset", suite);
}
