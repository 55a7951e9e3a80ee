"""The companion's exit codes: 0 found, 1 nothing found, 2 usage, 3 no daemon, 4 configuration, 5 store."""
from harness import *


def filled(world):
    world.write("a.rss", rss([item(1, "Zelensky arrives in Geneva"), item(2, "Rowers finish a crossing")], "The Feed"))
    world.configure(world.feeds(["a.rss"]), world.WATCH)
    world.start()
    world.polled()


def test_0_when_something_is_found_and_1_when_not(world):
    filled(world)
    for arguments, code in {("search", "geneva"): 0, ("search", "GENEVA", "zelensky"): 0, ("search", "atlantis"): 1, ("items",): 0,
                            ("items", "--actor", "zelenskiy"): 0, ("items", "--topic", "peace-plan"): 1, ("items", "--feed", "a"): 0,
                            ("show", "1"): 0, ("show", "999"): 1, ("feeds",): 0, ("status",): 0}.items():
        world.tidings(*arguments, code=code)
        world.tidings("--json", *arguments, code=code)
    world.stop()


def test_2_for_what_was_not_understood(world):
    filled(world)
    world.stop()
    for arguments in (["--nonsense"], [], ["dance"], ["items", "--nonsense"], ["items", "--since", "whenever"], ["show"], ["show", "one"], ["search"],
                      ["match"]):
        world.tidings(*arguments, code=2)


def test_3_when_the_daemon_does_not_answer(world):
    filled(world)
    world.stop()
    world.tidings("status", code=3)
    equal(world.tidings_json("status", code=3)[0]["reachable"], False, "reachable")


def test_4_for_a_configuration_with_mistakes(world):
    world.conf.write_text("[tidings]\nnonsense = 1\n")
    for command in ("items", "status", "feeds"):
        world.tidings(command, code=4)


def test_5_for_a_store_that_is_missing_or_no_database(world):
    world.configure(world.WATCH)
    world.tidings("items", code=5)
    world.store.write_bytes(b"not a database " * 1000)
    world.tidings("items", code=5)
    world.tidings("search", "x", code=5)


def test_the_companion_reads_while_the_daemon_writes(world):
    filled(world)
    names = [f"n{n}.rss" for n in range(30)]
    for n, name in enumerate(names):
        world.write(name, rss([item(1000 + n * 50 + k, f"Zelensky {n} {k}") for k in range(50)]))
    world.conf.write_text(world.conf.read_text() + world.feeds(names))
    world.control("reload")
    seen = 0
    while seen < 1502:
        now, = world.tidings_json("status")
        equal(now["store"]["items"] >= seen, True, "items never become fewer")
        seen = now["store"]["items"]
        world.tidings("search", "zelensky")
        world.alive()
    world.stop()


def test_a_document_that_is_no_feed_is_exit_1_and_one_line(world):
    for data in (b"", b"<html><body>Log in</body></html>", b"\x00\x01\x02"):
        done = subprocess.run([BUILD / "tidings", "parse", "--json", "-"], input=data, capture_output=True, timeout=30 * PATIENCE)
        equal((done.returncode, done.stdout, len(done.stderr.splitlines())), (1, b"", 1), repr(data))


def test_a_file_that_is_not_there_is_said_to_be_missing(world):
    missing = world.dir / "missing"
    for code, *arguments in ((2, "parse"), (2, "import-names"), (2, "import-query", "--format", "emm"), (4, "match", "--watchlist")):
        done = subprocess.run([BUILD / "tidings", *arguments, missing], stdin=subprocess.DEVNULL, capture_output=True, timeout=30 * PATIENCE)
        equal((done.returncode, done.stdout, done.stderr.decode()), (code, b"", f"tidings: cannot open {missing}: No such file or directory\n"), arguments[0])


run(globals())
