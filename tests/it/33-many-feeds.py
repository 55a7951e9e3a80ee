"""A hundred thousand feeds: what they cost while nothing happens, and how long a start takes."""
from harness import *

FEEDS = 10_000 if QUICK or SANITIZED else 100_000
# Of fewer feeds each bears more of what is there once: pages of the database, and of a heap that has grown.
BYTES_PER_FEED = 1024 if FEEDS == 100_000 else 2048
START_CPU_S = 5


def cpu_s(world):
    fields = pathlib.Path(f"/proc/{world.daemon.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def started(world):
    """Starts the daemon with feeds that are due in an hour; CPU seconds until it answers, and its memory then."""
    world.start(wait=False)
    wait_for(lambda: world.alive() and world.control("status"), "the daemon answers", 120)
    return cpu_s(world), world.rss_kib()


def far_ahead(world):
    with contextlib.closing(sqlite3.connect(world.store)) as db:
        db.execute("UPDATE feeds SET next_due_at = ?", (int(time.time() * 1000) + 3_600_000,))
        db.commit()


def test_many_feeds_cost_little_memory_and_a_start_takes_seconds(world):
    def configure(count):
        world.configure("".join(f"[feed publisher-{n}]\nurl = http://127.0.0.1:{world.port}/news/section-{n}.rss\nallow-private = yes\n\n"
                                for n in range(count)))
    configure(1)
    started(world)
    world.stop()
    far_ahead(world)
    _, base = started(world)
    world.stop()
    configure(FEEDS)
    started(world)
    world.stop()
    far_ahead(world)
    cpu, memory = started(world)
    status = world.control("status")
    world.stop()
    equal(status["feeds"], FEEDS, "feeds")
    if not SANITIZED:
        each = (memory - base) * 1024 / FEEDS
        equal(each <= BYTES_PER_FEED, True, f"{each:.0f} bytes of memory for each feed")
        equal(cpu * 100_000 / FEEDS <= START_CPU_S * PATIENCE, True, f"{cpu:.1f} s of CPU for a start with {FEEDS} feeds")


run(globals())
