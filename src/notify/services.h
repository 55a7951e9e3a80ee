#pragma once
/*
 * What the webhook sink must know of the services that it can speak to: where to, by which method and headers, how long
 * a text may be, how text is escaped, and the JSON they take. One row per service in services.c. Pure. Internal to notify.
 *
 *   service       what `url` is                                    secret-file                    channel
 *   slack         https://hooks.slack.com/services                 the rest of the URL's path, or none; –
 *   discord       https://discord.com/api/webhooks                   the same                     –
 *   mattermost    https://HOST/hooks                                 the same                     a channel, or none
 *   matrix        https://HOST                                     the access token               the room's id
 *   telegram      https://api.telegram.org                         the bot's token                the chat's id
 *   ntfy          https://HOST                                     an access token, or none       the topic
 *   gotify        https://HOST                                     the application's token        –
 *   pushover      https://api.pushover.net                         the application's token        user or group key
 *   alertmanager  https://HOST:PORT                                a bearer token, or none        –
 *
 * Sources: the services' own documentation, as of 2024: api.slack.com/messaging/webhooks, discord.com/developers/docs,
 * developers.mattermost.com, spec.matrix.org client-server v1.11, core.telegram.org/bots/api, docs.ntfy.sh/publish,
 * gotify.net/api-docs, pushover.net/api, Alertmanager's api/v2/openapi.yaml.
 */
#include "base/buf.h"
#include "render/template.h"

struct sink;

enum service_secret { SERVICE_SECRET_NONE, SERVICE_SECRET_MAY, SERVICE_SECRET_MUST };

struct service {
	const char *name, *method;
	const char *path;        /* put behind the URL; $secret, $channel and $id stand for these, as parts of a path */
	const char *header;      /* in which the secret goes, or NULL */
	const char *header_text; /* before it there, as in "Bearer " */
	const char *token;       /* the member of the JSON object that holds the secret, or NULL */
	enum service_secret secret;
	bool channel_must, channel_may;
	enum template_escape escape;
	struct template_limit title,
	    text; /* title.most 0: the title is the first line of the text, between these two */
	const char *open, *close;
	bool own_link;           /* the link has a member of its own */
	const char *json;        /* $name stands for a JSON value, see services.c */
	const char *wait_member; /* of an answer 429, when it says how long to wait in its JSON; or NULL */
	int64_t wait_unit_ms;
};

/* NULL when there is none of that name. */
const struct service *service_find(struct str name);
/* Appends the address; a query that the configured one has stays at its end. */
void service_url(
    struct buf *out, const struct service *v, struct str base, struct str secret, struct str channel, struct str id);
/* Appends the JSON, without the secret. title and body: the sink's own templates, NULL = the usual ones. */
void service_body(struct buf *out, const struct service *v, const struct template *title, const struct template *body,
    struct str channel, const struct notification *n);
/* Appends the JSON with the secret in its member, for services that want it there. */
void service_add_token(struct buf *out, const struct service *v, struct str body, struct str secret);
/* How long an answer of these bytes asks to wait; -1 = it does not say. At most a day. */
int64_t service_wait_ms(const struct service *v, struct str answer);
