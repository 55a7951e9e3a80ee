#include "feed/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>

#define CHUNK_BYTES 65536u
#define ATTRS_MAX 64u
#define KNOWN_NS_MAX 16u

struct strict {
	xmlParserCtxt *ctxt;
	struct builder *b;
	struct xml_report *report;
	bool foreign_entity, undeclared;
	struct {
		const xmlChar *uri; /* interned by the parser: equal pointers are equal names */
		enum feed_ns ns;
	} known[KNOWN_NS_MAX];
	size_t known_count;
	enum feed_ns root_default; /* what an unknown namespace without a prefix means */
	const xmlChar *root_uri;
	bool root_seen;
};

static struct str
from_xml(const xmlChar *s)
{
	return str_from((const char *)s);
}

static enum feed_ns
lookup(struct strict *p, const xmlChar *prefix, const xmlChar *uri)
{
	if (uri == NULL && prefix == NULL)
		return NS_NONE;
	if (uri == NULL || *uri == '\0') {
		p->undeclared = true;
		return ns_from_prefix(from_xml(prefix));
	}
	for (size_t i = 0; i < p->known_count; i++) {
		if (p->known[i].uri == uri)
			return p->known[i].ns;
	}
	enum feed_ns ns = ns_from_uri(from_xml(uri));
	if (p->known_count < KNOWN_NS_MAX) {
		p->known[p->known_count].uri = uri;
		p->known[p->known_count++].ns = ns;
	}
	return ns;
}

/* A root in a namespace that nobody knows: its vocabulary is still that of a feed. */
static enum feed_ns
element_ns(struct strict *p, const xmlChar *prefix, const xmlChar *uri)
{
	enum feed_ns ns = lookup(p, prefix, uri);
	if (!p->root_seen) {
		p->root_seen = true;
		p->root_uri = uri;
	}
	return ns == NS_UNKNOWN && uri != NULL && uri == p->root_uri ? NS_NONE : ns;
}

static void
on_start(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int ns_count,
    const xmlChar **namespaces, int attr_count, int defaulted, const xmlChar **attrs)
{
	struct strict *p = user;
	struct feed_attr list[ATTRS_MAX];
	size_t n = 0;
	for (int i = 0; i < ns_count; i++)
		builder_namespace(p->b, lookup(p, namespaces[2 * i], namespaces[2 * i + 1]));
	for (int i = 0; i < attr_count && n < ATTRS_MAX; i++, attrs += 5) {
		list[n].ns = lookup(p, attrs[1], attrs[2]);
		list[n].local = from_xml(attrs[0]);
		list[n++].value = (struct str){(const char *)attrs[3], (size_t)(attrs[4] - attrs[3])};
	}
	struct feed_name name = {element_ns(p, prefix, uri), from_xml(local)};
	builder_start(p->b, name, (struct feed_attrs){list, n});
	if (builder_failed(p->b))
		xmlStopParser(p->ctxt);
}

static void
on_end(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct strict *p = user;
	builder_end(p->b, (struct feed_name){lookup(p, prefix, uri), from_xml(local)});
	if (builder_failed(p->b))
		xmlStopParser(p->ctxt);
}

static void
on_text(void *user, const xmlChar *text, int len)
{
	struct strict *p = user;
	builder_text(p->b, (struct str){(const char *)text, (size_t)len});
}

/* No entity beyond XML's five is ever expanded here. */
static xmlEntityPtr
on_entity(void *user, const xmlChar *name)
{
	struct strict *p = user;
	p->foreign_entity = true;
	xmlStopParser(p->ctxt);
	return NULL;
}

static void
on_doctype(void *user, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
	struct strict *p = user;
	if (str_ifind(from_xml(public_id), STR_LIT("netscape"), 0) >= 0 ||
	    str_ifind(from_xml(system_id), STR_LIT("netscape"), 0) >= 0)
		p->b->netscape = true;
}

static void
on_error(void *user, xmlErrorPtr error)
{
	struct strict *p = user;
	if (error->level < XML_ERR_ERROR || p->report->line != 0)
		return;
	p->report->line = error->line > 0 ? (unsigned)error->line : 1;
	snprintf(p->report->reason, sizeof p->report->reason, "%.*s",
	    (int)(error->message ? strcspn(error->message, "\n") : 0), error->message ? error->message : "");
}

static xmlParserCtxt *
open_parser(struct strict *p)
{
	xmlSAXHandler sax = {
	    .initialized = XML_SAX2_MAGIC,
	    .internalSubset = on_doctype,
	    .getEntity = on_entity,
	    .startElementNs = on_start,
	    .endElementNs = on_end,
	    .characters = on_text,
	    .ignorableWhitespace = on_text,
	    .cdataBlock = on_text,
	    .serror = on_error,
	};
	xmlParserCtxt *ctxt = xmlCreatePushParserCtxt(&sax, p, NULL, 0, NULL);
	if (ctxt == NULL)
		return NULL;
	xmlCtxtUseOptions(ctxt, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_COMPACT);
	xmlSwitchEncoding(ctxt, XML_CHAR_ENCODING_UTF8);
	/* Or "&amp;" in an attribute is handed out as "&#38;". It expands nothing else: on_entity sees to that. */
	ctxt->replaceEntities = 1;
	return ctxt;
}

static enum xml_verdict
verdict(const struct strict *p, bool good)
{
	if (builder_failed(p->b))
		return XML_FAILED;
	if (p->foreign_entity)
		return XML_UNFIT;
	return good && p->ctxt->wellFormed ? XML_GOOD : XML_BROKEN;
}

enum xml_verdict
xml_strict(struct str text, struct builder *b, struct xml_report *report)
{
	struct strict p = {.b = b, .report = report};
	*report = (struct xml_report){0};
	if (!xml_scan(text, b->limits))
		return XML_UNFIT;
	p.ctxt = open_parser(&p);
	if (p.ctxt == NULL) {
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
		return XML_FAILED;
	}
	bool good = true;
	for (size_t at = 0; at < text.len && good; at += CHUNK_BYTES) {
		size_t n = text.len - at < CHUNK_BYTES ? text.len - at : CHUNK_BYTES;
		good = xmlParseChunk(p.ctxt, text.s + at, (int)n, 0) == 0 || p.ctxt->wellFormed;
		good = good && !builder_failed(b) && !p.foreign_entity;
	}
	if (good)
		good = xmlParseChunk(p.ctxt, NULL, 0, 1) == 0 || p.ctxt->wellFormed;
	enum xml_verdict v = verdict(&p, good);
	if (v == XML_GOOD && p.undeclared) {
		builder_bozo(b, report->line, "a namespace prefix is not declared");
		builder_repair(b, "undeclared-prefix");
	}
	if (p.ctxt->myDoc != NULL)
		xmlFreeDoc(p.ctxt->myDoc);
	xmlFreeParserCtxt(p.ctxt);
	return v;
}
