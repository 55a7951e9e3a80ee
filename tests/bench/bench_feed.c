/*
 * What reading a document costs, from bytes to complete items with plain text, as a ratio to libxml2's SAX parser with
 * empty handlers over the same bytes in the same run. The documents are made here; files given as arguments are read
 * instead (XML only: the ratio of anything else would mean nothing).
 */
#include "base/buf.h"
#include "feed/feed.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>

#define CHUNK_BYTES 65536u
#define ROUND_US 200000
#define ROUNDS 5

static void
on_start(void *u, const xmlChar *n, const xmlChar *p, const xmlChar *uri, int nn, const xmlChar **ns, int na, int nd,
    const xmlChar **a)
{
}

static void
on_end(void *u, const xmlChar *n, const xmlChar *p, const xmlChar *uri)
{
}

static void
on_text(void *u, const xmlChar *s, int n)
{
}

static void
bare(struct str doc)
{
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
	    .startElementNs = on_start,
	    .endElementNs = on_end,
	    .characters = on_text,
	    .cdataBlock = on_text,
	    .ignorableWhitespace = on_text};
	xmlParserCtxt *ctxt = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
	for (size_t at = 0; at < doc.len; at += CHUNK_BYTES)
		xmlParseChunk(ctxt, doc.s + at, (int)(doc.len - at < CHUNK_BYTES ? doc.len - at : CHUNK_BYTES), 0);
	xmlParseChunk(ctxt, NULL, 0, 1);
	if (ctxt->myDoc != NULL)
		xmlFreeDoc(ctxt->myDoc);
	xmlFreeParserCtxt(ctxt);
}

/* One arena for all, as a worker keeps it. */
static struct arena arena;

static void
ours(struct str doc)
{
	struct feed_input in = {.body = doc, .url = STR_LIT("http://feed.example/")};
	struct feed_doc out;
	struct err err;
	if (feed_parse(&in, &feed_limits_default, &arena, &out, &err) < 0)
		fprintf(stderr, "# %s\n", err.msg);
	arena_reset(&arena);
}

/* Microseconds for one pass, the best of some rounds. */
static double
cost(void (*work)(struct str), struct str doc)
{
	double best = 0;
	for (int round = 0; round < ROUNDS; round++) {
		int64_t from = clock_cpu_us(), spent = 0;
		unsigned n = 0;
		for (; spent < ROUND_US; n++) {
			work(doc);
			spent = clock_cpu_us() - from;
		}
		double each = (double)spent / n;
		best = round == 0 || each < best ? each : best;
	}
	return best;
}

static void
compare(const char *name, struct str doc)
{
	double theirs = cost(bare, doc), mine = cost(ours, doc);
	printf("feed: %-28s %8zu bytes %9.1f us, %6.1f MB/s, %.2f x libxml2 with empty handlers\n", name, doc.len, mine,
	    (double)doc.len / mine, mine / theirs);
}

static const char *const body_latin =
    "&lt;p&gt;The ferry &lt;a href=\"/nora\"&gt;Nora&lt;/a&gt; left two hours late because "
    "of fog over the harbour &amp;amp; the pilots&amp;rsquo; strike.&lt;/p&gt;&lt;p&gt;Passengers waited in the hall; "
    "the next one sails at nine.&lt;/p&gt;";
static const char *const body_cyrillic =
    "<![CDATA[<p>Паром <b>«Нора»</b> вышел на два часа позже из-за тумана над гаванью и "
    "забастовки лоцманов.</p><p>Пассажиры ждали в зале, следующий отходит в девять.</p>]]>";
static const char *const body_plain =
    "The ferry left two hours late because of fog over the harbour. Passengers waited in "
    "the hall; the next one sails at nine in the morning, says the harbour master.";

static void
make_rss(struct buf *out, const char *body, int items, int repeat)
{
	buf_puts(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
	    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
	    "<channel><title>Harbour Gazette</title><link>http://harbour.example/</link><language>en</language>\n");
	for (int i = 0; i < items; i++) {
		buf_printf(out,
		    "<item>\n\t<title>Ferry number %d is late "
		    "again</title>\n\t<link>http://harbour.example/news/%d</link>\n"
		    "\t<guid isPermaLink=\"false\">harbour-%d</guid>\n\t<pubDate>Mon, 23 Nov 2026 14:%02d:00 "
		    "+0100</pubDate>\n"
		    "\t<dc:creator>Mira Holt</dc:creator>\n\t<category>Sea</category>\n\t<description>",
		    i, i, i, i % 60);
		for (int r = 0; r < repeat; r++)
			buf_puts(out, body);
		buf_puts(out, "</description>\n</item>\n");
	}
	buf_puts(out, "</channel></rss>\n");
}

static void
made(const char *name, const char *body, int items, int repeat)
{
	struct buf doc;
	buf_init(&doc, 0);
	make_rss(&doc, body, items, repeat);
	compare(name, buf_view(&doc));
	buf_done(&doc);
}

static void
file(const char *path)
{
	struct buf doc;
	FILE *f = fopen(path, "rb");
	size_t n = f ? 1 : 0;
	buf_init(&doc, 0);
	while (n > 0) {
		char *p = buf_reserve(&doc, 65536);
		n = p ? fread(p, 1, 65536, f) : 0;
		doc.len += n;
	}
	if (f != NULL)
		fclose(f);
	const char *base = strrchr(path, '/');
	compare(base ? base + 1 : path, buf_view(&doc));
	buf_done(&doc);
}

int
main(int argc, char **argv)
{
	xmlInitParser();
	arena_init(&arena, 0);
	for (int i = 1; i < argc; i++)
		file(argv[i]);
	if (argc > 1)
		return 0;
	made("25 items, escaped HTML", body_latin, 25, 5);
	made("25 items, Cyrillic CDATA", body_cyrillic, 25, 5);
	made("25 items, plain text", body_plain, 25, 8);
	made("1000 short items", body_plain, 1000, 1);
	return 0;
}
