"""What the explorer shows, read from the graph in a few large queries."""

from __future__ import annotations

from dataclasses import dataclass, field

from gpsa_graph.export.things import Props, rows_of, things_of
from gpsa_graph.graph.knowledge import KnowledgeGraph
from gpsa_graph.graph.rows import Value

__all__ = ["Claimed", "Content", "Props", "read"]


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
    cases = things_of(rows_of(kg, "SELECT ?s ?p ?o { ?s a gpsa:Case ; ?p ?o }"))
    direct = {(s, p, v) for s, props in cases.items() for p, values in props.items() for v in values}
    found: dict[str, Props] = things_of(rows_of(kg, """SELECT ?s ?p ?o { ?s a gpsa:Claim ; gpsa:about ?c ; ?p ?o . ?c a gpsa:Case
        FILTER(?p != rdf:type) }"""))
    claims: dict[str, list[Claimed]] = {name: [] for name in cases}
    for _, props in found.items():
        subject, relation, value = str(props.pop("rdf:subject")[0]), str(props.pop("rdf:predicate")[0]), props.pop("rdf:object")[0]
        if subject in claims:
            claims[subject].append(Claimed(relation, value, (subject, relation, value) in direct, props))
    parts: dict[str, dict[str, Props]] = {name: {} for name in cases}
    for name, props in things_of(rows_of(kg, "SELECT ?s ?p ?o { ?s gpsa:inCase ?c ; ?p ?o }")).items():
        for case in props.get("gpsa:inCase", []):
            if str(case) in parts:
                parts[str(case)][name] = props
    labels = {str(r[0]): str(r[1]) for r in sorted(rows_of(kg, """SELECT ?x ?l { { ?x rdfs:label ?l } UNION { ?x skos:prefLabel ?l }
        FILTER(LANG(?l) IN ("", "en")) }"""), key=lambda r: (str(r[0]), -len(str(r[1])), str(r[1])))}
    broader: dict[str, list[str]] = {}
    for narrow, wide in rows_of(kg, "SELECT ?x ?b { ?x skos:broader ?b }"):
        broader.setdefault(str(narrow), []).append(str(wide))
    return Content(
        cases=cases, claims={n: sorted(c, key=_claim_order) for n, c in claims.items()}, parts=parts,
        organisations=things_of(rows_of(kg, "SELECT ?s ?p ?o { ?s a gpsa:Organisation ; ?p ?o }")),
        sources=things_of(rows_of(kg, "SELECT ?s ?p ?o { ?s a gpsa:Source ; ?p ?o }")),
        labels=labels, broader={n: sorted(b) for n, b in broader.items()},
        ladder={str(k): int(str(n)) for k, n in rows_of(kg, "SELECT ?k ?n { ?k gpsa:order ?n ; skos:inScheme ?scheme }")},
        region={str(c): str(r) for c, r in sorted(rows_of(kg, "SELECT ?c ?r { ?c a gpsa:Country ; gpsa:region ?r }"), key=str)})




def _claim_order(claim: Claimed) -> tuple[str, bool, int, str]:
    return claim.relation, not claim.preferred, -len(claim.extra.get("prov:wasDerivedFrom", [])), str(claim.value)
