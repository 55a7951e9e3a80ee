#include "conf/ini.h"

#include "base/buf.h"
#include "conf/conf.h"
#include "tap.h"

#include <stdlib.h>

/* Every item as "LINE [name|key]" or "LINE name[lang]=value" or "LINE !message", one per line. */
static void
expect(struct str text, const char *want)
{
	struct ini r;
	struct ini_item item;
	struct err err;
	struct buf got;
	int rc;

	buf_init(&got, 0);
	ini_init(&r, text);
	while ((rc = ini_next(&r, &item, &err)) != 0) {
		if (rc < 0)
			buf_printf(&got, "%u !%s\n", item.line, err.msg);
		else if (item.kind == INI_SECTION)
			buf_printf(&got, "%u [%.*s|%.*s]\n", item.line, STR_ARG(item.name), STR_ARG(item.key));
		else
			buf_printf(&got, "%u %.*s[%.*s]=%.*s\n", item.line, STR_ARG(item.name), STR_ARG(item.lang),
			    STR_ARG(item.value));
	}
	ck_assert_str_eq(got.data ? got.data : "", want);
	ini_done(&r);
	buf_done(&got);
}

#define EXPECT(text, want) expect(STR_LIT(text), want)

START_TEST(test_sections_and_settings_are_told_apart)
{
	EXPECT("", "");
	EXPECT("[tidings]\n[feed bbc]\n[ feed   bbc world ]", "1 [tidings|]\n2 [feed|bbc]\n3 [feed|bbc world]\n");
	EXPECT("a = b\nc=d=e\n f", "1 a[]=b\n2 c[]=d=e f\n");
	EXPECT("a =\nb=   \n", "1 a[]=\n2 b[]=\n");
	EXPECT("name[uk] = Київ\nname [ en ] = Kyiv", "1 name[uk]=Київ\n2 name[en]=Kyiv\n");
	EXPECT("url = https://a/?b[c]=d#e ; f", "1 url[]=https://a/?b[c]=d#e ; f\n");
	EXPECT("q = \"peace plan\" OR 'x' \\", "1 q[]=\"peace plan\" OR 'x' \\\n");
}
END_TEST

START_TEST(test_comments_and_blank_lines_are_passed_over)
{
	EXPECT("# a = b\n\n;c\n  # indented\n\t\n a",
	    "6 !an indented line continues the value above it, and there is none; "
	    "begin keys at the start of the line\n");
	EXPECT("\xEF\xBB\xBF[a]\r\nb = c\r\n", "1 [a|]\n2 b[]=c\n");
}
END_TEST

START_TEST(test_indented_lines_continue_a_value_until_a_blank_one)
{
	EXPECT("a = b\n  c\n\td  \nf = g", "1 a[]=b c d\n4 f[]=g\n");
	EXPECT("a =\n b\n# note\n ; note\n c\n", "1 a[]=b c\n");
	EXPECT("a = b\n\n c\n", "1 a[]=b\n3 !an indented line continues the value above it, and there is none; "
	                        "begin keys at the start of the line\n");
	EXPECT("a = b\n [c]\n", "1 a[]=b [c]\n");
}
END_TEST

START_TEST(test_each_mistake_is_told_with_its_line_and_reading_goes_on)
{
	EXPECT("[a\nb = c\n", "1 !a section without its ]; expected [feed KEY] or the like\n2 b[]=c\n");
	EXPECT("[a] b\n", "1 !text behind a section's ]; expected nothing more on the line\n");
	EXPECT("[ ]\n", "1 !a section without a name; expected [feed KEY] or the like\n");
	EXPECT("hello\n more\nb = c\n", "1 !neither a section nor a setting; expected key = value\n3 b[]=c\n");
	EXPECT("= c\n", "1 !nothing stands before the =; expected key = value\n");
	EXPECT("a] = c\n", "1 !a ] without its [ in the key; expected key[language] = value\n");
	EXPECT("a = \xC3\x28\nb = c\n",
	    "1 !byte 5 of the line (0xC3) is not valid UTF-8; save the file as UTF-8\n2 b[]=c\n");
	EXPECT("a = b\n c\x01\n d\ne = f\n",
	    "2 !byte 3 of the line is the control character 0x01; expected text\n4 e[]=f\n");
	EXPECT("a = b\rc = d\n", "1 !byte 6 of the line is the control character 0x0D; expected text\n");
	EXPECT("# \x1B[31m\na = b\0\n", "1 !byte 3 of the line is the control character 0x1B; expected text\n"
	                                "2 !byte 6 of the line is the control character 0x00; expected text\n");
}
END_TEST

static struct str
repeat(const char *head, char c, size_t n, char *out)
{
	size_t len = strlen(head);
	memcpy(out, head, len);
	memset(out + len, c, n);
	return (struct str){out, len + n};
}

START_TEST(test_a_value_has_a_ceiling)
{
	char *text = malloc(2 * CONF_VALUE_BYTES_MAX);
	struct ini r;
	struct ini_item item;
	struct err err;

	ini_init(&r, repeat("a = ", 'x', CONF_VALUE_BYTES_MAX, text));
	ck_assert_int_eq(ini_next(&r, &item, &err), 1);
	ck_assert_uint_eq(item.value.len, CONF_VALUE_BYTES_MAX);
	ini_done(&r);
	ini_init(&r, repeat("a = ", 'x', CONF_VALUE_BYTES_MAX + 1, text));
	ck_assert_int_eq(ini_next(&r, &item, &err), -1);
	ck_assert_str_eq(err.msg, "the value is too long; expected at most 65536 bytes");
	ini_done(&r);
	ini_init(&r, repeat("a = b\n ", 'x', CONF_VALUE_BYTES_MAX - 1, text));
	ck_assert_int_eq(ini_next(&r, &item, &err), -1);
	ck_assert_str_eq(err.msg, "the value is too long; expected at most 65536 bytes");
	ck_assert_uint_eq(item.line, 2);
	ini_done(&r);
	free(text);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_sections_and_settings_are_told_apart);
	tcase_add_test(tc, test_comments_and_blank_lines_are_passed_over);
	tcase_add_test(tc, test_indented_lines_continue_a_value_until_a_blank_one);
	tcase_add_test(tc, test_each_mistake_is_told_with_its_line_and_reading_goes_on);
	tcase_add_test(tc, test_a_value_has_a_ceiling);
}

int
main(void)
{
	return tap_run("conf/ini", suite);
}
