"""`tidings parse` grows by at most three times the size of a large document, in every encoding and shape."""
import tempfile

from harness import *

SIZE = 10_000_000  # of less, what it takes for any document would count too much
BOUND = 3.0
ENGLISH = "ferry left two hours late because of fog over the harbour and the pilots strike".split()
RUSSIAN = "паром вышел позже из за тумана над гаванью пассажиры ждали в зале следующий отходит в девять".split()
CHINESE = "渡轮因港口大雾晚点两小时 乘客在大厅等候 下一班九点开船".split()
JAPANESE = "フェリーは霧のため二時間遅れた 乗客は待合室で待った 次の便は九時に出る".split()


def prose(words, count, seed):
    return " ".join(words[(seed + n * n) % len(words)] for n in range(count))


def feed(encoding, words, count, html=False, broken=False):
    """A document of RSS of about SIZE bytes whose items have that many words."""
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0"><channel><title>Harbour</title>\n'
    tail = "</channel>" if broken else "</channel></rss>\n"

    def one(n):
        body = prose(words, count, n)
        if html:
            body = f"<![CDATA[<p>{body} <a href='/{n}'>{words[0]}</a></p><p class='x'>{words[1]}</p>]]>"
        mark = " & x" if broken else ""
        return f"<item><title>{prose(words, 5, n)}{mark}</title><link>http://harbour.example/{n}</link><guid>{n}</guid><description>{body}</description></item>\n"

    # a hundred items tell the size of all: they differ in their numbers only
    block = [one(n) for n in range(min(100, max(2, 2_000_000 // (count * 8))))]
    size = len("".join(block).encode(encoding))
    whole = head + "".join("".join(block) for _ in range(SIZE // size)) + tail
    return whole.encode(encoding), len(block) * (SIZE // size)


def json_feed(words, count):
    items = [{"id": str(n), "title": prose(words, 5, n), "content_html": f"<p>{prose(words, count, n)} \"{n}\"</p>"} for n in range(100)]
    size = len(json.dumps(items, ensure_ascii=False).encode())
    items = items * (SIZE // size)
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}, ensure_ascii=False).encode(), len(items)


SHAPES = {
    "utf-8, many small items": lambda: feed("utf-8", RUSSIAN, 3),
    "utf-8, few huge items": lambda: feed("utf-8", ENGLISH, 150_000),
    "utf-8, HTML": lambda: feed("utf-8", RUSSIAN, 200, html=True),
    "utf-16": lambda: feed("utf-16", RUSSIAN, 60),
    "windows-1251, HTML": lambda: feed("windows-1251", RUSSIAN, 200, html=True),
    "koi8-r, few huge items": lambda: feed("koi8-r", RUSSIAN, 150_000),
    "koi8-r, mended": lambda: feed("koi8-r", RUSSIAN, 60, broken=True),
    "gb18030": lambda: feed("gb18030", CHINESE, 60),
    "shift_jis": lambda: feed("shift_jis", JAPANESE, 60),
    "JSON Feed": lambda: json_feed(ENGLISH, 60),
}


# A process of its own: the peak of a child begins with what its parent had when it forked.
MEASURE = """
import os, sys
read, write = os.pipe()
pid = os.fork()
if pid == 0:
    os.dup2(write, 1)
    os.execv(sys.argv[1], ["tidings", "parse", "--json", sys.argv[2]])
os.close(write)
found, rest = 0, b""
while piece := os.read(read, 65536):
    rest += piece
    found += rest.count(b'"links":[')
    rest = rest[-8:]
_, status, used = os.wait4(pid, 0)
print(status, used.ru_maxrss * 1024, found)
"""


def parse(path):
    """Peak resident bytes of `tidings parse` and how many items it found."""
    answer = subprocess.run([sys.executable, "-S", "-c", MEASURE, str(BUILD / "tidings"), str(path)], capture_output=True, text=True, check=True)
    status, peak, found = map(int, answer.stdout.split())
    equal(status, 0, "exit status")
    return peak, found


def test_a_large_document_takes_at_most_three_times_its_size(world):
    if SANITIZED:
        raise Skip("the address sanitizer keeps what was freed, and shadows what is not")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "feed"
        path.write_bytes(b"<rss version='2.0'><channel><title>x</title></channel></rss>")
        floor, _ = parse(path)
        for name, make in list(SHAPES.items())[:: 3 if QUICK else 1]:
            document, items = make()
            path.write_bytes(document)
            peak, found = parse(path)
            factor = (peak - floor) / len(document)
            print(f"# {name}: {len(document)} bytes, {items} items, {factor:.2f} x")
            equal(found, min(items, 50_000), f"items of {name}")
            equal(factor <= BOUND, True, f"{name}: {factor:.2f} times its size")


run(globals())
