#include "feed/json_feed.h"

#include "feed/json_value.h"

/*
 * RSS written as JSON (github.com/scripting/Scripting-News, rss-in-json): member names are element names, text stands
 * in "#value", repeated elements are arrays. Turned back into events, so that the tables of rows.c read it.
 */

#define MEMBERS_MAX 64u

static void element(struct builder *b, struct str qname, const struct json_value *value);

static struct feed_name
name_of(struct str qname)
{
	const char *colon = memchr(qname.s, ':', qname.len);
	if (colon == NULL)
		return (struct feed_name){NS_NONE, qname};
	struct str prefix = {qname.s, (size_t)(colon - qname.s)};
	return (struct feed_name){ns_from_prefix(prefix), {colon + 1, qname.len - prefix.len - 1}};
}

/* Elements of RSS 2.0 that carry attributes. */
static bool
has_attributes(struct str qname, const struct json_value *object)
{
	static const char *const names[] = {"enclosure", "source", "category", "guid", "cloud", "rss"};
	if (json_get(object, "#value") != NULL)
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_is(qname, names[i]))
			return true;
	}
	return false;
}

static size_t
attributes(struct builder *b, const struct json_value *object, struct feed_attr *list)
{
	size_t n = 0;
	for (const struct json_value *v = object->first; v != NULL; v = v->next) {
		struct str text = json_value_text(b, v);
		if (text.s != NULL && !str_starts(v->key, STR_LIT("#")) && n < MEMBERS_MAX)
			list[n++] = (struct feed_attr){NS_NONE, v->key, text};
	}
	return n;
}

static void
object_element(struct builder *b, struct str qname, const struct json_value *object)
{
	struct feed_attr list[MEMBERS_MAX];
	bool attributed = has_attributes(qname, object);
	size_t n = attributed ? attributes(b, object, list) : 0;
	builder_start(b, name_of(qname), (struct feed_attrs){list, n});
	builder_text(b, json_value_text(b, json_get(object, "#value")));
	for (const struct json_value *v = object->first; v != NULL; v = v->next) {
		if (!attributed || v->kind == JSON_OBJECT || v->kind == JSON_ARRAY)
			element(b, v->key, v);
	}
	builder_end(b, name_of(qname));
}

static void
element(struct builder *b, struct str qname, const struct json_value *value)
{
	if (builder_failed(b))
		return;
	if (value->kind == JSON_ARRAY) {
		for (const struct json_value *v = value->first; v != NULL; v = v->next)
			element(b, qname, v);
	} else if (value->kind == JSON_OBJECT) {
		object_element(b, qname, value);
	} else {
		builder_start(b, name_of(qname), (struct feed_attrs){NULL, 0});
		builder_text(b, json_value_text(b, value));
		builder_end(b, name_of(qname));
	}
}

void
json_rss_read(const struct json_value *root, struct builder *b)
{
	const struct json_value *rss = json_get(root, "rss");
	if (json_is(rss, JSON_OBJECT) && json_is(json_get(rss, "channel"), JSON_OBJECT))
		element(b, STR_LIT("rss"), rss);
}
