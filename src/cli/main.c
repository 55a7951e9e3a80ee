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

/* Is `arg` this option? *value: what stands behind a "=", or NULL. */
static bool
is_option(const struct cli_option *o, const char *arg, const char **value)
{
	size_t n = strlen(o->name);
	*value = NULL;
	if (o->letter && arg[0] == '-' && arg[1] == o->letter && arg[2] == '\0')
		return true;
	if (strncmp(arg, "--", 2) != 0 || strncmp(arg + 2, o->name, n) != 0)
		return false;
	if (o->argument && arg[2 + n] == '=')
		*value = arg + 3 + n;
	return arg[2 + n] == '\0' || *value != NULL;
}

static void
apply(struct common *c, const char *name, const char *value)
{
	if (strcmp(name, "config") == 0) {
		c->cli->config_path = value;
		c->cli->config_given = true;
	} else if (strcmp(name, "database") == 0) {
		c->cli->store_path = value;
	} else if (strcmp(name, "color") == 0) {
		c->colour = value;
	} else if (strcmp(name, "json") == 0) {
		c->cli->json = true;
	} else if (strcmp(name, "help") == 0) {
		c->help = true;
	} else if (strcmp(name, "version") == 0) {
		c->version = true;
	}
}

/* Takes one common option at argv[i]; how many arguments it took, 0 when it is none, -1 after a message. */
static int
take_common(struct common *c, int argc, char **argv, int i)
{
	const char *value;
	for (const struct cli_option *o = cli_options; o->name != NULL; o++) {
		if (*o->command || !is_option(o, argv[i], &value))
			continue;
		int taken = o->argument && value == NULL ? 2 : 1;
		if (taken == 2 && i + 1 == argc) {
			cli_usage(NULL, "%s needs a value", argv[i]);
			return -1;
		}
		apply(c, o->name, taken == 2 ? argv[i + 1] : value);
		return taken;
	}
	return 0;
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
