#include "base/jsonw.h"
#include "cli/asked.h"
#include "cli/json_memory.h"
#include "watch/import.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>

/*
 * tidings match --watchlist FILE.tsv --query QUERY: a filter. One item per line in, one answer per line out, in order. A line that
 * is no item is told with its number on standard error and answered with {"id":null,"error":…} and no matches, so that
 * answers stay in step with items. The exit status is 0 when everything was read.
 */

#define WATCHLIST_BYTES_MAX (512u * 1024 * 1024)
#define LINE_BYTES_MAX (64u * 1024 * 1024)
#define ITEM_MEMORY_MAX (1024u * 1024 * 1024)

/* What items are matched against. */
struct matcher {
	struct watchlist *list;
	ptrdiff_t query; /* its entity, or -1 */
	struct watch_memo *memo;
	struct cli_given_up given_up;
};

/* Names are looked for in the first three, a query asks for all of them. */
static const enum watch_field fields[] = {WATCH_FIELD_TITLE, WATCH_FIELD_SUMMARY, WATCH_FIELD_CONTENT,
    WATCH_FIELD_ARTICLE, WATCH_FIELD_AUTHOR, WATCH_FIELD_CATEGORY, WATCH_FIELD_LINK};
#define NAME_FIELD_COUNT 3u
#define FIELD_COUNT (sizeof fields / sizeof *fields)

static void
complain(void *ctx, const struct err *err)
{
	(void)ctx;
	cli_fail(CLI_CONFIG, "%s", err->msg);
}

static int
add_names(struct watch_builder *b, const char *path, struct err *err)
{
	struct buf text;
	int rc = cli_read(path, WATCHLIST_BYTES_MAX, &text, err);
	if (rc == 0 && watch_add_names(b, buf_view(&text), str_from(path), complain, NULL, err) < 0)
		rc = -1;
	buf_done(&text);
	return rc;
}

static int
add_query(struct watch_builder *b, const char *query, struct err *err)
{
	return watch_add_query(
	    b, STR_LIT(CLI_ASKED_ID), WATCH_ALERT, str_from(query), (struct watch_origin){STR_NONE, 0}, err);
}

/* 0, or an exit status after what is wrong was told. */
static int
load(struct matcher *m, const char *path, const char *query)
{
	struct err err;
	struct watch_builder *b = watch_builder_new();
	int rc = 0;
	if (b == NULL)
		return cli_fail(CLI_CONFIG, "memory ran out");
	if (query != NULL && add_query(b, query, &err) < 0) {
		err_prefix(&err, "query");
		rc = cli_fail_lines(err.code == ERR_CONFIG ? CLI_USAGE : CLI_CONFIG, str_from(err.msg));
	} else if ((path != NULL && add_names(b, path, &err) < 0) || (m->list = watch_compile(b, &err)) == NULL) {
		rc = cli_fail_lines(CLI_CONFIG, str_from(err.msg));
	}
	watch_builder_free(b);
	m->query = rc == 0 ? watchlist_find(m->list, STR_LIT(CLI_ASKED_ID)) : -1;
	return rc;
}

static struct str
member(const json_t *item, const char *key)
{
	const json_t *v = json_object_get(item, key);
	return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : STR_NONE;
}

static void
write_id(struct jsonw *w, const json_t *id)
{
	jsonw_key(w, "id");
	if (json_is_string(id)) {
		jsonw_str(w, (struct str){json_string_value(id), json_string_length(id)});
		return;
	}
	char *text = id ? json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	if (text != NULL)
		jsonw_raw(w, str_from(text));
	else
		jsonw_null(w);
	free(text);
}

static void
write_mentions(struct jsonw *w, const struct watch_hit *hit, const struct watch_input *in)
{
	jsonw_key(w, "mentions");
	jsonw_array(w);
	for (size_t i = 0; i < hit->mention_count; i++) {
		const struct watch_mention *m = &hit->mentions[i];
		jsonw_object(w);
		jsonw_kcstr(w, "field", watch_field_word(m->field));
		jsonw_kint(w, "start", m->start);
		jsonw_kint(w, "end", m->end);
		jsonw_kstr(w, "text", (struct str){in->fields[m->field].s + m->start, m->end - m->start});
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void
write_hit(struct jsonw *w, const struct watchlist *list, const struct watch_hit *hit, const struct watch_input *in)
{
	jsonw_object(w);
	jsonw_kstr(w, "id", watchlist_entity(list, hit->entity)->id);
	write_mentions(w, hit, in);
	jsonw_end(w);
}

static void
write_hits(struct jsonw *w, const char *key, bool topics, const struct watchlist *list,
    const struct watch_result *found, const struct watch_input *in)
{
	jsonw_key(w, key);
	jsonw_array(w);
	for (size_t i = 0; i < found->hit_count; i++) {
		enum watch_kind kind = watchlist_entity(list, found->hits[i].entity)->kind;
		if (topics ? kind == WATCH_TOPIC : watch_kind_is_actor(kind))
			write_hit(w, list, &found->hits[i], in);
	}
	jsonw_end(w);
}

/* Where the query applies: null when it does not. */
static void
write_query(struct jsonw *w, size_t entity, const struct watch_result *found, const struct watch_input *in)
{
	const struct watch_hit *hit = NULL;
	for (size_t i = 0; i < found->hit_count; i++) {
		if (found->hits[i].entity == entity)
			hit = &found->hits[i];
	}
	jsonw_key(w, "query");
	if (hit == NULL) {
		jsonw_null(w);
		return;
	}
	jsonw_object(w);
	write_mentions(w, hit, in);
	jsonw_end(w);
}

static void
write_answer(struct buf *out, const json_t *id, const struct matcher *m, const struct watch_result *found,
    const struct watch_input *in, const char *error)
{
	const struct watchlist *list = m->list;
	struct jsonw w;
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	write_id(&w, id);
	if (error != NULL)
		jsonw_kcstr(&w, "error", error);
	write_hits(&w, "actors", false, list, found, in);
	write_hits(&w, "topics", true, list, found, in);
	if (m->query >= 0)
		write_query(&w, (size_t)m->query, found, in);
	jsonw_end(&w);
	buf_putc(out, '\n');
}

/* Answers one line; what is wrong with it goes into err. */
static int
match_line(struct matcher *m, struct str line, struct arena *arena, struct buf *out, struct err *err)
{
	struct watch_input in = {.memo = m->memo, .lang = STR_NONE};
	struct watch_result found = {0};
	json_error_t why;
	int r = -1;
	const json_t *item = json_memory_load(arena, line, JSON_ALLOW_NUL, &why);

	if (arena_check(arena, err) < 0) {
		item = NULL;
	} else if (item == NULL) {
		err_set(err, ERR_SYNTAX, "not JSON: %s", why.text);
	} else if (!json_is_object(item)) {
		err_set(err, ERR_SYNTAX, "not a JSON object");
	} else {
		in.lang = member(item, "lang");
		for (size_t i = 0; i < (m->query >= 0 ? FIELD_COUNT : NAME_FIELD_COUNT); i++)
			in.fields[fields[i]] = member(item, watch_field_word(fields[i]));
		in.feed = member(item, "feed");
		in.source = member(item, "source");
		in.tags = member(item, "tags");
		r = watch_match(m->list, &in, arena, &found, err);
		for (size_t i = 0; r == 0 && i < found.given_up_count; i++)
			cli_given_up_note(&m->given_up, &found.given_up[i]);
	}
	if (r < 0)
		found = (struct watch_result){0};
	write_answer(out, r < 0 && !json_is_object(item) ? NULL : json_object_get(item, "id"), m, &found, &in,
	    r < 0 ? err->msg : NULL);
	return r;
}

static int
match_all(struct matcher *m)
{
	struct arena arena;
	struct buf line, out;
	struct err err;
	int code = CLI_FOUND;
	uint64_t number = 0;

	m->memo = watch_memo_new();
	if (m->memo == NULL)
		return cli_fail(CLI_USAGE, "memory ran out");
	arena_init(&arena, ITEM_MEMORY_MAX);
	buf_init(&line, LINE_BYTES_MAX);
	buf_init(&out, 0);
	while (code == CLI_FOUND && cli_read_line(&line)) {
		number++;
		if (!line.failed && str_empty(str_trim(buf_view(&line))))
			continue;
		arena_reset(&arena);
		buf_reset(&out);
		struct watch_input none = {.lang = STR_NONE};
		struct watch_result nothing = {0};
		if (buf_check(&line, &err) < 0)
			write_answer(&out, NULL, m, &nothing, &none, err.msg);
		else if (match_line(m, buf_view(&line), &arena, &out, &err) == 0)
			err_clear(&err);
		if (err.code != ERR_NONE)
			cli_fail(CLI_USAGE, "standard input, line %llu: %s", (unsigned long long)number, err.msg);
		code = cli_output(&out);
	}
	if (ferror(stdin))
		code = cli_fail(CLI_USAGE, "cannot read standard input: %s", strerror(errno));
	cli_given_up_tell(&m->given_up, m->list);
	watch_memo_free(m->memo);
	arena_done(&arena);
	buf_done(&line);
	buf_done(&out);
	return code;
}

int
cmd_match(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {{"watchlist", required_argument, NULL, 'w'},
	    {"query", required_argument, NULL, 'q'}, {"json", no_argument, NULL, 'j'}, {0}};
	const struct cli_command *command = cli_command_find(argv[0]);
	const char *path = NULL, *query = NULL;
	struct matcher m = {.query = -1};
	int c;

	(void)cli;
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "w:q:", options, NULL)) != -1) {
		if (c == 'w')
			path = optarg;
		else if (c == 'q')
			query = optarg;
		else if (c != 'j')
			return cli_usage(command, "unknown option or missing value: %s", argv[optind - 1]);
	}
	if ((path == NULL && query == NULL) || optind < argc)
		return cli_usage(command, "a list of names or a query is needed, and nothing else");
	int code = load(&m, path, query);
	if (code == 0)
		code = match_all(&m);
	watchlist_free(m.list);
	return code;
}
