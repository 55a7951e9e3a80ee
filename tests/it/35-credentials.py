"""Who asks: digest authentication, and a certificate of the client's own, against servers that check them."""
import base64
import hashlib
import http.server
import re
import ssl
import threading

from harness import *

FEED = rss([item(1)])


class Server:
    """An HTTP server in this process; `answer` is called with the request handler."""

    def __init__(self, answer, context=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def do_GET(self):
                answer(self)

            do_CONNECT = do_GET

        class Quiet(http.server.ThreadingHTTPServer):
            def handle_error(self, request, address):
                pass  # a handshake that is refused is what some cases are about

        self.server = Quiet(("127.0.0.1", 0), Handler)
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def reply(handler, status, text="", **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(text.encode())))
    handler.end_headers()
    handler.wfile.write(text.encode())


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def digest_server(user, password, seen):
    """RFC 7616 with MD5 and qop=auth; every response is worked out anew."""
    def answer(handler):
        header = handler.headers.get("Authorization")
        seen.append((handler.path, header))
        said = dict((k, quoted or plain) for k, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]*))', header or ""))
        if said.get("nonce") == "n0nce" and said.get("uri") == handler.path:
            wanted = md5(":".join([md5(f"{user}:feeds:{password}"), said["nonce"], said["nc"], said["cnonce"], said["qop"],
                                   md5(f"GET:{handler.path}")]))
            if said.get("username") == user and said.get("response") == wanted:
                return reply(handler, 200, FEED, Content_Type="application/rss+xml")
        return reply(handler, 401, "no", WWW_Authenticate='Digest realm="feeds", qop="auth", nonce="n0nce", algorithm=MD5')
    return Server(answer)


def secret_file(world, name, text):
    path = world.dir / name
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


def section(key, url, **settings):
    lines = "".join(f"{k.replace('_', '-')} = {v}\n" for k, v in settings.items())
    return f"[feed {key}]\nurl = {url}\nallow-private = yes\n{lines}\n"


def states(world):
    return {f["key"]: f["error"]["code"] if f.get("error") else "ok" for f in world.tidings_json("feeds")}


def test_a_digest_is_worked_out_and_a_wrong_password_is_an_error_of_its_feed(world):
    seen = []
    server = digest_server("ann", "open sesame", seen)
    url = f"http://127.0.0.1:{server.port}"
    good, bad = secret_file(world, "good", "open sesame"), secret_file(world, "bad", "open barley")
    world.configure(section("good", url + "/good", auth="digest", user="ann", secret_file=good),
                    section("bad", url + "/bad", auth="digest", user="ann", secret_file=bad), section("none", url + "/none"))
    world.start()
    world.polled()
    equal(states(world), {"good": "ok", "bad": "http_unauthorized", "none": "http_unauthorized"}, "errors")
    world.stop()
    equal([header for path, header in seen if path == "/none"], [None], "whoever has no password says none")
    equal([path for path, header in seen if "sesame" in (header or "") or "Basic" in (header or "")], [], "the password itself is never sent")
    server.close()


def openssl(directory, *arguments):
    subprocess.run(["openssl", *map(str, arguments)], cwd=directory, check=True, capture_output=True)


def certificates(directory):
    """Skips without openssl. ca.pem, a server's and a client's certificate signed by it, and a client's that nobody signed."""
    if not shutil.which("openssl"):
        raise Skip("no openssl")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(directory, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ours", "-days", "30")
    (directory / "server.ext").write_text("subjectAltName=IP:127.0.0.1\n")
    (directory / "client.ext").write_text("extendedKeyUsage=clientAuth\n")
    for name in ("server", "client"):
        openssl(directory, "req", "-new", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        openssl(directory, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-out", f"{name}.crt", "-extfile", f"{name}.ext", "-days", "30")
    openssl(directory, "req", "-x509", *key, "-keyout", "stranger.key", "-out", "stranger.crt", "-subj", "/CN=stranger", "-days", "30")
    for name in ("client", "stranger"):
        (directory / f"{name}.key").chmod(0o600)


def server_context(directory):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "server.crt", directory / "server.key")
    return context


def test_a_client_certificate_is_shown_where_it_is_asked_for(world):
    certificates(world.dir)
    context = server_context(world.dir)
    context.load_verify_locations(world.dir / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    names = []

    def answer(handler):
        subject = dict(pair for part in handler.connection.getpeercert()["subject"] for pair in part)
        names.append((handler.path, subject["commonName"]))
        reply(handler, 200, FEED, Content_Type="application/rss+xml")

    server = Server(answer, context)
    url = f"https://127.0.0.1:{server.port}"
    open_key = world.dir / "open.key"
    shutil.copy(world.dir / "client.key", open_key)
    open_key.chmod(0o644)

    def shown(certificate, key):
        return {"client_cert": world.dir / certificate, "client_key": world.dir / key}

    world.configure(section("good", url + "/good", **shown("client.crt", "client.key")),
                    section("stranger", url + "/stranger", **shown("stranger.crt", "stranger.key")),
                    section("none", url + "/none"), section("readable", url + "/readable", **shown("client.crt", "open.key")),
                    ca_file=world.dir / "ca.pem")
    world.start()
    world.polled()
    found = states(world)
    world.stop()
    equal((found["good"], found["readable"]), ("ok", "config"), "errors")
    equal([k for k in ("none", "stranger") if found[k] == "ok"], [], f"feeds that were let in: {found}")
    equal(names, [("/good", "client")], "whom the server let in")
    server.close()


def test_a_client_certificate_stays_with_its_feed_and_its_host(world):
    """One connection at a time, so that all requests are made with one handle; the servers ask for a certificate and need none."""
    certificates(world.dir)
    shown, there = [], []

    def context():
        c = server_context(world.dir)
        c.load_verify_locations(world.dir / "ca.pem")
        c.verify_mode = ssl.CERT_OPTIONAL
        return c

    def answer(handler):
        certificate = handler.connection.getpeercert()
        shown.append((handler.path, dict(pair for part in certificate["subject"] for pair in part)["commonName"] if certificate else None))
        if handler.path == "/moved":
            return reply(handler, 302, Location=there[0])
        return reply(handler, 200, FEED, Content_Type="application/rss+xml")

    server, other = Server(answer, context()), Server(answer, context())
    url = f"https://127.0.0.1:{server.port}"
    there.append(f"https://127.0.0.1:{other.port}/there")
    own = {"client_cert": world.dir / "client.crt", "client_key": world.dir / "client.key"}
    world.configure(section("mine", url + "/mine", **own), section("moved", url + "/moved", **own), section("plain", url + "/plain"),
                    ca_file=world.dir / "ca.pem", connections=1)
    world.start()
    world.polled()
    world.control("poll mine")
    wait_for(lambda: [path for path, _ in shown].count("/mine") == 2, "the one with a certificate is asked again")
    world.control("poll plain")
    wait_for(lambda: [path for path, _ in shown].count("/plain") == 2, "and then the one without")
    equal(states(world), {"mine": "ok", "moved": "ok", "plain": "ok"}, "errors")
    world.stop()
    equal(sorted(set(shown), key=str), [("/mine", "client"), ("/moved", "client"), ("/plain", None), ("/there", None)], "who was shown what")
    server.close()
    other.close()


def test_pages_on_the_host_of_a_feed_are_trusted_like_it(world):
    certificates(world.dir)
    context = server_context(world.dir)
    asked = []

    def answer(handler):
        asked.append(handler.path)
        if handler.path == "/robots.txt":
            return reply(handler, 404)
        if handler.path == "/down":
            return reply(handler, 302, Location=world.url("page.html"))
        if handler.path == "/page":
            return reply(handler, 200, "<!DOCTYPE html><title>Page</title><p>" + "Zelensky signed the peace plan. " * 20, Content_Type="text/html")
        links = [item(n, f"Item {n}", link=f"https://127.0.0.1:{server.port}/{path}") for n, path in ((1, "page"), (2, "down"))]
        return reply(handler, 200, rss(links), Content_Type="application/rss+xml")

    server = Server(answer, context)
    world.write("page.html", "<!DOCTYPE html><p>Zelensky.")
    world.configure(section("a", f"https://127.0.0.1:{server.port}/feed", ca_file=world.dir / "ca.pem", article="yes"), world.WATCH)
    world.start()
    wait_for(lambda: world.alive() and world.rows("SELECT count(*) FROM articles WHERE state = 2") == [(2,)], "two pages have ended")
    equal(world.rows("SELECT error FROM articles ORDER BY item_id"), [(None,), ("redirect_scheme",)], "errors")
    equal(world.requests(), [], "requests without TLS")
    world.stop()
    server.close()


def test_what_a_feed_has_of_its_own_holds_for_it_alone(world):
    certificates(world.dir)
    context = server_context(world.dir)
    server = Server(lambda handler: reply(handler, 200, FEED, Content_Type="application/rss+xml"), context)
    for name in ("plain", "named", "proxied"):
        world.write(f"{name}.rss", FEED)
    missing = world.url("missing.rss")
    world.configure(
        section("plain", world.url("plain.rss")),
        section("named", world.url("named.rss"), user_agent="Special/1.0", header="X-Mine: yes"),
        section("proxied", "http://far-away.invalid/proxied.rss", proxy=world.url("")),
        section("trusting", f"https://127.0.0.1:{server.port}/", ca_file=world.dir / "ca.pem"), section("doubting", f"https://127.0.0.1:{server.port}/"),
        section("seldom", world.url("plain.rss?seldom"), interval="2h", interval_min="2h"), section("hasty", missing, interval_max="20m"),
        section("patient", missing + "?patient"), interval="15m", interval_min="1m", jitter=0, adaptive="no", contact="https://reader.example/")
    world.start()
    world.polled()
    world.poll_all()
    world.poll_all()
    found = states(world)
    waits = dict(world.rows("SELECT key, next_due_at - last_attempt_at FROM feeds"))
    world.stop()
    server.close()
    equal({k: found[k] for k in ("plain", "named", "proxied", "trusting", "doubting")},
          {"plain": "ok", "named": "ok", "proxied": "ok", "trusting": "ok", "doubting": "tls_untrusted"}, "errors")
    sent = {r["path"].rsplit("/", 1)[1]: r["headers"] for r in world.requests()}
    equal((sent["named.rss"]["User-Agent"], sent["named.rss"].get("X-Mine")), ("Special/1.0", "yes"), "the header of the feed")
    equal((sent["plain.rss"]["User-Agent"].startswith("tidings/"), sent["plain.rss"].get("X-Mine")), (True, None), "the headers of another")
    equal([r["path"] for r in world.requests() if "proxied" in r["path"]], ["http://far-away.invalid/proxied.rss"] * 3, "what the proxy was asked")
    minutes = {k: waits[k] / 60000 for k in ("plain", "seldom", "hasty")}
    equal(minutes, {"plain": 15, "seldom": 120, "hasty": 20}, "minutes to the next poll")
    equal(waits["patient"] > 60 * 60000, True, "who fails and has no maximum of its own is left alone for longer")



def proxy_server(user, password, seen, article=""):
    """Gives anything, itself, to whoever knows the password, and sends /moved elsewhere."""
    wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def answer(handler):
        got = handler.headers.get("Proxy-Authorization")
        seen.append((handler.path, got == wanted, handler.headers.get("Authorization")))
        if handler.command == "CONNECT" and got == wanted:
            return reply(handler, 502, "cannot")
        if got != wanted:
            return reply(handler, 407, "who?", Proxy_Authenticate='Basic realm="proxy"')
        if handler.path.endswith("/moved"):
            return reply(handler, 302, Location="http://elsewhere.invalid/there")
        if handler.path.endswith("robots.txt"):
            return reply(handler, 404)
        if handler.path.endswith("/page"):
            return reply(handler, 200, "<!DOCTYPE html><title>Page</title><p>" + "Zelensky signed the peace plan. " * 20, Content_Type="text/html")
        return reply(handler, 200, rss([item(2, link=article)]) if article and handler.path.endswith("/good") else FEED, Content_Type="application/rss+xml")
    return Server(answer)


def test_a_proxy_that_wants_a_password_is_given_its_own(world):
    seen, others = [], []
    mine, all_of_us = proxy_server("ann", "open sesame", seen, "http://far.invalid/page"), proxy_server("bob", "open barley", others)
    own = {"proxy": f"http://127.0.0.1:{mine.port}", "proxy_user": "ann"}
    good, wrong, shared = secret_file(world, "good", "open sesame"), secret_file(world, "wrong", "open oats"), secret_file(world, "shared", "open barley")
    readable = secret_file(world, "readable", "open sesame")
    readable.chmod(0o644)
    world.configure(section("good", "http://far.invalid/good", proxy_secret_file=good, article="yes", **own),
                    section("moved", "http://far.invalid/moved", proxy_secret_file=good, **own),
                    section("wrong", "http://far.invalid/wrong", proxy_secret_file=wrong, **own),
                    section("silent", "http://far.invalid/silent", proxy=own["proxy"]),
                    section("readable", "http://far.invalid/readable", proxy_secret_file=readable, **own),
                    section("tunnel", "https://far.invalid/tunnel", proxy_secret_file=good, **own),
                    section("wrong-tunnel", "https://far.invalid/tunnel", proxy_secret_file=wrong, **own),
                    section("rest", "http://far.invalid/rest"), world.WATCH,
                    proxy=f"http://127.0.0.1:{all_of_us.port}", proxy_user="bob", proxy_secret_file=shared)
    world.start()
    world.polled()
    wait_for(lambda: world.alive() and world.rows("SELECT 1 FROM articles WHERE state = 2"), "the page was read")
    equal(states(world), {"good": "ok", "moved": "ok", "wrong": "http_unauthorized", "silent": "http_unauthorized", "readable": "config", "rest": "ok",
                          "tunnel": "unreachable", "wrong-tunnel": "http_unauthorized"}, "errors")
    told = {f["key"]: f["error"]["text"] for f in world.tidings_json("feeds") if f.get("error")}
    equal((told["wrong"], told["tunnel"]),
          ("the proxy answered 407: it wants a user and a password, or others", "far.invalid cannot be reached: the proxy answered 502"), "what is said of it")
    equal(told["wrong-tunnel"], told["wrong"], "what is said of a tunnel")
    equal(world.rows("SELECT count(*) FROM articles WHERE error IS NOT NULL"), [(0,)], "pages that failed")
    equal({p for p, known, _ in seen if known}, {"far.invalid:443"} | {f"http://{p}" for p in ("far.invalid/good", "far.invalid/moved", "elsewhere.invalid/there", "far.invalid/robots.txt", "far.invalid/page")},
          "what was asked with the right password")
    equal({p for p, known, _ in seen if not known}, {"far.invalid:443", "http://far.invalid/wrong", "http://far.invalid/silent"}, "and with none or a wrong one")
    equal({(p, known) for p, known, _ in others}, {("http://far.invalid/rest", True)}, "what the other proxy was asked")
    equal({a for _, _, a in seen + others}, {None}, "what is for servers only")
    world.stop()
    said = world.errors() + world.tidings("config", "--dump") + world.tidings("feeds") + world.tidings("events")
    equal([s for s in ("open sesame", "open barley", "b3BlbiBz") if s in said], [], "secrets in the log or in listings")
    shared.unlink()
    world.start(wait=False)
    equal(world.daemon.wait(timeout=30 * PATIENCE) != 0, True, "the daemon ends without the proxy's password")
    equal(f"cannot open the secret {shared}" in world.errors(), True, f"it says why: {world.errors()}")
    equal(f"cannot open the secret {shared}" in companion(world, "discover", "http://far.invalid/").stderr, True, "and so does the companion")
    mine.close()
    all_of_us.close()


def companion(world, *arguments):
    return subprocess.run([BUILD / "tidings", "-c", world.conf, *arguments], capture_output=True, text=True, timeout=60 * PATIENCE)


run(globals())
