"""Kinds of ties, brokers, squares and pathways on a handful of invented cases, counted by hand."""

from __future__ import annotations

import pytest

from gpsa_graph.errors import UnknownName
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.patterns import Evidence, find
from gpsa_graph.patterns.brokers import brokers, ties
from gpsa_graph.patterns.evidence import Fact, Tie
from gpsa_graph.patterns.kinds import kinds_of_ties
from gpsa_graph.patterns.matrix import CATEGORIES, GROUPS
from gpsa_graph.patterns.pathways import CLOSE, pathways
from gpsa_graph.patterns.together import who_works_with_whom

SOURCE = frozenset({"source:s"})
ADOPTS, SOLVES = "collaboration-form:adoption-in-policy", "collaboration-form:joint-problem-solving"


def evidence_of(facts: list[tuple[str, str, str]], ties: tuple[Tie, ...] = ()) -> Evidence:
    made = tuple(sorted((Fact(*fact, SOURCE) for fact in set(facts)), key=lambda f: f[:3]))
    return Evidence(tuple(sorted({f.case for f in made} | {t.case for t in ties})), made, {}, {}, {}, ties=ties)


def _bodies(kept: int) -> Evidence:
    """Forty cases with a ministry and a council; in `kept` of them the ministry adopts, in the others the council."""
    made = []
    for i in range(40):
        forms = (ADOPTS,), (SOLVES,)
        ministry, council = forms if i < kept else forms[::-1]
        made += [Tie(f"case:c{i:02d}", f"organisation:m{i}", "actor:ministry", "government-level:national", (), ministry, "", SOURCE),
                 Tie(f"case:c{i:02d}", f"organisation:k{i}", "actor:municipality", "government-level:local", (), council, "", SOURCE)]
    return evidence_of([], tuple(made))


def test_a_form_that_one_level_takes_in_nearly_every_case_stands_out() -> None:
    found = {f.key: f for f in kinds_of_ties(_bodies(36), draws=999)}
    adopts = found[f"government-level:national + {ADOPTS}"]

    assert adopts.holds
    assert (adopts.n, adopts.of, adopts.numbers["participations with both"]) == (36, 40, 36), "36 of the 40 cases in which a body adopts"
    assert len(adopts.against) == 4, "in four cases the council adopts"
    assert 19 < float(adopts.numbers["expected"]) < 21, "a fair coin in each of 40 cases gives 20"
    assert sorted(f.key for f in found.values() if f.holds and f.key.startswith("government-level")) == [
        f"government-level:local + {SOLVES}", f"government-level:national + {ADOPTS}"]


def test_a_form_that_is_dealt_out_evenly_does_not() -> None:
    assert [f.key for f in kinds_of_ties(_bodies(20), draws=999) if f.holds] == []


def test_where_all_bodies_of_a_case_do_the_same_nothing_can_be_told() -> None:
    same = tuple(t._replace(forms=(ADOPTS,)) for t in _bodies(40).ties)
    found = kinds_of_ties(evidence_of([], same), draws=199)

    assert [f.p for f in found if f.p is not None] == [1.0] * sum(f.p is not None for f in found)
    assert not any(f.holds for f in found)


def test_ties_are_left_out_with_their_cases() -> None:
    left = _bodies(40).without_cases(["c00"])

    assert len(left.ties) == 78
    assert "case:c00" not in {t.case for t in left.ties}


#: Two groups of cases: `hub` stands in a case of each; a ministry stands beside all organisations of one case.
JOINED = [("case:a1", "cso", "hub"), ("case:a1", "cso", "x"), ("case:a1", "body", "m"), ("case:a2", "cso", "x"), ("case:a2", "body", "n"),
          ("case:b1", "cso", "hub"), ("case:b1", "cso", "y"), ("case:b1", "body", "p")]
REST = [(f"case:z{i}", facet, f"{facet}-{i}") for i in range(8) for facet in ("cso", "body")]


def test_a_broker_joins_groups_that_share_no_case_without_it() -> None:
    summary, *found = brokers(evidence_of(JOINED + REST))

    assert [f.key for f in found] == ["hub"], "the ministry of one case joins nobody who does not share that case anyway"
    assert (found[0].n, found[0].of) == (2, 11)
    assert "joins 2 groups, of 3 and 2 organisations" in found[0].sentence, "x, m and n on one side, y and p on the other"
    assert found[0].changes == "Leaving out case:a1 or case:b1 would end it."
    assert summary.numbers["groups"] == 9


def test_two_that_stand_in_one_case_are_tied_whatever_their_side() -> None:
    graph = ties(evidence_of(JOINED))

    assert {frozenset(edge) for edge in graph.edges} == {frozenset(pair) for pair in (
        ("hub", "x"), ("hub", "m"), ("x", "m"), ("x", "n"), ("hub", "y"), ("hub", "p"), ("y", "p"))}
    assert graph["hub"]["x"]["cases"] == ("case:a1",)


def test_squares_within_one_case_are_told_from_those_that_run_through_several() -> None:
    facts = [("case:a", "cso", "x"), ("case:a", "cso", "y"), ("case:a", "body", "m"), ("case:a", "body", "n"),
             ("case:b", "cso", "u"), ("case:b", "body", "m"), ("case:b", "body", "n"), *REST]
    square = {f.key: f for f in who_works_with_whom(evidence_of(facts), draws=99)}["squares"]

    assert (square.numbers["squares"], square.numbers["within one case"], square.numbers["through several"]) == (3, 1, 2), (
        "x and y in one case; x and u, and y and u, through two")
    assert square.holds is None, "nothing is tested"


def test_a_pathway_between_things_close_in_meaning_is_marked() -> None:
    role, result = "government-role:rule-maker", "result-kind:policy-legal-change"
    facts = []
    for i in range(60):
        facts += [(f"case:c{i:02d}", "mechanism", "mechanism:m"), (f"case:c{i:02d}", "role", "government-role:champion")]
        facts += [(f"case:c{i:02d}", "role", role), (f"case:c{i:02d}", "result", result)] if i < 30 else []
        facts += [(f"case:c{i:02d}", "result", "result-kind:learning")] if i >= 30 else []
    found = [f for f in pathways(evidence_of(facts)) if f.holds]

    assert [f.key for f in found] == [f"mechanism:m > {role} > {result}"]
    assert found[0].sentence.endswith("The role and the result are close in meaning.")
    assert (found[0].n, found[0].of) == (30, 30)


def test_what_is_mapped_exists_in_the_vocabularies(kg: KnowledgeGraph) -> None:
    schemes = ("mechanism", "result-kind", "government-role", "collaboration-form")
    known = {f"{kind}:{name}" for kind in schemes for name in kg.options(kind)}
    named = {name for ours in (*CATEGORIES.values(), *GROUPS.values(), *CLOSE.values()) for name in ours} | set(CLOSE)

    assert named - known == set()
    assert (len(CATEGORIES), len(GROUPS)) == (5, 8), "five categories and eight groups, as the published map names them"


def test_fragility_can_be_asked_of_any_pattern() -> None:
    evidence = evidence_of(JOINED + REST)
    found = find(evidence, "fragility of brokers", every=True)

    assert any("stops holding without case:a1 or without case:b1" in f.sentence for f in found), "the two cases of the broker"
    with pytest.raises(UnknownName, match="did you mean 'brokers'"):
        find(evidence, "fragility of brokrs")
