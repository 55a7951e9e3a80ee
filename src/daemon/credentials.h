#pragma once
/*
 * What a feed shows to its server so that it is let in. Secrets are read from their files for each poll, so that a changed one
 * counts at once, and are wiped afterwards. A file that others than its owner can read is refused.
 */
#include "base/buf.h"
#include "conf/conf.h"
#include "http/http.h"

#define REQUEST_HEADERS 17u /* 16 of the configuration, and the token */

struct credentials {
	struct http_header headers[REQUEST_HEADERS];
	struct buf secret;       /* as it stands in the request */
	struct buf proxy_secret; /* the proxy's password */
};

/* Fills the options' headers, authentication, certificates and proxy as the feed has them; they point into *c and the
 * configuration. ERR_CONFIG for secrets that are not kept as such, ERR_IO for files that cannot be read. */
int
credentials_fill(struct credentials *c, const struct conf_feed *conf, struct http_options *options, struct err *err);

/* Wipes the secrets; also after a failure. */
void credentials_done(struct credentials *c);

/* What is asked for a feed's sake elsewhere (pages of its items, robots.txt, its hub) is asked in its name and by its way: its
 * user agent, its proxy, its leave for private addresses; on its own host also by the authorities that it trusts. Never with its
 * secrets, but for the proxy's password, which only the proxy sees. Goes by options->url; what is filled in points into *c and the
 * configuration. Errors as above; done by credentials_done, too. */
int credentials_way(struct credentials *c, const struct conf_feed *conf, struct http_options *options, struct err *err);
