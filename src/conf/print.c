/* Values as text that conf/value.c reads back, and as JSON. */
#include "base/jsonw.h"
#include "conf/units.h"
#include "conf/value.h"

#define LINE_BYTES 100u

static void
print_text(const struct conf_key *k, const void *field, struct buf *out)
{
	const struct str *text = field;
	buf_printf(out, "%s =%s%.*s\n", k->name, text->len ? " " : "", STR_ARG(*text));
}

static void
print_bool(const struct conf_key *k, const void *field, struct buf *out)
{
	buf_printf(out, "%s = %s\n", k->name, *(const bool *)field ? "yes" : "no");
}

static void
print_integer(const struct conf_key *k, const void *field, struct buf *out)
{
	if (k->words != NULL && *(const int64_t *)field == k->min)
		buf_printf(out, "%s = %s\n", k->name, k->words);
	else
		buf_printf(out, "%s = %lld\n", k->name, (long long)*(const int64_t *)field);
}

static void
print_duration(const struct conf_key *k, const void *field, struct buf *out)
{
	char text[UNITS_TEXT_MAX];
	int64_t ms = *(const int64_t *)field;
	if (ms == 0 && k->fallback[0] == '\0')
		buf_printf(out, "%s =\n", k->name);
	else
		buf_printf(out, "%s = %s\n", k->name, units_print_duration(ms, text));
}

static void
print_size(const struct conf_key *k, const void *field, struct buf *out)
{
	char text[UNITS_TEXT_MAX];
	buf_printf(out, "%s = %s\n", k->name, units_print_size(*(const int64_t *)field, text));
}

static void
print_items(const char *name, const struct conf_list *list, size_t from, size_t to, struct buf *out)
{
	if (from >= to)
		buf_printf(out, "%s =\n", name);
	for (size_t i = from; i < to; i++)
		buf_printf(out, "%s = %.*s\n", name, STR_ARG(list->items[i]));
}

static void
print_lines(const struct conf_key *k, const void *field, struct buf *out)
{
	const struct conf_list *list = field;
	print_items(k->name, list, 0, list->count, out);
}

/* Long lists take several lines: they are easier to read, and a line has a ceiling. */
static void
print_words(const struct conf_key *k, const void *field, struct buf *out)
{
	const struct conf_list *list = field;
	size_t line = out->len;
	buf_printf(out, "%s =", k->name);
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0 && out->len - line + list->items[i].len > LINE_BYTES) {
			line = out->len + 1;
			buf_printf(out, "\n%s =", k->name);
		}
		buf_printf(out, " %.*s", STR_ARG(list->items[i]));
	}
	buf_putc(out, '\n');
}

static void
print_names(const struct conf_key *k, const void *field, struct buf *out)
{
	const struct conf_list *names = field, *langs = names + 1;
	if (names->count == 0)
		buf_printf(out, "%s =\n", k->name);
	for (size_t i = 0; i < names->count; i++) {
		if (str_is(langs->items[i], "und"))
			buf_printf(out, "%s = %.*s\n", k->name, STR_ARG(names->items[i]));
		else
			buf_printf(
			    out, "%s[%.*s] = %.*s\n", k->name, STR_ARG(langs->items[i]), STR_ARG(names->items[i]));
	}
}

/* The first word with `command`, the others one by one with `argument`, since they may hold white space. */
static void
print_command(const struct conf_key *k, const void *field, struct buf *out)
{
	const struct conf_list *list = field;
	print_items(k->name, list, 0, list->count ? 1 : 0, out);
}

static void
print_argument(const struct conf_key *k, const void *field, struct buf *out)
{
	const struct conf_list *list = field;
	if (list->count > 1)
		print_items(k->name, list, 1, list->count, out);
}

static void (*const printers[CONF_TYPE_COUNT])(const struct conf_key *k, const void *field, struct buf *out) = {
    [CONF_BOOL] = print_bool,
    [CONF_INTEGER] = print_integer,
    [CONF_DURATION] = print_duration,
    [CONF_SIZE] = print_size,
    [CONF_WORD] = print_text,
    [CONF_TEXT] = print_text,
    [CONF_PATH] = print_text,
    [CONF_URL] = print_text,
    [CONF_LANGUAGE] = print_text,
    [CONF_WORDS] = print_words,
    [CONF_PATHS] = print_lines,
    [CONF_NAMES] = print_names,
    [CONF_HEADERS] = print_lines,
    [CONF_MAILBOX] = print_text,
    [CONF_MAILBOXES] = print_lines,
    [CONF_COMMAND] = print_command,
    [CONF_ARGUMENT] = print_argument,
    [CONF_QUERY] = print_lines,
};

void
conf_value_print(const struct conf_key *key, const void *record, struct buf *out)
{
	printers[key->type](key, (const char *)record + key->offset, out);
}

static void
json_names(const struct conf_list *names, struct jsonw *w)
{
	const struct conf_list *langs = names + 1;
	jsonw_array(w);
	for (size_t i = 0; i < names->count; i++) {
		jsonw_object(w);
		jsonw_kstr(w, "name", names->items[i]);
		jsonw_kstr(w, "lang", langs->items[i]);
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void
json_list(const struct conf_list *list, struct jsonw *w)
{
	jsonw_array(w);
	for (size_t i = 0; i < list->count; i++)
		jsonw_str(w, list->items[i]);
	jsonw_end(w);
}

void
conf_value_json(const struct conf_key *key, const void *record, struct jsonw *w)
{
	const void *field = (const char *)record + key->offset;
	char text[UNITS_TEXT_MAX];
	if (key->type == CONF_ARGUMENT)
		return; /* the command's list holds it */
	jsonw_key(w, key->name);
	if (key->type == CONF_NAMES)
		json_names(field, w);
	else if (conf_type_repeats(key->type) || key->type == CONF_COMMAND)
		json_list(field, w);
	else if (key->type == CONF_QUERY)
		jsonw_str(w,
		    ((const struct conf_list *)field)->count ? ((const struct conf_list *)field)->items[0] : STR_NONE);
	else if (key->type == CONF_BOOL)
		jsonw_bool(w, *(const bool *)field);
	else if (key->type == CONF_INTEGER && key->words != NULL && *(const int64_t *)field == key->min)
		jsonw_cstr(w, key->words);
	else if (key->type == CONF_INTEGER)
		jsonw_int(w, *(const int64_t *)field);
	else if (key->type == CONF_DURATION)
		jsonw_cstr(w, units_print_duration(*(const int64_t *)field, text));
	else if (key->type == CONF_SIZE)
		jsonw_cstr(w, units_print_size(*(const int64_t *)field, text));
	else
		jsonw_str(w, *(const struct str *)field);
}
