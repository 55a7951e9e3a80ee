#include "worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* AddressSanitizer reserves terabytes, is several times slower, and asks the system more when it reports. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static bool
limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
	const struct rlimit l = {soft, hard};
	return setrlimit(what, &l) == 0;
}

/* Bytes of address space in use; 0 when the kernel does not say. */
static size_t
address_space(void)
{
	char text[64];
	unsigned long long pages = 0;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	ssize_t n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n <= 0)
		return 0;
	for (const char *c = text; c < text + n && *c >= '0' && *c <= '9'; c++)
		pages = pages * 10 + (unsigned)(*c - '0');
	return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* When memory runs out, a worker is the one that can be spared. */
static void
volunteer(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, "500", 3) < 0)
		errno = 0; /* then not */
	close(fd);
}

/* ---- system calls ---- */

/* What computing takes: memory that is not executable, the pipe, the clock of its own. */
static const int allowed[] = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
    SCMP_SYS(futex), SCMP_SYS(clock_gettime), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall), SCMP_SYS(exit),
    SCMP_SYS(exit_group), SCMP_SYS(rt_sigprocmask), SCMP_SYS(gettid),
    SCMP_SYS(getpid), /* the last three: to end itself */
};

/* What libraries may try and can do without: they are told no and go on. */
static const int refused[] = {
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(lseek),
    SCMP_SYS(ioctl),
    SCMP_SYS(getcwd),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getrandom),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
};

static bool
add_rules(scmp_filter_ctx filter)
{
	int rc = 0;
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		rc |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
	rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	rc |=
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	rc |= seccomp_rule_add(
	    filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2, SCMP_A0(SCMP_CMP_EQ, 0), SCMP_A1(SCMP_CMP_EQ, RLIMIT_CPU));
	rc |=
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
	return rc == 0;
}

static bool
filter_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SANITIZED ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_KILL_PROCESS);
	if (filter == NULL)
		return false;
	bool good = add_rules(filter) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return good;
}

void
sandbox_enter(bool filter, struct worker_hello *ret)
{
	*ret = (struct worker_hello){0};
	volunteer();
	size_t now = address_space();
	ret->memory_limit =
	    !SANITIZED && now > 0 && limit(RLIMIT_AS, now + SANDBOX_MEMORY_BYTES, now + SANDBOX_MEMORY_BYTES);
	limit(RLIMIT_CORE, 0, 0);
	limit(RLIMIT_FSIZE, 0, 0);
	limit(RLIMIT_NPROC, 0, 0);
	limit(RLIMIT_NOFILE, 3, 3);
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	sandbox_allow_cpu();
	ret->seccomp = filter && filter_calls();
}

void
sandbox_allow_cpu(void)
{
	struct timespec used = {0};
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	limit(RLIMIT_CPU, (rlim_t)used.tv_sec + (SANITIZED ? 10 : 1) * SANDBOX_CPU_S, RLIM_INFINITY);
}
