#include "store/index_pile.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST 4096u /* a power of two */
#define SLOT_BYTES 32u
#define POSTINGS_ENOUGH (2u * 1024 * 1024)
#define TEXT_ENOUGH (16u * 1024 * 1024)

struct word {
	uint32_t start, len;   /* in the text */
	uint32_t begin, count; /* of its rows, when all are in order */
};

/* All that is asked of most words, in half a line of the processor's cache: one wait for memory and not three. */
struct slot {
	uint32_t hash, word; /* from 1; 0: none */
	uint32_t last;       /* the row that had it last, from 1 */
	uint32_t count;      /* of its rows */
	uint16_t len;
	char begins[SLOT_BYTES - 18];
};
_Static_assert(sizeof(struct slot) == SLOT_BYTES, "two slots fill a line");

struct row {
	int64_t row;
	size_t end; /* of its postings */
};

struct order {
	uint64_t begins; /* the first bytes: of most words they tell which comes first */
	uint32_t word;
};

struct index_pile {
	struct buf text; /* of the words */
	struct word *words;
	struct slot *slots;
	uint32_t *postings; /* words, row by row */
	struct row *rows;
	struct order *order;
	uint32_t *sorted; /* rows, by words in their order */
	size_t word_count, word_cap, slot_count, posting_count, posting_cap, row_count, row_cap, order_cap, sorted_cap;
	bool failed;
};

static struct slot *
make_slots(size_t count)
{
	struct slot *slots = aligned_alloc(2 * SLOT_BYTES, count * sizeof *slots);
	if (slots != NULL)
		memset(slots, 0, count * sizeof *slots);
	return slots;
}

struct index_pile *
index_pile_new(void)
{
	struct index_pile *p = calloc(1, sizeof *p);
	if (p == NULL)
		return NULL;
	buf_init(&p->text, 0);
	p->slots = make_slots(SLOTS_FIRST);
	p->slot_count = SLOTS_FIRST;
	if (p->slots != NULL)
		return p;
	index_pile_free(p);
	return NULL;
}

void
index_pile_free(struct index_pile *p)
{
	if (p == NULL)
		return;
	buf_done(&p->text);
	free(p->words);
	free(p->slots);
	free(p->postings);
	free(p->rows);
	free(p->order);
	free(p->sorted);
	free(p);
}

void
index_pile_reset(struct index_pile *p)
{
	buf_reset(&p->text);
	memset(p->slots, 0, p->slot_count * sizeof *p->slots);
	p->word_count = p->posting_count = p->row_count = 0;
	p->failed = false;
}

/* ---- as they come ---- */

static void
end_row(struct index_pile *p)
{
	if (p->row_count > 0)
		p->rows[p->row_count - 1].end = p->posting_count;
}

void
index_pile_row(struct index_pile *p, int64_t row)
{
	end_row(p);
	if (p->row_count == UINT32_MAX ||
	    vec_reserve((void **)&p->rows, &p->row_cap, p->row_count + 1, sizeof *p->rows) < 0) {
		p->failed = true;
		return;
	}
	p->rows[p->row_count++] = (struct row){.row = row};
}

static struct str
text_of(const struct index_pile *p, const struct word *w)
{
	return (struct str){p->text.data + w->start, w->len};
}

static void
grow_slots(struct index_pile *p)
{
	size_t count = 2 * p->slot_count;
	struct slot *slots = make_slots(count);
	if (slots == NULL) {
		p->failed = true;
		return;
	}
	for (size_t i = 0; i < p->slot_count; i++) {
		size_t at = p->slots[i].hash & (count - 1);
		if (p->slots[i].word == 0)
			continue;
		while (slots[at].word != 0)
			at = (at + 1) & (count - 1);
		slots[at] = p->slots[i];
	}
	free(p->slots);
	p->slots = slots;
	p->slot_count = count;
}

static bool
holds(const struct index_pile *p, const struct slot *s, struct str word)
{
	size_t first = word.len < sizeof s->begins ? word.len : sizeof s->begins;
	return s->len == word.len && memcmp(s->begins, word.s, first) == 0 &&
	       (first == word.len || str_eq(text_of(p, &p->words[s->word - 1]), word));
}

/* The slot of a word, or the free one that it takes. */
static struct slot *
find(const struct index_pile *p, struct str word, uint32_t hash)
{
	size_t at = hash & (p->slot_count - 1);
	for (;; at = (at + 1) & (p->slot_count - 1)) {
		struct slot *s = &p->slots[at];
		if (s->word == 0 || (s->hash == hash && holds(p, s, word)))
			return s;
	}
}

static struct slot *
add_word(struct index_pile *p, struct str word, uint32_t hash)
{
	if (2 * (p->word_count + 1) > p->slot_count)
		grow_slots(p);
	size_t start = p->text.len;
	if (p->failed || word.len > UINT16_MAX || start + word.len > UINT32_MAX || !buf_str(&p->text, word) ||
	    vec_reserve((void **)&p->words, &p->word_cap, p->word_count + 1, sizeof *p->words) < 0) {
		p->failed = true;
		return NULL;
	}
	p->words[p->word_count++] = (struct word){.start = (uint32_t)start, .len = (uint32_t)word.len};
	struct slot *s = find(p, word, hash);
	*s = (struct slot){.hash = hash, .word = (uint32_t)p->word_count, .len = (uint16_t)word.len};
	memcpy(s->begins, word.s, word.len < sizeof s->begins ? word.len : sizeof s->begins);
	return s;
}

void
index_pile_soon(void *pile, uint32_t hash)
{
	const struct index_pile *p = pile;
	__builtin_prefetch(&p->slots[hash & (p->slot_count - 1)], 1);
}

void
index_pile_word(void *pile, struct str word, uint32_t hash)
{
	struct index_pile *p = pile;
	if (p->failed || p->row_count == 0)
		return;
	struct slot *s = find(p, word, hash);
	if (s->word == 0 && (s = add_word(p, word, hash)) == NULL)
		return;
	if (s->last == p->row_count)
		return;
	if (p->posting_count == UINT32_MAX ||
	    vec_reserve((void **)&p->postings, &p->posting_cap, p->posting_count + 1, sizeof *p->postings) < 0) {
		p->failed = true;
		return;
	}
	s->last = (uint32_t)p->row_count;
	s->count++;
	p->postings[p->posting_count++] = s->word - 1;
}

bool
index_pile_full(const struct index_pile *p)
{
	return p->failed || p->posting_count >= POSTINGS_ENOUGH || p->text.len >= TEXT_ENOUGH;
}

size_t
index_pile_rows(const struct index_pile *p)
{
	return p->row_count;
}

size_t
index_pile_total(const struct index_pile *p)
{
	return p->posting_count;
}

/* ---- in order ---- */

static uint64_t
first_bytes(struct str word)
{
	uint64_t n = 0;
	for (size_t i = 0; i < sizeof n; i++)
		n = n << 8 | (i < word.len ? (unsigned char)word.s[i] : 0);
	return n;
}

static int
compare(const void *a, const void *b, void *pile)
{
	const struct index_pile *p = pile;
	const struct order *x = a, *y = b;
	if (x->begins != y->begins)
		return x->begins < y->begins ? -1 : 1;
	return str_cmp(text_of(p, &p->words[x->word]), text_of(p, &p->words[y->word]));
}

/* Each word's rows get a place of their own, which is filled from its end. */
static void
spread(struct index_pile *p)
{
	uint32_t end = 0;
	for (size_t i = 0; i < p->slot_count; i++) {
		if (p->slots[i].word != 0)
			p->words[p->slots[i].word - 1].count = p->slots[i].count;
	}
	for (size_t i = 0; i < p->word_count; i++) {
		struct word *w = &p->words[p->order[i].word];
		end += w->count;
		w->begin = end;
	}
	for (size_t row = p->row_count, at = p->posting_count; row-- > 0;) {
		for (size_t first = row > 0 ? p->rows[row - 1].end : 0; at > first;)
			p->sorted[--p->words[p->postings[--at]].begin] = (uint32_t)row;
	}
}

bool
index_pile_sort(struct index_pile *p)
{
	if (p->failed || vec_reserve((void **)&p->order, &p->order_cap, p->word_count, sizeof *p->order) < 0 ||
	    vec_reserve((void **)&p->sorted, &p->sorted_cap, p->posting_count, sizeof *p->sorted) < 0)
		return false;
	end_row(p);
	for (size_t i = 0; i < p->word_count; i++)
		p->order[i] = (struct order){first_bytes(text_of(p, &p->words[i])), (uint32_t)i};
	if (p->word_count > 0)
		qsort_r(p->order, p->word_count, sizeof *p->order, compare, p);
	spread(p);
	return true;
}

size_t
index_pile_words(const struct index_pile *p)
{
	return p->word_count;
}

struct index_pile_word
index_pile_word_at(const struct index_pile *p, size_t i)
{
	const struct word *w = &p->words[p->order[i].word];
	return (struct index_pile_word){text_of(p, w), p->sorted + w->begin, w->count};
}

int64_t
index_pile_row_at(const struct index_pile *p, uint32_t row)
{
	return p->rows[row].row;
}
