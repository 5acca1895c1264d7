"""From values to triples: pure, canonical, the same bytes everywhere; which of several values is preferred."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from gpsa_graph import vocab
from gpsa_graph.cases import Data, read
from gpsa_graph.cases.authority import Authority, Source
from gpsa_graph.cases.model import Amount, Dated, Entry
from gpsa_graph.resources import ontology_folder
from gpsa_graph.triples import LADDER, ntriples, triples
from gpsa_graph.triples.case import case_triples, dates, is_number
from gpsa_graph.triples.ledger import Candidate, Ledger, gpsa

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def tiny_data(tiny: Path) -> Data:
    return read(tiny)


@pytest.mark.parametrize("which", ["data", "tiny_data"])
def test_every_line_is_one_triple_that_an_independent_reader_reads(which: str, request: pytest.FixtureRequest) -> None:
    lines = ntriples(request.getfixturevalue(which)).splitlines()
    quads = {str(q.triple) for q in ox.parse(input=b"\n".join(lines), format=ox.RdfFormat.N_TRIPLES)}
    assert lines == sorted(set(lines)), "sorted, and none twice"
    assert {line.decode().removesuffix(" .") for line in lines} == quads, "terms have the form in which the store writes them back"


@pytest.mark.parametrize("which", ["data", "tiny_data"])
def test_the_store_gives_back_the_same_triples(which: str, request: pytest.FixtureRequest) -> None:
    content = ntriples(request.getfixturevalue(which))
    store = ox.Store()
    store.load(content, format=ox.RdfFormat.N_TRIPLES)
    assert sorted(f"{q.triple} ." for q in store) == content.decode().splitlines()


@pytest.mark.parametrize("which", ["data", "tiny_data"])
def test_nothing_is_without_a_name(which: str, request: pytest.FixtureRequest) -> None:
    found = [t for t in triples(request.getfixturevalue(which)) if t[0].startswith("_:") or t[2].startswith("_:")]
    assert found == []


def _written(tiny: Path, **env: str) -> bytes:
    code = ("import sys; from pathlib import Path; from gpsa_graph.cases import read; from gpsa_graph.triples import ntriples; "
            "sys.stdout.buffer.write(ntriples(read())); sys.stdout.buffer.write(ntriples(read(Path(sys.argv[1]))))")
    run = subprocess.run([sys.executable, "-c", code, str(tiny)], cwd=ROOT, capture_output=True, check=True, env={**os.environ, **env})
    return run.stdout


def test_the_bytes_do_not_depend_on_hash_seed_locale_time_zone_or_encoding(tiny: Path, tiny_data: Data, data: Data) -> None:
    here = ntriples(data) + ntriples(tiny_data)
    assert _written(tiny, PYTHONHASHSEED="0", LC_ALL="C", TZ="Pacific/Kiritimati", PYTHONUTF8="0") == here
    assert _written(tiny, PYTHONHASHSEED="12345", LC_ALL="C.UTF-8", TZ="America/Anchorage") == here


def test_the_order_of_cases_and_entries_changes_nothing(tiny_data: Data) -> None:
    def turned(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        return tuple(replace(e, sources=e.sources[::-1]) for e in reversed(entries))

    cases = tuple(replace(c, **{name: turned(getattr(c, name)) for name in c.__dataclass_fields__
                                if isinstance(getattr(c, name), tuple) and getattr(c, name) and isinstance(getattr(c, name)[0], Entry)})
                  for c in reversed(tiny_data.cases))
    assert ntriples(replace(tiny_data, cases=cases)) == ntriples(tiny_data)


def test_the_lines_of_a_file_change_nothing(tiny_data: Data) -> None:
    case = tiny_data.case("xaa-clinic-scorecards")
    moved = replace(case, line=99, path="elsewhere.yaml", title=replace(case.title, line=77))
    assert set(case_triples(moved, tiny_data.authority)) == set(case_triples(case, tiny_data.authority))


def test_triples_are_made_without_file_clock_network_environment_or_library() -> None:
    allowed = {"__future__", "collections.abc", "dataclasses", "gpsa_graph"}
    for path in sorted((ROOT / "gpsa_graph/triples").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else \
                [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name in allowed or name.startswith("gpsa_graph."), f"{path.name} imports {name}; triples is pure"
            assert not (isinstance(node, ast.Name) and node.id in ("open", "input", "print")), f"{path.name}: {node.id}"  # type: ignore[attr-defined]


# Which of several values is preferred


def _source(name: str, kind: str, date: str = "") -> Source:
    return Source(id=name, title=name, publisher="", kind=kind, date=date, read="whole", url="", version="", doi="", note="", name=name)


SOURCES = {s.id: s for s in (
    _source("story", "story", "2020"), _source("own-old", "own", "2014"), _source("own-new", "own", "2019-05"),
    _source("own-undated", "own"),
    _source("page", "programme-page", "2010"), _source("evaluation", "evaluation", "2012"), _source("register", "register", "2001"),
)}
AUTHORITY = Authority({}, {}, {}, SOURCES, {}, {}, {})


def _direct(ledger: Ledger, name: str) -> list[str]:
    return [o for s, p, o in ledger.triples() if (s, p) == (ledger.subject, gpsa(name))]


def _claimed(ledger: Ledger) -> dict[str, set[str]]:
    """Value -> values that dispute it, over the claims of a ledger."""
    value = {s: o for s, p, o in ledger.triples() if p == vocab.term("rdf:object")}
    found: dict[str, set[str]] = {o: set() for o in value.values()}
    for s, p, o in ledger.triples():
        if p == gpsa("disputes"):
            found[value[s]].add(value[o])
    return found


def _amount(usd: str, *sources: str) -> Candidate:
    return Candidate(vocab.decimal(usd), usd, Amount(line=1, usd=usd, sources=sources))


@pytest.mark.parametrize("given, preferred", [
    ([("1", "evaluation"), ("2", "register")], "2"),
    ([("1", "story"), ("2", "own-old")], "2"),
    ([("1", "own-new"), ("2", "page")], "2"),
    ([("1", "page"), ("2", "evaluation")], "2"),
    ([("1", "own-old"), ("2", "own-new")], "2"),
    ([("1", "own-undated"), ("2", "own-old")], "2"),
    ([("1", "story"), ("2", "story")], "1"),
])
def test_the_preferred_value_is_that_of_register_ladder_and_date(given: list[tuple[str, str]], preferred: str) -> None:
    for order in (given, given[::-1]):
        ledger = Ledger("<a:s>", AUTHORITY)
        ledger.settle(gpsa("amount"), [_amount(usd, source) for usd, source in order])
        assert _direct(ledger, "amount") == [vocab.decimal(preferred)]
        assert _claimed(ledger) == {vocab.decimal("1"): {vocab.decimal("2")}, vocab.decimal("2"): {vocab.decimal("1")}}


def test_a_value_ranks_with_its_best_source() -> None:
    ledger = Ledger("<a:s>", AUTHORITY)
    ledger.settle(gpsa("amount"), [_amount("1", "story", "evaluation"), _amount("2", "page")])
    assert _direct(ledger, "amount") == [vocab.decimal("1")]


def test_one_number_in_two_spellings_is_one_claim_and_no_dispute() -> None:
    ledger = Ledger("<a:s>", AUTHORITY)
    ledger.settle(gpsa("amount"), [_amount("500000", "page"), _amount("500000.00", "register")])
    assert _claimed(ledger) == {vocab.decimal("500000"): set()}
    cited = {o for s, p, o in ledger.triples() if p == vocab.term("prov:wasDerivedFrom")}
    assert cited == {vocab.node("source", "page"), vocab.node("source", "register")}


def test_a_number_that_begins_another_number_disputes_it() -> None:
    ledger = Ledger("<a:s>", AUTHORITY)
    ledger.settle(gpsa("amount"), [_amount("50", "register"), _amount("500", "page")])
    assert _direct(ledger, "amount") == [vocab.decimal("50")]
    assert _claimed(ledger)[vocab.decimal("50")] == {vocab.decimal("500")}


@pytest.mark.parametrize("given, preferred, disputes", [
    ([("2014", "register"), ("2014-03", "story")], "2014-03", set()),
    ([("2014-03-09", "story"), ("2014", "register"), ("2014-03", "page")], "2014-03-09", set()),
    ([("2014", "page"), ("2015-02", "story")], "2014", {"2015-02"}),
    ([("2014-03", "page"), ("2014-04", "story"), ("2014", "story")], "2014-03", {"2014-04"}),
    ([("2014", "register"), ("2014-04", "page"), ("2014-03", "story")], "2014-04", {"2014-03"}),
])
def test_a_coarser_date_does_not_dispute_a_finer_one_inside_it(given: list[tuple[str, str]], preferred: str, disputes: set[str]) -> None:
    ledger = Ledger("<a:s>", AUTHORITY)
    dates(ledger, tuple(Dated(line=1, kind="start", value=v, sources=(s,)) for v, s in given))
    assert _direct(ledger, "startDate") == [vocab.date(preferred)]
    assert _direct(ledger, "startYear") == [vocab.integer(int(preferred[:4]))]
    assert _claimed(ledger)[vocab.date(preferred)] == {vocab.date(d) for d in disputes}
    assert len(_claimed(ledger)) == len(given)


def test_an_announcement_does_not_dispute_an_approval() -> None:
    ledger = Ledger("<a:s>", AUTHORITY)
    dates(ledger, (Dated(line=1, kind="announcement", value="2013", sources=("page",)),
                   Dated(line=2, kind="approval", value="2014", sources=("page",))))
    assert set().union(*_claimed(ledger).values()) == set()
    assert (_direct(ledger, "announcementYear"), _direct(ledger, "approvalYear")) == ([vocab.integer(2013)], [vocab.integer(2014)])


def test_a_value_said_twice_is_stated_if_one_says_it_outright() -> None:
    ledger = Ledger("<a:s>", AUTHORITY)
    for basis, why in (("inferred", "It follows."), ("", "")):
        ledger.say(gpsa("country"), "<a:x>", Entry(line=1, sources=("page",), basis=basis, why=why))
    assert [o for s, p, o in ledger.triples() if p == gpsa("basis")] == [vocab.node("basis", "stated")]


@pytest.mark.parametrize("text, number", [("55", True), ("0.5", True), ("-3", True), ("40-45", False), ("over 30", False),
                                          ("22 million", False), ("1,5", False), ("٥٥", False), ("", False), (".", False),
                                          ("1.2.3", False), ("NaN", False)])
def test_only_plain_numbers_become_numbers(text: str, number: bool) -> None:
    assert is_number(text) is number


# Constants in the code that repeat the vocabularies


def _vocabulary(name: str) -> ox.Store:
    store = ox.Store()
    store.load(path=str(ontology_folder() / "vocabularies" / name), format=ox.RdfFormat.TURTLE)
    return store


def test_the_ladder_is_the_order_in_the_vocabulary() -> None:
    order = ox.NamedNode(vocab.ONTOLOGY + "order")
    start = vocab.PREFIXES["source-kind"]
    found = {q.subject.value.removeprefix(start): int(q.object.value)  # type: ignore[union-attr]
             for q in _vocabulary("source-kinds.ttl").quads_for_pattern(None, order, None)}
    assert found == LADDER, "make LADDER in triples/ledger.py and gpsa:order in source-kinds.ttl equal"


def test_public_bodies_are_the_kinds_at_and_below_state_actor() -> None:
    from gpsa_graph.cases.authority import PUBLIC_KINDS

    store, broader = _vocabulary("actors.ttl"), ox.NamedNode(vocab.PREFIXES["skos"] + "broader")
    found, todo = set(), [ox.NamedNode(vocab.iri("actor", "state-actor"))]
    while todo:
        here = todo.pop()
        found.add(here.value.removeprefix(vocab.PREFIXES["actor"]))
        todo += [q.subject for q in store.quads_for_pattern(None, broader, here)]  # type: ignore[misc]
    assert found == PUBLIC_KINDS, "make PUBLIC_KINDS in cases/authority.py and actors.ttl equal"
