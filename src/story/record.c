#include "story/record.h"

struct watch_input
record_input(const struct record *r, struct str tags)
{
	struct watch_input in = {.lang = r->language, .feed = r->feed_key, .source = r->feed_title, .tags = tags};
	in.fields[WATCH_FIELD_TITLE] = r->title;
	in.fields[WATCH_FIELD_SUMMARY] = r->summary;
	in.fields[WATCH_FIELD_CONTENT] = r->content;
	in.fields[WATCH_FIELD_ARTICLE] = r->article;
	in.fields[WATCH_FIELD_AUTHOR] = r->authors;
	in.fields[WATCH_FIELD_CATEGORY] = r->categories;
	in.fields[WATCH_FIELD_LINK] = r->link;
	return in;
}
