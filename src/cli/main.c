#include "cli/cli.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int
usage(FILE *out)
{
	fprintf(out, "usage: tidings [-c FILE] [-d FILE] [--json] COMMAND [ARGUMENTS]\n\n");
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
		fprintf(out, "  %-10s %s\n", c->name, c->summary);
	fprintf(out, "\nThe manual is tidings(1).\n");
	return out == stdout ? CLI_FOUND : CLI_USAGE;
}

/* Common options stand before the command; parsed by hand, because getopt would permute the command's own away. */
static int
common_options(struct cli *cli, int argc, char **argv)
{
	int i = 1;
	for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			cli->json = true;
		} else if (strcmp(argv[i], "-c") == 0 && i + 1 < argc) {
			cli->config_path = argv[++i];
		} else if (strcmp(argv[i], "-d") == 0 && i + 1 < argc) {
			cli->store_path = argv[++i];
		} else if (strcmp(argv[i], "--color=always") == 0) {
			cli->colour = true;
		} else if (strcmp(argv[i], "--color=never") == 0) {
			cli->colour = false;
		} else if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
			exit(usage(stdout));
		} else if (strcmp(argv[i], "--version") == 0) {
			printf("tidings %s\n", PACKAGE_VERSION);
			exit(CLI_FOUND);
		} else {
			return -1;
		}
	}
	return i;
}

int
main(int argc, char **argv)
{
	struct cli cli = {.config_path = SYSCONFDIR "/tidings/tidings.conf"};
	const char *no_color = getenv("NO_COLOR");
	struct winsize ws;

	cli.terminal = isatty(STDOUT_FILENO);
	cli.colour = cli.terminal && (no_color == NULL || *no_color == '\0');
	if (cli.terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0)
		cli.width = ws.ws_col;
	int first = common_options(&cli, argc, argv);
	if (first < 0 || first >= argc)
		return usage(stderr);
	const struct cli_command *command = cli_command_find(argv[first]);
	if (command == NULL)
		return cli_usage(NULL, "there is no command “%s”; tidings --help lists them", argv[first]);
	return command->run(&cli, argc - first, argv + first);
}
