"""Pathways: mechanism, then form of collaboration or role of government, then kind of result, with the cases for and against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gpsa_graph.patterns.evidence import Evidence
from gpsa_graph.patterns.exact import corrected, odds_ratio
from gpsa_graph.patterns.findings import ALWAYS, FEWEST, Finding, figure, too_few

__all__ = ["OTHER_FINDINGS", "against", "by_telling", "pathways", "stated_results", "table", "tables", "told_of"]

#: Facets of results that were not simply reached.
OTHER_FINDINGS = ("result-mixed", "result-none", "result-negative")
TEST = (
    "exact test among cases that report about as many kinds of result (none to two, three or four, more), one-sided; "
    "Benjamini-Hochberg over those of the family whose margins allow a discovery (Tarone)"
)
CAVEATS = (
    *ALWAYS,
    "The three were reported in the same case; nothing says that one brought about the other.",
    "A role or form and a result can be two readings of one sentence of a source; pairs close in meaning are marked.",
)
#: A role or form, and the kinds of result that are close to it in meaning.
CLOSE: Mapping[str, tuple[str, ...]] = {
    "government-role:responder": ("result-kind:government-responsiveness",),
    "government-role:information-holder": ("result-kind:transparency-information",),
    "government-role:rule-maker": ("result-kind:policy-legal-change",),
    "government-role:adopter": ("result-kind:policy-legal-change", "result-kind:scale-sustainability"),
    "government-role:resource-provider": ("result-kind:budget-resource-change",),
    "collaboration-form:budget-adoption": ("result-kind:budget-resource-change",),
    "collaboration-form:replication-by-government": ("result-kind:scale-sustainability",),
    "collaboration-form:adoption-in-policy": ("result-kind:policy-legal-change", "result-kind:scale-sustainability"),
    "collaboration-form:public-response": ("result-kind:government-responsiveness",),
    "collaboration-form:data-sharing": ("result-kind:transparency-information",),
    "collaboration-form:joint-governance-body": ("result-kind:collaboration-platform",),
}


_LEVELS = {"mechanism": "mechanism", "mechanism-family": "mechanism counted by its broadest concept"}


class _Way(NamedTuple):
    mechanism: str
    facet: str
    way: str
    result: str
    using: frozenset[str]
    met: frozenset[str]


def stated_results(evidence: Evidence) -> frozenset[str]:
    """The cases with any result, whatever was found."""
    return frozenset().union(*(evidence.cases_with(facet) for facet in ("result", *OTHER_FINDINGS)))


def against(evidence: Evidence, kind: str) -> frozenset[str]:
    """The cases where a result of the kind was looked for and found mixed, absent or negative."""
    return frozenset().union(*(evidence.cases_with(facet, kind) for facet in OTHER_FINDINGS))


def pathways(evidence: Evidence, *, seed: int = 0, draws: int | None = None, every: bool = False) -> list[Finding]:
    """In which cases a kind of result was reported where a mechanism went with a form of collaboration or a government role.

    Two families are compared: single mechanisms, and mechanisms by their broadest concept. Of both, those with at least ten
    cases that state a result, and ways with at least three of these. Among the cases with the mechanism it is tested whether the
    result was reported more often with the way than without. The findings are a summary of each family, the pathways that
    stand out, and the five with the most cases (`every`: all). `seed` and `draws` are not used.
    """
    stated = stated_results(evidence)
    found = [f for facet, what in _LEVELS.items() for f in _family(evidence, facet, what, stated, every)]
    return found or too_few("pathways", len(stated & evidence.cases_with("mechanism")), "name a mechanism and a result")


def _family(evidence: Evidence, level: str, what: str, stated: frozenset[str], every: bool) -> list[Finding]:
    ways = [
        way
        for mechanism, found in evidence.of(level).items()
        if len(stated & set(found)) >= FEWEST
        for way in _ways(evidence, mechanism, stated & frozenset(found))
    ]
    if not ways:
        return []
    told = told_of(evidence)
    strata = {mechanism: by_telling(told, using) for mechanism, using in {way.mechanism: way.using for way in ways}.items()}
    split = [tables(strata[way.mechanism], way.met, evidence.cases_with("result", way.result)) for way in ways]
    counted = [table(way.using, way.met, evidence.cases_with("result", way.result)) for way in ways]
    ps, qs, able = corrected(split)
    close = sum(q <= 0.05 and way.result in CLOSE.get(way.way, ()) for q, way in zip(qs, ways, strict=True))
    stands = [i for i in range(len(ways)) if qs[i] <= 0.05]
    most = sorted(range(len(ways)), key=lambda i: (-counted[i][0], ps[i], i))
    chosen = sorted(most if every else {*stands, *most[:5]}, key=lambda i: (qs[i] > 0.05, -counted[i][0], ps[i], i))
    using = sorted(frozenset().union(*(way.using for way in ways)))
    summary = Finding(
        "pathways",
        f"family {level}",
        f"Of {len(ways)} pathways from a {what} compared in {len(using)} cases, {able} have cases enough to tell anything, and "
        f"{len(stands) or 'none'} {'stands' if len(stands) == 1 else 'stand'} out (the smallest q is {figure(min(qs))})"
        + (f"; {close} of these join a role or form with a result close to it in meaning." if stands else "."),
        n=len(using),
        of=len(evidence.cases),
        numbers={
            "pathways": len(ways),
            "tests": able,
            "stand out": len(stands),
            "close in meaning": close,
            "smallest q": round(min(qs), 6),
        },
        test=TEST,
        cases=tuple(using),
        caveats=CAVEATS,
        changes="More cases with the same mechanism and a stated form or role.",
    )
    return [summary, *(_finding(evidence, ways[i], counted[i], ps[i], qs[i]) for i in chosen)]


def _ways(evidence: Evidence, mechanism: str, using: frozenset[str]) -> list[_Way]:
    return [
        _Way(mechanism, facet, way, result, using, using & frozenset(cases))
        for facet in ("form", "role")
        for way, cases in evidence.of(facet).items()
        if len(using & set(cases)) >= 3
        for result in evidence.of("result")
    ]


def told_of(evidence: Evidence) -> dict[str, int]:
    """Case -> 0, 1 or 2: whether it reports up to two, up to four or more kinds of result."""
    many: dict[str, int] = {}
    for cases in evidence.of("result").values():
        for case in cases:
            many[case] = many.get(case, 0) + 1
    return {case: (n > 2) + (n > 4) for case, n in many.items()}


def table(using: Iterable[str], met: frozenset[str], reached: frozenset[str]) -> tuple[int, int, int, int]:
    """Among the cases `using`: those in both sets, in the first alone, in the second alone, in neither.

    >>> table("abcd", frozenset("ab"), frozenset("bc"))
    (1, 1, 1, 1)
    """
    here = frozenset(using)
    first, second = met & here, reached & here
    both = len(first & second)
    return both, len(first) - both, len(second) - both, len(here) - len(first) - len(second) + both


def by_telling(told: Mapping[str, int], using: Iterable[str]) -> list[frozenset[str]]:
    """The cases by how much is told of them."""
    strata: dict[int, set[str]] = {}
    for case in using:
        strata.setdefault(told.get(case, 0), set()).add(case)
    return [frozenset(cases) for _, cases in sorted(strata.items())]


def tables(strata: Iterable[frozenset[str]], met: frozenset[str], reached: frozenset[str]) -> list[tuple[int, int, int, int]]:
    """A table for each stratum, so that a well described case, which has more of everything, proves nothing."""
    return [table(cases, met, reached) for cases in strata]


def _finding(evidence: Evidence, way: _Way, counts: tuple[int, int, int, int], p: float, q: float) -> Finding:
    reached = sorted(way.met & evidence.cases_with("result", way.result))
    contrary = sorted((way.met & against(evidence, way.result)) - set(reached))
    silent = len(way.met) - len(reached) - len(contrary)
    odds, low, high = odds_ratio(*counts)
    kind = "form of collaboration" if way.facet == "form" else "role of a public body"
    without, rest = counts[2], len(way.using) - len(way.met)
    sentence = (
        f"Of {len(way.met)} cases with {evidence.label(way.mechanism)} and, as a {kind}, {evidence.label(way.way)}, "
        f"{evidence.label(way.result)} was reported in {len(reached)}, was looked for and only found mixed, absent or negative in "
        f"{len(contrary)}, and is not stated in {silent}; of the {rest} with the mechanism and not the {kind.split()[0]}, it was "
        f"reported in {without} (p = {figure(p)}, q = {figure(q)})."
    )
    if way.result in CLOSE.get(way.way, ()):
        sentence += f" The {kind.split()[0]} and the result are close in meaning."
    return Finding(
        "pathways",
        f"{way.mechanism} > {way.way} > {way.result}",
        sentence,
        n=len(reached),
        of=len(way.met),
        numbers={
            "against": len(contrary),
            "not stated": silent,
            "reported without": without,
            "cases without": rest,
            "odds ratio": round(odds, 2),
            "odds ratio from": round(low, 2),
            "odds ratio to": round(high, 2),
        },
        test=TEST,
        p=p,
        q=q,
        holds=q <= 0.05,
        cases=tuple(reached),
        against=tuple(contrary),
        sources=evidence.sources(reached, ("mechanism", way.mechanism), (way.facet, way.way), ("result", way.result)),
        caveats=CAVEATS,
        changes="Sources that state the result, or its absence, in the cases where it is not stated.",
    )
