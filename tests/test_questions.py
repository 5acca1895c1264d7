"""The stored questions: complete, the same on two engines, narrowed by typed values, and exported as data."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from gpsa_graph import vocab
from gpsa_graph.cases import read
from gpsa_graph.errors import DataError, ParameterError, UnknownName
from gpsa_graph.graph import KnowledgeGraph, Rows
from gpsa_graph.graph.compiled import compiled
from gpsa_graph.graph.rows import names
from gpsa_graph.questions import Question, parse_question, read_questions
from gpsa_graph.questions.catalogue import catalogue
from gpsa_graph.resources import questions_folder

FOLDER = questions_folder()
QUESTIONS = read_questions(FOLDER)
NUMBERED = [q for q in QUESTIONS.values() if q.number]
NETWORKS = [q for q in QUESTIONS.values() if q.network is not None]
NARROWED = [(q, p.name) for q in QUESTIONS.values() for p in q.parameters]

#: One question and parameter for each kind that is no text.
KINDS = {q.parameter(n).kind: (q, n) for q, n in NARROWED if q.parameter(n).kind != "text"}

#: A value of each kind that the three invented cases have.
TINY = {
    "case": "xaa-clinic-scorecards", "country": "XAA", "region": "invented-north", "sector": "health", "mechanism": "citizen-monitoring",
    "programme": "gpsa", "event": "example-workshop-2016", "challenge-kind": "state-capacity", "result-kind": "service-outcome",
    "actor": "state-actor", "year": "2013", "text": "closed",
}
#: Values of text parameters that try to leave their line (SAFETY, inputs Q11).
HOSTILE = [
    '"} DROP ALL #', "> . ?x ?y ?z . <", 'closed" } #', "it's", "\\", "\\\"} UNION { ?s ?p ?o } #", "?case", "{ UNDEF }", "सेवा", "%s$1\\1",
]


def each(questions: Any) -> Any:
    return pytest.mark.parametrize("question", questions, ids=lambda q: q.name)


def canonical(term: Any) -> str:
    """One spelling of a term for both engines: numbers by value, lists of IRIs in order."""
    if term is None:
        return ""
    text = term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else str(term)
    kind = str(getattr(term, "datatype", "") or "")
    if kind.rstrip(">").endswith(("#integer", "#decimal")):
        return str(Decimal(text).normalize())
    parts = text.split()
    return " ".join(sorted(set(parts))) if parts and all(p.startswith(vocab.BASE) for p in parts) else text


@pytest.fixture(scope="module")
def engines(tiny: Path) -> tuple[ox.Store, Any]:
    """The three invented cases in a bare Oxigraph store and in rdflib's own memory store."""
    import rdflib

    content = compiled(read(tiny))
    store = ox.Store()
    store.bulk_load(input=content, format=ox.RdfFormat.N_TRIPLES)
    return store, rdflib.Graph().parse(data=content, format="nt")


def agree(engines: tuple[ox.Store, Any], text: str, what: str) -> None:
    store, graph = engines
    here = Counter(tuple(map(canonical, row)) for row in store.query(text))
    there = Counter(tuple(map(canonical, row)) for row in graph.query(text))

    assert here == there, (f"{what}: Oxigraph and rdflib differ; only Oxigraph: {list((here - there).elements())[:3]}, "
                           f"only rdflib: {list((there - here).elements())[:3]}. Write the pattern so that both read it alike.")


@each(QUESTIONS.values())
def test_the_same_rows_on_oxigraph_and_rdflib(question: Question, engines: tuple[ox.Store, Any]) -> None:
    agree(engines, question.text, question.name)
    if question.coverage:
        agree(engines, question.coverage, f"coverage of {question.name}")


@pytest.mark.parametrize("question, name", NARROWED, ids=[f"{q.name}-{n}" for q, n in NARROWED])
def test_the_same_rows_when_narrowed(question: Question, name: str, engines: tuple[ox.Store, Any], tiny_kg: KnowledgeGraph) -> None:
    terms = tiny_kg.terms(question, {name: TINY[question.parameter(name).kind]})

    agree(engines, question.filled(terms), f"{question.name} with {name}")
    if question.coverage:
        agree(engines, question.filled(terms, question.coverage), f"coverage of {question.name} with {name}")


@each(QUESTIONS.values())
def test_it_parses_with_nothing_but_its_own_prefixes(question: Question) -> None:
    from rdflib.plugins.sparql.parser import parseQuery

    for text in filter(None, (question.text, question.coverage)):
        ox.Store().query(text)
        parseQuery(text)
        declared = set(re.findall(r"(?m)^PREFIX (\S+): <", text))
        wrong = {p for p, start in re.findall(r"(?m)^PREFIX (\S+): <([^>]*)>", text) if vocab.PREFIXES.get(p) != start}
        body = re.sub(r'"[^"\n]*"|<[^>\s]*>|(?m:^PREFIX .*$)', "", text)
        used = set(re.findall(r"(?<![\w?-])([a-z][a-z-]*):", body))
        assert used == declared, f"{question.name}: prefixes declared but not used, or used but not declared: {sorted(used ^ declared)}"
        assert not wrong, f"{question.name}: {sorted(wrong)} stand for another IRI than in vocab.PREFIXES"


@each(NUMBERED)
def test_the_front_matter_is_complete(question: Question) -> None:
    assert question.title.endswith("?")
    assert 1 <= question.number <= 40
    assert 1 <= question.level <= 5
    assert 2 <= len(re.findall(r"[.?!](?: |$)", question.about)) <= 4, f"{question.name}: `about` takes about two sentences"
    assert question.keywords, f"{question.name} has no keywords, so nobody finds it"
    assert question.reading, f"{question.name} does not say how to read its answer and how not to"
    assert vocab.SLUG.match(question.name)
    for parameter in question.parameters:
        assert parameter.about, f"{question.name}: no explanation of {parameter.name}"
        assert parameter.sample, f"{question.name}: no sample for {parameter.name}"


def test_every_number_has_a_question() -> None:
    assert list(range(1, 41)) == sorted({q.number for q in NUMBERED})


@each(QUESTIONS.values())
def test_columns_are_those_of_the_answer(question: Question, kg: KnowledgeGraph) -> None:
    rows = kg.answer(question.name, **{p.name: p.sample for p in question.parameters})

    assert list(rows.columns) == list(question.columns), f"{question.name}: list each column with its meaning, in the order of the answer"


@each(NUMBERED)
def test_a_question_that_counts_cases_states_its_coverage(question: Question) -> None:
    counts = re.search(r"COUNT\(DISTINCT \?(case|hit)\)|AS \?cases\)", question.text)

    assert not counts or question.coverage or question.name == "how-well-is-each-relation-backed", (
        f"{question.name} counts cases: add a coverage query with the columns what, n, of")


@each(NUMBERED)
def test_its_samples_give_rows(question: Question, kg: KnowledgeGraph) -> None:
    given = {p.name: p.sample for p in question.parameters}

    assert len(kg.answer(question.name, **given)) > 0, f"{question.name} has no row for {given}; choose samples that show an answer"
    assert len(kg.answer(question.name)) > 0, f"{question.name} has no row at all"
    for name, sample in given.items():
        assert len(kg.answer(question.name, **{name: sample})) > 0, f"{question.name} has no row for {name}={sample}"


@each([q for q in NUMBERED if q.level >= 2])
def test_every_row_of_level_two_and_up_names_its_sources(question: Question, kg: KnowledgeGraph) -> None:
    rows = kg.answer(question.name)

    assert "src" in rows.columns, f"{question.name} has no column src"
    bare = [row for row in rows if not row[rows.columns.index("src")]]
    assert bare == [], f"{question.name}: {len(bare)} rows name no source, first: {bare[0]}"
    assert all(name.startswith("source:") for name in rows.sources())
    some = rows.sources()[:50]
    assert list(kg.citations(some)) == some, f"{question.name}: a name in src is no source"


@each(NETWORKS)
def test_a_network_has_source_target_and_case(question: Question, kg: KnowledgeGraph) -> None:
    from gpsa_graph.network import network

    rows = kg.answer(question.name)
    graph = network(rows, directed=bool(question.network and question.network["directed"]))

    assert {"source", "target", "case", "src"} <= set(rows.columns)
    assert graph.number_of_edges() > 10
    assert all(case.startswith("case:") for case in rows.column("case"))  # type: ignore[union-attr]
    assert all(edge["cases"] and edge["src"] for _, _, edge in graph.edges(data=True)), "every tie stands on a case and a source"


def test_the_networks_that_people_ask_for_are_there() -> None:
    assert {
        "who-works-with-whom", "who-funds-whom-and-where", "which-mechanism-goes-with-which-result", "which-mechanism-goes-with-which-form",
        "which-sector-uses-which-mechanism", "which-challenge-met-which-lesson", "which-mechanisms-share-a-case",
        "which-cases-share-features",
    } <= {q.name for q in NETWORKS}


@each(NUMBERED)
def test_the_order_of_rows_is_settled(question: Question, kg: KnowledgeGraph) -> None:
    rows = kg.answer(question.name)
    keys = re.findall(r"\?(\w+)", question.text[question.text.rindex("ORDER BY"):])
    shown = [rows.columns.index(k) for k in keys if k in rows.columns]
    ties = [k for k, n in Counter(tuple(str(row[i]) for i in shown) for row in rows).items() if n > 1]

    assert not ties or set(keys) - set(rows.columns), f"{question.name}: rows tie in ORDER BY and may come in any order: {ties[0]}"


@each([q for q in QUESTIONS.values() if q.parameters])
def test_a_filled_parameter_changes_only_its_line(question: Question, kg: KnowledgeGraph) -> None:
    for parameter in question.parameters:
        term = kg.terms(question, {parameter.name: parameter.sample})[parameter.name]
        for text in filter(None, (question.text, question.coverage)):
            before, after = text.splitlines(), question.filled({parameter.name: term}, text).splitlines()
            changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
            assert all(a.strip() == f"VALUES ?{parameter.name} {{ UNDEF }}" and b == a.replace("UNDEF", term) for a, b in changed)
            assert changed or text == question.coverage, f"{question.name}: {parameter.name} changes nothing"


@pytest.mark.parametrize("said", HOSTILE)
@pytest.mark.parametrize("name, parameter", [(q.name, p.name) for q in QUESTIONS.values() for p in q.parameters if p.kind == "text"])
def test_a_hostile_text_is_a_value(name: str, parameter: str, said: str, kg: KnowledgeGraph) -> None:
    before = len(kg)
    rows = kg.answer(name, **{parameter: said})

    assert (len(kg), rows.columns) == (before, tuple(QUESTIONS[name].columns))
    assert len(rows) < len(kg.answer(name)), "the text narrows the answer instead of opening it"


@pytest.mark.parametrize("said", [*HOSTILE, "<https://w3id.org/gpsa-graph/country/MWI> }", "MWI } #", "country:MWI country:IDN"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_hostile_name_is_refused_or_read_as_a_known_one(kind: str, said: str, kg: KnowledgeGraph) -> None:
    question, name = KINDS[kind]
    try:
        term = kg.terms(question, {name: said})[name]
    except (UnknownName, ParameterError):
        return
    assert term in {vocab.node(kind, known) for known in kg.options(kind)}, f"{said!r} came through as {term}"


@pytest.mark.parametrize("given, near", [
    ({"sector": "helth"}, "health"), ({"country": "Malavi"}, "MWI"), ({"mechanism": "score card"}, "community-scorecard"),
    ({"sektor": "health"}, "sector"),
])
def test_a_wrong_value_names_the_near_misses(given: dict[str, str], near: str, kg: KnowledgeGraph) -> None:
    question = next(q for q in NUMBERED if ((name := next(iter(given))) == "sektor" and q.name == "who-works-with-whom")
                    or name in {p.name for p in q.parameters})
    with pytest.raises(UnknownName) as caught:
        kg.answer(question.name, **given)

    assert near in str(caught.value)


def test_a_year_is_four_digits_and_an_empty_value_is_refused(kg: KnowledgeGraph) -> None:
    for said in ("twenty", "20 13", "2013-05", "1e3"):
        with pytest.raises(ParameterError, match="write four digits"):
            kg.answer("who-governed-the-programme", year=said)
    with pytest.raises(ParameterError, match="leave it out"):
        kg.answer("who-governed-the-programme", year=" ")


@pytest.mark.parametrize("said", ["MWI", "mwi", "country:MWI", "https://w3id.org/gpsa-graph/country/MWI", "Malawi", " Malawi "])
def test_a_value_can_be_id_name_iri_or_label(said: str, kg: KnowledgeGraph) -> None:
    assert kg.answer("who-works-with-whom", country=said) == kg.answer("who-works-with-whom", country="MWI")


def test_a_broad_concept_finds_the_narrower_ones(kg: KnowledgeGraph, tiny_kg: KnowledgeGraph) -> None:
    broad = kg.answer("where-was-a-mechanism-used", mechanism="citizen-monitoring")
    narrow = kg.answer("where-was-a-mechanism-used", mechanism="community-scorecard")
    tiny = tiny_kg.answer("where-was-a-mechanism-used", mechanism="community-scorecard")

    assert set(narrow) < set(broad)
    assert list(zip(tiny.column("case"), tiny.column("used"), strict=True)) == [
        ("case:multi-open-budgets", "mechanism:care-community-score-card"), ("case:xaa-clinic-scorecards", "mechanism:community-scorecard")]


def test_a_country_without_a_case_gets_the_lessons_of_its_region(kg: KnowledgeGraph) -> None:
    rows = kg.answer("what-from-indonesia-and-malawi-can-help-elsewhere", country="CRI")
    near = kg.answer("what-from-indonesia-and-malawi-can-help-elsewhere", country="COL")

    assert {"same region"} == set(rows.column("near"))
    assert {"case:idn-wahana-visi", "case:mwi-mejn"} == set(rows.column("lesson_from"))
    assert {"same country", "same region"} == set(near.column("near"))
    assert {"case:col-bogota-school-meals", "case:col-citizen-visible-audits"} == {
        row["target_case"] for row in near.to_dicts() if row["near"] == "same country"}


def test_the_coverage_counts_the_cases_that_were_asked_for(tiny_kg: KnowledgeGraph) -> None:
    assert tiny_kg.answer("how-much-money-by-country-region-sector-and-call").coverage == "2 of 3 cases state an amount."
    assert tiny_kg.answer("how-much-money-by-country-region-sector-and-call", programme="gpsa").coverage == "2 of 2 cases state an amount."
    assert tiny_kg.answer("which-challenges-recur", sector="infrastructure").coverage == "1 of 1 cases report a challenge."


def test_lists_of_names_are_short_sorted_and_once() -> None:
    iri = vocab.BASE + "source/"

    assert names(f"{iri}b {iri}a  {iri}b ") == "source:a source:b"
    assert names("") is None
    assert names(f"see {iri}a") == f"see {iri}a"
    assert names(f"{vocab.BASE}code/dac/12110") == f"{vocab.BASE}code/dac/12110"


def test_rows_know_their_sources(kg: KnowledgeGraph) -> None:
    rows = kg.answer("which-public-bodies-take-part-in-a-case", case="idn-wahana-visi")
    cited = rows.cited()

    assert len(rows) == len(cited)
    assert all(citations and all("." in line for line in citations) for _, citations in cited)
    pasted = kg.query(rows.query)
    assert isinstance(pasted, Rows)
    assert pasted.sources() == rows.sources(), "the query of an answer, asked as any SPARQL, names its sources alike"


def test_the_catalogue_is_data_that_runs(kg: KnowledgeGraph) -> None:
    import rdflib

    target = "https://example.org/sparql"
    text = catalogue(QUESTIONS.values(), target)
    graph = rdflib.Graph().parse(data=text, format="turtle")
    found = list(graph.query("""PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX schema: <https://schema.org/> PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?name ?label ?comment ?select ?target (COUNT(DISTINCT ?word) AS ?words) (COUNT(DISTINCT ?declared) AS ?prefixes) WHERE {
          ?q a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ; dcterms:identifier ?name ; rdfs:label ?label ; rdfs:comment ?comment ;
             sh:select ?select ; sh:prefixes ?all ; schema:target ?target ; schema:keywords ?word .
          ?all sh:declare ?declared . ?declared sh:prefix ?prefix ; sh:namespace ?namespace .
        } GROUP BY ?name ?label ?comment ?select ?target"""))

    assert {str(row[0]) for row in found} == set(QUESTIONS)
    for name, label, comment, select, at, words, _ in found:
        question = QUESTIONS[str(name)]
        assert (str(label), label.language, str(select), str(at), int(words)) == (
            question.title, "en", question.text, target, len(set(question.keywords)))
        assert str(comment).startswith(question.title)
        assert len(list(kg._store.query(str(select)))) == len(kg.answer(str(name)))
    assert "schema:target" not in catalogue(QUESTIONS.values())
    assert catalogue(reversed(list(QUESTIONS.values())), target) == text


@pytest.mark.parametrize("text, message", [
    ("#+ about: no title\nSELECT ?x WHERE {}", "no title"),
    ("#+ title: Who\nSELECT ?x WHERE {}", "no title"),
    ("#+ title: [Who?\nSELECT ?x WHERE {}", "not YAML"),
    ("#+ title: Who?\n#+ colour: red\nSELECT ?x WHERE {}", "unknown key 'colour'"),
    ("#+ title: Who?\n#+ parameters: {x: {kind: planet, about: a, sample: b}}\nSELECT ?x WHERE {\n  VALUES ?x { UNDEF }\n}",
     "unknown kind 'planet'"),
    ("#+ title: Who?\n#+ parameters: {x: {kind: case, about: a, sample: b}}\nSELECT ?x WHERE { ?x ?y ?z }", "no line 'VALUES"),
])
def test_a_faulty_file_is_refused_by_name(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "who.rq"
    path.write_text(text + "\n", "utf-8")
    with pytest.raises(DataError) as caught:
        parse_question(path)

    assert message in str(caught.value)
    assert "questions/who.rq" in str(caught.value)


def test_a_question_survives_its_dictionary() -> None:
    for question in QUESTIONS.values():
        assert Question.from_dict(question.to_dict()) == question


def test_tables_for_the_patterns_are_listed_last_and_only_when_asked_for() -> None:
    from click.testing import CliRunner

    from gpsa_graph.cli import cli

    feeds = [q.name for q in QUESTIONS.values() if q.feed]
    everything, asked = (CliRunner().invoke(cli, ["questions", *words, "--format", "csv"]).stdout for words in ([], ["pattern"]))

    assert list(QUESTIONS)[-len(feeds):] == feeds != []
    assert [name for name in feeds if f"\n{name}," in everything] == [], "the list of questions is for people who ask"
    assert [name for name in feeds if f"\n{name}," not in asked] == []
    assert everything.count("\n") == len(NUMBERED) + 1
