#pragma once
/*
 * daemon: the shell round the pure rooms. One event loop in one thread, and processes for documents. Other threads are
 * few: two for the store's log, one for its full-text index, one while the configuration is read again, one for each MQTT and NATS
 * sink, and curl's for names.
 *
 * `struct daemon` is what a start builds, in the order of its fields, and a stop takes down in the reverse order. Life of
 * one poll: the heap says a feed is due → pipeline asks http → reply → analyse (worker room) → the finished poll
 * waits for its batch → store_group_add, store_group_commit, store_group_sync → outbox → deliver hands rows to notify →
 * store_outbox_finish.
 */
#include "base/err.h"
#include "conf/conf.h"
#include "daemon/given_up.h"
#include "daemon/loop.h"
#include "daemon/rematch.h"
#include "daemon/retention.h"
#include "daemon/routes.h"
#include "http/http.h"
#include "notify/notify.h"
#include "store/store.h"

struct event;
struct event_base;
struct pipeline;
struct deliver;
struct articles;
struct websub;
struct control;
struct reload;
struct router;
struct alarms;

/* Everything that follows from the configuration alone: a reload builds a second one and swaps. */
struct setup {
	struct conf *conf;
	struct watchlist *watchlist;
	struct routes *routes;
};

enum daemon_event { EVENT_TERM, EVENT_INT, EVENT_HUP, EVENT_TICK, EVENT_COUNT };

struct daemon {
	const char *config_path;
	struct event_base *base;
	struct setup setup;
	struct store *store;
	struct story_window *window; /* what came last: copies and stories are found in it */
	struct http_client *http;
	struct notify *notify;
	struct pipeline *pipeline;
	struct router *router;
	struct deliver *deliver;
	struct alarms *alarms;
	struct articles *articles;
	struct websub *websub;
	struct control *control;
	struct reload *reload;
	struct event *events[EVENT_COUNT];
	struct retention retention;
	int64_t index_next; /* boot clock: when the full-text index follows again */
	bool index_failed;
	struct rematch rematch;
	struct given_up given_up;
	int64_t started_at;
	bool degraded;              /* the store refuses to write: polling pauses, nothing is acknowledged */
	int64_t stop_by;            /* boot clock; 0 = not stopping */
	int64_t clock_ms;           /* by how much the wall clock was ahead of the boot clock at the last tick */
	int64_t tick_due, slept_ms; /* clock_slept_ms() at the last tick */
	struct loop_lag loop_lag;
	int64_t watchdog_ms, watchdog_next;
};

/* Exit codes, as documented in tidingsd(8). */
enum daemon_exit {
	DAEMON_OK = 0,
	DAEMON_FAILED = 1, /* something else at start: memory, sockets, sinks */
	DAEMON_USAGE = 2,
	DAEMON_CONFIG = 4,
	DAEMON_STORE = 5,
};

/* Reads and compiles the configuration; every mistake goes to standard error. 0 or -1. */
int setup_load(const char *path, struct setup *ret);
void setup_done(struct setup *s);
/* The sinks of a configuration, ready to be told. NULL with err. */
struct notify *
setup_notify(struct event_base *base, struct http_client *http, const struct conf *conf, struct err *err);
/* The HTTP client that a configuration asks for. */
struct http_client *setup_http(struct event_base *base, const struct conf *conf, struct err *err);

/* Init in order; on failure logs why and returns the exit code, with everything taken down again. */
int daemon_start(struct daemon *d, const char *config_path);
/* Runs until a signal asks it to stop; returns the exit code. */
int daemon_run(struct daemon *d);
void daemon_stop(struct daemon *d);
/* Puts a configuration that was read in force, or keeps the old one and says why. `loaded` is taken over; NULL: it has
 * mistakes. */
int daemon_reload(struct daemon *d, const struct setup *loaded);
/* There is work now: from here on it is watched how late the loop is. */
void daemon_busy(struct daemon *d);
