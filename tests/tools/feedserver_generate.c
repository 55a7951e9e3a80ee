/*
 * Synthetic feeds: 25 invented items of about 2 KB, the same bytes for the same number and epoch. Their words have a long
 * tail, as those of news have (the word of rank r comes about as often as 1/r): a few hundred words alone would make every
 * text like every other, which is hard on whatever compares texts, and easy on whatever keeps words.
 */
#include "feedserver.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define ITEMS 25
#define FRESH 5               /* items that a new epoch brings */
#define START_AT 1767225600LL /* 2026-01-01, in seconds */

#define W(word) STR_LIT(word " ")

static const struct str vocabulary[] = {
    W("the"),
    W("harbour"),
    W("council"),
    W("of"),
    W("Veldmark"),
    W("says"),
    W("that"),
    W("a"),
    W("new"),
    W("agreement"),
    W("on"),
    W("grain"),
    W("was"),
    W("reached"),
    W("after"),
    W("nine"),
    W("days"),
    W("talks"),
    W("in"),
    W("Ostrava"),
    W("minister"),
    W("Ilse"),
    W("Brandvik"),
    W("told"),
    W("reporters"),
    W("and"),
    W("envoy"),
    W("Marko"),
    W("Telessen"),
    W("left"),
    W("without"),
    W("comment"),
    W("railway"),
    W("bridge"),
    W("over"),
    W("river"),
    W("Sorna"),
    W("opened"),
    W("again"),
    W("engineers"),
    W("expect"),
    W("first"),
    W("trains"),
    W("by"),
    W("Friday"),
    W("while"),
    W("farmers"),
    W("from"),
    W("northern"),
    W("valleys"),
    W("protest"),
    W("against"),
    W("higher"),
    W("duties"),
    W("energy"),
    W("prices"),
    W("fell"),
    W("for"),
    W("third"),
    W("week"),
    W("running"),
    W("analysts"),
    W("at"),
    W("Halden"),
    W("Institute"),
    W("warn"),
    W("rise"),
    W("may"),
    W("follow"),
    W("winter"),
    W("storms"),
    W("closed"),
    W("two"),
    W("ports"),
    W("along"),
    W("coast"),
    W("rescue"),
    W("teams"),
    W("found"),
    W("all"),
    W("missing"),
    W("fishermen"),
    W("alive"),
    W("court"),
    W("heard"),
    W("witnesses"),
    W("case"),
    W("which"),
    W("began"),
    W("last"),
    W("spring"),
    W("parliament"),
    W("votes"),
    W("next"),
    W("month"),
    W("budget"),
    W("with"),
    W("narrow"),
    W("majority"),
    W("expected"),
};

#define COMMON (sizeof vocabulary / sizeof *vocabulary)
#define WORDS 50000.0

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

/* The word of a rank behind the common ones. */
static void
add_rare_word(struct buf *out, unsigned rank)
{
	static const char *const syllables[] = {"ba", "kor", "lin", "mes", "tor", "vel", "dra", "nik", "sol", "per",
	    "gan", "hus", "ten", "ri", "so", "mal"};
	unsigned h = rank * 2654435761u >> 8;
	buf_puts(out, syllables[rank % 16]);
	buf_puts(out, syllables[rank / 16 % 16]);
	buf_puts(out, syllables[rank / 256 % 16]);
	if (rank >= 4096)
		buf_puts(out, syllables[rank / 4096 % 16]);
	buf_puts(out, h % 3 == 0 ? "s " : h % 3 == 1 ? "ed " : " ");
}

static void
add_words(struct buf *out, uint64_t *random, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		double u = (double)(next_random(random) % 1000000) / 1000000;
		unsigned rank = (unsigned)(pow(WORDS, u) - 1);
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
	buf_puts(out, "&lt;/p&gt;</description><content:encoded><![CDATA[<p>");
	add_words(out, &random, 110);
	buf_puts(out, "</p><p><a href=\"/more\">More</a> ");
	add_words(out, &random, 90);
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
