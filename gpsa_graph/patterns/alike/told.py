"""What is told of one case: results, challenges, lessons and public bodies, and the sources of each feature it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from gpsa_graph.patterns.alike.catalogue import Catalogue
from gpsa_graph.vocab import near

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph

__all__ = ["Item", "Told", "as_figure", "read_contrary", "read_told"]

_CLAIM = {"gpsa:usesMechanism": "mechanism", "gpsa:sector": "sector", "gpsa:country": "country", "gpsa:problem": "problem"}
#: The order in which results are shown: what was assessed first (and of it what was not found), then by kind, then those with numbers.
_ORDER = ("finding:none", "finding:negative", "finding:mixed", "finding:positive", "finding:not-assessed")
_KINDS = tuple(f"result-kind:{kind}" for kind in (
    "service-outcome", "negative-effect", "government-responsiveness", "policy-legal-change", "budget-resource-change", "service-output",
    "scale-sustainability", "collaboration-platform", "transparency-information", "citizen-engagement", "capacity", "learning"))


_CONTRARY: WeakKeyDictionary[KnowledgeGraph, Mapping[str, tuple[Item, ...]]] = WeakKeyDictionary()
_TOLD: WeakKeyDictionary[KnowledgeGraph, dict[str, Told]] = WeakKeyDictionary()
_TELLS, _CONTRARY_TO = "what-is-told-of-a-case", "which-results-were-not-reached"
#: Of so many cases of a graph is kept what is told of them; then it is read anew.
_MOST_KEPT = 400


@dataclass(frozen=True, slots=True)
class Item:
    """A result, challenge, lesson or public body. `concepts` are what it is classed by, `figure` its number in words."""

    what: str
    name: str
    text: str
    label: str
    concepts: tuple[str, ...]
    finding: str
    figure: str
    sources: tuple[str, ...]

    def of(self, scheme: str) -> list[str]:
        """The concepts of one scheme."""
        return [name for name in self.concepts if name.startswith(scheme + ":")]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a case. `behind` gives the sources of a feature by facet and value, broader values included."""

    case: str
    results: tuple[Item, ...]
    challenges: tuple[Item, ...]
    lessons: tuple[Item, ...]
    bodies: tuple[Item, ...]
    behind: Mapping[tuple[str, str], tuple[str, ...]]

    def sources(self, facet: str, values: Iterable[str]) -> tuple[str, ...]:
        """The sources of some values of a facet, sorted; a region stands on the sources of the country."""
        found = {s for value in values for s in self.behind.get((facet, value), ())}
        if facet == "region":
            found = {s for (name, _), sources in self.behind.items() if name == "country" for s in sources}
        if facet == "problem":
            found = {s for (name, _), sources in self.behind.items() if name == "problem" for s in sources}
        return tuple(sorted(found))


def as_figure(row: Mapping[str, str]) -> str:
    """Indicator, baseline, value, unit and year of a result in words; empty where it has no value and no year.

    >>> as_figure({"indicator": "births in a clinic", "baseline": "40", "value": "55", "unit": "per cent", "year": "2017"})
    'births in a clinic: from 40 to 55 per cent, 2017'
    """
    number = " ".join(row[k] for k in ("value", "unit") if row.get(k)) if row.get("value") else ""
    if number and row.get("baseline"):
        number = f"from {row['baseline']} to {number}"
    named = f"{row['indicator']}: {number}" if number and row.get("indicator") else number
    return ", ".join(x for x in (named, row.get("year")) if x)


def read_told(kg: KnowledgeGraph, catalogue: Catalogue, case: str) -> Told:
    """What is told of a case (prefixed name); kept for the next time it is asked for. Raises UnknownName for one that is not there."""
    kept = _TOLD.setdefault(kg, {})
    found = kept.get(case)
    if found is None:
        found = _read_told(kg, catalogue, case)
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[case] = found
    return found


def _read_told(kg: KnowledgeGraph, catalogue: Catalogue, case: str) -> Told:
    if case not in catalogue.titles:
        from gpsa_graph.errors import UnknownName

        names = [name.partition(":")[2] for name in catalogue.cases]
        raise UnknownName("case", case.partition(":")[2], near=near(case.partition(":")[2], names))
    behind: dict[tuple[str, str], set[str]] = {}
    items: dict[str, list[Item]] = {"gpsa:Result": [], "gpsa:Challenge": [], "gpsa:Lesson": [], "gpsa:Participation": []}

    def stands(facet: str, value: str, sources: Iterable[str]) -> None:
        for name in catalogue.close(facet, [value]):
            behind.setdefault((facet, name), set()).update(sources)

    for row in _rows(kg, _TELLS, kg.of_one(_TELLS, case)):
        what, sources, concepts = row["what"], tuple(row["src"].split()), tuple(row["concepts"].split())
        if what in _CLAIM:
            if what == "gpsa:problem" or row["text"] in catalogue.stated[_CLAIM[what]].get(case, ()):
                stands(_CLAIM[what], row["text"], sources)
            continue
        if what not in items:
            continue
        if what == "gpsa:Participation":
            if row["organisation"]:
                stands("organisation", row["organisation"], sources)
            if "part:public-body" not in concepts:
                continue
            for facet, scheme in (("body-kind", "actor:"), ("body-level", "government-level:")):
                for name in concepts:
                    if name.startswith(scheme):
                        stands(facet, name, sources)
        if what == "gpsa:Challenge":
            for name in concepts:
                stands("challenge", name, sources)
        figure = as_figure(row) if what == "gpsa:Result" else ""
        items[what].append(Item(what.partition(":")[2].lower(), row["item"], row["text"], row["label"], concepts, row["finding"],
                                figure, sources))
    stands_on = {key: tuple(sorted(found)) for key, found in sorted(behind.items())}
    return Told(case, tuple(_in_order(items["gpsa:Result"])), tuple(items["gpsa:Challenge"]), tuple(items["gpsa:Lesson"]),
                tuple(items["gpsa:Participation"]), stands_on)


def read_contrary(kg: KnowledgeGraph) -> Mapping[str, tuple[Item, ...]]:
    """By case, the results that were looked for and found mixed, absent or negative; read once for a graph."""
    kept = _CONTRARY.get(kg)
    if kept is None:
        found: dict[str, list[Item]] = {}
        for row in _rows(kg, _CONTRARY_TO, kg.whole(_CONTRARY_TO)):
            found.setdefault(row["case"], []).append(Item(
                "result", row["item"], row["text"], "", (row["concepts"],), row["finding"], as_figure(row), tuple(row["src"].split())))
        kept = _CONTRARY[kg] = {case: tuple(_in_order(items)) for case, items in found.items()}
    return kept


def _rows(kg: KnowledgeGraph, question: str, found: Iterable[tuple[str, ...]]) -> Iterable[dict[str, str]]:
    """Rows of texts by the columns of their question."""
    columns = tuple(kg.question(question).columns)
    return (dict(zip(columns, row, strict=True)) for row in found)


def _in_order(results: Iterable[Item]) -> list[Item]:
    def place(item: Item) -> tuple[int, int, bool, str, str]:
        finding = _ORDER.index(item.finding) if item.finding in _ORDER else len(_ORDER)
        kind = min((_KINDS.index(c) for c in item.concepts if c in _KINDS), default=len(_KINDS))
        return finding, kind, not _number(item), item.text, item.name

    return sorted(results, key=place)


def _number(item: Item) -> bool:
    return any(c.isdigit() for c in item.figure.rpartition(",")[0] or "")
