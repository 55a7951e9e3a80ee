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
read_article(const struct page_job *job, struct arena *arena, struct article *out, struct err *err)
{
	struct str html;
	struct buf buf;

	if (!is_page(job->content_type))
		return err_set(err, ERR_NOT_A_PAGE, "the page is no HTML");
	buf_init(&buf, 0);
	int rc = page_decode(job->body, job->content_type, arena, &buf, &html, err);
	if (rc == 0)
		rc = article_extract(html, job->url, arena, out, err);
	buf_done(&buf);
	if (rc == 0 && str_empty(out->text))
		return err_set(err, ERR_EMPTY, "no article was found on the page");
	return rc;
}

int
analyse_page(const struct page_job *job, const struct watchlist *watchlist, struct arena *arena,
    struct page_analysis *out, struct err *err)
{
	const struct record *item = job->item;

	*out = (struct page_analysis){.matches = {.hit_count = 0}};
	if (read_article(job, arena, &out->article, err) < 0)
		return -1;
	struct watch_input in = {.lang = item->language};
	if (in.lang.s == NULL)
		in.lang = str_empty(job->language) ? out->article.language : job->language;
	in.fields[WATCH_FIELD_TITLE] = item->title;
	in.fields[WATCH_FIELD_SUMMARY] = item->summary;
	in.fields[WATCH_FIELD_CONTENT] = item->content;
	in.fields[WATCH_FIELD_ARTICLE] = out->article.text;
	in.fields[WATCH_FIELD_AUTHOR] = item->authors;
	in.fields[WATCH_FIELD_CATEGORY] = item->categories;
	return watch_match(watchlist, &in, arena, &out->matches, err);
}
