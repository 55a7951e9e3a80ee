#include "cli/json_memory.h"

#include <setjmp.h>
#include <stdlib.h>

struct load {
	struct arena *arena;
	jmp_buf out;
};

/* jansson's allocator is one for the process; outside a load it stays malloc and free. */
static _Thread_local struct load *current;

static void *
take(size_t n)
{
	if (current == NULL)
		return malloc(n);
	void *p = arena_alloc(current->arena, n);
	if (p == NULL)
		longjmp(current->out, 1);
	return p;
}

static void
give(void *p)
{
	if (current == NULL)
		free(p);
}

json_t *
json_memory_load(struct arena *arena, struct str text, size_t flags, json_error_t *error)
{
	struct load load = {.arena = arena};
	json_t *volatile root = NULL;

	json_set_alloc_funcs(take, give);
	current = &load;
	if (setjmp(load.out) == 0)
		root = json_loadb(text.s, text.len, flags, error);
	current = NULL;
	return root;
}
