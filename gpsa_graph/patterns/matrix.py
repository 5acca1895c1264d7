"""Evidence and gaps: for each mechanism and kind of result, how many cases report it, on what source, and what is missing.

"Looked for and not found" (`none`), mixed and negative findings are counted apart from results that were reported, and all of
these apart from cases in which nothing of the kind is stated.

The map of M. M. Hassan, H. White, I. Zahan, A. Saran, S. Ahmed, S. Rahman and S. Zubaid, "Effectiveness of social
accountability interventions in low and middle-income countries: an evidence gap map" (BIGD and Campbell, 2022) sorts 21
interventions into five categories and outcomes into eight groups. Its public summary
(https://bigd.bracu.ac.bd/publications/effectiveness-of-social-accountability-interventions-in-low-and-middle-income-countries-an-evidence-gap-map/)
names the categories and groups, not the 21 interventions.
So `CATEGORIES` and `GROUPS` map what a name decides, and nothing else; the authors of the map have not seen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gpsa_graph.patterns.evidence import Evidence
from gpsa_graph.patterns.findings import ALWAYS, FEWEST, Finding, listed, share, too_few
from gpsa_graph.patterns.pathways import stated_results

__all__ = ["CATEGORIES", "GROUPS", "Cell", "cells", "evidence_and_gaps", "map_cells"]

#: Category of interventions -> the mechanisms and families of mechanisms that its name decides.
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "access to information": ("mechanism:information-transparency",),
    "citizens' voice and representation": (
        "mechanism:consultation-feedback",
        "mechanism:complaint-redress",
        "mechanism:participatory-decision",
        "mechanism:community-management",
    ),
    "governance": (),
    "mobilization actions": ("mechanism:capacity-mobilisation",),
    "resource monitoring actions": (
        "mechanism:budget-monitoring",
        "mechanism:expenditure-tracking",
        "mechanism:procurement-monitoring",
        "mechanism:delivery-tracking",
        "mechanism:integrity-pact",
    ),
}
#: Group of outcomes -> the kinds of result that its name decides.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "performance improvement of public and private actors/institutions": (),
    "service quality": ("result-kind:service-output",),
    "allocative efficiency": ("result-kind:budget-resource-change",),
    "citizen engagement": ("result-kind:citizen-engagement",),
    "inclusiveness": (),
    "responsiveness": ("result-kind:government-responsiveness",),
    "quality of life": (),
    "project knowledge and learning outcomes": ("result-kind:learning",),
}
_FINDINGS = ("positive", "not-assessed", "mixed", "none", "negative")


@dataclass(frozen=True, slots=True)
class Cell:
    """A mechanism (or category) and a kind of result (or group): the cases by what was found.

    `using` are the cases with the mechanism; `by` holds, for positive, not-assessed, mixed, none and negative, the cases in
    which some result of the kind was so found (a case may stand under several); `silent` those that state other results and
    none of this kind, `unknown` those that state no result at all. `strongest` is the highest place on the ladder of sources.
    """

    row: str
    column: str
    using: tuple[str, ...]
    by: Mapping[str, tuple[str, ...]]
    silent: tuple[str, ...]
    unknown: tuple[str, ...]
    strongest: int
    sources: tuple[str, ...]

    @property
    def reported(self) -> tuple[str, ...]:
        """The cases in which a result of the kind was reported, assessed or not."""
        return tuple(sorted({*self.by["positive"], *self.by["not-assessed"]}))

    @property
    def contrary(self) -> tuple[str, ...]:
        """The cases in which something of the kind was found mixed, absent or negative."""
        return tuple(sorted({*self.by["mixed"], *self.by["none"], *self.by["negative"]}))


def _cell(evidence: Evidence, row: str, column: str, using: frozenset[str], kinds: Iterable[str]) -> Cell:
    wanted = [(f"result-{finding}", kind) for finding in _FINDINGS for kind in kinds]
    by = {
        finding: tuple(sorted(using & frozenset().union(*(evidence.cases_with(f"result-{finding}", kind) for kind in kinds))))
        for finding in _FINDINGS
    }
    told = frozenset(case for cases in by.values() for case in cases)
    stated = stated_results(evidence)
    sources = evidence.sources(told, *wanted)
    return Cell(
        row,
        column,
        tuple(sorted(using)),
        by,
        tuple(sorted((using & stated) - told)),
        tuple(sorted(using - stated)),
        evidence.strength(sources),
        sources,
    )


def cells(evidence: Evidence, at_least: int = 1) -> list[Cell]:
    """A cell for each mechanism with at least so many cases and each kind of result that any case states.

    >>> from gpsa_graph import load
    >>> from gpsa_graph.patterns import read_evidence
    >>> found = cells(read_evidence(load()))
    >>> all(len(c.using) >= len({*c.reported, *c.contrary, *c.silent, *c.unknown}) for c in found)
    True
    """
    kinds = sorted({kind for finding in _FINDINGS for kind in evidence.of(f"result-{finding}")})
    return [
        _cell(evidence, mechanism, kind, frozenset(cases), [kind])
        for mechanism, cases in evidence.of("mechanism").items()
        if len(cases) >= at_least
        for kind in kinds
    ]


def map_cells(evidence: Evidence) -> list[Cell]:
    """The same for the categories and groups of the published map, where a name decides; the others have no cell."""
    found = []
    for category, names in CATEGORIES.items():
        using = frozenset(
            case for facet in ("mechanism", "mechanism-family") for name in names for case in evidence.cases_with(facet, name)
        )
        found += [_cell(evidence, category, group, using, kinds) for group, kinds in GROUPS.items() if names and kinds]
    return found


def evidence_and_gaps(evidence: Evidence, *, seed: int = 0, draws: int | None = None, every: bool = False) -> list[Finding]:
    """The matrix in sentences: a summary, the cells with most mixed, absent or negative findings, the widest gaps, the map.

    Twelve such cells and ten gaps of mechanisms of at least ten cases are told of (`every`: all mechanisms and cells). Nothing is
    tested; `seed` and `draws` are not used.
    """
    using = evidence.cases_with("mechanism")
    if len(using) < FEWEST:
        return too_few("evidence-and-gaps", len(using), "name a mechanism")
    everything = cells(evidence)
    filled = [c for c in everything if c.reported or c.contrary]
    strong = [c for c in filled if c.strongest >= 6]
    kinds = len({c.column for c in everything})
    findings = [
        Finding(
            "evidence-and-gaps",
            "summary",
            f"Of {len(everything)} pairs of a mechanism and a kind of result, {share(len(filled), len(everything))} have a "
            f"case that states something, and {share(len(strong), len(everything))} one with an independent evaluation.",
            n=len(using),
            of=len(evidence.cases),
            numbers={
                "mechanisms": len(everything) // max(1, kinds),
                "kinds of result": kinds,
                "pairs": len(everything),
                "with a case": len(filled),
                "with an independent evaluation": len(strong),
            },
            cases=tuple(sorted(using)),
            caveats=ALWAYS,
            changes="A source for a pair that has none.",
        )
    ]
    wide = [c for c in everything if every or len(c.using) >= FEWEST]
    told = sorted((c for c in wide if every or c.contrary), key=lambda c: (-len(c.contrary), -len(c.using), c.row, c.column))
    gaps = [] if every else [c for c in wide if not c.reported and not c.contrary]
    gaps.sort(key=lambda c: (-len(c.using), c.row, c.column))
    findings += [_told(evidence, c) for c in (told if every else told[:12])]
    findings += [_told(evidence, c) for c in gaps[:10]]
    return findings + [_told(evidence, c, mapped=True) for c in map_cells(evidence)]


def _told(evidence: Evidence, cell: Cell, mapped: bool = False) -> Finding:
    n = len(cell.using)
    counts = {name: len(cell.by[name]) for name in _FINDINGS}
    row, column = evidence.label(cell.row), evidence.label(cell.column)
    cases = f'cases in the category "{row}"' if mapped else f"cases with {row}"
    what = f'an outcome of the group "{column}"' if mapped else column
    words = {"none": "looked for and not found", "mixed": "found mixed", "negative": "negative"}
    looked = listed([f"{words[name]} in {counts[name]}" for name in words if counts[name]])
    rest = listed(
        [f"{len(found)} state{'s' * (len(found) == 1)} {said}" for found, said in (
            (cell.silent, "other results only"), (cell.unknown, "no result at all")) if found]
    )
    if cell.reported or cell.contrary:
        kind = next((rung.kind for rung in (evidence.rungs[s] for s in cell.sources) if rung.ladder == cell.strongest), "")
        also = " (one case can count under several)" if len(cell.reported) + sum(counts[w] for w in words) > len(
            {*cell.reported, *cell.contrary}) else ""
        sentence = (
            f"Of {n} {cases}, {what} was reported in {len(cell.reported)}{f'; it was {looked}' if looked else ''}{also}"
            f"{f'; {rest}' if rest else ''}. The strongest source is of the kind {evidence.label(kind)}."
        )
    else:
        sentence = f"Of {n} {cases}, none states anything on {what}: {rest}."
    caveats = (
        (*ALWAYS, "The names of the published map decide what is counted here; its authors have not seen it.")
        if mapped
        else ALWAYS
    )
    return Finding(
        "evidence-and-gaps",
        f"{'map: ' if mapped else ''}{cell.row} x {cell.column}",
        sentence,
        n=len(cell.reported),
        of=n,
        numbers={
            **counts,
            "state other results": len(cell.silent),
            "state no result": len(cell.unknown),
            "strongest source": cell.strongest,
        },
        cases=cell.reported,
        against=cell.contrary,
        sources=cell.sources,
        caveats=caveats,
        changes="A source that looked for it in a case where nothing is stated.",
    )
