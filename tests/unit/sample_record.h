#pragma once
/*
 * One item with evidence in two scripts, and one in which every field is hostile; for the tests of render and notify.
 */
#include "base/clock.h"
#include "story/record.h"

#define SAMPLE_AT 1795444500000LL /* 2026-11-23T14:35:00Z */

/* ESC and C1 sequences, OSC 8 and 52, line ends, overwriting, bidi overrides, quotes, markup, shell. */
#define SAMPLE_EVIL \
	"\x1b[2J\x1b]8;;http://evil.example\x07" \
	"x\x1b]52;c;AAAA\x07\r\nFake: line\n\b\b\xc2\x9b" \
	"31m" \
	"\xe2\x80\xae" \
	"drow\xe2\x80\xa8\xff\"</script>$(touch x)"

static struct record_mention sample_actor_mentions[] = {
    {WATCH_FIELD_TITLE, 0, 9, {"Zelenskiy", 9}, {"Zelenskiy", 9}, {"exact", 5}, {NULL, 0}},
    {WATCH_FIELD_CONTENT, 29, 51, {"Зеленському", 22}, {"Зеленський", 20}, {"inflected", 9}, {NULL, 0}},
};
static struct record_mention sample_topic_mentions[] = {
    {WATCH_FIELD_CONTENT, 4, 14, {"peace plan", 10}, {"peace plan", 10}, {"exact", 5}, {NULL, 0}},
};
static struct record_match sample_matches[] = {
    {WATCH_PERSON, {"zelenskiy", 9}, {"Volodymyr Zelenskiy", 19}, sample_actor_mentions, 2},
    {WATCH_TOPIC, {"peace-plan", 10}, {"peace plan", 10}, sample_topic_mentions, 1},
};
static struct str sample_watches[] = {{"talks", 5}, {"ukraine", 7}};

static inline struct record
sample_record(void)
{
	struct record r = {
	    .id = 42,
	    .feed_key = STR_LIT("bbc-world"),
	    .feed_title = STR_LIT("Example World"),
	    .guid = STR_LIT("urn:1"),
	    .link = STR_LIT("https://news.example/a?b=1"),
	    .title = STR_LIT("Zelenskiy meets envoys in Geneva"),
	    .content = STR_LIT("The peace plan was handed to Зеленському on Sunday."),
	    .published_at = SAMPLE_AT,
	    .updated_at = TIME_NONE,
	    .first_seen_at = SAMPLE_AT + 5 * MINUTE_MS,
	    .changed_at = TIME_NONE,
	    .matches = sample_matches,
	    .match_count = 2,
	    .watches = sample_watches,
	    .watch_count = 2,
	    .severity = 2,
	    .source_count = 3,
	};
	return r;
}

static struct record_mention sample_evil_mentions[] = {
    {WATCH_FIELD_TITLE, 0, 4, {SAMPLE_EVIL, sizeof SAMPLE_EVIL - 1}, {SAMPLE_EVIL, sizeof SAMPLE_EVIL - 1},
        {SAMPLE_EVIL, sizeof SAMPLE_EVIL - 1}, {NULL, 0}},
    {WATCH_FIELD_CONTENT, 3, 900000, {"x", 1}, {"y", 1}, {"exact", 5}, {NULL, 0}},
    {WATCH_FIELD_CONTENT, 4000000000u, 4000000001u, {"x", 1}, {"y", 1}, {"exact", 5}, {NULL, 0}},
};
static struct record_match sample_evil_matches[] = {
    {WATCH_ORG, {SAMPLE_EVIL, sizeof SAMPLE_EVIL - 1}, {SAMPLE_EVIL, sizeof SAMPLE_EVIL - 1}, sample_evil_mentions, 3},
    {WATCH_TOPIC, {SAMPLE_EVIL, sizeof SAMPLE_EVIL - 1}, {NULL, 0}, sample_evil_mentions + 1, 2},
};
static struct str sample_evil_watches[] = {{SAMPLE_EVIL, sizeof SAMPLE_EVIL - 1}};

static inline struct record
sample_evil_record(void)
{
	struct str evil = STR_LIT(SAMPLE_EVIL);
	return (struct record){
	    .id = 7,
	    .feed_key = evil,
	    .feed_title = evil,
	    .guid = evil,
	    .link = evil,
	    .title = evil,
	    .summary = evil,
	    .content = evil,
	    .summary_html = evil,
	    .content_html = evil,
	    .language = evil,
	    .authors = evil,
	    .categories = evil,
	    .published_at = TIME_MAX,
	    .updated_at = TIME_MIN,
	    .first_seen_at = SAMPLE_AT,
	    .changed_at = TIME_NONE,
	    .matches = sample_evil_matches,
	    .match_count = 2,
	    .watches = sample_evil_watches,
	    .watch_count = 1,
	    .severity = 99,
	    .source_count = 1,
	};
}

static inline struct notification
sample_notification(void)
{
	static struct record record;
	record = sample_record();
	return (struct notification){
	    .id = STR_LIT("n-0001"),
	    .sink = STR_LIT("desk"),
	    .row = 1,
	    .created_at = SAMPLE_AT,
	    .attempt = 1,
	    .kind = NOTIFICATION_ITEM,
	    .severity = record.severity,
	    .thread_id = STR_LIT("n-0001"),
	    .watches = sample_watches,
	    .watch_count = 2,
	    .records = &record,
	    .record_count = 1,
	    .item_count = 1,
	    .source_count = 3,
	    .since_at = TIME_NONE,
	};
}
