"""The map under the bubbles: coarse outlines and a point for each country, projected and packed small.

The projection is Equal Earth (B. Savric, T. Patterson, B. Jenny, "The Equal Earth map projection", International Journal
of Geographical Information Science 33(3), 2019): areas keep their ratios, so that no region looks larger than it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any

from gpsa_graph.export.world import DISCLAIMER, Ring, outlines, points

__all__ = ["equal_earth", "world"]

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_WIDE = 2000.0
"""Units from 180 degrees west to 180 degrees east."""
_SCALE = _WIDE / 2 / 2.7066299836
_LEFT_OUT = ("ATA",)


def equal_earth(longitude: float, latitude: float) -> tuple[int, int]:
    """A place on the map, in units of 1/2000 of its width, to the right and down from where the equator meets Greenwich.

    >>> equal_earth(0.0, 0.0), equal_earth(180.0, 0.0), equal_earth(34.3, -13.3)
    ((0, 0), (1000, 0), (188, 99))
    """
    at = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square = at * at
    sixth = square**3
    x = radians(longitude) * cos(at) / (sqrt(3) / 2 * (_A[0] + 3 * _A[1] * square + sixth * (7 * _A[2] + 9 * _A[3] * square)))
    y = at * (_A[0] + _A[1] * square + sixth * (_A[2] + _A[3] * square))
    return round(x * _SCALE), round(-y * _SCALE)


def _path(rings: Iterable[Ring]) -> str:
    """Rings as a path of SVG with relative whole steps; a ring that shrinks to less than a triangle is left out."""
    out = []
    for ring in rings:
        spots = [equal_earth(*place) for place in ring]
        kept = [spot for n, spot in enumerate(spots) if n == 0 or spot != spots[n - 1]]
        if kept and kept[0] == kept[-1]:
            kept.pop()
        if len(kept) < 3:
            continue
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(kept)]
        out.append(f"M{kept[0][0]} {kept[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z")
    return "".join(out).replace(" -", "-")


def world(codes: Iterable[str]) -> dict[str, Any]:
    """The map of the page: `land` (a path of every country without a case), `countries` (code -> path), `points` (code -> place).

    `codes` are the ISO 3166-1 alpha-3 codes of the countries that have cases; one without a point in the data stands in neither.

    >>> made = world(["MWI", "XKX"])
    >>> sorted(made["countries"]), made["points"]
    (['MWI'], {'MWI': [186, 101]})
    """
    used, shapes, spots = set(codes), outlines(), points()
    return {
        "land": "".join(_path(rings) for code, rings in shapes.items() if code not in used and code not in _LEFT_OUT),
        "countries": {code: _path(shapes[code]) for code in sorted(used) if code in shapes},
        "points": {code: list(equal_earth(*spots[code])) for code in sorted(used) if code in spots},
        "note": DISCLAIMER,
    }
