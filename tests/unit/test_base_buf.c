#include "base/buf.h"
#include "tap.h"

START_TEST(test_what_is_added_stands_in_order_and_ends_in_a_nul)
{
	struct buf b;
	buf_init(&b, 0);
	ck_assert(str_eq(buf_view(&b), STR_LIT("")));
	ck_assert_ptr_nonnull(buf_view(&b).s);
	ck_assert(buf_puts(&b, "one "));
	ck_assert(buf_str(&b, STR_LIT("two")));
	ck_assert(buf_putc(&b, ' '));
	ck_assert(buf_printf(&b, "%d", 3));
	ck_assert(buf_str(&b, STR_NONE));
	ck_assert_str_is(buf_view(&b), "one two 3");
	ck_assert_str_eq(b.data, "one two 3");
	buf_done(&b);
}
END_TEST

START_TEST(test_the_ceiling_holds_to_the_byte)
{
	struct buf b;
	struct err err;
	buf_init(&b, 100);
	for (int i = 0; i < 100; i++)
		ck_assert(buf_putc(&b, 'x'));
	ck_assert_int_eq(buf_check(&b, &err), 0);
	ck_assert(!buf_putc(&b, 'y'));
	ck_assert_uint_eq(b.len, 100);
	ck_assert_int_eq(b.data[100], 0);
	ck_assert_int_eq(buf_check(&b, &err), -1);
	ck_assert_int_eq(err.code, ERR_LIMIT);
	buf_done(&b);
}
END_TEST

START_TEST(test_an_append_that_does_not_fit_appends_nothing_and_is_remembered)
{
	struct buf b;
	struct err err;
	buf_init(&b, 8);
	ck_assert(buf_puts(&b, "12345"));
	ck_assert(!buf_puts(&b, "6789"));
	ck_assert(!buf_printf(&b, "%d", 12345));
	ck_assert_ptr_null(buf_reserve(&b, SIZE_MAX));
	ck_assert_str_is(buf_view(&b), "12345");
	ck_assert_int_eq(buf_check(&b, &err), -1);
	buf_reset(&b);
	ck_assert_int_eq(buf_check(&b, &err), 0);
	ck_assert_str_is(buf_view(&b), "");
	ck_assert_str_eq(b.data, "");
	buf_done(&b);
}
END_TEST

START_TEST(test_reserved_room_can_be_written_to_its_end)
{
	struct buf b;
	buf_init(&b, 1000);
	for (size_t n = 0; n < 40; n++) {
		char *p = buf_reserve(&b, n);
		ck_assert_ptr_nonnull(p);
		memset(p, 'r', n);
		b.len += n;
		p[n] = '\0'; /* room for the NUL is part of the promise */
	}
	ck_assert_uint_eq(b.len, 780);
	ck_assert_uint_eq(strspn(b.data, "r"), 780);
	buf_done(&b);
}
END_TEST

START_TEST(test_a_buffer_may_be_used_again_after_done)
{
	struct buf b;
	buf_init(&b, 0);
	buf_puts(&b, "x");
	buf_done(&b);
	buf_done(&b);
	ck_assert(buf_puts(&b, "y"));
	ck_assert_str_is(buf_view(&b), "y");
	buf_done(&b);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_what_is_added_stands_in_order_and_ends_in_a_nul);
	tcase_add_test(tc, test_the_ceiling_holds_to_the_byte);
	tcase_add_test(tc, test_an_append_that_does_not_fit_appends_nothing_and_is_remembered);
	tcase_add_test(tc, test_reserved_room_can_be_written_to_its_end);
	tcase_add_test(tc, test_a_buffer_may_be_used_again_after_done);
}

int
main(void)
{
	return tap_run("base/buf", suite);
}
