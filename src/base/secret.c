#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

void
secret_forget(struct buf *secret)
{
	if (secret->data != NULL)
		explicit_bzero(secret->data, secret->len);
	buf_done(secret);
}
