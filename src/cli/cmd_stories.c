#include "base/jsonw.h"
#include "base/vec.h"
#include "cli/query.h"
#include "story/window.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * tidings stories: a list (cmd_story.c), or a filter. One item per line in, in order of arrival, one answer per line out:
 * the first item of its story, and which item it repeats, if any. A line that is no item is told with its number on
 * standard error and answered too, with "error", so that answers stay in step with items and nothing behind it is lost.
 */

#define LINE_BYTES_MAX (64u * 1024 * 1024)
#define WINDOW_ITEMS (1u << 20)

struct seen { /* an item that was read */
	json_t *id;
	char *signature; /* packed */
	size_t signature_len;
	size_t story; /* the first item of its story */
};

struct filter {
	struct story_window *window;
	struct arena arena; /* of the item in hand */
	struct seen *seen;
	size_t count, cap;
};

/* The window knows item n under the number n + 1, as 0 stands for none; its own numbers are the same as ours. */
static int
fetch(void *ctx, int64_t item, struct arena *arena, struct str *ret, struct err *err)
{
	const struct filter *f = ctx;
	const struct seen *s = &f->seen[item - 1];
	(void)arena;
	(void)err;
	*ret = (struct str){s->signature, s->signature_len};
	return 0;
}

static struct str
member(const json_t *item, const char *key)
{
	const json_t *v = json_object_get(item, key);
	return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : STR_NONE;
}

static void
write_id(struct jsonw *w, const char *key, const json_t *id)
{
	char *text = id ? json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	jsonw_key(w, key);
	if (text != NULL)
		jsonw_raw(w, str_from(text));
	else
		jsonw_null(w);
	free(text);
}

static void
write_answer(struct buf *out, const struct filter *f, const struct story_place *p)
{
	struct jsonw w;
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	write_id(&w, "id", f->seen[p->number].id);
	write_id(&w, "story", f->seen[f->seen[p->number].story].id);
	write_id(&w, "duplicate_of", p->duplicate_of == STORY_NONE ? NULL : f->seen[p->duplicate_of].id);
	jsonw_key(&w, "similarity");
	jsonw_double(&w, p->similarity, 4);
	jsonw_end(&w);
	buf_putc(out, '\n');
}

static void
write_error(struct buf *out, const json_t *id, const char *error)
{
	struct jsonw w;
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	write_id(&w, "id", id);
	write_id(&w, "story", NULL);
	write_id(&w, "duplicate_of", NULL);
	jsonw_kint(&w, "similarity", 0);
	jsonw_kcstr(&w, "error", error);
	jsonw_end(&w);
	buf_putc(out, '\n');
}

static int
keep(struct filter *f, const struct story_features *features, const struct story_place *place, json_t *id,
    struct err *err)
{
	struct story_signature s;
	if (story_signature_make(features, &place->cut, NULL, 0, &f->arena, &s, err) < 0)
		return -1;
	struct str packed = story_signature_pack(&s, &f->arena);
	if (packed.s == NULL || vec_reserve((void **)&f->seen, &f->cap, f->count + 1, sizeof *f->seen) < 0)
		return err_oom(err);
	char *copy = malloc(packed.len);
	if (copy == NULL)
		return err_oom(err);
	memcpy(copy, packed.s, packed.len);
	size_t story = place->joins == STORY_NONE ? f->count : f->seen[place->joins].story;
	f->seen[f->count++] = (struct seen){json_incref(id), copy, packed.len, story};
	return 0;
}

static int
place_item(struct filter *f, json_t *item, struct buf *out, struct err *err)
{
	struct str summary = member(item, "summary"), content = member(item, "content");
	struct story_text text = {
	    .title = member(item, "title"), .text = content.len >= summary.len ? content : summary};
	struct story_features features;
	struct story_arrival arrival = {
	    .feed = member(item, "feed"), .features = &features, .item = (int64_t)f->count + 1};
	struct story_place place;

	arena_reset(&f->arena);
	if (story_features(&text, &f->arena, &features, err) < 0 ||
	    story_window_add(f->window, &arrival, &place, err) < 0 ||
	    keep(f, &features, &place, json_object_get(item, "id"), err) < 0)
		return -1;
	write_answer(out, f, &place);
	return buf_check(out, err);
}

static int
place_line(struct filter *f, struct str line, struct buf *out, struct err *err)
{
	json_error_t why;
	json_t *item = json_loadb(line.s, line.len, JSON_ALLOW_NUL, &why);
	int rc;

	if (item == NULL)
		rc = err_set(err, ERR_SYNTAX, "not JSON: %s", why.text);
	else if (!json_is_object(item) || json_object_get(item, "id") == NULL)
		rc = err_set(err, ERR_SYNTAX, "not a JSON object with an id");
	else
		rc = place_item(f, item, out, err);
	if (rc < 0) {
		buf_reset(out);
		write_error(out, json_is_object(item) ? json_object_get(item, "id") : NULL, err->msg);
	}
	json_decref(item);
	return rc;
}

static int
place_all(struct filter *f)
{
	size_t number = 0;
	struct buf line, out;
	int code = CLI_FOUND;

	buf_init(&line, LINE_BYTES_MAX);
	buf_init(&out, 0);
	while (code == CLI_FOUND && cli_read_line(&line)) {
		struct err err;
		number++;
		if (!line.failed && str_empty(str_trim(buf_view(&line))))
			continue;
		err_clear(&err);
		buf_reset(&out);
		if (buf_check(&line, &err) < 0)
			write_error(&out, NULL, err.msg);
		else
			place_line(f, buf_view(&line), &out, &err);
		if (err.code != ERR_NONE)
			cli_fail(CLI_USAGE, "standard input, line %zu: %s", number, err.msg);
		code = err.code == ERR_NO_MEMORY ? CLI_USAGE : cli_output(&out);
	}
	if (code == CLI_FOUND && ferror(stdin))
		code = cli_fail(CLI_USAGE, "cannot read standard input: %s", strerror(errno));
	buf_done(&line);
	buf_done(&out);
	return code;
}

static int
filter(void)
{
	struct filter f = {.window = NULL};
	struct story_window_options options = {.max_items = WINDOW_ITEMS, .fetch = fetch, .ctx = &f};

	arena_init(&f.arena, 0);
	f.window = story_window_new(&options);
	int code = f.window == NULL ? cli_fail(CLI_USAGE, "memory ran out") : place_all(&f);
	for (size_t i = 0; i < f.count; i++) {
		json_decref(f.seen[i].id);
		free(f.seen[i].signature);
	}
	free(f.seen);
	story_window_free(f.window);
	arena_done(&f.arena);
	return code;
}

/* Without options it is a filter when something is piped into it. */
int
cmd_stories(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	int rc = cli_args_parse(&a, argc, argv);
	if (rc == 0 && a.word_count > 0)
		rc = cli_usage(a.command, "what is “%s”?", a.words[0]);
	if (rc != 0)
		return rc;
	bool asked = cli_args_value(&a, "filter") != NULL;
	return asked || (argc == 1 && !cli->json && !isatty(STDIN_FILENO)) ? filter() : cli_list_stories(cli, &a);
}
