#include "listen/signature.h"
#include "tap.h"

/* Digests by `openssl dgst -METHOD -hmac secret` over the body "what was pushed". */
#define SECRET STR_LIT("secret")
#define BODY STR_LIT("what was pushed")
#define SHA1 "sha1=be7756dc61cc1141be5759716c038de0bafe3f5e"
#define SHA256 "sha256=9ebf3fec52dfb3bc3ab6e7fe3fa61eec7eeb4253dec76680ebebb53d37dd0f45"
#define SHA384 "sha384=982b96741a32c05ed4f86251d9366e7e9135f705d01e60e320a58b46a4ffff267661a986d476bba5a7910f64e6f24043"
#define SHA512 \
	"sha512=" \
	"1c03733b5ce6ad00bf1c8459a6a671c05a5b4fd45d013ea2c644babcc6db04f8" \
	"d346806a4f16d3a94d4e362f72de0e7e7cc76cff4102169831d25a5a22fdfff7"

static bool
valid(const char *header)
{
	return signature_valid(str_from(header), SECRET, BODY);
}

START_TEST(test_all_four_methods_of_websub_are_understood)
{
	ck_assert(valid(SHA1));
	ck_assert(valid(SHA256));
	ck_assert(valid(SHA384));
	ck_assert(valid(SHA512));
	ck_assert(valid(" " SHA256 " "));
}
END_TEST

START_TEST(test_another_body_or_secret_is_not_signed)
{
	ck_assert(!signature_valid(STR_LIT(SHA256), SECRET, STR_LIT("what was pushed!")));
	ck_assert(!signature_valid(STR_LIT(SHA256), SECRET, STR_LIT("")));
	ck_assert(!signature_valid(STR_LIT(SHA256), STR_LIT("Secret"), BODY));
	ck_assert(!signature_valid(STR_LIT(SHA256), STR_LIT(""), BODY));
}
END_TEST

START_TEST(test_what_is_no_signature_is_not_valid)
{
	static const char *const headers[] = {NULL, "", "=", "sha256",
	    "sha256=", "md5=d41d8cd98f00b204e9800998ecf8427e", "sha256=zz", "none=", "sha1=" SHA256};
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		ck_assert(!valid(headers[i]));
	char cut[] = SHA256, longer[sizeof SHA256 + 2] = SHA256 "00";
	cut[sizeof cut - 2] = '\0';
	ck_assert(!valid(cut));
	ck_assert(!valid(longer));
	char changed[] = SHA512;
	changed[sizeof changed - 2] ^= 1;
	ck_assert(!valid(changed));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_all_four_methods_of_websub_are_understood);
	tcase_add_test(tc, test_another_body_or_secret_is_not_signed);
	tcase_add_test(tc, test_what_is_no_signature_is_not_valid);
}

int
main(void)
{
	return tap_run("listen/signature", suite);
}
