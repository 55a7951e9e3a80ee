#include "feed/geometry.h"

#include <inttypes.h>

#define DECIMALS 7u
#define UNIT 10000000 /* of a degree */
#define WHOLE_DIGITS_MAX 6u

struct position {
	int64_t latitude, longitude; /* in 1/UNIT degrees */
};

static bool
is_separator(char c)
{
	return ascii_space(c) || c == ',' || c == ';';
}

/* "-71.92" as 1/UNIT degrees; false when it is no number or beyond max degrees. */
static bool
read_degrees(struct str word, int64_t max, int64_t *ret)
{
	size_t i = 0, whole = 0, decimals = 0;
	int64_t n = 0, sign = 1;
	if (i < word.len && (word.s[i] == '-' || word.s[i] == '+'))
		sign = word.s[i++] == '-' ? -1 : 1;
	for (; i < word.len && word.s[i] >= '0' && word.s[i] <= '9' && whole <= WHOLE_DIGITS_MAX; i++, whole++)
		n = n * 10 + (word.s[i] - '0');
	if (i < word.len && word.s[i] == '.') {
		for (i++; i < word.len && word.s[i] >= '0' && word.s[i] <= '9'; i++, decimals++) {
			if (decimals < DECIMALS)
				n = n * 10 + (word.s[i] - '0');
		}
	}
	for (size_t d = decimals; d < DECIMALS; d++)
		n *= 10;
	*ret = sign * n;
	return i == word.len && whole + decimals > 0 && n <= max * UNIT;
}

static struct str
next_word(struct str *rest)
{
	while (rest->len > 0 && is_separator(*rest->s))
		*rest = (struct str){rest->s + 1, rest->len - 1};
	struct str word = {rest->s, 0};
	while (word.len < rest->len && !is_separator(rest->s[word.len]))
		word.len++;
	*rest = (struct str){rest->s + word.len, rest->len - word.len};
	return word;
}

/* How many positions, 0 when there is anything else. */
static size_t
read_positions(struct str text, struct position at[GEOMETRY_POINTS_MAX])
{
	size_t count = 0;
	for (struct str word = next_word(&text); word.len > 0; word = next_word(&text)) {
		if (count == GEOMETRY_POINTS_MAX || !read_degrees(word, 90, &at[count].latitude) ||
		    !read_degrees(next_word(&text), 180, &at[count].longitude))
			return 0;
		count++;
	}
	return count;
}

static void
write_degrees(struct buf *out, int64_t n)
{
	uint64_t size = (uint64_t)(n < 0 ? -n : n), part = size % UNIT;
	unsigned digits = DECIMALS;
	buf_printf(out, "%s%" PRIu64, n < 0 ? "-" : "", size / UNIT);
	if (part == 0)
		return;
	for (; part % 10 == 0; part /= 10)
		digits--;
	buf_printf(out, ".%0*" PRIu64, (int)digits, part);
}

static void
write_position(struct buf *out, struct position at)
{
	buf_putc(out, '[');
	write_degrees(out, at.longitude);
	buf_putc(out, ',');
	write_degrees(out, at.latitude);
	buf_putc(out, ']');
}

static void
write_positions(struct buf *out, const struct position *at, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_putc(out, ',');
		write_position(out, at[i]);
	}
}

static bool
same(struct position a, struct position b)
{
	return a.latitude == b.latitude && a.longitude == b.longitude;
}

static void
write_ring(struct buf *out, const struct position *at, size_t count)
{
	buf_puts(out, "{\"type\":\"Polygon\",\"coordinates\":[[");
	write_positions(out, at, count);
	if (!same(at[0], at[count - 1])) {
		buf_putc(out, ',');
		write_position(out, at[0]);
	}
	buf_puts(out, "]]}");
}

/* Its lower left and upper right corner are given. */
static void
write_box(struct buf *out, const struct position at[2])
{
	const struct position ring[] = {
	    at[0], {at[0].latitude, at[1].longitude}, at[1], {at[1].latitude, at[0].longitude}};
	write_ring(out, ring, 4);
}

struct str
geometry_parse(enum geometry_shape shape, struct str text, struct arena *arena, struct buf *scratch)
{
	static const size_t least[] = {
	    [GEOMETRY_POINT] = 1, [GEOMETRY_LINE] = 2, [GEOMETRY_POLYGON] = 3, [GEOMETRY_BOX] = 2};
	struct position at[GEOMETRY_POINTS_MAX];
	size_t count = read_positions(text, at);
	buf_reset(scratch);
	if (count < least[shape] || (count > least[shape] && (shape == GEOMETRY_POINT || shape == GEOMETRY_BOX)))
		return STR_NONE;
	if (shape == GEOMETRY_POINT) {
		buf_puts(scratch, "{\"type\":\"Point\",\"coordinates\":");
		write_position(scratch, at[0]);
		buf_putc(scratch, '}');
	} else if (shape == GEOMETRY_LINE) {
		buf_puts(scratch, "{\"type\":\"LineString\",\"coordinates\":[");
		write_positions(scratch, at, count);
		buf_puts(scratch, "]}");
	} else if (shape == GEOMETRY_BOX) {
		write_box(scratch, at);
	} else {
		write_ring(scratch, at, count);
	}
	return scratch->failed ? STR_NONE : arena_str(arena, buf_view(scratch));
}

bool
geometry_is_ring(struct str text)
{
	struct position at[GEOMETRY_POINTS_MAX];
	size_t count = read_positions(text, at);
	return count > 3 && same(at[0], at[count - 1]);
}
