"""A changed watchlist is matched against what is stored: it is marked, and nobody is told unless somebody asks for it."""
from harness import *

ITEMS = [
    item(1, "Marsh signs harbour treaty", "The envoy met Una Marsh."),
    item(2, "Harbour opens", "A football treaty."),
    item(3, "Peace talks resume", "Ivo Brand spoke of peace."),
    item(4, "Nothing here", "At all."),
]
OLD = "[actor marsh]\nname = Una Marsh\n[watch marsh]\nactors = marsh\nseverity = high\n"
NEW = ("[actor brand]\nname = Ivo Brand\n[topic harbour]\nquery = harbour\n"
       "[watch brand]\nactors = brand\nseverity = urgent\n[watch harbour]\ntopics = harbour\n")


def listed(world, *options):
    return [(r["link"].rsplit("/", 1)[1], r["severity"], r["watches"], [m["id"] for m in r["matches"]])
            for r in world.tidings_json("items", *options, code=None)]


def status(world):
    return world.control("status")


def rematched(world):
    return not status(world)["rematching"]


def test_stored_items_are_matched_by_the_new_list_and_nobody_is_told(world):
    world.write("a.rss", rss(ITEMS))
    world.configure(world.feeds(["a.rss"]), OLD, world.hook_sink())
    world.start()
    wait_for(world.notifications, "a notification")
    wait_for(world.outbox_settled, "nothing is left to be told")
    equal(listed(world, "--matched"), [("1", "high", ["marsh"], ["marsh"])], "by the old list")
    world.configure(world.feeds(["a.rss"]), NEW, world.hook_sink())
    equal("error" in world.control("reload"), False, "reloaded")
    wait_for(lambda: rematched(world), "all are matched again")
    equal(sorted(listed(world, "--matched")),
          [("1", "normal", ["harbour"], ["harbour"]), ("2", "normal", ["harbour"], ["harbour"]), ("3", "urgent", ["brand"], ["brand"])],
          "by the new list")
    equal(listed(world, "--actor", "marsh"), [], "the old actor is nobody's")
    equal(status(world)["rematched"], 4, "all of them")
    equal("4 stored items were matched again, 3 of them" in world.errors(), True, world.errors()[-2000:])
    wait_for(world.outbox_settled, "nothing is to be told")
    equal(world.told_links(), ["https://it.example/1"], "told, once and before")
    versions = world.rows("SELECT DISTINCT watchlist FROM items")
    equal(len(versions), 1, "one version")
    world.stop()
    world.start()
    wait_for(lambda: rematched(world), "nothing is matched again")
    equal(status(world)["rematched"], 0, "the list is the same")
    world.stop()
    world.sound()


def test_what_is_old_or_not_wanted_stays_as_it_was(world):
    world.write("a.rss", rss(ITEMS))
    world.configure(world.feeds(["a.rss"]), OLD, world.hook_sink())
    world.start()
    wait_for(world.notifications, "a notification")
    world.configure(world.feeds(["a.rss"]), NEW, world.hook_sink(), rematch="0")
    equal("error" in world.control("reload"), False, "reloaded")
    equal(status(world)["rematching"], False, "it does not begin")
    equal([i for i, *_ in listed(world, "--matched")], ["1"], "as before")
    world.stop()


def test_whoever_asks_for_it_is_told_of_stored_items_once(world):
    world.write("a.rss", rss(ITEMS))
    world.configure(world.feeds(["a.rss"]), OLD, world.hook_sink())
    world.start()
    wait_for(world.notifications, "a notification")
    wait_for(world.outbox_settled, "nothing is left to be told")
    world.tidings("rematch", "--tell", "--since", "1d")
    wait_for(lambda: status(world)["rematched"] == 4 and rematched(world), "all are matched again")
    equal(status(world)["rematch_told"], 0, "what was told is not told again")
    world.configure(world.feeds(["a.rss"]), NEW, world.hook_sink())
    equal("error" in world.control("reload"), False, "reloaded")
    wait_for(lambda: "3 of them" in world.errors() and rematched(world), "all are matched by the new list")
    equal(world.told_links(), ["https://it.example/1"], "nobody is told by itself")
    equal("and telling nobody" in world.tidings("rematch"), True, "marking alone")
    wait_for(lambda: status(world)["rematched"] == 4 and rematched(world), "marked once more")
    wait_for(world.outbox_settled, "nothing is to be told")
    equal(world.told_links(), ["https://it.example/1"], "still nobody is told")
    equal(world.tidings_json("rematch", "--tell", "--since", "2h")[0]["tell"], True, "asked for")
    wait_for(lambda: len(world.notifications()) == 3, "two more")
    wait_for(world.outbox_settled, "nothing is left to be told")
    equal(sorted(world.told_links()), [f"https://it.example/{n}" for n in (1, 2, 3)], "the hook had been told of the first")
    wait_for(lambda: "2 notifications of stored items" in world.errors(), "the log counts them")
    world.tidings("rematch", "--tell")
    wait_for(lambda: status(world)["rematched"] == 4 and rematched(world), "and once more")
    equal(status(world)["rematch_told"], 0, "all were told")
    equal([r[1] for r in listed(world, "--watch", "brand")], ["urgent"], "the severity of the new list")
    world.stop()
    world.sound()


def test_what_is_older_than_asked_for_is_not_told_and_mistakes_are_refused(world):
    world.write("a.rss", rss(ITEMS))
    world.configure(world.feeds(["a.rss"]), "[topic t]\nquery = unheard-of\n", world.hook_sink())
    world.start()
    world.polled()
    wait_for(lambda: world.rows("SELECT count(*) FROM items") == [(4,)], "four items")
    world.stop()
    with contextlib.closing(sqlite3.connect(world.store)) as db:
        oldest, = db.execute("SELECT link FROM items WHERE id = (SELECT min(id) FROM items WHERE title NOT LIKE 'Nothing%')").fetchone()
        db.execute("UPDATE items SET first_seen_at = first_seen_at - 86400000 * 3 WHERE id <= (SELECT id FROM items WHERE link = ?)", (oldest,))
        db.commit()
    world.start()
    world.configure(world.feeds(["a.rss"]), OLD, NEW, world.hook_sink())
    equal("error" in world.control("reload"), False, "reloaded")
    wait_for(lambda: "of them otherwise" in world.errors() and rematched(world), "all are matched by the new list")
    world.tidings("rematch", "--tell", "--since", "2d")
    wait_for(lambda: len(world.notifications()) == 2, "two of three")
    wait_for(lambda: rematched(world), "it ends")
    wait_for(world.outbox_settled, "nothing is left to be told")
    equal(sorted([*world.told_links(), oldest]), [f"https://it.example/{n}" for n in (1, 2, 3)], "the oldest is too old")
    world.tidings("rematch", "--since", "soon", code=2)
    world.tidings("rematch", "--since", "2100-01-01", code=2)
    world.tidings("rematch", "brand", code=2)
    for wrong in ("rematch tell", "rematch tell 0", "rematch twice 60", "rematch tell x"):
        equal("error" in world.control(wrong), True, wrong)
    world.stop()
    world.tidings("rematch", code=3)


run(globals())
