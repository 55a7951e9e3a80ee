"""What polling learns of a feed: gaps, moves, its end, long failures, hosts that ask to be left alone."""
from harness import *

DAY = 86_400_000


def kinds(world, feed=None):
    return [e["kind"] for e in world.tidings_json("events", code=None) if feed is None or e["feed"] == feed]


def feed(world, key):
    return next(f for f in world.tidings_json("feeds") if f["key"] == key)


def edit(world, sql, *arguments):
    """Moves time, between two runs of the daemon: nothing else may write its database."""
    with contextlib.closing(sqlite3.connect(world.store)) as db:
        db.execute(sql, arguments)
        db.commit()


def test_no_overlap_with_the_last_poll_is_a_gap_and_brings_the_next_poll_nearer(world):
    world.write("a.rss", rss([item(n) for n in range(5)]))
    world.write("b.rss", rss([item(n) for n in range(50, 55)]))
    world.configure(world.feeds(["a.rss", "b.rss"]), interval_min="1m", interval="8h")
    world.start()
    world.polled()
    before = {f["key"]: f["next"] for f in world.tidings_json("feeds")}
    world.write("a.rss", rss([item(n) for n in range(100, 105)]))
    world.write("b.rss", rss([item(n) for n in range(54, 59)]))
    world.poll_all()
    a, b = feed(world, "a"), feed(world, "b")
    status, = world.tidings_json("status")
    world.stop()
    equal((a["gaps"], b["gaps"]), (1, 0), "gaps")
    equal(status["store"]["gaps"], 1, "gaps in all")
    equal(kinds(world), ["gap_suspected"], "events")
    equal("missed" in a["next_why"], True, f"why: {a['next_why']}")
    equal(a["next"] < before["a"], True, f"{a['next']} comes before {before['a']}")


def test_gone_is_told_and_ends_polling_also_after_a_restart(world):
    world.write("a.rss", rss([item(1)]))
    world.write("a.rss.script", "file\n---\nstatus 410\nsend no\n")
    world.configure(world.feeds(["a.rss"]))
    world.start()
    world.polled()
    world.poll_all()
    equal(feed(world, "a")["state"], "gone", "state")
    equal(feed(world, "a")["next"], None, "next poll")
    equal(kinds(world), ["failing", "gone"], "events")
    world.stop()
    edit(world, "UPDATE feeds SET next_due_at = 1")
    world.start()
    world.write("b.rss", rss([item(2)]))
    world.configure(world.feeds(["a.rss", "b.rss"]))
    world.control("reload")
    wait_for(lambda: world.requests("b.rss"), "another feed is polled")
    equal(len(world.requests("a.rss")), 2, "requests for what is gone")
    world.write("a.rss.script", "file\n")
    world.control("poll a")  # somebody asks all the same
    wait_for(lambda: feed(world, "a")["state"] == "ok", "it is back")
    world.stop()
    equal(kinds(world), ["failing", "gone", "working"], "events")


def test_a_permanent_redirect_is_adopted_once_it_has_held_for_a_day_and_given_up_when_it_fails(world):
    world.write("new.rss", rss([item(1)]))
    world.write("old.rss", "")
    world.write("old.rss.script", "redirect 301 /new.rss\n")
    world.write("away.rss", "")
    world.write("away.rss.script", "redirect 302 /new.rss\n")
    world.write("login.rss", "")
    world.write("login.rss.script", "redirect 301 /login/new.rss\n")
    world.write("login/new.rss", rss([item(1)]))
    world.configure(world.feeds(["old.rss", "away.rss", "login.rss"]))
    world.start()
    world.polled()
    world.poll_all()
    world.stop()
    equal(feed(world, "old")["moving_to"], world.url("new.rss"), "moving to")
    edit(world, "UPDATE feeds SET moved_since_at = moved_since_at - ?", DAY)
    world.start()
    world.poll_all()
    equal(feed(world, "old")["polled_url"], world.url("new.rss"), "polled from now on")
    equal(feed(world, "old")["url"], world.url("old.rss"), "configured")
    asked = len(world.requests("old.rss"))
    world.poll_all()
    equal(len(world.requests("old.rss")), asked, "requests to the old place")
    equal([feed(world, k)["polled_url"] for k in ("away", "login")], [world.url("away.rss"), world.url("login.rss")], "never adopted")
    equal(kinds(world), ["moved"], "events")
    world.write("new.rss.script", "status 404\nsend no\n")
    for _ in range(3):
        world.poll_all()
    equal(feed(world, "old")["polled_url"], world.url("old.rss"), "the configured place again")
    equal([k for k in kinds(world, "old") if "moved" in k], ["moved", "moved_back"], "events")
    world.stop()
    world.sound()


def test_a_feed_that_is_another_one_from_one_day_to_the_next_is_an_event(world):
    world.write("a.rss", rss([item(n) for n in range(5)], title="News"))
    world.configure(world.feeds(["a.rss"]))
    world.start()
    world.polled()
    world.write("a.rss", rss([item(n, link=f"https://casino.example/{n}") for n in range(90, 95)], title="Casino")
                .replace("https://it.example/</link>", "https://casino.example/</link>"))
    world.poll_all()
    world.stop()
    equal(kinds(world), ["identity_changed"], "events")


def test_what_another_feed_says_at_the_old_address_waits_by_choice_until_it_is_released(world):
    def casino(numbers):
        text = rss([item(n, f"Zelensky bets {n}", link=f"https://casino.example/{n}") for n in numbers], title="Casino")
        world.write("a.rss", text.replace("https://it.example/</link>", "https://casino.example/</link>"))
        world.poll_all()

    world.write("a.rss", rss([item(n) for n in range(5)], title="News"))
    world.configure(world.feeds(["a.rss"], hold_changed="yes"), world.WATCH, world.hook_sink())
    world.start()
    world.polled()
    casino(range(90, 92))
    casino(range(90, 93))  # the next poll finds nothing strange any more, and is held all the same
    equal(kinds(world), ["identity_changed"], "events")
    held = world.tidings_json("outbox", "--state", "held")
    equal([h["reason"] for h in held], ["changed"] * 3, "held")
    equal(world.notifications(), [], "told")
    world.tidings("outbox", "release", "--feed", "a", "--reason", "changed")
    wait_for(lambda: len(world.notifications()) == 3, "what was held is told")
    casino(range(90, 94))
    wait_for(lambda: len(world.notifications()) == 4, "it is trusted again")
    equal(kinds(world), ["identity_changed"], "events")
    world.stop()
    world.sound()


def test_people_are_told_of_long_failures_only_and_once_and_of_their_end(world):
    world.write("a.rss", rss([item(1)]))
    world.write("a.rss.script", "status 500\n---\nfile\n---\nstatus 500\n")
    world.configure(world.feeds(["a.rss"]), fail_for="1d")
    world.start()
    world.polled()
    world.poll_all()
    world.poll_all()
    equal(kinds(world), ["failing", "working", "failing"], "events")
    world.stop()
    edit(world, "UPDATE feeds SET failing_since_at = failing_since_at - ?", DAY)
    world.start()  # nobody polls: time alone tells it
    wait_for(lambda: kinds(world)[3:] == ["failing_long"], "the long failure is told")
    world.poll_all()
    world.poll_all()
    world.write("a.rss.script", "file\n")
    world.poll_all()
    world.stop()
    equal(kinds(world)[3:], ["failing_long", "working", "recovered"], "events")


def test_a_server_that_asks_for_time_is_left_alone_as_a_host_also_after_a_restart(world):
    for n in ("a", "b", "c"):
        world.write(f"{n}.rss", rss([item(n)]))
    world.write("a.rss.script", "status 429\nheader Retry-After: 82800\nsend later\n")
    where = world.url("").replace("127.0.0.1", "localhost")
    on_host = "".join(f"[feed {n}]\nurl = {where}{n}.rss\nallow-private = yes\n\n" for n in ("a", "b"))
    world.configure(on_host, world.feeds(["c.rss"]), connections_per_host=1)
    world.start()
    wait_for(lambda: feed(world, "a")["held_until"], "the host is held")
    wait_for(lambda: feed(world, "c")["last_success"], "another host is polled")
    asked = len(world.requests("b.rss"))
    world.control("poll b")
    world.control("poll c")
    wait_for(lambda: len(world.requests("c.rss")) == 2, "the other host is asked again")
    equal(len(world.requests("b.rss")), asked, "requests for another feed of the host that is held")
    world.stop()
    world.start()
    world.control("poll *")
    wait_for(lambda: len(world.requests("c.rss")) == 3, "the other host is asked again")
    b = feed(world, "b")
    equal([h["host"] for h in world.tidings_json("status")[0]["holds"]], ["localhost"], "holds")
    equal("localhost is left alone until" in world.tidings("status"), True, "status tells the hold")
    equal("429" in b["next_why"], True, f"why: {b['next_why']}")
    world.stop()


def test_on_a_shared_host_only_the_feed_that_was_asked_for_waits(world):
    world.write("a.rss", rss([item(1)]))
    world.write("a.rss.script", "status 503\nheader Retry-After: 72000\nsend later\n")
    world.write("b.rss", rss([item(2)]))
    world.configure(world.feeds(["a.rss", "b.rss"]))  # shared-hosts = 127.0.0.1
    world.start()
    world.polled()
    world.poll_all()
    a, b = feed(world, "a"), feed(world, "b")
    world.stop()
    equal((a["held_until"], b["held_until"], b["error"]), (None, None, None), "holds")
    equal(a["next_why"], "Retry-After", "why")


def test_a_platform_may_be_named_by_how_its_hosts_end(world):
    def asks_for_time(host, shared):
        world.write("a.rss", rss([item(1)]))
        world.write("a.rss.script", "status 503\nheader Retry-After: 72000\nsend later\n")
        world.write("b.rss", rss([item(2)]))
        where = world.url("").replace("127.0.0.1", host)  # every name below localhost is this machine
        world.configure("".join(f"[feed {n}]\nurl = {where}{n}.rss\nallow-private = yes\n\n" for n in ("a", "b")), shared_hosts=shared)
        world.start()
        wait_for(lambda: world.alive() and feed(world, "a")["error"], "one is told to wait")
        held = feed(world, "b")["held_until"] is not None
        world.stop()
        for path in world.dir.glob("tidings.db*"):
            path.unlink()
        return held

    equal([asks_for_time(host, ".blogs.localhost medium.localhost") for host in ("una.blogs.localhost", "MEDIUM.localhost", "blogs.localhost",
          "unablogs.localhost", "una.medium.localhost")], [False, False, True, True, True], "is the host held?")


def test_nothing_but_not_modified_for_a_week_brings_one_whole_request(world):
    world.write("a.rss", rss([item(1)]))
    world.configure(world.feeds(["a.rss"]))
    world.start()
    world.polled()
    world.poll_all()
    world.stop()
    edit(world, "UPDATE feeds SET full_at = full_at - ?", 8 * DAY)
    world.start()
    world.poll_all()
    world.poll_all()
    world.stop()
    sent = ["if-none-match" in {k.lower() for k in r["headers"]} for r in world.requests()]
    equal(sent, [False, True, False, True], "conditional")
    equal([r["status"] for r in world.requests()], [200, 304, 200, 304], "answers")


def test_only_what_has_changed_is_taken_when_the_server_offers_that(world):
    whole, delta = rss([item(1), item(2)]), rss([item(3)])

    def body(text):
        return "send " + text.replace("\\", "\\\\").replace("\n", "\\n") + "\n"

    world.write("a.rss", whole)
    world.write("a.rss.script", "status 200\nheader ETag: \"one\"\n" + body(whole) + "---\nstatus 226 IM Used\nheader IM: feed\nheader ETag: \"two\"\n"
                + body(delta) + "---\nstatus 304\nheader ETag: \"two\"\n")
    world.configure(world.feeds(["a.rss"]))
    world.start()
    world.polled()
    world.poll_all()
    world.poll_all()
    a = feed(world, "a")
    world.stop()
    headers = [{k.lower(): v for k, v in r["headers"].items()} for r in world.requests()]
    equal([h.get("a-im") for h in headers], [None, "feed", "feed"], "A-IM")
    equal([h.get("if-none-match") for h in headers], [None, '"one"', '"two"'], "If-None-Match")
    equal((a["items"], a["gaps"], a["error"]), (3, 0, None), "items, gaps, error")


run(globals())
