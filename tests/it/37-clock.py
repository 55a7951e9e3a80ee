"""Clocks that jump and machines that sleep: neither a storm of polls nor a standstill, and nothing is lost."""
import struct

from harness import *

PRELOAD = BUILD / "tests/tools/otherclock.so"
HOUR = 3600 * 1000
YEAR = 365 * 24 * HOUR
FEEDS = [f"f{n:02}" for n in range(12)]


class Clock:
    """The clocks of the daemon: what is added to the right ones, in milliseconds."""

    def __init__(self, world):
        if not PRELOAD.exists():
            raise Skip("the clock cannot be moved in this build")
        self.path = world.dir / "clock"
        self.set()

    def set(self, wall=0, boot=0):
        with open(self.path, "r+b" if self.path.exists() else "w+b") as f:
            f.write(struct.pack("=qq", wall, boot))

    def start(self, world):
        world.start(env={**os.environ, "LD_PRELOAD": str(PRELOAD), "OTHERCLOCK": str(self.path)})


def configure(world, *parts, **settings):
    for name in FEEDS:
        world.write(f"{name}.rss", rss([item(int(name[1:]), f"Zelensky {name}")]))
    world.configure(world.feeds([f"{n}.rss" for n in FEEDS]), *parts, interval="1h", jitter=0, adaptive="no", **settings)


def polls(world, names=FEEDS):
    return sorted(n for k, n in world.rows("SELECT key, poll_count FROM feeds") if k in names)


def test_a_clock_that_jumps_causes_neither_a_storm_nor_a_standstill(world):
    clock = Clock(world)
    world.write("metronome.rss", rss([item(99)]))
    configure(world, world.feeds(["metronome.rss"], interval="1s"), first_poll="silent")
    clock.start(world)
    world.polled()
    for wall in (10 * YEAR, -10 * YEAR, -HOUR, 0):
        clock.set(wall=wall)
        beat = polls(world, ["metronome"])[0]
        wait_for(lambda: world.alive() and polls(world, ["metronome"])[0] >= beat + 3, f"polls go on with a clock that is wrong by {wall / HOUR} h")
        equal(polls(world), [1] * len(FEEDS), f"polls of the others with a clock that is wrong by {wall / HOUR} h")
    equal(world.rows("SELECT count(*) FROM items"), [(len(FEEDS) + 1,)], "items")
    world.stop()
    world.sound()


def test_a_clock_that_jumps_while_a_document_is_read_stops_no_feed(world):
    clock = Clock(world)
    world.write("metronome.rss", rss([item(1)]))
    world.configure(world.feeds(["metronome.rss"], interval="1s"), jitter=0, adaptive="no", workers=1)
    clock.start(world)
    world.polled()
    workers = wait_for(lambda: [int(p.name) for p in pathlib.Path("/proc").glob("[0-9]*") if child_of(world, p)], "a worker")
    os.kill(workers[0], signal.SIGSTOP)
    world.write("metronome.rss", rss([item(2)]))
    wait_for(lambda: world.control("status")["workers"]["in_hand"] == 1, "the worker holds the document")
    beat = polls(world, ["metronome"])[0]
    clock.set(wall=-10 * YEAR)
    os.kill(workers[0], signal.SIGCONT)
    wait_for(lambda: world.alive() and polls(world, ["metronome"])[0] >= beat + 3, "polls go on")
    world.stop()


def child_of(world, process):
    try:
        return f"PPid:\t{world.daemon.pid}\n" in (process / "status").read_text()
    except OSError:
        return False


def test_a_start_with_a_wrong_clock_is_no_storm_either(world):
    clock = Clock(world)
    configure(world, first_poll="silent")
    clock.start(world)
    world.polled()
    world.stop()
    times = 1
    for wall in (10 * YEAR, 0, -10 * YEAR):  # in the future all is overdue; back from there all would be due in ten years
        clock.set(wall=wall)
        clock.start(world)
        if wall > 0:
            times += 1
            wait_for(lambda: world.alive() and polls(world) == [times] * len(FEEDS), "what is overdue is polled once")
        world.control("poll f00")
        wait_for(lambda: world.alive() and polls(world)[-1] == times + 1, "one is asked for")
        equal(polls(world), [times] * (len(FEEDS) - 1) + [times + 1], f"polls after a start with a clock that is wrong by {wall / HOUR} h")
        world.stop()
        with contextlib.closing(sqlite3.connect(world.store)) as db:
            db.execute("UPDATE feeds SET poll_count = ? WHERE key = 'f00'", (times,))
            db.commit()
    world.sound()


def test_a_notification_that_waits_is_told_though_the_clock_steps_back(world):
    clock = Clock(world)
    ready = world.dir / "ready"
    hook = world.dir / "wait.sh"
    hook.write_text(f'#!/bin/sh\ntest -e {ready} || exit 75\nexec cat >"$1/$TIDINGS_NOTIFICATION_ID"\n')
    configure(world, world.WATCH, f"[sink hook]\ntype = exec\ncommand = /bin/sh {hook} {world.told}\n")
    clock.start(world)
    world.polled()
    wait_for(lambda: world.rows("SELECT count(*) FROM outbox WHERE attempts > 0")[0][0] > 0, "they are tried in vain")
    clock.set(wall=-10 * YEAR)
    ready.touch()
    wait_for(lambda: world.alive() and len(world.notifications()) == len(FEEDS), "all are told", 60)
    world.stop()


def test_a_digest_of_what_is_over_the_rate_is_not_that_of_a_future_taken_back(world):
    clock = Clock(world)
    waits = "SELECT next_try_at - strftime('%s') * 1000 FROM outbox WHERE state IN (0, 4)"
    configure(world, world.WATCH, world.hook_sink().rstrip() + "\nrate = 1/1h\n\n")
    clock.set(wall=10 * YEAR)
    clock.start(world)
    world.polled()
    wait_for(lambda: len(world.notifications()) == 1 and len(world.rows(waits)) == 1, "one is told, the others wait for their digest")
    clock.set()
    wait_for(lambda: world.alive() and world.rows(waits)[0][0] < 2 * HOUR, "it is due as soon as it was")
    clock.set(wall=2 * HOUR, boot=2 * HOUR)
    wait_for(lambda: world.alive() and world.outbox_settled() and len(world.notifications()) == 2, "it is told")
    for name in FEEDS:
        world.write(f"{name}.rss", rss([item(100 + int(name[1:]), f"Zelensky again {name}")]))
    world.control("poll *")
    wait_for(lambda: world.alive() and world.rows("SELECT count(*) FROM items") == [(2 * len(FEEDS),)], "what is new is stored")
    equal([wait < 5 * HOUR for wait, in world.rows(waits)], [True], "the next digest is no ten years away")
    world.stop()


def test_a_page_that_asks_for_a_year_holds_its_host_for_a_day(world):
    clock = Clock(world)
    where = world.url("").replace("127.0.0.1", "localhost")  # which is not among the shared hosts
    world.write("a.rss", rss([item(1, "Two lines", link=f"{where}page.html")]))
    world.write("b.rss", rss([item(2)]))
    world.write("page.html", "")
    world.write("page.html.script", "status 429\nheader Retry-After: 31536000\nsend later\n")
    world.configure(f"[feed a]\nurl = {where}a.rss\nallow-private = yes\narticle = yes\n\n", world.feeds(["b.rss"]), world.WATCH)
    clock.start(world)
    wait_for(lambda: world.alive() and world.rows("SELECT error FROM articles WHERE state = 2") == [("http_rate_limited",)], "the page was asked for")
    world.polled()  # what is under way is not asked for again
    world.control("poll *")
    wait_for(lambda: len(world.requests("b.rss")) == 2, "another host is asked")
    equal(len(world.requests("a.rss")), 1, "the host is left alone")
    clock.set(wall=25 * HOUR, boot=25 * HOUR)
    world.control("poll b")
    wait_for(lambda: world.alive() and len(world.requests("a.rss")) >= 2, "and asked again the day after")
    world.stop()


def test_a_machine_that_slept_polls_what_became_due_soon_after(world):
    clock = Clock(world)
    configure(world, world.WATCH, world.hook_sink())
    clock.start(world)
    world.polled()
    wait_for(lambda: world.outbox_settled() and len(world.notifications()) == len(FEEDS), "all are told")
    for name in FEEDS:
        world.write(f"{name}.rss", rss([item(100 + int(name[1:]), f"Zelensky in the morning {name}")]))
    clock.set(wall=12 * HOUR, boot=12 * HOUR)
    wait_for(lambda: world.alive() and polls(world) == [2] * len(FEEDS), "each is polled once")
    wait_for(lambda: world.outbox_settled() and len(world.notifications()) == 2 * len(FEEDS), "what was new is told")
    status = world.control("status")
    equal(status["loop_lag_max_ms"] < HOUR, True, f"the sleep is no fault of the loop: {status['loop_lag_max_ms']} ms")
    world.stop()
    world.sound()


run(globals())
