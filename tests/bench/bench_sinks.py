#!/usr/bin/env python3
"""What a notification costs at each sink that runs no program: the processor time of the whole daemon from a stored item to a delivery
that is noted (taken from the outbox, rendered, sent, answered, committed), against the receivers of the ledger's test. A thousand a
second on one core allow 1,000 us each. Beside it what a bare peer needs for the same bytes: curl, or a program that only writes.
  bench_sinks.py [NOTIFICATIONS]
"""
import contextlib
import os
import pathlib
import resource
import sqlite3
import subprocess
import sys

SOURCE = pathlib.Path(os.environ.get("top_srcdir", ".")).resolve()
sys.path.insert(0, str(SOURCE / "tests/it"))
sys.dont_write_bytecode = True
from brokers import Nats, Subscriber, mosquitto, nats  # noqa: E402
from desktop import Bus  # noqa: E402
from harness import Skip, World, item, rss, wait_for  # noqa: E402
from receivers import File, JetStream, Ledger, Log, Mqtt, Pages, Screen, Smtp, Stream, Web  # noqa: E402

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
TICK = os.sysconf("SC_CLK_TCK")


def cpu_us(pid):
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(stat[11]) + int(stat[12])) / TICK * 1e6


def cost(make):
    """Microseconds of the daemon's processor time for a notification. The items come first, to be told to nobody; then the outbox
    is filled, and the deliveries stand alone."""
    with contextlib.ExitStack() as stack:
        world = World()
        stack.callback(world.close)
        receiver = make(world, stack)
        receiver.peaceful = True
        world.write("a.rss", rss([item(n, f"Zelensky 0 {n}", f"Matter {n} of the peace plan, told in a few words. " * 5) for n in range(COUNT)]))
        world.configure(world.feeds(["a.rss"], flood_guard="no"), world.WATCH.rstrip() + "\nsinks =\n\n", receiver.sink("it"))
        world.start()
        wait_for(lambda: world.rows("SELECT count(*) FROM items") == [(COUNT,)], "all is stored", 300)
        world.stop()
        at = "(SELECT max(first_seen_at) FROM items)"
        with contextlib.closing(sqlite3.connect(world.store)) as db:
            db.execute("INSERT INTO outbox(id, kind, item_id, sink, watches, severity, state, next_try_at, created_at, updated_at, thread)"
                       f" SELECT printf('n-%032x', id), 0, id, 'it', 'talks', 1, 0, {at}, {at}, {at}, printf('n-%032x', id) FROM items")
            db.commit()
        world.configure(world.feeds(["a.rss"], flood_guard="no", enabled="no"), world.WATCH, receiver.sink("it"), log_level="warn")
        world.start()
        wait_for(lambda: world.rows("SELECT count(*) FROM outbox WHERE state = 2") == [(COUNT,)], "all is told", 300)
        whole = cpu_us(world.daemon.pid)
        world.stop()
        world.start()  # what starting and waiting cost alone
        start = cpu_us(world.daemon.pid)
        world.stop()
        return (whole - start) / COUNT


def bare_curl():
    """The same number of posts of 1 KB over one connection."""
    receiver = Web(1, ["ok"])
    config = "\nnext\n".join([f'url = "http://127.0.0.1:{receiver.server_port}/"\nheader = "webhook-id: n-{n}"\nheader = "Content-Type: application/json"\n'
                              f'data = "{{\\"id\\":\\"n-{n}\\",\\"item\\":{{\\"title\\":\\"Zelensky 0 {n}\\",\\"x\\":\\"{"x" * 1000}\\"}}}}"' for n in range(COUNT)])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["curl", "-sS", "--no-progress-meter", "-o", "/dev/null", "--config", "-"], input=config.encode(), check=True, timeout=300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e6 / COUNT


class Null(Ledger):
    def sink(self, name):
        return f"[sink {name}]\ntype = print\nformat = line\npath = /dev/null\n\n"


def mqtt(world, stack):
    server = stack.enter_context(mosquitto(world, "allow_anonymous true", "max_queued_messages 100000"))
    receiver = Mqtt(6, server, Subscriber(server.port, "news/#"))
    return receiver


def jetstream(world, stack):
    server = stack.enter_context(nats(world))
    return JetStream(7, server, Nats(server.port))


SINKS = {
    "print": lambda world, stack: Null(0),
    "file": lambda world, stack: File(world, "file", "file"),
    "syslog": lambda world, stack: Log(world, "syslog", "syslog"),
    "journal": lambda world, stack: Log(world, "journal", "journal"),
    "feed": lambda world, stack: Pages(world, "pages", 100),  # as configured where nothing else is said
    "socket": lambda world, stack: Stream(world, "stream"),
    "webhook": lambda world, stack: Web(1, ["ok"]),
    "mail": lambda world, stack: Smtp(5, ["ok"]),
    "mqtt": mqtt,
    "nats": jetstream,
    "desktop": lambda world, stack: Screen(stack.enter_context(Bus(world))),
}


def main():
    chosen = sys.argv[2:] or SINKS
    least = None
    for name in chosen:
        try:
            us = cost(SINKS[name])
        except Skip as why:
            print(f"sinks: {name}: left out: {why}")
            continue
        least = us if name == "print" else least
        line = f"sinks: {name:8} {us:6.0f} us of processor time for a notification: x {us / 1000:.2f} of what 1,000 a second allow"
        if least and name != "print":
            line += f"; x {us / least:.2f} of print to /dev/null"
        if name == "webhook":
            bare = bare_curl()
            line += f"; curl alone {bare:.0f} us: x {us / bare:.2f}"
        print(line, flush=True)


main()
