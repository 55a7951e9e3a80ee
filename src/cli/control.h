#pragma once
/*
 * The client's end of the daemon's control socket: one line out, one JSON object back, then the end.
 */
#include "cli/cli.h"

#define CLI_CONTROL_MAX (1u << 20) /* bytes of an answer */
#define CLI_CONTROL_TIMEOUT_MS 5000

/* Sends a request ("status") and appends the answer. Blocks up to the timeout. -1: nobody answers there. */
int cli_control(const char *path, const char *request, struct buf *answer, struct err *err);

struct json_t;
/*
 * The same for a command that needs the daemon: finds the socket, asks, and checks the answer, which becomes *ret (free it
 * with json_decref). 0, or an exit code after a message: CLI_CONFIG, CLI_NO_DAEMON, or CLI_NOTHING with the daemon's own
 * words when it declined.
 */
int cli_ask(const struct cli *cli, const char *request, struct json_t **ret);
