#include "conf/units.h"

#include <stdio.h>

struct unit {
	const char *word;
	int64_t factor;
};

/* Largest first, for printing; w is understood but not written. */
static const struct unit times[] = {
    {"w", 7 * 86400000LL}, {"d", 86400000LL}, {"h", 3600000LL}, {"m", 60000LL}, {"s", 1000LL}, {"ms", 1LL}, {NULL, 0}};

/* The first three for printing. */
static const struct unit sizes[] = {{"GiB", 1LL << 30}, {"MiB", 1LL << 20}, {"KiB", 1LL << 10}, {"G", 1LL << 30},
    {"M", 1LL << 20}, {"K", 1LL << 10}, {"GB", 1000000000LL}, {"MB", 1000000LL}, {"kB", 1000LL}, {"B", 1LL}, {NULL, 0}};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const struct unit *
find(const struct unit *units, struct str word)
{
	for (; units->word != NULL; units++) {
		if (str_ieq(word, str_from(units->word)))
			return units;
	}
	return NULL;
}

/* A number and the letters behind it, off the front of *rest. */
static bool
take(struct str *rest, int64_t *number, struct str *word)
{
	size_t digits = 0, end;
	while (digits < rest->len && is_digit(rest->s[digits]))
		digits++;
	if (!str_int((struct str){rest->s, digits}, 0, INT64_MAX, number))
		return false;
	while (digits < rest->len && rest->s[digits] == ' ')
		digits++;
	for (end = digits; end < rest->len && !is_digit(rest->s[end]) && rest->s[end] != ' '; end++)
		;
	*word = (struct str){rest->s + digits, end - digits};
	*rest = str_trim((struct str){rest->s + end, rest->len - end});
	return true;
}

bool
units_parse_duration(struct str text, int64_t *ms)
{
	int64_t sum = 0, n;
	struct str word;

	if (str_is(text, "0")) {
		*ms = 0;
		return true;
	}
	if (str_empty(text))
		return false;
	while (!str_empty(text)) {
		const struct unit *u = take(&text, &n, &word) ? find(times, word) : NULL;
		if (u == NULL || __builtin_mul_overflow(n, u->factor, &n) || __builtin_add_overflow(sum, n, &sum))
			return false;
	}
	*ms = sum;
	return true;
}

bool
units_parse_size(struct str text, int64_t *bytes)
{
	int64_t n;
	struct str word;

	if (!take(&text, &n, &word) || !str_empty(text))
		return false;
	const struct unit *u = str_empty(word) ? find(sizes, STR_LIT("B")) : find(sizes, word);
	return u != NULL && !__builtin_mul_overflow(n, u->factor, bytes);
}

char *
units_print_duration(int64_t ms, char out[UNITS_TEXT_MAX])
{
	size_t len = 0;
	snprintf(out, UNITS_TEXT_MAX, "0s");
	for (const struct unit *u = times + 1; u->word != NULL; u++) {
		if (ms >= u->factor && len < UNITS_TEXT_MAX)
			len += (size_t)snprintf(
			    out + len, UNITS_TEXT_MAX - len, "%lld%s", (long long)(ms / u->factor), u->word);
		ms %= u->factor;
	}
	return out;
}

char *
units_print_size(int64_t bytes, char out[UNITS_TEXT_MAX])
{
	const struct unit *u = sizes;
	while (u < sizes + 3 && (bytes == 0 || bytes % u->factor != 0))
		u++;
	snprintf(out, UNITS_TEXT_MAX, "%lld%s", (long long)(u < sizes + 3 ? bytes / u->factor : bytes),
	    u < sizes + 3 ? u->word : "");
	return out;
}
