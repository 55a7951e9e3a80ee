#pragma once
/*
 * An arena: many small allocations that end together (one per poll job, per configuration, per query).
 *
 * Every allocation is checked against a ceiling. When memory runs out or the ceiling is reached the call
 * returns NULL (or STR_NONE) and `failed` stays set, so that a long builder may check once at its end
 * with arena_check(). Memory is not zeroed unless the call says so. Alignment is 16, of strings 1.
 */
#include "base/err.h"
#include "base/str.h"

struct arena_block;

struct arena {
	struct arena_block *head; /* the block being filled */
	size_t used_bytes;        /* handed out, with alignment */
	size_t max_bytes;         /* the ceiling */
	size_t reset_bytes;       /* and some more: handed out when it was last reset and had several blocks */
	bool failed;              /* sticky: some allocation was refused */
	bool over_limit;          /* …because of the ceiling, not because memory ran out */
	struct arena_adopted *adopted;
};

/* In place; allocates nothing. max_bytes 0 means no ceiling. */
void arena_init(struct arena *a, size_t max_bytes);
void arena_done(struct arena *a);
/* Forgets all allocations, keeps one block for reuse, clears `failed`. */
void arena_reset(struct arena *a);

/* A point to fall back to: everything allocated after arena_mark() is given back by arena_rollback(), marks included. */
struct arena_mark {
	struct arena_block *block;
	size_t block_used, used_bytes;
	struct arena_adopted *adopted;
};

struct arena_mark arena_mark(const struct arena *a);
void arena_rollback(struct arena *a, struct arena_mark mark);

void *arena_alloc(struct arena *a, size_t n);
/* The same from the beginning of a line of the cache on: for arrays that are gone through a line at a time. */
void *arena_alloc_line(struct arena *a, size_t n);
/*
 * Takes over memory of `bytes` bytes that malloc() gave: it ends with the arena. For arrays that grew outside, which
 * would otherwise be there twice while they are copied. False when that is refused; the memory is then freed.
 */
bool arena_adopt(struct arena *a, void *memory, size_t bytes);
void *arena_zalloc(struct arena *a, size_t count, size_t size); /* zeroed; checks the product */
/* NUL-terminated copies. STR_NONE stays STR_NONE. */
struct str arena_str(struct arena *a, struct str src);
struct str arena_cstr(struct arena *a, const char *src);
struct str arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Grows an array that lives in the arena so that one more element fits; the old room is only given back
 * with the arena. `*cap` counts elements. Returns the (possibly moved) array or NULL; on NULL the old one stands.
 *   items = arena_grow(a, items, &cap, count, sizeof *items)
 */
void *arena_grow_full(struct arena *a, void *items, size_t *cap, size_t count, size_t size);
static inline void *
arena_grow(struct arena *a, void *items, size_t *cap, size_t count, size_t size)
{
	return count < *cap ? items : arena_grow_full(a, items, cap, count, size);
}

/* 0, or -1 with ERR_NO_MEMORY or ERR_LIMIT when any allocation since init/reset failed. */
int arena_check(const struct arena *a, struct err *err);
