"""How tidings behaves towards servers: one test for each row of the table in tidings-http(7), and no row without a test."""
import re

from harness import *

FEED = rss([item(n) for n in range(3)])
HOUR = 3600


def body(text):
    return "send " + text.replace("\\", "\\\\").replace("\n", "\\n") + "\n"


def answer(status, *headers, text="no"):
    return f"status {status}\n" + "".join(f"header {h}\n" for h in headers) + body(text)


def channel(extra):
    return BUSY.replace("<description>Invented.", extra + "<description>Invented.", 1)


def http_date(seconds):
    return f"{datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds):%a, %d %b %Y %H:%M:%S} GMT"


def in_turn(*answers):
    return "---\n".join(answers)


ODD_DATE = "Tue,  3 nov 2026 01:02:03 gmt"
ODD_TAG = "W/\"a b'c,d\""
TODAY = datetime.datetime.now(datetime.timezone.utc)
# An item a minute: by its own rhythm it is polled as often as may be, so that whoever waits longer does it for the server's sake.
BUSY = rss([{**item(n), "at": TODAY - datetime.timedelta(seconds=60 * n)} for n in range(50)])
DAYS = "".join(f"<day>{(TODAY + datetime.timedelta(days=d)):%A}</day>" for d in range(3))
CROWD = [f"crowd{n}" for n in range(6)]

# What the server does at the first, second, … poll of a feed.
SCRIPTS = {
    "last-modified": answer(200, f"Last-Modified: {ODD_DATE}", text=FEED),
    "etag": answer(200, f"ETag: {ODD_TAG}", text=FEED),
    "both": answer(200, 'ETag: "x"', "Last-Modified: Mon, 02 Nov 2026 01:02:03 GMT", text=FEED),
    "nothing-invented": "status 200\nheader Date: Mon, 02 Nov 2026 01:02:03 GMT\nheader ETag:\nheader Last-Modified:\n" + body(FEED),
    "replaced": in_turn(answer(200, 'ETag: "1"', text=FEED), answer(200, 'ETag: "2"', text=FEED), answer(304)),
    "kept": in_turn(answer(200, 'ETag: "good"', text=FEED), answer(429, 'ETag: "bad"'), answer(304)),
    "future": answer(200, f"Last-Modified: {http_date(1000 * 24 * HOUR)}", text=FEED),
    "retry-after": in_turn(answer(200, "Retry-After: 36000", text=BUSY), answer(500, f"Retry-After: {http_date(20 * HOUR)}")),
    "max-age": answer(200, "Cache-Control: public, max-age=43200", "Age: 7200", text=BUSY),
    "expires": answer(200, f"Expires: {http_date(10 * HOUR)}", text=BUSY),
    "ttl": answer(200, text=channel("<ttl>600</ttl>")),
    "update-period": answer(200, text=channel("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>")
                            .replace("<rss ", '<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" ')),
    "skip-days": answer(200, text=channel(f"<skipDays>{DAYS}</skipDays>")),
    "minimum": answer(200, "Cache-Control: max-age=1", text=BUSY),
    "clean": answer(200, "Set-Cookie: a=b", 'ETag: "c"', text=FEED),
    "whole-once": in_turn(answer(200, 'ETag: "w"', text=FEED), answer(304), answer(304)),
    "not-a-feed": answer(200, "Content-Type: text/html", text="<html><head><title>Hello</title></head><body>Hello</body></html>"),
    "slow-403": answer(403), "slow-404": answer(404), "slow-400": answer(400), "slow-500": answer(500),
    "moved-301": "redirect 301 /target\n", "moved-308": "redirect 308 /target\n", "moved-302": "redirect 302 /target\n", "moved-307": "redirect 307 /target\n",
    "endless": "redirect 301 /endless\n",
    "gone": answer(410),
    "delta": in_turn(answer(200, 'ETag: "d"', text=FEED), "status 226 IM Used\nheader IM: feed\nheader ETag: \"e\"\n" + body(rss([item(9)]))),
    "decoded": f"status 200\ngzip\n{body(FEED)}",
    **{name: "delay 50ms\n" + answer(200, text=FEED) for name in CROWD},
}
EXACT = "%7Ea/b%2Fc.rss?x=1&y=%20&z"


class Seen:
    """What the server and the database know of each feed after three polls."""

    def __init__(self, world):
        self.world = world
        self.all = world.requests()
        self.feeds = {f["key"]: f for f in world.tidings_json("feeds")}
        self.waits = {k: [w / 1000 for w in waits] for k, waits in world.waits.items()}

    def asked(self, key):
        """The headers of each request for a feed."""
        return [{k.lower(): v for k, v in r["headers"].items()} for r in self.all if r["path"] == f"/{key}"]

    def sent(self, key, header):
        return [h.get(header) for h in self.asked(key)]

    def error(self, key):
        return self.feeds[key]["error"] and self.feeds[key]["error"]["code"]

    def waits_longer(self, key, hours, each=True):
        waits = self.waits[key] if each else self.waits[key][:1]
        assert all(w >= hours * HOUR for w in waits), f"{key}: hours between polls: {[w / HOUR for w in waits]}, want {hours} or more"


def backs_off(s, key):
    first, second, third = s.waits[key]
    assert HOUR < first < second < third, f"{key}: {first}, {second}, {third} s"


def row_validators(s):
    equal(s.sent("last-modified", "if-modified-since"), [None, ODD_DATE, ODD_DATE], "If-Modified-Since")
    equal(s.sent("last-modified", "if-none-match"), [None] * 3, "If-None-Match")


def row_etag(s):
    equal(s.sent("etag", "if-none-match"), [None, ODD_TAG, ODD_TAG], "If-None-Match")


def row_both(s):
    equal(s.sent("both", "if-none-match"), [None, '"x"', '"x"'], "If-None-Match")
    equal(s.sent("both", "if-modified-since"), [None] + ["Mon, 02 Nov 2026 01:02:03 GMT"] * 2, "If-Modified-Since")


def row_nothing_invented(s):
    equal(s.sent("nothing-invented", "if-none-match") + s.sent("nothing-invented", "if-modified-since"), [None] * 6, "validators")


def row_replaced(s):
    equal(s.sent("replaced", "if-none-match"), [None, '"1"', '"2"'], "If-None-Match, the body being the same")


def row_kept(s):
    equal(s.sent("kept", "if-none-match"), [None, '"good"', '"good"'], "If-None-Match")


def row_sane(s):
    equal(s.sent("future", "if-modified-since"), [None] * 3, "a time that lies years ahead")


def row_retry_after(s):
    s.waits_longer("retry-after", 9.9, each=False)
    assert s.waits["retry-after"][1] > 19.5 * HOUR, s.waits["retry-after"]


def row_max_age(s):
    s.waits_longer("max-age", 10)


def row_expires(s):
    s.waits_longer("expires", 9.9, each=False)


def row_feed_hints(s):
    s.waits_longer("ttl", 10)
    s.waits_longer("update-period", 12)
    s.waits_longer("skip-days", 24)


def row_minimum(s):
    s.waits_longer("minimum", 1 / 6)


def row_rhythm(s):
    assert s.waits["minimum"][0] < HOUR < s.waits["etag"][0] * 1.5, "a busy feed is polled sooner than the interval says"


def row_per_host(s):
    crowd = [r for r in s.all if r["path"][1:] in CROWD]
    first = sorted(r["at_ms"] for r in crowd)[:len(CROWD)]
    assert first[-1] - first[0] >= 150, f"starts on one host: {first}"  # 250 by the rule; 100 if only their answers spaced them
    equal(len({r["connection"] for r in crowd}) <= 2, True, "connections to one host")


def row_spread(s):
    waits = [s.waits[n][0] for n in CROWD]
    equal(len(set(waits)), len(waits), "no two feeds of one interval come again at one time")


def row_restart(s):
    equal(s.world.after_restart, [], "requests after a restart")


def row_get(s):
    equal({r["method"] for r in s.all}, {"GET"}, "methods")


def row_clean(s):
    allowed = {"host", "user-agent", "accept", "accept-encoding", "if-none-match", "if-modified-since", "a-im"}
    equal({k.lower() for r in s.all for k in r["headers"]} - allowed, set(), "headers that nobody needs")


def row_whole_once(s):
    equal(s.sent("whole-once", "if-none-match"), [None, '"w"', '"w"'], "If-None-Match")


def row_agent(s):
    agents = {r["headers"]["User-Agent"] for r in s.all}
    equal(len(agents), 1, "user agents")
    agent = agents.pop()
    assert re.fullmatch(r"tidings/[0-9][0-9.]* \(\+https://reader\.example/about\)", agent), agent


def row_url(s):
    equal([r["path"] for r in s.all if r["path"].startswith("/%7E")], [f"/{EXACT}"] * 3, "URLs as they were configured")


def row_not_a_feed(s):
    equal(s.error("not-a-feed"), "not_a_feed", "error")
    equal(s.feeds["not-a-feed"]["items"], 0, "items")


def row_slow_down(s):
    for key in ("not-a-feed", "slow-403", "slow-404", "slow-400", "slow-500", "refused", "noname", "endless"):
        backs_off(s, key)


def row_shown(s):
    for key in ("not-a-feed", "slow-403", "refused"):
        error = s.feeds[key]["error"]
        assert error["text"] and error["count"] == 3, error


def row_permanent(s):
    for key in ("moved-301", "moved-308"):
        equal((s.feeds[key]["moving_to"], s.feeds[key]["polled_url"]), (s.world.url("target"), s.world.url(key)), "seen, and not adopted before a day")


def row_temporary(s):
    for key in ("moved-302", "moved-307"):
        equal((s.error(key), s.feeds[key]["moving_to"]), (None, None), "followed, not adopted")


def row_endless(s):
    equal(s.error("endless"), "redirect_loop", "error")
    equal(len(s.asked("endless")), 3 * 11, "requests: ten redirects a poll, no more")


def row_gone(s):
    equal((s.feeds["gone"]["state"], len(s.asked("gone"))), ("gone", 3), "asked for only because somebody wanted it")
    equal(s.feeds["gone"]["next"], None, "next poll")


def row_encodings(s):
    assert {"gzip", "deflate"} <= {w.strip() for w in s.sent("decoded", "accept-encoding")[0].split(",")}
    equal((s.error("decoded"), s.feeds["decoded"]["items"]), (None, 3), "a packed document")


def row_delta(s):
    equal(s.sent("delta", "a-im"), [None, "feed", "feed"], "A-IM")
    equal(s.feeds["delta"]["items"], 4, "items")


ROWS = {name[4:].replace("_", "-"): check for name, check in globals().items() if name.startswith("row_")}


def documented():
    """The rows of the table in the manual."""
    text = (SOURCE / "man/tidings-http.7").read_text()
    return re.findall(r"^\.It Cm ([a-z-]+)(?: Pq .*)?$", text[text.index("TOWARDS SERVERS"):text.index(".Sh ERROR WORDS")], re.MULTILINE)


def waits(world):
    return dict(world.rows("SELECT key, coalesce(next_due_at - last_attempt_at, 0) FROM feeds"))


def test_the_manual_and_this_test_have_the_same_rows():
    equal(sorted(documented()), sorted(ROWS), "rows")


def test_the_manual_lists_every_error_of_a_feed_with_its_sentence():
    manual = re.findall(r"^\.It Cm (\w+) Ta (\w+) Ta (.*)$", (SOURCE / "man/tidings-http.7").read_text(), re.MULTILINE)
    table = re.findall(r'^ERR\(\w+,\s*"(\w+)",\s*(\w+),\s*"(.*)"\)', (SOURCE / "src/base/err_codes.def").read_text(), re.MULTILINE)
    words = [w for w, _, _ in table]
    of_feeds = table[words.index("network_down"):words.index("parser_crash") + 1]
    equal(manual, [(w, weight.lower(), sentence) for w, weight, sentence in of_feeds], "errors")


def test_each_row_of_the_manual_is_kept(world):
    names = [n for n in SCRIPTS if n not in CROWD]
    for name, script in SCRIPTS.items():
        world.write(name, "")
        world.write(f"{name}.script", script)
    world.write("target", FEED)
    world.write("~a/b/c.rss", FEED)
    where = world.url("").replace("127.0.0.1", "localhost")
    sections = [world.feeds(names), "".join(f"[feed {n}]\nurl = {where}{n}\nallow-private = yes\n\n" for n in CROWD),
                f"[feed exact]\nurl = {world.url(EXACT)}#top\nallow-private = yes\n\n[feed refused]\nurl = http://127.0.0.1:1/\nallow-private = yes\n\n"
                "[feed noname]\nurl = http://no.such.name.invalid/\n\n"]
    world.configure(*sections, interval="1h", interval_min="10m", interval_max="30d", contact="https://reader.example/about", host_spacing="50ms",
                    connections_per_host=2, connections_per_address=16)
    world.start()
    world.polled(seconds=60)
    world.waits = {k: [v] for k, v in waits(world).items()}
    for _ in range(2):
        world.poll_all()
        for k, v in waits(world).items():
            world.waits[k].append(v)
    asked = len(world.requests())
    world.stop()
    world.start()
    world.control("poll etag")
    wait_for(lambda: len(world.requests()) > asked, "what somebody wants is polled")
    world.stop()
    world.after_restart = [r["path"] for r in world.requests()[asked:] if r["path"] != "/etag"]
    lines = world.requests_path.read_text().splitlines()
    world.requests_path.write_text("\n".join(lines[:asked]) + "\n")
    seen, wrong = Seen(world), []
    for name, check in ROWS.items():
        try:
            check(seen)
        except AssertionError as e:
            wrong.append(f"{name}: {e}")
    equal(wrong, [], "rows that are not kept")


run(globals())
