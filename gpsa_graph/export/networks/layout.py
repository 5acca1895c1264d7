"""Places of nodes: every connected part by itself, larger parts first, laid side by side like words on a page."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["places"]

_LARGEST = 2_000
_GAP = 60.0


def places(names: Sequence[str], ties: Sequence[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Node -> (x, y), to the right and up, in units of which a node takes about 20.

    Each connected part is drawn by the springs of T. Fruchterman and E. Reingold ("Graph drawing by force-directed
    placement", 1991) from a fixed start on a spiral; parts of more than 2,000 nodes stay on the spiral. The same network gives
    the same picture.

    >>> places(["a", "b", "c"], [("a", "b")])["a"] == places(["a", "b", "c"], [("a", "b")])["a"]
    True
    """
    near: dict[str, set[str]] = {name: set() for name in names}
    for a, b in ties:
        near[a].add(b)
        near[b].add(a)
    parts, seen = [], set()
    for name in names:
        if name in seen:
            continue
        part, rest = [], [name]
        seen.add(name)
        while rest:
            here = rest.pop()
            part.append(here)
            for there in sorted(near[here] - seen):
                seen.add(there)
                rest.append(there)
        parts.append(part)
    parts.sort(key=lambda p: (-len(p), p[0]))
    drawn = [_springs(part, near) for part in parts]
    return _packed(drawn)


def _springs(part: list[str], near: dict[str, set[str]]) -> dict[str, tuple[float, float]]:
    import numpy as np

    n = len(part)
    order = sorted(part, key=lambda name: (-len(near[name]), name))
    turn = math.pi * (3 - math.sqrt(5))
    spots = np.array([(math.sqrt(i) * math.cos(i * turn), math.sqrt(i) * math.sin(i * turn)) for i in range(n)])
    if 2 < n <= _LARGEST:
        at = {name: i for i, name in enumerate(order)}
        ends = np.array([(at[a], at[b]) for a in order for b in sorted(near[a]) if at[a] < at[b]], dtype=int).reshape(-1, 2)
        steps = 150 if n <= 200 else 80
        for step in range(steps):
            apart = spots[:, None, :] - spots[None, :, :]
            square = np.maximum((apart**2).sum(axis=2), 0.01)
            force = (apart / square[:, :, None]).sum(axis=1)
            pull = spots[ends[:, 0]] - spots[ends[:, 1]]
            strength = pull * np.sqrt((pull**2).sum(axis=1))[:, None]
            np.add.at(force, ends[:, 0], -strength)
            np.add.at(force, ends[:, 1], strength)
            size = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
            most = (1 - step / steps) * math.sqrt(n) * 0.1 + 0.01
            spots = spots + force / size[:, None] * np.minimum(size, most)[:, None]
    return {name: (float(x) * 40, float(y) * 40) for name, (x, y) in zip(order, spots, strict=True)}


def _packed(parts: list[dict[str, tuple[float, float]]]) -> dict[str, tuple[float, float]]:
    boxes = []
    for part in parts:
        xs, ys = [x for x, _ in part.values()], [y for _, y in part.values()]
        boxes.append((min(xs), max(ys), max(xs) - min(xs) + _GAP, max(ys) - min(ys) + _GAP))
    width = max([w for _, _, w, _ in boxes] + [1.4 * math.sqrt(sum(w * h for _, _, w, h in boxes))], default=0.0)
    found: dict[str, tuple[float, float]] = {}
    left = top = tall = 0.0
    for part, (x0, y0, w, h) in zip(parts, boxes, strict=True):
        if left and left + w > width:
            left, top, tall = 0.0, top - tall, 0.0
        for name, (x, y) in part.items():
            found[name] = (round(left + x - x0, 1), round(top + y - y0, 1))
        left, tall = left + w, max(tall, h)
    return found
