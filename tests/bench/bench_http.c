/*
 * What the http room costs above a bare curl-multi loop on libevent that discards everything, in the same run and
 * against the same local server: CPU per request, cold (whole documents) and warm (304), connections kept alive.
 *   bench_http [REQUESTS [ROUNDS]]
 */
#include <curl/curl.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#ifdef WITH_TLS
#include "../tools/certs.h"
#endif
#include "../tools/served.h"
#include "http/http.h"

#define PARALLEL 64u

struct run {
	struct event_base *base;
	unsigned port, total, started, done, failed;
	bool warm;
	const char *scheme, *ca_file; /* NULL = http; the room's own choice */
	const char *path;             /* NULL = /gen/N.rss */
	size_t bytes;
};

static void
make_url(const struct run *r, char out[128])
{
	int n = snprintf(out, 128, "%s://127.0.0.1:%u", r->scheme ? r->scheme : "http", r->port);
	if (r->path != NULL)
		snprintf(out + n, 128 - (size_t)n, "%s", r->path);
	else
		snprintf(out + n, 128 - (size_t)n, "/gen/%u.rss", r->started);
}

static int64_t
cpu_us(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

/* ---- the bare loop ---- */

struct bare_socket {
	struct event event;
	struct bare *bare;
	bool added;
};

struct bare {
	struct run *run;
	CURLM *multi;
	struct event *timer;
	struct curl_slist *headers[PARALLEL];
	CURL *easy[PARALLEL];
};

static size_t
discard(char *data, size_t one, size_t n, void *ctx)
{
	struct run *r = ctx;
	(void)data;
	r->bytes += one * n;
	return one * n;
}

static void
bare_start(struct bare *b, unsigned slot)
{
	struct run *r = b->run;
	char url[128], header[64];
	make_url(r, url);
	curl_easy_setopt(b->easy[slot], CURLOPT_URL, url);
	if (r->warm) {
		snprintf(header, sizeof header, "If-None-Match: \"g%u-0\"", r->started);
		curl_slist_free_all(b->headers[slot]);
		b->headers[slot] = curl_slist_append(NULL, header);
		curl_easy_setopt(b->easy[slot], CURLOPT_HTTPHEADER, b->headers[slot]);
	}
	r->started++;
	curl_multi_add_handle(b->multi, b->easy[slot]);
}

static void
bare_collect(struct bare *b)
{
	CURLMsg *m;
	int left;
	while ((m = curl_multi_info_read(b->multi, &left)) != NULL) {
		struct run *r = b->run;
		char *slot;
		long status;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &slot);
		curl_easy_getinfo(m->easy_handle, CURLINFO_RESPONSE_CODE, &status);
		r->failed += m->data.result != CURLE_OK || status != (r->warm ? 304 : 200);
		curl_multi_remove_handle(b->multi, m->easy_handle);
		if (r->started < r->total)
			bare_start(b, (unsigned)(uintptr_t)slot);
		if (++r->done == r->total)
			event_base_loopbreak(r->base);
	}
}

static void
bare_event(evutil_socket_t fd, short what, void *ctx)
{
	struct bare *b = ((struct bare_socket *)ctx)->bare;
	int running;
	curl_multi_socket_action(
	    b->multi, fd, (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0), &running);
	bare_collect(b);
}

static void
bare_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct bare *b = ctx;
	int running;
	(void)fd, (void)what;
	curl_multi_socket_action(b->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	bare_collect(b);
}

static int
bare_socket(CURL *easy, curl_socket_t fd, int want, void *ctx, void *known)
{
	struct bare *b = ctx;
	struct bare_socket *s = known;
	(void)easy;
	if (s != NULL && s->added)
		event_del(&s->event);
	if (want == CURL_POLL_REMOVE) {
		free(s);
		curl_multi_assign(b->multi, fd, NULL);
		return 0;
	}
	if (s == NULL && (s = calloc(1, sizeof *s)) == NULL)
		return -1;
	s->bare = b;
	s->added = true;
	curl_multi_assign(b->multi, fd, s);
	event_assign(&s->event, b->run->base, fd,
	    (short)((want & CURL_POLL_IN ? EV_READ : 0) | (want & CURL_POLL_OUT ? EV_WRITE : 0) | EV_PERSIST),
	    bare_event, s);
	return event_add(&s->event, NULL);
}

static int
bare_set_timer(CURLM *multi, long ms, void *ctx)
{
	struct bare *b = ctx;
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
	(void)multi;
	return ms < 0 ? event_del(b->timer) : event_add(b->timer, &tv);
}

static void
run_bare(struct run *r)
{
	struct bare b = {.run = r, .multi = curl_multi_init()};
	b.timer = evtimer_new(r->base, bare_timer, &b);
	curl_multi_setopt(b.multi, CURLMOPT_SOCKETFUNCTION, bare_socket);
	curl_multi_setopt(b.multi, CURLMOPT_SOCKETDATA, &b);
	curl_multi_setopt(b.multi, CURLMOPT_TIMERFUNCTION, bare_set_timer);
	curl_multi_setopt(b.multi, CURLMOPT_TIMERDATA, &b);
	for (unsigned i = 0; i < PARALLEL; i++) {
		b.easy[i] = curl_easy_init();
		curl_easy_setopt(b.easy[i], CURLOPT_WRITEFUNCTION, discard);
		curl_easy_setopt(b.easy[i], CURLOPT_WRITEDATA, r);
		curl_easy_setopt(b.easy[i], CURLOPT_NOSIGNAL, 1L);
		curl_easy_setopt(b.easy[i], CURLOPT_CAINFO, r->ca_file);
		curl_easy_setopt(b.easy[i], CURLOPT_CAPATH, NULL);
		curl_easy_setopt(b.easy[i], CURLOPT_PRIVATE, (char *)(uintptr_t)i);
		bare_start(&b, i);
	}
	event_base_dispatch(r->base);
	for (unsigned i = 0; i < PARALLEL; i++) {
		curl_easy_cleanup(b.easy[i]);
		curl_slist_free_all(b.headers[i]);
	}
	curl_multi_cleanup(b.multi);
	event_free(b.timer);
}

/* ---- the room ---- */

struct room {
	struct run *run;
	struct http_client *client;
};

static void room_start(struct room *m);

static void
room_done(void *ctx, struct http_reply *reply)
{
	struct room *m = ctx;
	struct run *r = m->run;
	r->failed += reply->error.code != ERR_NONE || reply->status != (r->warm ? 304 : 200);
	r->bytes += reply->body.len;
	if (r->started < r->total)
		room_start(m);
	if (++r->done == r->total)
		event_base_loopbreak(r->base);
}

static void
room_start(struct room *m)
{
	struct run *r = m->run;
	char url[128], etag[64];
	struct err err;
	make_url(r, url);
	snprintf(etag, sizeof etag, "\"g%u-0\"", r->started);
	r->started++;
	struct http_options o = {
	    .url = str_from(url), .allow_private = true, .etag = r->warm ? str_from(etag) : STR_NONE};
	if (http_start(m->client, &o, room_done, m, &err) == NULL) {
		fprintf(stderr, "bench_http: %s\n", err.msg);
		exit(1);
	}
}

static void
run_room(struct run *r)
{
	struct http_settings s = http_settings_default;
	struct err err;
	s.connections = s.connections_per_host = PARALLEL;
	s.ca_file = str_from(r->ca_file);
	struct room m = {.run = r, .client = http_client_new(r->base, &s, &err)};
	if (m.client == NULL) {
		fprintf(stderr, "bench_http: %s\n", err.msg);
		exit(1);
	}
	for (unsigned i = 0; i < 2 * PARALLEL && i < r->total; i++)
		room_start(&m);
	event_base_dispatch(r->base);
	http_client_free(m.client);
}

/* ---- */

static double
measure(void (*run)(struct run *), const struct run *what)
{
	struct run r = *what;
	r.base = event_base_new();
	int64_t before = cpu_us();
	run(&r);
	double us = (double)(cpu_us() - before) / r.total;
	event_base_free(r.base);
	if (r.failed > 0 || (!r.warm && r.path == NULL && r.bytes < (size_t)r.total * 10000)) {
		fprintf(stderr, "bench_http: %u of %u requests failed\n", r.failed, r.total);
		exit(1);
	}
	return us;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* The rounds of the two are interleaved, and the median of their ratios counts, so that a busy machine hits both alike. */
static void
report(const char *name, const struct run *what, unsigned rounds, double limit)
{
	double ratio[32], bare[32], room[32];
	for (unsigned i = 0; i < rounds; i++) {
		bare[i] = measure(run_bare, what);
		room[i] = measure(run_room, what);
		ratio[i] = room[i] / bare[i];
	}
	qsort(ratio, rounds, sizeof *ratio, compare);
	qsort(bare, rounds, sizeof *bare, compare);
	qsort(room, rounds, sizeof *room, compare);
	printf(
	    "http %s: %.1f us CPU per request, bare curl-multi + libevent %.1f us: ratio %.2f (at most %.2f wanted)\n",
	    name, room[rounds / 2], bare[rounds / 2], ratio[rounds / 2], limit);
	fflush(stdout);
}

#ifdef WITH_TLS
/* A connection for each request, with the system's whole bundle beside the authority that counts. */
static void
report_tls(unsigned n, unsigned rounds)
{
	char dir[] = "/tmp/bench.XXXXXX", cert[64], ca[64], command[256];
	struct served server;
	if (mkdtemp(dir) == NULL)
		exit(1);
	snprintf(cert, sizeof cert, "%s/server.pem", dir);
	snprintf(ca, sizeof ca, "%s/ca.pem", dir);
	struct certs_wish wish = {.host = "127.0.0.1", .from_s = -3600, .until_s = 3600};
	snprintf(command, sizeof command, "cat /etc/ssl/certs/ca-certificates.crt >>%s", ca);
	if (!certs_make(&wish, cert, ca) || system(command) != 0) {
		fprintf(stderr, "bench_http: no certificates to be had\n");
		exit(1);
	}
	const char *extra[] = {"--tls", cert, "--quiet", NULL};
	served_start(&server, extra);
	served_put(&server, "/close.script", "header Connection: close\nheader Content-Length: 5\nsend hello\nclose\n");
	report("fresh TLS connection",
	    &(struct run){.port = server.port, .total = n, .scheme = "https", .ca_file = ca, .path = "/close"}, rounds,
	    1.5);
	served_stop(&server);
	snprintf(command, sizeof command, "rm -r %s", dir);
	if (system(command) != 0)
		exit(1);
}
#endif

int
main(int argc, char **argv)
{
	unsigned n = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10000,
	         rounds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 5;
	char count[32];
	struct served server;
	if (n < PARALLEL || rounds < 1 || rounds > 32) {
		fprintf(stderr, "usage: bench_http [REQUESTS (at least %u) [ROUNDS (1 to 32)]]\n", PARALLEL);
		return 2;
	}
	snprintf(count, sizeof count, "%u", n);
	const char *extra[] = {"--generate", count, "--quiet", NULL};
	served_start(&server, extra);
	report("warm (304)", &(struct run){.port = server.port, .total = n, .warm = true}, rounds, 1.3);
	report("cold (47 KB)", &(struct run){.port = server.port, .total = n / 5 > PARALLEL ? n / 5 : PARALLEL}, rounds,
	    1.3);
	served_stop(&server);
#ifdef WITH_TLS
	report_tls(n / 20 > PARALLEL ? n / 20 : PARALLEL, rounds);
#endif
	return 0;
}
