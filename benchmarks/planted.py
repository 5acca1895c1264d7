"""Evidence made by chance, with or without a planted tie: what the tests of power and of false discoveries, and the figures, run on.

Run: python benchmarks/planted.py [SETS] > docs/power.csv   (power at several odds ratios, and false discoveries on noise)
"""

from __future__ import annotations

import sys

import numpy as np

from gpsa_graph.patterns.evidence import Evidence, Fact
from gpsa_graph.patterns.exact import corrected
from gpsa_graph.patterns.nulls import prefer_compiled
from gpsa_graph.patterns.pathways import pathways, table
from gpsa_graph.patterns.together import Family, pairs_of

LEFT = tuple(f"actor:organisation-{i}" for i in range(5))
RIGHT = tuple(f"government-level:level-{i}" for i in range(3))
PLANTED = f"{LEFT[0]} + {RIGHT[0]}"
ROLES = tuple(f"government-role:role-{i}" for i in range(8))
RESULTS = tuple(f"result-kind:kind-{i}" for i in range(8))


def _second(first: np.ndarray, odds: float, share: float, rng: np.random.Generator) -> np.ndarray:
    """A column with the given share and odds ratio to the first one, whose share is the same."""
    low, high = 0.0, share
    for _ in range(60):
        both = (low + high) / 2
        ratio = both * (1 - 2 * share + both) / max(1e-12, (share - both) ** 2)
        low, high = (both, high) if ratio < odds else (low, both)
    chance = np.where(first, both / share, (share - both) / (1 - share))
    return rng.random(len(first)) < chance


def made(cases: int, seed: int, odds: float = 1.0, share: float = 0.5) -> Evidence:
    """Five kinds of organisation, three levels of government; the first of each are tied by `odds`, the rest is chance.

    The tied two stand in `share` of the cases; the others about as often as in the shipped data (a level of government that
    nearly every case has, one that every fifth has ...), and more of them in some cases than in others, as cases are described
    more or less fully.
    """
    rng = np.random.default_rng([seed, cases])
    fullness = rng.uniform(0.6, 1.4, size=(cases, 1))
    columns = rng.random((cases, 8)) < np.minimum(0.95, fullness * np.array([0, 0.5, 0.5, 0.4, 0.2, 0, 0.85, 0.4]))
    columns[:, 0] = rng.random(cases) < share
    columns[:, 5] = _second(columns[:, 0], odds, share, rng)
    names = [f"case:c{i:05d}" for i in range(cases)]
    source = frozenset({"source:s"})
    facts = [Fact(names[row], "cso-kind" if column < 5 else "body-level", (LEFT + RIGHT)[column], source)
             for row, column in np.argwhere(columns)]
    return Evidence(tuple(names), tuple(sorted(facts, key=lambda f: f[:3])), {}, {}, {})


def discoveries(evidence: Evidence, seed: int = 0) -> set[str]:
    """The pairs of organisation and level that stand out."""
    cases = tuple(sorted(evidence.cases_with("cso-kind") & evidence.cases_with("body-level")))
    found = pairs_of(evidence, Family("planted", "cso-kind", "body-level", cases, "name both"), seed=seed)
    return {f.key for f in found if f.holds}


def power(sets: int, cases: int, odds: float, share: float) -> float:
    """The share of sets in which the planted tie stands out."""
    return sum(PLANTED in discoveries(made(cases, seed, odds, share)) for seed in range(sets)) / sets


def false_discovery_rate(sets: int, cases: int, odds: float = 1.0, share: float = 0.5) -> float:
    """The mean share of false ones among the pairs that stand out (0 where none does)."""
    rates = []
    for seed in range(1_000, 1_000 + sets):
        found = discoveries(made(cases, seed, odds, share))
        false = found - ({PLANTED} if odds > 1 else set())
        rates.append(len(false) / len(found) if found else 0.0)
    return sum(rates) / sets


def told(cases: int, seed: int) -> Evidence:
    """Noise for the exact tests: a mechanism, eight roles and eight kinds of result that have nothing to do with each other.

    Some cases are told of at length and have more of everything; a test that does not look at that finds ties everywhere.
    """
    rng = np.random.default_rng([seed, cases, 7])
    fullness = rng.uniform(0.3, 1.7, size=(cases, 1))
    columns = rng.random((cases, 16)) < np.minimum(0.95, fullness * np.tile([0.5, 0.4, 0.3, 0.3, 0.2, 0.2, 0.15, 0.1], 2))
    names = [f"case:c{i:05d}" for i in range(cases)]
    source = frozenset({"source:s"})
    facts = [Fact(name, "mechanism", "mechanism:m", source) for name in names]
    facts += [Fact(names[row], "role" if column < 8 else "result", ROLES[column] if column < 8 else RESULTS[column - 8], source)
              for row, column in np.argwhere(columns)]
    return Evidence(tuple(names), tuple(sorted(facts, key=lambda f: f[:3])), {}, {}, {})


def false_pathways(sets: int, cases: int, strata: bool = True) -> float:
    """The share of sets of such noise in which a pathway stands out; without `strata` with Fisher's test on all cases at once."""
    if strata:
        return sum(any(f.holds for f in pathways(told(cases, seed))) for seed in range(sets)) / sets
    hits = 0
    for seed in range(sets):
        evidence = told(cases, seed)
        family = [[table(evidence.cases, evidence.cases_with("role", role), evidence.cases_with("result", result))]
                  for role in ROLES for result in RESULTS]
        hits += any(q <= 0.05 for q in corrected(family)[1])
    return hits / sets


def main() -> None:
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    prefer_compiled()
    print("what,cases,odds_ratio,sets,share")
    for cases in (60, 120):
        for odds in (2.0, 3.0, 5.0, 10.0):
            many = 4 * sets if (cases, odds) == (120, 5.0) else sets
            print(f"power,{cases},{odds:g},{many},{power(many, cases, odds, 0.5):.3f}", flush=True)
    print(f"false discoveries on noise,120,1,{4 * sets},{false_discovery_rate(4 * sets, 120):.3f}", flush=True)
    print(f"false pathways on noise,120,1,{4 * sets},{false_pathways(4 * sets, 120):.3f}", flush=True)
    print(f"false pathways without the strata,120,1,{4 * sets},{false_pathways(4 * sets, 120, strata=False):.3f}")


if __name__ == "__main__":
    main()
