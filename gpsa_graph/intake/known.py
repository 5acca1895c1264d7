"""What a text may mean: the things of the authority lists, or of a graph, with every spelling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gpsa_graph.cases.authority import Authority
from gpsa_graph.graph.look import fold

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph

__all__ = ["Known", "known_in_graph", "known_in_lists"]


@dataclass(frozen=True, slots=True)
class Known:
    """A thing that a text may mean. `names` are other spellings, `countries` three-letter codes, `sort` the finer kind (ministry)."""

    id: str
    kind: str
    label: str
    names: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    sort: str = ""


def known_in_lists(authority: Authority) -> Iterator[Known]:
    """Organisations, places, countries and mechanisms of the authority lists; ids as in the lists."""
    for body in authority.organisation.values():
        names = tuple(filter(None, (body.acronym, *body.also.split(" | "))))
        yield Known(body.id, "organisation", body.name, names, frozenset(filter(None, [body.country])), body.kind)
    for place in authority.place.values():
        yield Known(place.id, "place", place.name, tuple(filter(None, place.also.split(" | "))), frozenset([place.country]), place.kind)
    for land in authority.country.values():
        yield Known(land.id, "country", land.name, tuple(filter(None, (land.iso2,))), frozenset([land.id]))
    others: dict[str, list[str]] = defaultdict(list)
    for label, name in authority.labels["mechanism"].items():
        others[name].append(label.replace("-", " "))
    for name, label in authority.concept["mechanism"].items():
        yield Known(name, "mechanism", label, tuple(sorted({o for o in others[name] if o != fold(label)})))


def known_in_graph(
    kg: KnowledgeGraph, kinds: Sequence[str] = ("case", "organisation", "place", "country", "mechanism", "sector", "programme")
) -> list[Known]:
    """Things of a graph under their prefixed names, with every spelling, their countries and their finer kind.

    >>> from gpsa_graph import load
    >>> [k.label for k in known_in_graph(load(), ("country",)) if k.id == "country:MWI"]
    ['Malawi']
    """
    labels = {f"{kind}:{name}": (kind, label) for kind in kinds for name, label in kg.options(kind).items()}
    names: dict[str, list[str]] = defaultdict(list)
    countries: dict[str, set[str]] = defaultdict(set)
    sorts: dict[str, str] = {}
    rows = kg.query("""SELECT ?x ?p ?o WHERE {
        VALUES ?p { skos:altLabel dcterms:alternative gpsa:worldBankProject skos:notation gpsa:iso3 gpsa:country gpsa:kind } ?x ?p ?o }""")
    assert not isinstance(rows, (bool, str))
    for x, p, o in rows:
        thing, relation, said = str(x), str(p), str(o)
        if thing not in labels:
            continue
        if relation == "gpsa:country":
            countries[thing].add(said.partition(":")[2])
        elif relation == "gpsa:kind":
            sorts[thing] = said.partition(":")[2]
        else:
            names[thing].append(said)
    return [
        Known(
            thing,
            kind,
            label,
            tuple(sorted(set(names[thing]))),
            frozenset([thing.partition(":")[2]] if kind == "country" else countries[thing]),
            sorts.get(thing, ""),
        )
        for thing, (kind, label) in labels.items()
    ]
