"""The cases as sets of features, read once through the stored questions; everything that ranks and counts starts from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from gpsa_graph.errors import UnknownName
from gpsa_graph.patterns.alike.facets import FACETS, words
from gpsa_graph.vocab import near

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph

__all__ = ["Catalogue", "Features", "read_catalogue"]

#: Facet -> values.
Features = Mapping[str, frozenset[str]]
_COUNTED = ("form", "role", "result", "contrary")
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Catalogue:
    """What each case states. `stated` holds its values by facet, `closed` the same with every broader concept.

    `having` gives the cases of a value (broader ones included) by facet, `titles` and `labels` what people call things.
    """

    cases: tuple[str, ...]
    titles: Mapping[str, str]
    stated: Mapping[str, Mapping[str, frozenset[str]]]
    closed: Mapping[str, Mapping[str, frozenset[str]]]
    having: Mapping[str, Mapping[str, tuple[str, ...]]]
    labels: Mapping[str, str]
    above: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, facts: Iterable[tuple[str, str, str]], labels: Mapping[str, str], above: Mapping[str, tuple[str, ...]]) -> Catalogue:
        """The catalogue of facts (case, facet, value); `above` gives the broader concepts of a concept."""
        titles: dict[str, str] = {}
        stated: dict[str, dict[str, set[str]]] = {name: {} for name in (*FACETS, *_COUNTED)}
        for case, facet, value in facts:
            if facet == "title":
                titles[case] = value
            else:
                stated[facet].setdefault(case, set()).update(words(value) if facet == "problem" else (value,))
        reach: dict[str, frozenset[str]] = {}

        def closure(value: str) -> frozenset[str]:
            if value not in reach:
                reach[value] = _NONE  # a circle of broader concepts ends here
                reach[value] = frozenset({value}).union(*(closure(up) for up in above.get(value, ())))
            return reach[value]

        plain = {facet: {case: frozenset(values) for case, values in sorted(found.items())} for facet, found in stated.items()}
        closed = {
            facet: {case: _NONE.union(*map(closure, values)) for case, values in plain[facet].items()} if f.broad else plain[facet]
            for facet, f in FACETS.items()
        }
        having: dict[str, dict[str, list[str]]] = {}
        for facet, found in (*closed.items(), *((name, plain[name]) for name in _COUNTED)):
            lists = having.setdefault(facet, {})
            for case, values in found.items():
                for value in values:
                    lists.setdefault(value, []).append(case)
        return cls(
            tuple(sorted(titles)), titles, plain, closed,
            {facet: {value: tuple(cases) for value, cases in lists.items()} for facet, lists in having.items()}, labels, above,
        )

    def features(self, case: str) -> Features:
        """What a case has, broader concepts included. Raises UnknownName for a case that is not there."""
        if case not in self.titles:
            names = [name.partition(":")[2] for name in self.cases]
            raise UnknownName("case", case.partition(":")[2], near=near(case.partition(":")[2], names))
        return {facet: found[case] for facet, found in self.closed.items() if case in found}

    def close(self, facet: str, values: Iterable[str]) -> frozenset[str]:
        """Values with every broader concept, where the facet counts these."""
        found, todo = set(), list(values)
        while todo:
            value = todo.pop()
            if value not in found:
                found.add(value)
                todo += self.above.get(value, ()) if FACETS[facet].broad else ()
        return frozenset(found)

    def n(self, facet: str, value: str = "") -> int:
        """How many cases have a value, or state anything in the facet."""
        return len(self.having[facet].get(value, ())) if value else len(self.stated[facet])

    def rarity(self, facet: str, value: str) -> float:
        """log2(cases that state the facet / cases that have the value); a value that no case has counts as half a case.

        P. Resnik, IJCAI 1995, measures what a shared class says in this way; C. Pesquita et al., BMC Bioinformatics 9 (2008)
        S4, add it up over the broader classes as well.
        """
        return log2(max(1, self.n(facet)) / (self.n(facet, value) or 0.5)) if self.n(facet) else 0.0

    def label(self, value: str) -> str:
        """What people call a concept, country, organisation or case."""
        return self.labels.get(value) or self.titles.get(value) or value.partition(":")[2] or value

    def narrowest(self, values: Iterable[str]) -> list[str]:
        """Values without those that stand above another one of them, sorted."""
        kept = set(values)
        covered = {up for value in kept for up in self._over(value)}
        return sorted(kept - covered)

    def _over(self, value: str) -> set[str]:
        found: set[str] = set()
        todo = list(self.above.get(value, ()))
        while todo:
            up = todo.pop()
            if up not in found:
                found.add(up)
                todo += self.above.get(up, ())
        return found


_KEPT: WeakKeyDictionary[KnowledgeGraph, Catalogue] = WeakKeyDictionary()


def read_catalogue(kg: KnowledgeGraph) -> Catalogue:
    """The catalogue of a graph; read when it is first asked for, kept as long as the graph is.

    >>> from gpsa_graph import load
    >>> catalogue = read_catalogue(load())
    >>> catalogue.n("mechanism", "mechanism:community-scorecard") > 10
    True
    """
    found = _KEPT.get(kg)
    if found is None:
        labels: dict[str, str] = {}
        above: dict[str, set[str]] = {}
        for concept, label, broader in kg.whole("concepts-and-what-stands-above-them"):
            labels[concept] = label
            if broader:
                above.setdefault(concept, set()).add(broader)
        labels |= {f"organisation:{name}": label for name, label in kg.options("organisation").items()}
        facts = ((case, facet, value) for case, facet, value in kg.whole("features-that-cases-can-share"))
        found = _KEPT[kg] = Catalogue.of(facts, labels, {value: tuple(sorted(ups)) for value, ups in above.items()})
    return found
