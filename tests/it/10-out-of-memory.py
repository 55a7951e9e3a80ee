"""Every allocation fails, one at a time and from one on: a clear error or the right answer, never a crash, never a wrong answer."""
import os
import subprocess

from harness import BUILD, QUICK, SOURCE, Skip, run

PRELOAD = BUILD / "tests/tools/failmalloc.so"
DENSE, SPREAD = (60, 20) if QUICK else (150, 60)

NAMES = "id\tkind\tlang\tname\nanna\tperson\tund\tAnna Beispiel\nanna\tperson\tru\tАнна Байшпиль\ntalks\ttopic\ten\tpeace talks\n"
ITEMS = '{"id":"1","lang":"en","title":"ANNA BEISPIEL at the peace talks","summary":"Анна Байшпиль","content":"和平谈判"}\n' * 3
BROKEN = "junk<rss><channel><title>A & B</title><item><title>x <b>y</title><description>&lt;p>hi&lt;/p> &nbsp;</description></rss>"


def points(total):
    """Which allocation fails: all of the first, then evenly spread ones."""
    dense = range(1, min(total, DENSE) + 1)
    return [*dense, *range(DENSE + 1, total + 1, max(1, (total - DENSE) // SPREAD))]


def sweep(world, command, stdin="", codes=(0, 1, 2, 4, 5), whole=True):
    """whole = False: an answer may lack a field that could not be made; it must not crash and must not be broken off."""
    if not PRELOAD.exists():
        raise Skip("allocations cannot be made to fail in this build")
    count = world.dir / "count"

    def once(**env):
        return subprocess.run([str(c) for c in command], input=stdin.encode(), capture_output=True, timeout=120,
                              env={**os.environ, "LD_PRELOAD": str(PRELOAD), **env})

    want = once(FAILMALLOC_COUNT=str(count))
    assert want.returncode == 0, want.stderr
    wrong = []
    for ever in ({}, {"FAILMALLOC_EVER": "1"}):
        for n in points(int(count.read_text())):
            got = once(FAILMALLOC_AT=str(n), **ever)
            if got.returncode not in codes:
                wrong.append(f"{n}{'+' if ever else ''}: exit {got.returncode}")
            elif whole and (got.returncode != 0 or got.stdout != want.stdout) and not got.stderr:
                wrong.append(f"{n}{'+' if ever else ''}: exit {got.returncode}, another answer, and no word of it")
    assert not wrong, f"{len(wrong)} allocations: " + "; ".join(wrong[:20])


def document(world, name):
    sweep(world, [BUILD / "tidings", "parse", "--json", SOURCE / "conf/demo" / name], whole=False)


def test_reading_rss(world):
    document(world, "al-marsa.rss")


def test_reading_atom(world):
    document(world, "northern-wire.atom")


def test_reading_json_feed(world):
    document(world, "faro-austral.json")


def test_mending_a_broken_document(world):
    sweep(world, [BUILD / "tidings", "parse", "--json", "-"], BROKEN, whole=False)


def test_matching(world):
    names = world.dir / "names.tsv"
    names.write_text(NAMES)
    sweep(world, [BUILD / "tidings", "match", "--watchlist", names], ITEMS)


def test_checking_a_configuration(world):
    world.configure(world.feeds(["a.rss"]), world.WATCH, "[sink out]\ntype = print\n")
    sweep(world, [BUILD / "tidingsd", "--check", "-c", world.conf])


def test_dumping_a_configuration(world):
    world.configure(world.feeds(["a.rss"]), world.WATCH, "[sink out]\ntype = print\n")
    sweep(world, [BUILD / "tidings", "-c", world.conf, "config", "--dump"])


if __name__ == "__main__":
    run(globals())
