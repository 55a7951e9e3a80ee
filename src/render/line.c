#include "render/render.h"

#include "base/utf8.h"
#include "text/safe.h"

/* Bytes a part of the line may take, so that the whole stays under RENDER_LINE_MAX whatever a feed sends. */
enum { FEED_MAX = 120, NAMES_MAX = 120, TITLE_MAX = 640, LINK_MAX = 560 };

/* Appends `s` made safe and cut at max bytes. Quotes become ', so that a "…" ends where it says. */
static void
put_cut(struct buf *out, struct str s, size_t max, bool words)
{
	struct buf safe;
	buf_init(&safe, 4 * max + 64);
	text_safe(&safe, utf8_truncate(s, max), 0);
	struct str shown = utf8_truncate(buf_view(&safe), max);
	for (size_t i = 0; i < shown.len; i++) {
		char c = shown.s[i];
		buf_putc(out, c == '"' ? '\'' : c == ' ' && !words ? '_' : c);
	}
	if (s.len > max || shown.len < safe.len)
		buf_puts(out, "…");
	if (safe.failed && !safe.over_limit)
		out->failed = true;
	buf_done(&safe);
}

/* " who=a,b" of the ids of one sort; nothing when there is none. */
static void
put_ids(struct buf *out, const struct record *r, bool topics, const char *label)
{
	size_t start = out->len;
	for (size_t i = 0; i < r->match_count; i++) {
		if (topics ? r->matches[i].kind != WATCH_TOPIC : !watch_kind_is_actor(r->matches[i].kind))
			continue;
		if (out->len - start > NAMES_MAX) {
			buf_puts(out, ",…");
			return;
		}
		buf_puts(out, out->len == start ? label : ",");
		put_cut(out, r->matches[i].id, 64, false);
	}
}

static void
put_watches(struct buf *out, const struct record *r)
{
	size_t start = out->len;
	for (size_t i = 0; i < r->watch_count; i++) {
		if (out->len - start > NAMES_MAX) {
			buf_puts(out, ",…");
			return;
		}
		buf_puts(out, i == 0 ? " watch=" : ",");
		put_cut(out, r->watches[i], 64, false);
	}
}

void
render_line(struct buf *out, const struct record *r)
{
	char at[TIME_FORMAT_MAX];
	time_format(render_item_at(r), false, at);
	buf_printf(out, "%s %lld %s ", at[0] ? at : "-", (long long)r->id, render_severity_word(r->severity));
	put_cut(out, str_empty(r->feed_key) ? STR_LIT("-") : r->feed_key, FEED_MAX, false);
	put_ids(out, r, false, " who=");
	put_ids(out, r, true, " what=");
	put_watches(out, r);
	buf_puts(out, " title=\"");
	put_cut(out, r->title, TITLE_MAX, true);
	buf_putc(out, '"');
	if (!str_empty(r->link)) {
		buf_puts(out, " link=");
		put_cut(out, r->link, LINK_MAX, false);
	}
	buf_putc(out, '\n');
}
