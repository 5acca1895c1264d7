"""Networks as pages, views made again from their files, the map, and what a graph shows of itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

import gpsa_graph
from gpsa_graph.errors import GpsaError, OutputError
from gpsa_graph.export.networks.normal import clean
from gpsa_graph.view.page import page
from gpsa_graph.view.saved import network_content, read_view, write_view
from gpsa_graph.view.ties import tied
from gpsa_graph.view.world import world
from tests.test_view import TEXTS, assert_closed, block

VIEW = {"format": "gpsa-view", "version": 1, "data": {"version": "1", "date": "2026-01-01"}, "address": "#sector=health", "view": "islands",
        "filters": {"sector": ["sector:health"]}, "years": None, "hide": [], "positions": {}}


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    def write(**changed: Any) -> Path:
        target = tmp_path / "view.json"
        target.write_text(json.dumps(VIEW | changed), "utf-8")
        return target
    return write


def test_every_tie_of_a_network_is_in_its_page_with_cases_and_sources(kg: Any) -> None:
    content = network_content(kg, "which-sector-uses-which-mechanism", {"country": "MWI"})
    html = page(content, "1", "2026-01-01")
    graph, details = block(html, "graph"), block(html, "details")
    names = [node["id"] for node in graph["nodes"]]
    rows = kg.answer("which-sector-uses-which-mechanism", country="MWI").to_dicts()
    asked = {(row["source"], row["target"], row["case"]) for row in rows}
    shown = {(frozenset((names[a], names[b])), names[case]) for a, b, _, _, cases in graph["edges"] for case in cases}
    assert shown == {(frozenset((a, b)), case) for a, b, case in asked}
    assert all(link["src"] for link in details["links"])
    assert {kind["id"] for kind in graph["kinds"]} == {"case", "of-sector", "of-mechanism"}


def test_what_is_said_of_a_tie_is_said_in_words(tiny_kg: Any) -> None:
    """A role, a form or a depth by its label, never by its name in the graph."""
    content = network_content(tiny_kg, "who-works-with-whom", {})
    notes = [note for link in content.links for note in link.details.get("note", ())]
    assert notes
    assert not [note for note in notes if re.search(r"[a-z]:[a-z]", note)]


def test_nothing_of_a_network_stands_on_another(kg: Any) -> None:
    content = network_content(kg, "which-mechanism-goes-with-which-result", {})
    spots = list(content.picture.places.values())
    assert len(content.picture.islands) == 1
    assert not [(a, b) for n, a in enumerate(spots) for b in spots[:n] if (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 < 30**2]


def test_a_network_without_ties_is_refused(tiny_kg: Any) -> None:
    with pytest.raises(GpsaError, match="no tie"):
        tied(tiny_kg, nx.Graph(), title="t")


def test_hostile_texts_in_a_network_stay_texts(tiny_kg: Any) -> None:
    case = str(tiny_kg.query("SELECT ?c { ?c a gpsa:Case } ORDER BY ?c LIMIT 1")[0][0])
    graph = nx.Graph()
    for n, text in enumerate(TEXTS[:-10]):
        graph.add_node(f"x:{n}", label=text)
        graph.add_edge("x:0", f"x:{n}" if n else "x:1", weight=1, cases=(case,), src=(), role=(text,))
    html = page(tied(tiny_kg, graph, title=TEXTS[0], reading=TEXTS[2], question={"name": TEXTS[3], "given": {}}), "1", "2026-01-01")
    assert_closed(html)
    assert {node["l"] for node in block(html, "graph")["nodes"] if node["id"].startswith("x:")} == {clean(text) for text in TEXTS[:-10]}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": "gpsa-view"}', '{"format": "gpsa-view", "address": "javascript:pwn()"}'])
def test_a_file_that_is_no_view_is_refused(tmp_path: Path, text: str) -> None:
    target = tmp_path / "view.json"
    target.write_text(text, "utf-8")
    with pytest.raises(GpsaError, match=r"view\.json' (is no view file|holds no address)"):
        read_view(target)
    with pytest.raises(GpsaError, match="cannot be read"):
        read_view(tmp_path / "missing.json")


def test_a_view_is_drawn_again_in_each_form(tiny_kg: Any, save: Callable[..., Path], tmp_path: Path) -> None:
    sector, label, n = tiny_kg.query("""SELECT ?s ?l (COUNT(DISTINCT ?c) AS ?n) { ?c a gpsa:Case ; gpsa:sector ?s .
        ?s skos:prefLabel ?l FILTER(LANG(?l) = "en") } GROUP BY ?s ?l ORDER BY ?n ?s LIMIT 1""")[0]
    view = read_view(save(filters={"sector": [sector]}))
    for ending, start in (("svg", b"<svg"), ("png", b"\x89PNG")):
        made = []
        for turn in (1, 2):
            write_view(tiny_kg, view, tmp_path / f"{turn}.{ending}")
            made.append((tmp_path / f"{turn}.{ending}").read_bytes())
        assert made[0].startswith(start)
        assert made[0] == made[1]
    words = "".join(ElementTree.parse(tmp_path / "1.svg").getroot().itertext())
    assert f"Filters: Sector: {label}." in words
    assert f"Cases: {n}" in words


def words_of(svg: Path) -> str:
    return " ".join(" ".join(ElementTree.parse(svg).getroot().itertext()).split())


@pytest.mark.parametrize("view", ["columns", "matrix", "timeline"])
def test_other_views_are_drawn_as_figures_of_their_cases(tiny_kg: Any, save: Callable[..., Path], tmp_path: Path, view: str) -> None:
    write_view(tiny_kg, read_view(save(view=view, filters={"country": ["country:XAA"]})), tmp_path / "x.svg")
    label = tiny_kg.query("SELECT ?l { country:XAA rdfs:label ?l }")[0][0]
    assert f"Filter: Country: {label}" in words_of(tmp_path / "x.svg")
    assert "n = 2 cases" in words_of(tmp_path / "x.svg"), "two of the three invented cases work there"
    assert json.loads((tmp_path / "x.view.json").read_text("utf-8"))["sources"], "the figure says that its view file names them"
    (tmp_path / "view.view.json").write_text("{}", "utf-8")
    with pytest.raises(OutputError, match=r"view\.view\.json' is there already and belongs to no figure"):
        write_view(tiny_kg, read_view(tmp_path / "view.json"), tmp_path / "view.svg")


def test_a_view_of_one_case_is_drawn_as_cards(tiny_kg: Any, save: Callable[..., Path], tmp_path: Path) -> None:
    write_view(tiny_kg, read_view(save(node="case:xbb-road-audit")), tmp_path / "x.png")
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_view_of_the_map_is_drawn_as_its_figure(kg: Any, save: Callable[..., Path], tmp_path: Path) -> None:
    """Invented countries have no place on a map, so this takes the shipped data."""
    write_view(kg, read_view(save(view="map", filters={"country": ["country:MWI"]})), tmp_path / "x.svg")
    n = kg.query("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a gpsa:Case ; gpsa:country country:MWI }")[0][0]
    assert "Filter: Country: Malawi" in words_of(tmp_path / "x.svg")
    assert f"n = {n} cases in" in words_of(tmp_path / "x.svg")


def test_what_cannot_be_drawn_is_said_and_nothing_written(tiny_kg: Any, save: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"not written as '\.docx'"):
        write_view(tiny_kg, read_view(save()), tmp_path / "x.docx")
    for only in ({"view": "table"}, {"node": "organisation:world-bank"}, {"concepts": "mechanism"}, {"colour": "sector"},
                 {"view": "timeline", "colour": "sector"}, {"question": {"name": "who-works-with-whom"}}):
        with pytest.raises(OutputError, match=r"only islands, two columns, matrix, map, timeline and one case are drawn.*write \.html"):
            write_view(tiny_kg, read_view(save(**only)), tmp_path / "x.svg")
    with pytest.raises(GpsaError, match="no case passes the filters of this view"):
        write_view(tiny_kg, read_view(save(view="map", years=[1200, 1201])), tmp_path / "x.svg")
    assert [p.name for p in tmp_path.iterdir()] == ["view.json"]


def test_a_page_from_a_view_holds_it(tiny_kg: Any, save: Callable[..., Path], tmp_path: Path) -> None:
    write_view(tiny_kg, read_view(save(camera={"x": 1, "y": 2, "scale": 0.5})), tmp_path / "x.html")
    html = (tmp_path / "x.html").read_text("utf-8")
    assert_closed(html)
    assert block(html, "graph")["start"] == {"address": "#sector=health", "positions": {}, "camera": {"x": 1, "y": 2, "scale": 0.5},
                                             "data": VIEW["data"]}
    write_view(tiny_kg, read_view(save(address="#node=\ud800\x00")), tmp_path / "odd.html")
    assert block((tmp_path / "odd.html").read_text("utf-8"), "graph")["start"]["address"] == "#node=\ufffd\ufffd"


def test_every_country_with_a_case_is_on_the_map_but_those_without_a_point(kg: Any) -> None:
    codes = [str(row[0]).partition(":")[2] for row in kg.query("SELECT DISTINCT ?p { ?c a gpsa:Case ; gpsa:country ?p }")]
    made = world(codes)
    assert set(codes) - set(made["points"]) == {"XKX"}
    assert set(made["countries"]) <= set(codes)
    assert world(codes) == made


def test_a_graph_shows_itself(tiny: Path) -> None:
    kg = gpsa_graph.load(tiny)
    assert [node["id"] for node in kg.to_pyvis(nx.Graph([("a", "b")])).nodes] == ["a", "b"]
    assert list(kg._repr_mimebundle_(include=None, exclude=None)) == ["text/html", "image/svg+xml", "text/plain"]
