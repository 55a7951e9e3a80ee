#include "base/clock.h"
#include "base/log.h"
#include "daemon/daemon.h"

#include <event2/event.h>
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_BYTES (8 * 1024 * 1024) /* of freed memory, and how large a piece may be that is kept */

static void
usage(FILE *out)
{
	fprintf(out,
	    "usage: tidingsd [-v] [-c FILE] [--check]\n\n"
	    "  -c, --config FILE  configuration [%s]\n"
	    "      --check        do what a start does, say every mistake, and stop before starting\n"
	    "  -v, --verbose      log every detail, whatever log-level says\n"
	    "      --version      print the version\n"
	    "  -h, --help         print this\n\n"
	    "It stays in the foreground. The manual is tidingsd(8).\n",
	    SYSCONFDIR "/tidings/tidings.conf");
}

/* Everything a start does up to touching the store, which is only looked at. */
static int
check(const char *path)
{
	struct setup setup;
	struct err err = {0};
	int code = DAEMON_OK;
	char summary[CONF_SUMMARY_MAX];

	if (setup_load(path, &setup) < 0)
		return DAEMON_CONFIG;
	struct event_base *base = event_base_new();
	struct http_client *http = base ? setup_http(base, setup.conf, &err) : NULL;
	struct notify *notify = http ? setup_notify(base, http, setup.conf, &err) : NULL;
	if (notify == NULL)
		code = DAEMON_FAILED;
	struct store *store = NULL;
	char *store_path = strndup(setup.conf->global.store_path.s, setup.conf->global.store_path.len);
	if (code == DAEMON_OK && store_path != NULL && store_open(store_path, STORE_READ, &store, &err) < 0 &&
	    err.code != ERR_NOT_FOUND)
		code = DAEMON_STORE;
	if (code == DAEMON_OK)
		printf("%s: good: %s\n", path, conf_summary(setup.conf, setup.watchlist, summary));
	else
		fprintf(stderr, "tidingsd: %s\n", err.msg);
	store_close(store);
	free(store_path);
	notify_free(notify);
	http_client_free(http);
	if (base != NULL)
		event_base_free(base);
	setup_done(&setup);
	return code;
}

int
main(int argc, char **argv)
{
	enum { OPT_CHECK = 256, OPT_VERSION };
	static const struct option options[] = {{"config", required_argument, NULL, 'c'},
	    {"check", no_argument, NULL, OPT_CHECK}, {"verbose", no_argument, NULL, 'v'},
	    {"version", no_argument, NULL, OPT_VERSION}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	const char *path = SYSCONFDIR "/tidings/tidings.conf";
	bool only_check = false;
	bool verbose = false;
	int o;

	while ((o = getopt_long(argc, argv, "c:vh", options, NULL)) != -1) {
		switch (o) {
		case 'c':
			path = optarg;
			break;
		case 'v':
			verbose = true;
			break;
		case OPT_CHECK:
			only_check = true;
			break;
		case OPT_VERSION:
			printf("tidingsd %s\n", PACKAGE_VERSION);
			return DAEMON_OK;
		case 'h':
			usage(stdout);
			return DAEMON_OK;
		default:
			usage(stderr);
			return DAEMON_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "tidingsd: “%s” is not an option\n", argv[optind]);
		usage(stderr);
		return DAEMON_USAGE;
	}
	/* Arenas and buffers come and go by the document: to get their pages anew from the kernel each time costs more than a
	 * tenth of a poll. */
	mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
	mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
	store_count_no_memory();
	log_init(LOG_LEVEL_INFO);
	srandom((unsigned)clock_wall()); /* for jitter only */
	if (only_check)
		return check(path);

	struct daemon d;
	int code = daemon_start(&d, path);
	if (code != DAEMON_OK)
		return code;
	if (verbose)
		log_set_level(LOG_LEVEL_DEBUG);
	code = daemon_run(&d);
	daemon_stop(&d);
	return code;
}
