"""Items that have hardly anything to be told apart by, and dates that cannot be: over many polls, which are told, exactly."""
from polls import *

FIVE, SIX = range(1, 6), range(1, 7)


def bare(numbers, **more):
    """Items with neither a guid nor a link."""
    return [{**i, "id": None, "link": None, **more} for i in news(numbers)]


def untitled(numbers):
    return [{**i, "title": None, "text": f"Zelensky visits town {n} and speaks of matter {n * 7919}."} for n, i in zip(numbers, bare(numbers))]


def nothing_at_all():
    return [{"id": None, "link": None, "title": None, "text": None, "at": None}]


def long_guid(length, tail):
    return "".join(("x" * (length - len(tail)), tail))


def with_advertisement(numbers, poll):
    return [{**i, "text": i["text"] + f' <p><a href="https://ads.example/click?id={poll}{n}"><img src="https://ads.example/{poll}.gif"></a></p>'
             f" Updated at 1{poll}:07, {poll * 31} comments"} for n, i in zip(numbers, news(numbers))]


ODD = {
    "neither guid nor link": [(bare(FIVE), []), (bare(FIVE), []), (bare(SIX), [6]), (bare(reversed(SIX)), [])],
    "a title and nothing else": [(bare(FIVE, text=None), []), (bare(SIX, text=None), [6]), (bare(SIX, text=None), [])],
    "a text and nothing else": [(untitled(FIVE), []), (untitled(SIX), [6]), (untitled(SIX), [])],
    "an item without anything": [
        (nothing_at_all() + news([1]), []), (news([2, 1]) + nothing_at_all(), [2]), (nothing_at_all() * 3 + news([3, 2, 1]), [3]),
        (nothing_at_all(), []), (news([3, 2, 1]), [])],
    "white space for a guid": [(news(FIVE, guid=" \t "), []), (news(SIX, guid="\n"), [6]), (news(SIX, guid=" "), [])],
    "guids of 64 KiB that differ at their ends": [
        *[(news(numbers, guid=long_guid(65536, "{n}")), new) for numbers, new in ((FIVE, []), (SIX, [6]), (SIX, []))],
        # and so does one whose page and title are known
        (news(SIX, guid=long_guid(65536, "{n}")) + news([7], guid=long_guid(65537, "{n}")), [7])],
    "a guid of 1 MiB": [(news([1]), []), (news([1]) + news([2], guid=long_guid(1 << 20, "{n}")), [2]), (news([2], guid=long_guid(1 << 20, "{n}")), [])],
    "guids with NUL and other bytes that are no text": [
        (news(FIVE, guid="a\0{n}"), []), (news(SIX, guid="a\0{n}"), [6]), (news(SIX, guid="a\0{n}") + news([7], guid="\x01\x1b[{n}\x7f"), [7]),
        (news([7], guid="\x01\x1b[{n}\x7f") + news(SIX, guid="a\0{n}"), [])],
    "guids that differ in how they are escaped": [
        (news([1], guid="https://it.example/%7Ea"), []), (news([1], guid="https://it.example/%7Ea") + news([2], guid="https://it.example/~a"), [2]),
        (news([1], guid="https://it.example/%7Ea") + news([2], guid="https://it.example/~a") + news([3], guid="https://it.example/%7ea"), [3])],
    "guids that differ in a slash and in www": [
        (news([1], guid="http://it.example/a"), []),
        (news([1], guid="http://it.example/a") + news([2], guid="http://it.example/a/") + news([3], guid="http://www.it.example/a"), [2, 3])],
    "one guid, one link, other titles": [
        (news([1, 2], guid="same", link="https://it.example/live"), []), (news([1, 2, 3], guid="same", link="https://it.example/live"), [3]),
        (news([3, 2, 1], guid="same", link="https://it.example/live"), [])],
    "advertisement and counters change at every poll": [
        (with_advertisement(FIVE, 1), []), (with_advertisement(FIVE, 2), []), (with_advertisement(SIX, 3), [6]), (with_advertisement(SIX, 4), [])],
    "guids come, go, and come": [
        (news(FIVE), []), (news(FIVE, guid=""), []), (news(SIX), [6]), (news(SIX, guid=""), []), (news(range(1, 8)), [7])],
    "the window jumps and comes back": [
        (news(range(1, 4)), []), (news(range(51, 54)), [51, 52, 53]), (news(range(101, 104)), [101, 102, 103]), (news(range(1, 4)), []),
        (news([2, 52, 102, 103, 104]), [104])],
}
ODD_EVENTS = {
    "one guid, one link, other titles": ["ids_repeated"],
    "guids come, go, and come": ["ids_changed", "ids_unstable"],
    "the window jumps and comes back": ["gap_suspected"],
}
ODD_STORED = {
    "neither guid nor link": 6, "a title and nothing else": 6, "a text and nothing else": 6, "an item without anything": 4,
    "guids of 64 KiB that differ at their ends": 7, "guids with NUL and other bytes that are no text": 7, "advertisement and counters change at every poll": 6,
}


def test_items_with_hardly_anything_to_be_told_apart_by_are_told_once(world):
    keys = run_scenarios(world, ODD, ODD_EVENTS, ODD_STORED)
    # only what is volatile has changed, so there is nothing to show
    equal(world.rows("SELECT count(*) FROM revisions AS r JOIN items AS i ON i.id = r.item_id JOIN feeds AS f ON f.id = i.feed_id WHERE f.key = ?",
                     keys["advertisement and counters change at every poll"]), [(0,)], "revisions")
    world.stop()
    world.sound()


# As feeds write them; each must be a date or none, and neither hides an item nor makes one new.
DATES = [
    "Mon, 01 Jan 0000 00:00:00 GMT", "0001-01-01T00:00:00Z", "Mon, 01 Jan 1601 00:00:00 GMT", "Wed, 31 Dec 1969 23:59:59 GMT", "1970-01-01T00:00:00Z",
    "Tue, 19 Jan 2038 03:14:08 GMT", "Sun, 07 Feb 2106 06:28:16 GMT", "9999-12-31T23:59:59Z", "1000000000000000000", "-1", "0",
    "Mon, 30 Feb 2026 10:00:00 GMT", "2026-11-20T24:00:00Z", "2026-06-30T23:59:60Z",
]
MORE_DATES = [
    "Fri, 20 Nov 2026 10:00:00 EDT", "Fri, 20 Nov 2026 10:00:00 +9999", "Fri, 20 Nov 2026 10:00:00 Mars/Olympus", "20 Nov 26 10:00", "vendredi 20 novembre 2026",
    "Friday, 20-Nov-26 10:00:00 GMT", "2026-W47-5", "1795168800000", "", "   ", "yesterday", "Fri, 20 Nov 2026 10:00:00 GMT " * 400, "2026-11-20T10:00:00+99:99",
    "Kein Datum",
]


def dated(dates, first):
    return [{**i, "date": date} for i, date in zip(news(range(first, first + len(dates))), dates)]


ONE, TWO = dated(DATES, 10), dated(MORE_DATES, 40)


def shifted(items, by):
    """The same items, whose dates go round: no date stays with its item."""
    return [{**i, "date": items[(n + by) % len(items)]["date"]} for n, i in enumerate(items)]


DATED = {
    "dates of every kind": [(news([1]), []), (ONE, list(range(10, 24))), (ONE + TWO, list(range(40, 54))), (TWO + news([2]) + ONE, [2]), (ONE, [])],
    "dates that change at every poll": [(ONE, []), (shifted(ONE, 1), []), (shifted(ONE, 5) + news([30]), [30]), (shifted(ONE, 9), [])],
    "no dates at all": [*[([{**i, "date": None} for i in news(numbers)], new) for numbers, new in ((FIVE, []), (SIX, [6]), (reversed(SIX), []))]],
    "every date is the same": [*[([{**i, "date": DATES[4]} for i in news(numbers)], new) for numbers, new in ((FIVE, []), (SIX, [6]), (SIX, []))]],
    "the newer the item, the older its date": [
        *[([{**i, "date": f"{2026 - i['n']}-01-01"} for i in [{**x, "n": n} for n, x in zip(numbers, news(numbers))]], new)
          for numbers, new in ((FIVE, []), (SIX, [6]), (range(1, 9), [7, 8]), (range(4, 10), [9]))]],
    "a date far ahead stays on top": [
        (dated(["2099-01-01T00:00:00Z"], 90) + news([1]), []), (dated(["2099-01-01T00:00:00Z"], 90) + news([2, 1]), [2]),
        (dated(["2099-01-01T00:00:00Z"], 90) + news([3, 2, 1]), [3])],
}


def test_no_date_hides_an_item_or_makes_one_new(world):
    keys = run_scenarios(world, DATED, {"dates of every kind": ["gap_suspected"]})
    # what is newest is what came last, whatever it says of its date
    shown = world.tidings_json("items", "--feed", keys["a date far ahead stays on top"])
    equal([int(re.search(r"town (\d+)", i["title"])[1]) for i in shown][0], 3, "newest")
    listed = world.tidings("items", "--feed", keys["a date far ahead stays on top"])
    equal("2099" in listed, False, f"a date that cannot be is not shown as one: {listed}")
    world.stop()
    world.sound()


def test_a_flood_is_told_in_one_and_nothing_of_it_is_lost_when_it_is_released(world):
    world.write("a.rss", rss(news(FIVE)))
    world.configure(world.feeds(["a.rss"]), world.WATCH.replace("[watch talks]\n", "[watch talks]\ncopies = yes\n"), world.hook_sink(),
                    first_poll="silent", alarm_sinks="hook", alarms="feed_flood")
    world.start()
    world.polled()
    again = news(range(100, 140), guid="cms2-{n}", link="https://new.it.example/{n}")
    for document in (again, again, again):  # it is told when it comes, not for as long as it stands there
        world.write("a.rss", rss(document))
        world.poll_all()
    [flood] = wait_for(world.notifications, "the flood is told")
    equal((flood["type"], "very many new items" in flood["title"]), ("alarm", True), flood["title"])
    equal(world.rows("SELECT count(*) FROM items"), [(45,)], "items")
    equal(len(world.tidings_json("outbox", "--state", "held", "--limit", 100)), 40, "held")
    # a restart changes nothing; what comes next is told at once
    world.stop()
    world.start()
    world.write("a.rss", rss(again + news([6])))
    world.poll_all()
    wait_for(lambda: len(world.notifications()) == 2, "the next one is told")
    world.tidings("outbox", "release", "--feed", "a", "--reason", "flood")
    wait_for(lambda: len(world.notifications()) >= 42, "what was held is told")
    wait_for(world.outbox_settled, "all are delivered")
    titles = sorted(int(re.search(r"town (\d+)", n["item"]["title"])[1]) for n in world.notifications() if n["type"] != "alarm")
    equal(titles, [6, *range(100, 140)], "each once")
    world.poll_all()
    equal((len(world.notifications()), [k for (k,) in world.rows("SELECT kind FROM events")].count("flood")), (42, 1), "notifications, events")
    world.stop()
    world.sound()


def hijacked(numbers):
    text = rss([{**i, "link": f"https://casino.example/{n}", "id": f"bet-{n}"} for n, i in zip(numbers, news(numbers, text="Bets on game {n}."))], "Casino")
    return text.replace("https://it.example/</link>", "https://casino.example/</link>")


def test_another_feed_at_the_old_address_is_told_of_once_and_what_it_says_too(world):
    world.write("a.rss", rss(news(FIVE), "News"))
    world.configure(world.feeds(["a.rss"]), world.WATCH.replace("[watch talks]\n", "[watch talks]\ncopies = yes\n"), world.hook_sink(), first_poll="silent")
    world.start()
    world.polled()
    for document, new in ((hijacked([91, 92]), [91, 92]), (hijacked([91, 92, 93]), [93]), (rss(news(SIX), "News"), [6]), (hijacked([92, 93, 94]), [94]),
                          (rss(news(SIX), "News"), [])):
        before = told(world)
        world.write("a.rss", document)
        world.poll_all()
        equal(sorted(told(world)), sorted(before + [("a", n) for n in new]), "told")
    equal([k for (k,) in world.rows("SELECT kind FROM events ORDER BY id")], ["identity_changed"], "events")
    wait_for(lambda: len(world.notifications()) == 5, "all are delivered")
    world.stop()
    world.sound()


def test_of_more_items_than_are_taken_the_newest_are_and_the_next_poll_brings_only_what_is_new(world):
    if QUICK or SANITIZED:
        raise Skip("50,000 items are many")

    def document(last):  # oldest first; all but the last ones say hardly anything
        old = "".join(f"<item><guid>{n}</guid><pubDate>2020-01-01</pubDate></item>" for n in range(50_000))
        return rss(news(range(1, last + 1), guid="new-{n}")).replace("</description>\n", "</description>\n" + old, 1)

    world.write("a.rss", document(3))
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink(), first_poll="silent")
    world.start()
    world.polled(seconds=120)
    equal(world.rows("SELECT count(*), sum(guid IN ('0', '1', '2')), sum(guid LIKE 'new-%') FROM items"), [(50_000, 0, 3)], "items")
    for last in (4, 5):
        world.write("a.rss", document(last))
        world.poll_all()
    wait_for(lambda: len(world.notifications()) == 2, "the new ones are told")
    equal(told(world), [("a", 4), ("a", 5)])
    equal([k for (k,) in world.rows("SELECT kind FROM events")], ["truncated_window"], "events")
    world.stop()
    world.sound()


run(globals())
