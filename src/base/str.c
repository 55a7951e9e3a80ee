#include "base/str.h"

#include <stdlib.h>

#define SHORT_NEEDLE_BYTES 4u

bool
str_ieq(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (ascii_lower(a.s[i]) != ascii_lower(b.s[i]))
			return false;
	}
	return true;
}

bool
str_starts(struct str a, struct str prefix)
{
	return a.len >= prefix.len && str_eq((struct str){a.s, prefix.len}, prefix);
}

bool
str_istarts(struct str a, struct str prefix)
{
	return a.len >= prefix.len && str_ieq((struct str){a.s, prefix.len}, prefix);
}

bool
str_ends(struct str a, struct str suffix)
{
	if (suffix.len == 0)
		return true; /* also when either is absent: no arithmetic on NULL */
	return a.len >= suffix.len && str_eq((struct str){a.s + (a.len - suffix.len), suffix.len}, suffix);
}

/* A needle of a few bytes: its first one is rare in most texts, and memchr() far faster than memmem(). */
static ptrdiff_t
find_short(struct str hay, struct str needle, size_t from)
{
	size_t last = hay.len - needle.len;
	while (from <= last) {
		const char *p = memchr(hay.s + from, needle.s[0], last - from + 1);
		if (p == NULL)
			break;
		if (memcmp(p, needle.s, needle.len) == 0)
			return p - hay.s;
		from = (size_t)(p - hay.s) + 1;
	}
	return -1;
}

ptrdiff_t
str_find(struct str hay, struct str needle, size_t from)
{
	if (needle.len == 0 || from > hay.len || hay.len - from < needle.len)
		return -1;
	if (needle.len <= SHORT_NEEDLE_BYTES)
		return find_short(hay, needle, from);
	const char *p = memmem(hay.s + from, hay.len - from, needle.s, needle.len);
	return p ? p - hay.s : -1;
}

ptrdiff_t
str_ifind(struct str hay, struct str needle, size_t from)
{
	if (needle.len == 0)
		return -1;
	for (size_t i = from; i + needle.len <= hay.len; i++) {
		if (ascii_lower(hay.s[i]) == ascii_lower(needle.s[0]) &&
		    str_ieq((struct str){hay.s + i, needle.len}, needle))
			return (ptrdiff_t)i;
	}
	return -1;
}

struct str
str_trim(struct str a)
{
	while (a.len > 0 && ascii_space(a.s[0])) {
		a.s++;
		a.len--;
	}
	while (a.len > 0 && ascii_space(a.s[a.len - 1]))
		a.len--;
	return a;
}

bool
str_split(struct str *rest, char sep, struct str *field)
{
	if (rest->len == 0)
		return false;
	const char *p = memchr(rest->s, sep, rest->len);
	size_t n = p ? (size_t)(p - rest->s) : rest->len;
	*field = (struct str){rest->s, n};
	rest->s += p ? n + 1 : n;
	rest->len -= p ? n + 1 : n;
	return true;
}

bool
str_int(struct str a, int64_t min, int64_t max, int64_t *ret)
{
	bool neg = false;
	size_t i = 0;
	int64_t v = 0;

	if (a.len > 0 && (a.s[0] == '-' || a.s[0] == '+')) {
		neg = a.s[0] == '-';
		i = 1;
	}
	if (i == a.len)
		return false;
	for (; i < a.len; i++) {
		if (a.s[i] < '0' || a.s[i] > '9')
			return false;
		int64_t digit = a.s[i] - '0';
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, digit, &v))
			return false;
	}
	/* Built as a negative number, because INT64_MIN has no positive twin. */
	if (!neg && __builtin_sub_overflow((int64_t)0, v, &v))
		return false;
	if (v < min || v > max)
		return false;
	*ret = v;
	return true;
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.s, b.s, n) : 0;
	if (c != 0)
		return c < 0 ? -1 : 1;
	return a.len < b.len ? -1 : a.len > b.len;
}

static int
by_bytes(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key, str_from(*(const char *const *)item));
}

bool
str_listed(struct str a, const char *const *sorted, size_t count)
{
	return bsearch(&a, sorted, count, sizeof *sorted, by_bytes) != NULL;
}
