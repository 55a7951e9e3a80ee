#!/usr/bin/env python3
"""The ledger: receivers that fail, stall, answer late and cut connections, while the daemon is killed at random moments.
Every notification arrives at least once at every sink; a repeat has the same identifier and comes only after a crash or an
answer that was lost; and at every moment what was produced is done, pending, in flight, held, muted or dead.
TIDINGS_TESTS=long makes it thousands."""

import collections
import contextlib
import random
import re
import time

from brokers import Nats, Subscriber, mosquitto, nats
from desktop import Bus
from harness import LONG, PATIENCE, QUICK, Skip, equal, item, rss, run, wait_for
from receivers import File, JetStream, Log, Mqtt, Pages, Program, Screen, Smtp, Stream, Web

GIVEN_UP = re.compile(r"sink (\S+): notification (\S+), attempt \d+: .*(?:in time|within \d|after \d+ ms|too slow|time-?out|timed out|does not answer|did not answer)", re.I)
FEEDS = 4
ITEMS = 10 if QUICK else 300 if LONG else 40
KILLS = 3 if QUICK else 20 if LONG else 6


def balanced(world):
    """The counters, the rows and what was ever produced agree."""
    rows = world.rows("SELECT (SELECT count(*) FROM outbox), (SELECT sum(n) FROM outbox_counts), (SELECT count(*) FROM"
                      " outbox_counts AS c WHERE c.n <> (SELECT count(*) FROM outbox AS o WHERE o.state = c.state))")
    if rows:
        made, counted, wrong = rows[0]
        equal(counted, made, "produced = done + pending + in flight + dead + held + muted")
        equal(wrong, 0, "states whose counter is wrong")


def optional(stack, missing, make):
    """A receiver that needs servers which may not be installed; they are ended with the test."""
    try:
        return make(stack)
    except Skip as why:
        missing.append(str(why))
        return None


def all_receivers(world, stack, missing):
    def mqtt(stack):
        server = stack.enter_context(mosquitto(world, "allow_anonymous true", "max_queued_messages 100000"))
        return Mqtt(6, server, Subscriber(server.port, "news/#"))

    def jetstream(stack):
        server = stack.enter_context(nats(world))
        return JetStream(7, server, Nats(server.port))

    some = {
        "good": Web(1, ["ok"]),
        "flaky": Web(2, ["ok", "ok", "refuse", "cut"]),
        "slow": Web(3, ["ok"] * 30 + ["late"]),
        "mail": Smtp(5, ["ok"] * 20 + ["refuse"] * 4 + ["cut"] * 2 + ["late"]),
        "hook": Program(world, "hook", "exec"),
        "sendmail": Program(world, "sendmail", "sendmail"),
        "file": File(world, "file", "file"),
        "print": File(world, "print", "print"),
        "syslog": Log(world, "syslog", "syslog"),
        "journal": Log(world, "journal", "journal"),
        "pages": Pages(world, "pages"),
        "stream": Stream(world, "stream", 8),
        "acked": Stream(world, "acked", 9, True),
        "mqtt": optional(stack, missing, mqtt),
        "nats": optional(stack, missing, jetstream),
        "screen": optional(stack, missing, lambda stack: Screen(stack.enter_context(Bus(world)))),
    }
    return {name: r for name, r in some.items() if r is not None}


def done(world):
    return world.rows("SELECT count(*) FROM outbox WHERE state = 2")[0][0] if world.rows("SELECT 1 FROM outbox LIMIT 1") else 0


def torment(world, dice, receivers, total):
    """Starts and kills the daemon, each time after some deliveries; receivers that can be are away every other time."""
    disturbed, kills = [r for r in receivers.values() if hasattr(r, "disturb")], []
    for turn in range(KILLS):
        for r in disturbed if turn % 2 else []:
            r.disturb()
        world.start()
        goal = done(world) + dice.randrange(1, max(2, total * len(receivers) // KILLS))
        moment = time.monotonic() + 3 * PATIENCE
        wait_for(lambda: done(world) >= goal or time.monotonic() > moment, "some deliveries", 30)
        balanced(world)
        world.kill()
        kills.append((time.time(), set(world.rows("SELECT o.sink, i.title FROM outbox AS o JOIN items AS i ON i.id = o.item_id WHERE o.state = 1"))))
        balanced(world)
        for r in disturbed if turn % 2 else []:
            r.calm()
    return kills


def timeouts_of(world):
    """Deliveries that the daemon gave up because the answer was late: sink and title → how often."""
    late, titles = collections.Counter(), dict(world.rows("SELECT o.id, i.title FROM outbox AS o JOIN items AS i ON i.id = o.item_id"))
    for path in world.dir.glob("err.*"):
        late.update((sink, titles[identifier]) for sink, identifier in GIVEN_UP.findall(path.read_text(errors="replace")))
    return late


def deliver_the_rest(world, receivers, total):
    """Waits between tries are not what this is about: what waits is due at once."""
    for r in receivers.values():
        r.peaceful = True
        if isinstance(r, Program):
            (r.dir / "peace").touch()
    world.start()

    def settled():
        world.alive()
        balanced(world)
        if done(world) == total * len(receivers):
            return True
        world.control("outbox retry all")
        return False
    wait_for(settled, "everything is delivered", 300 if LONG else 60)
    world.stop()
    balanced(world)


def test_every_notification_arrives_and_repeats_only_with_its_identifier(world):
    dice, missing = random.Random(20261126), []
    with contextlib.ExitStack() as stack:
        receivers = all_receivers(world, stack, missing)
        for f in range(FEEDS):
            world.write(f"f{f}.rss", rss([item(f * 1000 + k, f"Zelensky {f} {k}") for k in range(ITEMS)]))
        world.configure(world.feeds([f"f{f}.rss" for f in range(FEEDS)], flood_guard="no"), world.WATCH,
                        *(r.sink(name) for name, r in receivers.items()), connections_per_host=4)
        total = FEEDS * ITEMS
        kills = torment(world, dice, receivers, total)
        deliver_the_rest(world, receivers, total)
        world.sound()
        equal(world.rows("SELECT state, count(*) FROM outbox GROUP BY state"), [(2, total * len(receivers))], "all done")
        titles = {f"Zelensky {f} {k}" for f in range(FEEDS) for k in range(ITEMS)}
        repeats, timeouts = {}, timeouts_of(world)
        for name, r in receivers.items():
            wait_for(lambda r=r: not isinstance(r, (Log, Mqtt)) or len(r.got) >= total, f"{name} has read what it got")
            r.finish()
            repeats[name] = r.check(name, titles, kills, timeouts)
    print(f"# {total * len(receivers)} notifications through {len(receivers)} sinks, {KILLS} kills; repeats: "
          + ", ".join(f"{name} {n}" for name, n in repeats.items()))
    for why in missing:
        print(f"# left out: {why}")


def test_the_companion_shows_and_moves_what_is_in_the_outbox(world):
    bad, good = Web(4, ["refuse"]), Web(5, ["ok"])
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
