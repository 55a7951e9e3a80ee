#pragma once
/*
 * From the events of a document (start tag, text, end tag) to the items in it. The strict and the tolerant reader feed
 * the same builder; it knows nothing of XML's syntax, and the tables of rows.h know the vocabularies.
 *
 * Events must be balanced. Strings are copied into the arena. A failure is kept in `err` and everything after it is
 * ignored: drivers ask builder_failed() after each piece. Private to the room.
 */
#include "base/buf.h"
#include "feed/feed.h"
#include "feed/lang.h"
#include "feed/rows.h"
#include "feed/url.h"

#define BUILDER_FRAMES_MAX 80u
#define BUILDER_BASES_MAX 8u
#define BUILDER_REPAIRS_MAX 24u
#define BUILDER_CACHE_SLOTS 256u
#define SLOT_RANK_EMPTY 255u  /* for a value that was said but is empty */
#define BUILDER_LIST_MAX 256u /* "feed-list-items": authors, categories, enclosures or links of one item */

struct feed_name {
	enum feed_ns ns;
	struct str local;
};

struct feed_attr {
	enum feed_ns ns; /* NS_NONE without a prefix */
	struct str local, value;
};

struct feed_attrs {
	const struct feed_attr *list;
	size_t count;
};

/* What the characters of a field are. */
enum text_mode {
	TEXT_GUESS, /* nobody said: HTML when it looks like it */
	TEXT_PLAIN,
	TEXT_HTML,
	TEXT_XHTML, /* collected as HTML, text escaped */
	TEXT_BASE64,
	TEXT_IGNORE, /* an image, say */
};

/* One open element that means something. */
struct frame {
	unsigned short place; /* what its children see */
	unsigned char action, slot, rank, mode;
	bool collects;     /* its text is wanted */
	bool last_wins;    /* a link that replaces an equal one before it */
	bool takes_markup; /* elements inside are part of the text */
	bool second;       /* of two elements that belong together: longitude, upper corner */
	size_t text_start;
	struct str base, language;
	struct str rel, href, type, hreflang, title, length; /* attributes kept until the end tag */
};

struct person_list {
	struct feed_person *list;
	size_t count, cap;
	unsigned rank; /* of those that are in */
};

struct category_list {
	struct feed_category *list;
	size_t count, cap;
};

struct enclosure_list {
	struct feed_enclosure *list;
	size_t count, cap;
};

struct link_list {
	struct feed_link *list;
	size_t count, cap;
};

/* What belongs to the item or to the document itself. */
struct part {
	unsigned char ranks[SLOT_COUNT];
	struct person_list authors;
	struct category_list categories;
	struct enclosure_list enclosures;
	struct link_list links;
	struct str original_link;
	struct str location_parts[2];
};

/*
 * Items handed on one at a time instead of kept: first a survey of the whole document, which hands on nothing, then once
 * more with `each`.
 */
struct builder_stream {
	struct arena arena;         /* of the item that is being read */
	const struct feed_doc *doc; /* what the survey found; NULL during it */
	feed_item_fn *each;
	void *ctx;
	bool stopped;    /* by each() */
	size_t seen;     /* items so far */
	size_t from, to; /* those that are handed on: the others are too many */
	int64_t first_time;
};

struct builder_cache_slot {
	uint64_t key;
	const struct feed_row *row;
};

struct builder {
	const struct feed_limits *limits;
	struct arena *arena;      /* of what is being read: an item's while it is streamed, else the document's */
	struct arena *doc_arena;  /* what the document itself needs while an item is read */
	struct arena *html_arena; /* of the HTML of items; NULL: the same */
	size_t arena_start;
	struct builder_stream *stream; /* or NULL: items are kept */
	struct feed_doc *doc;
	struct err *err;
	bool failed;

	struct frame frames[BUILDER_FRAMES_MAX];
	unsigned top;
	unsigned depth;            /* all open elements */
	unsigned skip;             /* open elements inside one that nobody wants, itself included */
	unsigned markup;           /* open elements inside a field that takes markup */
	struct lang_series series; /* guesses for items whose language nobody says */
	struct {
		unsigned markup;
		struct str base;
	} inner_bases[BUILDER_BASES_MAX]; /* xml:base inside a field */
	unsigned inner_base_count;
	struct str base; /* of the document */

	struct buf text; /* of all open collecting frames, one behind the other */
	struct buf work, html, plain;
	struct url_linker linker;
	struct str linker_base;

	struct part own, items_part; /* the document's and the current item's */
	struct feed_item *item;      /* `current` while one is read, else NULL */
	struct feed_item current;
	struct arena_mark item_mark, html_mark; /* before it */
	bool item_stays;                        /* in memory: something of the document lies behind the mark */
	struct feed_item *items;                /* of malloc(), until the arena takes them over */
	size_t item_count, item_cap;
	size_t item_first; /* the ring's oldest when the ceiling was reached */
	int items_order;   /* judged when the ceiling was reached: 0 not yet, 1 oldest first, 2 newest first */

	struct feed_person person; /* being read */
	bool rdf;                  /* inside of <rdf:RDF> */
	enum feed_format
	    rdf_format; /* by the namespaces that are declared, for an RDF document without any element of RSS */
	bool netscape;  /* the DOCTYPE is Netscape's of RSS 0.91: set by the driver */
	int update_frequency;
	const char *repairs[BUILDER_REPAIRS_MAX];
	size_t repair_count;
	struct builder_cache_slot cache[BUILDER_CACHE_SLOTS];
};

/* Allocates nothing yet. `doc` must be blank but for what is known already; base is the document's URL or STR_NONE. */
void builder_init(struct builder *b, const struct feed_limits *limits, struct arena *arena, struct str base,
    struct feed_doc *doc, struct err *err);
void builder_done(struct builder *b);

void builder_start(struct builder *b, struct feed_name name, struct feed_attrs attrs);
void builder_text(struct builder *b, struct str text);
void builder_end(struct builder *b, struct feed_name name);
/* After the last event: closes nothing that is open (an item cut off is no item), lays out the arrays. 0 or -1. */
int builder_finish(struct builder *b);

/* A namespace was declared. */
void builder_namespace(struct builder *b, enum feed_ns ns);

/* Marks the builder as failed with a message. */
void builder_fail(struct builder *b, enum err_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void builder_repair(struct builder *b, const char *word);
/* What the document is and how that was seen; the first time counts. */
void builder_format(struct builder *b, enum feed_format format, const char *why);
/* Fails the builder when memory or room ran out since the last call. */
void builder_check(struct builder *b);
/* A copy of what is the document's, also when it is met with in an item that does not stay. */
struct str builder_keep(struct builder *b, struct str s);
/* Records the first thing wrong with the document. */
void builder_bozo(struct builder *b, unsigned line, const char *reason);

static inline bool
builder_failed(const struct builder *b)
{
	return b->failed;
}

/* The open frame. */
static inline struct frame *
builder_frame(struct builder *b)
{
	return &b->frames[b->top];
}

/* Whether text that stands here counts for anything. */
static inline bool
builder_wants_text(struct builder *b)
{
	return b->skip == 0 && builder_frame(b)->collects;
}

static inline struct part *
builder_part(struct builder *b)
{
	return b->item ? &b->items_part : &b->own;
}

/* attributes */
struct str attr_get(struct feed_attrs attrs, enum feed_ns ns, const char *name);
struct str attr_any(struct feed_attrs attrs, const char *name); /* without a namespace, or in one of feeds */

/* actions.c: what an element does at its start and its end. */
void action_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs);
void action_end(struct builder *b, struct frame *f, struct str text);
/* Which places its children are in; 0 means: the same as its own. */
unsigned action_place(enum feed_action action);
bool action_collects(enum feed_action action);

/* markup.c: elements inside a field, written as HTML. */
void markup_begin(struct builder *b, struct frame *f);
void markup_start(struct builder *b, struct feed_name name, struct feed_attrs attrs);
void markup_end(struct builder *b, struct feed_name name);
void markup_escape(struct buf *out, struct str text, bool attribute);

/* What is in one of the builder's buffers; fails the builder when it could not take everything. */
struct str builder_view(struct builder *b, const struct buf *buf);

/* fields.c: values. STR_NONE for nothing and for failure; empty when there was markup but no text in it. */
struct str field_string(struct builder *b, struct str raw);
struct str field_line(struct builder *b, struct str raw, enum text_mode mode);
void
field_rich(struct builder *b, struct str raw, enum text_mode mode, struct str base, struct str *html, struct str *text);
struct str field_url(struct builder *b, struct str raw, struct str base); /* http(s) only */
bool slot_take(struct builder *b, enum feed_slot slot, unsigned rank);
bool slot_free(struct builder *b, enum feed_slot slot, unsigned rank);
void slot_string(struct builder *b, enum feed_slot slot, unsigned rank, struct str value);
void slot_time(struct builder *b, enum feed_slot slot, unsigned rank, int64_t at);
void slot_date(struct builder *b, enum feed_slot slot, unsigned rank, struct str text); /* a date as it is written */

/* lists.c */
void list_person(struct builder *b, unsigned rank, struct feed_person person);
void list_category(struct builder *b, struct feed_category category);
void list_enclosure(struct builder *b, struct feed_enclosure enclosure);
void list_link(struct builder *b, struct feed_link link);
/* Copies the part's lists into the arena and empties them. */
void lists_to_item(struct builder *b, struct part *part, struct feed_item *item);
void lists_to_doc(struct builder *b, struct part *part, struct feed_doc *doc);
void lists_done(struct part *part);

/* item.c */
void item_start(struct builder *b, struct feed_attrs attrs);
void item_end(struct builder *b, const struct frame *f);
/* The language and the authors of an item that names none. */
void item_inherit(struct builder *b, const struct feed_doc *doc, struct feed_item *item);
/* Which of the items of a surveyed document are handed on. */
void item_window(struct builder *b);
/* A page address for the item or the document; lower ranks win. */
void item_link(struct builder *b, unsigned rank, struct str url);

/* person.c */
struct feed_person person_parse(struct builder *b, struct str text);
