#include "cli/cli.h"
#include "watch/import.h"

#define NAMES_BYTES_MAX (256u << 20)

/* A house TSV has neither tabs nor line ends in its fields. */
static void
put_field(struct buf *out, struct str s, char end)
{
	for (size_t i = 0; i < s.len; i++)
		buf_putc(out, s.s[i] == '\t' || s.s[i] == '\n' || s.s[i] == '\r' ? ' ' : s.s[i]);
	buf_putc(out, end);
}

static int
write_name(void *ctx, const struct watch_imported *n, struct err *err)
{
	struct buf *out = ctx;
	(void)err;
	put_field(out, n->id, '\t');
	put_field(out, str_from(watch_kind_word(n->kind)), '\t');
	put_field(out, n->lang, '\t');
	put_field(out, n->name, '\n');
	return 0;
}

static void
say(void *ctx, const struct err *err)
{
	(void)ctx;
	cli_fail(CLI_USAGE, "%s", err->msg);
}

static int
import_text(struct str text, enum watch_format format, const char *path)
{
	struct buf out;
	struct err err;
	buf_init(&out, 0);
	struct watch_importer to = {.tell = write_name, .complain = say, .ctx = &out, .file = str_from(path)};
	buf_puts(&out, "id\tkind\tlang\tname\n");
	int bad = watch_import(text, format, &to, &err);
	int code = bad < 0 || buf_check(&out, &err) < 0 ? cli_fail(CLI_USAGE, "%s", err.msg) : cli_output(&out);
	buf_done(&out);
	return code == CLI_FOUND && bad > 0 ? CLI_USAGE : code;
}

int
cmd_import_names(struct cli *cli, int argc, char **argv)
{
	struct cli_args args;
	enum watch_format format = WATCH_FORMAT_AUTO;
	struct buf text;
	struct err err;

	(void)cli;
	if (cli_args_parse(&args, argc, argv) != 0)
		return CLI_USAGE;
	const char *word = cli_args_value(&args, "format");
	if (word != NULL && !watch_format_parse(str_from(word), &format))
		return cli_usage(args.command, "unknown format: %s", word);
	if (args.word_count != 1)
		return cli_usage(args.command, "one file is needed");
	buf_init(&text, NAMES_BYTES_MAX);
	int code = CLI_USAGE;
	if (cli_read(args.words[0], NAMES_BYTES_MAX, &text, &err) < 0)
		cli_fail(CLI_USAGE, "%s", err.msg);
	else if (format == WATCH_FORMAT_AUTO && (format = watch_format_guess(buf_view(&text))) == WATCH_FORMAT_HOUSE)
		cli_fail(CLI_USAGE, "%s: no other format than the house TSV is recognised; say which with --format",
		    args.words[0]);
	else
		code = import_text(buf_view(&text), format, args.words[0]);
	buf_done(&text);
	return code;
}
