"""Documents made to do harm: each costs at most 2 s of CPU and 256 MiB, yields a named limit, a named error or its items,
and makes nobody open a file or a connection. Once through `tidings parse`, once as feeds of the daemon beside good ones."""
import json
import random
import resource

from harness import *

CPU_S = 2  # of one document
MEMORY_KIB = 256 * 1024
SANITIZED_FACTOR = 15
MILLION = 1000 * 1000
FILLER = "0123456789"

RSS = '<rss version="2.0"><channel><title>T</title>'
LAST = "<item><title>last</title></item></channel></rss>"
JSON = '{"version":"https://jsonfeed.org/version/1.1","title":"T","items":['
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>'


def entity(value, body):
    return f'<!DOCTYPE rss [<!ENTITY e "{value}">]>' + RSS + body + LAST


def laughs(levels=9, width=10):
    out = ['<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">']
    out += [f'<!ENTITY a{n} "{f"&a{n - 1};" * width}">' for n in range(1, levels)]
    return "".join(out) + f"]>{RSS}<item><title>&a{levels - 1};</title></item>{LAST}"


def parameter_bomb():
    out = ["<!DOCTYPE rss [<!ENTITY % p0 'x'>"]
    out += [f"<!ENTITY % p{n} '%p{n - 1};%p{n - 1};%p{n - 1};'>%p{n};" for n in range(1, 30)]
    return "".join(out) + "]>" + RSS + LAST


def outside(system):
    return f'<!DOCTYPE rss [<!ENTITY e SYSTEM "{system}">]>{RSS}<item><title>&e;</title></item>{LAST}'


def noise(size, seed=7):
    return random.Random(seed).randbytes(size)


# name: (what makes the document, what the message must hold)
LIMITS = {
    "billion laughs": (lambda: laughs(8), "feed-entity-output-bytes"),
    "laughs in an attribute": (lambda: laughs(8).replace("<title>&a7;</title>", '<link href="&a7;"/>'), "feed-entity-output-bytes"),
    "quadratic entity": (lambda: entity("A" * 250, "<item><title>" + "&e;" * 20000 + "</title></item>"), "feed-entity-output-bytes"),
    "quadratic entity over many items": (lambda: entity("A" * 250, "<item><title>&e;&e;&e;</title></item>" * 20000), "feed-entity-output-bytes"),
    "quadratic entity in attributes": (lambda: entity("A" * 250, ("<item><link href='" + "&e;" * 100 + "'/></item>") * 500), "feed-entity-output-bytes"),
    "entity of itself": (lambda: '<!DOCTYPE rss [<!ENTITY a "&b;"><!ENTITY b "&a;">]>' + RSS + "<item><title>&a;</title></item>" + LAST, "feed-entity-depth"),
    "huge entity": (lambda: entity("A" * MILLION, "<item><title>&e;</title></item>"), "feed-entity-bytes"),
    "many entities": (lambda: "<!DOCTYPE rss [" + "".join(f'<!ENTITY n{n} "x">' for n in range(100000)) + "]>" + RSS + "<item><title>&n99999;</title></item>" + LAST,
                      "feed-entities"),
    "nested elements": (lambda: RSS + "<x>" * MILLION + "</x>" * MILLION + LAST, "feed-depth"),
    "many attributes": (lambda: RSS + "<item " + " ".join(f'a{n}="1"' for n in range(100000)) + "/>" + LAST, "feed-start-tag-bytes"),
    "many namespaces": (lambda: RSS + "<item " + " ".join(f'xmlns:a{n}="urn:{n}"' for n in range(100000)) + "/>" + LAST, "feed-start-tag-bytes"),
    "one attribute": (lambda: RSS + f'<item a="{FILLER * MILLION}"/>' + LAST, "feed-start-tag-bytes"),
    "one name": (lambda: RSS + "<" + "abcdefghij" * MILLION + ">" + LAST, "feed-start-tag-bytes"),
    "nested arrays": (lambda: JSON + "[" * MILLION, "feed-depth"),
    "nested arrays in an item": (lambda: JSON + '{"id":"1","title":"x","_x":' + "[" * MILLION + "]" * MILLION + "}]}", "feed-depth"),
}

# The title of the last item must be "last", or the ceiling on items be reached.
READ = {
    "parameter entities": lambda: parameter_bomb(),
    "ten megabytes of items": lambda: RSS + "<item><title>x</title></item>" * 340000 + LAST,
    "million links of one item": lambda: ATOM + "<entry><title>x</title>" + '<link rel="a" href="http://h.example/"/>' * 200000 + "</entry><entry><title>last</title></entry></feed>",
    "million categories": lambda: RSS + "<item><title>x</title>" + "<category>c</category>" * 500000 + "</item>" + LAST,
    "many CDATA sections": lambda: RSS + "<item><title>" + "<![CDATA[x]]>" * 500000 + "</title></item>" + LAST,
    "11 MB of text": lambda: RSS + "<item><description>" + FILLER * 1100000 + "</description></item>" + LAST,
    "11 MB of link": lambda: RSS + "<item><link>http://h.example/" + FILLER * 1100000 + "</link></item>" + LAST,
    "11 MB of date": lambda: RSS + "<item><pubDate>" + "1" * 11 * MILLION + "</pubDate></item>" + LAST,
    "11 MB of category": lambda: RSS + "<item><category>" + "a," * 5500000 + "</category></item>" + LAST,
    "4 MB of ampersands": lambda: RSS + "<item><description>" + "&" * 4 * MILLION + "</description></item>" + LAST,
    "4 MB of brackets in HTML": lambda: RSS + "<item><description><![CDATA[" + "<" * 4 * MILLION + "]]></description></item>" + LAST,
    "HTML that nests": lambda: RSS + "<item><description><![CDATA[" + "<div><b>" * 500000 + "]]></description></item>" + LAST,
    "HTML of unclosed quotes": lambda: RSS + "<item><description><![CDATA[" + "<a href='x" * 500000 + "]]></description></item>" + LAST,
    "HTML of unclosed comments": lambda: RSS + "<item><description><![CDATA[" + "<!--<script>" * 500000 + "]]></description></item>" + LAST,
    "HTML of closing tags": lambda: RSS + "<item><description><![CDATA[" + "<p>" * 1000 + "</b>" * 500000 + "]]></description></item>" + LAST,
    "escaped again and again": lambda: RSS + "<item><description>" + "&amp;amp;lt;p&amp;amp;gt;" * 300000 + "</description></item>" + LAST,
    "entries that never end": lambda: ATOM + "<entry><title>x</title>" * 100000 + "<title>last</title></entry></feed>",
    "items of unlike words": lambda: RSS + "".join(f"<item><title>{n:x} ferry</title></item>" for n in range(60000)) + LAST,
    "bases that chain": lambda: RSS + "<item><title>x</title>" + "<x xml:base='a/'>" * 50 + "</x>" * 50 + "</item>" + LAST,
    "bases that grow": lambda: RSS + f"<item xml:base='http://h.example/{'a/' * 20000}'><link>b</link></item>" * 300 + LAST,
    "rebound prefixes": lambda: RSS + "<x:y xmlns:x='urn:a'><x:y xmlns:x='urn:b'></x:y></x:y>" * 200000 + LAST,
    "path of dots": lambda: RSS + "<item><link>http://h.example/" + "a/../" * 500000 + "</link></item>" + LAST,
    "items in items": lambda: RSS + "<item><title>x</title>" * 3 + "</item>" * 3 + LAST,
    "raw ampersands": lambda: RSS + "<item><title>A & B &bogus; &#xZZ; < C</title></item>" + LAST,
    "junk around": lambda: "\r\n\r\njunk<?xml version='1.0'?>" + RSS + LAST + "</rss>junk\0<more>",
    "NUL bytes": lambda: (RSS + "<item><title>a\0b\0</title></item>" + LAST).encode(),
    "NUL everywhere": lambda: ("\0".join(RSS + "<item><title>ab</title></item>") + "\0" + "\0".join(LAST)).encode(),
    "control characters": lambda: RSS + "<item><title>\x01\x1b[31m\x7f&#0;&#27;&#xFFFE;</title></item>" + LAST,
    "invalid UTF-8": lambda: RSS.encode() + b"<item><title>\xc0\xaf \xed\xa0\x80 \xf5\x80\x80\x80 \xff\xfe</title></item>" + LAST.encode(),
    "4 MB of invalid UTF-8": lambda: RSS.encode() + b"<item><description>" + b"\xff" * 4 * MILLION + b"</description></item>" + LAST.encode(),
    "marks in the middle": lambda: "\ufeff\ufeff" + RSS + "\ufeff<item><title>\ufeffx</title></item>" + LAST,
    "UTF-16 with half a character": lambda: (RSS + "<item><title>x</title></item>" + LAST).encode("utf-16") + b"\x00\xd8<",
    "UTF-16 with lone surrogates": lambda: (RSS + "<item><title>x").encode("utf-16") + b"\x00\xd8\x41\x00\x00\xdc" + ("</title></item>" + LAST).encode("utf-16-le"),
    "UTF-32": lambda: (RSS + "<item><title>x</title></item>" + LAST).encode("utf-32"),
    "wrong label": lambda: "<?xml version='1.0' encoding='utf-16'?>" + RSS + "<item><title>ž</title></item>" + LAST,
    "unknown label": lambda: "<?xml version='1.0' encoding='x-nobody-knows'?>" + RSS + LAST,
    "UTF-7 as a label": lambda: "<?xml version='1.0' encoding='utf-7'?>" + RSS + "<item><title>+ADw-script+AD4-</title></item>" + LAST,
    "Shift JIS cut in a character": lambda: "<?xml version='1.0' encoding='shift_jis'?>".encode() + (RSS + "<item><title>渡し船</title></item>" + LAST).encode("shift_jis") + b"\x93",
    "GB 18030 cut in a character": lambda: "<?xml version='1.0' encoding='gb18030'?>".encode() + (RSS + "<item><title>渡轮</title></item>" + LAST).encode("gb18030") + b"\x81\x30\x81",
    "JSON with huge numbers": lambda: JSON + '{"id":1e999999,"title":"x"},{"id":' + "9" * MILLION + ',"title":"y"},{"id":-0.1e-99999,"title":"last"}]}',
    "JSON with keys twice": lambda: JSON + '{"id":"1","title":"first","title":"second"},' + '{"id":"2",' + '"a":1,' * 300000 + '"title":"last"}]}',
    "JSON with lone surrogates": lambda: JSON + r'{"id":"1","title":"\ud800"},{"id":"2","title":"\udc00\ud800x\u0000"},{"id":"3","title":"last"}]}',
    "JSON with rubbish behind": lambda: JSON + '{"id":"3","title":"last"}]} trailing {"items":[]}' + "]" * 100000,
    "JSON of 11 MB": lambda: JSON + '{"id":"1","content_text":"' + FILLER * 1100000 + '"},{"id":"2","title":"last"}]}',
    "JSON of escapes": lambda: JSON + '{"id":"1","content_text":"' + r"\u0041\n" * 500000 + '"},{"id":"2","title":"last"}]}',
    "JSON of many items": lambda: JSON + '{"id":"1","title":"x"},' * 300000 + '{"id":"2","title":"last"}]}',
    "JSON of empty items": lambda: JSON + "{}," * 500000 + '{"id":"2","title":"last"}]}',
    "JSON of many tags": lambda: JSON + '{"id":"1","tags":[' + '"a",' * 500000 + '"b"]},{"id":"2","title":"last"}]}',
    "JSON of wrong types": lambda: JSON + '{"id":{},"title":[],"url":1,"tags":{"a":1},"authors":"x","attachments":[1,null,{}]},null,1,"x",[],{"id":true,"title":"last"}]}',
    "sitemap of many": lambda: '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' + "<url><loc>http://h.example/a</loc></url>" * 200000
                       + '<url><loc>http://h.example/</loc><news:news xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><news:title>last</news:title></news:news></url></urlset>',
}

# No feeds.
REFUSED = {
    "a page": (lambda: "<!DOCTYPE html><html><body>Please log in</body></html>", "not a feed"),
    "a page of 11 MB": (lambda: "<!DOCTYPE html><html><body>" + "<div class='x'>" * 800000, "not a feed"),
    "a picture": (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + noise(100000), "not a feed"),
    "a program": (lambda: b"\x7fELF\x02\x01\x01" + noise(100000), "not a feed"),
    "noise": (lambda: noise(5 * MILLION), "not a feed"),
    "nothing": (lambda: b"", "empty"),
    "one byte": (lambda: b"<", "not a feed"),
    "10 MiB of zeros": (lambda: bytes(10 << 20), "empty"),
    "compressed": (lambda: b"\x1f\x8b\x08\0\0\0\0\0" + noise(1000), "not a feed"),
    "UTF-7 throughout": (lambda: "<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE rss+AD4-", "not a feed"),
    "JSON of something else": (lambda: '{"a":[' + "1," * 500000 + "1]}", "not a feed"),
    "half a bracket": (lambda: b"{", "ends early"),
}


def limited():
    resource.setrlimit(resource.RLIMIT_CPU, (int(CPU_S * (SANITIZED_FACTOR if SANITIZED else 1)), ) * 2)
    if not SANITIZED:  # they map terabytes
        resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY_KIB * 1024, ) * 2)


def parse(world, document, *options):
    """The exit code, the object that was printed or None, the message, and the peak of memory in KiB."""
    path = world.dir / "document"
    path.write_bytes(document if isinstance(document, bytes) else document.encode())
    out, err = world.dir / "parse.out", world.dir / "parse.err"
    with open(out, "wb") as o, open(err, "wb") as e:
        child = subprocess.Popen([BUILD / "tidings", "parse", "--json", "--explain", *options, path], stdout=o, stderr=e,
                                 stdin=subprocess.DEVNULL, preexec_fn=limited)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    printed = json.loads(out.read_bytes()) if child.returncode == 0 else None
    return child.returncode, printed, err.read_text(), usage.ru_maxrss


def check(world, name, make, want_message):
    code, printed, message, kib = parse(world, make())
    if code < 0:
        return f"{name}: ended by signal {-code}: {message[-300:]}"
    if not SANITIZED and kib > MEMORY_KIB:
        return f"{name}: {kib} KiB"
    if want_message is not None:
        return None if code != 0 and want_message in message else f"{name}: exit {code}, {message!r}, want {want_message!r}"
    if code != 0:
        return f"{name}: exit {code}, {message!r}, want its items"
    last = printed["items"][-1]["title"] if printed["items"] else None
    return None if last == "last" or len(printed["items"]) == 50000 else f"{name}: {len(printed['items'])} items, the last is {last!r}"


def test_what_exceeds_a_limit_is_refused_by_its_name(world):
    equal([x for name, (make, word) in LIMITS.items() if (x := check(world, name, make, word))], [])


def test_what_only_looks_harmful_is_read_to_its_last_item(world):
    equal([x for name, make in READ.items() if (x := check(world, name, make, None))], [])


def test_what_is_no_feed_is_said_to_be_none(world):
    equal([x for name, (make, word) in REFUSED.items() if (x := check(world, name, make, word))], [])


def test_documents_cut_anywhere_are_read_as_far_as_they_go(world):
    """Also in the middle of a character, a tag, a reference, an escape."""
    whole = {
        "rss": (RSS + "".join(f"<item><title>Fähre &amp; {n}</title><link a='b'>http://h.example/{n}</link></item>" for n in range(4)) + "</channel></rss>").encode(),
        "json": (JSON + ",".join(f'{{"id":"{n}","title":"F\\u00e4hre ä {n}"}}' for n in range(4)) + "]}").encode(),
        "utf-16": (RSS + "".join(f"<item><title>Fähre {n}</title></item>" for n in range(4)) + "</channel></rss>").encode("utf-16"),
    }
    wrong = []
    for name, document in whole.items():
        for cut in range(120, len(document), 37 if SANITIZED or QUICK else 19):
            code, printed, message, _ = parse(world, document[:cut])
            if code < 0 or (code > 0 and not message.strip()):
                wrong.append(f"{name} cut at {cut}: exit {code}, {message!r}")
            elif printed is not None and [i["title"] for i in printed["items"]] != [f"Fähre{' ä' if name == 'json' else ''}{' &' if name == 'rss' else ''} {n}" for n in range(len(printed["items"]))]:
                wrong.append(f"{name} cut at {cut}: {[i['title'] for i in printed['items']]}")
    equal(wrong, [])


def canaries(world):
    secret = world.dir / "secret"
    secret.write_text("canary-4711")
    world.write("canary", "canary-4711")
    return [f"file://{secret}", str(secret), world.url("canary"), "php://filter/read=convert.base64-encode/resource=" + str(secret)]


def test_nothing_outside_a_document_is_read_for_it(world):
    wrong = []
    for target in canaries(world):
        body = f"<item><title>x</title></item>{LAST}"
        documents = {
            "entity": outside(target),
            "entity in UTF-16": outside(target).encode("utf-16"),
            "entity in UTF-32": outside(target).encode("utf-32-be"),
            "entity in EBCDIC": ('<?xml version="1.0" encoding="ibm037"?>' + outside(target)).encode("cp037"),
            "public entity": outside(target).replace("SYSTEM", 'PUBLIC "x"'),
            "entity of an entity": outside(target).replace("]>", '<!ENTITY f "&e;">]>').replace("&e;</title>", "&f;</title>"),
            "entity in an attribute": outside(target).replace("<title>&e;</title>", '<link href="&e;"/>'),
            "document type": f'<!DOCTYPE rss SYSTEM "{target}">{RSS}{body}',
            "public document type": f'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "{target}">{RSS}{body}',
            "parameter entity": f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{target}"> %p;]>{RSS}{body}',
            "notation": f'<!DOCTYPE rss [<!NOTATION n SYSTEM "{target}"><!ENTITY e SYSTEM "{target}" NDATA n>]>{RSS}{body}',
            "inclusion": RSS.replace(">", ' xmlns:xi="http://www.w3.org/2001/XInclude">', 1) + f'<item><description><xi:include href="{target}" parse="text"/></description></item>{LAST}',
            "style sheet": f'<?xml-stylesheet href="{target}" type="text/xsl"?>{RSS}{body}',
            "schema": RSS.replace(">", f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {target}">', 1) + body,
            "content elsewhere": f'{ATOM}<entry><title>x</title><content src="{target}"/></entry><entry><title>last</title></entry></feed>',
            "base": RSS.replace(">", f' xml:base="{target}">', 1) + f"<item><link>x</link></item>{LAST}",
            "JSON": JSON + f'{{"id":"1","$ref":"{target}","title":"last","next_url":"{target}"}}]}}',
            "page": f'<html><head><base href="{target}"><link rel="alternate" type="application/rss+xml" href="{target}"></head><body><iframe src="{target}"></iframe></body></html>',
        }
        for name, document in documents.items():
            code, printed, message, _ = parse(world, document, "--url", world.url("feed.xml"))
            if code < 0 or "canary-4711" in json.dumps(printed) + message:
                wrong.append(f"{name} to {target}: exit {code}, {message[-300:]}")
            if code > 0 and "outside the document" not in message and "HTML page" not in message:
                wrong.append(f"{name} to {target}: {message!r}")
    equal(wrong, [])
    equal(world.requests(), [], "asked for because a document said so")


def test_hostile_feeds_cost_their_neighbours_nothing(world):
    """All of them at once in a daemon with few workers: a clear error each, good feeds read, nothing asked for but themselves."""
    good = [f"good{n}.rss" for n in range(4)]
    for n, name in enumerate(good):
        world.write(name, rss([item(n * 10 + k, f"Zelensky {n} {k}") for k in range(3)]))
    every = {**{n: m for n, (m, _) in LIMITS.items()}, **READ, **{n: m for n, (m, _) in REFUSED.items()}}
    hostile = {}
    for name, make in list(every.items())[:: 4 if SANITIZED or QUICK else 2]:
        document = make()
        data = document if isinstance(document, bytes) else document.encode()
        if len(data) < 5 << 20:
            hostile["bad-" + name.replace(" ", "-").lower()] = name
            world.write("bad-" + name.replace(" ", "-").lower() + ".xml", data)
    world.configure(world.feeds(good), world.feeds([k + ".xml" for k in hostile]), world.WATCH, world.hook_sink(), workers=2)
    world.start()
    world.polled(seconds=120)
    errors = {f["key"]: (f.get("error") or {}).get("code") for f in world.tidings_json("feeds")}
    refused = {**LIMITS, **REFUSED}
    wrong = [f"{k}: {errors[k]}" for k, name in hostile.items()
             if (errors[k] not in ("parser_limit", "xml_entity", "not_a_feed", "empty", "ill_formed")) == (name in refused)]
    equal(wrong, [], "errors")
    equal([errors[n[:-4]] for n in good], [None] * 4, "errors of the good feeds")
    wait_for(lambda: len(world.notifications()) == 12, "the good feeds' items are told")
    equal({r["path"].split(".")[-1] for r in world.requests()}, {"rss", "xml"}, "what was asked for")
    world.stop()
    world.sound()


run(globals())
