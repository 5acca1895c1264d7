"""Outlines and middle points of countries, for maps that need no network.

Both come out of the installed package countryinfo (MIT licence), which carries coarse outlines of 1:110 million kind and a
point for each country; the points serve small states and those without an outline there. Outlines are coarse and state no
opinion on boundaries: each map that uses them says so with `DISCLAIMER`.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

__all__ = ["DISCLAIMER", "Ring", "outlines", "points"]

Ring = tuple[tuple[float, float], ...]
"""A closed line of (longitude, latitude) in degrees."""

DISCLAIMER = "Boundaries are coarse and shown for orientation only; they imply no opinion on the status of any territory."


@cache
def _read() -> dict[str, tuple[tuple[float, float] | None, tuple[Ring, ...]]]:
    """ISO 3166-1 alpha-3 -> (middle point, rings)."""
    found: dict[str, tuple[tuple[float, float] | None, tuple[Ring, ...]]] = {}
    for file in sorted((files("countryinfo") / "data").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".json"):
            continue
        country = json.loads(file.read_text("utf-8"))
        code, point = (country.get("ISO") or {}).get("alpha3"), country.get("latlng")
        if not code:
            continue
        rings: list[Ring] = []
        for feature in (country.get("geoJSON") or {}).get("features", ()):
            shape = feature["geometry"]
            for polygon in shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]:
                rings += [tuple((round(x, 2), round(y, 2)) for x, y, *_ in ring) for ring in polygon]
        here = (round(point[1], 2), round(point[0], 2)) if point and len(point) == 2 else None
        before, known = found.get(code, (None, ()))
        found[code] = (here or before, tuple(rings) or known)
    return dict(sorted(found.items()))


def outlines() -> dict[str, tuple[Ring, ...]]:
    """ISO alpha-3 code -> the rings of its outline; countries without an outline in the data are left out.

    >>> len(outlines()["MWI"]), outlines()["MWI"][0][0]
    (1, (34.56, -11.52))
    """
    return {code: rings for code, (_, rings) in _read().items() if rings}


def points() -> dict[str, tuple[float, float]]:
    """ISO alpha-3 code -> (longitude, latitude) in degrees of a point inside or beside the country, small states included.

    >>> points()["COM"], "COM" in outlines()
    ((44.25, -12.17), False)
    """
    return {code: point for code, (point, _) in _read().items() if point}
