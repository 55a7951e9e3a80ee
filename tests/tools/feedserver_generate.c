/*
 * Synthetic feeds: 25 invented items of about 2 KB, the same bytes for the same number and epoch. Their words come as often
 * as those of news do, in two regimes: the word of rank r about as often as 1/r, beyond the first few thousand as 1/r^2
 * (Ferrer i Cancho and Solé, Two regimes in the frequency of words, 2001), which gives the first hundred words 48 % of the
 * text, a thousand 73 %, ten thousand 95 %; and the rarer, the longer. A few hundred words alone would make every text like
 * every other, which is hard on whatever compares texts and easy on whatever keeps words; a flatter tail the contrary.
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

static void
add_item(struct buf *out, unsigned feed, unsigned item)
{
	uint64_t random = ((uint64_t)feed << 32 | item) * 0x9E3779B97F4A7C15u + 1;
	time_t at = START_AT + (time_t)item * 1800 + feed % 1800;
	struct tm tm;
	char date[40];
	gmtime_r(&at, &tm);
	strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	buf_printf(out, "<item><title>%u.%u ", feed, item);
	add_words(out, &random, 9);
	buf_printf(out,
	    "</title><link>https://news%u.example/%u</link><guid "
	    "isPermaLink=\"false\">n%u-%u</guid><pubDate>%s</pubDate>"
	    "<category>category %u</category><description>&lt;p&gt;",
	    feed, item, feed, item, date, item % 7);
	add_words(out, &random, 45);
	if (item % NAMED == feed % NAMED)
		buf_puts(out, "Ilse Brandvik ");
	buf_puts(out, "&lt;/p&gt;</description><content:encoded><![CDATA[<p>");
	add_words(out, &random, 110);
	buf_puts(out, "</p><p><a href=\"/more\">More</a> ");
	add_words(out, &random, 75);
	buf_puts(out, "</p>]]></content:encoded></item>\n");
}

static void
add_feed(struct buf *out, unsigned feed, unsigned epoch)
{
	buf_printf(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
	    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">"
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
