#pragma once
/*
 * What commands that list something have in common: a table for people, a line of JSON each for programs, and the exit status
 * that says whether there was anything.
 */
#include "cli/cli.h"
#include "cli/page.h"

struct cli_listing {
	const struct cli *cli;
	struct cli_table table; /* one row for each … */
	struct buf out;         /* … or with --json one line here */
	size_t shown;           /* counted by whoever fills it */
};

void cli_listing_begin(struct cli_listing *l, const struct cli *cli, const char *const *heads, size_t columns);
/* Writes it out unless rc is an exit status already. Returns that, CLI_FOUND or CLI_NOTHING. */
int cli_listing_end(struct cli_listing *l, int rc);
