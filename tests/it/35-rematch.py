"""A changed watchlist is matched against what is stored: it is marked, and nobody is told."""
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


run(globals())
