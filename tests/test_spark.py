"""The passage of docs/scale.md for those with a cluster: its command lines and its script, on a master and two workers of Spark.

`make test-slow` installs Spark (extra `spark`). Without it these tests fail; they are not passed over.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import gpsa_graph
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.network import TwoMode, two_mode
from tests.scripts import loaded

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs" / "site"))

import sessions  # noqa: E402

PASSAGE = (ROOT / "docs" / "scale.md").read_text("utf-8").partition("### On a cluster\n")[2].partition("\n#")[0]
BLOCKS = sessions.blocks(PASSAGE)
BIN = Path(sys.executable).parent
#: No web pages of Spark's own, few tasks and a Java that starts quickly; what is computed stays the same.
_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SETTINGS = ("--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=2", "--driver-java-options", _JAVA,
            "--conf", f"spark.executor.extraJavaOptions={_JAVA}")


def shown(program: str) -> list[str]:
    """The words of the command line of the passage that begins with this program."""
    (line,) = [line for block in BLOCKS if block.language == "sh" for line in block.text.splitlines() if line.startswith(f"{program} ")]
    return shlex.split(line)


def spark(folder: Path, one: str, other: str) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Pairs and degrees that the script of the passage makes of `ties.parquet` on a cluster of two workers that this starts."""
    from pyarrow import parquet

    found = find_spec("pyspark")
    assert found is not None, "Spark is not installed; `make test-slow` does that"
    home = folder / "spark"  # workers keep their files in the folder of Spark, so this cluster gets one of its own
    home.mkdir()
    for path in Path(found.submodule_search_locations[0]).iterdir():  # type: ignore[index]
        (home / path.name).symlink_to(path)
    (script,) = [block for block in BLOCKS if block.file == "pairs.py"]
    (folder / script.file).write_text(script.text, "utf-8")
    words = shown("spark-submit")
    (told,) = re.findall(r'`--master "([^"]*)"`', PASSAGE)
    words[words.index("--master") + 1] = told
    assert words[-2:] == ["who", "case"]
    words[-2:] = one, other
    env = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_DIRS": str(folder), "SPARK_LOCAL_IP": "127.0.0.1",
           "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    run = subprocess.run([BIN / words[0], *SETTINGS, *words[1:]], cwd=folder, env=env, capture_output=True, text=True, timeout=900)
    assert run.returncode == 0, run.stderr[-4000:]
    assert sorted(path.name for path in home.glob("work/app-*/*")) == ["0", "1"], "the work was not done by two executors of two workers"
    assert set(re.findall(r"spark://(?:\w+@)?([\w.-]+):\d+", run.stderr)) <= {"127.0.0.1", "localhost"}
    pairs = parquet.read_table(folder / "pairs").to_pylist()
    degrees = parquet.read_table(folder / "degrees").to_pylist()
    assert all(row["a"] < row["b"] for row in pairs)
    by_pair, by_name = {(row["a"], row["b"]): row["count"] for row in pairs}, {row[one]: row["count"] for row in degrees}
    assert (len(by_pair), len(by_name)) == (len(pairs), len(degrees)), "a pair or a name comes twice"
    return by_pair, by_name


def arrays(ties: TwoMode) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """The same of the arrays."""
    shared, names = ties.projection("source").tocoo(), ties.sources
    pairs = {(names[i], names[j]): n for i, j, n in zip(shared.row.tolist(), shared.col.tolist(), shared.data.tolist(), strict=True)
             if names[i] < names[j]}
    assert 2 * len(pairs) == shared.nnz
    return pairs, dict(zip(names, ties.degree("source").tolist(), strict=True))


@pytest.mark.slow
def test_spark_projects_the_shipped_ties_as_the_arrays_do(kg: KnowledgeGraph, tmp_path: Path) -> None:
    subprocess.run([BIN / "gpsa", "answer", "who-works-with-whom", "-o", "ties.parquet"], cwd=tmp_path, check=True)
    columns, rows = kg.stream("who-works-with-whom")
    at = [columns.index(name) for name in ("source", "target", "case")]
    ties = two_mode(tuple(row[i] for i in at) for row in rows)
    assert len(ties) > 500
    assert spark(tmp_path, "source", "target") == arrays(ties)


@pytest.mark.slow
def test_spark_ties_the_organisations_of_two_thousand_cases_as_the_arrays_do(tmp_path: Path) -> None:
    """The arrays are fed by a stored question, Spark by the query of the passage."""
    loaded("benchmarks/portfolio.py").write_portfolio(tmp_path / "portfolio.nt", 2_000)
    subprocess.run([BIN / "gpsa", "load", "portfolio.nt", "--store", "my-store"], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run([BIN / "gpsa", *shown("gpsa")[1:]], cwd=tmp_path, check=True)
    columns, rows = gpsa_graph.load(store=tmp_path / "my-store").stream("participations-of-cases")
    who, case = columns.index("who"), columns.index("case")
    ties = two_mode((row[who], row[case], row[case]) for row in rows if str(row[who]).startswith("organisation:"))
    (told,) = re.findall(r"on more than ([\d,]+) synthetic ones", PASSAGE)
    assert len(ties) > int(told.replace(",", ""))
    pairs, degrees = spark(tmp_path, "who", "case")
    assert max(degrees.values()) > 20
    assert max(pairs.values()) > 3
    assert (pairs, degrees) == arrays(ties)
