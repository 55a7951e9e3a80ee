#!/usr/bin/env python3
"""Alarms: what people are told beside matches, through the same outbox."""

import contextlib
import sqlite3
import subprocess
import time

from harness import BUILD, PATIENCE, equal, item, rss, run, wait_for

HOUR = 3600000


def alarms(world, *kinds):
    return [n for n in world.notifications() if n["type"] == "alarm" and (not kinds or n["alarm"] in kinds)]


def configure(world, feeds, *more, watch=None, **settings):
    world.configure(feeds, watch if watch is not None else world.WATCH, world.hook_sink(), *more, alarm_sinks="hook", **settings)


def now():
    return int(time.time() * 1000)


@contextlib.contextmanager
def edited(world):
    """The database, while the daemon is away: makes a past."""
    with contextlib.closing(sqlite3.connect(world.store)) as db:
        yield db
        db.commit()


def test_a_feed_that_fails_for_long_and_works_again_is_told_once_each_in_one_thread(world):
    world.write("a.rss.script", "status 500 Oh no\n")
    world.write("a.rss", rss([item(1)]))
    configure(world, world.feeds(["a.rss"], interval="1s"), fail_for="1s", interval_max="2s", interval="1s")
    world.start()
    [failing] = wait_for(lambda: alarms(world, "feed_failing"), "it is told to fail")
    equal((failing["subject"], failing["severity"], failing["title"]), ("a", "normal", "Feed a is failing"))
    equal("error of its own" in failing["text"], True, failing["text"])
    world.kill()
    world.start()
    world.poll_all()
    equal(len(alarms(world)), 1, "told again after a restart")
    (world.root / "a.rss.script").unlink()
    [well] = wait_for(lambda: alarms(world, "feed_recovered"), "it is told to be well", 60)
    equal((well["thread"], well["previous"]), (failing["id"], failing["id"]))
    wait_for(world.outbox_settled, "all is told")
    world.stop()
    equal(len(alarms(world)), 2)


def test_many_feeds_that_fail_at_once_are_one_alarm(world):
    names = [f"f{n}.rss" for n in range(15)]
    for name in names:
        world.write(name + ".script", "status 404 No\n")
        world.write(name, "x")
    configure(world, world.feeds(names), fail_for="3s", interval="1h")
    world.start()
    [summary] = wait_for(lambda: alarms(world), "it is told", 40)
    equal(summary["title"], "15 feeds are failing")
    equal("f3" in summary["text"], True, summary["text"])
    world.stop()


def test_what_goes_on_is_told_again_until_it_ends_or_leaves_the_configuration(world):
    world.write("a.rss", rss([item(1)]))
    world.write("a.rss.script", "status 500 Oh no\n")
    world.write("b.rss", rss([item(2)]))
    configure(world, world.feeds(["a.rss"], interval="1s"), fail_for="1s", interval_max="2s", interval="1s", repeat_interval="2s")
    world.start()
    wait_for(lambda: len(alarms(world)) >= 3, "it is told again and again", 60)
    told = sorted(alarms(world), key=lambda n: n["created"])
    equal({n["alarm"] for n in told}, {"feed_failing"})
    equal({n["title"] for n in told[1:]}, {"Feed a is still failing"})
    equal({n["thread"] for n in told}, {told[0]["id"]})
    configure(world, world.feeds(["b.rss"]), fail_for="1s", repeat_interval="2s")
    world.control("reload")
    wait_for(lambda: world.rows("SELECT count(*) FROM alarms") == [(0,)], "it is forgotten", 40)
    world.stop()


def test_gone_and_silenced_and_not_asked_for(world):
    world.write("a.rss", "x")
    world.write("a.rss.script", "status 410 Gone\n")
    world.write("b.rss", "x")
    world.write("b.rss.script", "status 410 Gone\n")
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink(), alarm_sinks="*")
    world.start()
    [gone] = wait_for(lambda: alarms(world), "it is told")
    equal((gone["alarm"], gone["subject"]), ("feed_gone", "a"))
    world.tidings("silence", "add", "--alarm", "feed_gone", "--for", "1h", "--reason", "we know")
    world.configure(world.feeds(["a.rss", "b.rss"]), world.WATCH, world.hook_sink(), alarm_sinks="*")
    world.control("reload")
    wait_for(lambda: world.rows("SELECT reason FROM outbox WHERE subject = 'b' AND state = 5"), "it is muted")
    world.stop()
    equal(len(alarms(world)), 1)


def test_a_sink_that_takes_nothing_is_told_to_the_others(world):
    world.write("a.rss", rss([item(n, f"Zelensky number {n}") for n in range(5)]))
    bad = "[sink bad]\ntype = exec\ncommand = /bin/false\n\n"
    configure(world, world.feeds(["a.rss"]), bad, fail_for="1s")
    world.start()
    [ill] = wait_for(lambda: alarms(world, "sink_failing"), "it is told", 40)
    equal((ill["subject"], ill["severity"]), ("bad", "high"))
    world.kill()
    configure(world, world.feeds(["a.rss"]), bad.replace("/bin/false", "/bin/true"), fail_for="1s")
    world.start()
    world.tidings("sink", "test", "bad")
    [well] = wait_for(lambda: alarms(world, "sink_well"), "it is told to be well", 40)
    equal(well["thread"], ill["id"])
    world.stop()


def test_a_feed_and_a_watch_that_are_quieter_than_ever_and_are_back(world):
    items = [item(n, f"Zelensky number {n}", f"What he said of matter {n}.") for n in range(60)]
    world.write("a.rss", rss(items))
    feeds = world.feeds(["a.rss"], interval="1s", flood_guard="no")
    configure(world, feeds, interval="1s", interval_max="2s", first_poll="silent", false_alarms="10/1d")
    world.start()
    wait_for(lambda: world.rows("SELECT count(*) FROM items") == [(60,)], "all are stored")
    world.stop()
    equal(alarms(world), [])
    at = now()
    with edited(world) as db:  # one an hour, and none for two days
        # the newest by number came last
        top = db.execute("SELECT max(id) FROM items").fetchone()[0]
        for (n,) in db.execute("SELECT id FROM items").fetchall():
            when = at - 48 * HOUR - (top - n) * HOUR
            db.execute("UPDATE items SET first_seen_at = ? WHERE id = ?", (when, n))
            db.execute("UPDATE sightings SET first_at = ? WHERE item_id = ?", (when, n))
        db.execute("UPDATE feeds SET last_new_at = ?, items_per_week = 168", (at - 48 * HOUR,))
    world.start()
    quiet = wait_for(lambda: len(alarms(world, "feed_quiet", "watch_quiet")) == 2 and alarms(world), "they are told", 40)
    equal({(q["alarm"], q["subject"]) for q in quiet}, {("feed_quiet", "a"), ("watch_quiet", "talks")})
    equal(all("probability of at most" in q["text"] for q in quiet), True, quiet[0]["text"])
    world.write("a.rss", rss(items[5:] + [item(99, "Zelensky is back", "After two days he spoke.")]))
    wait_for(lambda: len(alarms(world, "feed_back", "watch_back")) == 2, "they are back", 60)
    wait_for(world.outbox_settled, "all is told")
    world.stop()
    equal(len(alarms(world)), 4, [a["title"] for a in alarms(world)])


def test_an_actor_in_unusually_many_sources_is_a_burst_and_copies_are_none(world):
    window = 4000
    world.write("old.rss", rss([item(n, f"Zelensky number {n}", f"Matter {n}.") for n in range(12)]))
    names = [f"n{k}.rss" for k in range(6)]
    for name in names:
        world.write(name, rss([]))
    feeds = world.feeds(["old.rss", *names], flood_guard="no")
    settings = {"burst_window": "4s", "false_alarms": "1/1m", "alarms": "burst", "first_poll": "silent"}
    watch = world.WATCH + "[actor mayor]\nname = Ingrid Solberg\n\n"
    configure(world, feeds, watch=watch, **settings)
    world.start()
    world.polled()
    world.stop()
    with edited(world) as db:
        at = now() // window * window
        for k, (n,) in enumerate(db.execute("SELECT id FROM items ORDER BY id").fetchall()):
            db.execute("UPDATE items SET first_seen_at = ? WHERE id = ?", (at - 100 * window + k * 7 * window, n))
    copy = "The mayor Ingrid Solberg opened the harbour on Monday after four years of work, and thanked the crews who had built it in all weathers."
    for k, name in enumerate(names):
        told = f"Report {k}: Zelensky {['arrives', 'speaks', 'dines', 'votes', 'waits', 'leaves'][k]}"
        world.write(name, rss([item(100 + k, told, f"{'abcdefghijkl'[k] * 9} {k * 7919} and so on.", link=f"https://n{k}.example/1"),
                               item(200 + k, "Ingrid Solberg opens harbour", copy, link=f"https://n{k}.example/2")]))
    world.start()
    world.poll_all()
    [burst] = wait_for(lambda: alarms(world), "it is told", 60)
    equal((burst["alarm"], burst["subject"], burst["severity"]), ("burst", "zelenskiy", "high"))
    equal("by chance with a probability of" in burst["text"], True, burst["text"])
    end = world.rows("SELECT value FROM meta WHERE key = 'burst_until'")[0][0]
    wait_for(lambda: world.rows("SELECT value FROM meta WHERE key = 'burst_until'")[0][0] > end, "the next window is judged")
    wait_for(lambda: world.rows("SELECT count(*) FROM alarms") == [(0,)], "the burst is over", 40)
    world.stop()
    equal(len(alarms(world)), 1, [a["title"] for a in alarms(world)])


def test_moved_changed_gap_and_flood_are_told_of_the_feed_that_they_befall(world):
    world.write("new.rss", rss([item(1)]))
    world.write("old.rss", "")
    world.write("old.rss.script", "redirect 301 /new.rss\n")
    for name in ("gap", "other", "much", "calm"):
        world.write(f"{name}.rss", rss([item(n, link=f"https://{name}.example/{n}") for n in range(5)], title="News"))
    configure(world, world.feeds(["old.rss", "gap.rss", "other.rss", "much.rss", "calm.rss"]), first_poll="silent", alarms="feed_moved feed_changed feed_gap feed_flood")
    world.start()
    world.polled()
    world.poll_all()
    world.stop()
    equal(alarms(world), [])
    with edited(world) as db:  # a redirect is adopted when it has held for a day
        db.execute("UPDATE feeds SET moved_since_at = moved_since_at - ?", (24 * HOUR,))
    world.write("gap.rss", rss([item(n, link=f"https://gap.example/{n}") for n in range(100, 105)], title="News"))
    world.write("other.rss", rss([item(n, link=f"https://casino.example/{n}") for n in range(90, 95)], title="Casino").replace("https://it.example/</link>", "https://casino.example/</link>"))
    world.write("much.rss", rss([item(n, f"Zelensky {n}", link=f"https://much.example/{n}") for n in range(4, 60)], title="News"))
    world.write("calm.rss", rss([item(n, link=f"https://calm.example/{n}") for n in range(4, 8)], title="News"))
    world.start()
    world.poll_all()
    wait_for(lambda: len(alarms(world)) >= 4, "they are told")
    wait_for(world.outbox_settled, "all is told")
    equal({(a["alarm"], a["subject"], a["severity"]) for a in alarms(world)},
          {("feed_moved", "old", "low"), ("feed_gap", "gap", "low"), ("feed_changed", "other", "high"), ("feed_flood", "much", "normal")})
    equal([world.url("new.rss") in a["text"] for a in alarms(world, "feed_moved")], [True], "where to")
    equal([n["item"]["title"] for n in world.notifications() if n["type"] != "alarm"], [], "what the flood brought is held")
    world.tidings("outbox", "release", "--all")
    wait_for(lambda: len([n for n in world.notifications() if n["type"] != "alarm"]) > 0, "and told when it is let go")
    world.stop()
    world.start()
    world.poll_all()
    equal(len(alarms(world)), 4, "told again after a restart")
    world.stop()


def test_mistakes_in_the_configuration_are_told(world):
    for settings, says in [({"alarm_sinks": "nobody"}, "nobody"), ({"alarms": "feed_failing earthquake"}, "earthquake"), ({"false_alarms": "often"}, "often")]:
        world.configure(world.hook_sink(), **settings)
        done = subprocess.run([BUILD / "tidingsd", "-c", world.conf, "--check"], capture_output=True, timeout=60 * PATIENCE)
        equal(done.returncode != 0 and says in done.stderr.decode(), True, done.stderr)


run(globals())
