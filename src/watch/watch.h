#pragma once
/*
 * watch: which actors and topics does an item mention, where, and why. Pure.
 *
 * A builder takes names, phrases and queries in any order and compiles them into an immutable `struct watchlist`, which
 * any number of callers may use at once (it is shared copy-on-write with worker processes). Matching one item costs
 * one pass over its text and allocates only in the caller's arena.
 */
#include "base/arena.h"
#include "base/err.h"

/* A WATCH_ALERT is a watch that has a query: its id is "watch:" and the key of the watch. */
enum watch_kind { WATCH_PERSON, WATCH_ORG, WATCH_PLACE, WATCH_GROUP, WATCH_TOPIC, WATCH_ALERT };

/* The fields of an item that can be matched and cited, in this order. */
enum watch_field {
#define WATCH_FIELD(name, word) WATCH_FIELD_##name,
#include "watch/fields.def"
#undef WATCH_FIELD
	WATCH_FIELD_COUNT
};

static inline bool
watch_kind_is_actor(enum watch_kind kind)
{
	return kind < WATCH_TOPIC;
}

const char *watch_kind_word(enum watch_kind kind); /* "person" "org" "place" "group" "topic" "watch" */
bool watch_kind_parse(struct str word, enum watch_kind *ret);
const char *watch_field_word(enum watch_field field);
bool watch_field_parse(struct str word, enum watch_field *ret);
const char *watch_rule_find(struct str word); /* the static word of a rule, as in watch_mention; NULL: there is none */

struct watch_builder;
struct watchlist;

/* Where an entry was written, for messages: file may be STR_NONE. Copied. */
struct watch_origin {
	struct str file;
	unsigned line;
};

struct watch_builder *watch_builder_new(void); /* NULL: no memory */
void watch_builder_free(struct watch_builder *b);

/*
 * One more name (actors) or phrase (topics) of entity `id`. The first call for an id creates it and sets its kind;
 * a later one with another kind is an error. lang is BCP 47 or "und". All strings are copied.
 * -1: ERR_CONFIG with a message that names the origin and the limit or mistake (empty name, invalid UTF-8, over
 * 256 bytes, nothing but punctuation, …); the builder is unchanged and can go on, so that all mistakes get reported.
 */
int watch_add(struct watch_builder *b, struct str id, enum watch_kind kind, struct str lang, struct str name,
    struct watch_origin origin, struct err *err);
/* Texts that are no names but say more about an actor's. */
enum watch_role {
	WATCH_ROLE_NAME,
	WATCH_ROLE_WEAK, /* a name that only counts where the item has another one of the actor, or words of context */
	WATCH_ROLE_FORM, /* a form that always counts as it stands, in any case */
	WATCH_ROLE_NOT_FORM, /* a form that never counts */
	WATCH_ROLE_NOT,      /* somebody or something else, inside whose name the actor's does not count */
	WATCH_ROLE_CONTEXT,  /* words beside which a bare family name counts (WATCH_FAMILY_CONTEXT) */
	WATCH_ROLE_EXCLUDE,  /* of no actor: see watch_exclude */
	WATCH_ROLE_COUNT
};

/* When the family name of a person counts without the given name. */
enum watch_family {
	WATCH_FAMILY_CAPITALISED, /* the default: with a capital, where there are any, and when nobody else is meant */
	WATCH_FAMILY_ALONE,       /* in small letters, too */
	WATCH_FAMILY_AFTER_FULL,  /* only when the full name stands in the same item */
	WATCH_FAMILY_CONTEXT,     /* only with the full name or a word of context in the same item */
	WATCH_FAMILY_NEVER,
	WATCH_FAMILY_COUNT
};
bool
watch_family_parse(struct str word, enum watch_family *ret); /* "capitalised" "alone" "after-full" "context" "never" */
const char *watch_family_word(enum watch_family family);

/* For an actor that is known already (else ERR_NOT_FOUND); errors as of watch_add. */
int watch_add_role(struct watch_builder *b, struct str id, enum watch_role role, struct str text,
    struct watch_origin origin, struct err *err);
int watch_set_family(struct watch_builder *b, struct str id, enum watch_family family, struct err *err);
/* A name inside which no actor's name counts (Washington Post); one that is an actor's itself stays. */
int watch_exclude(struct watch_builder *b, struct str text, struct watch_origin origin, struct err *err);
/* An actor or topic before anything is said of it: others may name it at once. What is not known yet or else, of this kind. */
int watch_declare(
    struct watch_builder *b, struct str id, enum watch_kind kind, struct watch_origin origin, struct err *err);
/* A group is mentioned when a member is, or a member of a member. Makes the group when it is new; the member must be known. */
int watch_add_member(
    struct watch_builder *b, struct str group, struct str member, struct watch_origin origin, struct err *err);

/*
 * The query (tidings-query(7)) by which a topic, or a watch that has one, applies to an item, beside its phrases; one for an
 * id. -1: ERR_CONFIG: the mistake, in lines of their own the query round it and a caret under it. What a query names need not
 * be there yet: that is looked at by watch_check_queries and watch_compile.
 */
int watch_add_query(struct watch_builder *b, struct str id, enum watch_kind kind, struct str query,
    struct watch_origin origin, struct err *err);
/* Actors and topics that are not there, and topics that need each other: each is told to `complain`. -1 when there are some. */
int watch_check_queries(const struct watch_builder *b,
    void (*complain)(void *ctx, struct watch_origin at, const struct err *err), void *ctx, struct err *err);
/* Names that two actors have, but for case and diacritics: both are mentioned where they stand. The first `most` are told, each at its
 * second place; returns how many there are. */
size_t watch_twins(const struct watch_builder *b, size_t most,
    void (*tell)(void *ctx, struct watch_origin at, const struct err *what), void *ctx);
/* What is shown instead of the id; optional. */
int watch_set_label(struct watch_builder *b, struct str id, struct str label, struct err *err);

/* The house TSV: header line `id<TAB>kind<TAB>lang<TAB>name`, then one name per line, several lines per id; a fifth column
 * `use` may say `weak`, of a person (WATCH_ROLE_WEAK). An actor is shown by the first name of its list. Blank lines and lines
 * that begin with # are passed over. Every bad line is told to `complain` (may be NULL); returns how many were bad, or -1
 * when the header is wrong or memory ran out. */
int watch_add_tsv(struct watch_builder *b, struct str text, struct str file,
    void (*complain)(void *ctx, const struct err *err), void *ctx, struct err *err);

/* Compiles; the builder stays usable. NULL on failure. Free with watchlist_free. */
struct watchlist *watch_compile(struct watch_builder *b, struct err *err);
void watchlist_free(struct watchlist *w);

/* Entities in the order in which their ids were first added. */
size_t watchlist_count(const struct watchlist *w);
struct watch_entity {
	struct str id, label; /* label = id when none was set */
	enum watch_kind kind;
};
const struct watch_entity *watchlist_entity(const struct watchlist *w, size_t index);
ptrdiff_t watchlist_find(const struct watchlist *w, struct str id); /* index or -1 */
/* The value of every feed: in the queries, as it is written. */
void watch_query_feeds(
    const struct watchlist *w, void (*each)(void *ctx, struct str feed, struct watch_origin origin), void *ctx);
/* Whether a feed of this key, or one of its tags (parted by spaces), is one that a query asks for so. */
bool watch_feed_is(struct str want, struct str key, struct str tags);
/* Changes whenever the compiled content does: stored with every match. */
uint64_t watchlist_version(const struct watchlist *w);

/*
 * What words turned out to be, kept from one item to the next: names come again. Optional; belongs to one thread or
 * process, may be used with one list after another (it forgets when the list is another). Bounded: 12 MB, and up to 16 MB more
 * while the list is long, 64 when it is very long; what is not needed yet is not touched.
 */
struct watch_memo;
struct watch_memo *watch_memo_new(void); /* NULL: no memory */
void watch_memo_free(struct watch_memo *m);

/* For one document: steps that all regular expressions may take in all of its items (tidings-query(7)). */
#define WATCH_REGEX_STEPS_MAX 200000000u

struct watch_input {
	struct watch_memo *memo; /* or NULL */
	uint64_t *regex_steps;   /* that are left of WATCH_REGEX_STEPS_MAX; NULL = each has its own ceiling only */
	struct str lang;         /* BCP 47, or STR_NONE */
	struct str fields[WATCH_FIELD_COUNT]; /* plain text, UTF-8; STR_NONE where the item has none */
	struct str feed, source;              /* for queries: key of the feed, and its title; or STR_NONE */
	struct str tags;                      /* of the feed, with spaces between */
};

struct watch_mention {
	enum watch_field field;
	uint32_t start, end; /* byte offsets into the field as given, cutting no character */
	struct str name;     /* the name or phrase of the watchlist that matched, as written there */
	const char *rule;    /* static word for how: "exact", "fold", "inflected", "translit", … */
	struct str
	    form; /* that was compared: of a query the folded word or stem, of a name what was generated; or STR_NONE */
};

struct watch_hit {
	size_t entity;                  /* index into the watchlist */
	struct watch_mention *mentions; /* by field, then start; none when a query has no place, as lang:uk */
	size_t mention_count;
};

/* A regular expression of a query that met one of its ceilings (watch/query_regex.h) in a field of the item: what it finds behind
 * the place where it stopped is not known, so the query may apply where it was found not to, and the other way round. */
enum watch_limit {
	WATCH_LIMIT_NONE,
	WATCH_LIMIT_STEPS,
	WATCH_LIMIT_DEPTH,
	WATCH_LIMIT_MEMORY,
	WATCH_LIMIT_DOCUMENT,
	WATCH_LIMIT_COUNT
};

struct watch_given_up {
	size_t entity; /* whose query it is in */
	uint32_t leaf; /* which part of the query it is */
	enum watch_field field;
	enum watch_limit limit;
};

#define WATCH_GIVEN_UP_MAX 16u /* told of one item; one for each query */

struct watch_result {
	struct watch_hit *hits; /* by entity index */
	size_t hit_count;
	struct watch_given_up *given_up;
	size_t given_up_count;
};

/* Is there such a part of a query, and is it a regular expression? */
bool watch_given_up_fits(const struct watchlist *w, const struct watch_given_up *g);
/* Is it part of what `entity` says: of its query, or of a topic that this uses, however deep? */
bool watch_given_up_concerns(const struct watchlist *w, size_t entity, const struct watch_given_up *g);
/* A sentence: file and line where they are known, the query's watch or topic, the expression, then these words, which limit, and
 * the field. */
#define WATCH_GIVEN_UP_LIMIT " met its limit of "
#define WATCH_GIVEN_UP_SHARED "200000000 steps for all expressions in all items of a document"
struct buf;
void watch_given_up_say(const struct watchlist *w, const struct watch_given_up *g, struct buf *out);

/* Why the query of an entity applies or not, a line per part of it, "+" what holds and "-" what does not with what came nearest.
 * ERR_NOT_FOUND when it has no query. The lines quote the item: make them safe before they are shown. */
int watch_explain(const struct watchlist *w, size_t entity, const struct watch_input *in, struct arena *arena,
    struct buf *out, struct err *err);

/* Arrays and `form` live in the arena; `name` and `rule` point into the watchlist. 0, or -1 with ERR_NO_MEMORY/ERR_LIMIT.
 * Invalid UTF-8 in a field is skipped over, never an error. */
int watch_match(const struct watchlist *w, const struct watch_input *in, struct arena *arena, struct watch_result *out,
    struct err *err);
