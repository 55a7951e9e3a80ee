#include "text/entities.h"
#include "text/html.h"
#include "text/html_lex.h"

#define ATTRS_MAX 64u /* per tag; the rest are not looked at */

enum attr_kind { ATTR_TEXT, ATTR_URL, ATTR_NUMBER, ATTR_EMPTY };

/* The attributes that stay; `on` is where, HTML_ID_COUNT = everywhere. */
static const struct attr_row {
	struct str name;
	enum html_id on;
	enum attr_kind kind;
} attr_rows[] = {
	{STR_LIT("title"), HTML_ID_COUNT, ATTR_TEXT}, {STR_LIT("lang"), HTML_ID_COUNT, ATTR_TEXT},
	{STR_LIT("dir"), HTML_ID_COUNT, ATTR_TEXT}, {STR_LIT("href"), HTML_ID_A, ATTR_URL},
	{STR_LIT("hreflang"), HTML_ID_A, ATTR_TEXT}, {STR_LIT("type"), HTML_ID_A, ATTR_TEXT},
	{STR_LIT("src"), HTML_ID_IMG, ATTR_URL}, {STR_LIT("alt"), HTML_ID_IMG, ATTR_TEXT},
	{STR_LIT("width"), HTML_ID_IMG, ATTR_NUMBER}, {STR_LIT("height"), HTML_ID_IMG, ATTR_NUMBER},
	{STR_LIT("src"), HTML_ID_AUDIO, ATTR_URL}, {STR_LIT("controls"), HTML_ID_AUDIO, ATTR_EMPTY},
	{STR_LIT("src"), HTML_ID_VIDEO, ATTR_URL}, {STR_LIT("poster"), HTML_ID_VIDEO, ATTR_URL},
	{STR_LIT("controls"), HTML_ID_VIDEO, ATTR_EMPTY}, {STR_LIT("width"), HTML_ID_VIDEO, ATTR_NUMBER},
	{STR_LIT("height"), HTML_ID_VIDEO, ATTR_NUMBER}, {STR_LIT("src"), HTML_ID_SOURCE, ATTR_URL},
	{STR_LIT("type"), HTML_ID_SOURCE, ATTR_TEXT}, {STR_LIT("cite"), HTML_ID_BLOCKQUOTE, ATTR_URL},
	{STR_LIT("cite"), HTML_ID_Q, ATTR_URL}, {STR_LIT("cite"), HTML_ID_DEL, ATTR_URL},
	{STR_LIT("cite"), HTML_ID_INS, ATTR_URL}, {STR_LIT("datetime"), HTML_ID_DEL, ATTR_TEXT},
	{STR_LIT("datetime"), HTML_ID_INS, ATTR_TEXT}, {STR_LIT("datetime"), HTML_ID_TIME, ATTR_TEXT},
	{STR_LIT("value"), HTML_ID_DATA, ATTR_TEXT}, {STR_LIT("start"), HTML_ID_OL, ATTR_NUMBER},
	{STR_LIT("reversed"), HTML_ID_OL, ATTR_EMPTY}, {STR_LIT("type"), HTML_ID_OL, ATTR_TEXT},
	{STR_LIT("value"), HTML_ID_LI, ATTR_NUMBER}, {STR_LIT("colspan"), HTML_ID_TD, ATTR_NUMBER},
	{STR_LIT("rowspan"), HTML_ID_TD, ATTR_NUMBER}, {STR_LIT("headers"), HTML_ID_TD, ATTR_TEXT},
	{STR_LIT("abbr"), HTML_ID_TH, ATTR_TEXT}, {STR_LIT("colspan"), HTML_ID_TH, ATTR_NUMBER},
	{STR_LIT("rowspan"), HTML_ID_TH, ATTR_NUMBER}, {STR_LIT("scope"), HTML_ID_TH, ATTR_TEXT},
	{STR_LIT("span"), HTML_ID_COL, ATTR_NUMBER}, {STR_LIT("span"), HTML_ID_COLGROUP, ATTR_NUMBER},
	{STR_LIT("open"), HTML_ID_DETAILS, ATTR_EMPTY},
};

#define ATTR_ROWS (sizeof attr_rows / sizeof *attr_rows)

/* Cleaned HTML being written: the elements that are open, outermost first. */
struct cleaner {
	struct buf *out;
	const struct html_links *links;
	struct buf value; /* scratch: an attribute decoded */
	struct html_lexer lexer;
	enum html_id open[HTML_DEPTH_MAX];
	size_t depth;
	size_t too_deep; /* start tags dropped for depth whose end tags are to come */
	unsigned short count[HTML_ID_COUNT]; /* how many of each are open */
};

/* The entity for a byte that cannot stand as it is, or NULL. */
static const char *
escape_of(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\0': return "";
	default: return NULL;
	}
}

typedef unsigned char vec16 __attribute__((vector_size(16)));

/* Offset of the next byte that escape_of() has a word for. Sixteen at once while there are none. */
static size_t
find_special(struct str s, size_t i)
{
	for (; i + sizeof(vec16) <= s.len; i += sizeof(vec16)) {
		vec16 v, hits;
		uint64_t any[2];
		memcpy(&v, s.s + i, sizeof v);
		hits = (vec16)(v == '&') | (vec16)(v == '<') | (vec16)(v == '>') | (vec16)(v == '"') | (vec16)(v == 0);
		memcpy(any, &hits, sizeof any);
		if ((any[0] | any[1]) != 0)
			break;
	}
	while (i < s.len && ((unsigned char)s.s[i] > '>' || escape_of(s.s[i]) == NULL))
		i++;
	return i;
}

bool
html_escape(struct str s, struct buf *out)
{
	size_t from = 0;

	if (str_empty(s))
		return !out->failed;
	for (size_t i = find_special(s, 0); i < s.len; i = find_special(s, i + 1)) {
		const char *escape = escape_of(s.s[i]);
		buf_add(out, s.s + from, i - from);
		buf_puts(out, escape);
		from = i + 1;
	}
	return buf_add(out, s.s + from, s.len - from);
}

/* Text with references, decoded and escaped again; what needs neither is copied. */
static void
write_text(struct cleaner *c, struct str s)
{
	size_t from = 0, i = 0;

	if (str_empty(s))
		return;
	while (i < s.len && !c->out->failed) {
		char text[8];
		size_t n = 1, taken = 0;
		i = find_special(s, i);
		if (i == s.len)
			break;
		if (s.s[i] == '"') { /* only attributes need it escaped */
			i++;
			continue;
		}
		buf_add(c->out, s.s + from, i - from);
		if (s.s[i] == '&')
			taken = text_entity_at((struct str){s.s + i, s.len - i}, false, text, &n);
		html_escape(taken > 0 ? (struct str){text, n} : (struct str){s.s + i, 1}, c->out);
		i += taken > 0 ? taken : 1;
		from = i;
	}
	buf_add(c->out, s.s + from, s.len - from);
}

static void
write_end_tag(struct cleaner *c)
{
	enum html_id id = c->open[--c->depth];

	c->count[id]--;
	buf_puts(c->out, "</");
	buf_puts(c->out, html_elements[id].name);
	buf_putc(c->out, '>');
}

static void
close_down_to(struct cleaner *c, size_t depth)
{
	while (c->depth > depth)
		write_end_tag(c);
}

/* Which elements an open one may be searched through; what stops the search depends on what is looked for. */
static bool
stops_search(enum html_id wanted, enum html_id at)
{
	const struct html_element *e = &html_elements[at];

	switch (wanted) {
	case HTML_ID_LI:
		return at == HTML_ID_UL || at == HTML_ID_OL || at == HTML_ID_MENU || at == HTML_ID_DIR || (e->flags & HTML_SCOPE);
	case HTML_ID_DT:
	case HTML_ID_DD:
		return at == HTML_ID_DL || (e->flags & HTML_SCOPE);
	case HTML_ID_TD:
	case HTML_ID_TH:
	case HTML_ID_TR:
	case HTML_ID_THEAD:
	case HTML_ID_TBODY:
	case HTML_ID_TFOOT:
	case HTML_ID_CAPTION:
	case HTML_ID_COLGROUP:
		return at == HTML_ID_TABLE;
	case HTML_ID_TABLE:
		return false;
	default:
		return (e->flags & HTML_SCOPE) != 0;
	}
}

/* Depth below the innermost open `id`, that is, what remains open when it is closed; SIZE_MAX when out of reach. */
static size_t
depth_below(const struct cleaner *c, enum html_id id)
{
	if (c->count[id] == 0)
		return SIZE_MAX;
	for (size_t i = c->depth; i > 0; i--) {
		if (c->open[i - 1] == id)
			return i - 1;
		if (stops_search(id, c->open[i - 1]))
			break;
	}
	return SIZE_MAX;
}

static void
close_if_open(struct cleaner *c, enum html_id id)
{
	size_t depth = depth_below(c, id);
	if (depth != SIZE_MAX)
		close_down_to(c, depth);
}

/* A block ends an open paragraph, unless another block stands between them. */
static void
close_paragraph(struct cleaner *c)
{
	if (c->count[HTML_ID_P] == 0)
		return;
	for (size_t i = c->depth; i > 0; i--) {
		if (c->open[i - 1] == HTML_ID_P) {
			close_down_to(c, i - 1);
			return;
		}
		if (html_elements[c->open[i - 1]].flags & (HTML_ENDS_P | HTML_SCOPE))
			return;
	}
}

/* A row ends the cell before it, a list's term its definition, and so on. */
static void
close_siblings(struct cleaner *c, enum html_id id)
{
	static const struct {
		enum html_id starts, ends;
	} also[] = {
		{HTML_ID_DT, HTML_ID_DD}, {HTML_ID_DD, HTML_ID_DT}, {HTML_ID_TD, HTML_ID_TH}, {HTML_ID_TH, HTML_ID_TD},
		{HTML_ID_TR, HTML_ID_TD}, {HTML_ID_TR, HTML_ID_TH}, {HTML_ID_TR, HTML_ID_CAPTION},
		{HTML_ID_TR, HTML_ID_COLGROUP}, {HTML_ID_THEAD, HTML_ID_TBODY}, {HTML_ID_THEAD, HTML_ID_TFOOT},
		{HTML_ID_TBODY, HTML_ID_THEAD}, {HTML_ID_TBODY, HTML_ID_TFOOT}, {HTML_ID_TFOOT, HTML_ID_THEAD},
		{HTML_ID_TFOOT, HTML_ID_TBODY}, {HTML_ID_THEAD, HTML_ID_TR}, {HTML_ID_TBODY, HTML_ID_TR},
		{HTML_ID_TFOOT, HTML_ID_TR}, {HTML_ID_THEAD, HTML_ID_CAPTION}, {HTML_ID_TBODY, HTML_ID_CAPTION},
		{HTML_ID_THEAD, HTML_ID_COLGROUP}, {HTML_ID_TBODY, HTML_ID_COLGROUP}, {HTML_ID_COLGROUP, HTML_ID_CAPTION},
	};
	close_if_open(c, id);
	for (size_t i = 0; i < sizeof also / sizeof *also; i++) {
		if (also[i].starts == id)
			close_if_open(c, also[i].ends);
	}
}

static void
close_before(struct cleaner *c, const struct html_element *e)
{
	if (e->flags & HTML_ENDS_P)
		close_paragraph(c);
	if (e->flags & HTML_SIBLING)
		close_siblings(c, html_element_id(e));
	if (e->flags & HTML_NO_NEST)
		close_if_open(c, html_element_id(e));
}

/* The row that lets this attribute pass, or ATTR_ROWS. */
static size_t
find_attr(enum html_id id, struct str name)
{
	size_t i;
	for (i = 0; i < ATTR_ROWS; i++) {
		if ((attr_rows[i].on == id || attr_rows[i].on == HTML_ID_COUNT) && attr_rows[i].name.len == name.len &&
		    str_ieq(name, attr_rows[i].name))
			break;
	}
	return i;
}

/* "120" or "50%". */
static bool
is_number(struct str s)
{
	size_t i = 0;
	while (i < s.len && s.s[i] >= '0' && s.s[i] <= '9')
		i++;
	return i > 0 && i <= 9 && (i == s.len || (i + 1 == s.len && s.s[i] == '%'));
}

/* The value decoded; false when it is longer than the ceiling or memory ran out. */
static bool
decode_value(struct cleaner *c, struct str raw)
{
	size_t pos = 0;

	buf_reset(&c->value);
	while (pos < raw.len) {
		char text[8];
		const char *amp = memchr(raw.s + pos, '&', raw.len - pos);
		size_t n, taken, end = amp ? (size_t)(amp - raw.s) : raw.len;
		buf_add(&c->value, raw.s + pos, end - pos);
		pos = end;
		if (pos == raw.len)
			break;
		taken = text_entity_at((struct str){raw.s + pos, raw.len - pos}, true, text, &n);
		buf_add(&c->value, taken > 0 ? text : "&", taken > 0 ? n : 1);
		pos += taken > 0 ? taken : 1;
	}
	if (c->value.failed && !c->value.over_limit)
		c->out->failed = true;
	return !c->value.failed;
}

/* The value as it may stand, or STR_NONE when the attribute must go. */
static struct str
judge_value(struct cleaner *c, enum attr_kind kind)
{
	struct str value = buf_view(&c->value);

	switch (kind) {
	case ATTR_URL:
		return c->links != NULL ? c->links->resolve(c->links->ctx, value) : STR_NONE;
	case ATTR_NUMBER:
		value = str_trim(value);
		return is_number(value) ? value : STR_NONE;
	case ATTR_EMPTY:
		return STR_LIT("");
	case ATTR_TEXT:
		break;
	}
	return value;
}

static void
write_attrs(struct cleaner *c, enum html_id id, struct str attrs)
{
	struct html_attr attr;
	bool seen[ATTR_ROWS] = {false};

	for (unsigned n = 0; n < ATTRS_MAX && html_attr_next(&attrs, &attr); n++) {
		size_t row = find_attr(id, attr.name);
		if (row == ATTR_ROWS || seen[row])
			continue;
		seen[row] = true;
		if (!decode_value(c, attr.value))
			continue;
		struct str value = judge_value(c, attr_rows[row].kind);
		if (value.s == NULL)
			continue;
		buf_putc(c->out, ' ');
		buf_str(c->out, attr_rows[row].name);
		buf_puts(c->out, "=\"");
		html_escape(value, c->out);
		buf_putc(c->out, '"');
	}
}

/* An image that has a source, or at least words in its place. */
static bool
shows_something(struct cleaner *c, struct str attrs)
{
	struct str src = html_attr_find(attrs, STR_LIT("src"));

	if (src.s != NULL && decode_value(c, src) && judge_value(c, ATTR_URL).s != NULL)
		return true;
	return decode_value(c, html_attr_find(attrs, STR_LIT("alt"))) && str_trim(buf_view(&c->value)).len > 0;
}

static void
write_start_tag(struct cleaner *c, const struct html_token *token)
{
	const struct html_element *e = token->element;
	enum html_id id = html_element_id(e);
	bool is_void = e->flags & HTML_VOID;

	close_before(c, e);
	if (!is_void && c->depth == HTML_DEPTH_MAX) {
		c->too_deep++;
		return;
	}
	if (id == HTML_ID_IMG && !shows_something(c, token->attrs))
		return;
	buf_putc(c->out, '<');
	buf_puts(c->out, e->name);
	write_attrs(c, id, token->attrs);
	buf_putc(c->out, '>');
	if (is_void)
		return;
	c->open[c->depth++] = id;
	c->count[id]++;
	if (token->self_closing)
		write_end_tag(c);
}

static void
write_close(struct cleaner *c, const struct html_element *e)
{
	enum html_id id = html_element_id(e);

	if (id == HTML_ID_BR) { /* browsers read </br> as <br> */
		buf_puts(c->out, "<br>");
		return;
	}
	if (!(e->flags & HTML_KEEP) || (e->flags & HTML_VOID))
		return;
	if (c->too_deep > 0)
		c->too_deep--;
	else
		close_if_open(c, id);
}

static void
write_token(struct cleaner *c, const struct html_token *token)
{
	if (token->kind == HTML_TEXT)
		write_text(c, token->text);
	else if (token->element == NULL)
		return;
	else if (token->kind == HTML_CLOSE)
		write_close(c, token->element);
	else if (token->element->flags & HTML_DROP)
		write_text(c, html_lexer_skip(&c->lexer, token));
	else if (token->element->flags & HTML_KEEP)
		write_start_tag(c, token);
}

bool
html_clean(struct str html, const struct html_links *links, struct buf *out)
{
	struct cleaner c = {.out = out, .links = links};
	struct html_token token;

	buf_init(&c.value, HTML_ATTR_BYTES_MAX);
	html_lexer_init(&c.lexer, html);
	for (html_lexer_next(&c.lexer, &token); token.kind != HTML_END && !out->failed; html_lexer_next(&c.lexer, &token))
		write_token(&c, &token);
	close_down_to(&c, 0);
	buf_done(&c.value);
	return !out->failed;
}
