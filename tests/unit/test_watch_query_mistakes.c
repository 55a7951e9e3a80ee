/* Each kind of mistake in a query: what is said, what the caret stands under, and what the hint says was meant. */
#include "tap.h"
#include "watch/query.h"

static const struct {
	const char *text, *message;
	size_t at, len;
	const char *hint;
} mistakes[] = {
    {"", "the query is empty", 0, 1, ""},
    {"a AND", "AND has nothing on its right", 2, 3,
        "write a term there, or put the operator in quotes to look for the word"},
    {"OR a", "OR has nothing on its left", 0, 2, "put the operator in quotes to look for the word"},
    {"a OR OR b", "OR has nothing on its right", 2, 2,
        "write a term there, or put the operator in quotes to look for the word"},
    {"a NEAR b", "NEAR needs a number from 1 to 1000 behind a slash", 2, 4,
        "write NEAR/10, or \"NEAR\" in quotes for the word itself"},
    {"a NEAR/0 b", "NEAR needs a number from 1 to 1000 behind a slash", 2, 6,
        "write NEAR/10, or \"NEAR\" in quotes for the word itself"},
    {"a NEAR/5 NOT b", "NOT cannot stand here", 9, 3, "put parentheses round it"},
    {"a NEAR/5 (b AND c)", "AND has no place of its own, so it cannot stand with NEAR", 10, 8,
        "only terms, phrases, @actors, #topics, OR and other NEARs can stand there"},
    {"ATLEAST/2 (a b)", "AND has no place of its own, so it cannot stand with ATLEAST", 11, 4,
        "only terms, phrases, @actors, #topics, OR and other NEARs can stand there"},
    {"(a OR b", "this parenthesis is not closed", 0, 1, ""},
    {"a)", "this parenthesis closes nothing", 1, 1, ""},
    {"()", "there is nothing between these parentheses", 0, 2, ""},
    {"\"a b", "this quote is not closed", 0, 1, ""},
    {"NOT a", "NOT needs something beside it that is looked for", 0, 5, "write what is wanted first: peace NOT war"},
    {"a OR NOT b", "NOT needs something beside it that is looked for", 5, 5,
        "write what is wanted first: peace NOT war"},
    {"NOT a NOT b", "there is nothing here but NOT", 0, 11, "write what is wanted first: peace NOT war"},
    {"a NOT NOT b", "NOT NOT says nothing", 2, 7, "leave both out"},
    {"titel:a", "there is no field of that name", 0, 6, "quotes make it a plain text; did you mean “title”?"},
    {"headline:a", "there is no field of that name", 0, 9, "write title:; quotes make it a plain text"},
    {"a and b", "and is no operator here", 2, 3, "write AND, or \"and\" in quotes to look for it"},
    {"a Or b", "Or is no operator here", 2, 2, "write OR, or \"Or\" in quotes to look for it"},
    {"(a || b)", "|| is no operator here", 3, 2, "write OR"},
    {"a|b", "| is no operator here", 1, 1, "write OR between the words, or quotes round them"},
    {"a & b", "& is no operator here", 2, 1, "write AND"},
    {"a near/5 b", "near/5 is no operator here", 2, 6, "write NEAR/5, or \"near/5\" in quotes to look for it"},
    {"a NEAR5 b", "NEAR5 is no operator here", 2, 5, "write NEAR/5, or \"NEAR5\" in quotes to look for it"},
    {"a W/5 b", "W/5 is no operator here", 2, 3, "write NEAR/5, or \"W/5\" in quotes to look for it"},
    {"a /s b", "/s is no operator here", 2, 2, "write SENTENCE, or \"/s\" in quotes to look for it"},
    {"a -b", "- excludes nothing here", 2, 1, "write NOT, or put the word in quotes"},
    {"a !\"b c\"", "! excludes nothing here", 2, 1, "write NOT, or put the word in quotes"},
    {"\"a b\"~5", "a phrase takes no distance behind its quotes", 5, 2, "write word NEAR/5 word"},
    {"«a b\"", "this quote is not closed", 0, 2, ""},
    {"title:", "nothing stands behind the colon", 0, 6, "write title:word, title:\"a phrase\" or title:(…)"},
    {"title:(summary:a)", "a field inside another one finds nothing", 7, 10,
        "put one beside the other: title:(…) summary:(…)"},
    {"title:(a lang:uk)", "lang:, feed: and source: cannot stand inside a field or FIRST", 9, 7,
        "put it beside that group"},
    {"lang:ukr!", "there is no language of this code", 5, 4,
        "codes are those of ISO 639: lang:uk, lang:pt-BR, lang:(uk OR ru)"},
    {"a lang:(uk OR xx)", "there is no language of this code", 14, 2,
        "codes are those of ISO 639: lang:uk, lang:pt-BR, lang:(uk OR ru)"},
    {"lang:(uk ru)", "an item has one language, so it cannot have both", 9, 2, "write lang:(uk OR ru)"},
    {"lang:de peace lang:en-GB", "an item has one language, so it cannot have both", 14, 10, "write lang:(de OR en-GB)"},
    {"lang:en-XQ", "there is no such country or script of a language", 5, 5, "write lang:en"},
    {"a NAER/3 b", "NAER/3 is no operator", 2, 6, "put it in quotes to look for it; did you mean “NEAR”?"},
    {"OENAR/2 a", "OENAR/2 is no operator", 0, 7, "put it in quotes to look for it; did you mean “ONEAR”?"},
    {"a SENTENCE/2 b", "SENTENCE takes no number", 2, 10, "leave out the slash and what is behind it"},
    {"TCP/80", "TCP/80 is no operator", 0, 6, "put it in quotes to look for it"},
    {"a +b", "+ demands nothing here", 2, 1,
        "leave it out: of terms side by side all must be there, however they are written"},
    {"a*", "at least 2 letters must stand before a wildcard", 0, 2,
        "write more of the word, or a regular expression between slashes"},
    {"*ing", "at least 2 letters must stand before a wildcard", 0, 4,
        "write more of the word, or a regular expression between slashes"},
    {"~talk*", "* and ? work in plain words only, not in exact or stemmed ones", 0, 6, "leave out the = or ~ before it"},
    {"...", "there is no word in this term", 0, 3, "write a word, a “phrase” or a regular expression between slashes"},
    {"/a(/", "the regular expression is wrong here: missing closing parenthesis", 3, 1, ""},
    {"/abc", "this regular expression is not closed by a slash", 0, 1,
        "put the term in quotes if it is no regular expression"},
    {"peace^3", "a weight needs a threshold", 0, 5, "write (… …) >= 6 round the terms that have weights"},
    {"(a^2 OR b^3) >= 4", "a weight needs a threshold", 1, 1, "write (… …) >= 6 round the terms that have weights"},
    {"(a^2 b) >= 4", "all weights together are only 3", 8, 4, ""},
    {"(a^2 AND b) >= 2", "before >= only terms side by side can stand", 1, 1,
        "write (one^3 two^2 \"a phrase\"^2) >= 4; parentheses may hold OR and NOT inside"},
    {"a^0 >= 1", "a weight is a number from -10000 to 10000, not 0", 1, 2, ""},
    {"a^3 NEAR/4 b >= 2", "a weight belongs to a whole term of the sum", 0, 1,
        "put parentheses round what the weight is for: (one NEAR/5 two)^3"},
    {"@ a", "@ needs the key of an actor", 0, 1, "put it in quotes to look for the sign itself"},
    {"a \xFF", "this is not UTF-8", 2, 1, ""},
    {"NAER/3 a", "NAER/3 is no operator", 0, 6, "put it in quotes to look for it; did you mean “NEAR”?"},
    {"a ATLAEST/2 b", "ATLAEST/2 is no operator", 2, 9, "put it in quotes to look for it; did you mean “ATLEAST”?"},
    {"a WIHTIN/3 b", "WIHTIN/3 is no operator", 2, 8, "put it in quotes to look for it; did you mean “WITHIN”?"},
    {"AC/12", "AC/12 is no operator", 0, 5, "put it in quotes to look for it"},
    {"lang:german", "there is no language of this code", 5, 6, "write lang:de"},
    {"lang:Español", "there is no language of this code", 5, 8, "write lang:es"},
    {"lang:jp", "there is no language of this code", 5, 2, "write lang:ja"},
    {"lang:xx", "there is no language of this code", 5, 2,
        "codes are those of ISO 639: lang:uk, lang:pt-BR, lang:(uk OR ru)"},
    {"FIRST/5 (a lang:uk)", "lang:, feed: and source: cannot stand inside a field or FIRST", 11, 7,
        "put it beside that group"},
    {"(a^3 b) >= 0", ">= needs a threshold from 1 to 1000000", 11, 1, ""},
    {"(a^3 b) >= x", ">= needs a threshold from 1 to 1000000", 11, 1, ""},
    {"(a^3 b) >=", ">= needs a threshold from 1 to 1000000", 10, 1, ""},
    {"# a", "# needs the key of a topic", 0, 1, "put it in quotes to look for the sign itself"},
    {"@\"", "this quote is not closed", 1, 1, ""},
    {"=", "= and ~ belong to a word or a phrase", 0, 1,
        "write ~word, =Word or ==Word, or a “phrase” in the place of the word"},
    {"==", "= and ~ belong to a word or a phrase", 0, 2,
        "write ~word, =Word or ==Word, or a “phrase” in the place of the word"},
    {"~ a", "= and ~ belong to a word or a phrase", 0, 1,
        "write ~word, =Word or ==Word, or a “phrase” in the place of the word"},
    {"~(a b)", "= and ~ belong to a word or a phrase", 0, 1,
        "write ~word, =Word or ==Word, or a “phrase” in the place of the word"},
    {"//", "a regular expression has 1 to 1024 bytes", 0, 2, ""},
    {"a >= 2", "all weights together are only 1", 2, 4, ""},
    {"lang:", "nothing stands behind the colon", 0, 5, "write title:word, title:\"a phrase\" or title:(…)"},
    {"lang:uk AND lang:", "nothing stands behind the colon", 12, 5, "write title:word, title:\"a phrase\" or title:(…)"},
    {"a NEAR/2 lang:uk", "lang:, feed: and source: has no place of its own, so it cannot stand with NEAR", 9, 7,
        "only terms, phrases, @actors, #topics, OR and other NEARs can stand there"},
    {"FIRST/0 a", "FIRST needs a number from 1 to 1000000 behind a slash", 0, 7,
        "write FIRST/10, or \"FIRST\" in quotes for the word itself"},
    {"FIRST/x a", "FIRST needs a number from 1 to 1000000 behind a slash", 0, 7,
        "write FIRST/10, or \"FIRST\" in quotes for the word itself"},
    {"FIRST/2000000 a", "FIRST needs a number from 1 to 1000000 behind a slash", 0, 13,
        "write FIRST/10, or \"FIRST\" in quotes for the word itself"},
    {"ATLEAST/0 a", "ATLEAST needs a number from 1 to 1000 behind a slash", 0, 9,
        "write ATLEAST/10, or \"ATLEAST\" in quotes for the word itself"},
    {"ATLEAST/2", "ATLEAST/2 has nothing on its right", 0, 9,
        "write a term there, or put the operator in quotes to look for the word"},
    {"a NEAR/3", "NEAR/3 has nothing on its right", 2, 6,
        "write a term there, or put the operator in quotes to look for the word"},
    {"NEAR/3 b", "NEAR has nothing on its left", 0, 4, "put the operator in quotes to look for the word"},
    {"a SENTENCE", "SENTENCE has nothing on its right", 2, 8,
        "write a term there, or put the operator in quotes to look for the word"},
    {"title:(a NEAR/3 summary:b)", "a field inside another one finds nothing", 16, 9,
        "put one beside the other: title:(…) summary:(…)"},
    {"a^", "a weight is a number from -10000 to 10000, not 0", 1, 1, ""},
    {"a^99999 >= 2", "a weight is a number from -10000 to 10000, not 0", 1, 6, ""},
    {"lang:(uk NEAR/2 ru)", "lang:, feed: and source: has no place of its own, so it cannot stand with NEAR", 6, 2,
        "only terms, phrases, @actors, #topics, OR and other NEARs can stand there"},
    {"lang:u*", "there is no language of this code", 5, 2,
        "codes are those of ISO 639: lang:uk, lang:pt-BR, lang:(uk OR ru)"},
    {"author:", "nothing stands behind the colon", 0, 7, "write title:word, title:\"a phrase\" or title:(…)"},
    {"^", "there is no word in this term", 0, 1, "write a word, a “phrase” or a regular expression between slashes"},
    {":", "there is no word in this term", 0, 1, "write a word, a “phrase” or a regular expression between slashes"},
    {"title:*", "at least 2 letters must stand before a wildcard", 6, 1,
        "write more of the word, or a regular expression between slashes"},
    {"\"*\"", "at least 2 letters must stand before a wildcard", 0, 3,
        "write more of the word, or a regular expression between slashes"},
    {"source:", "nothing stands behind the colon", 0, 7, "write title:word, title:\"a phrase\" or title:(…)"},
    {"(a^3 b^2)", "a weight needs a threshold", 1, 1, "write (… …) >= 6 round the terms that have weights"},
};

START_TEST(test_a_mistake_is_told_with_its_place_and_a_hint)
{
	struct arena arena;
	struct query q;
	struct query_mistake m;
	arena_init(&arena, 0);
	ck_assert_msg(query_parse(str_from(mistakes[_i].text), &arena, &q, &m) < 0, "%s is taken", mistakes[_i].text);
	ck_assert_str_eq(m.message, mistakes[_i].message);
	ck_assert_uint_eq(m.at, mistakes[_i].at);
	ck_assert_uint_eq(m.len, mistakes[_i].len);
	ck_assert_str_eq(m.hint, mistakes[_i].hint);
	ck_assert_ptr_null(q.root);
	query_done(&q);
	arena_done(&arena);
}
END_TEST

static const struct {
	const char *text, *shown;
} shown[] = {
    {"миру NEAR talks",
        "NEAR needs a number from 1 to 1000 behind a slash; write NEAR/10, or \"NEAR\" in quotes for the word itself\n"
        "    миру NEAR talks\n"
        "         ^~~~"},
    {"one two three four five six seven eight nine ten eleven twelve ) thirteen fourteen fifteen sixteen",
        "this parenthesis closes nothing\n"
        "    …our five six seven eight nine ten eleven twelve ) thirteen fourteen fifteen sixt…\n"
        "                                                     ^"},
};

START_TEST(test_the_caret_stands_under_the_mistake)
{
	struct arena arena;
	struct buf out;
	struct query q;
	struct query_mistake m;
	arena_init(&arena, 0);
	buf_init(&out, 0);
	ck_assert_int_lt(query_parse(str_from(shown[_i].text), &arena, &q, &m), 0);
	query_mistake_show(&m, str_from(shown[_i].text), &out);
	ck_assert_str_is(buf_view(&out), shown[_i].shown);
	query_done(&q);
	buf_done(&out);
	arena_done(&arena);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_a_mistake_is_told_with_its_place_and_a_hint, 0, sizeof mistakes / sizeof *mistakes);
	tcase_add_loop_test(tc, test_the_caret_stands_under_the_mistake, 0, sizeof shown / sizeof *shown);
}

int
main(void)
{
	return tap_run("watch/query_mistakes", suite);
}
