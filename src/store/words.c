#include "store/words.h"

#include "base/utf8.h"
#include "text/words.h"

/* Scripts that separate no words, and Hangul, whose words carry their particles (Unicode 15 blocks). */
static const struct range {
	uint32_t first, last;
} unspaced[] = {
    {0x0E00, 0x0EFF},   /* Thai, Lao */
    {0x1000, 0x109F},   /* Myanmar */
    {0x1780, 0x17FF},   /* Khmer */
    {0x3005, 0x3007},   /* ideographic iteration mark, closing mark, zero */
    {0x3040, 0x30FF},   /* Hiragana, Katakana */
    {0x3100, 0x312F},   /* Bopomofo */
    {0x31F0, 0x31FF},   /* Katakana phonetic extensions */
    {0x3400, 0x4DBF},   /* Han extension A */
    {0x4E00, 0x9FFF},   /* Han */
    {0xA000, 0xA4CF},   /* Yi */
    {0xAC00, 0xD7AF},   /* Hangul syllables */
    {0xF900, 0xFAFF},   /* Han compatibility */
    {0xFF66, 0xFF9F},   /* half-width Katakana */
    {0x20000, 0x323AF}, /* Han extensions B to H */
};

static bool
in_ranges(uint32_t cp, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count && ranges[i].first <= cp; i++) {
		if (cp <= ranges[i].last)
			return true;
	}
	return false;
}

static bool
is_unspaced(uint32_t cp)
{
	return cp >= unspaced[0].first && in_ranges(cp, unspaced, sizeof unspaced / sizeof *unspaced);
}

bool
words_spread(struct buf *out, struct str text)
{
	size_t start = 0, pos = 0;
	bool ok = true;
	while (ok && pos < text.len) {
		size_t at = pos;
		if ((unsigned char)text.s[pos] < 0xE0) {
			pos++;
		} else if (is_unspaced(utf8_next(text, &pos))) {
			ok = buf_add(out, text.s + start, at - start) && buf_putc(out, ' ') &&
			     buf_add(out, text.s + at, pos - at) && buf_putc(out, ' ');
			start = pos;
		}
	}
	return ok && buf_add(out, text.s + start, text.len - start);
}

#define UNSPACED_LEAD 0xE0u /* the first byte of every character of `unspaced`, or a greater one */

static bool
has_unspaced(const struct text_words *words)
{
	const struct text_word *last = &words->items[words->count - 1];
	unsigned char any = 0;
	for (size_t i = 0; i < (size_t)last->fold + last->fold_len; i++)
		any |= (unsigned char)(words->folded[i] >= (char)UNSPACED_LEAD && words->folded[i] < 0);
	return any != 0;
}

/* Folded words lie one behind the other. */
static bool
add_words(struct buf *out, const struct text_words *words)
{
	const struct text_word *last = &words->items[words->count - 1];
	char *to = buf_reserve(out, (size_t)last->fold + last->fold_len + words->count);
	if (to == NULL)
		return false;
	char *start = to;
	for (size_t i = 0; i < words->count; i++) {
		const struct text_word *w = &words->items[i];
		if (i > 0)
			*to++ = ' ';
		memcpy(to, words->folded + w->fold, w->fold_len);
		to += w->fold_len;
	}
	*to = '\0';
	out->len += (size_t)(to - start);
	return true;
}

static bool
add_spread(struct buf *out, const struct text_words *words)
{
	bool ok = true;
	for (size_t i = 0; ok && i < words->count; i++)
		ok = (i == 0 || buf_putc(out, ' ')) && words_spread(out, text_word_fold(words, &words->items[i]));
	return ok;
}

bool
words_fold(struct buf *out, struct arena *scratch, struct str text)
{
	struct text_words words;
	arena_reset(scratch);
	if (text_words(scratch, text, &words, NULL) < 0)
		return false;
	if (words.count == 0)
		return true;
	return has_unspaced(&words) ? add_spread(out, &words) : add_words(out, &words);
}

static bool
is_space(char c)
{
	return ascii_space(c) || c == '\0';
}

/* Folded words hold nothing that FTS5 would read as an operator, least of all a quote. */
static int
add_quoted(struct buf *out, struct str word, const char *before, const char *behind)
{
	size_t start = out->len;
	if (!buf_puts(out, before) || !buf_putc(out, '"'))
		return -1;
	size_t empty = out->len;
	struct arena scratch;
	arena_init(&scratch, 0);
	bool ok = words_fold(out, &scratch, word);
	arena_done(&scratch);
	if (!ok)
		return -1;
	if (out->len == empty) {
		out->len = start;
		return 0;
	}
	return buf_putc(out, '"') && buf_puts(out, behind) ? 1 : -1;
}

int
words_question(struct buf *out, struct str text, struct err *err)
{
	int count = 0;

	if (text.len > WORDS_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "the words to search for are longer than %d bytes", WORDS_MAX_BYTES);
	for (size_t pos = 0; pos < text.len;) {
		size_t start = pos;
		while (pos < text.len && !is_space(text.s[pos]))
			pos++;
		struct str word = {text.s + start, pos - start};
		pos++;
		int added = add_quoted(out, word, count > 0 ? " " : "", "");
		if (added < 0)
			return err_oom(err);
		count += added;
		if (count > WORDS_MAX_COUNT)
			return err_set(err, ERR_LIMIT, "more than %d words to search for", WORDS_MAX_COUNT);
	}
	return count;
}

/* One set: ("a b" OR "c" *). */
static int
add_need(struct buf *out, const struct query_need *need)
{
	int count = 0;
	if (!buf_putc(out, '('))
		return -1;
	for (size_t i = 0; i < need->count; i++) {
		int added =
		    add_quoted(out, need->any[i].text, count > 0 ? " OR " : "", need->any[i].begins ? " *" : "");
		if (added < 0)
			return -1;
		if (added == 0)
			return 0; /* what the index does not know may be what stands there */
		count += added;
	}
	return buf_putc(out, ')') ? count : -1;
}

int
words_needs(struct buf *out, const struct query_need *needs, size_t count, struct err *err)
{
	int sets = 0;
	for (size_t i = 0; i < count; i++) {
		size_t start = out->len;
		if (sets > 0 || out->len > 0)
			buf_puts(out, " AND ");
		int added = add_need(out, &needs[i]);
		if (added < 0)
			return err_oom(err);
		if (added == 0)
			out->len = start;
		sets += added > 0;
	}
	return buf_check(out, err) < 0 ? -1 : sets;
}
