"""Network files, read back by readers that are not ours, with equal counts, kinds, labels, attributes and sources."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import networkx as nx
import openpyxl
import pytest

from gpsa_graph.cells import guarded, unguarded
from gpsa_graph.errors import OutputError
from gpsa_graph.export.networks import ENDINGS, network_bytes, write_network
from gpsa_graph.export.networks.normal import normal
from gpsa_graph.graph.rows import Rows
from gpsa_graph.network import network

DATA = tuple(e for e in ENDINGS if e not in ("pdf", "png", "svg"))
NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


@pytest.fixture(scope="module")
def graph(hostile: tuple[str, ...]) -> nx.Graph:
    """Every hostile text as a label of a node and as a role of an edge; parallel ties, an isolated node, a tie to itself."""
    made = nx.MultiDiGraph()
    made.add_node("organisation:body", label="The body", kind="actor:ministry")
    for i, text in enumerate(hostile):
        made.add_node(f"organisation:a{i}", label=text, kind="actor:national-ngo", note=text, count=i)
        made.add_edge(
            f"organisation:a{i}",
            "organisation:body",
            key=f"case:c{i}",
            kind=f"case:c{i}",
            weight=1,
            cases=(f"case:c{i}",),
            src=("source:x", "source:y"),
            role=(text,),
        )
    made.add_edge(
        "organisation:a0",
        "organisation:body",
        key="case:again",
        kind="case:again",
        weight=1,
        cases=("case:again",),
        src=("source:z",),
        role=("second role",),
    )
    made.add_edge(
        "organisation:body",
        "organisation:body",
        key="case:self",
        kind="case:self",
        weight=2,
        cases=("case:self", "case:more"),
        src=("source:z",),
        role=(),
    )
    made.add_node("organisation:alone", label="Alone", kind="actor:media")
    return made


@pytest.fixture(scope="module")
def files(graph: nx.Graph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("networks")
    cite = {
        "source:x": "X: a report. https://example.org/x",
        "source:y": "Y & Z: <b> story. https://example.org/y?a=1&b=2",
        "source:z": "Z: note.",
    }
    for ending in DATA:
        write_network(
            graph,
            folder / f"n.{ending}",
            title="Who <b>?",
            citations=cite,
            families={"actor:ministry": "actor:state-actor", "actor:national-ngo": "actor:civil-society-actor"},
        )
    return {ending: folder / f"n.{ending}" for ending in DATA}


def expected(graph: nx.Graph) -> SimpleNamespace:
    """Labels by node and (source, target, kind) -> (cases, sources, roles) of what was handed to the writers."""
    labels = {n: d.get("label") or n for n, d in graph.nodes(data=True)}
    ties = {(a, b, d["kind"]): (d["cases"], d["src"], d["role"], d["weight"]) for a, b, d in graph.edges(data=True)}
    return SimpleNamespace(labels=labels, ties=ties)


def held(said: object) -> tuple[str, ...]:
    return tuple(str(said).split(" | ")) if said else ()


@pytest.mark.parametrize("ending", ["gexf", "graphml"])
def test_networkx_reads_xml_with_every_label_kind_case_and_source(graph: nx.Graph, files: dict[str, Path], ending: str) -> None:
    wanted = expected(graph)
    again = nx.read_gexf(files[ending], version="1.3") if ending == "gexf" else nx.read_graphml(files[ending], force_multigraph=True)

    assert again.is_directed()
    assert again.is_multigraph()
    assert {n: d["label"] for n, d in again.nodes(data=True)} == {n: clean(label) for n, label in wanted.labels.items()}
    assert {n: d.get("note", "") for n, d in again.nodes(data=True)} == {n: clean(d.get("note", "")) for n, d in graph.nodes(data=True)}
    assert {n: d["count"] for n, d in again.nodes(data=True) if "count" in d} == {
        n: d["count"] for n, d in graph.nodes(data=True) if "count" in d
    }
    assert again.nodes["organisation:body"]["thing"] == "state"
    assert again.nodes["organisation:body"]["uri"].endswith("/organisation/body")
    assert held(again.nodes["organisation:a0"]["src"]) == ("source:x", "source:y", "source:z")
    assert again.number_of_edges() == graph.number_of_edges()
    ids = {d.get("id", k) for _, _, k, d in again.edges(data=True, keys=True)}
    assert ids == {f"e{i}" for i in range(1, graph.number_of_edges() + 1)}
    found = {}
    for a, b, d in again.edges(data=True):
        kind = next(k for k in d.get("kind", d["cases"]).split(" | "))
        found.setdefault((a, b), []).append((kind, held(d["cases"]), held(d["src"]), d["weight"]))
    flat = {}
    for (a, b, kind), (cases, src, _, weight) in wanted.ties.items():
        flat.setdefault((a, b), []).append((kind if ending == "graphml" else cases[0], cases, src, weight))
    assert {k: sorted(v) for k, v in found.items()} == {k: sorted(v) for k, v in flat.items()}


def test_gexf_is_version_1_3_with_places_colours_kinds_and_the_date_of_the_data(files: dict[str, Path]) -> None:
    from xml.etree import ElementTree

    root = ElementTree.parse(files["gexf"]).getroot()
    space = {"g": "http://gexf.net/1.3", "v": "http://gexf.net/1.3/viz"}

    assert root.get("version") == "1.3"
    assert (
        root.find("g:meta", space).get("lastmodifieddate")
        == (Path(__file__).parent.parent / "data" / "VERSION").read_text("utf-8").split()[1]
    )
    nodes = root.findall(".//g:node", space)
    assert all(n.find("v:position", space) is not None and n.find("v:color", space) is not None for n in nodes)
    assert len({(n.find("v:position", space).get("x"), n.find("v:position", space).get("y")) for n in nodes}) == len(nodes), (
        "two nodes in one place"
    )
    kinds = [
        e.get("kind")
        for e in root.findall(".//g:edge", space)
        if (e.get("source"), e.get("target")) == ("organisation:a0", "organisation:body")
    ]
    assert sorted(kinds) == ["case:again", "case:c0"]


def test_graphology_reads_gexf_with_places_and_parallel_edges(graph: nx.Graph, files: dict[str, Path], node_run) -> None:  # type: ignore[no-untyped-def]
    found = node_run("read_gexf.mjs", str(files["gexf"]), "directed")
    wanted = expected(graph)

    assert (found["order"], found["size"], found["type"], found["multi"]) == (len(graph), graph.number_of_edges(), "directed", True)
    assert {n: d.get("label", "") for n, d in found["nodes"].items()} == {n: clean(label) for n, label in wanted.labels.items()}
    assert all(isinstance(d["x"], (int, float)) and d["color"].startswith("#") for d in found["nodes"].values()) or all(
        isinstance(d["x"], (int, float)) and d["color"].startswith("rgb") for d in found["nodes"].values()
    )
    assert sorted((d["source"], d["target"], held(d["cases"]), held(d["src"]), d["weight"]) for d in found["edges"].values()) == sorted(
        (a, b, cases, src, weight) for (a, b, _), (cases, src, _, weight) in wanted.ties.items()
    )


def test_igraph_reads_graphml_with_labels_and_sources(graph: nx.Graph, files: dict[str, Path]) -> None:
    import igraph

    found = igraph.Graph.Read_GraphML(str(files["graphml"]))
    wanted = expected(graph)

    assert (found.vcount(), found.ecount(), found.is_directed()) == (len(graph), graph.number_of_edges(), True)
    assert dict(zip(found.vs["id"], found.vs["label"], strict=True)) == {n: clean(label) for n, label in wanted.labels.items()}
    ids = found.vs["id"]
    assert sorted((ids[e.source], ids[e.target], e["kind"], held(e["cases"]), held(e["src"]), e["weight"]) for e in found.es) == sorted(
        (a, b, kind, cases, src, weight) for (a, b, kind), (cases, src, _, weight) in wanted.ties.items()
    )


def test_cytoscape_js_loads_what_was_written(graph: nx.Graph, files: dict[str, Path], node_run) -> None:  # type: ignore[no-untyped-def]
    found = node_run("read_cyjs.mjs", str(files["cyjs"]))
    wanted = expected(graph)

    lone = {n: label.replace("\ud800", "\ufffd") for n, label in wanted.labels.items()}
    assert {n: d["label"] for n, d in found["nodes"].items()} == lone
    assert set(found["edges"]) == {f"e{i}" for i in range(1, graph.number_of_edges() + 1)}
    assert sorted(
        (d["source"], d["target"], d["kind"], tuple(d["cases"]), tuple(d["src"]), d["weight"]) for d in found["edges"].values()
    ) == sorted((a, b, kind, cases, src, weight) for (a, b, kind), (cases, src, _, weight) in wanted.ties.items())


def test_networkx_reads_node_link_and_cytoscape_json(graph: nx.Graph, files: dict[str, Path]) -> None:
    wanted = expected(graph)
    link = nx.node_link_graph(json.loads(files["json"].read_text("utf-8")), edges="links")
    cyto = nx.cytoscape_graph(json.loads(files["cyjs"].read_text("utf-8")))

    for again in (link, cyto):
        assert set(again.nodes) == set(graph.nodes)
        assert {n: d["label"].replace("\ufffd", "?") for n, d in again.nodes(data=True)} == {
            n: label.replace("\ud800", "?") for n, label in wanted.labels.items()
        }
        assert sorted(
            (a, b, d["kind"], tuple(d["cases"]), tuple(d["src"]), tuple(d.get("role", ()))) for a, b, d in again.edges(data=True)
        ) == sorted(
            (a, b, kind, cases, src, tuple(r.replace("\ud800", "\ufffd") for r in role))
            for (a, b, kind), (cases, src, role, _) in wanted.ties.items()
        )
    assert link.graph["sources"]["source:y"] == "Y & Z: <b> story. https://example.org/y?a=1&b=2"


def test_ndex2_reads_cx2(graph: nx.Graph, files: dict[str, Path]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ndex2.cx2 import RawCX2NetworkFactory
    found = RawCX2NetworkFactory().get_cx2network(json.loads(files["cx2"].read_text("utf-8")))
    wanted = expected(graph)

    nodes = {n["id"]: n for n in found.get_nodes().values()}
    assert {n["v"]["id"]: n["v"]["name"] for n in nodes.values()} == {
        n: label.replace("\ud800", "\ufffd") for n, label in wanted.labels.items()
    }
    assert all("x" in n and "y" in n for n in nodes.values())
    names = {number: n["v"]["id"] for number, n in nodes.items()}
    assert sorted(
        (names[e["s"]], names[e["t"]], e["v"]["kind"], tuple(e["v"]["cases"]), tuple(e["v"]["src"]), e["v"]["weight"])
        for e in found.get_edges().values()
    ) == sorted((a, b, kind, cases, src, weight) for (a, b, kind), (cases, src, _, weight) in wanted.ties.items())
    assert "source:x: X: a report. https://example.org/x" in found.get_network_attributes()["sources"]


def test_pydot_reads_dot(graph: nx.Graph, hostile: tuple[str, ...], tmp_path: Path) -> None:
    """pydot parses a text of a million signs for minutes, so the longest text is left out here."""
    import pydot

    small = graph.copy()
    small.remove_nodes_from([n for n, d in graph.nodes(data=True) if len(d.get("label", "")) > 10_000])
    write_network(small, tmp_path / "n.dot", title='a "title"')
    found = pydot.graph_from_dot_data((tmp_path / "n.dot").read_text("utf-8"))[0]
    wanted = expected(small)

    def plain(said: str) -> str:
        return re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), said[1:-1] if said.startswith('"') else said)

    def lines(text: str) -> str:
        return clean(text).replace("\r\n", "\n").replace("\r", "\n")

    nodes = {plain(n.get_name()): n for n in found.get_nodes() if n.get_name() != "node"}
    assert {n: plain(node.get("label")) for n, node in nodes.items()} == {n: lines(label) for n, label in wanted.labels.items()}
    assert sorted(
        (
            plain(e.get_source()),
            plain(e.get_destination()),
            plain(e.get("kind")),
            held(plain(e.get("cases"))),
            held(plain(e.get("sources"))),
        )
        for e in found.get_edges()
    ) == sorted((a, b, kind, cases, src) for (a, b, kind), (cases, src, _, _) in wanted.ties.items())


def test_openpyxl_reads_the_spreadsheet_with_texts_numbers_links_and_a_codebook(graph: nx.Graph, files: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(files["xlsx"])
    wanted = expected(graph)
    nodes, edges, sources = ([[c.value for c in row] for row in book[name].iter_rows()] for name in ("nodes", "edges", "sources"))

    at = {name: nodes[0].index(name) for name in ("id", "label", "count")}
    for row in nodes[1:]:
        label = clean(wanted.labels[row[at["id"]]]).replace("\r\n", "\n").replace("\r", "\n")
        assert (row[at["label"]] or "").replace("\r", "\n") == (label if len(label) <= 32_767 else label[:32_757] + " ... (cut)")
    assert {type(row[at["count"]]) for row in nodes[1:] if row[at["count"]] is not None} == {int}
    assert {c.data_type for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None} <= {"s", "n", "b"}, (
        "a text became a formula"
    )
    where = {name: edges[0].index(name) for name in ("source", "target", "kind", "cases", "src")}
    assert sorted(tuple(row[i] for i in where.values()) for row in edges[1:]) == sorted(
        (a, b, kind, " | ".join(cases), " | ".join(src)) for (a, b, kind), (cases, src, _, _) in wanted.ties.items()
    )
    assert {row[0]: row[1] for row in sources[1:]}["source:x"] == "X: a report. https://example.org/x"
    assert book["sources"]["B2"].hyperlink.target == "https://example.org/x"
    first = next(i for i, row in enumerate(edges, 1) if row[where["src"]] == "source:x | source:y")
    assert book["edges"].cell(first, where["src"] + 1).hyperlink.location == "sources!A2"
    assert {row[1].value for row in book["codebook"].iter_rows()} >= set(edges[0]) | set(nodes[0])


def test_csv_has_a_row_for_each_edge_and_one_for_each_node_in_a_second_file(graph: nx.Graph, files: dict[str, Path]) -> None:
    csv.field_size_limit(10_000_000)
    edges, nodes = (
        list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
        for path in (files["csv"], files["csv"].with_name("n-nodes.csv"))
    )
    wanted = expected(graph)

    assert {n["id"]: unguarded(n["label"]) for n in nodes} == {n: label.replace("\ud800", "\ufffd") for n, label in wanted.labels.items()}
    assert sorted((e["source"], e["target"], e["kind"], held(e["cases"]), held(e["src"])) for e in edges) == sorted(
        (a, b, guarded(kind), cases, src) for (a, b, kind), (cases, src, _, _) in wanted.ties.items()
    )
    assert "X: a report. https://example.org/x" in next(e for e in edges if e["kind"] == "case:c1")["citations"]


def test_values_that_other_programs_spoil_are_brought_into_one_form() -> None:
    made = nx.Graph()
    made.add_node(
        "a",
        none=None,
        listed=["x", "y"],
        day=date(2020, 1, 2),
        mixed=1,
        half=1,
        **{"dct:title": "t", "start": 5, "id": "own", "viz": {"b": 1}, "sure": True},
    )
    made.add_node("b", mixed="one", half=0.5, nan=float("nan"), group={3, 1}, sure=False)
    made.add_edge("a", "b", weight=float("inf"), type="x", cases=None, src="source:s")
    net = normal(made)
    a, b = net.nodes

    assert a.cells == {
        "thing": "other",
        "listed": ("x", "y"),
        "day": "2020-01-02",
        "mixed": "1",
        "half": 1.0,
        "dct_title": "t",
        "start_year": 5,
        "id_": "own",
        "viz_": '{"b": 1}',
        "sure": True,
        "cases": (),
        "src": ("source:s",),
    }
    assert (b.cells["mixed"], b.cells["half"], b.cells["group"], "nan" in b.cells) == ("one", 0.5, ("1", "3"), False)
    assert (net.edges[0].weight, net.edges[0].cells["type_"], net.edges[0].cells["src"]) == (1, "x", ("source:s",))
    for ending in DATA:
        assert network_bytes(net, ending)
    assert nx.read_gexf(io.BytesIO(network_bytes(net, "gexf")), version="1.3").nodes["a"]["start_year"] == 5


def test_ids_that_become_equal_stay_two_nodes() -> None:
    made = nx.Graph([("a\x0b", "a\x0c"), (1, "1")])

    assert [n.id for n in normal(made).nodes] == ["a\ufffd", "a\ufffd~2", "1", "1~2"]


@pytest.mark.parametrize("made", [nx.Graph(), nx.DiGraph([("a", "a")]), nx.Graph([("a", "b")])], ids=["empty", "self", "pair"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_smallest_networks_are_written_in_every_form(made: nx.Graph, ending: str, tmp_path: Path) -> None:
    write_network(made, tmp_path / f"n.{ending}")

    assert (tmp_path / f"n.{ending}").stat().st_size > 0


def test_the_same_network_gives_the_same_bytes(graph: nx.Graph, files: dict[str, Path]) -> None:
    cite = {
        "source:x": "X: a report. https://example.org/x",
        "source:y": "Y & Z: <b> story. https://example.org/y?a=1&b=2",
        "source:z": "Z: note.",
    }
    net = normal(
        graph,
        "Who <b>?",
        citations=cite,
        families={"actor:ministry": "actor:state-actor", "actor:national-ngo": "actor:civil-society-actor"},
    )
    for ending in DATA:
        assert network_bytes(net, ending) == files[ending].read_bytes(), ending


def test_a_network_of_the_graph_names_a_source_on_every_edge_and_node(kg) -> None:  # type: ignore[no-untyped-def]
    rows = kg.answer("who-works-with-whom", country="PHL")
    for parallel in (False, True):
        made = network(rows, parallel=parallel)
        net = normal(made, citations=rows.citations())
        assert all(e.cells["src"] and e.cells["citations"] and e.cells["cases"] for e in net.edges)
        assert all(n.cells["src"] and n.cells["citations"] for n in net.nodes)
    pairs = {(str(r["source"]), str(r["target"]), str(r["case"])) for r in rows.to_dicts()}
    assert made.number_of_edges() == len(pairs)


def test_a_parallel_network_keeps_one_edge_for_each_case() -> None:
    rows = Rows(
        ["source", "target", "case", "role", "src"],
        [("a", "b", "case:x", "r", "source:1"), ("a", "b", "case:y", "s", "source:2"), ("a", "b", "case:x", "t", "source:3")],
    )
    made = network(rows, parallel=True)

    assert [(d["kind"], d["role"], d["src"], d["weight"]) for _, _, d in made.edges(data=True)] == [
        ("case:x", ("r", "t"), ("source:1", "source:3"), 1),
        ("case:y", ("s",), ("source:2",), 1),
    ]
    assert network(rows)["a"]["b"]["weight"] == 2


def test_an_unknown_ending_writes_nothing_and_names_those_that_work(graph: nx.Graph, tmp_path: Path) -> None:
    with pytest.raises(
        OutputError, match=r"no network file ends in '\.pajek'; write one of \.csv, \.cx2, \.cyjs, \.dot, \.gexf, \.graphml, \.json"
    ):
        write_network(graph, tmp_path / "n.pajek")

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_leaves_the_old_file_whole(tmp_path: Path) -> None:
    (tmp_path / "n.gexf").mkdir()
    with pytest.raises(OutputError, match="is a folder; name a file in it"):
        write_network(nx.Graph([("a", "b")]), tmp_path / "n.gexf")
    with pytest.raises(OutputError, match="cannot be written: no such file or directory"):
        write_network(nx.Graph([("a", "b")]), tmp_path / "gone" / "n.gexf")
    assert [p.name for p in tmp_path.iterdir()] == ["n.gexf"]
