"""Boolean minimisation: the shortest sums of products that cover the rows of a truth table.

W. V. Quine, American Mathematical Monthly 59 (1952) and 62 (1955); E. J. McCluskey, Bell System Technical Journal 35 (1956);
S. R. Petrick, AFCRC-TR-56-110 (1956) for the choice of a smallest cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

__all__ = ["Product", "covers", "prime_implicants"]


class Product(NamedTuple):
    """A product of conditions: bit i of `care` says whether condition i matters, bit i of `value` whether it is present.

    >>> Product(0b101, 0b001).text(["A", "B", "C"])
    'A*~C'
    """

    care: int
    value: int

    def covers(self, row: int) -> bool:
        return row & self.care == self.value

    def text(self, names: Sequence[str]) -> str:
        """Condition names joined by `*`, an absent one with `~`; `1` where nothing matters."""
        said = [("" if self.value >> i & 1 else "~") + name for i, name in enumerate(names) if self.care >> i & 1]
        return "*".join(said) or "1"


def prime_implicants(on: Iterable[int], spare: Iterable[int], width: int) -> list[Product]:
    """The products that cover no row outside `on` and `spare` and cannot lose a condition; each covers a row of `on`.

    >>> [p.text(["A", "B"]) for p in prime_implicants([1, 3], [], 2)]
    ['A']
    """
    wanted, full = sorted(set(on)), (1 << width) - 1
    level = {Product(full, row) for row in (*wanted, *spare)}
    primes: set[Product] = set()
    while level:
        joined: set[Product] = set()
        used: set[Product] = set()
        for product in level:
            for bit in range(width):
                one = 1 << bit
                if product.care & one:
                    other = Product(product.care, product.value ^ one)
                    if other in level:
                        used |= {product, other}
                        joined.add(Product(product.care ^ one, product.value & ~one))
        primes |= level - used
        level = joined
    return sorted(p for p in primes if any(p.covers(row) for row in wanted))


def covers(primes: Sequence[Product], on: Iterable[int]) -> list[tuple[Product, ...]]:
    """The smallest choices of products that cover every row of `on`; among these, those with the fewest conditions. All ties.

    >>> primes = prime_implicants([0, 1, 2, 5, 6, 7], [], 3)
    >>> len(covers(primes, [0, 1, 2, 5, 6, 7]))
    2
    """
    wanted = frozenset(on)
    if not wanted:
        return []
    reach = {p: frozenset(row for row in wanted if p.covers(row)) for p in primes}
    needed = {next(p for p in primes if row in reach[p]) for row in wanted if sum(row in reach[p] for p in primes) == 1}
    left = wanted - frozenset().union(*(reach[p] for p in needed))
    rest = [p for p in primes if p not in needed and reach[p] & left]
    for size in range(len(rest) + 1):
        found = [
            tuple(sorted((*needed, *chosen)))
            for chosen in combinations(rest, size)
            if left <= frozenset().union(*(reach[p] for p in chosen))
        ]
        if found:
            fewest = min(sum(p.care.bit_count() for p in cover) for cover in found)
            return sorted(c for c in found if sum(p.care.bit_count() for p in c) == fewest)
    return []
