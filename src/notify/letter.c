#include "notify/letter.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/utf8.h"

#include <nettle/base64.h>
#include <stdio.h>

#define WORD_BYTES \
	42 /* of an encoded word before base64: 12 + 56 characters with its frame, under the 75 of RFC 2047 */
#define BASE64_LINE_BYTES 54
#define ASCII_LINE_MAX 60

static void
put_base64(struct buf *out, struct str s)
{
	char text[BASE64_ENCODE_RAW_LENGTH(BASE64_LINE_BYTES)];
	base64_encode_raw(text, s.len, (const uint8_t *)s.s);
	buf_add(out, text, BASE64_ENCODE_RAW_LENGTH(s.len));
}

static bool
is_plain(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.s[i] < 0x20 || s.s[i] > 0x7e)
			return false;
	return s.len <= ASCII_LINE_MAX && str_find(s, STR_LIT("=?"), 0) < 0;
}

/* One encoded word's worth of well-formed text without control characters; returns how much of s it took. */
static size_t
take_word(struct str s, char word[static WORD_BYTES], size_t *len)
{
	size_t pos = 0, n = 0;
	while (pos < s.len) {
		size_t next = pos;
		char utf8[4];
		uint32_t cp = utf8_next(s, &next);
		if (cp == UTF8_INVALID)
			cp = 0xFFFD;
		if (cp < 0x20 || cp == 0x7f)
			cp = ' ';
		size_t k = utf8_put(cp, utf8);
		if (n + k > WORD_BYTES)
			break;
		memcpy(word + n, utf8, k);
		n += k;
		pos = next;
	}
	*len = n;
	return pos;
}

/* Text of a header, folded into several lines when it is long. */
static void
put_text(struct buf *out, struct str s)
{
	char word[WORD_BYTES];
	size_t len;
	if (is_plain(s)) {
		buf_str(out, s);
		return;
	}
	for (bool first = true; s.len > 0; first = false) {
		size_t took = take_word(s, word, &len);
		buf_puts(out, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		put_base64(out, (struct str){word, len});
		buf_puts(out, "?=");
		s = (struct str){s.s + took, s.len - took};
	}
}

/* A name before an address: a quoted string, or encoded words. */
static void
put_address(struct buf *out, const struct mailbox *a)
{
	if (!str_empty(a->name)) {
		bool quotable = is_plain(a->name) && str_find(a->name, STR_LIT("\""), 0) < 0 &&
		                str_find(a->name, STR_LIT("\\"), 0) < 0;
		if (quotable)
			buf_printf(out, "\"%.*s\"", STR_ARG(a->name));
		else
			put_text(out, a->name);
		buf_puts(out, "\r\n ");
	}
	buf_printf(out, "<%.*s>", STR_ARG(a->address));
}

static struct str
domain_of(const struct letter *l)
{
	ptrdiff_t at = str_find(l->from.address, STR_LIT("@"), 0);
	return (struct str){l->from.address.s + at + 1, l->from.address.len - (size_t)at - 1};
}

/* An id of any form becomes one of letters and digits; the same one always the same. */
static void
put_id(struct buf *out, const struct letter *l, struct str id)
{
	struct hash128 h = hash128(id, 0);
	buf_printf(out, "<%016llx%016llx.tidings@%.*s>", (unsigned long long)h.hi, (unsigned long long)h.lo,
	    STR_ARG(domain_of(l)));
}

static void
put_date(struct buf *out, int64_t at)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {
	    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t of_day = (at % DAY_MS + DAY_MS) % DAY_MS, seconds = of_day / SECOND_MS,
	        days_since = (at - of_day) / DAY_MS;
	int64_t year;
	int month, day;
	time_civil_from_days(days_since, &year, &month, &day);
	buf_printf(out, "Date: %s, %d %s %lld %02d:%02d:%02d +0000\r\n", days[((days_since + 4) % 7 + 7) % 7], day,
	    months[month - 1], (long long)year, (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
}

/* A label of a List-Id: letters, digits and hyphens. */
static void
put_label(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len && i < 60; i++) {
		char c = ascii_lower(s.s[i]);
		bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		buf_putc(out, fits ? c : '-');
	}
}

static void
put_thread(struct buf *out, const struct letter *l)
{
	bool later = !str_empty(l->thread_id) && !str_eq(l->thread_id, l->id);
	struct str previous = str_empty(l->previous_id) ? l->thread_id : l->previous_id;
	if (!later)
		return;
	buf_puts(out, "\r\nIn-Reply-To: ");
	put_id(out, l, previous);
	buf_puts(out, "\r\nReferences: ");
	put_id(out, l, l->thread_id);
	if (!str_eq(previous, l->thread_id)) {
		buf_puts(out, "\r\n ");
		put_id(out, l, previous);
	}
}

static void
put_head(struct buf *out, const struct letter *l)
{
	put_date(out, l->date);
	buf_puts(out, "From: ");
	put_address(out, &l->from);
	for (size_t i = 0; i < l->to_count; i++) {
		buf_puts(out, i == 0 ? "\r\nTo: " : ",\r\n ");
		put_address(out, &l->to[i]);
	}
	buf_puts(out, "\r\nSubject: ");
	put_text(out, utf8_truncate(l->subject, LETTER_SUBJECT_MAX));
	buf_puts(out, "\r\nMessage-ID: ");
	put_id(out, l, l->id);
	put_thread(out, l);
	buf_puts(out, "\r\nList-Id: ");
	put_text(out, l->list_name);
	buf_puts(out, "\r\n <");
	put_label(out, l->list);
	buf_printf(out, ".tidings.%.*s>\r\n", STR_ARG(domain_of(l)));
	buf_puts(out, "Auto-Submitted: auto-generated\r\n");
	if (l->important)
		buf_puts(out, "Importance: high\r\n");
}

static void
put_part(struct buf *out, const char *boundary, const char *type, struct str text)
{
	buf_printf(out, "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
	    boundary, type);
	for (size_t i = 0; i < text.len; i += BASE64_LINE_BYTES) {
		size_t left = text.len - i;
		put_base64(out, (struct str){text.s + i, left < BASE64_LINE_BYTES ? left : BASE64_LINE_BYTES});
		buf_puts(out, "\r\n");
	}
}

void
letter_write(struct buf *out, const struct letter *l)
{
	/* base64 has no “_”, so no line of a part can look like it */
	static const char boundary[] = "_tidings_part_";
	put_head(out, l);
	buf_printf(out, "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n", boundary);
	put_part(out, boundary, "text/plain", l->text);
	put_part(out, boundary, "text/html", l->html);
	buf_printf(out, "--%s--\r\n", boundary);
}
