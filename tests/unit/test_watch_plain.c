/*
 * The matcher of a long list against the plainest one there is: each actor alone in a list of its own. Names and texts are invented,
 * with endings, possessives, initials and slips. What the long list finds is what the short ones find, but for what its names
 * take from each other; with a memory of words and with the names in another order it is the same to the letter. And of a list in
 * which many have the same family name it finds what judging each of them at every word does.
 */
#include "base/buf.h"
#include "rng.h"
#include "tap.h"
#include "watch/field.h"
#include "watch/tokens.h"

#include <stdio.h>
#include <stdlib.h>

#define ACTORS 60u
#define TEXTS 120u
#define LINES_MAX 20000u

static uint64_t rng;
static struct arena arena;
static char *names[ACTORS];
static enum watch_kind kinds[ACTORS];
static struct watchlist *alone[ACTORS];

static void
put_word(struct buf *b, bool capital)
{
	static const char *const onsets[] = {
	    "b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "kr", "st", "dr", "gl", "tr"};
	static const char *const nuclei[] = {"a", "e", "i", "o", "u"};
	unsigned n = 2 + (unsigned)rng_below(&rng, 2);
	size_t from = b->len;
	while (n-- > 0) {
		buf_puts(b, onsets[rng_below(&rng, 20)]);
		buf_puts(b, nuclei[rng_below(&rng, 5)]);
	}
	buf_putc(b, "nrklsmt"[rng_below(&rng, 7)]);
	if (capital)
		b->data[from] = (char)(b->data[from] - 'a' + 'A');
}

static void
invent(void)
{
	static const enum watch_kind some[] = {WATCH_PERSON, WATCH_PERSON, WATCH_ORG, WATCH_PLACE};
	struct buf b;
	buf_init(&b, 0);
	for (unsigned i = 0; i < ACTORS; i++) {
		kinds[i] = some[rng_below(&rng, 4)];
		buf_reset(&b);
		put_word(&b, true);
		if (kinds[i] != WATCH_PLACE) {
			buf_putc(&b, ' ');
			put_word(&b, true);
		}
		names[i] = strdup(b.data);
	}
	buf_done(&b);
}

static struct watchlist *
list_of(const unsigned *which, size_t count)
{
	struct watch_builder *b = watch_builder_new();
	struct err err;
	for (size_t i = 0; i < count; i++) {
		char id[16];
		snprintf(id, sizeof id, "a%02u", which[i]);
		ck_assert_int_eq(watch_add(b, str_from(id), kinds[which[i]], STR_LIT("und"), str_from(names[which[i]]),
		                     (struct watch_origin){STR_NONE, 0}, &err),
		    0);
	}
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_ptr_nonnull(w);
	watch_builder_free(b);
	return w;
}

/* A name as it may stand in a text. */
static void
put_name(struct buf *b)
{
	static const char *const endings[] = {"", "", "", "a", "em", "owi", "u", "s", "'s", "ova", "xyz"};
	const char *name = names[rng_below(&rng, ACTORS)], *space = strchr(name, ' ');
	switch (rng_below(&rng, 6)) {
	case 0:
		buf_printf(b, "%s", space ? space + 1 : name); /* the last word alone */
		break;
	case 1:
		if (space != NULL)
			buf_printf(b, "%c. ", name[0]);
		buf_printf(b, "%s", space ? space + 1 : name);
		break;
	case 2:
		buf_printf(b, "%s", space ? space + 1 : name);
		if (space != NULL)
			buf_printf(b, ", %.*s", (int)(space - name), name);
		return;
	default:
		buf_puts(b, name);
	}
	buf_puts(b, endings[rng_below(&rng, 11)]);
	if (rng_below(&rng, 12) == 0 && b->len > 3) /* a slip */
		b->data[b->len - 3] = 'q';
}

static struct str
text_of(void)
{
	struct buf b;
	buf_init(&b, 0);
	for (unsigned i = 0; i < 30; i++) {
		if (rng_below(&rng, 5) == 0)
			put_name(&b);
		else
			put_word(&b, rng_below(&rng, 6) == 0);
		buf_puts(&b, rng_below(&rng, 7) == 0 ? ". " : rng_below(&rng, 9) == 0 ? " i " : " ");
	}
	struct str s = arena_str(&arena, buf_view(&b));
	buf_done(&b);
	return s;
}

static void
match(const struct watchlist *w, struct str text, struct watch_memo *memo, struct watch_result *ret)
{
	struct watch_input in = {.lang = STR_LIT("pl"), .memo = memo};
	struct err err;
	in.fields[WATCH_FIELD_TITLE] = text;
	ck_assert_int_eq(watch_match(w, &in, &arena, ret, &err), 0);
}

/* "a01 3-9 fold Name": one line per mention, by id. */
static int
by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct str
told(const struct watchlist *w, const struct watch_result *r)
{
	static char *lines[LINES_MAX];
	size_t n = 0;
	struct buf b;
	for (size_t i = 0; i < r->hit_count; i++) {
		for (size_t k = 0; k < r->hits[i].mention_count; k++) {
			const struct watch_mention *m = &r->hits[i].mentions[k];
			ck_assert_uint_lt(n, LINES_MAX);
			lines[n++] = (char *)arena_printf(&arena, "%.*s %u-%u %s %.*s\n",
			    STR_ARG(watchlist_entity(w, r->hits[i].entity)->id), m->start, m->end, m->rule,
			    STR_ARG(m->name))
			                 .s;
		}
	}
	if (n > 1)
		qsort(lines, n, sizeof *lines, by_line);
	buf_init(&b, 0);
	for (size_t i = 0; i < n; i++)
		buf_puts(&b, lines[i]);
	struct str s = arena_str(&arena, buf_view(&b));
	buf_done(&b);
	return s.s ? s : STR_LIT("");
}

static bool
has(const struct watch_result *r, size_t entity, const struct watch_mention *m)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		for (size_t k = 0; k < r->hits[i].mention_count && r->hits[i].entity == entity; k++) {
			const struct watch_mention *x = &r->hits[i].mentions[k];
			if (x->start == m->start && x->end == m->end)
				return true;
		}
	}
	return false;
}

/* A mention of another actor that meets this place. */
static bool
taken(const struct watch_result *r, size_t entity, const struct watch_mention *m)
{
	for (size_t i = 0; i < r->hit_count; i++) {
		for (size_t k = 0; k < r->hits[i].mention_count && r->hits[i].entity != entity; k++) {
			const struct watch_mention *x = &r->hits[i].mentions[k];
			if (x->start < m->end && m->start < x->end)
				return true;
		}
	}
	return false;
}

/*
 * Is the mention one that was only found because another actor took the place of one that meets it? Alone that one stood in its way:
 * Zitukom, Defer Trilil, Dover.
 */
static bool
was_freed(const struct watch_result *one, const struct watch_result *all, size_t entity, const struct watch_mention *m)
{
	for (size_t k = 0; one->hit_count > 0 && k < one->hits[0].mention_count; k++) {
		const struct watch_mention *x = &one->hits[0].mentions[k];
		if (x->start < m->end && m->start < x->end && taken(all, entity, x))
			return true;
	}
	return false;
}

static void
compare(const struct watchlist *w, struct str text, const struct watch_result *all, size_t *found)
{
	for (unsigned i = 0; i < ACTORS; i++) {
		struct watch_result one;
		match(alone[i], text, NULL, &one);
		for (size_t k = 0; one.hit_count > 0 && k < one.hits[0].mention_count; k++) {
			const struct watch_mention *m = &one.hits[0].mentions[k];
			bool family =
			    strcmp(m->rule, "family") == 0; /* a given name of the list may speak against it */
			ck_assert_msg(has(all, i, m) || family || taken(all, i, m),
			    "“%.*s”: %s, alone at %u-%u by %s, not in the list: %s", STR_ARG(text), names[i], m->start,
			    m->end, m->rule, told(w, all).s);
			++*found;
		}
		for (size_t k = 0; k < all->hit_count; k++) {
			for (size_t n = 0; all->hits[k].entity == i && n < all->hits[k].mention_count; n++)
				ck_assert_msg(has(&one, 0, &all->hits[k].mentions[n]) ||
				                  was_freed(&one, all, i, &all->hits[k].mentions[n]),
				    "“%.*s”: %s, in the list at %u-%u, not alone", STR_ARG(text), names[i],
				    all->hits[k].mentions[n].start, all->hits[k].mentions[n].end);
		}
	}
}

START_TEST(test_a_long_list_finds_what_its_names_find_alone)
{
	unsigned order[ACTORS];
	size_t found = 0;
	rng = 99 + (uint64_t)_i;
	arena_init(&arena, 0);
	invent();
	for (unsigned i = 0; i < ACTORS; i++) {
		order[i] = i;
		alone[i] = list_of(&i, 1);
	}
	struct watchlist *all = list_of(order, ACTORS);
	for (unsigned i = ACTORS - 1; i > 0; i--) {
		unsigned k = (unsigned)rng_below(&rng, i + 1), was = order[i];
		order[i] = order[k];
		order[k] = was;
	}
	struct watchlist *shuffled = list_of(order, ACTORS);
	struct watch_memo *memo = watch_memo_new();
	ck_assert_ptr_nonnull(memo);
	for (unsigned i = 0; i < TEXTS; i++) {
		struct watch_result plain, remembered, other;
		arena_reset(&arena);
		struct str text = text_of();
		match(all, text, NULL, &plain);
		match(all, text, memo, &remembered);
		match(shuffled, text, NULL, &other);
		struct str want = told(all, &plain);
		ck_assert_str_is(told(all, &remembered), want.s);
		ck_assert_str_is(told(shuffled, &other), want.s);
		compare(all, text, &plain, &found);
	}
	ck_assert_uint_gt(found, TEXTS * 2);
	watch_memo_free(memo);
	watchlist_free(shuffled);
	watchlist_free(all);
	for (unsigned i = 0; i < ACTORS; i++) {
		watchlist_free(alone[i]);
		free(names[i]);
	}
	arena_done(&arena);
}
END_TEST

#define CROWD 400u
#define PIECES 40u /* of a text */
#define CROWD_GIVEN 25u
#define CROWD_FAMILIES 12u
#define BYSTANDERS 70000u /* so many more make a list long: then it is gone through another way (watch/scan.c) */

static char *crowd[CROWD];

static void
add_to_crowd(struct watch_builder *b, unsigned i, char *const *given, char *const *families)
{
	static const enum watch_family some[] = {WATCH_FAMILY_CAPITALISED, WATCH_FAMILY_CAPITALISED, WATCH_FAMILY_ALONE,
	    WATCH_FAMILY_AFTER_FULL, WATCH_FAMILY_CONTEXT, WATCH_FAMILY_NEVER};
	const char *family = families[rng_below(&rng, CROWD_FAMILIES)];
	struct err err;
	char id[16];
	free(crowd[i]);
	if (asprintf(&crowd[i], "%s %s%s%s", given[rng_below(&rng, CROWD_GIVEN)],
	        rng_below(&rng, 9) == 0 ? given[rng_below(&rng, CROWD_GIVEN)] : "",
	        rng_below(&rng, 15) == 0 ? " van " : " ", family) < 0)
		ck_abort();
	snprintf(id, sizeof id, "c%03u", i);
	ck_assert_int_eq(watch_add(b, str_from(id), WATCH_PERSON, STR_LIT("und"), str_from(crowd[i]),
	                     (struct watch_origin){STR_NONE, 0}, &err),
	    0);
	if (rng_below(&rng, 40) == 0)
		ck_assert_int_eq(watch_add(b, str_from(id), WATCH_PERSON, STR_LIT("und"), str_from(family),
		                     (struct watch_origin){STR_NONE, 0}, &err),
		    0);
	if (rng_below(&rng, 10) == 0)
		ck_assert_int_eq(watch_set_family(b, str_from(id), some[rng_below(&rng, 6)], &err), 0);
	if (rng_below(&rng, 30) == 0)
		ck_assert_int_eq(watch_add_role(b, str_from(id), WATCH_ROLE_NOT,
		                     str_from(crowd[rng_below(&rng, i + 1)]), (struct watch_origin){STR_NONE, 0}, &err),
		    0);
}

static void
add_bystanders(struct watch_builder *b, struct buf *name)
{
	struct err err;
	for (unsigned i = 0; i < BYSTANDERS; i++) {
		char id[16];
		snprintf(id, sizeof id, "d%05u", i);
		buf_reset(name);
		for (unsigned k = 0; k < 4; k++) { /* long words: no text has any */
			buf_puts(name, k == 2 ? " " : "");
			put_word(name, k % 2 == 0);
		}
		ck_assert_int_eq(watch_add(b, str_from(id), WATCH_PERSON, STR_LIT("und"), buf_view(name),
		                     (struct watch_origin){STR_NONE, 0}, &err),
		    0);
	}
}

static struct watchlist *
list_of_crowd(bool many)
{
	char *given[CROWD_GIVEN], *families[CROWD_FAMILIES];
	struct watch_builder *b = watch_builder_new();
	struct err err;
	struct buf text;
	buf_init(&text, 0);
	for (unsigned i = 0; i < CROWD_GIVEN + CROWD_FAMILIES; i++) {
		buf_reset(&text);
		put_word(&text, true);
		*(i < CROWD_GIVEN ? &given[i] : &families[i - CROWD_GIVEN]) = strdup(text.data);
	}
	for (unsigned i = 0; i < CROWD; i++)
		add_to_crowd(b, i, given, families);
	if (many)
		add_bystanders(b, &text);
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_ptr_nonnull(w);
	watch_builder_free(b);
	buf_done(&text);
	for (unsigned i = 0; i < CROWD_GIVEN + CROWD_FAMILIES; i++)
		free(i < CROWD_GIVEN ? given[i] : families[i - CROWD_GIVEN]);
	return w;
}

/* Words about the crowd: whole names, family names, given names joined, initials before and behind, a letter with an apostrophe, endings, slips. */
static struct str
text_of_crowd(unsigned pieces)
{
	static const char *const endings[] = {"", "", "", "", "a", "em", "'s", "owi"};
	struct buf b;
	buf_init(&b, 0);
	for (unsigned i = 0; i < pieces; i++) {
		const char *name = crowd[rng_below(&rng, CROWD)], *family = strrchr(name, ' ') + 1;
		switch (rng_below(&rng, 11)) {
		case 0:
			buf_puts(&b, name);
			break;
		case 1:
		case 2:
			buf_puts(&b, family);
			break;
		case 3:
			buf_printf(&b, "%c. %s", name[0], family);
			break;
		case 4:
			buf_printf(&b, "%s %c.", family, name[0]);
			break;
		case 5:
			buf_printf(&b, "%.*s %s", (int)strcspn(name, " "), name,
			    strrchr(crowd[rng_below(&rng, CROWD)], ' ') + 1);
			break;
		case 6:
			buf_printf(&b, "%.*s and %s", (int)strcspn(name, " "), name, crowd[rng_below(&rng, CROWD)]);
			break;
		case 7:
			buf_printf(&b, "%.*s O'%s", (int)strcspn(name, " "), name, family);
			break;
		default:
			put_word(&b, rng_below(&rng, 4) == 0);
		}
		buf_puts(&b, endings[rng_below(&rng, 8)]);
		if (rng_below(&rng, 20) == 0 && b.len > 3)
			b.data[b.len - 3] = 'q';
		buf_puts(&b, rng_below(&rng, 6) == 0 ? ". " : rng_below(&rng, 9) == 0 ? " i " : " ");
	}
	struct str s = arena_str(&arena, buf_view(&b));
	buf_done(&b);
	return s;
}

#define LONG_EVERY 30u /* one text of so many is gone through in several parts (STARTS_MAX, watch/scan.c) */

START_TEST(test_who_shares_a_family_name_is_found_as_if_each_was_judged)
{
	struct watch_memo *memo = watch_memo_new(), *small;
	struct arena own;
	size_t found = 0;
	rng = 7 + (uint64_t)_i;
	arena_init(&arena, 0);
	arena_init(&own, 0);
	small = memo_in_arena(&own);
	ck_assert(memo != NULL && small != NULL);
	small->slot_count =
	    16u << _i % 4; /* there is no place for most words, and what they may be is soon forgotten */
	small->pool_cap = 64u << _i % 3;
	struct watchlist *w = list_of_crowd(_i == 0);
	ck_assert_int_eq(w->word_count >= FIELD_LONG_LIST, _i == 0);
	for (unsigned i = 0; i < TEXTS; i++) {
		struct watch_tokens tokens;
		struct watch_input in = {.lang = STR_LIT("pl"), .memo = memo};
		struct watch_result one, all, little;
		struct err err;
		arena_reset(&arena);
		in.fields[WATCH_FIELD_TITLE] = text_of_crowd(PIECES);
		in.fields[WATCH_FIELD_CONTENT] = text_of_crowd(i % LONG_EVERY == 1 ? PIECES * PIECES : PIECES);
		ck_assert_int_eq(watch_tokenise(&in, &arena, &tokens, &err), 0);
		ck_assert_int_eq(watch_match_one_by_one(w, &tokens, &arena, &one, &err), 0);
		ck_assert_int_eq(watch_match_tokens(w, &tokens, &arena, &all, &err), 0);
		tokens.memo = small;
		ck_assert_int_eq(watch_match_tokens(w, &tokens, &arena, &little, &err), 0);
		ck_assert_str_is(told(w, &all), told(w, &one).s);
		ck_assert_str_is(told(w, &all), told(w, &little).s);
		found += all.hit_count;
	}
	ck_assert_uint_gt(found, TEXTS);
	watch_memo_free(memo);
	watchlist_free(w);
	arena_done(&own);
	arena_done(&arena);
	for (unsigned i = 0; i < CROWD; i++) {
		free(crowd[i]);
		crowd[i] = NULL;
	}
}
END_TEST

/*
 * Where only one of two ways would be wrong: what is found is what judging each actor at every word finds, and that is right. "o:" is
 * an organisation, what follows "|" is not called so, "=" is another name of the one before. In each line who is found, with how many mentions.
 */
static const struct {
	const char *why, *lang, *title, *content, *actors[6], *found;
} apart[] = {
    {"Hara Jones takes in Jones, but yields to O'Hara, of which it is only known late that it is a name", "en",
        "O'Hara Jones Wins Again In Town", "Mary Hara met Ann Jones there.",
        {"o:Hara Jones", "Bill Hara", "Mary Hara", "Ann Jones", "Bob Jones"}, "Mary Hara 2, Ann Jones 2, "},
    {"who shares a family name takes the letter before it, too", "en", "There O'Hara went.", "",
        {"o:O", "Bill Hara", "Mary Hara"}, ""},
    {"what is no more than evidence does not hide a name by the letter before it", "de", "Dort O'Donnavan Stein Jones.",
        "", {"Mary Donovan", "Donovan Stein-Jones"}, "Donovan Stein-Jones 1, "},
    {"an initial behind O'Hara leaves nothing of it to the others of that name", "en",
        "O'Donovan L. came. Zed Donovanу went.", "", {"Zed Pivem", "Drew Donovan", "Luc O'Donovan"},
        "Luc O'Donovan 1, "},
    {"of two who share a family name one is named by the given name alone: what speaks against the other is looked for",
        "en", "Then Bill and Dr Donovan came. There Karen Donnavan is.", "", {"Bill Donovan", "John Donovan"},
        "Bill Donovan 1, "},
    {"nor is one in doubt because of another who is not called so", "en", "Donovan went. There Karen Donnavan is.", "",
        {"Nick Donovan|Donovan", "Vin Donovan"}, ""},
    {"an initial is in no doubt because of a name that is spelt otherwise", "es", "Mrов-D. Drjddrieq", "O'Drotrttqу",
        {"Drjddreq van Drjdrieq", "Drotrltqq Stidrukq Drotrttq", "Drotrltqq Drjddrieq", "=Drotrltqq Stidrukq Drotrttq"},
        "Drotrltqq Drjddrieq 2, "},
    {"who is not named does not hide who is, where a word sounds more like his name", "en",
        "There Mary Szymanowski came. In Szimonovskia was none.", "", {"Mary Szymanowski", "Ann Szimonovski"},
        "Mary Szymanowski 2, "},
    {"a full name in letters without spaces tells whose the family name is elsewhere", "th", "Clinton came",
        "ประธานาธิบดีบิล คลินตันกล่าว", {"Bill Clinton", "John Clinton", "Hillary Clinton"}, "Bill Clinton 2, "},
    {"the same in Chinese characters", "zh", "Clinton", "总统比尔·克林顿表示", {"Bill Clinton", "John Clinton"},
        "Bill Clinton 2, "},
    {"family name first", "th", "Clinton", "คลินตัน บิล", {"Bill Clinton", "John Clinton"}, ""},
    {"a line may end between the parts of such a name", "th", "", "ประธานาธิบดีบิล\nคลินตันกล่าว",
        {"Bill Clinton", "John Clinton"}, "Bill Clinton 1, "},
    {"64 letters of which none sounds, and then a vowel that stands before its consonant", "th", "", "ก์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์์เ",
        {"Bill Clinton"}, ""},
};

static struct watchlist *
list_of_case(const char *const actors[6])
{
	struct watch_builder *b = watch_builder_new();
	struct str id = STR_NONE;
	struct err err;
	for (size_t i = 0; i < 6 && actors[i] != NULL; i++) {
		bool org = str_starts(str_from(actors[i]), STR_LIT("o:"));
		struct str name, form = str_from(actors[i] + (org ? 2 : 0));
		bool not_so = str_split(&form, '|', &name) && form.len > 0;
		bool further = str_starts(name, STR_LIT("="));
		name = further ? (struct str){name.s + 1, name.len - 1} : name;
		id = further ? id : name;
		ck_assert_int_eq(watch_add(b, id, org ? WATCH_ORG : WATCH_PERSON, STR_LIT("und"), name,
		                     (struct watch_origin){STR_NONE, 0}, &err),
		    0);
		if (not_so)
			ck_assert_int_eq(watch_add_role(b, name, WATCH_ROLE_NOT_FORM, form,
			                     (struct watch_origin){STR_NONE, 0}, &err),
			    0);
	}
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_ptr_nonnull(w);
	watch_builder_free(b);
	return w;
}

START_TEST(test_both_ways_find_what_is_right)
{
	struct watch_input in = {.lang = str_from(apart[_i].lang)};
	struct watch_tokens tokens;
	struct watch_result one, all;
	struct err err;
	struct buf found;
	arena_init(&arena, 0);
	buf_init(&found, 0);
	struct watchlist *w = list_of_case(apart[_i].actors);
	in.fields[WATCH_FIELD_TITLE] = str_from(apart[_i].title);
	in.fields[WATCH_FIELD_CONTENT] = str_from(apart[_i].content);
	ck_assert_int_eq(watch_tokenise(&in, &arena, &tokens, &err), 0);
	ck_assert_int_eq(watch_match_one_by_one(w, &tokens, &arena, &one, &err), 0);
	ck_assert_int_eq(watch_match_tokens(w, &tokens, &arena, &all, &err), 0);
	ck_assert_msg(str_eq(told(w, &all), told(w, &one)), "%s: %s, one by one %s", apart[_i].why, told(w, &all).s,
	    told(w, &one).s);
	for (size_t i = 0; i < all.hit_count; i++)
		buf_printf(&found, "%.*s %zu, ", STR_ARG(watchlist_entity(w, all.hits[i].entity)->id),
		    all.hits[i].mention_count);
	ck_assert_msg(str_is(buf_view(&found), apart[_i].found), "%s: %.*s", apart[_i].why, STR_ARG(buf_view(&found)));
	buf_done(&found);
	watchlist_free(w);
	arena_done(&arena);
}
END_TEST

static void
suite(TCase *tc)
{
	const char *tests = getenv("TIDINGS_TESTS");
	int seeds = tests == NULL ? 12 : strcmp(tests, "long") == 0 ? 400 : 4;
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, test_a_long_list_finds_what_its_names_find_alone, 0, seeds);
	tcase_add_loop_test(tc, test_who_shares_a_family_name_is_found_as_if_each_was_judged, 0, seeds);
	tcase_add_loop_test(tc, test_both_ways_find_what_is_right, 0, sizeof apart / sizeof *apart);
}

int
main(void)
{
	return tap_run("watch/plain", suite);
}
