"""What the explorer shows, read from the graph in a few large queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gpsa_graph.graph.knowledge import KnowledgeGraph
from gpsa_graph.graph.rows import Rows, Value

__all__ = ["Claimed", "Content", "Props", "read"]

Props = dict[str, list[Value]]
"""Property -> values, sorted."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim on a case: relation, value, and what is said about it."""

    relation: str
    value: Value
    preferred: bool
    extra: Props


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the page needs: things by name, their properties, labels of concepts, claims by case."""

    cases: dict[str, Props]
    claims: dict[str, list[Claimed]]
    parts: dict[str, dict[str, Props]]
    """Case -> name of a part -> its properties."""
    organisations: dict[str, Props]
    sources: dict[str, Props]
    labels: dict[str, str]
    broader: dict[str, list[str]]
    ladder: dict[str, int]
    region: dict[str, str] = field(default_factory=dict)
    """Country -> region."""


def read(kg: KnowledgeGraph) -> Content:
    """Read cases, what is claimed of them, their parts, the organisations, the sources and all labels."""
    cases = _things(_rows(kg, "SELECT ?s ?p ?o { ?s a gpsa:Case ; ?p ?o }"))
    direct = {(s, p, v) for s, props in cases.items() for p, values in props.items() for v in values}
    found: dict[str, Props] = _things(_rows(kg, """SELECT ?s ?p ?o { ?s a gpsa:Claim ; gpsa:about ?c ; ?p ?o . ?c a gpsa:Case
        FILTER(?p != rdf:type) }"""))
    claims: dict[str, list[Claimed]] = {name: [] for name in cases}
    for _, props in found.items():
        subject, relation, value = str(props.pop("rdf:subject")[0]), str(props.pop("rdf:predicate")[0]), props.pop("rdf:object")[0]
        if subject in claims:
            claims[subject].append(Claimed(relation, value, (subject, relation, value) in direct, props))
    parts: dict[str, dict[str, Props]] = {name: {} for name in cases}
    for name, props in _things(_rows(kg, "SELECT ?s ?p ?o { ?s gpsa:inCase ?c ; ?p ?o }")).items():
        for case in props.get("gpsa:inCase", []):
            if str(case) in parts:
                parts[str(case)][name] = props
    labels = {str(r[0]): str(r[1]) for r in sorted(_rows(kg, """SELECT ?x ?l { { ?x rdfs:label ?l } UNION { ?x skos:prefLabel ?l }
        FILTER(LANG(?l) IN ("", "en")) }"""), key=lambda r: (str(r[0]), -len(str(r[1])), str(r[1])))}
    broader: dict[str, list[str]] = {}
    for narrow, wide in _rows(kg, "SELECT ?x ?b { ?x skos:broader ?b }"):
        broader.setdefault(str(narrow), []).append(str(wide))
    return Content(
        cases=cases, claims={n: sorted(c, key=_claim_order) for n, c in claims.items()}, parts=parts,
        organisations=_things(_rows(kg, "SELECT ?s ?p ?o { ?s a gpsa:Organisation ; ?p ?o }")),
        sources=_things(_rows(kg, "SELECT ?s ?p ?o { ?s a gpsa:Source ; ?p ?o }")),
        labels=labels, broader={n: sorted(b) for n, b in broader.items()},
        ladder={str(k): int(str(n)) for k, n in _rows(kg, "SELECT ?k ?n { ?k gpsa:order ?n ; skos:inScheme ?scheme }")},
        region={str(c): str(r) for c, r in sorted(_rows(kg, "SELECT ?c ?r { ?c a gpsa:Country ; gpsa:region ?r }"), key=str)})


def _rows(kg: KnowledgeGraph, query: str) -> Iterator[tuple[Value, ...]]:
    found = kg.query(query)
    assert isinstance(found, Rows)
    return iter(found)


def _things(rows: Iterator[tuple[Value, ...]]) -> dict[str, Props]:
    found: dict[str, dict[str, set[Value]]] = {}
    for s, p, o in rows:
        found.setdefault(str(s), {}).setdefault(str(p), set()).add(o)
    return {s: {p: sorted(values, key=lambda v: (str(type(v)), str(v))) for p, values in sorted(found[s].items())} for s in sorted(found)}


def _claim_order(claim: Claimed) -> tuple[str, bool, int, str]:
    return claim.relation, not claim.preferred, -len(claim.extra.get("prov:wasDerivedFrom", [])), str(claim.value)
