#include "render/template.h"

#include "base/utf8.h"
#include "render/ink.h"
#include "render/mark.h"
#include "render/render.h"
#include "text/grapheme.h"
#include "text/safe.h"

#include <stdio.h>

enum {
	SNIPPET_RADIUS = 160, /* bytes to both sides of the match */
	LIST_ITEMS = 10,      /* titles in {items} */
	CARET_BEFORE = 40,    /* columns shown before the mistake */
};

struct part {
	struct str text; /* literal; STR_NONE for a field */
	const struct field *field;
	size_t characters; /* 0 = all */
	bool link;         /* worth nothing when it is cut */
};

struct template
{
	struct part *parts;
	size_t count;
};

/* ---- escaping ---- */

/* Which bytes are put how. All are ASCII, so that UTF-8 goes through. */
struct escaping {
	const char *special;       /* these… */
	const char *const *means;  /* …become these; NULL: a backslash is put before */
	const char *mark, *unmark; /* round the match in a snippet */
	bool anchors;              /* a link is one only when it is an <a> */
};

static const char html_special[] = "&<>\"'";
static const char *const html_means[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
static const char *const json_means[] = {"\\\"", "\\\\"};

static const struct escaping escapings[TEMPLATE_ESCAPE_COUNT] = {
    [TEMPLATE_NONE] = {"", NULL, "[", "]"},
    [TEMPLATE_PLAIN] = {"", NULL, "[", "]"},
    [TEMPLATE_HTML] = {html_special, html_means, "<mark>", "</mark>"},
    [TEMPLATE_JSON] = {"\"\\", json_means, "[", "]"},
    [TEMPLATE_MARKDOWN] = {"\\`*_{}[]()#+-.!|<>~@:", NULL, "**", "**"},
    [TEMPLATE_TELEGRAM] = {"\\_*[]()~`>#+-=|{}.!", NULL, "*", "*"},
    [TEMPLATE_SLACK] = {"&<>", html_means, "*", "*"},
    [TEMPLATE_MATRIX] = {html_special, html_means, "<strong>", "</strong>", true},
    [TEMPLATE_URL] = {"", NULL, "", ""},
    [TEMPLATE_DESKTOP] = {html_special, html_means, "<b>", "</b>"},
    [TEMPLATE_DESKTOP_LINKS] = {html_special, html_means, "<b>", "</b>", true},
};

static void
put_url(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
		             c == '.' || c == '_' || c == '~';
		if (plain)
			buf_putc(out, (char)c);
		else
			buf_printf(out, "%%%02X", c);
	}
}

/* `s` is safe already, with INK_MARK and INK_UNMARK where a match begins and ends. */
static void
put_escaped(struct buf *out, struct str s, enum template_escape escape)
{
	const struct escaping *e = &escapings[escape];
	if (escape == TEMPLATE_URL) {
		put_url(out, s);
		return;
	}
	for (size_t i = 0; i < s.len; i++) {
		char c = s.s[i];
		const char *special = c != '\0' ? strchr(e->special, c) : NULL;
		if (c == '\n' && escape == TEMPLATE_JSON) {
			buf_puts(out, "\\n");
		} else if (c == INK_MARK[0] || c == INK_UNMARK[0]) {
			buf_puts(out, c == INK_MARK[0] ? e->mark : e->unmark);
		} else if (special != NULL && e->means != NULL) {
			buf_puts(out, e->means[special - e->special]);
		} else {
			if (special != NULL)
				buf_putc(out, '\\');
			buf_putc(out, c);
		}
	}
}

static void
put_safe(struct buf *out, struct str s)
{
	text_safe(out, s, TEXT_SAFE_LINES);
}

/* What would end a link, or become markup inside it, as %XX. */
static void
put_link(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.s[i] <= ' ' || strchr("<>\"\\`{|}^", s.s[i]) != NULL)
			buf_printf(out, "%%%02X", (unsigned char)s.s[i]);
		else
			buf_putc(out, s.s[i]);
	}
}

/* In Markdown and in some kinds of HTML a link is one only when it is marked up; the others know one when they see it. */
static void
put_escaped_link(struct buf *out, struct str s, enum template_escape escape)
{
	bool anchors = escapings[escape].anchors;
	if (str_empty(s) || (escape != TEMPLATE_MARKDOWN && !anchors)) {
		put_escaped(out, s, escape);
		return;
	}
	struct buf link;
	buf_init(&link, 0);
	put_link(&link, s);
	buf_puts(out, escape == TEMPLATE_MARKDOWN ? "<" : "<a href=\"");
	if (anchors) {
		put_escaped(out, buf_view(&link), escape);
		buf_puts(out, "\">");
		put_escaped(out, buf_view(&link), escape);
		buf_puts(out, "</a>");
	} else {
		buf_str(out, buf_view(&link));
		buf_puts(out, ">");
	}
	out->failed |= link.failed;
	buf_done(&link);
}

void
template_escape(struct buf *out, struct str text, enum template_escape escape)
{
	struct buf safe;
	buf_init(&safe, 0);
	put_safe(&safe, text);
	put_escaped(out, buf_view(&safe), escape);
	out->failed |= safe.failed;
	buf_done(&safe);
}

/* ---- fields ---- */

typedef void (*field_fn)(struct buf *out, const struct notification *n);

static void
put_words(struct buf *out, const struct str *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_puts(out, ", ");
		put_safe(out, words[i]);
	}
}

static void
put_names(struct buf *out, const struct notification *n, bool topics)
{
	const struct record *r = render_lead(n);
	size_t shown = 0;
	for (size_t i = 0; i < r->match_count; i++) {
		if (topics ? r->matches[i].kind != WATCH_TOPIC : !watch_kind_is_actor(r->matches[i].kind))
			continue;
		if (shown++ > 0)
			buf_puts(out, ", ");
		put_safe(out, str_empty(r->matches[i].label) ? r->matches[i].id : r->matches[i].label);
	}
}

static void
put_time(struct buf *out, int64_t at)
{
	char text[TIME_FORMAT_MAX];
	buf_puts(out, time_format(at, false, text));
}

static void
field_title(struct buf *out, const struct notification *n)
{
	struct buf line;
	buf_init(&line, RENDER_HEADLINE_MAX);
	render_headline(&line, n);
	put_safe(out, buf_view(&line));
	out->failed |= line.failed && !line.over_limit;
	buf_done(&line);
}

static void
field_item_title(struct buf *out, const struct notification *n)
{
	put_safe(out, render_lead(n)->title);
}

static void
field_source(struct buf *out, const struct notification *n)
{
	put_safe(out, render_source(render_lead(n)));
}

static void
field_feed(struct buf *out, const struct notification *n)
{
	put_safe(out, render_lead(n)->feed_key);
}

/* Only what a browser would fetch: no feed can make a link run something. */
static void
field_link(struct buf *out, const struct notification *n)
{
	struct str link = render_lead(n)->link;
	if (str_istarts(link, STR_LIT("http://")) || str_istarts(link, STR_LIT("https://")))
		put_safe(out, link);
}

static void
field_summary(struct buf *out, const struct notification *n)
{
	const struct record *r = render_lead(n);
	put_safe(out, n->text.s != NULL ? n->text : str_empty(r->summary) ? r->content : r->summary);
}

static void
field_content(struct buf *out, const struct notification *n)
{
	const struct record *r = render_lead(n);
	put_safe(out, n->text.s != NULL ? n->text : str_empty(r->content) ? r->summary : r->content);
}

static void
field_text(struct buf *out, const struct notification *n)
{
	put_safe(out, n->text);
}

/* The passage round the first match in the text, the match marked; else the beginning of the text. */
static void
field_snippet(struct buf *out, const struct notification *n)
{
	const struct record *r = render_lead(n);
	size_t from, to;
	for (size_t i = 0; i < r->match_count; i++) {
		for (size_t k = 0; k < r->matches[i].mention_count; k++) {
			const struct record_mention *m = &r->matches[i].mentions[k];
			struct str text = mark_field_text(r, m->field);
			if ((m->field != WATCH_FIELD_SUMMARY && m->field != WATCH_FIELD_CONTENT) || m->end > text.len)
				continue;
			mark_window(text, m->start, SNIPPET_RADIUS, &from, &to);
			mark_passage(out, r, m->field, from, to);
			return;
		}
	}
	enum watch_field field = str_empty(r->summary) ? WATCH_FIELD_CONTENT : WATCH_FIELD_SUMMARY;
	struct str text = mark_field_text(r, field);
	if (str_empty(text)) {
		put_safe(out, n->text);
		return;
	}
	mark_window(text, 0, 2 * SNIPPET_RADIUS, &from, &to);
	mark_passage(out, r, field, 0, to);
}

static void
field_items(struct buf *out, const struct notification *n)
{
	for (size_t i = 0; i < n->record_count && i < LIST_ITEMS; i++) {
		if (i > 0)
			buf_putc(out, '\n');
		put_safe(out, render_source(&n->records[i]));
		buf_puts(out, ": ");
		put_safe(out, n->records[i].title);
	}
	if (n->item_count > LIST_ITEMS)
		buf_printf(out, "\n… (%zu)", n->item_count);
}

static void
field_newline(struct buf *out, const struct notification *n)
{
	buf_putc(out, '\n');
}

static void
field_authors(struct buf *out, const struct notification *n)
{
	put_safe(out, render_lead(n)->authors);
}

static void
field_language(struct buf *out, const struct notification *n)
{
	put_safe(out, render_lead(n)->language);
}

static void
field_actors(struct buf *out, const struct notification *n)
{
	put_names(out, n, false);
}

static void
field_topics(struct buf *out, const struct notification *n)
{
	put_names(out, n, true);
}

static void
field_watches(struct buf *out, const struct notification *n)
{
	put_words(out, n->watches, n->watch_count);
}

static void
field_severity(struct buf *out, const struct notification *n)
{
	buf_puts(out, render_severity_word(n->severity));
}

static void
field_type(struct buf *out, const struct notification *n)
{
	buf_puts(out, render_kind_word(n->kind));
}

static void
field_alarm(struct buf *out, const struct notification *n)
{
	put_safe(out, n->alarm);
}

static void
field_subject(struct buf *out, const struct notification *n)
{
	put_safe(out, n->subject);
}

static void
field_count(struct buf *out, const struct notification *n)
{
	buf_printf(out, "%zu", n->item_count);
}

static void
field_sources(struct buf *out, const struct notification *n)
{
	buf_printf(out, "%u", n->source_count);
}

static void
field_published(struct buf *out, const struct notification *n)
{
	put_time(out, n->record_count > 0 ? render_item_at(render_lead(n)) : n->created_at);
}

static void
field_created(struct buf *out, const struct notification *n)
{
	put_time(out, n->created_at);
}

static void
field_id(struct buf *out, const struct notification *n)
{
	put_safe(out, n->id);
}

static void
field_item(struct buf *out, const struct notification *n)
{
	if (n->record_count > 0)
		buf_printf(out, "%lld", (long long)n->records[0].id);
}

static void
field_route(struct buf *out, const struct notification *n)
{
	put_safe(out, n->route);
}

static void
field_sink(struct buf *out, const struct notification *n)
{
	put_safe(out, n->sink);
}

static const struct field {
	const char *name;
	field_fn put; /* appends safe text, matches marked as ink does */
} fields[] = {
    {"title", field_title},
    {"item-title", field_item_title},
    {"source", field_source},
    {"feed", field_feed},
    {"link", field_link},
    {"summary", field_summary},
    {"content", field_content},
    {"snippet", field_snippet},
    {"items", field_items},
    {"authors", field_authors},
    {"language", field_language},
    {"actors", field_actors},
    {"topics", field_topics},
    {"watches", field_watches},
    {"severity", field_severity},
    {"type", field_type},
    {"alarm", field_alarm},
    {"subject", field_subject},
    {"text", field_text},
    {"count", field_count},
    {"sources", field_sources},
    {"published", field_published},
    {"created", field_created},
    {"id", field_id},
    {"item", field_item},
    {"route", field_route},
    {"sink", field_sink},
    {"newline", field_newline},
};
#define FIELDS (sizeof fields / sizeof *fields)

void
template_fields(struct buf *out)
{
	for (size_t i = 0; i < FIELDS; i++)
		buf_printf(out, "%s%s", i > 0 ? " " : "", fields[i].name);
}

/* ---- reading ---- */

/* What is wrong, the text round the place, and a caret below it. */
static int
mistake(struct err *err, struct str text, size_t at, const char *what)
{
	struct str before = {text.s, at < text.len ? at : text.len};
	size_t from = before.len;
	while (from > 0 && before.len - from < CARET_BEFORE && before.s[from - 1] != '\n')
		from--;
	while (from < before.len && ((unsigned char)before.s[from] & 0xC0) == 0x80)
		from++;
	struct str shown = {text.s + from, text.len - from}, lead = {text.s + from, before.len - from}, line = STR_NONE;
	str_split(&shown, '\n', &line);
	line = utf8_truncate(line, 2 * CARET_BEFORE);
	return err_set(err, ERR_CONFIG, "%s\n    %.*s\n    %*s^", what, STR_ARG(line), (int)text_width(lead), "");
}

static int
find_field(struct str name, struct str text, size_t at, const struct field **ret, struct err *err)
{
	char what[ERR_MSG_MAX / 2];
	for (size_t i = 0; i < FIELDS; i++) {
		if (str_is(name, fields[i].name)) {
			*ret = &fields[i];
			return 0;
		}
	}
	snprintf(what, sizeof what,
	    "there is no field “%.*s”; expected title, source, link, snippet, … (tidings.conf(5))",
	    STR_ARG(utf8_truncate(name, 40)));
	return mistake(err, text, at, what);
}

/* "{name}" or "{name:80}" at `at`; gives where it ends. */
static int
read_field(struct str text, size_t at, struct part *part, size_t *end, struct err *err)
{
	ptrdiff_t close = str_find(text, STR_LIT("}"), at);
	int64_t number = 0;
	if (close < 0)
		return mistake(err, text, at, "this brace is not closed; write {{ for a brace itself");
	struct str rest = {text.s + at + 1, (size_t)close - at - 1}, name = STR_NONE;
	ptrdiff_t colon = str_find(rest, STR_LIT(":"), 0);
	name = colon < 0 ? rest : (struct str){rest.s, (size_t)colon};
	if (find_field(name, text, at + 1, &part->field, err) < 0)
		return -1;
	if (colon >= 0 && !str_int((struct str){rest.s + colon + 1, rest.len - (size_t)colon - 1}, 1,
	                      TEMPLATE_CHARACTERS_MAX, &number))
		return mistake(err, text, at + 2 + (size_t)colon, "expected a number of characters from 1 to 10000");
	part->characters = (size_t)number;
	part->link = part->field->put == field_link;
	*end = (size_t)close + 1;
	return 0;
}

static int
read_part(struct str text, size_t *at, struct part *part, struct err *err)
{
	size_t start = *at, pos = start;
	char c = text.s[pos];
	*part = (struct part){.text = STR_NONE};
	if ((c == '{' || c == '}') && pos + 1 < text.len && text.s[pos + 1] == c) {
		part->text = (struct str){text.s + pos, 1};
		*at = pos + 2;
		return 0;
	}
	if (c == '{')
		return read_field(text, pos, part, at, err);
	if (c == '}')
		return mistake(err, text, pos, "this brace closes nothing; write }} for a brace itself");
	while (pos < text.len && text.s[pos] != '{' && text.s[pos] != '}')
		pos++;
	part->text = (struct str){text.s + start, pos - start};
	*at = pos;
	return 0;
}

struct template *
template_parse(struct str text, struct arena *arena, struct err *err)
{
	struct template *t = arena_zalloc(arena, 1, sizeof *t);
	struct str copy = arena_str(arena, text.s != NULL ? text : STR_LIT(""));
	size_t cap = 0;

	if (text.len > TEMPLATE_BYTES_MAX) {
		err_set(err, ERR_CONFIG, "the template is longer than %u bytes", TEMPLATE_BYTES_MAX);
		return NULL;
	}
	for (size_t at = 0; t != NULL && copy.s != NULL && at < copy.len;) {
		struct part *grown = arena_grow(arena, t->parts, &cap, t->count, sizeof *grown);
		if (grown == NULL)
			break;
		t->parts = grown;
		if (t->count == TEMPLATE_PARTS_MAX) {
			mistake(err, copy, at, "there are more than 256 fields and texts");
			return NULL;
		}
		if (read_part(copy, &at, &t->parts[t->count++], err) < 0)
			return NULL;
	}
	return arena_check(arena, err) < 0 ? NULL : t;
}

/* ---- writing ---- */

/* Cuts what is safe, and closes a mark that the cut has left open. */
static void
cut(struct buf *value, size_t characters)
{
	struct str whole = buf_view(value), kept = text_truncate_graphemes(whole, characters);
	bool open = false;
	if (kept.len == whole.len)
		return;
	for (size_t i = 0; i < kept.len; i++)
		open = kept.s[i] == INK_MARK[0] || (open && kept.s[i] != INK_UNMARK[0]);
	value->len = kept.len;
	if (open)
		buf_puts(value, INK_UNMARK);
	buf_puts(value, "…");
}

/* Fields are cut at so many characters beside their own limits; links are left out rather than cut. */
static void
write_capped(
    struct buf *out, const struct template *t, const struct notification *n, enum template_escape escape, size_t cap)
{
	struct buf value;
	buf_init(&value, out->max_bytes);
	for (size_t i = 0; i < t->count; i++) {
		const struct part *p = &t->parts[i];
		size_t most = p->characters > 0 && p->characters < cap ? p->characters : cap;
		if (p->field == NULL) {
			buf_str(out, p->text);
			continue;
		}
		buf_reset(&value);
		p->field->put(&value, n);
		if (p->link && cap < SIZE_MAX && value.len > TEMPLATE_LINK_MAX)
			buf_reset(&value);
		else if (p->link && p->characters == 0)
			most = SIZE_MAX;
		if (most < SIZE_MAX)
			cut(&value, most);
		if (p->link)
			put_escaped_link(out, buf_view(&value), escape);
		else
			put_escaped(out, buf_view(&value), escape);
		out->failed |= value.failed;
		out->over_limit |= value.over_limit;
	}
	buf_done(&value);
}

void
template_write(struct buf *out, const struct template *t, const struct notification *n, enum template_escape escape)
{
	write_capped(out, t, n, escape, SIZE_MAX);
}

size_t
template_length(struct str s, enum template_unit unit)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i];
		bool starts = (c & 0xC0) != 0x80;
		n += unit == TEMPLATE_BYTES ? 1 : starts + (unit == TEMPLATE_UTF16 && c >= 0xF0);
	}
	return n;
}

static bool
fits(struct buf *out, size_t from, const struct template *t, const struct notification *n, enum template_escape escape,
    const struct template_limit *limit, size_t cap)
{
	out->len = from;
	write_capped(out, t, n, escape, cap);
	struct str written = out->len > from ? (struct str){out->data + from, out->len - from} : STR_LIT("");
	return out->failed || template_length(written, limit->unit) <= limit->most;
}

void
template_write_within(struct buf *out, const struct template *t, const struct notification *n,
    enum template_escape escape, const struct template_limit *limit)
{
	size_t from = out->len, low = 0, high = TEMPLATE_CHARACTERS_MAX;
	if (fits(out, from, t, n, escape, limit, SIZE_MAX))
		return;
	while (low < high) { /* the largest at which it fits */
		size_t middle = (low + high + 1) / 2;
		if (fits(out, from, t, n, escape, limit, middle))
			low = middle;
		else
			high = middle - 1;
	}
	if (!fits(out, from, t, n, escape, limit, low))
		out->len = from; /* what the template says itself is too long already */
	if (out->data != NULL)
		out->data[out->len] = '\0';
}
