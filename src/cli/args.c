#include "cli/cli.h"

#include <getopt.h>

#define LONG_ONLY 256 /* getopt values above are row numbers of cli_options */

bool
cli_option_belongs(const struct cli_option *o, const char *command)
{
	struct str names = str_from(o->command), one;
	while (str_split(&names, ' ', &one)) {
		if (str_is(one, command))
			return true;
	}
	return false;
}

/* The rows of this command in getopt's form. */
static void
build(const char *command, struct option longs[CLI_OPTIONS_MAX + 1], char shorts[3 * CLI_OPTIONS_MAX + 2])
{
	size_t n = 0, k = 0;
	shorts[k++] = ':';
	for (int i = 0; i < CLI_OPTIONS_MAX && cli_options[i].name != NULL; i++) {
		const struct cli_option *o = &cli_options[i];
		if (!cli_option_belongs(o, command))
			continue;
		if (*o->name)
			longs[n++] = (struct option){
			    o->name, o->argument ? required_argument : no_argument, NULL, LONG_ONLY + i};
		if (o->letter) {
			shorts[k++] = o->letter;
			if (o->argument)
				shorts[k++] = ':';
		}
	}
	longs[n] = (struct option){NULL, 0, NULL, 0};
	shorts[k] = '\0';
}

static int
row_of(const char *command, int c)
{
	if (c >= LONG_ONLY)
		return c - LONG_ONLY;
	for (int i = 0; i < CLI_OPTIONS_MAX && cli_options[i].name != NULL; i++) {
		if (cli_options[i].letter == c && cli_option_belongs(&cli_options[i], command))
			return i;
	}
	return -1;
}

int
cli_args_parse(struct cli_args *a, int argc, char **argv)
{
	struct option longs[CLI_OPTIONS_MAX + 1];
	char shorts[3 * CLI_OPTIONS_MAX + 2];
	int c;

	*a = (struct cli_args){.command = cli_command_find(argv[0])};
	build(argv[0], longs, shorts);
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		int row = c == '?' || c == ':' ? -1 : row_of(argv[0], c);
		if (c == ':')
			return cli_usage(a->command, "%s needs a value", argv[optind - 1]);
		if (row < 0)
			return cli_usage(a->command, "there is no option %s", argv[optind - 1]);
		a->values[row] = optarg != NULL ? optarg : "";
	}
	a->words = argv + optind;
	a->word_count = argc - optind;
	return 0;
}

const char *
cli_args_value(const struct cli_args *a, const char *name)
{
	for (int i = 0; i < CLI_OPTIONS_MAX && cli_options[i].name != NULL; i++) {
		if (strcmp(cli_options[i].name, name) == 0 && cli_option_belongs(&cli_options[i], a->command->name))
			return a->values[i];
	}
	return NULL;
}
