#include "watch/shape.h"

/*
 * Consonants that change before -e and -i: Polish and Czech locatives and datives (Praha → Praze, Polska → Polsce,
 * Madryt → Madrycie), Ukrainian and Belarusian (Прага → Празі). Sources as in text/inflect_tables.c.
 */
static const struct {
	const char *from, *to;
} softened[] = {
    {"k", "C"}, {"g", "z"}, {"h", "z"}, {"H", "s"}, {"ch", "s"}, {"c", "C"}, {"t", "C"}, {"d", "dz"}, {"r", "z"}, {"st", "sC"}, {"s", "S"},
};

static bool
is_vowel(char c)
{
	return c != '\0' && strchr("aeiouy@", c) != NULL;
}

static size_t
add(struct shape *out, size_t n, enum text_class class, bool soft, struct str stem, const char *tail)
{
	size_t extra = strlen(tail);
	if (n >= SHAPES_MAX || stem.len < 2 || stem.len + extra > TEXT_SOUNDS_MAX)
		return n;
	struct shape *s = &out[n];
	*s = (struct shape){.class = class, .soft = soft, .len = (unsigned char)(stem.len + extra)};
	memcpy(s->s, stem.s, stem.len);
	memcpy(s->s + stem.len, tail, extra);
	return n + 1;
}

static size_t
add_softened(struct shape *out, size_t n, enum text_class class, struct str stem)
{
	for (size_t i = 0; i < sizeof softened / sizeof *softened; i++) {
		struct str from = str_from(softened[i].from);
		if (str_ends(stem, from))
			n = add(out, n, class, true, (struct str){stem.s, stem.len - from.len}, softened[i].to);
	}
	return n;
}

static struct str
shorter(struct str s, size_t by)
{
	return (struct str){s.s, s.len > by ? s.len - by : 0};
}

static size_t
consonant_shapes(struct str s, struct shape *out)
{
	size_t n = add(out, 0, TEXT_CLASS_C, false, s, "");
	char last[2] = {s.s[s.len - 1], '\0'};

	n = add_softened(out, n, TEXT_CLASS_C, s);
	if (s.len >= 4 && is_vowel(s.s[s.len - 2]) && !is_vowel(s.s[s.len - 3])) /* Павел → Павла, Kravets → Kravtsa */
		n = add(out, n, TEXT_CLASS_C, false, shorter(s, 2), last);
	if (s.len >= 4 && str_ends(s, STR_LIT("iv"))) { /* Харків → Харкова, Київ → Києва */
		n = add(out, n, TEXT_CLASS_C, false, shorter(s, 2), "ov");
		n = add(out, n, TEXT_CLASS_C, false, shorter(s, 2), "ev");
	}
	if (s.len >= 4 && last[0] == 's') {
		n = add(out, n, TEXT_CLASS_S, false, shorter(s, is_vowel(s.s[s.len - 2]) ? 2 : 1), "");
		n = add(out, n, TEXT_CLASS_C, false, shorter(s, 1), "");
	}
	return n;
}

static size_t
high_vowel_shapes(struct str s, struct shape *out)
{
	size_t tail = 1;
	while (tail < s.len && strchr("iyj", s.s[s.len - tail - 1]) != NULL)
		tail++;
	struct str stem = shorter(s, tail);
	size_t n = add(out, 0, TEXT_CLASS_V, false, s, "");
	if (stem.len > 0 && is_vowel(stem.s[stem.len - 1])) /* Sergey → Sergeya, Матвій → Матвія */
		n = add(out, n, TEXT_CLASS_C, false, stem, "");
	n = add(out, n, TEXT_CLASS_ADJ, false, stem, "");
	n = add(out, n, TEXT_CLASS_PL, false, stem, "");
	return add(out, n, TEXT_CLASS_C, false, stem, "");
}

size_t
shapes_of(struct str s, struct shape out[SHAPES_MAX])
{
	if (s.len < 2)
		return 0;
	char last = s.s[s.len - 1];
	struct str stem = shorter(s, 1);
	size_t n;

	if (last == 'i' || last == 'y' || last == 'j')
		return high_vowel_shapes(s, out);
	if (!is_vowel(last))
		return consonant_shapes(s, out);
	n = add(out, 0, TEXT_CLASS_V, false, s, "");
	if (last == 'a') {
		if (str_ends(stem, STR_LIT("j"))) /* я */
			stem = shorter(stem, 1);
		n = add(out, n, TEXT_CLASS_A, false, stem, "");
		return add_softened(out, n, TEXT_CLASS_A, stem);
	}
	if (last == 'o')
		return add(out, n, TEXT_CLASS_O, false, stem, "");
	if (last == 'e') {
		n = add(out, n, TEXT_CLASS_E, false, stem, "");
		return add(out, n, TEXT_CLASS_C, false, stem, "");
	}
	return n;
}
