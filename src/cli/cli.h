#pragma once
/*
 * cli: the companion `tidings`. One cmd_*.c per command, one row per command in commands.c. The common options (see
 * tidings(1)) are parsed before the command's own; `struct cli` carries them.
 */
#include "base/buf.h"
#include "base/err.h"

#include <stdio.h>

/* Exit codes, as documented in tidings(1). */
enum cli_exit {
	CLI_FOUND = 0,
	CLI_NOTHING = 1,
	CLI_USAGE = 2,
	CLI_NO_DAEMON = 3,
	CLI_CONFIG = 4,
	CLI_STORE = 5,
};

struct cli {
	const char *config_path; /* -c FILE */
	const char *store_path;  /* -d FILE: instead of the configured one; NULL = configured */
	bool json;               /* --json */
	bool colour;             /* standard output is a terminal, NO_COLOR unset, or --color=always */
	bool terminal;           /* standard output is a terminal */
	unsigned width;          /* columns of that terminal, else 0 */
};

struct cli_command {
	const char *name;
	const char *synopsis; /* "[--actor A] WORDS…" */
	const char *summary;  /* one line of help */
	/* argv[0] is the command's name; options by getopt_long with optind reset to 0. Returns an exit code. */
	int (*run)(struct cli *cli, int argc, char **argv);
};

extern const struct cli_command cli_commands[]; /* ends with a NULL name */

int cmd_parse(struct cli *cli, int argc, char **argv);
int cmd_config(struct cli *cli, int argc, char **argv);
int cmd_match(struct cli *cli, int argc, char **argv);

/* "tidings: message" on standard error, made safe for a terminal; returns `code`, so that `return cli_fail(…)` reads well. */
int cli_fail(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int cli_usage(const struct cli_command *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const struct cli_command *cli_command_find(const char *name);
/* Writes the buffer to standard output; CLI_FOUND, or CLI_USAGE with a message when that fails (a full disk, a closed pipe). */
int cli_output(const struct buf *b);
/* Reads a whole file, or standard input for "-", up to max bytes. */
int cli_read(const char *path, size_t max, struct buf *out, struct err *err);
