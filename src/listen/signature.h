#pragma once
/*
 * X-Hub-Signature: is this body from somebody who knows the secret? "method=hex" with an HMAC (RFC 2104) over the body; the
 * methods of WebSub (W3C Recommendation 2018, section 7.1): sha1, sha256, sha384, sha512. Compared in constant time. Pure.
 */
#include "base/str.h"

bool signature_valid(struct str header, struct str secret, struct str body);
