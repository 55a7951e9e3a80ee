#include "feed/json_feed.h"

#include "feed/json_value.h"

/*
 * RSS written as JSON (github.com/scripting/Scripting-News, rss-in-json): member names are element names, text stands
 * in "#value", repeated elements are arrays. Turned back into events, so that the tables of rows.c read it.
 */

#define MEMBERS_MAX 64u

static void element(struct builder *b, const char *qname, const json_t *value);

static struct feed_name
name_of(const char *qname)
{
	const char *colon = strchr(qname, ':');
	if (colon == NULL)
		return (struct feed_name){NS_NONE, str_from(qname)};
	return (struct feed_name){ns_from_prefix((struct str){qname, (size_t)(colon - qname)}), str_from(colon + 1)};
}

/* Elements of RSS 2.0 that carry attributes. */
static bool
has_attributes(const char *qname, const json_t *object)
{
	static const char *const names[] = {"enclosure", "source", "category", "guid", "cloud", "rss"};
	if (json_object_get(object, "#value") != NULL)
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(qname, names[i]) == 0)
			return true;
	}
	return false;
}

static size_t
attributes(struct builder *b, const json_t *object, struct feed_attr *list)
{
	size_t n = 0;
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)object, key, value)
	{
		struct str text = json_value_text(b, value);
		if (text.s != NULL && *key != '#' && n < MEMBERS_MAX)
			list[n++] = (struct feed_attr){NS_NONE, str_from(key), text};
	}
	return n;
}

static void
object_element(struct builder *b, const char *qname, const json_t *object)
{
	struct feed_attr list[MEMBERS_MAX];
	bool attributed = has_attributes(qname, object);
	size_t n = attributed ? attributes(b, object, list) : 0;
	builder_start(b, name_of(qname), (struct feed_attrs){list, n});
	builder_text(b, json_value_text(b, json_object_get(object, "#value")));
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)object, key, value)
	{
		if (!attributed || json_is_object(value) || json_is_array(value))
			element(b, key, value);
	}
	builder_end(b, name_of(qname));
}

static void
element(struct builder *b, const char *qname, const json_t *value)
{
	if (builder_failed(b))
		return;
	if (json_is_array(value)) {
		for (size_t i = 0; i < json_array_size(value); i++)
			element(b, qname, json_array_get(value, i));
	} else if (json_is_object(value)) {
		object_element(b, qname, value);
	} else {
		builder_start(b, name_of(qname), (struct feed_attrs){NULL, 0});
		builder_text(b, json_value_text(b, value));
		builder_end(b, name_of(qname));
	}
}

void
json_rss_read(const json_t *root, struct builder *b)
{
	const json_t *rss = json_object_get(root, "rss");
	if (json_is_object(rss) && json_is_object(json_object_get(rss, "channel")))
		element(b, "rss", rss);
}
