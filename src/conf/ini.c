#include "conf/ini.h"

#include "base/utf8.h"
#include "conf/conf.h"

void
ini_init(struct ini *r, struct str text)
{
	*r = (struct ini){.text = text, .pos = text.len - utf8_without_mark(text).len};
	buf_init(&r->joined, CONF_VALUE_BYTES_MAX);
}

void
ini_done(struct ini *r)
{
	buf_done(&r->joined);
}

/* The line at pos without its end; false at the end of the text. */
static bool
peek(const struct ini *r, struct str *line, size_t *next)
{
	if (r->pos >= r->text.len)
		return false;
	const char *start = r->text.s + r->pos;
	const char *end = memchr(start, '\n', r->text.len - r->pos);
	size_t len = end ? (size_t)(end - start) : r->text.len - r->pos;
	*next = r->pos + len + (end ? 1 : 0);
	if (end && len > 0 && start[len - 1] == '\r')
		len--;
	*line = (struct str){start, len};
	return true;
}

static void
advance(struct ini *r, size_t next)
{
	r->pos = next;
	r->line++;
}

static bool
is_comment(struct str trimmed)
{
	return !str_empty(trimmed) && (trimmed.s[0] == '#' || trimmed.s[0] == ';');
}

static bool
is_indented(struct str line)
{
	return !str_empty(line) && (line.s[0] == ' ' || line.s[0] == '\t');
}

/* No line, comments included, may hold what could hide something from whoever reads it. */
static int
check_bytes(struct str line, struct err *err)
{
	size_t good = utf8_valid_prefix(line);
	if (good < line.len)
		return err_set(err, ERR_SYNTAX,
		    "byte %zu of the line (0x%02X) is not valid UTF-8; save the file as UTF-8", good + 1,
		    (unsigned char)line.s[good]);
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.s[i];
		if ((c < 0x20 && c != '\t') || c == 0x7F)
			return err_set(err, ERR_SYNTAX,
			    "byte %zu of the line is the control character 0x%02X; expected text", i + 1, c);
	}
	return 0;
}

static int
parse_section(struct str line, struct ini_item *ret, struct err *err)
{
	if (line.s[line.len - 1] != ']')
		return err_set(err, ERR_SYNTAX,
		    memchr(line.s, ']', line.len) != NULL
		        ? "text behind a section's ]; expected nothing more on the line"
		        : "a section without its ]; expected [feed KEY] or the like");
	struct str inner = str_trim((struct str){line.s + 1, line.len - 2});
	size_t word = 0;
	while (word < inner.len && !ascii_space(inner.s[word]))
		word++;
	if (word == 0)
		return err_set(err, ERR_SYNTAX, "a section without a name; expected [feed KEY] or the like");
	ret->kind = INI_SECTION;
	ret->name = (struct str){inner.s, word};
	ret->key = str_trim((struct str){inner.s + word, inner.len - word});
	if (str_empty(ret->key))
		ret->key = STR_NONE;
	return 0;
}

static int
parse_entry(struct str line, struct ini_item *ret, struct err *err)
{
	const char *equals = memchr(line.s, '=', line.len);
	if (equals == NULL)
		return err_set(err, ERR_SYNTAX, "neither a section nor a setting; expected key = value");
	struct str key = str_trim((struct str){line.s, (size_t)(equals - line.s)});
	const char *end = line.s + line.len;
	ret->kind = INI_ENTRY;
	ret->value = str_trim((struct str){equals + 1, (size_t)(end - equals - 1)});
	ret->name = key;
	ret->lang = STR_NONE;
	if (key.len > 0 && key.s[key.len - 1] == ']') {
		const char *open = memchr(key.s, '[', key.len);
		if (open == NULL)
			return err_set(err, ERR_SYNTAX, "a ] without its [ in the key; expected key[language] = value");
		ret->name = str_trim((struct str){key.s, (size_t)(open - key.s)});
		ret->lang = str_trim((struct str){open + 1, (size_t)(key.s + key.len - 1 - open - 1)});
	}
	if (str_empty(ret->name))
		return err_set(err, ERR_SYNTAX, "nothing stands before the =; expected key = value");
	return 0;
}

static int
join(struct ini *r, struct ini_item *item, struct str more, struct err *err)
{
	if (r->joined.len == 0)
		buf_str(&r->joined, item->value);
	if (r->joined.len > 0)
		buf_putc(&r->joined, ' ');
	buf_str(&r->joined, more);
	item->value = buf_view(&r->joined);
	if (!r->joined.failed)
		return 0;
	if (!r->joined.over_limit)
		return err_oom(err);
	return err_set(err, ERR_SYNTAX, "the value is too long; expected at most %u bytes", CONF_VALUE_BYTES_MAX);
}

/* Takes in the lines that continue the value; after a mistake too, so that they do not count as lines of their own. */
static int
continue_value(struct ini *r, struct ini_item *item, struct err *err)
{
	struct str line;
	size_t next;
	int rc = 0;

	buf_reset(&r->joined);
	while (peek(r, &line, &next)) {
		struct str trimmed = str_trim(line);
		if (str_empty(trimmed) || (!is_indented(line) && !is_comment(trimmed)))
			break;
		advance(r, next);
		if (rc < 0)
			continue;
		rc = check_bytes(line, err);
		if (rc == 0 && !is_comment(trimmed))
			rc = join(r, item, trimmed, err);
		if (rc < 0)
			item->line = r->line;
	}
	return rc;
}

static int
read_entry(struct ini *r, struct str line, struct ini_item *ret, struct err *err)
{
	if (parse_entry(line, ret, err) < 0) {
		struct ini_item passed_over = *ret;
		struct err ignored;
		continue_value(r, &passed_over, &ignored);
		return -1;
	}
	if (continue_value(r, ret, err) < 0)
		return -1;
	if (ret->value.len > CONF_VALUE_BYTES_MAX)
		return err_set(
		    err, ERR_SYNTAX, "the value is too long; expected at most %u bytes", CONF_VALUE_BYTES_MAX);
	return 1;
}

int
ini_next(struct ini *r, struct ini_item *ret, struct err *err)
{
	struct str line;
	size_t next;

	while (peek(r, &line, &next)) {
		struct str trimmed = str_trim(line);
		advance(r, next);
		*ret = (struct ini_item){.line = r->line};
		if (check_bytes(line, err) < 0)
			return -1;
		if (str_empty(trimmed) || is_comment(trimmed))
			continue;
		if (is_indented(line))
			return err_set(err, ERR_SYNTAX,
			    "an indented line continues the value above it, and there is none; "
			    "begin keys at the start of the line");
		if (trimmed.s[0] == '[')
			return parse_section(trimmed, ret, err) < 0 ? -1 : 1;
		return read_entry(r, trimmed, ret, err);
	}
	return 0;
}
