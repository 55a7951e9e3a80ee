"""One query, one answer: what a standing topic or watch finds as items come, a search finds in what is stored, and so do
`tidings test` and `tidings match`: the same items, and the same places."""
import concurrent.futures
import random

from harness import *

SEED = 20261127
RANDOM_QUERIES = {"quick": 6, "long": 300}.get(os.environ.get("TIDINGS_TESTS"), 26)
WATCHES_TRIED = 4
FILLER = ("On Monday morning the small town was quiet, and those who had left before dawn were nowhere to be seen when visitors "
          "arrived to speak with the mayor about the new pier and its cost. ")
WORDS = ["peace", "Peace", "talks", "talk", "talking", "treaty", "treaties", "harbour", "Harbour", "the", "of", "NATO", "nato",
         "sanction", "sanctions", "sanctioned", "мир", "миру", "переговоры", "переговорах", "停", "火", "한국의", "한국", "café", "cafe",
         "peace treaty", "Ivo Brand", "Una Marsh", "Brand", "Ива Брандт", "2024", "envoy", "minister", "łódź", "Łodzi", "C++", "C", "AT&T", "50%"]
NAMES = ("[actor ivo]\nname = Ivo Brand\n\n[actor una]\nname = Una Marsh\n\n[actor crew]\nkind = group\nmembers = ivo una\n\n"
         "[topic plan]\nphrase = peace treaty\n\n[topic near]\nquery = treat* NEAR/5 (the OR @ivo)\n\n"
         "[topic mixed]\nphrase = the envoy\nquery = #near OR (talks AND NOT harbour) OR lang:ru\n\n")
# Every operator and every field of tidings-query(7).
QUERIES = [
    "harbour treaty", "harbour AND treaty", "treaty OR peace", "peace NOT football", '"peace talks"', "“the envoy”", "sanction*", "tal?s",
    "~talk", '~"peace talk"', "=Harbour", '="Peace talks"', "==café", "/sanction[a-z]+/", "/PEACE/i", "/20[0-9]{2}$/", "@ivo", "@crew", "#plan",
    "#near", "#mixed NOT @una", "title:peace", "summary:(peace OR talks)", "content:harbour", "article:treaty", "author:brand", "category:(envoy OR minister OR talks)",
    "link:special", "title:@una", "summary:#plan", "content:/trea.{1,3}/", "lang:ru", "lang:en peace", "feed:a", "feed:wires treaty", "feed:b*", "source:127.0.0.1 treaty", "source:0.0.2",
    "source:daily", "harbour NEAR/3 treaty", "treaty ONEAR/4 harbour", "treaty WITHIN/6 peace WITHIN/6 (the OR of)", "peace SENTENCE ceasefire", "@ivo SENTENCE treaty", "peace PARAGRAPH treaty",
    "(peace NEAR/6 talks) NEAR/9 treaty", "ATLEAST/2 peace", "ATLEAST/3 (peace OR talks)", "FIRST/4 harbour", "FIRST/9 (peace treaty)",
    "(peace^3 talks^2 treaty^-2 @ivo^4) >= 5", "(peace^2 #plan^2 (harbour NEAR/4 treaty)^3) >= 4", "停火", "한국", "łódź", "миру", "nothing AND here",
    "(a OR peace) (b OR treaty) NOT (harbour OR @una)", "title:(peace NEAR/5 talks) OR author:marsh",
]


class Grower:
    """Random queries that are right."""

    def __init__(self, rng):
        self.rng = rng

    def term(self):
        r = self.rng
        kind = r.randrange(9)
        if kind == 0:
            return r.choice(["sanction*", "pea*", "tal?s", "trea*s", "мир*", '"the trea*"', "한국"])
        if kind < 3:
            return r.choice(["@ivo", "@una", "@crew", "#plan", "#near", "#mixed", "/trea.{1,3}/", "/[0-9]+/", "/PEACE/i", "停火"])
        sign = r.choice(["", "", "", "", "~", "~", "=", "=="])
        words = [r.choice(WORDS)] + ([r.choice(WORDS)] if kind < 5 else [])
        return f'{sign}"{" ".join(words)}"'

    def grow(self, depth=0, placed=False, fielded=False):
        r = self.rng
        kind = 0 if depth > 3 else r.randrange(7 if placed else 15)
        if kind < 3:
            return self.term()
        if kind == 3 and not fielded:
            return r.choice(["title", "summary", "content", "article", "author", "category"]) + ":(" + self.grow(depth + 1, placed, True) + ")"
        if kind < 6:
            pair = r.choice(["NEAR/1", "NEAR/3", "ONEAR/2", "SENTENCE", "PARAGRAPH", "NEAR/20", "WITHIN/4"])
            return f"({self.grow(depth + 1, True, fielded)} {pair} {self.grow(depth + 1, True, fielded)})"
        if kind < 9:
            return f"({self.grow(depth + 1, placed, fielded)} OR {self.grow(depth + 1, placed, fielded)})"
        if kind < 11:
            return f"({self.grow(depth + 1, False, fielded)} {r.choice(['AND', 'AND', 'NOT'])} {self.grow(depth + 1, False, fielded)})"
        if kind == 11:
            return f"(ATLEAST/{r.randrange(1, 4)} {self.grow(depth + 1, True, fielded)})"
        if kind == 12:
            return f"(FIRST/{r.randrange(1, 13)} {self.grow(depth + 1, False, True)})"
        if kind == 13 and not fielded:
            return f"({self.grow(depth + 1, False, fielded)} {r.choice(['lang:en', 'lang:ru', 'feed:a*', 'feed:wires', 'source:daily'])})"
        parts = [f"{self.grow(depth + 1, False, fielded)}^{w}" for w in (r.randrange(1, 4), r.randrange(1, 4), -1)]
        return f"(({' '.join(parts)}) >= 2)"


def text(rng, most):
    out = [rng.choice(WORDS) for _ in range(rng.randrange(most + 1))]
    return "".join(w + (rng.choice([" ", " ", " ", " ", ", ", ". ", "! ", "-", " — "]) if i + 1 < len(out) else "") for i, w in enumerate(out))


def entry(world, rng, number):
    """An item with every field; some of their pages have more of it."""
    paragraphs = "".join(f"<p>{text(rng, 25)}</p>" for _ in range(3))
    link = world.url(f"{rng.choice(['plain', 'special'])}/page{number}.html")
    fields = {"title": text(rng, 8), "guid": f"tag:it.example,2026:{number}", "link": link, "description": text(rng, 20),
              "content:encoded": paragraphs if rng.random() < 0.6 else "", "dc:creator": text(rng, 3), "category": text(rng, 3),
              "dc:language": rng.choice(["en", "ru", "en-US", "pl", ""])}
    return "<item>" + "".join(f"<{k}>{html.escape(v)}</{k}>" for k, v in fields.items() if v) + "</item>\n"


def document(world, rng, numbers, title):
    return ('<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>' + title + "</title><link>https://it.example/</link>"
            "<description>Invented.</description>\n" + "".join(entry(world, rng, n) for n in numbers) + "</channel></rss>\n")


def places(match):
    return sorted((m["field"], m["start"], m["end"]) for m in match["mentions"])


def compared(name, want, got):
    if want != got:
        extra = {k: v for k, v in got.items() if want.get(k) != v}
        missing = {k: v for k, v in want.items() if got.get(k) != v}
        raise AssertionError(f"{name}: the daemon says {missing}, and it {extra}")


def test_daemon_search_test_and_match_give_the_same(world):
    rng = random.Random(SEED)
    grower = Grower(random.Random(SEED + 1))  # however many queries there are, the items are the same
    queries = QUERIES + [grower.grow() for _ in range(RANDOM_QUERIES)]
    world.write("robots.txt", "User-agent: *\nAllow: /\n")
    world.write("a.rss", document(world, rng, range(40), "The Daily Brand"))
    world.write("b.rss", document(world, rng, range(40, 60), "Another paper"))
    for number in range(40, 60):
        body = "".join(f"<p>{text(rng, 30)} {FILLER}</p>" for _ in range(3))
        for place in ("plain", "special"):
            world.write(f"{place}/page{number}.html", f"<!DOCTYPE html><html><head><title>Page</title></head><body><h1>Report</h1>{body}</body></html>")
    parts = world.feeds(["a.rss"], language="en", tags="wires paper"), world.feeds(["b.rss"], article="yes"), NAMES
    watches = [f"[watch w{n}]\nquery = {q}\n" for n, q in enumerate(queries)]
    world.configure(*parts, *watches, *(f"[topic q{n}]\nquery = {q}\n" for n, q in enumerate(queries)), workers=1)
    world.start()
    world.polled(seconds=60)
    wait_for(lambda: world.alive() and world.rows("SELECT count(*) FROM items") == [(60,)], "sixty items")
    wait_for(lambda: world.alive() and world.rows("SELECT count(*) FROM articles WHERE state = 2 AND error IS NULL") == [(20,)], "their pages", 60)
    world.stop()
    world.configure(*parts, *watches[:WATCHES_TRIED])

    items = world.tidings_json("items", "--limit", "1000")
    by_topic = {n: {} for n in range(len(queries))}
    by_watch = {n: set() for n in range(len(queries))}
    for r in items:
        for m in r["matches"]:
            if m["kind"] == "topic" and m["id"][0] == "q":
                by_topic[int(m["id"][1:])][r["id"]] = places(m)
        for w in r["watches"]:
            by_watch[int(w[1:])].add(r["id"])
    lines = "".join(json.dumps({
        "id": r["id"], "lang": r["language"], "title": r["title"], "summary": r["summary"], "content": r["content"], "article": r["article"],
        "author": r["authors"], "category": r["categories"], "link": r["link"], "feed": r["feed"]["key"], "source": r["feed"]["title"],
        "tags": "wires paper" if r["feed"]["key"] == "a" else ""}) + "\n" for r in world.tidings_json("show", *[r["id"] for r in items]))
    without_page = {r["id"] for r in items if r["feed"]["key"] == "a"}
    (world.dir / "names.tsv").write_text("id\tkind\tlang\tname\nivo\tperson\tund\tIvo Brand\nuna\tperson\tund\tUna Marsh\n")

    def ask(n):
        query, want = queries[n], by_topic[n]
        # an item stays with the watches under which it fell before its page was read
        equal(by_watch[n] >= set(want) and not by_watch[n] - set(want) & without_page, True, f"{query}: the watch: {by_watch[n]}, want {set(want)}")
        found = world.tidings_json("search", "--limit", "1000", query, code=None)
        compared(f"{query}: search", want, {r["id"]: places([m for m in r["matches"] if m["id"] == "query"][0]) for r in found})
        if n % 2 == 0:  # each start of a program takes its time
            found = world.tidings_json("test", "--examples", "1000", query, code=None)[0]
            compared(f"{query}: test", want, {r["id"]: places([m for m in r["matches"] if m["id"] == "query"][0]) for r in found["examples"]})
            equal(found["found"], len(want), f"{query}: the count")
        if n < WATCHES_TRIED:
            found = world.tidings_json("test", "--examples", "1000", "--watch", f"w{n}", code=None)[0]
            equal({r["id"] for r in found["examples"]}, set(want), f"{query}: test --watch")
        if n % 2 == 1 and "#" not in query and "@crew" not in query:
            found = world.tidings_json("match", "--watchlist", world.dir / "names.tsv", "--query", query, stdin=lines.encode())
            compared(f"{query}: match", want, {r["id"]: places(r["query"]) for r in found if r["query"]})
        return len(want)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(ask, range(len(queries))))
    equal(sum(c == 0 for c in counts) <= len(counts) / 4 and sum(0 < c < 60 for c in counts) >= len(counts) / 2, True, f"queries that say something: {counts}")
    equal(all(counts[n] > 0 for n, q in enumerate(QUERIES) if q.startswith(("article:", "author:", "category:", "content:harbour", "link:", "@", "#"))), True,
          f"every field is found in: {counts}")
    world.sound()


run(globals())
