"""Networks: the rows of a question as a graph of networkx.

A question whose answer has the columns `source`, `target` and `case` is a network: an edge is a pair, its `weight` the
number of different cases behind it, its `cases` the evidence and its `src` the sources.

    rows -> network -> described (labels, kinds, sources of the nodes) -> projected (one side of a two-mode network)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from gpsa_graph.errors import GpsaError
from gpsa_graph.graph.rows import Rows

if TYPE_CHECKING:
    import networkx as nx

    from gpsa_graph.graph import KnowledgeGraph

__all__ = ["described", "network", "network_of", "projected"]

_ENDS = ("source", "target")
#: A cell that lists names with a prefix, such as those of several roles.
_LISTED = re.compile(r"[a-z-]+:\S+(?: [a-z-]+:\S+)+")


def network(rows: Rows, *, directed: bool = False, parallel: bool = False) -> nx.Graph:
    """The graph of rows with the columns `source`, `target` and `case`; a DiGraph where `directed`.

    With `parallel` it is a MultiGraph or MultiDiGraph: an edge for each pair in each case, whose key and `kind` are the case.

    Nodes are the names of the `source` and `target` columns. A column `source_<x>` or `target_<x>` becomes the attribute
    `<x>` of the nodes at that end; `label` is the name where no such column says otherwise. Each edge has `weight` (number
    of different cases), `cases` and `src` (sorted tuples; `src` from the column of that name), and for any other column its
    sorted values; a cell that lists names counts as each of them. Rows with an empty end are left out; a pair of a thing with
    itself stays. Nodes and edges are sorted, so the same rows give the same graph in the same order.

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
                text = str(cell)
                facts.setdefault(column, set()).update(text.split() if column == "src" or _LISTED.fullmatch(text) else [text])
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


def described(graph: nx.Graph, about: Rows) -> nx.Graph:
    """The same network, its nodes with what `about` says of them (a row a node, in the column `name`; other columns become
    attributes) and with the `cases` and `src` of all their ties. What a node says of itself already stays, but for a label that
    is only its name.

    >>> from gpsa_graph.graph.rows import Rows
    >>> made = network(Rows(["source", "target", "case", "src"], [("a", "b", "x", "s1"), ("a", "c", "y", "s2")]))
    >>> described(made, Rows(["name", "label"], [("a", "Alpha")])).nodes["a"]
    {'label': 'Alpha', 'cases': ('x', 'y'), 'src': ('s1', 's2')}
    """
    known = {str(row["name"]): row for row in about.to_dicts() if row["name"] in graph}
    for name, said in graph.nodes(data=True):
        if said.get("label", name) == name:
            said.pop("label", None)
        row = known.get(name, {})
        said |= {column: cell for column, cell in row.items() if column != "name" and cell is not None and column not in said}
        ties = [tie for _, _, tie in graph.edges(name, data=True)]
        if graph.is_directed():
            ties += [tie for _, _, tie in graph.in_edges(name, data=True)]
        said |= {key: tuple(sorted({x for tie in ties for x in tie[key]})) for key in ("cases", "src")}
        said.setdefault("label", name)
    return graph


def projected(graph: nx.Graph, side: Iterable[str]) -> nx.Graph:
    """One side of a two-mode network: two nodes of it are tied when both have a tie to a third one.

    A tie has `through` (those third ones, sorted), `weight` (how many they are), and the `cases` and `src` of the ties that it
    comes from. Attributes of the nodes stay. S. P. Borgatti and M. G. Everett, Social Networks 19, 1997; `patterns.measures`
    makes the weights alone of a large network faster.

    >>> from gpsa_graph.graph.rows import Rows
    >>> two = network(Rows(["source", "target", "case"], [("a", "x", "c1"), ("b", "x", "c2"), ("b", "y", "c2")]))
    >>> projected(two, ["a", "b"])["a"]["b"]
    {'weight': 1, 'through': ('x',), 'cases': ('c1', 'c2'), 'src': ()}
    """
    import networkx as nx

    here = sorted(set(side))
    inside = [(a, b) for a, b in graph.subgraph(here).edges() if a != b]
    if inside:
        raise GpsaError(f"'{inside[0][0]}' and '{inside[0][1]}' stand on one side and are tied, so the network has no two sides")
    made, flat = nx.Graph(), graph.to_undirected(as_view=True) if graph.is_directed() else graph
    made.add_nodes_from((name, dict(graph.nodes[name])) for name in here)
    found: dict[tuple[str, str], list[str]] = {}
    chosen = set(here)
    for third in sorted(set(graph) - chosen):
        near = sorted(name for name in flat[third] if name in chosen)
        for place, first in enumerate(near):
            for second in near[place + 1:]:
                found.setdefault((first, second), []).append(third)
    for (first, second), thirds in sorted(found.items()):
        ties = [flat[end][third] for third in thirds for end in (first, second)]
        evidence = {key: tuple(sorted({x for tie in ties for x in tie.get(key, ())})) for key in ("cases", "src")}
        made.add_edge(first, second, weight=len(thirds), through=tuple(thirds), **evidence)
    return made


def network_of(kg: KnowledgeGraph, question: str, *, among: str = "", parallel: bool = False, **given: object) -> nx.Graph:
    """The network of a stored question, narrowed by its parameters, each node with its label, kind, country and sources.

    `among` is `source` or `target` for the ties among the things on that side alone (see `projected`), `parallel` an edge for
    each case. Raises ParameterError for a question that is no network, another side, or both at once.

    >>> from gpsa_graph import load
    >>> who = network_of(load(), "who-works-with-whom", among="target", country="MWI")
    >>> {"label", "kind", "cases", "src"} <= set(next(iter(who.nodes.values())))
    True
    """
    from gpsa_graph.errors import ParameterError

    asked = kg.question(question)
    if asked.network is None:
        names = ", ".join(name for name, other in kg.questions().items() if other.network is not None)
        raise ParameterError(f"the answer to '{question}' is no network; these are: {names}")
    if among not in ("", *_ENDS):
        raise ParameterError(f"'{among}' is no side of a network; write source or target")
    if among and parallel:
        raise ParameterError("ties among one side come from several cases at once; leave out one of --among and --parallel")
    rows = kg.answer(question, **given)
    made = described(network(rows, directed=bool(asked.network.get("directed")), parallel=parallel), kg.answer("things-in-networks"))
    return projected(made, {str(name) for name in rows.column(among) if name}) if among else made
