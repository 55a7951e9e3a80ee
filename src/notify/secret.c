#include "notify/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a credential is. */
static int
find_credential(const char *name, char path[PATH_MAX], struct err *err)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL)
		return err_set(err, ERR_CONFIG, "“%s” is no name of a credential", name);
	if (dir == NULL || dir[0] != '/')
		return err_set(err, ERR_CONFIG,
		    "there is no credential “%s”: systemd has given none (LoadCredential=%s:…)", name, name);
	return snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX
	           ? 0
	           : err_set(err, ERR_CONFIG, "the path is too long");
}

int
secret_read(const char *path, struct buf *out, struct err *err)
{
	struct stat st;
	char text[SECRET_FILE_MAX], place[PATH_MAX];
	/* Of a credential the group's bits show the access control list that lets our user in. */
	mode_t others = S_IRWXG | S_IRWXO;
	if (strncmp(path, SECRET_CREDENTIAL, sizeof SECRET_CREDENTIAL - 1) == 0) {
		if (find_credential(path + sizeof SECRET_CREDENTIAL - 1, place, err) < 0)
			return -1;
		path = place;
		others = S_IRWXO;
	}
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return err_errno(err, "cannot open the secret %s", path);
	ssize_t n = fstat(fd, &st) == 0 ? read(fd, text, sizeof text) : -1;
	int saved = errno;
	close(fd);
	errno = saved;
	if (n < 0)
		return err_errno(err, "cannot read the secret %s", path);
	if (S_ISREG(st.st_mode) && (st.st_mode & others) != 0)
		return err_set(err, ERR_CONFIG, "the secret %s can be read by others; chmod 600 mends that", path);
	struct str rest = {text, (size_t)n}, line = STR_NONE;
	str_split(&rest, '\n', &line);
	buf_str(out, str_trim(line));
	return buf_check(out, err);
}

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
