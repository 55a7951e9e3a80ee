#pragma once
/*
 * A mail as text: headers and two bodies, 7-bit ASCII whatever goes in, no line over 78 bytes, lines ended by CR LF. What
 * comes from outside can neither end a header, nor add one, nor end the message: texts become encoded words and
 * base64, addresses are checked. Pure. Internal to notify.
 * Sources: RFC 5322 (form), 2045 and 2046 (bodies), 2047 (encoded words), 2919 (List-Id), 3834 (Auto-Submitted),
 * 2156 (Importance).
 */
#include "base/buf.h"
#include "base/mailbox.h"

#define LETTER_SUBJECT_MAX 400u /* bytes of the subject; a longer one is cut */

struct letter {
	struct mailbox from;
	const struct mailbox *to;
	size_t to_count;
	struct str subject;
	struct str id; /* of the message, stable; any text */
	struct str previous_id,
	    thread_id; /* ids of the message before it and of the first of its thread, or STR_NONE; its own counts as none */
	struct str list, list_name; /* the source of such mails, for filters */
	int64_t date;               /* ms since 1970 */
	bool important;
	struct str text, html; /* UTF-8 */
};

void letter_write(struct buf *out, const struct letter *l);
