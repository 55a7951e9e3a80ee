#include "base/hash.h"
#include "base/map.h"
#include "rng.h"
#include "tap.h"

#include <stdio.h>

#define KEYS 300

START_TEST(test_any_mix_of_puts_and_deletions_agrees_with_a_plain_array)
{
	struct map m;
	char names[KEYS][8];
	void *model[KEYS] = {0};
	size_t count = 0;
	uint64_t seed = 5;
	map_init(&m);
	for (size_t i = 0; i < KEYS; i++)
		snprintf(names[i], sizeof names[i], "k%zu", i);
	for (int step = 0; step < 100000; step++) {
		size_t k = rng_below(&seed, KEYS);
		struct str key = str_from(names[k]);
		if (rng_below(&seed, 2) == 0) {
			ck_assert_ptr_eq(map_del(&m, key), model[k]);
			count -= model[k] != NULL;
			model[k] = NULL;
		} else {
			void *value = &names[rng_below(&seed, KEYS)];
			ck_assert_int_eq(map_put(&m, key, value), 0);
			count += model[k] == NULL;
			model[k] = value;
		}
		ck_assert_uint_eq(m.count, count);
		k = rng_below(&seed, KEYS);
		ck_assert_ptr_eq(map_get(&m, str_from(names[k])), model[k]);
	}
	for (size_t i = 0; i < KEYS; i++)
		ck_assert_ptr_eq(map_get(&m, str_from(names[i])), model[i]);
	map_done(&m);
}
END_TEST

START_TEST(test_an_empty_map_answers_and_an_empty_key_is_a_key)
{
	struct map m;
	int x = 0;
	map_init(&m);
	ck_assert_ptr_null(map_get(&m, STR_LIT("a")));
	ck_assert_ptr_null(map_del(&m, STR_LIT("a")));
	ck_assert_int_eq(map_put(&m, STR_LIT(""), &x), 0);
	ck_assert_ptr_eq(map_get(&m, STR_NONE), &x);
	ck_assert_int_eq(map_put(&m, STR_LIT("a\0b"), &m), 0);
	ck_assert_ptr_null(map_get(&m, STR_LIT("a")));
	ck_assert_ptr_eq(map_get(&m, STR_LIT("a\0b")), &m);
	map_done(&m);
	ck_assert_ptr_null(map_get(&m, STR_LIT("")));
}
END_TEST

START_TEST(test_many_hashes_are_those_of_each)
{
	static char bytes[400];
	struct str strings[300] = {STR_NONE};
	uint64_t hashes[300];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 37);
	for (size_t count = 0; count <= 300; count += 50) {
		for (size_t i = 0; i < count; i++)
			strings[i] = i % 41 == 40 ? STR_NONE : (struct str){bytes + i, (i * 7 + count) % 40};
		hash64_all(strings, count, count, hashes);
		for (size_t i = 0; i < count; i++)
			ck_assert(hashes[i] == hash64(strings[i], count));
	}
}
END_TEST

START_TEST(test_stored_hashes_never_change)
{
	/* Values of the reference implementation (xxhsum -H2, -H3): they stand in databases. */
	unsigned char out[16];
	static const unsigned char empty[16] = {
	    0x99, 0xaa, 0x06, 0xd3, 0x01, 0x47, 0x98, 0xd8, 0x60, 0x01, 0xc3, 0x24, 0x46, 0x8d, 0x49, 0x7f};
	hash128_bytes(hash128(STR_LIT(""), 0), out);
	ck_assert_mem_eq(out, empty, 16);
	ck_assert(hash64(STR_LIT(""), 0) == 0x2d06800538d394c2u);
	struct hash128 h = hash128(STR_LIT("a"), 1);
	struct hash128 ab = hash128_mix(hash128_mix(h, STR_LIT("a")), STR_LIT("b"));
	struct hash128 ba = hash128_mix(hash128_mix(h, STR_LIT("b")), STR_LIT("a"));
	ck_assert(ab.lo != ba.lo && ab.hi != ba.hi);
}
END_TEST

START_TEST(test_a_secret_stays_within_the_process_and_is_another_for_each_purpose)
{
	ck_assert(hash_secret(1) == hash_secret(1));
	ck_assert(hash_secret(1) != hash_secret(2));
	ck_assert(hash_secret(2) != hash_secret(3));
	ck_assert_uint_eq(hash_secret(2) & 1, 1); /* never the 0 of who has not asked yet */
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_secret_stays_within_the_process_and_is_another_for_each_purpose);
	tcase_add_test(tc, test_any_mix_of_puts_and_deletions_agrees_with_a_plain_array);
	tcase_add_test(tc, test_an_empty_map_answers_and_an_empty_key_is_a_key);
	tcase_add_test(tc, test_stored_hashes_never_change);
	tcase_add_test(tc, test_many_hashes_are_those_of_each);
}

int
main(void)
{
	return tap_run("base/map", suite);
}
