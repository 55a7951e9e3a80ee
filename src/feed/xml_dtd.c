#include "feed/xml_dtd.h"

#include "text/entities.h"

/* A piece of the declaration: a name, a quoted literal, or one character. */
struct word {
	struct str text;
	char quote;
};

static bool
next_word(struct str text, size_t *at, struct word *w)
{
	size_t i = *at;
	while (i < text.len && ascii_space(text.s[i]))
		i++;
	if (i >= text.len)
		return false;
	char c = text.s[i];
	size_t from = i;
	w->quote = '\0';
	if (c == '"' || c == '\'') {
		const char *end = memchr(text.s + i + 1, c, text.len - i - 1);
		w->quote = c;
		w->text = (struct str){text.s + i + 1, end ? (size_t)(end - text.s) - i - 1 : text.len - i - 1};
		*at = end ? (size_t)(end - text.s) + 1 : text.len;
		return true;
	}
	while (i < text.len && !ascii_space(text.s[i]) && strchr("\"'<>[]%", text.s[i]) == NULL)
		i++;
	i += i == from;
	w->text = (struct str){text.s + from, i - from};
	*at = i;
	return true;
}

/* Character references in a value are resolved where it is declared (XML 1.0 section 4.5). */
static struct str
literal_value(struct builder *b, struct str raw)
{
	size_t from = 0;
	buf_reset(&b->work);
	for (size_t i = 0; i < raw.len;) {
		char out[8];
		size_t n = 0, used = 0;
		if (raw.s[i] == '&' && i + 1 < raw.len && raw.s[i + 1] == '#')
			used = text_entity_at((struct str){raw.s + i, raw.len - i}, false, out, &n);
		if (used > 0) {
			buf_add(&b->work, raw.s + from, i - from);
			buf_add(&b->work, out, n);
			from = i + used;
		}
		i += used ? used : 1;
	}
	buf_add(&b->work, raw.s + from, raw.len - from);
	return builder_keep(b, builder_view(b, &b->work));
}

static void
declare(struct xml_dtd *dtd, struct builder *b, struct str name, struct word value)
{
	char out[8];
	for (unsigned i = 0; i < dtd->count; i++) {
		if (str_eq(dtd->entities[i].name, name))
			return;
	}
	unsigned max = b->limits->entities < XML_DTD_ENTITIES_MAX ? b->limits->entities : XML_DTD_ENTITIES_MAX;
	if (dtd->count >= max) {
		/* Some documents bring HTML's whole list along; we have it already. */
		dtd->too_many = dtd->too_many || text_entity(name, out) == 0;
		return;
	}
	dtd->entities[dtd->count].name = name;
	dtd->entities[dtd->count].external = value.quote == '\0';
	dtd->entities[dtd->count].too_long = value.text.len > b->limits->entity_bytes;
	if (value.quote != '\0' && value.text.len <= b->limits->entity_bytes)
		dtd->entities[dtd->count].value = literal_value(b, value.text);
	dtd->count++;
}

/* Behind "<!ENTITY"; the rest of the declaration is skipped by the caller. */
static void
read_entity(struct xml_dtd *dtd, struct str text, size_t *at, struct builder *b)
{
	struct word name, value;
	if (!next_word(text, at, &name) || name.quote != '\0' || str_is(name.text, "%"))
		return;
	if (next_word(text, at, &value) && !str_is(value.text, ">"))
		declare(dtd, b, name.text, value);
}

static size_t
skip_past(struct str text, size_t at, const char *end)
{
	ptrdiff_t found = str_find(text, str_from(end), at);
	return found < 0 ? text.len : (size_t)found + strlen(end);
}

/* Over the rest of a declaration, '>' included. */
static size_t
skip_declaration(struct str text, size_t at)
{
	struct word w;
	while (next_word(text, &at, &w)) {
		if (w.quote == '\0' && str_is(w.text, ">"))
			break;
	}
	return at;
}

/* Between '[' and ']'. */
static size_t
read_subset(struct xml_dtd *dtd, struct str text, size_t at, struct builder *b)
{
	while (at < text.len && text.s[at] != ']') {
		struct str rest = {text.s + at, text.len - at};
		if (str_starts(rest, STR_LIT("<!--"))) {
			at = skip_past(text, at + 4, "-->");
		} else if (str_starts(rest, STR_LIT("<?"))) {
			at = skip_past(text, at + 2, "?>");
		} else if (str_starts(rest, STR_LIT("<!ENTITY"))) {
			at += 8;
			read_entity(dtd, text, &at, b);
			at = skip_declaration(text, at);
		} else if (str_starts(rest, STR_LIT("<!"))) {
			at = skip_declaration(text, at + 2);
		} else {
			/* %name; brings declarations from elsewhere */
			dtd->external_subset = dtd->external_subset || text.s[at] == '%';
			at++;
		}
	}
	return at < text.len ? at + 1 : at;
}

size_t
xml_dtd_read(struct xml_dtd *dtd, struct str text, size_t at, struct builder *b)
{
	struct word w;
	at += strlen("<!DOCTYPE");
	while (next_word(text, &at, &w)) {
		if (w.quote == '\0' && str_is(w.text, ">"))
			break;
		if (w.quote == '\0' && str_is(w.text, "["))
			at = read_subset(dtd, text, at, b);
		if (w.quote == '\0' && str_is(w.text, "<"))
			return at - 1;
		if (w.quote == '\0')
			continue;
		dtd->external_subset = true;
		if (str_ifind(w.text, STR_LIT("netscape"), 0) >= 0)
			b->netscape = true;
	}
	return at;
}

static enum xml_dtd_found
known_name(const struct xml_dtd *dtd, struct str name, xml_dtd_sink *sink, void *ctx)
{
	static const struct {
		const char *name, *text;
	} five[] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
	char out[8];
	for (size_t i = 0; i < sizeof five / sizeof *five; i++) {
		if (str_is(name, five[i].name)) {
			sink(ctx, str_from(five[i].text));
			return XML_DTD_DECLARED;
		}
	}
	size_t n = text_entity(name, out);
	if (n == 0)
		return XML_DTD_UNKNOWN;
	sink(ctx, (struct str){out, n});
	return dtd->external_subset ? XML_DTD_DECLARED : XML_DTD_HTML;
}

static void
expand_value(struct xml_dtd *dtd, struct builder *b, struct str value, unsigned nesting, xml_dtd_sink *sink, void *ctx);

static enum xml_dtd_found
expand(struct xml_dtd *dtd, struct builder *b, struct str name, unsigned nesting, xml_dtd_sink *sink, void *ctx)
{
	unsigned i = 0;
	while (i < dtd->count && !str_eq(dtd->entities[i].name, name))
		i++;
	if (i == dtd->count) {
		enum xml_dtd_found found = known_name(dtd, name, sink, ctx);
		if (found == XML_DTD_UNKNOWN && dtd->too_many)
			builder_fail(b, ERR_XML_ENTITY, "more entities are declared than feed-entities (%u)",
			    b->limits->entities);
		return found;
	}
	if (dtd->entities[i].external)
		builder_fail(b, ERR_XML_ENTITY, "the entity “%.*s” lies outside the document", STR_ARG(name));
	else if (dtd->entities[i].too_long)
		builder_fail(
		    b, ERR_XML_ENTITY, "an entity is longer than feed-entity-bytes (%zu)", b->limits->entity_bytes);
	else if (nesting >= XML_DTD_NESTING_MAX)
		builder_fail(b, ERR_XML_ENTITY, "entities nest deeper than feed-entity-depth (%u)", XML_DTD_NESTING_MAX);
	else
		expand_value(dtd, b, dtd->entities[i].value, nesting + 1, sink, ctx);
	return XML_DTD_DECLARED;
}

static void
expand_value(struct xml_dtd *dtd, struct builder *b, struct str value, unsigned nesting, xml_dtd_sink *sink, void *ctx)
{
	size_t from = 0;
	while (from < value.len && !builder_failed(b)) {
		const char *amp = memchr(value.s + from, '&', value.len - from);
		size_t stop = amp ? (size_t)(amp - value.s) : value.len;
		dtd->output_bytes += stop - from + 1;
		if (dtd->output_bytes > b->limits->entity_output_bytes) {
			builder_fail(b, ERR_XML_ENTITY, "entities expand to more than feed-entity-output-bytes (%zu)",
			    b->limits->entity_output_bytes);
			return;
		}
		sink(ctx, (struct str){value.s + from, stop - from});
		if (amp == NULL)
			return;
		const char *end = memchr(amp, ';', value.len - stop);
		struct str name = {amp + 1, end ? (size_t)(end - amp) - 1 : 0};
		char out[8];
		size_t n = 0, used = text_entity_at((struct str){amp, value.len - stop}, false, out, &n);
		if (name.len > 0 && *name.s != '#' && expand(dtd, b, name, nesting, sink, ctx) != XML_DTD_UNKNOWN) {
			from = stop + name.len + 2;
		} else {
			sink(ctx, used ? (struct str){out, n} : STR_LIT("&"));
			from = stop + (used ? used : 1);
		}
	}
}

enum xml_dtd_found
xml_dtd_expand(struct xml_dtd *dtd, struct builder *b, struct str name, xml_dtd_sink *sink, void *ctx)
{
	return expand(dtd, b, name, 0, sink, ctx);
}
