#include "cli/cli.h"

#include "base/jsonw.h"
#include "feed/feed.h"
#include "text/safe.h"

#include <getopt.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#define PARSE_FLUSH_BYTES 65536u
#define PARSE_MMAP_BYTES (256 * 1024)
#define PARSE_TRIM_BYTES (1024 * 1024)
#define PARSE_BODY_BYTES_MAX (64u * 1024 * 1024)

struct parse_options {
	struct feed_input input;
	bool json, explain;
};

static void
write_people(struct jsonw *w, const struct feed_person *people, size_t count)
{
	jsonw_key(w, "authors");
	jsonw_array(w);
	for (size_t i = 0; i < count; i++) {
		jsonw_object(w);
		jsonw_kstr_opt(w, "name", people[i].name);
		jsonw_kstr_opt(w, "email", people[i].email);
		jsonw_kstr_opt(w, "uri", people[i].uri);
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void
write_categories(struct jsonw *w, const struct feed_category *categories, size_t count)
{
	jsonw_key(w, "categories");
	jsonw_array(w);
	for (size_t i = 0; i < count; i++) {
		jsonw_object(w);
		jsonw_kstr_opt(w, "term", categories[i].term);
		jsonw_kstr_opt(w, "label", categories[i].label);
		jsonw_kstr_opt(w, "scheme", categories[i].scheme);
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void
write_enclosures(struct jsonw *w, const struct feed_item *item)
{
	jsonw_key(w, "enclosures");
	jsonw_array(w);
	for (size_t i = 0; i < item->enclosure_count; i++) {
		const struct feed_enclosure *e = &item->enclosures[i];
		jsonw_object(w);
		jsonw_kstr(w, "url", e->url);
		jsonw_kstr_opt(w, "type", e->type);
		jsonw_kstr_opt(w, "title", e->title);
		if (e->length >= 0)
			jsonw_kint(w, "length", e->length);
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void
write_links(struct jsonw *w, const struct feed_item *item)
{
	jsonw_key(w, "links");
	jsonw_array(w);
	for (size_t i = 0; i < item->link_count; i++) {
		const struct feed_link *l = &item->links[i];
		jsonw_object(w);
		jsonw_kstr(w, "rel", l->rel);
		jsonw_kstr(w, "href", l->href);
		jsonw_kstr_opt(w, "type", l->type);
		jsonw_kstr_opt(w, "hreflang", l->hreflang);
		jsonw_kstr_opt(w, "title", l->title);
		jsonw_end(w);
	}
	jsonw_end(w);
}

/* Hands on what has come together when it is enough: a large document must not be in memory a second time. */
static int
flush(struct buf *out, size_t enough)
{
	struct err err;
	if (buf_check(out, &err) < 0)
		return cli_fail(CLI_USAGE, "%s", err.msg);
	if (out->len < enough)
		return CLI_FOUND;
	int code = cli_output(out);
	buf_reset(out);
	return code;
}

struct shown {
	struct cli *cli;
	bool json;
	struct buf out;
	struct jsonw w;
	int code;
};

/* A text can be large. */
static void
write_text(struct shown *s, const char *key, struct str text)
{
	jsonw_kstr_opt(&s->w, key, text);
	if (s->code == CLI_FOUND)
		s->code = flush(&s->out, PARSE_FLUSH_BYTES);
}

static void
write_item(struct shown *s, const struct feed_item *item)
{
	struct jsonw *w = &s->w;
	jsonw_object(w);
	jsonw_kstr(w, "id", item->id);
	jsonw_kstr(w, "link", item->link);
	jsonw_kstr(w, "title", item->title);
	write_text(s, "summary_html", item->summary_html);
	write_text(s, "content_html", item->content_html);
	write_text(s, "summary_text", item->summary_text);
	write_text(s, "content_text", item->content_text);
	jsonw_ktime(w, "published", item->published_at);
	jsonw_ktime(w, "updated", item->updated_at);
	write_people(w, item->authors, item->author_count);
	write_categories(w, item->categories, item->category_count);
	write_enclosures(w, item);
	write_links(w, item);
	jsonw_kstr(w, "language", item->language);
	if (item->language.s != NULL) {
		jsonw_key(w, "language_confidence");
		jsonw_double(w, item->language_confidence, 2);
	}
	jsonw_kstr_opt(w, "comments", item->comments);
	if (item->comment_count >= 0)
		jsonw_kint(w, "comment_count", item->comment_count);
	if (item->location.s != NULL) {
		jsonw_key(w, "location");
		jsonw_raw(w, item->location);
	}
	jsonw_kstr_opt(w, "source_title", item->source_title);
	jsonw_kstr_opt(w, "source_url", item->source_url);
	jsonw_end(w);
}

static void
write_hints(struct jsonw *w, const struct feed_hints *hints)
{
	jsonw_key(w, "hints");
	jsonw_object(w);
	if (hints->ttl_minutes >= 0)
		jsonw_kint(w, "ttl_minutes", hints->ttl_minutes);
	if (hints->skip_hours != 0)
		jsonw_kint(w, "skip_hours", hints->skip_hours);
	if (hints->skip_days != 0)
		jsonw_kint(w, "skip_days", hints->skip_days);
	if (hints->update_period_ms >= 0)
		jsonw_kint(w, "update_period_ms", hints->update_period_ms);
	jsonw_end(w);
}

static void
write_explanation(struct jsonw *w, const struct feed_doc *doc)
{
	jsonw_key(w, "explain");
	jsonw_object(w);
	jsonw_kstr(w, "format_why", doc->format_why);
	jsonw_kstr(w, "encoding_why", doc->encoding_why);
	jsonw_kint(w, "bozo_line", doc->bozo_line);
	jsonw_kstr(w, "bozo_reason", doc->bozo_reason);
	jsonw_kstr(w, "repairs", doc->repairs);
	jsonw_kbool(w, "truncated", doc->truncated);
	jsonw_kint(w, "unread_dates", doc->unread_dates);
	jsonw_kstr(w, "unread_date", doc->unread_date);
	jsonw_end(w);
}

static void
write_head(struct jsonw *w, const struct feed_doc *doc, bool explain)
{
	jsonw_object(w);
	jsonw_kcstr(w, "format", feed_format_word(doc->format));
	jsonw_kstr(w, "encoding", doc->encoding);
	jsonw_kbool(w, "bozo", doc->bozo);
	jsonw_kstr(w, "title", doc->title);
	jsonw_kstr(w, "link", doc->link);
	jsonw_kstr(w, "language", doc->language);
	jsonw_kstr(w, "id", doc->id);
	jsonw_kstr(w, "description", doc->description);
	jsonw_ktime(w, "published", doc->published_at);
	jsonw_ktime(w, "updated", doc->updated_at);
	write_people(w, doc->authors, doc->author_count);
	write_categories(w, doc->categories, doc->category_count);
	jsonw_kstr_opt(w, "self", doc->self);
	jsonw_kstr_opt(w, "hub", doc->hub);
	jsonw_kstr_opt(w, "next", doc->next);
	jsonw_kstr_opt(w, "generator", doc->generator);
	jsonw_kstr_opt(w, "image", doc->image);
	jsonw_kstr_opt(w, "rights", doc->rights);
	write_hints(w, &doc->hints);
	if (explain)
		write_explanation(w, doc);
	jsonw_key(w, "items");
	jsonw_array(w);
}

/* For people: a head, then a block per item. */
static void
list_line(struct buf *out, const char *label, struct str value)
{
	if (value.len == 0)
		return;
	buf_printf(out, "%-12s ", label);
	text_safe(out, value, TEXT_SAFE_ISOLATE);
	buf_putc(out, '\n');
}

static void
list_time(struct buf *out, const char *label, int64_t at)
{
	char text[TIME_FORMAT_MAX];
	list_line(out, label, str_from(time_format(at, false, text)));
}

static void
list_people(struct buf *out, const struct feed_item *item)
{
	for (size_t i = 0; i < item->author_count; i++)
		list_line(out, "by", item->authors[i].name.len ? item->authors[i].name : item->authors[i].email);
}

static void
list_item(struct buf *out, const struct feed_item *item, unsigned width)
{
	struct str body = item->summary_text.len ? item->summary_text : item->content_text;
	size_t columns = width > 40 ? width - 14 : 66;
	buf_putc(out, '\n');
	list_line(out, "title", item->title);
	list_line(out, "link", item->link);
	list_time(out, "published", item->published_at);
	list_time(out, "updated", item->updated_at);
	list_people(out, item);
	list_line(out, "language", item->language);
	for (size_t i = 0; i < item->enclosure_count; i++)
		list_line(out, "enclosure", item->enclosures[i].url);
	struct str cut = text_truncate_columns(body, columns);
	list_line(out, "text", cut);
}

static void
list_explanation(struct buf *out, const struct feed_doc *doc)
{
	buf_printf(out, "%-12s %.*s (%.*s)\n", "recognised", STR_ARG(str_from(feed_format_word(doc->format))),
	    STR_ARG(doc->format_why));
	buf_printf(out, "%-12s %.*s (%.*s)\n", "encoding", STR_ARG(doc->encoding), STR_ARG(doc->encoding_why));
	if (doc->unread_dates > 0) {
		buf_printf(out, "%-12s %u, the first is ", "unread dates", doc->unread_dates);
		text_safe(out, doc->unread_date, TEXT_SAFE_ISOLATE);
		buf_putc(out, '\n');
	}
	list_line(out, "repairs", doc->repairs);
	if (doc->bozo)
		buf_printf(out, "%-12s line %u: ", "broken", doc->bozo_line);
	text_safe(out, doc->bozo_reason, TEXT_SAFE_ISOLATE);
	buf_puts(out, doc->bozo ? "\n" : "");
	if (doc->truncated)
		list_line(out, "truncated", STR_LIT("the document ends early; items may be missing"));
}

static void
list_head(struct buf *out, const struct feed_doc *doc, const struct parse_options *options)
{
	list_line(out, "format", str_from(feed_format_word(doc->format)));
	list_line(out, "feed", doc->title);
	list_line(out, "site", doc->link);
	list_line(out, "language", doc->language);
	if (options->explain)
		list_explanation(out, doc);
	else if (doc->bozo)
		list_line(out, "broken", STR_LIT("not well-formed, mended; --explain says where"));
	buf_printf(out, "%-12s %zu\n", "items", doc->item_count);
}

/* 0, or an exit code for a mistake in the options. */
static int
read_options(int argc, char **argv, struct parse_options *o)
{
	static const struct option long_options[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"explain", no_argument, NULL, 'e'},
	    {"url", required_argument, NULL, 'u'},
	    {"content-type", required_argument, NULL, 't'},
	    {"content-location", required_argument, NULL, 'l'},
	    {"content-language", required_argument, NULL, 'g'},
	    {NULL, 0, NULL, 0},
	};
	int option;
	optind = 0;
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (option) {
		case 'j':
			o->json = true;
			break;
		case 'e':
			o->explain = true;
			break;
		case 'u':
			o->input.url = str_from(optarg);
			break;
		case 't':
			o->input.content_type = str_from(optarg);
			break;
		case 'l':
			o->input.content_location = str_from(optarg);
			break;
		case 'g':
			o->input.content_language = str_from(optarg);
			break;
		default:
			return cli_usage(cli_command_find(argv[0]), "that option is not known or lacks its value");
		}
	}
	if (optind + 1 < argc)
		return cli_usage(cli_command_find(argv[0]), "one document at a time");
	return 0;
}

static bool
show_item(void *ctx, const struct feed_item *item)
{
	struct shown *s = ctx;
	if (s->json)
		write_item(s, item);
	else
		list_item(&s->out, item, s->cli->width);
	if (s->code == CLI_FOUND)
		s->code = flush(&s->out, PARSE_FLUSH_BYTES);
	return s->code == CLI_FOUND;
}

static int
show(struct cli *cli, const struct feed_doc *doc, const struct parse_options *o, struct feed_reading *reading)
{
	struct shown s = {.cli = cli, .json = o->json || !cli->terminal, .code = CLI_FOUND};
	struct err err;
	buf_init(&s.out, 0);
	jsonw_init(&s.w, &s.out, 0);
	if (s.json)
		write_head(&s.w, doc, o->explain);
	else
		list_head(&s.out, doc, o);
	if (feed_reading_items(reading, show_item, &s, &err) < 0)
		s.code = cli_fail(CLI_NOTHING, "%s", err.msg);
	if (s.json) {
		jsonw_end(&s.w);
		jsonw_end(&s.w);
		buf_putc(&s.out, '\n');
	}
	if (s.code == CLI_FOUND)
		s.code = flush(&s.out, 0);
	buf_done(&s.out);
	return s.code;
}

/* The pages that hold nothing but what was read for the last time go back to the system. */
static void
give_back(void *ctx, size_t from, size_t bytes)
{
	struct buf *body = ctx;
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = ((uintptr_t)body->data + from + page - 1) / page * page;
	uintptr_t end = ((uintptr_t)body->data + from + bytes) / page * page;
	if (from > 0 && start < end)
		madvise((void *)start, end - start, MADV_DONTNEED);
}

int
cmd_parse(struct cli *cli, int argc, char **argv)
{
	struct parse_options o = {.json = cli->json};
	struct feed_reading *reading;
	struct feed_doc doc;
	struct arena arena;
	struct buf body;
	struct err err;
	int code = read_options(argc, argv, &o);
	if (code != 0)
		return code;
	/* The allocator would keep large blocks that were given back, and take larger ones beside them. */
	mallopt(M_MMAP_THRESHOLD, PARSE_MMAP_BYTES);
	/* …but what guesses languages takes and gives back 170 KB for each text. */
	mallopt(M_TRIM_THRESHOLD, PARSE_TRIM_BYTES);
	if (cli_read(optind < argc ? argv[optind] : "-", PARSE_BODY_BYTES_MAX, &body, &err) < 0) {
		buf_done(&body);
		return cli_fail(CLI_USAGE, "%s", err.msg);
	}
	arena_init(&arena, 0);
	o.input.body = buf_view(&body);
	o.input.spent = give_back;
	o.input.spent_ctx = &body;
	if (feed_reading_open(&reading, &o.input, &feed_limits_default, &arena, &doc, &err) < 0)
		code = cli_fail(CLI_NOTHING, "%s", err.msg);
	else
		code = show(cli, &doc, &o, reading);
	feed_reading_free(reading);
	arena_done(&arena);
	buf_done(&body);
	return code;
}
