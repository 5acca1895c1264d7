"""Betweenness as a loop that numba compiles (the extra `fast`), on numbers of nodes; `measures.betweenness` is the way to it.

Importing this module needs numba.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

__all__ = ["chains_through"]

_jit: Any = numba.njit(nogil=True, cache=True)


def chains_through(nodes: int, ties: np.ndarray) -> np.ndarray:
    """For each of `nodes` nodes the number of shortest chains between two others that run through it, each pair counted once.

    `ties` has two node numbers a row, each tie once, no node tied to itself. A pair that several chains join counts each in its
    share. Algorithm of U. Brandes, Journal of Mathematical Sociology 25, 2001, which takes nodes times ties; the ties to the next
    level are kept on the way out, so that the way back reads half of them.

    >>> chains_through(4, np.array([[0, 1], [1, 2], [1, 3]])).tolist()
    [0.0, 3.0, 0.0, 0.0]
    """
    both = np.concatenate([ties, ties[:, ::-1]]).astype(np.int64).reshape(-1, 2)
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    starts = np.searchsorted(both[:, 0], np.arange(nodes + 1)).astype(np.int64)
    return np.asarray(_through(starts, both[:, 1].astype(np.int32))) / 2


@_jit
def _through(starts, ends):  # type: ignore[no-untyped-def]
    nodes = len(starts) - 1
    total = np.zeros(nodes)
    level, chains, share = np.full(nodes, -1, np.int32), np.zeros(nodes), np.zeros(nodes)
    reached, onward, cut = np.empty(nodes, np.int32), np.empty(len(ends) + 1, np.int32), np.empty(nodes + 1, np.int64)
    for source in range(nodes):
        level[source], chains[source], reached[0] = 0, 1.0, source
        read, filled, kept = 0, 1, 0
        while read < filled:
            node = reached[read]
            cut[read] = kept
            read += 1
            deeper, many = level[node] + 1, chains[node]
            for k in range(starts[node], starts[node + 1]):
                other = ends[k]
                at = level[other]
                if at < 0:
                    level[other] = at = deeper
                    reached[filled] = other
                    filled += 1
                onward[kept] = other
                if at == deeper:
                    kept += 1
                    chains[other] += many
        cut[read] = kept
        for i in range(filled - 1, 0, -1):
            node, led = reached[i], 0.0
            for k in range(cut[i], cut[i + 1]):
                led += share[onward[k]]
            total[node] += led * chains[node]
            share[node] = (1.0 + led * chains[node]) / chains[node]
        for i in range(filled):
            node = reached[i]
            level[node], chains[node], share[node] = -1, 0.0, 0.0
    return total
