"""Descriptions of the release in RDF: VoID for what is in the graph, DCAT 3 for its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from gpsa_graph import vocab
from gpsa_graph.export.about import CREATOR, DATASET, DOWNLOAD, KEYWORDS, LICENCE, TITLE, File, Release
from gpsa_graph.export.nodes import Nodes, short
from gpsa_graph.export.turtle import turtle_of_a_description

#: Links out of the graph that VoID counts, by property.
MATCHES = tuple(vocab.term("skos:" + n) for n in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"))
_TYPE = vocab.term("rdf:type")
_MORE = {"spdx": "http://spdx.org/rdf/terms#", "formats": "http://www.w3.org/ns/formats/"}
_FORMATS = {".ttl": "Turtle", ".nt": "N-Triples", ".nq": "N-Quads", ".jsonld": "JSON-LD"}
_IANA = "https://www.iana.org/assignments/media-types/"
_RDF_1_2 = "https://www.w3.org/TR/rdf12-turtle/"


def _iri(text: str) -> str:
    return f"<{text}>"


def _part(name: str) -> str:
    return _iri(f"{DATASET}#{name}")


def _term(name: str) -> str:
    prefix, _, local = name.partition(":")
    return _iri(_MORE[prefix] + local) if prefix in _MORE else vocab.term(name)


def _describe(nodes: Nodes, subject: str, kind: str, facts: Mapping[str, str | Iterable[str]]) -> str:
    """Add a thing with its type and facts (prefixed property -> terms); gives its name back."""
    node = nodes.setdefault(subject, {})
    for name, values in {"rdf:type": _term(kind), **facts}.items():
        node.setdefault(_term(name), []).extend([values] if isinstance(values, str) else values)
    return subject


def _common(release: Release) -> dict[str, str]:
    return {"dcterms:title": vocab.literal(TITLE, lang="en"), "dcterms:description": vocab.literal(release.description, lang="en"),
            "dcterms:creator": vocab.literal(CREATOR), "dcterms:license": _iri(LICENCE),
            "dcterms:issued": vocab.date(release.date)}


def void(nodes: Nodes, release: Release, dumps: Iterable[File]) -> str:
    """VoID: counts of the graph, a partition for each class and property, vocabularies, and a linkset for each outside space.

    Source: W3C Interest Group Note "Describing Linked Datasets with the VoID Vocabulary" (2011).
    """
    classes: Counter[str] = Counter(c for node in nodes.values() for c in set(node.get(_TYPE, ())))
    predicates: Counter[str] = Counter()
    for node in nodes.values():
        predicates.update({p: len(values) for p, values in node.items()})
    objects = {v for node in nodes.values() for values in node.values() for v in values}
    spaces = sorted({vocab.PREFIXES[short(t).partition(":")[0]] for t in (*classes, *predicates) if short(t) != t[1:-1]})
    made: Nodes = {}
    files = sorted(dumps, key=lambda f: f.path)
    dataset = _describe(made, _iri(DATASET), "void:Dataset", {
        **_common(release), "void:triples": vocab.integer(release.triples), "void:entities": vocab.integer(sum(
            s.startswith(vocab.BASE, 1) for s in nodes)),
        "void:distinctSubjects": vocab.integer(len(nodes)), "void:distinctObjects": vocab.integer(len(objects)),
        "void:classes": vocab.integer(len(classes)), "void:properties": vocab.integer(len(predicates)),
        "void:uriSpace": vocab.literal(vocab.BASE), "void:vocabulary": map(_iri, spaces),
        "void:exampleResource": [vocab.node("case", "idn-wahana-visi")] if vocab.node("case", "idn-wahana-visi") in nodes else [],
        "void:dataDump": [_iri(f.address) for f in files],
        "void:feature": sorted({_term(f"formats:{n}") for f in files for e, n in _FORMATS.items() if f.path.endswith(e)}),
    })
    for found, link, what, count, word in ((classes, "void:classPartition", "void:class", "void:entities", "class"),
                                           (predicates, "void:propertyPartition", "void:property", "void:triples", "property")):
        for term, number in sorted(found.items()):
            name = short(term).replace(":", "-") if short(term) != term[1:-1] else vocab.digest(term)
            part = _describe(made, _part(f"{word}-{name}"), "void:Dataset", {what: term, count: vocab.integer(number)})
            _describe(made, dataset, "void:Dataset", {link: part})
    _linksets(nodes, made, dataset)
    return turtle_of_a_description(_single(made), f"What is in gpsa-graph {release.version} of {release.date}: VoID", _MORE)


def _linksets(nodes: Nodes, made: Nodes, dataset: str) -> None:
    links: Counter[tuple[str, str]] = Counter()
    for node in nodes.values():
        for predicate in MATCHES:
            links.update((predicate, _space(v)) for v in node.get(predicate, ()) if not v.startswith(vocab.BASE, 1))
    for (predicate, space), number in sorted(links.items()):
        target = _describe(made, _part(f"target-{vocab.slug(space)}"), "void:Dataset", {"void:uriSpace": vocab.literal(space)})
        linkset = _describe(made, _part(f"links-{short(predicate).partition(':')[2]}-{vocab.slug(space)}"), "void:Linkset", {
            "void:linkPredicate": predicate, "void:subjectsTarget": dataset, "void:objectsTarget": target,
            "void:triples": vocab.integer(number)})
        _describe(made, dataset, "void:Dataset", {"void:subset": linkset})


def _space(term: str) -> str:
    """The part of an IRI up to its last slash or hash."""
    iri = term[1:-1].rstrip("/")
    return iri[:max(iri.rfind("/"), iri.rfind("#")) + 1]


def dcat(release: Release, files: Iterable[File]) -> str:
    """DCAT 3: the data set with its version, and each file with address, media type, size and SHA-256 sum.

    Source: W3C Recommendation "Data Catalog Vocabulary (DCAT) - Version 3" (2024).
    """
    made: Nodes = {}
    dataset = _describe(made, _iri(DATASET), "dcat:Dataset", {
        **_common(release), "dcat:version": vocab.literal(release.version), "dcterms:identifier": vocab.literal(DATASET),
        "dcat:keyword": [vocab.literal(k, lang="en") for k in KEYWORDS], "dcat:landingPage": _iri(vocab.BASE),
        "dcterms:language": _iri("http://id.loc.gov/vocabulary/iso639-1/en"), "dcterms:conformsTo": _iri(vocab.ONTOLOGY.rstrip("#")),
        "dcterms:bibliographicCitation": vocab.literal(release.citation)})
    for file in files:
        name = vocab.slug(file.path)
        checksum = _part(f"checksum-{name}")
        part = _describe(made, _part(f"file-{name}"), "dcat:Distribution", {
            "dcterms:title": vocab.literal(file.title, lang="en"), "dcat:downloadURL": _iri(DOWNLOAD + file.path),
            "dcat:accessURL": _iri(DOWNLOAD), "dcat:mediaType": _iri(_IANA + file.media), "dcat:byteSize": vocab.integer(file.size),
            "dcterms:license": _iri(LICENCE), "dcterms:issued": vocab.date(release.date), "spdx:checksum": checksum,
            "dcterms:conformsTo": [_iri(_RDF_1_2)] if "rdf12" in file.path else []})
        _describe(made, checksum, "spdx:Checksum", {
            "spdx:algorithm": _term("spdx:checksumAlgorithm_sha256"), "spdx:checksumValue": vocab.literal(file.sha256, "xsd:hexBinary")})
        _describe(made, dataset, "dcat:Dataset", {"dcat:distribution": part})
    return turtle_of_a_description(_single(made), f"The files of gpsa-graph {release.version} of {release.date}: DCAT", _MORE)


def _single(nodes: Nodes) -> Nodes:
    """Each value once, and no property without one."""
    return {s: {p: sorted(set(v)) for p, v in node.items() if v} for s, node in nodes.items()}
