#include "notify/secret.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <stdio.h>

static int
decode(struct str text, struct buf *key, struct err *err)
{
	struct base64_decode_ctx ctx;
	size_t n = BASE64_DECODE_LENGTH(text.len);
	char *p = buf_reserve(key, n + 1);
	if (p == NULL)
		return buf_check(key, err);
	base64_decode_init(&ctx);
	if (!base64_decode_update(&ctx, &n, (uint8_t *)p, text.len, text.s) || !base64_decode_final(&ctx))
		return err_set(err, ERR_CONFIG, "what follows whsec_ in the secret is no base64");
	key->len += n;
	return 0;
}

int
secret_key(struct str line, struct buf *key, struct err *err)
{
	struct str prefix = STR_LIT("whsec_");
	if (!str_starts(line, prefix))
		buf_str(key, line);
	else if (decode((struct str){line.s + prefix.len, line.len - prefix.len}, key, err) < 0)
		return -1;
	if (buf_check(key, err) < 0)
		return -1;
	return key->len >= SECRET_BYTES_MIN
	           ? 0
	           : err_set(err, ERR_CONFIG, "the secret is shorter than %d bytes", SECRET_BYTES_MIN);
}

void
secret_sign(struct buf *out, struct str key, struct str id, int64_t timestamp_s, struct str body)
{
	struct hmac_sha256_ctx ctx;
	uint8_t digest[SHA256_DIGEST_SIZE];
	char text[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE)], stamp[32];
	int n = snprintf(stamp, sizeof stamp, ".%lld.", (long long)timestamp_s);

	hmac_sha256_set_key(&ctx, key.len, (const uint8_t *)key.s);
	hmac_sha256_update(&ctx, id.len, (const uint8_t *)id.s);
	hmac_sha256_update(&ctx, (size_t)n, (const uint8_t *)stamp);
	hmac_sha256_update(&ctx, body.len, (const uint8_t *)body.s);
	hmac_sha256_digest(&ctx, sizeof digest, digest);
	base64_encode_raw(text, sizeof digest, digest);
	buf_puts(out, "v1,");
	buf_add(out, text, sizeof text);
}
