"""Exact tests and intervals for small tables, and the correction for many tests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, lgamma, log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Steps", "benjamini_hochberg", "corrected", "fisher", "odds_ratio", "stratified", "tellable", "wilson"]


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def fisher(both: int, first: int, second: int, neither: int) -> float:
    """P(at least `both`) in a 2 x 2 table with these margins if the two things have nothing to do with each other.

    The table is `[[both, first only], [second only, neither]]`. Fisher's exact test, one-sided (R. A. Fisher, The Design
    of Experiments, 1935, section 11). A table with an empty margin gives 1. Raises ValueError for a negative count.

    >>> round(fisher(3, 1, 1, 3), 4)
    0.2429
    """
    if min(both, first, second, neither) < 0:
        raise ValueError("a table holds no negative counts")
    row, column, everything = both + first, both + second, both + first + second + neither
    whole = _log_choose(everything, column)
    most = min(row, column)
    terms = [exp(_log_choose(row, k) + _log_choose(everything - row, column - k) - whole) for k in range(both, most + 1)]
    return min(1.0, sum(sorted(terms)))


def odds_ratio(both: int, first: int, second: int, neither: int) -> tuple[float, float, float]:
    """Odds ratio with its 95 per cent interval; one half is added to each count (Haldane 1956, Anscombe 1956; Woolf 1955).

    Nothing is divided by zero: an empty table gives 1 with a wide interval.

    >>> [round(x, 2) for x in odds_ratio(20, 5, 5, 20)]
    [13.89, 3.67, 52.58]
    """
    a, b, c, d = (count + 0.5 for count in (both, first, second, neither))
    middle, width = log(a * d / (b * c)), 1.959964 * sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return exp(middle), exp(middle - width), exp(middle + width)


def wilson(n: int, of: int) -> tuple[float, float] | None:
    """95 per cent interval of a share (E. B. Wilson, JASA 22, 1927), or None without a denominator.

    >>> [round(x, 3) for x in wilson(3, 12)]
    [0.089, 0.532]
    >>> wilson(0, 0) is None
    True
    """
    if of == 0:
        return None
    z2 = 1.959964**2
    middle = (n + z2 / 2) / (of + z2)
    width = 1.959964 / (of + z2) * sqrt(n * (of - n) / of + z2 / 4)
    return max(0.0, middle - width), min(1.0, middle + width)


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """The q-value of each p-value: the smallest false discovery rate at which it is still a discovery.

    Step-up procedure of Y. Benjamini and Y. Hochberg, JRSS B 57, 1995, over the whole family given. Equal p-values have
    equal q-values.

    >>> [round(q, 3) for q in benjamini_hochberg([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.053, 0.053, 0.5]
    """
    order = sorted(range(len(p)), key=lambda i: p[i], reverse=True)
    found, best = [1.0] * len(p), 1.0
    for above, index in enumerate(order):
        best = min(best, p[index] * len(p) / (len(p) - above))
        found[index] = best
    return found


class Steps:
    """Q-values for a family of tests that count, whose p-values can therefore take a few values only.

    Benjamini and Hochberg take each p-value for one that may fall anywhere. That of a count cannot: where the next smaller count
    has p = 0.02, nothing falls between it and this one, and the correction allows for false discoveries that cannot happen.
    S. Doehler, G. Durand and E. Roquain, Electronic Journal of Statistics 12, 2018, put in place of each p-value the chance that
    a test of the family, with the values its p can take, has one as small (their step-up procedure HSU, which holds the false
    discovery rate at `level` for independent tests; here no p above `level` is a discovery). Which values those are follows from
    margins, and favours no finding.

    `possible` has the p-values that each test can take, in rising order.

    >>> [round(q, 3) for q in Steps([[0.01, 0.2, 1.0], [0.04, 1.0]]).q([0.01, 1.0])], benjamini_hochberg([0.01, 1.0])
    ([0.01, 1.0], [0.02, 1.0])
    """

    def __init__(self, possible: Sequence[Sequence[float] | np.ndarray], level: float = 0.05) -> None:
        import numpy as np

        each = [np.asarray(values, dtype=float) for values in possible]
        jumps = [np.diff(values, prepend=0.0) for values in each]
        at = np.concatenate([*each, [2.0]])
        order = np.argsort(at, kind="stable")
        self._at, self._level, self._tests, self._last = at[order], level, len(each), 0.0
        low, high = 0, int(np.searchsorted(self._at, level, side="right"))
        while low < high:  # the largest value that may be called a discovery at all
            middle = (low + high + 1) // 2
            reached = self._reached(each, float(self._at[middle - 1]))
            low, high = (middle, high) if float((reached / (1 - reached)).sum()) <= level * len(each) else (low, middle - 1)
        self._last = float(self._at[low - 1]) if low else 0.0
        shares = 1 - self._reached(each, self._last)
        weights = np.concatenate([*(jump / part for jump, part in zip(jumps, shares, strict=True)), [0.0]])
        self._sums = np.cumsum(weights[order])

    @staticmethod
    def _reached(each: Sequence[np.ndarray], p: float) -> np.ndarray:
        """For each test the largest value up to `p` that its p can take."""
        import numpy as np

        found = [int(np.searchsorted(values, p, side="right")) for values in each]
        return np.array([values[n - 1] if n else 0.0 for values, n in zip(each, found, strict=True)], dtype=float)

    def q(self, p: Sequence[float]) -> list[float]:
        """The q-value of each p-value, never below it: one p-value for each test of the family, in any order."""
        import numpy as np

        if not len(p):
            return []
        ps = np.asarray(p, dtype=float)
        found = np.searchsorted(self._at, ps, side="right")
        sums = np.where(found > 0, self._sums[np.maximum(found, 1) - 1], 0.0)
        beyond = self._level * self._tests * (1 + 1e-9)
        sums = np.where(ps > self._last, np.maximum(sums, beyond), sums)
        order = np.argsort(ps, kind="stable")[::-1]
        best = np.minimum.accumulate(np.minimum(1.0, sums[order] / np.arange(len(ps), 0, -1)))
        qs = np.empty(len(ps))
        qs[order] = best
        return [float(q) for q in np.maximum(qs, ps)]


Table = tuple[int, int, int, int]


@lru_cache(maxsize=1)
def _log_factorials(size: int) -> np.ndarray:
    import numpy as np

    return np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, size)))))


def _counts(table: Table) -> np.ndarray:
    """The chance of each count from 0 on that the first cell of a table may take with its margins."""
    import numpy as np

    both, first, second, neither = table
    row, column, everything = both + first, both + second, both + first + second + neither
    f = _log_factorials(1 << max(8, everything.bit_length()))
    least = max(0, row + column - everything)
    k = np.arange(least, min(row, column) + 1)
    rest = everything - row
    logs = f[row] - f[k] - f[row - k] + f[rest] - f[column - k] - f[rest - column + k]
    chances: np.ndarray = np.exp(logs - (f[everything] - f[column] - f[everything - column]))
    return np.concatenate((np.zeros(least), chances))


def stratified(tables: Sequence[Table]) -> tuple[float, float]:
    """The p-value of several 2 x 2 tables, one a stratum, and the smallest that their margins allow.

    P(at least as many `both` over all strata) where in no stratum the two things have to do with each other: the exact
    conditional test behind that of N. Mantel and W. Haenszel, J. National Cancer Institute 22, 1959. One table gives `fisher`.

    >>> [round(p, 4) for p in stratified([(3, 1, 1, 3)])], round(fisher(3, 1, 1, 3), 4)
    ([0.2429, 0.0143], 0.2429)
    """
    if any(min(table) < 0 for table in tables):
        raise ValueError("a table holds no negative counts")
    import numpy as np

    whole = np.ones(1)
    for table in tables:
        whole = np.convolve(whole, _counts(table))
    tail = np.sort(whole[sum(table[0] for table in tables) :])
    return min(1.0, float(tail.sum())), min(1.0, float(whole[-1]))


def tellable(smallest: Sequence[float], level: float = 0.05) -> list[bool]:
    """Which tests of a family can tell anything at all: those whose smallest possible p-value passes level / (their number).

    R. E. Tarone, Biometrics 46, 1990, and for false-discovery rates P. B. Gilbert, Applied Statistics 54, 2005. It looks at
    margins alone, so leaving the other tests out of the correction favours no finding.

    >>> tellable([0.001, 0.02, 0.3, 0.5])
    [True, True, False, False]
    """
    k = 1
    while sum(p <= level / k for p in smallest) > k:
        k += 1
    return [p <= level / k for p in smallest]


def corrected(family: Sequence[Sequence[Table]]) -> tuple[list[float], list[float], int]:
    """The p-values of `stratified`, their q-values over the tests that can tell anything (1 for the others), and how many these are.

    >>> corrected([[(8, 0, 0, 8)], [(1, 0, 0, 1)]])[2]
    1
    """
    both = [stratified(tables) for tables in family]
    kept = [i for i, can in enumerate(tellable([smallest for _, smallest in both])) if can]
    qs = [1.0] * len(both)
    for i, q in zip(kept, benjamini_hochberg([both[i][0] for i in kept]), strict=True):
        qs[i] = q
    return [p for p, _ in both], qs, len(kept)
