"""kill -9 at any moment, restart: no item lost, none stored twice, no notification lost."""
import random

from harness import *

FEEDS = 12
ITEMS = 8


def publish(world, generation):
    """Generation n of each feed: a window of items that moves on by two each time."""
    for f in range(FEEDS):
        first = generation * 2
        world.write(f"f{f}.rss", rss([item(f * 1000 + k, f"Zelensky {f} {k}") for k in range(first + ITEMS - 1, first - 1, -1)]))


def published(generation):
    return {f"https://it.example/{f * 1000 + k}" for f in range(FEEDS) for k in range(generation * 2 + ITEMS)}


def test_nothing_is_lost_and_nothing_stored_twice(world):
    kills = 12 if QUICK else 40
    dice = random.Random(20261123)
    publish(world, 0)
    world.configure(world.feeds([f"f{f}.rss" for f in range(FEEDS)], interval="1s"), world.WATCH, world.hook_sink(),
                    connections_per_host=6, interval="1s", interval_max="1s")
    generation = 0
    for n in range(kills):
        world.start(wait=False)
        # Somewhere between before the store is open and well into the deliveries of a poll.
        moment = time.monotonic() + dice.uniform(0.0, 0.9) * PATIENCE
        while time.monotonic() < moment and world.daemon.poll() is None:
            time.sleep(0.001)
        world.alive()
        if n % 10 == 9:  # however slow the machine is, now and then it gets through
            wait_for(lambda: {link for (link,) in world.rows("SELECT link FROM items")} >= published(generation), "all of it is stored", 60)
        world.kill()
        world.sound()
        # The window moves on only when it was seen: what a server withdraws before anybody asked, nobody can keep.
        have = {link for (link,) in world.rows("SELECT link FROM items")}
        if have >= published(generation):
            generation += 1
            publish(world, generation)
    world.start()
    want = published(generation)
    wait_for(lambda: {link for (link,) in world.rows("SELECT link FROM items")} >= want, "every item is stored", 60)
    wait_for(world.outbox_settled, "nothing is left to be told", 120)
    world.stop()
    world.sound()
    links = [link for (link,) in world.rows("SELECT link FROM items")]
    equal(len(links), len(set(links)), "items stored twice")
    equal(set(links), want, "items")
    told = world.notifications()
    equal({n["item"]["link"] for n in told}, want, "notifications")
    # A repeat carries the id of the first time: one id per item, however often it was told.
    equal(len({n["id"] for n in told}), len(want), "notification ids")
    equal(generation > 0, True, "the feeds moved on while the daemon was being killed")
    print(f"# {kills} kills, {generation} generations, {len(want)} items, {len(told) - len(want)} told again")


def test_an_orderly_stop_repeats_nothing(world):
    publish(world, 0)
    world.configure(world.feeds([f"f{f}.rss" for f in range(FEEDS)]), world.WATCH, world.hook_sink(), connections_per_host=6)
    want = published(0)
    for _ in range(6):
        world.start()
        some = len(world.notifications())
        wait_for(lambda: len(world.notifications()) > some or len(world.notifications()) == len(want), "some are told")
        world.stop()
    world.start()
    wait_for(lambda: len(world.notifications()) >= len(want) and world.outbox_settled(), "all are told", 60)
    world.stop()
    equal(sorted(world.told_links()), sorted(want), "each is told once")


def test_a_second_daemon_on_the_same_database_is_refused_and_told_by_whom(world):
    world.write("f0.rss", rss([item(1)]))
    world.configure(world.feeds(["f0.rss"]), world.WATCH)
    world.start()
    done = subprocess.run([BUILD / "tidingsd", "-c", world.conf], capture_output=True, timeout=30 * PATIENCE)
    equal(done.returncode, 5, "exit of the second daemon")
    equal(str(world.daemon.pid) in done.stderr.decode(), True, f"the first one's pid in: {done.stderr.decode()}")
    world.poll_all()
    world.stop()


run(globals())
