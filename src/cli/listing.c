#include "cli/listing.h"

void
cli_listing_begin(struct cli_listing *l, const struct cli *cli, const char *const *heads, size_t columns)
{
	*l = (struct cli_listing){.cli = cli};
	buf_init(&l->out, 0);
	cli_table_init(&l->table, !cli->terminal, heads, columns);
}

int
cli_listing_end(struct cli_listing *l, int rc)
{
	struct cli_page page = {&l->out, l->cli->colour, l->cli->width};
	if (rc == 0 && !l->cli->json && l->shown > 0)
		cli_table_write(&l->table, &page);
	rc = rc ? rc : cli_output(&l->out);
	cli_table_done(&l->table);
	buf_done(&l->out);
	return rc ? rc : l->shown > 0 ? CLI_FOUND : CLI_NOTHING;
}
