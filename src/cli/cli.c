#include "cli/cli.h"

#include "text/safe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

int
cli_fail(int code, const char *fmt, ...)
{
	char text[2048];
	struct buf safe;
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_init(&safe, 0);
	if (!text_safe(&safe, str_from(text), 0)) /* out of memory: then only what is surely harmless */
		snprintf(text, sizeof text, "out of memory");
	fprintf(stderr, "tidings: %s\n", safe.failed ? text : safe.data ? safe.data : "");
	buf_done(&safe);
	return code;
}

int
cli_fail_lines(int code, struct str text)
{
	struct buf safe;
	buf_init(&safe, 0);
	if (!text_safe(&safe, text, TEXT_SAFE_LINES) || safe.data == NULL)
		fprintf(stderr, "tidings: out of memory\n");
	else
		fprintf(stderr, "tidings: %s\n", safe.data);
	buf_done(&safe);
	return code;
}

int
cli_usage(const struct cli_command *command, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	cli_fail(CLI_USAGE, "%s", text);
	if (command != NULL)
		fprintf(
		    stderr, "usage: tidings %s%s%s\n", command->name, *command->synopsis ? " " : "", command->synopsis);
	return CLI_USAGE;
}

const struct cli_command *
cli_command_find(const char *name)
{
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
		if (strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

int
cli_output(const struct buf *b)
{
	struct err err;
	if (buf_check(b, &err) < 0)
		return cli_fail(CLI_USAGE, "%s", err.msg);
	if (fwrite(b->data ? b->data : "", 1, b->len, stdout) != b->len || fflush(stdout) != 0)
		return cli_fail(CLI_USAGE, "cannot write to standard output: %s", strerror(errno));
	return CLI_FOUND;
}

bool
cli_read_line(struct buf *line)
{
	bool any = false;
	int c;
	buf_reset(line);
	while ((c = getc_unlocked(stdin)) != EOF) {
		any = true;
		if (c == '\n')
			break;
		buf_putc(line, (char)c);
	}
	return any;
}

int
cli_read(const char *path, size_t max, struct buf *out, struct err *err)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	buf_init(out, max); /* also for who is told that there is no such file */
	if (fd < 0)
		return err_errno(err, "cannot open %s", path);
	ssize_t n = 1;
	while (n > 0) {
		char *p = buf_reserve(out, out->len + 65536 <= max ? 65536 : max - out->len);
		if (p == NULL)
			break;
		n = read(fd, p, out->cap - out->len - 1);
		if (n < 0)
			err_errno(err, "cannot read %s", path);
		if (n > 0) {
			out->len += (size_t)n;
			p[n] = '\0';
		}
		if (out->len == max && n > 0) {
			char more;
			if (read(fd, &more, 1) > 0)
				n = err_set(err, ERR_TOO_LARGE, "%s is larger than %zu bytes", path, max);
		}
	}
	if (!standard)
		close(fd);
	if (n < 0)
		return -1;
	return buf_check(out, err);
}
