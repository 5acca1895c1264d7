"""The notebooks run from top to bottom, hold no stored outputs and show what they promise."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


def cells(path: Path) -> list[str]:
    read = json.loads(path.read_text("utf-8"))
    assert read["nbformat"] == 4
    assert all(not cell.get("outputs") for cell in read["cells"]), f"{path.name} holds stored outputs: clear them"
    return ["".join(cell["source"]) for cell in read["cells"] if cell["cell_type"] == "code"]


def run(source: str, names: dict[str, Any]) -> Any:
    """Execute a cell and give the value of its last line, as a notebook does."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    shown = [run(source, names) for source in cells(path)]

    assert any(value is not None for value in shown)


def test_asking_the_graph_shows_a_table_with_numbered_sources(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    values = [run(source, names) for source in cells(NOTEBOOKS[0])]
    tables = [value._repr_html_() for value in values if hasattr(value, "_repr_html_")]

    assert "<td>[1]</td>" in tables[0]
    assert "<ol><li>" in tables[0]
    assert "preferred" in capsys.readouterr().out
