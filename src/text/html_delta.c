#include "text/html_delta.h"

#include "base/utf8.h"

#define RUN_MIN 8      /* bytes that are worth a step */
#define LOOK_AHEAD 512 /* bytes of text in which the next word is looked for */
#define LOOKS_MAX 64   /* in vain: it is another text */
#define ENTITY_MAX 12
#define NUMBER_MAX 5 /* bytes: 2^35 */

struct walk {
	struct str html, text;
	size_t at, from; /* in both */
	unsigned looks;
};

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first of eight bytes is taken for the lowest");

static size_t
same_bytes(const char *a, const char *b, size_t max)
{
	size_t n = 0;
	uint64_t x, y;
	while (n + sizeof x <= max) {
		memcpy(&x, a + n, sizeof x);
		memcpy(&y, b + n, sizeof y);
		if (x != y) /* the byte that stands first is the lowest */
			return n + (unsigned)__builtin_ctzll(x ^ y) / 8;
		n += sizeof x;
	}
	while (n < max && a[n] == b[n])
		n++;
	return n;
}

/* How much is the same here, if that is worth it; where white space is left out of the HTML, behind it in the text. */
static size_t
find_run(struct walk *w)
{
	size_t starts[] = {w->from, str_pass_spaces(w->text, w->from)};
	for (size_t i = 0; i < 2 && (i == 0 || starts[1] != starts[0]); i++) {
		size_t left = w->text.len - starts[i], max = w->html.len - w->at < left ? w->html.len - w->at : left;
		size_t n = same_bytes(w->html.s + w->at, w->text.s + starts[i], max);
		if (n >= RUN_MIN || (n > 0 && n == left)) {
			w->from = starts[i];
			return n;
		}
	}
	return 0;
}

/* Behind this byte, in what begins at w->at; SIZE_MAX: there is none within so many. */
static size_t
behind(const struct walk *w, char end, size_t within)
{
	size_t left = w->html.len - w->at;
	const char *found = memchr(w->html.s + w->at, end, left < within ? left : within);
	return found != NULL ? (size_t)(found - w->html.s) + 1 : SIZE_MAX;
}

/* A word that stands in the text a little further on. */
static void
look_ahead(struct walk *w)
{
	size_t left = w->text.len - w->from;
	if (w->html.len - w->at < RUN_MIN || w->looks >= LOOKS_MAX)
		return;
	const char *found =
	    memmem(w->text.s + w->from, left < LOOK_AHEAD ? left : LOOK_AHEAD, w->html.s + w->at, RUN_MIN);
	if (found != NULL)
		w->from = (size_t)(found - w->text.s);
	else
		w->looks++;
}

static const bool ends_word[256] = {
    ['<'] = true,
    ['&'] = true,
    [' '] = true,
    ['\n'] = true,
    ['\t'] = true,
    ['\0'] = true,
};

/* Past what stands only in the HTML: a tag, an entity and the character that it stands for, white space, or a word. */
static void
pass_mark(struct walk *w)
{
	char c = w->html.s[w->at];
	size_t end = c == '<' ? behind(w, '>', SIZE_MAX) : c == '&' ? behind(w, ';', ENTITY_MAX) : SIZE_MAX;
	if (end != SIZE_MAX) {
		w->at = end;
		if (c == '&' && w->from < w->text.len)
			utf8_next(w->text, &w->from);
		return;
	}
	if (ascii_space(c)) {
		w->at = str_pass_spaces(w->html, w->at);
		w->from = str_pass_spaces(w->text, w->from);
		return;
	}
	while (++w->at < w->html.len && !ends_word[(unsigned char)w->html.s[w->at]])
		continue;
	if (w->at < w->html.len && w->html.s[w->at] == ' ') {
		w->at++;
		look_ahead(w);
	}
}

static void
put_number(struct buf *out, size_t n)
{
	for (; n >= 0x80; n >>= 7)
		buf_putc(out, (char)(n | 0x80));
	buf_putc(out, (char)n);
}

bool
html_delta(struct buf *out, struct str html, struct str text)
{
	struct walk w = {.html = html, .text = text};
	size_t start = out->len, copied = 0;
	if (text.len == 0)
		return false;
	while (w.at < html.len && !out->failed) {
		size_t mark = w.at, had = copied, run = 0;
		while (w.at < html.len && (run = w.looks < LOOKS_MAX ? find_run(&w) : 0) == 0) {
			if (w.looks < LOOKS_MAX)
				pass_mark(&w);
			else
				w.at = html.len;
		}
		put_number(out, w.at - mark);
		buf_add(out, html.s + mark, w.at - mark);
		put_number(out, run > 0 ? w.from - had : 0);
		put_number(out, run);
		w.at += run;
		w.from += run;
		if (run > 0)
			copied = w.from;
	}
	if (!out->failed && out->len - start < html.len - html.len / 4)
		return true;
	out->len = start;
	return false;
}

static bool
get_number(struct str *from, size_t *ret)
{
	size_t n = 0;
	for (unsigned i = 0; i < NUMBER_MAX && i < from->len; i++) {
		unsigned char c = (unsigned char)from->s[i];
		n |= (size_t)(c & 0x7F) << 7 * i;
		if (c < 0x80) {
			*from = (struct str){from->s + i + 1, from->len - i - 1};
			*ret = n;
			return true;
		}
	}
	return false;
}

bool
html_undelta(struct buf *out, struct str delta, struct str text)
{
	size_t at = 0;
	while (delta.len > 0) {
		size_t mark, passed, run;
		if (!get_number(&delta, &mark) || mark > delta.len || !buf_add(out, delta.s, mark))
			return false;
		delta = (struct str){delta.s + mark, delta.len - mark};
		if (!get_number(&delta, &passed) || passed > text.len - at || !get_number(&delta, &run) ||
		    run > text.len - at - passed || !buf_add(out, text.s + at + passed, run))
			return false;
		at += passed + run;
	}
	return true;
}
