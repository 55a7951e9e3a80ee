#include "notify/sink_exec.h"

#include "base/utf8.h"
#include "notify/child.h"
#include "render/render.h"
#include "text/safe.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

/* How long sink_exec_close waits for all its children together. */
#define CLOSE_GRACE_MS 1000

/* What a hook inherits, where we have it ourselves. */
static const char *const inherited[] = {
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
};
#define INHERITED (sizeof inherited / sizeof *inherited)

/* Exit statuses that say more than "failed". */
static const struct {
	int status;
	enum err_code code;
	const char *means;
} exits[] = {
    {0, ERR_NONE, ""},
    {65, ERR_SINK_REFUSED, "the command refused the notification (exit status 65)"},
    {75, ERR_SINK_TEMPORARY, "the command asks to be tried again (exit status 75)"},
    {126, ERR_SINK_TEMPORARY, "the command could not be run (exit status 126)"},
    {127, ERR_SINK_TEMPORARY, "the command was not found (exit status 127)"},
};

struct exec {
	char **argv;
	struct job *jobs;
};

struct job { /* one run */
	struct delivery *delivery;
	struct child *child;
	struct arena arena; /* the environment */
	struct job *prev, *next;
};

int
sink_exec_open(struct sink *s, struct err *err)
{
	if (s->set.command_count == 0 || str_empty(s->set.command[0]))
		return err_set(err, ERR_CONFIG, "an exec sink needs a command");
	struct exec *x = calloc(1, sizeof *x);
	if (x == NULL)
		return err_oom(err);
	x->argv = calloc(s->set.command_count + 1, sizeof *x->argv);
	if (x->argv == NULL) {
		free(x);
		return err_oom(err);
	}
	for (size_t i = 0; i < s->set.command_count; i++)
		x->argv[i] = (char *)s->set.command[i].s;
	s->state = x;
	return 0;
}

static void
free_job(struct exec *x, struct job *j, int64_t grace_ms)
{
	if (j->prev != NULL)
		j->prev->next = j->next;
	else
		x->jobs = j->next;
	if (j->next != NULL)
		j->next->prev = j->prev;
	child_free(j->child, grace_ms);
	arena_done(&j->arena);
	free(j);
}

void
sink_exec_close(struct sink *s)
{
	struct exec *x = s->state;
	if (x == NULL)
		return;
	for (struct job *j = x->jobs; j != NULL; j = j->next)
		child_terminate(j->child);
	int64_t until = clock_boot_ms() + CLOSE_GRACE_MS;
	while (x->jobs != NULL) {
		int64_t left = until - clock_boot_ms();
		free_job(x, x->jobs, left > 0 ? left : 0);
	}
	free(x->argv);
	free(x);
	s->state = NULL;
}

void
sink_exec_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	struct jsonw w;
	jsonw_init(&w, body, 0);
	render_notification_json(&w, what);
	buf_putc(body, '\n');
}

/* NAME=value without control characters, ill-formed bytes, and cut between characters. */
static char *
variable(struct arena *a, const char *name, struct str value)
{
	struct buf b;
	buf_init(&b, SINK_EXEC_ENV_MAX);
	buf_printf(&b, "%s=", name);
	for (size_t pos = 0; pos < value.len;) {
		size_t start = pos;
		uint32_t cp = utf8_next(value, &pos);
		if (cp == UTF8_INVALID || cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029)
			continue;
		if (!buf_add(&b, value.s + start, pos - start))
			break;
	}
	struct str done = b.failed && !b.over_limit ? STR_NONE : arena_str(a, buf_view(&b));
	if (done.s == NULL)
		a->failed = true;
	buf_done(&b);
	return (char *)done.s;
}

static char **
environment(struct arena *a, const struct notification *what)
{
	char **env = arena_zalloc(a, INHERITED + 5, sizeof *env);
	size_t n = 0;
	if (env == NULL)
		return NULL;
	for (size_t i = 0; i < INHERITED; i++) {
		const char *value = getenv(inherited[i]);
		if (value != NULL)
			env[n++] = (char *)arena_printf(a, "%s=%s", inherited[i], value).s;
	}
	env[n++] = variable(a, "TIDINGS_NOTIFICATION_ID", what->id);
	env[n++] = variable(a, "TIDINGS_KIND", str_from(render_kind_word(what->kind)));
	env[n++] = variable(a, "TIDINGS_FEED", render_lead(what)->feed_key);
	env[n++] = variable(a, "TIDINGS_SEVERITY", str_from(render_severity_word(what->severity)));
	return a->failed ? NULL : env;
}

/* The last line that says anything. */
static struct str
last_line(struct str output)
{
	struct str rest = str_trim(output), line;
	for (size_t i = rest.len; i > 0; i--) {
		if (rest.s[i - 1] == '\n' || rest.s[i - 1] == '\r') {
			line = str_trim((struct str){rest.s + i, rest.len - i});
			return utf8_truncate(line, 300);
		}
	}
	return utf8_truncate(rest, 300);
}

static void
finish(struct delivery *d, enum err_code code, const char *what, struct str output)
{
	struct str line = last_line(output);
	delivery_finish(d, code, "%s%s%.*s", what, str_empty(line) ? "" : ": ", STR_ARG(line));
}

static void
on_end(void *ctx, const struct child_end *end)
{
	struct job *j = ctx;
	struct delivery *d = j->delivery;
	char what[120];
	enum err_code code = ERR_SINK_TEMPORARY;

	if (end->timed_out) {
		snprintf(
		    what, sizeof what, "the command had not ended after %lld ms", (long long)d->sink->set.timeout_ms);
	} else if (WIFSIGNALED(end->status)) {
		snprintf(what, sizeof what, "the command was ended by signal %d (%s)", WTERMSIG(end->status),
		    strsignal(WTERMSIG(end->status)));
	} else {
		int status = WEXITSTATUS(end->status);
		snprintf(what, sizeof what, "the command failed (exit status %d)", status);
		for (size_t i = 0; i < sizeof exits / sizeof *exits; i++) {
			if (exits[i].status == status) {
				code = exits[i].code;
				snprintf(what, sizeof what, "%s", exits[i].means);
			}
		}
	}
	finish(d, code, what, end->output);
	free_job(d->sink->state, j, 0);
}

void
sink_exec_send(struct delivery *d, const struct notification *what)
{
	struct exec *x = d->sink->state;
	struct job *j = calloc(1, sizeof *j);
	struct err err;

	if (j == NULL) {
		delivery_finish(d, ERR_SINK_TEMPORARY, "out of memory");
		return;
	}
	j->delivery = d;
	j->next = x->jobs;
	if (j->next != NULL)
		j->next->prev = j;
	x->jobs = j;
	arena_init(&j->arena, 0);
	char **env = environment(&j->arena, what);
	if (env == NULL)
		err_oom(&err);
	else
		j->child = child_start(
		    d->sink->base, x->argv, env, buf_view(&d->body), d->sink->set.timeout_ms, on_end, j, &err);
	if (j->child == NULL) {
		delivery_finish(d, ERR_SINK_TEMPORARY, "%s", err.msg);
		free_job(x, j, 0);
	}
}
