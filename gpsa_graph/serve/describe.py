"""Descriptions for machines: the service (SPARQL 1.1 Service Description) and the data set (VoID)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from gpsa_graph import vocab
from gpsa_graph.serve.worker import GRAPHS

if TYPE_CHECKING:
    from gpsa_graph.serve.site import Site

_SD, _FORMATS = "http://www.w3.org/ns/sparql-service-description#", "http://www.w3.org/ns/formats/"
_RESULTS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)


def _node(name: str) -> ox.NamedNode:
    if name.startswith("sd:"):
        return ox.NamedNode(_SD + name[3:])
    return ox.NamedNode(vocab.expand(name))


def service_description(site: Site, fmt: str) -> bytes:
    """What the endpoint is and can do, its limits among it. Source: W3C Recommendation "SPARQL 1.1 Service Description"
    (2013)."""
    here = f"{site.address}/sparql"
    triples: list[ox.Triple] = []

    def say(subject: str, predicate: str, value: object) -> None:
        term = _node(value) if isinstance(value, str) else ox.Literal(value) if isinstance(value, (int, float)) else value
        triples.append(ox.Triple(ox.NamedNode(subject), _node(predicate), term))  # type: ignore[arg-type]

    dataset, graph = f"{here}#dataset", f"{here}#graph"
    say(here, "rdf:type", "sd:Service")
    say(here, "sd:endpoint", here)
    say(here, "sd:supportedLanguage", "sd:SPARQL11Query")
    for name in _RESULTS:
        say(here, "sd:resultFormat", _FORMATS + name)
    say(here, "sd:defaultDataset", dataset)
    say(here, "rdfs:label", ox.Literal("Social accountability cases and who says so", language="en"))
    say(here, "dcterms:license", "https://creativecommons.org/licenses/by/4.0/")
    say(dataset, "rdf:type", "sd:Dataset")
    say(dataset, "sd:defaultGraph", graph)
    say(dataset, "dcterms:isPartOf", f"{vocab.BASE}dataset")
    say(graph, "rdf:type", "sd:Graph")
    say(graph, "void:triples", len(site.kg))
    for limit in site.limits.listed():
        one = f"{here}#limit-{limit['name']}"
        say(here, "schema:additionalProperty", one)
        say(one, "rdf:type", "schema:PropertyValue")
        say(one, "schema:name", ox.Literal(limit["name"]))
        say(one, "schema:value", limit["value"])
        say(one, "schema:unitText", ox.Literal(limit["unit"]))
        say(one, "schema:description", ox.Literal(f"{limit['about']}; past it: {limit['past']}", language="en"))
    prefixes = {**{p: vocab.PREFIXES[p] for p in ("dcterms", "rdfs", "schema", "void", "gpsa", "xsd")}, "sd": _SD}
    body = ox.serialize(sorted(triples, key=str), format=GRAPHS[fmt], prefixes=prefixes if fmt in ("ttl", "rdf") else None)
    assert body is not None
    return body


def void(site: Site) -> bytes:
    """VoID of the graph as it is served: the release's description, and for each class the properties that its things have.

    Source: W3C Interest Group Note "Describing Linked Datasets with the VoID Vocabulary" (2011).
    """
    from gpsa_graph.export.about import DATASET, Release
    from gpsa_graph.export.describe import void as described
    from gpsa_graph.export.nodes import read_nodes

    if site.endpoint:  # the graph is elsewhere and may be large: its size and partitions are asked for, its triples are not read
        text = (
            "@prefix void: <http://rdfs.org/ns/void#> .\n@prefix gpsa: <" + vocab.ONTOLOGY + "> .\n"
            f"<{DATASET}> a void:Dataset ; void:triples {len(site.kg)} .\n"
        )
    else:
        nodes = read_nodes(sorted({f"{t.subject} {t.predicate} {t.object} ." for t in site.kg.triples()}))
        text = described(nodes, Release.of(nodes, site.version, site.date), ())
    found = site.builder.rows("""SELECT ?class ?p (COUNT(*) AS ?n) WHERE { ?s a ?class ; ?p ?o } GROUP BY ?class ?p ORDER BY ?class ?p""")
    more = [f"\n<{DATASET}> void:sparqlEndpoint <{site.address}/sparql> .\n"]
    for class_, p, n in found:
        part = f"{DATASET}#class-{vocab.slug(str(class_).replace(':', '-'))}"
        inner = f"{part}-{vocab.slug(str(p).replace(':', '-'))}"
        more.append(
            f"<{part}> void:class <{vocab.expand(str(class_))}> ; void:propertyPartition <{inner}> .\n"
            f"<{inner}> void:property <{vocab.expand(str(p))}> ; void:triples {n} .\n"
        )
    return (text + "".join(more)).encode()
