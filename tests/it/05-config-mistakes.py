"""Every mistake in a configuration is said at once, with file and line; --check does what a start does, and stops."""
from harness import *

# One mistake a line, and words that its message must hold.
MISTAKES = [
    ("[tidings]", None),
    ("intervall = 10m", "interval"),
    ("interval = ten", "duration"),
    ("jitter = 99", "50"),
    ("[feed a]", None),
    ("url = ftp://x.example/", "http"),
    ("[actor]", "key"),
    ("name = x", None),
    ("[sinc desk]", "sink"),
    ("type = print", None),
    ("[watch w]", None),
    ("actors = nobody", "nobody"),
    ("sinks = nowhere", "nowhere"),
    ("[sink s]", None),
    ("type = carrier-pigeon", "exec"),
    ("a stray line", "key = value"),
]


def check(world, conf=None, *options):
    done = subprocess.run([BUILD / "tidingsd", "-c", conf or world.conf, *options], capture_output=True, timeout=30 * PATIENCE)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def expect(world, err):
    for number, (line, words) in enumerate(MISTAKES, 1):
        if words is None:
            continue
        said = [m for m in err.splitlines() if f"{world.conf}:{number}:" in m]
        equal(len(said), 1, f"messages for line {number} ({line}) in: {err}")
        equal(words in said[0], True, f"{words!r} in {said[0]!r}")


def test_check_says_all_mistakes_with_file_and_line_and_what_was_expected(world):
    world.conf.write_text("\n".join(line for line, _ in MISTAKES) + "\n")
    code, _, err = check(world, None, "--check")
    equal(code, 4, "exit")
    expect(world, err)


def test_a_start_says_the_same_and_does_not_start(world):
    world.conf.write_text(f"store = {world.store}\n")
    world.conf.write_text("\n".join(line for line, _ in MISTAKES) + "\n")
    code, _, err = check(world)
    equal(code, 4, "exit")
    expect(world, err)
    equal(world.store.exists(), False, "a database was made")


def test_an_actor_with_names_and_members_is_told_once(world):
    world.write("a.rss", rss([item(1)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, "[actor brand]\nname = Ivo Brand\n[actor both]\nname = Una Marsh\nmembers = brand zelenskiy nobody\n")
    code, out, err = check(world, None, "--check")
    equal((code, err.count("is of kind group here and of kind person before"), err.count("“nobody”")), (4, 1, 1), err)


def test_check_of_a_good_configuration_touches_nothing(world):
    world.write("a.rss", rss([item(1)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink())
    before = sorted(p.name for p in world.dir.iterdir())
    code, out, err = check(world, None, "--check")
    equal((code, err), (0, ""), "exit and messages")
    equal(": good: 1 feed, 2 actors and topics, 1 watch, 1 sink\n" in out, True, f"what there is, in: {out}")
    equal(sorted(p.name for p in world.dir.iterdir()), before, "files")
    equal(world.requests(), [], "requests")


def test_mistakes_in_included_files_name_those_files(world):
    world.configure(world.WATCH)
    for name, text in {"feeds.d/10-a.conf": "[feed a]\nurl = http://a.example/\n", "feeds.d/20-b.conf": "[feed b]\nulr = http://b.example/\n",
                       "watchlists.d/w.conf": "\n\n[topic t]\nphrase =\n", "tidings.conf.d/x.conf": "[feed a]\nurl = :\n",
                       "feeds.d/ignored.txt": "nonsense\n"}.items():
        path = world.dir / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    code, _, err = check(world, None, "--check")
    equal(code, 4, "exit")
    for place in ("feeds.d/20-b.conf:2:", "watchlists.d/w.conf:3:", "tidings.conf.d/x.conf:2:"):
        equal(place in err, True, f"{place} in: {err}")
    equal("ignored" in err or "10-a" in err, False, f"messages: {err}")


# What an actor's name or a topic's query may not be: the line, and words that its message must hold.
BAD_WATCHLISTS = {
    "name": [
        (b"name = Il\xff\xfese", "0xFF"),
        (b"name = " + b"Ab " * 350000, "65536 bytes"),
        (b"name = " + b"Ab " * 300, "256"),
        (b"name =", "has no name"),
        ("name = \u00a0\u200b".encode(), "neither letter nor digit"),
        (b"name = ...", "neither letter nor digit"),
        (b"name = the", "commonest words"),
    ],
    "query": [
        (b"query = " + b" OR ".join([b"peace"] * 100000), "65536 bytes"),
        (b"query = " + b"(" * 30000 + b"peace" + b")" * 30000, "64 parentheses"),
        (b"query = peace " + b"NOT " * 10000 + b"war", "NOT NOT"),
        (b"query = /(a+/", "missing closing parenthesis"),
        (b"query = peace NEAR/9999999999 talks", "NEAR"),
    ],
}


def test_names_and_queries_that_cannot_be_are_refused_with_file_line_and_limit(world):
    good = b"[tidings]\n[feed a]\nurl = https://a.example/\n[actor ok]\nname = Ilse Brandvik\n"
    for kind, mistakes in BAD_WATCHLISTS.items():
        for line, words in mistakes:
            world.conf.write_bytes(good + (b"[actor bad]\n" if kind == "name" else b"[topic bad]\n") + line + b"\n")
            code, _, err = check(world, None, "--check")
            equal(code, 4, f"exit for {line[:60]}")
            place = f"{world.conf}:{6 if words == 'has no name' else 7}:"
            equal(err.startswith(place) and words in err.splitlines()[0], True, f"{place} and {words!r} in: {err[:400]}")
            equal(len(err) < 2000, True, "a message that can be read")


def test_two_actors_of_one_name_are_told_and_are_no_mistake(world):
    for second in ("marcus halden", "MARCUS   Halden", "M\u00e0rcus Halden"):
        world.conf.write_text(f"[tidings]\n[feed a]\nurl = https://a.example/\n[actor x]\nname = Marcus Halden\n[actor y]\nname = {second}\n")
        code, _, err = check(world, None, "--check")
        equal(code, 0, f"exit: {err}")
        equal(err.startswith(f"{world.conf}:7: warning: ") and f"{world.conf}:5" in err, True, f"both places in: {err}")


def test_a_missing_or_unreadable_file_is_one_clear_message(world):
    for path in (world.dir / "nowhere.conf", world.dir):
        code, _, err = check(world, path, "--check")
        equal(code, 4, "exit")
        equal(str(path) in err and len(err.splitlines()) == 1, True, f"message: {err}")


def test_binary_rubbish_is_refused_with_messages_that_are_safe_to_print(world):
    dice = __import__("random").Random(7)
    for n in range(30):
        world.conf.write_bytes(bytes(dice.randrange(256) for _ in range(dice.randrange(1, 4000))) if n else b"[feed \x1b[31m]\nurl = \x1b]0;x\x07\n")
        done = subprocess.run([BUILD / "tidingsd", "-c", world.conf, "--check"], capture_output=True, timeout=30 * PATIENCE)
        equal(done.returncode, 4, f"exit; {done.stderr[:300]}")
        text = done.stderr.decode()
        equal([c for c in text if ord(c) < 32 and c != "\n" or 127 <= ord(c) < 160], [], "control characters")


def test_options_that_do_not_exist_are_a_usage_error():
    for arguments in (["--nonsense"], ["-c"], ["surplus"]):
        done = subprocess.run([BUILD / "tidingsd", *arguments], capture_output=True, timeout=30 * PATIENCE)
        equal((done.returncode, b"usage" in done.stderr), (2, True), str(arguments))
    for arguments in (["--help"], ["--version"]):
        done = subprocess.run([BUILD / "tidingsd", *arguments], capture_output=True, timeout=30 * PATIENCE)
        equal((done.returncode, bool(done.stdout), done.stderr), (0, True, b""), str(arguments))


run(globals())
