"""Exact tests and the correction for many tests, against scipy and against counting."""

from __future__ import annotations

from itertools import product

import pytest
from scipy.stats import false_discovery_control, fisher_exact

from gpsa_graph.patterns.exact import benjamini_hochberg, fisher, odds_ratio, wilson

TABLES = list(product((0, 1, 3, 7), repeat=4))


def test_fisher_is_that_of_scipy_on_every_small_table() -> None:
    wrong = [t for t in TABLES if sum(t) and abs(fisher(*t) - fisher_exact([t[:2], t[2:]], "greater").pvalue) > 1e-9]

    assert wrong == [], "the one-sided p-value differs from scipy's for these tables"


def test_a_table_without_cases_proves_nothing() -> None:
    assert fisher(0, 0, 0, 0) == pytest.approx(1.0), "an empty table must give p = 1"


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="no negative counts"):
        fisher(-1, 1, 1, 1)


@pytest.mark.parametrize("table", [(0, 0, 0, 0), (5, 0, 0, 5), (0, 5, 5, 0)])
def test_the_odds_ratio_never_divides_by_zero(table: tuple[int, int, int, int]) -> None:
    middle, low, high = odds_ratio(*table)

    assert 0 < low <= middle <= high < float("inf"), f"the interval of {table} is not a pair of positive numbers around the ratio"


def test_the_correction_is_that_of_scipy() -> None:
    p = [0.001, 0.02, 0.02, 0.03, 0.2, 0.5, 1.0, 0.049]

    assert benjamini_hochberg(p) == pytest.approx(list(false_discovery_control(p))), "q-values differ from scipy's"
    assert benjamini_hochberg([]) == [], "no tests have no q-values"


def test_a_share_without_denominator_has_no_interval() -> None:
    low, high = wilson(0, 5) or (1.0, 0.0)

    assert wilson(0, 0) is None, "0 of 0 is no data, not 0 per cent"
    assert low == 0 < high < 0.5, "0 of 5 leaves room for more than 0"
