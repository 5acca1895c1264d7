"""Networks of two sides as arrays: millions of ties from rows as they stream, without an object for each.

The ties are a sparse matrix (scipy) with a row for each thing of one side and a column for each of the other. What is counted,
degree, projection, co-occurrence, parts, shuffles, equals what networkx says of the same ties; the tests compare them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gpsa_graph.errors import MissingExtra

if TYPE_CHECKING:
    import numpy as np

__all__ = ["TwoMode", "two_mode"]


def _scipy() -> Any:
    try:
        import scipy.sparse
        import scipy.sparse.csgraph
    except ImportError:
        raise MissingExtra("fast") from None
    return scipy.sparse


@dataclass(frozen=True, slots=True)
class TwoMode:
    """Two sides and the ties between them. `sources` and `targets` are the names, in order of appearance.

    `matrix` is a scipy CSR array: `matrix[i, j]` is the number of different cases that tie `sources[i]` to `targets[j]`.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    matrix: Any

    def __len__(self) -> int:
        """The number of ties."""
        return int(self.matrix.nnz)

    @property
    def ones(self) -> Any:
        """The matrix with 1 for each tie, as whole numbers."""
        found = self.matrix.copy()
        found.data[:] = 1
        return found

    def degree(self, side: str = "source") -> np.ndarray[Any, Any]:
        """How many of the other side each thing is tied to, in the order of its names."""
        import numpy as np

        matrix = self.matrix if side == "source" else self.matrix.tocsc()
        return np.diff(matrix.indptr)

    def strength(self, side: str = "source") -> np.ndarray[Any, Any]:
        """How many cases stand behind the ties of each thing, tie by tie."""
        import numpy as np

        return np.asarray(self.matrix.sum(axis=1 if side == "source" else 0)).ravel()

    def projection(self, side: str = "source") -> Any:
        """The things of one side tied to each other where they share a neighbour: a symmetric CSR array of how many they share.

        The diagonal is empty. This is the projection of Borgatti and Everett (1997, Social Networks 19), weighted by
        shared neighbours. Columns of large degree give many pairs: the work is the sum of the squares of the degrees.
        """
        ones = self.ones
        shared = (ones @ ones.T if side == "source" else ones.T @ ones).tocsr()
        shared.setdiag(0)
        shared.eliminate_zeros()
        return shared

    def together(self, side: str = "target", most: int = 20) -> list[tuple[str, str, int]]:
        """The pairs of one side that are most often tied to the same thing of the other: two names and how often.

        Sorted by how often, then by names. Only one half of the projection is looked at.

        >>> from gpsa_graph.network.arrays import two_mode
        >>> two_mode([("x", "a", "1"), ("x", "b", "1"), ("y", "a", "2"), ("y", "b", "2"), ("y", "c", "2")]).together(most=1)
        [('a', 'b', 2)]
        """
        import numpy as np

        half = _scipy().triu(self.projection(side), k=1).tocoo()
        if half.nnz > most > 0:
            least = np.partition(half.data, half.nnz - most)[half.nnz - most]
            kept = half.data >= least
            rows, columns, data = half.row[kept], half.col[kept], half.data[kept]
        else:
            rows, columns, data = half.row, half.col, half.data
        names = self.sources if side == "source" else self.targets
        pairs = ((*sorted((names[i], names[j])), int(n)) for i, j, n in zip(rows.tolist(), columns.tolist(), data.tolist(), strict=True))
        return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:most]

    def components(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """The part of the network that each source and each target belongs to; parts are numbered from 0 by appearance."""
        import numpy as np

        sparse = _scipy()
        whole = sparse.block_array([[None, self.ones], [self.ones.T, None]]).tocsr()
        _, labels = sparse.csgraph.connected_components(whole, directed=False)
        first = dict.fromkeys(labels.tolist())
        number = np.empty(len(first), dtype=np.int64)
        number[list(first)] = np.arange(len(first))
        labels = number[labels]
        return labels[:len(self.sources)], labels[len(self.sources):]

    def shuffles(self, draws: int, *, seed: int = 0, trades: int = 10) -> Iterator[TwoMode]:
        """Networks drawn at random from those with the same degrees on both sides; cases are not kept, each tie counts 1.

        Global curveball (Carstens, Hamann, Meyer, Penschuck, Tran and Wagner 2018, ESA): all sources are paired at random, and
        each pair deals the targets that only one of them has out again, as many to each as it had; `trades` such rounds lie
        between two draws. Pairs do not touch each other, so a round is a few sorts of an array, however many ties there are.
        """
        import numpy as np

        rng = np.random.default_rng(seed)
        ones = self.ones.tocsr()
        rows = np.repeat(np.arange(ones.shape[0]), np.diff(ones.indptr))
        columns = ones.indices.astype(np.int64)
        for _ in range(draws):
            for _ in range(trades):
                rows, columns = _trade(rng, rows, columns, ones.shape)
            matrix = _scipy().csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=ones.shape)
            yield TwoMode(self.sources, self.targets, matrix)


def _trade(rng: Any, rows: Any, columns: Any, shape: tuple[int, int]) -> tuple[Any, Any]:
    """One round: every pair of rows deals again the columns that only one of the two has."""
    import numpy as np

    height, width = shape
    order = rng.permutation(height)
    place = np.empty(height, dtype=np.int64)
    place[order] = np.arange(height)
    pair, second = place[rows] // 2, place[rows] % 2  # of an odd number of rows, the last is alone in its pair
    key = pair * width + columns
    by_key = np.argsort(key, kind="stable")
    key, rows, columns, pair, second = (a[by_key] for a in (key, rows, columns, pair, second))
    twin = np.zeros(len(key), dtype=bool)
    same = key[1:] == key[:-1]
    twin[1:] |= same
    twin[:-1] |= same
    alone = np.flatnonzero(~twin)
    dealt = alone[np.lexsort((rng.random(len(alone)), pair[alone]))]  # within each pair in random order
    pairs = pair[dealt]
    begins = np.searchsorted(pairs, np.arange((height + 1) // 2))
    first_had = np.bincount(pairs, weights=1 - second[dealt], minlength=(height + 1) // 2).astype(np.int64)
    to_second = np.arange(len(dealt)) - begins[pairs] >= first_had[pairs]
    rows = rows.copy()
    rows[dealt] = order[2 * pairs + to_second]
    return rows, columns


def two_mode(rows: Iterable[tuple[Any, ...]]) -> TwoMode:
    """The ties of rows whose first three values are a source, a target and a case; they are read once, one at a time.

    A tie counts the different cases behind it. Rows with an empty source or target are left out. Memory: 24 bytes a row while
    reading, 12 bytes a tie after it, and the names. Raises MissingExtra where scipy is not installed.

    >>> from gpsa_graph.network.arrays import two_mode
    >>> ties = two_mode([("x", "a", "1"), ("x", "a", "2"), ("x", "a", "2"), ("y", "a", "2"), ("y", None, "3")])
    >>> len(ties), ties.sources, ties.matrix.toarray().tolist(), ties.degree("target").tolist()
    (2, ('x', 'y'), [[2], [1]], [2])
    """
    sparse = _scipy()
    import numpy as np

    names: tuple[dict[str, int], ...] = ({}, {}, {})
    numbers = (array("q"), array("q"), array("q"))
    for row in rows:
        if row[0] in (None, "") or row[1] in (None, ""):
            continue
        for known, kept, value in zip(names, numbers, row, strict=False):
            kept.append(known.setdefault(str(value), len(known)))
    sources, targets, cases = (np.frombuffer(kept, dtype=np.int64) if kept else np.zeros(0, dtype=np.int64) for kept in numbers)
    order = np.lexsort((cases, targets, sources))
    sources, targets, cases = sources[order], targets[order], cases[order]
    new = np.ones(len(sources), dtype=bool)
    if len(sources):
        new[1:] = (sources[1:] != sources[:-1]) | (targets[1:] != targets[:-1]) | (cases[1:] != cases[:-1])
    shape = (len(names[0]), len(names[1]))
    matrix = sparse.csr_array((np.ones(int(new.sum()), dtype=np.int64), (sources[new], targets[new])), shape=shape)
    matrix.sum_duplicates()
    return TwoMode(tuple(names[0]), tuple(names[1]), matrix)
