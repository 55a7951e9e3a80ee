"""Article pages: read politely, once, and matched like the item's own text."""
import http.server
import threading

from harness import *

FILLER = ("The harbour of the small town was quiet on Monday morning, and the boats that had left before dawn were nowhere to be "
          "seen when the visitors arrived to speak with the mayor about the new pier and its cost. ")


def page(text, head=""):
    return (f"<!DOCTYPE html><html lang=en><head><title>Page</title>{head}</head><body><ul><li><a href=/>Home</a></ul>"
            f"<h1>Report</h1><p>{FILLER}</p><p>{text} {FILLER}</p><p><a href=/more>More reports from all over the world</a></p></body></html>")


def report(world, number, title="Two lines", page_name=None, **more):
    return item(number, title=title, link=world.url(page_name or f"page{number}.html"), **more)


def prepare(world, **settings):
    world.write("robots.txt", "User-agent: *\nDisallow: /private\n")
    world.configure(world.feeds(["news.rss"], article="yes"), world.WATCH, world.hook_sink(), **settings)


def pages(world):
    """The requests for pages, without the feed and robots.txt."""
    return [r["path"] for r in world.requests() if not r["path"].endswith((".rss", "robots.txt"))]


def ended(world, count):
    wait_for(lambda: world.alive() and world.rows("SELECT count(*) FROM articles WHERE state = 2") == [(count,)], f"{count} pages have ended")


def errors(world):
    return [e for (e,) in world.rows("SELECT error FROM articles ORDER BY item_id")]


def test_a_mention_that_stands_only_in_the_page_is_told_shown_and_found(world):
    prepare(world)
    world.write("page1.html", page("In the end Volodymyr Zelensky signed the peace plan.", '<link rel=canonical href="/the-report">'))
    world.write("page2.html", page("Nobody of note was there."))
    world.write("news.rss", rss([report(world, 1), report(world, 2)]))
    world.start()
    ended(world, 2)
    wait_for(lambda: world.outbox_settled() and len(world.notifications()) == 1, "one notification")
    equal(world.told_links(), [world.url("page1.html")])
    shown = world.tidings_json("show", "1")[0]
    matches = {m["id"]: m for m in shown["matches"]}
    equal(sorted(matches), ["peace-plan", "zelenskiy"])
    for match in matches.values():
        for mention in match["mentions"]:
            equal(mention["field"], "article")
            equal(shown["article"].encode()[mention["start"]:mention["end"]].decode(), mention["text"])
    equal(shown["canonical"], world.url("the-report"))
    equal(shown["watches"], ["talks"])
    equal("Home" in shown["article"], False, "navigation in the text")
    equal("signed the" in world.tidings("show", "1"), True)
    equal([i["id"] for i in world.tidings_json("search", "harbour", "zelensky", "lines")], [1])
    equal([i["id"] for i in world.tidings_json("items", "--actor", "zelenskiy")], [1])
    world.stop()
    world.sound()


def test_workers_read_pages_and_one_that_ends_its_worker_costs_itself(world):
    def workers():
        return world.control("status")["workers"]

    prepare(world, workers=1)
    world.write("news.rss", rss([report(world, 1)]))
    world.write("page1.html", page("In the end Zelensky signed."))
    world.start()
    ended(world, 1)
    equal(workers()["documents"], 2, "the feed and the page")
    wait_for(lambda: workers()["ready"] == 1, "the worker is ready")
    (pid,) = [int(p.parent.name) for p in pathlib.Path("/proc").glob("[0-9]*/stat")
              if (s := p.read_text().rsplit(")", 1)) and s[0].endswith("(tidings-worker") and int(s[1].split()[1]) == world.daemon.pid]
    # a server that keeps the page until the worker is stopped, which has read the feed by then
    asked, go = threading.Event(), threading.Event()

    class Slow(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/robots.txt":
                self.send_error(404)
                return
            asked.set()
            go.wait(60 * PATIENCE)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page("Zelensky went home.").encode())

        def log_message(self, *_):
            pass

    slow = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=slow.serve_forever, daemon=True).start()
    world.write("page3.html", page("Zelensky came back."))
    world.write("news.rss", rss([report(world, 1), item(2, link=f"http://127.0.0.1:{slow.server_port}/page2.html"), report(world, 3)]))
    world.poll_all()
    equal(asked.wait(60 * PATIENCE), True, "the page is asked for")
    ended(world, 2)
    os.kill(pid, signal.SIGSTOP)
    go.set()
    wait_for(lambda: workers()["in_hand"] == 1, "the worker holds the page")
    os.kill(pid, signal.SIGKILL)
    ended(world, 3)
    slow.shutdown()
    equal(sorted(errors(world), key=str), [None, None, "parser_crash"], "that page pays for it")
    equal(workers()["crashed"], 1)
    equal(["-news.sample" in s.name for s in (world.dir / "samples").iterdir()], [True], "a sample is kept")
    world.stop()
    world.sound()


def test_a_page_is_matched_with_feed_link_and_source_in_queries_by_workers_and_without(world):
    prepare(world)
    queries = {"a": "feed:news article:zelensky", "b": "link:page1 pier", "c": 'source:"A Feed" article:pier', "d": "feed:other pier", "e": "lang:en article:pier"}
    topics = "".join(f"[topic {k}]\nquery = {q}\n" for k, q in queries.items())
    for workers in (0, 1):
        number = workers + 1
        world.configure(world.feeds(["news.rss"], article="yes", title="A Feed"), world.WATCH, topics, workers=workers)
        world.write(f"page{number}.html", page("In the end Zelensky signed."))
        world.write("news.rss", rss([report(world, n) for n in range(1, number + 1)]))
        world.start()
        world.poll_all()
        ended(world, number)
        found = {m["id"] for m in world.tidings_json("show", str(number))[0]["matches"]}
        equal(found - {"zelenskiy"}, {"a", "c", "e"} | ({"b"} if number == 1 else set()), f"with {workers} workers")
        world.stop()


def test_an_item_is_told_once_though_title_and_page_mention_the_same(world):
    prepare(world)
    world.write("page1.html", page("Volodymyr Zelensky signed the peace plan."))
    world.write("news.rss", rss([report(world, 1, title="Zelensky in town")]))
    world.start()
    ended(world, 1)
    wait_for(world.outbox_settled, "the outbox is empty")
    equal(len(world.notifications()), 1)
    equal(world.rows("SELECT count(*) FROM outbox"), [(1,)])
    equal(sorted(m["id"] for m in world.tidings_json("show", "1")[0]["matches"]), ["peace-plan", "zelenskiy"])


def test_a_page_is_asked_for_once_whatever_comes_of_it(world):
    prepare(world)
    for number in range(1, 6):
        world.write(f"page{number}.html", page("Zelensky."))
    world.write("page1.html.script", "status 500\nsend no\n")
    world.write("page2.html.script", "status 200\nheader Content-Length: 100000\nsend <p>short\nclose\n")
    world.write("page3.html.script", "status 200\nheader Content-Type: image/png\nsend Zelensky\n")
    world.write("page4.html.script", "status 200\nheader Content-Length: 1000\nsend <p>\nreset\n")
    world.write("news.rss", rss([report(world, n) for n in range(1, 7)]))
    world.start()
    ended(world, 6)
    first = sorted(pages(world))
    equal(first, [f"/page{n}.html" for n in range(1, 7)], "each page once")
    equal(errors(world)[0], "http_server")
    equal(errors(world)[2], "not_a_page")
    equal(errors(world)[4:], [None, "http_not_found"])
    world.write("news.rss", rss([report(world, n, title="Edited") for n in range(1, 7)]))
    world.poll_all()
    world.stop()
    world.start()
    world.poll_all()
    equal(sorted(pages(world)), first, "no page again: edited, polled again, restarted")
    equal(len(world.requests("robots.txt")), 1, "robots.txt once for all pages")


def test_an_edit_of_the_item_keeps_what_its_page_said(world):
    prepare(world)
    world.write("page1.html", page("In the end Zelensky signed."))
    world.write("news.rss", rss([report(world, 1)]))
    world.start()
    ended(world, 1)
    world.write("news.rss", rss([report(world, 1, title="Edited: a peace plan")]))
    world.poll_all()
    shown = world.tidings_json("show", "1")[0]
    equal({m["id"]: [x["field"] for x in m["mentions"]] for m in shown["matches"]}, {"zelenskiy": ["article"], "peace-plan": ["title"]})
    equal([i["id"] for i in world.tidings_json("search", "harbour", "edited")], [1])
    world.stop()
    world.tidings("search", "lines", code=1)
    world.sound()


def test_a_page_that_says_where_it_belongs_makes_its_item_a_copy(world):
    """rel=canonical: links through another address, items of other feeds, and the same feed with other ids and links."""
    def stories():
        return dict(world.rows("SELECT item_id, coalesce(duplicate_of, story_id) FROM story_items"))

    world.write("robots.txt", "User-agent: *\n")
    canonical = '<link rel=canonical href="/news/pier.html?utm_source=x">'
    world.write("news/pier.html", page("Zelensky opened the pier."))
    for name, head in (("go1", canonical), ("go2", '<link rel=canonical href="/out">'), ("go3", '<link rel=canonical href="/">'), ("go4", "")):
        world.write(f"out/{name}.html", page("Zelensky opened the pier.", head))
    direct = item(1, "The pier is open", "A few words on a pier.", id="a1", link=world.url("news/pier.html"))
    world.write("a.rss", rss([direct], "A"))
    world.write("b.rss", rss([item(n, title, link=world.url(f"out/go{n}.html"), id=f"b{n}") for n, title in
                              ((1, "Harbour gets new landing stage"), (2, "Trains late"), (3, "Rain expected"), (4, "Prices fall"))], "B"))
    world.configure(world.feeds(["a.rss"], article="yes"), world.WATCH, world.hook_sink())
    world.start()
    ended(world, 1)
    both = ["a.rss", "b.rss"]
    world.configure(world.feeds(both, article="yes"), world.WATCH, world.hook_sink())
    equal("error" in world.control("reload"), False, "reload")
    ended(world, 5)
    ids = dict(world.rows("SELECT guid, id FROM items"))
    first = stories()[ids["a1"]]
    equal(stories()[ids["b1"]], ids["a1"], "a copy of what it says it is")
    equal(world.rows("SELECT story_id FROM story_items WHERE item_id = ?", ids["b1"]), [(first,)])
    equal(len({stories()[ids[f"b{n}"]] for n in (2, 3, 4)} - {first}), 3, "front pages and sections are not believed")
    [story] = world.tidings_json("story", first)
    equal([s["feed"] for s in story["carried_by"]], ["a", "b"])
    wait_for(lambda: world.outbox_settled() and len(world.notifications()) == 4, "of the copy nothing is told again")
    equal(sorted(world.told_links()), sorted([world.url("news/pier.html")] + [world.url(f"out/go{n}.html") for n in (2, 3, 4)]))

    # feed c brings it by its right address in other words; b changes its ids, and leaves out the detour
    world.write("c.rss", rss([item(9, "Landing stage: Zelensky there", "Other words altogether.", id="c9", link=world.url("news/pier.html"))], "C"))
    world.write("b.rss", rss([item(1, "Harbour gets new landing stage", link=world.url("news/pier.html"), id="fresh")], "B"))
    world.configure(world.feeds(both + ["c.rss"], article="yes"), world.WATCH, world.hook_sink())
    equal("error" in world.control("reload"), False, "reload")
    world.poll_all()
    wait_for(lambda: world.rows("SELECT count(*) FROM items WHERE guid = 'c9'") == [(1,)], "c's item is stored")
    equal(world.rows("SELECT count(*) FROM items"), [(6,)], "b's is none")
    [c9] = world.rows("SELECT si.story_id, si.duplicate_of FROM items AS i JOIN story_items AS si ON si.item_id = i.id WHERE i.guid = 'c9'")
    equal(c9, (first, ids["a1"]))
    ended(world, 6)
    wait_for(world.outbox_settled, "the outbox is empty")
    equal(len(world.notifications()), 4)
    world.stop()
    world.sound()


def test_robots_txt_is_honoured(world):
    prepare(world)
    world.write("private/page.html", page("Zelensky."))
    world.write("moved.html", "")
    world.write("moved.html.script", "redirect 302 /private/page.html\n")
    world.write("news.rss", rss([report(world, 1, page_name="private/page.html"), report(world, 2, page_name="moved.html")]))
    world.start()
    ended(world, 2)
    equal(errors(world), ["robots", "robots"])
    equal(pages(world), ["/moved.html"], "the page is not asked for, directly or by a redirect")
    equal(len(world.requests("robots.txt")), 1)
    equal(world.control("status")["pages_refused"], 2)


def test_a_site_whose_robots_txt_cannot_be_had_is_asked_for_no_page(world):
    prepare(world)
    world.write("robots.txt.script", "status 503\nsend no\n")
    world.write("page1.html", page("Zelensky."))
    world.write("news.rss", rss([report(world, 1)]))
    world.start()
    ended(world, 1)
    equal((errors(world), pages(world)), (["robots"], []))


def test_pages_are_asked_for_in_the_name_of_their_feed_and_by_its_way_but_without_its_secrets(world):
    """The server here is also a proxy: names that lead nowhere can only be had from it."""
    world.write("robots.txt", "User-agent: *\nDisallow: /private\n")
    world.write("page1.html", page("In the end Zelensky signed."))
    world.write("news.rss", rss([item(1, "Two lines", link="http://elsewhere.invalid/page1.html")]))
    world.configure(f"[feed news]\nurl = http://far-away.invalid/news.rss\nproxy = {world.url('')}\nuser-agent = Special/1.0\n"
                    "header = X-Mine: hush-4711\narticle = yes\n\n", world.WATCH)
    world.start()
    ended(world, 1)
    equal(errors(world), [None], "errors")
    sent = {r["path"]: r["headers"] for r in world.requests()}
    equal(sorted(sent), ["http://elsewhere.invalid/page1.html", "http://elsewhere.invalid/robots.txt", "http://far-away.invalid/news.rss"], "requests")
    equal({h["User-Agent"] for h in sent.values()}, {"Special/1.0"}, "user agents")
    equal([path for path, h in sent.items() if "X-Mine" in h], ["http://far-away.invalid/news.rss"], "whom the secret was sent to")
    world.stop()


def test_a_shared_host_that_has_no_time_for_pages_keeps_its_feeds(world):
    prepare(world)  # shared-hosts = 127.0.0.1
    world.write("page1.html.script", "status 429\nheader Retry-After: 36000\nsend later\n")
    world.write("news.rss", rss([report(world, 1)]))
    world.start()
    ended(world, 1)
    equal(errors(world), ["http_rate_limited"], "errors")
    world.write("page2.html", page("Zelensky."))
    world.write("news.rss", rss([report(world, 1), report(world, 2)]))
    world.poll_all()
    world.poll_all()
    equal(world.rows("SELECT count(*) FROM items"), [(2,)], "the feed goes on")
    equal(pages(world), ["/page1.html"], "its pages wait")
    world.stop()


def test_a_page_that_is_too_large_is_not_read(world):
    prepare(world)
    world.write("page1.html", "")
    world.write("page1.html.script", "status 200\nheader Content-Type: text/html\nrepeat 200000 <p>Zelensky and so on</p>\n")
    world.write("news.rss", rss([report(world, 1)]))
    world.start()
    ended(world, 1)
    equal(errors(world), ["too_large"])
    world.stop()


def test_redirects_are_followed_where_they_may_be(world):
    prepare(world)
    world.write("page1.html", "")
    world.write("page1.html.script", "redirect 301 /b.html\n")
    world.write("b.html", page("Zelensky."))
    world.write("page2.html", "")
    world.write("page2.html.script", "redirect 302 /page2.html\n")
    world.write("page3.html", "")
    world.write("page3.html.script", "redirect 302 file:///etc/passwd\n")
    world.write("news.rss", rss([report(world, n) for n in (1, 2, 3)]))
    world.start()
    ended(world, 3)
    equal(errors(world), [None, "redirect_loop", "redirect_scheme"])
    equal(len([p for p in pages(world) if p == "/page2.html"]) <= 6, True)


def test_a_page_on_a_private_address_is_refused_unless_the_feed_may(world):
    world.write("page1.html", page("Zelensky."))
    world.write("news.rss", rss([report(world, 1)]))
    prepare(world)
    world.start()
    ended(world, 1)
    world.stop()
    world.write("news.rss", rss([report(world, 1), report(world, 2)]))
    world.write("page2.html", page("Zelensky."))
    before = pages(world)
    # a wish that is still open when the feed may no longer use private addresses
    with contextlib.closing(sqlite3.connect(world.store)) as db:
        db.execute("INSERT INTO items(feed_id, matched, severity, first_seen_at, link) VALUES(1, 0, 0, ?, ?)",
                   (int(time.time() * 1000), world.url("page2.html")))
        db.execute("INSERT INTO articles(item_id, state) VALUES((SELECT max(id) FROM items), 0)")
        db.commit()
    world.configure(f"[feed news]\nurl = {world.url('news.rss')}\narticle = yes\ninterval = 1d\n", world.WATCH, world.hook_sink())
    world.start()
    ended(world, 2)
    equal(pages(world), before, "nothing private was asked")
    equal(errors(world)[1], "robots")


def test_old_items_and_feeds_that_do_not_ask_for_pages_cause_no_request(world):
    prepare(world, first_poll="silent")
    world.write("page1.html", page("Zelensky."))
    world.write("news.rss", rss([report(world, 1)]))
    world.start()
    world.polled()
    world.write("other.rss", rss([report(world, 3)]))
    world.write("news.rss", rss([report(world, 1)] + [report(world, n) for n in range(10, 45)]))
    world.poll_all()
    ended(world, 20)
    equal(len(pages(world)), 20, "bounded per poll")
    equal("/page1.html" in pages(world), False, "the baseline")
    world.configure(world.feeds(["other.rss"]), world.WATCH)
    world.control("reload")
    world.polled()
    equal(world.rows("SELECT count(*) FROM articles WHERE state < 2"), [(0,)])
    equal(len(pages(world)), 20)


def test_a_kill_while_pages_are_asked_for_repeats_none_and_loses_none_that_was_not_asked(world):
    prepare(world)
    for n in range(1, 9):
        world.write(f"page{n}.html", page(f"Zelensky number {n}."))
        if n % 2:
            world.write(f"page{n}.html.script", "hang\n")
    world.write("news.rss", rss([report(world, n) for n in range(1, 9)]))
    world.start()
    wait_for(lambda: len(pages(world)) >= 2, "two pages are asked for")
    world.kill()
    asked = set(pages(world))
    for n in range(1, 9):
        (world.root / f"page{n}.html.script").unlink(missing_ok=True)
    world.start()
    ended(world, 8)
    wait_for(world.outbox_settled, "the outbox is empty")
    counts = {p: pages(world).count(p) for p in pages(world)}
    equal([p for p, n in counts.items() if n > 1], [], "pages that were asked for twice")
    got = {f"/page{n}.html" for n in range(1, 9)}
    equal(set(counts) | {p for p in got if p in asked}, set(counts), "what was asked for")
    equal(len({n["id"] for n in world.notifications()}), world.rows("SELECT count(*) FROM articles WHERE text IS NOT NULL")[0][0])
    world.stop()
    world.sound()


run(globals())
