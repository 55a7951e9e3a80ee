/*
 * What reading a document costs, from bytes to complete items with plain text, as a ratio to libxml2's SAX parser with
 * empty handlers over the same bytes in the same run. The documents are made here; files given as arguments, or the
 * folder that TIDINGS_BENCH_FEEDS names, are read instead. At the end all documents together are given to other
 * parsers where they are installed: sfeed, libmrss, gofeed and feedparser. Each is measured without its start.
 */
#include "base/buf.h"
#include "feed/feed.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHUNK_BYTES 65536u
#define SAMPLE_US 4000 /* one measurement: long enough for the clock */
#define ROUNDS 9       /* the best counts: what disturbs only ever adds */
#define KEPT_BYTES (8 * 1024 * 1024)
#define DOCS_MAX 512u
#define PEER_BYTES (8u * 1024 * 1024)

struct doc {
	char *name, *path;
	struct buf bytes;
	bool well_formed; /* for libxml2 */
	size_t items;
	double ours_us, bare_us;
};

static struct doc docs[DOCS_MAX];
static size_t doc_count;

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
bare(struct doc *doc)
{
	struct str s = buf_view(&doc->bytes);
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
	    .startElementNs = on_start,
	    .endElementNs = on_end,
	    .characters = on_text,
	    .cdataBlock = on_text,
	    .ignorableWhitespace = on_text};
	xmlParserCtxt *ctxt = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
	for (size_t at = 0; at < s.len; at += CHUNK_BYTES)
		xmlParseChunk(ctxt, s.s + at, (int)(s.len - at < CHUNK_BYTES ? s.len - at : CHUNK_BYTES), 0);
	xmlParseChunk(ctxt, NULL, 0, 1);
	doc->well_formed = ctxt->wellFormed;
	if (ctxt->myDoc != NULL)
		xmlFreeDoc(ctxt->myDoc);
	xmlFreeParserCtxt(ctxt);
}

/* One arena for all, as a worker keeps it. */
static struct arena arena;

static void
ours(struct doc *doc)
{
	struct feed_input in = {.body = buf_view(&doc->bytes), .url = STR_LIT("http://feed.example/")};
	struct feed_doc out;
	struct err err;
	if (feed_parse(&in, &feed_limits_default, &arena, &out, &err) < 0)
		fprintf(stderr, "# %s: %s\n", doc->name, err.msg);
	doc->items = out.item_count;
	arena_reset(&arena);
}

/* Microseconds for one pass. */
static double
sample(void (*work)(struct doc *), struct doc *doc)
{
	int64_t from = clock_cpu_us(), spent = 0;
	unsigned n = 0;
	for (; spent < SAMPLE_US; n++) {
		work(doc);
		spent = clock_cpu_us() - from;
	}
	return (double)spent / n;
}

/* Both in turn, so that what disturbs disturbs both. */
static void
measure(struct doc *doc)
{
	for (int round = 0; round < ROUNDS; round++) {
		double theirs = sample(bare, doc), mine = sample(ours, doc);
		doc->bare_us = round == 0 || theirs < doc->bare_us ? theirs : doc->bare_us;
		doc->ours_us = round == 0 || mine < doc->ours_us ? mine : doc->ours_us;
	}
}

static void
compare(struct doc *doc)
{
	measure(doc);
	printf("feed: %-48.48s %8zu bytes %9.1f us, %6.1f MB/s, ", doc->name, doc->bytes.len, doc->ours_us,
	    (double)doc->bytes.len / doc->ours_us);
	if (doc->well_formed)
		printf("%.2f x libxml2 with empty handlers\n", doc->ours_us / doc->bare_us);
	else
		printf("not well-formed XML: no ratio\n");
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

static struct doc *
add(const char *name, const char *path)
{
	if (doc_count == DOCS_MAX)
		return NULL;
	struct doc *doc = &docs[doc_count++];
	doc->name = strdup(name);
	doc->path = strdup(path);
	buf_init(&doc->bytes, 0);
	return doc;
}

/* The peers want files. */
static void
made(const char *name, const char *body, int items, int repeat)
{
	const char *tmp = getenv("TMPDIR");
	char path[512];
	snprintf(path, sizeof path, "%s/bench_feed.XXXXXX", tmp ? tmp : "/tmp");
	int fd = mkstemp(path);
	struct doc *doc = add(name, path);
	if (fd < 0 || doc == NULL)
		exit(1);
	make_rss(&doc->bytes, body, items, repeat);
	struct str s = buf_view(&doc->bytes);
	if (write(fd, s.s, s.len) != (ssize_t)s.len)
		exit(1);
	close(fd);
}

static void
file(const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t n = f ? 1 : 0;
	const char *base = strrchr(path, '/');
	struct doc *doc = f ? add(base ? base + 1 : path, path) : NULL;
	while (doc != NULL && n > 0) {
		char *p = buf_reserve(&doc->bytes, 65536);
		n = p ? fread(p, 1, 65536, f) : 0;
		doc->bytes.len += n;
	}
	if (f != NULL)
		fclose(f);
}

static int
visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void
folder(const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, visible, alphasort);
	for (int i = 0; i < n; i++) {
		char name[4096];
		snprintf(name, sizeof name, "%s/%s", path, names[i]->d_name);
		file(name);
		free(names[i]);
	}
	if (n > 0)
		free(names);
}

/* peers */

static void
say_peer(const char *name, double seconds, double bytes, double our_seconds)
{
	printf("feed: all documents: %s %.1f MB/s, tidings is %.1f x as fast\n", name, bytes / seconds / 1e6,
	    seconds / our_seconds);
}

/* CPU seconds of a child with that file as its standard input; negative when it fails. */
static double
run_over(char *const argv[], const char *input)
{
	struct rusage used;
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		int in = open(input, O_RDONLY), out = open("/dev/null", O_WRONLY);
		dup2(in, 0);
		dup2(out, 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return -1;
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* sfeed reads on over the end of a root element: all documents many times in one stream, its start does not count. */
static void
peer_sfeed(double bytes, double our_seconds)
{
	char path[] = "/tmp/bench_feed_all.XXXXXX";
	char *const argv[] = {(char *)"sfeed", NULL};
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
	double written = 0, best = -1;
	while (f != NULL && written < PEER_BYTES) {
		for (size_t i = 0; i < doc_count; i++)
			fwrite(docs[i].bytes.data, 1, docs[i].bytes.len, f);
		written += bytes;
	}
	if (f != NULL)
		fclose(f);
	for (int round = 0; round < 3; round++) {
		double s = run_over(argv, path);
		best = best < 0 || (s >= 0 && s < best) ? s : best;
	}
	unlink(path);
	if (best > 0)
		say_peer("sfeed (no charsets, no HTML, no repair)", best * bytes / written, bytes, our_seconds);
	else
		printf("feed: sfeed is not installed (package sfeed): not compared\n");
}

/* The two functions of libmrss that matter, found at run time: it is no dependency. */
static void
peer_libmrss(double bytes, double our_seconds)
{
	void *lib = dlopen("libmrss.so.0", RTLD_NOW | RTLD_LOCAL);
	int (*parse)(char *, size_t, void **) = NULL;
	int (*release)(void *) = NULL;
	if (lib != NULL) {
		*(void **)&parse = dlsym(lib, "mrss_parse_buffer");
		*(void **)&release = dlsym(lib, "mrss_free");
	}
	if (parse == NULL || release == NULL) {
		printf("feed: libmrss is not installed (package libmrss0): not compared\n");
		return;
	}
	double best = -1;
	for (int round = 0; round < 3; round++) {
		int64_t from = clock_cpu_us();
		for (size_t i = 0; i < doc_count; i++) {
			void *tree = NULL;
			if (parse(docs[i].bytes.data, docs[i].bytes.len, &tree) == 0)
				release(tree);
		}
		double s = (double)(clock_cpu_us() - from) / 1e6;
		best = best < 0 || s < best ? s : best;
	}
	say_peer("libmrss", best, bytes, our_seconds);
}

/* A command that reads the documents' names and prints the CPU seconds that they took it. */
static void
peer_command(const char *name, const char *package, const char *command, double bytes, double our_seconds)
{
	char list[] = "/tmp/bench_feed_list.XXXXXX", line[2048];
	int fd = mkstemp(list);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	double seconds = -1;
	for (size_t i = 0; f != NULL && i < doc_count; i++)
		fprintf(f, "%s\n", docs[i].path);
	if (f != NULL)
		fclose(f);
	snprintf(line, sizeof line, "%s <%s 2>/dev/null", command, list);
	FILE *p = popen(line, "r");
	if (p != NULL) {
		if (fscanf(p, "%lf", &seconds) != 1)
			seconds = -1;
		pclose(p);
	}
	unlink(list);
	if (seconds > 0)
		say_peer(name, seconds, bytes, our_seconds);
	else
		printf("feed: %s is not installed (package %s): not compared\n", name, package);
}

/* Of the system's interpreter and libraries: another python or GOPATH knows nothing of the packages. */
static void
peer_feedparser(double bytes, double our_seconds)
{
	static const char script[] = "import sys, time, feedparser\n"
	                             "docs = [open(f, 'rb').read() for f in sys.stdin.read().split('\\n') if f]\n"
	                             "t = time.process_time()\n"
	                             "for d in docs: feedparser.parse(d)\n"
	                             "print(time.process_time() - t)\n";
	char command[1024];
	snprintf(command, sizeof command, "/usr/bin/python3 -W ignore -c \"%s\"", script);
	peer_command("feedparser", "python3-feedparser", command, bytes, our_seconds);
}

static void
peer_gofeed(double bytes, double our_seconds)
{
	const char *top = getenv("top_srcdir");
	char command[1024];
	snprintf(command, sizeof command,
	    "GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= go run '%s/tests/bench/peers/parser.go'",
	    top ? top : ".");
	peer_command("gofeed", "golang-github-mmcdole-gofeed-dev", command, bytes, our_seconds);
}

static void
say_overall(void)
{
	double bytes = 0, all_us = 0, ours_us = 0, bare_us = 0;
	for (size_t i = 0; i < doc_count; i++) {
		bytes += (double)docs[i].bytes.len;
		all_us += docs[i].ours_us;
		ours_us += docs[i].well_formed ? docs[i].ours_us : 0;
		bare_us += docs[i].well_formed ? docs[i].bare_us : 0;
	}
	printf("feed: all documents: %.1f MB/s", bytes / all_us);
	if (bare_us > 0)
		printf(
		    ", the well-formed ones %.2f x libxml2 with empty handlers (wanted: at most 2)", ours_us / bare_us);
	printf("\n");
	peer_sfeed(bytes, all_us / 1e6);
	peer_libmrss(bytes, all_us / 1e6);
	peer_gofeed(bytes, all_us / 1e6);
	peer_feedparser(bytes, all_us / 1e6);
}

int
main(int argc, char **argv)
{
	const char *captured = getenv("TIDINGS_BENCH_FEEDS");
	/* as tidingsd has it: the language detector takes and gives back more than the allocator would keep */
	mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
	mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
	xmlInitParser();
	arena_init(&arena, 0);
	for (int i = 1; i < argc; i++)
		file(argv[i]);
	if (argc < 2 && captured != NULL)
		folder(captured);
	bool own = doc_count == 0;
	if (own) {
		made("25 items, escaped HTML", body_latin, 25, 5);
		made("25 items, Cyrillic CDATA", body_cyrillic, 25, 5);
		made("25 items, plain text", body_plain, 25, 8);
		made("1000 short items", body_plain, 1000, 1);
	}
	for (size_t i = 0; i < doc_count; i++)
		compare(&docs[i]);
	fflush(stdout);
	say_overall();
	for (size_t i = 0; i < doc_count; i++) {
		if (own)
			unlink(docs[i].path);
		buf_done(&docs[i].bytes);
		free(docs[i].name);
		free(docs[i].path);
	}
	arena_done(&arena);
	return 0;
}
