"""Configurations: which combinations of conditions go with a result in every case that has them (crisp-set QCA).

C. C. Ragin, The Comparative Method (1987); B. Rihoux and G. De Meur in B. Rihoux and C. C. Ragin (eds.), Configurational
Comparative Methods (2009), chapter 3. A configuration is a description of the cases at hand; it tests nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gpsa_graph.patterns.boolean import Product, covers, prime_implicants
from gpsa_graph.patterns.evidence import Evidence
from gpsa_graph.patterns.findings import FEWEST, Finding, listed, share, too_few
from gpsa_graph.patterns.pathways import stated_results
from gpsa_graph.patterns.teams import ELEMENTS

__all__ = ["CONDITIONS", "OUTCOME", "Row", "Solution", "Term", "configurations", "minimise", "truth_table"]

#: Condition -> (facet, values or families of values) that make it present; chosen before any result was looked at.
CONDITIONS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "dialogue": (
        ("mechanism-family", ("mechanism:dialogue-problem-solving",)),
        ("form", ("collaboration-form:joint-problem-solving",)),
    ),
    "monitoring": (("mechanism-family", ("mechanism:citizen-monitoring",)),),
    "formal tie": (
        (
            "form",
            (
                "collaboration-form:formal-agreement",
                "collaboration-form:joint-governance-body",
                "collaboration-form:adoption-in-policy",
                "collaboration-form:open-government-commitment",
            ),
        ),
        ("mechanism", ("mechanism:cooperation-agreement",)),
    ),
    "national body": (("body-level", ("government-level:national",)),),
    "local body": (("body-level", ("government-level:local", "government-level:subnational")),),
    "accountability institution": (ELEMENTS["accountability institution"],),
}
OUTCOME = "result-kind:government-responsiveness"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a truth table: a configuration, the cases with the outcome and those without.

    `consistency` is the share of its cases with the outcome. `output` is 1 from the cut on, 0 below; None for a logical
    remainder (a configuration that too few cases have). A row with cases of both kinds is a contradiction.
    """

    configuration: tuple[bool, ...]
    with_outcome: tuple[str, ...]
    without: tuple[str, ...]
    output: int | None

    @property
    def n(self) -> int:
        return len(self.with_outcome) + len(self.without)

    @property
    def consistency(self) -> float | None:
        return len(self.with_outcome) / self.n if self.n else None

    @property
    def contradicts(self) -> bool:
        return bool(self.with_outcome) and bool(self.without)


@dataclass(frozen=True, slots=True)
class Term:
    """A product of conditions in a solution: its cases, consistency, raw coverage and coverage of its own."""

    text: str
    product: Product
    cases: tuple[str, ...]
    against: tuple[str, ...]
    consistency: float
    coverage: float
    unique: float


@dataclass(frozen=True, slots=True)
class Solution:
    """A minimal sum of products, with the consistency and coverage of the whole."""

    terms: tuple[Term, ...]
    consistency: float
    coverage: float

    @property
    def formula(self) -> str:
        return " + ".join(term.text for term in self.terms)


def truth_table(
    members: Mapping[str, Sequence[bool]], outcome: Mapping[str, bool], *, cut: float = 0.8, at_least: int = 1
) -> list[Row]:
    """The rows of the truth table that cases have, by number of cases and configuration.

    `members` holds for each case whether each condition is present, `outcome` whether the result is. A row of fewer than
    `at_least` cases is a remainder; one whose consistency is at least `cut` has the output 1.

    >>> rows = truth_table({"a": [True], "b": [True], "c": [False]}, {"a": True, "b": True, "c": False})
    >>> [(row.configuration, row.output, row.n) for row in rows]
    [((True,), 1, 2), ((False,), 0, 1)]
    """
    by: dict[tuple[bool, ...], list[str]] = {}
    for case in sorted(members):
        by.setdefault(tuple(bool(x) for x in members[case]), []).append(case)
    rows = []
    for configuration, cases in by.items():
        good = tuple(case for case in cases if outcome[case])
        output = int(len(good) / len(cases) >= cut) if len(cases) >= at_least else None
        rows.append(Row(configuration, good, tuple(case for case in cases if not outcome[case]), output))
    return sorted(rows, key=lambda row: (-row.n, tuple(not x for x in row.configuration)))


def minimise(rows: Sequence[Row], names: Sequence[str], *, remainders: bool = False) -> list[Solution]:
    """The minimal formulas for the rows with output 1; several where they tie, none where no row has output 1.

    Without `remainders` only observed rows count (the conservative solution); with it, configurations that no case has may be
    taken either way to shorten the formula (the parsimonious solution).

    >>> rows = truth_table({"a": [True, True], "b": [True, False], "c": [False, True]}, {"a": True, "b": True, "c": False})
    >>> minimise(rows, ["X", "Y"])[0].formula
    'X'
    """

    def number(row: Row) -> int:
        return sum(1 << i for i, present in enumerate(row.configuration) if present)

    on = {number(row) for row in rows if row.output == 1}
    off = {number(row) for row in rows if row.output == 0}
    spare = set(range(1 << len(names))) - on - off if remainders else set()
    reached = [case for row in rows for case in row.with_outcome]
    solutions = []
    for cover in covers(prime_implicants(on, spare, len(names)), on):
        inside = {p: [row for row in rows if p.covers(number(row))] for p in cover}
        good = {p: {case for row in inside[p] for case in row.with_outcome} for p in cover}
        terms = []
        for p in cover:
            others = set().union(*(good[q] for q in cover if q != p))
            bad = {case for row in inside[p] for case in row.without}
            terms.append(
                Term(
                    p.text(names),
                    p,
                    tuple(sorted(good[p])),
                    tuple(sorted(bad)),
                    len(good[p]) / (len(good[p]) + len(bad)),
                    len(good[p]) / len(reached),
                    len(good[p] - others) / len(reached),
                )
            )
        covered = set().union(*(term.cases for term in terms))
        wrong = set().union(*(term.against for term in terms))
        ordered = tuple(sorted(terms, key=lambda term: (-term.coverage, term.text)))
        solutions.append(Solution(ordered, len(covered) / (len(covered) + len(wrong)), len(covered) / len(reached)))
    return sorted(solutions, key=lambda solution: solution.formula)


def _members(evidence: Evidence, cases: Sequence[str]) -> dict[str, list[bool]]:
    present = [
        frozenset(case for facet, values in parts for value in values for case in evidence.cases_with(facet, value))
        for parts in CONDITIONS.values()
    ]
    return {case: [case in having for having in present] for case in cases}


def _said(product: Product) -> str:
    return listed(
        [("" if product.value >> i & 1 else "no ") + name for i, name in enumerate(CONDITIONS) if product.care >> i & 1]
    )


def configurations(evidence: Evidence, *, seed: int = 0, draws: int | None = None, every: bool = False) -> list[Finding]:
    """Truth table and minimal formula for government responsiveness, over six conditions set beforehand.

    Counted are the cases that name a mechanism, a public body and a result. The first finding tells of the table, the others of
    the terms of the first minimal formula (consistency of a row at least 0.8, two cases a row) or of there being none; `every`
    adds the rows. `seed` and `draws` are not used.
    """
    pattern = "configurations"
    cases = sorted(stated_results(evidence) & evidence.cases_with("mechanism") & evidence.cases_with("body-level"))
    if len(cases) < FEWEST:
        return too_few(pattern, len(cases), "name a mechanism, a public body and a result")
    reached = evidence.cases_with("result", OUTCOME)
    rows = truth_table(_members(evidence, cases), {case: case in reached for case in cases}, at_least=2)
    counted = [row for row in rows if row.output is not None]
    bad = [row for row in counted if row.contradicts]
    label = evidence.label(OUTCOME)
    caveats = (
        "A condition that no source states counts as absent; a result that no source states counts as not reported.",
        "A formula describes these cases. It says neither what is needed nor what suffices elsewhere.",
    )
    findings = [
        Finding(
            pattern,
            "truth table",
            f"{len(cases)} cases have {len(rows)} of the {1 << len(CONDITIONS)} combinations of {len(CONDITIONS)} "
            f"conditions; {len(counted)} combinations have two cases or more, and {share(len(bad), len(counted))} of these "
            "contradict "
            f"themselves: {label} was reported in some of their cases and not in others.",
            n=len(cases),
            of=len(evidence.cases),
            numbers={
                "combinations": len(rows),
                "with two cases": len(counted),
                "contradictions": len(bad),
                "with the result": len(reached & set(cases)),
            },
            test="crisp-set QCA, consistency of a row at least 0.8",
            cases=tuple(sorted(reached & set(cases))),
            against=tuple(sorted(set(cases) - reached)),
            caveats=caveats,
            changes="Conditions that tell the contradictory cases apart.",
        )
    ]
    solutions = minimise(rows, list(CONDITIONS))
    if not solutions:
        findings.append(
            Finding(
                pattern,
                "no formula",
                f"No combination of conditions has {label} reported in four of five of its cases, so there is no formula.",
                n=0,
                of=len(cases),
                caveats=caveats,
                changes="Conditions that tell the contradictory cases apart.",
            )
        )
    for term in solutions[0].terms if solutions else ():
        sentence = (
            f"{label} was reported in {share(len(term.cases), len(term.cases) + len(term.against))} cases with "
            f"{_said(term.product)} "
            f"(consistency {term.consistency:.2f}; {share(len(term.cases), len(reached & set(cases)))} of the cases with the "
            "result; "
            f"{len(solutions)} minimal formula{'s' * (len(solutions) != 1)})."
        )
        findings.append(
            Finding(
                pattern,
                term.text,
                sentence,
                n=len(term.cases),
                of=len(term.cases) + len(term.against),
                numbers={
                    "consistency": round(term.consistency, 3),
                    "coverage": round(term.coverage, 3),
                    "coverage of its own": round(term.unique, 3),
                    "consistency of the formula": round(solutions[0].consistency, 3),
                    "coverage of the formula": round(solutions[0].coverage, 3),
                },
                cases=term.cases,
                against=term.against,
                sources=evidence.sources(term.cases, ("result", OUTCOME)),
                caveats=caveats,
                changes="One more case without the result may end it."
                if len(term.cases) < 5
                else "Cases with the conditions and without the result.",
            )
        )
    return findings + ([_row(row, len(cases)) for row in rows] if every else [])


def _row(row: Row, of: int) -> Finding:
    name = listed(
        [("" if present else "no ") + condition for condition, present in zip(CONDITIONS, row.configuration, strict=True)]
    )
    kind = "too few cases" if row.output is None else "contradiction" if row.contradicts else f"output {row.output}"
    return Finding(
        "configurations",
        f"row {name}",
        f"{name}: {len(row.with_outcome)} with the result, {len(row.without)} without ({kind}).",
        n=row.n,
        of=of,
        cases=row.with_outcome,
        against=row.without,
    )
