"""The whole daemon against peers: feeds polled cold (fetched, parsed, matched with 1,000 names, stored and indexed) and warm
(all 304), from a local server that invents them. Prints ratios of processor time measured in this run; absolute seconds
only beside them. Peers whose Debian packages are missing are skipped.
  bench_daemon.py [COLD-FEEDS [WARM-FEEDS]]
"""
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ.get("top_srcdir", ".")).resolve()
sys.path.insert(0, str(SOURCE / "tests/it"))
sys.dont_write_bytecode = True
from harness import BUILD, World, wait_for  # noqa: E402

COLD = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
WARM = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
TICK = os.sysconf("SC_CLK_TCK")
NAMES = 1000
COLD_ROUNDS = 5  # with and without workers in turn, of which the medians count
WARM_ROUNDS = 10


def cpu_of(pid):
    """Processor seconds of a process, of its children that have ended, and of those that live."""
    total = 0
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total = sum(map(int, stat[11:15])) / TICK
        for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            total += cpu_of(child)
    except OSError:
        pass
    return total


def names_file(path):
    """A watchlist of invented persons; a few of them stand in the invented feeds."""
    syllables = ["ba", "kor", "lin", "mes", "tor", "vel", "dra", "nik", "sol", "per", "gan", "hus"]
    rows = ["id\tkind\tlang\tname", "p0\tperson\tund\tIlse Brandvik", "p1\tperson\tund\tMarko Telessen"]
    for n in range(2, NAMES):
        a, b, c, d = n % 12, n // 12 % 12, n // 144 % 12, (n * 7 + 5) % 12
        given = (syllables[b] + syllables[d]).title()
        family = (syllables[a] + syllables[b] + syllables[c] + syllables[d]).title()
        rows.append(f"p{n}\tperson\tund\t{given} {family}")
    path.write_text("\n".join(rows) + "\n")


class Bench(World):
    def __init__(self, count):
        super().__init__(server=False)
        self.count = count
        self.start_server("--generate", str(count), "--quiet")

    def urls(self, count):
        return [self.url(f"gen/{n}.rss") for n in range(count)]

    def configure_feeds(self, count, **settings):
        names_file(self.dir / "names.tsv")
        feeds = "".join(f"[feed f{n}]\nurl = {url}\nallow-private = yes\n\n" for n, url in enumerate(self.urls(count)))
        self.configure(feeds, "[watch all]\nactors = *\n\n", connections=64, connections_per_host=64, connections_per_address=64,
                       host_spacing="0s", log_level="notice", include_names=self.dir / "names.tsv", interval="12h", **settings)

    def polls(self):
        s = self.control("status")
        return s["polls"] if s and s["polls_uncommitted"] == 0 and s["polls_in_flight"] == 0 else -1

    @staticmethod
    def until(condition, what, pause=0.01, seconds=600):
        """As wait_for, but seen within `pause` seconds: what is measured takes a second."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise SystemExit(f"bench_daemon: after {seconds} s still not: {what}")
            time.sleep(pause)

    def cold(self, count):
        """From the start of the daemon, which is counted in, until every feed is stored. Processor seconds of the daemon (until
        the full-text index has followed, too), of the server, wall seconds, and those of them until it answered."""
        start = time.monotonic()
        out, into = os.pipe()
        self.start(wait=False, stderr=into)
        os.close(into)
        self.until(lambda: self.alive() and self.control("status"), "the daemon answers", 0.002)
        up = time.monotonic() - start
        self.control("poll *")
        # its log tells when: to wait for a line takes no processor from it, to ask again and again does
        self.log = open(out, errors="replace")  # what comes later stays in the pipe
        said = []
        for line in self.log:
            said.append(line)
            if f"first polls of {count} feeds" in line:
                break
        else:
            raise SystemExit("bench_daemon: the daemon ended:\n" + "".join(said))
        wall = time.monotonic() - start
        self.err_path.write_text("".join(said))
        wait_for(lambda: self.control("status")["items_unindexed"] == 0, "all items are indexed", 600)
        return cpu_of(self.daemon.pid), cpu_of(self.server.pid), wall, up

    def again(self, count):
        """The same for one more round, of 304s: the mean of some, because the kernel tells processor time in hundredths."""
        daemon, server, start = cpu_of(self.daemon.pid), cpu_of(self.server.pid), time.monotonic()
        for _ in range(WARM_ROUNDS):
            before = wait_for(lambda: self.polls() + 1, "no poll is under way", 600) - 1
            self.control("poll *")
            self.until(lambda: self.alive() and self.polls() >= before + count, "all feeds are polled again")
        spent = cpu_of(self.daemon.pid) - daemon, cpu_of(self.server.pid) - server, time.monotonic() - start
        return tuple(x / WARM_ROUNDS for x in spent)


def tidings(count, warm, **settings):
    """Cold and warm rounds of one daemon with an empty database."""
    bench = Bench(max(count, 1))
    try:
        bench.configure_feeds(count, **settings)
        cold = bench.cold(count)
        stored = bench.rows("SELECT count(*) FROM items")[0][0]
        if stored != 25 * count:
            raise SystemExit(f"bench_daemon: {stored} items were stored, not {25 * count}: {bench.control('status')} {bench.errors()[:1000]}")
        out = [cold] + ([bench.again(count)] if warm else [])
        lag = bench.control("status")
        over = sum(bucket["count"] for bucket in lag["loop_lag"] if bucket["le_ms"] is None or bucket["le_ms"] > 100)
        say(f"{count} feeds, {settings}: the loop was at most {lag['loop_lag_max_ms']} ms late, {over} times more than 100 (none wanted on an idle machine)")
        bench.stop()
        return out
    finally:
        bench.close()


# ---- peers: each returns the seconds of a cold and a warm run, as (processor, wall) ----


def timed(command, **popen):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, **popen)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start


def newsboat(bench, home):
    (home / "urls").write_text("\n".join(bench.urls(bench.count)) + "\n")
    (home / "config").write_text("reload-threads 8\nmax-items 0\n")
    command = ["newsboat", "-q", "-u", home / "urls", "-c", home / "cache.db", "-C", home / "config", "-x", "reload"]
    return [timed(command, env={**os.environ, "HOME": str(home)}) for _ in range(2)]


def sfeed(bench, home):
    feeds = "".join(f'\tfeed "f{n}" "{url}"\n' for n, url in enumerate(bench.urls(bench.count)))
    (home / "sfeedrc").write_text(f'sfeedpath="{home}/feeds"\nmaxjobs=8\nfeeds() {{\n{feeds}}}\n')
    return [timed(["sfeed_update", home / "sfeedrc"]) for _ in range(2)]


def gofeed(bench, home):
    shutil.copy(SOURCE / "tests/bench/peers/poller.go", home)
    env = {**os.environ, "HOME": str(home), "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOCACHE": str(home / "cache")}
    subprocess.run(["go", "build", "-tags", "libsqlite3", "-o", home / "poller", home / "poller.go"], env=env, check=True)
    (home / "urls").write_text("\n".join(bench.urls(bench.count)) + "\n")
    return [timed([home / "poller", home / "urls", home / "poller.db"]) for _ in range(2)]


PEERS = [
    ("newsboat", newsboat, ["newsboat"], 12, None),
    ("sfeed_update", sfeed, ["sfeed"], 22, None),
    ("a Go poller (gofeed, SQLite without index or matching)", gofeed,
     ["golang-go", "golang-github-mmcdole-gofeed-dev", "golang-github-mattn-go-sqlite3-dev"], 2.5, 0.7),
]


def missing(packages):
    installed = subprocess.run(["dpkg-query", "-W", "-f=${Package} ${Status}\n", *packages], capture_output=True, text=True).stdout
    return [p for p in packages if f"{p} install ok installed" not in installed]


def say(text):
    print("daemon " + text, flush=True)


def against_peer(name, run, packages, wanted, wall_wanted, ours_cold, ours_warm, parts=None):
    absent = missing(packages)
    if absent:
        say(f"against {name}: skipped: package {' '.join(absent)}")
        return
    bench, home = Bench(COLD), pathlib.Path(tempfile.mkdtemp(prefix="tidings-bench-"))
    try:
        cold, warm = run(bench, home)
    finally:
        bench.close()
        shutil.rmtree(home, ignore_errors=True)
    say(f"cold against {name}: {cold[0] / ours_cold[0]:.1f} x its CPU saved ({cold[0]:.2f} s to {ours_cold[0]:.2f} s; at least {wanted} wanted)")
    if parts:
        say(f"cold against {name}: the parts alone would save {cold[0] / parts:.1f} x")
    say(f"warm against {name}: {warm[0] / ours_warm[0]:.1f} x its CPU saved ({warm[0]:.3f} s to {ours_warm[0]:.3f} s; more than 1 wanted)")
    if wall_wanted:
        say(f"cold against {name}: {ours_cold[2] / cold[1]:.2f} of its wall time ({ours_cold[2]:.2f} s to {cold[1]:.2f} s; at most {wall_wanted} wanted)")


def against_parts(ours_cold):
    """Fetching, reading and storing with an index, as plainly as it can be put together: what nobody can do without. Their
    processor seconds, or None."""
    program = BUILD / "tests/bench/bench_parts"
    if not program.exists():
        say("against the sum of the parts: skipped: bench_parts is not built (make bench does that)")
        return None
    bench, home = Bench(COLD), pathlib.Path(tempfile.mkdtemp(prefix="tidings-bench-"))
    try:
        cpu, wall = timed([program, bench.url("gen/"), str(COLD), home / "parts.db"])
    finally:
        bench.close()
        shutil.rmtree(home, ignore_errors=True)
    say(f"cold against the sum of the parts: {ours_cold[0] / cpu:.2f} x its CPU ({ours_cold[0]:.2f} s to {cpu:.2f} s; at most 1.5 wanted)")
    return cpu


def medians(runs):
    return tuple(map(statistics.median, zip(*runs)))


def main():
    runs = [(tidings(COLD, False, workers=0)[0], tidings(COLD, True, workers=2)) for _ in range(COLD_ROUNDS)]
    alone = medians(run for run, _ in runs)
    cold, warm = (medians(run[i] for _, run in runs) for i in (0, 1))
    say(f"cold, {COLD} feeds: {cold[0] / COLD * 1e6:.0f} us CPU per feed with 2 workers, {alone[0] / COLD * 1e6:.0f} us with none: "
        f"{(cold[0] / alone[0] - 1) * 100:.0f} % more (at most 15 wanted)")
    # with none, the server has a processor of its own; with two workers it takes its half from each
    polls = (alone[2] - alone[3]) / (cold[2] - cold[3] - cold[1] / 2)
    whole = alone[2] / (cold[2] - cold[1] / 2)
    say(f"cold throughput with 2 workers: {polls:.2f} x that with none, {whole:.2f} x from the start of the daemon (at least 1.5 wanted on an "
        f"idle machine with 2 processors)")
    say(f"cold throughput: with none, {alone[0] / alone[2]:.2f} processors are used already (index and log copies are threads); with no wait at all, "
        f"2 processors would give {alone[2] / (cold[0] / 2):.2f} x")
    parts = against_parts(cold)
    for peer in PEERS:
        against_peer(*peer, cold, warm, parts)
    many = tidings(WARM, True, workers=2)
    say(f"warm, {WARM} feeds: {many[1][0] / WARM * 1e6:.1f} us CPU per poll, everything included (see http warm for the request alone)")


if __name__ == "__main__":
    main()
