#include "notify/sink_mqtt.h"

#ifndef HAVE_MOSQUITTO

int
sink_mqtt_open(struct sink *s, struct err *err)
{
	return err_set(err, ERR_CONFIG, "this tidings was built without MQTT (libmosquitto)");
}

#else

#include "base/clock.h"

#include <errno.h>
#include <mosquitto.h>
#include <pthread.h>
#include <stdlib.h>

#define KEEPALIVE_S 60
#define STEP_MS 100

struct link {
	struct mosquitto *m;
	int connected;    /* -1 = no answer yet; else the broker's */
	int acknowledged; /* the last message that was */
};

static void
on_connect(struct mosquitto *m, void *ctx, int code)
{
	((struct link *)ctx)->connected = code;
}

static void
on_publish(struct mosquitto *m, void *ctx, int id)
{
	((struct link *)ctx)->acknowledged = id;
}

static void
hang_up(struct broker *b)
{
	struct link *l = b->connection;
	if (l == NULL)
		return;
	mosquitto_disconnect(l->m);
	mosquitto_destroy(l->m);
	free(l);
	b->connection = NULL;
}

/* Turns the library's wheel until *value is no longer `until`. */
static int
turn(const struct link *l, const int *value, int until, bool equal, int64_t deadline, struct err *err)
{
	while ((*value == until) != equal) {
		int rc = mosquitto_loop(l->m, STEP_MS, 1);
		if (rc != MOSQ_ERR_SUCCESS && (*value == until) != equal)
			return err_set(err, ERR_SINK_TEMPORARY, "the broker: %s", mosquitto_strerror(rc));
		if (clock_boot_ms() >= deadline)
			return err_set(err, ERR_SINK_TEMPORARY, "the broker does not answer");
	}
	return 0;
}

static int
log_in(const struct broker *b, const struct link *l, struct err *err)
{
	struct buf password;
	int rc = MOSQ_ERR_SUCCESS;
	buf_init(&password, 0);
	if (broker_secret(b, &password, err) < 0) {
		buf_done(&password);
		return -1;
	}
	if (!str_empty(b->user))
		rc = mosquitto_username_pw_set(l->m, b->user.s, password.data);
	if (rc == MOSQ_ERR_SUCCESS && b->tls)
		rc = mosquitto_tls_set(l->m, NULL, "/etc/ssl/certs", NULL, NULL, NULL);
	buf_done(&password);
	return rc == MOSQ_ERR_SUCCESS ? 0 : err_set(err, ERR_SINK_TEMPORARY, "%s", mosquitto_strerror(rc));
}

static int
dial(struct broker *b, int64_t deadline, struct err *err)
{
	struct link *l = b->connection = calloc(1, sizeof *l);
	if (l == NULL || (l->m = mosquitto_new(NULL, true, l)) == NULL) {
		free(l);
		b->connection = NULL;
		return err_oom(err);
	}
	l->connected = -1;
	mosquitto_connect_callback_set(l->m, on_connect);
	mosquitto_publish_callback_set(l->m, on_publish);
	if (log_in(b, l, err) < 0)
		return -1;
	int rc = mosquitto_connect(l->m, b->host.s, b->port, KEEPALIVE_S);
	if (rc != MOSQ_ERR_SUCCESS)
		return err_set(err, ERR_SINK_TEMPORARY, "%s:%d: %s", b->host.s, b->port,
		    rc == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(rc));
	if (turn(l, &l->connected, -1, false, deadline, err) < 0)
		return -1;
	return l->connected == 0
	           ? 0
	           : err_set(err, ERR_SINK_TEMPORARY, "the broker: %s", mosquitto_connack_string(l->connected));
}

static int
publish(struct broker *b, const struct backstage_job *job, int64_t deadline, struct err *err)
{
	struct link *l = b->connection;
	int id = 0;
	int rc = mosquitto_publish(l->m, &id, b->topic.s, (int)job->body.len, job->body.s, 1, false);
	if (rc == MOSQ_ERR_PAYLOAD_SIZE || rc == MOSQ_ERR_OVERSIZE_PACKET)
		return err_set(err, ERR_SINK_REFUSED, "too large for MQTT");
	if (rc != MOSQ_ERR_SUCCESS)
		return err_set(err, ERR_SINK_TEMPORARY, "the broker: %s", mosquitto_strerror(rc));
	return turn(l, &l->acknowledged, id, true, deadline, err);
}

/* A connection that was lost while nothing happened is made anew at once. */
static void
deliver(void *ctx, const struct backstage_job *job, struct err *err)
{
	struct broker *b = ctx;
	int64_t deadline = clock_boot_ms() + job->timeout_ms;
	bool fresh = b->connection == NULL;
	int rc = fresh ? dial(b, deadline, err) : 0;
	rc = rc == 0 ? publish(b, job, deadline, err) : rc;
	if (rc == 0) {
		err_clear(err);
		return;
	}
	if (err->code != ERR_SINK_REFUSED)
		err->code = ERR_SINK_TEMPORARY;
	hang_up(b);
}

static void
idle(void *ctx)
{
	struct broker *b = ctx;
	const struct link *l = b->connection;
	if (l != NULL && mosquitto_loop(l->m, 0, 1) != MOSQ_ERR_SUCCESS)
		hang_up(b);
}

static void
end(void *ctx)
{
	hang_up(ctx);
	broker_free(ctx);
}

static void
init_library(void)
{
	mosquitto_lib_init();
}

int
sink_mqtt_open(struct sink *s, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static const struct backstage_player player = {deliver, idle, end};
	pthread_once(&once, init_library);
	struct broker *b =
	    broker_new(s, "mqtt", "mqtts", str_istarts(s->set.url, STR_LIT("mqtts:")) ? 8883 : 1883, err);
	if (b != NULL && mosquitto_pub_topic_check(b->topic.s) != MOSQ_ERR_SUCCESS) {
		err_set(err, ERR_CONFIG, "“%s” is no topic to publish to", b->topic.s);
		broker_free(b);
		return -1;
	}
	return broker_open(s, b, &player, err);
}

#endif
