#include "feed/ns.h"

struct ns_name {
	enum feed_ns ns;
	const char *name; /* as ns_from_uri reduces it */
};

static const struct ns_name uris[] = {
    {NS_RSS10, "purl.org/rss/1.0"},
    {NS_RSS10, "purl.org/net/rss1.1"},
    {NS_RSS10, "purl.org/rss/1.0/modules/rss091"},
    {NS_RSS090, "my.netscape.com/rdf/simple/0.9"},
    {NS_RSS090, "channel.netscape.com/rdf/simple/0.9"},
    {NS_RSS090, "my.netscape.com/publish/formats/rss-0.91.dtd"},
    {NS_RSS2, "backend.userland.com/rss"},
    {NS_RSS2, "backend.userland.com/rss2"},
    {NS_RSS2, "backend.userland.com/rss091"},
    {NS_RSS2, "backend.userland.com/rss092"},
    {NS_RSS2, "backend.userland.com/rss191"},
    {NS_RSS2, "blogs.law.harvard.edu/tech/rss"},
    {NS_RSS2, "cyber.law.harvard.edu/rss"},
    {NS_RSS2, "cyber.law.harvard.edu/rss/rss.html"},
    {NS_RSS2, "rssboard.org/rss-specification"},
    {NS_RSS2, "purl.org/rss/2.0"},
    {NS_RSS2, "purl.org/net/rss2.0"},
    {NS_ATOM10, "w3.org/2005/atom"},
    {NS_ATOM10, "purl.org/atom"},
    {NS_ATOM10, "w3.org/atom/2005"},
    {NS_ATOM03, "purl.org/atom/ns"},
    {NS_ATOM03, "example.com/newformat"},
    {NS_ATOM03, "example.com/necho"},
    {NS_ATOM03, "purl.org/echo"},
    {NS_ATOM03, "uri/of/echo/namespace"},
    {NS_ATOM03, "purl.org/pie"},
    {NS_ATOM03, "purl.org/atom/ns#draft-ietf-atompub-format"},
    {NS_SITEMAP, "sitemaps.org/schemas/sitemap/0.9"},
    {NS_SITEMAP, "google.com/schemas/sitemap/0.84"},
    {NS_SITEMAP, "google.com/schemas/sitemap/0.9"},
    {NS_CDF, "cdf.schema.org"},
    {NS_RDF, "w3.org/1999/02/22-rdf-syntax-ns"},
    {NS_XML, "w3.org/xml/1998/namespace"},
    {NS_XHTML, "w3.org/1999/xhtml"},
    {NS_XHTML, "w3.org/1999/html"},
    {NS_CONTENT, "purl.org/rss/1.0/modules/content"},
    {NS_DC, "purl.org/dc/elements/1.1"},
    {NS_DC, "purl.org/dc/elements/1.0"},
    {NS_DC, "purl.org/metadata/dublin_core"},
    {NS_DC, "purl.org/rss/1.0/modules/dc"},
    {NS_DCTERMS, "purl.org/dc/terms"},
    {NS_DCTERMS, "purl.org/rss/1.0/modules/dcterms"},
    {NS_DCTERMS, "purl.org/dc/dcterms"},
    {NS_MEDIA, "search.yahoo.com/mrss"},
    {NS_MEDIA, "search.yahoo.com/search/mrss"},
    {NS_MEDIA, "video.search.yahoo.com/mrss"},
    {NS_MEDIA, "tools.search.yahoo.com/mrss"},
    {NS_MEDIA, "tools.search.yahoo.com/mrss/mrss.xml"},
    {NS_MEDIA, "search.yahoo.com/rss"},
    {NS_MEDIA, "yahoo.com/mrss"},
    {NS_MEDIA, "rssboard.org/media-rss"},
    {NS_ITUNES, "itunes.com/dtds/podcast-1.0.dtd"},
    {NS_ITUNES, "itunes.com/dtds/podcast-1.0"},
    {NS_ITUNES, "itunes.apple.com/dtds/podcast-1.0.dtd"},
    {NS_PODCAST, "podcastindex.org/namespace/1.0"},
    {NS_PODCAST, "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"},
    {NS_GOOGLEPLAY, "google.com/schemas/play-podcasts/1.0"},
    {NS_SY, "purl.org/rss/1.0/modules/syndication"},
    {NS_THR, "purl.org/syndication/thread/1.0"},
    {NS_WFW, "wellformedweb.org/commentapi"},
    {NS_FEEDBURNER, "rssnamespace.org/feedburner/ext/1.0"},
    {NS_NEWS, "google.com/schemas/sitemap-news/0.9"},
    {NS_NEWS, "google.com/schemas/sitemap-news/0.84"},
    {NS_SITEMAP_IMAGE, "google.com/schemas/sitemap-image/1.1"},
    {NS_SLASH, "purl.org/rss/1.0/modules/slash"},
    {NS_ENCLOSURE, "purl.oclc.org/net/rss_2.0/enc"},
    {NS_GEORSS, "georss.org/georss"},
    {NS_GEORSS, "georss.org/georss/10"},
    {NS_GEORSS, "georss.org"},
    {NS_GML, "opengis.net/gml"},
    {NS_GML, "opengis.net/gml/3.2"},
    {NS_GEO, "w3.org/2003/01/geo/wgs84_pos"},
    {NS_GEO, "w3.org/2003/01/geo"},
};

static const struct ns_name prefixes[] = {
    {NS_RSS10, "rss"},
    {NS_ATOM10, "atom"},
    {NS_ATOM10, "atom10"},
    {NS_ATOM10, "a10"},
    {NS_ATOM03, "atom03"},
    {NS_RDF, "rdf"},
    {NS_XML, "xml"},
    {NS_XHTML, "xhtml"},
    {NS_XHTML, "html"},
    {NS_CONTENT, "content"},
    {NS_DC, "dc"},
    {NS_DCTERMS, "dcterms"},
    {NS_MEDIA, "media"},
    {NS_ITUNES, "itunes"},
    {NS_PODCAST, "podcast"},
    {NS_GOOGLEPLAY, "googleplay"},
    {NS_SY, "sy"},
    {NS_THR, "thr"},
    {NS_WFW, "wfw"},
    {NS_FEEDBURNER, "feedburner"},
    {NS_NEWS, "news"},
    {NS_SLASH, "slash"},
    {NS_GEORSS, "georss"},
    {NS_GML, "gml"},
    {NS_GEO, "geo"},
};

static const struct str uri_heads[] = {STR_LIT("http://"), STR_LIT("https://"), STR_LIT("www.")};

static struct str
reduce_uri(struct str uri)
{
	uri = str_trim(uri);
	for (size_t i = 0; i < sizeof uri_heads / sizeof *uri_heads; i++) {
		if (str_istarts(uri, uri_heads[i])) {
			uri.s += uri_heads[i].len;
			uri.len -= uri_heads[i].len;
		}
	}
	while (uri.len > 0 && (uri.s[uri.len - 1] == '/' || uri.s[uri.len - 1] == '#'))
		uri.len--;
	return uri;
}

static enum feed_ns
find(const struct ns_name *names, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_ieq(str_from(names[i].name), name))
			return names[i].ns;
	}
	return NS_UNKNOWN;
}

enum feed_ns
ns_from_uri(struct str uri)
{
	uri = reduce_uri(uri);
	if (uri.len == 0)
		return NS_NONE;
	return find(uris, sizeof uris / sizeof *uris, uri);
}

enum feed_ns
ns_from_prefix(struct str prefix)
{
	return find(prefixes, sizeof prefixes / sizeof *prefixes, prefix);
}
