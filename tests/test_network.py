"""A network is rows with source, target and case; an edge is a pair, its weight the number of cases."""

from __future__ import annotations

import networkx as nx
import pytest

from gpsa_graph.errors import GpsaError
from gpsa_graph.graph.rows import Rows
from gpsa_graph.network import network

COLUMNS = ["source", "source_kind", "target", "target_kind", "case", "src", "role"]
ROWS = [
    ("organisation:b", "cso", "organisation:m", "ministry", "case:1", "source:x source:y", "leads"),
    ("organisation:b", "cso", "organisation:m", "ministry", "case:2", "source:x", None),
    ("organisation:m", "ministry", "organisation:b", "cso", "case:2", "source:z", "hosts"),
    ("organisation:a", "cso", "organisation:a", "cso", "case:3", None, None),
    (None, None, "organisation:m", "ministry", "case:4", "source:x", None),
]


def test_an_edge_is_a_pair_and_its_weight_the_number_of_cases() -> None:
    graph = network(Rows(COLUMNS, ROWS))
    edge = graph["organisation:b"]["organisation:m"]
    assert (edge["weight"], edge["cases"]) == (2, ("case:1", "case:2"))
    assert edge["src"] == ("source:x", "source:y", "source:z"), "the sources of all rows of a pair belong to its edge"
    assert edge["role"] == ("hosts", "leads")


def test_a_directed_network_keeps_both_ways() -> None:
    graph = network(Rows(COLUMNS, ROWS), directed=True)
    assert isinstance(graph, nx.DiGraph)
    assert graph["organisation:b"]["organisation:m"]["weight"] == 2
    assert graph["organisation:m"]["organisation:b"]["cases"] == ("case:2",)


def test_columns_of_an_end_become_attributes_of_its_nodes() -> None:
    graph = network(Rows(COLUMNS, ROWS))
    assert graph.nodes["organisation:m"] == {"label": "organisation:m", "kind": "ministry"}
    labelled = network(Rows(["source", "source_label", "target", "case"], [("a", "A name", "b", "c")]))
    assert labelled.nodes["a"]["label"] == "A name"


def test_an_empty_end_leaves_the_row_out_and_a_loop_stays() -> None:
    graph = network(Rows(COLUMNS, ROWS))
    assert "None" not in graph
    assert graph.has_edge("organisation:a", "organisation:a")
    assert graph["organisation:a"]["organisation:a"]["src"] == ()


def test_the_order_of_rows_does_not_matter() -> None:
    one, other = network(Rows(COLUMNS, ROWS)), network(Rows(COLUMNS, ROWS[::-1]))
    assert list(one.nodes(data=True)) == list(other.nodes(data=True))
    assert list(one.edges(data=True)) == list(other.edges(data=True))


def test_no_rows_give_an_empty_network() -> None:
    assert len(network(Rows(["source", "target", "case"], []))) == 0


def test_rows_without_the_columns_are_refused_with_what_is_missing() -> None:
    with pytest.raises(GpsaError, match=r"columns source, place are no network: target and case are missing"):
        network(Rows(["source", "place"], []))
