/*
 * Preloaded into a program, lets chosen allocations fail, counted from the start of main:
 *   FAILMALLOC_AT=N      the N-th one (1 = first)
 *   FAILMALLOC_EVER=1    … and every later one
 *   FAILMALLOC_COUNT=F   at exit, writes how many there were to the file F
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t n);

static unsigned long fail_at, seen;
static bool ever, armed;

__attribute__((constructor)) static void
arm(void)
{
	const char *at = getenv("FAILMALLOC_AT");
	fail_at = at ? strtoul(at, NULL, 10) : 0;
	ever = getenv("FAILMALLOC_EVER") != NULL;
	seen = 0;
	armed = true;
}

__attribute__((destructor)) static void
report(void)
{
	const char *path = getenv("FAILMALLOC_COUNT");
	char text[32];
	armed = false;
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
	if (fd < 0)
		return;
	int n = snprintf(text, sizeof text, "%lu\n", seen);
	if (write(fd, text, (size_t)n) != n)
		_exit(99);
	close(fd);
}

static bool
fails(void)
{
	if (!armed)
		return false;
	unsigned long now = __atomic_add_fetch(&seen, 1, __ATOMIC_RELAXED);
	if (fail_at == 0 || now < fail_at || (now > fail_at && !ever))
		return false;
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t n)
{
	return fails() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *p, size_t n)
{
	return fails() ? NULL : __libc_realloc(p, n);
}
