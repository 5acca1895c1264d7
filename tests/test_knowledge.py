"""The knowledge graph as one object: ask it, look at it, and ask it who says so. On the invented cases, whose answers are known by hand."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError, ParameterError, QueryError, ReadOnlyError, UnknownName
from gpsa_graph.graph import KnowledgeGraph, Name, Rows

ROOT = Path(__file__).resolve().parent.parent
ASKED = "where-was-a-mechanism-used"


def _rows(kg: KnowledgeGraph, query: str) -> Rows:
    rows = kg.query(query)
    assert isinstance(rows, Rows)
    return rows


# query


def test_select_gives_named_columns_and_plain_values(tiny_kg: KnowledgeGraph) -> None:
    rows = _rows(tiny_kg, """SELECT ?case ?title ?usd ?year ?group ?nothing WHERE {
        ?case dcterms:title ?title ; gpsa:amount ?usd ; gpsa:startYear ?year . ?p gpsa:inCase ?case ; gpsa:group ?group }
        ORDER BY ?case LIMIT 1""")
    assert rows.columns == ("case", "title", "usd", "year", "group", "nothing")
    assert rows[0] == ("case:xaa-clinic-scorecards", "Score Cards for Clinics", 500000, 2014, True, None)
    assert isinstance(rows[0][0], Name)
    assert rows[0][0].iri == vocab.iri("case", "xaa-clinic-scorecards")


def test_ask_gives_a_bool_and_construct_and_describe_sorted_lines(tiny_kg: KnowledgeGraph) -> None:
    assert tiny_kg.query("ASK { case:xbb-road-audit a gpsa:Case }") is True
    assert tiny_kg.query("ASK { case:xbb-road-audit a gpsa:Event }") is False
    made = tiny_kg.query("CONSTRUCT { ?c gpsa:sector ?s } WHERE { ?c gpsa:sector ?s }")
    assert isinstance(made, str)
    assert made.splitlines() == sorted(made.splitlines())
    assert len(made.splitlines()) == 4
    described = tiny_kg.query("DESCRIBE case:xbb-road-audit")
    assert isinstance(described, str)
    assert f'<{vocab.iri("case", "xbb-road-audit")}> <{vocab.ONTOLOGY}status> "dropped" .\n' in described


def test_texts_come_back_as_they_were_written(tiny_kg: KnowledgeGraph) -> None:
    notes = _rows(tiny_kg, "SELECT ?n WHERE { case:xaa-clinic-scorecards gpsa:note ?n }")
    assert notes.column("n") == ['A text with "quotes", a back\\slash, an apostrophe\'s mark and <b>&amp;</b>']
    titles = _rows(tiny_kg, "SELECT ?t WHERE { ?c dcterms:alternative ?t } ORDER BY ?t").column("t")
    assert {"بطاقات التقييم للعيادات", "दुई देशमा खुला बजेट"} <= set(titles)


@pytest.mark.parametrize("query, line, column", [
    ("SELECT * WHERE {", 1, 17), ("SELECT ?x\nWHERE { ?x ?y }", 2, 16), ("", 1, 1), ("   ", 1, 4), ("# only a remark", 1, 16),
    ("SELECT * WHERE { ?s ?p ?o } LIMIT -1", 1, 35), ("SELECT ?x WHERE { ?x nope:a ?y }", 1, 28),
])
def test_what_does_not_parse_is_told_with_line_and_column(tiny_kg: KnowledgeGraph, query: str, line: int, column: int) -> None:
    with pytest.raises(QueryError) as caught:
        tiny_kg.query(query)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("update", ["INSERT DATA { <a:s> <a:p> <a:o> }", "DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "DROP DEFAULT",
                                    "LOAD <file:///etc/passwd>", "PREFIX a: <a:> INSERT DATA { a:s a:p a:o }"])
def test_updates_are_refused_and_change_nothing(tiny_kg: KnowledgeGraph, update: str) -> None:
    before = len(tiny_kg)
    with pytest.raises(QueryError):
        tiny_kg.query(update)
    with pytest.raises(ReadOnlyError, match=r"kg\.copy\(\)"):
        tiny_kg.update(update)
    assert len(tiny_kg) == before


def test_the_prefixes_of_a_query_go_before_ours(tiny_kg: KnowledgeGraph) -> None:
    assert tiny_kg.query(f"PREFIX case: <{vocab.PREFIXES['mechanism']}> ASK {{ case:social-audit a skos:Concept }}") is True


def test_a_service_that_does_not_answer_is_one_sentence(tiny_kg: KnowledgeGraph, loopback: tuple[str, int]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(QueryError) as caught:
        tiny_kg.query(f"SELECT * WHERE {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")
    assert "\n" not in str(caught.value)


# questions


@pytest.mark.parametrize("said", ["interface-meeting", "mechanism:interface-meeting", vocab.iri("mechanism", "interface-meeting"),
                                  " Interface Meeting ", "INTERFACE_MEETING"])
def test_a_parameter_is_an_id_a_prefixed_name_an_iri_or_a_label(tiny_kg: KnowledgeGraph, said: str) -> None:
    assert tiny_kg.answer(ASKED, mechanism=said).column("case") == ["case:xaa-clinic-scorecards", "case:xbb-road-audit"]


def test_a_broad_mechanism_finds_the_narrower_ones(tiny_kg: KnowledgeGraph) -> None:
    rows = tiny_kg.answer(ASKED, mechanism="community-scorecard")
    assert {(r[0], r[3]) for r in rows} == {("case:xaa-clinic-scorecards", "mechanism:community-scorecard"),
                                            ("case:multi-open-budgets", "mechanism:care-community-score-card")}


def test_an_open_question_finds_everything_and_its_rows_tell_their_sources(tiny_kg: KnowledgeGraph) -> None:
    rows = tiny_kg.answer(ASKED)
    assert len({(r[0], r[3]) for r in rows}) == 8
    assert set(rows.sources()) <= {f"source:{s.rpartition('/')[2]}" for s in _sources(tiny_kg)}
    assert all(row[rows.columns.index("src")] for row in rows), "a fact never travels without its source"
    assert set(rows.citations()) == set(rows.sources())
    assert rows.title.endswith("?")


def _sources(kg: KnowledgeGraph) -> set[str]:
    return {q.subject.value for q in kg.triples() if q.object.value == vocab.ONTOLOGY + "Source"}  # type: ignore[union-attr]


@pytest.mark.parametrize("given, error, text", [
    ({"mechanism": "socail-audit"}, UnknownName, "no mechanism called 'socail-audit'; did you mean 'social-audit'?"),
    ({"mechanism": "zzzz"}, UnknownName, "no mechanism called 'zzzz'"),
    ({"mechanism": "x> } . ?a ?b ?c . { <y"}, UnknownName, "no mechanism called 'x> }"),
    ({"mechanism": '"} DROP ALL #'}, UnknownName, "no mechanism called"),
    ({"mechanism": "sector:health"}, UnknownName, "no mechanism called 'sector:health'"),
    ({"mechanism": ""}, ParameterError, "no value for 'mechanism'"),
    ({"mechanism": None}, ParameterError, "no value for 'mechanism'"),
    ({"mechansim": "social-audit"}, UnknownName, "no parameter called 'mechansim'; did you mean 'mechanism'?"),
])
def test_a_wrong_parameter_is_told_with_the_near_misses(
        tiny_kg: KnowledgeGraph, given: dict[str, object], error: type[GpsaError], text: str) -> None:
    with pytest.raises(error) as caught:
        tiny_kg.answer(ASKED, **given)
    assert str(caught.value).startswith(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["where-was-a-mechanism-use", "Where was a mechanism used", "../../etc/passwd", "", "x" * 5000])
def test_an_unknown_question_is_told_in_one_sentence(tiny_kg: KnowledgeGraph, name: str) -> None:
    with pytest.raises(UnknownName) as caught:
        tiny_kg.answer(name)
    assert len(str(caught.value)) < 300
    if "mechanism" in name:
        assert caught.value.near[0] == ASKED


def test_a_question_is_the_same_from_the_cache_and_from_its_file(tiny_kg: KnowledgeGraph) -> None:
    for name, question in tiny_kg.questions().items():
        assert tiny_kg.question(name) == question


def test_options_are_what_a_parameter_can_be(tiny_kg: KnowledgeGraph) -> None:
    assert tiny_kg.options("country") == {"XAA": "Examplia", "XBB": "Testland"}
    assert list(tiny_kg.options("finding")) == ["mixed", "negative", "none", "not-assessed", "positive"]
    assert list(tiny_kg.options("case")) == ["multi-open-budgets", "xaa-clinic-scorecards", "xbb-road-audit"]
    assert tiny_kg.options("year") == tiny_kg.options("text") == {}


# find and resolve


@pytest.mark.parametrize("text, first", [
    ("road audit", "case:xbb-road-audit"), ("HEALTH watch", "organisation:xaa-health-watch"), ("saude", "organisation:xaa-health-watch"),
    ("NAO", "organisation:xaa-audit-office"), ("xaa-old-clinics", "case:xaa-clinic-scorecards"), ("P000001", "case:xaa-clinic-scorecards"),
    ("दुई", "case:multi-open-budgets"), ("Testland", "country:XBB"), ("social audit", "mechanism:social-audit"), ("Ida", "person:"),
])
def test_things_are_found_by_any_of_their_names_without_accents_or_case(tiny_kg: KnowledgeGraph, text: str, first: str) -> None:
    assert tiny_kg.find(text)[0].id.startswith(first)


@pytest.mark.parametrize("text", ["", "   ", "zzzz", "road zzzz", '"', "\\", "?x", ")"])
def test_nothing_is_found_where_nothing_is(tiny_kg: KnowledgeGraph, text: str) -> None:
    assert tiny_kg.find(text) == []


def test_finding_can_be_narrowed_and_cut(tiny_kg: KnowledgeGraph) -> None:
    assert {h.kind for h in tiny_kg.find("health", kind="organisation")} == {"organisation"}
    assert tiny_kg.find("a", most=3) == tiny_kg.find("a", most=50)[:3]
    scores = [h.score for h in tiny_kg.find("a", most=50)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("name", ["xbb-road-audit", "case:xbb-road-audit", vocab.iri("case", "xbb-road-audit"), "Citizens' Road Audit",
                                  "citizens' road audit", " case:xbb-road-audit "])
def test_a_thing_is_known_by_id_prefixed_name_iri_and_title(tiny_kg: KnowledgeGraph, name: str) -> None:
    assert tiny_kg.resolve(name) == vocab.iri("case", "xbb-road-audit")


@pytest.mark.parametrize("name, near", [
    ("xbb-road-audits", "case:xbb-road-audit"), ("case:xbb-rod-audit", "case:xbb-road-audit"), ("zzzz", ""), ("", ""), ("<x>", ""),
    ("https://w3id.org/gpsa-graph/case/no", ""), ('" . ?s ?p ?o', ""),
])
def test_an_unknown_thing_is_told_with_the_near_misses(tiny_kg: KnowledgeGraph, name: str, near: str) -> None:
    with pytest.raises(UnknownName) as caught:
        tiny_kg.show(name)
    assert caught.value.near[:1] == ((near,) if near else ())


# show


def test_the_card_of_a_case_has_its_claims_parts_and_sources(tiny_kg: KnowledgeGraph) -> None:
    card = tiny_kg.show("xbb-road-audit")
    assert (card.id, card.kind, card.label) == ("case:xbb-road-audit", "case", "Citizens' Road Audit")
    assert len(card.claims) == 17
    kinds = [p.kind for p in card.parts]
    assert {k: kinds.count(k) for k in kinds} == {"participation": 3, "result": 2, "challenge": 1, "gap": 1}
    assert [s.id for s in sorted(card.sources(), key=lambda s: s.id)] == ["invented-gazette", "invented-road-report"]
    assert all(p.sources for p in card.parts)
    assert all(c.sources for c in card.claims)


def test_the_card_of_a_public_body_shows_in_which_cases_it_takes_part(tiny_kg: KnowledgeGraph) -> None:
    card = tiny_kg.show("organisation:xaa-ministry-of-health")
    assert {(relation, name) for relation, name, _ in card.linked} == {
        ("gpsa:involvesGovernment", "case:multi-open-budgets"), ("gpsa:involvesGovernment", "case:xaa-clinic-scorecards")}
    assert ("kind", "ministry (actor:ministry)") in card.facts
    assert len([p for p in card.parts if p.kind == "participation"]) == 2


@pytest.mark.parametrize("name", ["country:XAA", "place:xaa-north-district", "mechanism:social-audit", "programme:gpsa", "call:gpsa-1",
                                  "event:example-workshop-2016", "example-bank", "gpsa:Case", "invented-list"])
def test_everything_has_a_card(tiny_kg: KnowledgeGraph, name: str) -> None:
    card = tiny_kg.show(name)
    assert card.label
    assert card.facts or card.claims or card.linked


def test_every_thing_of_the_invented_graph_has_a_card(tiny_kg: KnowledgeGraph) -> None:
    kinds = ("participation", "result", "lesson", "gap", "person", "figure", "seat", "appearance", "opt-in", "session", "source")
    typed = {str(q.subject)[1:-1] for q in tiny_kg.triples() if q.predicate.value.endswith("#type")}
    things = sorted(t for t in typed if vocab.shorten(t).partition(":")[0] in kinds)
    assert len(things) > 40
    for thing in random.Random(1).sample(things, 12):
        assert tiny_kg.show(thing).facts, thing


# why


def test_who_says_so_with_the_preferred_value_first(tiny_kg: KnowledgeGraph) -> None:
    preferred, other = tiny_kg.why("xaa-clinic-scorecards", "gpsa:amount")
    assert (preferred.value, preferred.preferred, other.value, other.preferred) == (500000, True, 480000.5, False)
    assert {s.id for s in preferred.sources} == {"invented-list", "invented-programme-page"}
    assert [s.id for s in other.sources] == ["invented-grantee-page"]
    assert preferred.disputed_by == (other.name,)
    assert other.disputed_by == (preferred.name,)
    assert "US$ 500,000" in str(tiny_kg.query(f"DESCRIBE {preferred.name}"))


def test_a_coarser_date_is_kept_and_disputes_nothing(tiny_kg: KnowledgeGraph) -> None:
    assert [(c.value, c.preferred, c.disputed_by) for c in tiny_kg.why("xaa-clinic-scorecards", "startDate")] == [
        ("2014-03", True, ()), ("2014", False, ())]


def test_an_inferred_value_says_why(tiny_kg: KnowledgeGraph) -> None:
    (claim,) = tiny_kg.why("multi-open-budgets", "country", "XBB")
    assert claim.basis == "inferred"
    assert claim.notes == ("The gazette tells of hearings in Riverside.",)
    assert "[inferred]" in str(claim)


def test_a_name_that_a_source_gives_stands_beside_the_concept(tiny_kg: KnowledgeGraph) -> None:
    (claim,) = tiny_kg.why("xaa-clinic-scorecards", "usesMechanism", "community-scorecard")
    assert claim.as_called == ("Clinic report",)
    assert claim.label == "community scorecard"
    assert [s.ladder for s in claim.sources] == sorted((s.ladder for s in claim.sources), reverse=True)


def test_a_part_answers_with_its_own_sources(tiny_kg: KnowledgeGraph) -> None:
    result = _rows(tiny_kg, 'SELECT ?r WHERE { ?r a gpsa:Result ; gpsa:finding finding:negative }')[0][0]
    claims = tiny_kg.why(result)
    assert {c.relation for c in claims} >= {"gpsa:finding", "gpsa:text", "gpsa:year"}
    assert {s.id for c in claims for s in c.sources} == {"invented-gazette"}


def test_a_row_of_a_list_answers_with_its_own_sources(tiny_kg: KnowledgeGraph) -> None:
    assert {s.id for c in tiny_kg.why("organisation:xbb-riverside-council") for s in c.sources} == {"invented-road-report"}


@pytest.mark.parametrize("asked, text", [
    (("xaa-clinic-scorecards", "amuont"), "no relation called 'amuont'; did you mean 'gpsa:amount'?"),
    (("xaa-clinic-scorecards", "zzzz"), "no relation called 'zzzz'; case:xaa-clinic-scorecards has claims on"),
    (("xaa-clinic-scorecards", "country", "XBB"), "no value called 'XBB'"),
    (("xaa-clinic-scorecard",), "no thing called 'xaa-clinic-scorecard'; did you mean 'case:xaa-clinic-scorecards'?"),
])
def test_a_wrong_question_for_the_source_is_told_with_the_near_misses(tiny_kg: KnowledgeGraph, asked: tuple[str, ...], text: str) -> None:
    with pytest.raises(UnknownName) as caught:
        tiny_kg.why(*asked)
    assert str(caught.value).startswith(text)


def test_every_claim_of_every_invented_case_has_a_source(tiny_kg: KnowledgeGraph) -> None:
    assert [len(tiny_kg.why(f"case:{c}")) for c in ("xaa-clinic-scorecards", "xbb-road-audit", "multi-open-budgets")] == [42, 17, 18]


# path


def test_a_path_is_the_shortest_and_each_hop_has_its_sources(tiny_kg: KnowledgeGraph) -> None:
    hops = tiny_kg.path("xaa-university", "xaa-audit-office")
    assert [h.sentence for h in hops] == ["University of Examplia is a partner in Score Cards for Clinics.",
                                          "Score Cards for Clinics involves National Audit Office of Examplia."]
    assert [[s.id for s in h.sources] for h in hops] == [["invented-evaluation"], ["invented-grantee-page"]]


def test_a_path_can_be_walked_both_ways(tiny_kg: KnowledgeGraph) -> None:
    there = tiny_kg.path("xaa-university", "xbb-riverside-council")
    back = tiny_kg.path("xbb-riverside-council", "xaa-university")
    assert len(there) == len(back) == 5
    assert [(h.start, h.end) for h in there] == [(h.end, h.start) for h in reversed(back)]


def test_concepts_join_what_actors_do_not(tiny_kg: KnowledgeGraph) -> None:
    assert tiny_kg.path("case:xbb-road-audit", "mechanism:social-audit") == []
    (hop,) = tiny_kg.path("case:xbb-road-audit", "mechanism:social-audit", concepts=True)
    assert hop.sentence == "Citizens' Road Audit uses social audit."


def test_there_is_no_path_from_a_thing_to_itself_or_to_what_is_apart(tiny_kg: KnowledgeGraph) -> None:
    assert tiny_kg.path("example-bank", "example-bank") == []
    assert tiny_kg.path("example-bank", "place:xbb-riverside") == []


# rdflib


def test_rdflib_sees_the_same_triples(tiny_kg: KnowledgeGraph) -> None:
    from rdflib import DCTERMS, Literal, URIRef

    assert len(tiny_kg.rdf) == len(tiny_kg)
    case = URIRef(vocab.iri("case", "xbb-road-audit"))
    assert (case, DCTERMS.identifier, Literal("xbb-road-audit")) in tiny_kg.rdf
    assert {str(row[0]) for row in tiny_kg.rdf.query("SELECT ?c WHERE { ?c a gpsa:Case }")} == {  # type: ignore[index]
        vocab.iri("case", c) for c in ("xaa-clinic-scorecards", "xbb-road-audit", "multi-open-budgets")}


CHANGES: list[Callable[..., object]] = [
    lambda g, t: g.add(t), lambda g, t: g.remove(t), lambda g, t: g.set(t), lambda g, t: g.addN([(*t, g)]),
    lambda g, t: g.update("CLEAR ALL"), lambda g, t: g.parse(data="<a:s> <a:p> <a:o> .", format="nt"), lambda g, t: g.__iadd__([t]),
    lambda g, t: g.__isub__([t]),
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_shared_graph_cannot_be_changed_and_a_copy_can(tiny_kg: KnowledgeGraph, change: Callable[..., object]) -> None:
    from rdflib import Literal, URIRef

    before, triple = len(tiny_kg), (URIRef("a:s"), URIRef("a:p"), Literal("o"))
    with pytest.raises(ReadOnlyError, match=r"kg\.copy\(\)"):
        change(tiny_kg.rdf, triple)
    assert len(tiny_kg) == before


def test_a_copy_can_be_changed_and_the_graph_does_not_notice(tiny_kg: KnowledgeGraph) -> None:
    from rdflib import Literal, URIRef

    copy, before = tiny_kg.copy(), len(tiny_kg)
    assert len(copy) == before
    copy.add((URIRef("a:s"), URIRef("a:p"), Literal("o")))
    copy.remove((URIRef(vocab.iri("case", "xbb-road-audit")), None, None))
    assert len(copy) < before
    assert len(tiny_kg) == len(tiny_kg.copy()) == before


# the same everywhere


def test_answers_do_not_depend_on_the_hash_seed(tiny: Path, cache: Path) -> None:
    code = """import sys; from pathlib import Path; import gpsa_graph
kg = gpsa_graph.load(Path(sys.argv[1]))
for name in kg.questions(): print(name, list(kg.answer(name)), kg.answer(name).coverage)
print(kg.find("a"), kg.show("xaa-clinic-scorecards"), kg.why("xaa-clinic-scorecards"))
print(kg.path("xaa-university", "xbb-riverside-council"))"""
    said = [subprocess.run([sys.executable, "-c", code, str(tiny)], cwd=ROOT, capture_output=True, check=True,
                           env={**os.environ, "PYTHONHASHSEED": seed, "GPSA_CACHE": str(cache)}).stdout for seed in ("1", "2")]
    assert said[0] == said[1]
    assert len(said[0]) > 10_000
