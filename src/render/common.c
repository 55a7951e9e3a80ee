#include "render/render.h"

#include <stdio.h>

const char *
render_severity_word(int severity)
{
	static const char *const words[] = {"low", "normal", "high", "urgent"};
	return words[severity < 0 ? 0 : severity > 3 ? 3 : severity];
}

int64_t
render_item_at(const struct record *r)
{
	bool sound = r->published_at != TIME_NONE &&
	             (r->first_seen_at == TIME_NONE || r->published_at <= r->first_seen_at + DAY_MS);
	return sound ? r->published_at : r->first_seen_at;
}

struct str
render_source(const struct record *r)
{
	return str_empty(r->feed_title) ? r->feed_key : r->feed_title;
}

char *
render_time(int64_t at, int64_t (*zone)(int64_t at), char out[RENDER_TIME_MAX])
{
	char text[TIME_FORMAT_MAX];
	int64_t offset = zone && at != TIME_NONE ? zone(at) / MINUTE_MS : 0, size = offset < 0 ? -offset : offset;

	time_format(at == TIME_NONE ? at : at + offset * MINUTE_MS, false, text);
	if (text[0] == '\0')
		snprintf(out, RENDER_TIME_MAX, "-");
	else if (offset == 0)
		snprintf(out, RENDER_TIME_MAX, "%.10s %.5s UTC", text, text + 11);
	else
		snprintf(out, RENDER_TIME_MAX, "%.10s %.5s %c%02d:%02d", text, text + 11, offset < 0 ? '-' : '+',
		    (int)(size / 60 % 100), (int)(size % 60));
	return out;
}

const char *
render_kind_word(enum notification_kind kind)
{
	static const char *const words[NOTIFICATION_KIND_COUNT] = {"match", "story", "digest", "alarm", "test"};
	return words[kind];
}

const struct record *
render_lead(const struct notification *n)
{
	static const struct record nothing = {
	    .published_at = TIME_NONE, .updated_at = TIME_NONE, .first_seen_at = TIME_NONE, .changed_at = TIME_NONE};
	return n->record_count > 0 ? &n->records[0] : &nothing;
}
