#include "notify/sink_syslog.h"

#include "base/utf8.h"
#include "render/render.h"
#include "text/safe.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SYSLOG_SOCKET "/dev/log"
#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define FACILITY_DAEMON 3
#define FIELD_MAX 2048 /* bytes of one field's value */
#define FIELDS_MAX 64  /* actors, topics and watches told of one item, each */

struct syslog {
	struct sockaddr_un address;
	int fd;             /* -1 = not connected */
	struct event *room; /* the receiver's queue was full */
	struct delivery_queue queue;
};

static int
priority(const struct notification *n)
{
	static const int priorities[] = {6, 5, 4, 2};
	return priorities[n->severity < 0 ? 0 : n->severity > 3 ? 3 : n->severity];
}

/* "Nov 23 14:35:00", in local time, as RFC 3164 has it. */
static void
put_stamp(struct buf *body, int64_t at)
{
	static const char *const months[] = {
	    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t local = at + clock_zone_ms(at), year;
	int month, day;
	int64_t days = local / DAY_MS - (local % DAY_MS < 0), second = (local - days * DAY_MS) / SECOND_MS;
	time_civil_from_days(days, &year, &month, &day);
	buf_printf(body, "%s %2d %02d:%02d:%02d", months[month - 1], day, (int)(second / 3600), (int)(second / 60 % 60),
	    (int)(second % 60));
}

/* One line with its line end: the sink's title, or the usual line. */
static void
put_line(struct buf *body, const struct sink *s, const struct notification *what)
{
	struct buf own, line;
	if (s->title == NULL) {
		render_notification_line(body, what);
		return;
	}
	buf_init(&own, 0);
	buf_init(&line, 0);
	template_write(&own, s->title, what, TEMPLATE_PLAIN);
	text_safe(&line, buf_view(&own), 0);
	buf_str(body, utf8_truncate(buf_view(&line), RENDER_LINE_MAX - 1));
	buf_putc(body, '\n');
	body->failed |= own.failed || line.failed;
	buf_done(&line);
	buf_done(&own);
}

void
sink_syslog_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	buf_printf(body, "<%d>", FACILITY_DAEMON * 8 + priority(what));
	put_stamp(body, what->created_at);
	buf_printf(body, " tidings[%ld]: ", (long)getpid());
	put_line(body, s, what);
	if (body->len > 0)
		body->len--; /* the datagram is the line */
}

static void
put_field(struct buf *body, const char *name, struct str value)
{
	if (str_empty(value))
		return;
	buf_printf(body, "%s=", name);
	text_safe(body, utf8_truncate(value, FIELD_MAX), 0);
	buf_putc(body, '\n');
}

static void
put_headline(struct buf *body, const struct notification *what)
{
	struct buf line;
	buf_init(&line, RENDER_HEADLINE_MAX);
	render_headline(&line, what);
	put_field(body, "TIDINGS_TITLE", buf_view(&line));
	body->failed |= line.failed && !line.over_limit;
	buf_done(&line);
}

static void
put_number(struct buf *body, const char *name, int64_t number)
{
	buf_printf(body, "%s=%lld\n", name, (long long)number);
}

void
sink_journal_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	const struct record *r = render_lead(what);
	buf_puts(body, "MESSAGE=");
	put_line(body, s, what);
	put_number(body, "PRIORITY", priority(what));
	put_number(body, "SYSLOG_FACILITY", FACILITY_DAEMON);
	put_field(body, "SYSLOG_IDENTIFIER", STR_LIT("tidings"));
	put_field(body, "TIDINGS_NOTIFICATION_ID", what->id);
	put_field(body, "TIDINGS_KIND", str_from(render_kind_word(what->kind)));
	put_field(body, "TIDINGS_ALARM", what->alarm);
	put_field(body, "TIDINGS_SUBJECT", what->subject);
	if (what->record_count > 0)
		put_number(body, "TIDINGS_ITEM", r->id);
	put_field(body, "TIDINGS_FEED", r->feed_key);
	put_field(body, "TIDINGS_SEVERITY", str_from(render_severity_word(what->severity)));
	put_headline(body, what);
	put_field(body, "TIDINGS_LINK", r->link);
	for (size_t i = 0; i < r->match_count && i < FIELDS_MAX; i++) {
		if (r->matches[i].kind == WATCH_ALERT)
			continue; /* TIDINGS_WATCH says it */
		put_field(body, r->matches[i].kind == WATCH_TOPIC ? "TIDINGS_TOPIC" : "TIDINGS_ACTOR", r->matches[i].id);
	}
	for (size_t i = 0; i < what->watch_count && i < FIELDS_MAX; i++)
		put_field(body, "TIDINGS_WATCH", what->watches[i]);
}

/* ---- sending ---- */

static void
hang_up(struct syslog *g)
{
	if (g->fd >= 0)
		close(g->fd);
	g->fd = -1;
}

static int
dial(struct syslog *g)
{
	if (g->fd >= 0)
		return 0;
	g->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (g->fd >= 0 && connect(g->fd, (const struct sockaddr *)&g->address, sizeof g->address) == 0)
		return 0;
	return -1;
}

/* A daemon that was started anew has another socket at the same path: once more then. */
static int
post(struct syslog *g, struct str datagram)
{
	for (int attempt = 0; attempt < 2; attempt++) {
		if (dial(g) == 0 && send(g->fd, datagram.s, datagram.len, MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno == EAGAIN)
			return -1;
		int saved = errno;
		hang_up(g);
		errno = saved;
		if (saved != ECONNREFUSED && saved != ENOTCONN && saved != ECONNRESET && saved != EPIPE)
			return -1;
	}
	return -1;
}

static void
give_back(const struct sink *s, const char *why)
{
	struct syslog *g = s->state;
	struct delivery *d;
	while ((d = delivery_queue_take(&g->queue)) != NULL)
		delivery_finish(d, ERR_SINK_TEMPORARY, "cannot write to %s: %s", g->address.sun_path, why);
}

static void on_room(evutil_socket_t fd, short what, void *ctx);

static void
wait_for_room(struct sink *s)
{
	struct syslog *g = s->state;
	int64_t ms = s->set.timeout_ms;
	struct timeval most = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	event_del(g->room);
	event_assign(g->room, s->base, g->fd, EV_WRITE, on_room, s);
	event_add(g->room, &most);
}

/* Sends what waits, as far as it goes in. */
static void
flush(struct sink *s)
{
	struct syslog *g = s->state;
	while (g->queue.first != NULL) {
		if (post(g, buf_view(&g->queue.first->body)) == 0) {
			delivery_finish(delivery_queue_take(&g->queue), ERR_NONE, "%s", "");
		} else if (errno == EAGAIN && g->fd >= 0) {
			wait_for_room(s);
			return;
		} else {
			give_back(s, strerror(errno));
		}
	}
}

static void
on_room(evutil_socket_t fd, short what, void *ctx)
{
	if (what & EV_TIMEOUT)
		give_back(ctx, "it does not read");
	else
		flush(ctx);
}

void
sink_syslog_send(struct delivery *d, const struct notification *what)
{
	struct syslog *g = d->sink->state;
	bool waits = g->queue.first != NULL;
	delivery_queue_put(&g->queue, d);
	if (!waits)
		flush(d->sink);
}

/* ---- settings ---- */

static void
free_syslog(struct syslog *g)
{
	if (g->room != NULL)
		event_free(g->room);
	hang_up(g);
	free(g);
}

int
sink_syslog_open(struct sink *s, struct err *err)
{
	const char *usual = str_is(s->set.type, "journal") ? JOURNAL_SOCKET : SYSLOG_SOCKET;
	struct str path = str_empty(s->set.path) ? str_from(usual) : s->set.path;
	struct syslog *g = calloc(1, sizeof *g);
	if (g == NULL)
		return err_oom(err);
	g->fd = -1;
	g->room = event_new(s->base, -1, 0, on_room, s);
	g->address.sun_family = AF_UNIX;
	if (g->room == NULL || path.len >= sizeof g->address.sun_path) {
		bool full = g->room == NULL;
		free_syslog(g);
		if (full)
			return err_oom(err);
		return err_set(
		    err, ERR_CONFIG, "the path of the socket is longer than %zu bytes", sizeof g->address.sun_path - 1);
	}
	memcpy(g->address.sun_path, path.s, path.len);
	s->state = g;
	return 0;
}

void
sink_syslog_close(struct sink *s)
{
	if (s->state != NULL)
		free_syslog(s->state);
	s->state = NULL;
}
