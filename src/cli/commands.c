#include "cli/cli.h"

const struct cli_command cli_commands[] = {
    {"parse", "[--json] [--url U] [--content-type T] [--content-location L] FILE|-", "show what a feed document holds", cmd_parse},
    {"match", "--watchlist FILE.tsv", "match items (JSON Lines on standard input) against a list of names", cmd_match},
    {"config", "[--check | --dump [--all] | --keys] [FILE]", "check the configuration, show it, or list every setting", cmd_config},
    {NULL, NULL, NULL, NULL},
};
