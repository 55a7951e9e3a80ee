/*
 * What 100,000 standing queries cost per item: percentiles beside the limit of 1 ms, and how much faster the index is than asking
 * every query. Queries are of the kinds that services for analysts see (several terms, phrases, nearness, exclusions, some
 * wildcards, stems, actors). Their words are drawn from the items as they are frequent there (Zipf's law); what a query asks for
 * beside its subject is not among the commonest hundred words. Twice: with subjects that are not among the commonest 2,000 words,
 * as broad topics have them (such a query applies to one item in some 500), and not among the commonest 10,000, as names of firms,
 * people and products are. How many apply to an item is printed, because these cost most: what made them apply is told of each.
 * The items are made here; files given as arguments are read instead: an item per line, its title before the first tab.
 */
#include "../unit/rng.h"
#include "base/clock.h"
#include "watch/builder.h"
#include "watch/list.h"
#include "watch/query_index.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define QUERIES 100000u
#define ITEMS 2000u
#define NAIVE_QUERIES 2000u
#define NAIVE_ITEMS 20u
#define VOCABULARY 60000u
#define COMMONEST 100u
#define LIMIT_US 1000.0
#define ROUNDS \
	3 /* through all items; of each item the least time counts: what others on the machine take is not ours */

static uint64_t rng = 1;
static struct arena corpus;
static struct watch_memo *memo; /* as a worker has one */
static double subjects;         /* the commonest word that one may have */
static struct str titles[ITEMS], contents[ITEMS];
static size_t item_count;
static struct str *vocabulary; /* by frequency */
static size_t vocabulary_count;

static struct str
made_word(size_t rank)
{
	static const char *const syllables[] = {
	    "ka", "ro", "mi", "ten", "sal", "vu", "der", "ing", "pa", "lo", "che", "fra", "gos", "ni"};
	struct buf b;
	size_t n = rank + 30;
	buf_init(&b, 0);
	while (n > 0) {
		buf_puts(&b, syllables[n % 14]);
		n /= 14;
	}
	struct str s = arena_str(&corpus, buf_view(&b));
	buf_done(&b);
	return s;
}

/* A rank by Zipf's law: density 1/x between 1 and the size of the vocabulary. */
static size_t
zipf(double least)
{
	double u = (double)(rng_next(&rng) >> 11) / 9007199254740992.0, span = log((double)vocabulary_count / least);
	return (size_t)(least * exp(u * span)) % vocabulary_count;
}

static struct str
made_text(size_t words)
{
	struct buf b;
	buf_init(&b, 0);
	for (size_t i = 0; i < words; i++) {
		buf_puts(&b, i == 0 ? "" : i % 14 == 0 ? ". " : " ");
		buf_str(&b, vocabulary[zipf(1)]);
	}
	struct str s = arena_str(&corpus, buf_view(&b));
	buf_done(&b);
	return s;
}

static void
make_items(void)
{
	vocabulary_count = VOCABULARY;
	vocabulary = calloc(VOCABULARY, sizeof *vocabulary);
	for (size_t i = 0; i < VOCABULARY; i++)
		vocabulary[i] = made_word(i);
	for (item_count = 0; item_count < ITEMS; item_count++) {
		titles[item_count] = made_text(10);
		contents[item_count] = made_text(40 + rng_below(&rng, 500));
	}
}

/* ---- items from files ---- */

struct counted {
	struct str word;
	size_t n;
};

static int
by_count(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;
	return x->n != y->n ? (x->n > y->n ? -1 : 1) : str_cmp(x->word, y->word);
}

static void
count_words(struct map *m, struct counted *table, size_t *count, struct str text)
{
	struct text_words words;
	struct err err;
	if (text_words(&corpus, text, &words, &err) < 0)
		return;
	for (size_t i = 0; i < words.count; i++) {
		struct str fold = text_word_fold(&words, &words.items[i]);
		struct counted *c = map_get(m, fold);
		if (c == NULL && *count < 400000 && words.items[i].script == TEXT_LATIN && fold.len < 30) {
			c = &table[(*count)++];
			c->word = arena_str(&corpus, fold);
			map_put(m, c->word, c);
		}
		if (c != NULL)
			c->n++;
	}
}

static void
read_items(char **files)
{
	struct counted *table = calloc(400000, sizeof *table);
	struct map m;
	map_init(&m);
	for (; *files != NULL; files++) {
		FILE *f = fopen(*files, "r");
		char *line = NULL;
		size_t cap = 0;
		ssize_t n;
		while (f != NULL && item_count < ITEMS && (n = getline(&line, &cap, f)) > 0) {
			struct str all = arena_str(&corpus, (struct str){line, (size_t)n}), title;
			str_split(&all, '\t', &title);
			titles[item_count] = title;
			contents[item_count++] = all;
			count_words(&m, table, &vocabulary_count, title);
			count_words(&m, table, &vocabulary_count, all);
		}
		free(line);
		if (f != NULL)
			fclose(f);
	}
	qsort(table, vocabulary_count, sizeof *table, by_count);
	vocabulary = calloc(vocabulary_count + 1, sizeof *vocabulary);
	for (size_t i = 0; i < vocabulary_count; i++)
		vocabulary[i] = table[i].word;
	map_done(&m);
	free(table);
}

/* ---- queries ---- */

static const char *
term(double least)
{
	static char text[256];
	struct str w = vocabulary[zipf(least)], v = vocabulary[zipf(least)];
	switch (rng_below(&rng, 20)) {
	case 0:
		snprintf(text, sizeof text, "%.*s*",
		    (int)(w.len > 5   ? w.len - 1
		          : w.len < 2 ? 2
		                      : w.len),
		    w.len < 2 ? "word" : w.s);
		break;
	case 1:
		snprintf(text, sizeof text, "~%.*s", STR_ARG(w));
		break;
	case 2:
	case 3:
	case 4:
		snprintf(text, sizeof text, "\"%.*s %.*s\"", STR_ARG(w), STR_ARG(v));
		break;
	case 5:
		snprintf(text, sizeof text, "@actor%llu", (unsigned long long)rng_below(&rng, 500));
		break;
	default:
		snprintf(text, sizeof text, "%.*s", STR_ARG(w));
	}
	return text;
}

static void
any_of(struct buf *b, size_t n, double least)
{
	buf_putc(b, '(');
	for (size_t i = 0; i < n; i++) {
		buf_puts(b, i > 0 ? " OR " : "");
		buf_puts(b, term(least));
	}
	buf_putc(b, ')');
}

static void
query(struct buf *b)
{
	buf_reset(b);
	any_of(b, 1 + rng_below(&rng, 6), subjects);
	if (rng_below(&rng, 4)) {
		static const char *const how[] = {" AND ", " AND ", " NEAR/10 ", " SENTENCE "};
		buf_puts(b, how[rng_below(&rng, 4)]);
		any_of(b, 1 + rng_below(&rng, 5), COMMONEST);
	}
	if (rng_below(&rng, 3) == 0) {
		buf_puts(b, " AND ");
		any_of(b, 1 + rng_below(&rng, 4), COMMONEST);
	}
	if (rng_below(&rng, 3) == 0) {
		buf_puts(b, " NOT ");
		any_of(b, 1 + rng_below(&rng, 3), COMMONEST);
	}
}

static struct watchlist *
make_list(size_t count)
{
	struct watch_builder *b = watch_builder_new();
	struct watch_origin none = {STR_NONE, 0};
	struct err err;
	struct buf text;
	char id[32], name[64];
	buf_init(&text, 0);
	for (int i = 0; i < 500; i++) {
		snprintf(id, sizeof id, "actor%d", i);
		snprintf(name, sizeof name, "Given%d %.*s", i,
		    STR_ARG(vocabulary[(size_t)(200 + i * 7) % vocabulary_count]));
		watch_add(b, str_from(id), WATCH_PERSON, STR_LIT("und"), str_from(name), none, &err);
	}
	for (size_t i = 0; i < count; i++) {
		snprintf(id, sizeof id, "q%zu", i);
		query(&text);
		if (watch_add_query(b, str_from(id), WATCH_TOPIC, buf_view(&text), none, &err) < 0)
			fprintf(stderr, "%s: %s\n", text.data, err.msg);
	}
	struct watchlist *w = watch_compile(b, &err);
	if (w == NULL)
		fprintf(stderr, "%s\n", err.msg);
	watch_builder_free(b);
	buf_done(&text);
	return w;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* Time of the queries alone: words and names are there before. */
static double
one_item(const struct watchlist *w, size_t i, bool naive, struct arena *arena, size_t *hits)
{
	struct watch_input in = {.memo = memo,
	    .lang = STR_LIT("en"),
	    .fields[WATCH_FIELD_TITLE] = titles[i],
	    .fields[WATCH_FIELD_CONTENT] = contents[i]};
	struct watch_tokens tokens;
	struct watch_result names;
	struct query_doc d;
	struct query_answers out = {0};
	struct err err;
	arena_reset(arena);
	if (watch_tokenise(&in, arena, &tokens, &err) < 0 || watch_match_tokens(w, &tokens, arena, &names, &err) < 0)
		exit(1);
	int64_t before = clock_cpu_us();
	if (query_doc_init(&d, &in, &tokens, &names, arena, &err) < 0 ||
	    (naive ? query_set_naive(w->queries, &d, &out, &err) : query_set_match(w->queries, &d, &out, &err)) < 0)
		exit(1);
	*hits += out.count;
	return (double)(clock_cpu_us() - before);
}

/* One kind of queries against all items. */
static int
measure(double commonest, struct arena *arena)
{
	static double us[ITEMS];
	double sum = 0;
	size_t hits = 0, warm = 0;
	subjects = commonest;
	int64_t before = clock_cpu_us();
	struct watchlist *w = make_list(QUERIES);
	if (w == NULL)
		return -1;
	printf("bench_query: %u standing queries with subjects beyond the %.0f commonest words, compiled in %.2f s, "
	       "%zu ask "
	       "every item\n",
	    QUERIES, commonest, (double)(clock_cpu_us() - before) / 1e6, w->queries->index->always_count);
	for (size_t i = 0; i < item_count; i++)
		us[i] = one_item(w, i, false, arena, &warm); /* caches warm */
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < item_count; i++)
			us[i] = fmin(us[i], one_item(w, i, false, arena, &hits));
	}
	hits /= ROUNDS;
	for (size_t i = 0; i < item_count; i++)
		sum += us[i];
	qsort(us, item_count, sizeof *us, ascending);
	printf("bench_query: per item 50th %.0f, 99th %.0f, greatest %.0f us: 99th percentile / limit of 1 ms = %.2f; "
	       "%.1f "
	       "apply, %.1f us for each\n",
	    us[item_count / 2], us[item_count * 99 / 100], us[item_count - 1], us[item_count * 99 / 100] / LIMIT_US,
	    (double)hits / (double)item_count, sum / (double)(hits + 1));
	watchlist_free(w);
	return 0;
}

/* Whether the index gives what asking every query gives, and how much faster. */
static int
compare(struct arena *arena)
{
	size_t hits = 0, same = 0;
	double naive = 0, fast = 0;
	struct watchlist *w = make_list(NAIVE_QUERIES);
	if (w == NULL)
		return -1;
	for (size_t i = 0; i < NAIVE_ITEMS && i < item_count; i++) {
		naive += one_item(w, i, true, arena, &hits);
		fast += one_item(w, i, false, arena, &same);
	}
	printf("bench_query: asking each of %u queries / asking the index = %.0f; both say the same: %s\n",
	    NAIVE_QUERIES, naive / fast, hits == same ? "yes" : "NO");
	watchlist_free(w);
	return hits == same ? 0 : -1;
}

int
main(int argc, char **argv)
{
	struct arena arena;

	arena_init(&corpus, 0);
	arena_init(&arena, 0);
	memo = watch_memo_new();
	if (argc > 1)
		read_items(argv + 1);
	else
		make_items();
	bool good = memo != NULL && item_count > 0 && measure(2000, &arena) == 0 && measure(10000, &arena) == 0 &&
	            compare(&arena) == 0;
	watch_memo_free(memo);
	free(vocabulary);
	arena_done(&arena);
	arena_done(&corpus);
	return good ? 0 : 1;
}
