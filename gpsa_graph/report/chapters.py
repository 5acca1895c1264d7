"""Chapters of a dossier: results, challenges and lessons, patterns, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gpsa_graph.export.content import Part
from gpsa_graph.export.figures.coverage import ASKED
from gpsa_graph.patterns.findings import listed
from gpsa_graph.report.document import Block, Heading, Items, Para, Text
from gpsa_graph.report.words import FINDING_WORDS, counted, dated, measured, share

if TYPE_CHECKING:
    from gpsa_graph.report.dossier import Desk

__all__ = ["challenges", "missing", "results", "told_patterns"]

_WORDS = 60
_MOST_FINDINGS = 6


def results(desk: Desk) -> list[Block]:
    """Results by kind and finding, those with numbers in a table, and every other one in words."""
    content = desk.content
    found = [r for c in desk.choice.cases for r in c.results]
    blocks: list[Block] = [Heading(1, "Results")]
    if not found:
        return [*blocks, Para(["No source that was read states a result of these cases. That is no statement that there was none."])]
    kinds = sorted(
        {k for r in found for k in r.every("gpsa:resultKind")}, key=lambda k: (-sum(k in r.every("gpsa:resultKind") for r in found), k)
    )
    rows: list[Sequence[Text]] = []
    for k in kinds:
        of = [r for r in found if k in r.every("gpsa:resultKind")]
        by = [sum(r.one("gpsa:finding") == f"finding:{f}" for r in of) for f in FINDING_WORDS]
        rows.append(
            [[content.label(k)], *([str(n) if n else "\u2013"] for n in by), [str(len(of))], [share(len({r.case for r in of}), desk.n)]]
        )
    blocks.append(
        desk.table(
            f"The {counted(len(found), 'result')} by kind and by what was found. A result stands once under each of its kinds.",
            ["Kind of result", "Positive", "Not assessed", "Mixed", "Not found", "Harm", "All", "Of cases"],
            [0.3, 0.1, 0.11, 0.08, 0.1, 0.08, 0.08, 0.15],
            rows,
            right=(1, 2, 3, 4, 5, 6, 7),
        )
    )
    blocks.append(
        Para(
            [
                "Positive means that an assessment found it; not assessed, that a source reports it without one; not found, that it "
                "was looked for and not "
                "found. All three, and harm, are told with the same care."
            ],
            quiet=True,
        )
    )
    if sum(1 for r in found if r.props.get("gpsa:year")) >= 12:
        blocks += desk.figure("timeline", "Results by year and kind.")
    numbered = [r for r in found if r.props.get("gpsa:printed")]
    if numbered:
        table: list[Sequence[Text]] = [
            [
                [desk.shorts([r.case])],
                [_sentence(r)],
                [measured(r)],
                [dated(r)],
                [FINDING_WORDS.get(r.one("gpsa:finding").partition(":")[2], "")],
                [desk.refs.cite(r.sources)],
            ]
            for r in sorted(numbered, key=lambda r: (_place(desk, r), r.one("gpsa:year"), r.id))
        ]
        blocks += [
            Heading(2, "Results with a number"),
            desk.table(
                "Results with a number, as the source prints it.",
                ["Case", "Result", "Number", "Year", "Finding", "Sources"],
                [0.07, 0.4, 0.2, 0.09, 0.14, 0.1],
                table,
            ),
        ]
    rest = [r for r in found if not r.props.get("gpsa:printed")]
    if rest:
        blocks.append(Heading(2, "Results told in words"))
        for k in kinds:
            items: list[Text] = [
                [f"{_sentence(r)} ({_about(desk, r)}) ", desk.refs.cite(r.sources)]
                for r in sorted(rest, key=lambda r: (_place(desk, r), r.one("gpsa:year"), r.id))
                if r.every("gpsa:resultKind")[:1] == (k,)
            ]
            if items:
                blocks += [Para([f"{content.label(k)[:1].upper()}{content.label(k)[1:]}"]), Items(items)]
    return blocks


def _place(desk: Desk, part: Part) -> int:
    return [c.id for c in desk.choice.cases].index(part.case)


def _sentence(part: Part) -> str:
    return part.one("gpsa:text").rstrip(". ") + "."


def _about(desk: Desk, r: Part) -> str:
    words = [FINDING_WORDS.get(r.one("gpsa:finding").partition(":")[2], ""), r.one("gpsa:year") or "no year stated"]
    if desk.n > 1:
        words.insert(0, desk.short(r.case).lower())
    return ", ".join(w for w in words if w)


def challenges(desk: Desk) -> list[Block]:
    """Challenges case by case with the lessons of the same case, which answer the same kind of challenge where they say so."""
    content = desk.content
    met = [p for c in desk.choice.cases for p in c.of("challenge")]
    drawn = [p for c in desk.choice.cases for p in c.of("lesson")]
    blocks: list[Block] = [Heading(1, "Challenges, and what was done about them")]
    if not met and not drawn:
        return [*blocks, Para(["No source that was read tells of a challenge or lesson of these cases."])]
    stating = len({p.case for p in met})
    where = (f" in {share(stating, desk.n)} cases", f" in {share(len({p.case for p in drawn}), desk.n)}") if desk.n > 1 else ("", "")
    blocks.append(
        Para(
            [
                f"{counted(len(met), 'challenge').capitalize()} {'is' if len(met) == 1 else 'are'} told of{where[0]}, and "
                f"{counted(len(drawn), 'lesson')}{where[1]}."
            ]
        )
    )
    if desk.n > 3 and met:
        kinds = sorted(
            {k for p in met for k in p.every("gpsa:challengeKind")},
            key=lambda k: (-len({p.case for p in met if k in p.every("gpsa:challengeKind")}), content.label(k)),
        )
        rows: list[Sequence[Text]] = [
            [
                [content.label(k)],
                [share(len(of := {p.case for p in met if k in p.every("gpsa:challengeKind")}), stating)],
                [desk.shorts(list(of))],
                [desk.refs.cite({s for p in met if k in p.every("gpsa:challengeKind") for s in p.sources})],
            ]
            for k in kinds
        ]
        blocks.append(
            desk.table(
                "Kinds of challenge, classed here. The denominator is the cases that tell of any challenge.",
                ["Kind of challenge", "Of cases", "Cases", "Sources"],
                [0.4, 0.17, 0.25, 0.18],
                rows,
            )
        )
    table: list[Sequence[Text]] = []
    for c in desk.choice.cases:
        answered: set[str] = set()
        for p in c.of("challenge"):
            kinds_ = set(p.every("gpsa:challengeKind"))
            answers = [x for x in c.of("lesson") if kinds_ & set(x.every("gpsa:challengeKind"))]
            answered.update(x.id for x in answers)
            told: list[object] = []
            for x in answers:
                told += [f"{_sentence(x)} ", desk.refs.cite(x.sources), " "]
            table.append([[desk.shorts([c.id])], [f"{_sentence(p)} ", desk.refs.cite(p.sources)], told or ["not stated"]])  # type: ignore[list-item]
        for x in c.of("lesson"):
            if x.id not in answered:
                table.append([[desk.shorts([c.id])], ["\u2013"], [f"{_sentence(x)} ", desk.refs.cite(x.sources)]])
    blocks += [
        desk.table(
            "Challenges, and lessons that the same case draws for that kind of challenge. A lesson beside a dash stands for itself.",
            ["Case", "Challenge", "Lesson or answer"],
            [0.08, 0.44, 0.48],
            table,
        )
    ]
    return blocks


def told_patterns(desk: Desk, names: Sequence[str]) -> list[Block]:
    """What the patterns say of these cases: findings over all cases, and how many of these cases are among them."""
    if not names:
        return []
    from gpsa_graph.patterns import PATTERNS, find, read_evidence

    chosen = {c.id for c in desk.choice.cases}
    evidence = read_evidence(desk.kg)
    blocks: list[Block] = [
        Heading(1, "Patterns that hold here"),
        Para(
            [
                f"Patterns are counted over all {desk.choice.of} cases and held against chance; "
                + ("a dossier on so few cases cannot be tested by itself. " if desk.n < 10 else "these cases by themselves are no sample. ")
                + "A pattern says what was reported together, never what brought what about."
            ]
        ),
    ]
    for name in names:
        found = find(evidence, name)
        heads = [f for f in found if f.holds is None][:1]
        here = [f for f in found if f.holds and chosen & set(f.cases)]
        blocks.append(
            Para(
                [f"{PATTERNS[name].title} "]
                + [f"{f.sentence} " for f in heads]
                + ([] if here else ["None of what stands out concerns these cases."])
            )
        )
        items: list[Text] = []
        for f in sorted(here, key=lambda f: (-len(chosen & set(f.cases)), f.q or 0, f.key))[:_MOST_FINDINGS]:
            inside = sorted(chosen & set(f.cases))
            which = f" (numbers {desk.shorts(inside)})" if desk.n > 1 and len(inside) < desk.n else ""
            items.append(
                [
                    f"{f.sentence.rstrip('.')}. {counted(len(inside), 'case').capitalize()} of this dossier{which} "
                    f"{'is' if len(inside) == 1 else 'are'} among them. ",
                    desk.refs.cite(evidence_sources(desk, f.sources, inside)),
                ]
            )
        if items:
            blocks.append(Items(items))
    return blocks


def evidence_sources(desk: Desk, sources: Sequence[str], cases: Sequence[str]) -> list[str]:
    """Of the sources of a finding, those that the chosen cases cite."""
    cited = {s for c in desk.choice.cases if c.id in cases for s in c.sources}
    return sorted(set(sources) & cited)


def missing(desk: Desk) -> list[Block]:
    """What no source states: by what is asked, and case by case; and what was looked for and not found."""
    cases = desk.choice.cases
    blocks: list[Block] = [
        Heading(1, "What is missing"),
        Para(["What is not stated in the sources that were read is missing here; it is not zero, and it may well be stated elsewhere."]),
    ]
    rows: list[Sequence[Text]] = []
    for name, stated in ASKED.items():
        without = [c.id for c in cases if not list(stated(c))]
        if without:
            rows.append(
                [
                    [name[:1].upper() + name[1:]],
                    [share(len(without), desk.n)],
                    [desk.shorts(without) if len(without) < desk.n or desk.n == 1 else "all"],
                ]
            )
    if rows:
        blocks.append(
            desk.table(
                "What no source that was read states, and for which cases.", ["Not stated", "Of cases", "Cases"], [0.42, 0.2, 0.38], rows
            )
        )
    else:
        blocks.append(Para([f"Every case states each of: {listed(list(ASKED))}."]))
    gaps = [p for c in cases for p in c.of("gap")]
    if gaps:
        blocks += [
            Heading(2, "Looked for and not stated"),
            Items([[f"{desk.short(p.case)}, {p.one('gpsa:field')}: {_sentence(p)} ", desk.refs.cite(p.sources)] for p in gaps]),
        ]
    return blocks
