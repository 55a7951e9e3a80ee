#pragma once
/*
 * The service manager's protocol (sd_notify(3)): one datagram to the socket that NOTIFY_SOCKET names. Harmless when there is
 * none.
 */
#include <stdint.h>

void sdnotify(const char *state); /* "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=…" */
/* Half of WATCHDOG_USEC in milliseconds, or 0 when the manager does not watch us. */
int64_t sdnotify_watchdog_ms(void);
