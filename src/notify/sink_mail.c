#include "notify/sink_mail.h"

#include "base/mailbox.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "http/http.h"
#include "notify/child.h"
#include "notify/letter.h"
#include "render/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRAP_COLUMNS 76
#define REPLY_MAX 4096
#define CLOSE_GRACE_MS 1000

/* Answers of 500 and more that are about us, not about the mail. */
static const int logins[] = {530, 534, 535, 538};

/* Exit statuses of a sendmail (sysexits.h) after which another attempt makes no sense. */
static const int refusals[] = {65, 67, 68, 69, 77};

struct job { /* one mail on its way; outlives its sink when that is closed, until the callback has come */
	struct delivery *delivery;
	struct mail *mail;
	struct http_request *request;
	struct child *child;
	struct job *prev, *next;
};

struct mail {
	struct mailbox from;
	struct mailbox to[HTTP_RECIPIENTS_MAX];
	struct str addresses[HTTP_RECIPIENTS_MAX];
	size_t to_count;
	struct arena arena; /* the strings */
	struct str url;     /* with the name we greet with */
	char **argv;
	struct job *jobs;
};

/* ---- the text ---- */

/* The sink's own template; its line ends are breaks in HTML. */
static void
put_own(struct buf *text, struct buf *html, const struct template *own, const struct notification *what)
{
	struct buf lines;
	buf_init(&lines, html->max_bytes);
	template_write(text, own, what, TEMPLATE_PLAIN);
	buf_puts(text, "\n");
	template_write(&lines, own, what, TEMPLATE_HTML);
	for (size_t i = 0; i < lines.len; i++) {
		if (lines.data[i] == '\n')
			buf_puts(html, "<br>");
		buf_putc(html, lines.data[i]);
	}
	html->failed |= lines.failed;
	html->over_limit |= lines.over_limit;
	buf_done(&lines);
}

static void
put_bodies(struct buf *text, struct buf *html, const struct template *own, const struct notification *what)
{
	struct render_style style = {.width = WRAP_COLUMNS, .now = TIME_NONE};
	if (own == NULL)
		render_notification_human(text, what, &style);
	style.html = true;
	buf_puts(html, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>"
	               "<body style=\"font:1em sans-serif;max-width:45em\">\n");
	if (own == NULL)
		render_notification_human(html, what, &style);
	else
		put_own(text, html, own, what);
	buf_puts(html, "</body></html>\n");
}

void
sink_mail_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	const struct mail *m = s->state;
	struct buf subject, text, html;

	buf_init(&subject, body->max_bytes);
	buf_init(&text, body->max_bytes);
	buf_init(&html, body->max_bytes);
	if (s->title != NULL) {
		template_write(&subject, s->title, what, TEMPLATE_PLAIN);
	} else {
		if (what->severity >= 2)
			buf_printf(&subject, "[%s] ", render_severity_word(what->severity));
		render_headline(&subject, what);
	}
	put_bodies(&text, &html, s->body, what);
	struct letter l = {.from = m->from,
	    .to = m->to,
	    .to_count = m->to_count,
	    .subject = buf_view(&subject),
	    .id = what->id,
	    .thread_id = what->thread_id,
	    .previous_id = what->previous_id,
	    .list = s->set.key,
	    .list_name = s->set.key,
	    .date = what->created_at,
	    .important = what->severity >= 3,
	    .text = buf_view(&text),
	    .html = buf_view(&html)};
	body->failed |= subject.failed | text.failed | html.failed;
	body->over_limit |= subject.over_limit | text.over_limit | html.over_limit;
	letter_write(body, &l);
	buf_done(&html);
	buf_done(&text);
	buf_done(&subject);
}

/* ---- settings ---- */

static int
take_mailboxes(struct mail *m, const struct notify_sink *set, struct err *err)
{
	if (str_empty(set->from) || !mailbox_parse(set->from, &m->from))
		return err_set(err, ERR_CONFIG, "a mail sink needs from = user@host, or from = Name <user@host>");
	if (set->to_count == 0 || set->to_count > HTTP_RECIPIENTS_MAX)
		return err_set(err, ERR_CONFIG, "a mail sink needs 1 to %u recipients", HTTP_RECIPIENTS_MAX);
	for (; m->to_count < set->to_count; m->to_count++) {
		struct mailbox *to = &m->to[m->to_count];
		if (!mailbox_parse(set->to[m->to_count], to))
			return err_set(err, ERR_CONFIG, "“%.*s” is no mail address", STR_ARG(set->to[m->to_count]));
		to->address = arena_str(&m->arena, to->address);
		m->addresses[m->to_count] = to->address;
	}
	m->from.address = arena_str(&m->arena, m->from.address);
	return arena_check(&m->arena, err);
}

static void
free_mail(struct sink *s)
{
	struct mail *m = s->state;
	arena_done(&m->arena);
	free(m);
	s->state = NULL;
}

/* A sink that was not opened is not closed either. */
static int
check_mail(struct sink *s, struct err *err)
{
	struct mail *m = s->state;
	int rc = arena_check(&m->arena, err);
	if (rc < 0)
		free_mail(s);
	return rc;
}

static struct mail *
open_mail(const struct notify_sink *set, struct err *err)
{
	struct mail *m = calloc(1, sizeof *m);
	if (m == NULL) {
		err_oom(err);
		return NULL;
	}
	arena_init(&m->arena, 0);
	if (take_mailboxes(m, set, err) < 0) {
		arena_done(&m->arena);
		free(m);
		return NULL;
	}
	return m;
}

/* The host's own name is what RFC 5321 wants to hear in the greeting; curl takes it from the URL's path. */
static struct str
greeting_url(struct arena *a, struct str url)
{
	char host[256] = "";
	if (gethostname(host, sizeof host - 1) < 0 || host[0] == '\0')
		snprintf(host, sizeof host, "localhost");
	while (url.len > 0 && url.s[url.len - 1] == '/')
		url.len--;
	return arena_printf(a, "%.*s/%s", STR_ARG(url), host);
}

static int
load_password(const struct sink *s, struct buf *out, struct err *err)
{
	return str_empty(s->set.secret_file) ? 0 : secret_read(s->set.secret_file.s, out, err);
}

int
sink_mail_open(struct sink *s, struct err *err)
{
	struct buf password;
	if (str_empty(s->set.url))
		return err_set(err, ERR_CONFIG, "a mail sink needs url = smtp://host:port");
	if (str_empty(s->set.user) != str_empty(s->set.secret_file))
		return err_set(err, ERR_CONFIG, "to log in, a mail sink needs user and secret-file");
	buf_init(&password, 0);
	int rc = load_password(s, &password, err);
	buf_done(&password);
	struct mail *m = rc == 0 ? open_mail(&s->set, err) : NULL;
	if (m == NULL)
		return -1;
	s->state = m;
	m->url = greeting_url(&m->arena, s->set.url);
	return check_mail(s, err);
}

int
sink_sendmail_open(struct sink *s, struct err *err)
{
	size_t n = 0, commands = s->set.command_count;
	struct mail *m = open_mail(&s->set, err);
	if (m == NULL)
		return -1;
	s->state = m;
	m->argv = arena_zalloc(&m->arena, commands + m->to_count + 6, sizeof *m->argv);
	if (m->argv == NULL)
		return check_mail(s, err);
	for (size_t i = 0; i < commands; i++)
		m->argv[n++] = (char *)s->set.command[i].s;
	if (commands == 0)
		m->argv[n++] = (char *)"/usr/sbin/sendmail";
	m->argv[n++] = (char *)"-i"; /* a line with nothing but a dot ends nothing */
	m->argv[n++] = (char *)"-f";
	m->argv[n++] = (char *)m->from.address.s;
	m->argv[n++] = (char *)"--";
	for (size_t i = 0; i < m->to_count; i++)
		m->argv[n++] = (char *)m->to[i].address.s;
	return 0;
}

/* ---- jobs ---- */

static struct job *
enter(struct delivery *d)
{
	struct mail *m = d->sink->state;
	struct job *j = calloc(1, sizeof *j);
	if (j == NULL)
		return NULL;
	*j = (struct job){.delivery = d, .mail = m, .next = m->jobs};
	if (j->next != NULL)
		j->next->prev = j;
	m->jobs = j;
	return j;
}

static void
leave(struct job *j)
{
	if (j->mail == NULL)
		return;
	if (j->prev != NULL)
		j->prev->next = j->next;
	else
		j->mail->jobs = j->next;
	if (j->next != NULL)
		j->next->prev = j->prev;
	j->mail = NULL;
	j->delivery = NULL;
}

/* ---- SMTP ---- */

void
sink_mail_close(struct sink *s)
{
	struct mail *m = s->state;
	if (m == NULL)
		return;
	while (m->jobs != NULL) {
		struct job *j = m->jobs;
		leave(j);
		http_cancel(j->request);
	}
	free_mail(s);
}

static void
on_reply(void *ctx, struct http_reply *reply)
{
	struct job *j = ctx;
	struct delivery *d = j->delivery;
	int status = reply->status;

	leave(j);
	free(j);
	if (d == NULL)
		return;
	if (reply->error.code != ERR_NONE)
		delivery_finish(
		    d, reply->error.code == ERR_CANCELLED ? ERR_CANCELLED : ERR_SINK_TEMPORARY, "%s", reply->error.msg);
	else if (status >= 200 && status < 300)
		delivery_finish(d, ERR_NONE, "%s", "");
	else if (status >= 500 && !STATUS_AMONG(logins, status))
		delivery_finish(d, ERR_SINK_REFUSED, "the mail server refused it with %d", status);
	else
		delivery_finish(d, ERR_SINK_TEMPORARY, "the mail server answered %d%s", status,
		    STATUS_AMONG(logins, status) ? ": it does not accept the login" : "");
}

static int
start(struct job *j, struct err *err)
{
	struct delivery *d = j->delivery;
	const struct sink *s = d->sink;
	const struct mail *m = j->mail;
	struct buf password;
	struct http_mail mail = {.from = m->from.address,
	    .to = m->addresses,
	    .to_count = m->to_count,
	    .starttls = str_is(s->set.starttls, "never") ? HTTP_STARTTLS_NEVER : HTTP_STARTTLS_REQUIRED};

	buf_init(&password, 0);
	int rc = load_password(s, &password, err);
	if (rc == 0) {
		struct http_options options = {.mail = &mail,
		    .url = m->url,
		    .body = buf_view(&d->body),
		    .auth = str_empty(s->set.user) ? HTTP_AUTH_NONE : HTTP_AUTH_BASIC,
		    .user = s->set.user,
		    .password = buf_view(&password),
		    .allow_private = s->set.allow_private,
		    .total_timeout_ms = s->set.timeout_ms,
		    .body_max_bytes = REPLY_MAX};
		j->request = http_start(s->http, &options, on_reply, j, err);
		rc = j->request == NULL ? -1 : 0;
	}
	buf_done(&password);
	return rc;
}

void
sink_mail_send(struct delivery *d, const struct notification *what)
{
	struct err err;
	struct job *j = d->sink->http != NULL ? enter(d) : NULL;
	(void)what;
	if (j == NULL) {
		delivery_finish(
		    d, ERR_SINK_TEMPORARY, d->sink->http != NULL ? "out of memory" : "there is no HTTP client");
	} else if (start(j, &err) < 0) {
		leave(j);
		free(j);
		delivery_finish(d, ERR_SINK_TEMPORARY, "%s", err.msg);
	}
}

/* ---- sendmail ---- */

void
sink_sendmail_close(struct sink *s)
{
	struct mail *m = s->state;
	if (m == NULL)
		return;
	for (struct job *j = m->jobs; j != NULL; j = j->next)
		child_terminate(j->child);
	while (m->jobs != NULL) {
		struct job *j = m->jobs;
		leave(j);
		child_free(j->child, CLOSE_GRACE_MS);
		free(j);
	}
	free_mail(s);
}

static void
on_end(void *ctx, const struct child_end *end)
{
	struct job *j = ctx;
	struct delivery *d = j->delivery;
	struct str said = utf8_truncate(str_trim(end->output), 300);
	int status = WIFEXITED(end->status) ? WEXITSTATUS(end->status) : -1;

	if (end->timed_out)
		delivery_finish(
		    d, ERR_SINK_TEMPORARY, "sendmail had not ended after %lld ms", (long long)d->sink->set.timeout_ms);
	else if (status == 0)
		delivery_finish(d, ERR_NONE, "%s", "");
	else if (status < 0)
		delivery_finish(d, ERR_SINK_TEMPORARY, "sendmail was ended by signal %d", WTERMSIG(end->status));
	else
		delivery_finish(d, STATUS_AMONG(refusals, status) ? ERR_SINK_REFUSED : ERR_SINK_TEMPORARY,
		    "sendmail failed with exit status %d%s%.*s", status, said.len ? ": " : "", STR_ARG(said));
	leave(j);
	child_free(j->child, 0);
	free(j);
}

void
sink_sendmail_send(struct delivery *d, const struct notification *what)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *const env[] = {path, NULL};
	struct err err;
	struct job *j = enter(d);
	(void)what;
	if (j == NULL) {
		delivery_finish(d, ERR_SINK_TEMPORARY, "out of memory");
		return;
	}
	j->child = child_start(
	    d->sink->base, j->mail->argv, env, buf_view(&d->body), d->sink->set.timeout_ms, on_end, j, &err);
	if (j->child == NULL) {
		leave(j);
		free(j);
		delivery_finish(d, ERR_SINK_TEMPORARY, "%s", err.msg);
	}
}
