#include "text/entities.h"
#include "text/html.h"
#include "text/html_lex.h"
#include "text/html_scan.h"
#include "text/html_write.h"

enum attr_kind { ATTR_TEXT, ATTR_URL, ATTR_NUMBER, ATTR_EMPTY };

#define EVERYWHERE HTML_ID_COUNT
#define NOWHERE 0 /* ends a list; the first element of the table, <a>, is always listed first */

/* The attributes that stay, sorted by name (a test checks it), and the elements they stay on. */
/* clang-format off */
static const struct attr_rule {
	char name[16];
	unsigned char name_len;
	enum attr_kind kind;
	enum html_id on[4];
} attr_rules[] = {
#define ATTR(name, kind, ...) {name, sizeof(name) - 1, ATTR_##kind, {__VA_ARGS__}},
	ATTR("abbr", TEXT, HTML_ID_TH)
	ATTR("alt", TEXT, HTML_ID_IMG)
	ATTR("cite", URL, HTML_ID_BLOCKQUOTE, HTML_ID_Q, HTML_ID_DEL, HTML_ID_INS)
	ATTR("colspan", NUMBER, HTML_ID_TD, HTML_ID_TH)
	ATTR("controls", EMPTY, HTML_ID_AUDIO, HTML_ID_VIDEO)
	ATTR("datetime", TEXT, HTML_ID_TIME, HTML_ID_DEL, HTML_ID_INS)
	ATTR("dir", TEXT, EVERYWHERE)
	ATTR("headers", TEXT, HTML_ID_TD, HTML_ID_TH)
	ATTR("height", NUMBER, HTML_ID_IMG, HTML_ID_VIDEO)
	ATTR("href", URL, HTML_ID_A)
	ATTR("hreflang", TEXT, HTML_ID_A)
	ATTR("lang", TEXT, EVERYWHERE)
	ATTR("open", EMPTY, HTML_ID_DETAILS)
	ATTR("poster", URL, HTML_ID_VIDEO)
	ATTR("reversed", EMPTY, HTML_ID_OL)
	ATTR("rowspan", NUMBER, HTML_ID_TD, HTML_ID_TH)
	ATTR("scope", TEXT, HTML_ID_TH)
	ATTR("span", NUMBER, HTML_ID_COL, HTML_ID_COLGROUP)
	ATTR("src", URL, HTML_ID_IMG, HTML_ID_AUDIO, HTML_ID_VIDEO, HTML_ID_SOURCE)
	ATTR("start", NUMBER, HTML_ID_OL)
	ATTR("title", TEXT, EVERYWHERE)
	ATTR("type", TEXT, HTML_ID_A, HTML_ID_SOURCE, HTML_ID_OL)
	ATTR("value", TEXT, HTML_ID_DATA, HTML_ID_LI)
	ATTR("width", NUMBER, HTML_ID_IMG, HTML_ID_VIDEO)
#undef ATTR
};
/* clang-format on */

#define ATTR_RULES (sizeof attr_rules / sizeof *attr_rules)

/* Cleaned HTML being written: the elements that are open, outermost first. */
struct cleaner {
	struct buf *out;
	const struct html_links *links;
	struct buf value; /* scratch: an attribute decoded */
	struct html_lexer lexer;
	enum html_id open[HTML_DEPTH_MAX];
	size_t depth;
	size_t too_deep;                     /* start tags dropped for depth whose end tags are to come */
	unsigned short count[HTML_ID_COUNT]; /* how many of each are open */
};

/* The entity for a byte that cannot stand as it is; STR_NONE for one that can. */
static struct str
escape_of(char c)
{
	switch (c) {
	case '&':
		return STR_LIT("&amp;");
	case '<':
		return STR_LIT("&lt;");
	case '>':
		return STR_LIT("&gt;");
	case '"':
		return STR_LIT("&quot;");
	case '\0':
		return STR_LIT("");
	default:
		return STR_NONE;
	}
}

bool
html_escape(struct str s, struct buf *out)
{
	size_t pos = 0;

	while (pos < s.len) {
		size_t n = html_unescaped_span(s.s + pos, s.len - pos);
		html_put(out, s.s + pos, n);
		pos += n;
		if (pos < s.len)
			buf_str(out, escape_of(s.s[pos++]));
	}
	return !out->failed;
}

/* Text with references, decoded and escaped again; what needs neither is copied. */
static void
write_text(struct cleaner *c, struct str s)
{
	size_t pos = 0;

	while (pos < s.len && !c->out->failed) {
		char text[8];
		size_t len, taken = 0;
		size_t n = html_unescaped_span(s.s + pos, s.len - pos);
		html_put(c->out, s.s + pos, n);
		pos += n;
		if (pos == s.len)
			break;
		if (s.s[pos] == '&')
			taken = text_entity_at((struct str){s.s + pos, s.len - pos}, false, text, &len);
		if (taken == 0) {
			text[0] = s.s[pos];
			len = taken = 1;
		}
		/* A few references are a '<' or '>' and a mark on it. */
		struct str escape = text[0] != '"' ? escape_of(text[0]) : STR_NONE;
		if (escape.s != NULL)
			html_put(c->out, escape.s, escape.len);
		html_put(c->out, text + (escape.s != NULL), len - (escape.s != NULL));
		pos += taken;
	}
}

static void
write_end_tag(struct cleaner *c)
{
	enum html_id id = c->open[--c->depth];
	char tag[24] = "</";
	size_t n = html_elements[id].name_len;

	c->count[id]--;
	memcpy(tag + 2, html_elements[id].name, n);
	tag[n + 2] = '>';
	html_put(c->out, tag, n + 3);
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
		return at == HTML_ID_UL || at == HTML_ID_OL || at == HTML_ID_MENU || at == HTML_ID_DIR ||
		       (e->flags & HTML_SCOPE);
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
	    {HTML_ID_DT, HTML_ID_DD},
	    {HTML_ID_DD, HTML_ID_DT},
	    {HTML_ID_TD, HTML_ID_TH},
	    {HTML_ID_TH, HTML_ID_TD},
	    {HTML_ID_TR, HTML_ID_TD},
	    {HTML_ID_TR, HTML_ID_TH},
	    {HTML_ID_TR, HTML_ID_CAPTION},
	    {HTML_ID_TR, HTML_ID_COLGROUP},
	    {HTML_ID_THEAD, HTML_ID_TBODY},
	    {HTML_ID_THEAD, HTML_ID_TFOOT},
	    {HTML_ID_TBODY, HTML_ID_THEAD},
	    {HTML_ID_TBODY, HTML_ID_TFOOT},
	    {HTML_ID_TFOOT, HTML_ID_THEAD},
	    {HTML_ID_TFOOT, HTML_ID_TBODY},
	    {HTML_ID_THEAD, HTML_ID_TR},
	    {HTML_ID_TBODY, HTML_ID_TR},
	    {HTML_ID_TFOOT, HTML_ID_TR},
	    {HTML_ID_THEAD, HTML_ID_CAPTION},
	    {HTML_ID_TBODY, HTML_ID_CAPTION},
	    {HTML_ID_THEAD, HTML_ID_COLGROUP},
	    {HTML_ID_TBODY, HTML_ID_COLGROUP},
	    {HTML_ID_COLGROUP, HTML_ID_CAPTION},
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

static bool
stays_on(const struct attr_rule *rule, enum html_id id)
{
	if (rule->on[0] == EVERYWHERE)
		return true;
	for (size_t i = 0; i < sizeof rule->on / sizeof *rule->on && (i == 0 || rule->on[i] != NOWHERE); i++) {
		if (rule->on[i] == id)
			return true;
	}
	return false;
}

/* The rule that lets this attribute pass, or ATTR_RULES. */
static size_t
find_rule(enum html_id id, struct str name)
{
	size_t lo = 0, hi = ATTR_RULES;
	struct html_key want;

	if (!html_key_make(name, &want))
		return ATTR_RULES;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int order = html_key_cmp(want, html_key_of(attr_rules[mid].name));
		if (order == 0)
			return stays_on(&attr_rules[mid], id) ? mid : ATTR_RULES;
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return ATTR_RULES;
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

/* The value with its references decoded, in place when it has none; STR_NONE when it is longer than the ceiling or
 * memory ran out. */
static struct str
decode_value(struct cleaner *c, struct str raw)
{
	size_t pos = 0;

	if (raw.len <= HTML_ATTR_BYTES_MAX && (raw.len == 0 || memchr(raw.s, '&', raw.len) == NULL))
		return raw.s != NULL ? raw : STR_LIT("");
	buf_reset(&c->value);
	while (pos < raw.len) {
		char text[8];
		size_t n, taken;
		const char *amp = memchr(raw.s + pos, '&', raw.len - pos);
		size_t end = amp != NULL ? (size_t)(amp - raw.s) : raw.len;
		buf_add(&c->value, raw.s + pos, end - pos);
		pos = end;
		if (amp == NULL)
			break;
		taken = text_entity_at((struct str){amp, raw.len - pos}, true, text, &n);
		buf_add(&c->value, taken > 0 ? text : "&", taken > 0 ? n : 1);
		pos += taken > 0 ? taken : 1;
	}
	if (c->value.failed && !c->value.over_limit)
		c->out->failed = true;
	return c->value.failed ? STR_NONE : buf_view(&c->value);
}

/* The value as it may stand, or STR_NONE when the attribute must go. */
static struct str
judge_value(struct cleaner *c, enum attr_kind kind, struct str value)
{
	if (value.s == NULL)
		return value;
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
write_attr(struct cleaner *c, const struct attr_rule *rule, struct str value)
{
	char head[24] = " ";
	size_t n = rule->name_len;

	memcpy(head + 1, rule->name, n);
	memcpy(head + 1 + n, "=\"", 2);
	html_put(c->out, head, n + 3);
	html_escape(value, c->out);
	html_put(c->out, "\"", 1);
}

/* True when one of them shows something: the source of an image, or words in its place. */
static bool
write_attrs(struct cleaner *c, enum html_id id, struct str attrs)
{
	struct html_attr attr;
	bool seen[ATTR_RULES] = {false}, shows = false;

	for (unsigned n = 0; n < HTML_ATTRS_MAX && html_attr_next(&attrs, &attr); n++) {
		size_t i = find_rule(id, attr.name);
		if (i == ATTR_RULES || seen[i])
			continue;
		seen[i] = true;
		struct str value = judge_value(c, attr_rules[i].kind, decode_value(c, attr.value));
		if (value.s == NULL)
			continue;
		write_attr(c, &attr_rules[i], value);
		shows |=
		    attr.value.s != NULL && (attr_rules[i].kind == ATTR_URL ||
		                                (strcmp(attr_rules[i].name, "alt") == 0 && str_trim(value).len > 0));
	}
	return shows;
}

static void
write_start_tag(struct cleaner *c, const struct html_token *token)
{
	const struct html_element *e = token->element;
	enum html_id id = html_element_id(e);
	bool is_void = e->flags & HTML_VOID;
	char tag[24] = "<";

	close_before(c, e);
	if (!is_void && c->depth == HTML_DEPTH_MAX) {
		c->too_deep++;
		return;
	}
	size_t start = c->out->len;
	memcpy(tag + 1, e->name, e->name_len);
	tag[e->name_len + 1] = '>';
	html_put(c->out, tag, e->name_len + (token->attrs.len > 0 ? 1u : 2u));
	bool shows = false;
	if (token->attrs.len > 0) {
		shows = write_attrs(c, id, token->attrs);
		html_put(c->out, ">", 1);
	}
	if (id == HTML_ID_IMG && !shows && !c->out->failed) { /* goes again */
		c->out->len = start;
		c->out->data[start] = '\0';
	}
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

/* Any token but the start of an element that is dropped with what is inside. */
static void
write_token(struct cleaner *c, const struct html_token *token)
{
	if (token->kind == HTML_TEXT)
		write_text(c, token->text);
	else if (token->element == NULL)
		return;
	else if (token->kind == HTML_CLOSE)
		write_close(c, token->element);
	else if (token->element->flags & HTML_KEEP)
		write_start_tag(c, token);
}

/* The text of an element that stays in the HTML but is none of the plain text ends at the offset that comes back. */
static size_t
end_of_silence(struct html_lexer *lx, const struct html_token *token)
{
	size_t pos = lx->pos;

	html_lexer_skip(lx, token);
	size_t end = lx->pos;
	lx->pos = pos;
	lx->in_cdata = false;
	return end;
}

static bool
read_all(struct str html, const struct html_links *links, struct buf *out, struct html_writer *w)
{
	struct cleaner c = {.out = out, .links = links};
	struct html_lexer *lx = &c.lexer;
	struct html_token token;
	size_t silent = 0; /* plain text goes on behind this offset */

	buf_init(&c.value, HTML_ATTR_BYTES_MAX);
	html_lexer_init(lx, html);
	for (html_lexer_next(lx, &token); token.kind != HTML_END && !out->failed; html_lexer_next(lx, &token)) {
		bool loud = w != NULL && lx->pos > silent;
		if (html_is_dropped(&token, HTML_DROP)) {
			struct str words = html_lexer_skip(lx, &token);
			write_text(&c, words);
			if (loud)
				html_writer_skipped(w, words);
			continue;
		}
		write_token(&c, &token);
		if (loud && html_is_dropped(&token, HTML_DROP_TEXT))
			silent = end_of_silence(lx, &token);
		else if (loud)
			html_writer_token(w, &token);
	}
	close_down_to(&c, 0);
	buf_done(&c.value);
	return !out->failed;
}

bool
html_clean(struct str html, const struct html_links *links, struct buf *out)
{
	return read_all(html, links, out, NULL);
}

bool
html_read(struct str html, const struct html_links *links, struct buf *out, struct buf *text)
{
	struct html_writer w;

	html_writer_init(&w, text);
	return read_all(html, links, out, &w) && !text->failed;
}
