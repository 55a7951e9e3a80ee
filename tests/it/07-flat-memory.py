"""One process, one thread for the loop; memory stays flat over 100 polls of the same 200 feeds."""
import resource

from harness import *

FEEDS = 40 if QUICK else 200
POLLS = 60 if QUICK else 100


def slope(values):
    """Kilobytes per poll, by least squares."""
    n = len(values)
    mean_x, mean_y = (n - 1) / 2, sum(values) / n
    return sum((x - mean_x) * (y - mean_y) for x, y in enumerate(values)) / sum((x - mean_x) ** 2 for x in range(n))


def run_polls(world, each=None):
    if SANITIZED:
        raise Skip("the address sanitizer keeps freed memory; leaks are its own business")
    rss_kib = []
    for n in range(POLLS):
        if each:
            each(n)
        world.poll_all()
        rss_kib.append(world.rss_kib())
    return rss_kib


def test_memory_stays_flat_over_many_polls_of_unchanged_feeds(world):
    names = [f"f{n}.rss" for n in range(FEEDS)]
    for n, name in enumerate(names):
        world.write(name, rss([item(n * 100 + k, f"Zelensky {n} {k}", "A peace plan. " * 40) for k in range(25)]))
    world.configure(world.feeds(names), world.WATCH, log_level="notice", connections_per_host=16)
    world.start()
    world.polled(seconds=120)
    first = run_polls(world)
    settled = first[len(first) // 2:]
    grown = slope(settled)
    print(f"# {FEEDS} feeds, {POLLS} polls: {first[0]} → {first[-1]} KiB, {grown:.1f} KiB a poll")
    world.stop()
    # An allocator rounds; a leak of one small block per feed and poll would be more than this.
    equal(grown < FEEDS * 0.05 + 4, True, f"growth of {grown:.1f} KiB a poll")
    equal(len({(r["path"], r["status"]) for r in world.requests() if r["status"] == 200}), FEEDS, "documents fetched whole")
    equal(world.rows("SELECT count(*) FROM items"), [(FEEDS * 25,)], "items")


def test_memory_stays_flat_while_documents_are_parsed_again_and_again(world):
    """Each document differs from the last by a comment, so that it is fetched, parsed and matched anew; its items are known."""
    names = [f"f{n}.rss" for n in range(20)]
    documents = {name: rss([item(n * 100 + k, f"Zelensky {n} {k}", "A peace plan. " * 40) for k in range(25)]) for n, name in enumerate(names)}

    def publish(generation):
        for name, text in documents.items():
            world.write(name, text + f"<!-- {generation} -->\n")

    publish(0)
    world.configure(world.feeds(names), world.WATCH, log_level="notice", connections_per_host=16)
    world.start()
    world.polled()
    values = run_polls(world, each=lambda n: publish(n + 1))
    settled = values[len(values) // 2:]
    grown = slope(settled)
    print(f"# {POLLS} polls of 20 changing documents: {values[0]} → {values[-1]} KiB, {grown:.1f} KiB a poll")
    world.stop()
    equal(grown < 20, True, f"growth of {grown:.1f} KiB a poll")
    equal(world.rows("SELECT count(*) FROM items"), [(500,)], "items")
    equal(len([r for r in world.requests() if r["status"] == 200]), 20 * (POLLS + 1), "documents fetched whole")


def test_descriptors_and_threads_stay_few(world):
    names = [f"f{n}.rss" for n in range(50)]
    for n, name in enumerate(names):
        world.write(name, rss([item(n)]))
    world.configure(world.feeds(names), world.WATCH, world.hook_sink())
    world.start()
    world.polled()
    process = pathlib.Path(f"/proc/{world.daemon.pid}")

    def counts():
        return len(list((process / "fd").iterdir())), len(list((process / "task").iterdir()))

    before = counts()
    for _ in range(10):
        world.poll_all()
    after = counts()
    world.stop()
    equal(after[0] <= before[0] + 4, True, f"descriptors: {before[0]}, then {after[0]}")
    equal(after[1] <= 5, True, f"threads: {after[1]}")  # the loop, two for the log, one each for the index and the stories


def test_without_a_free_descriptor_nothing_spins_and_it_goes_on_afterwards(world):
    stream = world.dir / "stream"
    world.write("metronome.rss", rss([item(1)]))
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        hubs = free.getsockname()
    world.configure(world.feeds(["metronome.rss"], interval="1s"), f"[sink stream]\ntype = socket\npath = {stream}\n", adaptive="no", jitter=0,
                    websub_listen=f"127.0.0.1:{hubs[1]}", websub_callback="https://it.example/")
    world.start()
    world.polled()
    process = pathlib.Path(f"/proc/{world.daemon.pid}")

    def open_now():
        return len(list((process / "fd").iterdir()))

    def cpu_s():
        fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def connected(path):
        s = socket.socket(socket.AF_UNIX)
        s.connect(str(path))
        return s

    limit = open_now() + 4
    resource.prlimit(world.daemon.pid, resource.RLIMIT_NOFILE, (limit, limit))
    with contextlib.ExitStack() as clients:
        for _ in range(8):
            for path in (world.control_path, stream):
                clients.enter_context(contextlib.closing(connected(path)))
        wait_for(lambda: open_now() >= limit, "no descriptor is free")
        clients.enter_context(contextlib.closing(socket.create_connection(hubs)))
        (beat,), used = world.rows("SELECT poll_count FROM feeds")[0], cpu_s()
        wait_for(lambda: world.alive() and world.rows("SELECT poll_count FROM feeds")[0][0] >= beat + 2, "polls go on")
        used = cpu_s() - used
    equal(used < 0.4, True, f"processor time while somebody cannot be let in: {used} s")
    equal(world.errors().count("oo many open files") <= 10, True, f"how often it is said: {world.errors().count('oo many open files')}")
    wait_for(lambda: world.control("status"), "it answers again")
    with contextlib.closing(socket.create_connection(hubs, timeout=20 * PATIENCE)) as hub:
        hub.sendall(b"GET / HTTP/1.1\r\nHost: it.example\r\n\r\n")
        equal(hub.recv(12), b"HTTP/1.1 404", "so do hubs get an answer")
    world.stop()


run(globals())
