#pragma once
/*
 * What is signed with the secrets of base/secret.h (Standard Webhooks 1.0, standardwebhooks.com: HMAC-SHA256 over
 * "id.timestamp.body").
 */
#include "base/secret.h"

#define SECRET_BYTES_MIN 16

/* The key that the line of a file stands for: "whsec_" and base64, or the bytes themselves. ERR_CONFIG when it is too short. */
int secret_key(struct str line, struct buf *key, struct err *err);
/* Appends the signature: "v1," and base64. */
void secret_sign(struct buf *out, struct str key, struct str id, int64_t timestamp_s, struct str body);
