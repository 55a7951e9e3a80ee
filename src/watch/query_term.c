/* The words of a term: folded as the text of an item is, with wildcards kept. */
#include "base/utf8.h"
#include "text/words.h"
#include "watch/query_parse.h"
#include "watch/query_signs.h"

/*
 * Letters without case that fold to themselves stand for * and ? while a term is taken apart: two that are not in it themselves. The
 * first are written no more; with the others begin words of the languages of the Khoisan (ǃXun).
 */
struct stand_ins {
	struct str any, one;
};
static const struct stand_ins stand_ins[] = {
    {STR_INIT("ƻ"), STR_INIT("ƾ")}, {STR_INIT("ǀ"), STR_INIT("ǃ")}, {STR_INIT("ǁ"), STR_INIT("ǂ")}};
#define STAND_INS (sizeof stand_ins / sizeof *stand_ins)

static const struct stand_ins *
choose_stand_ins(struct str s)
{
	size_t i = 0;
	while (i + 1 < STAND_INS && (str_find(s, stand_ins[i].any, 0) >= 0 || str_find(s, stand_ins[i].one, 0) >= 0))
		i++;
	return &stand_ins[i];
}

static bool
letter_at(struct str s, size_t at)
{
	struct text_fold fold = {.kind = TEXT_BREAK};
	uint32_t cp = utf8_next(s, &at);
	if (cp != UTF8_INVALID)
		text_fold_cp(cp, &fold);
	return fold.kind != TEXT_BREAK;
}

/* A ? counts between letters only; at the end of a word it is a question mark. */
static bool
inside_word(struct str s, size_t at)
{
	size_t next = at + 1;
	while (next < s.len && s.s[next] == '?')
		next++;
	if (at == 0 || next >= s.len || !(s.s[next] == '*' || letter_at(s, next)))
		return false;
	return s.s[at - 1] == '*' || s.s[at - 1] == '?' || letter_at(s, utf8_prev(s, at));
}

static bool
put_stand_ins(struct buf *out, struct str s, const struct stand_ins *in)
{
	bool good = true;
	for (size_t i = 0; i < s.len && good; i++) {
		if (s.s[i] == '*')
			good = buf_add(out, in->any.s, in->any.len);
		else if (s.s[i] == '?' && inside_word(s, i))
			good = buf_add(out, in->one.s, in->one.len);
		else
			good = buf_putc(out, s.s[i]);
	}
	return good;
}

/* With the signs back in the place of the letters. */
static struct str
take_stand_ins(struct arena *arena, struct str s, const struct stand_ins *in, bool *wild)
{
	char *to = arena_alloc(arena, s.len + 1);
	size_t n = 0;
	if (to == NULL)
		return STR_NONE;
	for (size_t i = 0; i < s.len;) {
		struct str rest = {s.s + i, s.len - i};
		bool any = str_starts(rest, in->any), one = str_starts(rest, in->one);
		*wild |= any || one;
		to[n++] = any ? '*' : one ? '?' : s.s[i];
		i += any ? in->any.len : one ? in->one.len : 1;
	}
	to[n] = '\0';
	return (struct str){to, n};
}

static size_t
letters_before_wildcard(struct str pattern)
{
	size_t n = 0;
	for (size_t i = 0; i < pattern.len && pattern.s[i] != '*' && pattern.s[i] != '?'; i++)
		n += ((unsigned char)pattern.s[i] & 0xC0) != 0x80;
	return n;
}

static bool
check_token(struct query_parser *p, const struct query_node *node, const struct query_token *t)
{
	size_t len = node->end > node->start ? node->end - node->start : 1;
	if (t->fold.len > QUERY_WORD_BYTES_MAX)
		return query_wrong(p, node->start, len, "", "a word has more than %u bytes", QUERY_WORD_BYTES_MAX);
	if (t->wild && node->form != QUERY_FOLD)
		return query_wrong(p, node->start, len, "leave out the = or ~ before it",
		    "* and ? work in plain words only, not in exact or stemmed ones");
	if (t->wild && letters_before_wildcard(t->fold) < QUERY_PREFIX_MIN)
		return query_wrong(p, node->start, len,
		    "write more of the word, or a regular expression between slashes",
		    "at least %u letters must stand before a wildcard", QUERY_PREFIX_MIN);
	return true;
}

static bool
is_spaced(enum text_script script)
{
	return script != TEXT_HAN && script != TEXT_HIRAGANA && script != TEXT_KATAKANA && script != TEXT_SOUTHEAST;
}

/* A word of the term with the signs that count beside it, from the word before to the one behind. False when memory ran out. */
static bool
make_token(struct query_parser *p, struct query_token *t, const struct text_words *words, const struct text_word *w,
    struct str s, const struct stand_ins *in)
{
	size_t from = w > words->items ? w[-1].end : 0, to = w + 1 < words->items + words->count ? w[1].start : s.len;
	size_t before = query_signs_before(s, w->start, from), after = query_signs_after(s, w->end, to);
	struct str bare = {s.s + w->start, w->end - w->start}, fold = text_word_fold(words, w);
	*t = (struct query_token){.before = (uint16_t)before, .after = (uint16_t)after};
	t->joined = from > 0 && query_signs_join((struct str){s.s + from, w->start - from});
	t->written = take_stand_ins(p->arena, (struct str){bare.s - before, before + bare.len + after}, in, &t->wild);
	if (t->written.s == NULL)
		return false;
	t->written = (struct str){t->written.s + before, t->written.len - before - after};
	t->fold = str_eq(fold, bare) ? t->written : take_stand_ins(p->arena, fold, in, &t->wild);
	return t->fold.s != NULL;
}

static bool
add_token(struct query_parser *p, struct query_node *node, const struct text_words *words, const struct text_word *w,
    struct str s, const struct stand_ins *in)
{
	struct query_token t;
	if (!make_token(p, &t, words, w, s, in))
		return query_wrong(p, node->start, 1, "", "memory ran out");
	struct query_token *last = node->token_count ? &node->tokens[node->token_count - 1] : NULL;
	bool only_signs = t.wild && letters_before_wildcard(t.fold) == 0 && t.fold.len <= 2;
	if (only_signs && last != NULL && w->gap == 0) { /* Hangul and the like end a word before a Latin letter */
		/* in a script without spaces anything may stand behind a character anyway */
		if (last->fold.s != NULL && w > words->items && !is_spaced(w[-1].script) && str_is(t.fold, "*"))
			return true;
		last->fold = arena_printf(p->arena, "%.*s%.*s", STR_ARG(last->fold), STR_ARG(t.fold));
		last->written = arena_printf(p->arena, "%.*s%.*s", STR_ARG(last->written), STR_ARG(t.written));
		last->wild = true;
		last->before = last->after = 0;
		return true;
	}
	if (node->token_count == QUERY_PHRASE_MAX)
		return query_wrong(p, node->start, node->end - node->start, "part it with AND or NEAR/n",
		    "a phrase has more than %u words", QUERY_PHRASE_MAX);
	t.open = w->script == TEXT_HANGUL && t.fold.len >= 6 && !t.wild && node->form == QUERY_FOLD;
	node->tokens[node->token_count++] = t;
	return true;
}

bool
query_tokens(struct query_parser *p, struct query_node *node, struct str s)
{
	const struct stand_ins *in = choose_stand_ins(s);
	struct buf scratch;
	struct arena taken_apart;
	struct text_words words = {0};
	struct err err;

	buf_init(&scratch, 0);
	arena_init(&taken_apart, 0);
	bool good = put_stand_ins(&scratch, s, in) && text_words(&taken_apart, buf_view(&scratch), &words, &err) == 0;
	node->tokens = good ? arena_zalloc(p->arena, QUERY_PHRASE_MAX < words.count ? QUERY_PHRASE_MAX : words.count,
	                          sizeof *node->tokens)
	                    : NULL;
	if (node->tokens == NULL) {
		buf_done(&scratch);
		arena_done(&taken_apart);
		return query_wrong(p, node->start, 1, "", "memory ran out");
	}
	for (size_t i = 0; i < words.count && good; i++)
		good = add_token(p, node, &words, &words.items[i], buf_view(&scratch), in);
	buf_done(&scratch);
	arena_done(&taken_apart);
	for (size_t i = 0; i < node->token_count && good; i++)
		good = check_token(p, node, &node->tokens[i]);
	if (good && node->token_count == 0)
		return query_wrong(p, node->start, node->end > node->start ? node->end - node->start : 1,
		    "write a word, a “phrase” or a regular expression between slashes",
		    "there is no word in this term");
	return good;
}
