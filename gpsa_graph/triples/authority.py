"""The triples of organisations, places, countries and sources."""

from __future__ import annotations

from collections.abc import Iterator

from gpsa_graph import vocab
from gpsa_graph.cases.authority import Authority
from gpsa_graph.triples.case import region
from gpsa_graph.triples.ledger import IDENTIFIER, LABEL, A, Triple, gpsa, prose

_SOURCE, _ALT, _MATCH = vocab.term("dcterms:source"), vocab.term("skos:altLabel"), vocab.term("skos:exactMatch")


def authority_triples(authority: Authority) -> Iterator[Triple]:
    """Every row of the authority lists."""

    def cited(node: str, names: str) -> Iterator[Triple]:
        for name in names.split():
            yield node, _SOURCE, vocab.node("source", authority.source[name].name)

    for body in authority.organisation.values():
        node = vocab.node("organisation", body.id)
        yield node, A, gpsa("Organisation")
        if body.is_public:
            yield node, A, gpsa("PublicBody")
        yield node, LABEL, vocab.literal(body.name)
        yield node, IDENTIFIER, vocab.literal(body.id)
        yield node, gpsa("kind"), vocab.node("actor", body.kind)
        if body.level:
            yield node, gpsa("level"), vocab.node("government-level", body.level)
        if body.country:
            yield node, gpsa("country"), vocab.node("country", body.country)
        for name in dict.fromkeys(filter(None, (body.acronym, *body.also.split(" | ")))):
            yield node, _ALT, vocab.literal(name)
        if body.wikidata:
            yield node, _MATCH, f"<http://www.wikidata.org/entity/{body.wikidata}>"
        if body.homepage:
            yield node, vocab.term("foaf:homepage"), vocab.literal(body.homepage, "xsd:anyURI")
        if body.note:
            yield node, gpsa("note"), prose(body.note)
        yield from cited(node, body.sources)
    for place in authority.place.values():
        node = vocab.node("place", place.id)
        yield node, A, gpsa("Place")
        yield node, LABEL, vocab.literal(place.name)
        yield node, IDENTIFIER, vocab.literal(place.id)
        yield node, gpsa("kind"), vocab.node("place-kind", place.kind)
        yield node, gpsa("country"), vocab.node("country", place.country)
        if place.part_of:
            yield node, gpsa("partOf"), vocab.node("place", place.part_of)
        for name in filter(None, place.also.split(" | ")):
            yield node, _ALT, vocab.literal(name)
        if place.geonames:
            yield node, _MATCH, f"<https://sws.geonames.org/{place.geonames}/>"
        yield from cited(node, place.sources)
    for country in authority.country.values():
        node = vocab.node("country", country.id)
        yield node, A, gpsa("Country")
        yield node, A, gpsa("Place")
        yield node, LABEL, vocab.literal(country.name)
        yield node, IDENTIFIER, vocab.literal(country.id)
        yield node, gpsa("iso3"), vocab.literal(country.id)
        area = region(authority, country.id)
        yield node, gpsa("region"), area
        yield area, A, gpsa("Region")
        yield area, LABEL, vocab.literal(country.region)
        for match in filter(None, (country.geonames, country.wikidata)):
            yield node, _MATCH, f"<{match}>"
        for code in filter(None, (country.iso2, country.m49)):
            yield node, vocab.term("skos:notation"), vocab.literal(code)
        yield from cited(node, country.sources)
    for source in authority.source.values():
        node = vocab.node("source", source.name)
        yield node, A, gpsa("Source")
        yield node, LABEL, vocab.literal(source.title)
        yield node, vocab.term("dcterms:title"), vocab.literal(source.title)
        yield node, vocab.term("dcterms:publisher"), vocab.literal(source.publisher)
        yield node, IDENTIFIER, vocab.literal(source.id)
        yield node, gpsa("sourceKind"), vocab.node("source-kind", source.kind)
        yield node, gpsa("reading"), vocab.node("reading", source.read)
        if source.url:
            yield node, vocab.term("schema:url"), vocab.literal(source.url, "xsd:anyURI")
        if source.date:
            yield node, vocab.term("dcterms:issued"), vocab.date(source.date)
            yield node, gpsa("year"), vocab.integer(int(source.date[:4]))
        for name in ("version", "doi"):
            if value := getattr(source, name):
                yield node, gpsa(name), vocab.literal(value)
        if source.note:
            yield node, gpsa("note"), prose(source.note)
