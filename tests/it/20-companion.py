#!/usr/bin/env python3
"""The companion over a database of invented items (tests/tools/fillstore), one of them hostile."""

import json
import os
import pty
import select
import signal
import socket
import subprocess
import tempfile
import threading
import time

from harness import BUILD, PATIENCE, equal, run, wait_for

TIDINGS = BUILD / "tidings"
FILL = BUILD / "tests/tools/fillstore"
ENV = {**os.environ, "TZ": "UTC"}
ENV.pop("NO_COLOR", None)


class Place:
    """A directory with a filled database."""

    def __init__(self):
        self.dir = tempfile.TemporaryDirectory()
        self.path = f"{self.dir.name}/tidings.db"
        subprocess.run([FILL, self.path], check=True)

    def add(self, number):
        subprocess.run([FILL, self.path, str(number)], check=True)

    def tidings(self, *args, code=0, **env):
        done = subprocess.run([TIDINGS, "-d", self.path, *args], capture_output=True, env={**ENV, **env}, timeout=60 * PATIENCE)
        equal(done.returncode, code, f"exit status of {args}; it said {done.stderr!r}")
        return done.stdout.decode()

    def json(self, *args, **more):
        return [json.loads(line) for line in self.tidings("--json", *args, **more).splitlines()]


def harmless(text):
    """No control character but line ends, no bidi override."""
    bad = [c for c in text if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 or c in "\u202e\u2028\u200b"]
    equal(bad, [], "control characters in the output")


def on_terminal(place, *args, columns=80, **env):
    """Runs it with a terminal as its standard output."""
    leader, follower = pty.openpty()
    import fcntl
    import struct
    import termios
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen([TIDINGS, "-d", place.path, *args], stdout=follower, env={**ENV, **env})
    os.close(follower)
    got = b""
    while True:
        try:
            more = os.read(leader, 65536)
        except OSError:
            break
        if not more:
            break
        got += more
    os.close(leader)
    equal(child.wait(timeout=60 * PATIENCE), 0, "exit status")
    return got.decode().replace("\r\n", "\n")


def test_items_are_listed_newest_first_in_words_that_can_be_split():
    place = Place()
    lines = place.tidings("items").splitlines()
    equal([line.split()[0] for line in lines], ["4", "3", "2", "1"])
    equal(lines[3].split(maxsplit=5), ["1", "2026-11-20T14:35:00Z", "high", "wire", "zelenskiy,grain", "Zelenskiy meets envoys in Geneva"])
    equal(lines[2].split(maxsplit=5), ["2", "2026-11-21T14:35:00Z", "-", "wire", "-", "Rowers finish a crossing"])
    equal(place.tidings("items", "--oldest-first").splitlines()[0].split()[0], "1")


def test_each_filter_narrows():
    place = Place()
    ids = lambda *args, **more: [item["id"] for item in place.json(*args, **more)]
    equal(ids("items", "--actor", "putin"), [3])
    equal(ids("items", "-a", "zelenskiy", "-t", "grain"), [1])
    equal(ids("items", "--watch", "talks", "--limit", "2"), [4, 3])
    equal(ids("items", "--feed", "wire", "--matched"), [4, 3, 1])
    equal(ids("items", "--since", "2026-11-22", "--until", "2026-11-23"), [3])
    equal(ids("search", "GRAIN", "deal"), [1])
    equal(ids("search", "переговоры"), [3])
    equal(ids("search", "rowers", "--feed", "broken", code=1), [])
    equal(ids("items", "--actor", "nobody", code=1), [])


def test_a_search_answers_or_shows_the_mistake_whatever_is_asked():
    place = Place()
    for words in ('"', "*", "c++", "foo-bar", "NOT", "a AND", "title:x", "NEAR(", "' OR 1=1 --", "\x00"[:0] + "^", "{", "\xff"):
        done = subprocess.run([TIDINGS, "-d", place.path, "search", "--", words], capture_output=True, env=ENV)
        equal(done.returncode in (0, 1, 2), True, f"{words!r}: {done.returncode} {done.stderr!r}")
        equal(b"^" in done.stderr, done.returncode == 2, f"{words!r}: a caret: {done.stderr!r}")
    for words in ("c++", "foo-bar", "title:x"):
        equal(subprocess.run([TIDINGS, "-d", place.path, "search", "--", words], capture_output=True, env=ENV).returncode in (0, 1), True, words)


def test_show_tells_everything_and_json_has_the_documented_fields():
    place = Place()
    text = place.tidings("show", "1")
    for part in ("[Zelenskiy] meets envoys", "https://news.example/1", "Volodymyr Zelenskiy: “Zelenskiy” in title (exact)",
                 "grain: “grain deal” in summary (exact)", "talks (high)", "They spoke about the grain deal for two hours."):
        equal(part in text, True, f"{part!r} in {text!r}")
    one = place.json("show", "1")[0]
    for key in ("schema", "id", "feed", "first_seen", "published", "updated", "changed", "severity", "sources", "watches", "watchlist", "matches",
                "title", "link", "guid", "language", "authors", "categories", "summary", "content", "summary_html", "content_html"):
        equal(key in one, True, key)
    for match in one["matches"]:
        for mention in match["mentions"]:
            equal(one[mention["field"]].encode()[mention["start"]:mention["end"]].decode(), mention["text"])
    equal(place.tidings("show", "99", code=1), "")


def test_hostile_text_reaches_no_terminal():
    place = Place()
    for args in (["items"], ["show", "4"], ["feeds"], ["search", "evil"]):
        harmless(place.tidings(*args))
        shown = on_terminal(place, *args, NO_COLOR="1")
        harmless(shown)
        equal("owned" in shown or "evil" in shown or args == ["feeds"], True, shown)
    done = subprocess.run([TIDINGS, "-d", "/nonexistent/\x1b[2J\x9b31m", "items"], capture_output=True, env=ENV)
    equal(done.returncode, 5)
    harmless(done.stderr.decode())


def test_a_terminal_gets_colour_and_no_line_wider_than_itself():
    place = Place()
    equal("\x1b[" in on_terminal(place, "items"), True, "colour")
    equal("\x1b[" in on_terminal(place, "items", NO_COLOR="1"), False, "colour in spite of NO_COLOR")
    equal("\x1b[" in on_terminal(place, "--color=never", "items"), False, "colour in spite of --color=never")
    equal("\x1b[" in place.tidings("items", "--color=always"), True, "colour with --color=always")
    equal("\x1b[" in place.tidings("items"), False, "colour in a pipe")
    for columns in (30, 60, 80, 200):
        for command in (["items"], ["feeds"], ["show", "3"]):
            for line in on_terminal(place, *command, columns=columns, NO_COLOR="1").splitlines():
                if "https://" not in line and command != ["feeds"]:
                    equal(len(line) <= columns, True, f"{columns}: {line!r}")


def test_feeds_say_how_they_are():
    place = Place()
    feeds = {feed["key"]: feed for feed in place.json("feeds")}
    equal(feeds["wire"]["state"], "ok")
    equal(feeds["wire"]["error"], None)
    equal(feeds["wire"]["items"], 4)
    equal(feeds["broken"]["state"], "failing")
    equal(feeds["broken"]["error"]["code"], "http_not_found")
    equal(feeds["broken"]["error"]["count"], 1)
    equal(feeds["broken"]["http_status"], 404)
    equal([feed["key"] for feed in place.json("feeds", "--failing")], ["broken"])
    equal(place.tidings("feeds", "--failing").split()[:2], ["broken", "failing"])


def test_events_tell_what_happened_to_feeds():
    place = Place()
    events = place.json("events")
    equal([(e["feed"], e["kind"]) for e in events], [("broken", "failing")])
    equal(place.tidings("events").split()[:3], ["2026-11-23T14:35:00Z", "broken", "failing"])
    equal(place.tidings("events", "--feed", "wire", code=1), "")
    equal(place.tidings("events", "--since", "2026-11-24", code=1), "")
    harmless(place.tidings("events"))


def test_what_needs_the_daemon_says_so_when_there_is_none():
    place = Place()
    for args in (["poll", "--all"], ["poll", "wire"], ["reload"]):
        place.tidings(*args, code=3)
    for args in (["poll"], ["poll", "a b"], ["poll", "*"], ["poll", "--all", "wire"], ["reload", "now"]):
        place.tidings(*args, code=2)


def test_status_counts_and_tells_whether_the_daemon_runs():
    place = Place()
    status = place.json("status")[0]
    equal(status["store"]["items"], 4)
    equal(status["outbox"]["pending"], 3)
    equal(status["reachable"], False)
    config = f"{place.dir.name}/tidings.conf"
    control = f"{place.dir.name}/control"
    with open(config, "w") as f:
        f.write(f"[tidings]\nstore = {place.path}\ncontrol = {control}\n\n[feed wire]\nurl = https://news.example/rss\n")
    command = [TIDINGS, "-c", config, "status", "--json"]
    done = subprocess.run(command, capture_output=True, env=ENV)
    equal(done.returncode, 3, done.stderr)
    equal(json.loads(done.stdout)["reachable"], False)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(control)
    listener.listen()
    asked = []

    def answer():
        client, _ = listener.accept()
        asked.append(client.recv(100))
        client.sendall(b'{"version":"1","pid":7,')
        time.sleep(0.05)
        client.sendall(b'"started":"2026-11-23T00:00:00Z"}\n')
        client.close()

    thread = threading.Thread(target=answer)
    thread.start()
    done = subprocess.run(command, capture_output=True, env=ENV, timeout=30 * PATIENCE)
    thread.join()
    equal((done.returncode, asked), (0, [b"status\n"]))
    equal(json.loads(done.stdout)["daemon"]["pid"], 7)
    listener.close()


def read_line(stream, seconds=10):
    deadline = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < deadline:
        if select.select([stream], [], [], 0.1)[0]:
            return stream.readline()
    raise AssertionError("nothing was printed")


def test_follow_shows_what_comes_and_ends_with_0_on_interrupt():
    place = Place()
    child = subprocess.Popen([TIDINGS, "-d", place.path, "follow", "--json", "--since", "2026-11-22"], stdout=subprocess.PIPE, bufsize=0, env=ENV)
    equal([json.loads(read_line(child.stdout))["id"] for _ in range(2)], [3, 4], "items since then")
    for number in (1, 2, 3):
        place.add(number)
        equal(json.loads(read_line(child.stdout))["title"], f"Zelenskiy speaks, part {number}")
    child.send_signal(signal.SIGINT)
    equal(child.wait(timeout=10 * PATIENCE), 0, "exit status")
    equal(child.stdout.read(), b"", "more was printed")


def test_follow_ends_when_its_reader_is_gone():
    place = Place()
    child = subprocess.Popen([TIDINGS, "-d", place.path, "follow"], stdout=subprocess.PIPE, env=ENV)
    child.stdout.close()
    wait_for(lambda: child.poll() is not None, "follow has ended")
    equal(child.returncode, 0)


def test_the_filter_of_stories_answers_each_line_in_order_and_goes_on_behind_what_is_no_item():
    text = ("The mayor of Arden received the guest on Monday and showed him the new bridge over the river, which opens in May after four years of work "
            "and cost the town twelve million.")
    items = [{"id": "a1", "feed": "a", "title": "Guest sees the bridge", "summary": text}, {"id": 2, "feed": "b", "title": "Bridge shown", "content": text},
             {"id": {"n": [3]}, "feed": "c", "title": "Rain in Helmsund"}, {"id": "ü\0", "title": 3, "summary": None}]
    lines = [json.dumps(items[0]), "nonsense", json.dumps(items[1]), "[1]", '{"title":"no id"}', "", '{"id":7,"title":', json.dumps(items[2])]
    done = subprocess.run([TIDINGS, "stories"], input="\n".join(lines).encode() + b'\n{"id":"\xff"}\n' + json.dumps(items[3]).encode(), capture_output=True,
                          env=ENV, timeout=60 * PATIENCE)
    out = [json.loads(line) for line in done.stdout.decode().splitlines()]
    equal(done.returncode, 0, "exit status")
    equal([o["id"] for o in out], ["a1", None, 2, None, None, None, {"n": [3]}, None, "ü\0"], "ids")
    equal([o["story"] for o in out], ["a1", None, "a1", None, None, None, {"n": [3]}, None, "ü\0"], "stories")
    equal([o["duplicate_of"] for o in out], [None, None, "a1", *[None] * 6], "copies")
    equal([("error" in o) for o in out], [False, True, False, True, True, True, False, True, False], "errors")
    equal(all(0 <= o["similarity"] <= 1 for o in out), True, "similarity")
    equal(out[2]["similarity"] > 0.9, True, "similarity of a copy")
    said = done.stderr.decode().splitlines()
    equal([line.split(": ")[1] for line in said], [f"standard input, line {n}" for n in (2, 4, 5, 7, 9)], "what is said")
    # the answer comes with the item, not in the end
    child = subprocess.Popen([TIDINGS, "stories", "--filter"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=ENV)
    for item in items[:2]:
        child.stdin.write(json.dumps(item).encode() + b"\n")
        equal(json.loads(read_line(child.stdout))["story"], "a1", "at once")
    child.stdin.close()
    equal(child.wait(timeout=10 * PATIENCE), 0, "exit status")


def test_mistakes_are_told_with_their_exit_status():
    place = Place()
    for args, code in ((["items", "--since", "soon"], 2), (["items", "--limit", "0"], 2), (["items", "--nonsense"], 2), (["items", "word"], 2),
                       (["show"], 2), (["show", "x"], 2), (["search"], 2), (["search", "  "], 2), (["nonsense"], 2), (["--color=pink", "items"], 2),
                       (["items", "--actor"], 2), (["help", "nonsense"], 2)):
        done = subprocess.run([TIDINGS, "-d", place.path, *args], capture_output=True, env=ENV)
        equal(done.returncode, code, f"{args}: {done.stderr!r}")
        equal(done.stderr.startswith(b"tidings: "), True, f"{args}: {done.stderr!r}")
        equal(done.stdout, b"")
    equal(subprocess.run([TIDINGS], capture_output=True).returncode, 2)
    equal(subprocess.run([TIDINGS, "-c", "/nonexistent.conf", "items"], capture_output=True).returncode, 4)
    equal(subprocess.run([TIDINGS, "-d", f"{place.dir.name}/none.db", "items"], capture_output=True).returncode, 5)
    with open("/dev/full", "w") as full:
        equal(subprocess.run([TIDINGS, "-d", place.path, "items"], stdout=full, stderr=subprocess.DEVNULL).returncode != 0, True, "a full disk")


def test_an_export_of_any_length_is_read_as_it_comes():
    entities = [{"type": "item", "id": f"Q{n}", "labels": {"en": {"language": "en", "value": f"Name {n}"}},
                 "claims": {"P31": [{"rank": "normal", "mainsnak": {"datavalue": {"value": {"id": "Q5"}}}}]}, "x": "y" * 500} for n in range(1, 2001)]
    text = "[\n" + ",\n".join(map(json.dumps, entities)) + "\n]\n"
    reader = subprocess.Popen([BUILD / "tidings", "import-names", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = reader.communicate(text.encode(), timeout=60 * PATIENCE)
    equal((reader.returncode, err), (0, b""), "exit")
    equal(out.decode().splitlines(), ["id\tkind\tlang\tname\tuse"] + [f"Q{n}\tperson\ten\tName {n}" for n in range(1, 2001)], "names")
    done = subprocess.run([BUILD / "tidings", "import-names", "-"], input=text[:-3].encode(), capture_output=True, timeout=60 * PATIENCE)
    equal((done.returncode, done.stderr.decode().strip(), len(done.stdout.splitlines())),
          (2, "tidings: -:2001: the list does not end: the file breaks off", 2001), "a file that breaks off")


def test_every_command_has_help():
    done = subprocess.run([TIDINGS, "--help"], capture_output=True, check=True)
    commands = [line.split()[0] for line in done.stdout.decode().split("\n\n")[1].splitlines()]
    equal({"search", "items", "show", "follow", "feeds", "status", "parse", "match"} <= set(commands), True, commands)
    for command in commands:
        help_text = subprocess.run([TIDINGS, command, "--help"], capture_output=True, check=True).stdout.decode()
        equal(help_text.startswith(f"usage: tidings {command}"), True, help_text)


run(globals())
