#pragma once
/*
 * conf/schema: the one table of everything that can be configured. Parser, defaults, dump, `tidings config --keys` and
 * the check of the manual all follow from it. A new setting is a field in conf.h, a row here, and a paragraph in tidings.conf(5).
 */
#include "conf/conf.h"

enum conf_type {
	CONF_BOOL,      /* bool */
	CONF_INTEGER,   /* int64_t */
	CONF_DURATION,  /* int64_t, milliseconds */
	CONF_SIZE,      /* int64_t, bytes */
	CONF_WORD,      /* struct str: one of `words` */
	CONF_TEXT,      /* struct str, verbatim */
	CONF_PATH,      /* struct str */
	CONF_URL,       /* struct str: scheme one of `words` */
	CONF_LANGUAGE,  /* struct str: BCP 47 */
	CONF_WORDS,     /* struct conf_list: words at white space or commas */
	CONF_PATHS,     /* struct conf_list: one path per line */
	CONF_NAMES,     /* struct conf_list, and behind it in the struct a second one with the language of each */
	CONF_HEADERS,   /* struct conf_list: "Name: value" */
	CONF_MAILBOX,   /* struct str: "Name <user@host>" or "user@host" */
	CONF_MAILBOXES, /* struct conf_list of such */
	CONF_COMMAND,   /* struct conf_list: words at white space, taking the place of what was there */
	CONF_ARGUMENT,  /* struct conf_list (the same as the command's): one more item, verbatim */
	CONF_QUERY,     /* struct conf_list of one item at most: a query, whose syntax is right */
	CONF_TYPE_COUNT
};

/* What a reload must touch when the value changes. */
enum conf_reload { RELOAD_NOTHING, RELOAD_RESTART, RELOAD_FEEDS, RELOAD_WATCHLIST, RELOAD_SINKS };

struct conf_key {
	enum conf_section section;
	const char *name;
	enum conf_type type;
	size_t offset;        /* of the field in the section's struct */
	int64_t min, max;     /* numbers: in the unit of the field; both 0 = any */
	const char *fallback; /* the default, as it would be written; "" = not set */
	const char *words;    /* separated by spaces; NULL where the type needs none. A number: the word for its min */
	enum conf_reload reload;
	const char *help; /* one line */
};

struct conf_section_info {
	const char *name;
	bool keyed;         /* [name KEY], any number of them */
	size_t size;        /* of its struct */
	size_t list_offset; /* keyed: of the array in struct conf; the count stands behind it. Else of the struct itself */
	size_t key_offset;    /* keyed: of the `key` field in its struct */
	size_t origin_offset; /* keyed: of the `origin` field */
	const char *help;
};

extern const struct conf_key conf_keys[]; /* by section; ends with a NULL name */
extern const struct conf_section_info conf_sections[CONF_SECTION_COUNT];

const struct conf_key *conf_key_find(enum conf_section section, struct str name);
/* CONF_SECTION_COUNT when there is none of that name. */
enum conf_section conf_section_find(struct str name);
/* The number of a row within its section, below 64. */
unsigned conf_key_number(const struct conf_key *key);
const char *conf_type_word(enum conf_type type); /* "duration", "list of words", … */
const char *conf_reload_word(enum conf_reload reload);
/* May stand several times in a section, each adding to the list. */
bool conf_type_repeats(enum conf_type type);
