#include "notify/sink_nats.h"

#ifndef HAVE_NATS

int
sink_nats_open(struct sink *s, struct err *err)
{
	return err_set(err, ERR_CONFIG, "this tidings was built without NATS (libnats)");
}

#else

#include <nats/nats.h>
#include <stdlib.h>

#define CONNECT_MS 5000

struct link {
	natsConnection *connection;
	jsCtx *stream;
};

static int
failed(natsStatus rc, struct err *err)
{
	bool refused = rc == NATS_MAX_PAYLOAD;
	const char *why = rc == NATS_NO_RESPONDERS ? "no stream takes the subject" : natsStatus_GetText(rc);
	return err_set(err, refused ? ERR_SINK_REFUSED : ERR_SINK_TEMPORARY, "the server: %s", why);
}

static void
hang_up(struct broker *b)
{
	struct link *l = b->connection;
	if (l == NULL)
		return;
	jsCtx_Destroy(l->stream);
	natsConnection_Destroy(l->connection);
	free(l);
	b->connection = NULL;
}

/* Without a user the secret is a token. */
static natsStatus
set_options(const struct broker *b, natsOptions *o, const char *secret)
{
	natsStatus rc = natsOptions_SetURL(o, b->url.s);
	if (rc == NATS_OK)
		rc = natsOptions_SetTimeout(o, CONNECT_MS);
	if (rc == NATS_OK)
		rc = natsOptions_SetAllowReconnect(o, false); /* the outbox tries again */
	if (rc == NATS_OK && !str_empty(b->user))
		rc = natsOptions_SetUserInfo(o, b->user.s, secret);
	else if (rc == NATS_OK && secret != NULL)
		rc = natsOptions_SetToken(o, secret);
	if (rc == NATS_OK && b->tls)
		rc = natsOptions_SetSecure(o, true);
	return rc;
}

static int
dial(struct broker *b, struct err *err)
{
	struct link *l = b->connection = calloc(1, sizeof *l);
	natsOptions *options = NULL;
	struct buf secret;
	if (l == NULL)
		return err_oom(err);
	buf_init(&secret, 0);
	int rc = broker_secret(b, &secret, err);
	if (rc == 0) {
		natsStatus status = natsOptions_Create(&options);
		if (status == NATS_OK)
			status = set_options(b, options, secret.data);
		if (status == NATS_OK)
			status = natsConnection_Connect(&l->connection, options);
		if (status == NATS_OK)
			status = natsConnection_JetStream(&l->stream, l->connection, NULL);
		rc = status == NATS_OK ? 0 : failed(status, err);
	}
	natsOptions_Destroy(options);
	buf_done(&secret);
	return rc;
}

static int
publish(const struct broker *b, const struct backstage_job *job, struct err *err)
{
	const struct link *l = b->connection;
	jsPubOptions how;
	jsErrCode code = 0;
	jsPubOptions_Init(&how);
	how.MaxWait = job->timeout_ms;
	how.MsgId = job->id.s;
	natsStatus rc = js_Publish(NULL, l->stream, b->topic.s, job->body.s, (int)job->body.len, &how, &code);
	return rc == NATS_OK ? 0 : failed(rc, err);
}

static void
deliver(void *ctx, const struct backstage_job *job, struct err *err)
{
	struct broker *b = ctx;
	int rc = b->connection == NULL ? dial(b, err) : 0;
	rc = rc == 0 ? publish(b, job, err) : rc;
	if (rc == 0) {
		err_clear(err);
		return;
	}
	if (err->code != ERR_SINK_REFUSED)
		err->code = ERR_SINK_TEMPORARY;
	hang_up(b);
}

static void
end(void *ctx)
{
	hang_up(ctx);
	broker_free(ctx);
}

int
sink_nats_open(struct sink *s, struct err *err)
{
	static const struct backstage_player player = {deliver, NULL, end};
	return broker_open(s, broker_new(s, "nats", "tls", 4222, err), &player, err);
}

#endif
