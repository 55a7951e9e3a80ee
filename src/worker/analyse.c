#include "worker/analyse.h"

/* The language that decides how an item's text is read: its own, else the document's, else the configured one. */
static struct str
item_language(const struct feed_item *item, const struct feed_doc *doc, struct str configured)
{
	if (item->language.s != NULL)
		return item->language;
	return doc->language.s != NULL ? doc->language : configured;
}

/* "Ann Author, Bob Writer": one field to match in; the pieces of a list never touch each other. */
struct str
analyse_authors(const struct feed_item *item, struct arena *arena)
{
	struct str out = STR_NONE;
	for (size_t i = 0; i < item->author_count; i++) {
		struct str name = item->authors[i].name;
		if (name.s == NULL)
			continue;
		out = out.s == NULL ? name : arena_printf(arena, "%.*s, %.*s", STR_ARG(out), STR_ARG(name));
	}
	return out;
}

struct str
analyse_categories(const struct feed_item *item, struct arena *arena)
{
	struct str out = STR_NONE;
	for (size_t i = 0; i < item->category_count; i++) {
		const struct feed_category *c = &item->categories[i];
		struct str name = c->label.s != NULL ? c->label : c->term;
		if (name.s == NULL)
			continue;
		out = out.s == NULL ? name : arena_printf(arena, "%.*s, %.*s", STR_ARG(out), STR_ARG(name));
	}
	return out;
}

static int
match_items(const struct analysis_job *job, const struct watchlist *watchlist, struct arena *arena,
    struct analysis *out, struct err *err)
{
	for (size_t i = 0; i < out->doc.item_count; i++) {
		const struct feed_item *item = &out->doc.items[i];
		struct watch_input in = {.lang = item_language(item, &out->doc, job->language)};
		in.fields[WATCH_FIELD_TITLE] = item->title;
		in.fields[WATCH_FIELD_SUMMARY] = item->summary_text;
		in.fields[WATCH_FIELD_CONTENT] = item->content_text;
		in.fields[WATCH_FIELD_AUTHOR] = analyse_authors(item, arena);
		in.fields[WATCH_FIELD_CATEGORY] = analyse_categories(item, arena);
		if (watch_match(watchlist, &in, arena, &out->items[i].matches, err) < 0)
			return -1;
	}
	return 0;
}

static int
identify_items(struct arena *arena, struct analysis *out, struct err *err)
{
	size_t n = out->doc.item_count;
	struct story_source *sources = arena_zalloc(arena, n, sizeof *sources);
	struct story_identity *identities = arena_zalloc(arena, n, sizeof *identities);
	if (arena_check(arena, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct feed_item *item = &out->doc.items[i];
		sources[i] = (struct story_source){.guid = item->id,
		    .link = item->link,
		    .title = item->title,
		    .text = item->content_text.s != NULL ? item->content_text : item->summary_text};
	}
	if (story_identify(sources, n, identities) < 0)
		return err_oom(err);
	for (size_t i = 0; i < n; i++)
		out->items[i].identity = identities[i];
	return 0;
}

int
analyse(const struct analysis_job *job, const struct feed_limits *limits, const struct watchlist *watchlist,
    struct arena *arena, struct analysis *out, struct err *err)
{
	*out = (struct analysis){0};
	if (feed_parse(&job->input, limits, arena, &out->doc, err) < 0)
		return -1;
	out->items = arena_zalloc(arena, out->doc.item_count, sizeof *out->items);
	if (arena_check(arena, err) < 0)
		return -1;
	if (match_items(job, watchlist, arena, out, err) < 0)
		return -1;
	return identify_items(arena, out, err);
}
