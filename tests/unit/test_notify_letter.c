/* Mails as text. What a mail program makes of them is tested with a real server in tests/it. */
#include "tap.h"

#include "base/clock.h"
#include "notify/letter.h"

#include <stdio.h>

static struct buf got;

static const char *
write_letter(struct str subject, struct str previous, struct str thread)
{
	static const struct mailbox to[] = {
	    {STR_LIT("Desk"), STR_LIT("desk@news.example")}, {STR_LIT("Ünal, \"U\""), STR_LIT("u@news.example")}};
	struct letter l = {.from = {STR_LIT(""), STR_LIT("tidings@news.example")},
	    .to = to,
	    .to_count = 2,
	    .subject = subject,
	    .id = STR_LIT("n-2"),
	    .previous_id = previous,
	    .thread_id = thread,
	    .list = STR_LIT("Night Desk"),
	    .list_name = STR_LIT("Night Desk"),
	    .date = 1795444500000,
	    .text = STR_LIT("text"),
	    .html = STR_LIT("<p>html</p>")};
	buf_done(&got);
	buf_init(&got, 0);
	letter_write(&got, &l);
	ck_assert(!got.failed);
	for (const char *p = got.data; *p; p++)
		ck_assert_msg((unsigned char)*p < 0x80, "a byte beyond ASCII");
	return got.data;
}

static const char *
subject_of(const char *subject)
{
	static char line[8192];
	const char *from = strstr(write_letter(str_from(subject), STR_NONE, STR_NONE), "\r\nSubject: ") + 11;
	const char *to = strstr(from, "\r\nMessage-ID");
	snprintf(line, sizeof line, "%.*s", (int)(to - from), from);
	return line;
}

static void
has(const char *needle)
{
	ck_assert_msg(strstr(got.data, needle) != NULL, "%s is not in\n%s", needle, got.data);
}

START_TEST(test_the_head_says_who_when_and_from_where)
{
	write_letter(STR_LIT("Hello"), STR_NONE, STR_NONE);
	has("Date: Mon, 23 Nov 2026 14:35:00 +0000\r\n");
	has("From: <tidings@news.example>\r\nTo: \"Desk\"\r\n <desk@news.example>,\r\n =?UTF-8?B?");
	has("\r\n <night-desk.tidings.news.example>\r\n");
	has("Auto-Submitted: auto-generated\r\n");
	has("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\ndGV4dA==\r\n");
	has("PHA+aHRtbDwvcD4=\r\n");
}
END_TEST

START_TEST(test_plain_subjects_stay_readable_and_all_others_are_encoded)
{
	ck_assert_str_eq(subject_of("Zelenskiy meets envoys"), "Zelenskiy meets envoys");
	ck_assert_str_eq(subject_of("Зеленський"), "=?UTF-8?B?0JfQtdC70LXQvdGB0YzQutC40Lk=?=");
	ck_assert_str_eq(subject_of("a =?UTF-8?B?eA==?= b"), "=?UTF-8?B?YSA9P1VURi04P0I/ZUE9PT89IGI=?=");
	ck_assert_str_eq(subject_of("x\r\nBcc: y@z"), "=?UTF-8?B?eCAgQmNjOiB5QHo=?=");
	ck_assert_str_eq(subject_of("\xff"), "=?UTF-8?B?77+9?=");
}
END_TEST

START_TEST(test_long_subjects_are_folded_between_characters)
{
	char text[2000];
	for (size_t i = 0; i + 2 < sizeof text; i += 2)
		memcpy(text + i, "ü", 3);
	const char *subject = subject_of(text);
	for (const char *line = subject; line != NULL;) {
		const char *end = strstr(line, "\r\n");
		size_t n = end ? (size_t)(end - line) : strlen(line);
		ck_assert_uint_le(n + (line == subject ? strlen("Subject: ") : 0), 78);
		ck_assert_msg(strncmp(line, line == subject ? "=?UTF-8?B?" : " =?UTF-8?B?", 10) == 0, "%s", line);
		/* whole characters: 42 bytes are 21 of them */
		line = end ? end + 2 : NULL;
	}
	ck_assert_uint_lt(strlen(subject), 800);
}
END_TEST

START_TEST(test_the_first_of_a_thread_answers_nothing_and_later_ones_do)
{
	char first[128];
	write_letter(STR_LIT("x"), STR_NONE, STR_LIT("n-2"));
	ck_assert_ptr_null(strstr(got.data, "In-Reply-To"));
	const char *id = strstr(got.data, "Message-ID: ") + 12;
	snprintf(first, sizeof first, "%.*s", (int)strcspn(id, "\r"), id);
	write_letter(STR_LIT("x"), STR_LIT("n-1"), STR_LIT("n-0"));
	has(first);
	const char *answers = strstr(got.data, "In-Reply-To: ");
	ck_assert_ptr_nonnull(answers);
	ck_assert_ptr_null(strstr(answers, first));
	ck_assert_ptr_nonnull(strstr(answers, "References: "));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_the_head_says_who_when_and_from_where);
	tcase_add_test(tc, test_plain_subjects_stay_readable_and_all_others_are_encoded);
	tcase_add_test(tc, test_long_subjects_are_folded_between_characters);
	tcase_add_test(tc, test_the_first_of_a_thread_answers_nothing_and_later_ones_do);
}

int
main(void)
{
	return tap_run("notify/letter", suite);
}
