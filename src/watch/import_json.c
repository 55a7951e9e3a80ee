#include "watch/import_entity.h"

#include "base/buf.h"

#include <stdlib.h>

#define OPEN_MAX 8u   /* containers inside each other */
#define KEY_BYTES 32u /* more of a key says nothing here */

/*
 * Objects are cut out of the stream by their brackets alone and then parsed one by one: so the file may be of any length. What
 * stands around them is a list, lines, or one of the objects that hold records and are entered: {"entities": {"Q1": …}},
 * {"head": …, "results": {"bindings": [ … ]}}.
 */
struct watch_json {
	struct watch_importer to;
	struct buf record;
	struct arena arena;
	char key[KEY_BYTES]; /* in an object that is entered: the last one read */
	size_t key_len;
	unsigned open;  /* containers that were entered */
	unsigned depth; /* inside a record, from 1; 0 = outside */
	unsigned record_line, line;
	bool string, escape, line_start;
	bool passed_over; /* the record is nothing that is read */
	bool undecided;   /* its first key has not been read */
	bool junk;        /* in this line, which was told */
	bool any;         /* something stood there */
	bool out_of_memory;
	size_t seen; /* bytes */
	unsigned bad;
};

struct watch_json *
watch_json_new(const struct watch_importer *to)
{
	struct watch_json *j = calloc(1, sizeof *j);
	if (j == NULL)
		return NULL;
	j->to = *to;
	j->line = 1;
	buf_init(&j->record, WATCH_IMPORT_ENTITY_BYTES_MAX);
	arena_init(&j->arena, IMPORT_ENTITY_MEMORY_MAX);
	return j;
}

static void
complain(struct watch_json *j, const struct err *err)
{
	j->out_of_memory |= err->code == ERR_NO_MEMORY;
	j->bad++;
	if (j->to.complain != NULL)
		j->to.complain(j->to.ctx, err);
}

static void
mistake(struct watch_json *j, unsigned line, const char *what)
{
	struct err err;
	err_set(&err, ERR_CONFIG, "%.*s:%u: %s", STR_ARG(j->to.file), line, what);
	complain(j, &err);
}

/* Whether what a key names is entered: an entity's id, or one of the words of the formats. */
static bool
enters(struct str key)
{
	static const char *const words[] = {"results", "bindings", "entities"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_is(key, words[i]))
			return true;
	}
	if (key.len < 2 || key.s[0] < 'L' || key.s[0] > 'Q')
		return false;
	int64_t number;
	return str_int((struct str){key.s + 1, key.len - 1}, 1, INT64_MAX, &number);
}

/* Whether an object that begins with this key is no record but holds some. */
static bool
holds(struct str key)
{
	return enters(key) || str_is(key, "head") || str_is(key, "distinct") || str_is(key, "ordered") ||
	       str_is(key, "success");
}

static struct str
key_of(const struct watch_json *j)
{
	return (struct str){j->key, j->key_len};
}

static void
begin(struct watch_json *j, char c)
{
	buf_reset(&j->record);
	buf_putc(&j->record, c);
	j->record_line = j->line;
	j->depth = 1;
	j->string = j->escape = false;
	j->passed_over = j->key_len > 0 && !enters(key_of(j));
	j->undecided = c == '{' && !j->passed_over;
	j->any = true;
}

static void
enter(struct watch_json *j)
{
	if (j->open == OPEN_MAX)
		mistake(j, j->line, "more lists and objects inside each other than any export has");
	else
		j->open++;
	j->any = true;
}

/* Between records. */
static void
outside(struct watch_json *j, char c)
{
	bool value = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
	if (ascii_space(c) || c == ':')
		return;
	if (c == '"') {
		j->string = true;
		j->key_len = 0;
	} else if (c == '{' || (c == '[' && j->key_len > 0 && !enters(key_of(j)))) {
		begin(j, c);
	} else if (c == '[') {
		enter(j);
		j->key_len = 0;
	} else if ((c == ']' || c == '}') && j->open > 0) {
		j->open--;
		j->key_len = 0;
	} else if (c == ',') {
		j->key_len = 0;
	} else if (!(value && j->open > 0) && !j->junk) {
		j->junk = true;
		mistake(j, j->line,
		    "no JSON of Wikidata or OpenSanctions: a list or lines of entities, or a query's result");
	}
}

static void
outside_string(struct watch_json *j, char c)
{
	if (c == '"' || c == '\n')
		j->string = false;
	else if (j->key_len < KEY_BYTES)
		j->key[j->key_len++] = c;
}

static void
end_record(struct watch_json *j)
{
	struct err err;
	j->depth = 0;
	if (j->passed_over)
		return;
	if (j->record.over_limit)
		mistake(j, j->record_line, "the record is longer than 16 MiB");
	else if (j->record.failed)
		j->out_of_memory = true;
	else if (import_entity(buf_view(&j->record), j->record_line, &j->to, &j->arena, &j->bad, &err) < 0)
		complain(j, &err);
}

/* The first key of an object was read: it is a record, or it holds some. */
static void
decide(struct watch_json *j)
{
	struct str text = buf_view(&j->record);
	size_t quote = 1;
	j->undecided = false;
	while (quote < text.len && text.s[quote] != '"')
		quote++;
	struct str key = {text.s + quote + 1, text.len - quote - 2};
	if (!holds(key) || key.len > KEY_BYTES)
		return;
	memcpy(j->key, key.s, key.len);
	j->key_len = key.len;
	j->depth = 0;
	enter(j);
}

static void
inside_string(struct watch_json *j, char c)
{
	if (j->escape) {
		j->escape = false;
	} else if (c == '\\') {
		j->escape = true;
	} else if (c == '"') {
		j->string = false;
		if (j->undecided && !j->record.failed)
			decide(j);
	} else if (c == '\n') { /* no string of JSON goes over the end of a line: the rest is another record's */
		j->string = false;
		j->depth = 0;
		mistake(j, j->record_line, "the record is broken: a text in it does not end in its line");
	}
}

static void
inside(struct watch_json *j, char c)
{
	if (c == '{' && j->line_start) { /* no export begins a line so but with a record */
		mistake(j, j->record_line, "the record does not end before the next one begins");
		j->key_len = 0;
		begin(j, c);
		return;
	}
	if (!j->passed_over)
		buf_putc(&j->record, c);
	if (j->string) {
		inside_string(j, c);
		return;
	}
	j->string = c == '"';
	j->undecided &= c == '"' || ascii_space(c);
	if (c == '{' || c == '[')
		j->depth++;
	else if ((c == '}' || c == ']') && --j->depth == 0)
		end_record(j);
}

static bool
byte_order_mark(const struct watch_json *j, char c)
{
	return j->seen < 3 && c == "\xEF\xBB\xBF"[j->seen];
}

int
watch_json_feed(struct watch_json *j, struct str chunk, struct err *err)
{
	for (size_t i = 0; i < chunk.len && !j->out_of_memory; i++, j->seen++) {
		char c = chunk.s[i];
		if (byte_order_mark(j, c))
			continue;
		if (j->depth > 0)
			inside(j, c);
		else if (j->string)
			outside_string(j, c);
		else
			outside(j, c);
		j->line_start = c == '\n';
		j->line += c == '\n';
		j->junk &= c != '\n';
	}
	return j->out_of_memory ? err_oom(err) : 0;
}

int
watch_json_end(struct watch_json *j, struct err *err)
{
	if (j->depth > 0)
		mistake(j, j->record_line, "the record does not end: the file breaks off");
	else if (j->open > 0)
		mistake(j, j->line, "the list does not end: the file breaks off");
	else if (!j->any && !j->bad)
		mistake(j, j->line, "there is nothing in it");
	return j->out_of_memory ? err_oom(err) : (int)(j->bad < INT32_MAX ? j->bad : INT32_MAX);
}

void
watch_json_free(struct watch_json *j)
{
	if (j == NULL)
		return;
	buf_done(&j->record);
	arena_done(&j->arena);
	free(j);
}

int
watch_json_import(struct str text, const struct watch_importer *to, struct err *err)
{
	struct watch_json *j = watch_json_new(to);
	if (j == NULL)
		return err_oom(err);
	int bad = watch_json_feed(j, text, err);
	if (bad == 0)
		bad = watch_json_end(j, err);
	watch_json_free(j);
	return bad;
}
