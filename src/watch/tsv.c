#include "base/utf8.h"
#include "watch/watch.h"

#define TSV_COLUMNS 5
#define TSV_COLUMNS_MIN 4 /* the last one may be missing */

static const char *const columns[TSV_COLUMNS] = {"id", "kind", "lang", "name", "use"};

/* Fields of a line, split at tabs; returns how many there are, at most max + 1 (too many). */
static size_t
split_line(struct str line, struct str *fields, size_t max)
{
	size_t n = 0;
	for (;;) {
		ptrdiff_t tab = str_find(line, STR_LIT("\t"), 0);
		if (n == max)
			return max + 1;
		fields[n++] = tab < 0 ? line : (struct str){line.s, (size_t)tab};
		if (tab < 0)
			return n;
		line.s += tab + 1;
		line.len -= (size_t)tab + 1;
	}
}

static bool
next_line(struct str *rest, struct str *line)
{
	if (rest->len == 0)
		return false;
	const char *end = memchr(rest->s, '\n', rest->len);
	size_t n = end ? (size_t)(end - rest->s) : rest->len;
	*line = (struct str){rest->s, n};
	rest->s += end ? n + 1 : n;
	rest->len -= end ? n + 1 : n;
	if (line->len > 0 && line->s[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* How many columns the header has, 0 when it is none. */
static size_t
header_columns(struct str line)
{
	struct str fields[TSV_COLUMNS];
	size_t n = split_line(line, fields, TSV_COLUMNS);
	for (size_t i = 0; i < n && i < TSV_COLUMNS; i++) {
		if (!str_is(str_trim(fields[i]), columns[i]))
			return 0;
	}
	return n >= TSV_COLUMNS_MIN && n <= TSV_COLUMNS ? n : 0;
}

static int
add_line(struct watch_builder *b, struct str line, size_t count, struct watch_origin at, struct err *err)
{
	struct str fields[TSV_COLUMNS];
	enum watch_kind kind;
	size_t n = split_line(line, fields, count);

	if (n > count || n < TSV_COLUMNS_MIN)
		return err_set(err, ERR_CONFIG,
		    "%.*s:%u: a line has four fields with tabs between them (id, kind, lang, name), or five where the "
		    "header ends in use; this one has %s",
		    STR_ARG(at.file), at.line, n < TSV_COLUMNS_MIN ? "fewer" : "more");
	if (!watch_kind_parse(str_trim(fields[1]), &kind) || kind == WATCH_ALERT)
		return err_set(err, ERR_CONFIG,
		    "%.*s:%u: “%.*s” is no kind; person, org, place, group or topic was expected", STR_ARG(at.file),
		    at.line, (int)(fields[1].len > 40 ? 40 : fields[1].len), fields[1].s);
	struct str use = n == TSV_COLUMNS ? str_trim(fields[TSV_COLUMNS - 1]) : STR_NONE;
	if (!str_empty(use) && !(str_is(use, "weak") && kind == WATCH_PERSON))
		return err_set(err, ERR_CONFIG, "%.*s:%u: “%.*s” is no use; weak was expected, of a person",
		    STR_ARG(at.file), at.line, (int)(use.len > 40 ? 40 : use.len), use.s);
	if (!str_empty(use))
		return watch_add_role(b, str_trim(fields[0]), WATCH_ROLE_WEAK, fields[3], at, err);
	return watch_add(b, str_trim(fields[0]), kind, str_trim(fields[2]), fields[3], at, err);
}

int
watch_add_tsv(struct watch_builder *b, struct str text, struct str file,
    void (*complain)(void *ctx, const struct err *err), void *ctx, struct err *err)
{
	struct watch_origin at = {.file = file.s ? file : STR_LIT("names"), .line = 1};
	struct str line = STR_NONE;
	struct err own;
	int bad = 0;

	text = utf8_without_mark(text);
	bool found = next_line(&text, &line);
	for (; found && (str_empty(str_trim(line)) || line.s[0] == '#'); at.line++)
		found = next_line(&text, &line);
	size_t count = found ? header_columns(line) : 0;
	if (count == 0)
		return err_set(err, ERR_CONFIG,
		    "%.*s:%u: the first line must be the header: id, kind, lang, name, and use where it is wanted, "
		    "with tabs between them",
		    STR_ARG(at.file), at.line);
	while (next_line(&text, &line)) {
		at.line++;
		if (str_empty(str_trim(line)) || line.s[0] == '#')
			continue;
		if (add_line(b, line, count, at, &own) == 0)
			continue;
		if (own.code == ERR_NO_MEMORY)
			return err_oom(err);
		bad++;
		if (complain != NULL)
			complain(ctx, &own);
	}
	return bad;
}
