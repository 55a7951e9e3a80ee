#include "feed/builder.h"

#include "base/utf8.h"
#include "base/vec.h"

enum {
	LINK_ALTERNATE = 1, /* the rank of a page's address by where it stood; see action_link() */
	LINK_PERMALINK = 5,
	LINK_ABOUT = 6,
};

void
item_start(struct builder *b, struct feed_attrs attrs)
{
	if (b->stream != NULL) {
		arena_reset(&b->stream->arena);
		b->arena = &b->stream->arena;
		b->linker_base = STR_NONE; /* may have been in that arena */
	}
	b->item_mark = arena_mark(b->arena);
	b->item_stays = false;
	if (b->html_arena != NULL)
		b->html_mark = arena_mark(b->html_arena);
	b->current = (struct feed_item){.published_at = TIME_NONE, .updated_at = TIME_NONE, .comment_count = -1};
	b->item = &b->current;
	memset(b->items_part.ranks, 0, sizeof b->items_part.ranks);
	b->items_part.authors.count = b->items_part.categories.count = 0;
	b->items_part.enclosures.count = b->items_part.links.count = 0;
	b->items_part.original_link = STR_NONE;
	b->items_part.location_parts[0] = b->items_part.location_parts[1] = STR_NONE;
	struct str base = builder_frame(b)->base;
	struct str about = attr_get(attrs, NS_RDF, "about");
	if (about.s == NULL)
		about = attr_get(attrs, NS_NONE, "about");
	if (about.s != NULL) {
		slot_string(b, SLOT_ID, 3, field_string(b, about));
		item_link(b, LINK_ABOUT, field_url(b, about, base));
	}
	struct str href = attr_any(attrs, "href");
	if (href.s != NULL)
		item_link(b, LINK_ALTERNATE, field_url(b, href, base));
	slot_date(b, SLOT_UPDATED, 1, attr_any(attrs, "lastmod"));
}

void
item_link(struct builder *b, unsigned rank, struct str url)
{
	slot_string(b, SLOT_LINK, rank, url);
}

static int64_t
item_time(const struct feed_item *item)
{
	return item->published_at != TIME_NONE ? item->published_at : item->updated_at;
}

/*
 * The ceiling on items is reached: whichever end of the document is older gives way. The order is judged once, by the
 * dates at both ends; without dates documents are taken to be newest first, as most are.
 */
static void
judge_order(struct builder *b, int64_t first, int64_t last)
{
	if (b->items_order != 0)
		return;
	b->items_order = first != TIME_NONE && last != TIME_NONE && first < last ? 1 : 2;
	builder_repair(b, "items-cut");
}

static void
replace_oldest(struct builder *b, struct feed_item *item)
{
	judge_order(b, item_time(&b->items[0]), item_time(item));
	if (b->items_order == 2) {
		if (!b->item_stays)
			arena_rollback(b->arena, b->item_mark);
		if (b->html_arena != NULL)
			arena_rollback(b->html_arena, b->html_mark);
		b->linker_base = STR_NONE;
		return;
	}
	b->items[b->item_first] = *item;
	b->item_first = (b->item_first + 1) % b->item_count;
}

/* Language where the document is silent about an item: what it says of itself, else what the text looks like. */
static void
item_language(struct builder *b, const struct feed_doc *doc, struct feed_item *item)
{
	if (item->language.s != NULL) {
		item->language_confidence = 1;
	} else if (doc->language.s != NULL) {
		item->language = doc->language;
		item->language_confidence = 1;
	} else {
		struct str body = item->summary_text.s ? item->summary_text : item->content_text;
		buf_reset(&b->work);
		buf_str(&b->work, item->title);
		buf_putc(&b->work, '\n');
		buf_str(&b->work, utf8_truncate(body, LANG_SAMPLE_BYTES));
		struct str found;
		float confidence;
		if (lang_detect_next(&b->series, builder_view(b, &b->work), &found, &confidence)) {
			item->language = found;
			item->language_confidence = confidence;
		}
	}
}

/* RFC 4287 section 4.2.1 and JSON Feed: who wrote the feed wrote what names nobody. RSS has no such rule. */
static void
item_authors(const struct feed_doc *doc, struct feed_item *item)
{
	enum feed_format f = doc->format;
	if (item->author_count > 0 || (f != FEED_ATOM10 && f != FEED_ATOM03 && f != FEED_JSON10 && f != FEED_JSON11))
		return;
	item->authors = doc->authors;
	item->author_count = doc->author_count;
}

void
item_inherit(struct builder *b, const struct feed_doc *doc, struct feed_item *item)
{
	item_language(b, doc, item);
	item_authors(doc, item);
}

/* In a survey items are only counted; then those in the window are handed on. */
static void
stream_item(struct builder *b, struct feed_item *item)
{
	struct builder_stream *s = b->stream;
	size_t index = s->seen++;
	builder_check(b);
	if (s->doc == NULL) {
		if (index == 0)
			s->first_time = item_time(item);
		else if (index >= b->limits->items)
			judge_order(b, s->first_time, item_time(item));
	} else if (index >= s->from && index < s->to && !b->failed) {
		item_inherit(b, s->doc, item);
		s->stopped = !s->each(s->ctx, item);
		b->failed = s->stopped;
	}
	b->arena = b->doc_arena;
}

void
item_window(struct builder *b)
{
	struct builder_stream *s = b->stream;
	size_t max = b->limits->items > 0 ? b->limits->items : 1;
	size_t count = s->seen < max ? s->seen : max;
	if (s->doc != NULL)
		return;
	s->from = b->items_order == 1 ? s->seen - count : 0;
	s->to = s->from + count;
	b->doc->item_count = count;
}

static void
keep_item(struct builder *b, struct feed_item *item)
{
	if (b->item_count >= b->limits->items && b->item_count > 0) {
		replace_oldest(b, item);
		return;
	}
	if (vec_reserve((void **)&b->items, &b->item_cap, b->item_count + 1, sizeof *b->items) < 0) {
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
		return;
	}
	b->items[b->item_count++] = *item;
}

void
item_end(struct builder *b, const struct frame *f)
{
	struct feed_item *item = b->item;
	if (item == NULL)
		return;
	item->id_is_link = item->id_is_link && url_is_http(item->id);
	if (item->id_is_link)
		item_link(b, LINK_PERMALINK, item->id);
	if (item->language.s == NULL)
		item->language = f->language;
	if (b->items_part.original_link.s != NULL)
		list_link(b, (struct feed_link){.rel = STR_LIT("canonical"), .href = b->items_part.original_link});
	lists_to_item(b, &b->items_part, item);
	b->item = NULL;
	if (b->stream != NULL)
		stream_item(b, item);
	else
		keep_item(b, item);
}
