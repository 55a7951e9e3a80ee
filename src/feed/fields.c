#include "feed/builder.h"

#include "base/scan.h"
#include "base/utf8.h"
#include "feed/date.h"
#include "text/entities.h"
#include "text/html.h"

#define UNREAD_DATE_BYTES 80u

/* 1: a byte that may begin something that has no place in a text. */
static const unsigned char suspicious[256] = {
    [0x00 ... 0x08] = 1,
    [0x0b ... 0x0c] = 1,
    [0x0e ... 0x1f] = 1,
    [0x7f] = 1,
    [0xc2] = 1,
    [0xef] = 1,
};

static inline scan_vec
suspicious_hits(const char *s)
{
	scan_vec v = scan_load(s);
	return ((scan_vec)(v < 0x20) & ~((scan_vec)(v == '\n') | (scan_vec)(v == '\t') | (scan_vec)(v == '\r'))) |
	       (scan_vec)(v == 0x7f) | (scan_vec)(v == 0xc2) | (scan_vec)(v == 0xef);
}

static size_t
skip_plain(struct str s, size_t i)
{
	i += scan_find(s.s + i, s.len - i, suspicious_hits, 0);
	while (i < s.len && !suspicious[(unsigned char)s.s[i]])
		i++;
	return i;
}

/* How many bytes at s[i] to take out: controls, C1 controls, noncharacters. *cp1252: it is a C1 control. */
static size_t
unwanted(struct str s, size_t i, bool *cp1252)
{
	unsigned char c = (unsigned char)s.s[i];
	*cp1252 = false;
	if (c < 0x80)
		return 1;
	unsigned char next = i + 1 < s.len ? (unsigned char)s.s[i + 1] : 0;
	if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
		*cp1252 = true;
		return 2;
	}
	return c == 0xef && next == 0xbf && i + 2 < s.len && (unsigned char)s.s[i + 2] >= 0xbe ? 3 : 0;
}

/* Numeric references to C1 controls mean what windows-1252 has there; the reference decoder knows the table. */
static void
add_cp1252(struct builder *b, unsigned char c)
{
	char ref[8] = {'&', '#', '1', (char)('0' + c / 10 % 10), (char)('0' + c % 10), ';'};
	char out[8];
	size_t n = 0;
	text_entity_at(str_from(ref), false, out, &n);
	buf_add(&b->work, out, n);
	builder_repair(b, "c1-controls");
}

/* The text without what must not be in it, trimmed. A view of `raw` or of b->work. */
static struct str
clean(struct builder *b, struct str raw)
{
	size_t from = 0;
	bool changed = false, cp1252;
	if (raw.len == 0)
		return raw;
	for (size_t i = skip_plain(raw, 0); i < raw.len; i = skip_plain(raw, i)) {
		size_t n = unwanted(raw, i, &cp1252);
		if (n == 0) {
			i++;
			continue;
		}
		if (!changed)
			buf_reset(&b->work);
		changed = true;
		buf_add(&b->work, raw.s + from, i - from);
		if (cp1252)
			add_cp1252(b, (unsigned char)raw.s[i + 1]);
		i += n;
		from = i;
	}
	if (!changed)
		return str_trim(raw);
	buf_add(&b->work, raw.s + from, raw.len - from);
	return str_trim(builder_view(b, &b->work));
}

static struct str
keep(struct builder *b, struct str s)
{
	return s.len ? arena_str(b->arena, s) : STR_NONE;
}

static struct arena *
html_arena(struct builder *b)
{
	return b->html_arena != NULL && b->item != NULL ? b->html_arena : b->arena;
}

static struct str
keep_html(struct builder *b, struct str s)
{
	return s.len ? arena_str(html_arena(b), s) : STR_NONE;
}

struct str
field_string(struct builder *b, struct str raw)
{
	return keep(b, clean(b, raw));
}

/* White space that is no single space; one byte more is looked at. */
static inline scan_vec
ragged_hits(const char *s)
{
	scan_vec v = scan_load(s), next = scan_load(s + 1);
	return (scan_vec)((scan_vec)(v - '\t') <= '\r' - '\t') | ((scan_vec)(v == ' ') & (scan_vec)(next == ' '));
}

/* One line: runs of white space become one space. */
static struct str
keep_line(struct builder *b, struct str s)
{
	s = str_trim(s);
	char *p = s.len ? arena_alloc(b->arena, s.len + 1) : NULL;
	if (p == NULL)
		return STR_NONE;
	size_t n = scan_find(s.s, s.len, ragged_hits, 1);
	memcpy(p, s.s, n);
	for (size_t i = n; i < s.len; i++) {
		if (!ascii_space(s.s[i]))
			p[n++] = s.s[i];
		else if (p[n - 1] != ' ')
			p[n++] = ' ';
	}
	p[n] = '\0';
	return (struct str){p, n};
}

static bool
has_any(struct str s, const char *chars)
{
	for (; *chars; chars++) {
		if (memchr(s.s, *chars, s.len) != NULL)
			return true;
	}
	return false;
}

static bool
is_html(struct str s, enum text_mode mode)
{
	return mode == TEXT_HTML || mode == TEXT_XHTML ||
	       (mode == TEXT_GUESS && has_any(s, "<&") && html_looks_like(s));
}

static int
base64_value(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c ? strchr(digits, c) : NULL;
	return p ? (int)(p - digits) : -1;
}

/* The decoded text, or the text itself when it was not encoded after all. */
static struct str
decode_base64(struct builder *b, struct str s)
{
	unsigned bits = 0, have = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (base64_value(s.s[i]) < 0 && s.s[i] != '=' && !ascii_space(s.s[i]))
			return s;
	}
	buf_reset(&b->html);
	for (size_t i = 0; i < s.len; i++) {
		int v = base64_value(s.s[i]);
		if (v < 0)
			continue;
		bits = (bits << 6 | (unsigned)v) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_putc(&b->html, (char)(bits >> have));
		}
	}
	struct str text = builder_view(b, &b->html);
	if (!utf8_valid(text) || memchr(text.s, 0, text.len) != NULL)
		return s;
	return arena_str(b->arena, text);
}

/* Fields of XML were cut while they were collected. */
static struct str
cut(struct builder *b, struct str raw)
{
	if (raw.len <= b->limits->field_bytes)
		return raw;
	builder_repair(b, "field-cut");
	return utf8_truncate(raw, b->limits->field_bytes);
}

struct str
field_line(struct builder *b, struct str raw, enum text_mode mode)
{
	raw = cut(b, raw);
	if (mode == TEXT_BASE64) {
		raw = decode_base64(b, raw);
		mode = TEXT_GUESS;
	}
	struct str s = raw.s ? clean(b, raw) : STR_NONE;
	if (s.len == 0 || mode == TEXT_IGNORE)
		return STR_NONE;
	if (!has_any(s, "<&") || !is_html(s, mode))
		return keep_line(b, s);
	buf_reset(&b->html);
	html_text(s, &b->html);
	struct str line = keep_line(b, builder_view(b, &b->html));
	return line.s ? line : STR_LIT("");
}

/* RSS and JSON Feed have no rule for a document that came from nowhere: what it says of its site is the best guess. */
static struct str
base_or_site(const struct builder *b, struct str base)
{
	enum feed_format f = b->doc->format;
	bool guess = (f >= FEED_RSS090 && f <= FEED_RSS) || f == FEED_JSON10 || f == FEED_JSON11;
	return base.len == 0 && guess && url_is_http(b->doc->link) ? b->doc->link : base;
}

static struct html_links
links_from(struct builder *b, struct str base)
{
	base = base_or_site(b, base);
	if (b->linker_base.s == NULL || base.s != b->linker_base.s) {
		b->linker_base = base.s ? base : STR_LIT("");
		url_linker_init(&b->linker, b->linker_base);
	}
	return (struct html_links){url_linker_resolve, &b->linker};
}

static void
rich_html(struct builder *b, struct str s, struct str base, struct str *html, struct str *text)
{
	struct html_links links = links_from(b, base);
	if (html_is_escaped_twice(s, &b->html)) {
		s = arena_str(html_arena(b), builder_view(b, &b->html));
		builder_repair(b, "escaped-twice");
	}
	builder_view(b, &b->html);
	buf_reset(&b->html);
	buf_reset(&b->plain);
	html_read(s, &links, &b->html, &b->plain);
	struct str clean = str_trim(builder_view(b, &b->html)), plain = str_trim(builder_view(b, &b->plain));
	*text = keep(b, plain);
	*html = str_eq(clean, plain) ? *text : keep_html(b, clean);
	/* Said, but nothing is left of it: empty, not absent. */
	*html = html->s ? *html : STR_LIT("");
	*text = text->s ? *text : STR_LIT("");
}

static void
rich_plain(struct builder *b, struct str s, struct str *html, struct str *text)
{
	*text = keep(b, s);
	if (!has_any(s, "<>&\"")) {
		*html = *text;
		return;
	}
	buf_reset(&b->html);
	html_escape(s, &b->html);
	*html = keep_html(b, builder_view(b, &b->html));
}

void
field_rich(struct builder *b, struct str raw, enum text_mode mode, struct str base, struct str *html, struct str *text)
{
	*html = *text = STR_NONE;
	raw = cut(b, raw);
	if (mode == TEXT_BASE64) {
		raw = decode_base64(b, raw);
		mode = TEXT_GUESS;
	}
	struct str s = raw.s ? clean(b, raw) : STR_NONE;
	if (s.len == 0 || mode == TEXT_IGNORE)
		return;
	if (is_html(s, mode))
		rich_html(b, s, base, html, text);
	else
		rich_plain(b, s, html, text);
}

/* A path, query or fragment: it can only lead to where the document came from. */
static bool
is_relative(struct str url)
{
	struct url_parts parts = url_parse(url);
	return url.len > 0 && parts.scheme.s == NULL && parts.host.s == NULL && memchr(url.s, '\\', url.len) == NULL;
}

struct str
field_url(struct builder *b, struct str raw, struct str base)
{
	struct str s = clean(b, raw);
	if (s.len == 0)
		return STR_NONE;
	if (url_is_settled(s))
		return keep(b, s);
	if (s.s[0] == '/') /* anything else may be seen from any folder, or be no address at all */
		base = base_or_site(b, base);
	struct str url = url_resolve(b->arena, base, s);
	return url_is_http(url) || (base.len == 0 && is_relative(url)) ? url : STR_NONE;
}

/* Where the slots are, in an item and in a document. */
#define ITEM(field) offsetof(struct feed_item, field)
#define DOC(field) offsetof(struct feed_doc, field)
#define NOWHERE SIZE_MAX

static const struct {
	size_t item, doc;
} slots[SLOT_COUNT] = {
    [SLOT_NONE] = {NOWHERE, NOWHERE},
    [SLOT_TITLE] = {ITEM(title), DOC(title)},
    [SLOT_SUMMARY] = {ITEM(summary_html), DOC(description)},
    [SLOT_CONTENT] = {ITEM(content_html), NOWHERE},
    [SLOT_RIGHTS] = {NOWHERE, DOC(rights)},
    [SLOT_GENERATOR] = {NOWHERE, DOC(generator)},
    [SLOT_LANGUAGE] = {ITEM(language), DOC(language)},
    [SLOT_ID] = {ITEM(id), DOC(id)},
    [SLOT_IMAGE] = {NOWHERE, DOC(image)},
    [SLOT_COMMENTS] = {ITEM(comments), NOWHERE},
    [SLOT_SOURCE_TITLE] = {ITEM(source_title), NOWHERE},
    [SLOT_SOURCE_URL] = {ITEM(source_url), NOWHERE},
    [SLOT_PUBLISHED] = {ITEM(published_at), DOC(published_at)},
    [SLOT_UPDATED] = {ITEM(updated_at), DOC(updated_at)},
    [SLOT_LINK] = {ITEM(link), DOC(link)},
    [SLOT_LOCATION] = {ITEM(location), NOWHERE},
};

static void *
slot_of(struct builder *b, enum feed_slot slot)
{
	size_t at = b->item ? slots[slot].item : slots[slot].doc;
	if (at == NOWHERE)
		return NULL;
	return (b->item ? (char *)b->item : (char *)b->doc) + at;
}

bool
slot_free(struct builder *b, enum feed_slot slot, unsigned rank)
{
	unsigned taken = builder_part(b)->ranks[slot];
	return slot_of(b, slot) != NULL && (taken == 0 || rank < taken);
}

bool
slot_take(struct builder *b, enum feed_slot slot, unsigned rank)
{
	if (!slot_free(b, slot, rank))
		return false;
	builder_part(b)->ranks[slot] = (unsigned char)rank;
	return true;
}

/* An empty value counts only while there is none at all. */
void
slot_string(struct builder *b, enum feed_slot slot, unsigned rank, struct str value)
{
	if (value.len > 0 ? slot_take(b, slot, rank) : value.s != NULL && slot_free(b, slot, SLOT_RANK_EMPTY))
		*(struct str *)slot_of(b, slot) = value;
}

void
slot_time(struct builder *b, enum feed_slot slot, unsigned rank, int64_t at)
{
	if (at != TIME_NONE && slot_take(b, slot, rank))
		*(int64_t *)slot_of(b, slot) = at;
}

void
slot_date(struct builder *b, enum feed_slot slot, unsigned rank, struct str text)
{
	text = str_trim(text);
	if (text.len == 0 || !slot_free(b, slot, rank))
		return;
	int64_t at = date_parse(text);
	slot_time(b, slot, rank, at);
	if (at != TIME_NONE)
		return;
	if (b->doc->unread_dates++ == 0)
		b->doc->unread_date = builder_keep(b, clean(b, utf8_truncate(text, UNREAD_DATE_BYTES)));
}
