"""What the patterns count, recounted from the case files in plain Python; and the pairs of cases that share features."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.patterns import Evidence, read_evidence

DATA = Path(__file__).resolve().parent.parent / "data"
Cases = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def cases() -> Cases:
    return {f"case:{p.stem}": yaml.load(p.read_text("utf-8"), Loader=yaml.BaseLoader)
            for p in sorted((DATA / "cases").glob("*.yaml")) if not p.name.startswith("_")}


@pytest.fixture(scope="module")
def evidence(kg: KnowledgeGraph) -> Evidence:
    return read_evidence(kg)


def counted(evidence: Evidence, facet: str) -> Counter[tuple[str, str]]:
    return Counter((case, value.partition(":")[2]) for value, found in evidence.of(facet).items() for case in found)


@pytest.mark.parametrize("facet, key", [("mechanism", "mechanisms"), ("sector", "sectors"), ("country", "countries")])
def test_what_a_case_states_is_what_its_file_lists(facet: str, key: str, evidence: Evidence, cases: Cases) -> None:
    assert counted(evidence, facet) == Counter({(case, entry["id"]): 1 for case, said in cases.items() for entry in said.get(key, ())})


@pytest.mark.parametrize("facet, key", [("challenge", "challenges"), ("lesson-challenge", "lessons")])
def test_kinds_of_challenges_are_those_of_the_files(facet: str, key: str, evidence: Evidence, cases: Cases) -> None:
    def kinds(entry: dict[str, Any]) -> list[str]:
        return entry.get("challenges" if key == "lessons" else "kinds", [])

    assert counted(evidence, facet) == Counter(
        {(case, kind): 1 for case, said in cases.items() for entry in said.get(key, ()) for kind in kinds(entry)})


@pytest.mark.parametrize("finding", ["positive", "mixed", "none", "negative", "not-assessed"])
def test_results_are_counted_by_their_finding_without_background(finding: str, evidence: Evidence, cases: Cases) -> None:
    expected = Counter({(case, entry["kind"]): 1 for case, said in cases.items() for entry in said.get("results", ())
                        if entry["finding"] == finding and entry.get("background") != "true"})

    assert counted(evidence, f"result-{finding}") == expected


@pytest.mark.parametrize("facet, key", [("role", "roles"), ("depth", "depth"), ("body", "organisation")])
def test_what_public_bodies_do_is_what_the_files_say(facet: str, key: str, evidence: Evidence, cases: Cases) -> None:
    expected = Counter({(case, value): 1 for case, said in cases.items() for body in said.get("government", ())
                        for value in (body.get(key) or [] if key == "roles" else [body[key]] if key in body else [])})

    assert counted(evidence, facet) == expected


def test_ties_are_the_participations_of_public_bodies(evidence: Evidence, cases: Cases) -> None:
    expected = Counter((case, tuple(sorted(body.get("roles", ()))), tuple(sorted(body.get("forms", ()))), body.get("depth", ""))
                       for case, said in cases.items() for body in said.get("government", ()))

    assert Counter((t.case, *(tuple(v.partition(":")[2] for v in values) for values in (t.roles, t.forms)), t.depth.partition(":")[2])
                   for t in evidence.ties) == expected


def test_cases_that_share_features_are_those_that_share_a_mechanism_and_a_sector(kg: KnowledgeGraph, cases: Cases) -> None:
    def stated(case: str, key: str) -> set[str]:
        return {entry["id"] for entry in cases[case].get(key, ())}

    facets = {"mechanism": "mechanisms", "sector": "sectors", "country": "countries"}
    expected = Counter(
        (a, b, facet, value) for a, b in combinations(sorted(cases), 2)
        if stated(a, "mechanisms") & stated(b, "mechanisms") and stated(a, "sectors") & stated(b, "sectors")
        for facet, key in facets.items() for value in stated(a, key) & stated(b, key) for _ in range(2))
    found = Counter((a, b, facet, str(value).partition(":")[2]) for a, b, facet, value, case, _ in kg.answer("which-cases-share-features")
                    if facet != "form" and case in (a, b))

    assert found == expected
