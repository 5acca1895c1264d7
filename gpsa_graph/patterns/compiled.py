"""The shuffles of `nulls` as loops that numba compiles (the extra `fast`): the same numbers, at the cost of the ones alone.

Importing this module needs numba. The compiled loops are kept beside it, or in the cache folder of numba.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from gpsa_graph.patterns.nulls import _GOLDEN, _OTHER, ROUNDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    Lists = tuple[np.ndarray, np.ndarray]

__all__ = ["count_butterflies", "count_pairs"]

_G, _O, _R, _ONE = np.uint64(_GOLDEN), np.uint64(_OTHER), np.uint64(ROUNDS), np.uint64(1)
_C1, _C2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_jit: Any = numba.njit(nogil=True, cache=True)


@_jit
def _mix(x):  # type: ignore[no-untyped-def]
    x = (x ^ (x >> _S30)) * _C1
    x = (x ^ (x >> _S27)) * _C2
    return x ^ (x >> _S31)


@_jit
def _trade(rows, a0, a1, b0, b1, base, bounds, new_a, new_b):  # type: ignore[no-untyped-def]
    """Deal out anew the rows that only one of two columns has; both lists stay sorted."""
    i, j, x, y = a0, b0, 0, 0
    for s in range(len(bounds) - 1):
        stop = bounds[s + 1]
        p, q, left, need = i, j, np.uint64(0), np.uint64(0)
        while True:
            ra = rows[p] if p < a1 and rows[p] < stop else stop
            rb = rows[q] if q < b1 and rows[q] < stop else stop
            if ra == stop and rb == stop:
                break
            if ra == rb:
                p += 1
                q += 1
            elif ra < rb:
                p += 1
                left += _ONE
                need += _ONE
            else:
                q += 1
                left += _ONE
        while i < p or j < q:
            ra = rows[i] if i < p else stop
            rb = rows[j] if j < q else stop
            if ra == rb:
                new_a[x] = ra
                new_b[y] = ra
                x += 1
                y += 1
                i += 1
                j += 1
                continue
            row = min(ra, rb)
            if ra < rb:
                i += 1
            else:
                j += 1
            chance = _mix(base + _G * np.uint64(row + 1)) >> _S32
            if chance * left < need << _S32:
                new_a[x] = row
                x += 1
                need -= _ONE
            else:
                new_b[y] = row
                y += 1
            left -= _ONE
    rows[a0:a1] = new_a[:x]
    rows[b0:b1] = new_b[:y]


@_jit
def _shuffle(starts, rows, chain, key, bounds, order_keys, new_a, new_b):  # type: ignore[no-untyped-def]
    columns = len(starts) - 1
    pairs = columns // 2
    for step in range(ROUNDS):
        at = np.uint64(chain) * _R + np.uint64(step)
        each = _mix(key + _G * (at + _ONE))
        for f in range(columns):
            order_keys[f] = _mix(each + _O * np.uint64(f + 1))
        order = np.argsort(order_keys, kind="mergesort")
        for pair in range(pairs):
            base = _mix(key ^ _mix(at * np.uint64(pairs) + np.uint64(pair) + _ONE))
            a, b = order[2 * pair], order[2 * pair + 1]
            _trade(rows, starts[a], starts[a + 1], starts[b], starts[b + 1], base, bounds, new_a, new_b)


@_jit
def _by_row(starts, rows, n, row_starts, columns_of):  # type: ignore[no-untyped-def]
    row_starts[:] = 0
    for r in rows:
        row_starts[r + 1] += 1
    for r in range(n):
        row_starts[r + 1] += row_starts[r]
    at = row_starts[:-1].copy()
    for column in range(len(starts) - 1):
        for k in range(starts[column], starts[column + 1]):
            r = rows[k]
            columns_of[at[r]] = column
            at[r] += 1


@_jit
def _pairs(ls, lr, rs, rr, same, n, lkey, rkey, bounds, ends, draws, histogram):  # type: ignore[no-untyped-def]
    lw, rw = lr.copy(), rr.copy()
    size = max(len(lr), len(rr)) + 1
    new_a, new_b = np.empty(size, lr.dtype), np.empty(size, lr.dtype)
    lk, rk = np.empty(len(ls) - 1, np.uint64), np.empty(len(rs) - 1, np.uint64)
    lrow, rrow = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    lcol, rcol = np.empty(len(lr), np.int64), np.empty(len(rr), np.int64)
    counts = np.zeros((len(ls) - 1, len(rs) - 1), np.int64)
    for chain in range(draws):
        lw[:] = lr
        _shuffle(ls, lw, chain, lkey, bounds, lk, new_a, new_b)
        _by_row(ls, lw, n, lrow, lcol)
        if not same:
            rw[:] = rr
            _shuffle(rs, rw, chain, rkey, bounds, rk, new_a, new_b)
            _by_row(rs, rw, n, rrow, rcol)
        counts[:] = 0
        for row in range(n):
            for i in range(lrow[row], lrow[row + 1]):
                if same:
                    for j in range(lrow[row], lrow[row + 1]):
                        counts[lcol[i], lcol[j]] += 1
                else:
                    for j in range(rrow[row], rrow[row + 1]):
                        counts[lcol[i], rcol[j]] += 1
        for pair in range(len(ends)):
            histogram[pair, counts[ends[pair, 0], ends[pair, 1]]] += 1


@_jit
def _squares(starts, rows, n, row_starts, columns_of, seen, touched):  # type: ignore[no-untyped-def]
    _by_row(starts, rows, n, row_starts, columns_of)
    total = 0
    for column in range(len(starts) - 1):
        many = 0
        for k in range(starts[column], starts[column + 1]):
            r = rows[k]
            for i in range(row_starts[r], row_starts[r + 1]):
                met = columns_of[i]
                if met >= column:
                    break
                if seen[met] == 0:
                    touched[many] = met
                    many += 1
                total += seen[met]
                seen[met] += 1
        for i in range(many):
            seen[touched[i]] = 0
    return total


@_jit
def _cycles(starts, lists, n, key, bounds, draws, found):  # type: ignore[no-untyped-def]
    columns = len(starts) - 1
    rows = lists.copy()
    new_a, new_b = np.empty(len(lists) + 1, lists.dtype), np.empty(len(lists) + 1, lists.dtype)
    keys, row_starts = np.empty(columns, np.uint64), np.zeros(n + 1, np.int64)
    columns_of, seen, touched = np.empty(len(lists), np.int64), np.zeros(columns, np.int64), np.empty(columns, np.int64)
    observed = _squares(starts, rows, n, row_starts, columns_of, seen, touched)
    for chain in range(draws):
        rows[:] = lists
        _shuffle(starts, rows, chain, key, bounds, keys, new_a, new_b)
        found[chain] = _squares(starts, rows, n, row_starts, columns_of, seen, touched)
    return observed


def count_pairs(
    tables: Sequence[Lists],
    rows: int,
    keys: Sequence[int],
    bounds: np.ndarray,
    ends: np.ndarray,
    draws: int,
    histogram: np.ndarray,
) -> None:
    """Add to `histogram` how often each pair of columns stands together in each of `draws` shuffles."""
    (ls, lr), (rs, rr) = tables[0], tables[-1]
    _pairs(ls, lr, rs, rr, len(tables) == 1, rows, np.uint64(keys[0]), np.uint64(keys[-1]), bounds, ends, draws, histogram)


def count_butterflies(table: Lists, rows: int, key: int, bounds: np.ndarray, draws: int) -> tuple[int, np.ndarray]:
    """The 4-cycles of a table, and of each of its shuffles."""
    found = np.zeros(draws, dtype=np.int64)
    return int(_cycles(*table, rows, np.uint64(key), bounds, draws, found)), found
