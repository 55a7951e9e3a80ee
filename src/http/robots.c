#include "http/robots.h"

#include "base/utf8.h"

enum scope { SCOPE_OTHER, SCOPE_ANY, SCOPE_OURS };

struct reader {
	struct str product;
	struct arena *arena;
	struct robots any, ours; /* rules of "*", and of the groups that name us */
	bool named, started;     /* a group named us; the present group has rules already */
	enum scope scope;
};

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

static unsigned
hex(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(ascii_lower(c) - 'a' + 10);
}

static bool
unreserved(unsigned char c)
{
	return (ascii_lower((char)c) >= 'a' && ascii_lower((char)c) <= 'z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-._~", c) != NULL);
}

/* One byte in the one form in which paths are compared: bytes that need it encoded in capitals, unreserved ones plain.
 * Returns how many bytes were written, at most 3, and moves *i. */
static size_t
normal_byte(struct str s, size_t *i, char out[3])
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char c = (unsigned char)s.s[*i];
	bool encoded = c == '%' && *i + 2 < s.len && is_hex(s.s[*i + 1]) && is_hex(s.s[*i + 2]);
	if (encoded)
		c = (unsigned char)(hex(s.s[*i + 1]) * 16 + hex(s.s[*i + 2]));
	*i += encoded ? 3 : 1;
	if (encoded ? unreserved(c) : (c > ' ' && c < 0x7F)) {
		out[0] = (char)c;
		return 1;
	}
	out[0] = '%';
	out[1] = digits[c >> 4];
	out[2] = digits[c & 15];
	return 3;
}

static struct str
normal_form(struct str s, struct arena *arena)
{
	char *out = arena_alloc(arena, 3 * s.len + 1);
	size_t n = 0;
	if (out == NULL)
		return STR_NONE;
	for (size_t i = 0; i < s.len;)
		n += normal_byte(s, &i, out + n);
	out[n] = '\0';
	return (struct str){out, n};
}

/* Does the pattern match from the start of the path on? Only the last star is ever moved. *steps is used up; at 0 nothing
 * matches any more. */
static bool
matches(struct str pattern, struct str path, size_t *steps)
{
	bool anchored = pattern.len > 0 && pattern.s[pattern.len - 1] == '$';
	size_t p = 0, s = 0, star = SIZE_MAX, mark = 0, end = pattern.len - anchored;
	for (; *steps > 0; --*steps) {
		if (p == end && (!anchored || s == path.len))
			return true;
		if (p < end && pattern.s[p] == '*') {
			star = ++p;
			mark = s;
		} else if (p < end && s < path.len && pattern.s[p] == path.s[s]) {
			p++;
			s++;
		} else if (star != SIZE_MAX && mark < path.len) {
			p = star;
			s = ++mark;
		} else {
			return false;
		}
	}
	return false;
}

static void
add_rule(struct reader *r, struct str value, bool allow)
{
	struct robots *to = r->scope == SCOPE_OURS ? &r->ours : &r->any;
	r->started = true;
	if (r->scope == SCOPE_OTHER || value.len == 0 || (value.s[0] != '/' && value.s[0] != '*'))
		return; /* an empty Disallow forbids nothing */
	if (to->rule_count >= ROBOTS_RULES_MAX)
		return;
	struct robots_rule *grown = arena_grow(r->arena, to->rules, &to->rule_cap, to->rule_count, sizeof *to->rules);
	if (grown == NULL)
		return;
	to->rules = grown;
	to->rules[to->rule_count++] = (struct robots_rule){normal_form(value, r->arena), allow};
}

static void
add_agent(struct reader *r, struct str value)
{
	if (r->started) /* a new group begins */
		r->scope = SCOPE_OTHER;
	r->started = false;
	if (str_is(value, "*")) {
		r->scope = r->scope == SCOPE_OURS ? SCOPE_OURS : SCOPE_ANY;
		return;
	}
	size_t n = 0;
	while (n < value.len && (unreserved((unsigned char)value.s[n]) && value.s[n] != '.' && value.s[n] != '~'))
		n++;
	if (str_ieq((struct str){value.s, n}, r->product)) {
		r->scope = SCOPE_OURS;
		r->named = true;
	}
}

static void
add_sitemap(struct reader *r, struct str value)
{
	struct robots *to = &r->any;
	if (value.len == 0 || to->sitemap_count >= ROBOTS_SITEMAPS_MAX)
		return;
	struct str *grown =
	    arena_grow(r->arena, to->sitemaps, &to->sitemap_cap, to->sitemap_count, sizeof *to->sitemaps);
	if (grown == NULL)
		return;
	to->sitemaps = grown;
	to->sitemaps[to->sitemap_count++] = arena_str(r->arena, value);
}

/* Seconds, with a fraction that is rounded up. */
static void
set_delay(struct reader *r, struct str value)
{
	struct robots *to = r->scope == SCOPE_OURS ? &r->ours : &r->any;
	struct str rest = value, whole = STR_NONE;
	int64_t seconds = 0;
	r->started = true;
	if (r->scope == SCOPE_OTHER || !str_split(&rest, '.', &whole) || !str_int(whole, 0, 1000000, &seconds))
		return;
	bool fraction = rest.len > 0;
	int64_t ms = seconds * 1000 + (fraction ? 1000 : 0);
	to->delay_ms = ms > ROBOTS_DELAY_MAX_MS ? ROBOTS_DELAY_MAX_MS : ms;
}

static void
read_line(struct reader *r, struct str line)
{
	struct str name = STR_NONE, comment = line;
	str_split(&comment, '#', &line);
	if (line.len == 0 || !str_split(&line, ':', &name))
		return;
	struct str value = str_trim(line);
	name = str_trim(name);
	if (str_ieq(name, STR_LIT("user-agent")))
		add_agent(r, value);
	else if (str_ieq(name, STR_LIT("disallow")))
		add_rule(r, value, false);
	else if (str_ieq(name, STR_LIT("allow")))
		add_rule(r, value, true);
	else if (str_ieq(name, STR_LIT("sitemap")))
		add_sitemap(r, value);
	else if (str_ieq(name, STR_LIT("crawl-delay")))
		set_delay(r, value);
}

int
robots_parse(struct str text, struct str product, struct arena *arena, struct robots *ret, struct err *err)
{
	struct reader r = {.product = product, .arena = arena};

	if (text.len > ROBOTS_BYTES_MAX)
		text.len = ROBOTS_BYTES_MAX;
	text = utf8_without_mark(text);
	for (size_t from = 0; from < text.len;) {
		size_t end = from;
		while (end < text.len && text.s[end] != '\n' && text.s[end] != '\r')
			end++;
		read_line(&r, (struct str){text.s + from, end - from});
		from = end + 1;
	}
	*ret = r.named ? r.ours : r.any;
	ret->sitemaps = r.any.sitemaps;
	ret->sitemap_count = r.any.sitemap_count;
	return arena_check(arena, err);
}

bool
robots_allows(const struct robots *r, struct str target)
{
	size_t best = 0, steps = ROBOTS_STEPS_MAX;
	bool allowed = true, any = false;
	struct arena scratch;

	if (r->deny_all)
		return str_is(target, "/robots.txt");
	if (r->rule_count == 0 || str_is(target, "/robots.txt"))
		return true;
	arena_init(&scratch, 0);
	struct str path = normal_form(target, &scratch);
	for (size_t i = 0; i < r->rule_count && path.s != NULL; i++) {
		const struct robots_rule *rule = &r->rules[i];
		if ((any && (rule->pattern.len < best || (rule->pattern.len == best && allowed))) ||
		    !matches(rule->pattern, path, &steps))
			continue;
		any = true;
		best = rule->pattern.len;
		allowed = rule->allow;
	}
	allowed &= path.s != NULL && steps > 0; /* what cannot be decided is not allowed */
	arena_done(&scratch);
	return allowed;
}

enum robots_access
robots_access(int status)
{
	if (status >= 200 && status < 300)
		return ROBOTS_PARSE;
	return status >= 400 && status < 500 && status != 429 ? ROBOTS_ALLOW_ALL : ROBOTS_DENY_ALL;
}

struct str
robots_target(struct str url, struct arena *arena)
{
	ptrdiff_t at = str_find(url, STR_LIT("://"), 0);
	size_t from = at < 0 ? url.len : (size_t)at + 3, end = from;
	while (from < url.len && strchr("/?#", url.s[from]) == NULL)
		from++;
	for (end = from; end < url.len && url.s[end] != '#'; end++)
		;
	struct str target = {url.s + from, end - from};
	if (target.len > 0 && target.s[0] == '/')
		return target;
	return arena_printf(arena, "/%.*s", STR_ARG(target));
}
