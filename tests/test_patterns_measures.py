"""Measures of networks: igraph and scipy give what networkx gives."""

from __future__ import annotations

import networkx as nx
import pytest

from gpsa_graph.errors import MissingExtra
from gpsa_graph.patterns.measures import betweenness, communities, constraint, projection, together_share


def _two_mode() -> nx.Graph:
    graph = nx.bipartite.random_graph(25, 18, 0.12, seed=4)
    return nx.relabel_nodes(graph, {n: f"{'cso' if n < 25 else 'body'}-{n:02d}" for n in graph})


def _weighted(graph: nx.Graph) -> nx.Graph:
    for number, (a, b) in enumerate(graph.edges()):
        graph[a][b]["weight"] = 1 + number % 3
    return nx.relabel_nodes(graph, {n: str(n) for n in graph})


GRAPHS = {
    "empty": nx.Graph(), "one node": nx.empty_graph(1), "no ties": nx.empty_graph(4), "star": nx.star_graph(6),
    "complete": nx.complete_graph(5), "apart": nx.disjoint_union(nx.path_graph(4), nx.cycle_graph(5)),
    "two groups": nx.barbell_graph(5, 1), "two modes": _two_mode(),
}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("measure", [betweenness, constraint])
def test_the_fast_way_is_equal_to_networkx(name: str, measure) -> None:  # type: ignore[no-untyped-def]
    graph = _weighted(GRAPHS[name].copy())

    assert measure(graph, "fast") == pytest.approx(measure(graph, "reference")), f"{measure.__name__} of '{name}' differs"


@pytest.mark.parametrize("name", ["empty", "two modes", "star"])
def test_projections_are_equal(name: str) -> None:
    graph = GRAPHS[name]
    side = [n for n in graph if str(n).startswith("cso")] or list(graph)[1:]
    fast, reference = (projection(graph, side, way) for way in ("fast", "reference"))

    assert set(fast) == set(reference), "the projections have different nodes"
    assert {frozenset(e): d["weight"] for *e, d in fast.edges(data=True)} == {
        frozenset(e): d["weight"] for *e, d in reference.edges(data=True)}, "the projections have different ties"


def test_communities_agree_where_they_are_clear() -> None:
    graph = nx.relabel_nodes(nx.caveman_graph(4, 6), str)
    fast, reference = (communities(graph, runs=3, way=way) for way in ("fast", "reference"))

    assert fast == reference, "cliques that share nothing are the communities, whichever way"
    assert together_share(fast, "0", "1") == 1.0
    assert together_share(fast, "0", "23") == 0.0


def test_communities_are_as_good_where_they_are_not() -> None:
    graph = _weighted(nx.connected_watts_strogatz_graph(80, 6, 0.3, seed=1))
    best = [max(nx.community.modularity(graph, p) for p in communities(graph, way=way)) for way in ("fast", "reference")]

    assert best[0] == pytest.approx(best[1], abs=0.02), "the best of twenty runs should be about as modular either way"
    assert communities(graph, seed=3, way="fast") == communities(graph, seed=3, way="fast"), "one seed, one answer"


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpsa_graph.patterns.measures.find_spec", lambda name: None)

    with pytest.raises(MissingExtra, match="fast"):
        betweenness(nx.path_graph(3), "fast")
    assert betweenness(nx.path_graph(3))[1] == 1.0, "without the extra, networkx answers"
