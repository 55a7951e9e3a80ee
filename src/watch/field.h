#pragma once
/*
 * Private to watch: one field of an item while it is being matched.
 */
#include "watch/memo.h"

#include "watch/mention.h"

/* A way through the trie so far. */
struct walk {
	uint32_t first;
	uint32_t begins; /* the word of the list that it begins with */
	uint16_t cost;
	uint16_t respelt; /* words that are spelt differently in the list's own script */
	uint16_t bent;    /* of them, those that are spelt quite differently */
	uint16_t slips;   /* words in which two letters have changed places */
	uint32_t kin;     /* a given name of the list of which … */
	uint16_t kins;    /* … words are another form */
	uint8_t rule;     /* enum watch_rule */
	bool equal;       /* every stem is spelt as in the list */
	bool past;        /* a father's name was passed over */
};

static inline enum watch_rule
bolder(enum watch_rule a, enum watch_rule b)
{
	return a > b ? a : b;
}

struct late;

/* A word at which a name may begin. */
struct field_start {
	uint64_t key;         /* in the memo; of a small one memo_key_spelt() */
	uint64_t next_key;    /* of the word behind */
	uint32_t place, next; /* of both in the memo, as far as is remembered */
	uint32_t word;
	uint8_t flags;  /* enum memo_flag: what it is good for there, as far as is remembered */
	uint16_t edges; /* to the word behind, that are asked for ahead */
	bool small;     /* only as it is spelt */
	bool last;      /* of the field */
	bool closed;    /* no name goes through it and the next, as far as is remembered */
	bool nothing;   /* nor is it one itself */
};

/*
 * What stands beside a family name, whosever it is: the words before it among which a given name or its initials may be, from the nearest
 * on, an initial behind it, and in "Bill and Mary Smith" the first of the three words.
 */
#define PERSON_LOOK_LEFT 4u
struct person_beside {
	uint64_t given;   /* 1 << (word & 63) of every word of the list that one of them may be */
	bool known;       /* or nobody has looked yet */
	bool apostrophe;  /* the word before it is its first letter: O'Hara */
	uint8_t left;     /* words before that */
	uint8_t initials; /* … of which these are initials: 1 << 0 the nearest */
	bool follows;     /* an initial */
	bool joined;
};

/* A node that was come to. */
struct field_visit {
	struct walk walk;
	uint32_t node, ends, list_word, last;
	bool mere; /* a word that alone is no more than evidence */
	struct person_beside beside;
};

/* What is known of a word: those near each other are asked for again and again. */
#define FIELD_KNOWN 4u
struct field_known {
	size_t next; /* one more than its place; 0 = nothing is known */
	struct memo_answer answer;
};

/*
 * A name of several words that stands here as it is listed: its words from first to last. Of the same name nothing is to be found in all
 * of them but the first, as nothing but the same would come out, which yields to it.
 */
struct field_named {
	uint32_t name, last;
	size_t first;
};

/* A word that alone is no more than evidence, with what it may be. */
struct field_mere {
	uint32_t word, count;
	const struct candidate *candidates;
};

struct field_match {
	const struct watchlist *list;
	struct arena *arena;
	struct text_words words;
	struct str text, lang;
	enum watch_field field;
	bool capitals_mean_nothing; /* a headline in title case, or text all in capitals */
	bool nouns_capital;         /* German */
	struct mentions *found;
	struct watch_memo *memo;
	unsigned steps; /* left for this start */
	struct field_known known[FIELD_KNOWN];
	/* Of them the first `put_by` wait until it is known who is named; when the field was gone through, all that are left. */
	struct field_visit *visits;
	size_t visit_count, visit_cap, put_by;
	struct field_mere *mere;
	size_t mere_count, mere_cap;
	struct field_named *named; /* by the last word */
	size_t named_count, named_cap;
	bool full;         /* no more can be taken up */
	struct late *late; /* NULL while the item is gone through for the first time */
	uint8_t *hot;      /* late: of each word, since which round a mention lies on it; 0 = none does … */
	uint8_t *taken;    /* … and enum late_taken */
	bool one_by_one;   /* every name is judged where it stands, as if no two had anything in common: for tests */
};

/* What a word is in the list, and what it may be by sound and ending. Nothing when memory runs out (the arena remembers).
 * Stays until FIELD_KNOWN others were asked for. */
const struct memo_answer *field_answer(struct field_match *f, size_t word);
/* The same is known to stand at this place of the memo. */
static inline void
field_know(struct field_match *f, size_t word, uint32_t place)
{
	struct field_known *known = &f->known[word % FIELD_KNOWN];
	known->next = memo_at(f->memo, place, &known->answer) ? word + 1 : 0;
}
/* How the word is this word of the list, in any form, or NULL. Stays as an answer does. */
const struct candidate *field_as(struct field_match *f, size_t word, uint32_t list_word);

/* Has the word at most so many letters? */
bool field_is_short(const struct field_match *f, size_t word, size_t letters);

/* Remembers a name that does; one that comes out of order is forgotten, and judged again where it stands. */
void field_add_named(struct field_match *f, const struct field_named *named);
/* Is it the rest of a name that stands there as it is listed? */
bool field_is_named(const struct field_match *f, uint32_t name, size_t last, const struct walk *walk);

/* Judges one name that ends where a visit does, and takes the mention up if it is one. False when no more can be taken up. */
bool field_report(struct field_match *f, const struct list_output *o, struct field_visit *v);
/* Goes through the fields of an item for the first time. What a list of so many words needs is asked for ahead; a shorter one stays in
 * the cache well enough. */
#define FIELD_LONG_LIST 131072u
void field_scan_all(struct field_match *const *fields, size_t count);
/* What was put by when the field was gone through, now that it is known who is named: all of it, then what may be on words on which a
 * mention lies since. False when no more can be taken up. */
bool field_review(struct field_match *f, bool again);

/* Looks what stands beside a family name at words first..last. */
void person_look_beside(struct field_match *f, size_t first, size_t last, struct person_beside *ret);
static inline const struct person_beside *
person_beside(struct field_match *f, struct field_visit *v)
{
	if (!v->beside.known)
		person_look_beside(f, v->walk.first, v->last, &v->beside);
	return &v->beside;
}
/* May anything beside be this given name, or stand for it? */
static inline bool
person_may_be_beside(const struct person_beside *b, uint32_t given)
{
	return (b->initials != 0) | b->follows | ((b->given >> (given & 63) & 1) != 0);
}
/* Is the given name of what stands at words first..last, with its family name from `family` on, only an initial? */
bool person_has_initial(const struct field_match *f, size_t first, size_t family, size_t last);
/* Is the word an initial of this given name? */
bool person_initial_of(const struct field_match *f, size_t word, uint32_t given);

/* Is a lone word, the whole name of somebody, the first of a longer name here? */
bool person_goes_on(const struct field_match *f, size_t word);
/* Is it certain that from the word behind it a look to the left finds the given name at this word, if it is a person's? */
bool person_is_before(const struct field_match *f, size_t given);
/* What a folded word is in any name: MEMO_FATHER is a father's name as East Slavic names have it, in any script and case. */
unsigned person_word_flags(struct str fold);

/* Is the given name of what stands from word `first` on, with its family name from `family` on, another form of that of the list? */
bool person_has_kin(struct field_match *f, const struct list_name *name, size_t first, size_t family);
/* Is a path in which a word is another form of a given name somebody's with that given name, and the rest as it is listed? */
bool person_is_kin(const struct field_match *f, const struct list_name *name, const struct list_output *o,
    uint32_t list_word, const struct walk *walk, size_t first, size_t last);

/* Decides on a family name that stands at words first..last: may widen first..last to a full name. With an ending of its own (`ended`)
 * a name that stands behind it does not go on with it; then it is weak. */
enum mention_form person_judge(struct field_match *f, const struct list_name *name, struct field_visit *v, bool ended,
    size_t *first, size_t *last, bool *weak);
