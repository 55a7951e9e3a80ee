#pragma once
/*
 * What a worker gives up before it sees a document: files, network, other processes, memory without end. For good, and for
 * this process only. Source: setrlimit(2), seccomp(2), libseccomp.
 */
#include "worker/message.h"

#define SANDBOX_MEMORY_BYTES (256u * 1024 * 1024) /* address space beyond what it was born with */
#define SANDBOX_CPU_S 2                           /* per document */

/* Limits, then the system calls: what of it is in force is told in *ret. `filter` false leaves the second out. */
void sandbox_enter(bool filter, struct worker_hello *ret);
/* From now on at most SANDBOX_CPU_S seconds of processor time, and not much less than one; beyond them SIGXCPU ends the
 * process. */
void sandbox_allow_cpu(void);
