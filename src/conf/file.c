#include "conf/file.h"

#include "conf/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_BYTES 65536u

static int
open_file(const char *path, bool pipe_allowed, struct conf_file *file, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | (pipe_allowed ? 0 : O_NONBLOCK));
	if (fd < 0)
		return err_set(err, ERR_IO, "cannot be opened: %s", strerror(errno));
	if (fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || (pipe_allowed && !S_ISDIR(st.st_mode)))) {
		file->open_to_all = S_ISREG(st.st_mode) && (st.st_mode & S_IROTH) != 0;
		return fd;
	}
	close(fd);
	return err_set(err, ERR_IO, "is not a regular file");
}

static int
read_all(int fd, struct buf *out, struct err *err)
{
	while (out->len <= CONF_FILE_BYTES_MAX) {
		char *p = buf_reserve(out, CHUNK_BYTES);
		if (p == NULL)
			return err_oom(err);
		ssize_t n = read(fd, p, CHUNK_BYTES);
		if (n < 0 && errno != EINTR)
			return err_set(err, ERR_IO, "cannot be read: %s", strerror(errno));
		if (n == 0)
			return 0;
		out->len += n > 0 ? (size_t)n : 0;
	}
	return err_set(err, ERR_TOO_LARGE, "is larger than %u MiB", CONF_FILE_BYTES_MAX >> 20);
}

int
conf_file_read(const char *path, bool pipe_allowed, struct conf_file *file, struct err *err)
{
	*file = (struct conf_file){.open_to_all = false};
	buf_init(&file->text, (size_t)CONF_FILE_BYTES_MAX + 2 * CHUNK_BYTES);
	int fd = open_file(path, pipe_allowed, file, err);
	if (fd < 0)
		return -1;
	int rc = read_all(fd, &file->text, err);
	close(fd);
	return rc;
}

void
conf_file_done(struct conf_file *file)
{
	buf_done(&file->text);
}
