#include "feed/builder.h"

#include "feed/geometry.h"
#include "feed/lang.h"

typedef void start_fn(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs);
typedef void end_fn(struct builder *b, struct frame *f, struct str text);

/* roots */

static void
root_language(struct builder *b, struct frame *f)
{
	if (f->language.len > 0)
		slot_string(b, SLOT_LANGUAGE, 6, f->language);
}

static enum feed_format
rss_version(struct str version, bool netscape)
{
	static const struct {
		const char *head;
		enum feed_format format;
	} versions[] = {
	    {"0.90", FEED_RSS090},
	    {"0.91", FEED_RSS091U},
	    {"0.92", FEED_RSS092},
	    {"0.93", FEED_RSS093},
	    {"0.94", FEED_RSS094},
	    {"1.", FEED_RSS10},
	    {"2", FEED_RSS20},
	};
	version = str_trim(version);
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		if (str_starts(version, str_from(versions[i].head)))
			return versions[i].format == FEED_RSS091U && netscape ? FEED_RSS091N : versions[i].format;
	}
	return netscape ? FEED_RSS091N : FEED_RSS;
}

static void
rss_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	struct str version = attr_any(attrs, "version");
	builder_format(b, rss_version(version, b->netscape),
	    b->netscape       ? "netscape-doctype"
	    : version.len > 0 ? "rss-version"
	                      : "rss-element");
	root_language(b, f);
}

static void
rdf_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	b->rdf = true;
	builder_format(b, b->rdf_format, "namespace");
	root_language(b, f);
}

static enum feed_format
channel_format(const struct builder *b, struct feed_name name, struct feed_attrs attrs)
{
	if (b->rdf)
		return name.ns == NS_RSS090 ? FEED_RSS090 : FEED_RSS10;
	if (name.ns == NS_CDF || name.local.s[0] == 'C' || attr_any(attrs, "href").s || attr_any(attrs, "lastmod").s ||
	    attr_get(attrs, NS_NONE, "base").s)
		return FEED_CDF;
	return name.ns == NS_RSS10 ? FEED_RSS10 : FEED_RSS;
}

static void
channel_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	builder_format(b, channel_format(b, name, attrs), "channel-element");
	root_language(b, f);
	slot_string(b, SLOT_ID, 3, field_string(b, attr_get(attrs, NS_RDF, "about")));
	if (b->doc->format != FEED_CDF)
		return;
	struct str base = field_url(b, attr_get(attrs, NS_NONE, "base"), f->base);
	f->base = base.s ? base : f->base;
	item_link(b, 1, field_url(b, attr_any(attrs, "href"), f->base));
	slot_string(b, SLOT_LANGUAGE, 2, lang_normalise(b->arena, str_trim(attr_any(attrs, "language"))));
	slot_date(b, SLOT_UPDATED, 1, attr_any(attrs, "lastmod"));
}

static enum feed_format
atom_format(enum feed_ns ns, struct str version)
{
	return ns == NS_ATOM03 || (ns != NS_ATOM10 && str_starts(str_trim(version), STR_LIT("0."))) ? FEED_ATOM03
	                                                                                            : FEED_ATOM10;
}

static void
atom_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	builder_format(b, atom_format(name.ns, attr_any(attrs, "version")),
	    name.ns == NS_ATOM10 || name.ns == NS_ATOM03 ? "namespace" : "feed-element");
	root_language(b, f);
}

static void
sitemap_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	builder_format(b, f->action == ACT_SITEMAP ? FEED_SITEMAP : FEED_SITEMAP_INDEX, "root-element");
}

/* items */

static void
act_item_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	if (f->action == ACT_ENTRY)
		builder_format(b, atom_format(name.ns, attr_any(attrs, "version")), "items-without-root");
	else if (b->rdf)
		builder_format(b, name.ns == NS_RSS090 ? FEED_RSS090 : FEED_RSS10, "rdf-items");
	else
		builder_format(b, FEED_RSS, "items-without-root");
	item_start(b, attrs);
}

static void
act_item_end(struct builder *b, struct frame *f, struct str text)
{
	item_end(b, f);
}

/* text constructs: RFC 4287 section 3.1 and 4.1.3; Atom 0.3 has "mode" beside "type" */

static enum text_mode
media_type_mode(struct str type)
{
	if (str_istarts(type, STR_LIT("text/html")))
		return TEXT_HTML;
	if (str_istarts(type, STR_LIT("application/xhtml")) || str_ends(type, STR_LIT("+xml")) ||
	    str_ends(type, STR_LIT("/xml")))
		return TEXT_XHTML;
	return str_istarts(type, STR_LIT("text/")) ? TEXT_GUESS : TEXT_BASE64;
}

static enum text_mode
type_mode(struct str type)
{
	if (str_ieq(type, STR_LIT("html")))
		return TEXT_HTML;
	if (str_ieq(type, STR_LIT("xhtml")))
		return TEXT_XHTML;
	if (type.len > 0 && memchr(type.s, '/', type.len) != NULL)
		return media_type_mode(type);
	/* In Atom silence means text, in RSS nobody knows: markup that is found inside is read as such. */
	return TEXT_GUESS;
}

static void
text_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	struct str type = str_trim(attr_get(attrs, NS_NONE, "type"));
	struct str mode = str_trim(attr_get(attrs, NS_NONE, "mode"));
	f->takes_markup = true;
	f->mode = (unsigned char)type_mode(type);
	if (name.ns == NS_CONTENT)
		f->mode = TEXT_HTML;
	else if (name.ns == NS_XHTML)
		f->mode = TEXT_XHTML;
	else if (str_ieq(mode, STR_LIT("base64")))
		f->mode = TEXT_BASE64;
	else if (f->mode == TEXT_XHTML && str_ieq(mode, STR_LIT("escaped")))
		f->mode = TEXT_HTML;
	else if (f->mode == TEXT_HTML && str_ieq(mode, STR_LIT("xml")))
		f->mode = TEXT_XHTML;
	struct str src = attr_get(attrs, NS_NONE, "src");
	if (src.s != NULL && f->slot == SLOT_CONTENT && b->item != NULL) {
		struct str link = field_url(b, src, f->base);
		item_link(b, 7, link);
		list_link(b, (struct feed_link){.rel = STR_LIT("content"), .href = link, .type = field_string(b, type)});
		f->mode = TEXT_IGNORE;
	}
}

static void
text_end(struct builder *b, struct frame *f, struct str text)
{
	if (!slot_free(b, f->slot, f->rank))
		return;
	if (b->item == NULL || f->slot == SLOT_TITLE || f->slot == SLOT_RIGHTS) {
		slot_string(b, f->slot, f->rank, field_line(b, text, f->mode));
		return;
	}
	struct str html, plain;
	field_rich(b, text, f->mode, f->base, &html, &plain);
	if (html.s == NULL ||
	    (html.len > 0 || plain.len > 0 ? !slot_take(b, f->slot, f->rank) : !slot_free(b, f->slot, SLOT_RANK_EMPTY)))
		return;
	bool content = f->slot == SLOT_CONTENT;
	*(content ? &b->item->content_html : &b->item->summary_html) = html;
	*(content ? &b->item->content_text : &b->item->summary_text) = plain;
	if (b->item->language.s == NULL)
		b->item->language = f->language;
}

static void
string_end(struct builder *b, struct frame *f, struct str text)
{
	struct str value = f->slot == SLOT_LANGUAGE ? lang_normalise(b->arena, str_trim(text)) : field_string(b, text);
	slot_string(b, f->slot, f->rank, value);
}

static void
id_end(struct builder *b, struct frame *f, struct str text)
{
	if (!slot_free(b, SLOT_ID, f->rank))
		return;
	slot_string(b, SLOT_ID, f->rank, field_string(b, text));
	if (f->action == ACT_GUID && b->item != NULL && b->item->id.s != NULL)
		b->item->id_is_link = !str_ieq(f->rel, STR_LIT("false"));
}

static void
guid_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	f->rel = field_string(b, attr_any(attrs, "ispermalink"));
}

static void
date_end(struct builder *b, struct frame *f, struct str text)
{
	slot_date(b, f->slot, f->rank, text);
}

static void
comment_count_end(struct builder *b, struct frame *f, struct str text)
{
	int64_t n;
	if (b->item != NULL && b->item->comment_count < 0 && str_int(str_trim(text), 0, INT32_MAX, &n))
		b->item->comment_count = n;
}

/* links */

static void
link_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	f->href = attr_any(attrs, "href");
	if (f->href.s == NULL)
		f->href = attr_get(attrs, NS_RDF, "resource");
	f->href = field_string(b, f->href);
	f->rel = field_string(b, attr_get(attrs, NS_NONE, "rel"));
	f->type = field_string(b, attr_get(attrs, NS_NONE, "type"));
	f->hreflang = field_string(b, attr_get(attrs, NS_NONE, "hreflang"));
	f->title = field_string(b, attr_get(attrs, NS_NONE, "title"));
	f->length = field_string(b, attr_get(attrs, NS_NONE, "length"));
	f->last_wins = name.ns != NS_ATOM10 && name.ns != NS_ATOM03;
	if (str_ieq(f->rel, STR_LIT("replies")))
		comment_count_end(b, f, attr_get(attrs, NS_THR, "count"));
}

static struct str
link_rel(struct str rel)
{
	static const struct str registry[] = {STR_LIT("http://www.iana.org/assignments/relation/"),
	    STR_LIT("https://www.iana.org/assignments/relation/")};
	for (size_t i = 0; i < sizeof registry / sizeof *registry; i++) {
		if (str_istarts(rel, registry[i]))
			return (struct str){rel.s + registry[i].len, rel.len - registry[i].len};
	}
	return rel.len ? rel : STR_LIT("alternate");
}

/* Which of several links is the page: a lower rank is better, 0 is none at all. */
static unsigned
link_rank(struct str rel, struct str type)
{
	static const struct {
		const char *rel;
		unsigned rank;
	} ranks[] = {{"permalink", 3}, {"via", 8}, {"related", 9}, {"self", 10}};
	if (str_ieq(rel, STR_LIT("alternate")))
		return type.len == 0 || str_ifind(type, STR_LIT("html"), 0) >= 0 ? 1 : 2;
	for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++) {
		if (str_ieq(rel, str_from(ranks[i].rel)))
			return ranks[i].rank;
	}
	return 0;
}

static int64_t
length_parse(struct str s)
{
	int64_t n;
	return str_int(str_trim(s), 0, INT64_MAX, &n) ? n : -1;
}

/* Of several links in RSS the last is the page, as other readers have it; in Atom the first. */
static void
replace_equal(struct builder *b, const struct frame *f, unsigned rank)
{
	unsigned char *taken = &builder_part(b)->ranks[SLOT_LINK];
	if (rank == 1 && f->last_wins && *taken == 1)
		*taken = 0;
}

static void
doc_link(struct builder *b, const struct frame *f, struct str rel, struct str url)
{
	struct {
		const char *rel;
		struct str *to;
	} places[] = {{"self", &b->doc->self}, {"hub", &b->doc->hub}, {"next", &b->doc->next}};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (str_ieq(rel, str_from(places[i].rel)) && places[i].to->s == NULL)
			*places[i].to = url;
	}
	unsigned rank = link_rank(rel, f->type);
	replace_equal(b, f, rank);
	if (rank > 0)
		item_link(b, rank, url);
}

static void
link_end(struct builder *b, struct frame *f, struct str text)
{
	struct str rel = link_rel(f->rel);
	struct str url = field_url(b, f->href.len ? f->href : text, f->base);
	if (url.s == NULL)
		return;
	if (b->item == NULL) {
		doc_link(b, f, rel, url);
		return;
	}
	unsigned rank = link_rank(rel, f->type);
	replace_equal(b, f, rank);
	if (rank > 0)
		item_link(b, rank, url);
	if (str_ieq(rel, STR_LIT("enclosure")))
		list_enclosure(b, (struct feed_enclosure){url, f->type, f->title, length_parse(f->length)});
	if (str_ieq(rel, STR_LIT("replies")))
		slot_string(b, SLOT_COMMENTS, 2, url);
	list_link(b, (struct feed_link){rel, url, f->type, f->hreflang, f->title});
}

static void
url_end(struct builder *b, struct frame *f, struct str text)
{
	if (slot_free(b, f->slot, f->rank))
		slot_string(b, f->slot, f->rank, field_url(b, text, f->base));
}

static void
original_link_end(struct builder *b, struct frame *f, struct str text)
{
	builder_part(b)->original_link = field_url(b, text, f->base);
}

static void
comment_feed_end(struct builder *b, struct frame *f, struct str text)
{
	list_link(b, (struct feed_link){.rel = STR_LIT("replies"),
	                 .href = field_url(b, text, f->base),
	                 .type = STR_LIT("application/rss+xml")});
}

static void
reply_to_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	list_link(b, (struct feed_link){.rel = STR_LIT("in-reply-to"),
	                 .href = field_url(b, attr_get(attrs, NS_NONE, "href"), f->base),
	                 .type = field_string(b, attr_get(attrs, NS_NONE, "type"))});
}

static void
href_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	f->href = field_url(b, attr_any(attrs, "href"), f->base);
}

static void
cdf_link_end(struct builder *b, struct frame *f, struct str text)
{
	item_link(b, 2, f->href);
}

static void
image_href_end(struct builder *b, struct frame *f, struct str text)
{
	slot_string(b, f->slot, f->rank, f->href.s ? f->href : field_url(b, text, f->base));
}

/* categories */

static struct str
first_of(struct str a, struct str b)
{
	return a.len ? a : b;
}

static void
category_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	f->title = field_string(b, first_of(attr_get(attrs, NS_NONE, "term"), attr_get(attrs, NS_NONE, "text")));
	f->hreflang = field_string(b, attr_get(attrs, NS_NONE, "label"));
	f->href = field_string(b, first_of(attr_get(attrs, NS_NONE, "scheme"), attr_get(attrs, NS_NONE, "domain")));
	if (f->title.len > 0 && name.ns == NS_ITUNES)
		list_category(b, (struct feed_category){f->title, f->href, f->hreflang});
}

static void
category_end(struct builder *b, struct frame *f, struct str text)
{
	struct str term = f->title.len ? f->title : field_line(b, text, TEXT_GUESS);
	list_category(b, (struct feed_category){first_of(term, f->hreflang), f->href, f->hreflang});
}

static void
keywords_end(struct builder *b, struct frame *f, struct str text)
{
	struct str rest = field_line(b, text, TEXT_GUESS), word;
	while (str_split(&rest, ',', &word))
		list_category(b, (struct feed_category){.term = field_string(b, word)});
}

/* people */

static void
person_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	b->person = (struct feed_person){.uri = field_url(b, attr_get(attrs, NS_NONE, "href"), f->base)};
}

static void
person_end(struct builder *b, struct frame *f, struct str text)
{
	struct feed_person p = b->person;
	if (p.name.len == 0 && p.email.len == 0) {
		struct feed_person said = person_parse(b, text);
		p.name = said.name;
		p.email = said.email;
	}
	list_person(b, f->rank, p);
}

static void
person_name_end(struct builder *b, struct frame *f, struct str text)
{
	b->person.name = first_of(b->person.name, field_line(b, text, TEXT_GUESS));
}

static void
person_email_end(struct builder *b, struct frame *f, struct str text)
{
	b->person.email = first_of(b->person.email, field_string(b, text));
}

static void
person_uri_end(struct builder *b, struct frame *f, struct str text)
{
	b->person.uri = first_of(b->person.uri, field_url(b, text, f->base));
}

static void
credit_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	f->rel = field_string(b, attr_get(attrs, NS_NONE, "role"));
}

static void
credit_end(struct builder *b, struct frame *f, struct str text)
{
	if (str_ieq(f->rel, STR_LIT("author")))
		list_person(b, f->rank, person_parse(b, text));
}

/* how much and where */

static void
take_location(struct builder *b, unsigned shape, unsigned rank, struct str text)
{
	if (!slot_free(b, SLOT_LOCATION, rank))
		return;
	struct str found = geometry_parse((enum geometry_shape)shape, text, b->arena, &b->work);
	if (found.s != NULL)
		slot_string(b, SLOT_LOCATION, rank, found);
	builder_view(b, &b->work);
}

static void
location_end(struct builder *b, struct frame *f, struct str text)
{
	take_location(b, f->slot, f->rank, text);
}

/* GML writes a line and the ring around an area alike; a ring ends where it began. */
static void
positions_end(struct builder *b, struct frame *f, struct str text)
{
	take_location(b, geometry_is_ring(text) ? GEOMETRY_POLYGON : GEOMETRY_LINE, f->rank, text);
}

static void
location_part_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	f->second = str_istarts(name.local, STR_LIT("lon")) || str_istarts(name.local, STR_LIT("upper"));
}

static void
location_part_end(struct builder *b, struct frame *f, struct str text)
{
	struct str *parts = builder_part(b)->location_parts;
	parts[f->second] = field_string(b, text);
	if (parts[0].s == NULL || parts[1].s == NULL)
		return;
	take_location(b, f->slot, f->rank, arena_printf(b->arena, "%.*s %.*s", STR_ARG(parts[0]), STR_ARG(parts[1])));
	parts[0] = parts[1] = STR_NONE;
}

/* media */

static void
enclosure_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	struct str length = first_of(attr_any(attrs, "length"), attr_any(attrs, "filesize"));
	struct str url =
	    first_of(attr_any(attrs, "url"), first_of(attr_any(attrs, "href"), attr_get(attrs, NS_RDF, "resource")));
	list_enclosure(b, (struct feed_enclosure){field_url(b, url, f->base), field_string(b, attr_any(attrs, "type")),
	                      field_string(b, attr_any(attrs, "title")), length_parse(length)});
}

static void
source_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	slot_string(b, SLOT_SOURCE_URL, 1, field_url(b, attr_get(attrs, NS_NONE, "url"), f->base));
}

static void
source_end(struct builder *b, struct frame *f, struct str text)
{
	slot_string(b, SLOT_SOURCE_TITLE, 2, field_line(b, text, TEXT_GUESS));
}

static void
source_title_end(struct builder *b, struct frame *f, struct str text)
{
	slot_string(b, SLOT_SOURCE_TITLE, 1, field_line(b, text, TEXT_GUESS));
}

static void
source_link_end(struct builder *b, struct frame *f, struct str text)
{
	unsigned rank = link_rank(link_rel(f->rel), f->type);
	if (rank > 0)
		slot_string(b, SLOT_SOURCE_URL, rank + 1, field_url(b, f->href.len ? f->href : text, f->base));
}

/* hints: how often to come */

static void
hour_end(struct builder *b, struct frame *f, struct str text)
{
	int64_t hour;
	if (str_int(str_trim(text), 0, 24, &hour))
		b->doc->hints.skip_hours |= 1u << (hour % 24);
}

static void
day_end(struct builder *b, struct frame *f, struct str text)
{
	static const char *const days[] = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
	for (unsigned i = 0; i < 7; i++) {
		if (str_ieq(str_trim(text), str_from(days[i])))
			b->doc->hints.skip_days |= (uint8_t)(1u << i);
	}
}

static void
ttl_end(struct builder *b, struct frame *f, struct str text)
{
	int64_t minutes;
	if (str_int(str_trim(text), 0, INT32_MAX, &minutes))
		b->doc->hints.ttl_minutes = (int)minutes;
}

static void
period_end(struct builder *b, struct frame *f, struct str text)
{
	static const struct {
		const char *word;
		int64_t ms;
	} periods[] = {{"hourly", HOUR_MS}, {"daily", DAY_MS}, {"weekly", 7 * DAY_MS}, {"monthly", 30 * DAY_MS},
	    {"yearly", 365 * DAY_MS}};
	for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
		if (str_ieq(str_trim(text), str_from(periods[i].word)))
			b->doc->hints.update_period_ms = periods[i].ms;
	}
}

static void
frequency_end(struct builder *b, struct frame *f, struct str text)
{
	int64_t n;
	if (str_int(str_trim(text), 1, 1000000, &n))
		b->update_frequency = (int)n;
}

static const struct {
	start_fn *start;
	end_fn *end;
	unsigned place; /* 0: as outside */
} actions[ACT_COUNT] = {
    [ACT_NONE] = {NULL, NULL, IN_NOTHING},
    [ACT_RSS] = {rss_start, NULL, IN_FEED},
    [ACT_RDF] = {rdf_start, NULL, IN_FEED},
    [ACT_CHANNEL] = {channel_start, NULL, IN_FEED},
    [ACT_ATOM_FEED] = {atom_start, NULL, IN_FEED},
    [ACT_SITEMAP] = {sitemap_start, NULL, IN_MAP},
    [ACT_SITEMAP_INDEX] = {sitemap_start, NULL, IN_MAP},
    [ACT_ITEM] = {act_item_start, act_item_end, IN_ITEM},
    [ACT_ENTRY] = {act_item_start, act_item_end, IN_ITEM},
    [ACT_TEXT] = {text_start, text_end, IN_NOTHING},
    [ACT_STRING] = {NULL, string_end, IN_NOTHING},
    [ACT_ID] = {NULL, id_end, IN_NOTHING},
    [ACT_GUID] = {guid_start, id_end, IN_NOTHING},
    [ACT_DATE] = {NULL, date_end, IN_NOTHING},
    [ACT_LINK] = {link_start, link_end, IN_NOTHING},
    [ACT_URL] = {NULL, url_end, IN_NOTHING},
    [ACT_COMMENT_FEED] = {NULL, comment_feed_end, IN_NOTHING},
    [ACT_ORIGINAL_LINK] = {NULL, original_link_end, IN_NOTHING},
    [ACT_REPLY_TO] = {reply_to_start, NULL, IN_NOTHING},
    [ACT_CATEGORY] = {category_start, category_end, 0},
    [ACT_CATEGORY_TEXT] = {NULL, category_end, IN_NOTHING},
    [ACT_KEYWORDS] = {NULL, keywords_end, IN_NOTHING},
    [ACT_PERSON] = {person_start, person_end, IN_PERSON},
    [ACT_PERSON_NAME] = {NULL, person_name_end, IN_NOTHING},
    [ACT_PERSON_EMAIL] = {NULL, person_email_end, IN_NOTHING},
    [ACT_PERSON_URI] = {NULL, person_uri_end, IN_NOTHING},
    [ACT_CREDIT] = {credit_start, credit_end, IN_NOTHING},
    [ACT_ENCLOSURE] = {enclosure_start, NULL, IN_NOTHING},
    [ACT_MEDIA] = {enclosure_start, NULL, 0},
    [ACT_IMAGE] = {NULL, NULL, IN_IMAGE},
    [ACT_IMAGE_HREF] = {href_start, image_href_end, IN_NOTHING},
    [ACT_SOURCE] = {source_start, source_end, IN_SOURCE},
    [ACT_SOURCE_TITLE] = {NULL, source_title_end, IN_NOTHING},
    [ACT_SOURCE_LINK] = {link_start, source_link_end, IN_NOTHING},
    [ACT_CDF_LINK] = {href_start, cdf_link_end, IN_NOTHING},
    [ACT_CDF_LOGO] = {href_start, image_href_end, IN_NOTHING},
    [ACT_GROUP] = {NULL, NULL, 0},
    [ACT_PUBLICATION] = {NULL, NULL, IN_PUBLICATION},
    [ACT_HOURS] = {NULL, NULL, IN_HOURS},
    [ACT_HOUR] = {NULL, hour_end, IN_NOTHING},
    [ACT_DAYS] = {NULL, NULL, IN_DAYS},
    [ACT_DAY] = {NULL, day_end, IN_NOTHING},
    [ACT_TTL] = {NULL, ttl_end, IN_NOTHING},
    [ACT_UPDATE_PERIOD] = {NULL, period_end, IN_NOTHING},
    [ACT_UPDATE_FREQUENCY] = {NULL, frequency_end, IN_NOTHING},
    [ACT_COMMENT_COUNT] = {NULL, comment_count_end, IN_NOTHING},
    [ACT_LOCATION] = {NULL, location_end, IN_NOTHING},
    [ACT_POSITIONS] = {NULL, positions_end, IN_NOTHING},
    [ACT_LOCATION_PART] = {location_part_start, location_part_end, IN_NOTHING},
};

void
action_start(struct builder *b, struct frame *f, struct feed_name name, struct feed_attrs attrs)
{
	if (actions[f->action].start != NULL)
		actions[f->action].start(b, f, name, attrs);
}

void
action_end(struct builder *b, struct frame *f, struct str text)
{
	if (actions[f->action].end != NULL)
		actions[f->action].end(b, f, text);
}

unsigned
action_place(enum feed_action action)
{
	return actions[action].place;
}

/* An item's own text means nothing; everything else that acts at its end wants the text. */
bool
action_collects(enum feed_action action)
{
	return actions[action].end != NULL && action != ACT_ITEM && action != ACT_ENTRY;
}
