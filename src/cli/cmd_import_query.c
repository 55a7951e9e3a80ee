/* tidings import-query: queries of other services, and alert definitions of the EMM, in the house's language. */
#include "base/utf8.h"
#include "cli/cli.h"
#include "watch/import_query.h"

#define TEXT_BYTES_MAX (16u << 20)

struct alerts_out {
	struct buf *out;
	const char *file;
};

static void
put_topic(void *ctx, struct str key, struct str query)
{
	struct buf *out = ((struct alerts_out *)ctx)->out;
	buf_puts(out, "[topic ");
	for (size_t i = 0; i < key.len; i++) {
		bool plain = (key.s[i] >= 'a' && key.s[i] <= 'z') || (key.s[i] >= '0' && key.s[i] <= '9');
		char c = key.s[i] >= 'A' && key.s[i] <= 'Z' ? (char)(key.s[i] - 'A' + 'a') : key.s[i];
		buf_putc(out, plain || c != key.s[i] ? c : '-');
	}
	buf_puts(out, "]\nquery = ");
	buf_str(out, query);
	buf_puts(out, "\n\n");
}

/* "FILE: " and the mistake with its lines. */
static int
say_of(const char *file, const struct err *err)
{
	struct buf lines;
	buf_init(&lines, 0);
	buf_printf(&lines, "%s: %s", strcmp(file, "-") == 0 ? "standard input" : file, err->msg);
	int code = cli_fail_lines(CLI_USAGE, buf_view(&lines));
	buf_done(&lines);
	return code;
}

static void
say(void *ctx, const struct err *err)
{
	const struct alerts_out *to = ctx;
	say_of(to->file, err);
}

static int
import_text(const char *file, struct str text, enum watch_dialect dialect)
{
	struct buf out;
	struct err err;
	int bad = 0;
	buf_init(&out, 0);
	if (dialect == WATCH_DIALECT_EMM) {
		struct watch_alerts to = {.tell = put_topic, .complain = say, .ctx = &(struct alerts_out){&out, file}};
		bad = watch_import_alerts(text, &to, &err);
	} else {
		bad = watch_import_query(text, dialect, &out, &err);
		buf_putc(&out, '\n');
	}
	int code = bad < 0 || buf_check(&out, &err) < 0 ? say_of(file, &err) : cli_output(&out);
	buf_done(&out);
	return code == CLI_FOUND && bad > 0 ? CLI_USAGE : code;
}

int
cmd_import_query(struct cli *cli, int argc, char **argv)
{
	struct cli_args args;
	enum watch_dialect dialect;
	struct buf text;
	struct err err;

	(void)cli;
	if (cli_args_parse(&args, argc, argv) != 0)
		return CLI_USAGE;
	const char *word = cli_args_value(&args, "format");
	if (word == NULL || !watch_dialect_parse(str_from(word), &dialect))
		return cli_usage(args.command, "say whose it is: --format emm, factiva, meltwater or brandwatch");
	if (args.word_count != 1)
		return cli_usage(args.command, "one file is needed");
	int code = cli_read(args.words[0], TEXT_BYTES_MAX, &text, &err) < 0
	               ? cli_fail(CLI_USAGE, "%s", err.msg)
	               : import_text(args.words[0], utf8_without_mark(buf_view(&text)), dialect);
	buf_done(&text);
	return code;
}
