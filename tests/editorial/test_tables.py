"""The pages say what the data say: tables are made again and compared, and the readings agree as the README tells."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from gpsa_graph.cases import Data

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("data/README.md", "docs/audit.md")


@pytest.mark.parametrize("page", PAGES)
def test_tables_are_those_of_the_data(page: str, tables: ModuleType, everything: Data) -> None:
    same = (ROOT / page).read_text("utf-8") == tables.filled(page, everything)
    assert same, f"{page} is behind the data; run python tests/editorial/tables.py"


def test_the_readings_agree_well_enough(kappa: ModuleType) -> None:
    """Below 0.6 agreement is called moderate at best (Landis and Koch 1977): then the definitions need work."""
    low = {name: round(k, 2) for name, (_, _, _, k) in kappa.agreement().items() if k < 0.6}
    assert low == {}, f"two readers agree too little on {low}: sharpen the definitions and read again."


def test_a_tenth_of_the_cases_was_read_twice(everything: Data) -> None:
    import csv

    with (ROOT / "tests" / "editorial" / "second_reading.csv").open(encoding="utf-8", newline="") as rows:
        read = {row["case"] for row in csv.DictReader(rows)}
    assert len(read) >= 12, f"only {len(read)} cases were read twice"
    assert read <= {c.id for c in everything.cases}, f"no such cases: {read - {c.id for c in everything.cases}}"


def test_kappa_of_a_known_table(kappa: ModuleType) -> None:
    """The worked example of two readers, 50 things: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert kappa.cohen(pairs) == pytest.approx(0.4)
