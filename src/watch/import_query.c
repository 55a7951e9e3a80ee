#include "watch/import_query.h"

#include "base/utf8.h"

#include "watch/query_parse.h"

#include <stdlib.h>

#define ANY_CASE (1u << WATCH_DIALECT_FACTIVA)
#define UPPER (1u << WATCH_DIALECT_MELTWATER | 1u << WATCH_DIALECT_BRANDWATCH)
#define ALL (ANY_CASE | UPPER)
#define NEAR_DEFAULT "4" /* Meltwater's */

/* Operators: with `number` a number stands at the end of the word. `to` NULL: has no counterpart. */
static const struct operator
{
	unsigned dialects;
	const char *word;
	bool number;
	const char *to;
}
operators[] = {
    {ALL, "AND", false, "AND"},
    {ALL, "OR", false, "OR"},
    {ALL, "NOT", false, "NOT"},
    {ANY_CASE, "SAME", false, "PARAGRAPH"},
    {ANY_CASE, "ADJ", true, "ONEAR/"},
    {ANY_CASE, "W/", true, "ONEAR/"},
    {ANY_CASE, "W", true, "ONEAR/"},
    {ANY_CASE, "NEAR", true, "NEAR/"},
    {ANY_CASE, "ATLEAST", true, "ATLEAST/"},
    {UPPER, "ONEAR/", true, "ONEAR/"},
    {UPPER, "NEAR/", true, "NEAR/"},
    {1u << WATCH_DIALECT_MELTWATER, "NEAR", false, "NEAR/" NEAR_DEFAULT},
};

/* Prefixes of terms. `to` may be several fields, each of which gets the term. */
static const struct prefix {
	unsigned dialects;
	const char *word, *to;
} prefixes[] = {
    {ANY_CASE, "hd=", "title:"},
    {ANY_CASE, "hlp=", "title:|summary:"},
    {ANY_CASE, "la=", "lang:"},
    {ANY_CASE, "sn=", "source:"},
    {ANY_CASE, "by=", "author:"},
    {UPPER, "title:", "title:"},
    {UPPER, "ingress:", "summary:"},
    {UPPER, "author:", "author:"},
    {UPPER, "language:", "lang:"},
    {UPPER, "source:", "source:"},
    {UPPER, "raw:", "="},
    {1u << WATCH_DIALECT_BRANDWATCH, "site:", "source:"},
};

bool
watch_dialect_parse(struct str word, enum watch_dialect *ret)
{
	static const char *const words[] = {"emm", "factiva", "meltwater", "brandwatch"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_is(word, words[i])) {
			*ret = (enum watch_dialect)i;
			return true;
		}
	}
	return false;
}

struct reader {
	struct str text;
	size_t pos;
	unsigned dialect; /* one bit */
	struct buf *out;
	struct err *err;
	unsigned depth;
};

#define WORD_SHOWN_BYTES 60u

/* The line of the text that `at` is on, and its number. */
static struct str
line_at(struct str text, size_t at, unsigned *number)
{
	size_t from = 0, to = at;
	*number = 1;
	for (size_t i = 0; i < at; i++) {
		if (text.s[i] == '\n') {
			from = i + 1;
			(*number)++;
		}
	}
	while (to < text.len && text.s[to] != '\n' && text.s[to] != '\r')
		to++;
	return (struct str){text.s + from, to - from};
}

/* Told at the word where it is one of the text, else where the reader stands. */
static int
wrong(struct reader *r, const char *what, struct str word)
{
	bool inside = word.s >= r->text.s && word.s < r->text.s + r->text.len && word.len < WORD_SHOWN_BYTES;
	size_t at = inside ? (size_t)(word.s - r->text.s) : r->pos < r->text.len ? r->pos : r->text.len;
	unsigned number;
	struct str line = line_at(r->text, at, &number), cut = utf8_truncate(word, WORD_SHOWN_BYTES);
	struct query_mistake m;
	struct buf shown;
	buf_init(&shown, 0);
	query_mistake_set(&m, (size_t)(r->text.s + at - line.s), inside ? word.len : 1, "", "line %u: %s “%.*s%s”",
	    number, what, STR_ARG(cut), cut.len < word.len ? "…" : "");
	query_mistake_show(&m, line, &shown);
	int rc = shown.failed ? err_oom(r->err) : err_set(r->err, ERR_CONFIG, "%s", shown.data);
	buf_done(&shown);
	return rc;
}

/* 0, or -1 where the text is no UTF-8. */
static int
check_text(struct reader *r)
{
	r->pos = utf8_valid_prefix(r->text);
	if (r->pos < r->text.len)
		return wrong(r, "this is not UTF-8; save the file as UTF-8:", (struct str){r->text.s + r->pos, 1});
	r->pos = 0;
	return 0;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Of typographic quotes only the plain pair is common in these services' exports. */
static size_t
word_end(const struct reader *r)
{
	size_t at = r->pos;
	while (at < r->text.len && !is_space(r->text.s[at]) && strchr("()\"{}", r->text.s[at]) == NULL)
		at++;
	return at;
}

static void
put(struct reader *r, const char *s)
{
	if (r->out->len > 0 && strchr("(:=~", r->out->data[r->out->len - 1]) == NULL && strcmp(s, ")") != 0)
		buf_putc(r->out, ' ');
	buf_puts(r->out, s);
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
	}
	return s.len > 0 && s.len < 5;
}

/* 1: it was an operator, 0: it is none. */
static int
take_operator(struct reader *r, struct str word)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		const struct operator* o = & operators[i];
		struct str name = str_from(o->word);
		bool starts = r->dialect & ANY_CASE ? str_istarts(word, name) : str_starts(word, name);
		struct str rest = {word.s + name.len, starts ? word.len - name.len : 0};
		const char *to = o->to;
		if (!(o->dialects & r->dialect) || !starts)
			continue;
		if (o->number && rest.len > 1 && rest.s[rest.len - 1] == 'f' && str_is(name, "NEAR/")) {
			rest.len--; /* Brandwatch: NEAR/5f, in this order */
			to = "ONEAR/";
		}
		if (o->number ? !all_digits(rest) : rest.len > 0)
			continue;
		put(r, to);
		buf_str(r->out, rest);
		return 1;
	}
	return 0;
}

/* A word of the text: $n (at most n letters more) becomes any number of letters. */
static int
put_word(struct reader *r, struct str word)
{
	size_t dollar = 0;
	while (dollar < word.len && word.s[dollar] != '$')
		dollar++;
	bool cut = dollar < word.len && (r->dialect & ANY_CASE) && dollar > 0;
	bool quoted = !cut && query_reads_foreign(word); /* a word there would be an operator, or refused, here */
	put(r, quoted ? "\"" : "");
	buf_str(r->out, cut ? (struct str){word.s, dollar} : word);
	buf_puts(r->out, quoted ? "\"" : cut ? "*" : "");
	return 0;
}

static int
take_quoted(struct reader *r, char close)
{
	size_t end = r->pos + 1;
	while (end < r->text.len && r->text.s[end] != close)
		end++;
	if (end == r->text.len)
		return wrong(
		    r, "this is not closed:", (struct str){r->text.s + r->pos, end - r->pos < 40 ? end - r->pos : 40});
	put(r, "");
	buf_putc(r->out, '"');
	buf_add(r->out, r->text.s + r->pos + 1, end - r->pos - 1);
	buf_putc(r->out, '"');
	r->pos = end + 1;
	return 0;
}

static int take(struct reader *r);

static void
skip_space(struct reader *r)
{
	while (r->pos < r->text.len && is_space(r->text.s[r->pos]))
		r->pos++;
}

/* Everything up to the parenthesis that closes this one. */
static int
take_group(struct reader *r)
{
	if (++r->depth > QUERY_DEPTH_MAX)
		return wrong(r, "too many parentheses stand inside each other at", STR_LIT("("));
	size_t opened = r->pos;
	put(r, "(");
	r->pos++;
	for (skip_space(r); r->pos < r->text.len && r->text.s[r->pos] != ')'; skip_space(r)) {
		if (take(r) < 0)
			return -1;
	}
	if (r->pos == r->text.len)
		return wrong(r, "a parenthesis is not closed:", (struct str){r->text.s + opened, 1});
	r->pos++;
	buf_putc(r->out, ')');
	r->depth--;
	return 0;
}

static int
take_term(struct reader *r)
{
	skip_space(r);
	return r->pos < r->text.len ? take(r) : wrong(r, "a term is missing behind", r->text);
}

/* title: and the like, before a word, a phrase or a group. */
static int
take_prefixed(struct reader *r, const struct prefix *p)
{
	struct str fields = str_from(p->to), field;
	size_t from = r->pos + strlen(p->word);
	bool several = strchr(p->to, '|') != NULL;
	if (several)
		put(r, "(");
	for (bool first = true; str_split(&fields, '|', &field); first = false) {
		if (!first)
			put(r, "OR");
		put(r, "");
		buf_str(r->out, field);
		r->pos = from;
		if (take_term(r) < 0)
			return -1;
	}
	if (several)
		buf_putc(r->out, ')');
	return 0;
}

/* /F50/ before a term: in the first 50 words. */
static bool
is_first(struct str word, struct str *n)
{
	*n = (struct str){word.s + 2, word.len > 3 ? word.len - 3 : 0};
	return word.len > 3 && word.s[0] == '/' && (word.s[1] == 'F' || word.s[1] == 'f') &&
	       word.s[word.len - 1] == '/' && all_digits(*n);
}

static int
take_word(struct reader *r)
{
	struct str word = {r->text.s + r->pos, word_end(r) - r->pos}, n;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		if ((prefixes[i].dialects & r->dialect) && str_istarts(word, str_from(prefixes[i].word)))
			return take_prefixed(r, &prefixes[i]);
	}
	if ((r->dialect & ANY_CASE) && is_first(word, &n)) {
		put(r, "FIRST/");
		buf_str(r->out, n);
	} else if (take_operator(r, word) == 0) {
		if (memchr(word.s, ':', word.len) != NULL || memchr(word.s, '=', word.len) != NULL ||
		    memchr(word.s, '>', word.len) != NULL)
			return wrong(r, "there is nothing here that corresponds to", word);
		put_word(r, word);
	}
	r->pos += word.len;
	return 0;
}

/* One operator, term or group. */
static int
take(struct reader *r)
{
	char c = r->text.s[r->pos];
	if (c == '(')
		return take_group(r);
	if (c == '"')
		return take_quoted(r, '"');
	if (c == '{' && (r->dialect & 1u << WATCH_DIALECT_BRANDWATCH)) {
		put(r, "=");
		return take_quoted(r, '}');
	}
	if (c == '!' && (r->dialect & 1u << WATCH_DIALECT_MELTWATER) && r->pos + 1 < r->text.len &&
	    r->text.s[r->pos + 1] == '"') {
		put(r, "=");
		r->pos++;
		return take_quoted(r, '"');
	}
	if (strchr(")}{", c) != NULL)
		return wrong(r, "nothing is open for this:", (struct str){&r->text.s[r->pos], 1});
	return take_word(r);
}

/* As the house reads it, and in its canonical form; so whatever is imported is a query. */
static int
canonical(struct str text, struct buf *out, struct err *err)
{
	struct query_mistake m;
	struct arena arena;
	struct query q;
	int rc = 0;
	arena_init(&arena, 0);
	if (query_parse(text, &arena, &q, &m) < 0) {
		struct buf shown;
		buf_init(&shown, 0);
		query_mistake_show(&m, text, &shown);
		rc = shown.failed ? err_oom(err) : err_set(err, ERR_CONFIG, "%s", shown.data);
		buf_done(&shown);
	} else {
		query_print(&q, out);
		query_done(&q);
		rc = buf_check(out, err);
	}
	arena_done(&arena);
	return rc;
}

int
watch_import_query(struct str text, enum watch_dialect dialect, struct buf *out, struct err *err)
{
	struct buf translated;
	struct reader r = {.text = text, .dialect = 1u << dialect, .out = &translated, .err = err};
	int rc = 0;
	if (text.len > QUERY_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "the query has %zu bytes, more than %u", text.len, QUERY_BYTES_MAX);
	if (check_text(&r) < 0)
		return -1;
	buf_init(&translated, 2 * QUERY_BYTES_MAX);
	for (skip_space(&r); r.pos < text.len && rc == 0; skip_space(&r))
		rc = take(&r);
	if (rc == 0 && buf_check(&translated, err) < 0)
		rc = -1;
	if (rc == 0)
		rc = canonical(buf_view(&translated), out, err);
	buf_done(&translated);
	return rc;
}

/* ---- EMM ---- */

struct alert {
	struct reader *r;
	struct buf query; /* in the house's language */
	size_t parts;
};

/* // or # at the beginning of a line, up to its end. */
static bool
at_comment(const struct reader *r)
{
	size_t at = r->pos;
	while (at > 0 && (r->text.s[at - 1] == ' ' || r->text.s[at - 1] == '\t'))
		at--;
	struct str rest = {r->text.s + r->pos, r->text.len - r->pos};
	return (at == 0 || r->text.s[at - 1] == '\n') &&
	       (str_starts(rest, STR_LIT("//")) || str_starts(rest, STR_LIT("#")));
}

/* The next word; commas part words, too. Empty at the end. */
static struct str
next(struct reader *r)
{
	while (r->pos < r->text.len && (is_space(r->text.s[r->pos]) || r->text.s[r->pos] == ',' || at_comment(r))) {
		bool comment = at_comment(r);
		r->pos++;
		while (comment && r->pos < r->text.len && r->text.s[r->pos] != '\n')
			r->pos++;
	}
	size_t at = r->pos;
	while (at < r->text.len && !is_space(r->text.s[at]) && r->text.s[at] != ',')
		at++;
	struct str word = {r->text.s + r->pos, at - r->pos};
	r->pos = at;
	return word;
}

static struct str
peek(const struct reader *r)
{
	struct reader copy = *r;
	return next(&copy);
}

static bool
take_if(struct reader *r, const char *first, const char *second)
{
	struct reader copy = *r;
	if (!str_is(next(&copy), first) || (second != NULL && !str_is(next(&copy), second)))
		return false;
	*r = copy;
	return true;
}

/* + joins words that stand side by side, % is any letters, _ one. */
static void
put_pattern(struct buf *out, struct str word)
{
	bool phrase = memchr(word.s, '+', word.len) != NULL;
	buf_puts(out, phrase ? "\"" : "");
	for (size_t i = 0; i < word.len; i++) {
		char c = word.s[i];
		if (c != '"')
			buf_putc(out, c == '+' ? ' ' : c == '%' ? '*' : c == '_' ? '?' : c);
	}
	buf_puts(out, phrase ? "\"" : "");
}

static int
number_behind(struct reader *r, int64_t *ret)
{
	struct str word = next(r);
	return str_int(word, -QUERY_THRESHOLD_MAX, QUERY_THRESHOLD_MAX, ret)
	           ? 0
	           : wrong(r, "a number is wanted, not", word);
}

static int
take_patterns(struct alert *a, int64_t threshold)
{
	struct reader *r = a->r;
	size_t count = 0;
	buf_puts(&a->query, a->parts++ > 0 ? " OR (" : "(");
	while (!take_if(r, "end", "patterns")) {
		struct str word = next(r);
		int64_t weight;
		if (word.len == 0)
			return wrong(r, "the patterns do not end:", STR_LIT("end patterns"));
		if (number_behind(r, &weight) < 0)
			return -1;
		buf_puts(&a->query, count++ > 0 ? " " : "");
		put_pattern(&a->query, word);
		buf_printf(&a->query, "^%lld", (long long)weight);
	}
	buf_printf(&a->query, ") >= %lld", (long long)threshold);
	return count > 0 ? 0 : wrong(r, "there are no", STR_LIT("patterns"));
}

static int
take_words(struct alert *a, const char *end)
{
	size_t count = 0;
	buf_putc(&a->query, '(');
	while (!take_if(a->r, "end", end)) {
		struct str word = next(a->r);
		if (word.len == 0)
			return wrong(a->r, "this does not end: begin", str_from(end));
		buf_puts(&a->query, count++ > 0 ? " OR " : "");
		put_pattern(&a->query, word);
	}
	buf_putc(&a->query, ')');
	return count > 0 ? 0 : wrong(a->r, "there are no words in", str_from(end));
}

/* The groups with what joins them. Two are near each other; that all of several are, wants that the first and the last are. */
static int
take_groups(struct alert *a, int64_t near, size_t *count)
{
	struct reader *r = a->r, ahead = *r;
	struct alert probe = {.r = &ahead};
	size_t groups = 0;
	buf_init(&probe.query, 2 * QUERY_BYTES_MAX);
	while (take_if(&ahead, "begin", "or") && take_words(&probe, "or") == 0)
		groups++;
	buf_done(&probe.query);
	for (*count = 0; take_if(r, "begin", "or"); ++*count) {
		if (*count == WATCH_IMPORT_GROUPS_MAX)
			return wrong(r, "a combination has too many parts:", STR_LIT("begin or"));
		if (*count > 0 && near > 0)
			buf_printf(&a->query, groups > 2 ? " WITHIN/%lld " : " NEAR/%lld ", (long long)near);
		else if (*count > 0)
			buf_puts(&a->query, " AND ");
		if (take_words(a, "or") < 0)
			return -1;
	}
	return 0;
}

static int
take_combination(struct alert *a)
{
	struct reader *r = a->r;
	int64_t near = 0;
	size_t groups;
	if (take_if(r, "proximity", NULL) && number_behind(r, &near) < 0)
		return -1;
	buf_puts(&a->query, a->parts++ > 0 ? " OR (" : "(");
	if (take_groups(a, near, &groups) < 0)
		return -1;
	if (groups == 0)
		return wrong(r, "a combination needs “begin or”, not", peek(r));
	if (take_if(r, "begin", "not")) {
		buf_puts(&a->query, " NOT ");
		if (take_words(a, "not") < 0)
			return -1;
	}
	buf_putc(&a->query, ')');
	return take_if(r, "end", "combination") ? 0 : wrong(r, "“end combination” is wanted, not", peek(r));
}

static int
take_alert(struct alert *a)
{
	struct reader *r = a->r;
	while (!take_if(r, "end", "alert")) {
		int64_t threshold = 1;
		int rc;
		if (take_if(r, "words", "threshold") && number_behind(r, &threshold) < 0)
			return -1;
		if (take_if(r, "define", "patterns"))
			rc = take_patterns(a, threshold);
		else if (take_if(r, "define", "combination"))
			rc = take_combination(a);
		else
			rc = wrong(r, "“define patterns”, “define combination” or “end alert” is wanted, not", peek(r));
		if (rc < 0)
			return -1;
	}
	return a->parts > 0 ? 0 : wrong(r, "there is nothing in this", STR_LIT("alert"));
}

/* After a mistake: the next alert. */
static void
skip_alert(struct reader *r)
{
	while (peek(r).len > 0 && !take_if(r, "end", "alert"))
		next(r);
}

int
watch_import_alerts(struct str text, const struct watch_alerts *to, struct err *err)
{
	struct reader r = {.text = text, .err = err};
	struct alert a = {.r = &r};
	struct buf query;
	int refused = 0;
	if (check_text(&r) < 0)
		return -1;
	buf_init(&a.query, 2 * QUERY_BYTES_MAX);
	buf_init(&query, 2 * QUERY_BYTES_MAX);
	for (unsigned n = 0; peek(&r).len > 0 && refused >= 0; n++) {
		struct err own;
		if (n == WATCH_IMPORT_ALERTS_MAX || !take_if(&r, "define", "alert")) {
			refused = n == WATCH_IMPORT_ALERTS_MAX
			              ? err_set(err, ERR_LIMIT, "more than %u alerts", WATCH_IMPORT_ALERTS_MAX)
			              : wrong(&r, "“define alert” is wanted, not", peek(&r));
			break;
		}
		struct str key = next(&r);
		buf_reset(&a.query);
		buf_reset(&query);
		a.parts = 0;
		r.err = &own;
		int rc = take_alert(&a);
		r.err = err;
		if (rc < 0) {
			skip_alert(&r);
		} else {
			rc = buf_check(&a.query, &own);
			rc = rc < 0 ? rc : canonical(buf_view(&a.query), &query, &own);
		}
		if (rc == 0) {
			to->tell(to->ctx, key, buf_view(&query));
			continue;
		}
		err_prefix(&own, "alert %.*s", STR_ARG(key));
		to->complain(to->ctx, &own);
		refused++;
	}
	buf_done(&a.query);
	buf_done(&query);
	return refused;
}
