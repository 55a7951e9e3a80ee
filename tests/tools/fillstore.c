/*
 * fillstore DATABASE [N]: makes a database with two feeds, one of which fails, and a few invented items, one of them
 * hostile, for the tests of the companion; with a number: adds one more item of that number that mentions Zelenskiy.
 */
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

#define NOW 1795444500000LL /* 2026-11-23T14:35:00Z */
#define EVIL \
	"\x1b[2J\x1b]0;owned\x07\r\n\xe2\x80\xae" \
	"evil\xff $(touch x)"

static struct store *store;
static struct arena arena;
static struct watchlist *watchlist;
static struct err err;

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "fillstore: %s: %s\n", what, err.msg);
	exit(1);
}

static void
make_watchlist(void)
{
	static const struct {
		const char *id, *name;
		enum watch_kind kind;
	} names[] = {{"zelenskiy", "Zelenskiy", WATCH_PERSON}, {"putin", "Putin", WATCH_PERSON},
	    {"putin", "Путин", WATCH_PERSON}, {"evil", "evil", WATCH_ORG}, {"grain", "grain deal", WATCH_TOPIC}};
	struct watch_builder *b = watch_builder_new();
	must(b != NULL, "watchlist");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		must(watch_add(b, str_from(names[i].id), names[i].kind, STR_LIT("und"), str_from(names[i].name),
		         (struct watch_origin){STR_NONE, 0}, &err) == 0,
		    "watch_add");
	must(watch_set_label(b, STR_LIT("zelenskiy"), STR_LIT("Volodymyr Zelenskiy"), &err) == 0, "watch_set_label");
	watchlist = watch_compile(b, &err);
	must(watchlist != NULL, "watch_compile");
	watch_builder_free(b);
}

static void
fill_item(struct store_new_item *n, struct feed_item *item, struct story_identity *identity)
{
	static const struct str watches[] = {STR_LIT("talks")};
	static const struct store_tell tells[] = {{.watch = STR_LIT("talks"), .sink = STR_LIT("desk"), .severity = 2}};
	struct watch_result *matches = arena_zalloc(&arena, 1, sizeof *matches);
	struct watch_input in = {.lang = item->language};
	must(matches != NULL, "memory");
	in.fields[WATCH_FIELD_TITLE] = item->title;
	in.fields[WATCH_FIELD_SUMMARY] = item->summary_text;
	must(watch_match(watchlist, &in, &arena, matches, &err) == 0, "watch_match");
	*n = (struct store_new_item){.item = item, .identity = identity, .matches = matches};
	if (matches->hit_count > 0) {
		n->watches = watches;
		n->watch_count = n->tell_count = 1;
		n->tells = tells;
		n->severity = 2;
	}
}

static void
poll_good(int64_t feed, const char *title, int64_t at, struct feed_item *items, size_t count)
{
	struct store_new_item news[8];
	struct story_source sources[8] = {0};
	struct story_identity identities[8];
	for (size_t i = 0; i < count; i++)
		sources[i] = (struct story_source){
		    .guid = items[i].id, .link = items[i].link, .title = items[i].title, .text = items[i].summary_text};
	must(story_identify(sources, count, identities) == 0, "story_identify");
	for (size_t i = 0; i < count; i++)
		fill_item(&news[i], &items[i], &identities[i]);
	struct store_poll poll = {.feed_id = feed,
	    .at = at,
	    .http_status = 200,
	    .complete = true,
	    .title = str_from(title),
	    .next_due_at = at + 15 * MINUTE_MS,
	    .next_why = "interval",
	    .items = news,
	    .item_count = count};
	must(store_commit_polls(store, &poll, 1, watchlist, &err) == 0, "store_commit_polls");
}

static void
poll_bad(int64_t feed, int64_t at)
{
	struct store_poll poll = {.feed_id = feed,
	    .at = at,
	    .error = ERR_HTTP_NOT_FOUND,
	    .error_text = STR_LIT("404 " EVIL),
	    .http_status = 404,
	    .next_due_at = at + HOUR_MS,
	    .next_why = "backing off",
	    .sched = {.failures = 1, .failing_since_at = at}};
	must(store_commit_polls(store, &poll, 1, watchlist, &err) == 0, "store_commit_polls");
}

#define ITEM(number, title_, text_, at_) \
	{ \
		.id = STR_LIT("tag:example," number), .link = STR_LIT("https://news.example/" number), \
		.title = STR_LIT(title_), .summary_text = STR_LIT(text_), .published_at = at_, \
		.updated_at = TIME_NONE, .language = STR_LIT("en") \
	}

int
main(int argc, char **argv)
{
	static const struct store_feed_key keys[] = {{STR_LIT("wire"), STR_LIT("https://news.example/rss"), STR_NONE},
	    {STR_LIT("broken"), STR_LIT("https://broken.example/rss"), STR_NONE}};
	static struct feed_item items[] = {
	    ITEM("1", "Zelenskiy meets envoys in Geneva", "They spoke about the grain deal for two hours.",
	        NOW - 3 * DAY_MS),
	    ITEM("2", "Rowers finish a crossing", "Nobody of note was there.", NOW - 2 * DAY_MS),
	    ITEM("3", "Путин: переговоры возобновятся", "Москва ждёт.", NOW - DAY_MS),
	    ITEM("4", EVIL, EVIL, NOW),
	};
	struct store_feed *feeds;
	int64_t number = 0;
	char text[200];

	if (argc < 2 || (argc > 2 && !str_int(str_from(argv[2]), 1, 1000000, &number))) {
		fprintf(stderr, "usage: fillstore DATABASE [N]\n");
		return 2;
	}
	arena_init(&arena, 0);
	make_watchlist();
	must(store_open(argv[1], STORE_WRITE, &store, &err) == 0, "store_open");
	must(store_sync_feeds(store, keys, 2, NOW - 3 * DAY_MS, &arena, &feeds, &err) == 0, "store_sync_feeds");
	if (number == 0) {
		for (size_t i = 0; i < sizeof items / sizeof *items; i++)
			poll_good(feeds[0].id, "The Wire", items[i].published_at, &items[i], 1);
		poll_bad(feeds[1].id, NOW);
	} else {
		struct feed_item more = {.published_at = NOW, .updated_at = TIME_NONE};
		snprintf(text, sizeof text, "Zelenskiy speaks, part %lld", (long long)number);
		more.title = more.id = str_from(text);
		poll_good(feeds[0].id, "The Wire", NOW + number * SECOND_MS, &more, 1);
	}
	store_close(store);
	watchlist_free(watchlist);
	arena_done(&arena);
	return 0;
}
