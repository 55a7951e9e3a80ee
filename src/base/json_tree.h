#pragma once
/*
 * JSON (RFC 8259) as a tree in an arena. Our own because reading is most of what a document in JSON costs: strings
 * without escapes are views of the text, no value is copied twice, and every allocation is checked and bounded.
 * Stricter than the RFC in one point: a string must be text, so "\u0000" and half surrogate pairs are errors.
 */
#include "base/arena.h"

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_value {
	enum json_kind kind;
	struct str key;                 /* in an object; else STR_NONE */
	struct str text;                /* of a string, decoded; of a number, as it is written */
	const struct json_value *first; /* of an array or object, in the order of the document */
	const struct json_value *next;  /* beside it */
};

struct json_reader {
	struct str text; /* valid UTF-8; what is read lives no longer than it */
	size_t at;
	unsigned depth_max;
	struct arena *arena;
	const char *reason; /* the first error; NULL when memory ran out, which the arena knows */
	bool too_deep;
};

/* The value at `at`, white space before and after it taken in; NULL for an error at `at`. */
const struct json_value *json_read(struct json_reader *r);
/* The same of a text that must hold nothing else. */
const struct json_value *json_read_all(struct json_reader *r);
/* The line of `at`, from 1. */
unsigned json_line(const struct json_reader *r);

/* The last member of that name; NULL when there is none or it is no object. */
const struct json_value *json_get(const struct json_value *object, const char *key);

static inline bool
json_is(const struct json_value *v, enum json_kind kind)
{
	return v != NULL && v->kind == kind;
}

/* The elements of an array, or NULL. */
static inline const struct json_value *
json_elements(const struct json_value *v)
{
	return json_is(v, JSON_ARRAY) ? v->first : NULL;
}
