#include "cli/cli.h"

const struct cli_command cli_commands[] = {
    {"search", "[OPTIONS] WORDS…", "find items that hold all these words", cmd_search},
    {"items", "[OPTIONS]", "list items, newest first", cmd_items},
    {"show", "ID…", "show items in full, with who and what was matched and why", cmd_show},
    {"follow", "[OPTIONS]", "show matched items as they come, until interrupted", cmd_follow},
    {"feeds", "[--failing] [--all]", "list the feeds and how they are", cmd_feeds},
    {"status", "", "say how the daemon, the store and the outbox are", cmd_status},
    {"parse", "[--json] [--url U] [--content-type T] [--content-location L] FILE|-", "show what a feed document holds", cmd_parse},
    {"match", "--watchlist FILE.tsv", "match items (JSON Lines on standard input) against a list of names", cmd_match},
    {"config", "[--check | --dump [--all] | --keys] [FILE]", "check the configuration, show it, or list every setting", cmd_config},
    {"help", "[COMMAND]", "explain a command", cmd_help},
    {NULL, NULL, NULL, NULL},
};

#define LISTS "search items follow"

const struct cli_option cli_options[] = {
    {"", "", 'c', "FILE", "configuration file"},
    {"", "", 'd', "FILE", "database, instead of the configured one; no configuration is read then"},
    {"", "json", 0, NULL, "write JSON: one object, or one per line for lists"},
    {"", "color", 0, "WHEN", "auto, always or never; always also writes as for a terminal"},
    {"", "help", 'h', NULL, "explain the command"},
    {"", "version", 0, NULL, "print the version"},
    {LISTS, "actor", 'a', "ID", "only items that mention this actor"},
    {LISTS, "topic", 't', "ID", "only items about this topic"},
    {LISTS, "watch", 'w', "KEY", "only items that fell under this watch"},
    {LISTS, "feed", 'f', "KEY", "only items of this feed"},
    {LISTS, "since", 's', "WHEN", "only items first seen at or after this time"},
    {"search items", "until", 'u', "WHEN", "only items first seen before this time"},
    {"search items", "limit", 'n', "N", "at most so many (50)"},
    {"search items", "matched", 'm', NULL, "only items that mention some actor or topic"},
    {"search items", "oldest-first", 0, NULL, "oldest first"},
    {"follow", "all", 0, NULL, "also items that mention no actor and no topic"},
    {"feeds", "failing", 0, NULL, "only feeds whose last poll failed"},
    {"feeds", "all", 0, NULL, "also feeds that are no longer configured"},
    {"parse", "url", 0, "URL", "where the document is from: base of its relative links"},
    {"parse", "content-type", 0, "TYPE", "the Content-Type header it came with"},
    {"parse", "content-location", 0, "URL", "the Content-Location header it came with"},
    {"match", "watchlist", 'w', "FILE", "names as TSV: id, kind, lang, name"},
    {"config", "check", 0, NULL, "check only; say nothing when all is well"},
    {"config", "dump", 0, NULL, "write the configuration in force"},
    {"config", "all", 0, NULL, "with --dump: defaults too, with their help"},
    {"config", "keys", 0, NULL, "list every setting"},
    {NULL, NULL, 0, NULL, NULL},
};
