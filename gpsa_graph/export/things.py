"""Things with their properties, as large queries give them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gpsa_graph.graph.rows import Rows, Value

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph

__all__ = ["Props", "rows_of", "things_of"]

Props = dict[str, tuple[Value, ...]]
"""Property -> values, sorted."""


def rows_of(kg: KnowledgeGraph, query: str) -> Iterator[tuple[Value, ...]]:
    """The rows of a SELECT query."""
    found = kg.query(query)
    assert isinstance(found, Rows)
    return iter(found)


def things_of(rows: Iterable[tuple[Value, ...]]) -> dict[str, Props]:
    """Rows of thing, property and value as thing -> property -> values; all sorted, each value once.

    >>> things_of([("case:b", "p", "y"), ("case:a", "p", "x"), ("case:b", "p", "x"), ("case:b", "p", "y")])
    {'case:a': {'p': ('x',)}, 'case:b': {'p': ('x', 'y')}}
    """
    found: dict[str, dict[str, set[Value]]] = {}
    for s, p, o in rows:
        found.setdefault(str(s), {}).setdefault(str(p), set()).add(o)
    return {
        s: {p: tuple(sorted(values, key=lambda v: (str(type(v)), str(v)))) for p, values in sorted(found[s].items())} for s in sorted(found)
    }
