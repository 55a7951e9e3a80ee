"""tidings discover: what a page says is found, nothing is guessed, nothing private is touched unless it may be."""
import re

from harness import *

PAGE = """<!DOCTYPE html><html><head><title>The Gazette</title>
<link rel="alternate" type="application/rss+xml" title="All \x1b[31m news" href="all.rss">
<link rel="alternate" type="application/json" href="/api.json">
</head><body><a href="/blog/feed/">Follow us</a> <a href="/broken.rss">RSS</a> <a href="/about">About</a></body></html>"""


def discover(world, name, *arguments, code=0, **more):
    return world.tidings("discover", "--allow-private", world.url(name), *arguments, code=code, **more)


def asked(world):
    return [r["path"] for r in world.requests()]


def prepare(world):
    world.configure()
    world.write("page.html", PAGE)
    world.write("all.rss", rss([item(1)]))
    world.write("blog/feed/index", "")
    world.write("broken.rss", "<html>no feed</html>")
    world.write("api.json", '{"not": "a feed"}')
    world.write("robots.txt", "User-agent: *\nDisallow: /about\nSitemap: https://it.example/map.xml\n")


def test_what_the_page_says_is_listed_and_what_is_no_feed_is_not(world):
    prepare(world)
    world.write("blog/feed/.script", "")
    finds = [json.loads(line) for line in discover(world, "page.html", "--json").splitlines()]
    equal([(f["how"], f["url"]) for f in finds], [("link", world.url("all.rss")), ("robots", "https://it.example/map.xml")])
    equal(finds[0]["type"], "application/rss+xml")
    equal(sorted(asked(world)), ["/api.json", "/blog/feed/", "/broken.rss", "/page.html", "/robots.txt"],
          "only what the page names is asked for, and robots.txt")


def test_a_candidate_that_is_a_feed_is_listed_with_its_format(world):
    prepare(world)
    world.write("broken.rss", rss([item(1), item(2)], title="Blog"))
    finds = [json.loads(line) for line in discover(world, "page.html", "--json").splitlines()]
    blog = [f for f in finds if f["how"] == "anchor"]
    equal(blog, [{"schema": 1, "url": world.url("broken.rss"), "type": None, "title": "Blog", "how": "anchor", "format": "rss20", "items": 2}])


def test_an_address_that_is_a_feed_says_so(world):
    prepare(world)
    words = discover(world, "all.rss").split(maxsplit=4)
    equal(words, ["itself", "rss20", "1", world.url("all.rss"), "Feed\n"])
    equal(asked(world), ["/all.rss"])


def test_a_redirect_moves_the_base(world):
    prepare(world)
    world.write("old", "")
    world.write("old.script", "redirect 302 /dir/new.html\n")
    world.write("dir/new.html", PAGE)
    finds = [json.loads(line) for line in discover(world, "old", "--json").splitlines()]
    equal(finds[0]["url"], world.url("dir/all.rss"))


def test_ready_sections_are_a_configuration(world):
    prepare(world)
    world.write("two.html", PAGE.replace("All \x1b[31m news", "x\n[tidings]\nstore = /tmp/evil"))
    for page in ("page.html", "two.html"):
        text = discover(world, page, "--conf")
        equal("\x1b" in text, False, "control characters")
        world.configure(text)
        dump = world.tidings("config", "--dump")
        equal(world.url("all.rss") in dump, True, dump)
        equal("/tmp/evil" in re.sub("title = .*", "", dump), False, dump)
        world.tidings("config", "--check")


def test_private_addresses_are_refused_unless_allowed(world):
    prepare(world)
    done = subprocess.run([BUILD / "tidings", "-c", world.conf, "discover", world.url("page.html")], capture_output=True, text=True)
    equal((done.returncode, done.stdout, "address_blocked" in done.stderr), (1, "", True), done.stderr)
    equal(asked(world), [])


def test_failures_have_exit_statuses_and_words(world):
    prepare(world)
    world.write("robots.txt", "User-agent: *\nDisallow: /\n")
    world.write("plain.html", "<p>nothing here</p>")
    for name, code in (("none", 1), ("plain.html", 1)):
        equal(discover(world, name, code=code), "")
    world.write("endless", "")
    world.write("endless.script", "status 200\nchunked\nforever <a href=x.rss>\n")
    world.configure(body_max="100KiB", fetch_timeout="3s")
    equal(discover(world, "endless", code=1), "")
    for arguments in ([], ["ftp://it.example/"], ["it.example"], ["http://a.example/", "http://b.example/"]):
        world.tidings("discover", *arguments, code=2)
    world.conf.write_text("[tidings]\nnonsense = 1\n")
    world.tidings("discover", "http://127.0.0.1:1/", code=4)
    world.tidings("-d", "/nonexistent", "discover", "http://127.0.0.1:1/", code=4)


def test_no_configuration_is_needed(world):
    prepare(world)
    done = subprocess.run([BUILD / "tidings", "-d", "/nonexistent", "discover", "--allow-private", world.url("all.rss")],
                          capture_output=True, text=True, timeout=60 * PATIENCE)
    equal(done.returncode, 0, done.stderr)


def test_a_hostile_page_is_read_within_bounds(world):
    prepare(world)
    world.write("robots.txt", "Sitemap: x\n" * 50000 + "Disallow: /\n" * 50000)
    world.write("links.html", "".join(f'<link rel=alternate type=application/json href=/{n}.json><a href=/{n}.rss>' for n in range(20000)))
    discover(world, "links.html", code=None)
    equal(len(asked(world)) <= 14, True, f"{len(asked(world))} requests")
    world.write("robots.txt", "")
    world.write("deep.html", "<div>" * 400000 + "<link rel=alternate type=application/rss+xml href=/deep.rss>")
    equal(world.url("deep.rss") in discover(world, "deep.html"), True)
    world.write("open.html", '<a href="' * 300000)
    equal("open" in discover(world, "open.html", code=None), False)


run(globals())
