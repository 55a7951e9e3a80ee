#include "feed/url.h"

#include "base/scan.h"

/* What a byte means for the parts of a URL. */
enum {
	DROP = 1,      /* vanishes */
	ENCODE = 2,    /* must be percent-encoded */
	BACKSLASH = 4, /* a slash in http URLs */
	SLASH = 8,
	QUERY = 16,
	HASH = 32,
	COLON = 64,
	BRACKET = 128,
	BAD_HOST = 256, /* no host may hold it, beside the first three (URL Standard, forbidden host code points) */
	MEND = DROP | ENCODE | BACKSLASH,
};

static const unsigned short kinds[256] = {
    [0x00 ... 0x08] = ENCODE,
    ['\t'] = DROP,
    ['\n'] = DROP,
    [0x0b ... 0x0c] = ENCODE,
    ['\r'] = DROP,
    [0x0e ... 0x20] = ENCODE,
    [0x7f] = ENCODE,
    ['"'] = ENCODE,
    ['<'] = ENCODE,
    ['>'] = ENCODE,
    ['\\'] = BACKSLASH,
    ['/'] = SLASH,
    ['?'] = QUERY,
    ['#'] = HASH,
    [':'] = COLON,
    [']'] = BRACKET,
    ['^'] = BAD_HOST,
    ['`'] = BAD_HOST,
    ['{'] = BAD_HOST,
    ['|'] = BAD_HOST,
    ['}'] = BAD_HOST,
    ['@'] = BAD_HOST,
};

static inline unsigned
kind(char c)
{
	return kinds[(unsigned char)c];
}

static struct str
slice(struct str s, size_t from, size_t to)
{
	return (struct str){s.s + from, to - from};
}

static struct str
rest_of(struct str s, size_t from)
{
	return slice(s, from, s.len);
}

/* Offset of the first byte of one of these kinds at or after `from`, or s.len. */
static size_t
find_any(struct str s, size_t from, unsigned wanted)
{
	while (from < s.len && !(kind(s.s[from]) & wanted))
		from++;
	return from;
}

static bool
is_alpha(char c)
{
	c = ascii_lower(c);
	return c >= 'a' && c <= 'z';
}

/* Length of "scheme" when the text begins with "scheme:", else 0. */
static size_t
scheme_len(struct str s)
{
	size_t i = 0;
	if (s.len == 0 || !is_alpha(s.s[0]))
		return 0;
	while (i < s.len && (is_alpha(s.s[i]) || (s.s[i] >= '0' && s.s[i] <= '9') || s.s[i] == '+' || s.s[i] == '-' ||
	                        s.s[i] == '.'))
		i++;
	return i < s.len && s.s[i] == ':' ? i : 0;
}

static void
parse_authority(struct url_parts *p, struct str authority)
{
	size_t at = authority.len, end;

	while (at > 0 && authority.s[at - 1] != '@')
		at--;
	if (at > 0)
		p->userinfo = slice(authority, 0, at - 1);
	struct str hostport = rest_of(authority, at);
	end = hostport.len > 0 && hostport.s[0] == '[' ? find_any(hostport, 0, BRACKET) : 0;
	end = find_any(hostport, end, COLON);
	p->host = slice(hostport, 0, end);
	if (end < hostport.len)
		p->port = rest_of(hostport, end + 1);
}

/* What follows the host: path, query, fragment. */
static void
parse_place(struct url_parts *p, struct str place)
{
	size_t end = find_any(place, 0, HASH);

	if (end < place.len)
		p->fragment = rest_of(place, end + 1);
	place.len = end;
	end = find_any(place, 0, QUERY);
	if (end < place.len)
		p->query = rest_of(place, end + 1);
	place.len = end;
	p->path = place;
}

struct url_parts
url_parse(struct str url)
{
	struct url_parts p = {.path = {"", 0}};
	size_t n = url.s ? scheme_len(url) : 0;

	if (url.s == NULL)
		return p;
	if (n > 0) {
		p.scheme = slice(url, 0, n);
		url = rest_of(url, n + 1);
	}
	if (str_starts(url, STR_LIT("//"))) {
		size_t end = find_any(url, 2, SLASH | QUERY | HASH);
		parse_authority(&p, slice(url, 2, end));
		url = rest_of(url, end);
	}
	parse_place(&p, url);
	return p;
}

static bool
scheme_is_http(struct str scheme)
{
	return str_ieq(scheme, STR_LIT("http")) || str_ieq(scheme, STR_LIT("https"));
}

/* What must be mended, in sixteen bytes, and segments that begin with a dot; one byte more is looked at. */
static inline scan_vec
unsettled_hits(const char *s)
{
	scan_vec v = scan_load(s), next = scan_load(s + 1);
	return (scan_vec)(v <= ' ') | (scan_vec)(v == 0x7f) | (scan_vec)(v == '"') | (scan_vec)(v == '<') |
	       (scan_vec)(v == '>') | (scan_vec)(v == '\\') | ((scan_vec)(v == '/') & (scan_vec)(next == '.'));
}

bool
url_is_settled(struct str url)
{
	size_t host = str_starts(url, STR_LIT("https://")) ? 8 : str_starts(url, STR_LIT("http://")) ? 7 : 0;

	if (host == 0 || url.len > URL_BYTES_MAX)
		return false;
	size_t end = find_any(url, host, MEND | BAD_HOST | SLASH | QUERY | HASH);
	if (end == host || kind(url.s[host]) & COLON)
		return false;
	if (end == url.len)
		return true;
	if (kind(url.s[end]) & (MEND | BAD_HOST))
		return false;
	end += scan_find(url.s + end, url.len - end, unsettled_hits, 1);
	for (; end < url.len; end++) {
		if ((kind(url.s[end]) & MEND) || (url.s[end] == '.' && url.s[end - 1] == '/'))
			return false;
	}
	return true;
}

bool
url_is_http(struct str url)
{
	if (url_is_settled(url))
		return true;
	if (url.s == NULL || url.len > URL_BYTES_MAX)
		return false;
	if (find_any(url, 0, MEND) < url.len)
		return false;
	struct url_parts p = url_parse(url);
	return scheme_is_http(p.scheme) && !str_empty(p.host) && find_any(p.host, 0, BAD_HOST) == p.host.len;
}

struct str
url_host(struct str url)
{
	return url_parse(url).host;
}

/* A URL being put together in URL_BYTES_MAX bytes; `over` is set when it does not fit. */
struct draft {
	char *text;
	size_t len;
	bool over;
};

static void
add(struct draft *d, struct str s)
{
	if (s.len > URL_BYTES_MAX - d->len) {
		d->over = true;
		return;
	}
	if (s.len > 0)
		memcpy(d->text + d->len, s.s, s.len);
	d->len += s.len;
}

static void
add_encoded(struct draft *d, unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";
	char three[3] = {'%', hex[c >> 4], hex[c & 15]};
	add(d, (struct str){three, 3});
}

/* Without white space and controls at both ends. */
static struct str
trim(struct str s)
{
	while (s.len > 0 && (unsigned char)s.s[0] <= ' ')
		s = rest_of(s, 1);
	while (s.len > 0 && (unsigned char)s.s[s.len - 1] <= ' ')
		s.len--;
	return s;
}

/* ref without what a URL cannot hold: in place when it is clean, as nearly all are; else written to d. */
static struct str
clean(struct str ref, struct draft *d)
{
	size_t i = find_any(ref, 0, MEND);
	if (i == ref.len)
		return ref;
	add(d, slice(ref, 0, i));
	for (; i < ref.len && !d->over; i++) {
		if (kind(ref.s[i]) & ENCODE)
			add_encoded(d, (unsigned char)ref.s[i]);
		else if (!(kind(ref.s[i]) & DROP))
			add(d, slice(ref, i, i + 1));
	}
	return (struct str){d->text, d->len};
}

/* Backslashes before the query become slashes. Only ever called on text in a draft: clean text holds none. */
static void
mend_backslashes(struct draft *d)
{
	for (size_t i = 0; i < d->len && d->text[i] != '?' && d->text[i] != '#'; i++) {
		if (d->text[i] == '\\')
			d->text[i] = '/';
	}
}

/* Adds path with "." and ".." segments worked off (RFC 3986 section 5.2.4). The path so far starts at `root`. */
static void
add_segments(struct draft *d, size_t root, struct str path)
{
	size_t i = 0;
	while (i < path.len) {
		size_t end = find_any(path, i, SLASH);
		struct str segment = slice(path, i, end);
		bool last = end == path.len;
		i = last ? end : end + 1;
		if (str_is(segment, "."))
			continue;
		if (str_is(segment, "..")) {
			if (d->len > root + 1)
				d->len--;
			while (d->len > root && d->text[d->len - 1] != '/')
				d->len--;
			continue;
		}
		add(d, segment);
		if (!last)
			add(d, STR_LIT("/"));
	}
}

static bool
has_dot_segment(struct str path)
{
	return str_starts(path, STR_LIT(".")) || str_find(path, STR_LIT("/."), 0) >= 0;
}

static void
add_path(struct draft *d, const struct url_parts *base, struct str path)
{
	size_t root = d->len;
	struct str head = STR_LIT("");

	if (base != NULL && !str_starts(path, STR_LIT("/"))) {
		head = base->path;
		while (head.len > 0 && head.s[head.len - 1] != '/')
			head.len--;
		if (head.len == 0 && base->host.s != NULL)
			head = STR_LIT("/");
	}
	if (!has_dot_segment(head) && !has_dot_segment(path)) {
		add(d, head);
		add(d, path);
		return;
	}
	add_segments(d, root, head);
	add_segments(d, root, path);
}

static void
add_part(struct draft *d, const char *before, struct str part)
{
	if (part.s == NULL)
		return;
	add(d, str_from(before));
	add(d, part);
}

static void
add_authority(struct draft *d, const struct url_parts *p)
{
	if (p->host.s == NULL)
		return;
	add(d, STR_LIT("//"));
	if (p->userinfo.s != NULL) {
		add(d, p->userinfo);
		add(d, STR_LIT("@"));
	}
	add(d, p->host);
	add_part(d, ":", p->port);
}

static void
add_scheme(struct draft *d, struct str scheme)
{
	size_t from = d->len;
	if (scheme.s == NULL)
		return;
	add(d, scheme);
	add(d, STR_LIT(":"));
	for (size_t i = from; i < d->len; i++)
		d->text[i] = ascii_lower(d->text[i]);
}

static size_t
count_slashes(struct str s)
{
	size_t n = 0;
	while (n < s.len && s.s[n] == '/')
		n++;
	return n;
}

/*
 * Parses a cleaned ref the way browsers read http URLs: any number of slashes but none or one begins the host, and
 * without them "http:x" is relative when the base has the same scheme, else x is the host.
 */
static struct url_parts
parse_http_ref(struct str ref, const struct url_parts *base)
{
	size_t n = scheme_len(ref), slashes;
	struct url_parts p = {.scheme = STR_NONE};
	struct str scheme = n > 0 ? slice(ref, 0, n) : STR_NONE;
	struct str rest = n > 0 ? rest_of(ref, n + 1) : ref;

	slashes = count_slashes(rest);
	if (slashes < 2 && (n == 0 || (base->host.s != NULL && str_ieq(scheme, base->scheme)))) {
		parse_place(&p, rest);
		return p;
	}
	struct str after = rest_of(rest, slashes);
	size_t end = find_any(after, 0, SLASH | QUERY | HASH);
	p.scheme = scheme;
	parse_authority(&p, slice(after, 0, end));
	parse_place(&p, rest_of(after, end));
	return p;
}

static void
resolve_parts(struct draft *d, const struct url_parts *base, const struct url_parts *ref)
{
	bool own_place = ref->scheme.s != NULL || ref->host.s != NULL;
	bool same_page = !own_place && ref->path.len == 0;

	add_scheme(d, ref->scheme.s ? ref->scheme : base->scheme);
	add_authority(d, own_place ? ref : base);
	if (same_page)
		add_path(d, NULL, base->path);
	else
		add_path(d, own_place ? NULL : base, ref->path);
	add_part(d, "?", same_page && ref->query.s == NULL ? base->query : ref->query);
	add_part(d, "#", ref->fragment);
}

/* True for a base that a relative reference may be merged with: "a/b", "/a", "http://h/", but not "urn:x". */
static bool
can_be_base(const struct url_parts *base)
{
	return base->scheme.s == NULL || base->host.s != NULL || str_starts(base->path, STR_LIT("/"));
}

/* Dots worked off must not make a scheme or a host where there was none: "./x:y", "/.//h" (RFC 3986 section 5.3). */
static bool
same_kind(const struct draft *d, const struct url_parts *base, const struct url_parts *ref)
{
	struct url_parts made = url_parse((struct str){d->text, d->len});

	return (made.scheme.s != NULL) == (base->scheme.s != NULL) &&
	       (made.host.s != NULL) == (base->host.s != NULL || ref->host.s != NULL);
}

/* Into `text`, which holds URL_BYTES_MAX bytes. */
static struct str
resolve(const struct url_parts *base, struct str ref_text, char *text)
{
	char scratch[URL_BYTES_MAX];
	struct draft cleaned = {.text = scratch}, d = {.text = text};
	struct url_parts parts;

	struct str ref = clean(trim(ref_text), &cleaned);
	if (cleaned.over || ref.len > URL_BYTES_MAX)
		return STR_NONE;
	size_t n = scheme_len(ref);
	if (scheme_is_http(n > 0 ? slice(ref, 0, n) : base->scheme)) {
		if (ref.s == scratch)
			mend_backslashes(&cleaned);
		parts = parse_http_ref(ref, base);
		resolve_parts(&d, base, &parts);
	} else if (n > 0 || !can_be_base(base)) {
		add(&d, ref);
	} else {
		parts = url_parse(ref);
		resolve_parts(&d, base, &parts);
		if (!same_kind(&d, base, &parts)) {
			d.len = 0;
			add(&d, ref);
		}
	}
	return d.over ? STR_NONE : (struct str){text, d.len};
}

struct str
url_resolve(struct arena *a, struct str base_text, struct str ref)
{
	char text[URL_BYTES_MAX];

	if (ref.s == NULL)
		return STR_NONE;
	if (url_is_settled(trim(ref)))
		return arena_str(a, trim(ref));
	struct url_parts base = url_parse(trim(base_text));
	return arena_str(a, resolve(&base, ref, text));
}

void
url_linker_init(struct url_linker *linker, struct str base)
{
	linker->base = url_parse(trim(base));
}

struct str
url_linker_resolve(void *ctx, struct str ref)
{
	struct url_linker *linker = ctx;

	ref = trim(ref);
	if (ref.s != NULL && url_is_settled(ref))
		return ref;
	struct str url = ref.s == NULL ? STR_NONE : resolve(&linker->base, ref, linker->text);

	return url_is_http(url) ? url : STR_NONE;
}
