#include "watch/import.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "text/fold.h"
#include "watch/builder.h"
#include "watch/import_entity.h"

#define JRC_FIELDS 4u
#define ITEM_PREFIX_MAX 14 /* <https://www. or less */

static const char *const format_words[] = {"auto", "house", "jrc", "opensanctions", "wikidata"};

bool
watch_format_parse(struct str word, enum watch_format *ret)
{
	for (size_t i = 0; i < sizeof format_words / sizeof *format_words; i++) {
		if (str_is(word, format_words[i])) {
			*ret = (enum watch_format)i;
			return true;
		}
	}
	return false;
}

/* Where records are read from, and the one that was read last. */
struct reader {
	struct str rest;
	char separator;
	bool quotes; /* RFC 4180 */
	struct buf bytes;
	struct str fields[WATCH_IMPORT_FIELDS_MAX];
	size_t starts[WATCH_IMPORT_FIELDS_MAX + 1]; /* in bytes, while it grows */
	size_t count;
	unsigned line, first_line; /* the next one's, and that of the record */
};

static void
end_field(struct reader *r)
{
	if (r->count < WATCH_IMPORT_FIELDS_MAX)
		r->starts[++r->count] = r->bytes.len;
	else
		r->bytes.len = r->starts[r->count];
}

/* One character of a record; false at its end. */
static bool
take(struct reader *r, bool *quoted)
{
	char c = r->rest.s[0];
	bool doubled = r->rest.len > 1 && r->rest.s[1] == '"';
	r->rest.s++;
	r->rest.len--;
	r->line += c == '\n';
	if (r->quotes && c == '"' && *quoted && doubled) {
		buf_putc(&r->bytes, '"');
		r->rest.s++;
		r->rest.len--;
	} else if (r->quotes && c == '"' && (*quoted || r->bytes.len == r->starts[r->count])) {
		*quoted = !*quoted;
	} else if (!*quoted && c == r->separator) {
		end_field(r);
	} else if (!*quoted && c == '\n') {
		return false;
	} else {
		buf_putc(&r->bytes, c);
	}
	return true;
}

/* The next record that is not empty. False at the end; a record that is too long comes without fields. */
static bool
next_record(struct reader *r)
{
	while (r->rest.len > 0) {
		bool quoted = false;
		buf_reset(&r->bytes);
		r->count = 0;
		r->starts[0] = 0;
		r->first_line = r->line;
		while (r->rest.len > 0 && take(r, &quoted))
			;
		if (r->bytes.len > 0 && r->bytes.data[r->bytes.len - 1] == '\r')
			r->bytes.len--;
		if (r->bytes.failed) {
			r->count = 0;
			return true;
		}
		if (r->bytes.len == 0 && r->count == 0)
			continue;
		end_field(r);
		const char *bytes = buf_view(&r->bytes).s; /* of fields that are all empty, too */
		for (size_t i = 0; i < r->count; i++)
			r->fields[i] = (struct str){bytes + r->starts[i], r->starts[i + 1] - r->starts[i]};
		return true;
	}
	return false;
}

/* One record into names. -1 with an error for the whole record. */
struct import {
	struct reader r;
	const struct watch_importer *to;
	unsigned bad;
	bool out_of_memory;
	struct str header[WATCH_IMPORT_FIELDS_MAX];
	size_t header_count;
};

static void
add_mistake(struct import *in, struct err *err)
{
	in->out_of_memory |= err->code == ERR_NO_MEMORY;
	in->bad++;
	if (in->to->complain != NULL)
		in->to->complain(in->to->ctx, err);
}

static void
mistake(struct import *in, const char *what)
{
	struct err err;
	err_set(&err, ERR_CONFIG, "%.*s:%u: %s", STR_ARG(in->to->file), in->r.first_line, what);
	add_mistake(in, &err);
}

static void
tell_name(struct import *in, struct str id, enum watch_kind kind, struct str lang, struct str name, bool weak)
{
	struct watch_imported n = {
	    .id = id, .lang = lang, .name = str_trim(name), .kind = kind, .weak = weak, .line = in->r.first_line};
	struct err err;
	if (!str_empty(n.name) && in->to->tell(in->to->ctx, &n, &err) < 0)
		add_mistake(in, &err);
}

static void
tell(struct import *in, struct str id, enum watch_kind kind, struct str lang, struct str name)
{
	tell_name(in, id, kind, lang, name, false);
}

static ptrdiff_t
column(const struct import *in, const char *name)
{
	for (size_t i = 0; i < in->header_count; i++) {
		if (str_is(in->header[i], name))
			return (ptrdiff_t)i;
	}
	return -1;
}

static struct str
value(const struct import *in, ptrdiff_t at)
{
	return at >= 0 && (size_t)at < in->r.count ? in->r.fields[at] : STR_NONE;
}

/* The kind of a JRC type; of several, as in "P,O", the first that says one. */
static bool
jrc_kind(struct str type, enum watch_kind *ret)
{
	static const struct {
		char letter;
		enum watch_kind kind;
	} types[] = {{'P', WATCH_PERSON}, {'p', WATCH_PERSON}, {'O', WATCH_ORG}, {'o', WATCH_ORG}, {'T', WATCH_PLACE},
	    {'t', WATCH_PLACE}, {'L', WATCH_PLACE}, {'G', WATCH_PLACE}};
	for (size_t at = 0; at < type.len; at += 2) {
		if (at + 1 < type.len && strchr(",;|/ ", type.s[at + 1]) == NULL)
			return false;
		for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
			if (type.s[at] == types[i].letter) {
				*ret = types[i].kind;
				return true;
			}
		}
	}
	return false;
}

/* A line without tabs: white space parts the fields, as + parts the words of the variant. */
static void
split_at_spaces(struct reader *r)
{
	struct str rest = r->fields[0];
	for (r->count = 0; r->count < JRC_FIELDS && !str_empty(rest = str_trim(rest));) {
		size_t end = 0;
		while (end < rest.len && (r->count + 1 == JRC_FIELDS || !ascii_space(rest.s[end])))
			end++;
		r->fields[r->count++] = (struct str){rest.s, end};
		rest = (struct str){rest.s + end, rest.len - end};
	}
}

/*
 * key, pid, type, variant as the variant files of EMM have it; or id, type, language, variant as JRC-Names is published, where u is an
 * unknown language.
 */
static void
jrc_record(struct import *in)
{
	struct str first = str_trim(in->r.fields[0]);
	if (str_starts(first, STR_LIT("#")) || str_empty(first))
		return;
	if (in->r.count == 1)
		split_at_spaces(&in->r);
	if (in->r.count < JRC_FIELDS) {
		mistake(in, "a line has key, pid, type and variant with tabs between them; this one has fewer");
		return;
	}
	struct str pid = str_trim(value(in, 1)), type = str_trim(value(in, 2)), name = value(in, 3),
	           lang = STR_LIT("und");
	enum watch_kind kind;
	if (str_is(pid, "pid") || str_is(pid, "type"))
		return; /* a header */
	if (pid.len == 1 && !(pid.s[0] >= '0' && pid.s[0] <= '9')) {
		lang = str_is(type, "u") ? lang : type;
		type = pid;
		pid = first;
	}
	for (size_t i = 0; i < name.len; i++)
		in->r.bytes.data[(size_t)(name.s - in->r.bytes.data) + i] = name.s[i] == '+' ? ' ' : name.s[i];
	if (jrc_kind(type, &kind))
		tell(in, pid, kind, lang, name);
	else
		mistake(in, "the type is none of P, O, T, L and G");
}

bool
import_schema_kind(struct str schema, enum watch_kind *ret)
{
	static const char *const orgs[] = {"Organization", "Company", "LegalEntity", "PublicBody"};
	*ret = WATCH_PERSON;
	if (str_is(schema, "Person"))
		return true;
	*ret = WATCH_ORG;
	for (size_t i = 0; i < sizeof orgs / sizeof *orgs; i++) {
		if (str_is(schema, orgs[i]))
			return true;
	}
	return false;
}

/* Up to the next semicolon; an alias that has one itself stands in quotes. */
static bool
next_alias(struct str *rest, struct str *alias)
{
	if (!str_starts(*rest, STR_LIT("\"")))
		return str_split(rest, ';', alias);
	ptrdiff_t end = str_find(*rest, STR_LIT("\";"), 1);
	size_t quoted = end > 0 ? (size_t)end : rest->len - (rest->len > 1 && rest->s[rest->len - 1] == '"'),
	       next = quoted + 2;
	*alias = (struct str){rest->s + 1, quoted - 1};
	*rest = next < rest->len ? (struct str){rest->s + next, rest->len - next} : STR_NONE;
	return true;
}

/* Whether the words of a name are mostly not parted in a script; Hangul parts them, but the names of persons are written together. */
static bool
joins_words(enum text_script script)
{
	return text_script_single(script) || script == TEXT_KATAKANA || script == TEXT_HANGUL;
}

bool
import_is_one_word(struct str name)
{
	struct text_fold fold;
	for (size_t pos = 0; pos < name.len;) {
		uint32_t cp = utf8_next(name, &pos);
		if (cp == UTF8_INVALID)
			continue;
		text_fold_cp(cp, &fold);
		if (cp == ' ' || (fold.kind == TEXT_LETTER && joins_words(fold.script)))
			return false;
	}
	return true;
}

static void
opensanctions_record(struct import *in)
{
	struct str id = str_trim(value(in, column(in, "id"))), aliases = value(in, column(in, "aliases")), alias;
	enum watch_kind kind;
	if (!import_schema_kind(str_trim(value(in, column(in, "schema"))), &kind))
		return; /* ships, aircraft, addresses: no actors */
	struct str name = value(in, column(in, "name"));
	bool named = !str_empty(str_trim(name));
	tell(in, id, kind, STR_LIT("und"), name);
	for (; next_alias(&aliases, &alias); named = true) {
		bool weak = named && kind == WATCH_PERSON && import_is_one_word(str_trim(alias));
		tell_name(in, id, kind, STR_LIT("und"), alias, weak);
	}
}

/* "name"@lang of a result in TSV; a plain name else. */
static struct str
literal(struct str text, struct str *lang)
{
	*lang = STR_LIT("und");
	text = str_trim(text);
	if (!str_starts(text, STR_LIT("\"")))
		return text;
	size_t end = text.len;
	while (end > 1 && text.s[end - 1] != '"')
		end--;
	if (end + 1 < text.len && text.s[end] == '@')
		*lang = (struct str){text.s + end + 1, text.len - end - 1};
	return end > 1 ? (struct str){text.s + 1, end - 2} : text;
}

static void
wikidata_record(struct import *in)
{
	struct str id = import_item_id(value(in, 0)), lang;
	ptrdiff_t at = column(in, "kind");
	enum watch_kind kind = in->to->kind;
	if (at >= 0 && !import_item_kind(literal(value(in, at), &lang), &kind)) {
		mistake(in, "the column kind says none of person, org, place and group, nor a class that is one");
		return;
	}
	for (size_t i = 1; i < in->r.count && i < in->header_count; i++) {
		if ((ptrdiff_t)i == at)
			continue;
		struct str name = literal(in->r.fields[i], &lang);
		if (!str_eq(name, id)) /* what the label service gives where there is no label */
			tell(in, id, kind, lang, name);
	}
}

/* The next line that is neither empty nor a comment. */
static struct str
next_content_line(struct str *text)
{
	struct str line = STR_NONE;
	while (str_split(text, '\n', &line)) {
		line = str_trim(line);
		if (!str_empty(line) && !str_starts(line, STR_LIT("#")))
			return line;
	}
	return STR_NONE;
}

static struct str
first_line(struct str text)
{
	text = utf8_without_mark(text);
	return next_content_line(&text);
}

/* Does the second line begin with the address of an item? */
static bool
has_item_below(struct str text)
{
	next_content_line(&text);
	struct str line = next_content_line(&text);
	ptrdiff_t at = str_find(line, STR_LIT("wikidata.org/entity/Q"), 0);
	return at >= 0 && at <= ITEM_PREFIX_MAX;
}

/* key pid type variant, parted by tabs or by spaces. */
static bool
is_jrc(struct str line, size_t tabs)
{
	struct reader r = {.count = 1, .fields = {line}};
	enum watch_kind kind;
	int64_t number;
	if (tabs > 0)
		return tabs == 3 && str_find(line, STR_LIT("name"), 0) != (ptrdiff_t)(line.len - 4);
	split_at_spaces(&r);
	return r.count == JRC_FIELDS && str_int(r.fields[0], 0, INT64_MAX, &number) &&
	       (jrc_kind(r.fields[2], &kind) || jrc_kind(r.fields[1], &kind));
}

bool
watch_json_guess(struct str text)
{
	text = utf8_without_mark(text);
	text = str_trim(text);
	return str_starts(text, STR_LIT("[")) || str_starts(text, STR_LIT("{"));
}

enum watch_format
watch_format_guess(struct str text)
{
	struct str line = first_line(text), rest = line, field;
	size_t tabs = 0;
	if (watch_json_guess(line))
		return WATCH_FORMAT_WIKIDATA; /* or of OpenSanctions: each record says */
	for (size_t i = 0; i < line.len; i++)
		tabs += line.s[i] == '\t';
	if (str_starts(line, STR_LIT("id\tkind")))
		return WATCH_FORMAT_HOUSE;
	if (str_starts(line, STR_LIT("?")) || str_starts(line, STR_LIT("item,")))
		return WATCH_FORMAT_WIKIDATA;
	while (tabs == 0 && str_split(&rest, ',', &field)) {
		if (str_is(str_trim(field), "schema") || str_is(str_trim(field), "\"schema\""))
			return WATCH_FORMAT_OPENSANCTIONS;
	}
	if (has_item_below(text))
		return WATCH_FORMAT_WIKIDATA;
	return is_jrc(line, tabs) ? WATCH_FORMAT_JRC : WATCH_FORMAT_HOUSE;
}

/* The columns' names, without the ? of a query's variables. They are kept in a buffer of their own. */
static bool
read_header(struct import *in, struct buf *names)
{
	if (!next_record(&in->r))
		return false;
	if (!buf_add(names, in->r.bytes.data, in->r.bytes.len))
		in->out_of_memory = true;
	for (size_t i = 0; i < in->r.count && !in->out_of_memory; i++) {
		struct str name = str_trim((struct str){buf_view(names).s + in->r.starts[i], in->r.fields[i].len});
		if (str_starts(name, STR_LIT("?")))
			name = (struct str){name.s + 1, name.len - 1};
		in->header[in->header_count++] = name;
	}
	return !in->out_of_memory;
}

int
watch_import(struct str text, enum watch_format format, const struct watch_importer *to, struct err *err)
{
	bool tabs = format == WATCH_FORMAT_JRC ||
	            memchr(first_line(text).s ? first_line(text).s : "", '\t', first_line(text).len) != NULL;
	struct import in = {.to = to, .r = {.line = 1, .separator = tabs ? '\t' : ',', .quotes = !tabs}};
	struct buf names;

	if ((format == WATCH_FORMAT_WIKIDATA || format == WATCH_FORMAT_OPENSANCTIONS) && watch_json_guess(text))
		return watch_json_import(text, to, err);
	text = utf8_without_mark(text);
	in.r.rest = text;
	buf_init(&in.r.bytes, WATCH_IMPORT_RECORD_BYTES_MAX);
	buf_init(&names, WATCH_IMPORT_RECORD_BYTES_MAX);
	bool good = format == WATCH_FORMAT_JRC || read_header(&in, &names);
	while (good && !in.out_of_memory && next_record(&in.r)) {
		if (in.r.count == 0)
			mistake(&in, "the record is longer than 1 MiB");
		else if (format == WATCH_FORMAT_JRC)
			jrc_record(&in);
		else if (format == WATCH_FORMAT_OPENSANCTIONS)
			opensanctions_record(&in);
		else
			wikidata_record(&in);
	}
	buf_done(&in.r.bytes);
	buf_done(&names);
	return in.out_of_memory ? err_oom(err) : (int)in.bad;
}

struct adder {
	struct watch_builder *builder;
	struct str file;
	void (*complain)(void *ctx, const struct err *err);
	void *ctx;
};

static int
add(void *ctx, const struct watch_imported *n, struct err *err)
{
	const struct adder *a = ctx;
	struct watch_origin at = {a->file, n->line};
	return n->weak ? watch_add_role(a->builder, n->id, WATCH_ROLE_WEAK, n->name, at, err)
	               : watch_add(a->builder, n->id, n->kind, n->lang, n->name, at, err);
}

static void
pass_on(void *ctx, const struct err *err)
{
	const struct adder *a = ctx;
	if (a->complain != NULL)
		a->complain(a->ctx, err);
}

int
watch_add_names(struct watch_builder *b, struct str text, struct str file,
    void (*complain)(void *ctx, const struct err *err), void *ctx, struct err *err)
{
	enum watch_format format = watch_format_guess(text);
	struct adder a = {.builder = b, .file = file.s ? file : STR_LIT("names"), .complain = complain, .ctx = ctx};
	struct watch_importer to = {.tell = add, .complain = pass_on, .ctx = &a, .file = a.file};
	size_t before = b->name_count;
	int r = format == WATCH_FORMAT_HOUSE ? watch_add_tsv(b, text, file, complain, ctx, err)
	                                     : watch_import(text, format, &to, err);
	builder_label_listed(b, before);
	return r;
}
