"""The shapes of ontology/shapes.ttl (SHACL core) against the graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from gpsa_graph import vocab
from gpsa_graph.check.where import Where
from gpsa_graph.errors import Problem
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.resources import ontology_folder

if TYPE_CHECKING:
    import rdflib


def shapes() -> rdflib.Graph:
    """The shapes as an rdflib graph."""
    import rdflib

    return rdflib.Graph(bind_namespaces="none").parse(str(ontology_folder() / "shapes.ttl"), format="turtle")


def validate(data: rdflib.Graph, against: rdflib.Graph) -> list[tuple[str, str, str]]:
    """Focus node, value and message of every violation, sorted. Both graphs are in rdflib's memory store."""
    import pyshacl
    from rdflib import SH, Graph

    _, report, _ = pyshacl.validate(data, shacl_graph=against, inference="none", advanced=False, inplace=True)
    assert isinstance(report, Graph)
    found = []
    for result in report.objects(None, SH.result):
        focus, value, message = (report.value(result, p) for p in (SH.focusNode, SH.value, SH.resultMessage))
        found.append((str(focus), "" if value is None or value == focus else str(value), str(message)))
    return sorted(found)


def shape_faults(kg: KnowledgeGraph, where: Where, cases: Collection[str] | None = None) -> Iterator[Problem]:
    """A problem for every value that a shape refuses; with `cases` (their IRIs) only in those cases and their parts."""
    data, against = (kg.copy(), shapes()) if cases is None else _narrowed(kg, cases)
    for focus, value, message in validate(data, against):
        shown = vocab.shorten(value) if len(value) <= 80 else value[:77] + "..."
        path, line = where(focus, shown)
        yield Problem(path, line, message, f"Found in {vocab.shorten(focus)}" + (f": '{shown}'." if value else "."))


def _narrowed(kg: KnowledgeGraph, cases: Collection[str]) -> tuple[rdflib.Graph, rdflib.Graph]:
    """What is said of some cases and their parts, with the types of all things; and the shapes aimed at these cases alone.

    The targets are rewritten, because pySHACL's own `focus_nodes` also drops the values that nested shapes look at.
    """
    import rdflib
    from rdflib import RDF, SH

    values = " ".join(f"<{case}>" for case in sorted(cases))
    said = kg.query(f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
        {{ VALUES ?s {{ {values} }} }} UNION {{ VALUES ?case {{ {values} }} ?s gpsa:inCase|gpsa:about ?case }}
        UNION {{ VALUES ?case {{ {values} }} ?case gpsa:place ?s . ?s gpsa:group true }}
        ?s ?p ?o }}""")
    types = kg.query("CONSTRUCT { ?s a ?type } WHERE { ?s a ?type }")
    assert isinstance(said, str)
    assert isinstance(types, str)
    graph, against = rdflib.Graph(bind_namespaces="none").parse(data=said, format="nt"), shapes()
    for shape, target in list(against.subject_objects(SH.targetClass)):
        against.remove((shape, SH.targetClass, target))
        for node in graph.subjects(RDF.type, target):
            against.add((shape, SH.targetNode, node))
    return graph.parse(data=types, format="nt"), against
