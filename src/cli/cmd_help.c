#include "cli/cli.h"

static void
option_lines(FILE *out, const char *command)
{
	for (const struct cli_option *o = cli_options; o->name != NULL; o++) {
		char names[80];
		if (*command ? !cli_option_belongs(o, command) : *o->command)
			continue;
		snprintf(names, sizeof names, "%s%c%s%s%s%s%s", o->letter ? "-" : " ", o->letter ? o->letter : ' ',
		    o->letter && *o->name ? ", "
		    : *o->name            ? "  "
		                          : "",
		    *o->name ? "--" : "", o->name, o->argument ? " " : "", o->argument ? o->argument : "");
		fprintf(out, "  %-26s %s\n", names, o->help);
	}
}

void
cli_help(FILE *out, const struct cli_command *command)
{
	if (command != NULL) {
		fprintf(out, "usage: tidings %s%s%s\n\n%s\n\n", command->name, *command->synopsis ? " " : "",
		    command->synopsis, command->summary);
		option_lines(out, command->name);
	} else {
		fprintf(out, "usage: tidings [OPTIONS] COMMAND [ARGUMENTS]\n\n");
		for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
			fprintf(out, "  %-12s %s\n", c->name, c->summary);
		fprintf(out, "\n");
	}
	option_lines(out, "");
	fprintf(out, "\nThe manual is tidings(1).\n");
}

int
cmd_help(struct cli *cli, int argc, char **argv)
{
	const struct cli_command *command = argc > 1 ? cli_command_find(argv[1]) : NULL;
	if (argc > 1 && command == NULL)
		return cli_usage(cli_command_find("help"), "there is no command “%s”", argv[1]);
	cli_help(stdout, command);
	return CLI_FOUND;
}
