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

/* Every one is copied several times while they are put in order and the wrong ones are left out: so it is small. */
struct mention {
	uint32_t entity, name;
	uint32_t start, end;
	union {
		struct {
			uint32_t first_word, last_word; /* while names are looked for */
		};
		uint32_t reach; /* while covered ones are dropped: the furthest end of it and those kept before it */
		struct {
			uint32_t slot,
			    family_slot; /* then: of what is known of the entity, and of it by this family name */
		};
	};
	uint16_t cost;
	uint8_t field;    /* enum watch_field */
	uint8_t form;     /* enum mention_form */
	uint8_t rule;     /* enum watch_rule */
	bool topic : 1;   /* of a topic: yields to no actor */
	bool several : 1; /* words */
	bool equal : 1;   /* spelt as in the list, endings apart */
	bool listed : 1;  /* a family name that the user listed alone, too, spelt as there */
	bool initial : 1; /* the given name is only an initial … */
	bool doubted : 1; /* … and may be several: then it is no full name */
	bool weak : 1;    /* a family name spelt so that it only counts beside the full name */
};
_Static_assert(sizeof(struct mention) == 32, "two of them to a line of the cache");

struct mentions {
	struct arena *arena;
	struct mention *items;
	size_t count, cap;
};

#define MENTIONS_MAX 100000u /* per item; further ones are not looked for */

/* Room for one more, which is to be filled. NULL when the list is full or memory ran out (the arena remembers). */
struct mention *mentions_add(struct mentions *m);
/* Sorts, settles conflicts, and fills the result by entity. */
int mentions_resolve(struct mentions *m, const struct watchlist *w, struct watch_result *out, struct err *err);
