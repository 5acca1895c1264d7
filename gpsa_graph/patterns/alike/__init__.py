"""What was reported for a case like mine: the cases that share most with a case or a sketch, why, and what is told of them.

Cases are compared by what sources state of them, each shared feature weighted by its rarity; no text embedding, nothing learnt
that is not in `weights.toml`. How well this predicts what was hidden is measured in benchmarks/bench_alike.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gpsa_graph.errors import ParameterError
from gpsa_graph.patterns.alike.answer import Alike, Also, Answer, Contrary, Nothing
from gpsa_graph.patterns.alike.catalogue import Catalogue, read_catalogue
from gpsa_graph.patterns.alike.counts import InUse, in_use, votes
from gpsa_graph.patterns.alike.facets import FACETS, words
from gpsa_graph.patterns.alike.ranking import Weights, rank, read_weights
from gpsa_graph.patterns.alike.reasons import Asked, Difference, Reason, differences, reasons
from gpsa_graph.patterns.alike.told import Item, Told, read_contrary, read_told
from gpsa_graph.patterns.findings import listed

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph

__all__ = ["Alike", "Also", "Answer", "Catalogue", "Contrary", "Difference", "InUse", "Item", "Near", "Nothing", "Reason", "Weights",
           "between", "like", "nearest", "rank", "read_catalogue", "read_weights", "votes"]

#: A case that shares none of these is near in place or in who takes part, not in the matter.
MATTER = ("sector", "challenge", "mechanism", "problem")
#: At least so many contrary cases are told of, where there are any close enough.
CONTRARY = 2

Said = str | Sequence[str]


def like(
    kg: KnowledgeGraph, case: str = "", *, country: Said = (), region: Said = (), sector: Said = (), challenge: Said = (),
    mechanism: Said = (), body_kind: Said = (), level: Said = (), problem: str = "", within: Said = (), most: int = 10, full: int = 4,
    weights: Weights | str | Path | None = None,
) -> Answer:
    """The cases that are most alike to a case, or to a sketch of one; what was reported there, and what stands against it.

    Give a case, or any of the others: names, ids or labels, one or several; `problem` is a text in your own words. `within` keeps
    only cases of some countries or regions, `most` cases are ranked and counted, `full` of them told in full, `weights` is a file in
    the form of `weights.toml`. Raises UnknownName with the near misses, ParameterError where nothing, or both, is asked.

    >>> from gpsa_graph import load
    >>> answer = like(load(), "mwi-mejn")
    >>> answer.cases[0].case
    'case:mwi-care-malawi'
    >>> like(load(), country="Costa Rica", sector="water and sanitation").asked
    'What was reported for a case like this: country Costa Rica; sector water and sanitation?'
    """
    catalogue = read_catalogue(kg)
    weighed = weights if isinstance(weights, Weights) else read_weights(weights)
    given = {"country": country, "region": region, "sector": sector, "challenge": challenge, "mechanism": mechanism,
             "body-kind": body_kind, "body-level": level}
    if case and (problem or any(given.values())):
        raise ParameterError("give a case or a sketch of one, not both; the features of a case are those that its sources state")
    asked = _case(kg, catalogue, case) if case else _sketch(kg, catalogue, given, problem)
    places = [_named(kg, catalogue, within, ("country", "region"))] if within else []
    ranked = [(name, score) for name, score in rank(catalogue, asked.features, weighed, asked.case)
              if all(places_of(catalogue, name) & set(wanted) for wanted in places)]
    close = _close(catalogue, asked, ranked, weighed)
    chosen = close[:max(1, most)]
    mine = read_told(kg, catalogue, asked.case) if asked.case and chosen else None
    told = [_alike(catalogue, asked, name, score, weighed, read_told(kg, catalogue, name), mine) for name, score in chosen[:max(1, full)]]
    also = [Also(name, catalogue.titles[name], _where(catalogue, name), round(score, 4),
                 tuple(reasons(catalogue, asked, name, weighed)[:3])) for name, score in chosen[max(1, full):]]
    forms = {"form": catalogue.stated["form"].get(asked.case, frozenset())}
    return Answer(
        _said(catalogue, asked), asked.case, catalogue.titles.get(asked.case, ""), tuple(told), tuple(also),
        tuple(in_use(catalogue, "mechanism", chosen, asked.features)), tuple(in_use(catalogue, "form", chosen, forms)),
        tuple(_contrary(kg, catalogue, close, len(chosen))), len(close), len(ranked), weighed,
        _nothing(catalogue, asked, ranked, weighed) if not close else None, catalogue.labels, kg.citations,
    )


class Near(NamedTuple):
    """The nearest cases, each with its weightiest reasons and their sources; how many of how many cases are close enough."""

    cases: tuple[Also, ...]
    close: int
    of: int


def nearest(kg: KnowledgeGraph, case: str, most: int = 4, *, weights: Weights | str | Path | None = None) -> Near:
    """The cases nearest to a case, for a page about it: the first of `like`, at a tenth of its cost. Raises UnknownName.

    >>> from gpsa_graph import load
    >>> near = nearest(load(), "mwi-mejn")
    >>> near.cases[0].case, bool(near.cases[0].reasons[0].sources)
    ('case:mwi-care-malawi', True)
    """
    catalogue = read_catalogue(kg)
    weighed = weights if isinstance(weights, Weights) else read_weights(weights)
    asked = _case(kg, catalogue, case)
    ranked = rank(catalogue, asked.features, weighed, asked.case)
    close = _close(catalogue, asked, ranked, weighed)
    mine = read_told(kg, catalogue, asked.case) if close else None
    cases = tuple(Also(name, catalogue.titles[name], _where(catalogue, name), round(score, 4),
                       tuple(reasons(catalogue, asked, name, weighed, read_told(kg, catalogue, name), mine)[:3]))
                  for name, score in close[:most])
    return Near(cases, len(close), len(ranked))


def between(kg: KnowledgeGraph, first: str, second: str, *, weights: Weights | str | Path | None = None) -> Alike:
    """What two given cases share, in what they differ, and what is told of the second.

    >>> from gpsa_graph import load
    >>> [r.facet for r in between(load(), "mwi-mejn", "hnd-asj").reasons[:1]]
    ['mechanism']
    """
    catalogue = read_catalogue(kg)
    weighed = weights if isinstance(weights, Weights) else read_weights(weights)
    asked, other = _case(kg, catalogue, first), _case(kg, catalogue, second).case
    score = dict(rank(catalogue, asked.features, weighed)).get(other, 0.0)
    return _alike(catalogue, asked, other, score, weighed, read_told(kg, catalogue, other), read_told(kg, catalogue, asked.case))


def places_of(catalogue: Catalogue, case: str) -> set[str]:
    """The countries and regions of a case."""
    return {*catalogue.stated["country"].get(case, ()), *catalogue.stated["region"].get(case, ())}


def _where(catalogue: Catalogue, case: str) -> tuple[str, ...]:
    return tuple(sorted(catalogue.label(c) for c in catalogue.stated["country"].get(case, ())))


def _alike(catalogue: Catalogue, asked: Asked, name: str, score: float, weights: Weights, told: Told, mine: Told | None) -> Alike:
    shared = {v for facet in ("challenge", "mechanism") for v in asked.features.get(facet, ())}
    lessons = sorted(told.lessons, key=lambda item: not shared.intersection(item.concepts))
    return Alike(name, catalogue.titles[name], _where(catalogue, name), round(score, 4),
                 tuple(reasons(catalogue, asked, name, weights, told, mine)), tuple(differences(catalogue, asked, name, told, mine)),
                 told.results, told.challenges, tuple(lessons), told.bodies)


def _contrary(kg: KnowledgeGraph, catalogue: Catalogue, close: Sequence[tuple[str, float]], counted: int) -> Iterable[Contrary]:
    found = read_contrary(kg)
    listed = 0
    for place, (name, score) in enumerate(close):
        if name in found and (place < counted or listed < CONTRARY):
            listed += 1
            yield Contrary(name, catalogue.titles[name], _where(catalogue, name), round(score, 4), found[name])


def _case(kg: KnowledgeGraph, catalogue: Catalogue, name: str) -> Asked:
    found = name if name in catalogue.titles else _named(kg, catalogue, name, ("case",))[0]
    features = catalogue.features(found)
    return Asked(found, features, {facet: catalogue.stated[facet][found] for facet in features})


def _sketch(kg: KnowledgeGraph, catalogue: Catalogue, given: dict[str, Said], problem: str) -> Asked:
    values = {facet: frozenset(_named(kg, catalogue, said, (FACETS[facet].kind,))) for facet, said in given.items() if said}
    if values.get("country"):
        values["region"] = values.get("region", frozenset()) | {up for c in values["country"] for up in catalogue.above.get(c, ())}
    if problem.strip():
        values["problem"] = frozenset(w for w in words(problem) if catalogue.n("problem", w))
    if not any(values.values()):
        raise ParameterError("nothing to compare with; give a case, or a country, region, sector, challenge, mechanism, kind of public "
                             "body, level or problem")
    return Asked("", {facet: catalogue.close(facet, found) for facet, found in values.items()}, values, problem.strip())


def _named(kg: KnowledgeGraph, catalogue: Catalogue, said: Said, kinds: Sequence[str]) -> list[str]:
    """Prefixed names of what was given as id, prefixed name, IRI or label of one of some kinds."""
    from gpsa_graph.errors import UnknownName
    from gpsa_graph.questions import Parameter
    from gpsa_graph.vocab import shorten

    found = []
    for one in [said] if isinstance(said, str) else said:
        failure: UnknownName | None = None
        for kind in kinds:
            options = {c.partition(":")[2]: t for c, t in catalogue.titles.items()} if kind == "case" else kg.options(kind)
            try:
                found.append(shorten(Parameter(kind, kind, "", "").term(one, options)[1:-1]))
                break
            except UnknownName as error:
                close = (*(failure.near if failure else ()), *error.near)
                failure = UnknownName(" or ".join(k.replace("-", " ") for k in kinds), one, near=close)
        else:
            assert failure is not None
            raise failure
    return found


def _close(catalogue: Catalogue, asked: Asked, ranked: Sequence[tuple[str, float]], weights: Weights) -> list[tuple[str, float]]:
    """The ranked cases that are near enough to be told of."""
    return [(name, score) for name, score in ranked if score >= weights.floor and _matters(catalogue, asked, name)]


def _matters(catalogue: Catalogue, asked: Asked, case: str) -> bool:
    """Whether a case shares something of the matter, where the asker states any of it."""
    wanted = [facet for facet in MATTER if asked.features.get(facet)]
    return not wanted or any(asked.features[f] & catalogue.closed[f].get(case, frozenset()) for f in wanted)


def _said(catalogue: Catalogue, asked: Asked) -> str:
    """What was asked, in words."""
    if asked.case:
        return f"What was reported for a case like {catalogue.titles[asked.case]} ({asked.case.partition(':')[2]})?"
    parts = [f"{FACETS[facet].noun if len(values) == 1 else FACETS[facet].plural} {', '.join(sorted(map(catalogue.label, values)))}"
             for facet, values in asked.given.items() if facet != "problem" and not (facet == "region" and "country" in asked.given)]
    parts += [f"the problem “{asked.problem}”"] if asked.problem else []
    return f"What was reported for a case like this: {'; '.join(parts)}?"


def _nothing(catalogue: Catalogue, asked: Asked, ranked: Sequence[tuple[str, float]], weights: Weights) -> Nothing:
    """Why nothing is close enough, and what would have to be known."""
    best = next(((name, score) for name, score in ranked if score > 0), None)
    sentence = f"Nothing close enough among {len(ranked)} cases"
    if best is None:
        sentence += ": none of them shares anything with it."
    else:
        sentence += f": the nearest, {catalogue.titles[best[0]]} ({best[0].partition(':')[2]}), "
        sentence += ("shares no sector, challenge, mechanism or problem." if best[1] >= weights.floor else
                     f"scores {best[1]:.2f}, and {weights.floor:g} is the least that counts as close.")
    needed = []
    for facet in ("country", *MATTER, "body-kind", "body-level"):
        values, f = asked.given.get(facet), FACETS[facet]
        if not values or (facet == "country" and asked.case):
            continue
        silent = sum(name not in catalogue.stated[facet] for name, _ in ranked)
        have = sum(bool(asked.given[facet] & catalogue.closed[facet].get(name, frozenset())) for name, _ in ranked)
        rest = f"; the sources of {silent} state no {f.states.partition(' ')[2]}, and for these it is not known" if silent else ""
        if facet == "problem":
            needed.append(f"Of these {len(ranked)} cases {have or 'none'} tell{'s' * (have < 2)} of a problem with a word of yours{rest}.")
            continue
        names = listed(sorted(catalogue.label(v) for v in values)[:5]) + (", or others of yours" if len(values) > 5 else "")
        what = f"the {f.noun} {names}" if len(values) == 1 else f"any of the {f.plural} {names}"
        needed.append(f"Of these {len(ranked)} cases {have or 'none'} state{'s' * (have < 2)} {what}{rest}.")
    needed.append("A case of this kind, with a source that tells of its challenges, mechanisms and results, would change this answer.")
    return Nothing(sentence, tuple(needed))
