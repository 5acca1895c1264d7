"""Chance: how often things would stand in the same case if each kept its number of cases, and each case its number of things.

The shuffle is the curveball of G. Strona, D. Nappo, F. Boccacci, S. Fattorini and J. San-Miguel-Ayanz (Nature
Communications 5:4114, 2014) in rounds of disjoint trades (C. J. Carstens, M. Hamann, U. Meyer, M. Penschuck, H. Tran and
D. Wagner, ESA 2018): the columns are paired at random and each pair deals out anew, at random, the rows that only one of the
two has. Row and column totals stay. Each shuffle starts from the observed table and takes ten rounds.

Random numbers are hashes of (seed, shuffle, round, pair, row) (the mixing step of splitmix64; G. L. Steele, D. Lea and
C. H. Flood, OOPSLA 2014). So a shuffle does not depend on how many are made at once, nor on which of two ways makes it: numpy
over many shuffles at a time, or, for large tables and where the extra `fast` is installed, a compiled loop. Both give the same
counts, number by number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from gpsa_graph.errors import MissingExtra
from gpsa_graph.patterns.exact import Steps

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Together", "butterflies", "draws_for", "prefer_compiled", "shuffled", "together"]

ROUNDS = 10
_GOLDEN, _OTHER = 0x9E3779B97F4A7C15, 0xD1B54A32D192ED03
#: Cells (shuffles x rows x columns; more where there are many strata) above which the compiled loop is worth its start.
_LARGE = 30_000_000
_BATCH = 10_000_000


def mix(x: np.ndarray) -> np.ndarray:
    """The mixing step of splitmix64 on an array of uint64."""
    import numpy as np

    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = x ^ (x >> np.uint64(31))
    return mixed


def _key(*parts: int) -> int:
    from hashlib import blake2b

    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest(), "big")


def draws_for(tests: int, q: float = 0.05) -> tuple[int, int]:
    """So many shuffles to see whether anything is near to standing out, and so many to decide it.

    The smallest p-value, 1 / (draws + 1), must pass the correction over so many tests with room for the chance of the shuffles
    themselves: the first number leaves room for one more, the second for nine more that reach the observed count.

    >>> draws_for(10), draws_for(300)
    ((999, 1999), (11999, 49999))
    """
    first, second = (max(1, min(50, -(-int(times * tests / q) // 1000))) * 1000 - 1 for times in (2, 10))
    return first, second


@dataclass(frozen=True)
class Together:
    """Pairs of columns and how often both stand in one row.

    `pairs` has a row (left column, right column) a pair; `observed` the count; `histogram[pair, count]` the number of shuffles
    with that count.
    """

    pairs: np.ndarray
    observed: np.ndarray
    histogram: np.ndarray

    @property
    def draws(self) -> int:
        return int(self.histogram[0].sum()) if len(self.histogram) else 0

    def p(self, pair: int, fewer: int = 0) -> float:
        """P(at least the observed count, or `fewer` less than it) as (k + 1) / (n + 1); never 0."""
        start = max(0, int(self.observed[pair]) - fewer)
        return (int(self.histogram[pair, start:].sum()) + 1) / (self.draws + 1)

    def steps(self) -> Steps:
        """The correction for many tests that knows which p-values each pair can take (see `exact.Steps`)."""
        import numpy as np

        reached = np.cumsum(self.histogram[:, ::-1], axis=1)
        return Steps([np.unique((row + 1) / (self.draws + 1)) for row in reached])

    def mean(self, pair: int) -> float:
        """Mean count of the shuffles."""
        row = self.histogram[pair]
        return sum(count * int(n) for count, n in enumerate(row)) / self.draws


def _bounds(rows: int, strata: Sequence[object] | None) -> tuple[list[int], np.ndarray]:
    """An order of the rows that keeps strata together, and where each stratum ends in it."""
    import numpy as np

    if strata is None:
        return list(range(rows)), np.array([0, rows], dtype=np.int64)
    order = sorted(range(rows), key=lambda i: (str(strata[i]), i))
    ends = [i for i in range(1, rows) if strata[order[i]] != strata[order[i - 1]]]
    return order, np.array([0, *ends, rows], dtype=np.int64)


def _matchings(key: int, chains: np.ndarray, columns: int) -> np.ndarray:
    """Chains x rounds x columns: in which order the columns are paired (first with second, third with fourth ...)."""
    import numpy as np

    at = chains[:, None] * np.uint64(ROUNDS) + np.arange(ROUNDS, dtype=np.uint64)
    each = mix(np.uint64(key) + np.uint64(_GOLDEN) * (at + np.uint64(1)))
    keys = mix(each[:, :, None] + np.uint64(_OTHER) * np.arange(1, columns + 1, dtype=np.uint64))
    return np.argsort(keys, axis=2, kind="stable").astype(np.int32)


def shuffled(table: np.ndarray, chains: range, key: int, bounds: np.ndarray) -> np.ndarray:
    """Shuffles of a table of 0 and 1 (rows x columns), one for each number in `chains`, as rows x chains x columns.

    Trades stay inside the strata that `bounds` ends. The numpy way.
    """
    import numpy as np

    rows, columns = table.shape
    pairs, numbers = columns // 2, np.arange(chains.start, chains.stop, dtype=np.uint64)
    state = np.repeat(np.ascontiguousarray(table, dtype=np.uint8)[:, None, :], len(chains), axis=1).reshape(rows, -1)
    if pairs == 0:
        return state.reshape(rows, len(chains), columns)
    orders = _matchings(key, numbers, columns)
    of_row = np.uint64(_GOLDEN) * np.arange(1, rows + 1, dtype=np.uint64)
    offset = (np.arange(len(chains)) * columns)[:, None]
    for step in range(ROUNDS):
        first = (offset + orders[:, step, 0 : 2 * pairs : 2]).ravel()
        second = (offset + orders[:, step, 1 : 2 * pairs : 2]).ravel()
        at = (numbers * np.uint64(ROUNDS) + np.uint64(step))[:, None] * np.uint64(pairs) + np.arange(pairs, dtype=np.uint64)
        base = mix(np.uint64(key) ^ mix(at + np.uint64(1))).ravel()
        for start, stop in pairwise(bounds.tolist()):
            small = np.uint8 if stop - start < 256 else np.uint32
            mine = state[start:stop, first]
            apart = mine ^ state[start:stop, second]
            left = apart.sum(axis=0, dtype=small).astype(np.uint64)
            need = (mine & apart).sum(axis=0, dtype=small).astype(np.uint64)
            for row in range(start, stop):
                active = np.flatnonzero(apart[row - start])
                if not len(active):
                    continue
                chance = mix(base[active] + of_row[row]) >> np.uint64(32)
                take = chance * left[active] < need[active] << np.uint64(32)
                state[row, first[active]] = take
                state[row, second[active]] = ~take
                need[active] -= take
                left[active] -= np.uint64(1)
    return state.reshape(rows, len(chains), columns)


def _compiled(cells: int, way: str) -> bool:
    """Whether to take the compiled loop: on request, for much work, or where it is loaded already. MissingExtra without numba."""
    import sys
    from importlib.util import find_spec

    if way == "compiled" and find_spec("numba") is None:
        raise MissingExtra("fast")
    if way != "auto":
        return way == "compiled"
    return "gpsa_graph.patterns.compiled" in sys.modules or (cells > _LARGE and find_spec("numba") is not None)


def prefer_compiled() -> None:
    """Load the compiled loop, where numba is installed, for many small runs to come; the counts stay the same."""
    from importlib import import_module
    from importlib.util import find_spec

    if find_spec("numba") is not None:
        import_module("gpsa_graph.patterns.compiled")


def _ones(table: np.ndarray) -> np.ndarray:
    """A table of 0 and 1: whether two stand together, whatever number says how often."""
    import numpy as np

    return np.asarray(np.not_equal(table, 0), dtype=np.uint8)


def _lists(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows of each column as one list, and where each column starts in it."""
    import numpy as np

    rows = np.nonzero(table.T)[1]
    starts = np.concatenate(([0], np.cumsum(table.sum(axis=0, dtype=np.int64)))).astype(np.int64)
    return starts, rows.astype(np.int32)


def together(
    left: np.ndarray,
    right: np.ndarray | None = None,
    *,
    draws: int | None = None,
    seed: int = 0,
    strata: Sequence[object] | None = None,
    pairs: Sequence[tuple[int, int]] | None = None,
    way: str = "auto",
) -> Together:
    """How often columns stand together in a row, and how often they do when the tables are shuffled.

    `left` and `right` are tables of 0 and 1 with the same rows; any other number counts as 1. Each is shuffled by itself, so
    each column keeps its number of rows and each row its number of columns on either side; without `right`, the pairs are
    those of `left`. With `strata`, a label for each row, shuffles stay among the rows of one label. `pairs` narrows which pairs
    are counted. `way` is `numpy`, `compiled` or `auto`.

    `draws` shuffles are made. Without it, a first round (see `draws_for`) sees whether any pair comes near to standing out; only
    then the whole number is drawn, and it alone decides. So stopping early never makes a discovery.

    >>> import numpy as np
    >>> table = np.repeat([[1, 1, 0, 0], [0, 0, 1, 1]], 20, axis=0)
    >>> found = together(table, draws=999)
    >>> [int(n) for n in found.observed], found.p(0) < 0.01, found.p(1)
    ([20, 0, 0, 0, 0, 20], True, 1.0)
    """
    import numpy as np

    order, bounds = _bounds(len(left), strata)
    tables = [_ones(table)[order] for table in (left, right) if table is not None]
    if pairs is None:
        shape = tables[-1].shape[1]
        pairs = [(i, j) for i in range(tables[0].shape[1]) for j in range(shape) if right is not None or i < j]
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    if draws is None:
        few, many = draws_for(len(ends))
        found = together(left, right, draws=few, seed=seed, strata=strata, pairs=pairs, way=way)
        near = len(ends) > 0 and any(q <= 0.15 for q in found.steps().q([found.p(i) for i in range(len(ends))]))
        return together(left, right, draws=many, seed=seed, strata=strata, pairs=pairs, way=way) if near else found
    observed = (tables[0][:, ends[:, 0]] & tables[-1][:, ends[:, 1]]).sum(axis=0, dtype=np.int64)
    size = int(min(tables[0].sum(axis=0).max(initial=0), tables[-1].sum(axis=0).max(initial=0))) + 1
    histogram = np.zeros((len(ends), size), dtype=np.int64)
    keys = [_key(seed, which) for which in range(len(tables))]
    if len(ends) and _compiled(draws * sum(t.size for t in tables) * (1 + len(bounds) // 8), way):
        from gpsa_graph.patterns.compiled import count_pairs

        count_pairs([_lists(t) for t in tables], len(left), keys, bounds, ends, draws, histogram)
    elif len(ends):
        batch = max(1, _BATCH // max(1, sum(t.size for t in tables)))
        for start in range(0, draws, batch):
            chains = range(start, min(draws, start + batch))
            made = [
                shuffled(t, chains, key, bounds).transpose(1, 2, 0).astype(np.float32)
                for t, key in zip(tables, keys, strict=True)
            ]
            counts = np.matmul(made[0], made[-1].transpose(0, 2, 1))[:, ends[:, 0], ends[:, 1]].astype(np.int64)
            flat = (counts + np.arange(len(ends)) * size).ravel()
            histogram += np.bincount(flat, minlength=len(ends) * size).reshape(len(ends), size)
    return Together(ends, observed, histogram)


def butterflies(
    table: np.ndarray, *, draws: int = 999, seed: int = 0, strata: Sequence[object] | None = None, way: str = "auto"
) -> tuple[int, np.ndarray]:
    """The number of 4-cycles of a two-mode network, and the same in each of `draws` shuffles.

    A 4-cycle is two rows that share two columns: two organisations that meet the same two bodies.

    >>> import numpy as np
    >>> butterflies(np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1]]), draws=9)[0]
    1
    """
    import numpy as np

    order, bounds = _bounds(len(table), strata)
    ordered, key = _ones(table)[order], _key(seed, 0)

    if _compiled(draws * table.size * (1 + len(bounds) // 8), way):
        from gpsa_graph.patterns.compiled import count_butterflies

        return count_butterflies(_lists(ordered), len(table), key, bounds, draws)
    found, batch = np.zeros(draws, dtype=np.int64), max(1, _BATCH // max(1, table.size))
    for start in range(0, draws, batch):
        made = shuffled(ordered, range(start, min(draws, start + batch)), key, bounds)
        found[start : start + batch] = _squares(made)
    return int(_squares(ordered[:, None, :])[0]), found


def _squares(made: np.ndarray) -> np.ndarray:
    """The 4-cycles of each of many tables (rows x chains x columns) with the same row totals."""
    import numpy as np

    rows, chains, columns = made.shape
    totals = made[:, 0].sum(axis=1, dtype=np.int64) if chains else np.zeros(rows, dtype=np.int64)
    starts = np.cumsum(totals) - totals
    held = np.nonzero(made.transpose(1, 0, 2))[2].reshape(chains, -1)
    pairs = [np.zeros((chains, 0), dtype=np.int64)]
    for many in np.unique(totals[totals > 1]):
        block = held[:, starts[totals == many][:, None] + np.arange(many)]
        first, second = np.triu_indices(many, 1)
        pairs.append((block[:, :, first] * columns + block[:, :, second]).reshape(chains, -1))
    keys = np.sort(np.concatenate(pairs, axis=1), axis=1)
    found = np.zeros(chains, dtype=np.int64)
    for apart in range(1, keys.shape[1]):
        same = (keys[:, apart:] == keys[:, :-apart]).sum(axis=1)
        if not same.any():
            break
        found += same
    return found
