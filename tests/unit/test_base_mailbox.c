/* Mail addresses. */
#include "tap.h"

#include "base/mailbox.h"

START_TEST(test_plain_addresses_pass)
{
	static const char *const good[] = {
	    "a@b", "desk@news.example", "first.last+tag@mail.news.example", "o'neil@x.example"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ck_assert_msg(mailbox_ok(str_from(good[i])), "%s", good[i]);
}
END_TEST

START_TEST(test_what_could_say_more_than_an_address_does_not_pass)
{
	static const char *const bad[] = {"", "@", "a@", "@b", "a", "a@b@c", "a b@c", "a@b\r\nRCPT TO:<x@y>", "a@b>",
	    "<a@b", "a@b,c@d", "\"a b\"@c", "a@[127.0.0.1]", "a@b\x7f", "ü@b", "a@ü", "a@b\t"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!mailbox_ok(str_from(bad[i])), "%s", bad[i]);
}
END_TEST

START_TEST(test_an_address_has_a_longest_length)
{
	char text[MAILBOX_MAX + 2];
	memset(text, 'a', sizeof text);
	memcpy(text, "x@", 2);
	ck_assert(mailbox_ok((struct str){text, MAILBOX_MAX}));
	ck_assert(!mailbox_ok((struct str){text, MAILBOX_MAX + 1}));
}
END_TEST

START_TEST(test_a_name_may_stand_before_the_address)
{
	struct mailbox m;
	ck_assert(mailbox_parse(STR_LIT(" desk@news.example "), &m));
	ck_assert_str_is(m.address, "desk@news.example");
	ck_assert_str_is(m.name, "");
	ck_assert(mailbox_parse(STR_LIT("News Desk <desk@news.example>"), &m));
	ck_assert_str_is(m.name, "News Desk");
	ck_assert_str_is(m.address, "desk@news.example");
	ck_assert(mailbox_parse(STR_LIT("\"Desk, the “first”\" <desk@news.example>"), &m));
	ck_assert_str_is(m.name, "Desk, the “first”");
	ck_assert(!mailbox_parse(STR_LIT("Desk <desk@news.example"), &m));
	ck_assert(!mailbox_parse(STR_LIT("De\rsk <desk@news.example>"), &m));
	ck_assert(!mailbox_parse(STR_LIT("Desk <>"), &m));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_plain_addresses_pass);
	tcase_add_test(tc, test_what_could_say_more_than_an_address_does_not_pass);
	tcase_add_test(tc, test_an_address_has_a_longest_length);
	tcase_add_test(tc, test_a_name_may_stand_before_the_address);
}

int
main(void)
{
	return tap_run("base/mailbox", suite);
}
