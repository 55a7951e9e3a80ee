"""Receivers of notifications that fail, stall, answer late and cut connections as seeded dice say, one for each type of sink. Each keeps
a ledger: what arrived under which identifier, and how often the sender was told so."""

import base64
import collections
import contextlib
import email
import email.policy
import http.server
import json
import random
import re
import selectors
import socket
import subprocess
import sys
import threading
import time

from harness import PATIENCE, equal, wait_for

LATE = 1.2  # seconds: longer than a sink's timeout of 1 s
TITLE = re.compile(r"Zelensky \d+ \d+")
IDENTIFIER = re.compile(rb"n-[0-9a-f]{32}")


class Ledger:
    def __init__(self, seed, faults=("ok",)):
        self.dice, self.faults, self.lock = random.Random(seed), list(faults), threading.Lock()
        self.got = {}  # identifier → for each arrival whether the sender was told, and when it came (None: not known)
        self.faults_of = collections.Counter()  # identifier → faults after which a repeat of it is right, beside arrivals of which nobody was told
        self.titles = {}  # identifier → what it was about
        self.peaceful = False

    def roll(self):
        with self.lock:
            return "ok" if self.peaceful else self.dice.choice(self.faults)

    def enter(self, identifier, title, told=True, at=None):
        with self.lock:
            self.got.setdefault(identifier, []).append((told, at))
            self.titles.setdefault(identifier, title)

    def excuses(self, identifier, name, kills, timeouts):
        """What was done to this one: it was under way when the daemon was killed, its answer was withheld, it was too late."""
        title = self.titles[identifier]  # not every receiver sees our own identifier: a Message-ID is made of it
        return (sum((name, title) in under_way for _, under_way in kills) + sum(not told for told, _ in self.got[identifier])
                + self.faults_of[identifier] + timeouts[name, title])

    def check(self, name, titles, kills, timeouts):
        """Everything came, under one identifier; each repeat has a cause of its own: a crash or a fault that met this very notification, and
        where it is known when things came, before that. kills: when, and which titles were in flight at which sink; timeouts: what the daemon gave up
        waiting for, and how often."""
        equal(set(self.titles.values()), titles, f"{name}: what arrived")
        equal(len(self.got), len(titles), f"{name}: one identifier for each item")
        for identifier, arrivals in self.got.items():
            causes = self.excuses(identifier, name, kills, timeouts)
            equal(len(arrivals) - 1 <= causes, True, f"{name}: {identifier} came {len(arrivals)} times, with {causes} causes for a repeat")
            title = self.titles[identifier]
            if any(at is None for _, at in arrivals) or timeouts[name, title] or self.faults_of[identifier]:
                continue
            arrivals.sort(key=lambda a: a[1])
            crashes = sorted(at for at, under_way in kills if (name, title) in under_way)
            for (told, _), (_, after) in zip(arrivals, arrivals[1:]):
                if told:  # a crash of its own, and before it came again; what had left us then may have arrived later
                    equal(crashes != [] and crashes.pop(0) <= after, True, f"{name}: {identifier} came again though all was well, at {after}")
        return sum(len(arrivals) - 1 for arrivals in self.got.values())

    def json(self, line, told=True, at=None):
        n = json.loads(line)
        self.enter(n["id"], n["item"]["title"], told, at)
        return n["id"]

    def finish(self):
        pass


# ---- webhook ----


class Web(Ledger, http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, seed, faults):
        Ledger.__init__(self, seed, faults)
        http.server.ThreadingHTTPServer.__init__(self, ("127.0.0.1", 0), Post)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def sink(self, name):
        return f"[sink {name}]\ntype = webhook\nurl = http://127.0.0.1:{self.server_port}/\nallow-private = yes\nconcurrency = 16\ntimeout = 1s\n\n"


class Post(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        ledger = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        identifier = self.headers["webhook-id"]
        equal(body["id"], identifier)
        fault = ledger.roll()
        if fault == "refuse":
            self.answer(503, "0")
            return
        ledger.enter(identifier, body["item"]["title"], fault == "ok", time.time())
        if fault == "cut":  # taken, but the sender cannot know
            self.close_connection = True
            self.connection.close()
        elif fault == "late":
            threading.Event().wait(LATE)
        else:
            self.answer(204)

    def answer(self, status, retry_after=None):
        self.send_response(status)
        if retry_after is not None:
            self.send_header("Retry-After", retry_after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


# ---- mail ----


def mail_of(text):
    m = email.message_from_bytes(text, policy=email.policy.default)
    return m["Message-ID"], TITLE.search(m["Subject"]).group()


class Smtp(Ledger):
    def __init__(self, seed, faults):
        super().__init__(seed, faults)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        threading.Thread(target=self.serve, daemon=True).start()

    def sink(self, name):
        return (f"[sink {name}]\ntype = mail\nurl = smtp://127.0.0.1:{self.listener.getsockname()[1]}\nstarttls = never\nfrom = t@it.example\n"
                f"to = you@it.example\nallow-private = yes\nconcurrency = 8\ntimeout = 1s\n\n")

    def serve(self):
        while True:
            threading.Thread(target=self.talk, args=(self.listener.accept()[0],), daemon=True).start()

    def talk(self, s):
        with s, s.makefile("rb") as lines:
            try:
                s.sendall(b"220 it.example\r\n")
                while line := lines.readline():
                    verb = line[:4].upper()
                    if verb == b"QUIT":
                        s.sendall(b"221 bye\r\n")
                        return
                    if verb != b"DATA":
                        s.sendall(b"250 fine\r\n")
                    elif not self.take(s, lines):
                        return
            except OSError:
                return

    def take(self, s, lines):
        fault = self.roll()
        if fault == "refuse":
            s.sendall(b"451 later\r\n")
            return True
        s.sendall(b"354 go on\r\n")
        text = b""
        while (line := lines.readline()) != b".\r\n":
            if line == b"":
                return False  # it was killed in the middle: nothing has arrived
            text += line
        self.enter(*mail_of(text), fault == "ok", time.time())
        if fault == "late":
            threading.Event().wait(LATE)
        elif fault == "ok":
            s.sendall(b"250 taken\r\n")
        return fault == "ok"


# ---- programs ----

HOOK = """#!/bin/sh
# Fails now and then, before or after it has taken what came: by its own process id, which is dice enough.
[ -e "$1/peace" ] || case $(($$ % 8)) in 3) exit 75 ;; esac
cat >"$1/$$.part" && mv "$1/$$.part" "$1/$(date +%s.%N).$$.told"
[ -e "$1/peace" ] || case $(($$ % 8)) in 5) kill -9 $$ ;; esac
"""


class Program(Ledger):
    def __init__(self, world, name, kind):
        super().__init__(0)
        self.kind, self.dir = kind, world.dir / name
        self.dir.mkdir()
        self.hook = world.dir / f"{name}.sh"
        self.hook.write_text(HOOK)

    def sink(self, name):
        more = "from = t@it.example\nto = you@it.example\n" if self.kind == "sendmail" else ""
        return f"[sink {name}]\ntype = {self.kind}\ncommand = /bin/sh {self.hook} {self.dir}\nconcurrency = 8\n{more}\n"

    def finish(self):
        for path in self.dir.glob("*.told"):
            killed, at = int(path.suffixes[-2][1:]) % 8 == 5, float(path.name.rsplit(".", 2)[0])
            if self.kind == "exec":
                self.json(path.read_text(), not killed, at)
            else:
                self.enter(*mail_of(path.read_bytes()), not killed, at)


# ---- files ----


class File(Ledger):
    """file, and print in JSON; what is written is read at the end."""

    def __init__(self, world, name, kind):
        super().__init__(0)
        self.kind, self.path = kind, world.dir / f"{name}.jsonl"

    def sink(self, name):
        more = "format = json\n" if self.kind == "print" else ""
        return f"[sink {name}]\ntype = {self.kind}\npath = {self.path}\n{more}\n"

    def finish(self):
        for line in self.path.read_text().splitlines():
            try:
                n = json.loads(line)
            except ValueError:
                equal(self.kind, "print", "a torn line")  # a crash has cut it; it comes again
                continue
            item = n.get("item", n)  # print writes the item alone
            self.enter(n["id"] if "item" in n else f"item-{n['id']}", item["title"])


class Pages(Ledger):
    """Atom and JSON Feed files; their directory is away now and then."""

    def __init__(self, world, name, entries=10000):
        super().__init__(0)
        self.entries = entries
        self.dir, self.away = world.dir / name, world.dir / f"{name}.away"
        self.dir.mkdir()

    def sink(self, name):
        return f"[sink {name}]\ntype = feed\npath = {self.dir}\nentries = {self.entries}\n\n"

    def disturb(self):
        self.dir.rename(self.away)

    def calm(self):
        if self.away.exists():
            self.away.rename(self.dir)

    def finish(self):
        for entry in json.loads((self.dir / "talks.json").read_text())["items"]:
            self.enter(entry["id"], TITLE.search(entry["title"]).group())


# ---- datagrams: the system log and the journal ----


class Log(Ledger):
    def __init__(self, world, name, kind):
        super().__init__(0)
        self.kind, self.path = kind, world.dir / f"{name}.socket"
        self.socket = None
        self.calm()

    def sink(self, name):
        return f"[sink {name}]\ntype = {self.kind}\npath = {self.path}\ntitle = {{id}} {{item-title}}\n\n"

    def disturb(self):
        self.path.unlink()
        self.socket = None

    def calm(self):
        if self.socket is None:
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.socket.bind(str(self.path))
            threading.Thread(target=self.read, args=(self.socket,), daemon=True).start()

    def read(self, s):
        while datagram := s.recv(65536):
            text = datagram.decode()
            identifier = re.search(r"n-[0-9a-f]{32}", text).group()
            if self.kind == "journal":
                equal(f"TIDINGS_NOTIFICATION_ID={identifier}\n" in text, True, text)
            self.enter(identifier, TITLE.search(text).group())


# ---- the socket ----


class Stream(Ledger):
    """A program that reads to the end, and is now and then away or too slow; one that acknowledges also ends at any time."""

    def __init__(self, world, name, seed=0, acknowledges=False):
        super().__init__(seed)
        self.path, self.acknowledges = world.dir / f"{name}.socket", acknowledges
        self.said = collections.deque(maxlen=64)  # in this connection, of late
        self.faults = ["ok"] * 60 + (["leave", "forget"] * 2 if acknowledges else ["away"] * 2) + ["slow"]
        threading.Thread(target=self.read, daemon=True).start()

    def sink(self, name):
        return f"[sink {name}]\ntype = socket\npath = {self.path}\ntimeout = 1s\nacknowledge = {'yes' if self.acknowledges else 'no'}\n\n"

    def read(self):
        while True:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as s:
                s.connect(str(self.path))
                for line in s.makefile("rb"):
                    if not line.endswith(b"\n") or not self.take(s, line):
                        break  # half of a line was not delivered
            for at, identifier in self.said:  # who ends it first may not have heard the last that was said
                self.faults_of[identifier] += at > time.time() - 0.5
            self.said.clear()
            time.sleep(0.01)

    def take(self, s, line):
        """Whether it reads on. What an acknowledging program has not said was not delivered; the other has taken all that it can read."""
        fault = self.roll()
        if fault == "slow":
            threading.Event().wait(LATE)
        elif fault == "away":  # nothing more is sent; what was sent is read to its end
            s.shutdown(socket.SHUT_WR)
            threading.Event().wait(0.1)
        if fault == "leave":
            return False
        told = not self.acknowledges or fault == "ok"
        identifier = self.json(line, told, time.time())
        if self.acknowledges and fault != "forget":
            self.said.append((time.time(), identifier))
            s.sendall(identifier.encode() + b"\n")
        return True


# ---- brokers ----


class Cutter:
    """Between a client and a server: cuts connections after so many bytes as the dice say, or passes nothing on for a while."""

    def __init__(self, ledger, port, least, most):
        self.ledger, self.port, self.least, self.most = ledger, port, least, most
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.local = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            threading.Thread(target=self.pass_on, args=(self.listener.accept()[0],), daemon=True).start()

    def pass_on(self, client):
        with client, socket.create_connection(("127.0.0.1", self.port)) as server, selectors.DefaultSelector() as both:
            other = {client: server, server: client}
            for s in other:
                both.register(s, selectors.EVENT_READ)
            with self.ledger.lock:
                left = self.ledger.dice.randrange(self.least, self.most)
            sent, seen = b"", []
            try:
                while left > 0 or self.ledger.peaceful:
                    for key, _ in both.select():
                        data = key.fileobj.recv(4096)
                        if data == b"":
                            return
                        if key.fileobj is client:
                            sent = sent[-100:] + data
                            seen += [i for i in IDENTIFIER.findall(sent) if i not in seen[-8:]]
                        other[key.fileobj].sendall(data)
                        left -= len(data)
            except OSError:
                return
            with self.ledger.lock:
                for identifier in seen[-2:]:  # one waits for its answer, and the next may have begun
                    self.ledger.faults_of[identifier.decode()] += 1


class Mqtt(Ledger):
    def __init__(self, seed, server, subscriber):
        super().__init__(seed)
        self.cutter = Cutter(self, server.port, 3000, 60000)
        threading.Thread(target=self.read, args=(subscriber,), daemon=True).start()

    def sink(self, name):
        return f"[sink {name}]\ntype = mqtt\nurl = mqtt://127.0.0.1:{self.cutter.local}\nchannel = news/desk\ntimeout = 2s\n\n"

    def read(self, subscriber):
        with contextlib.suppress(AssertionError, OSError):  # the broker is ended with the test
            while True:
                n = subscriber.message()
                self.enter(n["id"], n["item"]["title"])


class JetStream(Ledger):
    def __init__(self, seed, server, reader):
        super().__init__(seed)
        self.reader = reader
        self.cutter = Cutter(self, server.port, 3000, 60000)
        reader.ask("$JS.API.STREAM.CREATE.NEWS", {"name": "NEWS", "subjects": ["news.>"], "storage": "memory"})

    def sink(self, name):
        return f"[sink {name}]\ntype = nats\nurl = nats://127.0.0.1:{self.cutter.local}\nchannel = news.desk\ntimeout = 2s\nbody = {{id}} {{item-title}}\n\n"

    def finish(self):
        for n in range(1, self.reader.ask("$JS.API.STREAM.INFO.NEWS")["state"]["messages"] + 1):
            text = base64.b64decode(self.reader.ask("$JS.API.STREAM.MSG.GET.NEWS", {"seq": n})["message"]["data"]).decode()
            self.enter(text.split(" ", 1)[0], text.split(" ", 1)[1])


# ---- the desktop ----


class Screen(Ledger):
    def __init__(self, bus):
        super().__init__(0)
        self.bus, self.server = bus, bus.server()

    def sink(self, name):
        return f"[sink {name}]\ntype = desktop\npath = {self.bus.path}\nrate = 100000/1s\ntimeout = 1s\n\n"

    def disturb(self):
        self.server.order("refuse 3")
        self.server.order("stall")

    def calm(self):
        self.server.order("go on")

    def finish(self):
        for shown in self.server.shown():
            self.enter(shown["hints"]["x-tidings-id"], shown["summary"])
