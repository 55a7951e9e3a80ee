#include "fetch.h"

#include "tap.h"

void
fetcher_init(struct fetcher *f)
{
	*f = (struct fetcher){.settings = http_settings_default};
	f->settings.total_timeout_ms = 20 * SECOND_MS;
	f->base = event_base_new();
	ck_assert_ptr_nonnull(f->base);
}

void
fetcher_open(struct fetcher *f)
{
	struct err err;
	f->client = http_client_new(f->base, &f->settings, &err);
	ck_assert_msg(f->client != NULL, "%s", err.msg);
}

void
fetcher_done(struct fetcher *f)
{
	http_client_free(f->client);
	event_base_free(f->base);
	libevent_global_shutdown();
}

void
fetched_init(struct fetched *r)
{
	*r = (struct fetched){0};
	arena_init(&r->arena, 0);
	buf_init(&r->body, 0);
}

void
fetched_done(struct fetched *r)
{
	arena_done(&r->arena);
	buf_done(&r->body);
}

void
fetched_take(void *ctx, struct http_reply *p)
{
	struct fetched *r = ctx;
	r->calls++;
	r->error = p->error;
	r->status = p->status;
	r->redirects = p->redirects;
	r->moved_permanently = p->moved_permanently;
	r->connection_reused = p->connection_reused;
	r->max_age_ms = p->max_age_ms;
	r->retry_after_ms = p->retry_after_ms;
	r->total_ms = p->total_ms;
	r->wire_bytes = p->wire_bytes;
	r->url = arena_str(&r->arena, p->url);
	r->content_type = arena_str(&r->arena, p->content_type);
	r->etag = arena_str(&r->arena, p->etag);
	r->last_modified = arena_str(&r->arena, p->last_modified);
	r->link = arena_str(&r->arena, p->link);
	r->body = p->body; /* moved out */
	buf_init(&p->body, 0);
}

static bool
all_done(const struct fetched *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (r[i].calls == 0)
			return false;
	return true;
}

void
fetcher_wait(struct fetcher *f, struct fetched *r, size_t n)
{
	int64_t end = clock_boot_ms() + 30 * SECOND_MS;
	while (!all_done(r, n) && clock_boot_ms() < end)
		event_base_loop(f->base, EVLOOP_ONCE);
	ck_assert_msg(all_done(r, n), "no reply within 30 s");
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(r[i].calls, 1);
}

void
fetch_with(struct fetcher *f, struct http_options o, struct fetched *r)
{
	struct err err;
	fetched_init(r);
	o.allow_private = true;
	ck_assert_msg(http_start(f->client, &o, fetched_take, r, &err) != NULL, "%s", err.msg);
	ck_assert_uint_eq(r->calls, 0);
	fetcher_wait(f, r, 1);
}

void
fetch(struct fetcher *f, const char *url, struct fetched *r)
{
	fetch_with(f, (struct http_options){.url = str_from(url)}, r);
}
