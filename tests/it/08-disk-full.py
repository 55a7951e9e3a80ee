"""A full disk: nothing is acknowledged, the daemon says so and goes on by itself when there is room again."""
from harness import *


def small_disk(world):
    """A file system of 12 MiB for the database alone."""
    if os.geteuid() != 0:
        raise Skip("only root can mount a small file system")
    disk = world.dir / "disk"
    disk.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tidings-it", disk], capture_output=True)
    if done.returncode != 0:
        raise Skip("mounting is not allowed here")
    world.store = disk / "tidings.db"
    return disk


def test_polling_pauses_while_the_disk_is_full_and_nothing_is_lost(world):
    disk = small_disk(world)
    try:
        world.write("a.rss", rss([item(0, "Zelensky zero")]))
        world.configure(world.feeds(["a.rss"], flood_guard="no"), world.WATCH + "copies = yes\n\n", world.hook_sink(), alarm_sinks="hook", alarms="daemon_trouble")
        world.start()
        wait_for(lambda: len(world.notifications()) == 1 and world.outbox_settled(), "the first item is told")
        with open(disk / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                pass
        world.write("a.rss", rss([item(n, f"Zelensky {n}", "A peace plan. " * 500) for n in range(1, 41)]))
        world.control("poll *")
        wait_for(lambda: world.alive() and (world.control("status") or {}).get("degraded"), "the daemon says that it cannot store")
        equal("disk" in world.errors(), True, "the log names the disk")
        (disk / "ballast").unlink()
        wait_for(lambda: world.alive() and not world.control("status")["degraded"], "it works again by itself", 60)
        wait_for(lambda: len({n["item"]["link"] for n in world.notifications() if n["type"] != "alarm"}) == 41, "every item is told", 60)
        [alarm] = wait_for(lambda: [n for n in world.notifications() if n["type"] == "alarm"], "it is told that the database could not be written")
        equal((alarm["alarm"], alarm["subject"], alarm["severity"]), ("daemon_trouble", "store", "high"))
        world.stop()
        world.sound()
        equal(world.rows("SELECT count(*), count(DISTINCT link) FROM items"), [(41, 41)], "items")
    finally:
        if world.daemon is not None and world.daemon.poll() is None:
            world.kill()
        subprocess.run(["umount", "-l", disk], check=False)


def test_polls_whose_log_does_not_reach_the_disk_are_stored_again_and_told_once(world):
    """It cannot be found by its name; SQLite has it open and goes on writing into it."""
    log, away = pathlib.Path(f"{world.store}-wal"), world.dir / "away"
    world.configure(world.WATCH, world.hook_sink())
    world.start()
    wait_for(lambda: world.control("status")["items_unindexed"] == 0, "the index has opened the log, too")
    log.rename(away)
    for name in "ab":
        world.write(f"{name}.rss", rss([item(f"{name}{n}", f"Zelensky {name} {n}") for n in range(5)]))
    world.configure(world.feeds(["a.rss", "b.rss"]), world.WATCH + "copies = yes\n\n", world.hook_sink())
    world.daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: world.alive() and world.control("status")["degraded"], "the daemon says that it cannot store")
    equal(world.notifications(), [], "nothing is told yet")
    equal(log.exists(), False, "another log")
    away.rename(log)
    wait_for(lambda: world.alive() and not world.control("status")["degraded"], "it works again by itself", 60)
    wait_for(lambda: len(world.notifications()) == 10 and world.outbox_settled(), "every item is told")
    world.stop()
    world.sound()
    equal(world.rows("SELECT count(*), count(DISTINCT link) FROM items"), [(10, 10)], "items")
    equal(len(world.notifications()), 10, "notifications")


def test_a_directory_that_cannot_be_written_is_one_clear_message(world):
    world.store = world.dir / "missing" / "deeper" / "tidings.db"
    world.configure(world.WATCH)
    world.start(wait=False)
    world.stop_code = world.daemon.wait(timeout=30 * PATIENCE)
    equal(world.stop_code, 5, "exit")
    equal(str(world.store.parent) in world.errors(), True, f"the path in: {world.errors()}")


def test_a_file_that_is_no_database_is_refused_and_left_alone(world):
    world.store.write_bytes(b"my precious notes, not a database\n" * 100)
    world.configure(world.WATCH)
    world.start(wait=False)
    equal(world.daemon.wait(timeout=30 * PATIENCE), 5, "exit")
    equal(str(world.store) in world.errors(), True, f"the path in: {world.errors()}")
    equal(world.store.read_bytes()[:11], b"my precious", "the file")


run(globals())
