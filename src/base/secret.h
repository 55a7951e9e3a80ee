#pragma once
/*
 * Secrets from files: passwords, tokens, keys. A secret never stands in a configuration, a listing, a log or a message.
 */
#include "base/buf.h"

#define SECRET_FILE_MAX 4096

#define SECRET_CREDENTIAL "credential:"

/*
 * Reads the first line of a file that only its owner (or root) can read, or of "credential:NAME", which systemd has laid into
 * $CREDENTIALS_DIRECTORY for this service alone (systemd.exec(5), LoadCredential=). Appends it to out; at most
 * SECRET_FILE_MAX bytes. ERR_CONFIG for one that is not kept as a secret, ERR_IO for a file that cannot be read.
 */
int secret_read(const char *path, struct buf *out, struct err *err);
/* Wipes and frees. */
void secret_forget(struct buf *secret);
