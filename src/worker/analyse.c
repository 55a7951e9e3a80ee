#include "worker/analyse.h"

#include "base/buf.h"
#include "text/html_delta.h"
#include "watch/tokens.h"
#include "worker/analyse_page.h"

/* The language that decides how an item's text is read: its own, else the document's, else the configured one. */
static struct str
item_language(const struct feed_item *item, const struct feed_doc *doc, struct str configured)
{
	if (item->language.s != NULL)
		return item->language;
	return doc->language.s != NULL ? doc->language : configured;
}

static void
join(struct buf *b, struct str part)
{
	if (str_empty(part))
		return;
	if (b->len > 0)
		buf_puts(b, ", ");
	buf_str(b, part);
}

static struct str
joined(struct buf *b, struct arena *arena)
{
	arena->failed |= b->failed;
	return b->len > 0 ? arena_str(arena, buf_view(b)) : STR_NONE;
}

static struct str
join_authors(const struct feed_item *item, struct buf *b, struct arena *arena)
{
	buf_reset(b);
	for (size_t i = 0; i < item->author_count; i++)
		join(b, str_empty(item->authors[i].name) ? item->authors[i].email : item->authors[i].name);
	return joined(b, arena);
}

static struct str
join_categories(const struct feed_item *item, struct buf *b, struct arena *arena)
{
	buf_reset(b);
	for (size_t i = 0; i < item->category_count; i++)
		join(b, str_empty(item->categories[i].label) ? item->categories[i].term : item->categories[i].label);
	return joined(b, arena);
}

void
analysis_input(const struct analysis *a, size_t i, struct str configured_language, struct watch_input *ret)
{
	const struct feed_item *item = &a->doc.items[i];
	*ret = (struct watch_input){.lang = item_language(item, &a->doc, configured_language)};
	ret->fields[WATCH_FIELD_TITLE] = item->title;
	ret->fields[WATCH_FIELD_SUMMARY] = item->summary_text;
	ret->fields[WATCH_FIELD_CONTENT] = item->content_text;
	ret->fields[WATCH_FIELD_AUTHOR] = a->items[i].authors;
	ret->fields[WATCH_FIELD_CATEGORY] = a->items[i].categories;
	ret->fields[WATCH_FIELD_LINK] = item->link;
}

/* Out of the memory in which an item was read as words, which takes many times as much. */
static void
keep_matches(const struct watch_result *from, struct arena *arena, struct watch_result *to)
{
	struct watch_hit *hits = arena_zalloc(arena, from->hit_count, sizeof *hits);
	struct watch_given_up *given_up = arena_alloc(arena, from->given_up_count * sizeof *given_up);
	*to = (struct watch_result){.hits = hits, .hit_count = hits != NULL ? from->hit_count : 0};
	to->given_up = given_up;
	if (given_up != NULL && from->given_up_count > 0) {
		memcpy(given_up, from->given_up, from->given_up_count * sizeof *given_up);
		to->given_up_count = from->given_up_count;
	}
	for (size_t i = 0; i < to->hit_count; i++) {
		size_t n = from->hits[i].mention_count;
		struct watch_mention *mentions = arena_alloc(arena, n * sizeof *mentions);
		if (mentions == NULL)
			return;
		for (size_t k = 0; k < n; k++) {
			mentions[k] = from->hits[i].mentions[k];
			mentions[k].form = arena_str(arena, mentions[k].form);
		}
		hits[i] = (struct watch_hit){from->hits[i].entity, mentions, n};
	}
}

static struct str
longer(struct str a, struct str b)
{
	return b.len >= a.len ? b : a;
}

/* What an item tells besides its title: all of the text that came with it, else the summary. */
static struct str
item_text(const struct feed_item *item)
{
	return item->content_text.s != NULL ? item->content_text : item->summary_text;
}

/* Whom it mentions, and what it is compared with others by: both of the same words. */
static int
match_item(const struct watchlist *watchlist, const struct watch_input *in, const struct feed_item *item,
    struct arena *words, struct arena *arena, struct analysed_item *to, struct err *err)
{
	struct story_text text = {item->title, longer(item->summary_text, item_text(item))};
	struct watch_tokens tokens;
	struct watch_result matches;

	if (watchlist_count(watchlist) == 0)
		return story_features(&text, arena, &to->features, err);
	if (watch_tokenise(in, words, &tokens, err) < 0 ||
	    watch_match_item(watchlist, in, &tokens, words, &matches, err) < 0)
		return -1;
	keep_matches(&matches, arena, &to->matches);
	bool content = text.text.s == item->content_text.s;
	return story_features_of(&text, &tokens.fields[WATCH_FIELD_TITLE],
	    &tokens.fields[content ? WATCH_FIELD_CONTENT : WATCH_FIELD_SUMMARY], arena, &to->features, err);
}

static int
match_items(const struct analysis_job *job, const struct watchlist *watchlist, struct arena *arena,
    struct analysis *out, struct err *err)
{
	uint64_t regex_steps = WATCH_REGEX_STEPS_MAX;
	struct arena words;
	struct buf scratch;
	int rc = 0;
	buf_init(&scratch, 0);
	arena_init(&words, arena->max_bytes);
	for (size_t i = 0; rc == 0 && i < out->doc.item_count; i++) {
		const struct feed_item *item = &out->doc.items[i];
		struct analysed_item *to = &out->items[i];
		struct watch_input in;
		to->authors = join_authors(item, &scratch, arena);
		to->categories = join_categories(item, &scratch, arena);
		analysis_input(out, i, job->language, &in);
		in.feed = job->feed;
		in.source = str_empty(job->title) ? out->doc.title : job->title;
		in.tags = job->tags;
		in.memo = job->memo;
		in.regex_steps = &regex_steps;
		/* what decided is what is stored, so that a query finds the same later */
		out->doc.items[i].language = in.lang;
		arena_reset(&words);
		rc = match_item(watchlist, &in, item, &words, arena, to, err);
	}
	arena_done(&words);
	buf_done(&scratch);
	return rc < 0 ? -1 : arena_check(arena, err);
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
		    .enclosure = item->enclosure_count > 0 ? item->enclosures[0].url : STR_NONE,
		    .text = item_text(item)};
	}
	if (story_identify(sources, n, identities) < 0)
		return err_oom(err);
	for (size_t i = 0; i < n; i++)
		out->items[i].identity = identities[i];
	return 0;
}

static struct str
shorten(struct str *html, struct str text, struct buf *scratch, struct arena *arena)
{
	buf_reset(scratch);
	if (!html_delta(scratch, *html, text)) {
		*html = html->s != text.s ? arena_str(arena, *html) : text;
		return STR_LIT("");
	}
	*html = STR_NONE;
	return arena_str(arena, buf_view(scratch));
}

/* Nobody needs it until it is shown, and it has a long way to go. */
static int
shorten_html(struct arena *arena, struct analysis *out, struct err *err)
{
	struct buf scratch;
	buf_init(&scratch, 0);
	for (size_t i = 0; i < out->doc.item_count; i++) {
		struct feed_item *item = &out->doc.items[i];
		out->items[i].summary_delta = shorten(&item->summary_html, item->summary_text, &scratch, arena);
		out->items[i].content_delta = shorten(&item->content_html, item->content_text, &scratch, arena);
	}
	buf_done(&scratch);
	return arena_check(arena, err);
}

static int
analyse_feed(const struct analysis_job *job, const struct feed_limits *limits, const struct watchlist *watchlist,
    struct arena *html, struct arena *arena, struct analysis *out, struct err *err)
{
	struct feed_input input = job->input;
	input.html = html;
	if (feed_parse(&input, limits, arena, &out->doc, err) < 0)
		return -1;
	out->items = arena_zalloc(arena, out->doc.item_count, sizeof *out->items);
	if (arena_check(arena, err) < 0)
		return -1;
	if (match_items(job, watchlist, arena, out, err) < 0 || identify_items(arena, out, err) < 0)
		return -1;
	return shorten_html(arena, out, err);
}

int
analyse(const struct analysis_job *job, const struct feed_limits *limits, const struct watchlist *watchlist,
    struct arena *arena, struct analysis *out, struct err *err)
{
	struct arena html;
	*out = (struct analysis){0};
	if (job->page)
		return analyse_page(job, watchlist, arena, out, err);
	arena_init(&html, arena->max_bytes);
	int rc = analyse_feed(job, limits, watchlist, &html, arena, out, err);
	arena_done(&html);
	return rc;
}
