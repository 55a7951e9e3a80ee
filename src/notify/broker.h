#pragma once
/* What the sinks of message brokers (MQTT, NATS) have in common: their settings, and JSON or the sink's own body. Internal to notify. */
#include "notify/backstage.h"

struct broker { /* the thread's own */
	struct arena arena;
	struct str url, host, topic, user, secret_file; /* NUL-terminated */
	int port;
	bool tls;
	void *connection; /* the player's */
};

/* scheme://host[:port], `tls` when the scheme is the second one. NULL with err. */
struct broker *broker_new(const struct sink *s, const char *scheme, const char *tls_scheme, int port, struct err *err);
void broker_free(struct broker *b);
/* The password or token, read at every connection; empty when there is none. */
int broker_secret(const struct broker *b, struct buf *out, struct err *err);

/* Of a sink_type; the state is the backstage. */
int broker_open(struct sink *s, struct broker *b, const struct backstage_player *player, struct err *err);
void broker_close(struct sink *s);
void broker_render(const struct sink *s, struct buf *body, const struct notification *what);
void broker_send(struct delivery *d, const struct notification *what);
