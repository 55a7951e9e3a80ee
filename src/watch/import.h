#pragma once
/*
 * Lists of names in other people's formats, as the house TSV's fields. Pure; texts are UTF-8.
 *
 *   house          header id, kind, lang, name, and perhaps use, with tabs (watch_add_tsv)
 *   jrc            EMM: key, pid, type, variant, with tabs; JRC-Names as published: id, type, language (u = unknown), variant.
 *                  Type P, O, or T, L, G for places, of several the first; + is a space; a line that begins with # is none.
 *                  Without tabs the fields are parted by spaces
 *   opensanctions  CSV (RFC 4180) with a header; the columns id, schema, name and aliases (parted by ;, in quotes where an
 *                  alias has one itself) are read. An alias of one word of a person is weak: the table does not say which are.
 *                  And entities of FollowTheMoney as JSON: caption, names, aliases, previous names, abbreviations, and of persons
 *                  weak aliases; any other of these than a caption or name is weak when it is one word of a person
 *   wikidata       a query's result as CSV or TSV with a header; the first column is the item, every further one is a name
 *                  but a column "kind" (a word, or a class as Q5); TSV has <address> and "name"@lang. The same result as
 *                  JSON; and entities as JSON, as dumps and Special:EntityData have them: labels, aliases, and the kind by P31
 *
 * A variant in small letters matches in any case, one with a capital needs the capital, as everywhere here.
 */
#include "watch/watch.h"

enum watch_format {
	WATCH_FORMAT_AUTO,
	WATCH_FORMAT_HOUSE,
	WATCH_FORMAT_JRC,
	WATCH_FORMAT_OPENSANCTIONS,
	WATCH_FORMAT_WIKIDATA
};

#define WATCH_IMPORT_RECORD_BYTES_MAX (1u << 20) /* a longer record is a mistake */
#define WATCH_IMPORT_FIELDS_MAX 64u              /* further columns are not read */

bool watch_format_parse(struct str word, enum watch_format *ret); /* "auto" "house" "jrc" "opensanctions" "wikidata" */
/* By its first line; WATCH_FORMAT_HOUSE when nothing else fits. */
enum watch_format watch_format_guess(struct str text);

struct watch_imported {
	struct str id, lang, name; /* live until the callback returns */
	enum watch_kind kind;
	bool weak; /* WATCH_ROLE_WEAK */
	unsigned line;
};

struct watch_importer {
	/* -1 with an error when the name is refused; reading goes on. */
	int (*tell)(void *ctx, const struct watch_imported *name, struct err *err);
	void (*complain)(void *ctx, const struct err *err); /* may be NULL */
	void *ctx;
	struct str file;      /* for messages */
	struct str langs;     /* of Wikidata in JSON: only names in these, parted by commas; STR_NONE: in all */
	enum watch_kind kind; /* where a Wikidata record says none: person if nothing else was set … */
	bool kind_given;      /* … and for entities of unknown class, which are passed over else */
};

/* Any format but the house's, which watch_add_tsv reads. Returns how many records were bad, or -1 when memory ran out. */
int watch_import(struct str text, enum watch_format format, const struct watch_importer *to, struct err *err);

/*
 * Wikidata or OpenSanctions in JSON, of any length, piece by piece: one record at a time is in memory, of at most 16 MiB. A record that is broken
 * costs itself. _feed returns -1 when memory ran out; _end how many records or names were bad, or -1.
 */
#define WATCH_IMPORT_ENTITY_BYTES_MAX ((size_t)16 << 20)
struct watch_json;
struct watch_json *watch_json_new(const struct watch_importer *to); /* NULL: no memory */
void watch_json_free(struct watch_json *j);
int watch_json_feed(struct watch_json *j, struct str chunk, struct err *err);
int watch_json_end(struct watch_json *j, struct err *err);
int watch_json_import(struct str text, const struct watch_importer *to, struct err *err); /* all at once */
/* Whether the text begins as JSON does. */
bool watch_json_guess(struct str text);

/* A list of names in any of the formats, into a builder; as watch_add_tsv. */
int watch_add_names(struct watch_builder *b, struct str text, struct str file,
    void (*complain)(void *ctx, const struct err *err), void *ctx, struct err *err);
