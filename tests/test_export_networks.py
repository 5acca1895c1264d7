"""Network files, read back by readers that are not ours."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import networkx as nx
import pytest

from gpsa_graph.errors import OutputError
from gpsa_graph.export.networks import write_network
from gpsa_graph.graph.rows import Rows
from gpsa_graph.network import network

HOSTILE = ["</script><script>pwn()", 'a"b', "]]>", "line\nbreak", "\u000b control", "مرحبا नमस्ते", "=1+1", "a | b"]


@pytest.fixture
def graph() -> nx.Graph:
    rows = [(f"organisation:a{i}", "organisation:body", f"case:c{i}", text, "source:x source:y") for i, text in enumerate(HOSTILE)]
    rows.append(("organisation:a0", "organisation:body", "case:again", "second role", "source:z"))
    return network(Rows(["source", "target", "case", "role", "src"], rows))


@pytest.mark.parametrize("ending", ["graphml", "gexf"])
def test_an_xml_network_is_read_back_with_equal_nodes_edges_and_evidence(graph: nx.Graph, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"n.{ending}"
    write_network(graph, path)

    again = nx.read_graphml(path) if ending == "graphml" else nx.read_gexf(path)

    assert set(again.nodes) == set(graph.nodes)
    assert {frozenset(e) for e in again.edges} == {frozenset(e) for e in graph.edges}
    edge = again.edges["organisation:a0", "organisation:body"]
    assert edge["cases"] == "case:again | case:c0"
    assert edge["src"] == "source:x | source:y | source:z"
    assert edge["weight"] == 2


def test_json_keeps_lists_and_every_text(graph: nx.Graph, tmp_path: Path) -> None:
    write_network(graph, tmp_path / "n.json", title="t")

    found = json.loads((tmp_path / "n.json").read_text("utf-8"))

    assert {link["role"][0] for link in found["links"]} >= set(HOSTILE[1:])
    assert next(link for link in found["links"] if link["source"] == "organisation:a0")["cases"] == ["case:again", "case:c0"]
    assert found["title"] == "t"


def test_csv_has_a_row_for_each_edge(graph: nx.Graph, tmp_path: Path) -> None:
    write_network(graph, tmp_path / "n.csv")

    with (tmp_path / "n.csv").open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))

    assert len(found) == graph.number_of_edges()
    assert {r["source"] for r in found} | {r["target"] for r in found} == set(graph.nodes)


def test_the_same_network_gives_the_same_bytes(graph: nx.Graph, tmp_path: Path) -> None:
    for ending in ("csv", "gexf", "graphml", "json"):
        write_network(graph, tmp_path / f"a.{ending}")
        write_network(graph, tmp_path / f"b.{ending}")

        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_an_unknown_ending_writes_nothing_and_names_those_that_work(graph: nx.Graph, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no network file ends in '\.pajek'; write one of \.csv, \.gexf, \.graphml, \.json"):
        write_network(graph, tmp_path / "n.pajek")

    assert list(tmp_path.iterdir()) == []
