"""Networks of questions as pages, and views made again from their files."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from gpsa_graph.network import network
from gpsa_graph.view.saved import read_view, write_view
from tests.browser.conftest import QUESTION, Browser
from tests.browser.test_explorer import save


@pytest.fixture(scope="module")
def who(kg: Any, who_file: Path) -> tuple[Path, nx.Graph]:
    return who_file, network(kg.answer(QUESTION, country="UGA"))


@pytest.fixture
def page(chromium: Browser, who: tuple[Path, nx.Graph]) -> Browser:
    for old in chromium.downloads.iterdir():
        old.unlink()
    chromium.size(1440, 900)
    chromium.open(who[0])
    chromium.errors()
    chromium.requests()
    return chromium


def test_every_tie_is_shown_with_its_cases_and_sources(page: Browser, who: tuple[Path, nx.Graph]) -> None:
    made = who[1]
    assert f"{len(made)} things and {made.number_of_edges()} ties" in page.text("#status")
    page.go("#view=table")
    save(page, "Table")
    with page.saved(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {frozenset(row["id"].split()): int(row["Cases"]) for row in rows} == {
        frozenset((a, b)): about["weight"] for a, b, about in made.edges(data=True)}
    assert all(row["Sources"] for row in rows)
    save(page, "Network")
    assert len(nx.read_gexf(page.saved(".gexf"))) == len(made)


def test_a_filter_takes_ties_away_with_their_cases(page: Browser, kg: Any) -> None:
    page.go("#sector=health")
    cases = {str(row[0]) for row in kg.query("SELECT ?c { ?c a gpsa:Case ; gpsa:sector sector:health ; gpsa:country country:UGA }")}
    made = network(kg.answer(QUESTION, country="UGA"))
    left = sum(bool(cases & set(about["cases"])) for _, _, about in made.edges(data=True))
    assert f"{left} tie" in page.text("#status")


def test_the_panel_tells_each_tie(page: Browser, who: tuple[Path, nx.Graph]) -> None:
    name = max(sorted(who[1]), key=who[1].degree)
    page.go(f"#node={name}")
    assert page.run("return document.querySelectorAll('#panel li.person').length") == who[1].degree(name)
    assert page.run("return [...document.querySelectorAll('#panel li.person')]"
                    ".every(l => l.querySelector('sup a') && l.querySelector('.behind li'))")
    for view in ("matrix", "map", "timeline", "table"):
        page.go(f"#view={view}&node={name}")
    assert page.requests() == []
    assert page.errors() == []
    assert page.run("return document.getElementById('trouble').hidden")


@pytest.mark.parametrize("state", ["#sector=health&years=2014-2016", *(
    pytest.param(state, marks=pytest.mark.slow) for state in ("#view=map&country=UGA", "#node=case:mwi-mejn"))])
def test_a_page_made_from_a_view_file_opens_in_its_state(browser: Browser, kg: Any, tmp_path: Path, state: str) -> None:
    browser.go(state)
    said, camera = browser.text("#status"), browser.run("return window.__camera && window.__camera()")
    save(browser, "View file")
    view = read_view(browser.saved(".json"))
    target = tmp_path / "again.html"
    write_view(kg, view, target)
    browser.open(target)
    assert browser.run("return location.hash") == state
    assert browser.text("#status") == said
    if "view=" not in state and "node=" not in state:
        assert browser.run("return window.__camera()") == pytest.approx(camera, abs=2)


@pytest.mark.slow
def test_a_view_of_a_network_makes_that_network_again(page: Browser, kg: Any, tmp_path: Path) -> None:
    said = page.text("#status")
    save(page, "View file")
    view = json.loads(page.saved(".json").read_text("utf-8"))
    assert view["question"] == {"name": QUESTION, "given": {"country": "UGA"}}
    target = tmp_path / "again.html"
    write_view(kg, view, target)
    page.open(target)
    assert page.text("#status") == said
