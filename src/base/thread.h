#pragma once
/* Threads of the daemon: signals are the main thread's, so all are blocked in every other. */
#include <pthread.h>

/* As pthread_create(): 0, or an errno. */
int thread_start(pthread_t *thread, void *(*run)(void *ctx), void *ctx);
