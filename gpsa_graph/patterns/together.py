"""Who works with whom, and which mechanisms are used together: more often than chance has it?

Chance is a shuffle that keeps, for each kind of body, organisation or mechanism, the number of its cases, and for each case the
number of its kinds (see `nulls`). So a kind that is common, and a case that is well described, prove nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gpsa_graph.patterns.evidence import Evidence
from gpsa_graph.patterns.exact import Steps, odds_ratio
from gpsa_graph.patterns.findings import ALWAYS, FEWEST, Finding, figure, share, too_few
from gpsa_graph.patterns.nulls import together

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Family", "bundles", "pairs_of", "who_works_with_whom"]

TEST = "co-occurrence against curveball shuffles with fixed totals, one-sided; Benjamini-Hochberg over the family, for counts"


@dataclass(frozen=True)
class Family:
    """A family of tests: which values of one facet stand in the same cases as which of another (or of the same)."""

    pattern: str
    left: str
    right: str
    cases: tuple[str, ...]
    what: str
    strata: str = ""
    at_least: int = 0


def _strata(evidence: Evidence, facet: str, cases: Sequence[str]) -> list[str] | None:
    return ["+".join(evidence.of_case(c, facet)) for c in cases] if facet else None


def pairs_of(
    evidence: Evidence, family: Family, *, seed: int = 0, draws: int | None = None, every: bool = False
) -> list[Finding]:
    """A summary of the family, then the pairs that stand out, or the one nearest to it (`every`: all tested), by q-value.

    A value enters the family when at least `family.at_least` of the cases state it (by default one case in fifteen, and five),
    a pair when its values could meet in two cases; that depends on no observed pair, so it favours none. Fewer than ten
    cases give "Too few cases to say".
    """
    cases, n = family.cases, len(family.cases)
    if n < FEWEST:
        return too_few(family.pattern, n, family.what)
    least = family.at_least or max(5, n // 15)
    rows, left = evidence.matrix(family.left, cases, least)
    columns, right = (rows, None) if family.left == family.right else evidence.matrix(family.right, cases, least)
    strata = _strata(evidence, family.strata, cases)
    pairs = _possible(left, right, strata)
    tests = len(pairs)
    if tests == 0:
        return [
            Finding(
                family.pattern,
                f"family {family.left} x {family.right}",
                f"Too few cases to say: among the {n} cases that {family.what}, no two values could meet in two cases.",
                n=n,
                of=n,
                changes="More cases.",
            )
        ]
    found = together(left, right, seed=seed, draws=draws, strata=strata, pairs=pairs)
    ps = [found.p(i) for i in range(tests)]
    steps = found.steps()
    qs = steps.q(ps)
    findings = []
    for place, i in enumerate(sorted(range(tests), key=lambda i: (qs[i], ps[i], i))):
        if not every and qs[i] > 0.05 and place:
            break
        a, b = (rows[found.pairs[i, 0]], columns[found.pairs[i, 1]])
        findings.append(
            _pair(
                evidence,
                family,
                a,
                b,
                found.mean(i),
                ps[i],
                qs[i],
                seed,
                found.draws,
                _margin(qs[i], [found.p(i, fewer) for fewer in range(1, 6)], ps, i, steps),
            )
        )
    return [_summary(family, rows, columns, tests, least, qs, seed, found.draws), *findings]


def _possible(left: np.ndarray, right: np.ndarray | None, strata: Sequence[str] | None) -> list[tuple[int, int]]:
    """The pairs of columns whose totals allow them to stand in two rows together."""
    import numpy as np

    other = left if right is None else right
    most = np.zeros((left.shape[1], other.shape[1]), dtype=np.int64)
    named = np.array(strata if strata is not None else [""] * len(left))
    for one in np.unique(named):
        here = named == one
        most += np.minimum(left[here].sum(axis=0, dtype=np.int64)[:, None], other[here].sum(axis=0, dtype=np.int64))
    return [(int(i), int(j)) for i, j in np.argwhere(most >= 2) if right is not None or i < j]


def _margin(q: float, weaker: Sequence[float], ps: Sequence[float], i: int, steps: Steps) -> int:
    """How many cases less with both would make the pair stop standing out; 0 where it does not, 6 for more than five."""
    if q > 0.05:
        return 0
    for fewer, p in enumerate(weaker, 1):
        if steps.q([*ps[:i], p, *ps[i + 1 :]])[i] > 0.05:
            return fewer
    return 6


def _summary(
    family: Family,
    rows: Sequence[str],
    columns: Sequence[str],
    tests: int,
    least: int,
    qs: Sequence[float],
    seed: int,
    draws: int,
) -> Finding:
    hold, n = sum(q <= 0.05 for q in qs), len(family.cases)
    within = f", shuffled among those of one {family.strata}" if family.strata else ""
    sentence = (
        f"Of {tests} pairs tested in the {n} cases that {family.what}{within}, {hold or 'none'} "
        f"{'stands' if hold == 1 else 'stand'} out from chance (q at most 0.05; the smallest q is {figure(min(qs))})."
    )
    kept = sorted({*rows, *columns})
    return Finding(
        family.pattern,
        f"family {family.left} x {family.right}",
        sentence,
        n=n,
        of=n,
        numbers={
            "tests": tests,
            "stand out": hold,
            "smallest q": round(min(qs), 6),
            "values compared": len(kept),
            "least cases of a value": least,
        },
        test=TEST,
        seed=seed,
        draws=draws,
        cases=tuple(family.cases),
        caveats=ALWAYS,
        changes="A pair that stands in too few cases to pass the correction may do so with more cases.",
    )


def _pair(
    evidence: Evidence, family: Family, a: str, b: str, mean: float, p: float, q: float, seed: int, draws: int, margin: int
) -> Finding:
    with_a = evidence.cases_with(family.left, a) & set(family.cases)
    with_b = evidence.cases_with(family.right, b) & set(family.cases)
    both, n = sorted(with_a & with_b), len(family.cases)
    first, second = (evidence.label(v) + (" level" if v.startswith("government-level:") else "") for v in (a, b))
    odds, low, high = odds_ratio(len(both), len(with_a) - len(both), len(with_b) - len(both), n - len(with_a | with_b))
    more = "more often than" if q <= 0.05 else "not clearly more often than"
    sentence = (
        f"{first} and {second} were reported together in {share(len(both), n)} cases, {more} the "
        f"{figure(mean)} that chance gives (p = {figure(p)}, q = {figure(q)})."
    )
    sources = sorted({*evidence.sources(both, (family.left, a)), *evidence.sources(both, (family.right, b))})
    fewer = "more than five cases" if margin == 6 else f"{margin} case{'s' * (margin != 1)}"
    return Finding(
        family.pattern,
        f"{a} + {b}",
        sentence,
        n=len(both),
        of=n,
        numbers={
            "expected": round(mean, 2),
            f"cases with {first}": len(with_a),
            f"cases with {second}": len(with_b),
            "odds ratio": round(odds, 2),
            "odds ratio from": round(low, 2),
            "odds ratio to": round(high, 2),
            "cases to spare": max(0, margin - 1),
        },
        test=TEST,
        p=p,
        q=q,
        seed=seed,
        draws=draws,
        holds=q <= 0.05,
        cases=tuple(both),
        against=tuple(sorted(with_a ^ with_b)),
        sources=tuple(sources),
        caveats=ALWAYS,
        changes=f"It would stop standing out if {fewer} fewer had both." if margin else "More cases that have both.",
    )


def _both(evidence: Evidence, left: str, right: str) -> tuple[str, ...]:
    return tuple(sorted(evidence.cases_with(left) & evidence.cases_with(right)))


def who_works_with_whom(evidence: Evidence, *, seed: int = 0, draws: int | None = None, every: bool = False) -> list[Finding]:
    """Ties, and kinds of ties, that are more frequent than chance.

    Families: kind of civil society organisation x kind of public body, x level of government; sector x kind of public body;
    public bodies of two kinds in one case; kind and level of public body x role, form and depth (see `kinds`); and named
    organisations of civil society x named public bodies, shuffled within countries.
    The last finding counts squares: two organisations that meet the same two bodies.
    """
    from gpsa_graph.patterns.kinds import kinds_of_ties

    findings: list[Finding] = []
    for left, right, what in (
        ("cso-kind", "body-kind", "name a kind of civil society organisation and a kind of public body"),
        ("cso-kind", "body-level", "name a kind of civil society organisation and a level of government"),
        ("sector", "body-kind", "name a sector and a kind of public body"),
        ("body-kind", "body-kind", "name a kind of public body"),
    ):
        family = Family("who-works-with-whom", left, right, _both(evidence, left, right), what)
        findings += pairs_of(evidence, family, seed=seed, draws=draws, every=every)
    findings += kinds_of_ties(evidence, seed=seed, draws=draws, every=every)
    named = _both(evidence, "cso", "body")
    family = Family(
        "who-works-with-whom", "cso", "body", named, "name a civil society organisation and a public body", "country", 2
    )
    return findings + pairs_of(evidence, family, seed=seed, draws=draws, every=every) + _squares(evidence, named)


def _squares(evidence: Evidence, cases: Sequence[str]) -> list[Finding]:
    """How often two organisations share two bodies, and how many of these squares lie within one case.

    Nothing is tested: the partners of one case all meet its bodies, so a shuffle of ties would call every team a discovery.
    """
    from itertools import combinations

    pattern = "who-works-with-whom"
    if len(cases) < FEWEST:
        return too_few(pattern, len(cases), "name a civil society organisation and a public body")
    met: dict[str, set[str]] = {}
    within: set[tuple[tuple[str, str], tuple[str, str]]] = set()
    for case in cases:
        organisations, bodies = evidence.of_case(case, "cso"), evidence.of_case(case, "body")
        for organisation in organisations:
            met.setdefault(organisation, set()).update(bodies)
        within |= {(two, pair) for two in combinations(organisations, 2) for pair in combinations(bodies, 2)}
    everything, across, recurring = 0, 0, set()
    for first, second in combinations(sorted(met), 2):
        shared = sorted(met[first] & met[second])
        everything += len(shared) * (len(shared) - 1) // 2
        for pair in combinations(shared, 2):
            if ((first, second), pair) not in within:
                across += 1
                recurring |= {first, second, *pair}
    chosen = [c for c in cases if len(recurring & {*evidence.of_case(c, "cso"), *evidence.of_case(c, "body")}) > 1]
    sentence = (
        f"In {len(cases)} cases, two of {len(met)} civil society organisations share two public bodies {everything} times; in "
        f"{everything - across} of these one case joins all four, and {across or 'none'} {'runs' if across == 1 else 'run'} "
        "through several cases."
    )
    numbers: dict[str, float | int | str] = {"squares": everything, "within one case": everything - across, "through several": across}
    return [Finding(pattern, "squares", sentence, n=len(cases), of=len(evidence.cases), numbers=numbers, cases=tuple(chosen),
                    caveats=ALWAYS, changes="Cases in which organisations that met before meet again.")]


def bundles(evidence: Evidence, *, seed: int = 0, draws: int | None = None, every: bool = False) -> list[Finding]:
    """Mechanisms, and families of mechanisms, that are used in the same case more often than chance has it."""
    cases = tuple(sorted(evidence.cases_with("mechanism")))
    families = [
        Family("mechanism-bundles", facet, facet, cases, what)
        for facet, what in (("mechanism", "name a mechanism"), ("mechanism-family", "name a mechanism, counted by its broadest concept"))
    ]
    if len(cases) < FEWEST:
        families = families[:1]
    return [f for family in families for f in pairs_of(evidence, family, seed=seed, draws=draws, every=every)]
