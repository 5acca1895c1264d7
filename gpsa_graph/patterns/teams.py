"""Teams: who stands in a case together with civil society, and what was reported with each shape of team."""

from __future__ import annotations

from collections.abc import Mapping

from gpsa_graph.patterns.evidence import Evidence
from gpsa_graph.patterns.exact import corrected, odds_ratio, wilson
from gpsa_graph.patterns.findings import ALWAYS, FEWEST, Finding, figure, listed, share, too_few
from gpsa_graph.patterns.pathways import OTHER_FINDINGS, TEST, by_telling, stated_results, table, tables, told_of

__all__ = ["ELEMENTS", "shapes", "teams"]

#: Element of a team -> the facet and the kinds that make it; a family stands for every kind below it.
ELEMENTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ministry or agency": ("body-kind", ("actor:ministry", "actor:agency", "actor:special-envoy")),
    "local or subnational government": ("body-kind", ("actor:municipality", "actor:subnational-government")),
    "public service provider": ("body-kind", ("actor:service-provider",)),
    "accountability institution": (
        "body-kind",
        (
            "actor:supreme-audit-institution",
            "actor:ombudsman",
            "actor:anti-corruption-body",
            "actor:judiciary",
            "actor:access-to-information-body",
            "actor:parliament",
            "actor:regulator",
        ),
    ),
    "media": ("partner-kind", ("actor:media",)),
    "donor team": ("partner-kind", ("actor:funder",)),
}
CAVEAT = "A public body that no source names is not in the team; a short page makes a small team."


def _with(evidence: Evidence, element: str) -> frozenset[str]:
    facet, kinds = ELEMENTS[element]
    return frozenset(
        case
        for value, cases in evidence.of(facet).items()
        if value in kinds or evidence.family(value) in kinds
        for case in cases
    )


def shapes(evidence: Evidence) -> dict[str, tuple[str, ...]]:
    """The elements of each team that civil society takes part in: case -> elements, in the order of `ELEMENTS`.

    >>> from gpsa_graph import load
    >>> from gpsa_graph.patterns import read_evidence
    >>> "ministry or agency" in shapes(read_evidence(load()))["case:mwi-mejn"]
    True
    """
    members = {element: _with(evidence, element) for element in ELEMENTS}
    return {case: tuple(e for e in ELEMENTS if case in members[e]) for case in sorted(evidence.cases_with("cso-kind"))}


def _sources(evidence: Evidence, cases: list[str]) -> tuple[str, ...]:
    wanted = [("cso-kind", value) for value in evidence.of("cso-kind")]
    wanted += [
        (facet, value)
        for facet, kinds in ELEMENTS.values()
        for value in evidence.of(facet)
        if value in kinds or evidence.family(value) in kinds
    ]
    return evidence.sources(cases, *wanted)


def teams(evidence: Evidence, *, seed: int = 0, draws: int | None = None, every: bool = False) -> list[Finding]:
    """The shapes of teams, commonest first, with the results reported; then what was reported with and without each element.

    Shapes of at least three cases are listed (`every`: all). For each element and kind of result, an exact test asks
    whether the result was reported more often with the element than without, among the cases that state a result. `seed` and
    `draws` are not used.
    """
    made = shapes(evidence)
    if len(made) < FEWEST:
        return too_few("teams", len(made), "name a civil society organisation")
    by_shape: dict[tuple[str, ...], list[str]] = {}
    for case, shape in made.items():
        by_shape.setdefault(shape, []).append(case)
    ordered = sorted(by_shape.items(), key=lambda item: (-len(item[1]), item[0]))
    found = [_shape(evidence, shape, cases, len(made)) for shape, cases in ordered if every or len(cases) >= 3]
    return found + _elements(evidence, made, every)


def _shape(evidence: Evidence, shape: tuple[str, ...], cases: list[str], of: int) -> Finding:
    stating = set(cases) & stated_results(evidence)
    reported = {kind: len(stating & set(found)) for kind, found in evidence.of("result").items()}
    top = sorted((kind for kind, n in reported.items() if n), key=lambda kind: (-reported[kind], kind))[:3]
    contrary = len(stating & frozenset().union(*(evidence.cases_with(facet) for facet in OTHER_FINDINGS)))
    name = " + ".join(("civil society", *shape)) if shape else "civil society alone"
    said = listed([f"{evidence.label(kind)} was reported in {reported[kind]}" for kind in top]) or "no result was reported"
    other = f"{contrary} (also) found something" if contrary else "none found anything"
    with_results = (
        f"; of the {len(stating)} that state a result, {said}, and {other} mixed, absent or negative"
        if len(stating) > 1
        else f"; {len(stating) or 'none'} of them states a result"
    )
    interval = wilson(len(cases), of)
    numbers: dict[str, float | int | str] = {
        "state a result": len(stating),
        "mixed, absent or negative": contrary,
        **{evidence.label(kind): n for kind, n in sorted(reported.items())},
    }
    if interval:
        numbers |= {"share from": round(interval[0], 3), "share to": round(interval[1], 3)}
    return Finding(
        "teams",
        name,
        f"{name[0].upper()}{name[1:]}: {share(len(cases), of)} cases{with_results}.",
        n=len(cases),
        of=of,
        numbers=numbers,
        cases=tuple(cases),
        sources=_sources(evidence, cases),
        caveats=(*ALWAYS, CAVEAT),
        changes="A source that names a further member of a team.",
    )


def _elements(evidence: Evidence, made: Mapping[str, tuple[str, ...]], every: bool) -> list[Finding]:
    stating = sorted(set(made) & stated_results(evidence))
    if len(stating) < FEWEST:
        return too_few("teams", len(stating), "name a civil society organisation and a result")
    tests, strata = [], by_telling(told_of(evidence), stating)
    for element in ELEMENTS:
        inside = {case for case in stating if element in made[case]}
        if min(len(inside), len(stating) - len(inside)) < 5:
            continue
        for kind in evidence.of("result"):
            reached = evidence.cases_with("result", kind) & set(stating)
            tests.append((element, kind, frozenset(inside), reached, tables(strata, frozenset(inside), reached)))
    ps, qs, able = corrected([split for *_, split in tests])
    hold = sum(q <= 0.05 for q in qs)
    name = TEST
    findings = [
        Finding(
            "teams",
            "elements",
            f"Of {len(tests)} pairs of a member and a kind of result compared in {len(stating)} cases, {able} have cases enough to "
            f"tell anything, and {hold or 'none'} {'stands' if hold == 1 else 'stand'} out (q at most 0.05"
            f"{f'; the smallest q is {figure(min(qs))}' if qs else ''}).",
            n=len(stating),
            of=len(evidence.cases),
            numbers={"pairs": len(tests), "tests": able, "stand out": hold},
            test=name,
            cases=tuple(stating),
            caveats=(*ALWAYS, CAVEAT),
            changes="More cases that name their public bodies and state their results.",
        )
    ]
    for place, i in enumerate(sorted(range(len(tests)), key=lambda i: (qs[i], ps[i], i))):
        if place and qs[i] > 0.05 and not every:
            break
        element, kind, having, reaching, _ = tests[i]
        both, only, without, neither = table(stating, having, reaching)
        odds, low, high = odds_ratio(both, only, without, neither)
        cases = sorted(having & reaching)
        sentence = (
            f"{evidence.label(kind)} was reported in {share(both, both + only)} of the cases with a {element} and in "
            f"{share(without, without + neither)} without (p = {figure(ps[i])}, q = {figure(qs[i])})."
        )
        findings.append(
            Finding(
                "teams",
                f"{element} + {kind}",
                sentence,
                n=both,
                of=both + only,
                numbers={
                    "reported without": without,
                    "cases without": without + neither,
                    "odds ratio": round(odds, 2),
                    "odds ratio from": round(low, 2),
                    "odds ratio to": round(high, 2),
                },
                test=name,
                p=ps[i],
                q=qs[i],
                holds=qs[i] <= 0.05,
                cases=tuple(cases),
                against=tuple(sorted(having - set(cases))),
                sources=evidence.sources(cases, ("result", kind)),
                caveats=(*ALWAYS, CAVEAT),
                changes="Sources that state the result, or its absence, in the cases where it is not stated.",
            )
        )
    return findings
