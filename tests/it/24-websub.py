"""WebSub: a hub built here subscribes us, pushes, renews, denies and lies; hostile clients find the listener bounded."""
import hashlib
import hmac
import http.client
import http.server
import threading
import urllib.parse
import urllib.request

from harness import *


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Hub:
    """A hub: notes what it is asked, verifies as told, and pushes."""

    def __init__(self, verify=True, lease=1000, status=202):
        self.asked, self.verified = [], []
        self.verify, self.lease, self.status = verify, lease, status
        self.early = False  # verifies before it answers
        self.document, self.ways = "", []  # as a proxy: what it gives, and what was posted where and by whom
        hub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", str(len(hub.document.encode())))
                self.end_headers()
                self.wfile.write(hub.document.encode())

            def do_POST(self):
                hub.ways.append((self.path, self.headers["User-Agent"]))
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
                if hub.early:
                    hub.verified.append(hub.confirm(form))
                self.send_response(hub.status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                self.wfile.flush()
                hub.asked.append(form)
                if hub.verify and not hub.early and hub.status == 202:
                    hub.verified.append(hub.confirm(form))

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def get(self, callback, **query):
        url = callback + "?" + urllib.parse.urlencode({k.replace("_", ".", 1): v for k, v in query.items()})
        try:
            with urllib.request.urlopen(url, timeout=10 * PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, ""

    def confirm(self, form, mode=None, topic=None, challenge="a challenge & more"):
        return self.get(form["hub.callback"], hub_mode=mode or form["hub.mode"], hub_topic=topic or form["hub.topic"],
                        hub_challenge=challenge, hub_lease_seconds=self.lease)

    def subscription(self):
        return [f for f in self.asked if f["hub.mode"] == "subscribe"][-1]

    def push(self, body, method="sha256", secret=None, signature=None, callback=None, content_type="application/rss+xml"):
        form = self.subscription()
        body = body.encode()
        digest = hmac.new((secret or form["hub.secret"]).encode(), body, method).hexdigest()
        headers = {"Content-Type": content_type, "X-Hub-Signature": signature if signature is not None else f"{method}={digest}"}
        request = urllib.request.Request(callback or form["hub.callback"], body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10 * PATIENCE) as answer:
                return answer.status
        except urllib.error.HTTPError as e:
            return e.code

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def with_hub(items, hub, topic):
    text = rss(items)
    links = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{hub.url}"/>' \
            f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="{topic}"/>'
    return text.replace("<description>", links + "<description>", 1)


def prepare(world, hub, **settings):
    world.port_listen = free_port()
    world.topic = world.url("news.rss")
    world.write("news.rss", with_hub([item(1)], hub, world.topic))
    world.configure(world.feeds(["news.rss"]), world.WATCH, world.hook_sink(), websub_listen=f"127.0.0.1:{world.port_listen}",
                    websub_callback=f"http://127.0.0.1:{world.port_listen}/hook/", **settings)


def active(world):
    wait_for(lambda: world.alive() and world.rows("SELECT 1 FROM subscriptions WHERE state = 2"), "the subscription is active")


def subscribed(world, hub, **settings):
    prepare(world, hub, **settings)
    world.start()
    active(world)


def events(world):
    return [kind for (kind,) in world.rows("SELECT kind FROM events ORDER BY id") if kind.startswith("push")]


def test_a_feed_with_a_hub_is_subscribed_and_a_push_is_told_like_a_poll(world):
    hub = Hub()
    subscribed(world, hub)
    form = hub.subscription()
    equal(form["hub.topic"], world.topic)
    equal(len(form["hub.secret"]), 64)
    equal(form["hub.callback"].startswith(f"http://127.0.0.1:{world.port_listen}/hook/"), True)
    wait_for(lambda: hub.verified, "verified")
    equal(hub.verified, [(200, "a challenge & more")])
    requests = len(world.requests("news.rss"))
    before = world.rows("SELECT etag, last_modified, body_hash, next_due_at FROM feeds")
    for number, method in enumerate(("sha1", "sha256", "sha384", "sha512"), 2):
        equal(hub.push(with_hub([item(number, f"Zelensky {number}")], hub, world.topic), method=method), 202)
        wait_for(lambda: world.rows("SELECT 1 FROM items WHERE title = ?", f"Zelensky {number}"), "the pushed item is stored")
    wait_for(lambda: world.outbox_settled() and len(world.notifications()) == 4, "four notifications")
    equal(len(world.requests("news.rss")), requests, "no poll for it")
    after = world.rows("SELECT etag, last_modified, body_hash, next_due_at FROM feeds")
    equal(after[0][:3], before[0][:3], "validators")
    equal(abs(after[0][3] - before[0][3]) < 5000, True, "the next poll stays when it was")
    status = world.control("status")
    equal((status["subscriptions_active"], status["pushes"], status["pushes_refused"]), (1, 4, 0))
    equal(events(world), ["push_on"])
    equal(hub.push(with_hub([item(2, "Zelensky 2")], hub, world.topic)), 202)
    world.stop()
    equal(len({n["id"] for n in world.notifications()}), 4)
    world.sound()
    hub.close()


def test_a_push_that_was_taken_survives_a_kill(world):
    hub = Hub()
    subscribed(world, hub)
    # the feed is busy, so that the push waits
    world.write("news.rss.script", "hang\n")
    world.control("poll news")
    wait_for(lambda: world.alive() and world.control("status")["polls_in_flight"] == 1, "the feed is being polled")
    equal(hub.push(with_hub([item(2, "Zelensky pushed")], hub, world.topic)), 202)
    equal(hub.push("no feed at all", content_type="text/plain"), 202)
    equal(world.rows("SELECT count(*) FROM pushes")[0][0], 2, "stored before it was answered")
    world.kill()
    equal(world.rows("SELECT count(*) FROM items WHERE title = 'Zelensky pushed'")[0][0], 0)
    (world.root / "news.rss.script").unlink()
    world.write("news.rss", with_hub([item(1)], hub, world.topic))
    world.start()
    wait_for(lambda: world.alive() and world.rows("SELECT 1 FROM items WHERE title = 'Zelensky pushed'"), "the push is stored")
    wait_for(lambda: not world.rows("SELECT 1 FROM pushes"), "nothing is left of it")
    wait_for(lambda: world.outbox_settled() and world.notifications(), "it is told")
    world.stop()
    equal(len(world.notifications()), 1)
    world.sound()
    hub.close()


def test_what_is_not_signed_is_thrown_away(world):
    hub = Hub()
    subscribed(world, hub)
    evil = with_hub([item(9, "Zelensky evil")], hub, world.topic)
    equal(hub.push(evil, secret="wrong"), 202)
    equal(hub.push(evil, signature=""), 202)
    equal(hub.push(evil, signature="sha256="), 202)
    equal(hub.push(evil, signature="md5=0"), 202)
    callback = hub.subscription()["hub.callback"]
    equal(hub.push(evil, callback=callback[:-1] + ("0" if callback[-1] != "0" else "1")), 404)
    equal(hub.push("<html>no feed</html>"), 202)
    equal(hub.push(with_hub([item(2, "Zelensky good")], hub, world.topic)), 202)
    wait_for(lambda: world.rows("SELECT 1 FROM items WHERE title = 'Zelensky good'"), "the good push")
    equal(world.rows("SELECT 1 FROM items WHERE title LIKE '%evil%'"), [])
    equal(world.control("status")["pushes_refused"], 4)
    equal(world.rows("SELECT error FROM feeds"), [(None,)], "a bad push is not the feed's failure")
    hub.close()


def test_intent_is_verified_only_for_what_was_asked(world):
    hub = Hub(verify=False)
    prepare(world, hub)
    world.start()
    wait_for(lambda: hub.asked, "the hub is asked")
    wait_for(lambda: world.rows("SELECT 1 FROM subscriptions WHERE state = 1"), "asked")
    form = hub.subscription()
    equal(hub.confirm(form, topic="https://it.example/other")[0], 404)
    equal(hub.confirm(form, mode="unsubscribe")[0], 404)
    equal(hub.confirm(form, challenge="")[0], 404)
    equal(hub.confirm(form, challenge="x" * 5000)[0], 404)
    equal(hub.get(form["hub.callback"])[0], 404)
    equal(hub.confirm({**form, "hub.callback": form["hub.callback"][:-4] + "0000"})[0], 404)
    equal(world.rows("SELECT state FROM subscriptions"), [(1,)])
    equal(hub.confirm(form), (200, "a challenge & more"))
    active(world)
    equal(hub.confirm(form)[0], 404, "a second time")
    hub.close()


def test_a_lease_is_renewed_before_it_ends_also_after_a_restart(world):
    hub = Hub(lease=4)
    subscribed(world, hub)
    token = hub.subscription()["hub.callback"]
    wait_for(lambda: len(hub.verified) >= 2, "renewed once")
    world.kill()
    count = len(hub.asked)
    world.start()
    wait_for(lambda: len(hub.asked) > count and len(hub.verified) == len(hub.asked), "renewed after the restart")
    equal({f["hub.callback"] for f in hub.asked}, {token}, "the same callback")
    equal(len({f["hub.secret"] for f in hub.asked}), 1, "the same secret")
    equal(hub.push(with_hub([item(2, "Zelensky")], hub, world.topic)), 202)
    wait_for(lambda: len(world.notifications()) == 1, "told")
    hub.close()


def edit(world, sql, *arguments):
    """Moves time, between two runs of the daemon."""
    with contextlib.closing(sqlite3.connect(world.store)) as db:
        db.execute(sql, arguments)
        db.commit()


def test_a_lease_is_renewed_within_it_and_none_is_for_ever(world):
    hub = Hub(lease=1000)
    subscribed(world, hub)
    (lease, renewal), = world.rows("SELECT (lease_until_at - last_attempt_at) / 1000, (next_at - last_attempt_at) / 1000 FROM subscriptions JOIN feeds ON feed_id = feeds.id")
    equal((990 <= lease <= 1100, 600 <= renewal <= 950), (True, True), f"seconds of the lease, and until it is renewed: {lease}, {renewal}")
    world.stop()
    hub.lease = 2**31 - 1
    edit(world, "UPDATE subscriptions SET next_at = 0")
    world.start()
    days = "SELECT (lease_until_at - last_attempt_at) / 86400000 FROM subscriptions JOIN feeds ON feed_id = feeds.id"
    wait_for(lambda: world.rows(days)[0][0] > 1, "it was renewed for longer")
    equal(360 < world.rows(days)[0][0] <= 366, True, f"days: {world.rows(days)}")
    hub.close()


def test_a_lease_that_lapses_brings_the_polls_back(world):
    hub = Hub()
    subscribed(world, hub, interval="1h", interval_max="30d", jitter="0", adaptive="no")
    equal(hub.push(with_hub([item(2)], hub, world.topic)), 202)
    wait_for(lambda: world.rows("SELECT trusted FROM subscriptions") == [(1,)], "trusted")
    world.stop()
    hub.verify = False
    asked = len(hub.asked)
    edit(world, "UPDATE subscriptions SET lease_until_at = 1, next_at = 1")
    world.start()
    wait_for(lambda: len(hub.asked) > asked, "the hub is asked anew")
    wait_for(lambda: world.rows("SELECT state, trusted FROM subscriptions") == [(1, 0)], "it is no longer trusted")
    equal(events(world), ["push_on", "push_off"])
    world.write("news.rss", with_hub([item(2), item(1)], hub, world.topic))
    world.poll_all()
    (wait, why), = world.rows("SELECT (next_due_at - last_attempt_at) / 3600e3, next_why FROM feeds")
    equal((wait < 2, why == "push"), (True, False), f"the next poll comes after {wait} h: {why}")
    hub.close()


def test_a_hub_that_never_verifies_is_asked_again_later(world):
    hub = Hub(verify=False)
    prepare(world, hub)
    world.start()
    wait_for(lambda: world.rows("SELECT 1 FROM subscriptions WHERE state = 1"), "accepted")
    world.stop()
    asked = len(hub.asked)
    edit(world, "UPDATE subscriptions SET next_at = 1")
    world.start()
    wait_for(lambda: world.rows("SELECT 1 FROM subscriptions WHERE failures = 1"), "that counts as a failure")
    wait_for(lambda: len(hub.asked) > asked, "the hub is asked again")
    hub.close()


def test_a_feed_that_names_another_hub_is_subscribed_there(world):
    hub, other = Hub(), Hub()
    subscribed(world, hub)
    old = hub.subscription()["hub.callback"]
    world.write("news.rss", with_hub([item(1)], other, world.topic))
    world.poll_all()
    wait_for(lambda: other.verified, "the other hub has verified")
    equal(other.verified, [(200, "a challenge & more")])
    equal(other.subscription()["hub.callback"] != old, True, "another callback")
    equal(hub.push(with_hub([item(2)], hub, world.topic)), 404, "the old hub's pushes lead nowhere")
    wait_for(lambda: world.rows("SELECT hub, state FROM subscriptions") == [(other.url, 2)], "one subscription")
    equal(other.push(with_hub([item(3, "Zelensky")], other, world.topic)), 202)
    wait_for(lambda: len(world.notifications()) == 1, "told")
    hub.close()
    other.close()


def test_a_hub_is_asked_by_the_way_of_its_feed(world):
    """The hub of a feed that has a proxy is a name that only the proxy knows; here the proxy answers itself."""
    hub = Hub()
    prepare(world, hub)
    text = world.conf.read_text()
    world.write("news.rss", with_hub([item(1)], hub, world.topic).replace(hub.url, "http://hub.invalid/"))
    world.conf.write_text(text.replace("[feed news]\n", f"[feed news]\nproxy = {hub.url}\nuser-agent = Special/1.0\n").replace(world.topic, "http://far.invalid/news.rss"))
    # the hub here is the proxy as well: it gives the feed, and takes what is meant for hub.invalid
    hub.document = (world.root / "news.rss").read_text()
    world.start()
    wait_for(lambda: hub.ways, "the hub is asked")
    equal(hub.ways, [("http://hub.invalid/", "Special/1.0")])
    hub.close()


def test_a_feed_that_left_is_unsubscribed_by_its_way_also_after_a_restart(world):
    """The way is remembered, and followed when it changes: without it hub.invalid could not be asked at all."""
    hub = Hub()
    prepare(world, hub)
    text = world.conf.read_text()
    without = text.replace(world.topic, "http://far.invalid/news.rss")

    def configure(agent):
        world.conf.write_text(without.replace("[feed news]\n", f"[feed news]\nproxy = {hub.url}\nuser-agent = {agent}\n"))

    hub.document = with_hub([item(1)], hub, world.topic).replace(hub.url, "http://hub.invalid/")
    configure("Special/1.0")
    world.start()
    active(world)
    configure("Special/2.0")
    world.control("reload")
    wait_for(lambda: world.rows("SELECT user_agent FROM subscriptions") == [("Special/2.0",)], "the new way is remembered")
    world.stop()
    start, end = text.index("[feed news]"), text.index("[actor")
    world.conf.write_text(text[:start] + text[end:])
    world.start()
    wait_for(lambda: [f for f in hub.asked if f["hub.mode"] == "unsubscribe"], "unsubscribed")
    equal(hub.ways, [("http://hub.invalid/", "Special/1.0"), ("http://hub.invalid/", "Special/2.0")])
    wait_for(lambda: not world.rows("SELECT 1 FROM subscriptions"), "nothing is left of it")
    world.stop()
    equal(events(world), ["push_on", "push_off"])
    hub.close()


def test_pushes_that_wait_are_bounded_and_the_hub_is_told_to_come_back(world):
    hub = Hub()
    subscribed(world, hub)
    world.write("news.rss.script", "hang\n")
    world.control("poll news")
    wait_for(lambda: world.alive() and world.control("status")["polls_in_flight"] == 1, "the feed is being polled")
    answers = [hub.push(with_hub([item(n)], hub, world.topic)) for n in range(2, 70)]
    equal(answers, [202] * 64 + [503] * 4, "answers")
    equal(world.rows("SELECT count(*) FROM pushes"), [(64,)], "what is kept")
    hub.close()


def test_a_hub_that_denies_or_fails_is_not_pressed(world):
    hub = Hub(status=500)
    prepare(world, hub)
    world.start()
    wait_for(lambda: world.rows("SELECT 1 FROM subscriptions WHERE failures >= 2"), "failed twice")
    hub.status = 202
    hub.verify = False
    wait_for(lambda: world.rows("SELECT 1 FROM subscriptions WHERE state = 1"), "accepted", 60)
    form = hub.subscription()
    equal(hub.get(form["hub.callback"], hub_mode="denied", hub_topic=form["hub.topic"], hub_reason="no \x1b[2J room")[0], 200)
    wait_for(lambda: world.rows("SELECT 1 FROM subscriptions WHERE state = 3"), "denied")
    equal(events(world), ["push_denied"])
    equal(hub.push(with_hub([item(2)], hub, world.topic)), 410)
    equal("\x1b" in world.tidings("events"), False)
    hub.close()


def test_a_feed_that_leaves_is_unsubscribed(world):
    hub = Hub()
    subscribed(world, hub)
    world.configure(world.WATCH, websub_listen=f"127.0.0.1:{world.port_listen}", websub_callback=f"http://127.0.0.1:{world.port_listen}/hook/")
    world.control("reload")
    wait_for(lambda: hub.asked[-1]["hub.mode"] == "unsubscribe", "unsubscribed")
    wait_for(lambda: world.rows("SELECT count(*) FROM subscriptions") == [(0,)], "and forgotten")
    equal(hub.verified[-1], (200, "a challenge & more"))
    hub.close()


def test_a_hub_that_verifies_before_it_answers_is_left_at_once_too(world):
    hub = Hub()
    subscribed(world, hub)
    hub.early = True
    world.configure(world.WATCH, websub_listen=f"127.0.0.1:{world.port_listen}", websub_callback=f"http://127.0.0.1:{world.port_listen}/hook/")
    world.control("reload")
    wait_for(lambda: world.rows("SELECT count(*) FROM subscriptions") == [(0,)], "forgotten")
    equal(hub.verified[-1], (200, "a challenge & more"))
    hub.close()


def test_polls_are_rarer_while_pushes_work_and_as_often_as_ever_when_they_miss_something(world):
    hub = Hub()
    subscribed(world, hub, interval="1h", interval_max="30d", jitter="0", adaptive="no")

    def wait():
        at, due, why = world.rows("SELECT last_attempt_at, next_due_at, next_why FROM feeds")[0]
        return (due - at) / 3600e3, why

    equal(wait()[0] < 2, True, "nothing was pushed yet")
    hub.push(with_hub([item(2)], hub, world.topic))
    wait_for(lambda: world.rows("SELECT trusted FROM subscriptions") == [(1,)], "trusted")
    world.write("news.rss", with_hub([item(2), item(1)], hub, world.topic))
    world.poll_all()
    equal((6 < wait()[0] < 10, wait()[1]), (True, "push"))
    world.conf.write_text(world.conf.read_text().replace("interval-max = 30d", "interval-max = 3h"))
    equal("error" in world.control("reload"), False, "reload")
    world.poll_all()
    equal((2.9 < wait()[0] < 3.1, wait()[1]), (True, "push"), "never rarer than the maximum says")
    world.write("news.rss", with_hub([item(3), item(2), item(1)], hub, world.topic))
    world.poll_all()
    wait_for(lambda: world.rows("SELECT trusted FROM subscriptions") == [(0,)], "distrusted")
    world.poll_all()
    equal(wait()[0] < 2, True)
    equal(events(world), ["push_on", "push_missed"])
    hub.push(with_hub([item(4)], hub, world.topic))
    wait_for(lambda: world.rows("SELECT trusted FROM subscriptions") == [(1,)], "trusted again")
    hub.close()


def test_a_hub_on_a_private_address_is_not_asked_for_a_feed_that_may_not(world):
    hub = Hub()
    prepare(world, hub)
    world.start()
    active(world)
    world.stop()
    asked = len(hub.asked)
    text = world.conf.read_text().replace("allow-private = yes\n", "")
    world.conf.write_text(text)
    with contextlib.closing(sqlite3.connect(world.store)) as db:
        db.execute("UPDATE subscriptions SET state = 0, next_at = 0")
        db.commit()
    world.start()
    wait_for(lambda: world.rows("SELECT 1 FROM subscriptions WHERE failures > 0"), "refused")
    equal(len(hub.asked), asked)
    hub.close()


def test_nothing_listens_and_nobody_is_asked_unless_configured(world):
    hub = Hub()
    prepare(world, hub)
    text = "".join(l for l in world.conf.read_text().splitlines(True) if not l.startswith("websub"))
    world.conf.write_text(text)
    world.start()
    world.polled()
    equal((hub.asked, world.rows("SELECT count(*) FROM subscriptions")), ([], [(0,)]))
    with contextlib.closing(socket.socket()) as s:
        equal(s.connect_ex(("127.0.0.1", world.port_listen)) != 0, True, "something listens")
    world.stop()
    world.conf.write_text(text.replace("[tidings]\n", "[tidings]\nwebsub-listen = 127.0.0.1:1\n"))
    world.tidings("config", "--check", code=4)
    hub.close()


def cpu_seconds(world):
    fields = pathlib.Path(f"/proc/{world.daemon.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def dial(world):
    s = socket.create_connection(("127.0.0.1", world.port_listen), timeout=30 * PATIENCE)
    return s


def answer(s):
    out = b""
    try:
        while chunk := s.recv(65536):
            out += chunk
    except OSError:
        pass
    return out


def test_hostile_clients_are_cut_and_cost_little(world):
    hub = Hub()
    subscribed(world, hub)
    path = urllib.parse.urlparse(hub.subscription()["hub.callback"]).path.encode()
    head = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n"
    # too much, at once: refused with an answer or cut, never taken
    for request in (b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 3_000_000 + b"\r\n\r\n",
                    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
                    b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200_000 + b"\r\n",
                    head + b"Content-Length: 900000000\r\n\r\n",
                    head + b"Content-Length: -1\r\n\r\n",
                    head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                    b"BREW " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                    b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
                    b"GET /%00%zz%ff HTTP/1.1\r\nHost: x\r\n\r\n",
                    b"\x16\x03\x01\x02\x00\x01\x00" * 100,
                    (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") * 500):
        with contextlib.closing(dial(world)) as s:
            try:
                s.sendall(request)
            except OSError:
                pass
            got = answer(s)
            equal(b" 200 " in got.split(b"\r\n")[0] or b" 202 " in got.split(b"\r\n")[0], False, got[:200])
            if request.startswith(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET"):
                equal(got.count(b"HTTP/1.1 "), 1, "one request per connection")
    # an endless chunked body is cut at the ceiling
    with contextlib.closing(dial(world)) as s:
        s.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        sent = 0
        try:
            while sent < 200_000_000:
                s.sendall(b"10000\r\n" + b"a" * 65536 + b"\r\n")
                sent += 65536
        except OSError:
            pass
        equal(sent < 60_000_000, True, f"{sent} bytes were taken")
    # idle and slow clients are cut by the deadline, and the loop has not been busy with them
    before = cpu_seconds(world)
    idle = [dial(world) for _ in range(60)]
    slow = [dial(world) for _ in range(4)]
    for s in slow:
        s.sendall(head)
    begun = time.monotonic()

    def all_cut():
        for s in slow:
            try:
                s.send(b"X")
            except OSError:
                pass
        return world.control("status") and world.rows("SELECT 1") and not [s for s in idle + slow if not is_closed(s)]

    wait_for(all_cut, "all of them are cut", 30)
    took = time.monotonic() - begun
    equal(cpu_seconds(world) - before < 0.25 * took + 1, True, f"{cpu_seconds(world) - before} s of CPU in {took} s")
    for s in idle + slow:
        s.close()
    equal(hub.push(with_hub([item(2, "Zelensky")], hub, world.topic)), 202)
    wait_for(lambda: len(world.notifications()) == 1, "a push still comes through")
    equal(world.rss_kib() < 300_000, True)
    hub.close()


def is_closed(s):
    s.setblocking(False)
    try:
        return s.recv(4096) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


run(globals())
