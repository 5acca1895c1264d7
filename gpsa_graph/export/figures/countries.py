"""A map with a bubble for each country, its area the number of cases."""

from __future__ import annotations

import math

from gpsa_graph.errors import ParameterError
from gpsa_graph.export.choice import Choice
from gpsa_graph.export.content import Content
from gpsa_graph.export.figures.frame import Drawing, Key, plural
from gpsa_graph.export.figures.page import Page, width_of
from gpsa_graph.export.palette import INK, THINGS
from gpsa_graph.export.world import DISCLAIMER, outlines, points
from gpsa_graph.graph.rows import Rows

__all__ = ["equal_earth", "world_map"]

_A = (1.340264, -0.081106, 0.000893, 0.003796)


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """The place of a point in the Equal Earth projection (B. Savric, T. Patterson and B. Jenny, 2018); x and y without unit.

    >>> equal_earth(0, 0)
    (0.0, 0.0)
    """
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    t2 = t * t
    t6 = t2 * t2 * t2
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t) / (3 * (9 * _A[3] * t6 * t2 + 7 * _A[2] * t6 + 3 * _A[1] * t2 + _A[0]))
    return x, t * (_A[3] * t6 * t2 + _A[2] * t6 + _A[1] * t2 + _A[0])


def world_map(content: Content, choice: Choice) -> Drawing:
    """Countries of the cases, with the number of cases in each; small states are as visible as large ones."""
    found: dict[str, set[str]] = {}
    src: dict[str, set[str]] = {}
    for case in choice.cases:
        for said in case.every("gpsa:country"):
            found.setdefault(said.name, set()).add(case.id)
            src.setdefault(said.name, set()).update(said.sources)
    spots = points()
    on_map = {c: spots[c.partition(":")[2]] for c in sorted(found) if c.partition(":")[2] in spots}
    if not on_map:
        raise ParameterError(f"no case that matches {choice.text} states a country with a known place; leave a filter out")
    lost = sorted(set(found) - set(on_map))
    corners = [equal_earth(x, y) for code, rings in outlines().items() if code != "ATA" for ring in rings for x, y in ring]
    lons, lats = [p[0] for p in on_map.values()], [p[1] for p in on_map.values()]
    whole = max(lons) - min(lons) > 100
    if whole:
        window = (min(c[0] for c in corners), max(c[0] for c in corners), equal_earth(0, -55)[1], equal_earth(0, 72)[1])
    else:
        pad = max(8.0, 0.25 * max(max(lons) - min(lons), max(lats) - min(lats)))
        west, south = equal_earth(min(lons) - 2 * pad, min(lats) - pad)
        east, north = equal_earth(max(lons) + 2 * pad, max(lats) + pad)
        window = (west, east, south, north)

    def body(page: Page, y: float) -> float:
        scale = min(page.width / (window[1] - window[0]), 330 / (window[3] - window[2]))
        tall, wide = (window[3] - window[2]) * scale, (window[1] - window[0]) * scale
        shift = (page.width - wide) / 2

        def at(longitude: float, latitude: float) -> tuple[float, float]:
            a, b = equal_earth(longitude, latitude)
            return shift + (a - window[0]) * scale, y + (window[3] - b) * scale

        page.rect(shift, y, wide, tall, fill="#F7F9FA", above=0.1)
        for code, rings in outlines().items():
            if code == "ATA":
                continue
            for ring in rings:
                drawn = [at(a, b) for a, b in ring]
                inside = _clipped(drawn, shift, y, shift + wide, y + tall)
                if len(inside) > 2:
                    page.shape(inside, fill="#CFE0EC" if f"country:{code}" in found else "#E7E7E4", edge="white", line=0.35)
        bubbles = {c: [*at(*p), 3.4 + 2.3 * math.sqrt(len(found[c]))] for c, p in on_map.items()}
        home = {c: (b[0], b[1]) for c, b in bubbles.items()}
        _apart(bubbles)
        for c in sorted(bubbles, key=lambda c: (-len(found[c]), c)):
            x, y0, r = bubbles[c]
            if math.dist((x, y0), home[c]) > 1.5:
                page.line([home[c], (x, y0)], colour=INK, line=0.5, above=2.5)
            page.bubble(x, y0, r, THINGS["case"].colour, alpha=0.92)
            page.text(x, y0 - 4.6, str(len(found[c])), size=6.5, bold=True, align="center", colour="white")
        if not whole:
            boxes = [(x - r, v - r, x + r, v + r) for x, v, r in bubbles.values()]
            for c in sorted(bubbles, key=lambda c: (-len(found[c]), c)):
                page.label(bubbles[c][0], bubbles[c][1], bubbles[c][2], [content.label(c)], boxes, top=y)
        return _list(page, y + tall + 6)

    def _list(page: Page, y: float) -> float:
        items = [f"{content.label(c)} {len(found[c])}" for c in sorted(found, key=lambda c: content.label(c).casefold())]
        columns = 4 if max(width_of(i, 6.5) for i in items) < page.width / 4 - 6 else 3
        per = math.ceil(len(items) / columns)
        for i, item in enumerate(items):
            page.text((i // per) * page.width / columns, y + (i % per) * 9, item, size=6.5)
        return y + per * 9

    several = sum(len(c.names("gpsa:country")) > 1 for c in choice.cases)
    none = sum(not c.names("gpsa:country") for c in choice.cases)
    caption = (
        f"n = {plural(len(choice.cases) - none, 'case')} in {plural(len(found), 'country', 'countries')}"
        + (f"; {plural(several, 'case')} in several countries {'counts' if several == 1 else 'count'} in each" if several else "")
        + (f"; {plural(none, 'case')} without a country not shown" if none else "")
        + (f"; without a place in the package of outlines, and so in the list only: {', '.join(map(content.label, lost))}" if lost else "")
        + f". {DISCLAIMER} Projection: Equal Earth."
    )
    rows = Rows(
        ["country", "label", "cases", "src"],
        [(c, content.label(c), len(found[c]), " ".join(sorted(src[c]))) for c in sorted(found)],
        title="In which countries are the cases?",
        cite=content.kg.citations if content.kg else None,
    )
    cited = sorted({s for names in src.values() for s in names})
    return Drawing(
        "Where the cases are",
        choice.text,
        body,
        caption,
        rows,
        list(content.sources(cited).values()),
        [Key("disc", THINGS["case"].colour, "number of cases in a country"), Key("box", "#CFE0EC", "country with a case")],
    )


def _apart(bubbles: dict[str, list[float]]) -> None:
    """Push bubbles apart until none covers another's number."""
    names = sorted(bubbles)
    for _ in range(200):
        moved = False
        for i, a in enumerate(names):
            for b in names[i + 1 :]:
                (x1, y1, r1), (x2, y2, r2) = bubbles[a], bubbles[b]
                gap, need = math.dist((x1, y1), (x2, y2)), (r1 + r2) * 0.98
                if gap < need:
                    ux, uy = ((x2 - x1) / gap, (y2 - y1) / gap) if gap > 0.01 else (1.0, 0.0)
                    push = (need - gap) / 2 + 0.01
                    bubbles[a][0] -= ux * push
                    bubbles[a][1] -= uy * push
                    bubbles[b][0] += ux * push
                    bubbles[b][1] += uy * push
                    moved = True
        if not moved:
            return


def _clipped(points_: list[tuple[float, float]], left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    """A polygon cut to a rectangle (I. Sutherland and G. Hodgman, 1974)."""
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        made: list[tuple[float, float]] = []
        for a, b in zip(points_, points_[1:] + points_[:1], strict=True):
            in_a, in_b = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if in_a:
                made.append(a)
            if in_a != in_b:
                t = (limit - a[axis]) / (b[axis] - a[axis])
                made.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
        points_ = made
        if not points_:
            return []
    return points_
