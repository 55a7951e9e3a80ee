"""Is it the feeds, or is it us? What a dead network of our own or a login page before it does is held against no feed."""
import http.server
import threading

from harness import *


class Held:
    """A server whose answer waits until it is let go."""

    def __init__(self, text):
        self.asked, self.go = threading.Event(), threading.Event()
        held = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def do_GET(self):
                held.asked.set()
                held.go.wait(60 * PATIENCE)
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/feed"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.go.set()
        self.server.shutdown()
        self.server.server_close()


def section(key, url):
    return f"[feed {key}]\nurl = {url}\nallow-private = yes\n\n"


def kinds(world):
    return [e["kind"] for e in world.tidings_json("events", code=None)]


def test_when_every_name_fails_at_once_it_is_our_network_and_no_feed_is_punished(world):
    # a label of more than 63 bytes is resolved by nobody, and without asking anybody
    names = {f"f{n}": f"http://{'x' * 64}{n}.example/feed" for n in range(6)}
    held = Held(rss([item(1)]))
    world.configure(*(section(k, u) for k, u in names.items()), section("held", held.url), world.hook_sink(), interval="1h", interval_min="1m", alarm_sinks="hook")
    world.start()
    world.control("poll *")
    wait_for(lambda: world.alive() and "network_down" in kinds(world), "our network is taken for down")
    wait_for(held.asked.is_set, "the one that will answer was asked")
    equal(world.control("status")["network_down"], True)
    wait_for(lambda: world.alive() and world.rows("SELECT count(*) FROM feeds WHERE error IS NOT NULL")[0][0] >= 1, "it is stored")
    rows = world.rows("SELECT key, error, failures, weight, interval_ms FROM feeds WHERE error IS NOT NULL AND error <> 'dns'")
    equal({(error, failures, weight) for _, error, failures, weight, _ in rows}, {("network_down", 0, 0.0)}, "what is held against them")
    wait_for(world.notifications, "the sinks that need no network are told")
    held.go.set()
    wait_for(lambda: world.alive() and "network_up" in kinds(world), "something answers again")
    equal(world.control("status")["network_down"], False)
    wait_for(lambda: world.rows("SELECT 1 FROM feeds WHERE key = 'held' AND item_count = 1"), "that one is stored")
    wait_for(lambda: len(world.notifications()) == 2 and world.outbox_settled(), "both are told")
    world.stop()
    equal([k for k in kinds(world) if k.startswith("network")], ["network_down", "network_up"])
    down, up = sorted(world.notifications(), key=lambda n: n["alarm"] == "daemon_well")
    equal((down["alarm"], up["alarm"], up["thread"]), ("daemon_trouble", "daemon_well", down["id"]), "alarms in one thread")
    world.sound()
    held.close()


def test_a_proxy_of_some_feeds_that_is_away_is_not_our_network(world):
    away = {f"f{n}": section(f"f{n}", f"http://f{n}.example/feed").rstrip() + "\nproxy = http://127.0.0.1:1\n\n" for n in range(6)}
    world.configure(*away.values(), interval="1h", interval_min="1m")
    world.start()
    wait_for(lambda: world.alive() and len(world.rows("SELECT 1 FROM feeds WHERE error IS NOT NULL")) == 6, "all have failed")
    equal(world.rows("SELECT DISTINCT error, failures FROM feeds"), [("unreachable", 1)], "what is held against them")
    equal((world.control("status")["network_down"], "network_down" in kinds(world)), (False, False), "our network")
    world.stop()
    world.sound()


def test_a_login_page_before_three_hosts_is_a_captive_portal(world):
    port_file = world.dir / "everywhere.port"
    server = subprocess.Popen([BUILD / "tests/tools/feedserver", "--address", "0.0.0.0", "--root", world.root, "--port-file", port_file,
                               "--until-eof"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        captive(world, port_file)
    finally:
        server.stdin.close()
        server.wait()


def captive(world, port_file):
    wait_for(port_file.exists, "the feed server says its port")
    port = int(port_file.read_text())
    world.write("page.html", "<!doctype html><html><head><title>Welcome</title></head><body>Please log in to use the network.</body></html>")
    for n in (1, 2, 3, 4):
        world.write(f"f{n}.rss", "")
        world.write(f"f{n}.rss.script", f"redirect 302 http://127.0.0.9:{port}/page.html\n")
    world.configure(*(section(f"f{n}", f"http://127.0.0.{n}:{port}/f{n}.rss") for n in (1, 2, 3, 4)), interval="1h", interval_min="1m")
    world.start()
    world.polled()
    found = {f["key"]: f["error"]["code"] for f in world.tidings_json("feeds")}
    equal(sorted(found.values()), ["captive_portal", "captive_portal", "not_a_feed", "not_a_feed"], "errors")
    equal(world.rows("SELECT key FROM feeds WHERE adopted_url IS NOT NULL OR etag IS NOT NULL"), [], "what is learnt from a portal")
    (portal,), (page,) = (world.rows("SELECT max(weight) FROM feeds WHERE error = ?", e) for e in ("captive_portal", "not_a_feed"))
    equal(portal[0] < page[0], True, f"a portal ({portal[0]}) counts less than a page of the feed's own server ({page[0]})")
    # the login is over
    for n in (1, 2, 3, 4):
        world.write(f"f{n}.rss", rss([item(n)]))
        (world.root / f"f{n}.rss.script").unlink()
    world.poll_all()
    equal(world.rows("SELECT count(*) FROM feeds WHERE error IS NULL AND item_count = 1"), [(4,)], "all of them work")
    # another kind: the same page at once in the place of each
    for n in (1, 2, 3, 4):
        (world.root / f"f{n}.rss").write_bytes((world.root / "page.html").read_bytes())
    world.poll_all()
    found = {f["key"]: f["error"]["code"] for f in world.tidings_json("feeds")}
    equal(sorted(found.values()), ["captive_portal", "captive_portal", "not_a_feed", "not_a_feed"], "errors")
    world.stop()
    world.sound()


run(globals())
