/*
 * Synthetic feeds: 25 invented items of about 2 KB, the same bytes for the same number and epoch. They are made up as captured
 * news feeds with items of 1 to 3.5 KB are on average: a third of the bytes is text, 105 words (67 different ones), 7 of them
 * the title, 60 a summary and 38 content; markup in these is another tenth; the rest are 16 elements with addresses, dates,
 * names and attributes, on lines of their own. The words come as often as those of news do, in two regimes: the word of rank r
 * about as often as 1/r, beyond the first few thousand as 1/r^2 (Ferrer i Cancho and Solé, Two regimes in the frequency of
 * words, 2001), which gives the first hundred words 48 % of the text, a thousand 73 %, ten thousand 95 %; and the rarer, the
 * longer. A few hundred words alone would make every text like every other, which is hard on whatever compares texts and easy
 * on whatever keeps words; a flatter tail the contrary.
 */
#include "feedserver.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define ITEMS 25
#define FRESH 5               /* items that a new epoch brings */
#define NAMED 20              /* one of so many surely mentions a person by the full name */
#define START_AT 1767225600LL /* 2026-01-01, in seconds */

#define W(word) STR_LIT(word " ")

static const struct str vocabulary[] = {
    W("the"),
    W("of"),
    W("a"),
    W("in"),
    W("that"),
    W("on"),
    W("was"),
    W("and"),
    W("for"),
    W("with"),
    W("by"),
    W("from"),
    W("at"),
    W("after"),
    W("new"),
    W("says"),
    W("over"),
    W("may"),
    W("which"),
    W("all"),
    W("first"),
    W("last"),
    W("two"),
    W("next"),
    W("while"),
    W("again"),
    W("against"),
    W("left"),
    W("without"),
    W("told"),
    W("along"),
    W("third"),
    W("harbour"),
    W("council"),
    W("Veldmark"),
    W("agreement"),
    W("grain"),
    W("reached"),
    W("nine"),
    W("days"),
    W("talks"),
    W("Ostrava"),
    W("minister"),
    W("Ilse"),
    W("Brandvik"),
    W("reporters"),
    W("envoy"),
    W("Marko"),
    W("Telessen"),
    W("comment"),
    W("railway"),
    W("bridge"),
    W("river"),
    W("Sorna"),
    W("opened"),
    W("engineers"),
    W("expect"),
    W("trains"),
    W("Friday"),
    W("farmers"),
    W("northern"),
    W("valleys"),
    W("protest"),
    W("higher"),
    W("duties"),
    W("energy"),
    W("prices"),
    W("fell"),
    W("week"),
    W("running"),
    W("analysts"),
    W("Halden"),
    W("Institute"),
    W("warn"),
    W("rise"),
    W("follow"),
    W("winter"),
    W("storms"),
    W("closed"),
    W("ports"),
    W("coast"),
    W("rescue"),
    W("teams"),
    W("found"),
    W("missing"),
    W("fishermen"),
    W("alive"),
    W("court"),
    W("heard"),
    W("witnesses"),
    W("case"),
    W("began"),
    W("spring"),
    W("parliament"),
    W("votes"),
    W("month"),
    W("budget"),
    W("narrow"),
    W("majority"),
    W("expected"),
};

#define COMMON (sizeof vocabulary / sizeof *vocabulary)
#define KERNEL 5000.0 /* where the second regime begins */
#define WORDS 200000.0

bool
generate_match(const struct server *s, struct str path, unsigned *number)
{
	struct str prefix = STR_LIT("/gen/"), suffix = STR_LIT(".rss");
	int64_t n;
	if (s->options.generate == 0 || !str_starts(path, prefix) || !str_ends(path, suffix))
		return false;
	struct str digits = {path.s + prefix.len, path.len - prefix.len - suffix.len};
	if (path.len < prefix.len + suffix.len || !str_int(digits, 0, (int64_t)s->options.generate - 1, &n))
		return false;
	*number = (unsigned)n;
	return true;
}

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13; /* xorshift64, Marsaglia */
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* The word of a rank behind the common ones: its digits to the base of the syllables, the lowest first. */
static void
add_rare_word(struct buf *out, unsigned rank)
{
	static const char *const syllables[] = {"ba", "kor", "lin", "mes", "tor", "vel", "dra", "nik", "sol", "per",
	    "gan", "hus", "ten", "ri", "so", "mal", "ve", "do", "si", "an", "er", "is", "lo", "ta", "ne", "mi", "ro",
	    "ka", "te", "fe", "gu", "ol"};
	static const char *const ends[] = {"s ", "ed ", " ", " "};
	for (unsigned rest = rank; rest > 0; rest /= sizeof syllables / sizeof *syllables)
		buf_puts(out, syllables[rest % (sizeof syllables / sizeof *syllables)]);
	buf_puts(out, ends[rank * 2654435761u >> 30]);
}

/* The rank, from 0, at a place u of [0, 1) of the distribution: its inverse, with 1/x up to KERNEL and KERNEL/x^2 beyond. */
static unsigned
rank_at(double u)
{
	double first = log(KERNEL), all = first + 1 - KERNEL / WORDS, at = u * all;
	return (unsigned)(at < first ? exp(at) : KERNEL / (1 - (at - first))) - 1;
}

static void
add_words(struct buf *out, uint64_t *random, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned rank = rank_at((double)(next_random(random) % 1000000) / 1000000);
		if (rank < COMMON)
			buf_str(out, vocabulary[rank]);
		else
			add_rare_word(out, rank);
		if (i % 12 == 11)
			buf_str(out, STR_LIT("– "));
	}
}

/* A picture, as one item of seven has one. */
static void
add_picture(struct buf *out, unsigned feed, unsigned item)
{
	buf_printf(out,
	    "\t\t\t<media:content url=\"https://img.news%u.example/uploads/2026/01/picture-%u-1024x683.jpg\" "
	    "medium=\"image\" type=\"image/jpeg\" width=\"1024\" height=\"683\">\n"
	    "\t\t\t\t<media:credit role=\"photographer\">Photo desk %u</media:credit>\n\t\t\t</media:content>\n",
	    feed, item, item % 11);
}

static void
add_texts(struct buf *out, uint64_t *random, unsigned feed, unsigned item)
{
	buf_printf(out,
	    "\t\t\t<description>&lt;img src=\"https://img.news%u.example/uploads/2026/01/picture-%u-150x150.jpg\" "
	    "class=\"alignleft\" alt=\"\" /&gt;&lt;p&gt;",
	    feed, item);
	add_words(out, random, 60);
	if (item % NAMED == feed % NAMED)
		buf_puts(out, "Ilse Brandvik ");
	buf_puts(out, "&lt;/p&gt;</description>\n\t\t\t<content:encoded><![CDATA[<p>");
	add_words(out, random, 24);
	buf_printf(out, "</p>\n<p><a href=\"https://news%u.example/topics/%u\" rel=\"tag\">More</a> ", feed, item % 7);
	add_words(out, random, 13);
	buf_puts(out, "</p>\n]]></content:encoded>\n");
}

static void
add_item(struct buf *out, unsigned feed, unsigned item)
{
	uint64_t random = ((uint64_t)feed << 32 | item) * 0x9E3779B97F4A7C15u + 1;
	time_t at = START_AT + (time_t)item * 1800 + feed % 1800;
	struct tm tm;
	char date[40], path[80];
	gmtime_r(&at, &tm);
	strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	snprintf(path, sizeof path, "https://news%u.example/2026/01/category-%u/report-%u/", feed, item % 7, item);
	buf_printf(out, "\t\t<item>\n\t\t\t<title>%u.%u ", feed, item);
	add_words(out, &random, 6);
	buf_printf(out,
	    "</title>\n\t\t\t<link>%s?utm_source=rss&amp;utm_medium=feed&amp;utm_campaign=news</link>\n"
	    "\t\t\t<comments>%s#respond</comments>\n"
	    "\t\t\t<dc:creator><![CDATA[Desk %u]]></dc:creator>\n"
	    "\t\t\t<pubDate>%s</pubDate>\n"
	    "\t\t\t<category><![CDATA[category %u]]></category>\n"
	    "\t\t\t<guid isPermaLink=\"false\">https://news%u.example/?p=%u</guid>\n",
	    path, path, item % 5, date, item % 7, feed, item);
	add_texts(out, &random, feed, item);
	buf_printf(out,
	    "\t\t\t<wfw:commentRss>%sfeed/</wfw:commentRss>\n"
	    "\t\t\t<slash:comments>%u</slash:comments>\n"
	    "\t\t\t<media:thumbnail "
	    "url=\"https://img.news%u.example/uploads/2026/01/"
	    "picture-%u-240x160.jpg?quality=82&amp;strip=all&amp;crop=1\" "
	    "width=\"240\" height=\"160\" />\n"
	    "\t\t\t<feedburner:origLink>%s</feedburner:origLink>\n",
	    path, item % 40, feed, item, path);
	if (item % 7 == 0)
		add_picture(out, feed, item);
	buf_puts(out, "\t\t</item>\n");
}

static void
add_feed(struct buf *out, unsigned feed, unsigned epoch)
{
	buf_printf(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
	    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
	    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
	    "xmlns:media=\"http://search.yahoo.com/mrss/\" "
	    "xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\" "
	    "xmlns:wfw=\"http://wellformedweb.org/CommentAPI/\" "
	    "xmlns:feedburner=\"http://rssnamespace.org/feedburner/ext/1.0\">\n"
	    "<channel><title>Invented news "
	    "%u</title><link>https://news%u.example/</link><description>Synthetic</description>\n",
	    feed, feed);
	for (unsigned i = ITEMS; i-- > 0;)
		add_item(out, feed, epoch * FRESH + i);
	buf_puts(out, "</channel></rss>\n");
}

void
generate_describe(const struct server *s, unsigned number, struct resource *r)
{
	r->status = 200;
	r->type = "application/rss+xml";
	r->generated = true;
	r->number = number;
	snprintf(r->etag, sizeof r->etag, "\"g%u-%u\"", number, s->options.epoch);
}

void
generate_body(const struct server *s, struct resource *r)
{
	add_feed(&r->own, r->number, s->options.epoch);
	r->body = buf_view(&r->own);
}
