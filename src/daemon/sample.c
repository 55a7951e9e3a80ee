#include "daemon/sample.h"

#include "base/clock.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".sample"

static int
open_directory(struct str store_path)
{
	char path[PATH_MAX];
	size_t dir = store_path.len;
	while (dir > 0 && store_path.s[dir - 1] != '/')
		dir--;
	int n = snprintf(path, sizeof path, "%.*ssamples", (int)dir, store_path.s ? store_path.s : "");
	if (n < 0 || (size_t)n >= sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -1;
	return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int
is_sample(const struct dirent *e)
{
	return str_ends(str_from(e->d_name), STR_LIT(SUFFIX));
}

/* Names begin with the time: the oldest comes first. */
static void
prune(int dir)
{
	struct dirent **names = NULL;
	int n = scandirat(dir, ".", &names, is_sample, alphasort);
	for (int i = 0; i < n; i++) {
		if (i + (int)SAMPLES_MAX < n)
			unlinkat(dir, names[i]->d_name, 0);
		free(names[i]);
	}
	free(names);
}

static bool
write_whole(int fd, struct str s)
{
	while (s.len > 0) {
		ssize_t n = write(fd, s.s, s.len);
		if (n <= 0)
			return false;
		s.s += n;
		s.len -= (size_t)n;
	}
	return true;
}

static bool
write_sample(int dir, struct str feed, int64_t at, struct str document)
{
	char name[NAME_MAX + 1], when[TIME_FORMAT_MAX];
	/* Keys of feeds are letters, digits and a few marks: conf sees to that. */
	snprintf(name, sizeof name, "%s-%.*s" SUFFIX, time_format(at, true, when), (int)(feed.len < 64 ? feed.len : 64),
	    feed.s);
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	if (document.len > SAMPLE_BYTES_MAX)
		document.len = SAMPLE_BYTES_MAX;
	bool good = write_whole(fd, document);
	return close(fd) == 0 && good;
}

void
sample_keep(struct str store_path, struct str feed, int64_t at, struct str document)
{
	int dir = open_directory(store_path);
	if (dir < 0 || !write_sample(dir, feed, at, document))
		log_warn("feed %.*s: the document that ended the parser could not be kept: %s", STR_ARG(feed),
		    strerror(errno));
	if (dir < 0)
		return;
	prune(dir);
	close(dir);
}
