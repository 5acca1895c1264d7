"""A network is rows with source, target and case; an edge is a pair, its weight the number of cases."""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import pytest

from gpsa_graph.errors import GpsaError, ParameterError
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.graph.rows import Rows
from gpsa_graph.network import described, network, network_of, projected
from gpsa_graph.patterns.measures import projection

COLUMNS = ["source", "source_kind", "target", "target_kind", "case", "src", "role"]
DATA = Path(__file__).resolve().parent.parent / "data"
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


def test_a_cell_that_lists_names_counts_as_each_of_them() -> None:
    rows = [("a", "b", "c", "role:adopter role:funder", "Note: two words"), ("a", "b", "d", "role:funder", "x")]
    edge = network(Rows(["source", "target", "case", "role", "said"], rows))["a"]["b"]

    assert edge["role"] == ("role:adopter", "role:funder")
    assert edge["said"] == ("Note: two words", "x"), "a text stays whole"


def test_nodes_are_described_and_carry_the_evidence_of_their_ties() -> None:
    about = Rows(["name", "label", "kind"], [("organisation:m", "Ministry", "else"), ("organisation:far", "Not here", "cso")])
    graph = described(network(Rows(COLUMNS, ROWS)), about)

    assert graph.nodes["organisation:m"] == {"kind": "ministry", "label": "Ministry", "cases": ("case:1", "case:2"),
                                             "src": ("source:x", "source:y", "source:z")}, "its own kind stays"
    assert graph.nodes["organisation:b"]["label"] == "organisation:b"
    assert "organisation:far" not in graph


def test_both_ends_of_a_directed_tie_carry_its_evidence() -> None:
    graph = described(network(Rows(COLUMNS, ROWS), directed=True), Rows(["name", "label"], []))

    assert graph.nodes["organisation:b"]["src"] == graph.nodes["organisation:m"]["src"] == ("source:x", "source:y", "source:z")


def test_a_projection_has_the_weights_of_networkx_and_the_evidence_of_its_ties() -> None:
    two = nx.bipartite.random_graph(12, 9, 0.3, seed=2)
    rows = [(f"l{a:02d}", f"r{b:02d}", f"case:{a % 3}", f"source:{b % 4}") for a, b in two.edges()]
    graph = network(Rows(["source", "target", "case", "src"], rows))
    for side in ({row[0] for row in rows}, {row[1] for row in rows}):
        made, expected = projected(graph, side), nx.bipartite.weighted_projected_graph(graph, side)

        assert {(*sorted((a, b)), w) for a, b, w in made.edges(data="weight")} == {
            (*sorted((a, b)), w) for a, b, w in expected.edges(data="weight")}
        for way in ("reference", "fast"):
            assert {frozenset(e): made.edges[e]["weight"] for e in made.edges} == {
                frozenset((a, b)): w for a, b, w in projection(graph, side, way).edges(data="weight")}
        for a, b, tie in made.edges(data=True):
            assert set(tie["through"]) == set(graph[a]) & set(graph[b])
            assert set(tie["src"]) == {s for c in tie["through"] for end in (a, b) for s in graph[end][c]["src"]}


def test_a_side_whose_things_are_tied_to_each_other_has_no_projection() -> None:
    with pytest.raises(GpsaError, match="the network has no two sides"):
        projected(nx.path_graph(["a", "b", "c"]), ["a", "b"])


def test_networks_of_the_invented_cases_are_those_counted_by_hand(tiny_kg: KnowledgeGraph) -> None:
    watch, works, council = "organisation:xaa-health-watch", "organisation:xbb-ministry-of-works", "organisation:xbb-riverside-council"
    graph, bodies = network_of(tiny_kg, "who-works-with-whom"), network_of(tiny_kg, "who-works-with-whom", among="target")

    assert (graph.nodes[watch]["kind"], graph.nodes[watch]["country"]) == ("actor:national-ngo", "country:XAA")
    assert graph.nodes[works]["level"] == "government-level:national"
    assert graph["organisation:xbb-road-users-union"][council]["role"] == ("government-role:responder",)
    assert bodies[works][council]["cases"] == ("case:xbb-road-audit",)
    assert bodies[works][council]["through"] == ("organisation:xbb-road-users-union",)
    assert bodies[works]["organisation:xaa-ministry-of-health"]["cases"] == ("case:multi-open-budgets", "case:xbb-road-audit")
    assert not bodies.has_edge(works, "organisation:xaa-audit-office"), "no organisation stands beside both"


@pytest.mark.parametrize("name", [
    "who-works-with-whom", "who-funds-whom-and-where", "which-mechanism-goes-with-which-result", "which-mechanism-goes-with-which-form",
    "which-sector-uses-which-mechanism", "which-challenge-met-which-lesson", "which-mechanisms-share-a-case", "which-cases-share-features"])
def test_every_node_and_edge_of_the_shipped_networks_is_named_and_sourced(name: str, kg: KnowledgeGraph) -> None:
    graph = network_of(kg, name)
    with open(DATA / "organisations.csv", encoding="utf-8", newline="") as stream:
        homes = {f"organisation:{row['id']}": row["country"] for row in csv.DictReader(stream)}

    bare = [n for n, said in graph.nodes(data=True) if said["label"] == n or not said.get("kind") or not said["src"] or not said["cases"]]
    assert bare == [], f"{name}: nodes without label, kind, cases or sources"
    assert [n for n, said in graph.nodes(data=True) if n in homes and said.get("country", "") != " ".join(
        f"country:{code}" for code in sorted(homes[n].split()))] == [], f"{name}: a country is not that of organisations.csv"
    assert all(tie["src"] and tie["cases"] for _, _, tie in graph.edges(data=True)), f"{name}: a tie names no case or source"


@pytest.mark.parametrize("call, words", [
    (lambda kg: network_of(kg, "which-challenges-recur"), "is no network; these are: "),
    (lambda kg: network_of(kg, "who-works-with-whom", among="left"), "write source or target")])
def test_what_is_no_network_is_refused(call, words: str, tiny_kg: KnowledgeGraph) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ParameterError, match=words):
        call(tiny_kg)
