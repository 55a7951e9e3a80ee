/* The script language: one step a line, answers separated by a line "---". Lines beginning with # are comments. */
#include "feedserver.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

enum argument { ARG_NONE, ARG_TEXT, ARG_NUMBER, ARG_NUMBER_TEXT, ARG_TIME, ARG_NUMBER_TIME };

static const struct {
	const char *word;
	enum step_op op;
	enum argument argument;
} words[] = {
    {"status", STEP_STATUS, ARG_NUMBER_TEXT},
    {"header", STEP_HEADER, ARG_TEXT},
    {"redirect", STEP_REDIRECT, ARG_NUMBER_TEXT},
    {"raw", STEP_RAW, ARG_NONE},
    {"chunked", STEP_CHUNKED, ARG_NONE},
    {"gzip", STEP_GZIP, ARG_NONE},
    {"head", STEP_HEAD, ARG_NONE},
    {"delay", STEP_DELAY, ARG_TIME},
    {"drip", STEP_DRIP, ARG_NUMBER_TIME},
    {"body", STEP_BODY, ARG_TEXT},
    {"file", STEP_FILE, ARG_NONE},
    {"send", STEP_SEND, ARG_TEXT},
    {"repeat", STEP_REPEAT, ARG_NUMBER_TEXT},
    {"forever", STEP_FOREVER, ARG_TEXT},
    {"close", STEP_CLOSE, ARG_NONE},
    {"reset", STEP_RESET, ARG_NONE},
    {"hang", STEP_HANG, ARG_NONE},
};

static int
hex(char c)
{
	char l = ascii_lower(c);
	return l >= '0' && l <= '9' ? l - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/* \r \n \t \\ \xHH become bytes; $PORT becomes ours. */
static bool
unescape(struct str text, unsigned port, struct step *step)
{
	struct buf out;
	buf_init(&out, 0);
	for (size_t i = 0; i < text.len; i++) {
		struct str rest = {text.s + i, text.len - i};
		if (str_starts(rest, STR_LIT("$PORT"))) {
			buf_printf(&out, "%u", port);
			i += 4;
		} else if (rest.len >= 4 && rest.s[0] == '\\' && rest.s[1] == 'x' && hex(rest.s[2]) >= 0 &&
		           hex(rest.s[3]) >= 0) {
			buf_putc(&out, (char)(hex(rest.s[2]) * 16 + hex(rest.s[3])));
			i += 3;
		} else if (rest.len >= 2 && rest.s[0] == '\\' && strchr("rnt\\", rest.s[1]) != NULL) {
			buf_putc(&out, rest.s[1] == 'r'   ? '\r'
			               : rest.s[1] == 'n' ? '\n'
			               : rest.s[1] == 't' ? '\t'
			                                  : '\\');
			i++;
		} else {
			buf_putc(&out, rest.s[0]);
		}
	}
	if (out.data == NULL)
		buf_reserve(&out, 1);
	if (out.failed || out.data == NULL) {
		buf_done(&out);
		return false;
	}
	out.data[out.len] = '\0';
	step->text = out.data;
	step->len = out.len;
	return true;
}

/* "2s", "500ms", "1m". */
static bool
parse_time(struct str s, int64_t *ret)
{
	static const struct {
		struct str unit;
		int64_t ms;
	} units[] = {{STR_LIT("ms"), 1}, {STR_LIT("s"), SECOND_MS}, {STR_LIT("m"), MINUTE_MS}};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		int64_t n;
		if (!str_ends(s, units[i].unit) ||
		    !str_int((struct str){s.s, s.len - units[i].unit.len}, 0, 1000000, &n))
			continue;
		*ret = n * units[i].ms;
		return true;
	}
	return false;
}

static struct str
next_word(struct str *rest)
{
	struct str word = STR_LIT("");
	*rest = str_trim(*rest);
	str_split(rest, ' ', &word);
	return word;
}

/* `text` is what follows the step's word. */
static bool
parse_arguments(enum argument kind, struct str text, unsigned port, struct step *step)
{
	bool number = kind == ARG_NUMBER_TEXT || kind == ARG_NUMBER_TIME || kind == ARG_NUMBER;
	if (number && !str_int(next_word(&text), 0, INT64_MAX / 2, &step->number))
		return false;
	if (kind == ARG_TIME || kind == ARG_NUMBER_TIME)
		return parse_time(str_trim(text), &step->wait_ms);
	if (kind == ARG_NONE)
		return str_trim(text).len == 0;
	return unescape(text, port, step);
}

static bool
parse_step(struct str line, unsigned port, struct step *step)
{
	struct str word;
	if (!str_split(&line, ' ', &word))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_is(word, words[i].word)) {
			*step = (struct step){.op = words[i].op};
			return parse_arguments(words[i].argument, line, port, step);
		}
	return false;
}

static struct block *
add_block(struct script *s)
{
	if (vec_reserve((void **)&s->blocks, &s->cap, s->count + 1, sizeof *s->blocks) < 0)
		return NULL;
	s->blocks[s->count] = (struct block){0};
	return &s->blocks[s->count++];
}

static bool
parse_line(struct script *s, struct str line, unsigned port)
{
	if (str_is(line, "---"))
		return add_block(s) != NULL;
	struct block *b = &s->blocks[s->count - 1];
	struct step step;
	if (vec_reserve((void **)&b->steps, &b->cap, b->count + 1, sizeof *b->steps) < 0 ||
	    !parse_step(line, port, &step))
		return false;
	b->steps[b->count++] = step;
	return true;
}

struct script *
script_parse(struct str text, unsigned port)
{
	struct script *s = calloc(1, sizeof *s);
	if (s == NULL || add_block(s) == NULL) {
		free(s);
		return NULL;
	}
	s->references = 1;
	struct str line;
	for (unsigned number = 1; str_split(&text, '\n', &line); number++) {
		if (str_trim(line).len == 0 || line.s[0] == '#')
			continue;
		if (!parse_line(s, line, port)) {
			snprintf(s->error, sizeof s->error, "line %u: cannot understand \"%.*s\"", number,
			    (int)(line.len > 150 ? 150 : line.len), line.s);
			break;
		}
	}
	return s;
}

void
script_unref(struct script *s)
{
	if (s == NULL || --s->references > 0)
		return;
	for (size_t i = 0; i < s->count; i++) {
		for (size_t k = 0; k < s->blocks[i].count; k++)
			free(s->blocks[i].steps[k].text);
		free(s->blocks[i].steps);
	}
	free(s->blocks);
	free(s);
}
