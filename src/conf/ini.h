#pragma once
/*
 * conf/ini: the lines of a configuration file, as systemd and git write it. Knows nothing of what they mean.
 *
 *   [word KEY]            begins a section
 *   key = value           the value is everything behind the first =, without white space around it; nothing is quoted
 *   key[uk] = value       the same with a language
 *   	more               an indented line continues the value above it, joined by one space
 *   # comment             also ; and also between the lines of one value; never behind a value
 *   (blank)               ends a value
 *
 * Lines end with LF or CR LF. A byte-order mark at the start is passed over.
 */
#include "base/buf.h"

enum ini_kind { INI_SECTION, INI_ENTRY };

struct ini_item {
	enum ini_kind kind;
	unsigned line;   /* where it begins; also set for a mistake */
	struct str name; /* the section's word, or the entry's key */
	struct str key;  /* sections: what stands behind the word; STR_NONE if nothing */
	struct str lang; /* entries: what stands in [] behind the key; STR_NONE if nothing */
	struct str
	    value; /* valid UTF-8 without control characters but TAB; points into the text or lives until the next call */
};

struct ini {
	struct str text;
	size_t pos;
	unsigned line; /* of the line that ends at pos */
	struct buf joined;
};

/* The text must outlive the reader. */
void ini_init(struct ini *r, struct str text);
void ini_done(struct ini *r);
/* 1: *ret holds the next item. 0: the end. -1: a mistake at ret->line, told by err (ERR_SYNTAX); go on with the next
 * call, unless the code is ERR_NO_MEMORY. */
int ini_next(struct ini *r, struct ini_item *ret, struct err *err);
