#include "cli/home.h"
#include "render/render.h"
#include "store/store.h"
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
	cli_page_text(p, r->summary);
	if (!str_eq(r->content, r->summary))
		cli_page_text(p, r->content);
}

static int
show(const struct cli *cli, struct store *s, int64_t id, struct arena *arena, struct buf *out)
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
		render_record_json(&w, &r);
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
			rc = show(cli, home.store, id, &arena, &out);
	}
	int written = cli_output(&out);
	cli_home_done(&home);
	buf_done(&out);
	arena_done(&arena);
	return rc ? rc : written;
}
