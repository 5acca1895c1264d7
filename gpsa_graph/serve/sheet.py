"""What the page of a thing shows: facts, tables and items, each with numbered sources. No HTML here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gpsa_graph.graph.claims import Source


@dataclass(slots=True)
class Value:
    """One value of a fact: its text, the address behind it, what is to be said of it, and the names of its sources."""

    text: str
    name: str = ""
    href: str = ""
    notes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(slots=True)
class Fact:
    """A relation in words and its values."""

    label: str
    values: list[Value]
    relation: str = ""


@dataclass(slots=True)
class Item:
    """A part of a thing: a text with facts below it; `about` is the organisation or person that the text names."""

    text: str
    name: str = ""
    about: str = ""
    facts: list[Fact] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    sources: tuple[str, ...] = ()


@dataclass(slots=True)
class Section:
    """A part of a page: facts, items, or a table (columns and rows of values); `note` is a sentence on what it counts, `short`
    is a title for a list of contents, `links` lead on (address, text)."""

    id: str
    title: str
    note: str = ""
    short: str = ""
    facts: list[Fact] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    rows: list[list[list[Value]]] = field(default_factory=list)
    links: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.facts or self.items or self.rows or self.note)

    def cited(self) -> Iterable[str]:
        """The names of the sources in the order in which a reader meets them."""
        for part in self.parts():
            yield from part.sources

    def parts(self) -> Iterable[Value | Item]:
        """Everything that has sources, in order."""
        for fact in self.facts:
            yield from fact.values
        for item in self.items:
            yield item
            for fact in item.facts:
                yield from fact.values
        for row in self.rows:
            for cell in row:
                yield from cell


@dataclass(slots=True)
class Sheet:
    """The page of a thing."""

    name: str
    iri: str
    kind: str
    title: str
    lead: str = ""
    sections: list[Section] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)

    def numbers(self) -> dict[str, int]:
        """Source -> its number on the page."""
        order: dict[str, int] = {}
        for section in self.sections:
            for name in section.cited():
                if name in self.sources:
                    order.setdefault(name, len(order) + 1)
        return order

    def for_a_reader(self) -> dict[str, int]:
        """Sources stand in the order of their numbers, which are given back; a long note is said once."""
        self._say_once()
        numbers = self.numbers()
        for section in self.sections:
            for part in section.parts():
                if len(part.sources) > 1:
                    part.sources = tuple(sorted(part.sources, key=lambda name: numbers.get(name, 0)))
        return numbers

    def _say_once(self) -> None:
        """A long note that stands at several facts is given at the first, and the others name that one."""
        first: dict[str, str] = {}
        for section in self.sections:
            for fact in section.facts:
                for value in fact.values:
                    notes = []
                    for note in value.notes:
                        where = first.setdefault(note, fact.label) if len(note) > 70 else fact.label
                        notes.append(note if where == fact.label else f"note as for “{where}”")
                    value.notes = tuple(dict.fromkeys(notes))

    def document(self) -> dict[str, Any]:
        """The same as values that JSON can hold."""
        return {
            "id": self.name,
            "iri": self.iri,
            "kind": self.kind,
            "label": self.title,
            **({"definition": self.lead} if self.lead else {}),
            "sections": [_section(s) for s in self.sections if s],
            "sources": {n: _source(self.sources[n]) for n in self.numbers()},
        }

    def rows(self) -> list[tuple[str, ...]]:
        """The same as rows: section, thing, relation, value, label, notes, sources."""
        found = []
        for section in self.sections:
            for fact in section.facts:
                found += [_row(section, self.name, fact, value) for value in fact.values]
            for item in section.items:
                found.append((section.title, item.name, "", "", item.text, "; ".join(item.tags), " ".join(item.sources)))
                for fact in item.facts:
                    found += [_row(section, item.name, fact, value, item.sources) for value in fact.values]
            for row in section.rows:
                for column, cell in zip(section.columns, row, strict=True):
                    found += [
                        (
                            section.title,
                            row[0][0].name or row[0][0].text,
                            column,
                            v.name,
                            v.text,
                            "; ".join((*v.marks, *v.notes)),
                            " ".join(v.sources),
                        )
                        for v in cell
                    ]
        return found


ROW_COLUMNS = ("section", "thing", "relation", "value", "label", "notes", "src")


def _row(section: Section, name: str, fact: Fact, value: Value, sources: Sequence[str] = ()) -> tuple[str, ...]:
    return (
        section.title,
        name,
        fact.relation or fact.label,
        value.name,
        value.text,
        "; ".join((*value.marks, *value.notes)),
        " ".join(value.sources or sources),
    )


def _value(value: Value) -> dict[str, Any]:
    said = {
        "label": value.text,
        "id": value.name,
        "notes": list(value.notes),
        "marks": list(value.marks),
        "src": list(value.sources),
    }
    return {k: v for k, v in said.items() if v}


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "label": fact.label,
        **({"relation": fact.relation} if fact.relation else {}),
        "values": [_value(v) for v in fact.values],
    }


def _section(section: Section) -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": section.title,
        "note": section.note,
        "facts": [_fact(f) for f in section.facts],
        "items": [
            {
                "id": i.name,
                "text": i.text,
                **({"about": i.about} if i.about else {}),
                "tags": i.tags,
                "facts": [_fact(f) for f in i.facts],
                "src": list(i.sources),
            }
            for i in section.items
        ],
        "links": [{"page": href, "text": text} for href, text in section.links],
        "rows": [{c: [_value(v) for v in cell] for c, cell in zip(section.columns, row, strict=True)} for row in section.rows],
    }
    return {k: v for k, v in said.items() if v}


def _source(source: Source) -> dict[str, Any]:
    return {
        "title": source.title,
        "publisher": source.publisher,
        "date": source.date,
        "kind": source.kind,
        "url": source.url,
        "citation": str(source),
    }
