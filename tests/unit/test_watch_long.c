/* Long texts: none takes the square of its length, nor memory that grows with the ways to read it. */
#include "watch_fixture.h"

#include <time.h>

/* Texts of which a careless step would take the square of their length, again and again. */
static const char *const long_texts[] = {"Stone Ed Stone ", "Smith and Bill Smith. ", "J. A. B. Smith J. ",
    "Smith Group. ", "A. ", "Will Smith Will Jones ", "van der ", "O'O'Hara ", "Bill and Dr Smith. ", "Smith-Jones-",
    "Ivan Ivanovich ", "ก", "ก ", "มาราและว่าของ มาราและว่าของ ", "โดยโดยมารา ", "克", "克·", "马拉·", "·"};
#define SHORT_BYTES 8192u
#define TIMES_LONGER 16u
#define TIMES_SLOWER_MAX 24.0

static void
match(struct str text)
{
	struct watch_input in = {.lang = STR_LIT("pl")};
	struct err err;
	in.fields[WATCH_FIELD_TITLE] = text;
	ck_assert_int_eq(watch_match(fx.list, &in, &fx.arena, &fx.result, &err), 0);
}

static double
seconds_of(struct str text)
{
	struct timespec from, to;
	arena_reset(&fx.arena);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	match(text);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

static double
seconds_of_piece(const char *piece, size_t len)
{
	buf_reset(&fx.out);
	for (unsigned i = 0; i < 200; i++)
		buf_printf(&fx.out, "J%cm%c Smith is here. ", "aeiou"[i % 5], 'a' + i / 5 % 20);
	while (fx.out.len < len)
		buf_puts(&fx.out, piece);
	return seconds_of(buf_view(&fx.out));
}

START_TEST(test_a_long_text_takes_no_longer_than_its_length)
{
	static const char *const some[] = {"Bill Smith", "John Smith", "William Smith", "Bill O'Hara", "Mary O'Hara",
	    "A A A", "A B", "Jan van der Berg", "Ann Smith-Jones", "Ivan Petrov", "Ed Stone", "Tom Stone"};
	for (size_t i = 0; i < sizeof some / sizeof *some; i++)
		watch(some[i], WATCH_PERSON, "und", some[i]);
	watch("firm", WATCH_ORG, "und", "Ed Stone");
	watch("topic", WATCH_TOPIC, "und", "Tom Stone");
	for (unsigned i = 0; i < 100; i++) {
		const char *name = arena_printf(&fx.arena, "J%cm%c Smith", "aeiou"[i % 5], 'a' + i / 5).s;
		watch(name, WATCH_PERSON, "und", name);
	}
	compile();
	double few = seconds_of_piece(long_texts[_i], SHORT_BYTES),
	       many = seconds_of_piece(long_texts[_i], SHORT_BYTES * TIMES_LONGER);
	ck_assert_msg(many < few * TIMES_SLOWER_MAX, "“%s”: %.4f s, %u times as long %.4f s", long_texts[_i], few,
	    TIMES_LONGER, many);
}
END_TEST

/* Each part of a name may be cut off in three ways, so that a stretch makes eighteen words. */
START_TEST(test_a_text_that_may_be_cut_in_many_ways_takes_no_more_memory)
{
	static const char *const actors[] = {"Mara Mara", "Doimara Maradoi", "Kabdoimara Maradoikab"};
	for (size_t i = 0; i < sizeof actors / sizeof *actors; i++)
		watch(actors[i], WATCH_PERSON, "und", actors[i]);
	compile();
	fx.arena.max_bytes = 64u << 20; /* as a worker has for a document */
	while (fx.out.len < 5u << 18)
		buf_puts(&fx.out, "กับโดยมารา มาราโดยกับ, ");
	match(buf_view(&fx.out));
	ck_assert(!fx.arena.failed);
	ck_assert_uint_eq(fx.result.hit_count, 1);
}
END_TEST

#define CLAN 2000u
#define CLAN_FEW 40u
#define CLAN_BYTES 400000u
#define CLAN_SLOWER_MAX 8.0

static void
put_given(struct buf *out, unsigned i)
{
	static const char *const syllables[] = {
	    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ro"};
	const unsigned count = sizeof syllables / sizeof *syllables;
	size_t at = out->len;
	for (unsigned k = 0; k < 4; k++, i /= count)
		buf_puts(out, syllables[i % count]);
	buf_putc(out, 'n');
	out->data[at] = (char)(out->data[at] - 32);
}

/* That a text takes which names so many of the list in turn, with the piece behind each. */
static double
seconds_of_named(unsigned named, const char *piece)
{
	buf_reset(&fx.out);
	for (unsigned i = 0; fx.out.len < CLAN_BYTES; i++) {
		put_given(&fx.out, i % named);
		buf_puts(&fx.out, piece);
	}
	return seconds_of(buf_view(&fx.out));
}

START_TEST(test_thousands_of_one_family_name_who_are_named_take_no_look_each_at_every_word)
{
	static const char *const pieces[] = {" Smith and smith. Smith & Smith Foo. ", " Smith and Smith Jones went. "};
	for (unsigned i = 0; i < CLAN; i++) {
		buf_reset(&fx.out);
		put_given(&fx.out, i);
		buf_puts(&fx.out, " Smith");
		buf_putc(&fx.out, 0);
		watch(fx.out.data, WATCH_PERSON, "und", fx.out.data);
	}
	compile();
	double few = seconds_of_named(CLAN_FEW, pieces[_i]), many = seconds_of_named(CLAN, pieces[_i]);
	ck_assert_msg(many < few * CLAN_SLOWER_MAX, "“%s”: %u named %.4f s, %u named %.4f s", pieces[_i], CLAN_FEW, few,
	    CLAN, many);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_loop_test(
	    tc, test_a_long_text_takes_no_longer_than_its_length, 0, sizeof long_texts / sizeof *long_texts);
	tcase_add_test(tc, test_a_text_that_may_be_cut_in_many_ways_takes_no_more_memory);
	tcase_add_loop_test(tc, test_thousands_of_one_family_name_who_are_named_take_no_look_each_at_every_word, 0, 2);
}

int
main(void)
{
	return tap_run("watch/long", suite);
}
