#pragma once
/*
 * Growing heap arrays. The array is a plain pointer with a count and a capacity beside it:
 *   if (vec_reserve((void **)&x->items, &x->cap, x->count + 1, sizeof *x->items) < 0) return err_oom(err);
 * On failure nothing has changed. Free with free().
 */
#include <stddef.h>

int vec_reserve(void **items, size_t *cap, size_t need, size_t size);
