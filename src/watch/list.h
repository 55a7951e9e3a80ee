#pragma once
/*
 * Private to watch: the compiled list.
 *
 * Every different folded word of the names is a `word` with a number. A form of a name is a path of words in a trie; the
 * trie's edges live in one hash table keyed by (node, word), its outputs in lists per node. A text word finds its number by
 * one probe (list_find_word) when it is spelt alike, and through the loose index (loose.h) when it is inflected or
 * transliterated. Forms are not spelt out: what is compared are stems and sounds, so a list of 100,000 names stays small.
 */
#include "text/inflect.h"
#include "text/translit.h"
#include "text/words.h"
#include "watch/watch.h"

#define LIST_NONE UINT32_MAX
#define LIST_ROOT 0u /* the node before the first word */

#define LIST_NAME_NEAR 24u

struct list_name {
	struct str text;
	uint32_t entity;
	uint32_t given; /* first word of a person's given name, or LIST_NONE */
	uint32_t
	    family; /* last word of a person's family name, or LIST_NONE; once compiled the same for all its spellings */
	bool capital : 1; /* the name is written with one, so small letters may stand for other words */
	bool middle : 1;  /* there are further names between given and family name */
	bool family_first : 1;
	bool ruler : 1; /* a given name alone, which a family name is to others: Franciszek, of Pope Francis */
	uint8_t role;   /* enum watch_role */
	uint8_t kind;   /* enum watch_kind, of the entity */
	uint8_t alone;  /* enum watch_family, of the entity; once compiled */
	char near[LIST_NAME_NEAR]; /* once compiled, the text of a short one: on the line of the cache that is read anyway */
	uint32_t source;           /* the name that this one was made from; itself when the user wrote it */
	uint32_t langs; /* bits of text_inflect_languages() and LIST_LANG_OTHER: whose name it is; 0 = nobody says */
};

#define LIST_LANG_OTHER (1u << 31) /* a language whose endings are not known */

struct list_member {
	uint32_t member, group;
};

enum list_word_flag {
	LIST_WORD_LOOSE = 1 << 0, /* stands in the name of an actor: inflected and transliterated forms count */
	LIST_WORD_GIVEN = 1 << 1, /* is somebody's given name */
	LIST_WORD_UPPER =
	    1 << 2, /* written in capitals and short: an acronym, which must be in capitals in the text, too */
	LIST_WORD_AMONG = 1 << 4,   /* stands in a name of three words or more, or in a family name of two */
	LIST_WORD_LEADS = 1 << 5,   /* stands before another word in the name of an organisation or place */
	LIST_WORD_CAPITAL = 1 << 3, /* written with a capital, so small letters stand for another word */
	LIST_WORD_THING = 1 << 7,   /* stands in the name of an organisation or place */
	LIST_WORD_INNER = 1 << 6,   /* short, and written with a capital inside, which its forms have, too: PiS */
};

struct list_word {
	uint32_t hash;      /* text_fold_hash() */
	uint32_t at;        /* in watchlist.bytes: the folded bytes, then the sounds */
	uint32_t child;     /* the node that a name beginning with this word leads to, or LIST_NONE */
	uint16_t fold_len;  /* bytes */
	uint8_t sounds_len; /* 0 when the word has none */
	uint8_t flags;      /* enum list_word_flag */
	uint8_t script;     /* enum text_script */
	bool vowels_free;
	bool kin;   /* is another form of given names of the list */
	bool place; /* as a family name it is mostly a place: common_place(); once compiled */
};

struct list_edge {           /* of all nodes but the root, whose children stand with the words */
	uint32_t node, word; /* node LIST_NONE = empty slot */
	uint32_t child;
	uint16_t gaps; /* gap flags that the names themselves have here: always allowed */
	bool goes_on;  /* names go on behind the child; once compiled */
	uint32_t ends; /* list_ends() of the child; once compiled */
};

/* What a path stands for. */
enum list_form {
	LIST_FORM_FULL,  /* the name as written, or without middle names */
	LIST_FORM_ORDER, /* the same in another order */
	LIST_FORM_SOLE,  /* a name that is one word: counts as it stands */
	LIST_FORM_BARE,  /* a family name without the given name */
	LIST_FORM_LETTERS, /* an acronym by the names of its letters, or the other way round; a Korean name in Cyrillic letters */
	LIST_FORM_SHARED, /* no name, but a family name that many have: `name` is the number of a list_group */
};

struct list_output {
	uint32_t name;
	uint32_t next;    /* LIST_NONE ends; in a group the given name that goes with it */
	uint8_t form;     /* enum list_form */
	bool listed;      /* LIST_FORM_BARE: the user listed it as a name of its own, too */
	uint16_t initial; /* in a group how the given name begins: list_initial() */
};

/*
 * A family name that several actors have counts for none of them, unless the item names one in full. So those of a node of whom
 * nothing else is known than that are kept apart, by given name, and are only gone through when one of them is named (late.h).
 */
struct list_group {
	uint32_t first, count; /* in watchlist.outputs, by list_initial() and given name */
	uint64_t given;        /* 1 << (given name & 63) of all of them */
};

/* The first of a group who has a given name. */
struct list_given {
	uint32_t given, output; /* output LIST_NONE = empty slot */
};

/* Where a family name of an entity stands without the given name. */
struct list_bare {
	uint32_t node, output; /* node LIST_NONE = the entity has none */
	uint32_t next;         /* of the same entity, or LIST_NONE */
	bool grouped;
};

/* Another form of a given name: Bill of William. */
struct list_kin {
	uint32_t form, given; /* words */
};

struct loose_entry {
	uint32_t key, word;
	uint32_t vowels;  /* as in text_sound_key */
	uint32_t classes; /* of the stems that have this key: 1 << text_class, LOOSE_WHOLE, LOOSE_ALONE */
};

#define LOOSE_WHOLE (1u << 30) /* the word as it is */
#define LOOSE_ALONE (1u << 31) /* a stem that may stand without an ending */

#define LOOSE_BUCKET_BITS_MIN 12u
#define LOOSE_BUCKET_BITS_MAX 22u
#define LOOSE_PER_BUCKET 8u /* entries, about */

struct watchlist {
	struct arena arena; /* all strings and arrays but the tables below */
	struct watch_entity *entities;
	size_t entity_count;
	uint32_t *id_slots; /* entities by the hash of their ids; LIST_NONE = empty */
	size_t id_slot_count;
	struct list_name *names; /* on the heap */
	size_t name_count, name_cap;
	uint8_t *families;           /* enum watch_family, of each entity */
	struct list_member *members; /* sorted by member: every group that an entity is in, directly or through another */
	size_t member_count;
	uint16_t *scripts; /* of each entity: 1 << script for every script that its names are written in */
	uint32_t *langs;   /* of each entity: those of all names that the user wrote, but for those in Arabic letters */

	struct list_word *words;
	size_t word_count, word_cap;
	char *bytes; /* of the words */
	size_t bytes_len, bytes_cap;
	uint32_t *word_slots; /* open addressing; LIST_NONE = empty */
	size_t word_slot_count;
	uint64_t *first_filter; /* bits of the words that begin a name, by the upper bits of their hash */
	size_t first_places;

	struct list_edge *edges;
	size_t edge_count, edge_slot_count;
	uint64_t *edge_filter; /* once compiled: bits of the edges, because most that are asked for are not there */
	size_t edge_places;
	uint32_t *nodes; /* of each node its first output and LIST_NODE_… */
	size_t node_count, node_cap;
	struct list_output *outputs;
	size_t output_count, output_cap;
	uint32_t *oldest_outputs; /* of each entity, while the list is built */
	struct list_group *groups;
	size_t group_count, group_cap;
	struct list_given *given; /* of all groups, by group and given name: open addressing */
	size_t given_slot_count;
	struct list_bare *bare; /* one of each entity, then those that have a further one */

	struct loose_entry *loose; /* sorted by key */
	size_t loose_count, loose_cap;
	uint32_t *loose_buckets; /* by the upper bits of the key */
	unsigned loose_bucket_shift;
	uint64_t *loose_filter; /* a bit per key: most words of a text stop here */
	unsigned loose_filter_shift;

	struct list_kin *kin; /* sorted by form */
	size_t kin_count, kin_cap;

	struct query_set *queries; /* NULL when there are none */

	uint64_t version;
};

static inline struct str
list_word_fold(const struct watchlist *w, const struct list_word *word)
{
	return (struct str){w->bytes + word->at, word->fold_len};
}

static inline struct str
list_word_sounds(const struct watchlist *w, const struct list_word *word)
{
	return (struct str){w->bytes + word->at + word->fold_len, word->sounds_len};
}

/* The first two sounds of a given name, by which it is known who may be meant by an initial. */
static inline uint16_t
list_initial(const struct watchlist *w, uint32_t given)
{
	struct str sounds = list_word_sounds(w, &w->words[given]);
	unsigned first = sounds.len > 0 ? (unsigned char)sounds.s[0] : 0;
	return (uint16_t)(first << 8 | (sounds.len > 1 ? (unsigned char)sounds.s[1] : 0));
}

/* The bits of what a filter holds in its place there: three of 64, so that a place costs one look and few others pass by chance. */
static inline uint64_t
list_three_bits(uint32_t mixed)
{
	return (uint64_t)1 << (mixed >> 26) | (uint64_t)1 << (mixed >> 20 & 63) | (uint64_t)1 << (mixed >> 14 & 63);
}

/* … of a word. */
#define LIST_FILTER_MIX 0x9E3779B1u
static inline uint64_t
list_filter_bits(uint32_t hash)
{
	return list_three_bits(hash * LIST_FILTER_MIX);
}

static inline size_t
list_filter_place(const struct watchlist *w, uint32_t hash)
{
	return (size_t)((uint64_t)hash * w->first_places >> 32);
}

/* Before it is asked whether a word may begin a name. */
static inline void
list_ask_whether_begins(const struct watchlist *w, uint32_t hash)
{
	__builtin_prefetch(&w->first_filter[list_filter_place(w, hash)]);
}

/* May a word of this hash begin a name as it is spelt? One or two in a hundred that do not pass all the same. */
static inline bool
list_may_begin(const struct watchlist *w, uint32_t hash)
{
	return (~w->first_filter[list_filter_place(w, hash)] & list_filter_bits(hash)) == 0;
}

/* LIST_NONE when the word stands in no name. */
uint32_t list_find_word(const struct watchlist *w, struct str fold, uint32_t hash);
#define LIST_NODE_INNER (1u << 31)  /* has children */
#define LIST_NODE_TOPIC (1u << 30)  /* one of its outputs is a topic's */
#define LIST_NODE_SHARED (1u << 29) /* one of them is LIST_FORM_SHARED */
#define LIST_NODE_OUTPUT (LIST_NODE_SHARED - 1)

/* The first output of a node, or LIST_NONE. */
static inline uint32_t
list_output(const struct watchlist *w, uint32_t node)
{
	uint32_t output = w->nodes[node] & LIST_NODE_OUTPUT;
	return output == LIST_NODE_OUTPUT ? LIST_NONE : output;
}

static inline bool
list_goes_on(const struct watchlist *w, uint32_t node)
{
	return (w->nodes[node] & LIST_NODE_INNER) != 0;
}

static inline bool
list_has_topic(const struct watchlist *w, uint32_t node)
{
	return (w->nodes[node] & LIST_NODE_TOPIC) != 0;
}

static inline bool
list_is_shared(const struct watchlist *w, uint32_t node)
{
	return (w->nodes[node] & LIST_NODE_SHARED) != 0;
}

/*
 * What ends at a node, as one number for whoever has it ready before he comes there: nothing, one output of which is known no more
 * than its form and name, or the first of its outputs, and whether one of them is LIST_FORM_SHARED.
 */
#define LIST_ENDS_NONE UINT32_MAX
#define LIST_ENDS_KIND_SHIFT 29 /* above the name or output: a form … */
#define LIST_ENDS_OUTPUTS 6u    /* … or one of these */
#define LIST_ENDS_SHARED 7u
_Static_assert(LIST_FORM_SHARED < LIST_ENDS_OUTPUTS && LIST_NODE_OUTPUT >> LIST_ENDS_KIND_SHIFT == 0, "in one number");
static inline uint32_t
list_ends(const struct watchlist *w, uint32_t node)
{
	uint32_t output = node != LIST_NONE ? list_output(w, node) : LIST_NONE;
	if (output == LIST_NONE)
		return LIST_ENDS_NONE;
	const struct list_output *o = &w->outputs[output];
	bool plain = o->next == LIST_NONE && o->form != LIST_FORM_SHARED && !o->listed;
	if (plain && o->name >> LIST_ENDS_KIND_SHIFT == 0)
		return (uint32_t)o->form << LIST_ENDS_KIND_SHIFT | o->name;
	return (list_is_shared(w, node) ? LIST_ENDS_SHARED : LIST_ENDS_OUTPUTS) << LIST_ENDS_KIND_SHIFT | output;
}

/* A form when it is one output, else LIST_ENDS_OUTPUTS or LIST_ENDS_SHARED, as of LIST_ENDS_NONE. */
static inline uint32_t
list_ends_kind(uint32_t ends)
{
	return ends >> LIST_ENDS_KIND_SHIFT;
}

static inline bool
list_ends_plainly(uint32_t ends)
{
	return list_ends_kind(ends) < LIST_ENDS_OUTPUTS;
}

/* The name of the output when it is one, else the first of the outputs. */
static inline uint32_t
list_ends_at(uint32_t ends)
{
	return ends & LIST_NODE_OUTPUT;
}

static inline uint64_t
list_edge_hash(uint32_t node, uint32_t word)
{
	return ((uint64_t)node << 32 | word) * 0x9E3779B97F4A7C15u;
}

static inline size_t
list_edge_place(const struct watchlist *w, uint64_t edge_hash)
{
	return (size_t)((edge_hash >> 32) * w->edge_places >> 32);
}

/* May there be an edge of this hash? One or two in a hundred that are not there pass all the same. */
static inline bool
list_may_go_on(const struct watchlist *w, uint64_t edge_hash)
{
	return (~w->edge_filter[list_edge_place(w, edge_hash)] & list_three_bits((uint32_t)edge_hash)) == 0;
}

/* Before that. */
static inline void
list_ask_whether_edge(const struct watchlist *w, uint64_t edge_hash)
{
	__builtin_prefetch(&w->edge_filter[list_edge_place(w, edge_hash)]);
}

/* NULL when there is no such way on. */
const struct list_edge *list_find_edge(const struct watchlist *w, uint32_t node, uint32_t word);

/* Before that, by its hash. */
static inline void
list_ask_for_edge(const struct watchlist *w, uint64_t edge_hash)
{
	__builtin_prefetch(&w->edges[(edge_hash >> 32) & (w->edge_slot_count - 1)]);
}

static inline size_t
list_given_place(const struct watchlist *w, const struct list_group *group, uint32_t given)
{
	return (size_t)((list_edge_hash(group->first, given) >> 32) * w->given_slot_count >> 32);
}

/* Before it is asked who of a group has this given name. */
static inline void
list_ask_for_given(const struct watchlist *w, const struct list_group *group, uint32_t given)
{
	__builtin_prefetch(&w->given[list_given_place(w, group, given)]);
}

/* The first output of the group with this given name, behind which all others with it are; or LIST_NONE. */
static inline uint32_t
list_find_given(const struct watchlist *w, const struct list_group *group, uint32_t given)
{
	size_t i = list_given_place(w, group, given);
	while (w->given[i].output != LIST_NONE &&
	       (w->given[i].given != given || w->given[i].output - group->first >= group->count))
		i = i + 1 < w->given_slot_count ? i + 1 : 0;
	return w->given[i].output;
}

/* Building; -1 when memory ran out. */
int list_intern_word(struct watchlist *w, struct str fold, enum text_script script, uint32_t *ret);
int list_add_path(
    struct watchlist *w, const uint32_t *words, const uint16_t *gaps, size_t count, uint32_t name, enum list_form form);

/* After the last path: the filter, groups of who has the same family name, and unused room given back. */
int list_finish(struct watchlist *w);
int list_group_outputs(struct watchlist *w); /* list_group.c */
