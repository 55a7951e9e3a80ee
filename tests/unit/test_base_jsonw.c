#include "base/clock.h"
#include "base/jsonw.h"
#include "base/utf8.h"
#include "rng.h"
#include "tap.h"

#include <jansson.h>
#include <math.h>

static void
write_random(struct jsonw *w, uint64_t *seed, int depth)
{
	char text[24];
	size_t n = rng_below(seed, sizeof text);
	for (size_t i = 0; i < n; i++)
		text[i] = (char)rng_next(seed);
	switch (rng_below(seed, depth < 6 ? 8 : 6)) {
	case 0:
		jsonw_str(w, (struct str){text, n});
		break;
	case 1:
		jsonw_int(w, (int64_t)rng_next(seed));
		break;
	case 2:
		jsonw_double(w, (double)(int64_t)rng_next(seed) / 1e6, (int)rng_below(seed, 7));
		break;
	case 3:
		jsonw_bool(w, rng_below(seed, 2));
		break;
	case 4:
		jsonw_null(w);
		break;
	case 5:
		jsonw_time(w, (int64_t)rng_next(seed) >> rng_below(seed, 40));
		break;
	case 6:
		jsonw_array(w);
		for (uint64_t k = rng_below(seed, 4); k > 0; k--)
			write_random(w, seed, depth + 1);
		jsonw_end(w);
		break;
	default:
		jsonw_object(w);
		for (uint64_t k = rng_below(seed, 4); k > 0; k--) {
			jsonw_key(w, (const char *[]){"a", "b\"\\\n", "ключ", ""}[k]);
			write_random(w, seed, depth + 1);
		}
		jsonw_end(w);
	}
}

START_TEST(test_whatever_is_written_another_reader_accepts)
{
	uint64_t seed = 8;
	for (int i = 0; i < 20000; i++) {
		struct buf b;
		struct jsonw w;
		json_error_t error;
		buf_init(&b, 0);
		jsonw_init(&w, &b, (int)rng_below(&seed, 3));
		write_random(&w, &seed, 0);
		ck_assert_int_eq(w.depth, 0);
		ck_assert(utf8_valid(buf_view(&b)));
		json_t *read = json_loadb(b.data, b.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
		ck_assert_msg(read != NULL, "%s in: %s", error.text, b.data);
		json_decref(read);
		buf_done(&b);
	}
}
END_TEST

START_TEST(test_strings_come_back_as_they_went_in)
{
	static const char *const texts[] = {
	    "",
	    "plain",
	    "q\" b\\ s/",
	    "\b\f\n\r\t\x01\x1f\x7f",
	    "Зеленський",
	    "\xE2\x80\xA8\xE2\x80\xA9",
	    "\xF0\x9F\x95\x8A",
	    "</script>",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct buf b;
		struct jsonw w;
		buf_init(&b, 0);
		jsonw_init(&w, &b, 0);
		jsonw_cstr(&w, texts[i]);
		json_t *read = json_loads(b.data, JSON_DECODE_ANY, NULL);
		ck_assert_str_eq(json_string_value(read), texts[i]);
		for (const char *p = b.data; *p; p++)
			ck_assert_int_ne((unsigned char)*p < 0x20 || *p == 0x7F, 1);
		ck_assert_ptr_null(strstr(b.data, "\xE2\x80\xA8"));
		json_decref(read);
		buf_done(&b);
	}
}
END_TEST

START_TEST(test_the_layout_is_stable)
{
	struct buf b;
	struct jsonw w;
	buf_init(&b, 0);
	jsonw_init(&w, &b, 0);
	jsonw_object(&w);
	jsonw_kstr(&w, "s", STR_NONE);
	jsonw_kstr_opt(&w, "absent", STR_NONE);
	jsonw_kstr_opt(&w, "o", STR_LIT("x"));
	jsonw_kint(&w, "i", INT64_MIN);
	jsonw_kbool(&w, "b", true);
	jsonw_ktime(&w, "t", 0);
	jsonw_ktime(&w, "n", TIME_NONE);
	jsonw_ktime_opt(&w, "absent", TIME_NONE);
	jsonw_key(&w, "d");
	jsonw_double(&w, 0.5, 2);
	jsonw_key(&w, "nan");
	jsonw_double(&w, NAN, 2);
	jsonw_key(&w, "a");
	jsonw_array(&w);
	jsonw_end(&w);
	jsonw_key(&w, "r");
	jsonw_raw(&w, STR_LIT("[1]"));
	jsonw_end(&w);
	ck_assert_str_eq(b.data,
	    "{\"s\":null,\"o\":\"x\",\"i\":-9223372036854775808,\"b\":true,\"t\":\"1970-01-01T00:00:00Z\","
	    "\"n\":null,\"d\":0.50,\"nan\":null,\"a\":[],\"r\":[1]}");
	buf_reset(&b);
	jsonw_init(&w, &b, 2);
	jsonw_array(&w);
	jsonw_int(&w, 1);
	jsonw_object(&w);
	jsonw_kint(&w, "k", 2);
	jsonw_end(&w);
	jsonw_end(&w);
	ck_assert_str_eq(b.data, "[\n  1,\n  {\n    \"k\": 2\n  }\n]");
	buf_done(&b);
}
END_TEST

START_TEST(test_nesting_has_a_ceiling_that_is_reported)
{
	struct buf b;
	struct jsonw w;
	struct err err;
	buf_init(&b, 0);
	jsonw_init(&w, &b, 0);
	for (int i = 0; i < JSONW_DEPTH_MAX; i++)
		jsonw_array(&w);
	ck_assert_int_eq(buf_check(&b, &err), 0);
	jsonw_array(&w);
	ck_assert_int_eq(buf_check(&b, &err), -1);
	for (int i = 0; i < JSONW_DEPTH_MAX + 5; i++)
		jsonw_end(&w);
	ck_assert_int_eq(w.depth, 0);
	buf_done(&b);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_whatever_is_written_another_reader_accepts);
	tcase_add_test(tc, test_strings_come_back_as_they_went_in);
	tcase_add_test(tc, test_the_layout_is_stable);
	tcase_add_test(tc, test_nesting_has_a_ceiling_that_is_reported);
}

int
main(void)
{
	return tap_run("base/jsonw", suite);
}
