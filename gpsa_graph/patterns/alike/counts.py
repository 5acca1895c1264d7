"""Over the cases that are alike: mechanisms and forms in use, with the cases for, against and not stated; and the contrary cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gpsa_graph.patterns.alike.catalogue import Catalogue, Features

__all__ = ["InUse", "in_use", "votes"]


@dataclass(frozen=True, slots=True)
class InUse:
    """A mechanism or form of collaboration in `cases`, of `of` cases that are alike.

    `reported` are those in which some result was reported, `against` those in which one was found mixed, absent or negative,
    `silent` those that state no result; a case can stand in the first two. `yours` says whether the asked has it too.
    """

    value: str
    label: str
    cases: tuple[str, ...]
    of: int
    reported: tuple[str, ...]
    against: tuple[str, ...]
    silent: tuple[str, ...]
    score: float
    yours: bool


def votes(catalogue: Catalogue, facet: str, ranked: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The values that some cases state, in the order of the added scores of these cases; equal ones the more frequent first.

    >>> catalogue = Catalogue.of([("a", "form", "x"), ("b", "form", "x"), ("b", "form", "y")], {}, {})
    >>> votes(catalogue, "form", [("a", 0.5), ("b", 0.25)])
    [('x', 0.75), ('y', 0.25)]
    """
    found: dict[str, float] = {}
    for case, score in ranked:
        for value in catalogue.stated[facet].get(case, ()):
            found[value] = found.get(value, 0.0) + score
    return sorted(found.items(), key=lambda item: (-round(item[1], 12), -catalogue.n(facet, item[0]), item[0]))


def in_use(catalogue: Catalogue, facet: str, ranked: Sequence[tuple[str, float]], mine: Features) -> list[InUse]:
    """Each mechanism (`facet="mechanism"`), form or role among some cases, in the order of `votes`."""
    reported, against = _with(catalogue, "result"), _with(catalogue, "contrary")
    found = []
    for value, score in votes(catalogue, facet, ranked):
        cases = tuple(case for case, _ in ranked if value in catalogue.stated[facet].get(case, ()))
        found.append(InUse(
            value, catalogue.label(value), cases, len(ranked),
            tuple(c for c in cases if c in reported), tuple(c for c in cases if c in against),
            tuple(c for c in cases if c not in reported and c not in against), round(score, 6), value in mine.get(facet, frozenset())))
    return found


def _with(catalogue: Catalogue, facet: str) -> Mapping[str, frozenset[str]]:
    return catalogue.stated[facet]
