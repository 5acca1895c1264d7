"""The doors to rdflib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import pyoxigraph as ox
import rdflib
from oxrdflib.store import OxigraphStore
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from gpsa_graph import vocab
from gpsa_graph.errors import ReadOnlyError

if TYPE_CHECKING:
    from gpsa_graph.graph.service import Service


class ReadOnlyGraph(rdflib.Graph):
    """An rdflib Graph over the shared store; whatever would change it is refused.

    Strings compare equal to plain literals: `(None, DCTERMS.identifier, Literal("mwi-mejn"))` finds the case.
    """

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ReadOnlyError("the shared graph is read-only; use kg.copy() for one that can be changed")

    add = addN = remove = set = update = parse = __iadd__ = __isub__ = commit = rollback = destroy = _refuse  # type: ignore[assignment]


def read_only_graph(store: ox.Store) -> rdflib.Graph:
    """The store as an rdflib Graph with our prefixes bound."""
    graph = ReadOnlyGraph(store=OxigraphStore(store=store), identifier=DATASET_DEFAULT_GRAPH_ID, bind_namespaces="none")
    _bind(graph)
    return graph


def writable_copy(store: ox.Store | Service) -> rdflib.Graph:
    """Every triple in an rdflib memory graph."""
    graph = rdflib.Graph(bind_namespaces="none")
    _bind(graph)
    graph.parse(data=store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()), format="nt")
    return graph


def _bind(graph: rdflib.Graph) -> None:
    for prefix, iri in vocab.PREFIXES.items():
        graph.namespace_manager.bind(prefix, iri, override=True, replace=True)
