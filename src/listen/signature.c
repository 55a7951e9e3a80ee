#include "listen/signature.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>

static void
mac_sha1(struct str secret, struct str body, uint8_t *out)
{
	struct hmac_sha1_ctx ctx;
	hmac_sha1_set_key(&ctx, secret.len, (const uint8_t *)secret.s);
	hmac_sha1_update(&ctx, body.len, (const uint8_t *)body.s);
	hmac_sha1_digest(&ctx, SHA1_DIGEST_SIZE, out);
}

static void
mac_sha256(struct str secret, struct str body, uint8_t *out)
{
	struct hmac_sha256_ctx ctx;
	hmac_sha256_set_key(&ctx, secret.len, (const uint8_t *)secret.s);
	hmac_sha256_update(&ctx, body.len, (const uint8_t *)body.s);
	hmac_sha256_digest(&ctx, SHA256_DIGEST_SIZE, out);
}

static void
mac_sha384(struct str secret, struct str body, uint8_t *out)
{
	struct hmac_sha384_ctx ctx;
	hmac_sha384_set_key(&ctx, secret.len, (const uint8_t *)secret.s);
	hmac_sha384_update(&ctx, body.len, (const uint8_t *)body.s);
	hmac_sha384_digest(&ctx, SHA384_DIGEST_SIZE, out);
}

static void
mac_sha512(struct str secret, struct str body, uint8_t *out)
{
	struct hmac_sha512_ctx ctx;
	hmac_sha512_set_key(&ctx, secret.len, (const uint8_t *)secret.s);
	hmac_sha512_update(&ctx, body.len, (const uint8_t *)body.s);
	hmac_sha512_digest(&ctx, SHA512_DIGEST_SIZE, out);
}

static const struct {
	struct str name;
	size_t size;
	void (*mac)(struct str secret, struct str body, uint8_t *out);
} methods[] = {
    {STR_LIT("sha1"), SHA1_DIGEST_SIZE, mac_sha1},
    {STR_LIT("sha256"), SHA256_DIGEST_SIZE, mac_sha256},
    {STR_LIT("sha384"), SHA384_DIGEST_SIZE, mac_sha384},
    {STR_LIT("sha512"), SHA512_DIGEST_SIZE, mac_sha512},
};

static int
hex_digit(char c)
{
	c = ascii_lower(c);
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
decode_hex(struct str hex, uint8_t *out, size_t size)
{
	if (hex.len != 2 * size)
		return false;
	for (size_t i = 0; i < size; i++) {
		int high = hex_digit(hex.s[2 * i]), low = hex_digit(hex.s[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high * 16 + low);
	}
	return true;
}

bool
signature_valid(struct str header, struct str secret, struct str body)
{
	uint8_t given[SHA512_DIGEST_SIZE], right[SHA512_DIGEST_SIZE];
	struct str method = STR_NONE, hex = str_trim(header);

	if (str_empty(secret) || !str_split(&hex, '=', &method))
		return false;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		if (!str_ieq(method, methods[i].name) || !decode_hex(hex, given, methods[i].size))
			continue;
		methods[i].mac(secret, body.s != NULL ? body : STR_LIT(""), right);
		return memeql_sec(given, right, methods[i].size);
	}
	return false;
}
