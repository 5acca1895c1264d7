"""Boolean minimisation, and the textbook example of crisp-set QCA."""

from __future__ import annotations

import random

import pytest

from gpsa_graph.patterns.boolean import covers, prime_implicants
from gpsa_graph.patterns.configurations import minimise, truth_table

NAMES = ["DEV", "URB", "LIT", "IND", "STB"]
#: B. Rihoux and G. De Meur, "Crisp-Set Qualitative Comparative Analysis (csQCA)", in B. Rihoux and C. C. Ragin (eds.),
#: Configurational Comparative Methods, Sage 2009, chapter 3: survival of democracy between the wars in 18 countries. Condition
#: codes, number of countries, outcome; where the book names the countries of a row, so do these.
INTERWAR = [
    ("11111", ["BE", "CZ", "NL", "UK"], True), ("10101", ["FI", "IE"], True), ("10111", ["FR", "SE"], True),
    ("00000", ["a1", "a2", "a3"], False), ("00001", ["b1", "b2"], False), ("00100", ["c1", "c2"], False),
    ("00101", ["d1"], False), ("10110", ["e1"], False), ("11110", ["f1"], False),
]


def _interwar(survived: bool = True):  # type: ignore[no-untyped-def]
    members = {case: [bit == "1" for bit in bits] for bits, cases, _ in INTERWAR for case in cases}
    outcome = {case: out == survived for _, cases, out in INTERWAR for case in cases}
    return truth_table(members, outcome)


def test_the_textbook_example_has_its_published_solution() -> None:
    solutions = minimise(_interwar(), NAMES)

    assert [s.formula for s in solutions] == ["DEV*LIT*IND*STB + DEV*~URB*LIT*STB"], "the book's formula without remainders"
    first, second = solutions[0].terms
    assert (first.coverage, first.unique, second.coverage, second.unique) == (0.75, 0.5, 0.5, 0.25), "raw and unique coverage"
    assert (first.cases, second.cases) == (("BE", "CZ", "FR", "NL", "SE", "UK"), ("FI", "FR", "IE", "SE")), "cases of each term"
    assert (solutions[0].consistency, solutions[0].coverage) == (1.0, 1.0)


def test_the_textbook_example_with_remainders_and_without_the_outcome() -> None:
    assert [s.formula for s in minimise(_interwar(), NAMES, remainders=True)] == ["DEV*STB"], "the parsimonious solution"
    assert [s.formula for s in minimise(_interwar(False), NAMES)] == ["~DEV*~URB*~IND + DEV*LIT*IND*~STB"], "breakdown of democracy"


@pytest.mark.parametrize("seed", range(25))
def test_a_minimal_formula_says_what_the_table_says(seed: int) -> None:
    rng = random.Random(seed)
    states = [rng.choice("01?") for _ in range(16)]
    on, off = ([i for i, s in enumerate(states) if s == want] for want in "10")
    primes = prime_implicants(on, [i for i, s in enumerate(states) if s == "?"], 4)

    for cover in covers(primes, on):
        assert all(any(p.covers(row) for p in cover) for row in on), "a row with the outcome is not covered"
        assert not any(p.covers(row) for p in cover for row in off), "a row without the outcome is covered"
        assert all(any(not any(q.covers(row) for q in cover if q != p) for row in on if p.covers(row)) for p in cover), "a spare product"


def test_contradictions_and_remainders_are_told_apart() -> None:
    rows = truth_table({"a": [True], "b": [True], "c": [False]}, {"a": True, "b": False, "c": True}, at_least=2)

    assert [(r.contradicts, r.output, r.consistency) for r in rows] == [(True, 0, 0.5), (False, None, 1.0)]
    assert minimise(rows, ["X"]) == [], "no row with the outcome, no formula"
    assert truth_table({}, {}) == []
