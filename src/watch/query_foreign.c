/* What the languages of other services write, and this one reads otherwise: told as a mistake with what to write here, because a
 * query that means something else than its author thinks is worse than none. */
#include "base/suggest.h"
#include "watch/query_parse.h"

#include <stdio.h>

/* Words in any case, `slash`: with or without one before their number. */
static const struct foreign {
	const char *word;
	enum { NUMBER_NONE, NUMBER_SLASHED, NUMBER_ANY } number;
	const char *ours; /* and the number behind it */
} foreign[] = {
    {"and", NUMBER_NONE, "AND"},
    {"or", NUMBER_NONE, "OR"},
    {"not", NUMBER_NONE, "NOT"},
    {"&", NUMBER_NONE, "AND"},
    {"&&", NUMBER_NONE, "AND"},
    {"|", NUMBER_NONE, "OR"},
    {"||", NUMBER_NONE, "OR"},
    {"near", NUMBER_ANY, "NEAR/"},
    {"onear", NUMBER_ANY, "ONEAR/"},
    {"within", NUMBER_SLASHED, "WITHIN/"},
    {"atleast", NUMBER_ANY, "ATLEAST/"},
    {"first", NUMBER_SLASHED, "FIRST/"},
    {"w", NUMBER_SLASHED, "NEAR/"},
    {"n", NUMBER_SLASHED, "NEAR/"},
    {"pre", NUMBER_SLASHED, "ONEAR/"},
    {"adj", NUMBER_ANY, "ONEAR/"},
    {"w/s", NUMBER_NONE, "SENTENCE"},
    {"w/p", NUMBER_NONE, "PARAGRAPH"},
    {"/s", NUMBER_NONE, "SENTENCE"},
    {"/p", NUMBER_NONE, "PARAGRAPH"},
};

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
	}
	return s.len > 0;
}

/* *number: what stands behind it. */
static bool
is_foreign(const struct foreign *f, struct str word, struct str *number)
{
	size_t len = strlen(f->word);
	*number = STR_NONE;
	if (word.len < len || !str_ieq((struct str){word.s, len}, str_from(f->word)))
		return false;
	if (f->number == NUMBER_NONE)
		return word.len == len;
	bool slash = word.len > len && word.s[len] == '/';
	*number = (struct str){word.s + len + slash, word.len - len - slash};
	return (slash || f->number == NUMBER_ANY) && number->len <= 4 && all_digits(*number);
}

static const struct foreign *
find_foreign(struct str word, struct str *number)
{
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		if (is_foreign(&foreign[i], word, number))
			return &foreign[i];
	}
	return NULL;
}

bool
query_reads_foreign(struct str word)
{
	struct str number;
	return find_foreign(word, &number) != NULL;
}

static bool
wrong_operator(struct query_parser *p, const struct foreign *f, struct str word, struct str number)
{
	char hint[120];
	if (word.s[0] != '&' && word.s[0] != '|')
		snprintf(hint, sizeof hint, "write %s%.*s, or \"%.*s\" in quotes to look for it", f->ours,
		    (int)number.len, number.s ? number.s : "", STR_ARG(word));
	else
		snprintf(hint, sizeof hint, "write %s", f->ours);
	return query_wrong(p, p->pos, word.len, hint, "%.*s is no operator here", STR_ARG(word));
}

/* Capitals, a slash and a number, as operators have them: NAER/3, SENTENCE/2. */
static bool
reads_like_operator(struct str word, struct str *name)
{
	size_t n = 0;
	while (n < word.len && word.s[n] >= 'A' && word.s[n] <= 'Z')
		n++;
	*name = (struct str){word.s, n};
	return n >= 2 && n < word.len && word.s[n] == '/' && word.len - n <= 5 &&
	       all_digits((struct str){word.s + n + 1, word.len - n - 1});
}

static bool
wrong_name(struct query_parser *p, struct str word, struct str name)
{
	char hint[SUGGESTION_MAX + 80], like[SUGGESTION_MAX];
	struct suggestion s;
	suggestion_init(&s, name);
	query_offer_operators(&s);
	if (str_eq(s.best, name))
		return query_wrong(p, p->pos, word.len, "leave out the slash and what is behind it",
		    "%.*s takes no number", STR_ARG(name));
	snprintf(hint, sizeof hint, "put it in quotes to look for it%s", suggestion_text(&s, like));
	return query_wrong(p, p->pos, word.len, hint, "%.*s is no operator", STR_ARG(word));
}

bool
query_refuse_foreign(struct query_parser *p)
{
	struct str word = query_peek_word(p), number, name;
	const struct foreign *f = find_foreign(word, &number);
	const char *pipe = word.len > 1 && word.s[0] != '/' ? memchr(word.s, '|', word.len) : NULL;
	char c = p->pos < p->text.len ? p->text.s[p->pos] : ' ',
	     next = p->pos + 1 < p->text.len ? p->text.s[p->pos + 1] : ' ';
	if (f != NULL)
		return wrong_operator(p, f, word, number);
	if (reads_like_operator(word, &name))
		return wrong_name(p, word, name);
	if (pipe != NULL)
		return query_wrong(p, (size_t)(pipe - p->text.s), 1, "write OR between the words, or quotes round them",
		    "| is no operator here");
	/* -word, -"a phrase", -(…); a number may be negative */
	if ((c == '-' || c == '!') && !ascii_space(next) && next != c && !(next >= '0' && next <= '9'))
		return query_wrong(p, p->pos, 1, "write NOT, or put the word in quotes", "%c excludes nothing here", c);
	if (c == '+' && !ascii_space(next) && next != c && !(next >= '0' && next <= '9'))
		return query_wrong(p, p->pos, 1,
		    "leave it out: of terms side by side all must be there, however they are written",
		    "+ demands nothing here");
	if (c == '~' && p->pos > 0 && all_digits((struct str){word.s + 1, word.len - 1}) && query_quote_ends(p, p->pos))
		return query_wrong(
		    p, p->pos, word.len, "write word NEAR/5 word", "a phrase takes no distance behind its quotes");
	return true;
}

void
query_wrong_field(struct query_parser *p, struct str name)
{
	static const char *const others[][2] = {
	    {"headline", "title:"},
	    {"hl", "title:"},
	    {"hd", "title:"},
	    {"intitle", "title:"},
	    {"allintitle", "title:"},
	    {"subject", "title:"},
	    {"body", "content:"},
	    {"text", "content:"},
	    {"intext", "content:"},
	    {"lead", "summary:"},
	    {"description", "summary:"},
	    {"by", "author:"},
	    {"byline", "author:"},
	    {"tag", "category:"},
	    {"keyword", "category:"},
	    {"section", "category:"},
	    {"url", "link:"},
	    {"inurl", "link:"},
	    {"site", "source:"},
	    {"domain", "source:"},
	    {"host", "source:"},
	    {"publication", "source:"},
	    {"outlet", "source:"},
	    {"language", "lang:"},
	    {"near", "NEAR/10"},
	    {"onear", "ONEAR/10"},
	};
	static const char *const fields[] = {
	    "title", "summary", "content", "article", "author", "category", "link", "feed", "lang", "source"};
	char hint[160], like[SUGGESTION_MAX];
	struct suggestion s;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (!str_ieq(name, str_from(others[i][0])))
			continue;
		snprintf(hint, sizeof hint, "write %s; quotes make it a plain text", others[i][1]);
		query_wrong(p, p->pos, name.len + 1, hint, "there is no field of that name");
		return;
	}
	suggestion_init(&s, name);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		suggestion_offer(&s, str_from(fields[i]));
	if (s.best.s != NULL)
		snprintf(hint, sizeof hint, "quotes make it a plain text%s", suggestion_text(&s, like));
	else
		snprintf(hint, sizeof hint,
		    "fields are title summary content article author category link feed lang source; quotes make it a "
		    "plain text");
	query_wrong(p, p->pos, name.len + 1, hint, "there is no field of that name");
}
