#pragma once
/*
 * What search, items and follow share: the question to the store from the options, and the items on standard output.
 */
#include "cli/cli.h"
#include "render/render.h"
#include "store/store.h"

/* --since and the like: TIME_NONE when it was not given. --limit: 50. 0, or CLI_USAGE after a message. */
int cli_time_option(const struct cli_args *a, const char *name, int64_t *ret);
int cli_limit_option(const struct cli_args *a, size_t *ret);
/* 0, or CLI_USAGE after a message. Strings point into the arguments. */
int cli_query(struct store_query *q, const struct cli_args *a);

/* tidings stories, as a list. An exit code. */
int cli_list_stories(struct cli *cli, const struct cli_args *a);

struct cli_printer {
	const struct cli *cli;
	struct render_style style;
	struct buf out;
	bool blocks;     /* an item as several lines instead of a row, on a terminal */
	size_t count;    /* items printed so far */
	int64_t last_id; /* the greatest number of them */
	int rc;          /* not 0: writing failed, after a message */
};

void cli_printer_init(struct cli_printer *p, const struct cli *cli, bool blocks);
void cli_printer_done(struct cli_printer *p);
/* One item: JSON, a row of columns, or on a terminal as people like it. For store_query. */
bool cli_print_record(void *ctx, const struct record *r);
/* Writes what is collected. 0, or an exit code after a message. */
int cli_printer_flush(struct cli_printer *p);
