"""Measures of large networks behind one function each: networkx as the reference; numba, igraph and scipy where there is much to do.

Both ways give the same values; the tests compare them. The fast way is taken above some thousand ties and where the extra
`fast` is installed, or on request (`way="fast"`; MissingExtra where it is not there).
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from gpsa_graph.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import networkx as nx

__all__ = ["betweenness", "communities", "constraint", "projection", "steady_groups", "together_share"]

#: Ties above which the fast way is taken.
MANY = 3_000


def _fast(graph: nx.Graph, way: str, module: str) -> bool:
    if way == "reference" or (way == "auto" and graph.number_of_edges() <= MANY):
        return False
    if find_spec(module) is None:
        if way == "fast":
            raise MissingExtra("fast")
        return False
    return True


def _igraph(graph: nx.Graph) -> tuple[list[str], Any]:
    import igraph  # type: ignore[import-untyped,unused-ignore]

    names = list(graph)
    at = {name: i for i, name in enumerate(names)}
    made = igraph.Graph(n=len(names), edges=[(at[a], at[b]) for a, b in graph.edges()])
    made.es["weight"] = [float(w) for _, _, w in graph.edges(data="weight", default=1)]
    return names, made


def betweenness(graph: nx.Graph, way: str = "auto") -> dict[str, float]:
    """Share of the shortest chains between any two others that run through a node; exact, ties unweighted.

    L. C. Freeman, Sociometry 40, 1977; algorithm of U. Brandes, J. Mathematical Sociology 25, 2001.

    >>> import networkx as nx
    >>> betweenness(nx.path_graph(["a", "b", "c"]))
    {'a': 0.0, 'b': 1.0, 'c': 0.0}
    """
    if not _fast(graph, way, "numba"):
        import networkx as nx

        return dict(nx.betweenness_centrality(graph))
    import numpy as np

    from gpsa_graph.patterns.chains import chains_through

    names = _neighbours_together(graph)
    at = {name: i for i, name in enumerate(names)}
    ties = np.array([(at[a], at[b]) for a, b in graph.edges() if a != b], dtype=np.int64).reshape(-1, 2)
    pairs = (len(names) - 1) * (len(names) - 2) / 2
    found = dict(zip(names, (chains_through(len(names), ties) / max(1.0, pairs)).tolist(), strict=True))
    return {name: found[name] for name in graph}


def _neighbours_together(graph: nx.Graph) -> list[str]:
    """The nodes in the order of a walk level by level, so that what is read together lies together."""
    order: dict[str, None] = {}
    for first in graph:
        if first not in order:
            order[first] = None
            walk = [first]
            for node in walk:
                fresh = [other for other in graph[node] if other not in order]
                order.update(dict.fromkeys(fresh))
                walk += fresh
    return list(order)


def constraint(graph: nx.Graph, way: str = "auto") -> dict[str, float]:
    """How far the ties of a node all lead back to each other, weighted by cases; small where it joins strangers.

    R. S. Burt, American Journal of Sociology 110, 2004. A node without ties has none and is left out.

    >>> import networkx as nx
    >>> constraint(nx.path_graph(["a", "b", "c"]))["b"]
    0.5
    """
    if not _fast(graph, way, "igraph"):
        import networkx as nx

        found = nx.constraint(graph, weight="weight") if graph.number_of_edges() else {}
    else:
        names, made = _igraph(graph)
        found = dict(zip(names, made.constraint(weights="weight"), strict=True))
    return {name: float(value) for name, value in found.items() if value == value}


def communities(graph: nx.Graph, *, seed: int = 0, runs: int = 20, way: str = "auto") -> list[list[frozenset[str]]]:
    """One partition a run, by the Louvain method with as many seeds (V. D. Blondel et al., J. Stat. Mech. P10008, 2008).

    One run is one opinion; `together_share` says how often two nodes fall together.

    >>> import networkx as nx
    >>> [len(partition) for partition in communities(nx.caveman_graph(3, 5), runs=2)]
    [3, 3]
    """
    if graph.number_of_edges() == 0:
        return [[frozenset([name]) for name in graph]] * runs
    if not _fast(graph, way, "igraph"):
        import networkx as nx

        return [
            sorted(
                (frozenset(c) for c in nx.community.louvain_communities(graph, weight="weight", seed=seed + run)), key=_first
            )
            for run in range(runs)
        ]
    import random

    import igraph

    names, made = _igraph(graph)
    found = []
    try:
        for run in range(runs):
            igraph.set_random_number_generator(random.Random(seed + run))  # noqa: S311
            parts = made.community_multilevel(weights="weight")
            found.append(sorted((frozenset(names[i] for i in part) for part in parts), key=_first))
    finally:
        igraph.set_random_number_generator(random)
    return found


def _first(group: frozenset[str]) -> str:
    return min(map(str, group))


def together_share(partitions: Iterable[Iterable[frozenset[str]]], first: str, second: str) -> float:
    """The share of partitions in which two nodes are in the same community; 0 where there is no partition.

    >>> together_share([[frozenset("ab")], [frozenset("a"), frozenset("b")]], "a", "b")
    0.5
    """
    runs = [any(first in group and second in group for group in partition) for partition in partitions]
    return sum(runs) / len(runs) if runs else 0.0


def steady_groups(partitions: Sequence[Iterable[frozenset[str]]], share: float = 0.9) -> list[frozenset[str]]:
    """The communities of the first partition whose nodes all fall together with its first one in such a share of all partitions.

    >>> steady_groups([[frozenset("ab"), frozenset("c")], [frozenset("a"), frozenset("b"), frozenset("c")]])
    [frozenset({'c'})]
    """
    at = [{name: number for number, group in enumerate(partition) for name in group} for partition in partitions]

    def steady(group: frozenset[str]) -> bool:
        first = min(group)
        return all(sum(where[first] == where[name] for where in at) >= share * len(at) for name in group)

    return [group for group in (partitions[0] if partitions else ()) if steady(group)]


def projection(graph: nx.Graph, side: Iterable[str], way: str = "auto") -> nx.Graph:
    """One side of a two-mode network: two nodes are tied when they share a neighbour, `weight` is how many they share.

    >>> import networkx as nx
    >>> projection(nx.Graph([("a", "x"), ("b", "x"), ("a", "y"), ("b", "y")]), ["a", "b"])["a"]["b"]["weight"]
    2
    """
    import networkx as nx

    nodes = sorted(side)
    if len(nodes) == len(graph):
        return nx.create_empty_copy(graph)
    if not _fast(graph, way, "scipy"):
        return nx.bipartite.weighted_projected_graph(graph, nodes)
    import numpy as np
    from scipy.sparse import coo_array, triu  # type: ignore[import-untyped,unused-ignore]

    here = set(nodes)
    at = {name: i for i, name in enumerate([*nodes, *(name for name in graph if name not in here)])}
    ends = [(at[a], at[b]) if a in here else (at[b], at[a]) for a, b in graph.edges()]
    rows, columns = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    table = coo_array((np.ones(len(ends), dtype=np.int64), (rows, columns)), shape=(len(nodes), len(at))).tocsr()
    shared = triu(table @ table.T, k=1).tocoo()
    made = nx.Graph()
    made.add_nodes_from((name, graph.nodes[name]) for name in nodes)
    made.add_weighted_edges_from(
        (nodes[i], nodes[j], w) for i, j, w in zip(shared.row.tolist(), shared.col.tolist(), shared.data.tolist(), strict=True)
    )
    return made
