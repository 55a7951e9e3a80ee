"""Documents are read by confined processes: what one does to its worker costs its own feed one error."""
import re

from harness import *


def workers(world):
    """The daemon's children of that name."""
    out = []
    for path in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":\t", 1) for line in path.read_text().splitlines() if ":\t" in line)
        except OSError:
            continue
        if fields["Name"] == "tidings-worker" and int(fields["PPid"]) == world.daemon.pid:
            out.append((int(fields["Pid"]), fields))
    return out


def status(world):
    return world.control("status")["workers"]


def ready(world, count):
    return wait_for(lambda: status(world)["ready"] == count and status(world), f"{count} workers are ready")


def start(world, feeds=3, **settings):
    for n in range(feeds):
        world.write(f"f{n}.rss", rss([item(n, f"Zelensky {n}")]))
    world.configure(world.feeds([f"f{n}.rss" for n in range(feeds)]), world.WATCH, **settings)
    world.start()


def test_workers_read_what_the_daemon_fetches_and_are_confined(world):
    start(world, workers=2)
    world.polled()
    said = ready(world, 2)
    equal(said["documents"], 3, "documents")
    processes = workers(world)
    equal(len(processes), 2, "processes")
    for pid, fields in processes:
        equal(sorted(os.listdir(f"/proc/{pid}/fd")), ["0", "1", "2"], "descriptors of a worker")
        limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
        for what, most in (("core file size", 0), ("file size", 0), ("processes", 0), ("open files", 3)):
            equal(re.search(f"^Max {what} +{most} +{most} ", limits, re.MULTILINE) is not None, True, f"{what}: {limits}")
        if said["seccomp"]:
            equal(fields["Seccomp"].strip(), "2", "the system calls are filtered")
            equal(fields["NoNewPrivs"].strip(), "1", "no new privileges")
    equal(said["memory_limit"], not SANITIZED, "the limit of memory")
    text = world.tidings("status")
    equal("2 of 2 ready" in text, True, text)
    equal(("not confined" in text) == said["seccomp"], False, text)
    lags = world.control("status")["loop_lag"]
    equal([lag["le_ms"] for lag in lags][:3] + [lags[-1]["le_ms"]], [1, 2, 5, None], "how late the loop is counted to be")
    equal(sum(lag["count"] for lag in lags) > 0 and "never later than" in text, True, f"how late the loop was: {text}")
    world.stop()
    equal(workers_left(processes), [], "workers that outlived the daemon")


def workers_left(processes):
    wait_for(lambda: not any(pathlib.Path(f"/proc/{pid}").exists() for pid, _ in processes), "the workers are gone")
    return []


def test_workers_that_are_busy_end_with_a_daemon_that_is_killed(world):
    start(world, workers=1)
    world.polled()
    ready(world, 1)
    processes = workers(world)
    os.kill(processes[0][0], signal.SIGSTOP)  # it reads nothing, not even the end of its pipe
    world.kill()
    equal(workers_left(processes), [], "workers that outlived the daemon")


def private_kib(pid):
    """What a process has written to, or has for itself since another has."""
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except PermissionError as e:
        raise Skip("a worker's memory cannot be looked at") from e
    return int(re.search(r"^Private_Dirty: +(\d+) kB", text, re.MULTILINE)[1])


def test_workers_share_the_compiled_watchlist(world):
    """A list of 60,000 names takes tens of megabytes in the daemon, and next to nothing in each worker."""
    def measure(names, name):
        (world.dir / "names.tsv").write_text("id\tkind\tlang\tname\n" + "".join(
            f"n{n}\tperson\tund\t{chr(65 + n % 26)}{'aeiou'[n % 5]}l{n} {chr(65 + n // 26 % 26)}or{n}\n" for n in range(names)))
        world.write("a.rss", rss([item(n, f"Zelensky {name} {n}") for n in range(20)]))
        world.configure(world.feeds(["a.rss"]), world.WATCH, workers=2, include_names=world.dir / "names.tsv")
        world.start()
        world.poll_all()
        ready(world, 2)
        daemon, each = world.rss_kib(), [private_kib(pid) for pid, _ in workers(world)]
        world.stop()
        return daemon, max(each)

    if SANITIZED:
        raise Skip("a sanitizer keeps books of all memory")
    (without, few), (whole, many) = measure(2, "one"), measure(60000, "two")
    equal(whole - without > 16000, True, f"the list is large enough to tell: {whole - without} KiB")
    equal(many - few < (whole - without) / 4, True, f"KiB of each worker's own: {few} without, {many} with a list of {whole - without}")


def test_killed_workers_are_replaced(world):
    start(world, workers=2)
    world.polled()
    ready(world, 2)
    for pid, _ in workers(world):
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: status(world)["restarts"] == 2, "both were seen to end")
    ready(world, 2)
    world.poll_all()
    equal(world.rows("SELECT count(*) FROM feeds WHERE error <> 'ok' AND error IS NOT NULL"), [(0,)], "failing feeds")
    world.stop()


def test_a_document_that_keeps_its_worker_costs_its_feed_one_error_and_leaves_a_sample(world):
    """A worker that is stopped is one that hangs: only the document that it holds pays for it."""
    start(world, feeds=4, workers=1)
    world.polled()
    ready(world, 1)
    (pid, _), = workers(world)
    os.kill(pid, signal.SIGSTOP)
    world.write("f1.rss", rss([item(100, "Zelensky returns")]))
    world.control("poll f1")
    wait_for(lambda: status(world)["in_hand"] == 1, "the worker holds the document")
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: status(world)["crashed"] == 1, "the crash is counted")
    failing = wait_for(lambda: [f for f in world.tidings_json("feeds") if f["error"]], "the error is stored")
    equal([(f["key"], f["error"]["code"], f["error"]["count"]) for f in failing], [("f1", "parser_crash", 1)], "failing feeds")
    samples = list((world.dir / "samples").iterdir())
    equal(len(samples), 1, "samples")
    equal("-f1.sample" in samples[0].name, True, samples[0].name)
    equal("Zelensky returns" in samples[0].read_text(), True, "what is in the sample")
    equal(oct(samples[0].stat().st_mode & 0o777), "0o600", "who may read it")
    equal(oct(samples[0].parent.stat().st_mode & 0o777), "0o700", "and who may look for it")
    # its validators were not kept: it is read again, and well
    ready(world, 1)
    world.poll_all()
    wait_for(lambda: not [f for f in world.tidings_json("feeds") if f["error"]], "it recovers")
    equal(world.rows("SELECT count(*) FROM items"), [(5,)], "items")
    world.sound()
    world.stop()


def test_only_the_last_ten_samples_stay(world):
    start(world, feeds=1, workers=1)
    world.polled()
    ready(world, 1)
    for n in range(12):
        (pid, _), = workers(world)
        os.kill(pid, signal.SIGSTOP)
        world.write("f0.rss", rss([item(100 + n, f"number {n}", " and so on" * 120_000 if n == 11 else "")]))
        world.control("poll f0")
        wait_for(lambda: status(world)["in_hand"] == 1, "the worker holds the document")
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: status(world)["crashed"] == n + 1, "the crash is counted")
        ready(world, 1)
    samples = sorted((world.dir / "samples").iterdir())
    equal([[n for n in range(12) if f"number {n}<" in s.read_text()] for s in samples], [[n] for n in range(2, 12)], "what is kept")
    equal(samples[-1].stat().st_size, 1 << 20, "of a large document its beginning")
    world.stop()


def test_without_workers_the_daemon_reads_itself_and_says_so(world):
    start(world, workers=0)
    world.polled()
    equal(workers(world), [], "processes")
    equal(status(world)["documents"], 3, "documents")
    text = world.tidings("status")
    equal("the daemon reads documents itself" in text, True, text)
    world.stop()


def test_a_reload_changes_their_number_and_what_they_look_for(world):
    start(world, workers=1)
    world.polled()
    first = workers(world)
    world.configure(world.feeds([f"f{n}.rss" for n in range(3)]), world.WATCH, "[actor lavrov]\nname = Lavrov\n\n", workers=2)
    equal("error" in world.control("reload"), False, "reload")
    ready(world, 2)
    wait_for(lambda: not {pid for pid, _ in first} & {pid for pid, _ in workers(world)}, "the old one has gone")
    world.write("f0.rss", rss([item(50, "Lavrov and Zelensky")]))
    world.poll_all()
    found = world.tidings_json("items", "--actor", "lavrov")
    equal([i["item"]["title"] if "item" in i else i["title"] for i in found], ["Lavrov and Zelensky"], "items about the new name")
    world.stop()


run(globals())
