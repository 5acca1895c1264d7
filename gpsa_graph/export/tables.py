"""The graph as tables: how rows are made of things. Which tables there are stands in `codebook`.

Names are prefixed (`case:mwi-mejn`), as in the answers to questions. A cell with several names parts them with a space, one
with several texts with ` | `. Every row names its sources in `src`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gpsa_graph.export.nodes import Nodes, kind, literal, short
from gpsa_graph.export.rows import csv_line

#: Prefixed property (or the name of something worked out here) -> values as N-Triples terms.
Facts = Mapping[str, list[str]]
Source = Callable[[Nodes], Iterator[tuple[str, Facts]]]

NAMES, TEXTS = " ", " | "


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the property it shows and what that means.

    Without `shows` it holds the name of the thing itself. `refers` is the table its names lead to; `lists` what parts
    several values; `type` a type of Table Schema.
    """

    name: str
    shows: str
    about: str
    type: str = "string"
    refers: str = ""
    lists: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a row for each thing that `source` finds, sorted by the columns of the key."""

    name: str
    title: str
    key: tuple[str, ...]
    source: Source
    columns: tuple[Column, ...]

    def cells(self, nodes: Nodes) -> list[list[str]]:
        """The cells of every row."""
        found = [[_cell(subject, facts, column) for column in self.columns] for subject, facts in self.source(nodes)]
        at = [i for i, c in enumerate(self.columns) if c.name in self.key]
        return sorted(found, key=lambda cells: [cells[i] for i in at])

    def csv(self, nodes: Nodes) -> str:
        """The table as CSV with headings."""
        return csv_line(c.name for c in self.columns) + "".join(map(csv_line, self.cells(nodes)))


def _cell(subject: str, facts: Facts, column: Column) -> str:
    if not column.shows:
        return short(subject)
    return (column.lists or TEXTS).join(sorted(map(_plain, facts.get(column.shows, ()))))


def _plain(term: str) -> str:
    return short(term) if term.startswith("<") else literal(term)[0]


def things(name: str) -> Source:
    """Every thing of a kind, with what is said of it."""
    def found(nodes: Nodes) -> Iterator[tuple[str, Facts]]:
        for subject, node in nodes.items():
            if kind(subject) == name:
                yield subject, {short(p): values for p, values in node.items()}

    return found


def cases(nodes: Nodes) -> Iterator[tuple[str, Facts]]:
    """Every case; `sources` are those of all its claims."""
    cited: dict[str, set[str]] = {}
    for _, claim in things("claim")(nodes):
        cited.setdefault(claim["gpsa:about"][0], set()).update(claim["prov:wasDerivedFrom"])
    for subject, facts in things("case")(nodes):
        yield subject, {**facts, "sources": sorted(cited.get(subject, ()))}


def claims(nodes: Nodes) -> Iterator[tuple[str, Facts]]:
    """Every claim; `label` is that of its value, `type` the type of its value, `direct` whether it is the preferred value."""
    for subject, claim in things("claim")(nodes):
        about, relation, value = (claim["rdf:" + n][0] for n in ("subject", "predicate", "object"))
        direct = value in nodes[about].get(relation, ())
        yield subject, {**claim, "label": _label(nodes.get(value, {})), "type": [f'"{_type(value)}"'],
                        "direct": [f'"{str(direct).lower()}"']}


def uses(nodes: Nodes) -> Iterator[tuple[str, Facts]]:
    """Every claim that a case uses a mechanism."""
    return ((s, c) for s, c in things("claim")(nodes) if short(c["rdf:predicate"][0]) == "gpsa:usesMechanism")


def concepts(nodes: Nodes) -> Iterator[tuple[str, Facts]]:
    """Every concept with its English label and definition; `scheme` is the name of its scheme."""
    for subject, node in nodes.items():
        facts = {short(p): values for p, values in node.items()}
        if schemes := facts.get("skos:inScheme"):
            yield subject, {**facts, "label": _label(node), "scheme": [f'"{short(s).rpartition("/")[2]}"' for s in schemes],
                            "definition": _english(facts.get("skos:definition", []))}


def _label(node: Facts) -> list[str]:
    facts = {short(p): values for p, values in node.items()}
    return facts.get("rdfs:label") or _english(facts.get("skos:prefLabel", []))


def _english(values: list[str]) -> list[str]:
    return [v for v in values if v.endswith('"@en')]


def _type(value: str) -> str:
    if value.startswith("<"):
        return "name"
    _, lang, datatype = literal(value)
    return lang or (short(datatype) if datatype else "xsd:string")
