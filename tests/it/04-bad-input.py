"""Whatever a server or a document does: one clear error at that feed, nothing at the others."""
import gzip

from harness import *

GOOD = [f"good{n}.rss" for n in range(5)]

# name: (script, file, words for the error of which one must stand there)
HTTP = {
    "s401": ("status 401\nsend no\n", "", "http_unauthorized"),
    "s403": ("status 403\nsend no\n", "", "http_forbidden"),
    "s404": ("status 404\nsend no\n", "", "http_not_found"),
    "s410": ("status 410\nsend no\n", "", "http_gone"),
    "s429": ("status 429\nheader Retry-After: 120\nsend no\n", "", "http_rate_limited"),
    "s500": ("status 500\nsend no\n", "", "http_server"),
    "s999": ("status 999\nsend no\n", "", "http_status http_client http_server http_protocol"),
    "s200empty": ("status 200\n", "", "empty"),
    "loop": ("redirect 302 /loop\n", "", "redirect_loop"),
    "tofile": ("redirect 302 file:///etc/passwd\n", "", "redirect_scheme"),
    "togopher": ("redirect 302 gopher://127.0.0.1/x\n", "", "redirect_scheme"),
    "hang": ("hang\n", "", "timeout"),
    "slowbody": ("status 200\nheader Content-Type: application/xml\ndrip 1 400ms\nrepeat 100000 <!-- -->\n", "", "timeout"),
    "endless": ("status 200\nchunked\nforever <!-- for ever -->\n", "", "too_large"),
    "short": ("status 200\nheader Content-Length: 100000\nsend <rss version=\"2.0\"><channel><title>x</title>\nclose\n", "", "truncated"),
    "reset": ("status 200\nheader Content-Length: 100000\nsend <rss>\nreset\n", "", "truncated unreachable http_protocol connect_refused"),
    "badgzip": ("status 200\nheader Content-Encoding: gzip\nsend this is not gzip\n", "", "bad_encoding"),
    "bigheader": ("raw\nsend HTTP/1.1 200 OK\\r\\nX: \nrepeat 300000 x\nsend \\r\\n\\r\\n\nclose\n", "", "header_too_large"),
    "manyheaders": ("raw\nsend HTTP/1.1 200 OK\\r\\n\nforever X-A: b\\r\\n\n", "", "header_too_large"),
    "nonsense": ("raw\nsend no HTTP at all\\r\\n\\r\\n\nclose\n", "", "http_protocol"),
    "silence": ("raw\nclose\n", "", "http_protocol truncated unreachable"),
}

LAUGHS = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha ha ha ha ha ha ha ha ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + \
    ']><rss version="2.0"><channel><title>&a9;</title><item><title>&a9;</title></item></channel></rss>'

DOCUMENTS = {
    "html": ("<!DOCTYPE html><html><head><title>Log in</title></head><body><form>Please log in</form></body></html>", "not_a_feed"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 20, "not_a_feed"),
    "zeros": (bytes(1 << 20), "not_a_feed empty ill_formed"),
    "blank": (" \n\t\n", "empty not_a_feed"),
    "laughs": (LAUGHS, "xml_entity parser_limit"),
    "deep": ('<rss version="2.0"><channel><item>' + "<b>" * 200000, "parser_limit ill_formed truncated"),
    "attributes": ('<rss version="2.0"><channel><item ' + " ".join(f'a{n}="1"' for n in range(100000)) + "></item></channel></rss>", "parser_limit"),
    "deepjson": ('{"version":"https://jsonfeed.org/version/1.1","title":"x","items":' + "[" * 100000, "parser_limit ill_formed not_a_feed"),
    "gzipped": (gzip.compress(b"<html>hello</html>"), "not_a_feed"),
}


def feed_errors(world):
    """What the companion says of each feed: its error word, or None."""
    out = {}
    for feed in world.tidings_json("feeds"):
        error = feed.get("error")
        out[feed["key"]] = error.get("code") if isinstance(error, dict) else error
    return {k: None if v in (None, "", "ok") else v for k, v in out.items()}


def check(world, expected):
    errors = feed_errors(world)
    for n in GOOD:
        equal(errors[n[:-4]], None, f"error of {n}")
    wrong = [f"{k}: {errors.get(k)}, want one of: {words}" for k, words in expected.items() if errors.get(k) not in words.split()]
    equal(wrong, [], "errors")


def good_feeds(world):
    for n, name in enumerate(GOOD):
        world.write(name, rss([item(n * 10 + k, f"Zelensky {n} {k}") for k in range(3)]))


def test_each_way_in_which_a_server_can_fail_is_one_clear_error_at_that_feed(world):
    good_feeds(world)
    for name, (script, file, _) in HTTP.items():
        world.write(name, file)
        world.write(name + ".script", script)
    world.configure(world.feeds(GOOD), world.feeds(HTTP), "[feed refused]\nurl = http://127.0.0.1:1/\nallow-private = yes\n",
                    "[feed private]\nurl = http://127.0.0.1:1/\n", world.WATCH, world.hook_sink(),
                    fetch_timeout="3s", connect_timeout="2s", connections_per_host=40)
    world.start()
    world.polled(seconds=60)
    check(world, {**{k: v[2] for k, v in HTTP.items()}, "refused": "connect_refused", "private": "address_blocked"})
    wait_for(lambda: len(world.notifications()) == 15, "the good feeds' items are told")
    world.stop()
    world.sound()


def test_a_server_that_falls_silent_on_a_connection_used_before_is_a_timeout_of_the_answer(world):
    world.write("a.rss", rss([item(1)]))
    world.write("a.rss.script", "file\n---\nhang\n")
    world.configure(world.feeds(["a.rss"]), world.WATCH, fetch_timeout="2s", connect_timeout="1s")
    world.start()
    world.polled()
    world.poll_all()
    equal(feed_errors(world), {"a": "timeout"}, "error")
    equal(len({r["connection"] for r in world.requests()}), 1, "connections")
    world.stop()


def test_each_document_that_is_no_feed_is_one_clear_error_at_that_feed(world):
    good_feeds(world)
    for name, (data, _) in DOCUMENTS.items():
        world.write(name + ".xml", data)
    world.configure(world.feeds(GOOD), world.feeds([n + ".xml" for n in DOCUMENTS]), world.WATCH, world.hook_sink())
    world.start()
    world.polled(seconds=60)
    check(world, {k: v[1] for k, v in DOCUMENTS.items()})
    wait_for(lambda: len(world.notifications()) == 15, "the good feeds' items are told")
    world.stop()
    world.sound()


def test_no_file_is_read_because_a_document_says_so(world):
    secret = world.dir / "secret"
    secret.write_text("canary-4711")
    body = "<channel><title>x</title><item><guid>1</guid><title>&x; stays out</title></item></channel>"
    for name, doctype in {
        "entity.rss": f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>',
        "web.rss": f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{world.url("canary")}">]>',
        "dtd.rss": f'<!DOCTYPE rss SYSTEM "{world.url("canary.dtd")}" [<!ENTITY % y SYSTEM "{world.url("canary")}"> %y;]>',
        "stylesheet.rss": f'<?xml-stylesheet href="{world.url("canary")}"?>',
    }.items():
        world.write(name, f'<?xml version="1.0"?>{doctype}<rss version="2.0">{body}</rss>')
    world.write("canary", "canary-4711")
    world.write("include.rss", '<rss version="2.0" xmlns:xi="http://www.w3.org/2001/XInclude"><channel><title>x</title><item><guid>1</guid>'
                               f'<title>t</title><description><xi:include parse="text" href="file://{secret}"/></description></item></channel></rss>')
    names = ["entity.rss", "web.rss", "dtd.rss", "stylesheet.rss", "include.rss"]
    world.configure(world.feeds(names), world.WATCH)
    world.start()
    world.polled()
    world.stop()
    equal([r["path"] for r in world.requests() if "canary" in r["path"]], [], "asked for because a document said so")
    equal("canary-4711" in world.tidings("--json", "items", code=None), False, "the secret is in an item")
    equal(b"canary-4711" in world.store.read_bytes(), False, "the secret is in the database")


def test_a_truncated_document_yields_its_whole_items_and_no_validators(world):
    whole = rss([item(1, "Zelensky one"), item(2, "Zelensky two"), item(3, "Zelensky three")])
    cut = whole[: whole.index("<title>Zelensky three") + 12]
    world.write("cut.rss", whole)
    world.write("cut.rss.script", f'status 200\nheader Content-Type: application/rss+xml\nheader ETag: "v1"\nheader Content-Length: {len(whole)}\n'
                                  + "send " + cut.replace("\\", "\\\\").replace("\n", "\\n") + "\nclose\n---\nfile\n")
    world.configure(world.feeds(["cut.rss"]), world.WATCH, world.hook_sink())
    world.start()
    world.polled()
    world.poll_all()
    wait_for(lambda: len(world.notifications()) == 3, "all three are told")
    world.stop()
    headers = {k.lower() for k in world.requests()[1]["headers"]}
    equal("if-none-match" in headers, False, "a validator of the truncated answer is replayed")
    equal(sorted(world.told_links()), [f"https://it.example/{n}" for n in (1, 2, 3)], "each is told once")


def test_an_error_keeps_since_when_and_how_often_and_goes_when_the_feed_works_again(world):
    world.write("a.rss", rss([item(1, "Zelensky one")]))
    world.write("a.rss.script", "status 500\n---\nstatus 500\n---\nfile\n")
    world.configure(world.feeds(["a.rss"]), world.WATCH)
    world.start()
    world.polled()
    world.poll_all()
    (count, since, at), = world.rows("SELECT error_count, error_since_at, error_at FROM feeds")
    equal(count, 2, "failures in a row")
    equal(since < at, True, "since when")
    equal(feed_errors(world), {"a": "http_server"}, "error")
    world.poll_all()
    equal(feed_errors(world), {"a": None}, "error")
    world.stop()
    equal(world.rows("SELECT count(*) FROM items"), [(1,)], "items")


def test_foreign_text_cannot_reach_a_terminal_or_forge_a_line_of_the_log(world):
    title = "Zelensky \x9b31m \u202e gnorw \u2066x \ufeff\u200b\u2028<0>forged"
    world.write("a.rss", rss([item(1, title)], "\x9b31mFeed\u202e"))
    world.write("b.rss", "x")
    world.write("b.rss.script", "status 500 \\x1b[31mred\\x1b[0m\nsend x\n")
    world.configure(world.feeds(["a.rss", "b.rss"]), world.WATCH, "[sink screen]\ntype = print\n")
    world.start()
    wait_for(lambda: "it.example/1" in world.output(), "the match is printed")
    world.polled()
    texts = [world.tidings(c, code=None) for c in ("items", "feeds", "status")] + [world.tidings("show", 1)]
    world.stop()
    for text in [world.output(), world.errors(), *texts]:
        bad = [hex(ord(c)) for c in text if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 or c in "\u202e\u2028"]
        equal(bad, [], f"control characters in {text!r}")
        equal([line for line in text.splitlines() if line.startswith("<")], [], "lines that begin with a priority")


run(globals())
