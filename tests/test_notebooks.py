"""The notebooks run from top to bottom, hold no stored outputs and show what they promise, trusted or not."""

from __future__ import annotations

import json
import re
import sys
from base64 import b64decode
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
sys.path.insert(0, str(ROOT / "docs" / "site"))

from notebooks import as_markdown, cells, played  # noqa: E402


@cache
def run(number: int) -> tuple[list[Any], str]:
    """Values of the cells of a notebook, and everything it prints."""
    steps = list(played(NOTEBOOKS[number - 1]))
    return [value for *_, value in steps if value is not None], "".join(printed for _, _, printed, _ in steps)


def tables(number: int) -> list[str]:
    return [value._repr_html_() for value in run(number)[0] if hasattr(value, "_repr_html_")]


def test_there_are_four_in_reading_order() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["1-ask-the-graph", "2-who-says-so", "3-networks", "4-patterns"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_clean_and_sound(path: Path) -> None:
    read = json.loads(path.read_text("utf-8"))
    assert (read["nbformat"], read["nbformat_minor"]) == (4, 5)
    kept = [cell["id"] for cell in read["cells"] if cell.get("outputs") or cell.get("execution_count")]
    assert kept == [], f"{path.name} holds stored outputs: clear them"
    assert len({cell["id"] for cell in read["cells"]}) == len(read["cells"])
    assert cells(path)[0][1].startswith("# "), "a notebook begins with its title"


def test_asking_the_graph_shows_a_table_with_numbered_sources() -> None:
    assert "<td>[1]</td>" in tables(1)[0]
    assert "<ol><li>" in tables(1)[0]
    assert "preferred" in run(1)[1]


def test_who_says_so_shows_both_values_and_on_what_results_rest() -> None:
    values, printed = run(2)
    closing, shares = values[0], next(v for v in values if isinstance(v, dict))

    assert "World Bank" in printed
    assert [preferred for _, preferred, _ in closing].count(True) == 1
    assert len(closing) == 3
    assert sum(int(share.partition(" of ")[2]) for share in shares.values()) == sum(
        row["results"] for table in values if hasattr(table, "to_dicts") and "results" in table.columns for row in table.to_dicts())
    assert all("<ol><li>" in table for table in (tables(2)[0], tables(2)[-1])), "answers and inferred values show their sources"


def test_networks_show_a_still_picture_and_the_evidence_of_an_edge() -> None:
    values, printed = run(3)
    shown = next(v for v in values if hasattr(v, "_repr_mimebundle_"))._repr_mimebundle_()
    svg = ElementTree.fromstring(shown["image/svg+xml"])

    assert svg.tag.endswith("svg")
    assert not [e for e in svg.iter() if e.tag.endswith("script")]
    words = "".join(svg.itertext())
    assert "(programme page)" in words, "the sources of a picture are cited, not named by their ids"
    assert "source:" not in words
    assert re.search(r"in [1-9]\d* case\(s\): case:mwi-", printed)
    assert "groups that share no case" in printed
    assert values[-1] == (9, 16), "who works with whom in Malawi: nine bodies, sixteen pairs"


@pytest.mark.slow
def test_patterns_show_sentences_with_their_numbers() -> None:
    values, printed = run(4)

    assert len(values[0]) >= 8
    assert re.search(r"(?m)^n \d+ of \d+ \| seed 0 \| shuffles 9999$", printed)
    assert "Benjamini-Hochberg" in printed
    assert {"all:", "without stories:", "as known in 2016:"} <= set(re.findall(r"(?m)^(?:all|without stories|as known in 2016):", printed))
    assert values[-1][0][0].startswith("case:")


def test_a_still_picture_is_left_where_frames_and_scripts_are_taken_out(tiny_kg: Any) -> None:
    """Notebooks that are not trusted keep images and drop frames; the picture beneath the frame is whole and holds no script."""
    from gpsa_graph.view.notebook import show_explorer

    html = show_explorer(tiny_kg)._repr_mimebundle_()["text/html"]
    left = re.sub(r"<iframe.*?</iframe>", "", html, flags=re.DOTALL)
    images = re.findall(r'<img alt="[^"]+" src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)"', left)

    assert "<iframe" in html
    assert len(images) == 1
    assert not [e for e in ElementTree.fromstring(b64decode(images[0])).iter() if e.tag.endswith("script")]
    assert "3 cases" in left


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_becomes_a_page(path: Path) -> None:
    page = as_markdown(path)
    assert page.startswith("# ")
    assert page.count("```") % 2 == 0
    assert "<iframe" not in page
