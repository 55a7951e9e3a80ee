"""The servers of MQTT and NATS that Debian has, and clients of our own that know only the protocols."""

import json
import shutil
import socket
import subprocess

from harness import BUILD, PATIENCE, Skip, equal, wait_for


def built(name):
    if f"#define HAVE_{name} 1" not in (BUILD / "config.h").read_text():
        raise Skip(f"built without {name.lower()}")


def program(name, package):
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/usr/local/sbin")
    if found is None:
        raise Skip(f"there is no {name} (Debian: {package})")
    return found


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A broker that is ended with the test."""

    def __init__(self, world, port, *argv):
        self.world, self.port, self.argv = world, port, argv
        self.start()

    def start(self):
        with open(self.world.dir / "broker.log", "ab") as log:
            self.process = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(self.answers, "the broker answers")

    def answers(self):
        equal(self.process.poll(), None, (self.world.dir / "broker.log").read_text())
        try:
            socket.create_connection(("127.0.0.1", self.port), 5).close()
        except OSError:
            return False
        return True

    def stop(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.stop()


# ---- MQTT 3.1.1 ----


class Subscriber:
    """CONNECT, SUBSCRIBE and PUBLISH of MQTT 3.1.1, as OASIS has them."""

    def __init__(self, port, topic, user=None):
        self.s = socket.create_connection(("127.0.0.1", port), 30 * PATIENCE)
        login = self.text(user[0]) + self.text(user[1]) if user else b""
        self.send(0x10, self.text("MQTT") + bytes([4, 0xC2 if user else 2, 0, 0]) + self.text("reader") + login)
        equal(self.packet(), (0x20, b"\0\0"), "CONNACK")
        self.send(0x82, b"\0\1" + self.text(topic) + b"\1")
        equal(self.packet(), (0x90, b"\0\1\1"), "SUBACK")

    @staticmethod
    def text(t):
        return len(t).to_bytes(2, "big") + t.encode()

    def send(self, kind, body):
        length, n = b"", len(body)
        while True:
            length += bytes([n % 128 | (128 if n > 127 else 0)])
            n //= 128
            if n == 0:
                break
        self.s.sendall(bytes([kind]) + length + body)

    def exactly(self, n):
        out = b""
        while len(out) < n:
            chunk = self.s.recv(n - len(out))
            equal(chunk != b"", True, "the broker hung up")
            out += chunk
        return out

    def packet(self):
        kind, n, shift = self.exactly(1)[0], 0, 0
        while True:
            byte = self.exactly(1)[0]
            n |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return kind, self.exactly(n)

    def message(self):
        kind, body = self.packet()
        equal(kind & 0xF7, 0x32, "PUBLISH with quality of service 1, not retained")
        topic = int.from_bytes(body[:2], "big")
        self.send(0x40, body[2 + topic:4 + topic])
        return json.loads(body[4 + topic:])


def mosquitto(world, *lines):
    built("MOSQUITTO")
    port, conf = free_port(), world.dir / "mosquitto.conf"
    conf.write_text("\n".join([f"listener {port} 127.0.0.1", "persistence false", "log_dest stderr", *lines, ""]))
    return Server(world, port, program("mosquitto", "mosquitto"), "-c", str(conf))


# ---- NATS ----


class Nats:
    """Requests in the protocol of docs.nats.io."""

    def __init__(self, port, **login):
        self.s = socket.create_connection(("127.0.0.1", port), 30 * PATIENCE)
        self.f = self.s.makefile("rb")
        self.f.readline()
        self.s.sendall(b"CONNECT " + json.dumps({"verbose": False, "headers": True, **login}).encode() + b"\r\nSUB inbox 1\r\n")

    def ask(self, subject, what=None):
        body = json.dumps(what).encode() if what is not None else b""
        self.s.sendall(f"PUB {subject} inbox {len(body)}\r\n".encode() + body + b"\r\n")
        while True:
            line = self.f.readline().decode().split()
            equal(line != [], True, "the server hung up")
            if line[0] == "PING":
                self.s.sendall(b"PONG\r\n")
            elif line[0] == "MSG":
                answer = json.loads(self.f.read(int(line[-1]) + 2))
                equal("error" in answer, False, answer)
                return answer


def nats(world, *options):
    built("NATS")
    port = free_port()
    return Server(world, port, program("nats-server", "nats-server"), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(world.dir / "nats"), *options)
