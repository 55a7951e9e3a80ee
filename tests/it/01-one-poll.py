"""One poll, end to end: every format yields items, what matches is stored, told and found again."""
from harness import *

DEMO = SOURCE / "conf/demo"


def demo(world):
    names = sorted(p.name for p in DEMO.iterdir())
    for name in names:
        world.write(name, (DEMO / name).read_bytes())
    return names


def items_in(name):
    """How many items a document holds, counted without our parser."""
    data = (DEMO / name).read_bytes()
    if name.endswith(".json"):
        return len(json.loads(data)["items"])
    return data.count(b"<item>") + data.count(b"<item ") + data.count(b"<entry>")


def test_every_document_of_the_demonstration_yields_all_its_items(world):
    names = demo(world)
    world.configure(world.feeds(names), world.WATCH)
    world.start()
    world.polled()
    world.stop()
    got = dict(world.rows("SELECT key, item_count FROM feeds"))
    equal(got, {pathlib.PurePath(n).stem: items_in(n) for n in names}, "items by feed")
    equal(world.rows("SELECT key, error FROM feeds WHERE error IS NOT NULL AND error <> 'ok'"), [], "feeds with an error")
    world.sound()


def test_what_matches_is_told_once_and_nothing_else_is(world):
    world.write("a.rss", rss([
        item(1, "Zelensky arrives in Geneva"), item(2, "Rowers finish a crossing"), item(3, "A headline", "Mediators call it a peace plan."),
        item(4, "До Женеви прибув Зеленський"),
    ]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink())
    world.start()
    wait_for(lambda: len(world.notifications()) >= 3, "three notifications")
    wait_for(world.outbox_settled, "nothing is left to be told")
    world.stop()
    equal(sorted(world.told_links()), [f"https://it.example/{n}" for n in (1, 3, 4)], "links told")


def test_a_hook_is_given_the_evidence(world):
    title = "Çağrı: Zelensky’s peace plan"
    world.write("a.rss", rss([item(1, title)], "The Feed"))
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink())
    world.start()
    told = wait_for(world.notifications, "a notification")[0]
    world.stop()
    equal(told["type"], "match")
    equal(told["sink"], "hook")
    equal(told["item"]["title"], title)
    equal(told["item"]["feed"]["key"], "a")
    equal(sorted(m["id"] for m in told["item"]["matches"]), ["peace-plan", "zelenskiy"])
    for match in told["item"]["matches"]:
        for mention in match["mentions"]:
            field = told["item"][mention["field"]].encode()
            equal(field[mention["start"]:mention["end"]].decode(), mention["text"], "bytes of a mention")


def test_the_print_sink_shows_time_source_title_link_and_why(world):
    world.write("a.rss", rss([item(1, "Zelensky arrives in Geneva"), item(2, "Rowers finish a crossing")], "The Feed"))
    world.configure(world.feeds(["a.rss"]), world.WATCH, "[sink screen]\ntype = print\n")
    world.start()
    wait_for(lambda: "https://it.example/1" in world.output(), "the match is printed")
    wait_for(world.outbox_settled, "nothing is left to be told")
    world.stop()
    out = world.output()
    for part in ("2026-11-20", "The Feed", "Zelensky", "arrives in Geneva", "Volodymyr Zelenskiy"):
        equal(part in out, True, f"{part!r} in {out!r}")
    equal("Rowers" in out, False, "what does not match is not printed")


def test_a_silent_first_poll_tells_nobody_but_later_items_are_told(world):
    world.write("a.rss", rss([item(1, "Zelensky one")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink(), first_poll="silent")
    world.start()
    world.polled()
    world.write("a.rss", rss([item(2, "Zelensky two"), item(1, "Zelensky one")]))
    world.poll_all()
    wait_for(world.notifications, "a notification")
    wait_for(world.outbox_settled, "nothing is left to be told")
    world.stop()
    equal(world.told_links(), ["https://it.example/2"], "links told")
    equal(world.rows("SELECT count(*) FROM items"), [(2,)], "items")


run(globals())
