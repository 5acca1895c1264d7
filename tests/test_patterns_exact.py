"""Exact tests and the correction for many tests, against scipy and against counting."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import pytest
from scipy.stats import false_discovery_control, fisher_exact

from gpsa_graph.patterns.exact import Steps, benjamini_hochberg, corrected, fisher, odds_ratio, stratified, wilson

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


def _found(p: list[float], possible: list[list[float]], level: float) -> list[bool]:
    """The step-up procedure HSU of Doehler, Durand and Roquain (2018, section 3), word for word: which tests are discoveries."""
    def at(i: int, t: float) -> float:
        return max((x for x in possible[i] if x <= t), default=0.0)

    m, values = len(p), sorted({x for each in possible for x in each})
    last = max((t for t in values if t <= level and sum(at(i, t) / (1 - at(i, t)) for i in range(m)) <= level * m), default=0.0)
    steps = [max((t for t in values if t <= last and sum(at(i, t) / (1 - at(i, last)) for i in range(m)) <= level * k), default=0.0)
             for k in range(1, m + 1)]
    most = max((k for k, x in enumerate(sorted(p), 1) if x <= steps[k - 1]), default=0)
    return [most > 0 and x <= steps[most - 1] for x in p]


def test_the_correction_for_counts_is_that_of_its_paper() -> None:
    """All p-values that three small families can show, and a family of p-values as fine as Benjamini and Hochberg take them."""
    possible = [[0.004, 0.03, 0.2, 1.0], [0.02, 0.06, 1.0], [0.3, 1.0]]
    fine = [[i / 2000 for i in range(1, 2001)]] * 4
    shown = [list(p) for p in product(*possible)]
    wrong = [p for p in shown if [q <= 0.05 for q in Steps(possible).q(p)] != _found(p, possible, 0.05)]

    assert wrong == [], "these are called otherwise than the procedure does"
    assert sum(any(_found(p, possible, 0.05)) for p in shown) > sum(min(benjamini_hochberg(p)) <= 0.05 for p in shown) > 0
    p = [0.004, 0.011, 0.3, 0.8]
    assert Steps(fine).q(p) == pytest.approx([q / 0.95 for q in benjamini_hochberg(p)], rel=0.02, abs=0.03), "nothing is won there"
    assert Steps([]).q([]) == []


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
