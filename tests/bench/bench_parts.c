/*
 * The parts that a cold poll cannot do without, by themselves and as plainly as they can be put together: each document is
 * fetched with curl (one connection, kept), read with libxml2's SAX interface, and its items are put into one SQLite table
 * with a full-text index, in transactions of a thousand. bench_daemon.py compares the daemon with it.
 *   bench_parts URL-BEFORE-THE-NUMBER COUNT DATABASE
 */
#include <curl/curl.h>
#include <libxml/parser.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 1000u
#define FIELDS 5

static const char *const names[FIELDS] = {"title", "link", "guid", "description", "encoded"};

struct text {
	char *data;
	size_t len, cap;
};

struct parts {
	sqlite3 *db;
	sqlite3_stmt *item, *words;
	unsigned stored;
	bool in_item;
	int field; /* -1: none */
	struct text fields[FIELDS];
	xmlParserCtxtPtr xml;
};

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "bench_parts: %s\n", what);
	exit(1);
}

static void
run(struct parts *p, const char *sql)
{
	must(sqlite3_exec(p->db, sql, NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(p->db));
}

static void
open_database(struct parts *p, const char *path)
{
	must(sqlite3_open(path, &p->db) == SQLITE_OK, "sqlite3_open");
	run(p, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA "
	       "wal_autocheckpoint ="
	       " 16384; CREATE TABLE items(id INTEGER PRIMARY KEY, title TEXT, link TEXT, guid TEXT UNIQUE, summary "
	       "TEXT, content"
	       " TEXT); CREATE VIRTUAL TABLE words USING fts5(title, summary, content, content = 'items', "
	       "content_rowid = 'id');"
	       "INSERT INTO words(words, rank) VALUES('hashsize', 67108864), ('automerge', 0); BEGIN");
	must(sqlite3_prepare_v2(p->db,
	         "INSERT OR IGNORE INTO items(title, link, guid, summary, content) VALUES(?, ?, ?, ?, ?)", -1, &p->item,
	         NULL) == SQLITE_OK,
	    "prepare");
	must(sqlite3_prepare_v2(p->db, "INSERT INTO words(rowid, title, summary, content) VALUES(?, ?, ?, ?)", -1,
	         &p->words, NULL) == SQLITE_OK,
	    "prepare");
}

static void
put_text(sqlite3_stmt *s, int at, const struct text *t)
{
	sqlite3_bind_text(s, at, t->len > 0 ? t->data : "", (int)t->len, SQLITE_STATIC);
}

static void
store(struct parts *p)
{
	for (int i = 0; i < FIELDS; i++)
		put_text(p->item, i + 1, &p->fields[i]);
	must(sqlite3_step(p->item) == SQLITE_DONE, "insert");
	sqlite3_reset(p->item);
	sqlite3_bind_int64(p->words, 1, sqlite3_last_insert_rowid(p->db));
	put_text(p->words, 2, &p->fields[0]);
	put_text(p->words, 3, &p->fields[3]);
	put_text(p->words, 4, &p->fields[4]);
	must(sqlite3_step(p->words) == SQLITE_DONE, "insert");
	sqlite3_reset(p->words);
	if (++p->stored % BATCH == 0)
		run(p, "COMMIT; BEGIN");
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns, const xmlChar **ns, int n,
    int n_default, const xmlChar **attributes)
{
	struct parts *p = ctx;
	(void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n, (void)n_default, (void)attributes;
	p->field = -1;
	if (strcmp((const char *)name, "item") == 0) {
		p->in_item = true;
		for (int i = 0; i < FIELDS; i++)
			p->fields[i].len = 0;
	}
	for (int i = 0; p->in_item && i < FIELDS; i++) {
		if (strcmp((const char *)name, names[i]) == 0)
			p->field = i;
	}
}

static void
on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct parts *p = ctx;
	(void)prefix, (void)uri;
	p->field = -1;
	if (strcmp((const char *)name, "item") == 0) {
		store(p);
		p->in_item = false;
	}
}

static void
on_text(void *ctx, const xmlChar *s, int len)
{
	struct parts *p = ctx;
	if (p->field < 0)
		return;
	struct text *t = &p->fields[p->field];
	if (t->len + (size_t)len > t->cap) {
		t->cap = (t->len + (size_t)len) * 2;
		t->data = realloc(t->data, t->cap);
		must(t->data != NULL, "memory");
	}
	memcpy(t->data + t->len, s, (size_t)len);
	t->len += (size_t)len;
}

static size_t
on_body(char *data, size_t size, size_t count, void *ctx)
{
	struct parts *p = ctx;
	must(xmlParseChunk(p->xml, data, (int)(size * count), 0) == 0, "the document is not well-formed");
	return size * count;
}

int
main(int argc, char **argv)
{
	struct parts p = {.field = -1};
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
	    .startElementNs = on_start,
	    .endElementNs = on_end,
	    .characters = on_text,
	    .cdataBlock = on_text};
	if (argc != 4) {
		fprintf(stderr, "usage: bench_parts URL-BEFORE-THE-NUMBER COUNT DATABASE\n");
		return 2;
	}
	open_database(&p, argv[3]);
	CURL *easy = curl_easy_init();
	must(easy != NULL, "curl");
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &p);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	for (unsigned i = 0; i < (unsigned)strtoul(argv[2], NULL, 10); i++) {
		char url[256];
		snprintf(url, sizeof url, "%s%u.rss", argv[1], i);
		p.xml = xmlCreatePushParserCtxt(&sax, &p, NULL, 0, NULL);
		must(p.xml != NULL, "libxml2");
		curl_easy_setopt(easy, CURLOPT_URL, url);
		must(curl_easy_perform(easy) == CURLE_OK, url);
		xmlParseChunk(p.xml, NULL, 0, 1);
		xmlFreeParserCtxt(p.xml);
	}
	run(&p, "COMMIT");
	curl_easy_cleanup(easy);
	sqlite3_finalize(p.item);
	sqlite3_finalize(p.words);
	sqlite3_close(p.db);
	for (int i = 0; i < FIELDS; i++)
		free(p.fields[i].data);
	return 0;
}
