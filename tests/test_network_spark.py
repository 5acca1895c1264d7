"""The projection of docs/scale.md, word for word, on a Spark cluster of two processes on this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.network import two_mode

DOCS = Path(__file__).resolve().parent.parent / "docs" / "scale.md"


@pytest.mark.slow
def test_spark_gives_the_projection_that_the_arrays_give(tmp_path: Path, kg: KnowledgeGraph) -> None:
    (program,) = re.findall(r"```python\n(# projection\.py\n.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    (tmp_path / "projection.py").write_text(program)
    gpsa = str(Path(sys.executable).parent / "gpsa")
    subprocess.run([gpsa, "answer", "who-works-with-whom", "-o", "ties.csv"], cwd=tmp_path, check=True)
    env = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    done = subprocess.run([sys.executable, "projection.py", "local-cluster[1,1,1024]"], cwd=tmp_path, capture_output=True, text=True,
                          env=env, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    theirs = {tuple(line.split(",")) for line in done.stdout.splitlines() if "," in line}

    columns, rows = kg.stream("who-works-with-whom")
    at = [columns.index(name) for name in ("source", "target", "case")]
    ties = two_mode(tuple(row[i] for i in at) for row in rows)
    ours = {(*pair[:2], str(pair[2])) for pair in ties.together("source", most=10**9)}
    assert theirs == ours
    assert len(ours) > 100
