"""Kinds of ties: which kinds and levels of public body take which role, form and depth, more often than chance has it?

What is counted is the participation of one public body in one case. Chance deals the roles (forms, depths) of a case out anew
among the public bodies of that case: each keeps how many it has, and each role how often it occurs there. So a case in which
every body co-implements proves nothing, and no more does a case that is described at length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gpsa_graph.patterns.evidence import Evidence, Tie
from gpsa_graph.patterns.findings import FEWEST, Finding, figure, too_few
from gpsa_graph.patterns.nulls import Together, together

if TYPE_CHECKING:
    import numpy as np

__all__ = ["kinds_of_ties"]

PATTERN = "who-works-with-whom"
TEST = "shuffles of what the public bodies of one case do among them, one-sided; Benjamini-Hochberg over the family, for counts"
CAVEATS = (
    "What a body does is classed here from the words of a source; a body that a source only names has no role, form or depth.",
    "Some of it follows from the words: a body that provides a service takes part as a service provider.",
    "Only cases with two such bodies or more can tell; where all of them do the same, nothing can be dealt out anew.",
)
#: What is compared of a body, and what of its doing with the word for it -> the values of a tie.
_BODIES: dict[str, Callable[[Tie], tuple[str, ...]]] = {"kind": lambda t: (t.kind,), "level": lambda t: (t.level,)}
_DOES: dict[str, Callable[[Tie], tuple[str, ...]]] = {
    "role": lambda t: t.roles,
    "form of collaboration": lambda t: t.forms,
    "depth of collaboration": lambda t: (t.depth,),
}


def _table(ties: Sequence[Tie], values: Callable[[Tie], tuple[str, ...]], least: int) -> tuple[tuple[str, ...], np.ndarray]:
    import numpy as np

    found: dict[str, list[int]] = {}
    for row, tie in enumerate(ties):
        for value in filter(None, values(tie)):
            found.setdefault(value, []).append(row)
    kept = {value: rows for value, rows in sorted(found.items()) if len(rows) >= least}
    table = np.zeros((len(ties), len(kept)), dtype=np.uint8)
    for column, rows in enumerate(kept.values()):
        table[rows, column] = 1
    return tuple(kept), table


def kinds_of_ties(evidence: Evidence, *, seed: int = 0, draws: int | None = None, every: bool = False) -> list[Finding]:
    """For kind and level of public body, and role, form and depth of collaboration: a summary, then what stands out or is nearest
    to it (`every`: all that was compared). Values of at least ten participations are compared."""
    findings: list[Finding] = []
    for body, of_body in _BODIES.items():
        for words, of_does in _DOES.items():
            ties = [t for t in evidence.ties if any(of_body(t)) and any(of_does(t))]
            many = Counter(t.case for t in ties)
            ties = [t for t in ties if many[t.case] > 1]
            findings += _family(evidence, body, words, ties, of_body, of_does, (seed, draws, every))
    return findings


def _family(
    evidence: Evidence,
    body: str,
    words: str,
    ties: list[Tie],
    of_body: Callable[[Tie], tuple[str, ...]],
    of_does: Callable[[Tie], tuple[str, ...]],
    how: tuple[int, int | None, bool],
) -> list[Finding]:
    import numpy as np

    seed, draws, every = how
    strata = [tie.case for tie in ties]
    cases = sorted(set(strata))
    if len(cases) < FEWEST:
        return too_few(PATTERN, len(cases), f"name two public bodies of a known {body} with a {words}")
    (rows, left), (columns, right) = (_table(ties, values, FEWEST) for values in (of_body, of_does))
    most = np.zeros((left.shape[1], right.shape[1]), dtype=np.int64)
    at: dict[str, list[int]] = {}
    for row, case in enumerate(strata):
        at.setdefault(case, []).append(row)
    for here in at.values():
        most += np.minimum(left[here].sum(axis=0, dtype=np.int64)[:, None], right[here].sum(axis=0, dtype=np.int64))
    pairs = [(int(i), int(j)) for i, j in np.argwhere(most >= 2)]
    if not pairs:
        return []
    found = together(left, right, seed=seed, draws=draws, strata=strata, pairs=pairs)
    ps = [found.p(i) for i in range(len(pairs))]
    qs = found.steps().q(ps)
    hold = sum(q <= 0.05 for q in qs)
    sentence = (
        f"Of {len(pairs)} pairs of a {body} of public body and a {words}, compared in {len(ties)} participations in {len(cases)} "
        f"cases, {hold or 'none'} {'stands' if hold == 1 else 'stand'} out from chance (the smallest q is {figure(min(qs))})."
    )
    numbers: dict[str, float | int | str] = {"tests": len(pairs), "stand out": hold, "participations": len(ties)}
    findings = [Finding(PATTERN, f"family {body} x {words}", sentence, n=len(cases), of=len(evidence.cases), numbers=numbers,
                        test=TEST, seed=seed, draws=found.draws, cases=tuple(cases), caveats=CAVEATS,
                        changes="Sources that say what each of the public bodies of a case does.")]
    for place, i in enumerate(sorted(range(len(pairs)), key=lambda i: (qs[i], ps[i], i))):
        if place and qs[i] > 0.05 and not every:
            break
        a, b = rows[pairs[i][0]], columns[pairs[i][1]]
        doing = [t for t in ties if b in of_does(t)]
        findings.append(_pair(evidence, words, a, b, [t for t in doing if a in of_body(t)], doing, len(ties), found, i, qs[i], seed))
    return findings


def _pair(
    evidence: Evidence, words: str, a: str, b: str, both: list[Tie], doing: list[Tie], of: int, found: Together, i: int, q: float, seed: int
) -> Finding:
    p, mean = found.p(i), found.mean(i)
    cases, others = sorted({t.case for t in both}), {t.case for t in doing}
    more = "more than" if q <= 0.05 else "not clearly more than"
    body = f"of {evidence.label(a)} level" if a.startswith("government-level:") else f"of the kind {evidence.label(a)}"
    sentence = (
        f"Of {len(doing)} participations of public bodies with {evidence.label(b)} as a {words}, {len(both)} are of bodies {body} "
        f"({len(cases)} of {len(others)} cases), {more} the {figure(mean)} that chance gives (p = {figure(p)}, q = {figure(q)})."
    )
    return Finding(
        PATTERN, f"{a} + {b}", sentence, n=len(cases), of=len(others),
        numbers={"participations with both": len(both), "participations with the " + words: len(doing), "participations": of,
                 "expected": round(mean, 2)},
        test=TEST, p=p, q=q, seed=seed, draws=found.draws, holds=q <= 0.05, cases=tuple(cases),
        against=tuple(sorted(others - set(cases))), sources=tuple(sorted({s for t in both for s in t.sources})), caveats=CAVEATS,
        changes="Sources that say what each of the public bodies of a case does.",
    )
