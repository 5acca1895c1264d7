"""Networks: the rows of a question as a graph of networkx.

A question whose answer has the columns `source`, `target` and `case` is a network: an edge is a pair, its `weight` the
number of different cases behind it, its `cases` the evidence and its `src` the sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpsa_graph.errors import GpsaError
from gpsa_graph.graph.rows import Rows

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["network"]

_ENDS = ("source", "target")


def network(rows: Rows, *, directed: bool = False, parallel: bool = False) -> nx.Graph:
    """The graph of rows with the columns `source`, `target` and `case`; a DiGraph where `directed`.

    With `parallel` it is a MultiGraph or MultiDiGraph: an edge for each pair in each case, whose key and `kind` are the case.

    Nodes are the names of the `source` and `target` columns. A column `source_<x>` or `target_<x>` becomes the attribute
    `<x>` of the nodes at that end; `label` is the name where no such column says otherwise. Each edge has `weight` (number
    of different cases), `cases` and `src` (sorted tuples; `src` from the column of that name), and for any other column its
    sorted values. Rows with an empty end are left out; a pair of a thing with itself stays. Nodes and edges are sorted, so
    the same rows give the same graph in the same order.

    Raises GpsaError where a column is missing.

    >>> from gpsa_graph.graph.rows import Rows
    >>> graph = network(Rows(["source", "target", "case"], [("a", "b", "x"), ("b", "a", "y"), ("a", "c", "x")]))
    >>> graph["a"]["b"]["weight"], graph["a"]["b"]["cases"], sorted(graph)
    (2, ('x', 'y'), ['a', 'b', 'c'])
    """
    import networkx as nx

    missing = [name for name in (*_ENDS, "case") if name not in rows.columns]
    if missing:
        raise GpsaError(f"rows with the columns {', '.join(rows.columns)} are no network: "
                        f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    nodes: dict[str, dict[str, object]] = {}
    edges: dict[tuple[str, str, str], dict[str, set[str]]] = {}
    for row in rows.to_dicts():
        ends = tuple(str(row[end]) for end in _ENDS if row[end] not in (None, ""))
        if len(ends) < 2:
            continue
        for end, name in zip(_ENDS, ends, strict=True):
            about = nodes.setdefault(name, {})
            about.update({column[len(end) + 1:]: cell for column, cell in row.items()
                          if column.startswith(end + "_") and cell is not None})
        first, second = ends if directed else sorted(ends)
        facts = edges.setdefault((first, second, str(row["case"] or "") if parallel else ""), {})
        for column, cell in row.items():
            if not column.startswith(_ENDS) and cell is not None:
                facts.setdefault(column, set()).update(str(cell).split() if column == "src" else [str(cell)])
    made = (nx.MultiDiGraph if parallel else nx.DiGraph) if directed else (nx.MultiGraph if parallel else nx.Graph)
    graph = made()
    for name in sorted(nodes):
        graph.add_node(name, **{"label": name, **dict(sorted(nodes[name].items()))})
    for (first, second, case), facts in sorted(edges.items()):
        said: dict[str, tuple[str, ...]] = {"src": ()}
        said |= {column: tuple(sorted(values)) for column, values in sorted(facts.items()) if column != "case"}
        cases = tuple(sorted(facts.get("case", ())))
        apart = {"key": case, "kind": case} if parallel else {}
        graph.add_edge(first, second, **{**said, **apart, "weight": len(cases), "cases": cases})
    return graph
