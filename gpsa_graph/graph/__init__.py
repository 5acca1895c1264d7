"""The graph: compiled from files, kept on disk, asked through one object. Never imports networkx, pyvis or click."""

from gpsa_graph.graph.knowledge import KnowledgeGraph, load
from gpsa_graph.graph.rows import Name, Rows

__all__ = ["KnowledgeGraph", "Name", "Rows", "load"]
