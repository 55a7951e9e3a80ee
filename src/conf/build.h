#pragma once
/*
 * conf/build: the texts of a configuration, one after the other, become one struct conf. A section that stands in several
 * files is one section: later settings take the place of earlier ones and add to lists.
 */
#include "conf/report.h"
#include "conf/schema.h"

/* What is known of a section besides its values. */
struct build_mark {
	unsigned file_no, line; /* where it last began */
	uint64_t set;           /* by number of the row: set since then */
	uint64_t ever;          /* set anywhere */
	bool faulty;            /* some mistake was told in it: what seems to be missing may only be misspelt */
};

struct build_table {   /* the sections of one kind */
	char *records; /* of the size that the schema says */
	struct build_mark *marks;
	size_t count, record_cap, mark_cap;
	void *fallback; /* a record with the defaults */
};

struct build {
	struct conf *conf; /* NULL: memory ran out at once */
	struct conf_report *report;
	struct build_table tables[CONF_SECTION_COUNT];
	bool out_of_memory;
};

void build_init(struct build *b, struct conf_report *report);
void build_done(struct build *b); /* also what build_finish did not hand out */
/* Enters the file into the list of those read; the origin of its whole. */
struct conf_origin build_file(struct build *b, struct str name);
/* Relative paths in the text begin at dir; STR_NONE leaves them. */
void build_text(struct build *b, struct conf_origin file, struct str text, struct str dir);
/* The feeds of an OPML file that stand nowhere else yet. What is wrong in it goes to the report. */
void build_opml(struct build *b, struct conf_origin file, struct str text);
/* A new section outside any text, filled with the defaults. NULL: no memory. */
void *build_add(struct build *b, enum conf_section section, struct str key, const struct conf_origin *origin);
void *build_record(const struct build *b, enum conf_section section, size_t index);
/* Its index; -1 when there is none. */
ptrdiff_t build_find(const struct build *b, enum conf_section section, struct str key);
bool build_was_set(const struct build *b, enum conf_section section, size_t index, const char *name);
/* Inheritance, cross checks, and the finished configuration; NULL when the report has errors. */
struct conf *build_finish(struct build *b);

/* What a feed takes over from [tidings] where it says nothing itself. */
void build_inherit(const struct conf_global *global, struct conf_feed *feed);
/* conf/watchlist: the mistakes that only a watchlist shows, of a configuration that has others. */
void conf_check_watchlist(const struct conf *c, struct conf_report *report);
/* conf/check: mistakes that only the whole shows. */
void check_all(struct build *b);
