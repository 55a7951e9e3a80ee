#include "daemon/reload.h"

#include "base/log.h"
#include "base/thread.h"
#include "daemon/control.h"
#include "daemon/daemon.h"
#include "daemon/pipeline.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct reload {
	struct daemon *daemon;
	int fd; /* an eventfd: the thread has ended */
	struct event *ended;
	pthread_t thread;
	bool running, again;
	uint64_t number; /* of the reading that is under way, or of the last one */
	/* the thread's until it has ended */
	struct setup next;
	int rc;
};

static void *
load(void *ctx)
{
	struct reload *r = ctx;
	r->rc = setup_load(r->daemon->config_path, &r->next);
	eventfd_write(r->fd, 1);
	return NULL;
}

static void
begin(struct reload *r)
{
	r->again = false;
	r->number++;
	pipeline_hold_workers(r->daemon->pipeline, true);
	int rc = thread_start(&r->thread, load, r);
	r->running = rc == 0;
	if (r->running)
		return;
	log_error("reload: %s; the old configuration stays in force", strerror(rc));
	pipeline_hold_workers(r->daemon->pipeline, false);
}

static void
on_ended(evutil_socket_t fd, short what, void *ctx)
{
	struct reload *r = ctx;
	eventfd_t count;
	if (eventfd_read(r->fd, &count) < 0)
		return;
	pthread_join(r->thread, NULL);
	r->running = false;
	bool good = daemon_reload(r->daemon, r->rc == 0 ? &r->next : NULL) == 0;
	pipeline_hold_workers(r->daemon->pipeline, false);
	control_reloaded(r->daemon->control, r->number, good);
	if (r->again)
		begin(r);
	if (!r->running) /* nobody waits in vain, should it not have begun */
		control_reloaded(r->daemon->control, r->number, good);
}

struct reload *
reload_new(struct daemon *d, struct err *err)
{
	struct reload *r = calloc(1, sizeof *r);
	if (r == NULL) {
		err_oom(err);
		return NULL;
	}
	r->daemon = d;
	r->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r->ended = r->fd >= 0 ? event_new(d->base, r->fd, EV_READ | EV_PERSIST, on_ended, r) : NULL;
	if (r->ended == NULL || event_add(r->ended, NULL) < 0) {
		err_errno(err, "cannot prepare reloads");
		reload_free(r);
		return NULL;
	}
	return r;
}

void
reload_free(struct reload *r)
{
	if (r == NULL)
		return;
	if (r->running) {
		pthread_join(r->thread, NULL);
		setup_done(&r->next);
	}
	if (r->ended != NULL)
		event_free(r->ended);
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

uint64_t
reload_request(struct reload *r)
{
	if (r->running) {
		r->again = true;
		return r->number + 1;
	}
	begin(r);
	return r->running ? r->number : 0;
}

bool
reload_running(const struct reload *r)
{
	return r->running;
}
