"""A knowledge graph of social accountability cases, with the source of every fact.

>>> import gpsa_graph
>>> kg = gpsa_graph.load()
>>> len(kg.answer("where-was-a-mechanism-used", mechanism="community-scorecard")) > 10
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first asked for: the command line must start without them."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"gpsa_graph.{_HOME[name]}"), name)
    raise AttributeError(f"module 'gpsa_graph' has no attribute '{name}'")
