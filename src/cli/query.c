#include "cli/query.h"

#include "cli/when.h"

#define FLUSH_BYTES 65536

int
cli_time_option(const struct cli_args *a, const char *name, int64_t *ret)
{
	const char *text = cli_args_value(a, name);
	*ret = TIME_NONE;
	if (text == NULL || cli_when(str_from(text), clock_wall(), clock_zone_ms, ret))
		return 0;
	return cli_usage(a->command,
	    "--%s: “%s” is no time; write 2026-11-23, 2026-11-23T14:35:00Z, today, yesterday, 2h or 30d", name, text);
}

int
cli_limit_option(const struct cli_args *a, size_t *ret)
{
	const char *text = cli_args_value(a, "limit");
	int64_t n = 50;
	if (text != NULL && !str_int(str_from(text), 1, 1000000000, &n))
		return cli_usage(a->command, "--limit: “%s” is no number from 1 to 1000000000", text);
	*ret = (size_t)n;
	return 0;
}

int
cli_query(struct store_query *q, const struct cli_args *a)
{
	*q = (struct store_query){
	    .text = STR_LIT(""),
	    .actor = str_from(cli_args_value(a, "actor")),
	    .topic = str_from(cli_args_value(a, "topic")),
	    .watch = str_from(cli_args_value(a, "watch")),
	    .feed = str_from(cli_args_value(a, "feed")),
	    .matched_only = cli_args_value(a, "matched") != NULL,
	    .oldest_first = cli_args_value(a, "oldest-first") != NULL,
	};
	int rc = cli_time_option(a, "since", &q->since_at);
	rc = rc ? rc : cli_time_option(a, "until", &q->until_at);
	return rc ? rc : cli_limit_option(a, &q->limit);
}

void
cli_printer_init(struct cli_printer *p, const struct cli *cli, bool blocks)
{
	*p = (struct cli_printer){.cli = cli, .blocks = blocks};
	p->style = (struct render_style){
	    .colour = cli->colour, .width = cli->width, .now = clock_wall(), .zone = clock_zone_ms};
	buf_init(&p->out, 0);
}

void
cli_printer_done(struct cli_printer *p)
{
	buf_done(&p->out);
}

int
cli_printer_flush(struct cli_printer *p)
{
	if (p->rc == 0 && (p->out.len > 0 || p->out.failed))
		p->rc = cli_output(&p->out);
	buf_reset(&p->out);
	return p->rc;
}

bool
cli_print_record(void *ctx, const struct record *r)
{
	struct cli_printer *p = ctx;
	struct jsonw w;

	if (p->cli->json) {
		jsonw_init(&w, &p->out, 0);
		render_record_json(&w, r);
		buf_putc(&p->out, '\n');
	} else if (!p->cli->terminal) {
		render_columns(&p->out, r);
	} else if (p->blocks) {
		render_human(&p->out, r, &p->style);
		buf_putc(&p->out, '\n');
	} else {
		render_table_row(&p->out, r, &p->style);
	}
	p->count++;
	if (r->id > p->last_id)
		p->last_id = r->id;
	return p->out.len < FLUSH_BYTES || cli_printer_flush(p) == 0;
}
