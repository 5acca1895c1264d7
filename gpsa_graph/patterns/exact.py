"""Exact tests and intervals for small tables, and the correction for many tests."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, log, sqrt


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
