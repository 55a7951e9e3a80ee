#include "base/log.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *word;
	int priority; /* syslog(3) */
} levels[] = {{"error", 3}, {"warn", 4}, {"notice", 5}, {"info", 6}, {"debug", 7}};

static enum log_level threshold = LOG_LEVEL_INFO;
static bool journald;

/* systemd.exec(5): JOURNAL_STREAM holds device:inode of the stream we were given. */
static bool
stderr_is_journal(void)
{
	const char *env = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;
	if (env == NULL || sscanf(env, "%llu:%llu", &dev, &ino) != 2 || fstat(STDERR_FILENO, &st) < 0)
		return false;
	return st.st_dev == dev && st.st_ino == ino;
}

void
log_init(enum log_level level)
{
	threshold = level;
	journald = stderr_is_journal();
}

void
log_set_level(enum log_level level)
{
	threshold = level;
}

bool
log_level_parse(const char *word, enum log_level *ret)
{
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
		if (strcmp(levels[i].word, word) == 0) {
			*ret = (enum log_level)i;
			return true;
		}
	}
	return false;
}

static size_t
hex(char *out, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	memcpy(out, (char[]){'\\', 'x', digits[c >> 4], digits[c & 15]}, 4);
	return 4;
}

/* Copies text with everything that is not a printable character shown as \xNN; stops before max. */
static size_t
escape(char *out, size_t max, struct str text)
{
	size_t n = 0, pos = 0;
	while (pos < text.len) {
		size_t start = pos;
		uint32_t cp = utf8_next(text, &pos);
		bool bad = cp == UTF8_INVALID || cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029;
		if (n + (bad ? 4 : 1) * (pos - start) > max)
			break;
		if (!bad) {
			memcpy(out + n, text.s + start, pos - start);
			n += pos - start;
			continue;
		}
		for (; start < pos; start++)
			n += hex(out + n, (unsigned char)text.s[start]);
	}
	return n;
}

void
log_write(enum log_level level, const char *fmt, ...)
{
	char text[LOG_LINE_MAX * 2], line[LOG_LINE_MAX + 8], at[TIME_FORMAT_MAX];
	int saved = errno;
	va_list ap;

	if (level > threshold)
		return;
	va_start(ap, fmt);
	int len = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	if ((size_t)len >= sizeof text)
		len = (int)sizeof text - 1;
	int n = journald
	            ? snprintf(line, sizeof line, "<%d>", levels[level].priority)
	            : snprintf(line, sizeof line, "%s %-6s ", time_format(clock_wall(), false, at), levels[level].word);
	n += (int)escape(line + n, LOG_LINE_MAX - (size_t)n - 1, (struct str){text, (size_t)len});
	line[n++] = '\n';
	/* One write, so that lines of several processes do not mix; nothing can be done if it fails. */
	ssize_t ignored = write(STDERR_FILENO, line, (size_t)n);
	(void)ignored;
	errno = saved;
}
