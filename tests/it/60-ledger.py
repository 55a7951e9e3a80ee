#!/usr/bin/env python3
"""The ledger: receivers that fail, stall, answer late and cut connections, while the daemon is killed at random moments.
Every notification arrives at least once at every sink; a repeat has the same identifier and comes only after a crash or an
answer that was lost; and at every moment what was produced is done, pending, in flight, held, muted or dead."""

import http.server
import json
import random
import threading
import time

from harness import QUICK, PATIENCE, equal, item, rss, run, wait_for

FEEDS = 4
ITEMS = 40 if QUICK else 300
KILLS = 4 if QUICK else 20


class Receiver(http.server.ThreadingHTTPServer):
    """Takes what is posted, or misbehaves as its dice say; remembers what it took and whether the sender could know."""

    daemon_threads = True

    def __init__(self, seed, faults):
        super().__init__(("127.0.0.1", 0), Handler)
        self.dice, self.faults, self.lock = random.Random(seed), faults, threading.Lock()
        self.got = {}  # identifier → [whether the answer went out, …]
        self.items = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def sink(self, name):
        return (f"[sink {name}]\ntype = webhook\nurl = http://127.0.0.1:{self.server_port}/\nallow-private = yes\n"
                f"concurrency = 16\ntimeout = 1s\n\n")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        identifier = self.headers["webhook-id"]
        equal(body["id"], identifier)
        with server.lock:
            fault = server.dice.choice(server.faults)
        if fault == "refuse":
            self.answer(503, "0")
            return
        with server.lock:
            server.items.setdefault(identifier, body["item"]["link"])
            server.got.setdefault(identifier, []).append(fault == "ok")
        if fault == "cut":  # taken, but the sender cannot know
            self.close_connection = True
            self.connection.close()
        elif fault == "late":  # longer than the sink's timeout
            threading.Event().wait(1.2)
        else:
            self.answer(204)

    def answer(self, status, retry_after=None):
        self.send_response(status)
        if retry_after is not None:
            self.send_header("Retry-After", retry_after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


def balanced(world):
    """The counters, the rows and what was ever produced agree."""
    rows = world.rows("SELECT (SELECT count(*) FROM outbox), (SELECT sum(n) FROM outbox_counts), (SELECT count(*) FROM"
                      " outbox_counts AS c WHERE c.n <> (SELECT count(*) FROM outbox AS o WHERE o.state = c.state))")
    if rows:
        made, counted, wrong = rows[0]
        equal(counted, made, "produced = done + pending + in flight + dead + held + muted")
        equal(wrong, 0, "states whose counter is wrong")


def test_every_notification_arrives_and_repeats_only_with_its_identifier(world):
    dice = random.Random(20261126)
    receivers = {
        "good": Receiver(1, ["ok"]),
        "flaky": Receiver(2, ["ok", "ok", "refuse", "cut"]),
        "slow": Receiver(3, ["ok"] * 30 + ["late"]),
    }
    for f in range(FEEDS):
        world.write(f"f{f}.rss", rss([item(f * 1000 + k, f"Zelensky {f} {k}") for k in range(ITEMS)]))
    world.configure(world.feeds([f"f{f}.rss" for f in range(FEEDS)]), world.WATCH,
                    *(r.sink(name) for name, r in receivers.items()), "[sink log]\ntype = file\npath = " + str(world.dir / "log.jsonl") + "\n\n",
                    connections_per_host=4)
    total = FEEDS * ITEMS
    for _ in range(KILLS):
        world.start()
        before = sum(len(r.got) for r in receivers.values())
        goal = before + dice.randrange(1, max(2, total // KILLS))
        moment = time.monotonic() + 5 * PATIENCE
        wait_for(lambda: sum(len(r.got) for r in receivers.values()) >= goal or time.monotonic() > moment, "some deliveries", 30)
        balanced(world)
        world.kill()
        balanced(world)
    # Waits between tries are not what this is about: what waits is due at once.
    world.start()
    deadline = time.monotonic() + (40 if QUICK else 200) * PATIENCE

    def settled():
        world.alive()
        balanced(world)
        if world.rows("SELECT count(*) FROM outbox WHERE state <> 2") == [(0,)] and world.rows("SELECT count(*) FROM outbox")[0][0] == 4 * total:
            return True
        world.control("outbox retry all")
        return time.monotonic() > deadline
    wait_for(settled, "everything is delivered", 60 if QUICK else 300)
    world.stop()
    balanced(world)
    world.sound()
    equal(world.rows("SELECT state, count(*) FROM outbox GROUP BY state"), [(2, 4 * total)], "all done")
    want = {f"https://it.example/{f * 1000 + k}" for f in range(FEEDS) for k in range(ITEMS)}
    crashes = KILLS * 16  # at each kill as many as a sink takes at a time may have been under way
    for name, r in receivers.items():
        equal(set(r.items.values()), want, f"{name}: what arrived")
        equal(len(r.got), total, f"{name}: one identifier for each item")
        unexplained = sum(max(0, sum(answered) - 1) for answered in r.got.values())
        equal(unexplained <= crashes, True, f"{name}: {unexplained} repeats after an answer, {KILLS} crashes")
    lines = [json.loads(line) for line in (world.dir / "log.jsonl").read_text().splitlines()]
    equal({n["item"]["link"] for n in lines}, want, "file: what arrived")
    repeats = sum(len(a) - 1 for r in receivers.values() for a in r.got.values())
    print(f"# {4 * total} notifications, {KILLS} kills, {repeats} repeats")


def test_the_companion_shows_and_moves_what_is_in_the_outbox(world):
    bad, good = Receiver(4, ["refuse"]), Receiver(5, ["ok"])
    world.write("a.rss", rss([item(1, "Zelensky one")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, bad.sink("bad"), good.sink("good"))
    world.start()
    wait_for(lambda: world.tidings_json("outbox", "--state", "done", code=None) != [], "one is delivered")
    waiting = wait_for(lambda: [r for r in world.tidings_json("outbox", "--sink", "bad") if r["error"]], "the other was refused")[0]
    equal(waiting["state"], "pending")
    shown = world.tidings_json("outbox", "show", waiting["id"])[0]
    equal(shown["title"], "Zelensky one")
    equal(world.tidings_json("outbox", "drop", waiting["id"]), [{"count": 1}])
    equal(world.tidings_json("outbox", "show", waiting["id"])[0]["error"], "dropped by hand")
    bad.faults = ["ok"]
    equal(world.tidings_json("outbox", "retry", waiting["id"]), [{"count": 1}])
    wait_for(lambda: world.tidings_json("outbox", "show", waiting["id"])[0]["state"] == "done", "it is delivered after all")
    equal(list(bad.got), [waiting["id"]])
    world.tidings("sink", "test", "nowhere", code=1)
    dry = world.tidings_json("notify", "--dry-run", "1")[0]
    equal({(d["sink"], d["decision"]) for d in dry["decisions"]}, {("bad", "send"), ("good", "send")})
    equal(world.tidings_json("silence", "add", "--for", "1h", "--author", "ann", "--feed", "a", "--reason", "it is loud"), [{"id": 1}])
    equal({d["decision"] for d in world.tidings_json("notify", "--dry-run", "1")[0]["decisions"]}, {"silenced"})
    equal(world.tidings_json("silence")[0]["author"], "ann")
    world.write("a.rss", rss([item(2, "Zelensky two"), item(1, "Zelensky one")]))
    world.poll_all()
    equal([r["reason"] for r in world.tidings_json("outbox", "--state", "muted")], ["silence 1 (ann)"] * 2)
    world.tidings("silence", "end", "1")
    world.tidings("silence", code=1)
    world.stop()


run(globals())
