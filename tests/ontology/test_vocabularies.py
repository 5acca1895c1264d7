"""The vocabularies: every concept named, defined, sourced, in one scheme, without loops, and used or kept for a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib
from rdflib import DCTERMS, RDF, SKOS, URIRef

from gpsa_graph import vocab
from gpsa_graph.cases import Data
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.resources import ontology_files

UNUSED = Path(__file__).with_name("unused_concepts.txt")
FILES = ontology_files()[1:]
CODES = vocab.PREFIXES["code"]
MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
#: Where matches may lead: EuroVoc, the UN's SDG list, outside code lists kept here, and two glossaries.
SPACES = re.compile(r"http://eurovoc\.europa\.eu/(?:\d+|c_[0-9a-f]+)\Z|http://metadata\.un\.org/sdg/[\d.A-Za-z]+\Z|https://w3id\.org/gpsa-graph/code/"
                    r"|https://www\.opengovpartnership\.org/glossary/|https://participedia\.net/method/")


def graph() -> rdflib.Graph:
    whole = rdflib.Graph()
    for path in FILES:
        whole.parse(str(path))
    return whole


ALL = graph()
CONCEPTS = sorted(ALL.subjects(RDF.type, SKOS.Concept))
OURS = [c for c in CONCEPTS if not str(c).startswith(CODES)]
SCHEMES = sorted(ALL.subjects(RDF.type, SKOS.ConceptScheme))


def name(node: object) -> str:
    return vocab.shorten(str(node))


def languages(node: object, predicate: URIRef) -> list[str | None]:
    return [o.language for o in ALL.objects(node, predicate) if isinstance(o, rdflib.Literal)]


@pytest.mark.parametrize("concept", CONCEPTS, ids=name)
def test_a_concept_has_an_english_name_and_stands_in_one_scheme(concept: URIRef) -> None:
    scheme = ALL.value(concept, SKOS.inScheme)

    assert languages(concept, SKOS.prefLabel).count("en") == 1, "give it one skos:prefLabel in English"
    assert len(languages(concept, SKOS.prefLabel)) == len(set(languages(concept, SKOS.prefLabel)))
    assert list(ALL.objects(concept, SKOS.inScheme)) == [scheme]
    assert (scheme, RDF.type, SKOS.ConceptScheme) in ALL
    assert str(concept).startswith(f"{scheme}/"), "the address of a concept begins with that of its scheme"
    assert not set(map(str, ALL.objects(concept, SKOS.altLabel))) & set(map(str, ALL.objects(concept, SKOS.prefLabel)))


@pytest.mark.parametrize("concept", OURS, ids=name)
def test_a_concept_of_ours_is_defined_and_sourced(concept: URIRef) -> None:
    definitions = list(ALL.objects(concept, SKOS.definition))

    assert [d.language for d in definitions] == ["en"], "give it one skos:definition in English"
    assert str(definitions[0]).endswith("."), "a definition is a sentence"
    assert list(ALL.objects(concept, DCTERMS.source)), "say where the concept comes from"


@pytest.mark.parametrize("concept", [c for c in CONCEPTS if c not in OURS], ids=name)
def test_a_code_of_an_outside_list_stands_in_a_scheme_with_a_source(concept: URIRef) -> None:
    assert list(ALL.objects(ALL.value(concept, SKOS.inScheme), DCTERMS.source))


@pytest.mark.parametrize("scheme", SCHEMES, ids=name)
def test_a_scheme_has_a_title_a_source_and_members(scheme: URIRef) -> None:
    assert languages(scheme, DCTERMS.title) == ["en"]
    assert list(ALL.objects(scheme, DCTERMS.source)), "a scheme names the source it follows"
    assert list(ALL.subjects(SKOS.inScheme, scheme)), "a scheme has concepts"


def test_there_is_a_scheme_for_every_name_that_vocab_knows_and_no_other() -> None:
    ours = {str(s).removeprefix(vocab.BASE) for s in SCHEMES if not str(s).startswith(CODES)}

    assert ours == set(vocab.SCHEMES)


def test_every_source_of_a_vocabulary_stands_in_the_source_list(data: Data) -> None:
    known = {vocab.iri("source", s.name) for s in data.authority.source.values()}
    cited = {str(o) for o in ALL.objects(None, DCTERMS.source)}

    assert sorted(cited - known) == [], "add rows to data/sources.csv, or mend the address of the source"


def test_broader_stays_in_the_scheme_and_has_no_loop() -> None:
    above = {c: list(ALL.objects(c, SKOS.broader)) for c in CONCEPTS}
    for concept, wider in above.items():
        assert len(wider) <= 1, f"{name(concept)} has two broader concepts"
        assert all(ALL.value(w, SKOS.inScheme) == ALL.value(concept, SKOS.inScheme) for w in wider), name(concept)
        seen = {concept}
        while wider:
            assert wider[0] not in seen, f"{name(concept)} is above itself"
            seen.add(wider[0])
            wider = above[wider[0]]


@pytest.mark.parametrize("scheme", [s for s in SCHEMES if not str(s).startswith(CODES)], ids=name)
def test_top_concepts_are_those_without_a_broader_one(scheme: URIRef) -> None:
    top = {c for c in OURS if (c, SKOS.inScheme, scheme) in ALL and not ALL.value(c, SKOS.broader)}

    assert set(ALL.objects(scheme, SKOS.hasTopConcept)) == top
    assert set(ALL.subjects(SKOS.topConceptOf, scheme)) == top


def test_matches_lead_to_known_places() -> None:
    targets = {o for p in MATCHES for o in ALL.objects(None, p)}
    codes = {t for t in targets if str(t).startswith(CODES)}

    assert sorted(map(str, (t for t in targets if not SPACES.match(str(t))))) == []
    assert sorted(map(str, codes - set(CONCEPTS))) == [], "these codes are not in codes.ttl"


def test_a_concept_has_one_kind_of_match_to_one_target() -> None:
    for concept in CONCEPTS:
        found = [o for p in MATCHES for o in ALL.objects(concept, p)]
        assert len(found) == len(set(found)), name(concept)


def test_no_two_concepts_of_a_scheme_share_their_name() -> None:
    seen: dict[tuple[object, str], URIRef] = {}
    for concept in OURS:
        for label in ALL.objects(concept, SKOS.prefLabel):
            key = (ALL.value(concept, SKOS.inScheme), str(label).lower())
            assert key not in seen, f"{name(concept)} and {name(seen.get(key))} are both called '{label}'"
            seen[key] = concept


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_texts_name_sources_by_title_and_not_by_a_code(path: Path) -> None:
    texts = [str(o) for o in rdflib.Graph().parse(str(path)).objects() if isinstance(o, rdflib.Literal) and o.language == "en"]
    coded = [t for t in texts if re.search(r"\b[a-z]\d{1,2}\b|\bsheets?\b|\bvocab-|\bstored part", t, re.I)]

    assert coded == [], "write the title of the source (data/sources.csv) instead of its code"


# Concepts and data


def listed() -> dict[str, str]:
    rows = [line.split(maxsplit=1) for line in UNUSED.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert all(len(row) == 2 for row in rows), "give a reason for each concept"
    assert rows == sorted(rows), "keep the concepts sorted"
    return dict(rows)


def test_every_concept_that_the_data_use_is_defined(kg: KnowledgeGraph) -> None:
    schemes = " ".join(f'"{vocab.PREFIXES[s]}"' for s in vocab.SCHEMES)
    rows = kg.query(f"""SELECT DISTINCT ?o WHERE {{ ?s ?p ?o . FILTER(isIRI(?o) && STRSTARTS(STR(?p), STR(gpsa:)))
        VALUES ?start {{ {schemes} }} FILTER(STRSTARTS(STR(?o), ?start)) OPTIONAL {{ ?o skos:definition ?d }} FILTER(!BOUND(?d)) }}""")

    assert list(rows) == []


def test_every_concept_is_used_or_listed_with_a_reason(kg: KnowledgeGraph) -> None:
    used = {vocab.expand(o) for o in kg.query(
        "SELECT DISTINCT ?o WHERE { ?s ?p ?o . ?o a skos:Concept FILTER(STRSTARTS(STR(?p), STR(gpsa:))) }").column("o")}
    used |= {str(o) for p in MATCHES for o in ALL.objects(None, p)}
    for concept in CONCEPTS:
        if str(concept) in used:
            used |= {str(c) for c in ALL.transitive_objects(concept, SKOS.broader)}
    unused = sorted(name(c) for c in CONCEPTS if str(c) not in used)

    assert sorted(set(unused) - listed().keys()) == [], f"use these, take them out, or list them with a reason in {UNUSED.name}"
    assert sorted(listed().keys() - set(unused)) == [], f"these are used now (or gone): take them out of {UNUSED.name}"
