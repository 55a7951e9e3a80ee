#include "cli/cli.h"

int
cmd_parse(struct cli *cli, int argc, char **argv)
{
	return cli_usage(cli_command_find(argv[0]), "not built yet");
}
