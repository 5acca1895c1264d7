"""Nothing that was brought in is lost: the facts of each case are counted again and held against counts.csv and fates.csv."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest

from gpsa_graph.cases import Case, Data
from gpsa_graph.errors import Problem

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def fates() -> dict[tuple[str, str], tuple[str, str, str]]:
    with (HERE / "fates.csv").open(encoding="utf-8", newline="") as rows:
        return {(r["sheet"], r["path"]): (r["fate"], r["where"], r["why"]) for r in csv.DictReader(rows)}


def test_the_data_read_without_a_fault(problems: list[Problem]) -> None:
    assert problems == [], f"{len(problems)} faults, the first: {problems[0]}"


def test_no_fact_is_lost(case: Case, counting: ModuleType) -> None:
    pinned = counting.pinned().get(case.id, {})
    now = counting.in_case(case)
    lost = {kind: (before, now[kind]) for kind, (_, before) in pinned.items() if now[kind] < before}
    assert lost == {}, (f"{case.path}: fewer facts than were counted (before, now): {lost}. Bring them back, or say in data/CHANGES.md "
                        "why they went and lower the number in tests/editorial/counts.csv.")


def test_every_counted_case_is_there(everything: Data, counting: ModuleType) -> None:
    missing = sorted(set(counting.pinned()) - {c.id for c in everything.cases})
    assert missing == [], f"cases lost: {', '.join(missing)}."


def test_every_difference_from_the_sheets_has_a_reason(fates, counting: ModuleType) -> None:  # type: ignore[no-untyped-def]
    by_case: dict[str, dict[tuple[str, str], tuple[str, str, str]]] = defaultdict(dict)
    for key, fate in fates.items():
        by_case[key[0]][key] = fate
    for case, kinds in counting.pinned().items():
        if case not in by_case:
            continue
        for kind, (sheet, data) in kinds.items():
            explained, words = counting.reasons(by_case[case], case, kind, sheet, data)
            assert explained == data - sheet, f"{case}: {kind}: {sheet} in the sheet, {data} in the case file; fates.csv explains {words}"


def test_everything_left_out_or_changed_says_why(fates) -> None:  # type: ignore[no-untyped-def]
    bad = [key for key, (fate, _, why) in fates.items() if fate in ("left out", "changed") and not why]
    assert bad == [], f"fates.csv: say why: {bad[0]}"


def test_fates_are_of_known_kinds(fates) -> None:  # type: ignore[no-untyped-def]
    bad = {fate for fate, _, _ in fates.values()} - {"kept as", "merged into", "split", "changed", "left out", "added"}
    assert bad == set(), f"fates.csv: unknown fates {sorted(bad)}"
