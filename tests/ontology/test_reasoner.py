"""HermiT finds the ontology, with a sample of the shipped data, consistent and every class possible."""

from __future__ import annotations

import io
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest

from gpsa_graph import vocab
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.resources import ontology_folder

#: Reserved words that stand in data only and say nothing to a reasoner.
DATA_ONLY = ("rdf:Statement", "rdf:subject", "rdf:predicate", "rdf:object")
CASE = vocab.node("case", "mwi-mejn")


def axioms() -> list[str]:
    parsed = ox.parse(path=str(ontology_folder() / "gpsa.ttl"), format=ox.RdfFormat.TURTLE)
    return [f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in parsed]


def sample(kg: KnowledgeGraph) -> list[str]:
    """One case with all its claims and parts, one thing of every other class, and the types of what they name."""
    some = "".join(f"{{ SELECT ?s WHERE {{ ?s a {c} }} ORDER BY ?s LIMIT 1 }} UNION " for c in kg.query(
        "SELECT DISTINCT ?c WHERE { ?s a ?c FILTER(STRSTARTS(STR(?c), STR(gpsa:))) } ORDER BY ?c").column("c"))
    said = kg.query(f"""CONSTRUCT {{ ?s ?p ?o . ?o a ?class }} WHERE {{
        {{ {some} {{ ?s gpsa:inCase|gpsa:about {CASE} }} UNION {{ VALUES ?s {{ {CASE} }} }} }}
        ?s ?p ?o . OPTIONAL {{ ?o a ?class }} }}""")
    left_out = [vocab.term(name) for name in DATA_ONLY]
    return [line + "\n" for line in said.splitlines() if line and not any(term in line for term in left_out)]


def reason(lines: list[str]) -> owlready2.World:
    world = owlready2.World()
    world.get_ontology(vocab.ONTOLOGY).load(fileobj=io.BytesIO("".join(lines).encode()), format="ntriples")
    owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0, ignore_unsupported_datatypes=True)
    return world


def test_ontology_and_sample_are_consistent_and_every_class_is_possible(kg: KnowledgeGraph) -> None:
    lines = axioms() + sample(kg)

    world = reason(lines)

    assert len(lines) > 1000
    assert len(list(world.classes())) >= 37
    assert list(world.inconsistent_classes()) == []


@pytest.mark.parametrize("other", ["gpsa:Organisation", "gpsa:Result", "gpsa:Source"])
def test_a_case_that_is_something_else_too_is_inconsistent(other: str) -> None:
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        reason([*axioms(), *(f"{CASE} {vocab.term('rdf:type')} {vocab.term(c)} .\n" for c in ("gpsa:Case", other))])


def test_a_grantee_that_is_a_person_is_inconsistent() -> None:
    somebody = vocab.node("person", "somebody")
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        reason([*axioms(), f"{CASE} {vocab.term('gpsa:hasGrantee')} {somebody} .\n",
                f"{somebody} {vocab.term('rdf:type')} {vocab.term('gpsa:Person')} .\n"])


def test_an_impossible_class_is_noticed() -> None:
    both = vocab.term("gpsa:CaseAndSource")
    extra = [f"{both} {vocab.term('rdf:type')} {vocab.term('owl:Class')} .\n",
             *(f"{both} {vocab.term('rdfs:subClassOf')} {vocab.term(c)} .\n" for c in ("gpsa:Case", "gpsa:Source"))]

    world = reason(axioms() + extra)

    assert [c.iri for c in world.inconsistent_classes() if c is not owlready2.Nothing] == [both[1:-1]]


def test_the_sample_is_of_every_class(kg: KnowledgeGraph) -> None:
    typed = {line.split()[2] for line in sample(kg) if line.split()[1] == vocab.term("rdf:type")}
    wanted = {vocab.term(c) for c in kg.query("SELECT DISTINCT ?c WHERE { ?s a ?c FILTER(STRSTARTS(STR(?c), STR(gpsa:))) }").column("c")}

    assert wanted - typed == set(), f"look at the sample in {Path(__file__).name}"
