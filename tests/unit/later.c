#include "later.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long ahead;

int
clock_gettime(clockid_t clock, struct timespec *ret)
{
	int rc = (int)syscall(SYS_clock_gettime, clock, ret);
	ret->tv_sec += ahead;
	return rc;
}

time_t
time(time_t *ret)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (ret != NULL)
		*ret = now.tv_sec;
	return now.tv_sec;
}

void
later(long seconds)
{
	ahead += seconds;
}
