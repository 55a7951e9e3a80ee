#include "text/entities.h"

#include "base/utf8.h"

#define NAME_MAX_BYTES 31u
#define LEGACY_MIN_BYTES 2u
#define LEGACY_MAX_BYTES 6u

/* Fixed-size rows, so that the table needs no relocation and is shared between processes. */
static const struct entity {
	char name[NAME_MAX_BYTES + 1];
	char text[7];
	char legacy;
} entities[] = {
#define ENTITY(name, text, legacy) {name, text, legacy},
#include "text/entities.def"
#undef ENTITY
};

/* 0x80 to 0x9F as windows-1252 has them; 0 = a control that stays what it is. */
/* clang-format off */
static const uint16_t windows_1252[32] = {
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};
/* clang-format on */

static const struct entity *
find_entity(struct str name)
{
	size_t lo = 0, hi = sizeof entities / sizeof *entities;

	if (name.len == 0 || name.len > NAME_MAX_BYTES || memchr(name.s, 0, name.len) != NULL)
		return NULL;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int order = memcmp(name.s, entities[mid].name, name.len);
		if (order == 0)
			order = entities[mid].name[name.len] == '\0' ? 0 : -1;
		if (order == 0)
			return &entities[mid];
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

static size_t
put_entity(const struct entity *e, char out[8])
{
	size_t n = strlen(e->text);
	memcpy(out, e->text, n);
	return n;
}

size_t
text_entity(struct str name, char out[8])
{
	const struct entity *e = find_entity(name);
	return e != NULL ? put_entity(e, out) : 0;
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

/* The value of a digit in that base, or -1. */
static int
digit_value(char c, unsigned base)
{
	int v = c >= '0' && c <= '9'                             ? c - '0'
	        : ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f' ? ascii_lower(c) - 'a' + 10
	                                                         : -1;
	return v < (int)base ? v : -1;
}

static uint32_t
mend_number(uint32_t cp)
{
	if (cp >= 0x80 && cp <= 0x9f)
		return windows_1252[cp - 0x80] ? windows_1252[cp - 0x80] : cp;
	if ((cp < 0x20 && cp != '\t' && cp != '\n' && cp != '\f' && cp != '\r') || cp > 0x10ffff ||
	    (cp >= 0xd800 && cp <= 0xdfff))
		return 0xfffd;
	return cp;
}

/* "&#8217;", "&#x2019;", also without the semicolon. */
static size_t
numeric_at(struct str in, char out[8], size_t *out_len)
{
	size_t i = 2;
	unsigned base = 10;
	uint32_t cp = 0;

	if (i < in.len && (in.s[i] == 'x' || in.s[i] == 'X')) {
		base = 16;
		i++;
	}
	size_t first = i;
	for (; i < in.len && digit_value(in.s[i], base) >= 0; i++) {
		if (cp <= 0x10ffff)
			cp = cp * base + (uint32_t)digit_value(in.s[i], base);
	}
	if (i == first)
		return 0;
	*out_len = utf8_put(mend_number(cp), out);
	return i < in.len && in.s[i] == ';' ? i + 1 : i;
}

/* Old names need no semicolon; the longest that fits wins. */
static size_t
legacy_at(struct str in, size_t run, bool in_attribute, char out[8], size_t *out_len)
{
	for (size_t n = run < LEGACY_MAX_BYTES ? run : LEGACY_MAX_BYTES; n >= LEGACY_MIN_BYTES; n--) {
		const struct entity *e = find_entity((struct str){in.s + 1, n});
		if (e == NULL || !e->legacy)
			continue;
		if (in_attribute && n + 1 < in.len && (in.s[n + 1] == '=' || is_alnum(in.s[n + 1])))
			return 0;
		*out_len = put_entity(e, out);
		return n + 1;
	}
	return 0;
}

size_t
text_entity_at(struct str in, bool in_attribute, char out[8], size_t *out_len)
{
	size_t run = 0;

	if (in.len < 3)
		return 0;
	if (in.s[1] == '#')
		return numeric_at(in, out, out_len);
	while (run + 1 < in.len && run <= NAME_MAX_BYTES && is_alnum(in.s[run + 1]))
		run++;
	if (run + 1 < in.len && in.s[run + 1] == ';') {
		*out_len = text_entity((struct str){in.s + 1, run}, out);
		if (*out_len > 0)
			return run + 2;
	}
	return legacy_at(in, run, in_attribute, out, out_len);
}

bool
text_decode_entities(struct str in, struct buf *out)
{
	size_t pos = 0;

	while (pos < in.len) {
		const char *amp = memchr(in.s + pos, '&', in.len - pos);
		size_t end = amp != NULL ? (size_t)(amp - in.s) : in.len;
		char text[8];
		size_t n, taken;

		buf_add(out, in.s + pos, end - pos);
		pos = end;
		if (amp == NULL)
			break;
		taken = text_entity_at((struct str){amp, in.len - pos}, false, text, &n);
		if (taken > 0)
			buf_add(out, text, n);
		else
			buf_putc(out, '&');
		pos += taken > 0 ? taken : 1;
	}
	return !out->failed;
}
