#pragma once
/*
 * conf/value: one value, from its text into the field that its row of the schema names, and back.
 */
#include "base/buf.h"
#include "conf/schema.h"

struct conf_value {
	struct str text; /* trimmed, valid UTF-8, no control character but TAB; empty clears */
	struct str lang; /* of name[lang]; STR_NONE = unsaid */
	struct str dir;  /* relative paths begin here; STR_NONE = they stay as they are */
	struct conf_origin origin;
};

/* Fills the field of *record (the section's struct). Strings and lists live in the arena. -1: ERR_CONFIG with what is wrong
 * and what was expected, the field is unchanged; or ERR_NO_MEMORY. */
int conf_value_parse(
    const struct conf_key *key, const struct conf_value *value, struct arena *arena, void *record, struct err *err);
/* Appends "key = value" with its end of line; one line per item of a list; "key =" when there is nothing. */
void conf_value_print(const struct conf_key *key, const void *record, struct buf *out);
/* Writes the setting's name and value into the object that is open. */
struct jsonw;
void conf_value_json(const struct conf_key *key, const void *record, struct jsonw *w);
/* Every field of the section's struct as the schema's defaults have it. */
int conf_value_defaults(enum conf_section section, struct arena *arena, void *record, struct err *err);

/* A KEY as in [feed KEY]: a lower-case letter or digit, then those and ._- up to 64 in all. */
bool conf_key_valid(struct str key);
/* Appends to a list of the arena; NULL origin for lists without. */
int conf_list_push(
    struct arena *arena, struct conf_list *list, struct str item, const struct conf_origin *origin, struct err *err);
bool conf_list_has(const struct conf_list *list, struct str item);
/* “text” for messages, cut when it is long. The buffer holds CONF_QUOTE_MAX bytes. Returns it. */
#define CONF_QUOTE_MAX 160
const char *conf_quote(struct str text, char out[CONF_QUOTE_MAX]);
