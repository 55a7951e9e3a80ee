#include "feed/feed.h"

#include "feed/charset.h"
#include "feed/hfeed.h"
#include "feed/json_feed.h"
#include "feed/lang.h"
#include "feed/xml.h"

#include <stdio.h>
#include <stdlib.h>

const struct feed_limits feed_limits_default = {
    .body_bytes = 32u * 1024 * 1024,
    .output_bytes = 96u * 1024 * 1024,
    .depth = 64,
    .start_tag_bytes = 64u * 1024,
    .field_bytes = 2u * 1024 * 1024,
    .items = 50000,
    .entities = 64,
    .entity_bytes = 256,
    .entity_output_bytes = 1024u * 1024,
};

const char *
feed_format_word(enum feed_format format)
{
	static const char *const words[FEED_FORMAT_COUNT] = {
	    [FEED_UNKNOWN] = "unknown",
#define FEED_FORMAT(name, word) [FEED_##name] = (word),
#include "feed/formats.def"
#undef FEED_FORMAT
	};
	return (unsigned)format < FEED_FORMAT_COUNT ? words[format] : words[FEED_UNKNOWN];
}

/* Everything a document has not said. */
static struct feed_doc
blank(const struct charset_result *charset)
{
	struct feed_doc doc = {
	    .encoding = charset->name ? str_from(charset->name) : STR_NONE,
	    .encoding_why = charset->why ? str_from(charset->why) : STR_NONE,
	    .published_at = TIME_NONE,
	    .updated_at = TIME_NONE,
	    .repairs = STR_LIT(""),
	    .format_why = STR_LIT(""),
	    .hints = {.ttl_minutes = -1, .update_period_ms = -1},
	};
	return doc;
}

/* How a document had to be read. */
enum how { HOW_STRICT, HOW_MENDED, HOW_PAGE };

struct job {
	const struct feed_input *in;
	const struct feed_limits *limits;
	struct arena *arena;
	struct feed_doc *out;
	struct err *err;
	struct charset_result charset;
	struct str base;
	struct arena_mark mark;
	enum how how;
	struct builder_stream *stream;
};

static void
begin(struct job *j, struct builder *b)
{
	arena_rollback(j->arena, j->mark);
	*j->out = blank(&j->charset);
	builder_init(b, j->limits, j->arena, j->base, j->out, j->err);
	b->arena_start = j->mark.used_bytes;
	b->stream = j->stream;
	b->html_arena = j->stream == NULL ? j->in->html : NULL;
	if (b->html_arena != NULL)
		arena_reset(b->html_arena);
	if (j->stream != NULL)
		j->stream->seen = 0;
	if (j->charset.lying) {
		builder_bozo(b, 1, "the bytes are not in the charset that was declared, or in UTF-8 where none was");
		builder_repair(b, "wrong-charset");
	}
	if (j->charset.damaged) {
		builder_bozo(b, 0, "ill-formed characters");
		builder_repair(b, "ill-formed-characters");
	}
}

/* The tolerant pass over a document that the strict one gave up. */
static enum xml_verdict
mend(struct job *j, struct builder *b, enum xml_verdict before, const struct xml_report *strict)
{
	struct xml_report report;
	builder_done(b);
	begin(j, b);
	if (before == XML_BROKEN)
		builder_bozo(b, strict->line, strict->reason);
	enum xml_verdict v = xml_loose(j->charset.text, b, &report);
	if (report.broken)
		builder_bozo(b, report.line, report.reason);
	if (report.truncated)
		builder_bozo(b, 0, "the document ends before its root element does");
	if (j->out->bozo)
		builder_repair(b, "tolerant");
	j->out->truncated = report.truncated;
	return v;
}

static bool
is_stopped(const struct job *j)
{
	return j->stream != NULL && j->stream->stopped;
}

static int
parse_xml(struct job *j)
{
	struct xml_report report;
	struct builder *b = malloc(sizeof *b);
	if (b == NULL)
		return err_oom(j->err);
	begin(j, b);
	enum xml_verdict v = XML_UNFIT;
	if (j->how == HOW_STRICT)
		v = xml_strict(j->charset.text, b, &report);
	/* Elements that nobody closed look like deep nesting to the strict reader. */
	if (v == XML_BROKEN || v == XML_UNFIT ||
	    (v == XML_FAILED && !is_stopped(j) && j->err->code == ERR_PARSER_LIMIT)) {
		j->how = HOW_MENDED;
		v = mend(j, b, v, &report);
	}
	int r = builder_finish(b);
	builder_done(b);
	free(b);
	if (v == XML_FAILED || r < 0)
		return -1;
	return 0;
}

static int
parse_json(struct job *j, struct str text)
{
	struct builder *b = malloc(sizeof *b);
	if (b == NULL)
		return err_oom(j->err);
	begin(j, b);
	struct json_report report = {0, "no JSON"};
	enum json_verdict v = j->how == HOW_MENDED ? JSON_BROKEN : json_feed_read(text, false, b, &report);
	if (v == JSON_BROKEN) {
		j->how = HOW_MENDED;
		builder_done(b);
		begin(j, b);
		v = json_feed_read(text, true, b, &report);
	}
	int r = builder_finish(b);
	builder_done(b);
	free(b);
	return v == JSON_GOOD && r == 0 ? 0 : -1;
}

/* An HTML page whose entries are marked up, when it names no feed that could be read instead. */
static int
parse_page(struct job *j, struct str text)
{
	struct str declared;
	struct builder *b = malloc(sizeof *b);
	if (b == NULL)
		return err_oom(j->err);
	j->how = HOW_PAGE;
	j->stream = NULL; /* its entries lie in each other */
	begin(j, b);
	hfeed_read(text, b, &declared);
	int r = builder_finish(b);
	builder_done(b);
	free(b);
	if (r == 0 && declared.s != NULL)
		return err_set(j->err, ERR_NOT_A_FEED, "the document is an HTML page; its feed is <%.*s>",
		    declared.len > 200 ? 200 : (int)declared.len, declared.s);
	return r;
}

static struct str
skip_blank(struct str s)
{
	while (s.len > 0 && (ascii_space(*s.s) || *s.s == '\0'))
		s = (struct str){s.s + 1, s.len - 1};
	return s;
}

static int
not_a_feed(struct job *j, struct str text)
{
	static const struct {
		struct str head;
		const char *what;
	} kinds[] = {
	    {STR_LIT("<!doctype html"), "an HTML page"},
	    {STR_LIT("<html"), "an HTML page"},
	    {STR_LIT("\x1F\x8B"), "compressed data"},
	    {STR_LIT("%PDF"), "a PDF file"},
	    {STR_LIT("\x89PNG"), "an image"},
	    {STR_LIT("\xFF\xD8\xFF"), "an image"},
	    {STR_LIT("GIF8"), "an image"},
	    {STR_LIT("<opml"), "an OPML list"},
	    {STR_LIT("{"), "JSON, but no JSON Feed"},
	};
	struct str raw = skip_blank(j->in->body);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (str_istarts(raw, kinds[i].head) || str_istarts(text, kinds[i].head))
			return err_set(j->err, ERR_NOT_A_FEED, "the document is %s, not a feed", kinds[i].what);
	}
	return err_set(j->err, ERR_NOT_A_FEED, "the document is not a feed");
}

static int
parse_text(struct job *j)
{
	struct str text = skip_blank(j->charset.text);
	if (text.len == 0)
		return err_set(j->err, ERR_EMPTY, "the document is empty");
	j->mark = arena_mark(j->arena);
	if (*text.s == '{' || *text.s == '[') {
		if (parse_json(j, text) < 0)
			return -1;
	} else if (memchr(text.s, '<', text.len) != NULL && parse_xml(j) < 0) {
		return -1;
	}
	if (j->out->format == FEED_UNKNOWN && *text.s == '<' && parse_page(j, text) < 0)
		return -1;
	if (j->out->format == FEED_UNKNOWN)
		return not_a_feed(j, text);
	if (j->out->language.s == NULL)
		j->out->language = lang_normalise(j->arena, str_trim(j->in->content_language));
	return arena_check(j->arena, j->err);
}

/* To UTF-8, and then what it is. */
static int
parse(struct job *j, struct buf *converted)
{
	const struct feed_input *in = j->in;
	*j->out = blank(&j->charset);
	if (in->body.len == 0)
		return err_set(j->err, ERR_EMPTY, "the document is empty");
	if (in->body.len > j->limits->body_bytes)
		return err_set(j->err, ERR_PARSER_LIMIT, "the document is longer than feed-body-bytes (%zu)",
		    j->limits->body_bytes);
	j->base = url_resolve(j->arena, in->url, in->content_location.s ? in->content_location : in->url);
	if (!url_is_http(j->base))
		j->base = url_is_http(in->url) ? in->url : STR_NONE;
	struct charset_input ci = {.body = in->body,
	    .label_http = charset_of_content_type(in->content_type),
	    .spent = in->spent,
	    .spent_ctx = in->spent_ctx};
	if (charset_convert_large(&ci, j->arena, converted, &j->charset, j->err) < 0)
		return -1;
	return parse_text(j);
}

int
feed_parse(const struct feed_input *in, const struct feed_limits *limits, struct arena *arena, struct feed_doc *out,
    struct err *err)
{
	struct err own = {0};
	struct job j = {.in = in, .limits = limits, .arena = arena, .out = out, .err = err ? err : &own};
	struct buf converted;
	buf_init(&converted, limits->body_bytes * 4);
	int r = parse(&j, &converted);
	buf_done(&converted);
	return r;
}

struct feed_reading {
	struct job job;
	struct feed_input in;
	struct feed_limits limits;
	struct buf converted;
	struct builder_stream stream;
	const struct feed_doc *doc;
};

int
feed_reading_open(struct feed_reading **ret, const struct feed_input *in, const struct feed_limits *limits,
    struct arena *arena, struct feed_doc *out, struct err *err)
{
	struct feed_reading *r = calloc(1, sizeof *r);
	*ret = NULL;
	if (r == NULL)
		return err_oom(err);
	r->in = *in;
	r->limits = *limits;
	r->doc = out;
	r->job = (struct job){
	    .in = &r->in, .limits = &r->limits, .arena = arena, .out = out, .err = err, .stream = &r->stream};
	arena_init(&r->stream.arena, limits->output_bytes);
	buf_init(&r->converted, limits->body_bytes * 4);
	if (parse(&r->job, &r->converted) < 0) {
		feed_reading_free(r);
		return -1;
	}
	*ret = r;
	return 0;
}

static int
read_again(struct feed_reading *r, struct arena *scratch, struct err *err)
{
	struct feed_doc again;
	struct job *j = &r->job;
	struct str text = skip_blank(j->charset.text);
	j->arena = scratch;
	j->mark = arena_mark(scratch);
	j->out = &again;
	j->err = err;
	return *text.s == '{' || *text.s == '[' ? parse_json(j, text) : parse_xml(j);
}

int
feed_reading_items(struct feed_reading *r, feed_item_fn *each, void *ctx, struct err *err)
{
	struct arena scratch;
	if (r->job.how == HOW_PAGE) {
		for (size_t i = 0; i < r->doc->item_count && each(ctx, &r->doc->items[i]); i++)
			;
		return 0;
	}
	r->stream.doc = r->doc;
	r->stream.each = each;
	r->stream.ctx = ctx;
	r->stream.stopped = false;
	arena_init(&scratch, 0);
	int rc = read_again(r, &scratch, err);
	arena_done(&scratch);
	return r->stream.stopped ? 0 : rc;
}

void
feed_reading_free(struct feed_reading *r)
{
	if (r == NULL)
		return;
	arena_done(&r->stream.arena);
	buf_done(&r->converted);
	free(r);
}
