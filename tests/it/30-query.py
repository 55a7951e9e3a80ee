"""Queries: what stands in the configuration, what it finds as items come, and what is said about it."""
import re

from harness import *

ITEMS = [
    item(1, "Marsh signs harbour treaty", "The envoy met Una Marsh. Talks on peace went on."),
    item(2, "Harbour opens", "A football treaty."),
    item(3, "Peace talks resume", "Peace, they say; a ceasefire holds."),
    item(4, "Nothing here", "At all."),
]
LIST = (
    "[actor marsh]\nname = Una Marsh\n\n"
    "[topic treaty]\ntitle = The treaty\nquery = harbour NEAR/3 treaty NOT football\n\n"
    "[topic peace]\nquery = (peace^3 talks^2 ceasefire^3) >= 6\n\n"
    "[watch envoys]\ntopics = treaty\nseverity = high\n\n"
    "[watch marsh]\nquery = #treaty @marsh\n\t(envoy OR minister)\n\n"
)


def test_topics_and_watches_with_queries_apply_with_their_evidence(world):
    world.write("a.rss", rss(ITEMS))
    world.configure(world.feeds(["a.rss"]), LIST, world.hook_sink())
    world.start()
    wait_for(world.notifications, "a notification")
    wait_for(world.outbox_settled, "nothing is left to be told")
    world.stop()
    equal(world.told_links(), ["https://it.example/1"], "links told")
    told = world.notifications()[0]["item"]
    equal(sorted(told["watches"]), ["envoys", "marsh"], "watches")
    equal([(m["kind"], m["id"], m["label"]) for m in told["matches"]],
          [("person", "marsh", "Una Marsh"), ("watch", "watch:marsh", "marsh"), ("topic", "treaty", "The treaty")], "matches")
    by_id = {m["id"]: [(x["field"], x["text"], x["name"], x["rule"], x.get("form")) for x in m["mentions"]] for m in told["matches"]}
    equal(by_id["treaty"], [("title", "harbour", "harbour", "fold", "harbour"), ("title", "treaty", "treaty", "fold", "treaty")], "the treaty")
    equal(("summary", "envoy", "envoy", "fold", "envoy") in by_id["watch:marsh"], True, by_id["watch:marsh"])
    equal([r["link"] for r in world.tidings_json("items", "--topic", "peace")], ["https://it.example/3"], "peace")
    world.sound()


def test_mistakes_are_said_with_file_line_and_caret_and_the_list_in_force_stays(world):
    world.write("a.rss", rss(ITEMS))
    world.configure(world.feeds(["a.rss"]), LIST, world.hook_sink())
    world.start()
    wait_for(world.notifications, "a notification")
    good = world.conf.read_text()
    lines = len(good.splitlines())
    world.conf.write_text(good + "[topic wrong]\nquery = harbour NEAR treaty\n[watch worse]\nquery = (a OR b\n")
    equal("error" in world.control("reload"), True, "the answer tells the error")
    done = subprocess.run([BUILD / "tidingsd", "-c", world.conf, "--check"], capture_output=True, timeout=30 * PATIENCE)
    said = done.stderr.decode()
    equal(done.returncode, 4, "exit")
    for line in (f"{world.conf}:{lines + 2}: query: NEAR needs a number", "    harbour NEAR treaty", "            ^~~~",
                 f"{world.conf}:{lines + 4}: query: this parenthesis is not closed"):
        equal(any(s.startswith(line) for s in said.splitlines()), True, f"{line!r} in {said}")
    world.conf.write_text(good + "[topic lost]\nquery = #nowhere OR @nobody\n")
    said = subprocess.run([BUILD / "tidingsd", "-c", world.conf, "--check"], capture_output=True, timeout=30 * PATIENCE).stderr.decode()
    equal("there is no topic of this key" in said and "there is no actor of this key" in said, True, said)
    world.write("a.rss", rss([item(9, "A harbour treaty at last")] + ITEMS))
    world.poll_all()
    wait_for(lambda: "https://it.example/9" in world.told_links(), "the old list still tells")
    world.stop()


def test_the_forms_of_an_actor_are_shown(world):
    world.configure("[actor marsh]\nname = Una Marsh\nform = Madam Una\nnot-form = Marshes\nnot = Tom Marsh\n"
                    "[actor post]\nkind = org\nname = Harbour Post Ltd\n[topic t]\nquery = tide\n")
    listed = world.tidings_json("actor", "list")
    equal([(a["id"], a["kind"], a["names"]) for a in listed], [("marsh", "person", 1), ("post", "org", 1)], "actors")
    marsh = world.tidings_json("actor", "show", "marsh", "--forms", "--lang", "pl")[0]
    forms = {(f["rule"], f["text"], f["name"]) for f in marsh["forms"]}
    equal(marsh["family"], "capitalised", "family")
    equal(forms, {("fold", "una marsh", "Una Marsh"), ("order", "marsh una", "Una Marsh"), ("family", "marsh", "Una Marsh"),
                  ("pinned", "madam una", "Madam Una"), ("excluded", "marshes", "Marshes"), ("not", "tom marsh", "Tom Marsh")}, "forms")
    stem = [s for s in marsh["stems"] if s["word"] == "marsh" and s["declension"] == "consonant"][0]
    equal("owi" in stem["endings"].split(), True, "endings")
    sounds = {s["sounds"] for s in world.tidings_json("actor", "show", "marsh", "--forms")[0]["stems"]}
    equal(sounds >= {"una", "marsh"}, True, f"the sounds by which other spellings and scripts are found: {sounds}")
    for lang, ending in (("ru", "ом"), ("uk", "а"), ("el", "σ"), ("sr", "om")):
        stems = world.tidings_json("actor", "show", "marsh", "--lang", lang)[0]["stems"]
        equal(any(ending in s["endings"].split() for s in stems), True, f"endings that the name takes in {lang}, in its letters: {stems}")
    equal(("fold", "harbour post") in {(f["rule"], f["text"]) for f in world.tidings_json("actor", "show", "post", "--forms")[0]["forms"]}, True, "core")
    equal("harbour_post" in world.tidings("actor", "show", "post", "--forms"), True, "the table")
    world.tidings("actor", "show", "t", code=1)
    world.tidings("actor", "show", code=2)
    world.tidings("actor", "list", "--forms", code=2)


# Every operator, on items in several languages: what a standing topic finds, a search must find.
QUERIES = [
    "harbour treaty", "harbour NEAR/3 treaty NOT football", "treaty OR peace", '"peace talks"', "(peace^3 talks^2 ceasefire^3) >= 6",
    "~talk", "=Harbour", "==peace", "ceas*", "title:peace", "summary:peace AND lang:en", "feed:a", "source:post", "@marsh", "#treaty OR @marsh",
    "/sign[a-z]+/", "peace SENTENCE ceasefire", "FIRST/2 harbour", "ATLEAST/3 peace", "łódź", "停火", "переговор*", "link:example 1", "nothing AND here",
    "@clinton", "@clinton AND lang:en", "@clinton ONEAR/3 กล่าว", "@jones", "ג'ונס", "\"ג׳ונס אמר\"",
]
MORE = [
    item(5, "Rozmowy w Łodzi", "Łódź i port."), item(6, "宣布停火", "双方宣布停火协议。"), item(7, "Переговоры о мире", "В порту прошли переговоры."),
    item(8, "Peace, peace and peace", "The talk was of m² and peace"),
    item(9, "ประธานาธิบดีบิล คลินตันกล่าวว่า"), item(10, "总统比尔·克林顿表示", "Clinton said so."), item(11, "מייקל ג'ונס אמר", "ג’ונס"),
]
ELSEWHERE = "[actor clinton]\nname = Bill Clinton\n[actor jones]\nname = Michael Jones\n"



def test_a_search_finds_what_a_standing_query_finds(world):
    world.write("a.rss", rss(ITEMS + MORE, "The Harbour Post"))
    topics = "".join(f"[topic q{n}]\nquery = {q}\n" for n, q in enumerate(QUERIES))
    world.configure(world.feeds(["a.rss"], language="en"), LIST, ELSEWHERE, topics)
    world.start()
    world.polled()
    wait_for(lambda: world.rows("SELECT count(*) FROM items") == [(len(ITEMS + MORE),)], "all items")
    empty = 0
    for n, query in enumerate(QUERIES):
        standing = [(r["id"], [m["mentions"] for m in r["matches"] if m["id"] == f"q{n}"][0])
                    for r in world.tidings_json("items", "--topic", f"q{n}", code=None)]
        asked = [(r["id"], [m["mentions"] for m in r["matches"] if m["id"] == "query"][0]) for r in world.tidings_json("search", query, code=None)]
        equal(asked, standing, f"{query}: what is found, and where")
        empty += not standing
    equal(empty <= 3, True, "queries that find nothing")
    world.stop()


def test_search_tells_a_mistake_and_needs_a_configuration_for_actors(world):
    world.write("a.rss", rss(ITEMS))
    world.configure(world.feeds(["a.rss"]), LIST)
    world.start()
    world.polled()
    world.stop()
    done = subprocess.run([BUILD / "tidings", "-c", world.conf, "search", "a NEAR b"], capture_output=True, timeout=30 * PATIENCE)
    equal((done.returncode, done.stderr.decode().splitlines()[1:]), (2, ["    a NEAR b", "      ^~~~"]), "the caret")
    done = subprocess.run([BUILD / "tidings", "match", "--query", "a NEAR b"], stdin=subprocess.DEVNULL, capture_output=True, timeout=30 * PATIENCE)
    equal((done.returncode, done.stderr.decode().splitlines()[1:]), (2, ["    a NEAR b", "      ^~~~"]), "the caret of match")
    done = subprocess.run([BUILD / "tidings", "-d", world.store, "search", "@marsh"], capture_output=True, timeout=30 * PATIENCE)
    equal(done.returncode, 4, "exit without a configuration")
    for command in ("search", "test"):
        done = subprocess.run([BUILD / "tidings", "-c", world.conf, command, "treaty feed:aa"], capture_output=True, timeout=30 * PATIENCE)
        equal((done.returncode, done.stderr.decode()), (1, "tidings: query: warning: no feed has the key or tag “aa”; did you mean “a”?\n"), command)
        done = subprocess.run([BUILD / "tidings", "-c", world.conf, command, "treaty feed:a"], capture_output=True, timeout=30 * PATIENCE)
        equal((done.returncode, done.stderr.decode()), (0, ""), command)
    for option, word, hint in (("actor", "mrash", "; did you mean “marsh”?"), ("topic", "traety", "; did you mean “treaty”?"), ("watch", "nobody", ""), ("feed", "aa", "; did you mean “a”?")):
        for command in (("items",), ("search", "treaty")):
            done = subprocess.run([BUILD / "tidings", "-c", world.conf, *command, f"--{option}", word], capture_output=True, timeout=30 * PATIENCE)
            equal((done.returncode, done.stderr.decode()), (1, f"tidings: warning: the configuration has no {option} “{word}”{hint}\n"), command)
    done = subprocess.run([BUILD / "tidings", "-c", world.conf, "items", "--topic", "peace", "--since", "2100-01-01"], capture_output=True, timeout=30 * PATIENCE)
    equal(b"configuration has no" in done.stderr, False, "what there is is not doubted")
    equal([r["link"] for r in world.tidings_json("search", "treaty", "--limit", "1")], ["https://it.example/2"], "the newest")
    world.tidings("search", "unheard-of", code=1)


def test_a_query_is_tried_on_what_is_stored(world):
    world.write("a.rss", rss(ITEMS))
    world.write("b.rss", rss([item(11, "Peace talks begin")]))
    world.configure(world.feeds(["a.rss", "b.rss"]), LIST)
    world.start()
    world.polled()
    world.stop()
    got = world.tidings_json("test", '"peace talks" OR treaty', "--examples", "2")[0]
    equal(got["found"], 4, "found")
    equal(sum(d["found"] for d in got["days"]), 4, "by day")
    equal(got["feeds"], [{"feed": "a", "found": 3}, {"feed": "b", "found": 1}], "by feed")
    equal(len(got["examples"]), 2, "examples")
    out = world.tidings("test", "treaty")
    equal(bool(re.fullmatch("2 items in (1 day: 2|2 days: 1).0 a day", out.splitlines()[0])), True, f"of days before the first item nothing is known: {out}")
    with contextlib.closing(sqlite3.connect(world.store)) as db:
        db.execute("UPDATE items SET first_seen_at = first_seen_at - 20 * 86400000 WHERE id = (SELECT min(id) FROM items WHERE title LIKE '%treaty%')")
        db.commit()
    equal(world.tidings("test", "treaty").splitlines()[0], "2 items in 21 days: 0.10 a day")
    equal(world.tidings("test", "treaty", "--until", "10d").splitlines()[0], "1 item in 11 days: 0.09 a day", "days that were not asked for do not count")
    equal(len(world.tidings_json("test", "treaty", "--until", "25d", code=1)[0]["days"]), 1, "days before the first item")
    equal("█" in out and "[treaty]" in out, True, out)
    equal(world.tidings_json("test", "--watch", "marsh")[0]["found"], 1, "the watch")
    world.tidings("test", "unheard-of", code=1)
    world.tidings("test", "--watch", "nobody", code=1)
    with contextlib.closing(sqlite3.connect(world.store)) as db:
        db.execute("UPDATE items SET first_seen_at = first_seen_at - 20 * 86400000 WHERE id = (SELECT min(id) FROM items WHERE title LIKE '%treaty%')")
        db.commit()
    equal([world.tidings_json("test", "treaty", *since)[0]["found"] for since in ((), ("--since", "35d"), ("--since", "45d"))], [1, 1, 2],
          "of the last 30 days, or as said")


def test_a_regular_expression_that_is_given_up_is_told(world):
    slow = "/(a|aa)+$/"
    world.write("a.rss", rss([item(1, "Harbour talk", "a" * 20000 + "! the end"), item(2, "Harbour again", "a" * 20000 + "? harbour")]))
    world.configure(world.feeds(["a.rss"]), f"[topic slow]\nquery = harbour {slow}\n[watch w]\ntopics = slow\n"
                    f"[watch own]\nquery = again {slow} OR unheard\n")
    world.start()
    world.polled()
    wait_for(lambda: world.rows("SELECT count(*) FROM items") == [(2,)], "two items")
    world.poll_all()
    world.polled(2)
    events = [e for e in world.tidings_json("events") if e["kind"] == "regex_limit"]
    lines = world.conf.read_text().splitlines()
    at = {name: lines.index(f"query = {text}") + 1 for name, text in (("topic slow", f"harbour {slow}"), ("watch own", f"again {slow} OR unheard"))}
    equal(sorted((e["feed"], e["text"].split("; item ")[0]) for e in events),
          sorted(("a", f"{world.conf}:{line}: {name}: the regular expression {slow} met its limit of 1000 ways kept to go back to "
                  "in the summary; what it finds behind is not known") for name, line in at.items()), "each expression once")
    equal("regex_limit" in world.tidings("events"), True, "the table")
    world.stop()
    world.start()
    world.write("a.rss", rss([item(3, "Harbour again", "a" * 20000 + "! again")]))
    world.poll_all()
    wait_for(lambda: world.rows("SELECT count(*) FROM items") == [(3,)], "the third item")
    equal(len([e for e in world.tidings_json("events") if e["kind"] == "regex_limit"]), 2, "told today, and remembered by the next daemon")
    world.stop()

    def warnings(*arguments):
        done = subprocess.run([BUILD / "tidings", "-c", world.conf, *arguments], capture_output=True, timeout=60 * PATIENCE)
        equal(done.returncode, 1, arguments)
        return [line for line in done.stderr.decode().splitlines() if line.startswith("tidings: warning: regex_limit: ")]
    for arguments in (("search", f"harbour {slow}"), ("test", f"harbour {slow}")):
        told = warnings(*arguments)
        equal(len(told), 1, told)
        equal(f"the regular expression {slow} met its limit of" in told[0] and told[0].endswith("(in 3 items)"), True, told)
    equal([w.split(": ")[4:6] for w in warnings("test", "--watch", "w")], [["topic slow", f"the regular expression {slow} met its limit of "
          "1000 ways kept to go back to in the summary; what it finds behind is not known (in 3 items)"]], "of the watch")
    equal(len(warnings("test", "--watch", "own")), 1, "of the other")
    equal(warnings("search", "unheard"), [], "of no other query")
    lines = "".join(json.dumps({"id": n, "title": "harbour", "content": "a" * 20000 + "!"}) + "\n" for n in range(3))
    done = subprocess.run([BUILD / "tidings", "match", "--query", f"harbour {slow}"], input=lines.encode(), capture_output=True, timeout=60 * PATIENCE)
    equal((done.returncode, [json.loads(line)["query"] for line in done.stdout.splitlines()]), (0, [None] * 3), "what match finds")
    equal(done.stderr.decode().splitlines(), [f"tidings: warning: regex_limit: the regular expression {slow} met its limit of "
          "1000 ways kept to go back to in the content; what it finds behind is not known (in 3 items)"], "its warning")
    ids = {r["link"][-1]: r["id"] for r in world.tidings_json("items")}
    for watch in ("w", "own"):
        out = world.tidings("explain", ids["2"], "--why-not", watch)
        equal(f"- {slow}: stands nowhere; given up in summary at its limit of 1000 ways kept to go back to" in out, True, out)


def test_many_expressions_without_end_cost_no_document_its_items(world):
    if SANITIZED:
        raise Skip("steps take several times as long")
    many = "".join(f"[topic t{n}]\nquery = /a.*a.*a.*a[yz]+[{n % 10}0-9]/\n" for n in range(50))
    world.write("a.rss", rss([item(n, f"Zelensky {n}", "a" * 20000 + "!") for n in range(25)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, many, workers=1)
    world.start()
    world.polled(seconds=60)
    equal([f["error"] for f in world.tidings_json("feeds")], [None], "errors")
    equal(world.rows("SELECT count(*) FROM items WHERE matched"), [(25,)], "names are found all the same")
    events = [e["text"] for e in world.tidings_json("events") if e["kind"] == "regex_limit"]
    equal(all(e.startswith(f"{world.conf}:") for e in events) and len(events) > 0, True, f"the first of them are told: {events}")
    world.stop()


ENDLESS = "a.*a.*a.*a[yz]+"
LAG_MAX_MS = 2500  # a document's steps take less than a second; what each of these tests would take without a ceiling, many


def test_expressions_without_end_do_not_stop_the_loop_where_there_are_no_workers(world):
    if SANITIZED:
        raise Skip("steps take several times as long")
    world.write("a.rss", rss([item(n, f"Zelensky {n}", "a" * 5000 + "!") for n in range(900)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, f"[topic endless]\nquery = /{ENDLESS}/\n", workers=0)
    world.start()
    world.polled(seconds=60)
    status = world.control("status")
    equal(status["loop_lag_max_ms"] < LAG_MAX_MS * PATIENCE, True, f"the loop: {status['loop_lag_max_ms']} ms")
    equal(world.rows("SELECT count(*) FROM items WHERE matched"), [(900,)], "names are found all the same")
    events = [e["text"].split(" met its limit of ")[1].split(" steps ")[0] for e in world.tidings_json("events") if e["kind"] == "regex_limit"]
    equal(sorted(events), ["1000000", "200000000"], "what it did, and that items were not looked at")
    world.stop()


def test_expressions_without_end_do_not_stop_the_loop_when_stored_items_are_matched_again(world):
    if SANITIZED:
        raise Skip("steps take several times as long")
    world.write("a.rss", rss([item(n, f"Zelensky {n}", "a" * 5000 + "!") for n in range(16)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH)
    world.start()
    world.polled()
    many = "".join(f"[topic t{n}]\nquery = /{ENDLESS}[{n % 10}0-9]/\n" for n in range(150))
    world.configure(world.feeds(["a.rss"]), world.WATCH, many)
    equal("error" in world.control("reload"), False, "reloaded")
    wait_for(lambda: not world.control("status")["rematching"], "all are matched again", 60)
    status = world.control("status")
    equal((status["rematched"], status["loop_lag_max_ms"] < LAG_MAX_MS * PATIENCE), (16, True), f"the loop: {status['loop_lag_max_ms']} ms")
    world.stop()


def test_an_item_is_explained_and_so_is_what_a_watch_misses(world):
    world.write("a.rss", rss(ITEMS))
    world.configure(world.feeds(["a.rss"]), LIST)
    world.start()
    world.polled()
    world.stop()
    ids = {r["link"][-1]: r["id"] for r in world.tidings_json("items")}
    out = world.tidings("explain", ids["1"])
    for part in ("topic treaty, The treaty", "title 20-26  treaty  by fold of treaty", "Marsh signs harbour [treaty]", "title 0-5  Marsh  by family of Una Marsh, as marsh", "the present one", "watches: envoys, marsh"):
        equal(part in out, True, f"{part!r} in {out}")
    out = world.tidings("explain", ids["2"], "--why-not", "marsh")
    for part in ("watch marsh, require = any: does not apply", "- #treaty", "- @marsh: is not mentioned", "- NOT football: it stands there",
                 "- harbour NEAR/3 treaty: the", "- envoy: stands nowhere"):
        equal(part in out, True, f"{part!r} in {out}")
    shown = world.tidings_json("explain", ids["1"])[0]
    equal((shown["id"], f"version {shown['watchlist']} of the watchlist" in out), (ids["1"], True), "the version, in JSON, too")
    missed = world.tidings_json("explain", ids["2"], "--why-not", "marsh")[0]
    equal((missed["item"]["id"], missed["watch"], missed["applies"]), (ids["2"], "marsh", False), "the same in JSON")
    equal(missed["parts"], out.split("does not apply\n", 1)[1].splitlines(), "what is missing, in JSON")
    world.conf.write_text(world.conf.read_text() + "[topic more]\nphrase = more\n")
    equal("it has changed since" in world.tidings("explain", ids["1"]), True, "the version")
    world.tidings("explain", "999", code=1)
    equal("\n  watch marsh\n" in world.tidings("explain", ids["1"]), True, "a watch by its key")
    done = subprocess.run([BUILD / "tidings", "-c", world.conf, "explain", str(ids["1"]), "--why-not", "treaty"], capture_output=True, timeout=30 * PATIENCE)
    equal((done.returncode, done.stdout, "there is no watch “treaty”" in done.stderr.decode()), (1, b"", True), "a topic is no watch")


def test_a_query_of_another_service_is_read_from_a_file_or_refused_at_its_line(world):
    def imported(how, data):
        file = world.dir / "theirs.txt"
        file.write_bytes(data)
        done = subprocess.run([BUILD / "tidings", "import-query", "--format", how, file], capture_output=True, timeout=30 * PATIENCE)
        return done.returncode, done.stdout.decode(), done.stderr.decode().replace(str(file), "F")
    emm = "\ufeff// about peace\r\ndefine alert Peace\r\nwords threshold 20\r\n# weights\r\ndefine patterns\r\npeace+talks 10, ceasefire% 10\r\nend patterns\r\nend alert\r\n"
    equal(imported("emm", emm.encode()), (0, '[topic peace]\nquery = ("peace talks"^10 ceasefire*^10) >= 20\n\n', ""), "a mark, comments, CRLF")
    for how, data, message in (
        ("emm", b"define alert A\n\ndefine patterns\nx\nend patterns\nend alert\n",
         "tidings: F: alert A: line 5: a number is wanted, not “end”\n    end patterns\n    ^~~\n"),
        ("factiva", b"(port or quay)\r\nand rst=tdn\r\n", "tidings: F: line 2: there is nothing here that corresponds to “rst=tdn”\n    and rst=tdn\n        ^~~~~~~\n"),
        ("meltwater", "port AND\nqué".encode("latin-1"), "tidings: F: line 2: this is not UTF-8; save the file as UTF-8: “"),
        ("brandwatch", b"port OR (quay\n", "tidings: F: line 1: a parenthesis is not closed"),
        ("brandwatch", b"port NEAR/5 \"quay\n", "tidings: F: line 1: this is not closed"),
    ):
        code, out, said = imported(how, data)
        equal((code, out, message in said), (2, "", True), (how, said))


run(globals())
