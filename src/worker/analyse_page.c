#include "worker/analyse_page.h"

#include "feed/page.h"

/* HTML by its label, or without one. */
static bool
is_page(struct str content_type)
{
	struct str rest = content_type, type = STR_NONE;
	if (str_empty(content_type))
		return true;
	str_split(&rest, ';', &type);
	type = str_trim(type);
	return str_ieq(type, STR_LIT("text/html")) || str_ieq(type, STR_LIT("application/xhtml+xml"));
}

static int
read_article(const struct analysis_job *job, struct arena *arena, struct article *out, struct err *err)
{
	struct str html;
	struct buf buf;

	if (!is_page(job->input.content_type))
		return err_set(err, ERR_NOT_A_PAGE, "the page is no HTML");
	buf_init(&buf, 0);
	int rc = page_decode(job->input.body, job->input.content_type, arena, &buf, &html, err);
	if (rc == 0)
		rc = article_extract(html, job->input.url, arena, out, err);
	buf_done(&buf);
	if (rc == 0 && str_empty(out->text))
		return err_set(err, ERR_EMPTY, "no article was found on the page");
	return rc;
}

void
page_input(const struct analysis_job *job, const struct article *article, struct watch_input *ret)
{
	const struct analysis_item *item = &job->item;
	*ret = (struct watch_input){
	    .memo = job->memo, .lang = item->language, .feed = job->feed, .source = job->title, .tags = job->tags};
	if (ret->lang.s == NULL)
		ret->lang = str_empty(job->language) ? article->language : job->language;
	ret->fields[WATCH_FIELD_TITLE] = item->title;
	ret->fields[WATCH_FIELD_SUMMARY] = item->summary;
	ret->fields[WATCH_FIELD_CONTENT] = item->content;
	ret->fields[WATCH_FIELD_ARTICLE] = article->text;
	ret->fields[WATCH_FIELD_AUTHOR] = item->authors;
	ret->fields[WATCH_FIELD_CATEGORY] = item->categories;
	ret->fields[WATCH_FIELD_LINK] = item->link;
}

int
analyse_page(const struct analysis_job *job, const struct watchlist *watchlist, struct arena *arena,
    struct analysis *out, struct err *err)
{
	uint64_t regex_steps = WATCH_REGEX_STEPS_MAX;
	struct watch_input in;
	struct page_analysis *page = arena_zalloc(arena, 1, sizeof *page);
	if (page == NULL)
		return arena_check(arena, err);
	if (read_article(job, arena, &page->article, err) < 0)
		return -1;
	page_input(job, &page->article, &in);
	in.regex_steps = &regex_steps;
	out->page = page;
	out->page_count = 1;
	return watch_match(watchlist, &in, arena, &page->matches, err);
}
