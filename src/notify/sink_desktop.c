#include "notify/sink_desktop.h"

#include "notify/texts.h"
#include "render/render.h"

/* What the server can show decides which of the three texts it gets. */
enum { TEXT_PLAIN, TEXT_MARKUP, TEXT_LINKS, TEXT_COUNT };

/* The rendered body: strings, each with its NUL, in this order. What is safe to show holds no NUL. */
enum { PART_ID, PART_THREAD, PART_CATEGORY, PART_SEVERITY, PART_TITLE, PART_TEXT, PART_COUNT = PART_TEXT + TEXT_COUNT };

void
sink_desktop_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	static const enum template_escape escapes[TEXT_COUNT] = {
	    [TEXT_PLAIN] = TEMPLATE_PLAIN, [TEXT_MARKUP] = TEMPLATE_DESKTOP, [TEXT_LINKS] = TEMPLATE_DESKTOP_LINKS};
	const struct template_limit title = {SINK_DESKTOP_TITLE_MAX, TEMPLATE_POINTS},
	                            text = {SINK_DESKTOP_TEXT_MAX, TEMPLATE_POINTS};
	buf_str(body, what->id);
	buf_putc(body, '\0');
	buf_str(body, str_empty(what->thread_id) ? what->id : what->thread_id);
	buf_putc(body, '\0');
	buf_printf(body, "x-tidings.%s", render_kind_word(what->kind));
	buf_putc(body, '\0');
	buf_printf(body, "%d", what->severity < 0 ? 0 : what->severity > 3 ? 3 : what->severity);
	buf_putc(body, '\0');
	texts_write(body, s->title, "{title}", what, TEMPLATE_PLAIN, &title);
	buf_putc(body, '\0');
	for (int i = 0; i < TEXT_COUNT; i++) {
		texts_write_body(body, s->body, false, what, escapes[i], &text);
		buf_putc(body, '\0');
	}
}

#ifndef HAVE_LIBSYSTEMD

int
sink_desktop_open(struct sink *s, struct err *err)
{
	return err_set(err, ERR_CONFIG, "this tidings was built without D-Bus (libsystemd)");
}

void
sink_desktop_close(struct sink *s)
{
}

void
sink_desktop_send(struct delivery *d, const struct notification *what)
{
}

#else

#include "base/hash.h"
#include "notify/bus.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>

#define SERVER "org.freedesktop.Notifications"
#define OBJECT "/org/freedesktop/Notifications"
#define OWNER_RULE \
	"type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus'," \
	"interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" SERVER "'"

struct bubble {
	struct hash128 thread;
	uint32_t id; /* the server's; 0 = none */
};

struct desktop {
	struct sink *sink;
	struct buf address;
	struct bus *bus;
	sd_bus_slot *owner, *asking, *showing;
	struct event *patience; /* until the server has said what it can do */
	bool known;             /* it has */
	int text;               /* TEXT_… */
	struct delivery *now;   /* being shown */
	struct delivery_queue queue;
	struct bubble bubbles[SINK_DESKTOP_BUBBLES];
	unsigned newest;
};

static void step(struct desktop *k);

/* ---- bubbles ---- */

static struct bubble *
find_bubble(struct desktop *k, struct hash128 thread)
{
	for (unsigned i = 0; i < SINK_DESKTOP_BUBBLES; i++) {
		struct bubble *b = &k->bubbles[i];
		if (b->id != 0 && hash128_equal(b->thread, thread))
			return b;
	}
	return NULL;
}

static void
remember_bubble(struct desktop *k, struct hash128 thread, uint32_t id)
{
	struct bubble *b = find_bubble(k, thread);
	if (b == NULL) {
		k->newest = (k->newest + 1) % SINK_DESKTOP_BUBBLES;
		b = &k->bubbles[k->newest];
	}
	*b = (struct bubble){thread, id};
}

/* Another server numbers anew. */
static void
forget_server(struct desktop *k)
{
	k->known = false;
	memset(k->bubbles, 0, sizeof k->bubbles);
}

/* ---- trouble ---- */

/* Everything that waits is tried again later, when the outbox thinks fit. */
static void
give_back(struct desktop *k, const char *why, const char *detail)
{
	struct delivery *d = k->now;
	const char *colon = detail != NULL && detail[0] != '\0' ? ": " : "";
	k->now = NULL;
	k->showing = sd_bus_slot_unref(k->showing);
	for (; d != NULL || (d = delivery_queue_take(&k->queue)) != NULL; d = NULL)
		delivery_finish(d, ERR_SINK_TEMPORARY, "%s%s%s", why, colon, colon[0] ? detail : "");
}

static void
hang_up(struct desktop *k)
{
	k->owner = sd_bus_slot_unref(k->owner);
	k->asking = sd_bus_slot_unref(k->asking);
	k->showing = sd_bus_slot_unref(k->showing);
	bus_close(k->bus);
	k->bus = NULL;
	forget_server(k);
	event_del(k->patience);
}

static void
on_lost(void *ctx, const char *why)
{
	struct desktop *k = ctx;
	hang_up(k);
	give_back(k, "the message bus", why);
}

static void
on_impatience(evutil_socket_t fd, short what, void *ctx)
{
	struct desktop *k = ctx;
	hang_up(k);
	give_back(k, "the message bus does not answer", NULL);
}

/* Whether it is an error, which is told to everything that waits. */
static bool
is_error(struct desktop *k, sd_bus_message *m, const char *why)
{
	const sd_bus_error *e = sd_bus_message_get_error(m);
	if (e == NULL)
		return false;
	if (sd_bus_message_get_errno(m) == ETIMEDOUT)
		give_back(k, "the notification server does not answer", NULL);
	else
		give_back(k, why, e->message != NULL ? e->message : e->name);
	return true;
}

/* ---- what the server can do ---- */

static int
on_owner(sd_bus_message *m, void *ctx, sd_bus_error *error)
{
	forget_server(ctx);
	return 0;
}

static int
on_capabilities(sd_bus_message *m, void *ctx, sd_bus_error *error)
{
	struct desktop *k = ctx;
	const char *word;
	bool markup = false, links = false;
	k->asking = sd_bus_slot_unref(k->asking);
	event_del(k->patience);
	if (is_error(k, m, "there is no notification server"))
		return 0;
	if (sd_bus_message_enter_container(m, 'a', "s") < 0) {
		give_back(k, "the notification server does not say what it can show", NULL);
		return 0;
	}
	while (sd_bus_message_read(m, "s", &word) > 0) {
		markup |= strcmp(word, "body-markup") == 0;
		links |= strcmp(word, "body-hyperlinks") == 0;
	}
	k->text = !markup ? TEXT_PLAIN : !links ? TEXT_MARKUP : TEXT_LINKS;
	k->known = true;
	step(k);
	return 0;
}

static uint64_t
timeout_us(const struct desktop *k)
{
	return (uint64_t)k->sink->set.timeout_ms * 1000;
}

static int
ask(struct desktop *k)
{
	sd_bus_message *m = NULL;
	int rc = sd_bus_message_new_method_call(bus_sd(k->bus), &m, SERVER, OBJECT, SERVER, "GetCapabilities");
	if (rc >= 0)
		rc = sd_bus_call_async(bus_sd(k->bus), &k->asking, m, on_capabilities, k, timeout_us(k));
	sd_bus_message_unref(m);
	return rc;
}

static int
connect_bus(struct desktop *k, struct err *err)
{
	int64_t ms = k->sink->set.timeout_ms;
	struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	k->bus = bus_open(k->sink->base, k->address.data, on_lost, k, err);
	if (k->bus == NULL)
		return -1;
	int rc = sd_bus_add_match_async(bus_sd(k->bus), &k->owner, OWNER_RULE, on_owner, NULL, k);
	if (rc < 0)
		return err_set(err, ERR_SINK_TEMPORARY, "the message bus: %s", strerror(-rc));
	event_add(k->patience, &tv);
	return 0;
}

/* ---- showing ---- */

static void
read_parts(struct str body, const char *parts[PART_COUNT])
{
	const char *at = body.s;
	for (int i = 0; i < PART_COUNT; i++) {
		parts[i] = at;
		at += strlen(at) + 1;
	}
}

static struct hash128
thread_of(const struct delivery *d)
{
	const char *parts[PART_COUNT];
	read_parts(buf_view(&d->body), parts);
	return hash128(str_from(parts[PART_THREAD]), 0);
}

static int
on_shown(sd_bus_message *m, void *ctx, sd_bus_error *error)
{
	struct desktop *k = ctx;
	struct delivery *d = k->now;
	uint32_t id = 0;
	k->showing = sd_bus_slot_unref(k->showing);
	if (sd_bus_message_is_method_error(m, SD_BUS_ERROR_INVALID_ARGS)) {
		k->now = NULL;
		delivery_finish(
		    d, ERR_SINK_REFUSED, "the notification server: %s", sd_bus_message_get_error(m)->message);
	} else if (!is_error(k, m, "the notification server")) {
		k->now = NULL;
		if (sd_bus_message_read(m, "u", &id) > 0 && id != 0)
			remember_bubble(k, thread_of(d), id);
		delivery_finish(d, ERR_NONE, "%s", "");
	}
	step(k);
	return 0;
}

static int
fill(const struct desktop *k, sd_bus_message *m, const char *const parts[PART_COUNT], uint32_t replaces)
{
	static const uint8_t urgencies[] = {0, 1, 1, 2};
	int severity = parts[PART_SEVERITY][0] - '0';
	int64_t expire_ms = k->sink->set.expire_ms;
	int32_t expire = severity == 3 ? 0 : expire_ms > 0 ? (int32_t)expire_ms : -1;
	return sd_bus_message_append(m, "susssasa{sv}i", "tidings", replaces, "", parts[PART_TITLE],
	    parts[PART_TEXT + k->text], 0, 4, "urgency", "y", urgencies[severity], "category", "s",
	    parts[PART_CATEGORY], "desktop-entry", "s", "tidings", "x-tidings-id", "s", parts[PART_ID], expire);
}

static int
show(struct desktop *k, const struct delivery *d)
{
	const char *parts[PART_COUNT];
	sd_bus_message *m = NULL;
	const struct bubble *before = find_bubble(k, thread_of(d));
	read_parts(buf_view(&d->body), parts);
	int rc = sd_bus_message_new_method_call(bus_sd(k->bus), &m, SERVER, OBJECT, SERVER, "Notify");
	if (rc >= 0)
		rc = fill(k, m, parts, before != NULL ? before->id : 0);
	if (rc >= 0)
		rc = sd_bus_call_async(bus_sd(k->bus), &k->showing, m, on_shown, k, timeout_us(k));
	sd_bus_message_unref(m);
	return rc;
}

/* The next thing to do, if nothing is under way. */
static void
step(struct desktop *k)
{
	struct err err;
	int rc = 0;
	if (k->now != NULL || k->queue.first == NULL || k->asking != NULL)
		return;
	if (k->bus == NULL && connect_bus(k, &err) < 0) {
		hang_up(k);
		give_back(k, err.msg, NULL);
		return;
	}
	if (!k->known)
		rc = ask(k);
	else if ((rc = show(k, k->queue.first)) >= 0)
		k->now = delivery_queue_take(&k->queue);
	if (rc < 0)
		give_back(k, "the message bus", strerror(-rc));
	bus_arm(k->bus);
}

void
sink_desktop_send(struct delivery *d, const struct notification *what)
{
	struct desktop *k = d->sink->state;
	delivery_queue_put(&k->queue, d);
	step(k);
}

int
sink_desktop_open(struct sink *s, struct err *err)
{
	struct desktop *k = calloc(1, sizeof *k);
	if (k == NULL)
		return err_oom(err);
	k->sink = s;
	buf_init(&k->address, 0);
	k->patience = evtimer_new(s->base, on_impatience, k);
	int rc = k->patience != NULL ? bus_address(&k->address, s->set.path, err) : err_oom(err);
	s->state = k;
	if (rc < 0)
		sink_desktop_close(s);
	return rc;
}

void
sink_desktop_close(struct sink *s)
{
	struct desktop *k = s->state;
	if (k == NULL)
		return;
	if (k->patience != NULL) {
		hang_up(k);
		event_free(k->patience);
	}
	buf_done(&k->address);
	free(k);
	s->state = NULL;
}

#endif
