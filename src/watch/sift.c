#include "watch/sift.h"

#include "base/cpu.h"

/* ---- what both forms have in common ---- */

#define COMMON static inline __attribute__((always_inline))

/* Keeps a word when it may begin a name; how many are kept then. */
COMMON size_t
keep_word(const struct field_match *f, size_t i, uint32_t *begins, size_t n)
{
	const struct text_word *word = &f->words.items[i];
	begins[n] = (uint32_t)i;
	return n + ((unsigned)!sift_is_small(word) | (unsigned)list_may_begin(f->list, word->hash));
}

#define LONG_FILTER 32768u /* places: a shorter filter stays in the cache */

/* Before the first look at the words of a stretch. */
COMMON void
ask_whether_begins(const struct field_match *f, size_t from, size_t to)
{
	for (size_t i = from; f->list->first_places > LONG_FILTER && i < to; i++)
		list_ask_whether_begins(f->list, f->words.items[i].hash);
}

COMMON void
make_starts(const struct field_match *f, const uint32_t *begins, size_t n, struct field_start *starts)
{
	for (size_t i = 0; i < n; i++) {
		const struct text_word *word = &f->words.items[begins[i]];
		starts[i].word = begins[i];
		starts[i].small = sift_is_small(word);
		starts[i].key = memo_key_spelt(memo_key(f->memo, word), starts[i].small);
		memo_ask_for_place(f->memo, starts[i].key);
	}
}

/* Which of the starts are kept, and where they stand in the memo. */
struct kept {
	uint32_t place;
	uint16_t start;
};

/* Keeps a start when it is of use; how many are kept then. */
COMMON size_t
keep_start(struct kept *kept, size_t i, uint32_t place, bool of_use, size_t n)
{
	kept[n] = (struct kept){.place = place, .start = (uint16_t)i};
	return n + of_use;
}

/* Takes up the starts that are kept, each with the word behind it; the last one of a field has only itself. */
COMMON void
take_up(const struct field_match *f, struct field_start *starts, const struct kept *kept, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct field_start *start = &starts[i];
		uint64_t key = starts[kept[i].start].key;
		uint32_t word = starts[kept[i].start].word;
		start->small = starts[kept[i].start].small;
		start->key = key;
		start->word = word;
		start->place = kept[i].place;
		start->flags = (uint8_t)memo_flags(f->memo, start->place);
		start->last = start->word + 1u >= f->words.count;
		start->next_key = memo_key(f->memo, &f->words.items[start->word + !start->last]);
		memo_ask_for_slot(f->memo, start->place);
		memo_ask_for_place(f->memo, start->next_key);
	}
}

COMMON void
close_start(const struct field_match *f, struct field_start *start, uint32_t next)
{
	unsigned behind = memo_flags(f->memo, next), lone = start->flags & (MEMO_LONE | MEMO_MERE);
	bool none = (behind & (MEMO_NONE | MEMO_USES | MEMO_FATHER)) == MEMO_NONE;
	start->closed = (start->last | none) & !f->one_by_one;
	start->nothing = start->closed & (lone == 0);
	start->next = start->last | none ? MEMO_NOWHERE : next; /* that of a word in no name may be another's by then */
	memo_ask_for_slot(f->memo, start->next);
}

/* ---- one word after another ---- */

static size_t
words_plain(const struct field_match *f, size_t from, size_t to, struct field_start *starts)
{
	uint32_t begins[SIFT_WORDS_MAX];
	size_t n = 0;
	ask_whether_begins(f, from, to);
	for (size_t i = from; i < to; i++)
		n = keep_word(f, i, begins, n);
	make_starts(f, begins, n, starts);
	return n;
}

static size_t
known_plain(const struct field_match *f, struct field_start *starts, size_t count)
{
	struct kept kept[SIFT_WORDS_MAX];
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		uint32_t place = memo_place(f->memo, starts[i].key);
		n = keep_start(kept, i, place, (memo_flags(f->memo, place) & MEMO_USES) != 0, n);
	}
	take_up(f, starts, kept, n);
	return n;
}

static void
closed_plain(const struct field_match *f, struct field_start *starts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		close_start(f, &starts[i], memo_place(f->memo, starts[i].next_key));
}

const struct sift sift_plain = {words_plain, known_plain, closed_plain};

/* ---- many at once ---- */

#ifdef CPU_WIDE

#define GROUP 8u

/* The second halves of four words that stand in two vectors: what is known of them, then their hashes. */
CPU_WIDE_INLINE __m512i
second_halves(const struct text_word *words)
{
	const __m512i which = _mm512_set_epi64(15, 11, 7, 3, 14, 10, 6, 2);
	_Static_assert(sizeof *words == 32 && offsetof(struct text_word, flags) == 16 &&
	                   offsetof(struct text_word, hash) == 24 && offsetof(struct text_word, hash_high) == 28,
	    "where they are looked for");
	return _mm512_permutex2var_epi64(_mm512_loadu_si512(words), which, _mm512_loadu_si512(words + 2));
}

/* Which of eight words may begin a name. */
CPU_WIDE_INLINE __mmask8
may_begin(const struct watchlist *w, const struct text_word *words)
{
	const __m512i one = _mm512_set1_epi64(1), cased = _mm512_set1_epi64(TEXT_WORD_CASED),
	              capital = _mm512_set1_epi64(TEXT_WORD_CAPITAL | TEXT_WORD_MIXED);
	__m512i a = second_halves(words), b = second_halves(words + 4);
	__m512i flags = _mm512_shuffle_i64x2(a, b, 0x44), hashes = _mm512_shuffle_i64x2(a, b, 0xEE);
	__mmask8 small = _mm512_test_epi64_mask(flags, cased) & _mm512_testn_epi64_mask(flags, capital);
	/* list_filter_place() and list_filter_bits() */
	__m512i place = _mm512_srli_epi64(_mm512_mul_epu32(hashes, _mm512_set1_epi64((int64_t)w->first_places)), 32);
	__m512i mixed = _mm512_mul_epu32(hashes, _mm512_set1_epi64(LIST_FILTER_MIX));
	__m512i filter = _mm512_mask_i64gather_epi64(one, small, place, w->first_filter, 8);
	__m512i first = _mm512_rolv_epi64(one, _mm512_srli_epi64(mixed, 26)),
	        second = _mm512_rolv_epi64(one, _mm512_srli_epi64(mixed, 20)),
	        third = _mm512_rolv_epi64(one, _mm512_srli_epi64(mixed, 14));
	__m512i bits = _mm512_ternarylogic_epi64(first, second, third, 0xFE); /* any of the three */
	return (__mmask8)(~small | _mm512_testn_epi64_mask(_mm512_andnot_si512(filter, bits), bits));
}

static CPU_WIDE size_t
words_wide(const struct field_match *f, size_t from, size_t to, struct field_start *starts)
{
	const __m256i iota = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
	uint32_t begins[SIFT_WORDS_MAX + GROUP];
	size_t n = 0, i = from;
	ask_whether_begins(f, from, to);
	for (; i + GROUP <= to; i += GROUP) {
		__mmask8 good = may_begin(f->list, f->words.items + i);
		__m256i numbers = _mm256_add_epi32(_mm256_set1_epi32((int)i), iota);
		_mm256_storeu_si256((__m256i *)(begins + n), _mm256_maskz_compress_epi32(good, numbers));
		n += (unsigned)_mm_popcnt_u32(good);
	}
	for (; i < to; i++)
		n = keep_word(f, i, begins, n);
	make_starts(f, begins, n, starts);
	return n;
}

/* Which of the tags of a set are the key's: in `flags` what is known with each, if it is. */
CPU_WIDE_INLINE __mmask8
hits_wide(const struct watch_memo *m, uint64_t key, __m512i *flags)
{
	_Static_assert(MEMO_WAYS == 8, "a vector");
	__m512i tags = _mm512_loadu_si512(m->tags + memo_set(m, key));
	*flags = _mm512_xor_si512(tags, _mm512_set1_epi64((int64_t)key));
	return _mm512_cmple_epu64_mask(*flags, _mm512_set1_epi64(MEMO_FLAGS));
}

static CPU_WIDE size_t
known_wide(const struct field_match *f, struct field_start *starts, size_t count)
{
	struct kept kept[SIFT_WORDS_MAX];
	const __m512i uses = _mm512_set1_epi64(MEMO_USES);
	__m512i flags;
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t key = starts[i].key;
		__mmask8 hits = hits_wide(f->memo, key, &flags), none = _mm512_mask_testn_epi64_mask(hits, flags, uses);
		n = keep_start(kept, i, memo_place_of_hits(memo_set(f->memo, key), hits), none == 0, n);
	}
	take_up(f, starts, kept, n);
	return n;
}

static CPU_WIDE void
closed_wide(const struct field_match *f, struct field_start *starts, size_t count)
{
	__m512i flags;
	for (size_t i = 0; i < count; i++) {
		uint64_t key = starts[i].next_key;
		close_start(f, &starts[i], memo_place_of_hits(memo_set(f->memo, key), hits_wide(f->memo, key, &flags)));
	}
}

const struct sift *
sift_wide(void)
{
	static const struct sift wide = {words_wide, known_wide, closed_wide};
	return cpu_is_wide() ? &wide : NULL;
}

#else

const struct sift *
sift_wide(void)
{
	return NULL;
}

#endif
