"""Lists of names as their publishers write them, with the oddities of real files, through the real programs. All names are invented."""
import json
import resource
import subprocess

from harness import *

HOUSE = "\ufeff# our own\r\n\r\nid\tkind\tlang\tname\r\np1\tperson\ten\tUna Marsh\r\n# more\r\np1\tperson\tru\tУна Марш\r\n" \
        "p2\tfish\ten\tIvo Brand\r\np3\tperson\ten\r\np4\tperson\ten\t\r\n\r\no1\torg\ten\tPort Board of Helmsund\r\n"
EMM = "# key\tpid\ttype\tvariant\n1\tp1\tP\tUna+Marsh\n1\tp1\tP\tMarsh,+Una\n" + \
      "".join(f"1\tp1\tP\tUna+Marsh{n}\n" for n in range(3000)) + \
      "2\to1\tO,X\tPort+Board+of+Helmsund\n3\tx1\tX\tThing\n4\tx2\tP\n5\to1\tO\t\"Port\" Board\n"
JRC = "101\tP\tu\tUna+Marsh\r\n101\tP\tru\tУна+Марш\r\n102\tO\ten\tPort+Board+of+Helmsund\r\n103\tU\tu\tThing\r\n"
SANCTIONS = '\ufeff"id","schema","name","aliases","birth_date"\r\n' \
            '"p1","Person","Marsh, Una","Una Marsh;""Marsh; U."";;Уна Марш;Grom;Марша","1970"\r\n' \
            '"s1","Vessel","MV Una Marsh","",""\r\n"o1","Company","Port Board\nof Helmsund","",""\r\n"p2","Person","","",""\r\n' \
            '"c1","CryptoWallet","","Wallet",""\r\n"o2","PublicBody","","Harbour ""Office""",""\r\n'
SPARQL_TSV = '?person\t?personLabel\t?alt\n<http://www.wikidata.org/entity/Q900>\t"Una Marsh"@en\t"Уна Марш"@ru\n' \
             '<http://www.wikidata.org/entity/Q901>\t"Q901"\t\n'
SPARQL_CSV = "person,personLabel,kind\nhttp://www.wikidata.org/entity/Q900,Una Marsh,person\nhttp://www.wikidata.org/entity/Q901,Q901,person\n" \
             'http://www.wikidata.org/entity/Q902,"Helmsund, Port Board of",org\nhttp://www.wikidata.org/entity/Q903,X,fish\n'
SPARQL_JSON = json.dumps({"head": {"vars": ["item", "itemLabel"]}, "results": {"bindings": [
    {"item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q900"}, "itemLabel": {"xml:lang": "en", "type": "literal", "value": "Una Marsh"}},
    {"item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q901"}, "itemLabel": {"type": "literal", "value": "Q901"}}]}}, indent=1)


def entity(number, labels, kind="Q5", **more):
    return {"type": "item", "id": f"Q{number}", "labels": {lang: {"language": lang, "value": name} for lang, name in labels.items()},
            "claims": {"P31": [{"rank": "normal", "mainsnak": {"datavalue": {"value": {"id": kind}}}}]}, **more}


DUMP = "[\n" + ",\n".join(json.dumps(e, ensure_ascii=False) for e in (
    entity(900, {"en": "Una Marsh", "ru": "Уна Марш"}, aliases={"en": [{"language": "en", "value": "U. Marsh"}]}), entity(901, {}), entity(902, {"en": "A Film"}, "Q11424"),
)) + ',\n{"type":"item","id":"Q904","labels":{"en":\n' + json.dumps(entity(905, {"en": "Ivo Brand"})) + "\n]\n"

def ftm(id, schema, **properties):
    return json.dumps({"id": id, "caption": properties["name"][0], "schema": schema, "properties": properties, "referents": [], "target": True},
                      ensure_ascii=False) + "\n"


FTM = ftm("p1", "Person", name=["Una Marsh", "Уна Марш"], alias=["U. Marsh"], weakAlias=["Grom"],
          sanctions=[{"id": "s", "schema": "Sanction", "properties": {"name": ["none"]}}]) \
      + ftm("s1", "Vessel", name=["MV Una Marsh"]) + '{"id":"p2","schema":"Person",\n' + ftm("o1", "PublicBody", name=["Port Board of Helmsund"], abbreviation=["PBH"])

# text, lines that import-names complains of, names that it writes
LISTS = {
    "emm.txt": (EMM, [3005, 3006], 3004), "jrc.txt": (JRC, [4], 3), "sanctions.csv": (SANCTIONS, [], 8),
    "sparql.tsv": (SPARQL_TSV, [], 2), "sparql.csv": (SPARQL_CSV, [5], 2), "sparql.json": (SPARQL_JSON, [], 1), "dump.json": (DUMP, [5], 4),
    "ftm.json": (FTM, [3], 6),
}
TEXT = "Yesterday the envoy Una Marsh spoke in Helmsund to Una."


def run_tidings(*arguments, stdin=b""):
    return subprocess.run([BUILD / "tidings", *map(str, arguments)], input=stdin, capture_output=True, timeout=60 * PATIENCE)


def found_with(path, text=TEXT):
    item = {"id": 1, "lang": "en", "title": "", "content": text}
    done = run_tidings("match", "--watchlist", path, stdin=json.dumps(item).encode() + b"\n")
    return [m["text"] for line in done.stdout.decode().splitlines() for a in json.loads(line)["actors"] for m in a["mentions"]]


def test_each_format_is_told_by_its_first_lines_and_its_bad_lines_are_named(world):
    for name, (text, bad, count) in LISTS.items():
        path = world.dir / name
        path.write_text(text, newline="")
        done = run_tidings("import-names", path)
        said = done.stderr.decode().splitlines()
        equal([line.split(": ")[1] for line in said], [f"{path}:{n}" for n in bad], f"{name}: lines that are complained of")
        equal(done.returncode, 2 if bad else 0, f"{name}: exit")
        lines = done.stdout.decode().splitlines()
        use = ["use"] if name == "sanctions.csv" or name.endswith(".json") else []
        equal((lines[0].split("\t"), len(lines) - 1), (["id", "kind", "lang", "name", *use], count), f"{name}: names")
        equal([len(line.split("\t")) - line.endswith("\tweak") for line in lines[1:]], [4] * count, f"{name}: fields")
        house = world.dir / "house.tsv"
        house.write_bytes(done.stdout)
        equal(found_with(house), ["Una Marsh"], f"{name}: what is found with them")


def test_names_keep_what_the_formats_put_around_them(world):
    def names(name):
        path = world.dir / name
        path.write_text(LISTS[name][0], newline="")
        return [line.split("\t") for line in run_tidings("import-names", path).stdout.decode().splitlines()[1:]]
    equal(names("sanctions.csv"), [["p1", "person", "und", "Marsh, Una"], ["p1", "person", "und", "Una Marsh"], ["p1", "person", "und", "Marsh; U."],
                                   ["p1", "person", "und", "Уна Марш"], ["p1", "person", "und", "Grom", "weak"],
                                   ["p1", "person", "und", "Марша", "weak"], ["o1", "org", "und", "Port Board of Helmsund"], ["o2", "org", "und", 'Harbour "Office"']], "CSV")
    equal(names("jrc.txt"), [["101", "person", "und", "Una Marsh"], ["101", "person", "ru", "Уна Марш"], ["102", "org", "en", "Port Board of Helmsund"]], "JRC-Names")
    equal(names("emm.txt")[-2:], [["o1", "org", "und", "Port Board of Helmsund"], ["o1", "org", "und", '"Port" Board']], "variants")
    equal(names("sparql.csv"), [["Q900", "person", "und", "Una Marsh"], ["Q902", "org", "und", "Helmsund, Port Board of"]], "a result")


def test_an_alias_of_one_word_counts_beside_the_name(world):
    path, house = world.dir / "sanctions.csv", world.dir / "house.tsv"
    path.write_text(SANCTIONS, newline="")
    house.write_bytes(run_tidings("import-names", path).stdout)
    for names in (path, house):
        equal(found_with(names, "Yesterday Grom spoke."), [], "alone")
        equal(found_with(names, "Yesterday Una Marsh spoke. Grom left."), ["Una Marsh", "Grom"], "beside the name")
    path.write_text(FTM, newline="")  # whatever it was told or guessed to be: a pipe may give its first bytes alone
    for arguments in ((), ("--format", "wikidata")):
        house.write_bytes(run_tidings("import-names", *arguments, path).stdout)
        equal(found_with(house, "Yesterday Grom spoke."), [], f"{arguments}: alone")
        equal(found_with(house, "Yesterday Una Marsh spoke. Grom left."), ["Una Marsh", "Grom"], f"{arguments}: beside the name")
    house.write_text("id\tkind\tlang\tname\tuse\no1\torg\ten\tPort Board\tweak\np1\tperson\ten\tUna\tstrong\n")
    world.configure(world.feeds([]), include_names=house)
    equal([f"{house}:{n}" in run_tidings("-c", world.conf, "actor", "list").stderr.decode() for n in (2, 3)], [True, True], "what is no use is told")


def test_an_actor_of_a_list_is_shown_by_its_first_name(world):
    path = world.dir / "sanctions.csv"
    path.write_text(SANCTIONS, newline="")
    world.configure(world.feeds([]), include_names=path)
    equal("Marsh, Una" in run_tidings("-c", world.conf, "actor", "list").stdout.decode(), True, "its label")


def test_the_configuration_reads_each_of_them_as_it_is(world):
    for name, text in {"house.tsv": HOUSE, **{n: t for n, (t, bad, _) in LISTS.items() if not bad}}.items():
        path = world.dir / name
        path.write_text(text, newline="")
        bad = [7, 8, 9] if name == "house.tsv" else []
        equal(found_with(path), ["Una Marsh"], f"{name}: what is found with its good lines")
        world.configure(world.feeds([]), include_names=path)
        done = run_tidings("-c", world.conf, "actor", "list")
        said = [line for line in done.stderr.decode().splitlines() if str(path) in line]
        equal([f"{path}:{n}" in line for n, line in zip(bad, said)], [True] * len(bad), f"{name}: lines that are complained of: {done.stderr.decode()}")
        equal(len(said), len(bad), f"{name}: complaints")
        equal(done.returncode == 0, not bad, f"{name}: a list with a mistake is none: {done.returncode}")
        equal(" person " in done.stdout.decode(), not bad, f"{name}: the actor")


def limited(*arguments, path):
    """Runs with 512 MiB of address space: what takes more fails."""
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
    sanitized = b"__asan_init" in (BUILD / "tidings").read_bytes()
    return subprocess.run([BUILD / "tidings", *arguments, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120 * PATIENCE,
                          preexec_fn=None if sanitized else limit)


def test_a_hundred_thousand_lines_take_bounded_memory(world):
    path = world.dir / "many"
    path.write_text("".join(f"{n}\t{n // 3}\tP\tUna+Marsh{n}\n" for n in range(100000)))
    done = limited("import-names", path=path)
    equal((done.returncode, done.stderr, done.stdout.count(b"\n")), (0, b"", 100001), "variants")
    pad = "x" * 2000
    with open(path, "w") as out:  # 200 MB would not fit in twice
        out.write("[\n")
        for n in range(100000):
            out.write('{"type":"item","id":"Q%d","labels":{"en":{"language":"en","value":"Una Marsh%d"}},"claims":{"P31":[{"mainsnak":{"datavalue":'
                      '{"value":{"id":"Q5"}}}}]},"x":"%s"}%s\n' % (n + 1, n, pad if n < 1000 else "", "," if n < 99999 else ""))
        out.write("]\n")
    done = limited("import-names", path=path)
    equal((done.returncode, done.stderr, done.stdout.count(b"\n")), (0, b"", 100001), "a dump")


run(globals())
