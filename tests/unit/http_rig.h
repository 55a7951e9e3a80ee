#pragma once
/* For tests of the transport: a server, a client, and the answer to what was asked last. */
#include "../tools/served.h"
#include "fetch.h"

extern struct served server;
extern struct fetcher fetcher;
extern struct fetched got;

/* Change fetcher.settings in between, then fetcher_open. */
void rig_begin(void);
void rig_finish(void);
void rig_ask(const char *path);
/* With ERR_NONE: that there was no error. */
void rig_expect_error(enum err_code code);
/* A scripted answer to /x, asked for once with the client's settings as they are. */
void rig_scripted(const char *script);
void rig_end_scripted(void);
