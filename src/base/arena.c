#include "base/arena.h"

#include "base/pages.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define ARENA_ALIGN 16u
#define ARENA_LINE 64u
#define ARENA_FIRST_BLOCK_BYTES 4096u
#define ARENA_MAX_BLOCK_BYTES (1024u * 1024u)
#define ARENA_LONG (16u * 1024u * 1024u) /* used: from there on blocks of some large pages are no waste */
#define ARENA_MAX_LONG_BLOCK_BYTES (4u * 1024u * 1024u - sizeof(struct arena_block))

struct arena_block {
	struct arena_block *prev;
	size_t size;
	size_t used;
	size_t pad; /* keeps data[] aligned to ARENA_ALIGN */
	char data[];
};

struct arena_adopted {
	struct arena_adopted *prev;
	void *memory;
};

void
arena_init(struct arena *a, size_t max_bytes)
{
	*a = (struct arena){.max_bytes = max_bytes ? max_bytes : SIZE_MAX};
}

static void
free_blocks(struct arena_block *b)
{
	while (b != NULL) {
		struct arena_block *prev = b->prev;
		free(b);
		b = prev;
	}
}

static void
free_adopted(struct arena *a, struct arena_adopted *down_to)
{
	while (a->adopted != down_to) {
		struct arena_adopted *prev = a->adopted->prev;
		free(a->adopted->memory);
		a->adopted = prev;
	}
}

void
arena_done(struct arena *a)
{
	free_adopted(a, NULL);
	free_blocks(a->head);
	a->head = NULL;
	a->used_bytes = 0;
}

void
arena_reset(struct arena *a)
{
	free_adopted(a, NULL);
	if (a->head != NULL && a->head->prev != NULL) {
		free_blocks(a->head->prev);
		a->head->prev = NULL;
		a->reset_bytes = a->used_bytes + a->used_bytes / 8;
	}
	if (a->head != NULL)
		a->head->used = 0;
	a->used_bytes = 0;
	a->failed = a->over_limit = false;
}

struct arena_mark
arena_mark(const struct arena *a)
{
	return (struct arena_mark){a->head, a->head ? a->head->used : 0, a->used_bytes, a->adopted};
}

void
arena_rollback(struct arena *a, struct arena_mark mark)
{
	free_adopted(a, mark.adopted);
	while (a->head != mark.block) {
		struct arena_block *prev = a->head->prev;
		free(a->head);
		a->head = prev;
	}
	if (a->head != NULL)
		a->head->used = mark.block_used;
	a->used_bytes = mark.used_bytes;
	a->failed = a->over_limit = false;
}

/* A quarter of what is there already: hundreds of documents wait to be written, and what is spare in them is memory all the
 * same. One that was reset will be as full again, and then be one block. */
static bool
add_block(struct arena *a, size_t need)
{
	size_t size = a->used_bytes / 4 > a->reset_bytes ? a->used_bytes / 4 : a->reset_bytes;
	if (size < ARENA_FIRST_BLOCK_BYTES)
		size = ARENA_FIRST_BLOCK_BYTES;
	size_t max = a->used_bytes < ARENA_LONG ? ARENA_MAX_BLOCK_BYTES : ARENA_MAX_LONG_BLOCK_BYTES;
	if (size > max)
		size = max;
	if (size < need)
		size = need;
	struct arena_block *b = pages_malloc(sizeof *b + size);
	if (b == NULL)
		return false;
	b->prev = a->head;
	b->size = size;
	b->used = 0;
	a->head = b;
	return true;
}

/* Room for n bytes at a multiple of `align`, a power of two that is at most ARENA_ALIGN. */
static void *
take(struct arena *a, size_t n, size_t align)
{
	if (n > a->max_bytes || n > SIZE_MAX - ARENA_ALIGN - sizeof(struct arena_block) ||
	    a->used_bytes > a->max_bytes - n) {
		a->failed = a->over_limit = true;
		return NULL;
	}
	size_t need = n ? n : 1;
	size_t from = a->head ? (a->head->used + align - 1) & ~(align - 1) : 0;
	if (a->head == NULL || a->head->size < from || a->head->size - from < need) {
		if (!add_block(a, need)) {
			a->failed = true;
			return NULL;
		}
		from = 0;
	}
	a->used_bytes += from - a->head->used + need;
	a->head->used = from + need;
	return a->head->data + from;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return take(a, n, ARENA_ALIGN);
}

void *
arena_alloc_line(struct arena *a, size_t n)
{
	const size_t more = ARENA_LINE - ARENA_ALIGN;
	char *p = arena_alloc(a, n < SIZE_MAX - more ? n + more : SIZE_MAX);
	return p != NULL ? p + (-(uintptr_t)p & (ARENA_LINE - 1)) : NULL;
}

bool
arena_adopt(struct arena *a, void *memory, size_t bytes)
{
	struct arena_adopted *node = NULL;
	if (bytes > a->max_bytes || a->used_bytes > a->max_bytes - bytes)
		a->failed = a->over_limit = true;
	else
		node = arena_alloc(a, sizeof *node);
	if (node == NULL) {
		free(memory);
		return false;
	}
	*node = (struct arena_adopted){a->adopted, memory};
	a->adopted = node;
	a->used_bytes += bytes;
	return true;
}

void *
arena_zalloc(struct arena *a, size_t count, size_t size)
{
	size_t n;
	if (__builtin_mul_overflow(count, size, &n)) {
		a->failed = a->over_limit = true;
		return NULL;
	}
	void *p = arena_alloc(a, n);
	if (p != NULL)
		memset(p, 0, n);
	return p;
}

struct str
arena_str(struct arena *a, struct str src)
{
	if (src.s == NULL)
		return STR_NONE;
	char *p = take(a, src.len + 1, 1);
	if (p == NULL)
		return STR_NONE;
	memcpy(p, src.s, src.len);
	p[src.len] = '\0';
	return (struct str){p, src.len};
}

struct str
arena_cstr(struct arena *a, const char *src)
{
	return arena_str(a, str_from(src));
}

struct str
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		a->failed = true;
		return STR_NONE;
	}
	char *p = take(a, (size_t)n + 1, 1);
	if (p == NULL)
		return STR_NONE;
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (struct str){p, (size_t)n};
}

void *
arena_grow_full(struct arena *a, void *items, size_t *cap, size_t count, size_t size)
{
	size_t want = *cap ? *cap * 2 : 8;
	size_t n;
	if (want <= count)
		want = count + 1;
	if (__builtin_mul_overflow(want, size, &n)) {
		a->failed = a->over_limit = true;
		return NULL;
	}
	void *p = arena_alloc(a, n);
	if (p == NULL)
		return NULL;
	if (count > 0)
		memcpy(p, items, count * size);
	*cap = want;
	return p;
}

int
arena_check(const struct arena *a, struct err *err)
{
	if (!a->failed)
		return 0;
	if (a->over_limit)
		return err_set(err, ERR_LIMIT, "memory limit of %zu bytes reached", a->max_bytes);
	return err_oom(err);
}
