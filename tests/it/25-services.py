#!/usr/bin/env python3
"""The webhook's services: a receiver of our own judges what each of them gets by that service's published rules."""

import html.parser
import http.server
import json
import os
import re
import subprocess
import threading

from harness import BUILD, equal, item, rss, run, wait_for

SECRET = "12:s3cret-t0ken-value"
TITLE = "Zelensky <!channel> @everyone **bold** _it_ [x](http://evil.example) & co. #1 " + "long words " * 60
TEXT = ("What *Zelensky* said_ at the <b>peace plan</b> table! " + "\U0001F600 and more; " * 400)


class Receiver(http.server.ThreadingHTTPServer):
    """Remembers what comes; answers with the given (status, headers, body) in turn, then with 200."""

    daemon_threads = True

    def __init__(self, *answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = list(answers)
        self.got = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, headers, text = self.server.answers.pop(0) if self.server.answers else (200, {}, "{}")
        self.server.got.append((self.command, self.path, dict(self.headers), json.loads(body)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_PUT = answer

    def log_message(self, *args):
        pass


def utf16(text):
    return len(text.encode("utf-16-le")) // 2


# ---- what the services say of themselves ----


def slack(path, headers, body):
    equal(path, "/hooks/" + SECRET)
    text = body["text"]
    equal(len(text) <= 4000, True, len(text))
    equal(re.search(r"<[!@#]|<(?!http)", text), None, "control sequences")
    equal(re.search(r"&(?!amp;|lt;|gt;)", text), None, "bare ampersands")


def discord(path, headers, body):
    equal(path, "/hooks/" + SECRET)
    equal(utf16(body["content"]) <= 2000, True)
    equal(body["allowed_mentions"], {"parse": []})
    equal("\\*\\*bold\\*\\*" in body["content"], True, body["content"])


def mattermost(path, headers, body):
    equal(path, "/hooks/" + SECRET)
    equal(len(body["text"]) <= 16383, True)
    equal(body["channel"], "news desk")
    equal(re.search(r"@\w", body["text"]), None, "mentions")


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], set(), ""

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        equal(self.open.pop(), tag, "nesting")

    def handle_data(self, data):
        self.text += data


def matrix(path, headers, body):
    equal(re.fullmatch(r"/hooks/_matrix/client/v3/rooms/%21abc%3Aroom.example/send/m.room.message/n-[0-9a-f]{32}", path) is not None, True, path)
    equal(path.endswith(headers["webhook-id"]), True, "the transaction is the notification")
    equal(headers["Authorization"], "Bearer " + SECRET)
    equal(body["msgtype"], "m.text")
    equal(body["format"], "org.matrix.custom.html")
    equal(body["m.mentions"], {})
    equal(len(json.dumps(body, ensure_ascii=False).encode()) < 60000, True, "an event has 64 KiB")
    tags = Tags()
    tags.feed(body["formatted_body"])
    tags.close()
    equal(tags.open, [])
    equal(tags.seen <= {"strong", "br", "a"}, True, tags.seen)
    equal("<!channel> @everyone" in tags.text, True, tags.text[:200])
    equal("<" in body["body"].replace("<!channel>", ""), False, "tags in the plain text")


def telegram(path, headers, body):
    equal(path, "/hooks/bot" + SECRET + "/sendMessage")
    equal(body["chat_id"], "-100123")
    equal(body["parse_mode"], "MarkdownV2")
    text = body["text"]
    shown = re.sub(r"\\(.)", "x", text)  # what is escaped is shown as it is
    equal(utf16(text) <= 4096, True)
    equal(shown.count("*") % 2, 0, "open bold")
    equal(re.search(r"[_\[\]()~`>#+\-=|{}.!]", shown), None, "characters that must be escaped")


def ntfy(path, headers, body):
    equal(path, "/hooks/")
    equal(headers["Authorization"], "Bearer " + SECRET)
    equal((body["topic"], body["priority"], body["click"]), ("desk", 4, "https://it.example/1"))
    equal(len(body["message"].encode()) <= 4096 and len(body["title"].encode()) <= 250, True)


def gotify(path, headers, body):
    equal(path, "/hooks/message")
    equal(headers["X-Gotify-Key"], SECRET)
    equal(body["priority"], 7)
    equal(body["extras"]["client::notification"]["click"]["url"], "https://it.example/1")
    equal(body["title"].startswith("Zelensky <!channel>"), True)


def pushover(path, headers, body):
    equal(path, "/hooks/1/messages.json")
    equal((body["token"], body["user"], body["priority"]), (SECRET, "uQi", 1))
    equal(0 < len(body["message"]) <= 1024 and len(body["title"]) <= 250 and len(body["url"]) <= 512, True)


def alertmanager(path, headers, body):
    equal(path, "/hooks/api/v2/alerts")
    equal(len(body), 1)
    alert = body[0]
    equal(alert["labels"]["alertname"], "tidings_match")
    equal(alert["generatorURL"], "https://it.example/1")
    for name in alert["labels"]:
        equal(re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", name) is not None, True, name)
    equal(all(isinstance(v, str) for v in [*alert["labels"].values(), *alert["annotations"].values()]), True)


SERVICES = {
    slack: "", discord: "", mattermost: "channel = news desk", matrix: "channel = !abc:room.example", telegram: "channel = -100123",
    ntfy: "channel = desk", gotify: "", pushover: "channel = uQi", alertmanager: "",
}


def sink(world, receiver, name, *lines):
    secret = world.dir / "secret"
    with open(secret, "w") as f:
        f.write(SECRET + "\n")
    os.chmod(secret, 0o600)
    slash = "/" if name == "ntfy" else ""
    return "\n".join([f"[sink {name}]", "type = webhook", f"template = {name}", f"url = http://127.0.0.1:{receiver.server_port}/hooks{slash}",
                      f"secret-file = {secret}", "allow-private = yes", *lines, "", ""])


def start(world, *parts):
    world.write("a.rss", rss([item(1, TITLE, TEXT)]))
    world.configure(world.feeds(["a.rss"]), world.WATCH.replace("topics = *", "topics = *\nseverity = high"), *parts)
    world.start()
    world.polled()


def test_each_service_gets_what_it_says_it_takes(world):
    receivers = {check: Receiver() for check in SERVICES}
    start(world, *(sink(world, receivers[check], check.__name__, lines) for check, lines in SERVICES.items()))
    wait_for(world.outbox_settled, "nothing is left to be told", 60)
    equal(world.rows("SELECT sink, error FROM outbox WHERE state = 3"), [], "dead")
    world.stop()
    for check, receiver in receivers.items():
        equal(len(receiver.got), 1, check.__name__)
        method, path, headers, body = receiver.got[0]
        equal(method, "PUT" if check is matrix else "POST", check.__name__)
        equal(headers["Content-Type"], "application/json")
        check(path, headers, body)
    equal(SECRET in world.errors(), False, "the secret is in the log")
    equal(SECRET in world.tidings("config", "--all") + world.tidings("--json", "outbox"), False, "the secret is in a listing")


def test_an_answer_of_too_many_is_obeyed_whether_it_stands_in_a_header_or_in_json(world):
    by_header = Receiver((429, {"Retry-After": "7"}, ""))
    by_json = Receiver((429, {}, '{"ok":false,"error_code":429,"parameters":{"retry_after":8}}'))
    start(world, sink(world, by_header, "slack"), sink(world, by_json, "telegram", "channel = -100123"))
    def waits():
        rows = dict(world.rows("SELECT sink, next_try_at - updated_at FROM outbox WHERE state = 0 AND error LIKE '%429%'"))
        return rows if len(rows) == 2 else None
    rows = wait_for(waits, "both wait")
    equal(rows["slack"] >= 7000 and rows["telegram"] >= 8000, True, rows)
    wait_for(lambda: len(by_header.got) == 2 and len(by_json.got) == 2, "both come again", 60)
    wait_for(world.outbox_settled, "nothing is left to be told")
    for receiver in (by_header, by_json):
        equal(len({headers["webhook-id"] for _, _, headers, _ in receiver.got}), 1, "ids")
        equal(receiver.got[0][3], receiver.got[1][3], "the same twice")
    world.stop()


def test_a_secret_that_a_service_answers_with_is_not_kept(world):
    receiver = Receiver((403, {}, f"token {SECRET} is wrong"), (400, {}, f"no: {SECRET}"))
    start(world, sink(world, receiver, "telegram", "channel = -100123"))
    wait_for(lambda: len(receiver.got) == 2, "it comes again", 60)
    wait_for(world.outbox_settled, "it is dead")
    equal(world.rows("SELECT error FROM outbox"), [("the receiver answered 400: (it holds the secret)",)])
    world.stop()
    equal(SECRET in world.errors(), False, "the secret is in the log")


def test_mistakes_are_told_before_anything_starts(world):
    receiver = Receiver()
    good = sink(world, receiver, "telegram", "channel = -100123")
    for bad, says in [(good.replace("telegram\n", "carrier-pigeon\n"), "carrier-pigeon"), (good.replace("channel = -100123", ""), "needs a channel"),
                      (re.sub("secret-file.*", "", good), "needs a secret-file"), (good.replace("type = webhook", "type = print"), "no meaning"),
                      (good + "body = {titel}\n", "titel"), (good.replace("template = telegram", "template = gotify"), "knows no channel")]:
        world.configure(bad)
        done = subprocess.run([BUILD / "tidingsd", "-c", world.conf, "--check"], capture_output=True, timeout=60)
        equal(done.returncode != 0 and says in done.stderr.decode(), True, done.stderr)


run(globals())
