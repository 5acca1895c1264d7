"""The provenance law holds in the graph, and the page that tells it is right."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from gpsa_graph.triples.ledger import LADDER

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "provenance.md").read_text("utf-8")
QUESTIONS = re.findall(r"```sparql\n(.*?)```", PAGE, re.DOTALL)
PARTS = ("Participation", "Person", "Result", "Challenge", "Lesson", "Gap")


def test_every_claim_names_a_source(kg) -> None:  # type: ignore[no-untyped-def]
    bad = list(kg.query("SELECT ?c WHERE { ?c a gpsa:Claim . OPTIONAL { ?c prov:wasDerivedFrom ?s } FILTER(!BOUND(?s)) } LIMIT 5"))
    assert bad == [], f"claims without a source: {bad}"


@pytest.mark.parametrize("kind", PARTS)
def test_every_part_names_a_source(kg, kind: str) -> None:  # type: ignore[no-untyped-def]
    bad = list(kg.query(f"SELECT ?x WHERE {{ ?x a gpsa:{kind} . OPTIONAL {{ ?x prov:wasDerivedFrom ?s }} FILTER(!BOUND(?s)) }} LIMIT 5"))
    assert bad == [], f"{kind} without a source: {bad}"


def test_every_triple_of_a_case_has_one_claim(kg) -> None:  # type: ignore[no-untyped-def]
    """But for what identifies or is computed."""
    free = "rdf:type rdfs:label dcterms:identifier gpsa:formerId gpsa:region gpsa:announcementYear gpsa:approvalYear gpsa:launchYear"
    free += " gpsa:startYear gpsa:closingYear"
    rows = kg.query(f"""SELECT ?case ?p ?o (COUNT(?claim) AS ?n) WHERE {{
        ?case a gpsa:Case ; ?p ?o . FILTER(?p NOT IN ({', '.join(free.split())}))
        OPTIONAL {{ ?claim rdf:subject ?case ; rdf:predicate ?p ; rdf:object ?o ; gpsa:about ?case }}
      }} GROUP BY ?case ?p ?o HAVING (COUNT(?claim) != 1) LIMIT 5""")
    assert list(rows) == [], f"triples without exactly one claim: {list(rows)}"


def test_the_page_has_three_questions_that_answer(kg) -> None:  # type: ignore[no-untyped-def]
    assert len(QUESTIONS) >= 3
    for text in QUESTIONS[:3]:
        assert len(list(kg.query(text))) > 0, f"a question of docs/provenance.md finds nothing: {text[:80]}"


def test_what_would_break_the_law_is_not_there(kg) -> None:  # type: ignore[no-untyped-def]
    for text in QUESTIONS[3:]:
        found = kg.query(text)
        assert found is False or (found is not True and list(found) == []), f"docs/provenance.md: {text[:80]}"


def test_the_page_tells_the_ladder() -> None:
    told = {kind: int(rung) for rung, kinds in re.findall(r"^\| (\d) \| ([a-z, -]+) \|", PAGE, re.MULTILINE) for kind in kinds.split(", ")}
    assert told == LADDER, "docs/provenance.md: the table of the ladder is not that of the code"


def test_the_facts_that_were_traced_are_still_there(kg) -> None:  # type: ignore[no-untyped-def]
    with (ROOT / "tests" / "editorial" / "traced.csv").open(encoding="utf-8", newline="") as rows:
        nodes = [row["node"] for row in csv.DictReader(rows)]
    assert len(nodes) == 100
    found = {str(r[0]) for r in kg.query(f"SELECT DISTINCT ?n WHERE {{ VALUES ?n {{ {' '.join(nodes)} }} ?n ?p ?o }}")}
    gone = sorted(set(nodes) - found)
    assert gone == [], f"facts that were traced by hand are gone: {gone}; trace others in their place and say so in docs/audit.md"
