"""Scenarios over many polls: which items are told because of which document, exactly.

A scenario is a list of polls; a poll is (the document's items, the numbers that must be told because of it). The first
document is the baseline, which is silent. All scenarios of a file run side by side, each as a feed of its own.
"""
import re

from harness import *

KINDS = ("ids_changed", "ids_unstable", "ids_repeated", "truncated_window", "flood", "identity_changed", "gap_suspected")


def news(numbers, guid="tag:it.example,2026:{n}", link="https://it.example/{n}", title="Zelensky visits town {n}",
         text="Report number {n} about the town of {n}.", at=None):
    out = []
    for n in numbers:
        i = item(n, title.format(n=n), text.format(n=n), id=guid.format(n=n), link=link.format(n=n))
        out.append({**i, "at": at(n)} if at else i)
    return out


def told(world):
    """What was told, from the rows that were made: (feed, number), each as often as it was."""
    rows = world.rows("SELECT f.key, coalesce(i.title, '') || ' ' || coalesce(i.summary, '') FROM outbox AS o JOIN items AS i ON i.id = o.item_id"
                      " JOIN feeds AS f ON f.id = i.feed_id WHERE o.state IN (0, 1, 2) ORDER BY o.row")
    return [(key, int(re.search(r"town (\d+)\b", text)[1])) for key, text in rows]


def of_feed(key, items):
    """The items of a scenario with the name of its feed in all they say, so that none is like one of another feed."""
    def marked(i):
        return {**i, "title": i["title"] and f"{i['title']} of {key}", "text": i["text"] and f"{i['text']} Seen from {key}.",
                "link": i["link"] and i["link"].replace("it.example", f"{key}.example")}
    return [marked(i) for i in items]


def run_scenarios(world, scenarios, events={}, stored={}):
    """Polls all of them through; `events`: what must stand in a feed's events in the end, `stored`: how many items."""
    keys = {name: f"s{i}" for i, name in enumerate(scenarios)}

    def write(step):
        for name, polls in scenarios.items():
            world.write(f"{keys[name]}.rss", rss(of_feed(keys[name], polls[min(step, len(polls) - 1)][0]), keys[name]))

    write(0)
    world.configure(world.feeds(sorted(f"{k}.rss" for k in keys.values())), world.WATCH.replace("[watch talks]\n", "[watch talks]\ncopies = yes\n"),
                    world.hook_sink(), first_poll="silent")
    world.start()
    world.polled()
    wait_for(lambda: world.errors().count(f"first polls of {len(scenarios)} feeds") == 1, "one line about all first polls")
    want = []
    for step in range(1, max(map(len, scenarios.values()))):
        write(step)
        world.poll_all()
        got = told(world)
        for name, polls in scenarios.items():
            if step < len(polls):
                want += [(keys[name], n) for n in polls[step][1]]
            equal(sorted(t for t in got if t[0] == keys[name]), sorted(w for w in want if w[0] == keys[name]), f"poll {step}: {name}")
    wait_for(lambda: len(world.notifications()) >= len(want), "all of them are delivered")
    equal(len(world.notifications()), len(want), "notifications")
    for name, key in keys.items():
        got = [k for (k,) in world.rows("SELECT e.kind FROM events AS e JOIN feeds AS f ON f.id = e.feed_id WHERE f.key = ? ORDER BY e.id", key)
               if k in KINDS]
        equal(got, events.get(name, []), f"events: {name}")
        if name in stored:
            equal(world.rows("SELECT count(*) FROM items AS i JOIN feeds AS f ON f.id = i.feed_id WHERE f.key = ?", key), [(stored[name],)], f"items: {name}")
    return keys
