"""A second poll of unchanged documents costs one 304 each and stores nothing; what changed is seen."""
from harness import *

NAMES = [f"f{n}.rss" for n in range(20)]


def prepare(world):
    for n, name in enumerate(NAMES):
        world.write(name, rss([item(n * 100 + k, f"Zelensky {n} {k}") for k in range(5)]))
    world.configure(world.feeds(NAMES), world.WATCH, world.hook_sink(), connections_per_host=8)


def facts(world):
    return world.rows("SELECT * FROM items ORDER BY id"), world.rows("SELECT * FROM sightings ORDER BY feed_id, key"), \
        world.rows("SELECT row, id, item_id, sink FROM outbox ORDER BY row")


def test_unchanged_documents_cost_one_304_each_and_store_nothing(world):
    prepare(world)
    world.start()
    world.polled()
    wait_for(world.outbox_settled, "nothing is left to be told", 60)
    before, asked = facts(world), len(world.requests())
    world.poll_all()
    later = world.requests()[asked:]
    equal(sorted((r["path"], r["status"]) for r in later), sorted(("/" + n, 304) for n in NAMES), "second poll")
    world.stop()
    equal(facts(world), before, "items, sightings and outbox")
    equal(len(before[0]), 100, "items")


def test_validators_are_replayed_byte_for_byte_also_after_a_restart(world):
    etag = '"x/ü;,y"'
    world.write("a.rss", rss([item(1)]))
    world.write("a.rss.script", f"header ETag: {etag}\nheader Last-Modified: Thu, 1 Jan 2026 00:00:00 +0000\nfile\n---\nstatus 304\n")
    world.configure(world.feeds(["a.rss"]), world.WATCH)
    world.start()
    world.polled()
    world.stop()
    world.start()
    world.poll_all()
    world.stop()
    headers = world.requests()[-1]["headers"]
    headers = {k.lower(): v for k, v in headers.items()}
    equal(headers.get("if-none-match"), etag, "If-None-Match")
    equal(headers.get("if-modified-since"), "Thu, 1 Jan 2026 00:00:00 +0000", "If-Modified-Since")


def test_a_document_without_validators_that_did_not_change_stores_nothing(world):
    world.write("a.rss", rss([item(1, "Zelensky one")]))
    world.write("a.rss.script", "status 200\nheader ETag:\nheader Last-Modified:\nheader Content-Type: application/rss+xml\nbody /a.rss\n")
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink())
    world.start()
    world.polled()
    wait_for(world.outbox_settled, "nothing is left to be told", 60)
    before = facts(world)
    world.poll_all()
    equal(world.control("status")["workers"]["documents"], 1, "documents that were read: the second is the first again")
    world.stop()
    world.start()
    world.poll_all()
    equal(world.control("status")["workers"]["documents"], 0, "documents that were read after a restart")
    world.stop()
    equal(facts(world), before, "items, sightings and outbox")
    equal([r["status"] for r in world.requests()], [200, 200, 200], "statuses")


def test_a_new_item_among_old_ones_is_stored_and_told_alone(world):
    prepare(world)
    world.start()
    world.polled()
    wait_for(lambda: len(world.notifications()) == 100 and world.outbox_settled(), "a hundred notifications", 60)
    world.write("f7.rss", rss([item(9999, "Zelensky again")] + [item(700 + k, f"Zelensky 7 {k}") for k in range(4)]))
    world.poll_all()
    wait_for(lambda: len(world.notifications()) == 101 and world.outbox_settled(), "one more notification")
    world.stop()
    equal(len(set(world.told_links())), 101, "links told")
    equal(world.rows("SELECT count(*) FROM items"), [(101,)], "items")


def test_a_restart_polls_nothing_before_it_is_due(world):
    prepare(world)
    world.start()
    world.polled()
    wait_for(world.outbox_settled, "nothing is left to be told", 60)
    world.stop()
    asked, told = len(world.requests()), len(world.notifications())
    world.write("late.rss", rss([item(1)]))
    world.conf.write_text(world.conf.read_text() + world.feeds(["late.rss"]))
    world.start()
    wait_for(lambda: world.requests("late.rss"), "the new feed is polled")
    world.stop()
    equal([r["path"] for r in world.requests()[asked:]], ["/late.rss"], "asked after the restart")
    equal(len(world.notifications()), told, "notifications")


run(globals())
