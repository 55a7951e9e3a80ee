#pragma once
/*
 * cli: the companion `tidings`. One cmd_*.c per command; commands.c holds one row per command and one per option of a
 * command, from which the help, the check of the manual and the completions follow. The common options (-c, -d, --json,
 * --color, --help, --version) are taken out of the arguments wherever they stand before a "--"; `struct cli` carries them.
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
	bool config_given;       /* …was given, and is not the default */
	const char *store_path;  /* -d FILE: instead of the configured one; NULL = configured */
	bool json;               /* --json */
	bool colour;             /* standard output is a terminal, NO_COLOR unset, or --color=always */
	bool terminal;           /* standard output is a terminal, or --color=always says to write as if it were */
	unsigned width;          /* columns of that terminal, else 0 */
};

struct cli_command {
	const char *name;
	const char *synopsis; /* "[--actor A] WORDS…" */
	const char *summary;  /* one line of help */
	/* argv[0] is the command's name; options by cli_args_parse or getopt_long with optind 0. Returns an exit code. */
	int (*run)(struct cli *cli, int argc, char **argv);
};

extern const struct cli_command cli_commands[]; /* ends with a NULL name */

struct cli_option {
	const char *command;  /* whose it is; several may be named, parted by spaces; "" = common to all */
	const char *name;     /* long name without its dashes, or "" */
	char letter;          /* short name, or 0 */
	const char *argument; /* what it takes, as shown in help; NULL = nothing */
	const char *help;
};

extern const struct cli_option cli_options[]; /* ends with a NULL name */

/* The options and words of one command line, by the rows of cli_options. */
#define CLI_OPTIONS_MAX 64 /* rows of cli_options */
struct cli_args {
	const struct cli_command *command;
	const char *values[CLI_OPTIONS_MAX]; /* by row; "" for an option without argument */
	char **words;
	int word_count;
};

/* 0, or CLI_USAGE after a message. Options may stand among the words; "--" ends them. */
int cli_args_parse(struct cli_args *a, int argc, char **argv);
/* The argument of a long option, "" for one that takes none, NULL when it was not given. */
const char *cli_args_value(const struct cli_args *a, const char *name);
bool cli_option_belongs(const struct cli_option *o, const char *command);

int cmd_actor(struct cli *cli, int argc, char **argv);
int cmd_config(struct cli *cli, int argc, char **argv);
int cmd_discover(struct cli *cli, int argc, char **argv);
int cmd_events(struct cli *cli, int argc, char **argv);
int cmd_explain(struct cli *cli, int argc, char **argv);
int cmd_feeds(struct cli *cli, int argc, char **argv);
int cmd_follow(struct cli *cli, int argc, char **argv);
int cmd_help(struct cli *cli, int argc, char **argv);
int cmd_import_names(struct cli *cli, int argc, char **argv);
int cmd_import_query(struct cli *cli, int argc, char **argv);
int cmd_items(struct cli *cli, int argc, char **argv);
int cmd_match(struct cli *cli, int argc, char **argv);
int cmd_stories(struct cli *cli, int argc, char **argv);
int cmd_story(struct cli *cli, int argc, char **argv);
int cmd_parse(struct cli *cli, int argc, char **argv);
int cmd_notify(struct cli *cli, int argc, char **argv);
int cmd_outbox(struct cli *cli, int argc, char **argv);
int cmd_silence(struct cli *cli, int argc, char **argv);
int cmd_sink(struct cli *cli, int argc, char **argv);
int cmd_poll(struct cli *cli, int argc, char **argv);
int cmd_rematch(struct cli *cli, int argc, char **argv);
int cmd_reload(struct cli *cli, int argc, char **argv);
int cmd_search(struct cli *cli, int argc, char **argv);
int cmd_show(struct cli *cli, int argc, char **argv);
int cmd_status(struct cli *cli, int argc, char **argv);
int cmd_test(struct cli *cli, int argc, char **argv);

/* The help of one command, or of all for NULL. */
void cli_help(FILE *out, const struct cli_command *command);
/* "tidings: message" on standard error, made safe for a terminal; returns `code`, so that `return cli_fail(…)` reads well. */
int cli_fail(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same for a message of several lines, as those of queries are. */
int cli_fail_lines(int code, struct str text);
int cli_usage(const struct cli_command *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const struct cli_command *cli_command_find(const char *name);
/* Writes the buffer to standard output; CLI_FOUND, or CLI_USAGE with a message when that fails (a full disk, a closed pipe). */
int cli_output(const struct buf *b);
/*
 * The next line of standard input into `line`, without its end; false at the end of input. A line that is longer than the
 * buffer may be is read to its end and marked: see buf_check().
 */
bool cli_read_line(struct buf *line);
/* Reads a whole file, or standard input for "-", up to max bytes. `out` is initialised whatever becomes of it. */
int cli_read(const char *path, size_t max, struct buf *out, struct err *err);
