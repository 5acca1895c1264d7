"""The release, read back by readers that are not ours; the same bytes everywhere; whole after every interruption."""

from __future__ import annotations

import csv
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import yaml
from rdflib.namespace import DCTERMS, RDF, SKOS

from gpsa_graph import vocab
from gpsa_graph.errors import DataError, OutputError
from gpsa_graph.export.build import build
from gpsa_graph.export.codebook import TABLES
from gpsa_graph.export.jsonld import context, jsonld
from gpsa_graph.export.nodes import read_nodes
from gpsa_graph.export.turtle import turtle

VOID, DCAT, SPDX, SCHEMA = (rdflib.Namespace(n) for n in (
    "http://rdfs.org/ns/void#", "http://www.w3.org/ns/dcat#", "http://spdx.org/rdf/terms#", "https://schema.org/"))
GPSA = rdflib.Namespace(vocab.ONTOLOGY)
DATASET = rdflib.URIRef("https://w3id.org/gpsa-graph/dataset")
FORMATS = {".ttl": (ox.RdfFormat.TURTLE, "turtle"), ".nt": (ox.RdfFormat.N_TRIPLES, "nt"), ".nq": (ox.RdfFormat.N_QUADS, "nquads"),
           ".jsonld": (ox.RdfFormat.JSON_LD, "json-ld")}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped data, built once."""
    folder = tmp_path_factory.mktemp("release") / "out"
    build(None, folder)
    return folder


@pytest.fixture(scope="module")
def graph(release: Path) -> rdflib.Graph:
    """The N-Triples file in rdflib."""
    return rdflib.Graph().parse(release / "gpsa-graph.nt", format="nt")


def triples(path: Path) -> set[str]:
    """What Oxigraph reads from a file."""
    return {f"{q.subject} {q.predicate} {q.object}" for q in ox.parse(path=str(path), format=FORMATS[path.suffix][0])}


def sums(folder: Path) -> dict[str, str]:
    """The checksums file: path -> sum."""
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def is_whole(folder: Path) -> bool:
    """Whether the folder holds the files that its checksums list, as they were written, and no others."""
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {"SHA256SUMS"}
    return found == set(sums(folder)) and all(sha256((folder / p).read_bytes()).hexdigest() == s for p, s in sums(folder).items())


def rows(release: Path, name: str) -> list[dict[str, str]]:
    with open(release / "tables" / f"{name}.csv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# The graph

@pytest.mark.parametrize("ending", FORMATS)
def test_oxigraph_reads_the_same_graph_from_every_form(release: Path, kg, ending: str) -> None:  # type: ignore[no-untyped-def]
    read = triples(release / f"gpsa-graph{ending}")

    assert len(read) == len(kg)
    assert read == {f"{q.subject} {q.predicate} {q.object}" for q in kg.triples()}


@pytest.mark.parametrize("ending", [".ttl", *(pytest.param(ending, marks=pytest.mark.slow) for ending in (".jsonld", ".nq"))])
def test_rdflib_reads_the_same_graph_from_every_form(release: Path, graph: rdflib.Graph, ending: str) -> None:
    path, name = release / f"gpsa-graph{ending}", FORMATS[ending][1]
    if name == "nquads":  # only the default graph
        read = set(rdflib.Dataset().parse(path, format=name).triples((None, None, None)))
    else:
        read = set(rdflib.Graph().parse(path, format=name))

    assert read == set(graph)


def test_the_graph_has_no_blank_nodes(release: Path) -> None:
    assert not re.search(r"^_:|> _:", (release / "gpsa-graph.nt").read_text("utf-8"), re.MULTILINE)


def test_n_triples_are_sorted_and_said_once(release: Path) -> None:
    lines = (release / "gpsa-graph.nt").read_text("utf-8").split("\n")[:-1]

    assert lines == sorted(set(lines))


def test_turtle_lists_a_case_with_its_claims_and_parts_below_it(release: Path) -> None:
    text = (release / "gpsa-graph.ttl").read_text("utf-8")
    block = text.partition("\ncase:mwi-mejn a gpsa:Case ;\n")[2].partition("\n\n")[0]

    assert "gpsa:approvalYear 2014 ;" in block
    assert block.count("rdf:subject case:mwi-mejn") == text.count("rdf:subject case:mwi-mejn") > 10
    for kind in ("participation", "result"):
        assert block.count(f"\n{kind}:mwi-mejn-") == text.count(f"\n{kind}:mwi-mejn-") > 3


def test_rdf_1_2_reifies_each_claim_and_asserts_only_preferred_values(release: Path) -> None:
    claim, statement = vocab.term("gpsa:Claim"), vocab.term("rdf:Statement")
    back, asserted, reified = set(), set(), {}
    for quad in ox.parse(path=str(release / "gpsa-graph-rdf12.ttl"), format=ox.RdfFormat.TURTLE):
        if quad.predicate.value == vocab.expand("rdf:reifies"):
            assert isinstance(quad.object, ox.Triple)
            reified[str(quad.subject)] = said = quad.object
            back |= {f"{quad.subject} {vocab.term('rdf:' + n)} {term}" for n, term in (
                ("subject", said.subject), ("predicate", said.predicate), ("object", said.object))}
            back.add(f"{quad.subject} {vocab.term('rdf:type')} {statement}")
        else:
            back.add(f"{quad.subject} {quad.predicate} {quad.object}")
            asserted.add(f"{quad.subject} {quad.predicate} {quad.object}")

    assert back == triples(release / "gpsa-graph.nt"), "the two forms do not say the same"
    assert len(reified) == sum(line.endswith(f" {vocab.term('rdf:type')} {claim}") for line in back)
    assert 0 < len([t for t in reified.values() if f"{t.subject} {t.predicate} {t.object}" not in asserted]) < len(reified)


def test_the_context_reads_every_property_as_the_ontology_has_it(graph: rdflib.Graph) -> None:
    known = context()
    assert {p: known.get(p) for p in vocab.PREFIXES} == vocab.PREFIXES, "ontology/context.jsonld lacks a prefix of vocab.PREFIXES"
    for kind, wanted in ((rdflib.OWL.ObjectProperty, "@id"), (rdflib.OWL.DatatypeProperty, None)):
        for term in graph.subjects(RDF.type, kind):
            name = vocab.shorten(str(term))
            said = known.get(name, {}).get("@type")
            assert (said == "@id") == (wanted == "@id"), f"ontology/context.jsonld: add or change {name}"


def test_json_ld_carries_its_context(release: Path) -> None:
    whole = json.loads((release / "gpsa-graph.jsonld").read_text("utf-8"))

    assert whole["@context"] == context()
    case = next(node for node in whole["@graph"] if node["id"] == "case:mwi-mejn")
    assert (case["type"], case["gpsa:country"], case["gpsa:approvalYear"]) == ("gpsa:Case", "country:MWI", 2014)


HOSTILE = ['</script><script>pwn()', "'''", '"""', "back\\slash\\", "tab\tline\nreturn\r", "nul-free \x0b \x1b[31m", "\u2028\u202e\ufffe",
           "{{7*7}}", "👩‍👩‍👧 नेपाल", "=1+1", "a > b . <c> <d> \"e\" .", "", " ", "@prefix : <x> .", "é" * 10_000]


def test_hostile_texts_come_back_from_turtle_and_json_ld() -> None:
    lines = []
    for i, text in enumerate(HOSTILE):
        for said in (vocab.literal(text), vocab.literal(text, lang="en"), vocab.literal(text, "xsd:anyURI")):
            lines.append(f"{vocab.node('case', f'xaa-{i}')} {vocab.term('gpsa:text')} {said} .")
    lines.append(f"<http://example.org/a.> {vocab.term('gpsa:country')} <http://example.org/%20?a=b&c=(d)#e> .")
    lines.append(f"{vocab.node('case', 'xaa.')} {vocab.term('gpsa:year')} {vocab.literal('007', 'xsd:integer')} .")
    lines.append(f"{vocab.node('case', 'xaa')} {vocab.term('gpsa:year')} {vocab.literal('x', 'xsd:integer')} .")
    nodes = read_nodes(lines)

    def read(text: str, form: ox.RdfFormat) -> set[str]:
        return {f"{q.subject} {q.predicate} {q.object} ." for q in ox.parse(text.encode(), format=form)}

    wanted = read("\n".join(lines), ox.RdfFormat.N_TRIPLES)
    assert read(turtle(nodes, "x\n# y"), ox.RdfFormat.TURTLE) == wanted
    assert len(wanted) == len(lines)
    assert read(jsonld(nodes), ox.RdfFormat.JSON_LD) == wanted


# Descriptions

def test_void_counts_what_rdflib_counts(release: Path, graph: rdflib.Graph) -> None:
    void = rdflib.Graph().parse(release / "void.ttl", format="turtle")

    def number(subject: rdflib.term.Node, name: rdflib.URIRef) -> int:
        value = void.value(subject, name)
        assert isinstance(value, rdflib.Literal)
        return int(value)

    assert number(DATASET, VOID.triples) == len(graph)
    assert number(DATASET, VOID.distinctSubjects) == len(set(graph.subjects()))
    assert number(DATASET, VOID.distinctObjects) == len(set(graph.objects()))
    assert number(DATASET, VOID.properties) == len(set(graph.predicates()))
    assert number(DATASET, VOID.entities) == sum(str(s).startswith(vocab.BASE) for s in set(graph.subjects()))
    classes = {void.value(p, VOID["class"]): number(p, VOID.entities) for p in void.objects(DATASET, VOID.classPartition)}
    assert classes == Counter(graph.objects(None, RDF.type))
    properties = {void.value(p, VOID.property): number(p, VOID.triples) for p in void.objects(DATASET, VOID.propertyPartition)}
    assert properties == Counter(p for _, p, _ in graph)


def test_void_counts_the_links_that_leave_the_graph(release: Path, graph: rdflib.Graph) -> None:
    void = rdflib.Graph().parse(release / "void.ttl", format="turtle")
    linksets = list(void.subjects(RDF.type, VOID.Linkset))
    assert set(linksets) == set(void.objects(DATASET, VOID.subset))
    for linkset in linksets:
        target = void.value(linkset, VOID.objectsTarget)
        space, link = str(void.value(target, VOID.uriSpace)), void.value(linkset, VOID.linkPredicate)
        found = sum(str(o).startswith(space) and "/" not in str(o)[len(space):].rstrip("/") for o in graph.objects(None, link))
        assert found == int(str(void.value(linkset, VOID.triples))), f"{link} to {space}"

    matches = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
    out = sum(not str(o).startswith(vocab.BASE) for match in matches for o in graph.objects(None, match))
    assert sum(int(str(void.value(s, VOID.triples))) for s in linksets) == out > 0


def test_dcat_gives_size_and_sum_of_every_file(release: Path) -> None:
    dcat = rdflib.Graph().parse(release / "dcat.ttl", format="turtle")
    listed = {}
    for part in dcat.objects(DATASET, DCAT.distribution):
        path = str(dcat.value(part, DCAT.downloadURL)).removeprefix("https://w3id.org/gpsa-graph/download/")
        checksum = dcat.value(part, SPDX.checksum)
        listed[path] = str(dcat.value(checksum, SPDX.checksumValue))
        assert (release / path).stat().st_size == int(str(dcat.value(part, DCAT.byteSize)))
        assert str(dcat.value(part, DCAT.mediaType)).startswith("https://www.iana.org/assignments/media-types/")

    assert listed == {p: s for p, s in sums(release).items() if p != "dcat.ttl"}
    assert [str(dcat.value(DATASET, p)) for p in (DCAT.version, DCTERMS.issued)] == (_data() / "VERSION").read_text().split()


def _data() -> Path:
    return Path(__file__).resolve().parent.parent / "data"


def test_the_citation_has_the_version_and_date_of_the_data(release: Path) -> None:
    cited = yaml.safe_load((release / "CITATION.cff").read_text("utf-8"))

    assert [cited["version"], cited["date-released"]] == (_data() / "VERSION").read_text().split()
    assert (cited["cff-version"], cited["type"], cited["license"]) == ("1.2.0", "dataset", "CC-BY-4.0")
    assert {"message", "title", "authors"} <= set(cited)


# Tables

def test_frictionless_finds_nothing_wrong_with_package_and_rows(release: Path) -> None:
    import frictionless

    report = frictionless.validate(str(release / "datapackage.json"))

    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:10]
    assert {task.name: task.stats["rows"] for task in report.tasks} == {t.name: len(rows(release, t.name)) for t in TABLES}


def test_frictionless_sees_a_broken_join(release: Path, tmp_path: Path) -> None:
    import frictionless

    folder = tmp_path / "broken"
    shutil.copytree(release, folder)
    path = folder / "tables" / "lessons.csv"
    path.write_text(path.read_text("utf-8").replace(",case:", ",case:no-such-", 1), "utf-8")

    types = {error.type for task in frictionless.validate(str(folder / "datapackage.json")).tasks for error in task.errors}
    assert {"foreign-key", "hash-count"} <= types


def test_names_in_lists_lead_to_rows(release: Path) -> None:
    ids = {t.name: {row[t.key[0]] for row in rows(release, t.name)} for t in TABLES}
    for table in TABLES:
        for column in table.columns:
            if column.refers and column.lists:
                named = {name for row in rows(release, table.name) for name in row[column.name].split()}
                assert named <= ids[column.refers], f"{table.name}.{column.name}"


def test_tables_have_the_rows_that_rdflib_counts(release: Path, graph: rdflib.Graph) -> None:
    for name, kind in (("cases", "Case"), ("organisations", "Organisation"), ("participations", "Participation"),
                       ("results", "Result"), ("challenges", "Challenge"), ("lessons", "Lesson"), ("sources", "Source"),
                       ("claims", "Claim"), ("countries", "Country")):
        assert len(rows(release, name)) == len(set(graph.subjects(RDF.type, GPSA[kind]))), name
    assert len(rows(release, "mechanisms-of-cases")) == len(list(graph.triples((None, GPSA.usesMechanism, None))))
    amounts = {row["case"]: float(row["amount_usd"]) for row in rows(release, "cases") if row["amount_usd"]}
    assert amounts == {vocab.shorten(str(s)): float(str(o)) for s, o in graph.subject_objects(GPSA.amount) if "/case/" in str(s)}


def test_every_row_of_a_fact_names_its_sources(release: Path) -> None:
    for table in TABLES:
        if any(c.name == "src" for c in table.columns):
            bare = [row[table.key[0]] for row in rows(release, table.name) if not row["src"]]
            assert bare == [], f"{table.name} has rows without sources"


def test_a_claim_that_another_value_stands_before_is_marked(release: Path, graph: rdflib.Graph) -> None:
    for row in rows(release, "claims"):
        claim = rdflib.URIRef(vocab.expand(row["claim"]))
        said = tuple(graph.value(claim, RDF[n]) for n in ("subject", "predicate", "object"))
        assert (row["direct"] == "true") == (said in graph), row["claim"]


def test_croissant_is_valid_and_its_records_can_be_read(release: Path, caplog: pytest.LogCaptureFixture) -> None:
    import mlcroissant

    with caplog.at_level(logging.WARNING):
        dataset = mlcroissant.Dataset(str(release / "croissant.json"))
        records = list(dataset.records("challenges"))

    assert [r.message for r in caplog.records] == []
    assert (list(dataset.metadata.ctx.issues.errors), list(dataset.metadata.ctx.issues.warnings)) == ([], [])
    assert dataset.metadata.ctx.conforms_to.value == "http://mlcommons.org/croissant/1.1"
    assert {r["challenges/challenge"].decode() for r in records} == {row["challenge"] for row in rows(release, "challenges")}


# The folder

def test_the_sums_are_right_and_list_every_file(release: Path) -> None:
    assert is_whole(release)
    assert {"gpsa-graph.ttl", "gpsa-graph.nt", "gpsa-graph.nq", "gpsa-graph.jsonld", "gpsa-graph-rdf12.ttl", "void.ttl", "dcat.ttl",
            "shapes.ttl", "datapackage.json", "croissant.json", "CITATION.cff", "tables/cases.csv"} <= set(sums(release))


@pytest.mark.parametrize("seed, locale, zone", [
    ("0", "C", "Pacific/Kiritimati"), pytest.param("1", "C.UTF-8", "UTC", marks=pytest.mark.slow)])
def test_the_same_data_give_the_same_bytes(release: Path, tmp_path: Path, seed: str, locale: str, zone: str) -> None:
    given = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone, "PYTHONUTF8": "0"}
    _run(tmp_path / "out", env=given)

    assert sums(tmp_path / "out") == sums(release)
    assert is_whole(tmp_path / "out")


_SCRIPT = """
import os, sys
from pathlib import Path
from gpsa_graph.errors import GpsaError
from gpsa_graph.export import build as release, files
before = sys.argv[3:]
if before:
    name, sign, left = before[0], int(before[1]), int(before[2])
    module = release if name == "write" else files
    real = getattr(module, name)
    def counted(*given):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), sign)
        return real(*given)
    setattr(module, name, counted)
try:
    release.build(Path(sys.argv[2]), Path(sys.argv[1]))
except GpsaError as error:
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    sys.exit(2)
"""


def _run(out: Path, *before: str, data: Path | None = None, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", _SCRIPT, str(out), str(data or _data()), *before], env=env, capture_output=True,
                          text=True, check=False)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Path:
    """A release of the three invented cases, built once."""
    folder = tmp_path_factory.mktemp("small") / "out"
    build(tiny, folder)
    return folder


@pytest.fixture
def old(tmp_path: Path, small: Path) -> Path:
    """A copy of that release, to be built over."""
    return Path(shutil.copytree(small, tmp_path / "out"))


def test_a_release_of_other_data_is_smaller_and_whole(old: Path, release: Path) -> None:
    assert is_whole(old)
    assert len(rows(old, "cases")) == 3 < len(rows(release, "cases"))


@pytest.mark.parametrize("where, sign, at", [
    ("_empty", signal.SIGKILL, 1), ("write", signal.SIGKILL, 1), ("write", signal.SIGKILL, 12), ("_swap", signal.SIGKILL, 1),
    ("_exchanged", signal.SIGKILL, 1), ("write", signal.SIGTERM, 5), ("write", signal.SIGINT, 5)])
def test_an_interrupted_build_leaves_the_old_folder_whole(old: Path, tiny: Path, where: str, sign: int, at: int) -> None:
    before = sums(old)
    data = _with_another_date(tiny, old.parent)

    assert _run(old, where, str(int(sign)), str(at), data=data).returncode != 0
    assert (is_whole(old), sums(old)) == (True, before)

    assert _run(old, data=data).returncode == 0, "what the interrupted build has left stops the next one"
    assert is_whole(old)
    assert sums(old) != before
    assert sorted(p.name for p in old.parent.iterdir()) == ["data", "out"], "the next build clears what was left"


def test_a_build_killed_after_the_swap_leaves_the_new_folder_whole(old: Path, tiny: Path) -> None:
    before = sums(old)

    assert _run(old, "_remove", str(int(signal.SIGKILL)), "1", data=_with_another_date(tiny, old.parent)).returncode != 0
    assert is_whole(old)
    assert sums(old) != before


def _with_another_date(tiny: Path, folder: Path) -> Path:
    shutil.copytree(tiny, folder / "data")
    (folder / "data" / "VERSION").write_text("9.9.9 2030-01-01\n")
    return folder / "data"


def test_without_an_exchange_in_one_step_two_steps_do(old: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gpsa_graph.export import files

    monkeypatch.setattr(files, "_exchanged", lambda new, out: False)
    before = sums(old)
    build(_with_another_date(tiny, old.parent), old)

    assert is_whole(old)
    assert sums(old) != before
    assert sorted(p.name for p in old.parent.iterdir()) == ["data", "out"]


def test_a_folder_put_aside_by_a_killed_build_comes_back(old: Path, tiny: Path) -> None:
    from gpsa_graph.export.files import fresh_folder

    os.rename(old, old.with_name(".out.old"))
    with pytest.raises(DataError), fresh_folder(old, lambda folder: ""):
        raise DataError([])

    assert is_whole(old)


def test_a_second_build_into_the_same_folder_is_refused_while_one_writes(old: Path, tiny: Path) -> None:
    from gpsa_graph.export.files import fresh_folder

    with fresh_folder(old, lambda folder: "") as new:
        with pytest.raises(OutputError, match="another process is writing"):
            build(tiny, old)
        assert new.is_dir()
        (new / "SHA256SUMS").write_text("")

    assert [p.name for p in old.iterdir()] == ["SHA256SUMS"]


@pytest.mark.parametrize("name, kept", [("notes.txt", "mine"), ("tables/mine.csv", "a,b"), ("empty/deep.txt", "x")])
def test_a_folder_with_somebodys_file_is_not_replaced(old: Path, tiny: Path, name: str, kept: str) -> None:
    (old / name).parent.mkdir(exist_ok=True)
    (old / name).write_text(kept)

    with pytest.raises(OutputError, match=f"'{name}' in it was not written by `gpsa build`"):
        build(tiny, old)

    assert (old / name).read_text() == kept
    assert [p.name for p in old.parent.iterdir()] == ["out"]


def test_a_folder_that_build_has_not_made_is_not_replaced_and_an_empty_one_is(tmp_path: Path, tiny: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a").write_text("x")
    (tmp_path / "empty").mkdir()

    with pytest.raises(OutputError, match="is not empty and was not made by"):
        build(tiny, tmp_path / "mine")
    assert is_whole_after(build(tiny, tmp_path / "empty"))


def is_whole_after(paths: list[Path]) -> bool:
    folder = next(p.parent for p in paths if p.name == "SHA256SUMS")
    return is_whole(folder) and paths == sorted(p for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("where", ["file", "file/out", "x" * 300])
def test_a_folder_that_cannot_be_written_is_named_in_one_sentence(tmp_path: Path, tiny: Path, where: str) -> None:
    (tmp_path / "file").write_text("old")

    with pytest.raises(OutputError) as caught:
        build(tiny, tmp_path / where)

    assert "\n" not in str(caught.value)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("file", "old")]


def test_a_full_disk_leaves_the_old_folder(old: Path, tiny: Path) -> None:
    before = sums(old)
    limit = ("import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
             "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n")
    done = subprocess.run([sys.executable, "-c", limit + _SCRIPT, str(old), str(tiny)], capture_output=True, text=True, check=False)

    assert (done.returncode, is_whole(old), sums(old)) == (2, True, before)
    assert re.fullmatch(r"OutputError: '.*' cannot be written: [^\n]*; nothing was changed\n", done.stderr)
    assert [p.name for p in old.parent.iterdir()] == ["out"]


def test_faulty_data_are_reported_and_nothing_is_written(old: Path, tiny: Path) -> None:
    before = sums(old)
    data = _with_another_date(tiny, old.parent)
    case = next((data / "cases").glob("x*.yaml"))
    case.write_text(case.read_text("utf-8") + "no_such_key: 1\n", "utf-8")

    with pytest.raises(DataError, match="no_such_key"):
        build(data, old)

    assert (is_whole(old), sums(old)) == (True, before)
