#pragma once
/*
 * Where things are: the database and the control socket, from -d or from the configuration; and opening the former.
 */
#include "cli/cli.h"

struct conf;
struct store;

struct cli_home {
	struct conf *conf; /* NULL when none was read (-d without -c) */
	const char *store_path;
	const char *control_path; /* NULL = none is known */
	struct store *store;
};

/* 0, or CLI_CONFIG after every mistake of the configuration was told. */
int cli_home_find(struct cli_home *h, const struct cli *cli);
/* cli_home_find, and the store opened for reading. 0, or CLI_CONFIG or CLI_STORE after a message. */
int cli_home_open(struct cli_home *h, const struct cli *cli);
/* Harmless after a failure. */
void cli_home_done(struct cli_home *h);
