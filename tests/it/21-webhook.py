#!/usr/bin/env python3
"""The webhook sink against a receiver of our own, which checks the signature with Python's hmac."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import threading
import time

from harness import equal, item, rss, run, wait_for

SECRET = b"a secret of twenty-four b"


class Receiver(http.server.ThreadingHTTPServer):
    """Remembers what is posted; answers with the statuses in turn, then with 204."""

    daemon_threads = True

    def __init__(self, *statuses):
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses = list(statuses)
        self.got = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def sink(self, world, *lines):
        secret = world.dir / "secret"
        with open(secret, "w") as f:
            f.write("whsec_" + base64.b64encode(SECRET).decode() + "\n")
        os.chmod(secret, 0o600)
        return "\n".join(["[sink post]", "type = webhook", f"url = http://127.0.0.1:{self.server_port}/in?a=b", f"secret-file = {secret}",
                          "header = X-Room: desk", "allow-private = yes", *lines, ""])


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        self.server.got.append((status, dict(self.headers), body))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


def check(headers, body):
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    want = "v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    equal(headers["webhook-signature"], want, "signature")
    equal(abs(time.time() - int(headers["webhook-timestamp"])) < 60, True, "timestamp")
    equal(headers["Content-Type"], "application/json")
    equal(headers["X-Room"], "desk")


def test_a_match_is_posted_with_a_signature_that_holds(world):
    receiver = Receiver()
    world.write("a.rss", rss([item(1, "Zelensky arrives in Geneva \x01 “x”"), item(2, "Rowers finish")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, receiver.sink(world))
    world.start()
    wait_for(lambda: receiver.got, "a request")
    wait_for(world.outbox_settled, "nothing is left to be told")
    world.stop()
    equal(len(receiver.got), 1)
    status, headers, body = receiver.got[0]
    check(headers, body)
    told = json.loads(body)
    equal(told["id"], headers["webhook-id"])
    equal(told["item"]["link"], "https://it.example/1")


def test_a_failed_delivery_comes_again_with_the_same_id_and_a_fresh_signature(world):
    receiver = Receiver(503)
    world.write("a.rss", rss([item(1, "Zelensky arrives in Geneva")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, receiver.sink(world))
    world.start()
    wait_for(lambda: len(receiver.got) >= 2, "a second attempt", seconds=40)
    wait_for(world.outbox_settled, "nothing is left to be told")
    world.stop()
    equal([status for status, _, _ in receiver.got], [503, 204])
    equal(len({headers["webhook-id"] for _, headers, _ in receiver.got}), 1, "ids")
    for _, headers, body in receiver.got:
        check(headers, body)


def test_a_credential_that_systemd_gives_signs_and_is_never_shown(world):
    receiver = Receiver()
    (world.dir / "credentials").mkdir()
    (world.dir / "credentials/hook").write_bytes(SECRET + b"\n")
    os.chmod(world.dir / "credentials/hook", 0o440)
    sink = receiver.sink(world)
    sink = sink.replace(f"secret-file = {world.dir}/secret", "secret-file = credential:hook")
    world.write("a.rss", rss([item(1, "Zelensky arrives")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, sink)
    world.start(env={**os.environ, "CREDENTIALS_DIRECTORY": str(world.dir / "credentials")})
    _, headers, body = wait_for(lambda: receiver.got, "it is posted")[0]
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    want = "v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    equal(headers["webhook-signature"], want)
    world.stop()
    equal(SECRET.decode() in world.tidings("config", "--all") + world.errors(), False)
    equal("credential:hook" in world.tidings("config", "--dump"), True)


def test_what_is_refused_is_not_tried_again(world):
    receiver = Receiver(422, 422)
    world.write("a.rss", rss([item(1, "Zelensky arrives in Geneva")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, receiver.sink(world))
    world.start()
    wait_for(lambda: receiver.got, "a request")
    wait_for(world.outbox_settled, "nothing is left to be told")
    world.stop()
    equal(len(receiver.got), 1)
    equal(SECRET.decode() in world.errors(), False, "the secret is in the log")


def test_a_receiver_that_is_gone_is_left_alone_and_what_it_was_to_get_waits(world):
    receiver = Receiver(410)
    world.write("a.rss", rss([item(n, f"Zelensky {n}") for n in range(3)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, receiver.sink(world, "concurrency = 1"))
    world.start()
    wait_for(lambda: receiver.got, "a request")
    wait_for(lambda: world.rows("SELECT state, error FROM outbox WHERE error IS NOT NULL"), "that is noted")
    equal(world.rows("SELECT count(*) FROM outbox WHERE state = 0"), [(3,)], "notifications that wait")
    equal(world.control("status")["sinks_failing"], ["post"])
    world.tidings("outbox", "retry", "--all")
    wait_for(world.outbox_settled, "all is told after all")
    world.stop()
    equal(sorted(status for status, _, _ in receiver.got), [204, 204, 204, 410])
    equal(len({headers["webhook-id"] for status, headers, _ in receiver.got if status == 204}), 3, "ids")


run(globals())
