"""gpsa_graph.check: files first, then the provenance law and the shapes, each finding with its file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from gpsa_graph import vocab
from gpsa_graph.cases import read
from gpsa_graph.check import check, check_graph
from gpsa_graph.check.law import CLAIMED, EVIDENCED, LISTED, RULES, broken_rules
from gpsa_graph.check.shapes import shape_faults
from gpsa_graph.check.where import Where
from gpsa_graph.errors import DataError, Problem
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.graph.compiled import compiled, memory_store
from gpsa_graph.resources import data_folder

SHAPES = Path(__file__).parent / "ontology" / "shapes"
MEJN = data_folder() / "cases" / "mwi-mejn.yaml"
CASE = vocab.node("case", "xaa-clinic-scorecards")
USES = vocab.term("gpsa:usesMechanism")


def graph_of(ntriples: str) -> KnowledgeGraph:
    store = ox.Store()
    store.load(input=ntriples.encode(), format=ox.RdfFormat.N_TRIPLES)
    return KnowledgeGraph(store)


@pytest.fixture(scope="module")
def lines(tiny: Path) -> list[str]:
    """The graph of tests/tiny, a triple a line."""
    return compiled(read(tiny)).decode().splitlines(keepends=True)


@pytest.fixture
def copied(tiny: Path, tmp_path: Path) -> Path:
    """A data folder with the three invented cases that a test may spoil."""
    return Path(shutil.copytree(tiny, tmp_path / "data"))


def spoil(path: Path, old: str, new: str) -> int:
    """Replace a text in a file; its line number."""
    text = path.read_text("utf-8")
    assert old in text, f"{path} no longer holds {old!r}: choose another text to spoil"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[:text.index(old)].count("\n") + 1


# Files


def test_the_shipped_files_and_graph_are_clean() -> None:
    assert check() == []


def test_the_three_invented_cases_are_clean(tiny: Path) -> None:
    assert check(data=tiny) == []


def test_a_case_file_outside_the_data_folder_is_checked_against_the_shipped_lists(tmp_path: Path) -> None:
    draft = tmp_path / "mwi-mejn.yaml"
    shutil.copy(MEJN, draft)

    assert check([draft]) == []


def test_a_named_file_is_the_only_one_reported(tmp_path: Path) -> None:
    draft = tmp_path / "mwi-mejn.yaml"
    shutil.copy(MEJN, draft)
    line = spoil(draft, "delivery-tracking", "delivery-trackin")

    found = check([draft])

    assert [(p.path, p.line) for p in found] == [(str(draft), line)]
    assert "delivery-trackin" in found[0].message
    assert found[0].fix


def test_a_folder_means_its_case_files(copied: Path) -> None:
    spoil(copied / "cases" / "xbb-road-audit.yaml", "finding:", "findin:")

    assert {p.path for p in check([copied / "cases"], data=copied)} == {"data/cases/xbb-road-audit.yaml"}


def test_a_folder_with_authority_lists_is_a_data_folder_of_its_own(copied: Path) -> None:
    spoil(copied / "cases" / "xbb-road-audit.yaml", "finding:", "findin:")

    assert {p.path for p in check([copied])} == {"data/cases/xbb-road-audit.yaml"}


def test_a_path_that_is_not_there_is_a_problem_and_no_traceback(tmp_path: Path) -> None:
    assert check([tmp_path / "none.yaml"]) == [
        Problem(str(tmp_path / "none.yaml"), 0, "there is no such file or folder", "Look at the spelling of the path.")]


def test_a_data_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such data folder"):
        check(data=tmp_path / "none")


def test_two_files_for_one_case_are_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        shutil.copy(MEJN, tmp_path / name)

    found = check([tmp_path / "a", tmp_path / "b"])

    assert [p.message for p in found] == [f"the case 'mwi-mejn' also stands in {tmp_path / 'a' / 'mwi-mejn.yaml'}"]


def test_a_sound_file_among_broken_ones_says_that_the_graph_was_not_looked_at(copied: Path) -> None:
    spoil(copied / "cases" / "xbb-road-audit.yaml", "finding:", "findin:")

    found = check([copied / "cases" / "xaa-clinic-scorecards.yaml"], data=copied)

    assert [(p.path, p.message) for p in found] == [
        ("data/cases/xaa-clinic-scorecards.yaml", "the graph cannot be looked at: other files have faults")]
    assert check([copied / "cases" / "xaa-clinic-scorecards.yaml"], data=copied, graph=False) == []


# The provenance law


def without(fragment: str) -> Callable[[list[str]], list[str]]:
    """The graph without the triples that hold a text."""
    def spoiled(lines: list[str]) -> list[str]:
        kept = [line for line in lines if fragment not in line]
        assert len(kept) < len(lines), f"no triple holds {fragment}"
        return kept
    return spoiled


def plus(*more: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [*lines, *(f"{line} .\n" for line in more)]


CLAIM = vocab.claim_node(CASE, USES, vocab.node("mechanism", "community-scorecard"))
OTHER = vocab.node("claim", "0" * 16)
PETITION = vocab.node("mechanism", "petition")
DERIVED, A = vocab.term("prov:wasDerivedFrom"), vocab.term("rdf:type")
LOST = vocab.node("source", "f" * 16)


def says(claim: str, predicate: str, value: str) -> tuple[str, ...]:
    return (f"{claim} {vocab.term('rdf:subject')} {CASE}", f"{claim} {vocab.term('rdf:predicate')} {predicate}",
            f"{claim} {vocab.term('rdf:object')} {value}", f"{claim} {vocab.term('gpsa:about')} {CASE}")


SEEDS = {
    "claimed": (plus(f"{CASE} {USES} {PETITION}"), "nobody is named who says that case:xaa-clinic-scorecards has gpsa:usesMechanism"),
    "claimed once": (plus(*says(OTHER, USES, vocab.node("mechanism", "community-scorecard"))), "two claims say that"),
    "claim of something": (plus(*says(OTHER, vocab.term("gpsa:pilot"), vocab.literal("x"))), "but the graph has no gpsa:pilot"),
    "no source": (without(f"{CLAIM} {DERIVED}"), f"{vocab.shorten(CLAIM[1:-1])} names no source"),
    "no source in a list": (plus(f"{vocab.node('organisation', 'xaa-new')} {A} {vocab.term('gpsa:Organisation')}"),
                            "organisation:xaa-new names no source"),
    "unknown source": (plus(f"{CLAIM} {DERIVED} {LOST}"), "of which the graph has no title"),
    "date without year": (without("ontology#startYear>"), "without the plain year"),
    "no name": (plus(f"{CASE} {vocab.term('gpsa:place')} _:somewhere"), "a thing without a name stands in"),
}


def test_there_is_a_seeded_fault_for_every_rule() -> None:
    assert [rule.name for rule in RULES] == list(SEEDS)


@pytest.mark.parametrize("name", SEEDS)
def test_a_seeded_fault_against_the_law_is_found_in_its_file(name: str, lines: list[str], tiny: Path) -> None:
    make, sentence = SEEDS[name]
    kg = graph_of("".join(make(lines)))

    found = [p for p in broken_rules(kg, Where(kg, read(tiny))) if sentence in p.message]

    assert found, f"the rule '{name}' does not see its seeded fault"
    assert all(p.fix for p in found)
    if "organisation:" not in sentence:
        assert any(p.path.startswith("data/cases/") for p in found), "the problem does not name the case file"


@pytest.mark.parametrize("kind", EVIDENCED)
def test_a_part_of_any_kind_without_a_source_is_found(kind: str, lines: list[str]) -> None:
    thing = vocab.node("result", "xaa-clinic-scorecards-" + "0" * 16)
    kg = graph_of("".join(plus(f"{thing} {A} {vocab.term(kind)}")(lines)))

    assert "result:xaa-clinic-scorecards-0000000000000000 names no source" in {p.message for p in broken_rules(kg, Where(kg, None))}


@pytest.mark.parametrize("kind", CLAIMED)
def test_a_triple_of_any_claimed_class_needs_a_claim(kind: str, lines: list[str]) -> None:
    thing = vocab.node(vocab.slug(kind.partition(":")[2]), "zzz")
    said = f"{thing} {vocab.term('gpsa:note')} {vocab.literal('x', lang='en')}"
    kg = graph_of("".join(plus(f"{thing} {A} {vocab.term(kind)}", said)(lines)))

    assert [p.path for p in broken_rules(kg, Where(kg, None))] == [vocab.shorten(thing[1:-1])]


def test_the_law_covers_every_class_of_things_with_sources(kg: KnowledgeGraph) -> None:
    evidenced = kg.query("SELECT DISTINCT ?c WHERE { ?s prov:wasDerivedFrom ?o ; a ?c FILTER(?c != rdf:Statement) }").column("c")
    declared = kg.query("SELECT ?c WHERE { ?c rdfs:subClassOf gpsa:Evidenced }").column("c")
    listed = kg.query("SELECT DISTINCT ?c WHERE { ?s dcterms:source ?o ; a ?c FILTER(STRSTARTS(STR(?c), STR(gpsa:))) }").column("c")
    claimed = kg.query("SELECT DISTINCT ?c WHERE { ?claim rdf:subject ?s . ?s a ?c }").column("c")

    assert set(evidenced) == set(declared) == set(EVIDENCED)
    assert set(listed) == {*LISTED, "gpsa:PublicBody"}
    assert set(claimed) == set(CLAIMED)


# The shapes


@pytest.mark.parametrize("path", sorted(SHAPES.glob("*-bad.ttl")), ids=lambda p: p.stem.removesuffix("-bad"))
def test_a_seeded_fault_against_each_shape_becomes_a_problem(path: Path) -> None:
    store = ox.Store()
    store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    kg = KnowledgeGraph(store)

    found = list(shape_faults(kg, Where(kg, None)))

    assert found
    assert all(p.message.endswith(".") and p.fix.startswith("Found in ") for p in found)


def test_a_fault_in_a_result_names_file_and_line(lines: list[str], tiny: Path) -> None:
    data = read(tiny)
    result = data.case("xaa-clinic-scorecards").results[0]
    node = next(line.split()[0] for line in lines if "/result/xaa-" in line.split()[0] and vocab.literal(result.text, lang="en") in line)
    kg = graph_of("".join(line for line in lines if not (line.startswith(node) and "ontology#finding>" in line)))

    assert check_graph(kg, data) == [Problem(
        "data/cases/xaa-clinic-scorecards.yaml", result.line, "A result has one finding: positive, mixed, none, negative or not assessed.",
        f"Found in {vocab.shorten(node[1:-1])}.")]


def test_one_case_alone_gives_the_same_findings_as_the_whole_graph(lines: list[str], tiny: Path) -> None:
    data = read(tiny)
    kg = graph_of("".join(line for line in lines if "ontology#finding>" not in line))
    whole = [p for p in check_graph(kg, data) if "xaa-clinic" in p.path]

    assert whole
    assert [p for p in check_graph(kg, data, cases=[CASE[1:-1]]) if "xaa-clinic" in p.path] == whole
    assert {p.path for p in check_graph(kg, data, cases=[CASE[1:-1]])} == {"data/cases/xaa-clinic-scorecards.yaml"}


@pytest.mark.parametrize("iri, path", [
    ("programme:one", "data/programme.yaml"), ("event:example-workshop-2016", "data/events/example-workshop-2016.yaml"),
    ("country:XAA", "data/countries.csv"), ("mechanism:petition", "ontology/vocabularies/mechanisms.ttl"),
    ("case:xbb-road-audit", "data/cases/xbb-road-audit.yaml"),
])
def test_things_lead_back_to_their_files(iri: str, path: str, tiny: Path) -> None:
    data = read(tiny)
    if iri.startswith("programme:"):
        if not data.programmes:
            pytest.fail("tests/tiny has no programme.yaml")
        iri = f"programme:{data.programmes[0].id}"

    assert Where(KnowledgeGraph(memory_store(data)), data)(vocab.expand(iri))[0] == path


def test_lines_of_lists_and_vocabularies_are_known(tiny: Path) -> None:
    data = read(tiny)
    where = Where(KnowledgeGraph(memory_store(data)), data)
    row = next(iter(data.authority.organisation.values()))

    assert where(vocab.iri("organisation", row.id)) == ("data/organisations.csv", row.line)
    assert where(vocab.iri("mechanism", "petition"))[1] > 1
    assert where("https://example.org/elsewhere") == ("https://example.org/elsewhere", 0)
