"""Fragility: which findings stop holding when a case, a kind of source, or all that came after a date is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gpsa_graph.patterns.evidence import Evidence
from gpsa_graph.patterns.findings import Finding, listed
from gpsa_graph.patterns.nulls import prefer_compiled

__all__ = ["fragility", "variants"]

Pattern = Callable[..., list[Finding]]


def variants(evidence: Evidence, dates: Iterable[str] = ()) -> list[tuple[str, Evidence]]:
    """The same evidence without each kind of source, and as known at each date, with a name for each.

    >>> from gpsa_graph import load
    >>> from gpsa_graph.patterns import read_evidence
    >>> variants(read_evidence(load()), ["2017-01"])[-1][0]
    'as known at 2017-01'
    """
    kinds = sorted({rung.kind for rung in evidence.rungs.values()})
    found = [(f"without {evidence.label(kind)}", evidence.without_kinds([kind])) for kind in kinds]
    return found + [(f"as known at {date}", evidence.known_at(date)) for date in dates]


def fragility(
    evidence: Evidence,
    patterns: dict[str, Pattern],
    *,
    seed: int = 0,
    draws: int | None = None,
    dates: Sequence[str] = ("2017-01",),
    cases: bool = False,
) -> list[Finding]:
    """For each pattern that tests: what its findings become without each kind of source, and as known at each date.

    A finding holds where its q-value is at most 0.05. With `cases`, cases are left out one by one as well, where a finding
    holds, and only those that it stands on. Each leaving out is a full run of the pattern, so this takes as many times as long.
    """
    prefer_compiled()
    found: list[Finding] = []
    left = variants(evidence, dates)
    for name, pattern in patterns.items():
        holding = {f.key: f for f in pattern(evidence, seed=seed, draws=draws) if f.holds}
        outcomes: dict[tuple[frozenset[str], frozenset[str]], list[tuple[str, Evidence]]] = {}
        for why, other in left:
            after = frozenset(f.key for f in pattern(other, seed=seed, draws=draws) if f.holds)
            outcomes.setdefault((frozenset(holding) - after, after - frozenset(holding)), []).append((why, other))
        found += [_kept(evidence, name, same, len(holding), *change) for change, same in outcomes.items()]
        if cases:
            found += [
                _cases(evidence, name, finding, _ending(evidence, pattern, finding, seed, draws))
                for finding in holding.values()
            ]
    return found


def _ending(evidence: Evidence, pattern: Pattern, finding: Finding, seed: int, draws: int | None) -> list[str]:
    """The cases of a finding without any one of which it stops holding."""
    return [
        case
        for case in finding.cases
        if finding.key not in {f.key for f in pattern(evidence.without_cases([case]), seed=seed, draws=draws) if f.holds}
    ]


def _named(evidence: Evidence, key: str) -> str:
    return " with ".join(evidence.label(part) for part in key.split(" + "))


def _kept(
    evidence: Evidence, name: str, same: Sequence[tuple[str, Evidence]], before: int, gone: frozenset[str], new: frozenset[str]
) -> Finding:
    if not before and not new:
        what = "nothing stands out, as with all the evidence"
    else:
        what = f"{before - len(gone)} of {before} findings hold"
        what += "".join(
            f"; {listed([_named(evidence, key) for key in sorted(keys)])} {one if len(keys) == 1 else many}"
            for keys, one, many in (
                (gone, "no longer stands out", "no longer stand out"),
                (new, "stands out only then", "stand out only then"),
            )
            if keys
        )
    whys = listed([f"{why} ({len(other.cases)} cases and {len(other.facts)} stated values left)" for why, other in same])
    sizes = {f"values left {why}": len(other.facts) for why, other in same}
    return Finding(
        "fragility",
        f"{name}: {'; '.join(why for why, _ in same)}",
        f'Pattern "{name}", {whys}: {what}.',
        n=before - len(gone),
        of=before,
        numbers={"no longer": len(gone), "only then": len(new), **sizes},
        caveats=("What stands out in one of many variants only may do so by chance.", *(other.left_out for _, other in same)),
        changes="Another choice of what is left out.",
    )


def _cases(evidence: Evidence, name: str, finding: Finding, ending: list[str]) -> Finding:
    what = (
        f"stops holding without {' or without '.join(ending)}"
        if ending
        else f"holds without any one of its {len(finding.cases)} cases"
    )
    return Finding(
        "fragility",
        f"{name}: {finding.key}, case by case",
        f'Pattern "{name}": {_named(evidence, finding.key)} {what}.',
        n=len(finding.cases) - len(ending),
        of=len(finding.cases),
        numbers={"cases that end it": len(ending)},
        cases=tuple(sorted(set(finding.cases) - set(ending))),
        against=tuple(ending),
    )
