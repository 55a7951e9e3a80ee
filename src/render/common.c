#include "render/render.h"

const char *
render_severity_word(int severity)
{
	static const char *const words[] = {"low", "normal", "high", "urgent"};
	return words[severity < 0 ? 0 : severity > 3 ? 3 : severity];
}

int64_t
render_item_at(const struct record *r)
{
	bool sound = r->published_at != TIME_NONE && (r->first_seen_at == TIME_NONE || r->published_at <= r->first_seen_at + DAY_MS);
	return sound ? r->published_at : r->first_seen_at;
}

struct str
render_source(const struct record *r)
{
	return str_empty(r->feed_title) ? r->feed_key : r->feed_title;
}
