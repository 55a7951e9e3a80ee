#include "cli/home.h"
#include "render/render.h"
#include "store/store.h"
#include "story/diff.h"
#include "text/safe.h"

#include "cli/page.h"

static void
put_time(struct cli_page *p, const char *label, int64_t at)
{
	char text[RENDER_TIME_MAX];
	if (at != TIME_NONE)
		cli_page_field(p, label, str_from(render_time(at, clock_zone_ms, text)));
}

/* What render_human leaves out: the dates, where it is from, and the text. */
static void
put_rest(struct cli_page *p, const struct record *r)
{
	put_time(p, "published", r->published_at);
	put_time(p, "updated", r->updated_at);
	put_time(p, "first seen", r->first_seen_at);
	put_time(p, "changed", r->changed_at);
	cli_page_field(p, "feed", r->feed_key);
	cli_page_field(p, "authors", r->authors);
	cli_page_field(p, "categories", r->categories);
	cli_page_field(p, "language", r->language);
	cli_page_field(p, "guid", r->guid);
	cli_page_field(p, "canonical", r->canonical);
	cli_page_text(p, r->summary);
	if (!str_eq(r->content, r->summary))
		cli_page_text(p, r->content);
	if (!str_empty(r->article)) {
		cli_page_text(p, STR_LIT("From the page it links to:"));
		cli_page_text(p, r->article);
	}
}

/* Who else carries it: the feeds of its sightings, when there are several. */
static int
put_sightings(struct cli_page *p, struct store *s, int64_t id, struct arena *arena, struct err *err)
{
	struct store_sighting *sightings;
	size_t count;
	struct buf line;
	if (store_list_sightings(s, id, arena, &sightings, &count, err) < 0)
		return -1;
	buf_init(&line, 0);
	for (size_t i = 0; count > 1 && i < count; i++) {
		char text[RENDER_TIME_MAX];
		buf_reset(&line);
		buf_printf(&line, "%s %.*s %.*s", render_time(sightings[i].at, clock_zone_ms, text),
		    STR_ARG(sightings[i].feed_key), STR_ARG(sightings[i].link));
		cli_page_field(p, i == 0 ? "carried by" : "", buf_view(&line));
	}
	int rc = buf_check(&line, err);
	buf_done(&line);
	return rc;
}

/* ---- what edits changed ---- */

struct version {    /* of an item, oldest first; the last is what it says now */
	int64_t at; /* until when; TIME_NONE of the last */
	struct str title, summary, content;
};

static struct version *
list_versions(struct store *s, const struct record *r, struct arena *arena, size_t *count, struct err *err)
{
	struct store_revision *revisions;
	if (store_list_revisions(s, r->id, arena, &revisions, count, err) < 0)
		return NULL;
	struct version *versions = arena_zalloc(arena, *count + 1, sizeof *versions);
	if (versions == NULL) {
		arena_check(arena, err);
		return NULL;
	}
	for (size_t i = 0; i < *count; i++)
		versions[i] =
		    (struct version){revisions[i].at, revisions[i].title, revisions[i].summary, revisions[i].content};
	versions[*count] = (struct version){TIME_NONE, r->title, r->summary, r->content};
	return versions;
}

/* wdiff's marks: [-removed-] {+added+}. */
static int
diff_text(struct buf *out, struct str old, struct str new, struct arena *arena, struct err *err)
{
	static const char *const marks[][2] = {{"", ""}, {"[-", "-]"}, {"{+", "+}"}};
	struct story_diff_piece *pieces;
	size_t count;
	if (story_diff(old, new, arena, &pieces, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct str text = pieces[i].text, words = str_trim(text);
		if (i > 0 && out->len > 0 && !ascii_space(out->data[out->len - 1])) /* behind the last word of a text */
			buf_putc(out, ' ');
		buf_puts(out, marks[pieces[i].kind][0]);
		buf_str(out, pieces[i].kind == STORY_DIFF_SAME ? text : words);
		buf_puts(out, marks[pieces[i].kind][1]);
		if (pieces[i].kind != STORY_DIFF_SAME && words.s + words.len < text.s + text.len)
			buf_putc(out, ' ');
	}
	return buf_check(out, err);
}

static int
put_change(struct cli_page *p, const struct version *a, const struct version *b, struct arena *arena, struct err *err)
{
	const struct {
		struct str old, new;
	} fields[] = {{a->title, b->title}, {a->summary, b->summary}, {a->content, b->content}};
	struct buf text;
	int rc = 0;

	buf_init(&text, 0);
	for (size_t i = 0; rc == 0 && i < sizeof fields / sizeof *fields; i++) {
		/* what a content only repeats of the summary is not shown twice */
		if (str_eq(fields[i].old, fields[i].new) ||
		    (i == 2 && str_eq(a->content, a->summary) && str_eq(b->content, b->summary)))
			continue;
		buf_reset(&text);
		rc = diff_text(&text, fields[i].old, fields[i].new, arena, err);
		cli_page_text(p, buf_view(&text));
	}
	buf_done(&text);
	return rc;
}

static int
put_diffs(struct cli_page *p, struct store *s, const struct record *r, struct arena *arena, struct err *err)
{
	size_t count;
	struct version *versions = list_versions(s, r, arena, &count, err);
	for (size_t i = 0; versions != NULL && i < count; i++) {
		buf_putc(p->out, '\n');
		put_time(p, "edited", versions[i].at);
		if (put_change(p, &versions[i], &versions[i + 1], arena, err) < 0)
			return -1;
	}
	return versions != NULL ? 0 : -1;
}

static int
diffs_json(struct jsonw *w, struct store *s, const struct record *r, struct arena *arena, struct err *err)
{
	size_t count;
	struct version *versions = list_versions(s, r, arena, &count, err);
	if (versions == NULL)
		return -1;
	jsonw_key(w, "revisions");
	jsonw_array(w);
	for (size_t i = 0; i <= count; i++) {
		jsonw_object(w);
		jsonw_ktime(w, "until", versions[i].at);
		jsonw_kstr(w, "title", versions[i].title);
		jsonw_kstr(w, "summary", versions[i].summary);
		jsonw_kstr(w, "content", versions[i].content);
		jsonw_end(w);
	}
	jsonw_end(w);
	return 0;
}

static int
show(const struct cli *cli, struct store *s, int64_t id, bool diff, struct arena *arena, struct buf *out)
{
	struct record r;
	struct err err;
	struct jsonw w;

	arena_reset(arena);
	if (store_item(s, id, arena, &r, &err) < 0) {
		if (err.code == ERR_NOT_FOUND)
			return cli_fail(CLI_NOTHING, "there is no item %lld", (long long)id);
		return cli_fail(CLI_STORE, "%s", err.msg);
	}
	if (cli->json) {
		jsonw_init(&w, out, 0);
		if (diff)
			jsonw_object(&w), jsonw_key(&w, "item");
		render_record_json(&w, &r);
		if (diff && diffs_json(&w, s, &r, arena, &err) < 0)
			return cli_fail(CLI_STORE, "%s", err.msg);
		if (diff)
			jsonw_end(&w);
		buf_putc(out, '\n');
		return CLI_FOUND;
	}
	struct render_style style = {
	    .colour = cli->colour, .width = cli->width, .now = clock_wall(), .zone = clock_zone_ms};
	struct cli_page page = {out, cli->colour, cli->width};
	if (out->len > 0)
		buf_putc(out, '\n');
	render_human(out, &r, &style);
	put_rest(&page, &r);
	if (put_sightings(&page, s, id, arena, &err) < 0 || (diff && put_diffs(&page, s, &r, arena, &err) < 0))
		return cli_fail(CLI_STORE, "%s", err.msg);
	return CLI_FOUND;
}

/* "42" or "#42", as render_human writes it. */
static bool
parse_id(const char *word, int64_t *ret)
{
	return str_int(str_from(*word == '#' ? word + 1 : word), 1, INT64_MAX, ret);
}

int
cmd_show(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct cli_home home;
	struct arena arena;
	struct buf out;
	int64_t id;

	int rc = cli_args_parse(&a, argc, argv);
	if (rc == 0 && a.word_count == 0)
		rc = cli_usage(a.command, "which item?");
	for (int i = 0; rc == 0 && i < a.word_count; i++) {
		if (!parse_id(a.words[i], &id))
			rc = cli_usage(a.command, "“%s” is no item number", a.words[i]);
	}
	if (rc != 0)
		return rc;
	arena_init(&arena, 0);
	buf_init(&out, 0);
	rc = cli_home_open(&home, cli);
	for (int i = 0; rc == 0 && i < a.word_count; i++) {
		if (parse_id(a.words[i], &id))
			rc = show(cli, home.store, id, cli_args_value(&a, "diff") != NULL, &arena, &out);
	}
	int written = cli_output(&out);
	cli_home_done(&home);
	buf_done(&out);
	arena_done(&arena);
	return rc ? rc : written;
}
