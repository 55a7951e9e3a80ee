#include "feed/hfeed.h"

#include "base/utf8.h"
#include "text/entities.h"
#include "text/html.h"
#include "text/html_lex.h"

/*
 * One run of the HTML tokenizer with a stack of open elements. A root class (h-entry, h-card) opens a scope; a property
 * belongs to the nearest scope around its element and is read when that element ends.
 */

#define HEAD_BYTES 65536u       /* where a page names its feed */
#define VALUE_BYTES 65536u      /* of one property but the content */
#define READ_BYTES_SPARE 65536u /* all values of a page together: three times its length, and this */

enum scope {
	SCOPE_NONE, /* no root */
	SCOPE_PAGE,
	SCOPE_FEED,
	SCOPE_ENTRY,
	SCOPE_CARD,
	SCOPE_OTHER, /* a citation, an event: its properties are not the entry's */
};

enum property {
	PROP_NAME = 1 << 0,
	PROP_SUMMARY = 1 << 1,
	PROP_CONTENT = 1 << 2,
	PROP_URL = 1 << 3,
	PROP_UID = 1 << 4,
	PROP_PUBLISHED = 1 << 5,
	PROP_UPDATED = 1 << 6,
	PROP_AUTHOR = 1 << 7,
	PROP_CATEGORY = 1 << 8,
	PROP_MEDIA = 1 << 9,
	PROP_REPLY_TO = 1 << 10,
	PROP_EMAIL = 1 << 11,
	PROP_COMMENTS = 1 << 12,
};

static const struct {
	const char *name;
	enum scope scope;
	bool classic;
} roots[] = {
    {"h-feed", SCOPE_FEED, false},
    {"h-entry", SCOPE_ENTRY, false},
    {"h-card", SCOPE_CARD, false},
    {"h-cite", SCOPE_OTHER, false},
    {"h-event", SCOPE_OTHER, false},
    {"h-item", SCOPE_OTHER, false},
    {"h-product", SCOPE_OTHER, false},
    {"h-review", SCOPE_OTHER, false},
    {"hfeed", SCOPE_FEED, true},
    {"hentry", SCOPE_ENTRY, true},
    {"vcard", SCOPE_CARD, true},
};

/* `classic` ones count only inside a classic root: "author" and "updated" are everyday words. */
static const struct {
	const char *name;
	unsigned property;
	bool classic;
} properties[] = {
    {"p-name", PROP_NAME, false},
    {"p-summary", PROP_SUMMARY, false},
    {"e-summary", PROP_SUMMARY, false},
    {"e-content", PROP_CONTENT, false},
    {"p-content", PROP_CONTENT, false},
    {"u-url", PROP_URL, false},
    {"u-uid", PROP_UID, false},
    {"dt-published", PROP_PUBLISHED, false},
    {"dt-updated", PROP_UPDATED, false},
    {"p-author", PROP_AUTHOR, false},
    {"u-author", PROP_AUTHOR, false},
    {"p-category", PROP_CATEGORY, false},
    {"u-category", PROP_CATEGORY, false},
    {"u-photo", PROP_MEDIA, false},
    {"u-audio", PROP_MEDIA, false},
    {"u-video", PROP_MEDIA, false},
    {"u-featured", PROP_MEDIA, false},
    {"u-in-reply-to", PROP_REPLY_TO, false},
    {"u-email", PROP_EMAIL, false},
    {"u-comments", PROP_COMMENTS, false},
    {"entry-title", PROP_NAME, true},
    {"entry-summary", PROP_SUMMARY, true},
    {"entry-content", PROP_CONTENT, true},
    {"published", PROP_PUBLISHED, true},
    {"updated", PROP_UPDATED, true},
    {"author", PROP_AUTHOR, true},
    {"fn", PROP_NAME, true},
    {"email", PROP_EMAIL, true},
};

struct element {
	const struct html_element *e;
	enum scope scope; /* of the root that it is, or SCOPE_NONE */
	bool classic;
	unsigned properties;
	struct str attrs;
	size_t content; /* where it begins */
	struct str language;
};

struct reader {
	struct str page;
	struct builder *b;
	struct html_lexer lx;
	struct element open[HTML_DEPTH_MAX];
	size_t depth;
	struct str base;
	struct feed_person card; /* the innermost h-card */
	struct str cited;        /* the address of the innermost citation */
	struct str page_title, *declared;
	struct buf value;
	size_t budget; /* bytes that properties may still read: nested ones read the same text again */
	bool found;
};

/* An attribute with its references decoded; a view of r->value. */
static struct str
attribute(struct reader *r, struct str attrs, const char *name)
{
	struct str raw = html_attr_find(attrs, str_from(name));
	if (raw.s == NULL || raw.len > HTML_ATTR_BYTES_MAX)
		return STR_NONE;
	buf_reset(&r->value);
	if (!text_decode_entities(raw, &r->value) && !r->value.over_limit)
		builder_fail(r->b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
	return buf_view(&r->value);
}

static bool
next_word(struct str *rest, struct str *word)
{
	*rest = str_trim(*rest);
	if (rest->len == 0)
		return false;
	size_t n = 0;
	while (n < rest->len && !ascii_space(rest->s[n]))
		n++;
	*word = (struct str){rest->s, n};
	*rest = (struct str){rest->s + n, rest->len - n};
	return true;
}

static bool
has_word(struct str list, const char *wanted)
{
	struct str word;
	while (next_word(&list, &word)) {
		if (str_ieq(word, str_from(wanted)))
			return true;
	}
	return false;
}

/* The nearest root around the elements up to `depth`. */
static const struct element *
scope_around(const struct reader *r, size_t depth)
{
	static const struct element page = {.scope = SCOPE_PAGE};
	for (size_t i = depth; i > 0; i--) {
		if (r->open[i - 1].scope != SCOPE_NONE)
			return &r->open[i - 1];
	}
	return &page;
}

static void
read_classes(struct reader *r, struct element *el)
{
	struct str rest = attribute(r, el->attrs, "class"), word;
	const struct element *around = scope_around(r, r->depth);
	bool modern = false, classic = around->classic;
	struct str all = rest;
	while (next_word(&rest, &word)) {
		for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
			if (!str_is(word, roots[i].name) || (modern && roots[i].classic))
				continue;
			el->scope = roots[i].scope;
			el->classic = roots[i].classic;
			modern |= !roots[i].classic;
		}
	}
	for (rest = all; next_word(&rest, &word);) {
		for (size_t i = 0; i < sizeof properties / sizeof *properties; i++) {
			if (str_is(word, properties[i].name) && (!properties[i].classic || classic))
				el->properties |= properties[i].property;
		}
	}
	struct str rel = attribute(r, el->attrs, "rel");
	if (rel.len > 0 && around->scope == SCOPE_ENTRY) {
		if (classic && has_word(rel, "bookmark"))
			el->properties |= PROP_URL;
		if (has_word(rel, "tag"))
			el->properties |= PROP_CATEGORY;
	}
}

/* values */

static struct str
content_of(struct reader *r, const struct element *el, size_t end, size_t max)
{
	size_t n = end > el->content ? end - el->content : 0;
	n = n < max ? n : utf8_truncate((struct str){r->page.s + el->content, n}, max).len;
	if (n > r->budget) {
		builder_repair(r->b, "properties-cut");
		return STR_LIT("");
	}
	r->budget -= n;
	return (struct str){r->page.s + el->content, n};
}

/* An attribute that stands for the value, by the element. */
static struct str
value_attribute(struct reader *r, const struct element *el)
{
	static const struct {
		enum html_id id;
		const char *attr;
	} rules[] = {{HTML_ID_TIME, "datetime"}, {HTML_ID_INS, "datetime"}, {HTML_ID_DEL, "datetime"},
	    {HTML_ID_ABBR, "title"}, {HTML_ID_DATA, "value"}, {HTML_ID_IMG, "alt"}, {HTML_ID_META, "content"}};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		if (el->e == &html_elements[rules[i].id])
			return attribute(r, el->attrs, rules[i].attr);
	}
	return STR_NONE;
}

static struct str
line_value(struct reader *r, const struct element *el, size_t end)
{
	struct str said = value_attribute(r, el);
	if (said.len > 0)
		return field_line(r->b, said, TEXT_PLAIN);
	return field_line(r->b, content_of(r, el, end, VALUE_BYTES), TEXT_HTML);
}

static struct str
url_value(struct reader *r, const struct element *el, size_t end)
{
	static const char *const attrs[] = {"href", "src", "data", "value"};
	for (size_t i = 0; i < sizeof attrs / sizeof *attrs; i++) {
		struct str said = attribute(r, el->attrs, attrs[i]);
		if (said.s != NULL)
			return field_url(r->b, said, r->base);
	}
	return field_url(r->b, line_value(r, el, end), r->base);
}

static struct str
email_value(struct reader *r, const struct element *el, size_t end)
{
	struct str said = attribute(r, el->attrs, "href");
	if (str_istarts(said, STR_LIT("mailto:")))
		return field_string(r->b, (struct str){said.s + 7, said.len - 7});
	return line_value(r, el, end);
}

/* properties */

static void
card_property(struct reader *r, unsigned property, const struct element *el, size_t end)
{
	struct feed_person *p = &r->card;
	if (property == PROP_NAME && p->name.len == 0)
		p->name = line_value(r, el, end);
	else if (property == PROP_URL && p->uri.len == 0)
		p->uri = url_value(r, el, end);
	else if (property == PROP_EMAIL && p->email.len == 0)
		p->email = email_value(r, el, end);
}

static void
add_author(struct reader *r, const struct element *el, size_t end)
{
	struct feed_person p = {STR_NONE, STR_NONE, STR_NONE};
	if (el->scope == SCOPE_CARD)
		p = r->card;
	if (p.name.len == 0)
		p.name = line_value(r, el, end);
	if (p.uri.len == 0 && attribute(r, el->attrs, "href").s != NULL)
		p.uri = url_value(r, el, end);
	list_person(r->b, 1, p);
}

static void
text_property(struct reader *r, bool content, const struct element *el, size_t end)
{
	struct builder *b = r->b;
	struct str html, text;
	if (b->item == NULL) {
		if (!content)
			slot_string(b, SLOT_SUMMARY, 1, line_value(r, el, end));
		return;
	}
	if (!slot_take(b, content ? SLOT_CONTENT : SLOT_SUMMARY, 1))
		return;
	field_rich(b, content_of(r, el, end, b->limits->field_bytes), TEXT_HTML, r->base, &html, &text);
	*(content ? &b->item->content_html : &b->item->summary_html) = html;
	*(content ? &b->item->content_text : &b->item->summary_text) = text;
}

static void
link_property(struct reader *r, unsigned property, struct str url)
{
	struct builder *b = r->b;
	if (property == PROP_URL)
		item_link(b, 1, url);
	else if (property == PROP_UID)
		slot_string(b, SLOT_ID, 1, url);
	else if (property == PROP_COMMENTS)
		slot_string(b, SLOT_COMMENTS, 1, url);
	else if (b->item == NULL)
		slot_string(b, SLOT_IMAGE, 1, property == PROP_MEDIA ? url : STR_NONE);
	else if (property == PROP_MEDIA)
		list_enclosure(b, (struct feed_enclosure){.url = url, .length = -1});
	else if (property == PROP_REPLY_TO)
		list_link(b, (struct feed_link){.rel = STR_LIT("in-reply-to"), .href = url});
}

static void
apply(struct reader *r, unsigned property, const struct element *el, size_t end)
{
	struct builder *b = r->b;
	switch (property) {
	case PROP_NAME:
		if (slot_free(b, SLOT_TITLE, 1))
			slot_string(b, SLOT_TITLE, 1, line_value(r, el, end));
		break;
	case PROP_SUMMARY:
	case PROP_CONTENT:
		text_property(r, property == PROP_CONTENT, el, end);
		break;
	case PROP_PUBLISHED:
	case PROP_UPDATED:
		slot_date(b, property == PROP_PUBLISHED ? SLOT_PUBLISHED : SLOT_UPDATED, 1, line_value(r, el, end));
		break;
	case PROP_AUTHOR:
		add_author(r, el, end);
		break;
	case PROP_CATEGORY:
		list_category(b, (struct feed_category){.term = line_value(r, el, end)});
		break;
	default:
		link_property(r, property, el->scope == SCOPE_OTHER ? r->cited : url_value(r, el, end));
	}
}

/* What an element says, to the scope around it. `end`: where its content ends. */
static void
read_properties(struct reader *r, const struct element *el, size_t depth, size_t end)
{
	enum scope scope = scope_around(r, depth)->scope;
	bool ours = scope == SCOPE_FEED || scope == SCOPE_ENTRY;
	for (unsigned left = el->properties; left != 0; left &= left - 1) {
		unsigned property = left & -left;
		if (scope == SCOPE_OTHER && property == PROP_URL && r->cited.s == NULL)
			r->cited = url_value(r, el, end);
		else if (scope == SCOPE_CARD)
			card_property(r, property, el, end);
		else if (ours && (el->scope == SCOPE_NONE || el->scope == SCOPE_CARD || property == PROP_REPLY_TO))
			apply(r, property, el, end);
	}
}

/* roots */

static void
open_root(struct reader *r, struct element *el)
{
	struct builder *b = r->b;
	if (el->scope == SCOPE_CARD)
		r->card = (struct feed_person){STR_NONE, STR_NONE, STR_NONE};
	if (el->scope == SCOPE_OTHER)
		r->cited = STR_NONE;
	if (el->scope != SCOPE_ENTRY)
		return;
	if (b->item != NULL || scope_around(r, r->depth)->scope == SCOPE_OTHER) {
		r->cited = STR_NONE;
		el->scope = SCOPE_OTHER; /* an entry in an entry: a reply, a repost */
		return;
	}
	r->found = true;
	item_start(b, (struct feed_attrs){NULL, 0});
	struct str id = attribute(r, el->attrs, "id");
	slot_string(b, SLOT_ID, 9, field_string(b, id));
	if (el->e == &html_elements[HTML_ID_A])
		item_link(b, 2, url_value(r, el, el->content));
}

static void
close_root(struct reader *r, const struct element *el)
{
	const struct frame f = {.language = el->language};
	if (el->scope == SCOPE_ENTRY && r->b->item != NULL)
		item_end(r->b, &f);
}

static void
pop(struct reader *r, size_t end)
{
	struct element *el = &r->open[r->depth - 1];
	if (el->properties != 0)
		read_properties(r, el, r->depth - 1, end);
	close_root(r, el);
	r->depth--;
	builder_check(r->b);
}

static void
pop_to(struct reader *r, size_t depth, size_t end)
{
	while (r->depth > depth && !builder_failed(r->b))
		pop(r, end);
}

/* tags */

static bool
is_feed_type(struct str type)
{
	static const char *const words[] = {"rss+xml", "atom+xml", "feed+json", "rdf+xml"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_ifind(type, str_from(words[i]), 0) >= 0)
			return true;
	}
	return false;
}

/* What stands in the head of a page. */
static void
read_head(struct reader *r, const struct html_token *token, size_t content)
{
	struct builder *b = r->b;
	enum html_id id = html_element_id(token->element);
	if (id == HTML_ID_BASE) {
		struct str base = field_url(b, attribute(r, token->attrs, "href"), r->base);
		r->base = base.s ? base : r->base;
	} else if (id == HTML_ID_LINK && is_feed_type(attribute(r, token->attrs, "type")) &&
	           has_word(attribute(r, token->attrs, "rel"), "alternate") && r->declared->s == NULL) {
		*r->declared = field_url(b, attribute(r, token->attrs, "href"), r->base);
	} else if (id == HTML_ID_TITLE && r->page_title.s == NULL) {
		const char *end = memchr(r->page.s + content, '<', r->page.len - content);
		struct str title = {r->page.s + content, end ? (size_t)(end - r->page.s) - content : 0};
		r->page_title = field_line(b, title, TEXT_HTML);
	}
}

static void
open_tag(struct reader *r, const struct html_token *token, size_t before)
{
	struct element el = {token->element, SCOPE_NONE, false, 0, token->attrs, r->lx.pos, STR_NONE};
	read_head(r, token, r->lx.pos);
	if (token->element->flags & HTML_DROP || html_element_id(token->element) == HTML_ID_TITLE) {
		html_lexer_skip(&r->lx, token);
		return;
	}
	const struct html_element *top = r->depth > 0 ? r->open[r->depth - 1].e : NULL;
	if ((token->element->flags & HTML_SIBLING && top == token->element) ||
	    (token->element->flags & HTML_ENDS_P && top == &html_elements[HTML_ID_P]))
		pop(r, before);
	if (token->attrs.len > 0)
		read_classes(r, &el);
	if (token->element->flags & HTML_VOID || token->self_closing) {
		el.scope = SCOPE_NONE;
		read_properties(r, &el, r->depth, el.content);
		return;
	}
	if (r->depth == HTML_DEPTH_MAX)
		return;
	el.language = r->depth > 0 ? r->open[r->depth - 1].language : STR_NONE;
	struct str lang = attribute(r, el.attrs, "lang");
	if (lang.s != NULL)
		el.language = lang_normalise(r->b->arena, lang);
	if (html_element_id(el.e) == HTML_ID_HTML)
		slot_string(r->b, SLOT_LANGUAGE, 1, el.language);
	open_root(r, &el);
	r->open[r->depth++] = el;
}

static void
close_tag(struct reader *r, const struct html_element *e, size_t before)
{
	for (size_t i = r->depth; i > 0; i--) {
		if (r->open[i - 1].e == e) {
			pop_to(r, i - 1, before);
			return;
		}
	}
}

static void
read_page(struct reader *r)
{
	struct html_token token;
	for (;;) {
		size_t before = r->lx.pos;
		html_lexer_next(&r->lx, &token);
		if (token.kind == HTML_END || builder_failed(r->b) || r->declared->s != NULL)
			return;
		if (token.element == NULL)
			continue;
		if (token.kind == HTML_OPEN)
			open_tag(r, &token, before);
		else if (token.kind == HTML_CLOSE)
			close_tag(r, token.element, before);
	}
}

/* The cheap question first: most pages that come in place of a feed have nothing of the kind. */
static bool
may_have_entries(struct str page)
{
	return str_find(page, STR_LIT("h-entry"), 0) >= 0 || str_find(page, STR_LIT("hentry"), 0) >= 0;
}

void
hfeed_read(struct str page, struct builder *b, struct str *declared)
{
	struct reader r = {.page = page, .b = b, .base = b->base, .declared = declared};
	r.budget = 3 * page.len + READ_BYTES_SPARE;
	*declared = STR_NONE;
	bool entries = may_have_entries(page);
	if (!entries &&
	    str_ifind((struct str){page.s, page.len < HEAD_BYTES ? page.len : HEAD_BYTES}, STR_LIT("alternate"), 0) < 0)
		return;
	buf_init(&r.value, HTML_ATTR_BYTES_MAX);
	html_lexer_init(&r.lx, page);
	read_page(&r);
	if (declared->s == NULL)
		pop_to(&r, 0, page.len);
	buf_done(&r.value);
	if (!r.found || declared->s != NULL)
		return;
	builder_format(b, FEED_HFEED, "microformats");
	slot_string(b, SLOT_TITLE, 9, r.page_title);
	item_link(b, 9, b->base);
}
