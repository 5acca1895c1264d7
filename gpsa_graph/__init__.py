"""A knowledge graph of social accountability cases, with the source of every fact.

>>> import gpsa_graph
>>> kg = gpsa_graph.load()
>>> len(kg.answer("where-was-a-mechanism-used", mechanism="community-scorecard")) > 10
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx
    from pyvis.network import Network

    from gpsa_graph.cases import Case
    from gpsa_graph.errors import GpsaError
    from gpsa_graph.graph import KnowledgeGraph, Rows, load
    from gpsa_graph.graph.claims import Claim, Source
    from gpsa_graph.patterns.alike import like
    from gpsa_graph.questions import Question

__all__ = ["Case", "Claim", "GpsaError", "KnowledgeGraph", "Question", "Rows", "Source", "like", "load"]
__version__ = "0.1.0"

_HOME = {"Case": "cases", "Claim": "graph.claims", "GpsaError": "errors", "KnowledgeGraph": "graph", "Question": "questions",
         "Rows": "graph", "Source": "graph.claims", "like": "patterns.alike", "load": "graph"}


def _to_pyvis(self: KnowledgeGraph, network: networkx.Graph) -> Network:
    """A network of `gpsa_graph.network` as a `pyvis.network.Network` to go on with; see `gpsa_graph.view.to_pyvis`."""
    from gpsa_graph.view import to_pyvis

    return to_pyvis(network)


def _mimebundle(self: KnowledgeGraph, include: Any = None, exclude: Any = None) -> dict[str, str]:
    """What a notebook shows for the graph: the explorer in a frame that reaches nothing, a picture, a line of text."""
    from gpsa_graph.view.notebook import mimebundle

    return mimebundle(self)


def _give_views(graph: type) -> None:
    """Methods of a graph whose work is done right of it on the ladder, where it must not import from."""
    graph.to_pyvis = _to_pyvis  # type: ignore[attr-defined]
    graph._repr_mimebundle_ = _mimebundle  # type: ignore[attr-defined]


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first asked for: the command line must start without them."""
    if name in _HOME:
        from importlib import import_module

        found = getattr(import_module(f"gpsa_graph.{_HOME[name]}"), name)
        if name in ("KnowledgeGraph", "load"):
            _give_views(import_module("gpsa_graph.graph").KnowledgeGraph)
        return found
    raise AttributeError(f"module 'gpsa_graph' has no attribute '{name}'")
