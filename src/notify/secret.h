#pragma once
/*
 * Secrets from files, and what is signed with them (Standard Webhooks 1.0, standardwebhooks.com: HMAC-SHA256 over
 * "id.timestamp.body"). A secret never stands in a configuration, a listing, a log or a message. For notify, and for feeds that need credentials.
 */
#include "base/buf.h"

#define SECRET_BYTES_MIN 16
#define SECRET_FILE_MAX 4096

#define SECRET_CREDENTIAL "credential:"

/*
 * Reads the first line of a file that only its owner (or root) can read, or of "credential:NAME", which systemd has laid into
 * $CREDENTIALS_DIRECTORY for this service alone (systemd.exec(5), LoadCredential=). Appends it to out; at most
 * SECRET_FILE_MAX bytes.
 */
int secret_read(const char *path, struct buf *out, struct err *err);
/* The key that the line of a file stands for: "whsec_" and base64, or the bytes themselves. ERR_CONFIG when it is too short. */
int secret_key(struct str line, struct buf *key, struct err *err);
/* Appends the signature: "v1," and base64. */
void secret_sign(struct buf *out, struct str key, struct str id, int64_t timestamp_s, struct str body);
