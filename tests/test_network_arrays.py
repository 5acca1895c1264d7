"""Networks as arrays: the same counts as networkx, and shuffles that keep every degree."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pytest

from gpsa_graph.graph import KnowledgeGraph, Rows
from gpsa_graph.network import TwoMode, network, two_mode


def random_rows(seed: int, sources: int, targets: int, size: int) -> list[tuple[str, str, str]]:
    rng = np.random.default_rng(seed)
    return [(f"s{int(sources * rng.random() ** 3)}", f"t{int(targets * rng.random() ** 2)}", f"c{rng.integers(size // 3)}")
            for _ in range(size)]


@pytest.fixture(params=[(0, 6, 5, 20), (1, 60, 20, 300), (2, 9, 200, 500)], ids=str)
def rows(request: pytest.FixtureRequest) -> list[tuple[str, str, str]]:
    return random_rows(*request.param)


def as_graph(ties: TwoMode) -> nx.Graph:
    graph = nx.Graph()
    for i, j in zip(*ties.matrix.nonzero(), strict=True):
        graph.add_edge(ties.sources[i], ties.targets[j], weight=int(ties.matrix[i, j]))
    return graph


def test_ties_weights_and_degrees_are_those_of_networkx(rows: list[tuple[str, str, str]]) -> None:
    ties, graph = two_mode(iter(rows)), network(Rows(["source", "target", "case"], rows))
    ours, theirs = ({frozenset((a, b)): w for a, b, w in one.edges(data="weight")} for one in (as_graph(ties), graph))
    assert ours == theirs
    assert len(ties) == graph.number_of_edges()
    for side, names in (("source", ties.sources), ("target", ties.targets)):
        assert dict(zip(names, ties.degree(side).tolist(), strict=True)) == {n: graph.degree(n) for n in names}
        assert dict(zip(names, ties.strength(side).tolist(), strict=True)) == {n: graph.degree(n, weight="weight") for n in names}


def test_the_projection_is_that_of_networkx(rows: list[tuple[str, str, str]]) -> None:
    ties = two_mode(rows)
    graph = as_graph(ties)
    for side, names in (("source", ties.sources), ("target", ties.targets)):
        shared = ties.projection(side)
        theirs = nx.bipartite.weighted_projected_graph(graph, names)
        assert shared.nnz == 2 * theirs.number_of_edges()
        assert {(names[i], names[j]): int(shared[i, j]) for i, j in zip(*shared.nonzero(), strict=True)} == {
            pair: w for a, b, w in theirs.edges(data="weight") for pair in ((a, b), (b, a))}


def test_pairs_that_occur_together_are_counted_over_the_other_side(rows: list[tuple[str, str, str]]) -> None:
    ties = two_mode(rows)
    by_source: dict[str, set[str]] = {}
    for source, target, _ in rows:
        by_source.setdefault(source, set()).add(target)
    counted = Counter((a, b) for found in by_source.values() for a in found for b in found if a < b)
    expected = sorted(((a, b, n) for (a, b), n in counted.items()), key=lambda p: (-p[2], p[0], p[1]))
    assert ties.together(most=10) == expected[:10]
    assert ties.together(most=10**6) == expected


def test_parts_are_those_of_networkx() -> None:
    ties = two_mode(random_rows(3, 400, 300, 350))
    of_sources, of_targets = ties.components()
    parts: dict[int, set[str]] = {}
    for name, part in (*zip(ties.sources, of_sources.tolist(), strict=True), *zip(ties.targets, of_targets.tolist(), strict=True)):
        parts.setdefault(part, set()).add(name)
    assert len(parts) > 5
    assert sorted(map(sorted, parts.values())) == sorted(map(sorted, nx.connected_components(as_graph(ties))))
    assert list(dict.fromkeys(of_sources.tolist())) == sorted(set(of_sources.tolist()))


@pytest.mark.parametrize("sources", [3, 8, 60])
def test_shuffles_keep_every_degree_and_follow_their_seed(sources: int) -> None:
    ties = two_mode(random_rows(4, sources, 90, 130))
    drawn = list(ties.shuffles(5, seed=3))
    for one in drawn:
        assert one.matrix.max() == 1
        assert one.degree("source").tolist() == ties.degree("source").tolist()
        assert one.degree("target").tolist() == ties.degree("target").tolist()
    assert all((a.matrix != b.matrix).nnz == 0 for a, b in zip(drawn, ties.shuffles(5, seed=3), strict=True))
    assert any((a.matrix != ties.matrix.astype(bool)).nnz for a in drawn)


def test_shuffles_reach_every_network_with_these_degrees_equally_often() -> None:
    """Three sources and three targets of degrees 2, 1, 1: there are five such networks."""
    ties = two_mode([("a", "x", "1"), ("a", "y", "1"), ("b", "x", "1"), ("c", "z", "1")])
    seen = Counter(one.matrix.toarray().tobytes() for one in ties.shuffles(5_000, seed=0, trades=5))
    assert len(seen) == 5
    expected = 5_000 / 5
    chi_squared = sum((n - expected) ** 2 / expected for n in seen.values())
    assert chi_squared < 18.5, "p = 0.001 for four degrees of freedom"


def test_no_rows_are_a_network_without_ties() -> None:
    ties = two_mode([])
    assert (len(ties), ties.sources, ties.together(), ties.degree().tolist()) == (0, (), [], [])


@pytest.mark.slow
def test_a_million_ties_are_built_projected_and_shuffled_from_a_stream() -> None:
    rng = np.random.default_rng(5)
    sources, targets = (400_000 * rng.random(1_050_000) ** 1.5).astype(int), (300_000 * rng.random(1_050_000) ** 1.2).astype(int)
    ties = two_mode((s, t, i) for i, (s, t) in enumerate(zip(sources.tolist(), targets.tolist(), strict=True)))
    assert len(ties) == len(set(zip(sources.tolist(), targets.tolist(), strict=True))) > 1_000_000
    assert ties.strength().sum() == 1_050_000
    shared = ties.projection()
    assert shared.sum() == int((ties.degree("target").astype(np.int64) * (ties.degree("target") - 1)).sum())
    (one,) = ties.shuffles(1, trades=2)
    assert (one.degree("target") == ties.degree("target")).all()


def test_the_rows_of_a_question_can_be_streamed_into_arrays(kg: KnowledgeGraph) -> None:
    columns, rows = kg.stream("who-works-with-whom")
    at = [columns.index(name) for name in ("source", "target", "case")]
    ties = two_mode(tuple(row[i] for i in at) for row in rows)
    graph = network(kg.answer("who-works-with-whom"))
    assert len(as_graph(ties).edges) == graph.number_of_edges()
    assert {frozenset(e) for e in as_graph(ties).edges} == {frozenset(e) for e in graph.edges}
