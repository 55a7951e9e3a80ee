#!/usr/bin/env python3
"""The desktop sink against a notification server by another D-Bus library, on a bus of our own."""

import os
import socket
import subprocess

from desktop import Bus, needs_dbus
from harness import BUILD, PATIENCE, equal, item, rss, run, wait_for

EVIL = "Zelensky &lt;a href=\"https://evil.example/\"&gt;click&lt;/a&gt; & &lt;b&gt;bold&lt;/b&gt; \u202e and \u001b[2J"


def sink(bus, *lines):
    return "\n".join(["[sink screen]", "type = desktop", f"path = {bus.path}", *lines, "", ""])


def start(world, items, *sinks, **settings):
    world.write("a.rss", rss(items))
    world.configure(world.feeds(["a.rss"], flood_guard="no"), world.WATCH, *sinks, **settings)
    world.start()


def test_each_notification_is_a_bubble_with_what_the_server_can_show(world):
    for capabilities, marked, linked in [("actions body", False, False), ("body body-markup", True, False), ("body-markup body body-hyperlinks", True, True)]:
        with Bus(world) as bus:
            server = bus.server("--capabilities", capabilities)
            start(world, [item(1, EVIL, "<p>Says <i>he</i> & she: the peace plan &lt;b&gt;holds&lt;/b&gt;</p>")], sink(bus, "expire = 7s"))
            [got] = wait_for(server.shown, "the bubble")
            wait_for(world.outbox_settled, "it is done")
            told = world.rows("SELECT id FROM outbox WHERE state = 2")
            world.stop()
            world.store.unlink()
        equal((got["app"], got["replaces"], got["expire"], got["actions"]), ("tidings", 0, 7000, []))
        equal(got["hints"], {"urgency": 1, "category": "x-tidings.match", "desktop-entry": "tidings", "x-tidings-id": told[0][0]})
        equal(got["summary"].startswith('Zelensky <a href="https://evil.example/">click</a> & <b>bold</b>'), True, "the title is never markup: " + got["summary"])
        equal("\x1b" in got["summary"] or "\u202e" in got["summary"], False, repr(got["summary"]))
        equal("<b>peace plan</b>" in got["body"], marked, got["body"])
        equal("<b>holds" in got["body"], not marked, got["body"])
        equal("[peace plan]" in got["body"], not marked, got["body"])
        equal('<a href="https://it.example/1">' in got["body"], linked, got["body"])
        if marked:
            equal("&lt;b&gt;holds&lt;/b&gt;" in got["body"] and "he &amp; she" in got["body"], True, got["body"])


def test_a_story_that_grows_takes_the_place_of_its_bubble_and_urgency_follows_severity(world):
    text = "The mayor of Arden received Zelensky on Monday and showed him the new bridge over the river, which opens in May after four years of work."
    with Bus(world) as bus:
        server = bus.server("--first", "40")
        world.write("a.rss", rss([item(1, "Zelensky sees the bridge", text), item(9, "A peace plan for Geneva", "It was handed over.")]))
        world.write("b.rss", rss([]))
        watches = ("[actor zelenskiy]\nname = Zelensky\n\n[topic peace-plan]\nphrase = peace plan\n\n"
                   "[watch bridges]\nactors = *\nseverity = urgent\ncopies = yes\n\n[watch plans]\ntopics = *\nseverity = low\n\n")
        world.configure(world.feeds(["a.rss", "b.rss"]), watches, sink(bus, "expire = 5s", "title = {title:60}"), group_by="story", group_interval="1s")
        world.start()
        wait_for(lambda: len(server.shown()) == 2, "two bubbles")
        first = {g["summary"]: g for g in server.shown()}
        bridge, plan = first["Zelensky sees the bridge"], first["A peace plan for Geneva"]
        equal((bridge["hints"]["urgency"], bridge["expire"]), (2, 0), "urgent stays")
        equal((plan["hints"]["urgency"], plan["expire"]), (0, 5000), "low goes")
        world.write("b.rss", rss([item(2, "Bridge shown to guest", text, link="https://other.example/2")]))
        world.poll_all()
        grown = wait_for(lambda: server.shown()[2:], "it grows")[0]
        equal((grown["replaces"], grown["id"]), (bridge["id"], bridge["id"]))
        equal("now in 2 sources" in grown["summary"], True, grown["summary"])
        # another server: its numbers mean nothing to what was shown before
        server.stop()
        other = bus.server("--first", "40", "--capabilities", "body body-markup")
        wait_for(world.outbox_settled, "all is told")
        world.write("a.rss", rss([item(3, "Bridge: what Zelensky saw", text, link="https://it.example/3")]))
        world.poll_all()
        third = wait_for(other.shown, "it grows once more", 40)[0]
        equal(third["replaces"], 0)
        equal("<b>Zelensky</b>" in third["body"], True, third["body"])
        world.stop()


def test_a_server_that_is_away_stalls_refuses_or_dies_costs_time_and_no_notification(world):
    with Bus(world) as bus:
        start(world, [item(1, "Zelensky one")], sink(bus, "timeout = 1s"), world.hook_sink())
        wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE sink = 'screen' AND error LIKE 'there is no notification server%'"), "nobody is there")
        equal(len(wait_for(world.notifications, "the other sink is told at once")), 1)
        server = bus.server()
        server.order("stall")
        world.tidings("outbox", "retry", "--all")
        first = wait_for(server.shown, "it is shown")[0]
        wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE error LIKE '%server does not answer%'"), "it is given up")
        world.poll_all()  # the loop goes on while it stalls
        server.order("go on")
        server.order("refuse 1")
        world.tidings("outbox", "retry", "--all")
        wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE error LIKE '%too many on the screen%'"), "it is refused for now")
        server.order("cut 1")
        world.tidings("outbox", "retry", "--all")
        wait_for(lambda: server.process.poll() is not None, "it has died")
        bus.servers.remove(server)
        other = bus.server()
        world.tidings("outbox", "retry", "--all")
        again = wait_for(other.shown, "it is shown by the next one", 40)[0]
        equal(again["hints"]["x-tidings-id"], first["hints"]["x-tidings-id"], "the identifier")
        wait_for(world.outbox_settled, "it is done")
        bus.stop()
        world.write("a.rss", rss([item(2, "Zelensky two")]))
        world.poll_all()
        wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE sink = 'screen' AND state = 0 AND error IS NOT NULL"), "the bus is away")
        bus.start()
        last = bus.server()
        world.tidings("outbox", "retry", "--all")
        equal(wait_for(last.shown, "the bus is back", 40)[0]["summary"], "Zelensky two")
        wait_for(world.outbox_settled, "it is done")
        world.stop()


def test_a_bus_that_never_speaks_is_given_up(world):
    needs_dbus()
    path = world.dir / "mute"
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(path))
        mute.listen(8)
        start(world, [item(1, "Zelensky one")], f"[sink screen]\ntype = desktop\npath = {path}\ntimeout = 1s\n\n", world.hook_sink())
        wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE error LIKE '%the message bus does not answer%'"), "it is given up")
        equal(len(wait_for(world.notifications, "the other sink is told")), 1)
        world.stop()


def test_many_at_once_are_a_few_bubbles_and_one_digest(world):
    with Bus(world) as bus:
        server = bus.server()
        start(world, [item(n, f"Zelensky number {n}", f"Matter {n}.") for n in range(300)], sink(bus))
        digest = wait_for(lambda: server.shown()[20:], "as many as the rate allows, and the rest when it allows one more", 60)[0]
        equal(digest["summary"].startswith("280 items: "), True, digest["summary"])
        equal(digest["hints"]["category"], "x-tidings.digest")
        equal(len(digest["body"]) <= 1000 and digest["body"].count("\n") == 10, True, digest["body"])
        world.stop()


def test_the_bus_of_the_session_is_found_and_none_is_a_mistake(world):
    with Bus(world) as bus:
        server = bus.server()
        (world.dir / "runtime").mkdir()
        (world.dir / "runtime/bus").symlink_to(bus.path)
        world.configure("[sink screen]\ntype = desktop\n\n")
        for env in [{"DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus.path}", "XDG_RUNTIME_DIR": ""}, {"XDG_RUNTIME_DIR": str(world.dir / "runtime"), "DBUS_SESSION_BUS_ADDRESS": "tcp:host=127.0.0.1,port=1"}]:
            before = len(server.shown())
            world.start(env={**os.environ, **env})
            world.tidings("sink", "test", "screen")
            equal(len(server.shown()), before + 1)
            world.stop()
        bare = {k: v for k, v in os.environ.items() if k not in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")}
        done = subprocess.run([BUILD / "tidingsd", "-c", world.conf], capture_output=True, timeout=60 * PATIENCE, env=bare)
        equal(done.returncode != 0 and b"there is no session bus here" in done.stderr, True, done.stderr)


run(globals())
