#ifdef HAVE_LIBSYSTEMD

#include "notify/bus.h"

#include "base/clock.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#define MESSAGES_PER_TURN 64 /* then the rest of the loop has its turn */

struct bus {
	sd_bus *sd;
	struct event_base *base;
	struct event *event;
	void (*lost)(void *ctx, const char *why);
	void *ctx;
};

static void
on_wake(evutil_socket_t fd, short what, void *ctx)
{
	struct bus *b = ctx;
	int rc = 1;
	for (int i = 0; i < MESSAGES_PER_TURN && rc > 0; i++)
		rc = sd_bus_process(b->sd, NULL);
	if (rc < 0)
		b->lost(b->ctx, rc == -ECONNRESET || rc == -ENOTCONN ? "the connection was cut" : strerror(-rc));
	else
		bus_arm(b);
}

/* sd-bus says when it wants to be called at the latest, on the monotonic clock in microseconds. */
static const struct timeval *
wait_at_most(struct bus *b, struct timeval *tv)
{
	struct timespec now;
	uint64_t until;
	if (sd_bus_get_timeout(b->sd, &until) < 0 || until == UINT64_MAX)
		return NULL;
	clock_gettime(CLOCK_MONOTONIC, &now);
	uint64_t at = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	uint64_t wait = until > at ? until - at : 0;
	*tv = (struct timeval){.tv_sec = (time_t)(wait / 1000000), .tv_usec = (suseconds_t)(wait % 1000000)};
	return tv;
}

/* The descriptor may be another one than before: an address can name several sockets. */
void
bus_arm(struct bus *b)
{
	struct timeval tv;
	int fd = sd_bus_get_fd(b->sd), events = sd_bus_get_events(b->sd);
	short what =
	    (short)((events >= 0 && events & POLLIN ? EV_READ : 0) | (events >= 0 && events & POLLOUT ? EV_WRITE : 0));
	event_del(b->event);
	if (fd < 0 || events < 0) {
		event_active(b->event, 0, 0); /* sd_bus_process will say what is wrong */
		return;
	}
	if (event_assign(b->event, b->base, fd, what, on_wake, b) < 0 || event_add(b->event, wait_at_most(b, &tv)) < 0)
		event_active(b->event, 0, 0);
}

struct bus *
bus_open(
    struct event_base *base, const char *address, void (*lost)(void *ctx, const char *why), void *ctx, struct err *err)
{
	struct bus *b = calloc(1, sizeof *b);
	if (b == NULL) {
		err_oom(err);
		return NULL;
	}
	*b = (struct bus){.base = base, .lost = lost, .ctx = ctx};
	b->event = event_new(base, -1, 0, on_wake, b);
	int rc = b->event != NULL ? sd_bus_new(&b->sd) : -ENOMEM;
	if (rc >= 0)
		rc = sd_bus_set_address(b->sd, address);
	if (rc >= 0)
		rc = sd_bus_set_bus_client(b->sd, 1);
	if (rc >= 0)
		rc = sd_bus_start(b->sd);
	if (rc < 0) {
		bus_close(b);
		err_set(err, ERR_SINK_TEMPORARY, "%s: %s", address, strerror(-rc));
		return NULL;
	}
	bus_arm(b);
	return b;
}

void
bus_close(struct bus *b)
{
	if (b == NULL)
		return;
	sd_bus_close_unref(b->sd); /* what is still queued is not waited for */
	if (b->event != NULL)
		event_free(b->event);
	free(b);
}

sd_bus *
bus_sd(const struct bus *b)
{
	return b->sd;
}

/* ---- where it is ---- */

/* As the specification escapes values: all but a few characters as %XX. */
static void
put_value(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		             (c != '\0' && strchr("-_/.\\*", c) != NULL);
		if (plain)
			buf_putc(out, (char)c);
		else
			buf_printf(out, "%%%02x", c);
	}
}

/* Others would start programs, or wait for a name server. */
static bool
all_unix(struct str address)
{
	struct str one;
	bool all = !str_empty(address);
	while (str_split(&address, ';', &one))
		all = all && str_starts(one, STR_LIT("unix:"));
	return all;
}

int
bus_address(struct buf *out, struct str path, struct err *err)
{
	const char *session = getenv("DBUS_SESSION_BUS_ADDRESS"), *runtime = getenv("XDG_RUNTIME_DIR");
	if (!str_empty(path)) {
		buf_puts(out, "unix:path=");
		put_value(out, path);
	} else if (session != NULL && all_unix(str_from(session))) {
		buf_puts(out, session);
	} else if (runtime != NULL && runtime[0] == '/') {
		buf_puts(out, "unix:path=");
		put_value(out, str_from(runtime));
		buf_puts(out, "/bus");
	} else {
		return err_set(err, ERR_CONFIG,
		    "there is no session bus here (DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR); expected path = "
		    "/run/user/1000/bus");
	}
	return buf_check(out, err);
}

#endif
