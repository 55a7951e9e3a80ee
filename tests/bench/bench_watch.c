/*
 * What finding names costs, as ratios: at 100 to 1,000,000 names to itself at 100, and at 10,000 and 100,000 names to
 * Hyperscan's scan for the same names as caseless literals in the same run (which knows neither words nor diacritics,
 * endings or other spellings). Beside it a bare loop: the words of the texts and, of the same names, every two words in a row as they
 * are listed, which bounds what a matcher by words can reach on this machine. Then what a list of 100,000 names takes: memory, time to load, time after one change.
 *
 * Names and texts are invented here. The list is a sample of a population: its family names have the long tail that those of
 * whole countries are known to have (Zipf-Mandelbrot; as the constants are chosen, the commonest is held by one in two hundred, the
 * hundred commonest by one in six, the thousand commonest by less than two in five), so of 100,000 actors nearly five
 * hundred share the commonest one, and a million have 260,000 different ones; given names have fewer and commoner ones. A second
 * list is of people of whom hardly two share a family name: what a longer list costs when it is not also about more people of
 * each name. A third is the second once more with texts about other people than those of the list: what looking costs when hardly
 * anything is found. Beside the speed with the longest lists stands that with a few texts again and again, and that with only those of
 * their actors who are mentioned, which finds as much: the rest is what the cache and the length cost. Texts are
 * of about 900 bytes in sentences over a vocabulary with a long tail. One word in 36 is the full name of a person, half of them of
 * the list, the first of it most often, half of anybody of the population; one in 36 the family name alone of who was named before
 * in the text, as the press does it; two in 36 are names of places and firms, of which every fifth is spelt like a family name.
 * TIDINGS_BENCH_TEXT names a file to be read instead, an item a line; TIDINGS_BENCH_NAMES a file with a full name a line.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "watch/tokens.h"

#include "../unit/rng.h"

#ifdef WITH_HYPERSCAN
#include <hs.h>
#endif
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ITEMS 4000u
#define NAMES_MAX 1000000u
#define VOCABULARY 40000u
#define GIVEN 20000u     /* names there are, … */
#define GIVEN_SHIFT 15.0 /* … and how far the commonest are from one law for all */
#define FAMILIES 1000000u
#define FAMILY_SHIFT 19.0
#define PEOPLE (NAMES_MAX * UINT64_C(9))
#define NOBODY UINT32_MAX
#define ROUNDS 5
#define ROUND_US 150000

struct texts {
	struct str *items;
	size_t count, bytes;
};

static struct arena memory; /* of names and texts */

static void
die(const char *what)
{
	fprintf(stderr, "bench_watch: %s\n", what);
	exit(1);
}

/* ---- inventing ---- */

/* Rank in a long tail (Zipf-Mandelbrot with exponent 1): the share of rank r is as 1 / (r + shift). */
static unsigned
rank(uint64_t *seed, unsigned count, double shift)
{
	double u = (double)(rng_next(seed) >> 11) / 9007199254740992.0;
	double r = shift * exp(u * log(1 + count / shift)) - shift;
	return r < count ? (unsigned)r : count - 1;
}

/* What a word is of: each kind is spelt in other words. */
enum words { WORD = 0, GIVEN_NAME = 10000000, FAMILY_NAME = 20000000, OTHER_NAME = 30000000 };

/* The word of a rank, spelt in syllables; the rarer the longer. */
static void
spell(struct buf *out, enum words of, unsigned number, bool capital)
{
	static const char *const onsets[] = {"b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "w", "th",
	    "st", "pr", "tr", "ch", "sh", "pl", "gr", "cl", "fr"};
	static const char *const name_onsets[] = {"b", "v", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "w",
	    "k", "j", "z", "sh", "ch", "kr", "st", "br", "dm", "vl", "gr", "sch", "kh", "pr", "tr", "z"};
	static const char *const nuclei[] = {
	    "a", "e", "i", "o", "u", "ai", "ea", "ou", "y", "er", "an", "in", "or", "el"};
	uint64_t seed = ((uint64_t)of + number) * 2654435761u + 17;
	unsigned syllables = of == WORD && number < 60 ? 1 : number < 4000 ? 2 : 3;
	size_t from = out->len;
	for (unsigned i = 0; i < syllables; i++) {
		buf_puts(out, of == WORD ? onsets[rng_below(&seed, sizeof onsets / sizeof *onsets)]
		                         : name_onsets[rng_below(&seed, sizeof name_onsets / sizeof *name_onsets)]);
		buf_puts(out, nuclei[rng_below(&seed, sizeof nuclei / sizeof *nuclei)]);
	}
	if (rng_below(&seed, 3) > 0)
		buf_putc(out, "nstrldmkv"[rng_below(&seed, 9)]);
	if (capital && out->len > from)
		out->data[from] = (char)(out->data[from] - 32);
}

/* Whose family names: of a population, or hardly two alike. Whether texts are about others than the list. */
static bool alike = true, strangers;

static unsigned
family_of(uint64_t *seed, uint64_t n)
{
	return alike ? rank(seed, FAMILIES, FAMILY_SHIFT) : (unsigned)(n * 3 / 4);
}

/* The n-th person; the first NAMES_MAX are the list. Returns the number of the family name. */
static unsigned
add_nth(struct buf *out, uint64_t *seed, uint64_t n)
{
	spell(out, GIVEN_NAME, rank(seed, GIVEN, GIVEN_SHIFT), true);
	buf_putc(out, ' ');
	unsigned family = family_of(seed, n);
	spell(out, FAMILY_NAME, family, true);
	return family;
}

static unsigned
add_listed(struct buf *out, uint64_t n)
{
	uint64_t seed = n * 7919 + 5;
	return add_nth(out, &seed, n);
}

static uint64_t
anybody(uint64_t *seed)
{
	return rng_below(seed, PEOPLE);
}

/* A family name alone, a full name, or a name of something else, by `what`; `last` is the family name of who was named last. */
static void
add_some_name(struct buf *out, uint64_t *seed, unsigned what, unsigned *last)
{
	if (what == 0)
		*last = rng_below(seed, 2) == 0 && !strangers ? add_listed(out, rank(seed, NAMES_MAX, 1))
		                                              : add_nth(out, seed, anybody(seed));
	else if (what == 1 && *last != NOBODY)
		spell(out, FAMILY_NAME, *last, true);
	else if (rng_below(seed, 5) == 0)
		spell(out, FAMILY_NAME, family_of(seed, anybody(seed)), true);
	else
		spell(out, OTHER_NAME, rank(seed, NAMES_MAX, 1), true);
}

static void
add_sentence(struct buf *out, uint64_t *seed, unsigned *last)
{
	unsigned words = 8 + (unsigned)rng_below(seed, 20);
	for (unsigned i = 0; i < words; i++) {
		if (i > 0)
			buf_puts(out, rng_below(seed, 14) == 0 ? ", " : " ");
		unsigned what = (unsigned)rng_below(seed, 36);
		if (what < 4)
			add_some_name(out, seed, what, last);
		else if (what == 4)
			buf_printf(out, "%u", (unsigned)rng_below(seed, 3000));
		else
			spell(out, WORD, rank(seed, VOCABULARY, 1), i == 0);
	}
	buf_puts(out, ". ");
}

static struct str
keep(struct buf *b)
{
	struct str s = arena_str(&memory, buf_view(b));
	if (s.s == NULL || b->failed)
		die("no memory");
	buf_reset(b);
	return s;
}

static void
invent_texts(struct texts *t)
{
	uint64_t seed = 1;
	struct buf b;
	buf_init(&b, 0);
	t->items = calloc(ITEMS, sizeof *t->items);
	for (; t->items != NULL && t->count < ITEMS; t->count++) {
		unsigned last = NOBODY;
		while (b.len < 850)
			add_sentence(&b, &seed, &last);
		t->bytes += b.len;
		t->items[t->count] = keep(&b);
	}
	buf_done(&b);
}

static void
read_texts(struct texts *t, const char *path)
{
	char *line = NULL;
	size_t size = 0, cap = 0;
	ssize_t n;
	FILE *f = fopen(path, "r");
	if (f == NULL)
		die("cannot read the file of texts");
	while ((n = getline(&line, &size, f)) > 0) {
		if (t->count == cap) {
			cap = cap ? cap * 2 : 1024;
			t->items = realloc(t->items, cap * sizeof *t->items);
			if (t->items == NULL)
				die("no memory");
		}
		t->items[t->count++] = arena_str(&memory, (struct str){line, (size_t)n});
		t->bytes += (size_t)n;
	}
	free(line);
	fclose(f);
}

static struct str *names;
static size_t name_count;

static void
make_names(const char *path)
{
	struct buf b;
	buf_init(&b, 0);
	if (path != NULL) {
		struct texts t = {0};
		read_texts(&t, path);
		names = t.items;
		name_count = t.count;
		for (size_t i = 0; i < name_count; i++)
			names[i] = str_trim(names[i]);
		return;
	}
	names = calloc(NAMES_MAX, sizeof *names);
	for (; names != NULL && name_count < NAMES_MAX; name_count++) {
		add_listed(&b, name_count);
		names[name_count] = keep(&b);
	}
	buf_done(&b);
}

/* ---- ours ---- */

static void
fill(struct watch_builder *b, const struct str *of, size_t count)
{
	char id[32];
	struct err err;
	for (size_t i = 0; i < count; i++) {
		int n = snprintf(id, sizeof id, "p%zu", i);
		if (watch_add(b, (struct str){id, (size_t)n}, WATCH_PERSON, STR_LIT("und"), of[i],
		        (struct watch_origin){0}, &err) < 0 &&
		    err.code != ERR_CONFIG)
			die(err.msg);
	}
}

static struct watchlist *
compile(struct watch_builder *b)
{
	struct err err;
	struct watchlist *w = watch_compile(b, &err);
	if (w == NULL)
		die(err.msg);
	return w;
}

static struct watchlist *
make_list(const struct str *of, size_t count)
{
	struct watch_builder *b = watch_builder_new();
	if (b == NULL)
		die("no memory");
	fill(b, of, count);
	struct watchlist *w = compile(b);
	watch_builder_free(b);
	return w;
}

struct found {
	size_t hits, mentions;
};

/* What goes through all texts once, with what it needs. */
struct runner {
	struct found (*run)(const struct runner *r, const struct texts *t);
	const struct watchlist *list;
	struct watch_memo *memo;
	const struct pairs *pairs;
	void *db, *scratch; /* of the peer */
};

/* Bytes per microsecond, the best round. */
static double
speed(const struct runner *r, const struct texts *t, struct found *found)
{
	double best = 0;
	for (int round = 0; round < ROUNDS; round++) {
		int64_t from = clock_cpu_us(), spent = 0;
		unsigned n = 0;
		for (; spent < ROUND_US; n++) {
			*found = r->run(r, t);
			spent = clock_cpu_us() - from;
		}
		double each = (double)t->bytes * n / (double)spent;
		best = each > best ? each : best;
	}
	return best;
}

static struct arena scratch;

static void
tokenise(const struct watch_input *in, struct watch_tokens *tokens)
{
	struct err err;
	if (watch_tokenise(in, &scratch, tokens, &err) < 0)
		die(err.msg);
}

static void
find(const struct watchlist *w, struct watch_memo *memo, struct str text, struct watch_result *out)
{
	struct watch_input in = {.lang = STR_LIT("en"), .memo = memo};
	struct watch_tokens tokens;
	struct err err;
	in.fields[WATCH_FIELD_CONTENT] = text;
	tokenise(&in, &tokens);
	if (watch_match_tokens(w, &tokens, &scratch, out, &err) < 0)
		die(err.msg);
}

static struct found
run_names(const struct runner *r, const struct texts *t)
{
	struct found all = {0};
	for (size_t i = 0; i < t->count; i++, arena_reset(&scratch)) {
		struct watch_result out;
		find(r->list, r->memo, t->items[i], &out);
		all.hits += out.hit_count;
		for (size_t k = 0; k < out.hit_count; k++)
			all.mentions += out.hits[k].mention_count;
	}
	return all;
}

static double
speed_of_list(const struct watchlist *w, const struct texts *t, struct found *found)
{
	struct watch_memo *memo = watch_memo_new();
	if (memo == NULL)
		die("no memory");
	double ours = speed(&(struct runner){.run = run_names, .list = w, .memo = memo}, t, found);
	watch_memo_free(memo);
	return ours;
}

#define FEW 50u

/* The first few texts again and again, for which everything is in the cache and every branch has been gone through. */
static void
few_texts(const struct watchlist *w, const struct texts *t, double ours)
{
	struct texts few = {.items = t->items, .count = t->count < FEW ? t->count : FEW};
	struct found found;
	for (size_t i = 0; i < few.count; i++)
		few.bytes += few.items[i].len;
	double again = speed_of_list(w, &few, &found);
	printf("watch: the first %zu texts again and again: %.0f MB/s (%zu hits, %zu mentions): what is new to the "
	       "cache costs x %.2f\n",
	    few.count, again, found.hits, found.mentions, ours / again);
}

/* The same out of a list that has only those who are mentioned. */
static void
without_the_others(const struct watchlist *w, const struct texts *t, double ours)
{
	const size_t count = watchlist_count(w);
	struct watch_memo *memo = watch_memo_new();
	struct str *few = calloc(count, sizeof *few);
	bool *mentioned = calloc(count, sizeof *mentioned);
	size_t n = 0;
	struct found found;
	if (memo == NULL || few == NULL || mentioned == NULL)
		die("no memory");
	for (size_t i = 0; i < t->count; i++, arena_reset(&scratch)) {
		struct watch_result out;
		find(w, memo, t->items[i], &out);
		for (size_t k = 0; k < out.hit_count; k++)
			mentioned[out.hits[k].entity] = true;
	}
	for (size_t i = 0; i < count; i++) {
		if (mentioned[i])
			few[n++] = names[strtoul(watchlist_entity(w, i)->id.s + 1, NULL, 10)];
	}
	struct watchlist *short_list = make_list(few, n);
	double alone = speed_of_list(short_list, t, &found);
	printf(
	    "watch: of these the %zu who are mentioned, alone: %.0f MB/s (%zu hits, %zu mentions): the length costs x "
	    "%.2f\n",
	    n, alone, found.hits, found.mentions, ours / alone);
	watchlist_free(short_list);
	watch_memo_free(memo);
	free(mentioned);
	free(few);
}

/* ---- the bare loop ---- */

/*
 * The least that finds names by their words, of the names' first two words as they are listed and nothing else: a filter, and behind it a
 * table of the names.
 */
struct pairs {
	size_t slots;
	uint64_t *filter; /* one of 64 bits for 8 slots: two bits a name */
	uint32_t *names;  /* one more than the number; 0 = empty */
};

static uint64_t
pair_hash(const struct text_word *word)
{
	uint64_t hash = text_word_hash64(&word[0]) * 0x9E3779B97F4A7C15u ^ text_word_hash64(&word[1]);
	return hash * 0xD6E8FEB86659FD93u;
}

static uint64_t
pair_bits(uint64_t hash)
{
	return (uint64_t)1 << (hash & 63) | (uint64_t)1 << (hash >> 6 & 63);
}

static size_t
pair_slot(const struct pairs *p, uint64_t hash)
{
	return (hash >> 12) & (p->slots - 1);
}

static void
make_pairs(struct pairs *p, size_t count)
{
	for (p->slots = 64; p->slots < count * 2;)
		p->slots *= 2;
	p->filter = calloc(p->slots / 8, sizeof *p->filter);
	p->names = calloc(p->slots, sizeof *p->names);
	if (p->filter == NULL || p->names == NULL)
		die("no memory");
	for (size_t i = 0; i < count; i++, arena_reset(&scratch)) {
		struct watch_tokens tokens;
		tokenise(&(struct watch_input){.fields[WATCH_FIELD_CONTENT] = names[i]}, &tokens);
		if (tokens.fields[WATCH_FIELD_CONTENT].count < 2)
			continue;
		uint64_t hash = pair_hash(tokens.fields[WATCH_FIELD_CONTENT].items);
		size_t at = pair_slot(p, hash);
		while (p->names[at] != 0)
			at = (at + 1) & (p->slots - 1);
		p->names[at] = (uint32_t)i + 1;
		p->filter[(hash >> 32) & (p->slots / 8 - 1)] |= pair_bits(hash);
	}
}

static size_t
find_pair(const struct pairs *p, const struct text_word *word, struct str text)
{
	const struct str whole = {text.s + word[0].start, word[1].end - word[0].start};
	size_t found = 0;
	for (size_t at = pair_slot(p, pair_hash(word)); p->names[at] != 0; at = (at + 1) & (p->slots - 1))
		found += str_ieq(names[p->names[at] - 1], whole);
	return found;
}

static struct found
run_pairs(const struct runner *r, const struct texts *t)
{
	struct found all = {0};
	for (size_t i = 0; i < t->count; i++, arena_reset(&scratch)) {
		struct watch_tokens tokens;
		tokenise(&(struct watch_input){.fields[WATCH_FIELD_CONTENT] = t->items[i]}, &tokens);
		const struct text_words *words = &tokens.fields[WATCH_FIELD_CONTENT];
		uint32_t *may = arena_alloc(&scratch, (words->count + 1) * sizeof *may), count = 0;
		for (uint32_t k = 0; r->pairs != NULL && k + 1 < words->count; k++) {
			uint64_t hash = pair_hash(&words->items[k]);
			uint64_t filter = r->pairs->filter[(hash >> 32) & (r->pairs->slots / 8 - 1)];
			may[count] = k;
			count += (~filter & pair_bits(hash)) == 0;
		}
		for (uint32_t k = 0; k < count; k++)
			__builtin_prefetch(&r->pairs->names[pair_slot(r->pairs, pair_hash(&words->items[may[k]]))]);
		for (uint32_t k = 0; k < count; k++)
			all.hits += find_pair(r->pairs, &words->items[may[k]], t->items[i]);
	}
	return all;
}

/* ---- the peer ---- */

#ifdef WITH_HYPERSCAN
static int
on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *ctx)
{
	++*(size_t *)ctx;
	return 0;
}

static struct found
run_hyperscan(const struct runner *r, const struct texts *t)
{
	struct found all = {0};
	for (size_t i = 0; i < t->count; i++)
		hs_scan(r->db, t->items[i].s, (unsigned)t->items[i].len, 0, r->scratch, on_match, &all.hits);
	return all;
}

static double
hyperscan(size_t count, const struct texts *t)
{
	const char **literals = calloc(count, sizeof *literals);
	unsigned *flags = calloc(count, sizeof *flags), *ids = calloc(count, sizeof *ids);
	size_t *lens = calloc(count, sizeof *lens);
	hs_database_t *db = NULL;
	hs_compile_error_t *why = NULL;
	hs_scratch_t *hs = NULL;
	struct found found;

	if (literals == NULL || flags == NULL || ids == NULL || lens == NULL)
		die("no memory");
	for (size_t i = 0; i < count; i++) {
		literals[i] = names[i].s;
		lens[i] = names[i].len;
		flags[i] = HS_FLAG_CASELESS;
		ids[i] = (unsigned)i;
	}
	if (hs_compile_lit_multi(literals, flags, ids, lens, (unsigned)count, HS_MODE_BLOCK, NULL, &db, &why) !=
	        HS_SUCCESS ||
	    hs_alloc_scratch(db, &hs) != HS_SUCCESS)
		die("Hyperscan does not take the names");
	double best = speed(&(struct runner){.run = run_hyperscan, .db = db, .scratch = hs}, t, &found);
	hs_free_scratch(hs);
	hs_free_database(db);
	free(literals);
	free(flags);
	free(ids);
	free(lens);
	return best;
}
#endif

/* ---- report ---- */

/* What is resident, as the kernel counts it, without what malloc() keeps for later. */
static double
resident_mib(void)
{
	unsigned long all, resident = 0;
	malloc_trim(0);
	FILE *f = fopen("/proc/self/statm", "r");
	if (f == NULL || fscanf(f, "%lu %lu", &all, &resident) != 2)
		die("the kernel does not say what is resident");
	fclose(f);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1048576;
}

static void
costs_of_a_list(size_t count)
{
	double before = resident_mib();
	int64_t start = clock_cpu_us();
	struct watch_builder *b = watch_builder_new();
	if (b == NULL)
		die("no memory");
	fill(b, names, count);
	struct watchlist *w = compile(b);
	int64_t loaded = clock_cpu_us();
	double both = resident_mib() - before;
	watch_builder_free(b);
	printf("watch: %zu names: %.1f MiB (%.1f with what they were made from; at most 64 wanted), loaded in %.2f s "
	       "(at most "
	       "1)\n",
	    count, resident_mib() - before, both, (double)(loaded - start) / 1e6);
	watchlist_free(w);
	start = clock_cpu_us();
	struct str other = names[0];
	names[0] = STR_LIT("Somebody Else");
	w = make_list(names, count);
	printf("watch: %zu names after a change of one: compiled anew in %.2f s (at most 2)\n", count,
	    (double)(clock_cpu_us() - start) / 1e6);
	names[0] = other;
	watchlist_free(w);
}

static size_t most = NAMES_MAX;

/* All sizes of one list. */
static void
of_a_list(const struct texts *t)
{
	static const size_t sizes[] = {100, 1000, 10000, 100000, 1000000};
	double first = 0, bare_first = 0;
	struct found found;

	printf("watch: %zu texts, %.1f MB; words alone %.0f MB/s\n", t->count, (double)t->bytes / 1e6,
	    speed(&(struct runner){.run = run_pairs}, t, &found));
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes && sizes[i] <= most && sizes[i] <= name_count; i++) {
		struct pairs pairs;
		struct watchlist *w = make_list(names, sizes[i]);
		double ours = speed_of_list(w, t, &found);
		first = i == 0 ? ours : first;
		printf("watch: %7zu names: %.0f MB/s, x %.2f of that at 100 names (%zu hits, %zu mentions)", sizes[i],
		    ours, ours / first, found.hits, found.mentions);
		make_pairs(&pairs, sizes[i]);
		double bare = speed(&(struct runner){.run = run_pairs, .pairs = &pairs}, t, &found);
		bare_first = i == 0 ? bare : bare_first;
		printf("; bare loop %.0f MB/s, x %.2f (%zu)", bare, bare / bare_first, found.hits);
		free(pairs.filter);
		free(pairs.names);
#ifdef WITH_HYPERSCAN
		if (sizes[i] >= 1000 && sizes[i] <= 100000) {
			double peer = hyperscan(sizes[i], t);
			printf("; Hyperscan %.0f MB/s: bare loop x %.2f, we x %.2f%s", peer, bare / peer, ours / peer,
			    sizes[i] == 10000    ? " (at least 0.7 wanted)"
			    : sizes[i] == 100000 ? " (at least 2 wanted)"
			                         : "");
		}
#endif
		printf("\n");
		if (sizes[i] >= 100000) {
			few_texts(w, t, ours);
			without_the_others(w, t, ours);
		}
		fflush(stdout);
		watchlist_free(w);
	}
}

/* The one that is in the files, or the one that is invented. */
static void
run(const char *text_path, const char *names_path, bool costs)
{
	struct texts t = {0};

	arena_init(&memory, 0);
	make_names(names_path);
	if (text_path != NULL)
		read_texts(&t, text_path);
	else
		invent_texts(&t);
	of_a_list(&t);
	if (costs)
		costs_of_a_list(name_count < 100000 ? name_count : 100000);
	free(t.items);
	free(names);
	name_count = 0;
	arena_done(&memory);
}

int
main(int argc, char **argv)
{
	const char *text_path = getenv("TIDINGS_BENCH_TEXT"), *names_path = getenv("TIDINGS_BENCH_NAMES");
	if (argc > 1)
		most = strtoul(argv[1], NULL, 10);
	arena_init(&scratch, 0);
	printf("watch: many share a family name\n");
	run(text_path, names_path, true);
	if (text_path == NULL && names_path == NULL) {
		alike = false;
		printf("watch: hardly two share a family name\n");
		run(NULL, NULL, false);
		strangers = true;
		printf("watch: the same, and texts about other people\n");
		run(NULL, NULL, false);
	}
	arena_done(&scratch);
	return 0;
}
