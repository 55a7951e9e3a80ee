#include "store/lock.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static struct flock
whole_file(void)
{
	return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

/* The directory is what is wrong most often, so it is named. */
static int
fail_open(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	int len = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);
	const char *dir = slash == NULL ? "." : path;
	if (errno == ENOENT)
		return err_set(err, ERR_IO, "the directory %.*s does not exist", len, dir);
	return err_errno(err, "cannot write in the directory %.*s", len, dir);
}

static int
fail_held(int fd, const char *path, struct err *err)
{
	struct flock who = whole_file();
	if (fcntl(fd, F_GETLK, &who) == 0 && who.l_type != F_UNLCK)
		return err_set(
		    err, ERR_STORE_BUSY, "%s is in use by another tidingsd (process %ld)", path, (long)who.l_pid);
	return err_set(err, ERR_STORE_BUSY, "%s is in use by another tidingsd", path);
}

int
lock_take(const char *path, struct err *err)
{
	struct arena a;
	struct flock want = whole_file();
	char pid[32];

	arena_init(&a, 0);
	struct str name = arena_printf(&a, "%s.lock", path);
	int fd = name.s == NULL ? err_oom(err) : open(name.s, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (name.s != NULL && fd < 0)
		fail_open(path, err);
	arena_done(&a);
	if (fd < 0)
		return -1;
	int rc = fcntl(fd, F_SETLK, &want);
	if (rc < 0 && (errno == EAGAIN || errno == EACCES))
		fail_held(fd, path, err);
	else if (rc < 0)
		err_errno(err, "cannot lock %s", path);
	int len = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
	/* the number is a courtesy: the lock itself is what counts, also on a disk without room */
	if (rc == 0 && ftruncate(fd, 0) == 0 && pwrite(fd, pid, (size_t)len, 0) < 0)
		errno = 0;
	if (rc < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void
lock_release(int fd)
{
	if (fd >= 0)
		close(fd);
}
