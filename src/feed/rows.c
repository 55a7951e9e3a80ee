#include "feed/rows.h"

#include "feed/geometry.h"

/* Short names for the columns. Each table ends with a NULL name. */
#define TOPS (IN_TOP | IN_WRAP | IN_FEED)
#define BOTH (IN_FEED | IN_ITEM)

static const struct feed_row rows_core[] = {
    /* the bones */
    {"rss", TOPS, ACT_RSS, 0, 0},
    {"rdf", TOPS, ACT_RDF, 0, 0},
    {"channel", TOPS, ACT_CHANNEL, 0, 0},
    {"feed", TOPS, ACT_ATOM_FEED, 0, 0},
    {"item", TOPS, ACT_ITEM, 0, 0},
    {"entry", TOPS, ACT_ENTRY, 0, 0},
    {"urlset", TOPS, ACT_SITEMAP, 0, 0},
    {"sitemapindex", TOPS, ACT_SITEMAP_INDEX, 0, 0},

    {"title", IN_PERSON, ACT_NONE, 0, 0},
    {"title", BOTH, ACT_TEXT, SLOT_TITLE, 1},
    {"title", IN_SOURCE, ACT_SOURCE_TITLE, 0, 0},
    {"link", BOTH, ACT_LINK, 0, 0},
    {"link", IN_SOURCE, ACT_SOURCE_LINK, 0, 0},
    {"guid", IN_ITEM, ACT_GUID, 0, 1},
    {"id", BOTH, ACT_ID, 0, 1},
    {"description", BOTH, ACT_TEXT, SLOT_SUMMARY, 1},
    {"summary", IN_ITEM, ACT_TEXT, SLOT_SUMMARY, 1},
    {"abstract", BOTH, ACT_TEXT, SLOT_SUMMARY, 1},
    {"subtitle", IN_FEED, ACT_TEXT, SLOT_SUMMARY, 1},
    {"tagline", IN_FEED, ACT_TEXT, SLOT_SUMMARY, 1},
    {"info", IN_FEED, ACT_TEXT, SLOT_SUMMARY, 3},
    {"content", IN_ITEM, ACT_TEXT, SLOT_CONTENT, 1},
    {"body", IN_ITEM, ACT_TEXT, SLOT_CONTENT, 2},
    {"fullitem", IN_ITEM, ACT_TEXT, SLOT_CONTENT, 2},
    {"copyright", IN_FEED, ACT_TEXT, SLOT_RIGHTS, 1},
    {"rights", IN_FEED, ACT_TEXT, SLOT_RIGHTS, 1},
    {"generator", IN_FEED, ACT_STRING, SLOT_GENERATOR, 1},
    {"language", BOTH, ACT_STRING, SLOT_LANGUAGE, 1},

    {"pubdate", BOTH, ACT_DATE, SLOT_PUBLISHED, 1},
    {"published", BOTH, ACT_DATE, SLOT_PUBLISHED, 1},
    {"issued", BOTH, ACT_DATE, SLOT_PUBLISHED, 2},
    {"created", BOTH, ACT_DATE, SLOT_PUBLISHED, 4},
    {"date", BOTH, ACT_DATE, SLOT_PUBLISHED, 5},
    {"lastbuilddate", IN_FEED, ACT_DATE, SLOT_UPDATED, 1},
    {"updated", BOTH, ACT_DATE, SLOT_UPDATED, 1},
    {"modified", BOTH, ACT_DATE, SLOT_UPDATED, 2},
    {"lastmod", IN_ITEM, ACT_DATE, SLOT_UPDATED, 2},

    {"author", BOTH, ACT_PERSON, 0, 1},
    {"author", IN_SOURCE, ACT_PERSON, 0, 4}, /* RFC 4287 section 4.2.1: before those of the feed */
    {"contributor", BOTH, ACT_PERSON, 0, 9},
    {"managingeditor", IN_FEED, ACT_PERSON, 0, 2},
    {"webmaster", IN_FEED, ACT_PERSON, 0, 8},
    {"name", IN_PERSON, ACT_PERSON_NAME, 0, 0},
    {"email", IN_PERSON, ACT_PERSON_EMAIL, 0, 0},
    {"uri", IN_PERSON, ACT_PERSON_URI, 0, 0},
    {"url", IN_PERSON, ACT_PERSON_URI, 0, 0},
    {"homepage", IN_PERSON, ACT_PERSON_URI, 0, 0},

    {"category", BOTH, ACT_CATEGORY, 0, 0},
    {"keywords", BOTH, ACT_KEYWORDS, 0, 0},
    {"tags", BOTH, ACT_KEYWORDS, 0, 0},
    {"enclosure", IN_ITEM, ACT_ENCLOSURE, 0, 0},
    {"comments", IN_ITEM, ACT_URL, SLOT_COMMENTS, 1},
    {"source", IN_ITEM, ACT_SOURCE, 0, 0},

    {"image", IN_FEED, ACT_IMAGE, 0, 0},
    {"url", IN_IMAGE, ACT_URL, SLOT_IMAGE, 1},
    {"logo", IN_FEED, ACT_CDF_LOGO, SLOT_IMAGE, 2},
    {"icon", IN_FEED, ACT_URL, SLOT_IMAGE, 4},
    {"a", BOTH, ACT_CDF_LINK, 0, 0},

    {"ttl", IN_FEED, ACT_TTL, 0, 0},
    {"skiphours", IN_FEED, ACT_HOURS, 0, 0},
    {"hour", IN_HOURS, ACT_HOUR, 0, 0},
    {"skipdays", IN_FEED, ACT_DAYS, 0, 0},
    {"day", IN_DAYS, ACT_DAY, 0, 0},

    /* Sitemaps 0.9 */
    {"url", IN_MAP, ACT_ITEM, 0, 0},
    {"sitemap", IN_MAP, ACT_ITEM, 0, 0},
    {"loc", IN_ITEM, ACT_LINK, 0, 0},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_rdf[] = {
    {"rdf", TOPS, ACT_RDF, 0, 0},
    {"description", IN_ITEM, ACT_GROUP, 0, 0},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_content[] = {
    {"encoded", IN_ITEM, ACT_TEXT, SLOT_CONTENT, 1},
    {"encoded", IN_FEED, ACT_TEXT, SLOT_SUMMARY, 5},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_xhtml[] = {
    {"body", IN_ITEM, ACT_TEXT, SLOT_CONTENT, 2},
    {"div", IN_ITEM, ACT_TEXT, SLOT_CONTENT, 3},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_dc[] = {
    {"title", BOTH, ACT_TEXT, SLOT_TITLE, 3},
    {"description", BOTH, ACT_TEXT, SLOT_SUMMARY, 3},
    {"creator", BOTH, ACT_PERSON, 0, 2},
    {"author", BOTH, ACT_PERSON, 0, 2},
    {"contributor", BOTH, ACT_PERSON, 0, 9},
    {"publisher", IN_FEED, ACT_PERSON, 0, 7},
    {"date", BOTH, ACT_DATE, SLOT_PUBLISHED, 3},
    {"subject", BOTH, ACT_CATEGORY_TEXT, 0, 0},
    {"language", BOTH, ACT_STRING, SLOT_LANGUAGE, 2},
    {"rights", IN_FEED, ACT_TEXT, SLOT_RIGHTS, 2},
    {"identifier", IN_ITEM, ACT_ID, 0, 5},
    {"source", IN_ITEM, ACT_URL, SLOT_SOURCE_URL, 2},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_dcterms[] = {
    {"title", BOTH, ACT_TEXT, SLOT_TITLE, 4},
    {"abstract", BOTH, ACT_TEXT, SLOT_SUMMARY, 4},
    {"description", BOTH, ACT_TEXT, SLOT_SUMMARY, 4},
    {"creator", BOTH, ACT_PERSON, 0, 3},
    {"subject", BOTH, ACT_CATEGORY_TEXT, 0, 0},
    {"language", BOTH, ACT_STRING, SLOT_LANGUAGE, 3},
    {"issued", BOTH, ACT_DATE, SLOT_PUBLISHED, 2},
    {"created", BOTH, ACT_DATE, SLOT_PUBLISHED, 4},
    {"available", BOTH, ACT_DATE, SLOT_PUBLISHED, 5},
    {"date", BOTH, ACT_DATE, SLOT_PUBLISHED, 5},
    {"modified", BOTH, ACT_DATE, SLOT_UPDATED, 2},
    {"identifier", IN_ITEM, ACT_ID, 0, 6},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_media[] = {
    {"group", IN_ITEM, ACT_GROUP, 0, 0},
    {"content", IN_ITEM, ACT_MEDIA, 0, 0},
    {"title", IN_ITEM, ACT_TEXT, SLOT_TITLE, 6},
    {"description", IN_ITEM, ACT_TEXT, SLOT_SUMMARY, 6},
    {"text", IN_ITEM, ACT_TEXT, SLOT_SUMMARY, 8},
    {"category", IN_ITEM, ACT_CATEGORY, 0, 0},
    {"keywords", IN_ITEM, ACT_KEYWORDS, 0, 0},
    {"credit", IN_ITEM, ACT_CREDIT, 0, 5},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_itunes[] = {
    {"title", BOTH, ACT_TEXT, SLOT_TITLE, 5},
    {"summary", BOTH, ACT_TEXT, SLOT_SUMMARY, 5},
    {"description", BOTH, ACT_TEXT, SLOT_SUMMARY, 5},
    {"subtitle", BOTH, ACT_TEXT, SLOT_SUMMARY, 7},
    {"author", BOTH, ACT_PERSON, 0, 4},
    {"owner", IN_FEED, ACT_PERSON, 0, 5},
    {"name", IN_PERSON, ACT_PERSON_NAME, 0, 0},
    {"email", IN_PERSON, ACT_PERSON_EMAIL, 0, 0},
    {"category", BOTH, ACT_CATEGORY, 0, 0},
    {"keywords", BOTH, ACT_KEYWORDS, 0, 0},
    {"image", IN_FEED, ACT_IMAGE_HREF, SLOT_IMAGE, 3},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_podcast[] = {
    {"person", BOTH, ACT_PERSON, 0, 6},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_sy[] = {
    {"updateperiod", IN_FEED, ACT_UPDATE_PERIOD, 0, 0},
    {"updatefrequency", IN_FEED, ACT_UPDATE_FREQUENCY, 0, 0},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_thr[] = {
    {"in-reply-to", IN_ITEM, ACT_REPLY_TO, 0, 0},
    {"total", IN_ITEM, ACT_COMMENT_COUNT, 0, 0},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_slash[] = {
    {"comments", IN_ITEM, ACT_COMMENT_COUNT, 0, 0},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_enclosure[] = {
    {"enclosure", IN_ITEM, ACT_ENCLOSURE, 0, 0},
    {NULL, 0, 0, 0, 0},
};

/* georss.org: its simple elements, and GML inside <where>, whose wrappers mean nothing. */
static const struct feed_row rows_georss[] = {
    {"point", IN_ITEM, ACT_LOCATION, GEOMETRY_POINT, 1},
    {"line", IN_ITEM, ACT_LOCATION, GEOMETRY_LINE, 1},
    {"polygon", IN_ITEM, ACT_LOCATION, GEOMETRY_POLYGON, 1},
    {"box", IN_ITEM, ACT_LOCATION, GEOMETRY_BOX, 1},
    {"where", IN_ITEM, ACT_GROUP, 0, 0},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_gml[] = {
    {"point", IN_ITEM, ACT_GROUP, 0, 0},
    {"linestring", IN_ITEM, ACT_GROUP, 0, 0},
    {"polygon", IN_ITEM, ACT_GROUP, 0, 0},
    {"exterior", IN_ITEM, ACT_GROUP, 0, 0},
    {"linearring", IN_ITEM, ACT_GROUP, 0, 0},
    {"envelope", IN_ITEM, ACT_GROUP, 0, 0},
    {"pos", IN_ITEM, ACT_LOCATION, GEOMETRY_POINT, 2},
    {"poslist", IN_ITEM, ACT_POSITIONS, 0, 2},
    {"lowercorner", IN_ITEM, ACT_LOCATION_PART, GEOMETRY_BOX, 2},
    {"uppercorner", IN_ITEM, ACT_LOCATION_PART, GEOMETRY_BOX, 2},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_geo[] = {
    {"point", IN_ITEM, ACT_GROUP, 0, 0},
    {"lat", IN_ITEM, ACT_LOCATION_PART, GEOMETRY_POINT, 3},
    {"long", IN_ITEM, ACT_LOCATION_PART, GEOMETRY_POINT, 3},
    {"lon", IN_ITEM, ACT_LOCATION_PART, GEOMETRY_POINT, 3},
    {"lat_long", IN_ITEM, ACT_LOCATION, GEOMETRY_POINT, 3},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_wfw[] = {
    {"commentrss", IN_ITEM, ACT_COMMENT_FEED, 0, 0},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_feedburner[] = {
    {"origlink", IN_ITEM, ACT_ORIGINAL_LINK, 0, 0},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_news[] = {
    {"news", IN_ITEM, ACT_GROUP, 0, 0},
    {"publication", IN_ITEM, ACT_PUBLICATION, 0, 0},
    {"name", IN_PUBLICATION, ACT_STRING, SLOT_SOURCE_TITLE, 1},
    {"language", IN_PUBLICATION, ACT_STRING, SLOT_LANGUAGE, 2},
    {"title", IN_ITEM, ACT_TEXT, SLOT_TITLE, 1},
    {"publication_date", IN_ITEM, ACT_DATE, SLOT_PUBLISHED, 1},
    {"keywords", IN_ITEM, ACT_KEYWORDS, 0, 0},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row rows_sitemap_image[] = {
    {"image", IN_ITEM, ACT_GROUP, 0, 0},
    {"caption", IN_ITEM, ACT_TEXT, SLOT_SUMMARY, 8},
    {NULL, 0, 0, 0, 0},
};

static const struct feed_row *const families[NS_COUNT] = {
    [NS_NONE... NS_CORE_LAST] = rows_core,
    [NS_RDF] = rows_rdf,
    [NS_XHTML] = rows_xhtml,
    [NS_CONTENT] = rows_content,
    [NS_DC] = rows_dc,
    [NS_DCTERMS] = rows_dcterms,
    [NS_MEDIA] = rows_media,
    [NS_ITUNES] = rows_itunes,
    [NS_GOOGLEPLAY] = rows_itunes,
    [NS_PODCAST] = rows_podcast,
    [NS_SY] = rows_sy,
    [NS_THR] = rows_thr,
    [NS_WFW] = rows_wfw,
    [NS_FEEDBURNER] = rows_feedburner,
    [NS_NEWS] = rows_news,
    [NS_SITEMAP_IMAGE] = rows_sitemap_image,
    [NS_SLASH] = rows_slash,
    [NS_ENCLOSURE] = rows_enclosure,
    [NS_GEORSS] = rows_georss,
    [NS_GML] = rows_gml,
    [NS_GEO] = rows_geo,
};

const struct feed_row *
rows_find(enum feed_ns ns, struct str name, unsigned where)
{
	for (const struct feed_row *row = families[ns]; row != NULL && row->name != NULL; row++) {
		if ((row->where & where) != 0 && str_ieq(str_from(row->name), name))
			return row;
	}
	return NULL;
}
