#include "feed/discover.h"

#include "feed/link_header.h"
#include "feed/page.h"
#include "feed/url.h"

#define COUNT(x) (sizeof(x) / sizeof *(x))

const char *
discover_how_word(enum discover_how how)
{
	static const char *const words[DISCOVER_HOW_COUNT] = {[DISCOVER_ITSELF] = "itself",
	    [DISCOVER_LINK] = "link",
	    [DISCOVER_HEADER] = "header",
	    [DISCOVER_HFEED] = "h-feed",
	    [DISCOVER_SITEMAP] = "sitemap",
	    [DISCOVER_ROBOTS] = "robots",
	    [DISCOVER_ANCHOR] = "anchor",
	    [DISCOVER_GENERATOR] = "generator"};
	return (unsigned)how < DISCOVER_HOW_COUNT ? words[how] : "";
}

/* Media types under which feeds are linked; those that other documents have too are not certain. */
static const struct {
	const char *name;
	bool certain;
} feed_types[] = {
    {"application/rss+xml", true},
    {"application/atom+xml", true},
    {"application/feed+json", true},
    {"application/rdf+xml", true},
    {"application/x-rss+xml", true},
    {"application/x-atom+xml", true},
    {"application/x.atom+xml", true},
    {"application/rss", true},
    {"application/atom", true},
    {"text/rss+xml", true},
    {"text/atom+xml", true},
    {"text/rss", true},
    {"application/json", false},
    {"application/xml", false},
    {"text/xml", false},
};

/* The type without parameters, in lower case. */
static struct str
essence(struct arena *arena, struct str type)
{
	struct str rest = type, first = STR_NONE;
	if (str_empty(type))
		return STR_NONE;
	str_split(&rest, ';', &first);
	first = str_trim(first);
	first = arena_str(arena, (struct str){first.s, first.len - str_ends(first, STR_LIT("/"))}); /* <link type=x/> */
	for (size_t i = 0; i < first.len; i++)
		((char *)first.s)[i] = ascii_lower(first.s[i]); /* our own copy */
	return first;
}

static bool
is_feed_type(struct str type, bool *certain)
{
	for (size_t i = 0; i < COUNT(feed_types); i++) {
		if (str_is(type, feed_types[i].name)) {
			*certain = feed_types[i].certain;
			return true;
		}
	}
	return false;
}

bool
discover_add(struct discovery *d, struct arena *arena, struct discovered one)
{
	if (!url_is_http(one.url))
		return false;
	for (size_t i = 0; i < d->count; i++) {
		if (str_eq(d->found[i].url, one.url))
			return false;
	}
	if (d->count >= DISCOVER_FOUND_MAX) {
		d->dropped++;
		return false;
	}
	struct discovered *grown = arena_grow(arena, d->found, &d->cap, d->count, sizeof *d->found);
	if (grown == NULL)
		return false;
	d->found = grown;
	d->found[d->count++] = one;
	return true;
}

struct job {
	const struct discover_input *in;
	struct arena *arena;
	struct discovery *out;
	struct page page;
	struct discovery anchors; /* told after everything that is surer */
	struct str wordpress;     /* where WordPress says its interface is */
	bool h_feed, h_entry;
};

/* A link that says what it leads to, from the page or from HTTP. `url` is resolved. */
static void
take_link(struct job *j, struct str rel, struct str url, struct str type, struct str title, enum discover_how how)
{
	bool certain = false, alternate = page_words_have(rel, STR_LIT("alternate"));
	if (url.s == NULL || page_words_have(rel, STR_LIT("stylesheet")))
		return;
	if (page_words_have(rel, STR_LIT("sitemap")))
		discover_add(j->out, j->arena,
		    (struct discovered){url, type, title, how == DISCOVER_LINK ? DISCOVER_SITEMAP : how, true});
	else if ((alternate && is_feed_type(type, &certain)) || page_words_have(rel, STR_LIT("feed")))
		discover_add(j->out, j->arena, (struct discovered){url, type, title, how, certain});
}

static void
on_link(struct job *j, struct str attrs)
{
	struct str rel = page_attr(j->arena, attrs, STR_LIT("rel"));
	if (str_empty(rel))
		return;
	struct str url = page_link(&j->page, attrs, STR_LIT("href"));
	if (url.s != NULL && page_words_have(rel, STR_LIT("https://api.w.org/")))
		j->wordpress = url;
	take_link(j, rel, url, essence(j->arena, page_attr(j->arena, attrs, STR_LIT("type"))),
	    page_line(j->arena, html_attr_find(attrs, STR_LIT("title"))), DISCOVER_LINK);
}

/* Is the address named as feeds usually are? Only asked of links that stand on the page. */
static bool
named_as_feeds_are(struct str url)
{
	static const struct str ends[] = {STR_LIT(".rss"), STR_LIT(".atom"), STR_LIT(".rdf"), STR_LIT("/feed"),
	    STR_LIT("/feed/"), STR_LIT("/rss"), STR_LIT("/rss/"), STR_LIT("/atom"), STR_LIT("/atom/"),
	    STR_LIT("rss.xml"), STR_LIT("feed.xml"), STR_LIT("atom.xml"), STR_LIT("feed.json"), STR_LIT("rss.php"),
	    STR_LIT("rss2.xml")};
	static const struct str queries[] = {
	    STR_LIT("feed=rss"), STR_LIT("feed=atom"), STR_LIT("format=rss"), STR_LIT("format=atom")};
	struct url_parts parts = url_parse(url);
	for (size_t i = 0; i < COUNT(ends); i++) {
		if (parts.path.len >= ends[i].len &&
		    str_ieq((struct str){parts.path.s + parts.path.len - ends[i].len, ends[i].len}, ends[i]))
			return true;
	}
	for (size_t i = 0; i < COUNT(queries); i++) {
		if (str_ifind(parts.query, queries[i], 0) >= 0)
			return true;
	}
	return false;
}

static void
on_anchor(struct job *j, struct str attrs)
{
	bool certain = false;
	struct arena_mark mark = arena_mark(j->arena);
	struct str type = essence(j->arena, page_attr(j->arena, attrs, STR_LIT("type")));
	struct str url = page_link(&j->page, attrs, STR_LIT("href"));
	bool says_so = is_feed_type(type, &certain) && certain;
	bool wanted = url.s != NULL && (says_so || named_as_feeds_are(url) ||
	                                   page_words_have(html_attr_find(attrs, STR_LIT("rel")), STR_LIT("feed")));
	if (!wanted || j->anchors.count >= DISCOVER_ANCHORS_MAX) {
		if (!arena_check(j->arena, NULL))
			arena_rollback(j->arena, mark); /* a page may hold 100,000 links */
		return;
	}
	discover_add(&j->anchors, j->arena,
	    (struct discovered){
	        url, type, page_line(j->arena, html_attr_find(attrs, STR_LIT("title"))), DISCOVER_ANCHOR, false});
}

static void
note_classes(struct job *j, struct str attrs)
{
	struct str classes = html_attr_find(attrs, STR_LIT("class"));
	if (classes.len < 6)
		return;
	j->h_feed |= page_words_have(classes, STR_LIT("h-feed"));
	j->h_entry |= page_words_have(classes, STR_LIT("h-entry"));
}

static void
scan(struct job *j)
{
	struct html_lexer lx;
	struct html_token token;

	html_lexer_init(&lx, j->in->html);
	for (html_lexer_next(&lx, &token); token.kind != HTML_END; html_lexer_next(&lx, &token)) {
		if (token.kind != HTML_OPEN || j->arena->failed)
			continue;
		note_classes(j, token.attrs);
		if (token.element == NULL)
			continue;
		enum html_id id = html_element_id(token.element);
		if (page_note(&j->page, &lx, &token))
			continue;
		if (id == HTML_ID_LINK)
			on_link(j, token.attrs);
		else if (id == HTML_ID_A || id == HTML_ID_AREA)
			on_anchor(j, token.attrs);
		else if (token.element->flags & HTML_DROP)
			html_lexer_skip(&lx, &token);
	}
}

static void
scan_header(struct job *j)
{
	struct str rest = j->in->link_header;
	struct link_header link;
	for (unsigned n = 0; n < DISCOVER_FOUND_MAX && link_header_next(&rest, &link); n++) {
		struct str url = url_resolve(j->arena, j->in->url, link.href);
		take_link(j, link.rel, url_is_http(url) ? url : STR_NONE, essence(j->arena, link.type),
		    page_line(j->arena, link.title), DISCOVER_HEADER);
	}
}

/* Software that names itself in <meta name="generator">, and where its manual says that its feed is. */
static const struct {
	struct str generator, path;
} platforms[] = {
    {STR_LIT("WordPress"), STR_LIT("/feed/")},              /* wordpress.org/documentation/article/wordpress-feeds */
    {STR_LIT("Ghost"), STR_LIT("/rss/")},                   /* ghost.org/help/rss */
    {STR_LIT("blogger"), STR_LIT("/feeds/posts/default")},  /* support.google.com/blogger/answer/97933 */
    {STR_LIT("Drupal"), STR_LIT("/rss.xml")},               /* the "front page" view of Drupal's core */
    {STR_LIT("Joomla"), STR_LIT("/?format=feed&type=rss")}, /* docs.joomla.org: syndication feeds */
    {STR_LIT("Discourse"), STR_LIT("/latest.rss")},         /* meta.discourse.org: RSS feeds */
    {STR_LIT("Hugo"), STR_LIT("/index.xml")},               /* gohugo.io/templates/rss */
    {STR_LIT("Jekyll"), STR_LIT("/feed.xml")},              /* github.com/jekyll/jekyll-feed */
};

static void
ask_generator(struct job *j)
{
	struct str home = j->in->url;
	for (size_t i = 0; i < COUNT(platforms); i++) {
		if (!str_istarts(j->page.generator, platforms[i].generator))
			continue;
		struct str ref = platforms[i].path;
		if (i == 0 && str_ends(j->wordpress, STR_LIT("wp-json/"))) {
			home = (struct str){j->wordpress.s, j->wordpress.len - strlen("wp-json/")};
			ref = STR_LIT("feed/");
		}
		discover_add(j->out, j->arena,
		    (struct discovered){.url = url_resolve(j->arena, home, ref), .how = DISCOVER_GENERATOR});
		return;
	}
}

/* Feeds, not sitemaps, which only say where pages are. */
static bool
has_feeds(const struct discovery *d)
{
	for (size_t i = 0; i < d->count; i++) {
		if (d->found[i].how != DISCOVER_SITEMAP)
			return true;
	}
	return false;
}

int
discover_page(const struct discover_input *in, struct arena *arena, struct discovery *out, struct err *err)
{
	struct job j = {.in = in, .arena = arena, .out = out};

	*out = (struct discovery){.count = 0};
	page_init(&j.page, arena, in->url);
	scan(&j);
	scan_header(&j);
	out->page_title = j.page.title;
	if (j.h_feed || j.h_entry)
		discover_add(
		    out, arena, (struct discovered){in->url, STR_LIT("text/html"), j.page.title, DISCOVER_HFEED, true});
	for (size_t i = 0; i < j.anchors.count; i++)
		discover_add(out, arena, j.anchors.found[i]);
	if (!has_feeds(out))
		ask_generator(&j);
	return arena_check(arena, err);
}
