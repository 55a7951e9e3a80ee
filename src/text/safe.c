#include "text/safe.h"

#include "base/utf8.h"

#include <unicode/uchar.h>

#define FSI "\xE2\x81\xA8"
#define PDI "\xE2\x81\xA9"
#define REPLACEMENT "\xEF\xBF\xBD"
#define ZWNJ 0x200Cu
#define ZWJ 0x200Du

static bool
is_mark(uint32_t cp)
{
	return cp >= 0x300 && (U_GET_GC_MASK((UChar32)cp) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0;
}

static bool
is_rtl(uint32_t cp)
{
	if (cp < 0x590)
		return false;
	UCharDirection d = u_charDirection((UChar32)cp);
	return d == U_RIGHT_TO_LEFT || d == U_RIGHT_TO_LEFT_ARABIC;
}

static bool
is_line_end(uint32_t cp)
{
	return cp == '\n' || cp == '\r' || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

/* Persian and the Indic scripts write with joiners, and so do emoji; elsewhere they only hide. */
static bool
wants_joiner(uint32_t before, uint32_t after)
{
	if (before < 0x600 || after < 0x600)
		return false;
	bool letters = (u_isalpha((UChar32)before) || is_mark(before)) && u_isalpha((UChar32)after);
	bool emoji =
	    u_hasBinaryProperty((UChar32)after, UCHAR_EXTENDED_PICTOGRAPHIC) || after == 0x2640 || after == 0x2642;
	return letters || emoji;
}

static uint32_t
peek(struct str s, size_t pos)
{
	return pos < s.len ? utf8_next(s, &pos) : 0;
}

static bool
is_hidden(struct str s, size_t pos, uint32_t before, uint32_t cp)
{
	if (cp == ZWJ || cp == ZWNJ)
		return !wants_joiner(before, peek(s, pos));
	if (cp >= 0xFE00 && cp <= 0xFE0F)
		return before == 0 || ascii_space((char)(before < 0x80 ? before : 0));
	return u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
	       u_hasBinaryProperty((UChar32)cp, UCHAR_BIDI_CONTROL) || (cp >= 0xFFF9 && cp <= 0xFFFC);
}

/* The ASCII run at the front that needs no change. */
static size_t
plain_prefix(struct str s)
{
	size_t n = 0;
	while (n < s.len && (unsigned char)s.s[n] >= 0x20 && (unsigned char)s.s[n] < 0x7F)
		n++;
	return n;
}

static bool
add_control(struct buf *out, struct str s, size_t *pos, uint32_t cp, unsigned flags)
{
	if (is_line_end(cp) || cp == '\t') {
		if (cp == '\r' && *pos < s.len && s.s[*pos] == '\n')
			(*pos)++;
		return buf_putc(out, (flags & TEXT_SAFE_LINES) && cp != '\t' ? '\n' : ' ');
	}
	return buf_printf(out, "\\x%02x", (unsigned)cp);
}

static bool
add_body(struct buf *out, struct str s, unsigned flags)
{
	uint32_t before = 0;
	unsigned marks = 0;

	for (size_t pos = 0; pos < s.len;) {
		size_t plain = plain_prefix((struct str){s.s + pos, s.len - pos});
		if (plain > 0) {
			if (!buf_add(out, s.s + pos, plain))
				return false;
			pos += plain;
			before = (unsigned char)s.s[pos - 1];
			marks = 0;
			continue;
		}
		size_t start = pos;
		uint32_t cp = utf8_next(s, &pos);
		bool good = true;
		if (cp == UTF8_INVALID || U_IS_UNICODE_NONCHAR((UChar32)cp))
			good = buf_add(out, REPLACEMENT, 3);
		else if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || is_line_end(cp))
			good = add_control(out, s, &pos, cp, flags);
		else if (is_hidden(s, pos, before, cp))
			continue;
		else if ((marks = is_mark(cp) ? marks + 1 : 0) <= TEXT_MARKS_MAX)
			good = buf_add(out, s.s + start, pos - start);
		if (!good)
			return false;
		before = cp == UTF8_INVALID ? 0 : cp;
	}
	return true;
}

static bool
has_rtl(struct str s)
{
	for (size_t pos = 0; pos < s.len;) {
		uint32_t cp = utf8_next(s, &pos);
		if (cp != UTF8_INVALID && is_rtl(cp))
			return true;
	}
	return false;
}

bool
text_safe(struct buf *out, struct str s, unsigned flags)
{
	bool isolate = (flags & TEXT_SAFE_ISOLATE) && has_rtl(s);
	if (isolate && !buf_add(out, FSI, 3))
		return false;
	if (!add_body(out, s, flags))
		return false;
	return !isolate || buf_add(out, PDI, 3);
}

static size_t
columns_of(uint32_t cp)
{
	if (cp == UTF8_INVALID)
		return 1;
	if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
		return 0;
	if (cp < 0x300)
		return cp == 0xAD ? 0 : 1;
	if ((cp >= 0x1160 && cp <= 0x11FF) ||
	    (U_GET_GC_MASK((UChar32)cp) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK)))
		return 0;
	int width = u_getIntPropertyValue((UChar32)cp, UCHAR_EAST_ASIAN_WIDTH);
	return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

size_t
text_width(struct str s)
{
	size_t width = 0;
	for (size_t pos = 0; pos < s.len;)
		width += columns_of(utf8_next(s, &pos));
	return width;
}

struct str
text_truncate_columns(struct str s, size_t columns)
{
	size_t width = 0, pos = 0;
	while (pos < s.len) {
		size_t next = pos;
		size_t n = columns_of(utf8_next(s, &next));
		if (width + n > columns)
			break;
		width += n;
		pos = next;
	}
	return (struct str){s.s, pos};
}
