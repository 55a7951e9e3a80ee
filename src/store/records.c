#include "store/records.h"

#include "store/evidence.h"

static void
read_item(const struct call *c, struct arena *a, struct record *r)
{
	*r = (struct record){
	    .id = column_int(c, 0),
	    .feed_key = column_str(c, 1, a),
	    .feed_title = column_str(c, 2, a),
	    .guid = column_str(c, 3, a),
	    .link = column_str(c, 4, a),
	    .title = column_str(c, 5, a),
	    .summary = column_str(c, 6, a),
	    .content = column_str(c, 7, a),
	    .language = column_str(c, 10, a),
	    .authors = column_str(c, 11, a),
	    .categories = column_str(c, 12, a),
	    .published_at = column_time(c, 13),
	    .updated_at = column_time(c, 14),
	    .first_seen_at = column_time(c, 15),
	    .changed_at = column_time(c, 16),
	    .severity = (int)column_int(c, 17),
	    .source_count = (unsigned)column_int(c, 18),
	    .watchlist = column_int(c, 29),
	    .story = {.id = column_int(c, 19),
	        .duplicate_of = column_int(c, 20),
	        .nth_source = (unsigned)column_int(c, 21),
	        .source_count = (unsigned)column_int(c, 22),
	        .item_count = (unsigned)column_int(c, 23),
	        .first_at = column_time(c, 24),
	        .last_at = column_time(c, 25),
	        .headline = column_str(c, 26, a)},
	    .article = column_str(c, 27, a),
	    .canonical = column_str(c, 28, a),
	};
	r->summary_html = column_html(c, 8, r->summary, a);
	r->content_html = column_html(c, 9, r->content, a);
}

static int
read_matches(struct store *s, struct arena *a, struct record *r, struct err *err)
{
	size_t cap = 0;
	struct call c = call_begin(s, SQL_RECORD_MATCHES);
	int rc;

	call_int(&c, r->id);
	while ((rc = call_row(&c, err)) > 0) {
		struct record_match *grown = arena_grow(a, r->matches, &cap, r->match_count, sizeof *grown);
		if (grown == NULL)
			break;
		r->matches = grown;
		struct record_match *m = &r->matches[r->match_count++];
		*m = (struct record_match){
		    .kind = WATCH_TOPIC, .id = column_str(&c, 1, a), .label = column_str(&c, 2, a)};
		watch_kind_parse(column_view(&c, 0), &m->kind);
		evidence_read(column_view(&c, 3), r, a, m);
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

static int
read_watches(struct store *s, struct arena *a, struct record *r, struct err *err)
{
	size_t cap = 0;
	struct call c = call_begin(s, SQL_RECORD_WATCHES);
	int rc;

	call_int(&c, r->id);
	while ((rc = call_row(&c, err)) > 0) {
		struct str *grown = arena_grow(a, r->watches, &cap, r->watch_count, sizeof *grown);
		if (grown == NULL)
			break;
		r->watches = grown;
		r->watches[r->watch_count++] = column_str(&c, 0, a);
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

int
records_read(struct store *s, int64_t id, struct arena *arena, struct record *ret, struct err *err)
{
	struct call c = call_begin(s, SQL_RECORD);
	call_int(&c, id);
	int rc = call_row(&c, err);
	if (rc > 0)
		read_item(&c, arena, ret);
	call_end(&c);
	if (rc <= 0)
		return rc;
	if (read_matches(s, arena, ret, err) < 0 || read_watches(s, arena, ret, err) < 0 || arena_check(arena, err) < 0)
		return -1;
	return 1;
}

int
store_item(struct store *s, int64_t id, struct arena *arena, struct record *ret, struct err *err)
{
	int rc = records_read(s, id, arena, ret, err);
	return rc > 0 ? 0 : rc < 0 ? -1 : err_set(err, ERR_NOT_FOUND, "there is no item %lld", (long long)id);
}
