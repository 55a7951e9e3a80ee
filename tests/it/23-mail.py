#!/usr/bin/env python3
"""The mail sinks: against a real mail server with STARTTLS and a login, against servers that misbehave, and through sendmail."""

import email
import email.policy
import json
import os
import socket
import subprocess
import threading

from harness import BUILD, SOURCE, Skip, equal, item, rss, run, wait_for

PASSWORD = "open sesame, please"
EVIL = "Zelensky\r\nBcc: thief@evil.example\r\n\r\n.\r\nMAIL FROM:<x@y> “” " + "ü" * 400


class Server:
    """tests/tools/smtpd.py; what it took is in self.mails()."""

    def __init__(self, world, *options):
        if subprocess.run(["/usr/bin/python3", "-c", "import aiosmtpd"], capture_output=True).returncode != 0:
            raise Skip("python3-aiosmtpd is not installed")
        self.path = world.dir / "mails"
        with open(self.path, "wb") as out, open(world.dir / "smtpd.log", "wb") as log:
            self.process = subprocess.Popen(["/usr/bin/python3", SOURCE / "tests/tools/smtpd.py", *options], stdin=subprocess.PIPE, stdout=out, stderr=log)
        self.port = wait_for(self.lines, "the mail server says its port")[0]["port"]

    def lines(self):
        return [json.loads(line) for line in self.path.read_text().splitlines(keepends=True) if line.endswith("\n")]

    def mails(self):
        return self.lines()[1:]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


class Script(threading.Thread):
    """A mail server that says what it is told: one list of answers for each connection; None hangs up. The last list serves all
    further connections."""

    def __init__(self, *connections):
        super().__init__(daemon=True)
        self.connections = list(connections)
        self.heard = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            answers = self.connections.pop(0) if len(self.connections) > 1 else self.connections[0]
            threading.Thread(target=self.talk, args=(connection, list(answers)), daemon=True).start()

    def talk(self, connection, answers):
        heard = []
        self.heard.append(heard)
        lines = connection.makefile("rb")
        data = False
        try:
            for answer in answers:
                if answer is None:
                    break
                connection.sendall(answer)
                data = answer.startswith(b"354")
                for line in lines:
                    heard.append(line)
                    if not data or line == b".\r\n":
                        break
            connection.close()
        except OSError:
            pass


def certificate(world, host="localhost"):
    cert, key = world.dir / "cert.pem", world.dir / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert,
                    "-days", "2", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"], check=True, capture_output=True)
    return cert, key


def sink(port, *lines, to=("Desk <desk@news.example>",), host="127.0.0.1"):
    return "\n".join(["[sink post]", "type = mail", f"url = smtp://{host}:{port}", "from = Tidings <tidings@news.example>", "allow-private = yes",
                      *[f"to = {t}" for t in to], *lines, "", ""])


def secret(world, text=PASSWORD):
    path = world.dir / "password"
    path.write_text(text + "\n")
    os.chmod(path, 0o600)
    return path


def tell(world, *parts, title="Zelensky arrives in Geneva", text="He brings a peace plan <b>& more</b>.", **settings):
    world.write("a.rss", rss([item(1, title, text), item(2, "Rowers finish")]))
    world.configure(world.feeds(["a.rss"]), world.WATCH, *parts, **settings)
    world.start()


def read(mail):
    return email.message_from_string(mail["mail"], policy=email.policy.default)


def outbox(world):
    return world.rows("SELECT state, error FROM outbox")


def test_a_mail_goes_through_starttls_and_a_login_and_reads_well(world):
    cert, key = certificate(world)
    server = Server(world, "--cert", str(cert), "--key", str(key), "--login", f"tidings:{PASSWORD}")
    tell(world, sink(server.port, "user = tidings", f"secret-file = {secret(world)}", host="localhost",
                     to=("“Desk” Ü <desk@news.example>", "night@news.example")), ca_file=cert)
    mails = wait_for(server.mails, "a mail")
    wait_for(world.outbox_settled, "nothing is left to be told")
    world.stop()
    equal(len(mails), 1)
    equal(mails[0]["from"], "tidings@news.example")
    equal(mails[0]["to"], ["desk@news.example", "night@news.example"])
    equal((mails[0]["tls"], mails[0]["login"]), (True, True))
    got = read(mails[0])
    equal(got["From"], "Tidings <tidings@news.example>")
    equal([a.addr_spec for a in got["To"].addresses], ["desk@news.example", "night@news.example"])
    equal([a.display_name for a in got["To"].addresses], ["“Desk” Ü", ""])
    equal("Zelensky arrives in Geneva" in got["Subject"], True, got["Subject"])
    equal("post.tidings.news.example" in got["List-Id"], True, got["List-Id"])
    equal(got["Auto-Submitted"], "auto-generated")
    equal(got.get_content_type(), "multipart/alternative")
    text, page = [p.get_content() for p in got.iter_parts()]
    equal("He brings a [peace plan]" in text.replace("\r\n", " "), True, text)
    equal("https://it.example/1" in text, True, text)
    equal('<a href="https://it.example/1">' in page, True, page)
    equal("<mark>peace plan</mark>" in page, True, page)
    equal(PASSWORD in world.errors(), False, "the password is in the log")
    server.close()


def test_a_hostile_title_stays_in_the_subject(world):
    server = Server(world)
    tell(world, sink(server.port, "starttls = never"), title=EVIL, text="<script>alert(1)</script> peace plan &lt;script>alert(2)&lt;/script>")
    mails = wait_for(server.mails, "a mail")
    world.stop()
    equal(len(mails), 1)
    equal(mails[0]["to"], ["desk@news.example"])
    got = read(mails[0])
    equal(got["Bcc"], None)
    equal(got.defects, [])
    equal(sorted(set(got.keys()) - {"Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "List-Id", "Auto-Submitted", "Importance",
                                    "MIME-Version", "Content-Type"}), [], "headers")
    equal("Bcc: thief@evil.example" in got["Subject"], True, got["Subject"])
    equal(max(len(line) for line in mails[0]["mail"].splitlines()) <= 78, True, "lines are short")
    equal(mails[0]["mail"].isascii(), True)
    page = [p.get_content() for p in got.iter_parts()][1]
    equal("<script" in page, False, page)
    server.close()


HELLO = [b"220 hi\r\n", b"250-hi\r\n250 8BITMIME\r\n"]
TO_DATA = HELLO + [b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"]


def test_what_is_temporary_comes_again_with_the_same_message_id(world):
    # The second connection takes the mail and breaks before it says so: nobody can know, so it comes a third time.
    script = Script(HELLO + [b"250 ok\r\n", b"451 later\r\n", b"221 bye\r\n"], TO_DATA + [None], TO_DATA + [b"250 taken\r\n", b"221 bye\r\n"])
    tell(world, sink(script.port, "starttls = never"))
    wait_for(lambda: outbox(world) == [(2, None)], "the mail is delivered in the end", 60)
    world.stop()
    equal(len(script.heard), 3, "connections")
    ids = {line for heard in script.heard for line in heard if line.lower().startswith(b"message-id:")}
    equal(len(ids), 1, "message ids")


def test_what_is_refused_is_dead_and_says_why(world):
    script = Script(HELLO + [b"250 ok\r\n", b"550 no such user\r\n", b"221 bye\r\n"])
    tell(world, sink(script.port, "starttls = never"))
    wait_for(lambda: outbox(world) and outbox(world)[0][0] == 3, "the notification is dead")
    world.stop()
    equal("550" in outbox(world)[0][1], True, outbox(world))


def check_waits(world, script, words, *lines, **settings):
    tell(world, sink(script.port, *lines), **settings)
    wait_for(lambda: outbox(world) and outbox(world)[0][1], "a first attempt failed", 40)
    world.stop()
    state, error = outbox(world)[0]
    equal(state, 0, f"the notification waits; {error}")
    equal(words in error, True, error)


def test_a_server_without_starttls_hears_nothing(world):
    script = Script([b"220 hi\r\n", b"250-hi\r\n250 AUTH PLAIN\r\n", b"250 ok\r\n"])
    check_waits(world, script, "STARTTLS", "user = tidings", f"secret-file = {secret(world)}")
    equal([line for line in script.heard[0] if line.startswith((b"AUTH", b"MAIL"))], [], "said in clear")


def test_a_wrong_certificate_is_not_trusted(world):
    cert, key = certificate(world, "other.example")
    server = Server(world, "--cert", str(cert), "--key", str(key))
    tell(world, sink(server.port, host="localhost"), ca_file=cert)
    wait_for(lambda: outbox(world) and outbox(world)[0][1], "a first attempt failed", 40)
    world.stop()
    equal("certificate" in outbox(world)[0][1], True, outbox(world))
    equal(server.mails(), [])
    server.close()


def test_a_refused_login_waits_for_a_better_one(world):
    script = Script([b"220 hi\r\n", b"250-hi\r\n250 AUTH PLAIN\r\n", b"535 who are you\r\n", b"221 bye\r\n"])
    check_waits(world, script, "535", "starttls = never", "user = tidings", f"secret-file = {secret(world)}")


def test_a_greeting_of_421_waits(world):
    check_waits(world, Script([b"421 too busy\r\n"]), "421", "starttls = never")


def test_an_endless_answer_is_cut(world):
    check_waits(world, Script([b"220 hi\r\n", b"250-more\r\n" * 20000]), "larger than", "starttls = never")


def test_sendmail_gets_the_mail_and_its_exit_status_counts(world):
    program = world.dir / "sendmail"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >"$0.args"\ncat >"$0.part" && mv "$0.part" "$0.mail"\n')
    program.chmod(0o755)
    tell(world, f"[sink post]\ntype = sendmail\ncommand = {program} -odi\nfrom = tidings@news.example\nto = desk@news.example\n\n")
    wait_for(lambda: outbox(world) == [(2, None)], "the mail is delivered")
    world.stop()
    equal((world.dir / "sendmail.args").read_text().split(), ["-odi", "-i", "-f", "tidings@news.example", "--", "desk@news.example"])
    got = email.message_from_bytes((world.dir / "sendmail.mail").read_bytes(), policy=email.policy.default)
    equal("Zelensky arrives" in got["Subject"], True)


def test_a_line_end_in_an_address_is_refused_when_the_configuration_is_read(world):
    for line in ("to = a@b.example RCPT TO:x@y", "to = two@words here", "to = a@b@c", "from = <>", "from = no address"):
        sound = "" if line.startswith("from") else "from = t@news.example\n"
        world.configure(f"[sink post]\ntype = mail\nurl = smtp://127.0.0.1:25\nto = desk@news.example\n{sound}{line}\n")
        done = subprocess.run([BUILD / "tidingsd", "-c", world.conf, "--check"], capture_output=True, text=True)
        equal((done.returncode != 0, "mail address" in done.stderr), (True, True), line + ": " + done.stderr)


run(globals())
