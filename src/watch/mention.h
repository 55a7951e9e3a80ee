#pragma once
/*
 * Private to watch: mentions as they are found, before conflicts are resolved.
 */
#include "watch/list.h"
#include "watch/rule.h"

enum mention_form {
	MENTION_FULL,  /* stands for itself */
	MENTION_BARE,  /* a family name: stands when nothing speaks against it */
	MENTION_OTHER, /* somebody else of that family name: no mention, but evidence */
	MENTION_NONE,  /* part of something else */
	/* No mentions, but what settles them (enum watch_role); from here on. */
	MENTION_MARKS,
	MENTION_NOT = MENTION_MARKS,
	MENTION_NOT_FORM,
	MENTION_CONTEXT,
	MENTION_EXCLUDED,
};

struct mention {
	uint32_t entity, name;
	uint32_t slot;        /* of what is known of the entity in this item; while conflicts are resolved */
	uint32_t family_slot; /* of what is known of it by this family name */
	uint32_t start, end;
	uint32_t reach; /* the furthest end of it and those kept before it; while covered ones are dropped */
	uint32_t first_word, last_word;
	enum watch_field field;
	enum mention_form form;
	enum watch_rule rule;
	unsigned cost;
	bool topic;   /* of a topic: yields to no actor */
	bool several; /* words */
	bool equal;   /* spelt as in the list, endings apart */
	bool listed;  /* a family name that the user listed alone, too, spelt as there */
	bool initial; /* the given name is only an initial */
	bool weak;    /* a family name spelt so that it only counts beside the full name */
};

struct mentions {
	struct arena *arena;
	struct mention *items;
	size_t count, cap;
};

#define MENTIONS_MAX 100000u /* per item; further ones are not looked for */

/* False when the list is full or memory ran out (the arena remembers). */
bool mentions_add(struct mentions *m, const struct mention *item);
/* Sorts, settles conflicts, and fills the result by entity. */
int mentions_resolve(struct mentions *m, const struct watchlist *w, struct watch_result *out, struct err *err);
