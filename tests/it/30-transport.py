"""The transport cases of a hostile world, H1 to H35: each is one clear error at its feed, and twenty others are polled on time.

Runs in a network and mount namespace of its own when it may: then every case has a host of its own at a "public" address, told by
a name server of ours, and the daemon's policy is in force as it stands. Without, all of it happens on loopback addresses, and the
cases about names are left out.
"""
import fcntl
import gzip
import select
import ssl
import struct
import threading
import zlib

from harness import *

PRIVATE_NET = os.environ.get("TIDINGS_PRIVATE_NET")
PUBLIC = "8.8.8.8" if PRIVATE_NET else "127.0.0.1"
PUBLIC_2 = "9.9.9.9" if PRIVATE_NET else "127.0.0.2"
CONTROLS = 20
LATE_S = 2


def enter_private_net():
    """Becomes a process in namespaces of its own, if that is allowed."""
    if PRIVATE_NET is not None or not shutil.which("unshare"):
        return
    flags = "-nm" if os.geteuid() == 0 and subprocess.run(["unshare", "-nm", "true"], capture_output=True).returncode == 0 else "-rnm"
    if subprocess.run(["unshare", flags, "true"], capture_output=True).returncode == 0:
        os.environ["TIDINGS_PRIVATE_NET"] = "1"
        os.execvp("unshare", ["unshare", flags, sys.executable, *sys.argv])


def interface(fd, number, name, data):
    fcntl.ioctl(fd, number, struct.pack("16s16s", name.encode(), data))


def make_private_net():
    """Loopback with two addresses that count as public, and a resolver that asks us."""
    def inet(text):
        return struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(text))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        interface(s, 0x8914, "lo", struct.pack("H14x", 0x41))  # SIOCSIFFLAGS: up, running
        for n, address in enumerate((PUBLIC, PUBLIC_2), 1):
            interface(s, 0x8916, f"lo:{n}", inet(address))  # SIOCSIFADDR
            interface(s, 0x891C, f"lo:{n}", inet("255.255.255.255"))  # SIOCSIFNETMASK
    with tempfile.NamedTemporaryFile("w") as resolv:
        resolv.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        resolv.flush()
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        subprocess.run(["mount", "--bind", resolv.name, "/etc/resolv.conf"], check=True)
    threading.Thread(target=serve_names, daemon=True).start()


# first label (or how it begins): A records of the first and of later questions, AAAA record
NAMES = {
    "nx": None, "servfail": None, "silent": None,
    "loop5": ("127.0.0.1", "127.0.0.1", None), "ten": ("10.0.0.1", "10.0.0.1", None),
    "meta": ("169.254.169.254", "169.254.169.254", None), "six": (None, None, "::1"), "ula": (None, None, "fd00::1"),
    "nat": (None, None, "64:ff9b::7f00:1"), "rebind": (PUBLIC, "127.0.0.1", None), "other": (PUBLIC_2, PUBLIC_2, None),
}


ASKED = []  # (first label, type) of every question


def serve_names():
    asked = {}
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 53))
    while True:
        q, peer = s.recvfrom(512)
        end = 12
        while q[end]:
            end += q[end] + 1
        label = q[13:13 + q[12]].decode().rstrip("0123456789") if q[12] else ""
        kind = q[end + 2]
        ASKED.append((q[13:13 + q[12]].decode(), kind))
        records = NAMES.get(label if label in NAMES else q[13:13 + q[12]].decode(), (PUBLIC, PUBLIC, None))
        if label == "silent":
            continue
        code = {"nx": 3, "servfail": 2}.get(label, 0)
        data = b""
        if records and kind == 1:
            first = asked.setdefault(label, 0) == 0
            asked[label] += 1
            data = socket.inet_aton(records[0 if first else 1]) if records[0] else b""
        elif records and kind == 28 and records[2]:
            data = socket.inet_pton(socket.AF_INET6, records[2])
        answer = struct.pack(">HHHHHH", struct.unpack(">H", q[:2])[0], 0x8180 | code, 1, 1 if data else 0, 0, 0) + q[12:end + 5]
        if data:
            answer += struct.pack(">HHHIH", 0xC00C, kind, 1, 0, len(data)) + data
        s.sendto(answer, peer)


# ---- servers ----


class Scripted:
    """A feedserver more: `root` is what it serves."""

    def __init__(self, world, name, address, *options):
        self.root = world.dir / name
        self.root.mkdir()
        self.log = world.dir / f"{name}.log"
        port_file = world.dir / f"{name}.port"
        self.process = subprocess.Popen(
            [BUILD / "tests/tools/feedserver", "--address", address, "--root", self.root, "--port-file", port_file, "--log", self.log,
             "--until-eof", *options], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        world.more.append(self.process)
        wait_for(port_file.exists, "the feed server says its port")
        self.port = int(port_file.read_text())

    def put(self, name, data, script=None):
        (self.root / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        if script is not None:
            (self.root / f"{name}.script").write_text(script)

    def requests(self, path=None):
        lines = self.log.read_text().split("\n")[:-1] if self.log.exists() else []  # the last one may be half written
        return [r for r in map(json.loads, lines) if path is None or r["path"] == "/" + path]


def bare_server(handler, context=None):
    """A server in a thread that does with each connection what handler(connection) does. Returns its port."""
    listener = socket.create_server(("0.0.0.0" if PRIVATE_NET else "127.0.0.1", 0), backlog=64)

    def one(connection):
        try:
            connection.settimeout(30)
            handler(context.wrap_socket(connection, server_side=True) if context else connection)
        except OSError:
            pass
        finally:
            connection.close()

    def loop():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1]


def read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data and (chunk := connection.recv(65536)):
        data += chunk
    return data


def endless_chain(connection):
    n = int(read_request(connection).split()[1].decode().strip("/") or 0)
    connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: /{n + 1}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())


def fall_silent(connection):
    connection.recv(1)
    select.select([connection], [], [], 30)
    while connection.recv(4096):
        pass


def alert(number):
    def handler(connection):
        connection.recv(4096)
        connection.sendall(bytes([0x15, 3, 3, 0, 2, 2, number]))
    return handler


def frame(kind, stream, payload=b"", flags=0):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def go_away(connection):
    connection.recv(4096)
    connection.sendall(frame(4, 0) + frame(7, 0, struct.pack(">II", 0, 11)))
    connection.recv(4096)


def reset_flood(connection):
    connection.recv(4096)
    connection.sendall(frame(4, 0))
    for _ in range(10000):
        connection.sendall(frame(3, 1, struct.pack(">I", 11)))


def exactly(connection, size):
    data = b""
    while len(data) < size:
        chunk = connection.recv(size - len(data))
        if not chunk:
            raise ConnectionError("the client is gone")
        data += chunk
    return data


def http2(requests):
    """Answers each request of a connection with FEED (RFC 9113); `requests` gets a list of streams for each connection."""
    def handler(connection):
        streams = []
        requests.append(streams)
        equal(exactly(connection, 24), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "the preface")
        connection.sendall(frame(4, 0))
        while True:
            head = exactly(connection, 9)
            exactly(connection, int.from_bytes(head[:3], "big"))
            if head[3] == 1:  # HEADERS; it is answered with status 200, by its number in HPACK's table, and one DATA
                stream = int.from_bytes(head[5:], "big")
                streams.append(stream)
                connection.sendall(frame(1, stream, b"\x88", flags=4) + frame(0, stream, FEED.encode(), flags=1))
            elif head[3] == 4 and not head[4] & 1:
                connection.sendall(frame(4, 0, flags=1))
    return handler


def endless(head, text):
    def handler(connection):
        read_request(connection)
        connection.sendall(head.encode())
        chunk = text.encode() * (65536 // len(text))
        for _ in range(4096):  # 256 MiB
            connection.sendall(chunk)
    return handler


# ---- certificates ----


def run_openssl(directory, *arguments):
    subprocess.run(["openssl", *map(str, arguments)], cwd=directory, check=True, capture_output=True)


def certificates(directory, host):
    """ca.pem, and what is wrong with the others stands in their names."""
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    run_openssl(directory, "req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ours", "-days", "30")
    for name, alternative, extra in [
        ("good", host, ["-days", "30"]), ("expired", host, ["-days", "-1"]), ("wronghost", "elsewhere.example", ["-days", "30"]),
        ("sha1", host, ["-days", "30", "-sha1"]),
    ]:
        kind = "IP" if alternative[0].isdigit() else "DNS"
        (directory / f"{name}.ext").write_text(f"subjectAltName={kind}:{alternative}\n")
        run_openssl(directory, "req", "-new", *new_key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=x")
        run_openssl(directory, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
                    f"{name}.crt", "-extfile", f"{name}.ext", *extra)
    run_openssl(directory, "req", "-x509", *new_key, "-keyout", "selfsigned.key", "-out", "selfsigned.crt", "-subj", "/CN=x", "-days", "30",
                "-addext", f"subjectAltName={'IP' if host[0].isdigit() else 'DNS'}:{host}")
    for name in ("good", "expired", "wronghost", "sha1", "selfsigned"):
        chain = [directory / f"{name}.crt", directory / f"{name}.key"]
        (directory / f"{name}.pem").write_text("".join(p.read_text() for p in chain))
    ours = (directory / "ca.pem").read_text()
    (directory / "longchain.pem").write_text((directory / "selfsigned.crt").read_text() + ours * 100 + (directory / "selfsigned.key").read_text())


def weak_context(directory, name, **settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(directory / f"{name}.pem")
    for key, value in settings.items():
        setattr(context, key, value)
    return context


# ---- the cases ----

FEED = rss([item(1)])


def body(text):
    return "send " + text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") + "\n"


def answer(status, *headers, text="no"):
    return f"status {status}\n" + "".join(f"header {h}\n" for h in headers) + body(text)


LOGIN = "<!DOCTYPE html><html><head><title>{}</title></head><body><form action=login>Please log in</form></body></html>"
XML = "Content-Type: application/rss+xml"

# name: (script, words for the error of which one must stand there; "ok" for none)
SCRIPTED = {
    "h9file": ("redirect 302 file:///etc/passwd\n", "redirect_scheme"),
    "h9ftp": ("redirect 302 ftp://8.8.8.8/x\n", "redirect_scheme"),
    "h9gopher": ("redirect 302 gopher://8.8.8.8/x\n", "redirect_scheme"),
    "h9dict": ("redirect 302 dict://8.8.8.8/x\n", "redirect_scheme"),
    "h9smtp": ("redirect 302 smtp://8.8.8.8/x\n", "redirect_scheme"),
    "h9data": ("redirect 302 data:text/xml,<rss/>\n", "redirect_scheme"),
    "h9javascript": ("redirect 302 javascript:alert(1)\n", "redirect_scheme"),
    "h10self": ("redirect 302 /h10self\n", "redirect_loop"),
    "h14slowheaders": ("raw\ndrip 1 500ms\n" + body("HTTP/1.1 200 OK\r\n" + "X-A: b\r\n" * 200), "timeout"),
    "h15slowbody": (f"status 200\nheader {XML}\ndrip 100 1s\nrepeat 100000 <!-- slow -->\n", "timeout"),
    "h16silence": ("hang\n", "timeout"),
    "h17chunked": ("status 200\nchunked\nforever <!-- for ever -->\n", "too_large"),
    "h17http10": ("raw\nsend HTTP/1.0 200 OK\\r\\n\\r\\n\nforever <!-- for ever -->\n", "too_large"),
    "h18huge": ("raw\n" + body("HTTP/1.1 200 OK\r\nContent-Length: 100000000000000000000000\r\n\r\n" + FEED) + "close\n", "ok too_large truncated http_protocol"),
    "h18negative": ("raw\n" + body("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + FEED) + "close\n", "ok http_protocol truncated"),
    "h18two": ("raw\n" + body(f"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: {len(FEED)}\r\n\r\n" + FEED) + "close\n",
               "ok http_protocol truncated not_a_feed ill_formed"),
    "h18both": ("raw\n" + body(f"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n{len(FEED):x}\r\n{FEED}\r\n0\r\n\r\n"), "ok http_protocol"),
    "h19short": (f"status 200\nheader Content-Length: 100000\n" + body(FEED[:-40]) + "close\n", "truncated"),
    "h19reset": ("status 200\nheader Content-Length: 100000\n" + body(FEED[:-40]) + "reset\n", "truncated"),
    "h19chunk": ("raw\n" + body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n<rss>") + "close\n", "truncated"),
    "h21six": (answer(200, "Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip", text=FEED), "bad_encoding http_protocol"),
    "h21label": (answer(200, "Content-Encoding: br", text=FEED), "bad_encoding"),
    "h22line": ("raw\nsend HTTP/1.1 200 OK\\r\\nX: \nrepeat 200000 x\nsend \\r\\n\\r\\n\nclose\n", "header_too_large"),
    "h23headers": ("raw\nsend HTTP/1.1 200 OK\\r\\n\nforever X-A: b\\r\\n\n", "header_too_large"),
    "h23continue": ("raw\nforever HTTP/1.1 100 Continue\\r\\n\\r\\n\n", "header_too_large timeout"),
    "h23hints": ("raw\nforever HTTP/1.1 103 Early Hints\\r\\nLink: </x>\\r\\n\\r\\n\n", "header_too_large timeout"),
    "h23trailers": ("raw\nsend HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabc\\r\\n0\\r\\n\nforever X-T: u\\r\\n\n", "header_too_large"),
    "h27nocontent": ("status 204\n", "http_status"),
    "h27partial": (answer(206, "Content-Range: bytes 0-4/100", text=FEED), "http_status"),
    "h27empty": ("status 200\n", "empty"),
    "h27login": (answer(200, "Content-Type: text/html", text=LOGIN.format("Paper")), "not_a_feed"),
    "h27captcha": (answer(200, "Content-Type: text/html", text=LOGIN.format("Are you human?")), "not_a_feed"),
    "h28a401": (answer(401), "http_unauthorized"),
    "h28a403": (answer(403), "http_forbidden"),
    "h28a404": (answer(404), "http_not_found"),
    "h28a410": (answer(410), "http_gone"),
    "h28a451": (answer(451), "http_forbidden"),
    "h29seconds": (answer(429, "Retry-After: 72000"), "http_rate_limited"),
    "h29date": (answer(503, f"Retry-After: {(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=20)):%a, %d %b %Y %H:%M:%S} GMT"), "http_server"),
    "h29years": (answer(429, "Retry-After: 315360000"), "http_rate_limited"),
    "h29negative": (answer(429, "Retry-After: -7"), "http_rate_limited"),
    "h29garbage": (answer(503, "Retry-After: soon"), "http_server"),
    "h30a500": (answer(500), "http_server"),
    "h32http09": ("raw\n" + body(FEED) + "close\n", "http_protocol"),
    "h32status": ("raw\n" + body("HTTP/1.1 200OK\r\n\r\n" + FEED) + "close\n", "http_protocol http_status ok"),
    "h32line": ("raw\n" + body("HTTP/x.y abc\r\n\r\n") + "close\n", "http_protocol truncated http_status"),
    "h32a999": (answer(999), "http_status"),
    "h34cookie": (answer(200, XML, "Set-Cookie: a=b", "Strict-Transport-Security: max-age=1000000", 'Alt-Svc: h2="127.0.0.1:1"', text=FEED), "ok"),
}


def deflate_raw(data):
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    return z.compress(data) + z.flush()


def zstd_bomb(size):
    """A frame (RFC 8878) of blocks that each repeat one byte: 4 bytes for 128 KiB."""
    blocks = size >> 17
    frame = b"\x28\xb5\x2f\xfd\x00\x38"  # no checksum, no size; a window of 128 KiB
    for n in range(blocks):
        frame += (1 << 17 << 3 | 1 << 1 | (n == blocks - 1)).to_bytes(3, "little") + b" "
    return frame


BOMB = gzip.compress(bytes(50 << 20), 6)
# 50 MiB of zeros (RFC 7932)
BROTLI_BOMB = bytes.fromhex("cfffff7f002400e2b14072effff9ffff0f8004401c1680eefd3fffffff01900088c302d0bdffcfffff0f001200715800baf71f")
PACKED = {  # name: (Content-Encoding, bytes, words)
    "h21bomb": ("gzip", BOMB, "too_large"),
    "h21bombs": ("gzip, gzip", gzip.compress(BOMB), "too_large"),
    "h21brotli": ("br", BROTLI_BOMB, "too_large"),
    "h21zstd": ("zstd", zstd_bomb(50 << 20), "too_large"),
    "h21raw": ("deflate", deflate_raw(FEED.encode()), "ok bad_encoding"),
    "h21magic": (None, gzip.compress(FEED.encode()), "ok not_a_feed"),
}


def packed(encoding, data):
    def handler(connection):
        read_request(connection)
        head = "HTTP/1.1 200 OK\r\nConnection: close\r\n" + (f"Content-Encoding: {encoding}\r\n" if encoding else "")
        connection.sendall(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
    return handler


def black_hole():
    """A port that answers no SYN: its queue is full. The sockets must live as long as that is wanted."""
    listener = socket.create_server((PUBLIC, 0), backlog=0)
    full = [listener]
    for _ in range(4):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex(listener.getsockname())
        full.append(s)
    return listener.getsockname()[1], full


def errors_of(world):
    out = {}
    for f in world.tidings_json("feeds"):
        out[f["key"]] = f["error"]["code"] if f["error"] else "ok"
    return out


class Controls:
    """Twenty feeds that are polled every second: how late are they?"""

    def __init__(self, world):
        self.server = Scripted(world, "controls", "0.0.0.0" if PRIVATE_NET else PUBLIC_2)
        self.names = [f"good{n:02}" for n in range(CONTROLS)]
        for n, name in enumerate(self.names):
            self.server.put(f"{name}.rss", rss([item(n * 10 + k, f"Zelensky {n} {k}") for k in range(3)]))

    def sections(self):
        host = (lambda n: f"{n}.test") if PRIVATE_NET else (lambda n: PUBLIC_2)
        return "".join(section(n, f"http://{host(n)}:{self.server.port}/{n}.rss", interval="1s") for n in self.names)

    def worst_wait_s(self):
        """The longest time between two polls of one of them, the time since the last one included."""
        worst = 0
        for n in self.names:
            at = [r["at_ms"] / 1000 for r in self.server.requests(f"{n}.rss")]
            worst = max([worst] + [b - a for a, b in zip(at, at[1:] + [time.time()])])
        return worst

    def check(self):
        wait = self.worst_wait_s()
        if wait > (1 + LATE_S) * PATIENCE:
            raise AssertionError(f"a control feed was polled {wait - 1:.1f} s late")


def section(key, url, **settings):
    if not PRIVATE_NET:
        settings.setdefault("allow_private", "yes")
    return f"[feed {key}]\nurl = {url}\n" + "".join(f"{k.replace('_', '-')} = {v}\n" for k, v in settings.items()) + "\n"


def host_of(case):
    return f"{case}.test" if PRIVATE_NET else PUBLIC


def prepare(world):
    world.more = []
    settings = {"fetch_timeout": "4s", "connect_timeout": "2s", "low_speed_time": "2s", "connections": 200, "jitter": 0, "adaptive": "no",
                "connections_per_host": 2 if PRIVATE_NET else 64, "connections_per_address": 200}
    if PRIVATE_NET:
        settings["shared_hosts"] = ""
    return settings


def finish(world):
    world.stop()
    world.sound()
    for process in world.more:
        process.kill()
        process.wait()


def wrong_ones(got, want):
    return [f"{k}: {got.get(k)}, want one of: {words}" for k, words in want.items() if got.get(k) not in words.split()]


def test_every_way_in_which_transport_fails_is_one_clear_error_and_costs_the_others_nothing(world):
    settings = prepare(world)
    controls = Controls(world)
    hostile = Scripted(world, "hostile", "0.0.0.0" if PRIVATE_NET else PUBLIC)
    port, sockets = black_hole()
    want, sections = {}, []

    def add(case, words, url, **more):
        want[case] = words
        sections.append(section(case, url, **more))

    for case, (script, words) in SCRIPTED.items():
        hostile.put(case, "", script)
        add(case, words, f"http://{host_of(case)}:{hostile.port}/{case}")
    for case, (encoding, data, words) in PACKED.items():
        add(case, words, f"http://{host_of(case)}:{bare_server(packed(encoding, data))}/")
    add("h1refused", "connect_refused", f"http://{host_of('h1refused')}:1/")
    add("h2hole", "connect_timeout", f"http://{PUBLIC}:{port}/")
    add("h10chain", "redirect_loop", f"http://{host_of('h10chain')}:{bare_server(endless_chain)}/0")
    world.configure(controls.sections(), *sections, world.WATCH, **settings)
    world.start()
    wait_for(lambda: world.alive() and all(n > 0 for (n,) in world.rows("SELECT poll_count FROM feeds")), "every feed was polled", 60)
    equal(wrong_ones(errors_of(world), want), [], "errors")
    controls.check()
    feeds = {f["key"]: f for f in world.tidings_json("feeds")}
    now = datetime.datetime.now(datetime.timezone.utc)
    hours = {k: (datetime.datetime.fromisoformat(feeds[k]["next"].replace("Z", "+00:00")) - now).total_seconds() / 3600
             for k in feeds if k.startswith("h29")}
    near = {k: h for k, h in hours.items() if not {"h29seconds": 19, "h29date": 19, "h29years": 23, "h29negative": 0.9, "h29garbage": 0.9}[k]
            < h < {"h29seconds": 21, "h29date": 21, "h29years": 25, "h29negative": 3, "h29garbage": 3}[k]}
    equal(near, {}, "hours to the next poll after Retry-After")
    for f in feeds.values():
        if f["key"] in want and f["error"]:
            equal(bool(f["error"]["text"] and f["error"]["since"] and f["error"]["count"] == 1), True, f"error of {f['key']}: {f['error']}")
    if not SANITIZED:
        equal(world.rss_kib() < 256 << 10, True, f"resident memory: {world.rss_kib()} KiB")
    world.control("poll h34cookie")
    wait_for(lambda: len(hostile.requests("h34cookie")) == 2, "asked once more")
    connections = [r["connection"] for r in hostile.requests("h34cookie")]
    equal(connections[0], connections[1], "a connection is used again")
    world.control("poll h19short")
    wait_for(lambda: len(hostile.requests("h19short")) == 2, "one whose connection was closed is asked once more")
    if PRIVATE_NET:
        equal(ASKED.count(("h19short", 1)), 1, "its name is remembered")
    sent = {k.lower() for k in hostile.requests("h34cookie")[1]["headers"]}
    equal(sent & {"cookie", "upgrade-insecure-requests"}, set(), "H34: what was set is sent back")
    finish(world)
    for s in sockets:
        s.close()


def test_names_that_lead_nowhere_or_inwards_are_told_and_never_followed(world):
    if not PRIVATE_NET:
        raise Skip("needs namespaces of its own")
    settings = prepare(world)
    controls = Controls(world)
    hostile = Scripted(world, "hostile", "0.0.0.0")
    inner = f":{hostile.port}/inner"
    hostile.put("inner", FEED)
    hostile.put("rebind", FEED)
    hostile.put("h8", "", f"redirect 302 http://127.0.0.1{inner}\n")
    hostile.put("h8meta", "", "redirect 302 http://169.254.169.254/latest/\n")
    want = {"h3nx": "dns", "h3servfail": "dns_temporary", "h8": "address_blocked", "h8meta": "address_blocked", "h6": "ok", "h7allowed": "ok"}
    sections = [section("h3nx", "http://nx.test/"), section("h3servfail", "http://servfail.test/"), section("h6", f"http://rebind.test:{hostile.port}/rebind"),
                section("h8", f"http://h8.test:{hostile.port}/h8"), section("h8meta", f"http://h8meta.test:{hostile.port}/h8meta"),
                section("h7allowed", f"http://127.1:{hostile.port}/rebind", allow_private="yes")]
    for case, host in {**{f"h5{n}": f"{n}.test" for n in ("loop5", "ten", "meta", "six", "ula", "nat")},
                       **{f"h7n{n}": host for n, host in enumerate((
                           "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0x7f000001", "017700000001", "0", "[::1]", "[::ffff:127.0.0.1]",
                           "[64:ff9b::7f00:1]", "[::]", "localhost"))}}.items():
        want[case] = "address_blocked"
        sections.append(section(case, f"http://{host}{inner}"))
    for n in range(50):
        want[f"h4n{n}"] = "dns_temporary"
        sections.append(section(f"h4n{n}", f"http://silent{n}.test/"))
    world.configure(controls.sections(), *sections, **settings)
    world.start()
    wait_for(lambda: world.alive() and all(n > 0 for (n,) in world.rows("SELECT poll_count FROM feeds")), "every feed was polled", 60)
    equal(wrong_ones(errors_of(world), want), [], "errors")
    controls.check()
    status = world.control("status")
    equal(status["loop_lag_max_ms"] < 1000 * PATIENCE, True, f"H4: the loop stood still for {status['loop_lag_max_ms']} ms")
    equal(hostile.requests("inner"), [], "requests to what lies inside")
    threads = pathlib.Path(f"/proc/{world.daemon.pid}/task")
    wait_for(lambda: len(list(threads.iterdir())) < 20, "H4: the resolver's threads end", 30)
    world.stop()
    world.start()  # asks the name server anew, and is told another address
    world.control("poll h6")
    wait_for(lambda: errors_of(world)["h6"] == "address_blocked", "H6: the second address is refused")
    finish(world)


def test_hosts_that_all_lead_to_one_place_inside_stand_behind_a_captive_portal(world):
    """Its login page is mostly on a private address, to which no feed may go."""
    if not PRIVATE_NET:
        raise Skip("needs namespaces of its own")
    settings = prepare(world)
    hostile = Scripted(world, "hostile", "0.0.0.0")
    hostile.put("feed", "", "redirect 302 http://10.0.0.1/login\n")
    world.configure(*(section(f"f{n}", f"http://portal{n}.test:{hostile.port}/feed") for n in range(4)), **settings)
    world.start()
    world.polled()
    equal(sorted(errors_of(world).values()), ["address_blocked", "address_blocked", "captive_portal", "captive_portal"], "errors")
    finish(world)


def test_tls_is_never_given_up(world):
    settings = prepare(world)
    certificates(world.dir, "good.test" if PRIVATE_NET else PUBLIC)
    controls = Controls(world)
    where = "0.0.0.0" if PRIVATE_NET else PUBLIC
    name = "good.test" if PRIVATE_NET else PUBLIC
    want, sections = {}, []

    def add(case, words, port, path="feed", **more):
        want[case] = words
        sections.append(section(case, f"https://{name}:{port}/{path}", **more))

    for case, words in {"good": "ok", "expired": "tls_expired", "selfsigned": "tls_untrusted", "wronghost": "tls_host",
                        "longchain": "tls_untrusted tls"}.items():
        server = Scripted(world, case, where, "--tls", world.dir / f"{case}.pem")
        server.put("feed", FEED)
        server.put("down", "", f"redirect 301 http://{name if PRIVATE_NET else PUBLIC_2}:{controls.server.port}/good00.rss\n")
        add(case, words, server.port)
        if case == "good":
            add("h11", "redirect_scheme", server.port, "down")
            add("h11allowed", "ok", server.port, "down", allow_downgrade="yes")
    weak = weak_context(world.dir, "good", minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1)
    sha1 = weak_context(world.dir, "sha1")
    h2 = weak_context(world.dir, "good")
    h2.set_alpn_protocols(["h2"])
    add("sha1", "tls_untrusted tls", bare_server(read_request, sha1))
    add("tls10", "tls", bare_server(read_request, weak))
    add("stall", "timeout", bare_server(fall_silent))
    add("noname", "tls", bare_server(alert(112)))
    add("h32goaway", "http_protocol truncated", bare_server(go_away, h2))
    spoken = []
    add("h2", "ok", bare_server(http2(spoken), h2))
    add("h32flood", "http_protocol truncated", bare_server(reset_flood, h2))
    world.configure(controls.sections(), *sections, ca_file=world.dir / "ca.pem", **{**settings, "connections_per_host": 40})
    world.start()
    wait_for(lambda: world.alive() and all(n > 0 for (n,) in world.rows("SELECT poll_count FROM feeds")), "every feed was polled", 60)
    equal(wrong_ones(errors_of(world), want), [], "errors")
    controls.check()
    world.control("poll h2")
    wait_for(lambda: sum(map(len, spoken)) == 2, "asked once more")
    equal(spoken, [[1, 3]], "HTTP/2 is spoken where it is offered: streams of one connection")
    finish(world)


def test_what_is_private_stays_with_its_host_and_the_environment_is_not_asked(world):
    settings = prepare(world)
    first = Scripted(world, "first", "0.0.0.0" if PRIVATE_NET else PUBLIC)
    second = Scripted(world, "second", "0.0.0.0" if PRIVATE_NET else PUBLIC_2)
    there = f"http://{'other.test' if PRIVATE_NET else PUBLIC_2}:{second.port}/feed"
    second.put("feed", FEED)
    sections = []
    for kind in ("basic", "bearer", "none"):
        first.put(kind, "", f"redirect 302 {there}?{kind}\n")
        secret = world.dir / f"{kind}.secret"
        secret.write_text("hush-4711\n")
        secret.chmod(0o600)
        more = {"basic": {"auth": "basic", "user": "me", "secret_file": secret}, "bearer": {"auth": "bearer", "secret_file": secret},
                "none": {"header": "X-Api-Key: hush-4711\nheader = Cookie: hush=4711"}}[kind]
        sections.append(section(kind, f"http://{host_of('first')}:{first.port}/{kind}", **more))
    open_secret = world.dir / "open.secret"
    open_secret.write_text("hush-4711\n")
    open_secret.chmod(0o644)
    first.put("open", FEED)
    sections.append(section("open", f"http://{host_of('first')}:{first.port}/open", auth="bearer", secret_file=open_secret))
    world.configure(*sections, **settings)
    world.conf.chmod(0o600)
    proxies = {k: "http://127.0.0.1:1" for k in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY")}
    world.start(env={**os.environ, **proxies})
    world.polled()
    equal(errors_of(world), {"basic": "ok", "bearer": "ok", "none": "ok", "open": "config"}, "errors")
    texts = [json.dumps(r) for r in first.requests()]
    equal(sum("hush-4711" in t or "bWU6aHVzaC00NzEx" in t for t in texts), 3, "requests with a secret to the first host")
    texts = [json.dumps(r).lower() for r in second.requests()]
    equal((len(texts), [t for t in texts if "hush" in t or "bwu6" in t or "authorization" in t or "cookie" in t]), (3, []), "secrets at the second host")
    equal(first.requests("open"), [], "requests with a secret that everybody can read")
    said = [world.errors(), json.dumps(world.control("status"))] + [world.tidings(*a, code=None) for a in (
        ("status",), ("--json", "status"), ("feeds",), ("--json", "feeds"), ("events",), ("--json", "events"), ("show", "1"), ("--json", "show", "1"))]
    equal([text for text in said if "hush" in text or "bWU6" in text], [], "secrets in the log, or in what is shown")
    equal(b"hush" in b"".join(p.read_bytes() for p in world.dir.glob("tidings.db*")), False, "secrets in the database")
    finish(world)


def test_a_thousand_feeds_of_one_host_hold_up_nobody_else(world):
    settings = prepare(world)
    settings["connections_per_host"] = 2
    controls = Controls(world)
    many = 300 if QUICK or SANITIZED else 1000
    crowd = Scripted(world, "crowd", "0.0.0.0" if PRIVATE_NET else PUBLIC)
    for n in range(many):
        crowd.put(f"{n}.rss", rss([item(n)]), "delay 20ms\nfile\n")
    sections = [section(f"crowd{n}", f"http://{host_of('crowd')}:{crowd.port}/{n}.rss") for n in range(many)]
    if not PRIVATE_NET:
        settings["connections_per_host"] = 8  # the controls are one host too
    world.configure(*sections, controls.sections(), **settings)
    world.start()
    wait_for(lambda: world.alive() and world.rows("SELECT count(*) FROM feeds WHERE poll_count = 0") == [(0,)], "every feed was polled", 90)
    controls.check()
    finish(world)
    at = {}
    for r in crowd.requests():
        at.setdefault(r["connection"], 0)
    equal(len(at) <= settings["connections_per_host"] * 2, True, f"H33: connections to the crowded host: {len(at)}")


enter_private_net()
if PRIVATE_NET:
    make_private_net()
run(globals())
