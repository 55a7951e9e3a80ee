#include "story/link.h"

#include "story/identity.h"

#include "base/buf.h"

enum tracking_how { TRACKING_EXACT, TRACKING_PREFIX, TRACKING_VALUE };

static const struct tracking {
	struct str name, value;
	enum tracking_how how;
} tracking[] = {
#define TRACKING(name, how, value) {{name, sizeof(name) - 1}, {value, sizeof(value) - 1}, TRACKING_##how},
#include "story/tracking.def"
#undef TRACKING
};

static struct str
slice(struct str s, size_t from, size_t to)
{
	return (struct str){s.s + from, to - from};
}

/* The first `c` from `from` on, or s.len. */
static size_t
find_byte(struct str s, size_t from, char c)
{
	const char *found = from < s.len ? memchr(s.s + from, c, s.len - from) : NULL;
	return found != NULL ? (size_t)(found - s.s) : s.len;
}

/* Where host and port end. */
static size_t
authority_end(struct str s)
{
	static const bool ends[256] = {['/'] = true, ['?'] = true, ['#'] = true, ['\\'] = true};
	size_t at = 0;
	while (at < s.len && !ends[(unsigned char)s.s[at]])
		at++;
	return at;
}

static bool
is_tracking(struct str param)
{
	size_t eq = find_byte(param, 0, '=');
	struct str name = slice(param, 0, eq);
	struct str value = eq < param.len ? slice(param, eq + 1, param.len) : STR_LIT("");

	for (size_t i = 0; i < sizeof tracking / sizeof *tracking; i++) {
		const struct tracking *t = &tracking[i];
		if (name.len == 0 || ascii_lower(name.s[0]) != t->name.s[0]) /* of all of them small */
			continue;
		if (t->how == TRACKING_PREFIX
		        ? str_istarts(name, t->name)
		        : str_ieq(name, t->name) && (t->how == TRACKING_EXACT || str_ieq(value, t->value)))
			return true;
	}
	return false;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
is_unreserved(int c) /* RFC 3986, 2.3 */
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
	       c == '_' || c == '~';
}

/* RFC 3986, 6.2.2: escapes of characters that need none are undone, the others get upper-case digits. */
static bool
add_escaped(struct buf *out, struct str s)
{
	char *p = buf_reserve(out, s.len);
	if (p == NULL)
		return false;
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		int hi = s.s[i] == '%' && i + 2 < s.len ? hex_value(s.s[i + 1]) : -1;
		int lo = hi >= 0 ? hex_value(s.s[i + 2]) : -1;
		if (lo < 0) {
			p[n++] = s.s[i];
		} else if (is_unreserved(hi * 16 + lo)) {
			p[n++] = (char)(hi * 16 + lo);
			i += 2;
		} else {
			p[n++] = '%';
			p[n++] = "0123456789ABCDEF"[hi];
			p[n++] = "0123456789ABCDEF"[lo];
			i += 2;
		}
	}
	out->len += n;
	out->data[out->len] = '\0';
	return true;
}

struct link_parts {
	struct str host, port, path, query, fragment; /* query and fragment without their mark */
};

/* After "scheme://"; user and password never tell which page is meant. */
static struct link_parts
split_link(struct str s)
{
	struct link_parts p = {.query = STR_NONE, .fragment = STR_NONE};
	size_t end = authority_end(s);
	size_t host = 0;
	for (size_t i = 0; i < end; i++) {
		if (s.s[i] == '@')
			host = i + 1;
	}
	size_t port = end;
	for (size_t i = end; i > host && (s.s[i - 1] == ':' || (s.s[i - 1] >= '0' && s.s[i - 1] <= '9')); i--) {
		if (s.s[i - 1] == ':')
			port = i - 1;
	}
	p.host = slice(s, host, port);
	p.port = port < end ? slice(s, port + 1, end) : STR_LIT("");
	size_t hash = find_byte(s, end, '#');
	if (hash < s.len)
		p.fragment = slice(s, hash + 1, s.len);
	size_t mark = find_byte(slice(s, 0, hash), end, '?');
	if (mark < hash)
		p.query = slice(s, mark + 1, hash);
	p.path = slice(s, end, mark);
	return p;
}

/* The names under which a site shows the same pages again. A name is only shortened while a dot stays in it. */
static struct str
main_host(struct str host)
{
	static const struct str prefixes[] = {STR_LIT("www."), STR_LIT("m."), STR_LIT("mobile."), STR_LIT("amp.")};
	if (host.len > 0 && host.s[host.len - 1] == '.')
		host.len--;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		struct str rest = slice(host, prefixes[i].len < host.len ? prefixes[i].len : host.len, host.len);
		if (str_istarts(host, prefixes[i]) && str_find(rest, STR_LIT("."), 0) > 0)
			return rest;
	}
	return host;
}

/* The page behind an address of an AMP cache (amp.dev, "AMP Cache URL format"); STR_NONE when it is none. */
static struct str
amp_inner(const struct link_parts *p, struct str rest)
{
	static const struct str starts[] = {
	    STR_LIT("/amp/s/"), STR_LIT("/amp/"), STR_LIT("/c/s/"), STR_LIT("/v/s/"), STR_LIT("/c/"), STR_LIT("/v/")};
	bool search = str_istarts(main_host(p->host), STR_LIT("google."));
	bool cache = str_ends(p->host, STR_LIT("cdn.ampproject.org"));
	for (size_t i = search ? 0 : 2; (search || cache) && i < (search ? 2 : sizeof starts / sizeof *starts); i++) {
		if (str_starts(p->path, starts[i]))
			return slice(rest, (size_t)(p->path.s - rest.s) + starts[i].len, rest.len);
	}
	return STR_NONE;
}

static struct str
main_path(struct str path)
{
	if (str_starts(path, STR_LIT("/amp/")))
		path = slice(path, 4, path.len);
	while (path.len > 0 && path.s[path.len - 1] == '/')
		path.len--;
	if (str_ends(path, STR_LIT("/amp")) || str_ends(path, STR_LIT(".amp")))
		path.len -= 4;
	while (path.len > 0 && path.s[path.len - 1] == '/')
		path.len--;
	return path;
}

static bool
add_query(struct buf *out, struct str query)
{
	struct str param;
	bool ok = true;
	char mark = '?';
	while (ok && str_split(&query, '&', &param)) {
		if (str_istarts(param, STR_LIT("amp;"))) /* an ampersand that was escaped twice */
			param = slice(param, 4, param.len);
		if (param.len == 0 || is_tracking(param))
			continue;
		ok = buf_putc(out, mark) && add_escaped(out, param);
		mark = '&';
	}
	return ok;
}

static bool
add_web_link(struct buf *out, struct str rest, bool keep_fragment)
{
	struct link_parts p = split_link(rest);
	struct str inner = amp_inner(&p, rest);
	if (inner.len > 0)
		p = split_link(inner);
	if (!buf_puts(out, "https://"))
		return false;
	struct str host = main_host(p.host);
	char *to = buf_reserve(out, host.len);
	if (to == NULL)
		return false;
	for (size_t i = 0; i < host.len; i++)
		to[i] = ascii_lower(host.s[i]);
	out->len += host.len;
	if (p.port.len > 0 && !str_is(p.port, "80") && !str_is(p.port, "443") &&
	    !(buf_putc(out, ':') && buf_str(out, p.port)))
		return false;
	if (!add_escaped(out, main_path(p.path)) || !add_query(out, p.query))
		return false;
	/* "#!" and "#/" name pages of sites that are drawn by scripts */
	bool names_page = p.fragment.len > 0 && (p.fragment.s[0] == '!' || p.fragment.s[0] == '/');
	if (p.fragment.len > 0 && (keep_fragment || names_page))
		return buf_putc(out, '#') && buf_str(out, p.fragment);
	return true;
}

bool
story_link_add(struct buf *out, struct str link, bool keep_fragment)
{
	link = str_trim(link);
	if (str_istarts(link, STR_LIT("https://")))
		return add_web_link(out, slice(link, 8, link.len), keep_fragment);
	if (str_istarts(link, STR_LIT("http://")))
		return add_web_link(out, slice(link, 7, link.len), keep_fragment);
	return buf_str(out, link);
}

bool
story_canonical_link(struct str link, struct buf *out)
{
	return story_link_add(out, link, false);
}
