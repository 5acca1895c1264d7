"""A dossier on the cases that match some filters: what is known of them, who says so, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gpsa_graph.errors import ParameterError
from gpsa_graph.export.choice import Choice, choose
from gpsa_graph.export.content import Content, Part, read_content
from gpsa_graph.patterns.findings import listed
from gpsa_graph.report.document import Block, Document, Figure, Heading, Para, References, Table, Text
from gpsa_graph.report.words import counted, money, share, top, years
from gpsa_graph.resources import data_version

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph

__all__ = ["MOST_CARDS", "Desk", "dossier"]

_PARTS = {"part:grantee": "lead organisation", "part:partner": "partner", "part:public-body": "public body"}
PATTERNS = ("pathways", "challenges-and-results")
MOST_CARDS = 12


@dataclass
class Desk:
    """What every chapter works with: the content, the chosen cases, the numbers of sources, and a short name for each case."""

    kg: KnowledgeGraph
    content: Content
    choice: Choice
    refs: References
    data: Path | None

    @property
    def n(self) -> int:
        return len(self.choice.cases)

    def short(self, case: str) -> str:
        """A case by its number in the table of cases, such as `Case 3`."""
        return f"Case {[c.id for c in self.choice.cases].index(case) + 1}"

    def shorts(self, cases: Sequence[str]) -> str:
        """Several cases: `1, 4, 7`."""
        order = [c.id for c in self.choice.cases]
        return ", ".join(str(order.index(c) + 1) for c in sorted(cases, key=order.index))

    def called(self, organisation: str) -> str:
        """An organisation by its label and country, which tells the ministries of two countries apart."""
        label = self.content.label(organisation)
        country = self.content.actors.get(organisation, {}).get("gpsa:country", ())
        home = self.content.label(str(country[0])) if country else ""
        return f"{label} ({home})" if home and home not in label else label

    def figure(self, name: str, caption: str, **parameters: int) -> list[Block]:
        """A figure of the same cases, or nothing where there is nothing to draw."""
        from gpsa_graph.export.figures import figure

        try:
            made = figure(self.content, name, self.choice.given, data=self.data, numbers=self.refs.numbers, **parameters)
        except ParameterError:
            return []
        foot = f" {made.drawing.caption} Figure code {made.view.code}."
        return [Figure(made, caption + foot)]

    def table(
        self, caption: str, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[Text]], right: Sequence[int] = ()
    ) -> Table:
        """A table; where the dossier is on one case, the columns that tell cases apart are left out."""
        kept = [i for i, h in enumerate(heads) if self.n > 1 or h not in ("Case", "Cases", "Of cases")]
        return Table(
            caption,
            [heads[i] for i in kept],
            [widths[i] for i in kept],
            [[row[i] for i in kept] for row in rows],
            [kept.index(i) for i in right if i in kept],
        )


def dossier(
    kg: KnowledgeGraph,
    filters: Mapping[str, Sequence[str]],
    *,
    title: str = "",
    data: Path | None = None,
    patterns: Sequence[str] = PATTERNS,
) -> Document:
    """The dossier as a document. Raises UnknownName and ParameterError as `gpsa_graph.export.choice.choose` does.

    >>> from gpsa_graph import load
    >>> dossier(load(), {"case": ["mwi-mejn"]}, patterns=()).title
    'Social Accountability Strengthening Project'
    """
    from gpsa_graph.report.chapters import challenges, missing, results, told_patterns
    from gpsa_graph.report.people import how, who

    content = read_content(kg)
    choice = choose(content, filters)
    desk = Desk(kg, content, choice, References(), data)
    version, day = data_version(data)
    blocks: list[Block] = [
        *_brief(desk),
        *_cases(desk),
        *who(desk),
        *how(desk),
        *results(desk),
        *challenges(desk),
        *told_patterns(desk, patterns),
        *missing(desk),
        *_about(desk, version, day),
    ]
    heads = [desk.called(v) if v.startswith("organisation:") else content.label(v) for values in choice.given.values() for v in values]
    name = title or (listed(heads) if heads else "All cases")
    name = name[:1].upper() + name[1:]
    lines = [
        f"A dossier on {counted(desk.n, 'case')} of social accountability ({choice.text}), of {choice.of} in the graph.",
        f"gpsa-graph, data version {version} of {day}. Licence of the data: CC BY 4.0.",
    ]
    sources = list(content.sources(desk.refs.numbers).values())
    return Document(name, lines, blocks, sources, f"gpsa-graph, data {version} of {day}, CC BY 4.0", day)


def _brief(desk: Desk) -> list[Block]:
    content, cases, n = desk.content, desk.choice.cases, desk.n
    results = [r for c in cases for r in c.results]
    bodies = {p.one("gpsa:organisation") for c in cases for p in c.of("participation") if p.one("gpsa:part") == "part:public-body"} - {""}
    society = {p.one("gpsa:organisation") for c in cases for p in c.of("participation") if content.side(p) == "society"} - {""}
    countries = content.labels_of(x for c in cases for x in c.names("gpsa:country"))
    where = f" in {listed(countries)}" if 0 < len(countries) <= 4 else f" in {len(countries)} countries" if countries else ""
    with_results, with_numbers = sum(bool(c.results) for c in cases), sum(any(r.props.get("gpsa:value") for r in c.results) for c in cases)
    dated = [y for c in cases for y in c.years if y]
    when = f", between {min(dated)} and {max(dated)}" if dated and min(dated) != max(dated) else ""
    blocks: list[Block] = [Heading(1, "In brief")]
    blocks += _organisation(desk)
    blocks.append(
        Para(
            [
                f"This dossier covers {counted(n, 'case')}{where}{when}. Sources name "
                f"{counted(len(society), 'civil society organisation')} and "
                f"{counted(len(bodies), 'public body', 'public bodies')} that took part; groups without a name of their own, such "
                f"as school committees, come on top."
            ]
        )
    )
    mechanisms = top(content, (s.name for c in cases for s in c.every("gpsa:usesMechanism")))
    if mechanisms and n > 1:
        named = listed([f"{label} ({k} of {n} cases)" for label, k in mechanisms])
        blocks.append(Para([f"{'The mechanism used most is' if len(mechanisms) == 1 else 'The mechanisms used most are'} {named}."]))
    kinds = top(content, (k for r in results for k in r.every("gpsa:resultKind")))
    if results:
        named = listed([f"{label} ({k})" for label, k in kinds])
        contrary = sum(r.one("gpsa:finding") in ("finding:mixed", "finding:none", "finding:negative") for r in results)
        told = (
            f"in {share(with_results, n)} cases; {share(with_numbers, n)} cases give a result with a number" if n > 1 else "by the sources"
        )
        blocks.append(
            Para(
                [
                    f"{counted(len(results), 'result').capitalize()} {'is' if len(results) == 1 else 'are'} told of {told}. By "
                    f"kind, most are about {named}. Of all results, {share(contrary, len(results))} "
                    f"{'is' if contrary == 1 else 'are'} mixed, absent or harmful by the word of the source."
                ]
            )
        )
    else:
        blocks.append(Para(["No source that was read states a result of these cases."]))
    rows: list[Sequence[Text]] = []
    for head, hits in (
        (
            "names a public body",
            [
                c
                for c in cases
                if any(p.one("gpsa:part") == "part:public-body" and p.props.get("gpsa:organisation") for p in c.of("participation"))
            ],
        ),
        ("states a result", [c for c in cases if c.results]),
        ("states a result with a number", [c for c in cases if any(r.props.get("gpsa:value") for r in c.results)]),
        ("states a challenge", [c for c in cases if c.of("challenge")]),
        ("states an amount of money", [c for c in cases if c.every("gpsa:amount")]),
        ("is cited from an independent evaluation", [c for c in cases if _evaluated(desk, c.sources)]),
    ):
        rows.append(
            [
                [f"A source {head}" if not head.startswith("is") else f"The case {head}"],
                [share(len(hits), n) if n > 1 else "yes" if hits else "no"],
            ]
        )
    caption = "Summary numbers. The denominator is all cases of this dossier." if n > 1 else "What is known, in short."
    blocks.append(Table(caption, ["", "Number of cases" if n > 1 else ""], [0.7, 0.3], rows, right=(1,)))
    return blocks


def _evaluated(desk: Desk, names: Sequence[str]) -> bool:
    return any(s.kind == "independent evaluation" for s in desk.content.sources(names).values())


def _organisation(desk: Desk) -> list[Block]:
    """A paragraph on each organisation that the dossier is about."""
    blocks: list[Block] = []
    for name in desk.choice.given.get("organisation", ()):
        about = desk.content.actors.get(name, {})
        label = desk.content.label
        kind, level = (label(str((about.get(p) or ("",))[0])) if about.get(p) else "" for p in ("gpsa:kind", "gpsa:level"))
        country = label(str(about["gpsa:country"][0])) if about.get("gpsa:country") else ""
        also = [str(x) for x in about.get("skos:altLabel", ())]
        src = [str(x) for x in about.get("dcterms:source", ())]
        where = f" of {country}" if country else ""
        words = f"{label(name)} is listed here as a {kind}{where}" + (f", at the {level} level of government" if level else "")
        blocks.append(Para([words + (f"; also called {listed(also)}" if also else "") + ". ", desk.refs.cite(src)]))
        parts = [p for c in desk.choice.cases for p in c.of("participation") if p.one("gpsa:organisation") == name]
        rows: list[Sequence[Text]] = [
            [
                [f"{desk.short(p.case)}: {desk.content.label(p.case)}"],
                [_PARTS.get(p.one("gpsa:part"), "")],
                [_role(p)],
                [desk.refs.cite(p.sources)],
            ]
            for p in parts
        ]
        blocks.append(
            desk.table(
                f"What {label(name)} did in each case, as sources tell it.",
                ["Case", "Part", "Role", "Sources"],
                [0.3, 0.13, 0.43, 0.14],
                rows,
            )
        )
    return blocks


def _role(part: Part) -> str:
    return "; ".join(part.every("gpsa:role")) or "not stated"


def _cases(desk: Desk) -> list[Block]:
    content = desk.content
    rows: list[Sequence[Text]] = []
    for i, c in enumerate(desk.choice.cases, 1):
        lead = [content.who(p) for p in c.of("participation") if p.one("gpsa:part") == "part:grantee"]
        cited = [
            s
            for r in (
                "dcterms:title",
                "gpsa:country",
                "gpsa:sector",
                "gpsa:hasGrantee",
                "gpsa:startDate",
                "gpsa:approvalDate",
                "gpsa:closingDate",
                "gpsa:amount",
            )
            for said in c.every(r)
            for s in said.sources
        ]
        rows.append(
            [
                [str(i)],
                [c.title],
                [", ".join(content.labels_of(c.names("gpsa:country"))) or "not stated"],
                [years(c)],
                [", ".join(content.labels_of(c.names("gpsa:sector"))) or "not stated"],
                [", ".join(lead) or "not stated"],
                [money(c) or "not stated"],
                [desk.refs.cite(cited)],
            ]
        )
    blocks: list[Block] = [Heading(1, "The case" if desk.n == 1 else "The cases")]
    if desk.n == 1:
        blocks += _one_case(desk)
        blocks += desk.figure("ego", "The case as cards.") if len(desk.choice.cases[0].of("participation")) <= MOST_CARDS else []
    else:
        blocks.append(
            Table(
                f"The {desk.n} cases of this dossier. Other tables name cases by these numbers.",
                ["No.", "Case", "Country", "Years", "Sectors", "Lead organisation", "Amount", "Sources"],
                [0.05, 0.22, 0.11, 0.08, 0.18, 0.16, 0.1, 0.1],
                rows,
            )
        )
        if len({x for c in desk.choice.cases for x in c.names("gpsa:country")}) > 3:
            blocks += desk.figure("map", "Where the cases are.")
        blocks += desk.figure("swimlane", "When the cases ran, by region.") if desk.n > 2 else []
    return blocks


def _one_case(desk: Desk) -> list[Block]:
    case, content = desk.choice.cases[0], desk.content
    blocks: list[Block] = []
    for head, relation in (("What was wrong before", "gpsa:problem"), ("What it set out to reach", "gpsa:objective")):
        for said in case.every(relation):
            blocks.append(Para([f"{head}: {str(said.value).rstrip('.')}. ", desk.refs.cite(said.sources)]))
    rows: list[Sequence[Text]] = []
    for head, relation in (
        ("Country", "gpsa:country"),
        ("Places", "gpsa:place"),
        ("Sectors", "gpsa:sector"),
        ("Programme", "gpsa:programme"),
        ("Call", "gpsa:call"),
        ("Approved", "gpsa:approvalDate"),
        ("Started", "gpsa:startDate"),
        ("Closed", "gpsa:closingDate"),
        ("Amount", "gpsa:amount"),
        ("Scope", "gpsa:scope"),
        ("Status", "gpsa:status"),
    ):
        for said in case.every(relation):
            shown = money(case) if relation == "gpsa:amount" else content.label(said.name)
            notes = [n for n, on in (("inferred", said.inferred), ("sources disagree", said.disputed)) if on]
            rows.append([[head], [shown + (f" ({'; '.join(notes)})" if notes else "")], [desk.refs.cite(said.sources)]])
            head = ""
    return [*blocks, Table("Identity card of the case.", ["", "", "Sources"], [0.2, 0.62, 0.18], rows)]


def _about(desk: Desk, version: str, day: str) -> list[Block]:
    cite = "A number in square brackets leads to the list of sources at the end; several numbers mean that several sources say so."
    return [
        Heading(1, "How to read this dossier"),
        Para(
            [
                f"Everything here comes out of the gpsa-graph, data version {version} of {day}. {cite} What is classed (kinds, "
                f"roles, forms, findings) is our "
                "reading of a source; what is told stands in the words of the case files, close to those of the source. Where "
                "sources disagree, the better backed value "
                "is shown and the others are kept in the graph. That two things were reported in one case does not say that one "
                "brought about the other. The cases were "
                "chosen because something could be read about them; they are no sample of all such work, and what no source states "
                "is not zero."
            ]
        ),
    ]
