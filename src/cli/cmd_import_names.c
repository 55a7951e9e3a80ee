#include "cli/cli.h"
#include "watch/import.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define NAMES_BYTES_MAX ((size_t)256 << 20) /* of a list that is read whole */
#define PIECE_BYTES 65536u

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
	put_field(out, n->name, n->weak ? '\t' : '\n');
	if (n->weak)
		put_field(out, STR_LIT("weak"), '\n');
	if (out->len >= PIECE_BYTES && cli_output(out) == CLI_FOUND)
		buf_reset(out);
	return 0;
}

static void
say(void *ctx, const struct err *err)
{
	(void)ctx;
	cli_fail(CLI_USAGE, "%s", err->msg);
}

/* Where names come from, and what is asked for. */
struct source {
	const char *path;
	int fd;
	enum watch_format format;
	struct watch_importer to;
	struct buf piece; /* what was read last; all of it, where the format is no stream */
	struct buf out;
};

/* Reads on, up to `max` bytes in all. 0 at the end, -1 with an error. */
static ssize_t
read_on(struct source *s, size_t max, struct err *err)
{
	size_t left = max + 1 - s->piece.len, room = left < PIECE_BYTES ? left : PIECE_BYTES;
	char *p = buf_reserve(&s->piece, room + 1);
	if (p == NULL)
		return buf_check(&s->piece, err);
	ssize_t n = read(s->fd, p, room);
	if (n < 0)
		return err_errno(err, "cannot read %s", s->path);
	s->piece.len += (size_t)n;
	if (s->piece.len > max)
		return err_set(err, ERR_TOO_LARGE, "%s is larger than %zu bytes", s->path, max);
	p[n] = '\0';
	return n;
}

/* Lists that are read whole. */
static int
import_whole(struct source *s, struct err *err)
{
	ssize_t n;
	while ((n = read_on(s, NAMES_BYTES_MAX, err)) > 0)
		;
	return n < 0 ? -1 : watch_import(buf_view(&s->piece), s->format, &s->to, err);
}

/* Exports of any length, piece by piece. */
static int
import_stream(struct source *s, struct err *err)
{
	struct watch_json *j = watch_json_new(&s->to);
	if (j == NULL)
		return err_oom(err);
	int rc = 0;
	ssize_t n = (ssize_t)s->piece.len;
	while (n > 0 && rc == 0) {
		rc = watch_json_feed(j, buf_view(&s->piece), err);
		buf_reset(&s->piece);
		if (rc == 0)
			n = read_on(s, PIECE_BYTES, err);
	}
	if (rc == 0)
		rc = n < 0 ? -1 : watch_json_end(j, err);
	watch_json_free(j);
	return rc;
}

static int
import(struct source *s)
{
	struct err err;
	if (read_on(s, NAMES_BYTES_MAX, &err) < 0)
		return cli_fail(CLI_USAGE, "%s", err.msg);
	if (s->format == WATCH_FORMAT_AUTO)
		s->format = watch_format_guess(buf_view(&s->piece));
	if (s->format == WATCH_FORMAT_HOUSE)
		return cli_fail(CLI_USAGE,
		    "%s: no other format than the house TSV is recognised; say which with --format", s->path);
	bool sanctions = s->format == WATCH_FORMAT_OPENSANCTIONS, wikidata = s->format == WATCH_FORMAT_WIKIDATA;
	bool stream = (sanctions || wikidata) && watch_json_guess(buf_view(&s->piece));
	bool weak = sanctions || stream; /* of which of both a record is, only it says itself */
	buf_puts(&s->out, weak ? "id\tkind\tlang\tname\tuse\n" : "id\tkind\tlang\tname\n");
	int bad = stream ? import_stream(s, &err) : import_whole(s, &err);
	if (bad < 0)
		cli_fail(CLI_USAGE, "%s", err.msg);
	int code = cli_output(&s->out);
	return code == CLI_FOUND && bad != 0 ? CLI_USAGE : code;
}

static int
set_up(struct source *s, struct cli_args *args)
{
	const char *format = cli_args_value(args, "format"), *kind = cli_args_value(args, "kind");
	if (format != NULL && !watch_format_parse(str_from(format), &s->format))
		return cli_usage(args->command, "unknown format: %s", format);
	if (kind != NULL && (!watch_kind_parse(str_from(kind), &s->to.kind) || !watch_kind_is_actor(s->to.kind)))
		return cli_usage(args->command, "unknown kind: %s", kind);
	if (args->word_count != 1)
		return cli_usage(args->command, "one file is needed");
	s->to.kind_given = kind != NULL;
	s->to.langs = str_from(cli_args_value(args, "lang"));
	s->path = args->words[0];
	s->to.file = str_from(s->path);
	return 0;
}

int
cmd_import_names(struct cli *cli, int argc, char **argv)
{
	struct cli_args args;
	struct source s = {.format = WATCH_FORMAT_AUTO, .to = {.tell = write_name, .complain = say}};

	(void)cli;
	if (cli_args_parse(&args, argc, argv) != 0 || set_up(&s, &args) != 0)
		return CLI_USAGE;
	bool standard = strcmp(s.path, "-") == 0;
	s.fd = standard ? STDIN_FILENO : open(s.path, O_RDONLY | O_CLOEXEC);
	if (s.fd < 0)
		return cli_fail(CLI_USAGE, "cannot open %s: %s", s.path, strerror(errno));
	s.to.ctx = &s.out;
	buf_init(&s.piece, NAMES_BYTES_MAX + 2); /* a byte more tells that there is more, and one ends it */
	buf_init(&s.out, 0);
	int code = import(&s);
	buf_done(&s.piece);
	buf_done(&s.out);
	if (!standard)
		close(s.fd);
	return code;
}
