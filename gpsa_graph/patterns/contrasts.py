"""Contrasts: challenges beside results in the same case, and cases alike in sector and mechanism but different in result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb
from typing import NamedTuple

from gpsa_graph.patterns.evidence import Evidence
from gpsa_graph.patterns.exact import benjamini_hochberg
from gpsa_graph.patterns.findings import ALWAYS, FEWEST, Finding, figure, listed, share, too_few
from gpsa_graph.patterns.pathways import against, stated_results
from gpsa_graph.patterns.together import Family, pairs_of

__all__ = ["Match", "challenges_and_results", "matched_contrasts", "matches"]

#: What is compared between two matched cases.
DIFFERENCES = ("form", "role", "depth", "body-kind", "body-level", "partner-kind", "challenge-family")


def challenges_and_results(
    evidence: Evidence, *, seed: int = 0, draws: int | None = None, every: bool = False
) -> list[Finding]:
    """Which kinds of challenge were met in cases that report which results, against chance; and how many of each.

    Challenges are counted by their top concepts. The pairs are tested as in `together`.
    """
    pattern = "challenges-and-results"
    met = evidence.cases_with("challenge-family")
    cases = tuple(sorted(met & evidence.cases_with("result")))
    found = pairs_of(
        evidence,
        Family(pattern, "challenge-family", "result", cases, "state a challenge and a result that was reported"),
        seed=seed,
        draws=draws,
        every=every,
    )
    if len(cases) < FEWEST:
        return found
    stated = stated_results(evidence)
    contrary = frozenset().union(
        *(
            against(evidence, kind)
            for facet in ("result-mixed", "result-none", "result-negative")
            for kind in evidence.of(facet)
        )
    )
    for challenge, having in sorted(evidence.of("challenge-family").items(), key=lambda item: (-len(item[1]), item[0])):
        named = sorted(having)
        reached, bad = sorted(set(named) & evidence.cases_with("result")), set(named) & contrary
        sentence = (
            f"{evidence.label(challenge)} as a challenge is told of in {share(len(named), len(met))} cases that tell of any; a "
            "result was "
            f"reported in {len(reached)} of them, something was found mixed, absent or negative in {len(bad)}, and "
            f"{len(set(named) - stated)} state no result."
        )
        found.append(
            Finding(
                pattern,
                challenge,
                sentence,
                n=len(named),
                of=len(met),
                numbers={
                    "with a result": len(reached),
                    "mixed, absent or negative": len(bad),
                    "state no result": len(set(named) - stated),
                },
                cases=tuple(named),
                sources=evidence.sources(named, ("challenge-family", challenge)),
                caveats=(
                    *ALWAYS,
                    "Who tells of challenges also tells of results: a case study has both, a short page neither.",
                ),
                changes="Sources that tell of challenges in the cases that name none.",
            )
        )
    return found


class Match(NamedTuple):
    """Two cases alike in sector and mechanism: the result was reported in `first`, and in `second` looked for and not reached.

    `shared` are the sectors, mechanisms and regions of both; `alike` the share of all their sectors, mechanisms and regions.
    """

    result: str
    first: str
    second: str
    shared: tuple[str, ...]
    alike: float


def _context(evidence: Evidence, case: str) -> set[str]:
    return {value for facet in ("sector", "mechanism", "region") for value in evidence.of_case(case, facet)}


def matches(evidence: Evidence) -> list[Match]:
    """The best match of each case in which a result was found mixed, absent or negative; each case stands in one match a result.

    Both share a sector and a mechanism. Matches are taken in the order of how alike the two are (shared over all sectors,
    mechanisms and regions), ties by name.

    >>> from gpsa_graph import load
    >>> from gpsa_graph.patterns import read_evidence
    >>> all(0 < match.alike <= 1 for match in matches(read_evidence(load())))
    True
    """
    context = {case: _context(evidence, case) for case in evidence.cases}
    found: list[Match] = []
    for result in evidence.of("result"):
        contrary = against(evidence, result)
        reached = evidence.cases_with("result", result) - contrary
        missed = contrary - evidence.cases_with("result", result)
        options = []
        for second in sorted(missed):
            for first in sorted(reached):
                shared = context[first] & context[second]
                if {name.partition(":")[0] for name in shared} >= {"sector", "mechanism"}:
                    alike = len(shared) / len(context[first] | context[second])
                    options.append(Match(result, first, second, tuple(sorted(shared)), alike))
        taken: set[str] = set()
        for option in sorted(options, key=lambda m: (-m.alike, m.second, m.first)):
            if not taken & {option.first, option.second}:
                taken |= {option.first, option.second}
                found.append(option)
    return found


def _different(evidence: Evidence, match: Match) -> tuple[list[str], list[str]]:
    first = {value for facet in DIFFERENCES for value in evidence.of_case(match.first, facet)}
    second = {value for facet in DIFFERENCES for value in evidence.of_case(match.second, facet)}
    return sorted(first - second), sorted(second - first)


def matched_contrasts(evidence: Evidence, *, seed: int = 0, draws: int | None = None, every: bool = False) -> list[Finding]:
    """What differs between cases alike in context and mechanism but different in result.

    First a summary with the feature that differs most one way (sign test over the matches of one kind of result,
    Benjamini-Hochberg over all), then the ten most alike pairs of cases (`every`: all). `seed` and `draws` are not used.
    """
    found = matches(evidence)
    if not found:
        return too_few("matched-contrasts", 0, "share sector and mechanism and differ in result")
    pairs: dict[tuple[str, str], list[Match]] = {}
    for match in sorted(found, key=lambda m: (-m.alike, m.first, m.second, m.result)):
        pairs.setdefault((match.first, match.second), []).append(match)
    chosen = list(pairs.values())
    return [_signs(evidence, found), *(_match(evidence, same) for same in (chosen if every else chosen[:10]))]


def _sign_test(more: int, less: int) -> float:
    """Two-sided exact sign test.

    >>> _sign_test(5, 0), _sign_test(0, 0)
    (0.0625, 1.0)
    """
    n, most = more + less, max(more, less)
    return min(1.0, sum(comb(n, k) for k in range(most, n + 1)) / 2.0 ** (n - 1))


def _signs(evidence: Evidence, found: Iterable[Match]) -> Finding:
    counts: dict[tuple[str, str], list[int]] = {}
    cases: set[str] = set()
    total = 0
    for match in found:
        total += 1
        cases |= {match.first, match.second}
        for side, values in enumerate(_different(evidence, match)):
            for value in values:
                counts.setdefault((match.result, value), [0, 0])[side] += 1
    tests = sorted((key, more, less) for key, (more, less) in counts.items() if more + less >= 5)
    ps = [_sign_test(more, less) for _, more, less in tests]
    qs = benjamini_hochberg(ps)
    hold = sum(q <= 0.05 for q in qs)
    sentence = (
        f"In {total} matches of two cases with a sector and a mechanism in common, of which one reported a result and the "
        "other looked for it "
        f"and found it mixed, absent or negative, {len(tests)} features differ in five matches or more; {hold or 'none'} of them "
        f"{'stands' if hold == 1 else 'stand'} out"
    )
    numbers: dict[str, float | int | str] = {"matches": total, "tests": len(tests), "stand out": hold}
    if not tests:
        return Finding(
            "matched-contrasts",
            "summary",
            f"{sentence}.",
            n=len(cases),
            of=len(evidence.cases),
            numbers=numbers,
            cases=tuple(sorted(cases)),
            caveats=ALWAYS,
            changes="More cases that looked for a result and did not find it.",
        )
    best = min(range(len(tests)), key=lambda i: (qs[i], ps[i], i))
    (result, value), more, less = tests[best]
    sentence += (
        f". Nearest to it is {evidence.label(value)} for {evidence.label(result)}: stated only where the result was reported "
        f"in {more} matches, "
        f"only where it was not in {less} (p = {figure(ps[best])}, q = {figure(qs[best])})."
    )
    return Finding(
        "matched-contrasts",
        "summary",
        sentence,
        n=len(cases),
        of=len(evidence.cases),
        numbers=numbers,
        test="exact sign test over matches, two-sided; Benjamini-Hochberg over the family",
        p=ps[best],
        q=qs[best],
        holds=hold > 0,
        cases=tuple(sorted(cases)),
        caveats=(*ALWAYS, "Studies that look for an effect and miss it describe other things than stories that tell of one."),
        changes="More cases that looked for a result and did not find it.",
    )


def _match(evidence: Evidence, same: Sequence[Match]) -> Finding:
    match, results = same[0], [m.result for m in same]
    shared = listed([evidence.label(name) for name in match.shared])
    mine, theirs = ([evidence.label(name) for name in side] for side in _different(evidence, match))
    were = "were" if len(results) > 1 else "was"
    sentence = (
        f"{match.first} and {match.second} share {shared}. In the first, {listed([evidence.label(r) for r in results])} {were} "
        f"reported; in the second, {'these were' if len(results) > 1 else 'it was'} looked for and found mixed, absent or negative. "
        f"Only the first states {_some(mine)}; only the second {_some(theirs)}."
    )
    other = ("result-mixed", "result-none", "result-negative")
    sources = {
        *evidence.sources([match.first], *(("result", r) for r in results)),
        *evidence.sources([match.second], *((facet, r) for facet in other for r in results)),
    }
    return Finding(
        "matched-contrasts",
        f"{match.first} / {match.second}",
        sentence,
        n=2,
        of=len(evidence.cases),
        numbers={
            "alike": round(match.alike, 3),
            "shared": len(match.shared),
            "results that differ": len(results),
            "only the first": ", ".join(mine) or "nothing",
            "only the second": ", ".join(theirs) or "nothing",
        },
        cases=(match.first,),
        against=(match.second,),
        sources=tuple(sorted(sources)),
        caveats=("Two cases differ in more than a source states, and one may be told of by a stricter source.",),
        changes="A source on either case that states what the other states.",
    )


def _some(names: Sequence[str], most: int = 6) -> str:
    """Names as people list them, the first few of many.

    >>> _some(["a", "b", "c"], 2), _some([])
    ('a, b and 1 more', 'nothing further')
    """
    more = len(names) - most
    return listed([*names[:most], f"{more} more"]) if more > 0 else listed(names) or "nothing further"
