#!/usr/bin/env python3
"""Routes, from a feed to a sink: who is told, when, how much at once, and what is kept from whom; by the whole daemon."""

import contextlib
import datetime
import json
import sqlite3
import zoneinfo

from harness import QUICK, SANITIZED, equal, item, rss, run, wait_for

NAMES = "[actor zelenskiy]\nname = Zelensky\n\n[actor mayor]\nname = Ingrid Solberg\n\n[topic peace-plan]\nphrase = peace plan\n\n"
TEXT = "The mayor of Arden received Zelensky on Monday and showed him the new bridge over the river, which opens in May after four years of work."
SINKS = ("desk", "phone", "archive")


def sinks(world, **more):
    """Files, one for each sink; more: lines for one of them."""
    return "".join(f"[sink {n}]\ntype = file\npath = {world.dir}/{n}.jsonl\n{more.get(n, '')}\n\n" for n in SINKS)


def told(world, sink):
    path = world.dir / f"{sink}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def titles(world, sink):
    return [n.get("title") or n["item"]["title"] for n in told(world, sink)]


def waiting(world, sink):
    return world.rows("SELECT state, reason, next_try_at, kind FROM outbox WHERE sink = ? AND state NOT IN (1, 2)", sink)


@contextlib.contextmanager
def edited(world):
    """The database, while the daemon is away: moves time."""
    with contextlib.closing(sqlite3.connect(world.store)) as db:
        yield db
        db.commit()


def start(world, items, *parts, feeds=("a.rss",), **settings):
    for name in feeds:
        world.write(name, rss(items if name == feeds[0] else []))
    world.configure(world.feeds(feeds, flood_guard="no"), NAMES, *parts, **settings)
    world.start()
    world.polled()


def test_each_route_takes_what_it_fits_and_a_sink_hears_of_an_item_once(world):
    items = [item(1, "Zelensky speaks of the peace plan"), item(2, "Ingrid Solberg opens the harbour"), item(3, "A peace plan is published")]
    start(world, items, "[watch all]\nactors = *\ntopics = *\n\n[watch big]\nactors = zelenskiy\nseverity = high\n\n",
          "[route people]\nactors = mayor\nsinks = phone\n\n[route severe]\nseverity = high\nsinks = phone desk\n\n[route plans]\ntopics = peace-plan\nsinks = desk\n\n"
          "[route german]\nlanguages = de\nsinks = archive\n\n", sinks(world))
    wait_for(world.outbox_settled, "all is told")
    world.stop()
    equal(sorted(titles(world, "phone")), ["Ingrid Solberg opens the harbour", "Zelensky speaks of the peace plan"])
    equal(sorted(titles(world, "desk")), ["A peace plan is published", "Zelensky speaks of the peace plan"])
    equal(titles(world, "archive"), [])
    equal({(n["item"]["title"], n["severity"]) for n in told(world, "desk")}, {("A peace plan is published", "normal"), ("Zelensky speaks of the peace plan", "high")})


def test_a_route_takes_what_comes_from_its_feeds_by_key_and_by_tag(world):
    for name in ("a", "b", "c"):
        world.write(f"{name}.rss", rss([item(1, f"Zelensky in {name}", f"What {name} says.", link=f"https://{name}.example/1")]))
    world.configure(world.feeds(["a.rss"]), world.feeds(["b.rss", "c.rss"], tags="wire"), NAMES, "[watch all]\nactors = *\n\n",
                    "[route one]\nfeeds = a\nsinks = phone\n\n[route tagged]\nfeeds = wire\nsinks = desk\n\n[route either]\nfeeds = a wire\nlanguages = en\nsinks = archive\n\n",
                    sinks(world))
    for name, language in (("a", "en-GB"), ("b", "en"), ("c", "de")):
        path = world.root / f"{name}.rss"
        path.write_text(path.read_text().replace("<channel>", f"<channel><language>{language}</language>", 1))
    world.start()
    world.polled()
    wait_for(world.outbox_settled, "all is told")
    world.stop()
    equal(titles(world, "phone"), ["Zelensky in a"])
    equal(sorted(titles(world, "desk")), ["Zelensky in b", "Zelensky in c"])
    equal(sorted(titles(world, "archive")), ["Zelensky in a", "Zelensky in b"], "in their language")


def test_a_storm_is_one_digest_and_nothing_of_it_is_lost(world):
    count = 1000 if QUICK or SANITIZED else 10000
    start(world, [item(n, f"Zelensky number {n}", f"Matter {n}.") for n in range(count)], "[watch all]\nactors = *\nsinks = desk phone\n\n",
          sinks(world, phone="rate = 10/1h\n"), body_max="60MiB", group_by="item")
    wait_for(world.outbox_settled, "what may be told is told", 120)
    equal(len(told(world, "phone")), 10)
    equal([r[3] for r in waiting(world, "phone")], [2], "one digest waits")
    equal(world.rows("SELECT (SELECT count(*) FROM outbox WHERE sink = 'phone') + (SELECT count(DISTINCT item_id) FROM outbox_items)"), [(count,)], "all of them")
    got = titles(world, "desk")
    equal(len(got), count, "each once where there is no rate")
    equal(got, [f"Zelensky number {n}" for n in range(count)], "in the order of the feed")
    world.tidings("outbox", "release", "--sink", "phone")
    wait_for(lambda: len(told(world, "phone")) == 11 and world.outbox_settled(), "the digest is told")
    digest = told(world, "phone")[-1]
    equal((digest["type"], digest["item_count"], len(digest["items"])), ("digest", count - 10, 50))
    equal(world.rss_kib() < 512 * 1024, True, world.rss_kib())
    world.stop()
    world.sound()


def test_a_watch_that_matters_more_mutes_the_lesser_one_for_the_same_story(world):
    start(world, [item(1, "Zelensky sees the bridge", TEXT)], "[watch big]\nactors = zelenskiy\nseverity = high\nsinks = phone\n\n[watch small]\nactors = *\nsinks = desk\nmuted-by = big\ncopies = yes\n\n",
          sinks(world), feeds=("a.rss", "b.rss"), group_by="story", group_interval="0")
    wait_for(world.outbox_settled, "all is told")
    equal(waiting(world, "desk"), [(5, "inhibited by big", waiting(world, "desk")[0][2], 0)])
    world.write("b.rss", rss([item(2, "The mayor Ingrid Solberg shows a bridge", TEXT.replace("Zelensky", "Ingrid Solberg's guest"), link="https://b.example/2"), item(3, "Ingrid Solberg at the theatre", "Quite another matter altogether, on Tuesday.", link="https://b.example/3")]))
    world.poll_all()
    wait_for(world.outbox_settled, "all is told")
    world.stop()
    equal(titles(world, "phone"), ["Zelensky sees the bridge"])
    equal(titles(world, "desk"), ["Ingrid Solberg at the theatre"])


def test_a_story_that_many_carry_is_escalated_once(world):
    names = tuple(f"f{n}.rss" for n in range(5))
    start(world, [item(1, "Zelensky sees the bridge", TEXT)], "[watch all]\nactors = *\ncopies = yes\n\n",
          "[route usual]\nsinks = archive\nescalate-sources = 3\nescalate-within = 1d\nescalate-sinks = phone\n\n", sinks(world), feeds=names, group_by="story", group_interval="1h")
    wait_for(world.outbox_settled, "all is told")
    equal((len(told(world, "archive")), len(told(world, "phone"))), (1, 0))
    for n, name in enumerate(names[1:], 2):
        world.write(name, rss([item(n, f"Bridge shown to guest {n}", TEXT, link=f"https://{n}.example/")]))
        world.poll_all()
    wait_for(lambda: told(world, "phone"), "it is escalated")
    wait_for(lambda: len(waiting(world, "phone")) <= 1, "the others wait for the group")
    world.stop()
    [urgent] = told(world, "phone")
    equal((urgent["severity"], urgent["sources"]), ("urgent", 3), urgent)


def test_stored_items_that_are_told_late_escalate_nothing(world):
    """The route escalates only since then: were the items new, the phone would be told of the third."""
    names = tuple(f"f{n}.rss" for n in range(3))
    watch, usual = "[watch all]\nactors = *\ncopies = yes\n\n", "[route usual]\nsinks = archive\n"
    start(world, [item(1, "Zelensky sees the bridge", TEXT)], watch, usual + "\n", sinks(world), feeds=names, group_by="story", group_interval="0")
    for n, name in enumerate(names[1:], 2):
        wait_for(lambda: len(told(world, "archive")) == n - 1, "what came before is told, so that no group is made of both")
        world.write(name, rss([item(n, f"Bridge shown to guest {n}", TEXT, link=f"https://{n}.example/")]))
        world.poll_all()
    wait_for(lambda: len(told(world, "archive")) == 3 and world.outbox_settled(), "all is told")
    world.configure(world.feeds(names, flood_guard="no"), NAMES, watch, usual + "escalate-sources = 3\nescalate-sinks = phone\n\n",
                    sinks(world), group_by="story", group_interval="0")
    equal("error" in world.control("reload"), False, "reload")
    world.tidings("rematch", "--tell")
    wait_for(lambda: (lambda s: s["rematched"] == 3 and not s["rematching"])(world.control("status")), "all are matched again")
    equal(world.rows("SELECT count(*) FROM outbox WHERE sink = 'phone'"), [(0,)], "what the phone is to be told")
    world.write(names[0], rss([item(4, "The bridge, once more", TEXT, link="https://4.example/"), item(1, "Zelensky sees the bridge", TEXT)]))
    world.poll_all()
    wait_for(lambda: told(world, "phone"), "a new one escalates")
    world.stop()


def test_a_daily_digest_comes_at_its_time_in_its_time_zone(world):
    zone = zoneinfo.ZoneInfo("Europe/Kyiv")
    start(world, [item(n, f"Zelensky number {n}", f"Matter {n}.") for n in range(5)], "[watch all]\nactors = *\n\n",
          "[route morning]\nsinks = desk\ndigest = daily 07:30\ntime-zone = Europe/Kyiv\n\n[route hours]\nsinks = phone\ndigest = hourly\n\n", sinks(world))
    wait_for(lambda: waiting(world, "desk"), "it is held")
    now = datetime.datetime.now(zone)
    [(state, reason, at, kind)] = waiting(world, "desk")
    when = datetime.datetime.fromtimestamp(at / 1000, zone)
    equal((state, when.strftime("%H:%M:%S"), kind), (4, "07:30:00", 2), reason)
    equal(datetime.timedelta(0) < when - now <= datetime.timedelta(hours=25), True, when)
    [(state, _, at, _)] = waiting(world, "phone")
    equal((state, at % 3600000), (4, 0))
    equal(told(world, "desk"), [])
    world.tidings("outbox", "release", "--all")
    [digest] = wait_for(lambda: told(world, "desk"), "it is told when it is let go")
    world.stop()
    equal((digest["type"], digest["item_count"], len(digest["items"])), ("digest", 5, 5), digest)


def test_in_quiet_hours_only_the_urgent_is_told_and_the_rest_afterwards_as_one(world):
    now = datetime.datetime.now(datetime.timezone.utc)
    span = f"{(now - datetime.timedelta(hours=2)).strftime('%H:%M')}-{(now + datetime.timedelta(hours=3)).strftime('%H:%M')}"
    start(world, [item(n, f"Zelensky number {n}", f"Matter {n}.") for n in range(3)] + [item(9, "Ingrid Solberg resigns")],
          "[watch all]\nactors = zelenskiy\n\n[watch mayor]\nactors = mayor\nseverity = urgent\n\n", sinks(world, phone=f"quiet = {span}"))
    wait_for(lambda: len(titles(world, "desk")) == 4 and titles(world, "phone") == ["Ingrid Solberg resigns"], "the urgent is told")
    [(state, reason, at, kind)] = waiting(world, "phone")
    world.stop()
    equal((state, reason, kind), (4, "quiet", 2))
    end = datetime.datetime.fromtimestamp(at / 1000, datetime.timezone.utc)
    equal(end.strftime("%H:%M"), span[6:], "at their end")


def test_what_is_over_a_rate_is_one_digest_when_the_rate_allows(world):
    start(world, [item(n, f"Zelensky number {n}", f"Matter {n}.") for n in range(30)], "[watch all]\nactors = *\n\n", sinks(world, phone="rate = 3/4s"))
    wait_for(lambda: len(told(world, "desk")) == 30, "one sink's rate is not another's")
    wait_for(lambda: len(told(world, "phone")) == 4 and world.outbox_settled(), "three, and the rest as one")
    world.stop()
    equal([n["type"] for n in told(world, "phone")], ["match"] * 3 + ["digest"])
    equal(told(world, "phone")[3]["item_count"], 27)


def test_after_an_outage_the_backlog_drains_at_its_rate_and_new_ones_go_first(world):
    out = world.dir / "away"
    start(world, [item(n, f"Zelensky number {n}", f"Matter {n}.") for n in range(30)], "[watch all]\nactors = *\nsinks = phone desk\n\n",
          sinks(world, phone="drain-rate = 5/1h\norder = newest-first").replace(f"{world.dir}/phone.jsonl", f"{out}/phone.jsonl"))
    wait_for(lambda: len(told(world, "desk")) == 30, "the dead sink delays no other")
    wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE sink = 'phone' AND error IS NOT NULL"), "it is away")
    world.kill()
    with edited(world) as db:  # as if that had been an hour ago
        db.execute("UPDATE outbox SET next_try_at = next_try_at - 3600000, created_at = created_at - 3600000 WHERE sink = 'phone'")
    out.mkdir()
    (world.dir / "phone.jsonl").symlink_to(out / "phone.jsonl")
    world.write("a.rss", rss([item(99, "Zelensky is back")]))
    world.start()
    world.poll_all()
    wait_for(lambda: "Zelensky is back" in titles(world, "phone"), "the new one is told")
    wait_for(lambda: len(titles(world, "phone")) == 6, "and as much of the backlog as may be")
    left = world.rows("SELECT count(*) FROM outbox WHERE sink = 'phone' AND state = 0")
    world.poll_all()
    equal(len(titles(world, "phone")), 6, titles(world, "phone"))
    equal(left, [(25,)])
    world.stop()


def test_a_silence_holds_for_what_it_names_and_until_its_end(world):
    start(world, [], "[watch all]\nactors = *\n\n", sinks(world))
    world.tidings("silence", "add", "--for", "1h", "--author", "ann", "--entity", "zelenskiy", "--reason", "too much of it")
    world.write("a.rss", rss([item(1, "Zelensky one"), item(2, "Ingrid Solberg one")]))
    world.poll_all()
    wait_for(lambda: titles(world, "desk") == ["Ingrid Solberg one"], "what is not silenced is told")
    equal([r[1] for r in waiting(world, "desk")], ["silence 1 (ann)"])
    world.kill()
    with edited(world) as db:
        db.execute("UPDATE silences SET ends_at = ends_at - 3600000")
    world.write("a.rss", rss([item(3, "Zelensky two", "Later.")]))
    world.start()
    world.poll_all()
    wait_for(lambda: "Zelensky two" in titles(world, "desk"), "it has ended")
    world.stop()


run(globals())
