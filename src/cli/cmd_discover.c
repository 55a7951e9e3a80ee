#include "cli/fetch.h"
#include "cli/page.h"
#include "conf/conf.h"
#include "feed/discover.h"
#include "feed/feed.h"
#include "feed/page.h"
#include "feed/url.h"
#include "http/robots.h"
#include "render/render.h"
#include "text/fold.h"
#include "text/safe.h"

#include <stdlib.h>

#define CHECKED_MAX 12u /* candidates that are fetched to see whether they are feeds */

/* One line of the answer. */
struct find {
	struct discovered at;
	enum feed_format format; /* FEED_UNKNOWN: not read */
	size_t items;
};

struct discover {
	struct cli *cli;
	struct cli_fetcher fetcher;
	struct arena arena;
	struct str url;
	struct discovery page;
	const struct feed_doc *h_feed; /* what was read from the page itself, or NULL */
	struct find *finds;
	size_t count;
	bool conf, allow_private;
};

/* ---- what the net says ---- */

static int
read_feed(struct discover *d, const struct cli_fetch *reply, struct feed_doc *doc, struct err *err)
{
	struct feed_input in = {.body = buf_view(&reply->body),
	    .url = reply->final_url,
	    .content_type = reply->content_type,
	    .content_location = reply->content_location,
	    .content_language = reply->content_language};
	return feed_parse(&in, &feed_limits_default, &d->arena, doc, err);
}

static void
add_find(struct discover *d, struct discovered at, const struct feed_doc *doc)
{
	d->finds[d->count++] = (struct find){
	    .at = at, .format = doc != NULL ? doc->format : FEED_UNKNOWN, .items = doc != NULL ? doc->item_count : 0};
}

/* Sitemaps are no guess where robots.txt names them, and robots.txt itself stands where RFC 9309 says. */
static void
read_robots(struct discover *d, const struct cli_fetch *reply, struct str base)
{
	struct robots robots;
	if (reply->status == 0 || robots_access(reply->status) != ROBOTS_PARSE || reply->error.code != ERR_NONE ||
	    robots_parse(buf_view(&reply->body), STR_LIT(PACKAGE_NAME), &d->arena, &robots, NULL) < 0)
		return;
	for (size_t i = 0; i < robots.sitemap_count; i++)
		discover_add(&d->page, &d->arena,
		    (struct discovered){.url = url_resolve(&d->arena, base, robots.sitemaps[i]),
		        .type = STR_LIT("application/xml"),
		        .how = DISCOVER_ROBOTS,
		        .certain = true});
}

/* What had to be looked at first: it is told when it is a feed. */
static void
check(struct discover *d, const struct discovered *candidate, const struct cli_fetch *reply)
{
	struct feed_doc doc;
	struct discovered at = *candidate;
	if (reply->error.code != ERR_NONE || read_feed(d, reply, &doc, NULL) < 0)
		return;
	at.title = str_empty(at.title) ? doc.title : at.title;
	add_find(d, at, &doc);
}

/* Fetches robots.txt and every candidate that is not certain, all at once, and lists what is left in the order in which
 * it was found. */
static int
look_closer(struct discover *d, struct str base)
{
	struct cli_fetch fetches[1 + CHECKED_MAX] = {
	    {.url = url_resolve(&d->arena, base, STR_LIT("/robots.txt")), .body_max_bytes = ROBOTS_BYTES_MAX}};
	size_t n = 1, at[DISCOVER_FOUND_MAX] = {0};

	for (size_t i = 0; i < d->page.count; i++) {
		if (d->page.found[i].certain || n > CHECKED_MAX)
			continue;
		at[i] = n;
		fetches[n++].url = d->page.found[i].url;
	}
	cli_fetch_all(&d->fetcher, fetches, n);
	size_t from_page = d->page.count;
	read_robots(d, &fetches[0], base);
	d->finds = arena_zalloc(&d->arena, d->page.count, sizeof *d->finds);
	for (size_t i = 0; i < d->page.count && d->finds != NULL; i++) {
		if (d->page.found[i].certain)
			add_find(d, d->page.found[i], d->page.found[i].how == DISCOVER_HFEED ? d->h_feed : NULL);
		else if (i < from_page && at[i] > 0)
			check(d, &d->page.found[i], &fetches[at[i]]);
	}
	for (size_t i = 0; i < n; i++)
		buf_done(&fetches[i].body);
	return arena_check(&d->arena, NULL) < 0 ? cli_fail(CLI_USAGE, "memory ran out") : 0;
}

static int
read_page(struct discover *d, const struct cli_fetch *reply)
{
	struct discover_input in = {.url = reply->final_url, .link_header = reply->link};
	struct buf text;
	struct err err;
	int rc = 0;

	buf_init(&text, 0);
	if (page_decode(buf_view(&reply->body), reply->content_type, &d->arena, &text, &in.html, &err) < 0 ||
	    discover_page(&in, &d->arena, &d->page, &err) < 0)
		rc = cli_fail(CLI_NOTHING, "%s", err.msg);
	buf_done(&text);
	return rc != 0 ? rc : look_closer(d, reply->final_url);
}

/* The address may be that of a feed. An h-feed is a page as well, which may point to others. */
static int
look(struct discover *d)
{
	struct cli_fetch reply = {.url = d->url};
	struct feed_doc doc;
	struct err err;

	cli_fetch_all(&d->fetcher, &reply, 1);
	int rc = 0;
	if (reply.error.code != ERR_NONE) {
		rc = cli_fail(CLI_NOTHING, "%s: %s", err_word(reply.error.code), reply.error.msg);
		buf_done(&reply.body);
		return rc;
	}
	bool readable = read_feed(d, &reply, &doc, &err) == 0;
	if (readable && doc.format != FEED_HFEED) {
		struct discovered at = {.url = reply.final_url, .title = doc.title, .how = DISCOVER_ITSELF};
		d->finds = arena_zalloc(&d->arena, 1, sizeof *d->finds);
		if (d->finds != NULL)
			add_find(d, at, &doc);
	} else {
		d->h_feed = readable ? &doc : NULL;
		rc = read_page(d, &reply);
		d->h_feed = NULL;
	}
	buf_done(&reply.body);
	return rc;
}

/* ---- the answer ---- */

static void
find_json(struct buf *out, const struct find *f)
{
	struct jsonw w;
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	jsonw_kint(&w, "schema", RENDER_SCHEMA);
	jsonw_kstr(&w, "url", f->at.url);
	jsonw_kstr(&w, "type", f->at.type);
	jsonw_kstr(&w, "title", f->at.title);
	jsonw_kcstr(&w, "how", discover_how_word(f->at.how));
	jsonw_kcstr(&w, "format", f->format != FEED_UNKNOWN ? feed_format_word(f->format) : NULL);
	jsonw_key(&w, "items");
	if (f->format != FEED_UNKNOWN)
		jsonw_int(&w, (int64_t)f->items);
	else
		jsonw_null(&w);
	jsonw_end(&w);
	buf_putc(out, '\n');
}

static void
find_row(struct cli_table *t, const struct find *f)
{
	cli_table_cell(t, NULL, str_from(discover_how_word(f->at.how)));
	cli_table_cell(t, NULL, f->format != FEED_UNKNOWN ? str_from(feed_format_word(f->format)) : f->at.type);
	if (f->format != FEED_UNKNOWN)
		cli_table_number(t, (int64_t)f->items);
	else
		cli_table_cell(t, NULL, STR_NONE);
	cli_table_cell(t, NULL, f->at.url);
	cli_table_cell(t, NULL, f->at.title);
}

/* A key for a section: letters and digits of the text in lower case, one hyphen for anything between them. */
static size_t
slug(struct str text, char *out, size_t max)
{
	struct buf folded;
	size_t len = 0;
	buf_init(&folded, 0);
	text_fold_str(&folded, text);
	for (size_t i = 0; i < folded.len && len < max; i++) {
		char c = ascii_lower(folded.data[i]);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[len++] = c;
		else if ((unsigned char)c < 0x80 && len > 0 && out[len - 1] != '-')
			out[len++] = '-';
	}
	buf_done(&folded);
	while (len > 0 && out[len - 1] == '-')
		len--;
	return len;
}

/* From the title where its letters allow, else from the host; a number behind it where it repeats. */
static struct str
make_key(struct discover *d, size_t number, struct str *keys)
{
	char base[CONF_KEY_BYTES_MAX - 8];
	const struct find *f = &d->finds[number];
	size_t len = slug(f->at.title, base, sizeof base);
	if (len == 0)
		len = slug(url_host(f->at.url), base, sizeof base);
	struct str key = arena_str(&d->arena, (struct str){base, len});
	for (size_t i = 0, n = 2; i < number; i++) {
		if (!str_eq(keys[i], key))
			continue;
		key = arena_printf(&d->arena, "%.*s-%zu", (int)len, base, n++);
		i = (size_t)-1; /* from the start again, with the new name */
	}
	return keys[number] = key;
}

static bool
is_sitemap(const struct find *f)
{
	return f->at.how == DISCOVER_SITEMAP || f->at.how == DISCOVER_ROBOTS;
}

/* Ready for the configuration. What stands in a line of its own must stay one line. Sitemaps only where nothing else was
 * found; private addresses only for the host that they were allowed for. */
static void
write_conf(struct discover *d, struct buf *out)
{
	struct str *keys = arena_zalloc(&d->arena, d->count, sizeof *keys);
	bool feeds = false;
	for (size_t i = 0; i < d->count; i++)
		feeds |= !is_sitemap(&d->finds[i]);
	for (size_t i = 0; i < d->count && keys != NULL; i++) {
		const struct find *f = &d->finds[i];
		if (feeds && is_sitemap(f))
			continue;
		struct str key = make_key(d, i, keys);
		buf_printf(out, "%s[feed %.*s]\nurl = ", out->len > 0 ? "\n" : "", STR_ARG(key));
		buf_str(out, f->at.url);
		if (!str_empty(str_trim(f->at.title))) {
			buf_puts(out, "\ntitle = ");
			text_safe(out, str_trim(f->at.title), 0);
		}
		bool private = d->allow_private && str_ieq(url_host(f->at.url), url_host(d->url));
		buf_puts(out, private ? "\nallow-private = yes\n" : "\n");
	}
}

static int
print(struct discover *d)
{
	static const char *const heads[] = {"HOW", "TYPE", "ITEMS", "URL", "TITLE"};
	struct cli_table table;
	struct buf out;
	struct cli_page page = {&out, d->cli->colour, d->cli->width};

	buf_init(&out, 0);
	cli_table_init(&table, !d->cli->terminal, heads, sizeof heads / sizeof *heads);
	for (size_t i = 0; i < d->count && !d->conf; i++) {
		if (d->cli->json)
			find_json(&out, &d->finds[i]);
		else
			find_row(&table, &d->finds[i]);
	}
	if (d->conf)
		write_conf(d, &out);
	else if (!d->cli->json && d->count > 0)
		cli_table_write(&table, &page);
	int rc = arena_check(&d->arena, NULL) < 0 ? cli_fail(CLI_USAGE, "memory ran out") : cli_output(&out);
	cli_table_done(&table);
	buf_done(&out);
	if (rc == 0 && d->page.dropped > 0)
		cli_fail(0, "%zu more links of the page are not listed", d->page.dropped);
	return rc ? rc : d->count > 0 ? CLI_FOUND : CLI_NOTHING;
}

int
cmd_discover(struct cli *cli, int argc, char **argv)
{
	struct discover d = {.cli = cli};
	struct cli_args a;

	int rc = cli_args_parse(&a, argc, argv);
	if (rc != 0)
		return rc;
	if (a.word_count != 1)
		return cli_usage(a.command, "one address at a time");
	d.url = str_from(a.words[0]);
	if (!url_is_http(d.url))
		return cli_usage(a.command, "“%s” is no http or https URL", a.words[0]);
	d.conf = cli_args_value(&a, "conf") != NULL;
	d.allow_private = cli_args_value(&a, "allow-private") != NULL;
	arena_init(&d.arena, 0);
	rc = text_fold_ready() ? cli_fetcher_open(&d.fetcher, cli, d.allow_private)
	                       : cli_fail(CLI_USAGE, "memory ran out");
	if (rc == 0)
		rc = look(&d);
	if (rc == 0)
		rc = print(&d);
	cli_fetcher_close(&d.fetcher);
	arena_done(&d.arena);
	return rc;
}
