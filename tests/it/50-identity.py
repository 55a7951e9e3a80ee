"""What an item is, over many polls of feeds that misbehave: which are told, exactly."""
from polls import *

def day(year):
    return datetime.datetime(year, 1, 2, tzinfo=datetime.timezone.utc)


FIVE = range(1, 6)

SCENARIOS = {
    "nothing new is told twice": [(news(FIVE), []), (news(FIVE), []), (news(range(2, 8)), [6, 7]), (news(range(2, 8)), [])],
    "guids that are new at every poll": [
        *[(news(FIVE, guid=f"poll-{k}-{{n}}", text=f"Report {{n}}, version {k} with other words."), []) for k in range(4)],
        (news(range(2, 7), guid="poll-9-{n}"), [6]),
    ],
    "all links move to https": [
        (news(FIVE, guid="http://it.example/{n}", link="http://it.example/{n}"), []),
        (news(range(1, 7), guid="https://it.example/{n}", link="https://it.example/{n}"), [6]),
    ],
    "all links get www, a slash and tracking parameters": [
        (news(FIVE, guid="https://it.example/{n}"), []),
        (news(range(1, 7), guid="https://www.it.example/{n}/?utm_source=rss", link="https://www.it.example/{n}/?utm_source=rss&fbclid=z{n}"),
         [6]),
    ],
    "the site moves to another host": [
        (news(FIVE, guid="https://old.example/a/{n}", link="https://old.example/a/{n}"), []),
        (news(range(1, 7), guid="https://new.example/a/{n}", link="https://new.example/a/{n}"), [6]),
    ],
    "one guid for all items": [(news(FIVE, guid="same"), []), (news(FIVE, guid="same"), []), (news(range(1, 7), guid="same"), [6])],
    "guids that differ in case only": [(news([1], guid="abc"), []), (news([1], guid="abc") + news([2], guid="ABC"), [2])],
    "empty and blank guids": [(news([1, 2], guid=""), []), (news([1, 2, 3], guid="   "), [3]), (news([1, 2, 3], guid=""), [])],
    "the feed empties and returns": [(news(FIVE), []), ([], []), (news(FIVE), []), (news(range(1, 7)), [6])],
    "an empty feed gets its first item": [([], []), (news([1]), [1]), (news([1, 2]), [2])],
    "an item dated far ahead hides nothing": [
        (news([1]), []), (news([2], at=lambda n: day(2099)) + news([1]), [2]), (news([3, 2, 1]), [3]), (news([4, 3]), [4])],
    "old dates hide nothing": [(news([1]), []), (news([2], at=lambda n: day(1971)) + news([1]), [2])],
    "the order changes at every poll": [
        (news([1, 2, 3]), []), (news([3, 1, 2]), []), (news([2, 4, 3, 1]), [4]), (news([1, 2, 3, 4][::-1]), [])],
    "the window rolls over": [(news(range(1, 4)), []), (news(range(11, 14)), [11, 12, 13]), (news(range(1, 4)), [])],
    "edits and counters are not new": [
        (news([1, 2]), []), (news([1, 2], text="Corrected report {n}, read at 14:05. 12 comments"), []),
        (news([1, 2], text="Corrected report {n}, read at 15:10. 99 comments"), [])],
    "a flood is held": [(news(FIVE), []), (news(range(100, 140)), []), (news(range(100, 141)), [140])],
}
EVENTS = {
    "guids that are new at every poll": ["ids_changed", "ids_unstable"],
    "all links move to https": ["ids_changed"],
    "all links get www, a slash and tracking parameters": ["ids_changed"],
    "the site moves to another host": ["ids_changed"],
    "one guid for all items": ["ids_repeated"],
    "the window rolls over": ["gap_suspected"],
    "a flood is held": ["flood", "gap_suspected"],
}
STORED = {"nothing new is told twice": 7, "a flood is held": 46}


def test_every_scenario_tells_exactly_what_is_new(world):
    run_scenarios(world, SCENARIOS, EVENTS, STORED)
    equal(world.rows("SELECT count(*) FROM outbox WHERE state = 4"), [(40,)], "held")
    world.stop()
    world.sound()


def test_the_same_guid_in_two_feeds_is_two_items_and_a_copy_is_told_once(world):
    text = "The mayor of Arden received Zelensky on Monday and showed him the new bridge over the river, which opens in May after four years of work."
    world.write("a.rss", rss([item(1, "Zelensky sees the bridge", text, link="https://a.example/1")], "A"))
    world.write("b.rss", rss([item(1, "Bridge shown to guest", text, link="https://b.example/1")], "B"))
    world.write("c.rss", rss([item(1, "Zelensky speaks of grain", "He spoke of grain in the harbour.", link="https://c.example/1")], "C"))
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink())
    world.start()
    wait_for(world.notifications, "the first is told")
    for feeds in (["a.rss", "b.rss"], ["a.rss", "b.rss", "c.rss"]):  # one after the other: what is like what depends on the order
        world.configure(world.feeds(feeds), world.WATCH, world.hook_sink())
        equal("error" in world.control("reload"), False, "reload")
        wait_for(lambda: world.rows("SELECT count(*) FROM items") == [(len(feeds),)], "all are stored")
    wait_for(lambda: len(world.notifications()) >= 2, "the other one is told")
    story = world.tidings_json("stories", "--since", "today", "--sources", "2")
    equal([(s["sources"], s["items"]) for s in story], [(2, 2)])
    [shown] = world.tidings_json("story", story[0]["id"])
    equal([s["feed"] for s in shown["carried_by"]], ["a", "b"])
    equal([i["story"].get("duplicate_of") for i in shown["item_list"]], [None, shown["item_list"][0]["id"]])
    equal(len(world.notifications()), 2)

    # by hand, and it stays so over a restart
    copy = shown["item_list"][1]["id"]
    listed = [line.split() for line in world.tidings("stories", "--since", "today", "--actor", "zelenskiy").splitlines()]
    equal(sorted((line[4], line[5], line[6], line[7]) for line in listed), [("1", "source", "1", "item"), ("2", "sources", "2", "items")], "the list")
    world.tidings("stories", "--since", "today", "--actor", "nobody", code=1)
    page = world.tidings("story", story[0]["id"])
    over_time = page.split("Sources over time\n")[1].split("\n\n")[0].splitlines()
    equal(over_time[-1].split()[3:], ["2", "##" if len(over_time) == 1 else "#"], page)
    [answer] = world.tidings_json("story", "split", copy)
    equal([s["items"] for s in world.tidings_json("stories", "--since", "today")], [1, 1, 1])
    other = world.tidings_json("items", "--feed", "c")[0]["story"]["id"]
    world.tidings("story", "join", answer["story"], other)
    world.stop()
    world.start()
    world.write("b.rss", rss([item(2, "Bridge shown again", text, link="https://b.example/2"), item(1, "Bridge shown to guest", text, link="https://b.example/1")], "B"))
    world.poll_all()
    wait_for(lambda: world.rows("SELECT count(*) FROM items") == [(4,)], "the next copy is stored")
    equal(world.rows("SELECT story_id FROM story_items WHERE item_id = ?", copy), [(answer["story"],)])
    equal(sorted(s["items"] for s in world.tidings_json("stories", "--since", "today")), [2, 2])
    world.tidings("story", 999999, code=1)
    world.tidings("story", "split", 999999, code=1)
    world.stop()
    world.sound()


def test_edits_are_shown_and_what_they_newly_mention_is_told_by_choice(world):
    world.write("a.rss", rss([item(1, "A guest arrives", "The mayor waits at the gate.")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink(), on_edit="tell-new")
    world.start()
    world.polled()
    equal(world.notifications(), [])
    world.write("a.rss", rss([item(1, "A guest arrives", "The mayor meets Zelensky at the gate. Rain fell.")]))
    world.poll_all()
    wait_for(world.notifications, "the edit is told")
    out = world.tidings("show", "--diff", 1)
    equal("The mayor [-waits-] {+meets Zelensky+} at the gate. {+Rain fell.+}\n" in out, True, out)
    [shown] = world.tidings_json("show", "--diff", 1)
    equal([r["summary"] for r in shown["revisions"]], ["The mayor waits at the gate.", "The mayor meets Zelensky at the gate. Rain fell."])
    world.stop()


def test_what_is_too_old_goes_and_does_not_come_back(world):
    world.write("a.rss", rss(news(FIVE) + [item(n, f"Weather {n}") for n in (21, 22, 23)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink(), keep_unmatched_items=1)
    world.start()
    wait_for(lambda: len(world.notifications()) == 5, "all are told")
    world.stop()
    world.start()  # it looks round when it starts
    wait_for(lambda: world.rows("SELECT count(*) FROM items WHERE NOT matched") == [(1,)], "what is too much is removed")
    world.write("a.rss", rss(news(range(1, 7)) + [item(n, f"Weather {n}") for n in (21, 22, 23)]))
    world.poll_all()
    wait_for(lambda: len(world.notifications()) == 6, "the new one is told")
    equal(world.rows("SELECT count(*) FROM items"), [(7,)], "items")
    equal(world.tidings("search", "Weather").count("Weather"), 1, "the index knows what is left")
    world.stop()
    world.sound()


def test_what_is_too_large_goes_and_does_not_come_back(world):
    weather = [item(n, f"Weather {n}") for n in (21, 22, 23)]
    long = news(FIVE, text="Report {n} about a day that was as long as this sentence, which leaves room for a shorter one.")
    world.write("a.rss", rss(long + weather))
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink())
    world.start()
    wait_for(lambda: len(world.notifications()) == 5, "all are told")
    world.stop()
    [(newest,)] = world.rows("SELECT bytes FROM items WHERE NOT matched ORDER BY id DESC LIMIT 1")
    [(all_of_them,)] = world.rows("SELECT sum(bytes) FROM items WHERE matched")
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink(), keep_unmatched_size=newest, keep_matched_size=all_of_them - 1)
    world.start()  # it looks round when it starts
    wait_for(lambda: world.rows("SELECT matched, count(*) FROM items GROUP BY matched") == [(0, 1), (1, 4)], "what is too large is removed")
    world.write("a.rss", rss(news([6]) + long + weather))  # it fits in beside four
    world.poll_all()
    wait_for(lambda: len(world.notifications()) == 6, "the new one is told")
    equal(world.rows("SELECT matched, count(*) FROM items GROUP BY matched"), [(0, 1), (1, 5)], "items")
    world.stop()
    world.sound()


run(globals())
