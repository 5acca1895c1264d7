"""The ontology as software: every term declared, described, shown by a fact that is true, and used; OWL 2 DL but for xsd:date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, XSD, URIRef

from gpsa_graph import vocab
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.resources import ontology_folder

UNUSED = Path(__file__).with_name("unused_terms.txt")
ONTOLOGY = rdflib.Graph().parse(str(ontology_folder() / "gpsa.ttl"))
HEADER = URIRef(vocab.ONTOLOGY.removesuffix("#"))
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
TERMS = sorted({s for kind in KINDS for s in ONTOLOGY.subjects(RDF.type, kind)})
RESERVED = tuple(map(str, (RDF, RDFS, OWL, XSD)))
#: Properties that link two terms in an axiom.
LINKS = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf, OWL.disjointWith, OWL.equivalentClass)
#: Datatypes of the OWL 2 datatype map (section 4 of its structural specification) that the axioms may name.
DATATYPES = {XSD.string, XSD.boolean, XSD.decimal, XSD.integer, XSD.anyURI}
#: Reserved words that OWL 2 keeps for annotations, or that stand in data only.
IN_DATA = {str(t) for t in (RDF.type, RDF.Statement, RDF.subject, RDF.predicate, RDF.object, RDFS.label, RDFS.seeAlso)}


def listed(path: Path) -> dict[str, str]:
    """Name -> reason, from a list of exceptions."""
    rows = [line.split(maxsplit=1) for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert all(len(row) == 2 for row in rows), f"{path.name}: give a reason for each name"
    assert rows == sorted(rows), f"{path.name}: keep the names sorted"
    return dict(rows)


def short(nodes: Iterable[object]) -> list[str]:
    return sorted(vocab.shorten(str(node)) for node in nodes)


def used(kg: KnowledgeGraph) -> set[str]:
    """Every property and class that the data and the vocabularies use."""
    here = "FILTER(!STRSTARTS(STR(?s), STR(gpsa:)))"
    found = kg.query(f"SELECT DISTINCT ?x WHERE {{ {{ ?s ?x ?o {here} }} UNION {{ ?s a ?x {here} }} }}").column("x")
    declaring = {str(k) for k in (*KINDS, OWL.Ontology, RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.isDefinedBy,
                                  OWL.versionIRI, OWL.versionInfo)}
    return {vocab.expand(x) for x in found} - declaring


def test_there_is_one_header_with_title_licence_version_and_prefix() -> None:
    assert list(ONTOLOGY.subjects(RDF.type, OWL.Ontology)) == [HEADER]
    missing = [p for p in ("dcterms:title", "dcterms:description", "dcterms:creator", "dcterms:license", "dcterms:issued", "owl:versionIRI",
                           "owl:versionInfo", "vann:preferredNamespacePrefix", "vann:preferredNamespaceUri")
               if not ONTOLOGY.value(HEADER, URIRef(vocab.expand(p)))]
    assert missing == [], "the header of gpsa.ttl lacks these"
    assert str(ONTOLOGY.value(HEADER, OWL.versionIRI)) == f"{HEADER}/{ONTOLOGY.value(HEADER, OWL.versionInfo)}"


@pytest.mark.parametrize("term", TERMS, ids=lambda t: vocab.shorten(str(t)))
def test_a_term_has_label_definition_example_and_home(term: URIRef) -> None:
    own = str(term).startswith(vocab.ONTOLOGY)
    meaning = SKOS.definition if own else SKOS.scopeNote
    for predicate in (RDFS.label, meaning, RDFS.isDefinedBy):
        assert len(list(ONTOLOGY.objects(term, predicate))) == 1, f"give {vocab.shorten(str(term))} one {vocab.shorten(str(predicate))}"
    for text in (ONTOLOGY.value(term, RDFS.label), ONTOLOGY.value(term, meaning)):
        assert isinstance(text, rdflib.Literal)
        assert text.language == "en"
    assert str(ONTOLOGY.value(term, meaning)).endswith("."), "a definition is a sentence"
    assert len(list(ONTOLOGY.objects(term, SKOS.example))) == 1 or vocab.shorten(str(term)) in listed(UNUSED)
    home = ONTOLOGY.value(term, RDFS.isDefinedBy)
    assert (home == HEADER) if own else str(term).startswith(str(home))


@pytest.mark.parametrize("term, example", sorted(ONTOLOGY.subject_objects(SKOS.example)), ids=lambda x: vocab.shorten(str(x)))
def test_an_example_is_turtle_shows_its_term_and_is_true(term: URIRef, example: rdflib.Literal, kg: KnowledgeGraph) -> None:
    parsed = rdflib.Graph().parse(data=vocab_prefixes() + example, format="turtle")
    shown = {t for triple in parsed for t in triple}
    narrower = set(ONTOLOGY.subjects(RDFS.subClassOf, term))

    assert term in shown or narrower & shown, f"the example does not use {vocab.shorten(str(term))}"
    assert kg.query(f"ASK {{ {example} }}") is True, "the example is not true of the shipped data: choose another fact"


def vocab_prefixes() -> str:
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in vocab.PREFIXES.items())


def test_every_term_in_the_graph_is_declared(kg: KnowledgeGraph) -> None:
    assert short(used(kg) - set(map(str, TERMS)) - IN_DATA) == [], "declare these in ontology/gpsa.ttl"


def test_every_declared_term_is_used_or_listed_with_a_reason(kg: KnowledgeGraph) -> None:
    in_axioms = {str(o) for link in LINKS for o in ONTOLOGY.objects(None, link)}
    in_axioms |= {str(p) for p in ONTOLOGY.predicates()}

    assert short(set(map(str, TERMS)) - used(kg) - in_axioms) == sorted(listed(UNUSED)), f"keep {UNUSED.name} in step"


def test_properties_for_things_lead_to_things_and_properties_for_values_to_values(kg: KnowledgeGraph) -> None:
    literal = kg.query("SELECT DISTINCT ?p WHERE { ?p a owl:ObjectProperty . ?s ?p ?o FILTER(isLiteral(?o)) }").column("p")
    thing = kg.query("SELECT DISTINCT ?p WHERE { ?p a owl:DatatypeProperty . ?s ?p ?o FILTER(!isLiteral(?o)) }").column("p")

    assert (literal, thing) == ([], [])


@pytest.mark.parametrize("side, pattern", [("domain", "?s ?p ?o"), ("range", "?o ?p ?s . FILTER(isIRI(?s))")])
def test_domains_and_ranges_hold_in_the_data(side: str, pattern: str, kg: KnowledgeGraph) -> None:
    rows = kg.query(f"""SELECT DISTINCT ?p ?class WHERE {{ ?p rdfs:{side} ?class . {pattern}
        OPTIONAL {{ ?s a/rdfs:subClassOf* ?is FILTER(?is = ?class) }} FILTER(!BOUND(?is)) }}""")

    assert list(rows) == [], f"something has a property outside its {side}"


def test_values_have_the_datatype_of_their_range(kg: KnowledgeGraph) -> None:
    rows = kg.query("""SELECT DISTINCT ?p ?type ?is WHERE { ?p rdfs:range ?type . ?s ?p ?o FILTER(isLiteral(?o))
        BIND(DATATYPE(?o) AS ?is) FILTER(?is != ?type) }""")

    assert list(rows) == []


# OWL 2 DL but for xsd:date


def test_a_term_is_of_one_kind() -> None:
    assert [t for t in TERMS if len({k for k in KINDS if (t, RDF.type, k) in ONTOLOGY}) != 1] == []


def test_axioms_say_nothing_about_reserved_words() -> None:
    assert short(s for s in set(ONTOLOGY.subjects()) if str(s).startswith(RESERVED)) == []


def test_axioms_name_no_reserved_word_but_datatypes() -> None:
    named = {o for link in LINKS for o in ONTOLOGY.objects(None, link) if str(o).startswith(RESERVED)}

    assert short(named - DATATYPES) == []


def test_axioms_name_declared_terms_only() -> None:
    named = {o for link in LINKS for o in ONTOLOGY.objects(None, link)}
    for head in ONTOLOGY.objects(None, OWL.members):
        named |= set(ONTOLOGY.items(head))

    assert short(named - DATATYPES - set(TERMS)) == []


def test_classes_are_below_classes_and_ranges_fit_the_kind_of_property() -> None:
    classes = set(ONTOLOGY.subjects(RDF.type, OWL.Class))
    for lower, upper in ONTOLOGY.subject_objects(RDFS.subClassOf):
        assert {lower, upper} <= classes
    for term, target in ONTOLOGY.subject_objects(RDFS.range):
        wanted = classes if (term, RDF.type, OWL.ObjectProperty) in ONTOLOGY else DATATYPES
        assert target in wanted, f"{vocab.shorten(str(term))} has the range {vocab.shorten(str(target))}"
    assert set(ONTOLOGY.objects(None, RDFS.domain)) <= classes


def test_only_known_words_stand_between_terms() -> None:
    allowed = {RDF.type, RDF.first, RDF.rest, RDFS.label, RDFS.isDefinedBy, OWL.members, OWL.versionIRI, OWL.versionInfo, *LINKS}
    annotations = set(ONTOLOGY.subjects(RDF.type, OWL.AnnotationProperty))

    assert short(set(ONTOLOGY.predicates()) - allowed - annotations) == []


def test_the_only_value_outside_the_datatypes_of_owl_is_a_date() -> None:
    kinds = {o.datatype for o in ONTOLOGY.objects() if isinstance(o, rdflib.Literal)} - {None, *DATATYPES}

    assert kinds == {XSD.date}


def test_no_term_has_a_version_in_its_name() -> None:
    assert [t for t in TERMS if str(t).startswith(vocab.BASE) and re.search(r"\d+\.\d+|/v\d", str(t))] == []
    assert all(str(t).startswith(vocab.ONTOLOGY) for t in TERMS if str(t).startswith(vocab.BASE))


def test_names_follow_one_style() -> None:
    for term in TERMS:
        local = str(term).removeprefix(vocab.ONTOLOGY)
        if local == str(term):
            continue
        pattern = r"[A-Z][A-Za-z]+\Z" if (term, RDF.type, OWL.Class) in ONTOLOGY else r"[a-z][A-Za-z0-9]+\Z"
        assert re.match(pattern, local), f"gpsa:{local} is not named like its kind"
