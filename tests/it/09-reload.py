"""SIGHUP: a good configuration takes force, a bad one changes nothing."""
from harness import *


def test_a_new_feed_is_polled_after_a_reload_and_a_removed_one_no_more(world):
    for n in range(3):
        world.write(f"f{n}.rss", rss([item(n, f"Zelensky {n}")]))
    world.configure(world.feeds(["f0.rss", "f1.rss"]), world.WATCH)
    world.start()
    world.polled()
    world.configure(world.feeds(["f1.rss", "f2.rss"]), world.WATCH)
    world.daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: world.requests("f2.rss"), "the new feed is polled")
    world.polled()
    world.poll_all()
    world.stop()
    equal(len(world.requests("f0.rss")), 1, "requests for the removed feed")
    equal(len(world.requests("f1.rss")), 2, "requests for the one that stayed")
    equal(world.rows("SELECT count(*) FROM items"), [(3,)], "what was stored stays")


def test_a_new_name_is_matched_after_a_reload(world):
    world.write("a.rss", rss([item(1, "Lavrov arrives")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink())
    world.start()
    world.polled()
    equal(world.notifications(), [], "notifications")
    world.configure(world.feeds(["a.rss"]), world.WATCH, "[actor lavrov]\nname = Lavrov\n\n", world.hook_sink())
    equal("error" in world.control("reload"), False, "reload")
    world.write("a.rss", rss([item(2, "Lavrov departs"), item(1, "Lavrov arrives")]))
    world.poll_all()
    wait_for(world.notifications, "a notification")
    world.stop()
    equal(world.told_links(), ["https://it.example/2"], "links told")


def test_what_needs_a_restart_is_named_and_nothing_else_is(world):
    world.write("a.rss", rss([item(1)]))
    world.configure(world.feeds(["a.rss"]))
    world.start()
    world.polled()
    world.configure(world.feeds(["a.rss"]), interval="2h", log_level="info", keep_unmatched="3d")
    equal("error" in world.control("reload"), False, "reload")
    equal("restart" in world.errors(), False, "what is said of settings that a reload changes")
    world.configure(world.feeds(["a.rss"]), interval="2h", connections=7, contact="https://reader.example/", proxy="http://127.0.0.1:1")
    equal("error" in world.control("reload"), False, "reload")
    equal([line.split(" warn   ")[1] for line in world.errors().splitlines() if "restart" in line],
          ["reload: what was changed in contact, connections, proxy takes effect at the next restart"], "what is said of others")
    needs = {k["key"] for k in world.tidings_json("config", "--keys") if k["section"] == "tidings" and k["reload"] == "restart"}
    equal({"connections", "contact", "proxy", "store"} <= needs and not {"interval", "log-level", "workers"} & needs, True, f"what the list of settings says: {needs}")
    world.poll_all()
    world.stop()


def test_workers_come_and_go_with_a_reload(world):
    world.write("a.rss", rss([item(1, "Zelensky 1")]))
    for number, workers in enumerate((2, 0, 1), 1):
        world.configure(world.feeds(["a.rss"]), world.WATCH, workers=workers)
        if number == 1:
            world.start()
            world.polled()
        else:
            equal("error" in world.control("reload"), False, "reload")
            world.write("a.rss", rss([item(n, f"Zelensky {n}") for n in range(number, 0, -1)]))
            world.poll_all()
        wait_for(lambda: world.alive() and (lambda w: (w["processes"], w["ready"]) == (workers, workers))(world.control("status")["workers"]), f"{workers} workers")
        wait_for(lambda: world.rows("SELECT count(*) FROM items WHERE matched") == [(number,)], f"{number} items")
    world.stop()
    equal("restart" in world.errors(), False, "nothing needs a restart")


def test_a_configuration_with_mistakes_is_refused_and_the_old_one_goes_on(world):
    world.write("a.rss", rss([item(1, "Zelensky one")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH)
    world.start()
    world.polled()
    good = world.conf.read_text()
    world.conf.write_text(good + "[feed b]\nulr = https://b.example/\n")
    equal("error" in world.control("reload"), True, "the answer tells the error")
    equal(f"{world.conf}:{len(good.splitlines()) + 2}" in world.errors(), True, f"file and line in: {world.errors()}")
    world.poll_all()
    world.conf.unlink()
    world.daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: world.errors().count("stays in force") >= 2, "the second refusal is logged")
    world.poll_all()
    world.stop()


def test_a_watchlist_with_a_mistake_never_replaces_the_one_in_force(world):
    world.write("a.rss", rss([item(1, "Lavrov arrives")]))
    names = world.dir / "names.tsv"
    good = "id\tkind\tlang\tname\nlavrov\tperson\tund\tLavrov\n"
    names.write_text(good)
    world.configure(world.feeds(["a.rss"]), world.WATCH, world.hook_sink(), include_names=names)
    world.start()
    world.polled()
    bad = {"x\tperson\tund\t" + "Ab " * 300: "256", "x\tperson\tund\tthe": "commonest", "x\tperson\tund\t\u200b": "neither letter nor digit"}
    for number, (line, words) in enumerate(bad.items(), 2):
        names.write_text(good + line + "\n", encoding="utf-8")
        answer = world.control("reload")
        equal("error" in answer, True, f"the answer: {answer}")
        equal(f"{names}:3" in world.errors() and words in world.errors(), True, f"file, line and {words!r} in: {world.errors()[-600:]}")
        world.write("a.rss", rss([item(k, f"Lavrov departs {k}") for k in range(number, 0, -1)]))
        world.poll_all()
        wait_for(lambda: len(world.notifications()) == number, "the list in force still finds the name")
    world.stop()


def test_polls_go_on_while_a_large_list_is_read(world):
    """The reading takes a thread of its own: while it lasts, a feed is polled and its items are stored."""
    world.write("a.rss", rss([item(0, "Zelensky begins")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH)
    world.start()
    world.polled()
    count = 5000 if QUICK else 30000
    (world.dir / "names.tsv").write_text("id\tkind\tlang\tname\n" + "".join(
        f"n{n}\tperson\tund\t{chr(65 + n % 26)}{'aeiou'[n % 5]}l{n} {chr(65 + n // 26 % 26)}or{n}\n" for n in range(count)))
    world.configure(world.feeds(["a.rss"]), world.WATCH, include_names=world.dir / "names.tsv")
    seen = False
    for attempt in range(20):
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as s:
            s.settimeout(60 * PATIENCE)
            s.connect(str(world.control_path))
            s.sendall(b"reload\n")
            begun = world.control("status")["reloading"]
            world.write("a.rss", rss([item(attempt + 1, f"Zelensky {attempt}")]))
            polls = world.control("status")["polls"]
            world.control("poll a")
            wait_for(lambda: world.control("status")["polls"] > polls, "the feed is polled")
            seen = begun and world.control("status")["reloading"]
            equal("feeds" in json.loads(s.recv(65536)), True, "the answer, when it is done")
        if seen:
            break
    equal(seen, True, "a poll has ended while the configuration was read")
    equal(world.control("status")["names"], count + 2, "names")
    world.stop()


def test_a_term_and_an_int_both_end_it_in_order(world):
    world.write("a.rss", rss([item(1)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH)
    for how in (signal.SIGTERM, signal.SIGINT):
        world.start()
        world.polled()
        world.stop(0, how)
        equal(world.control_path.exists(), False, "the control socket is left behind")


def test_signals_that_other_daemons_take_do_not_end_it(world):
    world.write("a.rss", rss([item(1)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH)
    world.start()
    world.polled(1)
    for how in (signal.SIGUSR1, signal.SIGUSR2):
        world.daemon.send_signal(how)
    world.poll_all()
    world.polled(2)
    world.stop()


def test_a_manager_is_told_when_it_is_ready_and_when_it_stops(world):
    world.write("a.rss", rss([item(1)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH)
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as s:
        path = str(world.dir / "notify")
        s.bind(path)
        s.settimeout(20 * PATIENCE)
        world.start(env={**os.environ, "NOTIFY_SOCKET": path, "WATCHDOG_USEC": "2000000"})
        said = []
        while not ("READY=1" in said and "WATCHDOG=1" in said):
            said += s.recv(4096).decode().split("\n")
        world.daemon.send_signal(signal.SIGTERM)
        while "STOPPING=1" not in said:
            said += s.recv(4096).decode().split("\n")
    equal(world.daemon.wait(timeout=30 * PATIENCE), 0, "exit")
    equal(said.index("READY=1") < said.index("STOPPING=1"), True, "order")


run(globals())
