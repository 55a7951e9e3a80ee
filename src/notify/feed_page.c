#include "notify/feed_page.h"

#include "base/hash.h"
#include "base/jsonw.h"
#include "render/render.h"

#include <stdlib.h>

#define ENTRY_TEXT_MAX (256u << 10) /* bytes of an entry's HTML */

/* ---- entries ---- */

/* RFC 9562, 5.8: 122 bits of our own. */
static void
put_uuid(struct buf *out, struct hash128 h)
{
	uint64_t hi = (h.hi & ~(uint64_t)0xF000) | 0x8000, lo = (h.lo & ~(UINT64_C(3) << 62)) | (UINT64_C(2) << 62);
	buf_printf(out, "urn:uuid:%08x-%04x-%04x-%04x-%012llx", (unsigned)(hi >> 32), (unsigned)(hi >> 16 & 0xFFFF),
	    (unsigned)(hi & 0xFFFF), (unsigned)(lo >> 48), (unsigned long long)(lo & 0xFFFFFFFFFFFF));
}

static void
put_id(struct jsonw *w, const struct notification *n)
{
	bool story = n->kind == NOTIFICATION_ITEM || n->kind == NOTIFICATION_STORY;
	struct str id = story && !str_empty(n->thread_id) ? n->thread_id : n->id;
	struct buf urn;
	buf_init(&urn, 0);
	put_uuid(&urn, hash128_mix(hash128(n->sink, 0), id));
	jsonw_kstr(w, "id", buf_view(&urn));
	w->out->failed |= urn.failed;
	buf_done(&urn);
}

static void
put_texts(struct jsonw *w, const struct notification *n, const struct template *title, const struct template *body)
{
	struct render_style style = {.html = true, .now = TIME_NONE};
	struct template_limit most = {ENTRY_TEXT_MAX, TEMPLATE_BYTES};
	struct buf text;
	buf_init(&text, ENTRY_TEXT_MAX);
	if (title != NULL)
		template_write(&text, title, n, TEMPLATE_PLAIN);
	else
		render_headline(&text, n);
	jsonw_kstr(w, "title", buf_view(&text));
	w->out->failed |= text.failed && !text.over_limit; /* a reset forgets it */
	buf_reset(&text);
	if (body != NULL)
		template_write_within(&text, body, n, TEMPLATE_HTML, &most);
	else
		render_notification_human(&text, n, &style);
	if (text.over_limit) { /* the headline alone */
		buf_reset(&text);
		template_escape(&text, n->record_count > 0 ? n->records[0].title : n->title, TEMPLATE_HTML);
	}
	jsonw_kstr(w, "content_html", buf_view(&text));
	w->out->failed |= text.failed && !text.over_limit;
	buf_done(&text);
}

static void
put_names(struct jsonw *w, const struct record *r, const struct notification *n)
{
	jsonw_key(w, "tags");
	jsonw_array(w);
	for (size_t i = 0; i < r->match_count; i++) {
		const struct record_match *m = &r->matches[i];
		if (m->kind != WATCH_ALERT)
			jsonw_str(w, str_empty(m->label) ? m->id : m->label);
	}
	jsonw_end(w);
	jsonw_key(w, "_tidings");
	jsonw_object(w);
	jsonw_kstr(w, "notification", n->id);
	jsonw_kcstr(w, "type", render_kind_word(n->kind));
	jsonw_kcstr(w, "severity", render_severity_word(n->severity));
	jsonw_key(w, "watches");
	jsonw_array(w);
	for (size_t i = 0; i < n->watch_count; i++)
		jsonw_str(w, n->watches[i]);
	jsonw_end(w);
	jsonw_end(w);
}

void
feed_entry_write(
    struct buf *out, const struct notification *n, const struct template *title, const struct template *body)
{
	const struct record *r = render_lead(n);
	bool web = str_istarts(r->link, STR_LIT("http://")) || str_istarts(r->link, STR_LIT("https://"));
	struct jsonw w;
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	put_id(&w, n);
	if (web)
		jsonw_kstr(&w, "url", r->link);
	put_texts(&w, n, title, body);
	jsonw_ktime(&w, "date_published", n->record_count > 0 ? render_item_at(r) : n->created_at);
	jsonw_ktime(&w, "date_modified", n->created_at);
	if (n->record_count > 0) {
		jsonw_key(&w, "authors");
		jsonw_array(&w);
		jsonw_object(&w);
		jsonw_kstr(&w, "name", render_source(r));
		jsonw_end(&w);
		jsonw_end(&w);
	}
	put_names(&w, r, n);
	jsonw_end(&w);
}

/* ---- pages ---- */

int
feed_page_read(struct feed_page *p, struct str json, struct err *err)
{
	json_t *page =
	    json_loadb(json.s != NULL ? json.s : "", json.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	json_t *items = json_object_get(page, "items"), *item;
	size_t i;
	if ((p->items = json_array()) == NULL) {
		json_decref(page);
		return err_oom(err);
	}
	json_array_foreach(items, i, item)
	{
		if (json_is_string(json_object_get(item, "id")) && json_array_append(p->items, item) < 0) {
			json_decref(page);
			return err_oom(err);
		}
	}
	json_decref(page);
	return 0;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL ? text : "";
}

int
feed_page_add(struct feed_page *p, json_t *entry, size_t most, struct err *err)
{
	const char *id = text_of(entry, "id");
	for (size_t i = 0; i < json_array_size(p->items);) {
		json_t *old = json_array_get(p->items, i);
		if (strcmp(text_of(old, "id"), id) != 0) {
			i++;
			continue;
		}
		/* A repeated delivery, or one that an outage has made late, changes nothing for the worse. */
		if (strcmp(text_of(old, "date_modified"), text_of(entry, "date_modified")) > 0)
			return 0;
		json_array_remove(p->items, i);
	}
	if (json_array_insert(p->items, 0, entry) < 0)
		return err_oom(err);
	while (json_array_size(p->items) > most)
		json_array_remove(p->items, json_array_size(p->items) - 1);
	return 0;
}

static void
put_page_url(struct buf *out, const struct feed_page *p, const char *ending)
{
	struct str base = p->base_url;
	while (base.len > 0 && base.s[base.len - 1] == '/')
		base.len--;
	buf_printf(out, "%.*s/%.*s.%s", STR_ARG(base), STR_ARG(p->key), ending);
}

void
feed_page_json(const struct feed_page *p, struct buf *out)
{
	struct buf text;
	struct jsonw w;
	buf_init(&text, 0);
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	jsonw_kcstr(&w, "version", "https://jsonfeed.org/version/1.1");
	buf_printf(&text, "tidings: %.*s", STR_ARG(p->key));
	jsonw_kstr(&w, "title", buf_view(&text));
	if (!str_empty(p->base_url)) {
		out->failed |= text.failed;
		buf_reset(&text);
		put_page_url(&text, p, "json");
		jsonw_kstr(&w, "feed_url", buf_view(&text));
	}
	jsonw_key(&w, "items");
	char *items = json_dumps(p->items, JSON_COMPACT);
	jsonw_raw(&w, str_from(items != NULL ? items : "[]"));
	jsonw_end(&w);
	buf_putc(out, '\n');
	out->failed |= items == NULL || text.failed;
	free(items);
	buf_done(&text);
}

/* What XML 1.0 has no way to write becomes U+FFFD; what comes in is UTF-8. */
static void
put_xml(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '&')
			buf_puts(out, "&amp;");
		else if (c == '<')
			buf_puts(out, "&lt;");
		else if (c == '>')
			buf_puts(out, "&gt;");
		else if (c == '"')
			buf_puts(out, "&quot;");
		else if (c == '\r')
			buf_puts(out, "&#13;");
		else if (c < 0x20 && c != '\t' && c != '\n')
			buf_puts(out, "\xef\xbf\xbd");
		else if (c == 0xef && (unsigned char)s[1] == 0xbf && (unsigned char)s[2] >= 0xbe) {
			buf_puts(out, "\xef\xbf\xbd");
			s += 2;
		} else
			buf_putc(out, *s);
	}
}

static void
put_element(struct buf *out, const char *name, const char *attributes, const char *text)
{
	buf_printf(out, "<%s%s>", name, attributes);
	put_xml(out, text);
	buf_printf(out, "</%s>\n", name);
}

/* An IRI in an attribute: what RFC 3987 does not allow in one is encoded. */
static void
put_link(struct buf *out, const char *rel, const char *type, const char *href)
{
	if (href[0] == '\0')
		return;
	buf_printf(out, "<link rel=\"%s\"%s href=\"", rel, type);
	for (; *href != '\0'; href++) {
		unsigned char c = (unsigned char)*href;
		if (c <= ' ' || c == 0x7f || strchr("<>\"{}|\\^`", c) != NULL)
			buf_printf(out, "%%%02X", c);
		else
			buf_puts(out, c == '&' ? "&amp;" : (char[]){*href, '\0'});
	}
	buf_puts(out, "\"/>\n");
}

static void
put_entry(struct buf *out, json_t *item)
{
	json_t *tag, *author = json_array_get(json_object_get(item, "authors"), 0);
	size_t i;
	buf_puts(out, "<entry>\n");
	put_element(out, "title", "", text_of(item, "title"));
	put_element(out, "id", "", text_of(item, "id"));
	put_link(out, "alternate", "", text_of(item, "url"));
	put_element(out, "published", "", text_of(item, "date_published"));
	put_element(out, "updated", "", text_of(item, "date_modified"));
	if (text_of(author, "name")[0] != '\0') {
		buf_puts(out, "<author>");
		put_element(out, "name", "", text_of(author, "name"));
		buf_puts(out, "</author>\n");
	}
	json_array_foreach(json_object_get(item, "tags"), i, tag)
	{
		buf_puts(out, "<category term=\"");
		put_xml(out, json_is_string(tag) ? json_string_value(tag) : "");
		buf_puts(out, "\"/>\n");
	}
	put_element(out, "content", " type=\"html\"", text_of(item, "content_html"));
	buf_puts(out, "</entry>\n");
}

void
feed_page_atom(const struct feed_page *p, struct buf *out)
{
	json_t *item;
	size_t i;
	const char *updated = text_of(json_array_get(p->items, 0), "date_modified");
	struct buf text;
	buf_init(&text, 0);
	buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
	buf_printf(&text, "tidings: %.*s", STR_ARG(p->key));
	put_element(out, "title", "", text.data != NULL ? text.data : "");
	buf_puts(out, "<id>");
	put_uuid(out, hash128_mix(hash128(p->sink, 1), p->key));
	buf_puts(out, "</id>\n<author><name>tidings</name></author>\n");
	json_array_foreach(p->items, i, item)
	{
		if (strcmp(text_of(item, "date_modified"), updated) > 0)
			updated = text_of(item, "date_modified");
	}
	put_element(out, "updated", "", updated[0] != '\0' ? updated : "1970-01-01T00:00:00Z");
	if (!str_empty(p->base_url)) {
		out->failed |= text.failed;
		buf_reset(&text);
		put_page_url(&text, p, "atom");
		put_link(out, "self", " type=\"application/atom+xml\"", text.data != NULL ? text.data : "");
	}
	json_array_foreach(p->items, i, item) put_entry(out, item);
	buf_puts(out, "</feed>\n");
	out->failed |= text.failed;
	buf_done(&text);
}

void
feed_page_done(struct feed_page *p)
{
	json_decref(p->items);
	p->items = NULL;
}
