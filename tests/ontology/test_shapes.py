"""Each shape accepts one small graph and refuses another, finds what it looks for in the shipped graph, and speaks to a curator."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, RDFS, SH

from gpsa_graph import vocab
from gpsa_graph.check.shapes import shapes, validate

FOLDER = Path(__file__).parent / "shapes"
ALL = shapes()
GPSA = rdflib.Namespace(vocab.ONTOLOGY)
NAMES = sorted(str(s).removeprefix(vocab.ONTOLOGY).removesuffix("Shape") for s in ALL.subjects(RDF.type, SH.NodeShape))
ABSTRACT = {"Evidenced"}


def one_shape(name: str) -> rdflib.Graph:
    """The part of shapes.ttl that belongs to one shape."""
    found, wanted = rdflib.Graph(), [GPSA[name + "Shape"]]
    while wanted:
        node = wanted.pop()
        for triple in ALL.triples((node, None, None)):
            if triple not in found:
                found.add(triple)
                if isinstance(triple[2], rdflib.BNode):
                    wanted.append(triple[2])
    return found


def violations(kind: str, name: str) -> list[tuple[str, str, str]]:
    data = rdflib.Graph().parse(str(FOLDER / f"{name}-{kind}.ttl"))
    return validate(data, one_shape(name))


def focus(name: str, data: rdflib.Graph) -> set[rdflib.term.Node]:
    shape = GPSA[name + "Shape"]
    found = {s for kind in ALL.objects(shape, SH.targetClass) for s in data.subjects(RDF.type, kind)}
    return found | {s for p in ALL.objects(shape, SH.targetSubjectsOf) for s in data.subjects(p)}


def messages(name: str) -> set[str]:
    return {str(m) for m in one_shape(name).objects(None, SH.message)}


@pytest.mark.parametrize("name", NAMES)
def test_a_shape_accepts_its_good_graph(name: str) -> None:
    data = rdflib.Graph().parse(str(FOLDER / f"{name}-good.ttl"))

    assert focus(name, data), f"{name}-good.ttl holds nothing that gpsa:{name}Shape looks at"
    assert violations("good", name) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_of_a_shape_is_deserved_by_its_bad_graph(name: str) -> None:
    said = {message for *_, message in violations("bad", name)}

    assert messages(name) - said == set(), f"{name}-bad.ttl does not break these rules: add a thing that does"


@pytest.mark.parametrize("name", NAMES)
def test_a_shape_finds_something_in_the_shipped_graph(name: str, kg) -> None:  # type: ignore[no-untyped-def]
    shape = GPSA[name + "Shape"]
    targets = [f"?s a <{c}>" for c in ALL.objects(shape, SH.targetClass)]
    targets += [f"?s <{p}> ?o" for p in ALL.objects(shape, SH.targetSubjectsOf)]

    assert targets, f"gpsa:{name}Shape has no target"
    assert all(kg.query(f"ASK {{ {pattern} }}") for pattern in targets), f"nothing in the graph is a focus of gpsa:{name}Shape"


def test_every_class_of_the_ontology_and_of_skos_has_a_shape(kg) -> None:  # type: ignore[no-untyped-def]
    shaped = {str(c) for c in ALL.objects(None, SH.targetClass)}
    found = kg.query("""SELECT ?c WHERE { ?c a owl:Class
        FILTER(STRSTARTS(STR(?c), STR(gpsa:)) || ?c IN (skos:Concept, skos:ConceptScheme)) }""")
    classes = {vocab.expand(c) for c in found.column("c")}

    assert classes - shaped - {vocab.expand("gpsa:" + name) for name in ABSTRACT} == set(), "add a shape to ontology/shapes.ttl"


def test_every_shape_speaks_in_sentences() -> None:
    outer = set(ALL.subjects(RDF.type, SH.NodeShape))
    outer |= {p for shape in outer for p in ALL.objects(shape, SH.property)}
    silent = [ALL.value(s, SH.path) or s for s in outer if len(list(ALL.objects(s, SH.message))) != 1]
    said = [str(m) for m in ALL.objects(None, SH.message)]

    assert silent == [], "give each shape and property one sh:message"
    assert [m for m in said if not (m[0].isupper() and m.endswith(".") and " " in m)] == [], "a message is a sentence"


def test_there_is_a_pair_of_graphs_for_every_shape_and_no_other() -> None:
    assert sorted(f"{n}-{k}.ttl" for n in NAMES for k in ("good", "bad")) == sorted(p.name for p in FOLDER.iterdir())


def test_shapes_use_declared_properties_only(kg) -> None:  # type: ignore[no-untyped-def]
    declared = {vocab.expand(t) for t in kg.query("SELECT ?t WHERE { ?t rdfs:isDefinedBy ?o }").column("t")}
    declared |= {str(RDFS.label), *map(str, (RDF.subject, RDF.predicate, RDF.object, RDF.Statement))}
    links = (SH.path, SH.targetClass, SH.targetSubjectsOf, SH["class"])
    named = {str(o) for p in links for o in ALL.objects(None, p) if isinstance(o, rdflib.URIRef)}

    assert named - declared == set()
