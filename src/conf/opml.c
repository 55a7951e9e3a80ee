/* The feeds of OPML files become [feed KEY] sections. */
#include "feed/opml.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "conf/build.h"
#include "conf/value.h"
#include "feed/lang.h"
#include "feed/url.h"
#include "text/fold.h"

#include <stdio.h>

#define SLUG_BYTES_MAX 48u /* leaves room in a key for what makes it unique */
#define TAG_BYTES_MAX 64u

struct import {
	struct build *build;
	struct conf_origin file;
	size_t first;      /* feeds from here on come from this file */
	struct map by_url; /* index + 1 of every feed there is */
};

/* Letters and digits, in lower case and without diacritics, with one hyphen for any number of other things. 0 when
 * nothing of it is left, or when it holds letters that a key cannot have. */
static size_t
slug(struct build *b, struct str text, char out[SLUG_BYTES_MAX])
{
	struct buf folded;
	size_t len = 0;
	bool good;
	buf_init(&folded, CONF_VALUE_BYTES_MAX);
	good = text_fold_str(&folded, text);
	b->out_of_memory |= folded.failed;
	for (size_t i = 0; i < folded.len && len < SLUG_BYTES_MAX && good; i++) {
		char c = ascii_lower(folded.data[i]);
		good = (unsigned char)c < 0x80;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[len++] = c;
		else if (len > 0 && out[len - 1] != '-')
			out[len++] = '-';
	}
	buf_done(&folded);
	while (len > 0 && out[len - 1] == '-')
		len--;
	return good ? len : 0;
}

/* From the title where its letters allow, else from the URL; with a hash of the URL behind it where that is taken. So it
 * stays the same while title and URL do, wherever the feed stands. */
static struct str
make_key(struct build *b, const struct opml_feed *feed, char out[CONF_KEY_BYTES_MAX + 1])
{
	struct url_parts parts = url_parse(feed->url);
	struct str place = {parts.host.s, (size_t)(feed->url.s + feed->url.len - parts.host.s)};
	size_t base = slug(b, feed->title, out), len;
	if (str_istarts(place, STR_LIT("www.")))
		place = (struct str){place.s + 4, place.len - 4};
	if (base == 0)
		base = slug(b, place, out);
	if (base == 0)
		base = (size_t)snprintf(out, SLUG_BYTES_MAX, "feed");
	len = base;
	for (uint64_t seed = 0; build_find(b, CONF_FEED, (struct str){out, len}) >= 0; seed++)
		len = base + (size_t)snprintf(
		                 out + base, CONF_KEY_BYTES_MAX + 1 - base, "-%08x", (unsigned)hash64(feed->url, seed));
	return (struct str){out, len};
}

/* A folder's name as a tag: tags hold no white space and no comma. */
static bool
add_tag(struct import *im, struct conf_feed *f, struct str folder, const struct conf_origin *origin)
{
	struct arena *arena = &im->build->conf->arena;
	struct err err;
	struct str tag = arena_str(arena, utf8_truncate(folder, TAG_BYTES_MAX));
	char *c = (char *)tag.s;
	for (size_t i = 0; i < tag.len; i++)
		c[i] = ascii_space(c[i]) || c[i] == ',' ? '-' : ascii_lower(c[i]);
	if (str_empty(tag))
		return !arena->failed;
	return conf_list_has(&f->tags, tag) || conf_list_push(arena, &f->tags, tag, origin, &err) == 0;
}

static bool
add_feed(struct import *im, const struct opml_feed *feed, const struct conf_origin *origin)
{
	char key[CONF_KEY_BYTES_MAX + 1];
	struct conf_feed *f = build_add(im->build, CONF_FEED, make_key(im->build, feed, key), origin);
	if (f == NULL)
		return false;
	struct arena *arena = &im->build->conf->arena;
	f->url = arena_str(arena, feed->url);
	f->title = arena_str(arena, feed->title);
	f->language = lang_normalise(arena, feed->language);
	return !im->build->out_of_memory && !arena->failed &&
	       map_put(&im->by_url, f->url, (void *)(uintptr_t)im->build->tables[CONF_FEED].count) == 0;
}

/* A feed that is there already keeps its section, and is tagged with one more folder when it came from a file like this. */
static bool
import_feed(struct import *im, const struct opml_feed *feed)
{
	struct conf_origin origin = im->file;
	origin.line = feed->line;
	uintptr_t known = (uintptr_t)map_get(&im->by_url, feed->url);
	if (known == 0 && url_parse(feed->url).userinfo.s != NULL) {
		conf_report_warning(im->build->report, &origin,
		    "this feed is passed over: credentials in a URL get into logs and databases; "
		    "give it a [feed KEY] section with header = Authorization: …");
		return true;
	}
	if (known == 0 && !add_feed(im, feed, &origin))
		return false;
	size_t index = known ? known - 1 : im->build->tables[CONF_FEED].count - 1;
	return index < im->first || add_tag(im, build_record(im->build, CONF_FEED, index), feed->folder, &origin);
}

static bool
know_urls(struct import *im)
{
	const struct build_table *t = &im->build->tables[CONF_FEED];
	for (size_t i = 0; i < t->count; i++) {
		const struct conf_feed *f = build_record(im->build, CONF_FEED, i);
		if (!str_empty(f->url) && map_put(&im->by_url, f->url, (void *)(uintptr_t)(i + 1)) < 0)
			return false;
	}
	return true;
}

static void
tell_skipped(struct import *im, const struct opml_doc *doc)
{
	char quoted[CONF_QUOTE_MAX];
	for (size_t i = 0; i < doc->skipped_count; i++) {
		struct conf_origin at = im->file;
		at.line = doc->skipped[i].line;
		conf_report_warning(im->build->report, &at, "this feed is passed over: %s %s",
		    conf_quote(doc->skipped[i].what, quoted), doc->skipped[i].why);
	}
}

void
build_opml(struct build *b, struct conf_origin file, struct str text)
{
	struct import im = {.build = b, .file = file, .first = b->tables[CONF_FEED].count};
	struct opml_doc doc;
	struct arena arena;
	struct err err;

	arena_init(&arena, CONF_MEMORY_BYTES_MAX);
	map_init(&im.by_url);
	if (opml_parse(text, &opml_limits_default, &arena, &doc, &err) < 0) {
		file.line = doc.error_line;
		conf_report_error(b->report, &file, "%s", err.msg);
	} else {
		bool good = know_urls(&im);
		for (size_t i = 0; i < doc.feed_count && good; i++)
			good = import_feed(&im, &doc.feeds[i]);
		b->out_of_memory |= !good;
		tell_skipped(&im, &doc);
	}
	map_done(&im.by_url);
	arena_done(&arena);
}
