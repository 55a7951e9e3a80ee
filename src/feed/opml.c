#include "feed/opml.h"

#include "base/buf.h"
#include "feed/charset.h"
#include "feed/feed.h"
#include "feed/url.h"
#include "feed/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#define DEPTH_CEILING 256u /* of limits.depth */
#define ENTITY_BYTES_MAX 12u
#define CHUNK_BYTES 65536u

const struct opml_limits opml_limits_default = {.body_bytes = 64u << 20, .depth = 64, .outlines = 200000};

struct reader {
	xmlParserCtxt *ctxt;
	const struct opml_limits *limits;
	struct arena *arena;
	struct opml_doc *out;
	struct err *err;
	bool failed;
	unsigned outlines, depth;
	struct str folders[DEPTH_CEILING]; /* by depth: the nearest text at or above it */
	size_t feed_cap, skipped_cap;
	bool is_opml, any_element, in_title;
	struct buf title;
};

static void
stop(struct reader *r)
{
	r->failed = true;
	xmlStopParser(r->ctxt);
}

static struct str
attribute(const xmlChar **attrs, int count, const char *name)
{
	for (int i = 0; i < count; i++) {
		const xmlChar **a = attrs + (size_t)i * 5; /* name, prefix, URI, value, end of value */
		if (a[1] == NULL && str_ieq(str_from((const char *)a[0]), str_from(name)))
			return str_trim((struct str){(const char *)a[3], (size_t)(a[4] - a[3])});
	}
	return STR_NONE;
}

static struct str
or_none(struct str s)
{
	return str_empty(s) ? STR_NONE : s;
}

/* A text as one line: a reference such as &#10; brings in what an attribute cannot hold itself. */
static struct str
one_line(struct reader *r, struct str text)
{
	struct str copy = arena_str(r->arena, text);
	char *c = (char *)copy.s;
	for (size_t i = 0; i < copy.len; i++) {
		if ((unsigned char)c[i] < 0x20 || c[i] == 0x7F)
			c[i] = ' ';
	}
	return copy;
}

static bool
add_feed(struct reader *r, const struct opml_feed *feed)
{
	struct opml_feed *list = arena_grow(r->arena, r->out->feeds, &r->feed_cap, r->out->feed_count, sizeof *list);
	if (list == NULL)
		return false;
	r->out->feeds = list;
	list[r->out->feed_count++] = (struct opml_feed){
	    .url = arena_str(r->arena, feed->url),
	    .title = one_line(r, feed->title),
	    .language = one_line(r, feed->language),
	    .folder = feed->folder,
	    .line = feed->line,
	};
	return !r->arena->failed;
}

static bool
skip(struct reader *r, struct str what, const char *why, unsigned line)
{
	struct opml_skipped *list =
	    arena_grow(r->arena, r->out->skipped, &r->skipped_cap, r->out->skipped_count, sizeof *list);
	if (list == NULL)
		return false;
	r->out->skipped = list;
	list[r->out->skipped_count++] = (struct opml_skipped){one_line(r, what), why, line};
	return !r->arena->failed;
}

static bool
enter_folder(struct reader *r, struct str text)
{
	struct str around = r->depth > 1 ? r->folders[r->depth - 2] : STR_NONE;
	r->folders[r->depth - 1] = text.s ? one_line(r, text) : around;
	return !r->arena->failed;
}

static bool
read_outline(struct reader *r, const xmlChar **attrs, int count)
{
	struct opml_feed feed = {
	    .url = attribute(attrs, count, "xmlUrl"),
	    .title = or_none(attribute(attrs, count, "text")),
	    .language = or_none(attribute(attrs, count, "language")),
	    .line = (unsigned)xmlSAX2GetLineNumber(r->ctxt),
	};
	if (feed.title.s == NULL)
		feed.title = or_none(attribute(attrs, count, "title"));
	feed.folder = r->depth > 1 ? r->folders[r->depth - 2] : STR_NONE;
	if (!enter_folder(r, feed.url.s ? feed.folder : feed.title))
		return false;
	if (feed.url.s != NULL && url_is_http(feed.url))
		return add_feed(r, &feed);
	if (feed.url.s != NULL)
		return skip(r, feed.url, "is no usable http or https URL", feed.line);
	if (str_is(attribute(attrs, count, "type"), "rss"))
		return skip(r, feed.title.s ? feed.title : STR_LIT(""), "has no xmlUrl", feed.line);
	return true;
}

static void
start_outline(struct reader *r, const xmlChar **attrs, int count)
{
	if (++r->depth > r->limits->depth || r->depth > DEPTH_CEILING) {
		err_set(r->err, ERR_PARSER_LIMIT, "outlines nest deeper than opml-depth %u", r->limits->depth);
		stop(r);
	} else if (++r->outlines > r->limits->outlines) {
		err_set(r->err, ERR_PARSER_LIMIT, "there are more outlines than opml-outlines %u", r->limits->outlines);
		stop(r);
	} else if (!read_outline(r, attrs, count)) {
		arena_check(r->arena, r->err);
		stop(r);
	}
}

static void
on_start(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int ns_count,
    const xmlChar **namespaces, int attr_count, int defaulted, const xmlChar **attrs)
{
	struct reader *r = user;
	struct str name = str_from((const char *)local);
	if (!r->any_element)
		r->is_opml = str_ieq(name, STR_LIT("opml"));
	r->any_element = true;
	r->in_title = str_ieq(name, STR_LIT("title"));
	if (str_ieq(name, STR_LIT("outline")))
		start_outline(r, attrs, attr_count);
}

static void
on_end(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct reader *r = user;
	r->in_title = false;
	if (r->depth > 0 && str_ieq(str_from((const char *)local), STR_LIT("outline")))
		r->depth--;
}

static void
on_text(void *user, const xmlChar *text, int len)
{
	struct reader *r = user;
	if (r->in_title)
		buf_add(&r->title, text, (size_t)len);
}

static void
on_error(void *user, xmlErrorPtr error)
{
	struct reader *r = user;
	if (r->failed || error->level < XML_ERR_ERROR)
		return;
	const char *message = error->message ? error->message : "not well-formed";
	if (error->code == XML_ERR_NO_MEMORY)
		err_oom(r->err);
	else
		err_set(r->err, ERR_ILL_FORMED, "not well-formed: %.*s", (int)strcspn(message, "\n"), message);
	r->out->error_line = error->line > 0 ? (unsigned)error->line : 0;
	stop(r);
}

/* Nothing but XML's own five is ever expanded. */
static xmlEntityPtr
no_entity(void *user, const xmlChar *name)
{
	return NULL;
}

/* The length of a reference that XML itself knows at text.s[at], which is '&'; 0 when it is none. */
static size_t
known_reference(struct str text, size_t at)
{
	static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
	struct str rest = {text.s + at, text.len - at};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (str_starts(rest, str_from(known[i])))
			return strlen(known[i]);
	}
	if (!str_starts(rest, STR_LIT("&#")))
		return 0;
	const char *end = memchr(rest.s, ';', rest.len < ENTITY_BYTES_MAX ? rest.len : ENTITY_BYTES_MAX);
	return end ? (size_t)(end - rest.s) + 1 : 0;
}

/* Many exports hold URLs with a bare &, which no parser may accept, and names that only HTML knows. They become text. */
static void
mend_ampersands(struct str text, struct buf *out)
{
	size_t from = 0;
	for (size_t at = 0; at < text.len; at++) {
		if (text.s[at] != '&' || known_reference(text, at) > 0)
			continue;
		buf_add(out, text.s + from, at + 1 - from);
		buf_puts(out, "amp;");
		from = at + 1;
	}
	buf_add(out, text.s + from, text.len - from);
}

static int
run_parser(struct reader *r, struct str text)
{
	xmlSAXHandler sax = {
	    .initialized = XML_SAX2_MAGIC,
	    .getEntity = no_entity,
	    .startElementNs = on_start,
	    .endElementNs = on_end,
	    .characters = on_text,
	    .serror = on_error,
	};
	r->ctxt = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
	if (r->ctxt == NULL)
		return err_oom(r->err);
	xmlCtxtUseOptions(r->ctxt, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_COMPACT);
	xmlSwitchEncoding(r->ctxt, XML_CHAR_ENCODING_UTF8);
	r->ctxt->replaceEntities = 1; /* or "&amp;" in an attribute is handed out as "&#38;" */
	for (size_t at = 0; at < text.len && !r->failed; at += CHUNK_BYTES)
		xmlParseChunk(r->ctxt, text.s + at, (int)(text.len - at < CHUNK_BYTES ? text.len - at : CHUNK_BYTES), 0);
	if (!r->failed)
		xmlParseChunk(r->ctxt, NULL, 0, 1);
	if (r->ctxt->errNo == XML_ERR_NO_MEMORY) {
		r->failed = true;
		err_oom(r->err);
	}
	if (r->ctxt->myDoc != NULL)
		xmlFreeDoc(r->ctxt->myDoc);
	xmlFreeParserCtxt(r->ctxt);
	if (r->failed)
		return -1;
	if (!r->is_opml)
		return err_set(r->err, ERR_SYNTAX, "the document is not OPML: its root element is another");
	r->out->title = or_none(one_line(r, str_trim(buf_view(&r->title))));
	return arena_check(r->arena, r->err);
}

static int
read_text(struct reader *r, struct str text)
{
	struct buf mended;
	buf_init(&mended, r->limits->body_bytes * 6);
	int rc = -1;
	if (!xml_scan(text, &feed_limits_default)) {
		rc = err_set(r->err, ERR_XML_ENTITY,
		    "the document declares entities of its own, or has a tag of more than %zu bytes",
		    feed_limits_default.start_tag_bytes);
	} else {
		mend_ampersands(text, &mended);
		rc = buf_check(&mended, r->err);
	}
	if (rc == 0)
		rc = run_parser(r, buf_view(&mended));
	buf_done(&mended);
	return rc;
}

int
opml_parse(struct str body, const struct opml_limits *limits, struct arena *arena, struct opml_doc *out, struct err *err)
{
	struct reader r = {.limits = limits, .arena = arena, .out = out, .err = err};
	struct charset_result charset;
	struct buf converted;

	*out = (struct opml_doc){0};
	if (body.len > limits->body_bytes)
		return err_set(
		    err, ERR_PARSER_LIMIT, "the document is larger than opml-body-bytes %zu", limits->body_bytes);
	buf_init(&converted, limits->body_bytes * 4);
	buf_init(&r.title, 4096);
	int rc = charset_convert(body, STR_NONE, arena, &converted, &charset, err);
	if (rc == 0)
		rc = read_text(&r, charset.text);
	buf_done(&r.title);
	buf_done(&converted);
	return rc;
}
