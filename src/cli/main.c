#include "cli/cli.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define USUAL_COLUMNS 80 /* of a terminal that does not tell its width */

struct common {
	struct cli *cli;
	bool help, version;
	const char *colour;
};

/* Takes one common option at argv[i]; how many arguments it took, 0 when it is none, -1 after a message. */
static int
take_common(struct common *c, int argc, char **argv, int i)
{
	const char *arg = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;
	if ((strcmp(arg, "-c") == 0 || strcmp(arg, "-d") == 0) && next == NULL) {
		cli_usage(NULL, "%s needs a value", arg);
		return -1;
	}
	if (strcmp(arg, "-c") == 0) {
		c->cli->config_path = next;
		c->cli->config_given = true;
		return 2;
	}
	if (strcmp(arg, "-d") == 0) {
		c->cli->store_path = next;
		return 2;
	}
	if (strcmp(arg, "--json") == 0)
		c->cli->json = true;
	else if (strncmp(arg, "--color=", 8) == 0)
		c->colour = arg + 8;
	else if (strcmp(arg, "-h") == 0 || strcmp(arg, "--help") == 0)
		c->help = true;
	else if (strcmp(arg, "--version") == 0)
		c->version = true;
	else
		return 0;
	return 1;
}

/* Takes the common options out of argv, wherever they stand before "--". -1 after a message. */
static int
common_options(struct common *c, int *argc, char **argv)
{
	int kept = 1, i = 1;
	while (i < *argc && strcmp(argv[i], "--") != 0) {
		int taken = take_common(c, *argc, argv, i);
		if (taken < 0)
			return -1;
		if (taken == 0)
			argv[kept++] = argv[i++];
		i += taken;
	}
	while (i < *argc)
		argv[kept++] = argv[i++];
	argv[kept] = NULL;
	*argc = kept;
	return 0;
}

static int
set_colour(struct cli *cli, const char *when)
{
	if (when == NULL || strcmp(when, "auto") == 0)
		return 0;
	if (strcmp(when, "always") != 0 && strcmp(when, "never") != 0)
		return cli_usage(NULL, "--color is auto, always or never");
	cli->colour = *when == 'a';
	cli->terminal = cli->terminal || cli->colour;
	return 0;
}

static void
look_at_terminal(struct cli *cli)
{
	const char *no_color = getenv("NO_COLOR");
	struct winsize ws;
	cli->terminal = isatty(STDOUT_FILENO);
	cli->colour = cli->terminal && (no_color == NULL || *no_color == '\0');
	if (cli->terminal)
		cli->width = ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 ? ws.ws_col : USUAL_COLUMNS;
}

int
main(int argc, char **argv)
{
	struct cli cli = {.config_path = SYSCONFDIR "/tidings/tidings.conf"};
	struct common common = {.cli = &cli};

	look_at_terminal(&cli);
	if (common_options(&common, &argc, argv) < 0)
		return CLI_USAGE;
	int rc = set_colour(&cli, common.colour);
	if (rc != 0)
		return rc;
	if (common.version) {
		printf("tidings %s\n", PACKAGE_VERSION);
		return CLI_FOUND;
	}
	const struct cli_command *command = argc > 1 ? cli_command_find(argv[1]) : NULL;
	if (common.help) {
		cli_help(stdout, command);
		return CLI_FOUND;
	}
	if (command != NULL)
		return command->run(&cli, argc - 1, argv + 1);
	if (argc > 1 && argv[1][0] == '-')
		return cli_usage(NULL, "there is no option %s; tidings --help lists them", argv[1]);
	if (argc > 1)
		return cli_usage(NULL, "there is no command “%s”; tidings --help lists them", argv[1]);
	cli_help(stderr, NULL);
	return CLI_USAGE;
}
