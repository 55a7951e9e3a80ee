#include "base/utf8.h"

#include "base/utf8_wide.h"

/* Unicode 15, table 3-7: by lead byte, the length and the range of the second byte. */
static size_t
lead(unsigned char c, unsigned char *lo, unsigned char *hi)
{
	*lo = 0x80;
	*hi = 0xBF;
	if (c >= 0xC2 && c <= 0xDF)
		return 2;
	if (c >= 0xE0 && c <= 0xEF) {
		if (c == 0xE0)
			*lo = 0xA0;
		if (c == 0xED)
			*hi = 0x9F;
		return 3;
	}
	if (c >= 0xF0 && c <= 0xF4) {
		if (c == 0xF0)
			*lo = 0x90;
		if (c == 0xF4)
			*hi = 0x8F;
		return 4;
	}
	return 0;
}

uint32_t
utf8_next(struct str s, size_t *pos)
{
	const unsigned char *p = (const unsigned char *)s.s + *pos;
	size_t left = s.len - *pos;
	unsigned char lo, hi;

	if (p[0] < 0x80) {
		(*pos)++;
		return p[0];
	}
	size_t n = lead(p[0], &lo, &hi);
	if (n == 0 || left < 2 || p[1] < lo || p[1] > hi) {
		(*pos)++;
		return UTF8_INVALID;
	}
	uint32_t cp = p[0] & (0x7Fu >> n);
	cp = cp << 6 | (p[1] & 0x3Fu);
	for (size_t i = 2; i < n; i++) {
		if (i >= left || (p[i] & 0xC0) != 0x80) {
			*pos += i;
			return UTF8_INVALID;
		}
		cp = cp << 6 | (p[i] & 0x3Fu);
	}
	*pos += n;
	return cp;
}

struct str
utf8_without_mark(struct str s)
{
	const struct str mark = STR_LIT("\xEF\xBB\xBF");
	return str_starts(s, mark) ? (struct str){s.s + mark.len, s.len - mark.len} : s;
}

size_t
utf8_count(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.s[i] & 0xC0) != 0x80;
	return n;
}

size_t
utf8_prev(struct str s, size_t pos)
{
	size_t p = pos - 1;
	while (p > 0 && pos - p < 4 && ((unsigned char)s.s[p] & 0xC0) == 0x80)
		p--;
	return p;
}

size_t
utf8_put(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		if (cp >= 0xD800 && cp <= 0xDFFF)
			return 0;
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	if (cp > 0x10FFFF)
		return 0;
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

#define WIDE_BYTES 32 /* of fewer each is soon looked at */
#define HIGHEST_BITS 0x8080808080808080u

static uint64_t
load_eight(const char *at)
{
	uint64_t eight;
	memcpy(&eight, at, sizeof eight);
	return eight;
}

/* Where the next byte that is not ASCII stands, or s.len. */
static size_t
skip_ascii(struct str s, size_t i)
{
	const char *p = s.s;
	for (; s.len - i >= 32; i += 32) {
		if ((load_eight(p + i) | load_eight(p + i + 8) | load_eight(p + i + 16) | load_eight(p + i + 24)) &
		    HIGHEST_BITS)
			break;
	}
	for (; s.len - i >= 8; i += 8) {
		uint64_t high = load_eight(p + i) & HIGHEST_BITS;
		if (high != 0) /* the byte that stands first is the lowest */
			return i + (unsigned)__builtin_ctzll(high) / 8;
	}
	while (i < s.len && (unsigned char)p[i] < 0x80)
		i++;
	return i;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first of eight bytes is taken for the lowest");

size_t
utf8_valid_prefix(struct str s)
{
	size_t i = s.len >= WIDE_BYTES && cpu_is_wide() ? utf8_wide_prefix(s) : 0;
	while (i < s.len) {
		if ((unsigned char)s.s[i] < 0x80)
			i = skip_ascii(s, i);
		size_t at = i;
		if (i < s.len && utf8_next(s, &i) == UTF8_INVALID)
			return at;
	}
	return s.len;
}

bool
utf8_valid(struct str s)
{
	return utf8_valid_prefix(s) == s.len;
}

bool
utf8_clean(struct buf *out, struct str s)
{
	while (s.len > 0) {
		size_t good = utf8_valid_prefix(s);
		if (!buf_add(out, s.s, good))
			return false;
		if (good == s.len)
			return true;
		size_t pos = good;
		utf8_next(s, &pos);
		if (!buf_add(out, "\xEF\xBF\xBD", 3))
			return false;
		s.s += pos;
		s.len -= pos;
	}
	return true;
}

struct str
utf8_truncate(struct str s, size_t max_bytes)
{
	if (s.len <= max_bytes)
		return s;
	size_t n = max_bytes;
	while (n > 0 && max_bytes - n < 4 && ((unsigned char)s.s[n] & 0xC0) == 0x80)
		n--;
	/* More than three continuation bytes are no character: nothing there to keep whole. */
	return (struct str){s.s, max_bytes - n < 4 ? n : max_bytes};
}
