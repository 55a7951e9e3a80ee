#include "worker/message.h"

#include "base/utf8.h"
#include "worker/analyse_page.h"

#define ITEMS_MAX 100000u
#define HITS_MAX 1000000u
#define NAME_MAX_BYTES 256u /* of a name in the watchlist */

/* ---- feed ---- */

/*
 * What analysis alone asks an item and its document for stays behind: who wrote it and under which labels comes as one text each
 * (analysed_item), and of links, enclosures, comments, places and sources nothing is stored.
 */
static const struct wire_field item_fields[] = {
    WIRE_S(feed_item, id),
    WIRE_S(feed_item, link),
    WIRE_S(feed_item, title),
    WIRE_S(feed_item, summary_html),
    WIRE_S(feed_item, content_html),
    WIRE_S(feed_item, summary_text),
    WIRE_S(feed_item, content_text),
    WIRE_N(feed_item, published_at),
    WIRE_N(feed_item, updated_at),
    WIRE_S(feed_item, language),
};
static const struct wire_type item_type = WIRE_TYPE(feed_item, item_fields);

static const struct wire_field hints_fields[] = {
    WIRE_N(feed_hints, ttl_minutes),
    WIRE_N(feed_hints, skip_hours),
    WIRE_N(feed_hints, skip_days),
    WIRE_N(feed_hints, update_period_ms),
};
static const struct wire_type hints_type = WIRE_TYPE(feed_hints, hints_fields);

static const struct wire_field doc_fields[] = {
    WIRE_ENUM(feed_doc, format, FEED_FORMAT_COUNT),
    WIRE_S(feed_doc, format_why),
    WIRE_S(feed_doc, encoding),
    WIRE_S(feed_doc, encoding_why),
    WIRE_B(feed_doc, bozo),
    WIRE_N(feed_doc, bozo_line),
    WIRE_S(feed_doc, bozo_reason),
    WIRE_S(feed_doc, repairs),
    WIRE_B(feed_doc, truncated),
    WIRE_N(feed_doc, unread_dates),
    WIRE_S(feed_doc, unread_date),
    WIRE_S(feed_doc, title),
    WIRE_S(feed_doc, description),
    WIRE_S(feed_doc, link),
    WIRE_S(feed_doc, self),
    WIRE_S(feed_doc, hub),
    WIRE_S(feed_doc, next),
    WIRE_S(feed_doc, id),
    WIRE_S(feed_doc, language),
    WIRE_S(feed_doc, generator),
    WIRE_S(feed_doc, image),
    WIRE_S(feed_doc, rights),
    WIRE_N(feed_doc, published_at),
    WIRE_N(feed_doc, updated_at),
    WIRE_IN(feed_doc, hints, hints_type),
    WIRE_MANY(feed_doc, items, item_count, ITEMS_MAX, item_type),
};
static const struct wire_type doc_type = WIRE_TYPE(feed_doc, doc_fields);

/* ---- story and watch ---- */

static const struct wire_field identity_fields[] = {
    WIRE_RAW(story_identity, key),
    WIRE_ENUM(story_identity, kind, STORY_KEY_GUID_LINK + 1),
    WIRE_RAW(story_identity, content),
    WIRE_RAW(story_identity, link),
    WIRE_RAW(story_identity, alias),
    WIRE_RAW(story_identity, page),
};
static const struct wire_type identity_type = WIRE_TYPE(story_identity, identity_fields);

static const struct wire_field features_fields[] = {
    WIRE_PLAIN(story_features, words, word_count, STORY_READ_MAX),
    WIRE_PLAIN(story_features, title_words, title_count, STORY_TITLE_MAX),
    WIRE_PLAIN(story_features, pieces, piece_count, STORY_PIECES_MAX),
    WIRE_N(story_features, dateline),
};
static const struct wire_type features_type = WIRE_TYPE(story_features, features_fields);

static const struct wire_field mention_fields[] = {
    WIRE_ENUM(watch_mention, field, WATCH_FIELD_COUNT),
    WIRE_N(watch_mention, start),
    WIRE_N(watch_mention, end),
    WIRE_ROW(watch_mention, name, WIRE_STR, .max = NAME_MAX_BYTES),
    WIRE_ROW(watch_mention, form, WIRE_STR, .max = NAME_MAX_BYTES),
    WIRE_ROW(watch_mention, rule, WIRE_WORD, .word = watch_rule_find),
};
static const struct wire_type mention_type = WIRE_TYPE(watch_mention, mention_fields);

static const struct wire_field hit_fields[] = {
    WIRE_N(watch_hit, entity),
    WIRE_MANY(watch_hit, mentions, mention_count, HITS_MAX, mention_type),
};
static const struct wire_type hit_type = WIRE_TYPE(watch_hit, hit_fields);

static const struct wire_field given_up_fields[] = {
    WIRE_N(watch_given_up, entity),
    WIRE_N(watch_given_up, leaf),
    WIRE_ENUM(watch_given_up, field, WATCH_FIELD_COUNT),
    WIRE_ENUM(watch_given_up, limit, WATCH_LIMIT_COUNT),
};
static const struct wire_type given_up_type = WIRE_TYPE(watch_given_up, given_up_fields);

static const struct wire_field result_fields[] = {
    WIRE_MANY(watch_result, hits, hit_count, HITS_MAX, hit_type),
    WIRE_MANY(watch_result, given_up, given_up_count, WATCH_GIVEN_UP_MAX, given_up_type),
};
static const struct wire_type result_type = WIRE_TYPE(watch_result, result_fields);

/* ---- worker ---- */

static const struct wire_field analysed_fields[] = {
    WIRE_IN(analysed_item, identity, identity_type),
    WIRE_IN(analysed_item, features, features_type),
    WIRE_IN(analysed_item, matches, result_type),
    WIRE_S(analysed_item, authors),
    WIRE_S(analysed_item, categories),
    WIRE_O(analysed_item, summary_delta),
    WIRE_O(analysed_item, content_delta),
};
static const struct wire_type analysed_type = WIRE_TYPE(analysed_item, analysed_fields);

static const struct wire_field article_fields[] = {
    WIRE_S(article, title),
    WIRE_S(article, canonical),
    WIRE_S(article, language),
    WIRE_S(article, text),
};
static const struct wire_type article_type = WIRE_TYPE(article, article_fields);

static const struct wire_field page_fields[] = {
    WIRE_IN(page_analysis, article, article_type),
    WIRE_IN(page_analysis, matches, result_type),
};
static const struct wire_type page_type = WIRE_TYPE(page_analysis, page_fields);

static const struct wire_field analysis_fields[] = {
    WIRE_IN(analysis, doc, doc_type),
    WIRE_SAME(analysis, items, doc.item_count, analysed_type),
    WIRE_MANY(analysis, page, page_count, 1, page_type),
};
const struct wire_type analysis_type = WIRE_TYPE(analysis, analysis_fields);

/* An error, or one analysis. */
struct answer {
	enum err_code code;
	struct str text;
	struct analysis *analysis;
	size_t analysis_count;
};

static const struct wire_field answer_fields[] = {
    WIRE_ENUM(answer, code, ERR_CODE_COUNT),
    WIRE_ROW(answer, text, WIRE_STR, .max = ERR_MSG_MAX),
    WIRE_MANY(answer, analysis, analysis_count, 1, analysis_type),
};
const struct wire_type worker_answer_type = WIRE_TYPE(answer, answer_fields);

static const struct wire_field hello_fields[] = {
    WIRE_B(worker_hello, seccomp),
    WIRE_B(worker_hello, memory_limit),
};
const struct wire_type worker_hello_type = WIRE_TYPE(worker_hello, hello_fields);

static const struct wire_field job_item_fields[] = {
    WIRE_O(analysis_item, language),
    WIRE_O(analysis_item, title),
    WIRE_O(analysis_item, summary),
    WIRE_O(analysis_item, content),
    WIRE_O(analysis_item, link),
    WIRE_O(analysis_item, authors),
    WIRE_O(analysis_item, categories),
};
static const struct wire_type job_item_type = WIRE_TYPE(analysis_item, job_item_fields);

/* Header values may be any bytes. */
static const struct wire_field job_fields[] = {
    WIRE_O(analysis_job, input.url), WIRE_O(analysis_job, input.content_type),
    WIRE_O(analysis_job, input.content_location), WIRE_O(analysis_job, input.content_language),
    WIRE_O(analysis_job, language), WIRE_O(analysis_job, feed), WIRE_O(analysis_job, title), WIRE_O(analysis_job, tags),
    WIRE_B(analysis_job, page), WIRE_IN(analysis_job, item, job_item_type),
    WIRE_O(analysis_job, input.body), /* last: see message_put_job */
};
const struct wire_type worker_job_type = WIRE_TYPE(analysis_job, job_fields);

/* ---- messages ---- */

static size_t
begin(struct buf *out)
{
	unsigned char head[WIRE_HEAD] = {0};
	buf_add(out, head, sizeof head);
	return out->len;
}

static void
end(struct buf *out, size_t start, size_t further)
{
	if (!out->failed)
		wire_head_put((unsigned char *)out->data + start - WIRE_HEAD, (uint32_t)(out->len - start + further));
}

void
message_put_hello(struct buf *out, const struct worker_hello *hello)
{
	size_t start = begin(out);
	wire_put(out, &worker_hello_type, hello);
	end(out, start, 0);
}

void
message_put_job(struct buf *out, const struct analysis_job *job)
{
	struct analysis_job bare = *job;
	size_t start = begin(out);
	bare.input.body = STR_NONE;
	wire_put(out, &worker_job_type, &bare);
	if (out->len > start)
		out->len--; /* the head of the empty body */
	wire_put_bytes_head(out, job->input.body.len);
	end(out, start, job->input.body.len);
}

/* An empty byte string and an absent one are one on the wire. */
static struct str
given(struct str s)
{
	return s.len > 0 ? s : STR_NONE;
}

int
message_get_job(struct str message, struct analysis_job *ret, struct err *err)
{
	struct arena none;
	arena_init(&none, 1);
	if (wire_get(message, &worker_job_type, &none, ret, err) < 0)
		return -1;
	struct feed_input *in = &ret->input;
	in->url = given(in->url);
	in->content_type = given(in->content_type);
	in->content_location = given(in->content_location);
	in->content_language = given(in->content_language);
	ret->language = given(ret->language);
	ret->feed = given(ret->feed);
	ret->title = given(ret->title);
	ret->tags = given(ret->tags);
	struct str *const of_item[] = {&ret->item.language, &ret->item.title, &ret->item.summary, &ret->item.content,
	    &ret->item.link, &ret->item.authors, &ret->item.categories};
	for (size_t i = 0; i < sizeof of_item / sizeof *of_item; i++)
		*of_item[i] = given(*of_item[i]);
	return 0;
}

void
message_put_answer(struct buf *out, const struct analysis *analysis, const struct err *error)
{
	struct answer a = {.code = error->code, .analysis = (struct analysis *)(uintptr_t)analysis, .analysis_count = 1};
	size_t start = begin(out);
	if (error->code != ERR_NONE) {
		a.text = utf8_truncate(str_from(error->msg), ERR_MSG_MAX - 1);
		a.text.len = utf8_valid_prefix(a.text);
		a.analysis_count = 0;
	}
	wire_put(out, &worker_answer_type, &a);
	end(out, start, 0);
}

/* ---- checks ---- */

static bool
cuts_character(struct str s, size_t at)
{
	return at < s.len && ((unsigned char)s.s[at] & 0xC0) == 0x80;
}

static bool
mention_fits(const struct watch_mention *m, const struct watch_input *in)
{
	struct str text = in->fields[m->field];
	return m->start < m->end && m->end <= text.len && !cuts_character(text, m->start) &&
	       !cuts_character(text, m->end) && m->rule != NULL;
}

static int
check_hits(
    const struct watch_result *found, const struct watchlist *watchlist, const struct watch_input *in, struct err *err)
{
	for (size_t i = 0; i < found->hit_count; i++) {
		const struct watch_hit *hit = &found->hits[i];
		if (hit->entity >= watchlist_count(watchlist) || (i > 0 && hit->entity <= found->hits[i - 1].entity))
			return err_set(err, ERR_SYNTAX, "entity %zu is out of place", hit->entity);
		/* a query may apply without a place */
		if (hit->mention_count == 0 && watch_kind_is_actor(watchlist_entity(watchlist, hit->entity)->kind))
			return err_set(err, ERR_SYNTAX, "entity %zu is nowhere mentioned", hit->entity);
		for (size_t k = 0; k < hit->mention_count; k++) {
			if (!mention_fits(&hit->mentions[k], in))
				return err_set(
				    err, ERR_SYNTAX, "a mention of entity %zu lies outside its text", hit->entity);
		}
	}
	for (size_t i = 0; i < found->given_up_count; i++) {
		if (!watch_given_up_fits(watchlist, &found->given_up[i]))
			return err_set(
			    err, ERR_SYNTAX, "entity %zu has no such regular expression", found->given_up[i].entity);
	}
	return 0;
}

/* Pieces count the words of a title as they stand, before numbers of several words become one. */
static bool
features_fit(const struct story_features *f)
{
	for (size_t i = 0; i < f->piece_count; i++) {
		if (f->pieces[i].from > f->pieces[i].to || f->pieces[i].to >= STORY_TITLE_MAX)
			return false;
	}
	return f->dateline <= f->word_count;
}

static int
check_analysis(const struct analysis *a, const struct watchlist *watchlist, struct err *err)
{
	for (size_t i = 0; i < a->doc.item_count; i++) {
		struct watch_input in;
		analysis_input(a, i, STR_NONE, &in);
		if (!features_fit(&a->items[i].features))
			return err_set(err, ERR_SYNTAX, "a signature points outside its text");
		if (check_hits(&a->items[i].matches, watchlist, &in, err) < 0)
			return -1;
	}
	return 0;
}

int
message_get_answer(struct str message, const struct watchlist *watchlist, struct arena *arena, struct analysis *ret,
    struct err *result)
{
	struct answer a;
	err_clear(result);
	if (wire_get(message, &worker_answer_type, arena, &a, result) < 0)
		return -1;
	if (a.analysis_count != (a.code == ERR_NONE))
		return err_set(result, ERR_SYNTAX, "an error and an analysis, or neither");
	if (a.code != ERR_NONE) {
		err_set(result, a.code, "%.*s", STR_ARG(a.text));
		return 0;
	}
	*ret = *a.analysis;
	return check_analysis(ret, watchlist, result);
}

int
message_check_page(
    const struct analysis *a, const struct analysis_job *job, const struct watchlist *watchlist, struct err *err)
{
	struct watch_input in;
	if (a->page_count != 1)
		return err_set(err, ERR_SYNTAX, "a page was given, and none came back");
	page_input(job, &a->page->article, &in);
	return check_hits(&a->page->matches, watchlist, &in, err);
}
