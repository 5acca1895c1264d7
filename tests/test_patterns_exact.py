"""Exact tests and the correction for many tests, against scipy and against counting."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import pytest
from scipy.stats import false_discovery_control, fisher_exact

from gpsa_graph.patterns.exact import benjamini_hochberg, corrected, fisher, odds_ratio, stratified, wilson

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


def test_strata_are_joined_as_counting_every_table_does() -> None:
    """All ways to put the marked cases of each stratum among those that have the thing, counted one by one."""
    tables = [(2, 1, 1, 3), (1, 2, 0, 2), (3, 0, 1, 1)]
    sums: Counter[int] = Counter({0: 1})
    for both, first, second, neither in tables:
        n, row, column = both + first + second + neither, both + first, both + second
        counts = Counter(len(set(chosen) & set(range(row))) for chosen in combinations(range(n), column))
        sums = Counter({a + b: 0 for a in sums for b in counts}) + Counter(
            [a + b for a, x in sums.items() for b, y in counts.items() for _ in range(x * y)])
    observed, most = sum(t[0] for t in tables), max(sums)
    p, smallest = stratified(tables)

    assert p == pytest.approx(sum(n for k, n in sums.items() if k >= observed) / sums.total())
    assert smallest == pytest.approx(sums[most] / sums.total())


def test_one_stratum_is_fisher_and_its_smallest_p_is_that_of_scipy() -> None:
    for table in filter(sum, TABLES):
        both, first, second, neither = table
        most = min(both + first, both + second)
        extreme = (most, both + first - most, both + second - most, neither - both + most)

        assert stratified([table])[0] == pytest.approx(fisher(*table))
        assert stratified([table])[1] == pytest.approx(fisher_exact([extreme[:2], extreme[2:]], "greater").pvalue)


def test_tests_that_can_tell_nothing_are_left_out_of_the_correction() -> None:
    strong, hopeless = [(10, 0, 0, 10)], [(1, 0, 9, 10)]
    ps, qs, able = corrected([strong, *[hopeless] * 400])

    assert able == 1
    assert qs[0] == ps[0] < 0.001, "one test remains, so nothing is corrected"
    assert qs[1:] == [1.0] * 400
    assert corrected([]) == ([], [], 0)
    assert stratified([]) == (1.0, 1.0)
