#include "story/index.h"

#include "base/pages.h"

#include <math.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Until the window has its own counts, terms are taken for as rare as in a window of this size. */
#define PRIOR_ITEMS 400
#define LINE_BYTES 64
#define LINE_CELLS (LINE_BYTES / sizeof(uint16_t))
#define LINE_POSTINGS (LINE_BYTES / sizeof(uint32_t))
#define LINES_PER_ITEM 2 /* room for a third more than STORY_POSTINGS, since terms are spread unevenly */
#define FIRST_BITS_LEAST 8u
#define LINES_LEAST (1u << FIRST_BITS_LEAST)
#define LINES_ADDED \
	4 /* with an item; faster than what is posted, since lines that are not yet split hold twice as much */
#define TAG_BITS_LEAST 9  /* that tell terms apart when all lines are split */
#define AGEING_ITEMS 1024 /* halving all counts is spread over so many items */
#define COMMON_ITEMS 50   /* a term in more items than this, and in more than a twentieth, finds no candidates */

/* The newest first; 0 = nothing there, nor behind it. */
struct story_line {
	uint32_t postings[LINE_POSTINGS];
};
_Static_assert(sizeof(struct story_line) == LINE_BYTES, "it is fetched from memory at once");

static size_t
power_of_two(size_t least)
{
	size_t n = 1024;
	while (n < least)
		n *= 2;
	return n;
}

static void
set_counted(struct story_index *ix, size_t counted)
{
	ix->counted = counted;
	ix->log_counted = log((double)(counted + PRIOR_ITEMS));
}

static unsigned
bits_of(size_t n) /* that its numbers take */
{
	unsigned bits = 0;
	while (n >> bits != 0)
		bits++;
	return bits;
}

/* Where they begin, and how far: a line that is split tells its terms apart by the next bit of their tags, so enough must be left. */
static void
plan_lines(struct story_index *ix)
{
	ix->lines_max = ix->max_items * LINES_PER_ITEM + LINES_LEAST;
	ix->place_bits = bits_of(ix->max_items);
	unsigned tag_bits = 32 - ix->place_bits, all = bits_of(ix->lines_max) - 1;
	unsigned splits = tag_bits > TAG_BITS_LEAST ? tag_bits - TAG_BITS_LEAST : 0;
	ix->first_bits = splits + FIRST_BITS_LEAST < all ? all - splits : FIRST_BITS_LEAST;
	ix->line_count = (size_t)1 << ix->first_bits;
	ix->line_mask = ix->line_count * 2 - 1;
}

int
story_index_init(struct story_index *ix, size_t max_items)
{
	size_t counts = power_of_two(max_items * 3) * 2;

	*ix = (struct story_index){.max_items = max_items, .counts_mask = counts / LINE_CELLS - 1, .aged = counts};
	plan_lines(ix);
	ix->lines = pages_new(ix->lines_max * sizeof *ix->lines);
	ix->counts = pages_new_now(counts * sizeof *ix->counts);
	for (size_t i = 0; i < STORY_LOGS; i++)
		ix->logs[i] = (float)log((double)i + 1);
	set_counted(ix, 0);
	if (ix->counts != NULL && ix->lines != NULL)
		return 0;
	story_index_done(ix);
	return -1;
}

void
story_index_done(struct story_index *ix)
{
	pages_free(ix->lines, ix->lines_max * sizeof *ix->lines);
	pages_free(ix->counts, (ix->counts_mask + 1) * LINE_BYTES);
	*ix = (struct story_index){.max_items = 0};
}

size_t
story_index_bytes(const struct story_index *ix)
{
	return (ix->lines_max + ix->counts_mask + 1) * LINE_BYTES;
}

/* ---- counts ---- */

/* Both cells of a term lie in one line of memory, so that it is waited for once. */
struct cells {
	uint16_t *a, *b;
};

static inline uint16_t *
line_of(const struct story_index *ix, uint64_t key)
{
	return &ix->counts[(key & ix->counts_mask) * LINE_CELLS];
}

static inline struct cells
cells_of(const struct story_index *ix, uint64_t key)
{
	uint16_t *line = line_of(ix, key);
	unsigned a = key >> 48 & (LINE_CELLS - 1), b = key >> 40 & (LINE_CELLS - 1);
	return (struct cells){line + a, line + (b != a ? b : b ^ 1)};
}

void
story_index_count(struct story_index *ix, enum story_term kind, const uint32_t *hashes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t key = story_term_key(kind, hashes[i]);
		struct cells of = cells_of(ix, key);
		uint16_t least = *of.a < *of.b ? *of.a : *of.b;
		if (least == UINT16_MAX)
			continue;
		*of.a = *of.a == least ? least + 1 : *of.a;
		*of.b = *of.b == least ? least + 1 : *of.b;
	}
}

static size_t
all_counts(const struct story_index *ix)
{
	return (ix->counts_mask + 1) * LINE_CELLS;
}

/* In between some counts are halved and others are not: that is a small mistake, and a short one. */
static void
age_some(struct story_index *ix)
{
	size_t all = all_counts(ix), end = ix->aged + all / AGEING_ITEMS;
	if (ix->aged <= all / 2 && end > all / 2)
		set_counted(ix, ix->counted / 2);
	for (size_t i = ix->aged; i < end; i++)
		ix->counts[i] /= 2;
	ix->aged = end;
}

void
story_index_counted(struct story_index *ix)
{
	set_counted(ix, ix->counted + 1);
	if (ix->aged == all_counts(ix) && ix->counted >= ix->max_items)
		ix->aged = 0;
	if (ix->aged < all_counts(ix))
		age_some(ix);
}

static inline uint32_t
items_with(const struct story_index *ix, uint64_t key)
{
	struct cells of = cells_of(ix, key);
	return *of.a < *of.b ? *of.a : *of.b;
}

void
story_index_expect_items(const struct story_index *ix, enum story_term kind, const uint32_t *hashes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		__builtin_prefetch(line_of(ix, story_term_key(kind, hashes[i])));
}

void
story_index_items(
    const struct story_index *ix, enum story_term kind, const uint32_t *hashes, size_t count, uint32_t *items)
{
	for (size_t i = 0; i < count; i++)
		items[i] = items_with(ix, story_term_key(kind, hashes[i]));
}

double
story_index_rarity(const struct story_index *ix, uint64_t key)
{
	return story_index_rarity_of(ix, items_with(ix, key));
}

uint32_t
story_index_common(const struct story_index *ix)
{
	size_t least = ix->counted / 20 > COMMON_ITEMS ? ix->counted / 20 : COMMON_ITEMS;
	return least < UINT32_MAX ? (uint32_t)least : UINT32_MAX;
}

/*
 * ---- postings ----
 *
 * The table grows by a line at a time, as in linear hashing (Litwin 1980): one after the other is split in two, so that
 * memory follows the number of items, and no item waits for a table to be made anew.
 */

static inline struct story_line *
postings_of(const struct story_index *ix, uint64_t key)
{
	size_t i = key >> 32 & ix->line_mask;
	return &ix->lines[i < ix->line_count ? i : i & ix->line_mask >> 1];
}

/* Above the place: what of the hash tells terms of one line apart, and where they go when it is split. */
static inline uint32_t
tag_of(const struct story_index *ix, uint64_t key)
{
	return (uint32_t)(key >> 32 >> ix->first_bits) << ix->place_bits;
}

static inline uint32_t
tag_mask(const struct story_index *ix)
{
	return ~(uint32_t)0 << ix->place_bits;
}

static void
add_line(struct story_index *ix)
{
	uint32_t half = (uint32_t)(ix->line_mask >> 1) + 1, goes = half >> ix->first_bits << ix->place_bits;
	struct story_line *from = &ix->lines[ix->line_count - half], *to = &ix->lines[ix->line_count], stay = {{0}};
	size_t stays = 0, gone = 0;
	__builtin_prefetch(from + 4, 1);
	for (size_t i = 0; i < LINE_POSTINGS && from->postings[i] != 0; i++) { /* which way it goes is anybody's guess */
		uint32_t posting = from->postings[i];
		bool leaves = posting & goes;
		to->postings[gone] = leaves ? posting : 0;
		stay.postings[stays] = leaves ? 0 : posting;
		gone += leaves;
		stays += !leaves;
	}
	*from = stay;
	if (++ix->line_count > ix->line_mask)
		ix->line_mask = ix->line_mask * 2 + 1;
}

/* A bit for each posting of a line. */
struct line_bits {
	unsigned same, free;
};

#ifdef __SSE2__
static inline struct line_bits
bits_of_line(const struct story_line *line, uint32_t tag, uint32_t mask)
{
	const __m128i tags = _mm_set1_epi32((int)mask), wanted = _mm_set1_epi32((int)tag);
	struct line_bits b = {0, 0};
	for (unsigned i = 0; i < LINE_POSTINGS; i += 4) {
		__m128i p = _mm_load_si128((const __m128i *)(const void *)(line->postings + i));
		__m128i same = _mm_cmpeq_epi32(_mm_and_si128(p, tags), wanted);
		__m128i none = _mm_cmpeq_epi32(p, _mm_setzero_si128());
		b.same |= (unsigned)_mm_movemask_ps(_mm_castsi128_ps(same)) << i;
		b.free |= (unsigned)_mm_movemask_ps(_mm_castsi128_ps(none)) << i;
	}
	return b;
}

/* Puts a posting before the others; that at `end` makes room. */
static inline void
shift_in(struct story_line *line, unsigned end, uint32_t posting)
{
	const __m128i last = _mm_set1_epi32((int)end);
	__m128i place = _mm_setr_epi32(0, 1, 2, 3), before = _mm_set1_epi32((int)posting);
	for (unsigned i = 0; i < LINE_POSTINGS; i += 4) {
		__m128i *at = (__m128i *)(void *)(line->postings + i), here = _mm_load_si128(at);
		__m128i moved = _mm_or_si128(_mm_slli_si128(here, 4), _mm_srli_si128(before, 12));
		__m128i stays = _mm_cmpgt_epi32(place, last);
		_mm_store_si128(at, _mm_or_si128(_mm_and_si128(stays, here), _mm_andnot_si128(stays, moved)));
		place = _mm_add_epi32(place, _mm_set1_epi32(4));
		before = here;
	}
}
#else
static inline struct line_bits
bits_of_line(const struct story_line *line, uint32_t tag, uint32_t mask)
{
	struct line_bits b = {0, 0};
	for (unsigned i = 0; i < LINE_POSTINGS; i++) {
		b.same |= (unsigned)((line->postings[i] & mask) == tag) << i;
		b.free |= (unsigned)(line->postings[i] == 0) << i;
	}
	return b;
}

static inline void
shift_in(struct story_line *line, unsigned end, uint32_t posting)
{
	memmove(line->postings + 1, line->postings, end * sizeof *line->postings);
	line->postings[0] = posting;
}
#endif

/* Where the new posting of a term ends: at the oldest one of its own, when it has its share already, or at the oldest of all. */
static inline unsigned
end_of_shift(const struct story_line *line, uint32_t tag, uint32_t mask)
{
	struct line_bits b = bits_of_line(line, tag, mask);
	unsigned end = (unsigned)__builtin_ctz(b.free | 1u << (LINE_POSTINGS - 1));
	unsigned own = b.same & ((1u << end) - 1);
	if (end < STORY_NEWEST) /* as nearly always */
		return end;
	for (unsigned k = 1; k < STORY_NEWEST; k++)
		own &= own - 1;
	return own != 0 ? (unsigned)__builtin_ctz(own) : end;
}

void
story_index_post(struct story_index *ix, size_t place, const uint64_t *keys, size_t count)
{
	for (size_t i = 0; i < LINES_ADDED && ix->line_count < ix->lines_max; i++)
		add_line(ix);
	for (size_t i = 0; i < count; i++)
		__builtin_prefetch(postings_of(ix, keys[i]), 1);
	for (size_t i = 0; i < count; i++) {
		struct story_line *line = postings_of(ix, keys[i]);
		uint32_t tag = tag_of(ix, keys[i]);
		unsigned end = end_of_shift(line, tag, tag_mask(ix));
		shift_in(line, end, tag | ((uint32_t)place + 1));
	}
}

/*
 * Which postings of a line are of a term, as bits. What is younger than what stands before it is from the last time that its
 * place was taken, and so is all behind it: none of that. All sixteen at once, since hardly two lines are alike.
 */
#ifdef __SSE2__
static inline unsigned
postings_with(const struct story_index *ix, const struct story_line *line, uint32_t tag, size_t newest)
{
	const __m128i mask = _mm_set1_epi32((int)tag_mask(ix)), wanted = _mm_set1_epi32((int)tag);
	const __m128i items = _mm_set1_epi32((int)ix->max_items), next = _mm_set1_epi32((int)newest);
	__m128i before = _mm_setzero_si128();
	unsigned same = 0, younger = 1u << LINE_POSTINGS;
	for (unsigned i = 0; i < LINE_POSTINGS; i += 4) {
		__m128i p = _mm_load_si128((const __m128i *)(const void *)(line->postings + i));
		__m128i age = _mm_sub_epi32(next, _mm_andnot_si128(mask, p));
		age = _mm_add_epi32(age, _mm_and_si128(_mm_srai_epi32(age, 31), items));
		__m128i last = _mm_or_si128(_mm_slli_si128(age, 4), _mm_srli_si128(before, 12));
		__m128i is = _mm_andnot_si128(
		    _mm_cmpeq_epi32(p, _mm_setzero_si128()), _mm_cmpeq_epi32(_mm_and_si128(p, mask), wanted));
		same |= (unsigned)_mm_movemask_ps(_mm_castsi128_ps(is)) << i;
		younger |= (unsigned)_mm_movemask_ps(_mm_castsi128_ps(_mm_cmplt_epi32(age, last))) << i;
		before = age;
	}
	return same & ((younger & -younger) - 1);
}
#else
static inline unsigned
postings_with(const struct story_index *ix, const struct story_line *line, uint32_t tag, size_t newest)
{
	uint32_t mask = tag_mask(ix);
	unsigned same = 0;
	size_t age_before = 0;
	for (unsigned i = 0; i < LINE_POSTINGS && line->postings[i] != 0; i++) {
		uint32_t place = (line->postings[i] & ~mask) - 1;
		size_t age = newest - 1 - place + (place < newest ? 0 : ix->max_items);
		if (age < age_before)
			break;
		age_before = age;
		same |= (unsigned)((line->postings[i] & mask) == tag) << i;
	}
	return same;
}
#endif

void
story_index_expect(const struct story_index *ix, uint64_t key)
{
	__builtin_prefetch(postings_of(ix, key));
}

size_t
story_index_find(const struct story_index *ix, const struct story_search *search, struct story_hit *hits)
{
	size_t n = 0;
	for (size_t i = 0; i < search->count; i++) {
		const struct story_line *line = postings_of(ix, search->keys[i]);
		unsigned with = postings_with(ix, line, tag_of(ix, search->keys[i]), search->newest);
		for (size_t of_term = 0; with != 0 && of_term < STORY_NEWEST; with &= with - 1, of_term++) {
			uint32_t posting = line->postings[__builtin_ctz(with)];
			hits[n++] = (struct story_hit){(posting & ~tag_mask(ix)) - 1, (uint16_t)i};
		}
	}
	return n;
}
