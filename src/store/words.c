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

/* ---- tokens: words, or the characters of a word in such a script ---- */

#define UNSPACED_LEAD 0xE0u /* the first byte of every character of `unspaced`, or a greater one */
#define HIGHEST_BITS 0x8080808080808080u

static bool
may_be_unspaced(struct str fold)
{
	size_t i = 0;
	for (uint64_t eight; fold.len - i >= sizeof eight; i += sizeof eight) {
		memcpy(&eight, fold.s + i, sizeof eight);
		if (eight & eight << 1 & eight << 2 & HIGHEST_BITS) /* a byte with the three bits of UNSPACED_LEAD */
			return true;
	}
	while (i < fold.len && (unsigned char)fold.s[i] < UNSPACED_LEAD)
		i++;
	return i < fold.len;
}

static struct str
all_folded(const struct text_words *words)
{
	if (words->count == 0)
		return (struct str){"", 0};
	const struct text_word *last = &words->items[words->count - 1];
	return (struct str){words->folded, (size_t)last->fold + last->fold_len};
}

/* The token of a word that begins at *pos, which moves behind it. */
static struct str
next_token(struct str word, size_t *pos)
{
	size_t start = *pos;
	while (*pos < word.len) {
		size_t at = *pos;
		if ((unsigned char)word.s[at] < UNSPACED_LEAD) {
			*pos = at + 1;
		} else if (is_unspaced(utf8_next(word, pos))) {
			if (at > start)
				*pos = at;
			break;
		}
	}
	return (struct str){word.s + start, *pos - start};
}

/* ---- what is indexed ---- */

#define WORDS_AHEAD 8u /* memory takes about as long as so many words */

struct slot {
	uint32_t hash, start, len; /* of the token in the output; len 0: none */
};

struct token_set {
	struct buf *out;
	struct slot *slots;
	size_t mask;
};

static void
add_token(void *ctx, struct str token, uint32_t hash)
{
	struct token_set *set = ctx;
	struct slot *s = &set->slots[hash & set->mask];
	for (size_t at = hash; s->len > 0; s = &set->slots[++at & set->mask]) {
		if (s->hash == hash && s->len == token.len && memcmp(set->out->data + s->start, token.s, token.len) == 0)
			return;
	}
	*s = (struct slot){hash, (uint32_t)set->out->len, (uint32_t)token.len};
	memcpy(set->out->data + set->out->len, token.s, token.len);
	set->out->data[set->out->len + token.len] = ' ';
	set->out->len += token.len + 1;
}

static void
each_token(const struct text_words *words, void (*soon)(void *ctx, uint32_t hash),
    void (*each)(void *ctx, struct str word, uint32_t hash), void *ctx)
{
	bool spread = may_be_unspaced(all_folded(words));
	for (size_t i = 0; i < words->count; i++) {
		if (soon != NULL && words->count - i > WORDS_AHEAD)
			soon(ctx, words->items[i + WORDS_AHEAD].hash);
		struct str word = text_word_fold(words, &words->items[i]);
		if (!spread || !may_be_unspaced(word)) {
			each(ctx, word, words->items[i].hash);
			continue;
		}
		for (size_t pos = 0; pos < word.len;) {
			struct str token = next_token(word, &pos);
			each(ctx, token, text_fold_hash(token));
		}
	}
}

/* Room for as many tokens as there can be, none written twice as often as half of the slots. */
static bool
make_room(struct token_set *set, const struct text_words *words, size_t count, struct arena *scratch)
{
	size_t tokens = 0, bytes = 0, slots = 16;
	for (size_t i = 0; i < count; i++) {
		struct str folded = all_folded(&words[i]);
		tokens += words[i].count + (may_be_unspaced(folded) ? folded.len : 0);
		bytes += folded.len;
	}
	while (slots < 2 * tokens)
		slots *= 2;
	set->mask = slots - 1;
	set->slots = arena_zalloc(scratch, slots, sizeof *set->slots);
	return set->slots != NULL && buf_reserve(set->out, bytes + tokens + 1) != NULL;
}

bool
words_index(struct buf *out, struct arena *scratch, const struct str texts[], size_t count)
{
	struct text_words words[WORDS_TEXTS_MAX];
	struct token_set set = {.out = out};
	arena_reset(scratch);
	for (size_t i = 0; i < count; i++) {
		if (text_words(scratch, texts[i], &words[i], NULL) < 0)
			return false;
	}
	if (!make_room(&set, words, count, scratch))
		return false;
	for (size_t i = 0; i < count; i++)
		each_token(&words[i], NULL, add_token, &set);
	return true;
}

bool
words_each(struct arena *scratch, const struct str texts[], size_t count, void (*soon)(void *ctx, uint32_t hash),
    void (*each)(void *ctx, struct str word, uint32_t hash), void *ctx)
{
	for (size_t i = 0; i < count; i++) {
		struct text_words words;
		arena_reset(scratch);
		if (text_words(scratch, texts[i], &words, NULL) < 0)
			return false;
		each_token(&words, soon, each, ctx);
	}
	return true;
}

size_t
words_item_texts(const struct str texts[WORDS_TEXTS_MAX])
{
	return str_eq(texts[1], texts[2]) ? 2 : WORDS_TEXTS_MAX;
}

bool
words_index_item(struct buf *out, struct arena *scratch, const struct str texts[WORDS_TEXTS_MAX])
{
	return words_index(out, scratch, texts, words_item_texts(texts));
}

/* ---- questions ---- */

static bool
is_space(char c)
{
	return ascii_space(c) || c == '\0';
}

static bool
ask_token(struct buf *out, struct str token, bool first)
{
	return (first || buf_puts(out, " AND ")) && buf_putc(out, '"') && buf_str(out, token) && buf_putc(out, '"');
}

/*
 * Asks for every token of the text, each quoted: folded words hold nothing that FTS5 would read as an operator, least of
 * all a quote. 1, 0 when there is none, -1 when memory ran out.
 */
static int
ask_tokens(struct buf *out, struct str text, const char *before)
{
	struct arena scratch;
	struct text_words words;
	arena_init(&scratch, 0);
	bool ok = text_words(&scratch, text, &words, NULL) == 0, any = ok && words.count > 0;
	ok = ok && (!any || buf_puts(out, before));
	for (size_t i = 0, n = 0; ok && i < words.count; i++) {
		struct str word = text_word_fold(&words, &words.items[i]);
		for (size_t pos = 0; ok && pos < word.len; n++) {
			struct str token = next_token(word, &pos);
			ok = ask_token(out, token, n == 0);
		}
	}
	arena_done(&scratch);
	return ok ? any : -1;
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
		int added = ask_tokens(out, word, count > 0 ? " AND " : "");
		if (added < 0)
			return err_oom(err);
		count += added;
		if (count > WORDS_MAX_COUNT)
			return err_set(err, ERR_LIMIT, "more than %d words to search for", WORDS_MAX_COUNT);
	}
	return count;
}

/* One set: ("a" AND "b" OR "c" *), of which AND binds closer. */
static int
add_need(struct buf *out, const struct query_need *need)
{
	int count = 0;
	if (!buf_putc(out, '('))
		return -1;
	for (size_t i = 0; i < need->count; i++) {
		int added = ask_tokens(out, need->any[i].text, count > 0 ? " OR " : "");
		if (added < 0 || (need->any[i].begins && added > 0 && !buf_puts(out, " *")))
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
