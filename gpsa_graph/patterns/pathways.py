"""Pathways: mechanism, then form of collaboration or role of government, then kind of result, with the cases for and against."""

from __future__ import annotations

from typing import NamedTuple

from gpsa_graph.patterns.evidence import Evidence
from gpsa_graph.patterns.exact import benjamini_hochberg, fisher, odds_ratio
from gpsa_graph.patterns.findings import ALWAYS, FEWEST, Finding, figure, too_few

__all__ = ["OTHER_FINDINGS", "against", "pathways", "stated_results"]

#: Facets of results that were not simply reached.
OTHER_FINDINGS = ("result-mixed", "result-none", "result-negative")
TEST = "Fisher's exact test among the cases with the mechanism and any result, one-sided; Benjamini-Hochberg over the family"


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

    Mechanisms with at least ten cases that state a result, and ways with at least three of these, are compared. Among the
    cases with the mechanism it is tested whether the result was reported more often with the way than without. The findings
    are a summary, the pathways that stand out, and the ten with the most cases (`every`: all). `seed` and `draws` are not used.
    """
    stated = stated_results(evidence)
    ways = [
        way
        for mechanism, found in evidence.of("mechanism").items()
        if len(stated & set(found)) >= FEWEST
        for way in _ways(evidence, mechanism, stated & frozenset(found))
    ]
    if not ways:
        return too_few("pathways", len(stated & evidence.cases_with("mechanism")), "name a mechanism and a result")
    tables = [_table(evidence, way) for way in ways]
    ps = [fisher(*table) for table in tables]
    qs = benjamini_hochberg(ps)
    stands = [i for i in range(len(ways)) if qs[i] <= 0.05]
    most = sorted(range(len(ways)), key=lambda i: (-tables[i][0], ps[i], i))
    chosen = sorted(most if every else {*stands, *most[:10]}, key=lambda i: (qs[i] > 0.05, -tables[i][0], ps[i], i))
    using = sorted(frozenset().union(*(way.using for way in ways)))
    summary = Finding(
        "pathways",
        "summary",
        f"Of {len(ways)} pathways compared in {len(using)} cases, {len(stands) or 'none'} "
        f"{'stands' if len(stands) == 1 else 'stand'} out (q at most 0.05; the smallest q is {figure(min(qs))}).",
        n=len(using),
        of=len(evidence.cases),
        numbers={"tests": len(ways), "stand out": len(stands), "smallest q": round(min(qs), 6)},
        test=TEST,
        cases=tuple(using),
        caveats=ALWAYS,
        changes="More cases with the same mechanism and a stated form or role.",
    )
    return [summary, *(_finding(evidence, ways[i], tables[i], ps[i], qs[i]) for i in chosen)]


def _ways(evidence: Evidence, mechanism: str, using: frozenset[str]) -> list[_Way]:
    return [
        _Way(mechanism, facet, way, result, using, using & frozenset(cases))
        for facet in ("form", "role")
        for way, cases in evidence.of(facet).items()
        if len(using & set(cases)) >= 3
        for result in evidence.of("result")
    ]


def _table(evidence: Evidence, way: _Way) -> tuple[int, int, int, int]:
    reached = evidence.cases_with("result", way.result) & way.using
    both = len(way.met & reached)
    return both, len(way.met) - both, len(reached) - both, len(way.using) - len(way.met | reached)


def _finding(evidence: Evidence, way: _Way, table: tuple[int, int, int, int], p: float, q: float) -> Finding:
    reached = sorted(way.met & evidence.cases_with("result", way.result))
    contrary = sorted((way.met & against(evidence, way.result)) - set(reached))
    silent = len(way.met) - len(reached) - len(contrary)
    odds, low, high = odds_ratio(*table)
    kind = "form of collaboration" if way.facet == "form" else "role of a public body"
    sentence = (
        f"Of {len(way.met)} cases that used {evidence.label(way.mechanism)} with {evidence.label(way.way)} as a {kind}, "
        f"{evidence.label(way.result)} was reported in {len(reached)}, was looked for and found mixed, absent or negative in "
        f"{len(contrary)}, and is not stated in {silent}; without it, it was reported in {table[2]} of "
        f"{len(way.using) - len(way.met)} "
        f"(p = {figure(p)}, q = {figure(q)})."
    )
    return Finding(
        "pathways",
        f"{way.mechanism} > {way.way} > {way.result}",
        sentence,
        n=len(reached),
        of=len(way.met),
        numbers={
            "against": len(contrary),
            "not stated": silent,
            "reported without": table[2],
            "cases without": len(way.using) - len(way.met),
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
        caveats=(*ALWAYS, "The three were reported in the same case; nothing says that one brought about the other."),
        changes="Sources that state the result, or its absence, in the cases where it is not stated.",
    )
