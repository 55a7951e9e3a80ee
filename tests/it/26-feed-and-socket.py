#!/usr/bin/env python3
"""What we publish: feeds judged by xmllint with the grammar of RFC 4287 and read back by our own parser, and a stream for programs."""

import json
import os
import shutil
import socket
import stat
import subprocess
import xml.etree.ElementTree as ET

from harness import BUILD, PATIENCE, SOURCE, Skip, equal, item, rss, run, wait_for

ATOM = "{http://www.w3.org/2005/Atom}"
EVIL = "Zelensky ]]> <script>alert(1)</script> & \"q\" \x01\x1b[2J \ufffe \U0001F600 " + "x" * 3000


def feed_sink(world, *lines):
    out = world.dir / "pub"
    out.mkdir(exist_ok=True)
    return out, "\n".join(["[sink pub]", "type = feed", f"path = {out}", *lines, "", ""])


def valid(path):
    if shutil.which("xmllint") is None:
        raise Skip("there is no xmllint (Debian: libxml2-utils)")
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--relaxng", SOURCE / "tests/it/atom.rng", path], capture_output=True, timeout=60)
    equal(done.returncode, 0, done.stderr.decode()[:2000])


def items(path):
    """Our own parser's view of a feed."""
    done = subprocess.run([BUILD / "tidings", "parse", "--json", path], capture_output=True, timeout=60)
    equal(done.returncode, 0, done.stderr.decode())
    return json.loads(done.stdout)["items"]


def entries(path):
    return [(e.findtext(ATOM + "id"), e.findtext(ATOM + "title"), e.findtext(ATOM + "updated")) for e in ET.parse(path).getroot().findall(ATOM + "entry")]


def test_each_watch_has_a_feed_that_holds_and_reads_back(world):
    out, sink = feed_sink(world, "url = https://news.example/watch/")
    world.write("a.rss", rss([item(1, EVIL, "<p>He & she</p> at ]]> the peace plan"), item(2, "Rowers finish"), item(3, "A peace plan, says Zelensky", link="javascript:alert(1)")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, "[watch plans]\ntopics = *\n\n", sink)
    world.start()
    world.polled()
    wait_for(world.outbox_settled, "all is told")
    world.tidings("sink", "test", "pub")
    world.stop()
    equal(sorted(p.name for p in out.iterdir()), ["_alarms.atom", "_alarms.json", "plans.atom", "plans.json", "talks.atom", "talks.json"])
    for path in out.glob("*.atom"):
        valid(path)
        page = json.loads(path.with_suffix(".json").read_text())
        equal(page["version"], "https://jsonfeed.org/version/1.1")
        equal(page["feed_url"], f"https://news.example/watch/{path.stem}.json")
        equal([i["id"] for i in page["items"]], [i for i, _, _ in entries(path)], "the same entries in both")
        equal(any("id" not in i or not ("content_html" in i or "content_text" in i) for i in page["items"]), False)
    talks = (out / "talks.atom").read_text()
    equal("<script" in talks or "javascript:" in talks.replace("javascript:alert(1)</", ""), False, talks)
    equal(len(entries(out / "talks.atom")), 2)
    equal(len(entries(out / "plans.atom")), 2)
    for name in ("talks.atom", "talks.json"):
        read = items(out / name)
        equal(len(read), 2, name)
        equal({r["link"] for r in read}, {None, "https://it.example/1"}, name)


def test_an_entry_keeps_its_id_and_the_oldest_go(world):
    out, sink = feed_sink(world, "entries = 5", "title = {item-title}")
    world.write("a.rss", rss([item(n, f"Zelensky number {n}") for n in range(1, 5)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, sink)
    world.start()
    world.polled()
    wait_for(world.outbox_settled, "all is told")
    before = {title: i for i, title, _ in entries(out / "talks.atom")}
    equal(len(before), 4)
    world.kill()
    (out / ".talks.json.new").write_text("half of")
    with_more = [item(n, f"Zelensky number {n}") for n in range(4, 8)]
    world.write("a.rss", rss(with_more))
    world.start()
    world.poll_all()
    wait_for(lambda: world.outbox_settled() and len(entries(out / "talks.atom")) == 5, "five are left")
    after = {title: i for i, title, _ in entries(out / "talks.atom")}
    equal({t for t in after if t in before and after[t] != before[t]}, set(), "ids that changed")
    equal("Zelensky number 7" in after and "Zelensky number 1" not in after, True, after)
    world.stop()
    valid(out / "talks.atom")


def test_a_story_that_grows_is_one_entry_with_a_later_date(world):
    out, sink = feed_sink(world)
    text = "The mayor of Arden received Zelensky on Monday and showed him the new bridge over the river, which opens in May after four years of work."
    world.write("a.rss", rss([item(1, "Zelensky sees the bridge", text)]))
    world.write("b.rss", rss([]))
    world.configure(world.feeds(["a.rss", "b.rss"]), world.WATCH, "copies = yes\n\n", sink, group_by="story", group_interval="1s")
    world.start()
    wait_for(lambda: (out / "talks.atom").exists(), "the first")
    first = entries(out / "talks.atom")
    world.write("b.rss", rss([item(2, "Bridge shown to guest", text, link="https://other.example/2")]))
    world.poll_all()
    wait_for(lambda: entries(out / "talks.atom") != first, "it has grown")
    wait_for(world.outbox_settled, "all is told")
    grown = entries(out / "talks.atom")
    world.stop()
    equal(len(grown), 1, grown)
    equal(grown[0][0], first[0][0], "id")
    equal("now in 2 sources" in grown[0][1], True, grown)


def test_a_directory_that_is_away_waits(world):
    out, sink = feed_sink(world)
    out.rmdir()
    world.write("a.rss", rss([item(1, "Zelensky arrives")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, sink)
    world.start()
    wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE error LIKE '%cannot open the directory%'"), "it fails")
    out.mkdir()
    world.tidings("outbox", "retry", "--all")
    wait_for(lambda: (out / "talks.atom").exists(), "it comes")
    world.stop()
    valid(out / "talks.atom")


# ---- the socket ----


class Client:
    def __init__(self, path, receive_bytes=0):
        self.s = socket.socket(socket.AF_UNIX)
        if receive_bytes:
            self.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.s.settimeout(30 * PATIENCE)
        self.s.connect(str(path))
        self.buffer = b""

    def line(self):
        while b"\n" not in self.buffer:
            chunk = self.s.recv(65536)
            if not chunk:
                return None
            self.buffer += chunk
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line)


def start_socket(world, count=1, text="What he said.", timeout="30s", more=""):
    path = world.dir / "stream"
    world.write("a.rss", rss([]))
    world.write("b.rss", rss([item(n, f"Zelensky number {n}", f"{n} {text}") for n in range(count)]))
    world.configure(world.feeds(["a.rss"], flood_guard="no"), world.WATCH, f"[sink stream]\ntype = socket\npath = {path}\ntimeout = {timeout}\n{more}\n", body_max="60MiB")
    world.start()
    wait_for(path.exists, "the socket")
    world.polled()  # the empty document, so that the next poll is the one with something in it
    return path


def publish(world):
    world.write("a.rss", (world.root / "b.rss").read_bytes())
    world.poll_all()


def test_every_program_that_has_connected_gets_every_line(world):
    path = start_socket(world, 20)
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o660, "mode")
    clients = [Client(path) for _ in range(3)]
    clients[1].s.shutdown(socket.SHUT_WR)
    clients[2].s.sendall(b"hello\n" * 100)
    gone = Client(path)
    gone.s.close()
    publish(world)
    for c in clients:
        equal({c.line()["item"]["title"] for _ in range(20)}, {f"Zelensky number {n}" for n in range(20)})
    wait_for(world.outbox_settled, "all is told")
    world.stop()
    equal([c.line() for c in clients], [None] * 3, "the end")
    equal(path.exists(), False, "the socket is left behind")


def test_a_program_that_does_not_read_is_cut_off_and_delays_nobody(world):
    path = start_socket(world, 300, "peace plan " + "z" * 20000, timeout="5s")
    slow, quick = Client(path, 4096), Client(path)
    publish(world)
    seen = [quick.line()["id"] for _ in range(300)]
    equal(len(set(seen)), 300)
    wait_for(world.outbox_settled, "all is told", 60)
    got, whole = 0, True
    while whole:
        try:
            line = slow.line()
        except (ConnectionError, ValueError):
            line = None
        whole = line is not None
        got += whole
    equal(got < 300, True, "the slow one was not cut off")
    equal(world.rss_kib() < 400 * 1024, True, world.rss_kib())
    again = Client(path)
    world.tidings("sink", "test", "stream")
    equal(again.line()["type"], "test")
    world.stop()


def test_another_programs_socket_is_left_alone_and_a_dead_one_is_replaced(world):
    path = world.dir / "stream"
    other = socket.socket(socket.AF_UNIX)
    other.bind(str(path))
    other.listen(1)
    world.configure(f"[sink stream]\ntype = socket\npath = {path}\nretry-max = 0\n\n")
    world.start()
    equal("another program listens" in world.tidings("sink", "test", "stream", code=None) + str(world.rows("SELECT error FROM outbox")), True)
    other.close()
    equal("no program is connected" in world.tidings("sink", "test", "stream", code=None) + str(world.rows("SELECT error FROM outbox")), True)
    client = Client(path)
    world.tidings("sink", "test", "stream")
    equal(client.line()["type"], "test")
    path.unlink()
    world.tidings("sink", "test", "stream")
    equal(path.exists(), True, "it was made anew")
    world.stop()


def test_what_is_told_while_nobody_listens_waits_for_a_program(world):
    path = start_socket(world, 20)
    publish(world)
    wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE error LIKE 'no program is connected to %'"), "it is tried")
    equal(world.rows("SELECT count(*) FROM outbox WHERE state IN (2, 3)"), [(0,)])
    wait_for(lambda: "stream" in world.control("status")["sinks_failing"], "it is seen")
    client = Client(path)  # what failed is due at once, whatever it had to wait
    first = [client.line() for _ in range(20)]
    equal({n["item"]["title"] for n in first}, {f"Zelensky number {n}" for n in range(20)})
    wait_for(world.outbox_settled, "all is told")
    equal(world.control("status")["sinks_failing"], [])
    client.s.close()
    world.stop()


def test_too_old_is_dead_with_its_reason(world):
    path = start_socket(world, 3, more="retry-max = 0s\n")
    publish(world)
    wait_for(lambda: world.rows("SELECT count(*) FROM outbox WHERE state = 3 AND error LIKE 'no program is connected to %'") == [(3,)], "they are given up")
    client = Client(path)
    world.tidings("sink", "test", "stream")
    equal(client.line()["type"], "test", "and not told any more")
    world.tidings("outbox", "retry", "--sink", "stream")
    equal(len({client.line()["id"] for _ in range(3)}), 3)
    world.stop()


def test_what_a_program_has_not_acknowledged_comes_again(world):
    path = start_socket(world, 8, more="acknowledge = yes\n")
    publish(world)
    first = Client(path)
    lines = [first.line()["id"] for _ in range(8)]
    equal(world.rows("SELECT count(*) FROM outbox WHERE state = 2"), [(0,)], "delivered before anybody said so")
    first.s.sendall(b"junk\n" + b"x" * 20000 + b"\n" + "".join(i + "\n" for i in lines[:3]).encode() + lines[3].encode())
    wait_for(lambda: world.rows("SELECT count(*) FROM outbox WHERE state = 2") == [(3,)], "what is acknowledged is delivered")
    first.s.close()  # the fourth was not said to its end
    second = Client(path)
    again = [second.line()["id"] for _ in range(5)]
    equal(sorted(again), sorted(lines[3:]))
    second.s.sendall("".join(i + "\r\n" for i in again).encode())
    wait_for(world.outbox_settled, "all is told")
    world.stop()
    equal(second.line(), None)


def test_a_program_that_never_acknowledges_is_cut_off(world):
    path = start_socket(world, 1, timeout="1s", more="acknowledge = yes\n")
    mute, good = Client(path), Client(path)
    publish(world)
    line = good.line()["id"]
    good.s.sendall(line.encode() + b"\n")
    equal([mute.line()["id"], mute.line()], [line, None])
    wait_for(world.outbox_settled, "one has taken it")
    good.s.close()
    mute = Client(path)
    world.tidings("sink", "test", "stream", code=None)
    equal([mute.line()["type"], mute.line()], ["test", None])
    wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE state = 0 AND error LIKE '%acknowledge%'"), "nobody has taken it")
    world.stop()


run(globals())
