#include "conf/value.h"

#include "base/mailbox.h"
#include "base/utf8.h"
#include "conf/units.h"
#include "feed/lang.h"
#include "feed/url.h"
#include "watch/query.h"

#include <stdio.h>

#define QUOTED_BYTES_MAX 100u
#define HEADERS_MAX 16u
#define MAILBOXES_MAX 64u

struct job { /* one value on its way into one field */
	const struct conf_key *key;
	const struct conf_value *value;
	struct arena *arena;
	struct err *err;
};

bool
conf_key_valid(struct str key)
{
	if (key.len == 0 || key.len > CONF_KEY_BYTES_MAX)
		return false;
	for (size_t i = 0; i < key.len; i++) {
		char c = key.s[i];
		bool inner = c == '.' || c == '_' || c == '-';
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !(inner && i > 0))
			return false;
	}
	return true;
}

const char *
conf_quote(struct str text, char out[CONF_QUOTE_MAX])
{
	struct str head = utf8_truncate(text, QUOTED_BYTES_MAX);
	snprintf(out, CONF_QUOTE_MAX, "“%.*s%s”", STR_ARG(head), head.len < text.len ? "…" : "");
	return out;
}

/* Lists double their room whenever their count is a power of two, so that they need not store a capacity. */
static void *
doubled(struct arena *arena, const void *items, size_t count, size_t size)
{
	void *p = arena_alloc(arena, (count ? count * 2 : 1) * size);
	if (p != NULL && count > 0)
		memcpy(p, items, count * size);
	return p;
}

int
conf_list_push(
    struct arena *arena, struct conf_list *list, struct str item, const struct conf_origin *origin, struct err *err)
{
	if (list->count >= CONF_LIST_MAX)
		return err_set(err, ERR_CONFIG, "the list is too long; expected at most %u items", CONF_LIST_MAX);
	if ((list->count & (list->count - 1)) == 0) {
		struct str *items = doubled(arena, list->items, list->count, sizeof *items);
		if (items == NULL)
			return err_oom(err);
		list->items = items;
		if (origin != NULL) {
			struct conf_origin *origins = doubled(arena, list->origins, list->count, sizeof *origins);
			if (origins == NULL)
				return err_oom(err);
			list->origins = origins;
		}
	}
	struct str copy = arena_str(arena, item);
	if (copy.s == NULL)
		return err_oom(err);
	list->items[list->count] = copy;
	if (origin != NULL)
		list->origins[list->count] = *origin;
	list->count++;
	return 0;
}

bool
conf_list_has(const struct conf_list *list, struct str item)
{
	for (size_t i = 0; i < list->count; i++) {
		if (str_eq(list->items[i], item))
			return true;
	}
	return false;
}

static int
wrong(const struct job *j, const char *what)
{
	char quoted[CONF_QUOTE_MAX];
	return err_set(j->err, ERR_CONFIG, "%s: %s %s", j->key->name, conf_quote(j->value->text, quoted), what);
}

static int
store_text(const struct job *j, struct str text, struct str *field)
{
	struct str copy = arena_str(j->arena, text);
	if (copy.s == NULL && text.s != NULL)
		return err_oom(j->err);
	*field = copy;
	return 0;
}

static int
parse_bool(const struct job *j, void *field)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_ieq(j->value->text, str_from(words[i]))) {
			*(bool *)field = i % 2;
			return 0;
		}
	}
	return wrong(j, "is neither yes nor no");
}

static int
in_range(const struct job *j, int64_t n, const char *low, const char *high, void *field)
{
	const struct conf_key *k = j->key;
	int64_t min = k->min + (k->type == CONF_INTEGER && k->words != NULL); /* the least stands for the word */
	char text[128];
	if ((k->min != 0 || k->max != 0) && (n < min || n > k->max)) {
		snprintf(text, sizeof text, "is too %s; expected %s to %s", n < min ? "small" : "large", low, high);
		return wrong(j, text);
	}
	*(int64_t *)field = n;
	return 0;
}

static int
parse_integer(const struct job *j, void *field)
{
	int64_t n;
	char low[UNITS_TEXT_MAX], high[UNITS_TEXT_MAX], text[128];
	bool word = j->key->words != NULL;
	if (word && str_is(j->value->text, j->key->words)) {
		*(int64_t *)field = j->key->min;
		return 0;
	}
	snprintf(low, sizeof low, "%lld", (long long)j->key->min + word);
	snprintf(high, sizeof high, "%lld%s%s", (long long)j->key->max, word ? ", or " : "", word ? j->key->words : "");
	if (!str_int(j->value->text, INT64_MIN, INT64_MAX, &n)) {
		snprintf(text, sizeof text, "is not a whole number; expected %s to %s", low, high);
		return wrong(j, text);
	}
	return in_range(j, n, low, high, field);
}

static int
parse_duration(const struct job *j, void *field)
{
	int64_t ms;
	char low[UNITS_TEXT_MAX], high[UNITS_TEXT_MAX];
	if (!units_parse_duration(j->value->text, &ms))
		return wrong(j, "is not a duration; expected a number with a unit, such as 90s, 15m, 1h30m or 2d");
	return in_range(j, ms, units_print_duration(j->key->min, low), units_print_duration(j->key->max, high), field);
}

static int
parse_size(const struct job *j, void *field)
{
	int64_t bytes;
	char low[UNITS_TEXT_MAX], high[UNITS_TEXT_MAX];
	if (!units_parse_size(j->value->text, &bytes))
		return wrong(j, "is not a size; expected a number of bytes, or one with a unit such as 64KiB or 10MiB");
	return in_range(j, bytes, units_print_size(j->key->min, low), units_print_size(j->key->max, high), field);
}

/* The word itself, as it stands in the row: so that it may be compared and shown without care. */
static int
parse_word(const struct job *j, void *field)
{
	char text[256];
	struct str rest = str_from(j->key->words), word;
	while (str_split(&rest, ' ', &word)) {
		if (str_eq(word, j->value->text))
			return store_text(j, word, field);
	}
	snprintf(text, sizeof text, "is not known here; expected one of: %s", j->key->words);
	return wrong(j, text);
}

static int
parse_text(const struct job *j, void *field)
{
	return store_text(j, j->value->text, field);
}

static struct str
resolve(const struct job *j)
{
	struct str path = j->value->text, dir = j->value->dir;
	if (path.s[0] == '/' || dir.s == NULL)
		return path;
	return arena_printf(j->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(path));
}

static int
parse_path(const struct job *j, void *field)
{
	/* A secret may be a credential, which is in no directory of ours (base/secret.h). */
	bool credential = str_ends(str_from(j->key->name), STR_LIT("secret-file")) &&
	                  str_starts(j->value->text, STR_LIT("credential:"));
	struct str path = credential ? j->value->text : resolve(j);
	return path.s == NULL ? err_oom(j->err) : store_text(j, path, field);
}

static bool
scheme_allowed(struct str scheme, const char *words)
{
	struct str rest = str_from(words), word;
	while (str_split(&rest, ' ', &word)) {
		if (str_ieq(scheme, word))
			return true;
	}
	return false;
}

/* A name, which may hold letters of any script, an IPv4 address, or an IPv6 address in its brackets. */
static bool
host_valid(struct str host)
{
	bool address = str_starts(host, STR_LIT("[")) && str_ends(host, STR_LIT("]"));
	if (host.len < (address ? 4 : 1))
		return false;
	for (size_t i = address; i < host.len - address; i++) {
		unsigned char c = (unsigned char)host.s[i], lower = c | 32;
		bool digit = c >= '0' && c <= '9', hex = digit || (lower >= 'a' && lower <= 'f');
		if (address ? !hex && c != ':' && c != '.'
		            : !digit && !(lower >= 'a' && lower <= 'z') && c < 0x80 && strchr(".-_", c) == NULL)
			return false;
	}
	return true;
}

static int
parse_url(const struct job *j, void *field)
{
	struct str url = j->value->text;
	struct url_parts parts = url_parse(url);
	int64_t port;
	char text[128];
	if (!scheme_allowed(parts.scheme, j->key->words)) {
		snprintf(text, sizeof text,
		    "is not a URL of a kind that works here; expected one of these schemes, then ://: %s",
		    j->key->words);
		return wrong(j, text);
	}
	for (size_t i = 0; i < url.len; i++) {
		if (ascii_space(url.s[i]))
			return wrong(j, "has white space inside; expected a URL on one line, with %20 for a space");
	}
	if (parts.userinfo.s != NULL)
		return err_set(j->err, ERR_CONFIG,
		    "%s: credentials in a URL get into logs and databases; expected a URL without them%s", j->key->name,
		    j->key->section == CONF_FEED && strcmp(j->key->name, "url") == 0
		        ? " (a feed can send them with header = Authorization: …)"
		        : "");
	if (url.len > URL_BYTES_MAX || !host_valid(parts.host) ||
	    (parts.port.s != NULL && !str_int(parts.port, 1, 65535, &port)))
		return wrong(j, "has no usable host or port; expected a URL such as https://example.org/feed.xml");
	return store_text(j, url, field);
}

static int
parse_language(const struct job *j, void *field)
{
	struct str tag = lang_normalise(j->arena, j->value->text);
	if (tag.s == NULL)
		return wrong(j, "is not a language; expected a code such as uk, zh-Hant or pt-BR");
	*(struct str *)field = tag;
	return 0;
}

static bool
next_word(struct str *rest, const char *separators, struct str *word)
{
	size_t i = 0;
	while (i < rest->len && strchr(separators, rest->s[i]) != NULL)
		i++;
	size_t start = i;
	while (i < rest->len && strchr(separators, rest->s[i]) == NULL)
		i++;
	*word = (struct str){rest->s + start, i - start};
	*rest = (struct str){rest->s + i, rest->len - i};
	return word->len > 0;
}

static int
parse_words(const struct job *j, void *field)
{
	struct str rest = j->value->text, word;
	while (next_word(&rest, " \t,", &word)) {
		if (!conf_list_has(field, word) && conf_list_push(j->arena, field, word, &j->value->origin, j->err) < 0)
			return -1;
	}
	return 0;
}

static int
parse_paths(const struct job *j, void *field)
{
	struct str path = resolve(j);
	return path.s == NULL ? err_oom(j->err) : conf_list_push(j->arena, field, path, &j->value->origin, j->err);
}

static int
parse_names(const struct job *j, void *field)
{
	struct conf_list *names = field;
	struct str lang = STR_LIT("und");
	if (j->value->lang.s != NULL && !str_ieq(j->value->lang, lang))
		lang = lang_normalise(j->arena, j->value->lang);
	if (lang.s == NULL) {
		char quoted[CONF_QUOTE_MAX];
		return err_set(j->err, ERR_CONFIG, "%s: %s is not a language; expected a code such as %s[uk]",
		    j->key->name, conf_quote(j->value->lang, quoted), j->key->name);
	}
	if (conf_list_push(j->arena, names, j->value->text, &j->value->origin, j->err) < 0)
		return -1;
	if (conf_list_push(j->arena, names + 1, lang, NULL, j->err) < 0) {
		names->count--;
		return -1;
	}
	return 0;
}

/* RFC 9110, 5.1: a token, a colon. The value holds no control character by now. */
/* What our client says itself, of the connection, of the body and of what it has already; and what is for a proxy only. */
static bool
is_ours(struct str header)
{
	static const char *const names[] = {"connection", "content-length", "keep-alive", "te", "trailer",
	    "transfer-encoding", "upgrade", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since",
	    "if-range", "range", "a-im", "proxy-authorization", "proxy-connection"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_ieq(header, str_from(names[i])))
			return true;
	}
	return false;
}

static int
parse_headers(const struct job *j, void *field)
{
	struct str text = j->value->text;
	size_t n = 0;
	while (n < text.len && text.s[n] > ' ' && text.s[n] < 0x7F && strchr("\"(),/:;<=>?@[\\]{}", text.s[n]) == NULL)
		n++;
	if (n == 0 || n == text.len || text.s[n] != ':')
		return wrong(j, "is not a header; expected Name: value");
	if (is_ours((struct str){text.s, n}))
		return err_set(j->err, ERR_CONFIG,
		    "%s: %.*s is not for a configuration to say; expected another header (for a proxy: proxy-user)",
		    j->key->name, (int)n, text.s);
	if (((struct conf_list *)field)->count >= HEADERS_MAX)
		return err_set(j->err, ERR_CONFIG, "header: there are too many; expected at most %u", HEADERS_MAX);
	return conf_list_push(j->arena, field, text, &j->value->origin, j->err);
}

static int
parse_mailbox(const struct job *j, void *field)
{
	struct mailbox parsed;
	if (!mailbox_parse(j->value->text, &parsed))
		return wrong(j, "is not a mail address; expected user@host, or Name <user@host>");
	return store_text(j, j->value->text, field);
}

static int
parse_mailboxes(const struct job *j, void *field)
{
	struct mailbox parsed;
	if (!mailbox_parse(j->value->text, &parsed))
		return wrong(j, "is not a mail address; expected user@host, or Name <user@host>; one on each line");
	if (((struct conf_list *)field)->count >= MAILBOXES_MAX)
		return err_set(
		    j->err, ERR_CONFIG, "%s: there are too many; expected at most %u", j->key->name, MAILBOXES_MAX);
	return conf_list_push(j->arena, field, j->value->text, &j->value->origin, j->err);
}

static int
parse_command(const struct job *j, void *field)
{
	struct conf_list fresh = {0};
	struct str rest = j->value->text, word;
	while (next_word(&rest, " \t", &word)) {
		if (conf_list_push(j->arena, &fresh, word, &j->value->origin, j->err) < 0)
			return -1;
	}
	*(struct conf_list *)field = fresh;
	return 0;
}

static int
parse_argument(const struct job *j, void *field)
{
	struct conf_list *command = field;
	if (command->count == 0)
		return err_set(j->err, ERR_CONFIG, "argument: stands before any command; expected command = … above it");
	return conf_list_push(j->arena, command, j->value->text, &j->value->origin, j->err);
}

/* A later one takes its place. */
static int
parse_query(const struct job *j, void *field)
{
	struct conf_list fresh = {0};
	struct query query;
	struct query_mistake mistake;
	struct arena scratch;
	struct buf shown;

	arena_init(&scratch, 0);
	buf_init(&shown, 0);
	int rc = query_parse(j->value->text, &scratch, &query, &mistake);
	if (rc < 0)
		query_mistake_show(&mistake, j->value->text, &shown);
	query_done(&query);
	arena_done(&scratch);
	if (rc < 0)
		err_set(j->err, ERR_CONFIG, "%s: %s", j->key->name, shown.data ? shown.data : "memory ran out");
	buf_done(&shown);
	if (rc < 0 || conf_list_push(j->arena, &fresh, j->value->text, &j->value->origin, j->err) < 0)
		return -1;
	*(struct conf_list *)field = fresh;
	return 0;
}

static int (*const parsers[CONF_TYPE_COUNT])(const struct job *j, void *field) = {
    [CONF_BOOL] = parse_bool,
    [CONF_INTEGER] = parse_integer,
    [CONF_DURATION] = parse_duration,
    [CONF_SIZE] = parse_size,
    [CONF_WORD] = parse_word,
    [CONF_TEXT] = parse_text,
    [CONF_PATH] = parse_path,
    [CONF_URL] = parse_url,
    [CONF_LANGUAGE] = parse_language,
    [CONF_WORDS] = parse_words,
    [CONF_PATHS] = parse_paths,
    [CONF_NAMES] = parse_names,
    [CONF_HEADERS] = parse_headers,
    [CONF_MAILBOX] = parse_mailbox,
    [CONF_MAILBOXES] = parse_mailboxes,
    [CONF_COMMAND] = parse_command,
    [CONF_ARGUMENT] = parse_argument,
    [CONF_QUERY] = parse_query,
};

/* An empty value: lists and texts become empty, whatever the default; numbers and words go back to it. */
static int
clear(const struct job *j, void *field)
{
	switch (j->key->type) {
	case CONF_TEXT:
	case CONF_PATH:
	case CONF_URL:
	case CONF_LANGUAGE:
	case CONF_MAILBOX:
		*(struct str *)field = STR_NONE;
		return 0;
	case CONF_NAMES:
		((struct conf_list *)field)[1].count = 0;
		__attribute__((fallthrough));
	case CONF_WORDS:
	case CONF_PATHS:
	case CONF_HEADERS:
	case CONF_MAILBOXES:
	case CONF_COMMAND:
	case CONF_QUERY:
		((struct conf_list *)field)->count = 0;
		return 0;
	case CONF_ARGUMENT:
		return err_set(j->err, ERR_CONFIG, "argument: is empty; to begin afresh set command again");
	default:
		break;
	}
	struct conf_value fallback = *j->value;
	fallback.text = str_from(j->key->fallback);
	struct job again = *j;
	again.value = &fallback;
	if (!str_empty(fallback.text))
		return parsers[j->key->type](&again, field);
	if (j->key->type == CONF_WORD)
		*(struct str *)field = STR_NONE;
	else if (j->key->type == CONF_BOOL)
		*(bool *)field = false;
	else
		*(int64_t *)field = 0;
	return 0;
}

int
conf_value_parse(
    const struct conf_key *key, const struct conf_value *value, struct arena *arena, void *record, struct err *err)
{
	struct job j = {key, value, arena, err};
	void *field = (char *)record + key->offset;
	if (value->lang.s != NULL && key->type != CONF_NAMES)
		return err_set(err, ERR_CONFIG, "%s: does not take a language; expected %s = …", key->name, key->name);
	return str_empty(value->text) ? clear(&j, field) : parsers[key->type](&j, field);
}

int
conf_value_defaults(enum conf_section section, struct arena *arena, void *record, struct err *err)
{
	memset(record, 0, conf_sections[section].size);
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		struct conf_value value = {.text = str_from(k->fallback)};
		if (k->section == section && !str_empty(value.text) &&
		    conf_value_parse(k, &value, arena, record, err) < 0)
			return -1;
	}
	return 0;
}
