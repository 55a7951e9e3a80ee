#pragma once
/*
 * Documents from the net for a command that runs once: an event loop of its own, which ends when all have come. The same
 * client, limits and address policy as the daemon's; the user agent and the limits are those of the configuration where one is
 * read. Blocks.
 */
#include "base/arena.h"
#include "cli/cli.h"

struct event_base;
struct http_client;

struct cli_fetcher {
	struct event_base *base;
	struct http_client *client;
	struct arena arena; /* what replies say */
	bool allow_private;
	size_t pending;
};

struct cli_fetch {
	struct str url;
	size_t body_max_bytes; /* 0 = the configured one */
	/* the reply */
	struct err error; /* ERR_NONE: status 2xx and a whole body */
	int status;       /* 0 when none came */
	struct str final_url, content_type, content_location, content_language, link;
	struct buf body;
	struct cli_fetcher *fetcher;
};

/* Reads the configuration when there is one (-c, or the usual file where it can be read). 0, or an exit code after a message;
 * cli_fetcher_close is harmless either way. */
int cli_fetcher_open(struct cli_fetcher *f, const struct cli *cli, bool allow_private);
void cli_fetcher_close(struct cli_fetcher *f);
/* Fills in every fetch. The bodies are the caller's to free, also those of failed ones. */
void cli_fetch_all(struct cli_fetcher *f, struct cli_fetch *fetches, size_t count);
