"""Why a case is alike and how it differs: sentences, each with the SPARQL ASK that proves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gpsa_graph.patterns.alike.catalogue import Catalogue, Features
from gpsa_graph.patterns.alike.facets import FACETS, ask
from gpsa_graph.patterns.alike.ranking import Weights
from gpsa_graph.patterns.alike.told import Told
from gpsa_graph.patterns.findings import listed

__all__ = ["Asked", "Difference", "Reason", "differences", "reasons"]

#: Facets in which a difference is told, in this order.
DIFFERING = ("country", "sector", "challenge", "mechanism", "body-kind", "body-level")
#: Values that one difference names at most, the rarest first.
NAMED = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: a case, or a sketch. `features` hold the broader concepts too, `given` the values as they were given."""

    case: str
    features: Features
    given: Features
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that a case shares with what was asked.

    `n` of `of` cases that state anything of the kind have it; `weight` is what it adds to the score; `path` is the chain of names
    that connects the two; `ask` is true on the graph as long as the reason holds; `sources` say so.
    """

    facet: str
    values: tuple[str, ...]
    labels: tuple[str, ...]
    sentence: str
    n: int
    of: int
    weight: float
    path: tuple[str, ...]
    ask: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in which a case differs from what was asked, or of which its sources say nothing (`silent`).

    `mine` are values that only the asked has, `theirs` those that only the case has.
    """

    facet: str
    silent: bool
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    sentence: str
    ask: str
    sources: tuple[str, ...]


def reasons(catalogue: Catalogue, asked: Asked, case: str, weights: Weights, told: Told | None = None,
            mine: Told | None = None) -> list[Reason]:
    """What a case shares with what was asked, the weightiest first. `told` and `mine` give the sources of the two."""
    theirs = catalogue.features(case)
    found = []
    for facet, values in asked.features.items():
        weight = weights.facets.get(facet, 0.0)
        shared = values & theirs.get(facet, frozenset())
        if facet == "region" and asked.features.get("country", frozenset()) & theirs.get("country", frozenset()):
            shared = frozenset()
        counted: set[str] = set()
        parts = [sorted(shared)] if facet == "problem" and shared else [[v] for v in catalogue.narrowest(shared)]
        for names in parts:
            part = {v for name in names for v in catalogue.close(facet, [name]) if v in shared} - counted
            counted |= part
            adds = weight * sum(catalogue.rarity(facet, v) for v in sorted(part))
            if adds > 0:
                found.append(_reason(catalogue, asked, case, facet, tuple(names), adds, told, mine))
    return sorted(found, key=lambda r: (-round(r.weight, 9), list(FACETS).index(r.facet), r.values))


def _reason(catalogue: Catalogue, asked: Asked, case: str, facet: str, names: tuple[str, ...], adds: float, told: Told | None,
            mine: Told | None) -> Reason:
    f = FACETS[facet]
    if facet == "problem":  # the rarest words are enough to see what the two texts have in common
        names = tuple(sorted(sorted(names, key=lambda w: (-catalogue.rarity(facet, w), w))[:6]))
        labels = names
        said = listed([f"“{w}”" for w in names])
        sentence = f"{'The problems of both are' if asked.case else 'Its problem is'} told with the words {said}"
        n = max(catalogue.n(facet, w) for w in names)
        sentence += f"; each stands in at most {n} of the {catalogue.n(facet)} cases that state a problem."
    else:
        labels = (catalogue.label(names[0]),)
        n = catalogue.n(facet, names[0])
        sentence = (f.shared if asked.case else f.found).format(x=labels[0]) + _narrower(catalogue, asked, case, facet, names[0])
        sentence += f" ({n} of the {catalogue.n(facet)} cases that state {f.states})."
    both = [(facet, who, name) for name in names for who in ((asked.case, case) if asked.case else (case,))]
    path = (asked.case, f.relation, *names, f.relation, case) if asked.case else (*names, f.relation, case)
    sources = {*(told.sources(facet, names) if told else ()), *(mine.sources(facet, names) if mine else ())}
    return Reason(facet, names, labels, sentence, n, catalogue.n(facet), round(adds, 6), path, ask(both), tuple(sorted(sources)))


def _narrower(catalogue: Catalogue, asked: Asked, case: str, facet: str, value: str) -> str:
    """In which form each side has a broad concept, where one does not state it in so many words."""
    if not FACETS[facet].broad:
        return ""
    here = _below(catalogue, facet, value, catalogue.stated[facet].get(case, frozenset()))
    mine = _below(catalogue, facet, value, asked.given.get(facet, frozenset()))
    if value in here and value in mine:
        return ""
    if not asked.case:
        return f", stated as {here[0]}" if value not in here else ""
    return f" in some form: {_named(catalogue, mine)} in yours, {_named(catalogue, here)} in this one"


def _below(catalogue: Catalogue, facet: str, value: str, stated: Iterable[str]) -> list[str]:
    return sorted(v for v in stated if value in catalogue.close(facet, [v]))


def _named(catalogue: Catalogue, values: Iterable[str]) -> str:
    return listed([catalogue.label(v) for v in values])


def differences(catalogue: Catalogue, asked: Asked, case: str, told: Told | None = None, mine: Told | None = None) -> list[Difference]:
    """In what a case differs from what was asked, facet by facet; where its sources are silent, that is said instead."""
    theirs = catalogue.features(case)
    found = []
    for facet in DIFFERING:
        f, wanted = FACETS[facet], asked.given.get(facet, frozenset())
        if not wanted:
            continue
        if facet not in theirs:
            sentence = f"Its sources state no {f.states.removeprefix('a ')}, so nothing can be compared there."
            found.append(Difference(facet, True, tuple(sorted(wanted)), (), sentence, ask(silent=[(facet, case)]), ()))
            continue
        only_mine = _rarest(catalogue, facet, (v for v in wanted if v not in theirs[facet]))
        stated = catalogue.stated[facet][case]
        only_theirs = _rarest(catalogue, facet, (v for v in stated if v not in asked.features[facet]))
        if not asked.case and facet != "country":
            only_theirs = only_theirs if not only_mine else ()
        if not only_mine and (not only_theirs or not asked.case):
            continue
        having = [(facet, case, v) for v in only_theirs] + ([(facet, asked.case, v) for v in only_mine] if asked.case else [])
        lacking = [(facet, case, v) for v in only_mine] + ([(facet, asked.case, v) for v in only_theirs] if asked.case else [])
        sources = {*(told.sources(facet, only_theirs) if told else ()), *(mine.sources(facet, only_mine) if mine else ())}
        speaking = [(facet, case)] if not only_theirs else []
        found.append(Difference(facet, False, only_mine, only_theirs, _differs(catalogue, asked, facet, only_mine, only_theirs),
                                ask(having, lacking, speaking=speaking), tuple(sorted(sources))))
    return found


def _rarest(catalogue: Catalogue, facet: str, values: Iterable[str]) -> tuple[str, ...]:
    order = sorted(catalogue.narrowest(values), key=lambda v: (-catalogue.rarity(facet, v), v))
    return tuple(sorted(order[:NAMED]))


def _differs(catalogue: Catalogue, asked: Asked, facet: str, mine: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    here, there = _named(catalogue, theirs), _named(catalogue, mine)
    if facet == "country":
        return f"It is in {here}, " + (f"yours is in {there}." if asked.case else f"not in {there}.") if here else f"It is not in {there}."
    noun = FACETS[facet].plural if len({*mine, *theirs}) > 1 else FACETS[facet].noun
    if not asked.case:
        return f"Its sources state {FACETS[facet].plural}, and {there} {'is' if len(mine) == 1 else 'are'} not among them."
    parts = [f"only {who} states {what}" for who, what in (("yours", there), ("this one", here)) if what]
    return f"{noun[0].upper()}{noun[1:]}: {'; '.join(parts)}."
