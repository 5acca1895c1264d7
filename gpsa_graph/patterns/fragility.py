"""Fragility: which findings stop holding when a case, a kind of source, or all that came after a date is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from gpsa_graph.patterns.evidence import Evidence
from gpsa_graph.patterns.findings import Finding, listed
from gpsa_graph.patterns.nulls import prefer_compiled

__all__ = ["fragility", "standing", "variants"]

Pattern = Callable[..., list[Finding]]
#: Most findings that a sentence names.
NAMED = 6
#: How the keys of what is no finding of its own begin.
SUMMARIES = ("summary", "groups", "truth", "row", "family", "squares")


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


def standing(findings: Iterable[Finding], tested: bool = True) -> dict[str, Finding]:
    """The findings that hold: of a pattern that tests, those that stand out; of another, those that name a case for them.

    Summaries are no findings of their own, nor is a gap, which names no case.

    >>> sorted(standing([Finding("teams", "a", "A.", n=1, of=2, holds=True), Finding("teams", "b", "B.", n=1, of=2)]))
    ['a']
    """
    if tested:
        return {f.key: f for f in findings if f.holds}
    return {f.key: f for f in findings if f.cases and f.key.partition(" ")[0] not in SUMMARIES}


def fragility(
    evidence: Evidence,
    patterns: Mapping[str, Pattern],
    *,
    seed: int = 0,
    draws: int | None = None,
    dates: Sequence[str] = ("2017-01",),
    cases: bool = False,
    tested: bool = True,
) -> list[Finding]:
    """For each pattern: what its findings become without each kind of source, and as known at each date.

    A finding of a pattern that tests (`tested`) holds where its q-value is at most 0.05, of another where it is there at all, as a
    broker, a term of a formula or a filled cell of the matrix is (see `standing`). With `cases`, cases are left out one by one as
    well, where a finding holds, and only those that it stands on. Each leaving out is a full run of the pattern.
    """
    prefer_compiled()
    found: list[Finding] = []
    left = variants(evidence, dates)
    for name, pattern in patterns.items():

        def run(other: Evidence, pattern: Pattern = pattern) -> dict[str, Finding]:
            return standing(pattern(other, seed=seed, draws=draws, every=not tested), tested)

        holding = run(evidence)
        outcomes: dict[tuple[frozenset[str], frozenset[str]], list[tuple[str, Evidence]]] = {}
        for why, other in left:
            after = frozenset(run(other))
            outcomes.setdefault((frozenset(holding) - after, after - frozenset(holding)), []).append((why, other))
        found += [_kept(evidence, name, same, len(holding), *change) for change, same in outcomes.items()]
        if cases:
            found += _one_by_one(evidence, name, holding, run)
    return found


def _one_by_one(
    evidence: Evidence, name: str, holding: Mapping[str, Finding], run: Callable[[Evidence], dict[str, Finding]]
) -> list[Finding]:
    """For each finding the cases without any one of which it stops holding; each case is left out once."""
    ending: dict[str, list[str]] = {key: [] for key in holding}
    for case in sorted({case for finding in holding.values() for case in finding.cases}):
        after = run(evidence.without_cases([case]))
        for key, finding in holding.items():
            if case in finding.cases and key not in after:
                ending[key].append(case)
    return [_cases(evidence, name, holding[key], gone) for key, gone in ending.items()]


def _named(evidence: Evidence, key: str) -> str:
    for mark, word in ((" + ", " with "), (" > ", ", "), (" x ", " and ")):
        key = word.join(evidence.label(part) for part in key.split(mark))
    return key


def _kept(
    evidence: Evidence, name: str, same: Sequence[tuple[str, Evidence]], before: int, gone: frozenset[str], new: frozenset[str]
) -> Finding:
    if not before and not new:
        what = "nothing holds, as with all the evidence"
    else:
        what = f"{before - len(gone)} of {before} findings hold"
        what += "".join(
            f"; {_list(evidence, keys)} {one if len(keys) == 1 else many}"
            for keys, one, many in (
                (gone, "no longer does", "no longer do"),
                (new, "holds only then", "hold only then"),
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


def _list(evidence: Evidence, keys: frozenset[str]) -> str:
    shown = [f'"{_named(evidence, key)}"' for key in sorted(keys)[:NAMED]]
    return listed([*shown, f"{len(keys) - NAMED} more"] if len(keys) > NAMED else shown)


def _cases(evidence: Evidence, name: str, finding: Finding, ending: list[str]) -> Finding:
    what = (
        f"stops holding without {' or without '.join(ending)}"
        if ending
        else f"holds without any one of its {len(finding.cases)} cases"
    )
    return Finding(
        "fragility",
        f"{name}: {finding.key}, case by case",
        f'Pattern "{name}": "{_named(evidence, finding.key)}" {what}.',
        n=len(finding.cases) - len(ending),
        of=len(finding.cases),
        numbers={"cases that end it": len(ending)},
        cases=tuple(sorted(set(finding.cases) - set(ending))),
        against=tuple(ending),
    )
