"""Evidence made by chance, with or without a planted tie: what the tests of power and of false discoveries, and the figures, run on.

Run: python benchmarks/planted.py [SETS]   (power at several odds ratios, and the false-discovery rate on noise)
"""

from __future__ import annotations

import sys

import numpy as np

from gpsa_graph.patterns.evidence import Evidence, Fact
from gpsa_graph.patterns.nulls import prefer_compiled
from gpsa_graph.patterns.together import Family, pairs_of

LEFT = tuple(f"actor:organisation-{i}" for i in range(5))
RIGHT = tuple(f"government-level:level-{i}" for i in range(3))
PLANTED = f"{LEFT[0]} + {RIGHT[0]}"


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


def main() -> None:
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    prefer_compiled()
    print(f"{'cases':>6} {'share':>6} {'odds ratio':>11} {'power':>7}   ({sets} sets, {len(LEFT) * len(RIGHT)} pairs tested)")
    for cases in (60, 120, 240):
        for share in (0.2, 0.35, 0.5):
            print(f"{cases:>6} {share:>6} {5.0:>11} {power(sets, cases, 5.0, share):>7.2f}", flush=True)
    print(f"false-discovery rate at q = 0.05: {false_discovery_rate(sets, 120):.3f} on noise, "
          f"{false_discovery_rate(sets, 120, 5.0):.3f} beside a planted tie")


if __name__ == "__main__":
    main()
