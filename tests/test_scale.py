"""Eight times the shipped cases: nothing is lost, and the questions still answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpsa_graph.cases import read
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.graph.compiled import memory_store
from tests.scripts import loaded

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_a_thousand_cases_are_read_and_asked(tmp_path: Path, kg: KnowledgeGraph) -> None:
    synthetic = loaded("benchmarks/synthetic.py")
    shipped = kg.query("SELECT (COUNT(?c) AS ?n) WHERE { ?c a gpsa:Case }")[0][0]
    size = 8 * shipped

    data = read(synthetic.synthetic_data(tmp_path / "data", size))
    large = KnowledgeGraph(memory_store(data))

    for kind in ("Case", "Result", "Participation", "Challenge", "Lesson"):
        count = f"SELECT (COUNT(?x) AS ?n) WHERE {{ ?x a gpsa:{kind} }}"
        assert large.query(count)[0][0] == 8 * kg.query(count)[0][0], f"{kind}: lost or doubled"
    for name in ("where-was-a-mechanism-used", "who-works-with-whom"):
        assert len(large.answer(name)) == 8 * len(kg.answer(name))
