#include "tap.h"

#include "feed/url.h"

#include "rng.h"

#include <stdlib.h>

static struct arena arena;

static struct str
resolve(const char *base, const char *ref)
{
	return url_resolve(&arena, str_from(base), str_from(ref));
}

#define ck_resolves(base, ref, want) ck_assert_str_is(resolve(base, ref), want)

START_TEST(test_the_normal_examples_of_rfc_3986_resolve)
{
	const char *base = "http://a/b/c/d;p?q";
	static const char *const cases[][2] = {
	    {"g:h", "g:h"},
	    {"g", "http://a/b/c/g"},
	    {"./g", "http://a/b/c/g"},
	    {"g/", "http://a/b/c/g/"},
	    {"/g", "http://a/g"},
	    {"//g", "http://g"},
	    {"?y", "http://a/b/c/d;p?y"},
	    {"g?y", "http://a/b/c/g?y"},
	    {"#s", "http://a/b/c/d;p?q#s"},
	    {"g#s", "http://a/b/c/g#s"},
	    {"g?y#s", "http://a/b/c/g?y#s"},
	    {";x", "http://a/b/c/;x"},
	    {"g;x", "http://a/b/c/g;x"},
	    {"g;x?y#s", "http://a/b/c/g;x?y#s"},
	    {"", "http://a/b/c/d;p?q"},
	    {".", "http://a/b/c/"},
	    {"./", "http://a/b/c/"},
	    {"..", "http://a/b/"},
	    {"../", "http://a/b/"},
	    {"../g", "http://a/b/g"},
	    {"../..", "http://a/"},
	    {"../../", "http://a/"},
	    {"../../g", "http://a/g"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_resolves(base, cases[i][0], cases[i][1]);
}
END_TEST

START_TEST(test_the_abnormal_examples_of_rfc_3986_resolve)
{
	const char *base = "http://a/b/c/d;p?q";
	static const char *const cases[][2] = {
	    {"../../../g", "http://a/g"},
	    {"../../../../g", "http://a/g"},
	    {"/./g", "http://a/g"},
	    {"/../g", "http://a/g"},
	    {"g.", "http://a/b/c/g."},
	    {".g", "http://a/b/c/.g"},
	    {"g..", "http://a/b/c/g.."},
	    {"..g", "http://a/b/c/..g"},
	    {"./../g", "http://a/b/g"},
	    {"./g/.", "http://a/b/c/g/"},
	    {"g/./h", "http://a/b/c/g/h"},
	    {"g/../h", "http://a/b/c/h"},
	    {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
	    {"g;x=1/../y", "http://a/b/c/y"},
	    {"g?y/./x", "http://a/b/c/g?y/./x"},
	    {"g?y/../x", "http://a/b/c/g?y/../x"},
	    {"g#s/./x", "http://a/b/c/g#s/./x"},
	    {"g#s/../x", "http://a/b/c/g#s/../x"},
	    {"/a//../b", "http://a/a/b"},
	    {"..//g", "http://a/b//g"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_resolves(base, cases[i][0], cases[i][1]);
}
END_TEST

START_TEST(test_what_browsers_forgive_is_forgiven)
{
	const char *base = "https://news.example/world/index.html";
	static const char *const cases[][2] = {
	    {"  /a\n", "https://news.example/a"},
	    {"/a\n\tb", "https://news.example/ab"},
	    {"/a b", "https://news.example/a%20b"},
	    {"/a\"<b>", "https://news.example/a%22%3Cb%3E"},
	    {"\\\\evil.example\\x", "https://evil.example/x"},
	    {"/\\evil.example", "https://evil.example"},
	    {"///evil.example/x", "https://evil.example/x"},
	    {"https:other", "https://news.example/world/other"},
	    {"https:/other", "https://news.example/other"},
	    {"http:other/x", "http://other/x"},
	    {"http:/other/x", "http://other/x"},
	    {"HTTP:\\\\Other\\x?a\\b", "http://Other/x?a\\b"},
	    {"//cdn.example/i.png", "https://cdn.example/i.png"},
	    {"/новости?я", "https://news.example/новости?я"},
	    {"http://h\\.example", "http://h/.example"},
	    {"http://h//g/.x", "http://h//g/.x"},
	    {"https:a:b", "https://news.example/world/a:b"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_resolves(base, cases[i][0], cases[i][1]);
}
END_TEST

START_TEST(test_an_absolute_url_needs_no_base)
{
	ck_resolves(NULL, "http://a.example", "http://a.example");
	ck_resolves(NULL, " HTTPS://a.example/b?c#d ", "https://a.example/b?c#d");
	ck_resolves("", "http://u:p@a.example:81/b", "http://u:p@a.example:81/b");
	ck_resolves("http://b/", "http://[2001:db8::1]:81/b?c#", "http://[2001:db8::1]:81/b?c#");
}
END_TEST

START_TEST(test_a_relative_reference_without_a_usable_base_stays_as_it_is)
{
	ck_resolves(NULL, " a/b ", "a/b");
	ck_resolves("javascript:alert(1)", "//evil", "//evil");
	ck_resolves("urn:x:y", "z", "z");
	ck_resolves("mailto:a@b", "/z", "/z");
	ck_resolves("a/b", "c", "a/c");
	ck_resolves("./a/../http://h/", "c", "c");
	ck_resolves("/a", ".//h", ".//h");
	ck_resolves("file:///x/y", "z", "file:///x/z");
}
END_TEST

START_TEST(test_a_chain_of_relative_bases_resolves_step_by_step)
{
	struct str base = resolve("http://example.org/", "a/");
	base = url_resolve(&arena, base, STR_LIT("b/"));
	ck_assert_str_is(url_resolve(&arena, base, STR_LIT("../c?d")), "http://example.org/a/c?d");
	ck_resolves("http://example.org/a/../b?c#d", "", "http://example.org/b?c");
	ck_resolves("http://example.org", "c", "http://example.org/c");
	ck_resolves("http://example.org?x/y", "c", "http://example.org/c");
}
END_TEST

START_TEST(test_only_http_and_https_are_links)
{
	static const char *const good[] = {"http://a", "HTTPS://a/b", "http://u@[::1]:8080/?q#f", "https://пример.рф/я"};
	static const char *const bad[] = {
	    "",
	    "a",
	    "//a",
	    "/a",
	    "http:",
	    "http://",
	    "http:///x",
	    "http://:80/",
	    "http://u@/",
	    "ftp://a/",
	    "a://evil",
	    "javascript:alert(1)",
	    "data:text/html,x",
	    "vbscript:x",
	    "file:///etc/passwd",
	    "http://a b/",
	    "http://a/\n",
	    "http://a/\"x",
	    "http://a|b/",
	    "mailto:a@b",
	    "http://a/b\\c",
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ck_assert_msg(url_is_http(str_from(good[i])), "%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!url_is_http(str_from(bad[i])), "%s", bad[i]);
	ck_assert(!url_is_http(STR_NONE));
}
END_TEST

/* RFC 3986 section 5.2 has nothing to do for it, and no byte of it is one that the URL Standard would change or refuse. */
static bool
is_plainly_settled(struct str url)
{
	struct url_parts p = url_parse(url);
	if (!(str_is(p.scheme, "http") || str_is(p.scheme, "https")) || p.host.len == 0 || p.userinfo.s != NULL)
		return false;
	for (size_t i = 0; i < url.len; i++) {
		if ((unsigned char)url.s[i] <= ' ' || strchr("\x7f\"<>\\", url.s[i]) != NULL)
			return false;
	}
	for (size_t i = 0; i < p.host.len; i++) {
		if (strchr("^`{|}@", p.host.s[i]) != NULL)
			return false;
	}
	return true;
}

START_TEST(test_a_settled_url_is_a_link_and_its_own_resolution)
{
	static const char *const starts[] = {"http://", "https://", "http:/", "HTTP://", "", "ftp://"};
	static const char bytes[] = "abcdefgh/.?#:@\\\"<> \t\x7f\x80|^[]&=%";
	uint64_t seed = 3;
	unsigned settled = 0;
	for (unsigned n = 0; n < 100000; n++) {
		char text[80];
		unsigned rare = (unsigned)rng_below(&seed, 40);
		size_t len = strlen(strcpy(text, starts[rng_below(&seed, 6)]));
		for (size_t left = rng_below(&seed, 60); left > 0; left--)
			text[len++] = bytes[rng_below(&seed, rng_below(&seed, 40) < rare ? 10 : sizeof bytes - 1)];
		struct str url = {text, len};
		if (!url_is_settled(url))
			continue;
		settled++;
		ck_assert_msg(is_plainly_settled(url), "%.*s", STR_ARG(url));
		ck_assert_msg(url_is_http(url), "%.*s", STR_ARG(url));
		/* a scheme in capitals goes the long way to the same end */
		char loud[80] = "HTTP";
		memcpy(loud + 4, text + 4, len - 4);
		struct str long_way = url_resolve(&arena, STR_LIT("https://base.example/x"), (struct str){loud, len});
		ck_assert_msg(str_eq(long_way, url), "%.*s, not %.*s", STR_ARG(long_way), STR_ARG(url));
		arena_reset(&arena);
	}
	ck_assert_uint_gt(settled, 3000);
	ck_assert(
	    url_is_settled(STR_LIT("https://news.example/2026/01/report-24/?utm_source=rss&utm_medium=feed#top")));
	ck_assert(!url_is_settled(STR_NONE) && !url_is_settled(STR_LIT("https://news.example/2026/01/category-3/./x")));
}
END_TEST

START_TEST(test_a_scheme_hidden_by_white_space_is_still_seen)
{
	ck_assert_str_is(resolve("http://a/", " java\nscript\t:alert(1)"), "javascript:alert(1)");
	ck_assert_str_is(resolve("http://a/", "\x01javascript:alert(1)"), "javascript:alert(1)");
	ck_assert(!url_is_http(resolve("http://a/", "java\nscript:alert(1)")));
}
END_TEST

START_TEST(test_a_url_over_the_ceiling_is_none)
{
	size_t n = URL_BYTES_MAX;
	char *long_url = malloc(n + 2);
	ck_assert_ptr_nonnull(long_url);
	memset(long_url, 'a', n + 1);
	memcpy(long_url, "http://h/", 9);
	struct str s = {long_url, n};
	ck_assert(str_eq(url_resolve(&arena, STR_NONE, s), s));
	ck_assert(url_is_http(s));
	s.len = n + 1;
	ck_assert_ptr_null(url_resolve(&arena, STR_NONE, s).s);
	ck_assert(!url_is_http(s));
	/* Short, but not once it is encoded; short, but not once it is merged. */
	memset(long_url + 9, ' ', n - 10);
	s.len = n;
	long_url[n - 1] = 'a';
	ck_assert_ptr_null(url_resolve(&arena, STR_NONE, s).s);
	memset(long_url, 'a', n);
	ck_assert_ptr_null(url_resolve(&arena, STR_LIT("http://h/"), s).s);
	free(long_url);
}
END_TEST

START_TEST(test_an_absent_reference_is_absent)
{
	ck_assert_ptr_null(url_resolve(&arena, STR_LIT("http://a/"), STR_NONE).s);
}
END_TEST

START_TEST(test_a_linker_gives_absolute_links_only)
{
	struct url_linker linker;
	url_linker_init(&linker, STR_LIT("http://a.example/b/"));
	ck_assert_str_is(url_linker_resolve(&linker, STR_LIT("c")), "http://a.example/b/c");
	ck_assert_str_is(url_linker_resolve(&linker, STR_LIT(" https://d.example/")), "https://d.example/");
	ck_assert_ptr_null(url_linker_resolve(&linker, STR_LIT("java\nscript:x")).s);
	ck_assert_ptr_null(url_linker_resolve(&linker, STR_LIT("mailto:x@y")).s);
	ck_assert_ptr_null(url_linker_resolve(&linker, STR_NONE).s);
	url_linker_init(&linker, STR_NONE);
	ck_assert_ptr_null(url_linker_resolve(&linker, STR_LIT("c")).s);
}
END_TEST

START_TEST(test_the_parts_of_a_url_are_told_apart)
{
	struct url_parts p = url_parse(STR_LIT("http://u:p@h@x:80/a/b?q?r#f#g"));
	ck_assert_str_is(p.scheme, "http");
	ck_assert_str_is(p.userinfo, "u:p@h");
	ck_assert_str_is(p.host, "x");
	ck_assert_str_is(p.port, "80");
	ck_assert_str_is(p.path, "/a/b");
	ck_assert_str_is(p.query, "q?r");
	ck_assert_str_is(p.fragment, "f#g");
	p = url_parse(STR_LIT("mailto:a@b"));
	ck_assert_ptr_null(p.host.s);
	ck_assert_str_is(p.path, "a@b");
	p = url_parse(STR_NONE);
	ck_assert_ptr_null(p.scheme.s);
	ck_assert_uint_eq(p.path.len, 0);
	ck_assert_str_is(url_host(STR_LIT("https://[2001:db8::1]:8443/")), "[2001:db8::1]");
	ck_assert_ptr_null(url_host(STR_LIT("/a")).s);
}
END_TEST

static void
suite(TCase *tc)
{
	arena_init(&arena, 0);
	tcase_add_test(tc, test_the_normal_examples_of_rfc_3986_resolve);
	tcase_add_test(tc, test_the_abnormal_examples_of_rfc_3986_resolve);
	tcase_add_test(tc, test_what_browsers_forgive_is_forgiven);
	tcase_add_test(tc, test_an_absolute_url_needs_no_base);
	tcase_add_test(tc, test_a_relative_reference_without_a_usable_base_stays_as_it_is);
	tcase_add_test(tc, test_a_chain_of_relative_bases_resolves_step_by_step);
	tcase_add_test(tc, test_only_http_and_https_are_links);
	tcase_add_test(tc, test_a_settled_url_is_a_link_and_its_own_resolution);
	tcase_add_test(tc, test_a_scheme_hidden_by_white_space_is_still_seen);
	tcase_add_test(tc, test_a_url_over_the_ceiling_is_none);
	tcase_add_test(tc, test_an_absent_reference_is_absent);
	tcase_add_test(tc, test_a_linker_gives_absolute_links_only);
	tcase_add_test(tc, test_the_parts_of_a_url_are_told_apart);
}

int
main(void)
{
	return tap_run("feed/url", suite);
}
