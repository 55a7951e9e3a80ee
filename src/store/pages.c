#include "store/pages.h"

#include "store/bulk.h"
#include "store/stories.h"

#define ROWS_MAX 16 /* items of one page that are looked at */

/* ---- where a page belongs ---- */

/* Behind "scheme://host". */
static struct str
behind_host(struct str link)
{
	ptrdiff_t host = str_find(link, STR_LIT("://"), 0);
	ptrdiff_t path = host >= 0 ? str_find(link, STR_LIT("/"), (size_t)host + 3) : -1;
	return path >= 0 ? (struct str){link.s + path, link.len - (size_t)path} : STR_LIT("");
}

/* Both in canonical form. */
static bool
is_section_of(struct str section, struct str page)
{
	return section.len < page.len && str_starts(page, section) && page.s[section.len] == '/';
}

/* Where the page says it belongs, if that can be, else where it was found: the hash of that. 0: at a front page. -1: no memory. */
static int
home_of(const struct store_article *a, uint64_t *ret, struct err *err)
{
	struct buf page, canonical;
	buf_init(&page, 0);
	buf_init(&canonical, 0);
	bool ok = story_canonical_link(a->url, &page) && story_canonical_link(a->canonical, &canonical);
	struct str home = buf_view(&canonical);
	if (behind_host(home).len == 0 || is_section_of(home, buf_view(&page)))
		home = buf_view(&page);
	int rc = !ok ? err_oom(err) : behind_host(home).len > 0;
	*ret = rc > 0 ? story_link_mark(home) : 0;
	buf_done(&page);
	buf_done(&canonical);
	return rc;
}

/* ---- who else is there ---- */

struct asked {
	int64_t item, feed; /* item 0: not stored yet */
	struct str title;
	const struct hash128 *content; /* NULL: nobody asks */
};

static bool
is_believed(const struct call *c, const struct asked *by)
{
	bool fetched = column_int(c, 4) != 0, same_feed = column_int(c, 1) == by->feed;
	bool same_title = str_eq(str_trim(column_view(c, 2)), str_trim(by->title));
	return fetched ? !same_feed || same_title : !same_feed && same_title;
}

static bool
says_the_same(const struct call *c, const struct asked *by)
{
	struct hash128 content = column_hash(c, 3);
	return by->content != NULL && hash128_equal(content, *by->content);
}

static bool
is_better(struct page_found a, struct page_found b)
{
	return b.item == 0 || (a.same != b.same ? a.same : a.item < b.item);
}

/* The item that is believed to be that page: one that says the same, else the oldest. */
static int
find_at(struct store *s, uint64_t home, const struct asked *by, struct page_found *ret, struct err *err)
{
	int64_t feeds[ROWS_MAX], items[ROWS_MAX];
	bool unclear = false;
	size_t n = 0;

	*ret = (struct page_found){0};
	if (bulk_has_page(s, home))
		bulk_write(s);
	struct call c = call_begin(s, SQL_PAGE_ITEMS);
	int rc;
	call_int(&c, (int64_t)home);
	call_hash(&c, (struct hash128){.hi = home, .lo = 0});
	call_hash(&c, (struct hash128){.hi = home, .lo = UINT64_MAX});
	call_int(&c, ROWS_MAX);
	while ((rc = call_row(&c, err)) > 0) {
		int64_t item = column_int(&c, 0), feed = column_int(&c, 1);
		for (size_t i = 0; i < n; i++)
			unclear |= feeds[i] == feed && items[i] != item;
		if (n < ROWS_MAX) {
			feeds[n] = feed;
			items[n++] = item;
		}
		struct page_found this = {item, says_the_same(&c, by), true};
		ret->any = true;
		if (item != by->item && is_believed(&c, by) && is_better(this, *ret))
			*ret = this;
	}
	call_end(&c);
	if (unclear)
		*ret = (struct page_found){.any = true};
	return rc < 0 ? -1 : 0;
}

int
pages_find(struct item_context *ctx, const struct store_new_item *item, struct page_found *ret, struct err *err)
{
	const struct story_identity *id = item->identity;
	struct asked by = {.feed = ctx->poll->feed_id, .title = item->item->title, .content = &id->content};
	*ret = (struct page_found){0};
	if (hash128_is_none(id->alias)) /* its link does not tell items apart */
		return 0;
	return find_at(ctx->s, id->alias.hi, &by, ret, err);
}

/* ---- the page has come ---- */

static int
ask_item(struct item_context *ctx, int64_t id, struct asked *ret, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_PAGE_ITEM);
	call_int(&c, id);
	int rc = call_row(&c, err);
	*ret = (struct asked){.item = id};
	if (rc > 0) {
		ret->feed = column_int(&c, 0);
		ret->title = column_str(&c, 1, ctx->scratch);
	}
	call_end(&c);
	return rc < 0 ? -1 : arena_check(ctx->scratch, err);
}

static int
remember_home(struct store *s, int64_t item, uint64_t home, struct err *err)
{
	struct call c = call_begin(s, SQL_PAGE_SET);
	call_int(&c, (int64_t)home);
	call_int(&c, item);
	return call_run(&c, err);
}

int
pages_settle(struct item_context *ctx, const struct store_article *a, struct page_copy *ret, struct err *err)
{
	struct asked by;
	struct page_found other;
	uint64_t home;

	*ret = (struct page_copy){0};
	int rc = home_of(a, &home, err);
	if (rc <= 0)
		return rc;
	if (ask_item(ctx, a->item_id, &by, err) < 0 || find_at(ctx->s, home, &by, &other, err) < 0 ||
	    remember_home(ctx->s, a->item_id, home, err) < 0)
		return -1;
	if (other.item == 0)
		return 0;
	bool later = a->item_id > other.item;
	ret->item = later ? a->item_id : other.item;
	rc = stories_make_copy(ctx->s, ret->item, later ? other.item : a->item_id, &ret->story, err);
	if (rc <= 0)
		ret->item = 0;
	return rc < 0 ? -1 : 0;
}
