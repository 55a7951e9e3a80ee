#pragma once
/*
 * A length-counted view of bytes, and the null time.
 *
 * `struct str` never owns: whoever hands one out says what it points into (an arena, a document, a literal).
 * `.s == NULL` means "absent", which is not the same as empty. Strings built by arena_* are also
 * NUL-terminated and hold no NUL inside, so `.s` may be given to C functions; slices of them are not.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *s;
	size_t len;
};

#define STR_NONE ((struct str){NULL, 0})
#define STR_LIT(literal) ((struct str){(literal), sizeof(literal) - 1})
/* clang-format off */
#define STR_INIT(literal) {(literal), sizeof(literal) - 1} /* in tables that the compiler lays out */
/* clang-format on */
/* For printf: printf("%.*s", STR_ARG(x)) */
#define STR_ARG(x) (int)((x).len > 1048576 ? 1048576 : (x).len), (x).s ? (x).s : ""

/* A view of a C string; NULL gives STR_NONE. */
static inline struct str
str_from(const char *c)
{
	return (struct str){c, c ? strlen(c) : 0};
}

static inline bool
str_eq(struct str a, struct str b)
{
	/* of a table's words most begin with another letter, which is worth no call */
	return a.len == b.len && (a.len == 0 || (a.s[0] == b.s[0] && memcmp(a.s, b.s, a.len) == 0));
}

/* Most words of a table begin with another letter: then their length is not needed. */
static inline bool
str_is(struct str a, const char *c)
{
	return (a.len == 0 || c == NULL || a.s[0] == *c) && str_eq(a, str_from(c));
}

static inline bool
str_empty(struct str a)
{
	return a.len == 0;
}

/* ASCII case only: protocol words, element names, keys. Never for names of people. */
bool str_ieq(struct str a, struct str b);
bool str_starts(struct str a, struct str prefix);
bool str_istarts(struct str a, struct str prefix);
bool str_ends(struct str a, struct str suffix);
/* Offset of the first needle at or after `from`, or -1. */
ptrdiff_t str_find(struct str hay, struct str needle, size_t from);
ptrdiff_t str_ifind(struct str hay, struct str needle, size_t from);
/* Without ASCII white space (space, tab, CR, LF, FF, VT) at both ends. */
struct str str_trim(struct str a);
/* The next field of *rest up to `sep`; false when nothing is left. An empty last field is not delivered. */
bool str_split(struct str *rest, char sep, struct str *field);
/* The whole of `a` as a decimal number within [min, max]; false otherwise. */
bool str_int(struct str a, int64_t min, int64_t max, int64_t *ret);
/* -1, 0, 1 by bytes. */
int str_cmp(struct str a, struct str b);
/* Is it one of these, which are in the order of str_cmp()? */
bool str_listed(struct str a, const char *const *sorted, size_t count);

static inline bool
ascii_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* From `at` on, behind the white space that stands there. */
static inline size_t
str_pass_spaces(struct str s, size_t at)
{
	while (at < s.len && ascii_space(s.s[at]))
		at++;
	return at;
}

static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}
