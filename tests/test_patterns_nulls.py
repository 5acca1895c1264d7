"""The shuffles: totals stay, every table is equally likely, and numpy and the compiled loop give the same numbers."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise, product

import numpy as np
import pytest

from gpsa_graph.errors import MissingExtra
from gpsa_graph.patterns.nulls import butterflies, draws_for, shuffled, together

RNG = np.random.default_rng(7)
LEFT = (RNG.random((60, 9)) < 0.25).astype(np.uint8)
RIGHT = (RNG.random((60, 4)) < 0.5).astype(np.uint8)
STRATA = [row % 7 for row in range(60)]
WHOLE = np.array([0, 60])


def test_each_row_and_column_keeps_its_total() -> None:
    made = shuffled(LEFT, range(50), key=1, bounds=WHOLE)

    assert (made.sum(axis=0) == LEFT.sum(axis=0)).all(), "a column lost or won rows"
    assert (made.sum(axis=2) == LEFT.sum(axis=1)[:, None]).all(), "a row lost or won columns"
    assert (made != LEFT[:, None, :]).any(axis=(0, 2)).all(), "a shuffle changed nothing"


def test_strata_keep_their_totals_too() -> None:
    order = np.argsort(STRATA, kind="stable")
    bounds = np.array([0, *np.cumsum(np.bincount(STRATA))])
    made = shuffled(LEFT[order], range(20), key=1, bounds=bounds)

    for start, stop in pairwise(bounds):
        assert (made[start:stop].sum(axis=0) == LEFT[order][start:stop].sum(axis=0)).all(), "a column left its stratum"


def test_every_table_with_the_same_totals_is_equally_likely() -> None:
    table = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]], dtype=np.uint8)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    choices = [[c for c in product((0, 1), repeat=4) if sum(c) == n] for n in rows]
    possible = [t for t in product(*choices) if (np.sum(t, axis=0) == columns).all()]

    made = shuffled(table, range(20_000), key=3, bounds=np.array([0, 4]))
    seen = Counter(tuple(map(tuple, made[:, chain].tolist())) for chain in range(made.shape[1]))
    expected = 20_000 / len(possible)
    chi = sum((seen[t] - expected) ** 2 / expected for t in possible)

    assert set(seen) == set(possible), "the shuffle misses tables, or makes impossible ones"
    assert chi < len(possible) + 4 * (2 * len(possible)) ** 0.5, f"the {len(possible)} tables are not equally frequent (chi2 = {chi:.1f})"


@pytest.mark.parametrize(("right", "strata"), [(None, None), (RIGHT, None), (RIGHT, STRATA), (None, STRATA)])
def test_numpy_and_the_compiled_loop_count_the_same(right: np.ndarray | None, strata: list[int] | None) -> None:
    ways = [together(LEFT, right, draws=200, seed=5, strata=strata, way=way) for way in ("numpy", "compiled")]

    assert (ways[0].histogram == ways[1].histogram).all(), "the two ways draw different shuffles from one seed"
    assert ways[0].draws == 200


def test_both_ways_find_the_same_squares() -> None:
    found = [butterflies(LEFT, draws=100, seed=2, strata=STRATA, way=way) for way in ("numpy", "compiled")]
    by_hand = sum(1 for a, b in combinations(range(60), 2) for _ in combinations(np.flatnonzero(LEFT[a] & LEFT[b]), 2))

    assert found[0][0] == found[1][0] == by_hand, "the 4-cycles of the observed table are miscounted"
    assert (found[0][1] == found[1][1]).all(), "the two ways count different 4-cycles"


@pytest.mark.parametrize("way", ["numpy", "compiled"])
def test_a_table_of_how_often_is_one_of_whether(way: str) -> None:
    often = LEFT.astype(np.int64) * 300

    assert butterflies(often, draws=5, way=way)[1].tolist() == butterflies(LEFT, draws=5, way=way)[1].tolist()
    assert (together(often, draws=9, way=way).histogram == together(LEFT, draws=9, way=way).histogram).all()


def test_more_shuffles_begin_with_the_same_ones() -> None:
    few, many = shuffled(LEFT, range(3), 9, WHOLE), shuffled(LEFT, range(10), 9, WHOLE)

    assert (few == many[:, :3]).all(), "a shuffle must not depend on how many are drawn"


def test_a_planted_pair_stands_out_and_p_is_never_zero() -> None:
    table = np.repeat(np.array([[1, 1, 0, 0], [0, 0, 1, 1]], dtype=np.uint8), 15, axis=0)
    found = together(table, draws=499)

    assert found.p(0) == pytest.approx(1 / 500), "a pair beyond all shuffles has p = 1 / (draws + 1)"
    assert found.p(1) == 1.0, "a pair that never meets is no more frequent than chance"


def test_the_first_round_decides_nothing_alone() -> None:
    few, many = draws_for(36)
    noise, tied = together(LEFT, seed=1), together(np.repeat(LEFT[:, :1], 9, axis=1) | LEFT, seed=1)

    assert {noise.draws, tied.draws} <= {few, many}, "shuffles are drawn in one of two numbers"
    assert few < many


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (5, 0), (1, 4), (5, 1)])
def test_tables_without_pairs_give_none_or_certainty(shape: tuple[int, int]) -> None:
    found = together(np.ones(shape, dtype=np.uint8), draws=99)

    assert all(found.p(i) == 1.0 for i in range(len(found.pairs))), "full or empty tables cannot surprise"


def test_without_numba_the_compiled_way_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(MissingExtra, match="fast"):
        together(LEFT, draws=99, way="compiled")
