#pragma once
/*
 * The client's end of the daemon's control socket: one line out, one JSON object back, then the end.
 */
#include "base/buf.h"

#define CLI_CONTROL_MAX (1u << 20) /* bytes of an answer */
#define CLI_CONTROL_TIMEOUT_MS 5000

/* Sends a request ("status") and appends the answer. Blocks up to the timeout. -1: nobody answers there. */
int cli_control(const char *path, const char *request, struct buf *answer, struct err *err);
