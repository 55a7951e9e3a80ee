/* The talk with hubs: our requests to them, theirs to us. */
#include "base/log.h"
#include "daemon/credentials.h"
#include "daemon/websub_state.h"
#include "listen/signature.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- ours ---- */

/* application/x-www-form-urlencoded */
static void
add_field(struct buf *out, const char *name, struct str value)
{
	buf_printf(out, "%s%s=", out->len > 0 ? "&" : "", name);
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.s[i];
		bool plain = (ascii_lower((char)c) >= 'a' && ascii_lower((char)c) <= 'z') || (c >= '0' && c <= '9') ||
		             c == '-' || c == '.' || c == '_';
		if (plain)
			buf_putc(out, (char)c);
		else
			buf_printf(out, "%%%02X", c);
	}
}

static void
fill_form(const struct subscription *s, bool subscribe, struct buf *out)
{
	struct str base = s->websub->daemon->setup.conf->global.websub_callback;
	struct buf callback;
	char lease[24];

	buf_init(&callback, 0);
	buf_str(&callback, base);
	if (!str_ends(base, STR_LIT("/")))
		buf_putc(&callback, '/');
	buf_puts(&callback, s->token);
	snprintf(lease, sizeof lease, "%lld", (long long)(WEBSUB_LEASE_MS / SECOND_MS));
	add_field(out, "hub.mode", subscribe ? STR_LIT("subscribe") : STR_LIT("unsubscribe"));
	add_field(out, "hub.topic", str_from(s->topic));
	add_field(out, "hub.callback", buf_view(&callback));
	if (subscribe) {
		add_field(out, "hub.lease_seconds", str_from(lease));
		add_field(out, "hub.secret", str_from(s->secret));
	}
	out->failed |= callback.failed;
	buf_done(&callback);
}

static void
on_answer(void *ctx, struct http_reply *reply)
{
	struct subscription *s = ctx;
	char text[ERR_MSG_MAX];

	s->request = NULL;
	if (s->websub->stopping)
		return;
	if (s->state == SUBSCRIPTION_LEAVING) {
		/* forgotten then, verified or not; or now, since it has verified before it answered */
		s->next_at = clock_boot_ms() + (s->expecting ? WEBSUB_VERIFY_MS : 0);
	} else if (reply->error.code != ERR_NONE || reply->status / 100 != 2) {
		if (reply->error.code != ERR_NONE)
			snprintf(text, sizeof text, "%s", reply->error.msg);
		else
			snprintf(text, sizeof text, "the hub answered %d", reply->status);
		log_info("feed %s: hub %s: %s", s->key, s->hub, text);
		s->expecting = false;
		subscription_error(s, text);
		subscription_back_off(s);
		subscription_save(s, NULL);
	} else if (s->expecting) { /* else it has verified before it answered */
		s->state = s->state == SUBSCRIPTION_ACTIVE ? SUBSCRIPTION_ACTIVE : SUBSCRIPTION_ASKED;
		s->next_at = clock_boot_ms() + WEBSUB_VERIFY_MS;
		subscription_save(s, NULL);
	}
	websub_arm(s->websub, 0);
}

void
hub_ask(struct subscription *s, bool subscribe)
{
	struct daemon *d = s->websub->daemon;
	const struct str *way = s->way.texts;
	const struct conf_feed as = {.url = str_from(s->hub), /* what is remembered of the feed, as if the hub were it */
	    .allow_private = s->way.allow_private,
	    .user_agent = way[WAY_USER_AGENT],
	    .ca_file = way[WAY_CA_FILE],
	    .proxy = way[WAY_PROXY],
	    .proxy_user = way[WAY_PROXY_USER],
	    .proxy_secret_file = way[WAY_PROXY_SECRET_FILE]};
	struct credentials credentials;
	struct buf form;
	struct err err;

	buf_init(&form, 0);
	fill_form(s, subscribe, &form);
	struct http_options options = {.url = str_from(s->hub),
	    .method = "POST",
	    .body = buf_view(&form),
	    .body_type = STR_LIT("application/x-www-form-urlencoded"),
	    .body_max_bytes = 65536};
	s->next_at = INT64_MAX;
	s->expecting = true;
	if (credentials_way(&credentials, &as, &options, &err) == 0 && buf_check(&form, &err) == 0)
		s->request = http_start(d->http, &options, on_answer, s, &err);
	credentials_done(&credentials);
	buf_done(&form);
	if (s->request != NULL)
		return;
	s->expecting = false;
	subscription_error(s, err.msg);
	subscription_back_off(s);
}

/* ---- theirs ---- */

/* The callback's last part names the subscription. */
static struct subscription *
named_by(const struct websub *w, struct str path)
{
	size_t from = path.len;
	while (from > 0 && path.s[from - 1] != '/')
		from--;
	return map_get(&w->by_token, (struct str){path.s + from, path.len - from});
}

bool
hub_head(void *ctx, const struct listen_request *r, struct listen_answer *a)
{
	struct websub *w = ctx;
	bool post = str_is(r->method, "POST");

	if (named_by(w, r->path) == NULL)
		a->status = 404;
	else if (!post && !str_is(r->method, "GET"))
		a->status = 405;
	else if (post && (w->queued >= WEBSUB_QUEUE_MAX || w->queued_bytes >= WEBSUB_QUEUE_BYTES_MAX))
		a->status = 503;
	else
		return true;
	return false;
}

static bool
topic_is(const struct subscription *s, const struct listen_request *r)
{
	struct str topic = listen_argument(r, "hub.topic");
	return topic.s != NULL && str_eq(topic, str_from(s->topic));
}

/* Verification of intent, or the hub's refusal. Anything that we did not ask for is denied. */
static void
answer_get(struct subscription *s, const struct listen_request *r, struct listen_answer *a)
{
	struct str mode = listen_argument(r, "hub.mode"), challenge = listen_argument(r, "hub.challenge");
	int64_t seconds = 0;

	a->status = 404;
	if (!topic_is(s, r))
		return;
	if (str_is(mode, "denied")) {
		a->status = 200;
		struct str reason = listen_argument(r, "hub.reason");
		subscription_error(s, reason.s != NULL ? reason.s : "the hub denied the subscription");
		s->state = SUBSCRIPTION_DENIED;
		s->expecting = s->trusted = false;
		s->next_at = clock_boot_ms() + WEBSUB_DENIED_MS;
		subscription_save(s, "push_denied");
		return;
	}
	if (str_empty(challenge) || challenge.len > WEBSUB_CHALLENGE_MAX || !s->expecting)
		return;
	bool leaving = s->state == SUBSCRIPTION_LEAVING;
	if (!str_is(mode, leaving ? "unsubscribe" : "subscribe"))
		return;
	a->status = 200;
	a->type = "application/octet-stream"; /* the echo of a foreign text must never be a page */
	buf_str(&a->body, challenge);
	if (leaving) {
		s->next_at = clock_boot_ms(); /* forgotten at the next turn */
		s->expecting = false;
	} else {
		str_int(listen_argument(r, "hub.lease_seconds"), 0, INT32_MAX, &seconds);
		subscription_granted(s, seconds > 0 ? seconds * SECOND_MS : WEBSUB_LEASE_MS);
	}
}

/* A push. What is not signed with the secret is thrown away; the sender is not told (section 8). */
static void
answer_post(struct subscription *s, const struct listen_request *r, struct listen_answer *a)
{
	struct websub *w = s->websub;

	a->status = 202;
	if (s->state == SUBSCRIPTION_LEAVING || s->state == SUBSCRIPTION_DENIED) {
		a->status = 410;
	} else if (str_empty(r->body) ||
	           !signature_valid(listen_header(r, "X-Hub-Signature"), str_from(s->secret), r->body)) {
		w->pushes_refused++;
		log_debug("feed %s: a push without a valid signature", s->key);
	} else if (!websub_take(w, s, r->body, listen_header(r, "Content-Type"))) {
		a->status = 503;
	}
}

void
hub_handle(void *ctx, const struct listen_request *r, struct listen_answer *a)
{
	struct websub *w = ctx;
	struct subscription *s = named_by(w, r->path);

	a->status = 404;
	if (s == NULL || w->stopping)
		return;
	if (str_is(r->method, "POST"))
		answer_post(s, r, a);
	else
		answer_get(s, r, a);
	websub_arm(w, 0);
}
