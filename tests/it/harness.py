"""The real programs against a scripted local server.

A scenario is a file NN-slug.py: functions that begin with `test_` get a fresh World each and run in the order they stand;
run(globals()) at the end prints TAP. Waiting is always for a condition with a deadline, see wait_for.
"""

import contextlib
import datetime
import html
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

BUILD = pathlib.Path(os.environ.get("top_builddir", ".")).resolve()
SOURCE = pathlib.Path(os.environ.get("top_srcdir", ".")).resolve()
QUICK = os.environ.get("TIDINGS_TESTS") == "quick"
LONG = os.environ.get("TIDINGS_TESTS") == "long"
# Sanitizers make everything several times slower, and keep what was freed.
SANITIZED = (BUILD / "tidingsd").exists() and b"__asan_init" in (BUILD / "tidingsd").read_bytes()
PATIENCE = float(os.environ.get("TIDINGS_PATIENCE", "4" if SANITIZED else "1"))


class Skip(Exception):
    """Raised by a test that cannot run here; the text says why."""


def wait_for(condition, what, seconds=20):
    """Calls condition() until it gives something true, and returns that; fails with `what` after the deadline."""
    deadline = time.monotonic() + seconds * PATIENCE
    pause = 0.005
    while True:
        got = condition()
        if got:
            return got
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds} s still not: {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def equal(got, want, what=""):
    if got != want:
        raise AssertionError(f"{what or 'value'}: got {got!r}, want {want!r}")


# ---- documents ----


def item(number, title=None, text=None, **more):
    """An invented item. The date is fixed, so that the same number gives the same bytes."""
    return {
        "id": f"tag:it.example,2026:{number}",
        "link": f"https://it.example/{number}",
        "title": title if title is not None else f"Item {number}",
        "text": text if text is not None else f"What item {number} says.",
        "at": datetime.datetime(2026, 11, 20, tzinfo=datetime.timezone.utc) + datetime.timedelta(minutes=number if isinstance(number, int) else 0),
        **more,
    }


def rss(items, title="Feed"):
    """An RSS document. What an item has as None is not written; `date` is written as it stands, instead of `at`."""
    out = [f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{html.escape(title)}</title>'
           f"<link>https://it.example/</link><description>Invented.</description>\n"]
    for i in items:
        parts = ("<guid isPermaLink=\"false\">{}</guid>", i["id"]), ("<link>{}</link>", i["link"]), ("<title>{}</title>", i["title"]), (
            "<description>{}</description>", i["text"]), ("<pubDate>{}</pubDate>", i.get("date", i["at"] and i["at"].strftime("%a, %d %b %Y %H:%M:%S GMT")))
        out.append("<item>" + "".join(form.format(html.escape(value)) for form, value in parts if value is not None) + "</item>\n")
    out.append("</channel></rss>\n")
    return "".join(out)


# ---- the world of one test ----


class World:
    def __init__(self, server=True):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="tidings-it-"))
        self.root = self.dir / "root"
        self.root.mkdir()
        self.conf = self.dir / "tidings.conf"
        self.store = self.dir / "tidings.db"
        self.control_path = self.dir / "control"
        self.told = self.dir / "told"
        self.told.mkdir()
        self.requests_path = self.dir / "requests"
        self.server = None
        self.daemon = None
        self.runs = 0
        if server:
            self.start_server()

    def close(self):
        for process in (self.daemon, self.server):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def write(self, name, text):
        """A file below the server's root; put in place whole."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + ".new")
        new.write_bytes(text if isinstance(text, bytes) else text.encode())
        new.rename(path)

    def start_server(self, *options):
        port_file = self.dir / "port"
        with open(self.dir / "server.log", "ab") as log:
            self.server = subprocess.Popen(
                [BUILD / "tests/tools/feedserver", "--root", self.root, "--port-file", port_file, "--log", self.requests_path,
                 "--until-eof", *options],
                stdin=subprocess.PIPE, stdout=log, stderr=log)
        wait_for(port_file.exists, "the feed server says its port")
        self.port = int(port_file.read_text())

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    def requests(self, path=None):
        """What the server was asked, in order."""
        if not self.requests_path.exists():
            return []
        lines = self.requests_path.read_text().split("\n")[:-1]  # the last one may be half written
        return [r for r in map(json.loads, lines) if path is None or r["path"] == "/" + path]

    # ---- configuration ----

    def feeds(self, names, **settings):
        """[feed …] sections for files of the server, keyed by their names without the ending."""
        out = []
        for name in names:
            out.append(f"[feed {pathlib.PurePath(name).stem}]\nurl = {self.url(name)}\nallow-private = yes\n")
            out += [f"{k.replace('_', '-')} = {v}\n" for k, v in settings.items()]
            out.append("\n")
        return "".join(out)

    WATCH = (
        "[actor zelenskiy]\ntitle = Volodymyr Zelenskiy\nname = Zelenskiy\nname = Zelensky\nname[uk] = Зеленський\nname[ru] = Зеленский\n\n"
        "[topic peace-plan]\nphrase = peace plan\n\n"
        "[watch talks]\nactors = *\ntopics = *\n\n"
    )

    def hook_sink(self):
        """A sink that leaves each notification as a file in self.told."""
        hook = self.dir / "hook.sh"
        # one process for each: on a loaded machine it is they that take the time
        hook.write_text('#!/bin/sh\nexec cat >"$1/$TIDINGS_NOTIFICATION_ID.$$"\n')
        return f"[sink hook]\ntype = exec\ncommand = /bin/sh {hook} {self.told}\n\n"

    def configure(self, *parts, first_poll="tell", interval="1h", **settings):
        lines = {
            "store": self.store, "control": self.control_path, "interval": interval, "interval-min": "1s", "first-poll": first_poll,
            "log-level": "debug", "group-by": "item", "host-spacing": "0s", "shared-hosts": "127.0.0.1", "connections-per-address": 64,
            **{k.replace("_", "-"): v for k, v in settings.items()},
        }
        self.conf.write_text("[tidings]\n" + "".join(f"{k} = {v}\n" for k, v in lines.items()) + "\n" + "".join(parts))

    # ---- the daemon ----

    def start(self, wait=True, **popen):
        self.runs += 1
        self.out_path = self.dir / f"out.{self.runs}"
        self.err_path = self.dir / f"err.{self.runs}"
        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            self.daemon = subprocess.Popen([BUILD / "tidingsd", "-c", self.conf], stdin=subprocess.DEVNULL, **{"stdout": out, "stderr": err, **popen})
        if wait:
            wait_for(lambda: self.alive() and self.control("status"), "the daemon answers")
        return self.daemon

    def alive(self):
        if self.daemon.poll() is not None:
            raise AssertionError(f"the daemon ended with {self.daemon.returncode}: {self.errors()[-2000:]}")
        return True

    def stop(self, code=0, how=signal.SIGTERM):
        self.daemon.send_signal(how)
        got = self.daemon.wait(timeout=30 * PATIENCE)
        if code is not None:
            equal(got, code, f"exit of the daemon; it said: {self.errors()[-2000:]}")

    def kill(self):
        self.daemon.kill()
        self.daemon.wait()

    def output(self):
        return self.out_path.read_text()

    def errors(self):
        return self.err_path.read_text(errors="replace")

    def control(self, line):
        """One request on the control socket; None when nobody answers."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as s:
            s.settimeout(10 * PATIENCE)
            try:
                s.connect(str(self.control_path))
                s.sendall(line.encode() + b"\n")
                answer = b""
                while chunk := s.recv(65536):
                    answer += chunk
            except OSError:
                return None
        return json.loads(answer) if answer.strip() else None

    def poll_all(self):
        """Makes every feed due and waits until each was polled once more."""
        before = dict(self.rows("SELECT key, poll_count FROM feeds WHERE configured"))
        equal("error" in (self.control("poll *") or {"error": 1}), False, "poll *")
        wait_for(lambda: self.alive() and all(n > before.get(k, 0) for k, n in self.rows("SELECT key, poll_count FROM feeds WHERE configured")),
                 "every feed was polled once more", 60)

    def polled(self, times=1, seconds=30):
        """Waits until every feed was polled so often in all."""
        def enough():
            rows = self.rows("SELECT poll_count FROM feeds WHERE configured")
            return self.alive() and rows and all(n >= times for (n,) in rows)
        wait_for(enough, f"every feed was polled {times} times", seconds)

    def rss_kib(self):
        status = pathlib.Path(f"/proc/{self.daemon.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    # ---- what came of it ----

    def rows(self, sql, *arguments):
        """An independent look into the database."""
        if not self.store.exists():
            return []
        with contextlib.closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=10)) as db:
            try:
                return db.execute(sql, arguments).fetchall()
            except sqlite3.OperationalError as e:
                if "no such table" in str(e):
                    return []
                raise

    def sound(self):
        equal(self.rows("PRAGMA integrity_check"), [("ok",)], "integrity_check")
        equal(self.rows("PRAGMA foreign_key_check"), [], "foreign_key_check")

    def notifications(self):
        """What the hook was given, oldest first; a file that is not whole yet, or was cut short by a kill, is passed over."""
        out = []
        for path in sorted(self.told.iterdir(), key=lambda p: p.stat().st_mtime_ns):
            try:
                out.append(json.loads(path.read_text()))
            except ValueError:
                continue
        return out

    def told_links(self):
        return [n["item"]["link"] for n in self.notifications()]

    def outbox_settled(self):
        return self.rows("SELECT count(*) FROM outbox WHERE state < 2") == [(0,)]

    # ---- the companion ----

    def tidings(self, *arguments, code=0, stdin=b"", env=None):
        done = subprocess.run([BUILD / "tidings", "-c", self.conf, *map(str, arguments)], input=stdin, capture_output=True,
                              timeout=60 * PATIENCE, env={**os.environ, **(env or {})})
        out, err = done.stdout.decode(), done.stderr.decode()
        if code is not None and done.returncode != code:
            raise AssertionError(f"tidings {' '.join(map(str, arguments))}: exit {done.returncode}, want {code}; {err or out[:500]}")
        return out

    def tidings_json(self, *arguments, code=0, stdin=b""):
        """The objects that a command prints with --json: one a line, or an array."""
        out = self.tidings("--json", *arguments, code=code, stdin=stdin)
        try:
            value = json.loads(out)
        except ValueError:
            return [json.loads(line) for line in out.splitlines()]
        return value if isinstance(value, list) else [value]


# ---- TAP ----


def run(names):
    """Runs every test_… function; one that takes an argument gets a World."""
    tests = [(n, f) for n, f in names.items() if n.startswith("test_") and callable(f)]
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, (name, test) in enumerate(tests, 1):
        title = name[5:].replace("_", " ")
        world = None
        try:
            if test.__code__.co_argcount:
                world = World()
                test(world)
            else:
                test()
            print(f"ok {number} - {title}", flush=True)
        except Skip as why:
            print(f"ok {number} - {title} # SKIP {why}", flush=True)
        except Exception:  # the next scenario runs whatever became of this one
            failed += 1
            print(f"not ok {number} - {title}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            if world is not None and world.runs:
                for line in world.errors().splitlines()[-20:]:
                    print(f"# tidingsd: {line}")
            sys.stdout.flush()
        finally:
            if world is not None:
                world.close()
    sys.exit(1 if failed else 0)
