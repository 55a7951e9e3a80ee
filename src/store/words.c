#include "store/words.h"

#include "base/utf8.h"

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

/* Punctuation outside ASCII that may stand alone between spaces: a word of nothing else finds nothing. */
static const struct range marks[] = {
    {0x00A0, 0x00A9},
    {0x00AB, 0x00B1},
    {0x00B4, 0x00B4},
    {0x00B6, 0x00B8},
    {0x00BB, 0x00BB},
    {0x00BF, 0x00BF},
    {0x00D7, 0x00D7},
    {0x00F7, 0x00F7},
    {0x2000, 0x206F},
    {0x20A0, 0x20CF},
    {0x2190, 0x2BFF},
    {0x2E00, 0x2E7F},
    {0x3000, 0x3004},
    {0x3008, 0x3020},
    {0xFE10, 0xFE6F},
    {0xFF01, 0xFF0F},
    {0xFF1A, 0xFF20},
    {0xFF3B, 0xFF40},
    {0xFF5B, 0xFF65},
    {0xFFE0, 0xFFFF},
    {0x1F000, 0x1FAFF},
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

static bool
is_mark(uint32_t cp)
{
	if (cp < 0x80)
		return !((cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z'));
	return cp == UTF8_INVALID || in_ranges(cp, marks, sizeof marks / sizeof *marks);
}

bool
words_need_spread(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		size_t pos = i;
		/* a lead byte of three or four; the first of those scripts begins with E0 B8 */
		if ((unsigned char)text.s[i] >= 0xE0 && is_unspaced(utf8_next(text, &pos)))
			return true;
	}
	return false;
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

static bool
has_letter(struct str word)
{
	for (size_t pos = 0; pos < word.len;) {
		if (!is_mark(utf8_next(word, &pos)))
			return true;
	}
	return false;
}

static bool
add_quoted(struct buf *out, struct str word)
{
	bool ok = buf_putc(out, '"');
	for (size_t i = 0, start = 0; ok && i <= word.len; i++) {
		if (i == word.len || word.s[i] == '"') {
			ok = words_spread(out, (struct str){word.s + start, i - start}) &&
			     (i == word.len || buf_puts(out, "\"\""));
			start = i + 1;
		}
	}
	return ok && buf_putc(out, '"');
}

static bool
is_space(char c)
{
	return ascii_space(c) || c == '\0';
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
		if (!has_letter(word))
			continue;
		if (++count > WORDS_MAX_COUNT)
			return err_set(err, ERR_LIMIT, "more than %d words to search for", WORDS_MAX_COUNT);
		if ((count > 1 && !buf_putc(out, ' ')) || !add_quoted(out, word))
			return buf_check(out, err);
	}
	return count;
}
