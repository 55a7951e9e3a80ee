#!/usr/bin/env python3
"""MQTT and NATS JetStream against the servers that Debian has, and clients of our own that know only the protocols."""

import base64
import contextlib
import json
import os
import sqlite3
import subprocess

from brokers import Nats, Subscriber, built, mosquitto, nats, program
from harness import BUILD, PATIENCE, equal, item, rss, run, wait_for

PASSWORD = "a-pass-word-for-the-broker"


def secret(world, text):
    path = world.dir / "secret"
    path.write_text(text + "\n")
    os.chmod(path, 0o600)
    return path


def start(world, sink, count=3):
    world.write("a.rss", rss([item(n, f"Zelensky number {n}", f"Matter {n}.") for n in range(count)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, sink)
    world.start()
    world.polled()


# ---- MQTT 3.1.1 ----


def mqtt_sink(server, *lines):
    return "\n".join(["[sink broker]", "type = mqtt", f"url = mqtt://127.0.0.1:{server.port}", "channel = news/desk", *lines, "", ""])


def test_mqtt_brings_each_notification_and_waits_for_a_broker_that_is_away(world):
    with mosquitto(world, "allow_anonymous true") as server:
        reader = Subscriber(server.port, "news/#")
        start(world, mqtt_sink(server))
        got = [reader.message() for _ in range(3)]
        equal({g["item"]["title"] for g in got}, {f"Zelensky number {n}" for n in range(3)})
        wait_for(world.outbox_settled, "all is told")
        server.stop()
        world.write("a.rss", rss([item(9, "Zelensky once more")]))
        world.poll_all()
        wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE state = 0 AND error IS NOT NULL"), "it waits", 40)
        server.start()
        reader = Subscriber(server.port, "news/#")
        world.tidings("outbox", "retry", "--all")
        again = reader.message()
        equal(again["item"]["title"], "Zelensky once more")
        wait_for(world.outbox_settled, "all is told", 40)
        equal([again["id"]], [i for (i,) in world.rows("SELECT id FROM outbox ORDER BY row DESC LIMIT 1")])
        world.stop()


def test_mqtt_logs_in_and_a_wrong_password_is_told_and_not_shown(world):
    passwords = world.dir / "passwords"
    built("MOSQUITTO")
    passwords.touch(mode=0o600)
    subprocess.run([program("mosquitto_passwd", "mosquitto"), "-b", passwords, "desk", PASSWORD], check=True, capture_output=True)
    os.chmod(passwords, 0o644)
    os.chmod(world.dir, 0o755)
    with mosquitto(world, "allow_anonymous false", f"password_file {passwords}") as server:
        reader = Subscriber(server.port, "news/#", ("desk", PASSWORD))
        start(world, mqtt_sink(server, "user = desk", f"secret-file = {secret(world, 'wrong-' + PASSWORD)}"), 1)
        wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE error IS NOT NULL"), "it is refused", 40)
        error = world.rows("SELECT error FROM outbox")
        equal("not authori" in str(error).lower(), True, error)
        secret(world, PASSWORD)
        world.tidings("outbox", "retry", "--all")
        equal(reader.message()["item"]["title"], "Zelensky number 0")
        wait_for(world.outbox_settled, "all is told")
        world.stop()
        equal(PASSWORD in world.errors() + world.tidings("outbox") + world.tidings("config", "--all"), False, "the password is shown")


# ---- NATS ----


def nats_sink(server, *lines):
    return "\n".join(["[sink broker]", "type = nats", f"url = nats://127.0.0.1:{server.port}", "channel = news.desk", *lines, "", ""])


def test_nats_keeps_each_notification_once_whatever_is_sent_again(world):
    with nats(world, "--auth", PASSWORD) as server:
        start(world, nats_sink(server, f"secret-file = {secret(world, PASSWORD)}"))
        wait_for(lambda: world.rows("SELECT 1 FROM outbox WHERE error LIKE '%no stream takes the subject%'"), "nobody takes it", 40)
        reader = Nats(server.port, auth_token=PASSWORD)
        reader.ask("$JS.API.STREAM.CREATE.NEWS", {"name": "NEWS", "subjects": ["news.>"], "storage": "file"})
        world.tidings("outbox", "retry", "--all")
        wait_for(world.outbox_settled, "all is told", 40)
        world.kill()
        with contextlib.closing(sqlite3.connect(world.store)) as db:  # as if it had been killed before it noted the answers
            db.execute("UPDATE outbox SET state = 1")
            db.commit()
        world.start()
        wait_for(world.outbox_settled, "they are sent again", 40)
        world.stop()
        state = reader.ask("$JS.API.STREAM.INFO.NEWS")["state"]
        equal(state["messages"], 3, "messages in the stream")
        told = set()
        for n in range(1, 4):
            message = reader.ask("$JS.API.STREAM.MSG.GET.NEWS", {"seq": n})["message"]
            body, head = (base64.b64decode(message[k]) for k in ("data", "hdrs"))
            told.add(json.loads(body)["item"]["title"])
            equal(json.loads(body)["id"].encode() in head and b"Nats-Msg-Id" in head, True, head)
        equal(told, {f"Zelensky number {n}" for n in range(3)})
        equal(PASSWORD in world.errors(), False, "the token is shown")


# ---- mistakes ----


def test_mistakes_and_what_was_not_built_are_told(world):
    good = "[sink broker]\ntype = mqtt\nurl = mqtt://127.0.0.1:1883\nchannel = a/b\n"
    without = "HAVE_MOSQUITTO 1" not in (BUILD / "config.h").read_text()
    for text, says in [(good.replace("channel = a/b\n", ""), "needs channel"), (good.replace("mqtt://127.0.0.1:1883", "nats://127.0.0.1:1"), "no address of a broker"),
                       (good.replace(":1883", ":99999"), "no usable host"), (good.replace("a/b", "a/#"), "no topic"),
                       (good.replace("mqtt://", "mqtt://user:secret@"), "credentials in a URL"), (good + "user = me\n", "secret-file"),
                       (good + "format = line\n", "no meaning")]:
        world.configure(text)
        done = subprocess.run([BUILD / "tidingsd", "-c", world.conf, "--check"], capture_output=True, timeout=60 * PATIENCE)
        err = done.stderr.decode()
        equal(done.returncode != 0 and (says in err or (without and "built without MQTT" in err)), True, f"{says}: {err}")


run(globals())
