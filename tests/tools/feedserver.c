/* feedserver: options, listening, stopping. See feedserver.h for what it is for. */
#include "feedserver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/listener.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage_text[] =
    "usage: feedserver --root DIR [options]\n"
    "Serves the files below DIR, and answers as NAME.script beside them says.\n\n"
    "  --root DIR            what to serve\n"
    "  --address ADDRESS     where to listen (127.0.0.1)\n"
    "  --port N              on which port (0: any free one)\n"
    "  --port-file FILE      write the port there once ready\n"
    "  --log FILE            one JSON object a line for each request\n"
    "  --quiet               no log after all\n"
    "  --tls FILE            speak HTTPS, with the certificates and the key in FILE (PEM)\n"
    "  --seconds N           stop after that time\n"
    "  --until-eof           stop when standard input ends\n"
    "  --latency MS          wait before each answer\n"
    "  --clients N           at most that many connections at once (1000)\n"
    "  --no-gzip             never compress\n"
    "  --generate N          serve N invented feeds as /gen/0.rss … too\n"
    "  --generate-epoch E    which 25 items these hold; SIGUSR1 moves on by one (5 new items)\n\n"
    "Prints \"listening on http://ADDRESS:PORT/\" when ready. Stops on SIGTERM.\n"
    "A script holds one step a line, and a line \"---\" between the answers to the first, second, … request:\n"
    "  status CODE [REASON]  header NAME: VALUE  redirect CODE URL  file  body FILE  send TEXT  repeat N TEXT\n"
    "  forever TEXT  chunked  gzip  raw  head  delay TIME  drip BYTES TIME  close  reset  hang\n";

static const struct option long_options[] = {
    {"root", required_argument, NULL, 'r'},
    {"address", required_argument, NULL, 'a'},
    {"port", required_argument, NULL, 'p'},
    {"port-file", required_argument, NULL, 'f'},
    {"log", required_argument, NULL, 'l'},
    {"quiet", no_argument, NULL, 'q'},
    {"tls", required_argument, NULL, 't'},
    {"seconds", required_argument, NULL, 's'},
    {"until-eof", no_argument, NULL, 'u'},
    {"latency", required_argument, NULL, 'y'},
    {"clients", required_argument, NULL, 'c'},
    {"no-gzip", no_argument, NULL, 'z'},
    {"generate", required_argument, NULL, 'g'},
    {"generate-epoch", required_argument, NULL, 'e'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int64_t
number(const char *option, const char *text, int64_t max)
{
	int64_t n;
	if (!str_int(str_from(text), 0, max, &n)) {
		fprintf(stderr, "feedserver: --%s wants a number from 0 to %lld, not \"%s\"\n", option, (long long)max,
		    text);
		exit(2);
	}
	return n;
}

static void
parse_options(int argc, char **argv, struct options *o)
{
	*o = (struct options){.address = "127.0.0.1", .clients_max = 1000, .gzip = true};
	int c;
	while ((c = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		switch (c) {
		case 'r':
			o->root = optarg;
			break;
		case 'a':
			o->address = optarg;
			break;
		case 'p':
			o->port = (int)number("port", optarg, 65535);
			break;
		case 'f':
			o->port_file = optarg;
			break;
		case 'l':
			o->log_file = optarg;
			break;
		case 'q':
			o->log_file = NULL;
			break;
		case 't':
			o->tls_file = optarg;
			break;
		case 's':
			o->seconds = number("seconds", optarg, 1000000);
			break;
		case 'u':
			o->until_eof = true;
			break;
		case 'y':
			o->latency_ms = number("latency", optarg, 600000);
			break;
		case 'c':
			o->clients_max = (int)number("clients", optarg, 60000);
			break;
		case 'z':
			o->gzip = false;
			break;
		case 'g':
			o->generate = (unsigned)number("generate", optarg, 10000000);
			break;
		case 'e':
			o->epoch = (unsigned)number("generate-epoch", optarg, 1000000);
			break;
		case 'h':
			fputs(usage_text, stdout);
			exit(0);
		default:
			fputs(usage_text, stderr);
			exit(2);
		}
	}
	if (o->root == NULL && o->generate == 0) {
		fputs(usage_text, stderr);
		exit(2);
	}
}

static void
stop(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	struct server *s = ctx;
	event_base_loopbreak(s->base);
}

static void
on_input(evutil_socket_t fd, short what, void *ctx)
{
	char scrap[256];
	if (read(fd, scrap, sizeof scrap) <= 0)
		stop(fd, what, ctx);
}

static void
next_epoch(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	struct server *s = ctx;
	s->options.epoch++;
}

static void
on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *sa, int len, void *ctx)
{
	(void)l, (void)sa, (void)len;
	client_open(ctx, fd);
}

static bool
listen_on(struct server *s)
{
	const struct options *o = &s->options;
	struct sockaddr_storage sa = {0};
	int len = sizeof sa;
	char where[128];

	snprintf(where, sizeof where, strchr(o->address, ':') ? "[%s]:%d" : "%s:%d", o->address, o->port);
	if (o->port == 0) /* the parser of addresses takes no port 0 */
		snprintf(where, sizeof where, strchr(o->address, ':') ? "[%s]" : "%s", o->address);
	if (evutil_parse_sockaddr_port(where, (struct sockaddr *)&sa, &len) < 0) {
		fprintf(stderr, "feedserver: \"%s\" is no address\n", o->address);
		return false;
	}
	s->listener = evconnlistener_new_bind(s->base, on_accept, s,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE, 1024, (struct sockaddr *)&sa, len);
	if (s->listener == NULL) {
		fprintf(stderr, "feedserver: cannot listen on %s: %s\n", where, strerror(errno));
		return false;
	}
	socklen_t got = sizeof sa;
	getsockname(evconnlistener_get_fd(s->listener), (struct sockaddr *)&sa, &got);
	s->port = ntohs(
	    sa.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&sa)->sin6_port : ((struct sockaddr_in *)&sa)->sin_port);
	return true;
}

static bool
tell_port(const struct server *s)
{
	const char *path = s->options.port_file;
	if (path != NULL) {
		char tmp[4096];
		snprintf(tmp, sizeof tmp, "%s.new", path);
		FILE *f = fopen(tmp, "we");
		if (f == NULL || fprintf(f, "%u\n", s->port) < 0 || fclose(f) != 0 || rename(tmp, path) != 0) {
			fprintf(stderr, "feedserver: cannot write %s: %s\n", path, strerror(errno));
			return false;
		}
	}
	bool six = strchr(s->options.address, ':') != NULL;
	printf("listening on %s://%s%s%s:%u/\n", s->tls ? "https" : "http", six ? "[" : "", s->options.address,
	    six ? "]" : "", s->port);
	return fflush(stdout) == 0;
}

static bool
open_log(struct server *s)
{
	if (s->options.log_file == NULL)
		return true;
	s->log = fopen(s->options.log_file, "ae");
	if (s->log == NULL)
		fprintf(stderr, "feedserver: cannot open %s: %s\n", s->options.log_file, strerror(errno));
	return s->log != NULL;
}

static int
serve(struct server *s)
{
	struct event *events[] = {
	    evsignal_new(s->base, SIGTERM, stop, s),
	    evsignal_new(s->base, SIGINT, stop, s),
	    evsignal_new(s->base, SIGUSR1, next_epoch, s),
	    s->options.until_eof ? event_new(s->base, 0, EV_READ | EV_PERSIST, on_input, s) : NULL,
	};
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (events[i] != NULL)
			event_add(events[i], NULL);
	if (s->options.seconds > 0) {
		struct timeval tv = {.tv_sec = s->options.seconds};
		event_base_once(s->base, -1, EV_TIMEOUT, stop, s, &tv);
	}
	int rc = tell_port(s) && event_base_dispatch(s->base) >= 0 ? 0 : 1;
	while (s->clients != NULL)
		client_free(s->clients);
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (events[i] != NULL)
			event_free(events[i]);
	return rc;
}

int
main(int argc, char **argv)
{
	struct server s = {0};
	parse_options(argc, argv, &s.options);
	signal(SIGPIPE, SIG_IGN);
	map_init(&s.paths);
	s.base = event_base_new();
	int rc = 1;
	if (s.base != NULL && open_log(&s) && tls_open(&s) && listen_on(&s))
		rc = serve(&s);
	if (s.listener != NULL)
		evconnlistener_free(s.listener);
	if (s.log != NULL)
		fclose(s.log);
	tls_close(&s);
	files_done(&s);
	if (s.base != NULL)
		event_base_free(s.base);
	libevent_global_shutdown();
	return rc;
}
