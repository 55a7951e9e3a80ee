#pragma once
/*
 * Mail addresses as configurations write them: the one judge of what may stand in an envelope or a header. A subset of
 * RFC 5321 and 5322: no quoted local parts, comments, literals or letters beyond ASCII.
 */
#include "base/str.h"

#define MAILBOX_MAX 254u /* bytes of one address (RFC 5321, 4.5.3.1.3) */

struct mailbox { /* views */
	struct str name, address;
};

/* user@host: ASCII, one @, no white space, quotes, brackets or commas. */
bool mailbox_ok(struct str address);
/* "Name <user@host>" or "user@host"; the views point into s. False when it is neither, or the name holds a control character. */
bool mailbox_parse(struct str s, struct mailbox *ret);
