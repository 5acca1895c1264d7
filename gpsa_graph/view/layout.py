"""Positions without physics: hubs with their neighbours around them, gathered in islands.

Every hub stands in the middle of a flower: its own neighbours sit on rings around it, those of one side on the left,
those of the other on the right, the rest below. The flowers of a group are packed into an island, things shared by
several hubs of an island stand between them, and islands are packed near the anchor of their region. Only grids, sums and
square roots are used (no random start), so that the same input gives the same picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, pi, sin, sqrt
from typing import Any

import numpy as np

__all__ = ["STEP", "Island", "Picture", "Point", "Spot", "clusters", "islands", "pack"]

STEP = 34.0
"""Distance between neighbouring things, in units of the picture (pixels at zoom 1)."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """Something to be placed: its group, whether it is a hub, and its side (-1 left, 0 below, 1 right)."""

    id: str
    group: str
    hub: bool = False
    side: int = 0


@dataclass(frozen=True, slots=True)
class Island:
    """A circle that holds a group: centre on wide and on tall pages, and radius."""

    group: str
    wide: Point
    tall: Point
    r: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Islands, and for each thing its place relative to the centre of its island."""

    islands: tuple[Island, ...]
    places: dict[str, Point]


def _ring(number: int) -> float:
    """Radius of the ring of that number; the first is closer when it holds few."""
    return STEP * (0.55 + 0.95 * number)


def _ring_slots(number: int) -> tuple[list[Point], float]:
    """That many places on rings around a centre, counter-clockwise from the top, and the radius they take."""
    slots: list[tuple[float, Point]] = []
    ring, left = 0, number
    while left > 0:
        ring += 1
        radius = _ring(ring) if number > 4 else STEP * 1.15
        room = int(2 * pi * radius / STEP)
        here = min(left, room)
        for i in range(here):
            turn = (i + 0.5) / here
            angle = pi / 2 + 2 * pi * turn
            slots.append((turn, (radius * cos(angle), -radius * sin(angle))))
        left -= here
    slots.sort(key=lambda slot: (slot[0], slot[1]))
    if not number:
        return [], STEP * 0.6
    return [point for _, point in slots], (_ring(ring) if number > 4 else STEP * 1.15) + STEP * 0.4


def pack(radii: Sequence[float], near: Sequence[Sequence[int]], gap: float = 6.0) -> list[Point]:
    """Centres of circles that do not touch, in the order given, each close to those in `near` (indices before it)."""
    if not radii:
        return []
    reach = 1.7 * sqrt(sum((r + gap) ** 2 for r in radii)) + max(radii)
    step = max(8.0, reach / 48)
    count = ceil(reach / step)
    xs, ys = np.meshgrid(np.arange(-count, count + 1) * step, np.arange(-count, count + 1) * step)
    xs = xs + (np.arange(2 * count + 1) % 2 * step / 2)[:, None]
    room = np.full(xs.shape, np.inf)
    placed: list[Point] = []
    for i, radius in enumerate(radii):
        friends = [placed[j] for j in near[i] if j < i]
        tx = sum(p[0] for p in friends) / len(friends) if friends else 0.0
        ty = sum(p[1] for p in friends) / len(friends) if friends else 0.0
        cost = (xs - tx) ** 2 + (ys - ty) ** 2 + 0.35 * (xs**2 + ys**2)
        cost = np.where(room >= radius + gap, cost, np.inf)
        at = int(np.argmin(cost))
        x, y = float(xs.flat[at]), float(ys.flat[at])
        placed.append((x, y))
        room = np.minimum(room, np.sqrt((xs - x) ** 2 + (ys - y) ** 2) - radius)
    return placed


class _Room:
    """Points that are taken, and the free place nearest to a target on a fine grid."""

    _FINE = STEP / 3
    _SPIRAL = tuple(sorted(((i, j) for i in range(-90, 91) for j in range(-90, 91)), key=lambda o: (o[0] ** 2 + o[1] ** 2, o)))

    def __init__(self, taken: Sequence[Point], space: float) -> None:
        self._space, self._cells, self._seen = space, dict[tuple[int, int], list[Point]](), dict[Point, int]()
        for point in taken:
            self._take(point)

    def _take(self, point: Point) -> None:
        self._cells.setdefault((int(point[0] // self._space), int(point[1] // self._space)), []).append(point)

    def _is_free(self, x: float, y: float) -> bool:
        cx, cy = int(x // self._space), int(y // self._space)
        return all((x - px) ** 2 + (y - py) ** 2 >= self._space**2
                   for i in (cx - 1, cx, cx + 1) for j in (cy - 1, cy, cy + 1) for px, py in self._cells.get((i, j), ()))

    def near(self, target: Point) -> Point:
        """Take the free place nearest to the target."""
        for at in range(self._seen.get(target, 0), len(self._SPIRAL)):
            i, j = self._SPIRAL[at]
            x, y = target[0] + i * self._FINE, target[1] + j * self._FINE
            if self._is_free(x, y):
                self._seen[target] = at
                self._take((x, y))
                return x, y
        return self.near((target[0] + 100 * self._FINE, target[1]))


def _island(spots: Sequence[Spot], joined: Mapping[str, Sequence[str]]) -> tuple[dict[str, Point], float]:
    """Places of one group around its centre, and its radius."""
    here = {spot.id: spot for spot in spots}
    hubs = [s.id for s in spots if s.hub]
    own: dict[str, list[Spot]] = {h: [] for h in hubs}
    shared: list[tuple[Spot, list[str]]] = []
    for spot in spots:
        if not spot.hub:
            around = sorted({h for h in joined.get(spot.id, ()) if h in own})
            elsewhere = any(h not in here for h in joined.get(spot.id, ()))
            if len(around) == 1 and not elsewhere:
                own[around[0]].append(spot)
            else:
                shared.append((spot, around))
    links: dict[str, set[str]] = {h: set() for h in hubs}
    for _, around in shared:
        for h in around:
            links[h] |= set(around) - {h}
    for h in hubs:
        links[h] |= {o for o in joined.get(h, ()) if o in own}
    slots = {h: _ring_slots(len(own[h])) for h in hubs}
    order = sorted(hubs, key=lambda h: (-len(links[h]) > 0, -slots[h][1], h))
    index = {h: i for i, h in enumerate(order)}
    centres = pack([slots[h][1] for h in order], [sorted(index[o] for o in links[h] if index[o] < index[h]) for h in order])
    places: dict[str, Point] = {}
    sides = {-1: 0, 0: 1, 1: 2}
    for h, (cx, cy) in zip(order, centres, strict=True):
        places[h] = (cx, cy)
        ring = sorted(own[h], key=lambda s: (sides[s.side], s.id))
        for spot, (dx, dy) in zip(ring, slots[h][0], strict=True):
            places[spot.id] = (cx + dx, cy + dy)
    room = _Room(list(places.values()), STEP * 0.95)
    for spot, around in sorted(shared, key=lambda pair: (-len(joined.get(pair[0].id, ())), pair[0].id)):
        points = [places[h] for h in around] or [(0.0, 0.0)]
        middle = (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points))
        places[spot.id] = room.near(middle)
    if not places:
        return {}, STEP
    mx, my = _middle(list(places.values()))
    places = {name: (x - mx, y - my) for name, (x, y) in places.items()}
    return places, max(sqrt(x * x + y * y) for x, y in places.values()) + STEP * 0.8


def _middle(points: Sequence[Point]) -> Point:
    """Nearly the centre of the smallest circle around the points: step towards the farthest one, less each time."""
    x, y = sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
    for turn in range(1, 200):
        far = max(points, key=lambda p: ((p[0] - x) ** 2 + (p[1] - y) ** 2, p))
        x, y = x + (far[0] - x) / (turn + 1), y + (far[1] - y) / (turn + 1)
    return x, y


def _arrange(radii: Sequence[float], names: Sequence[str], anchors: Sequence[Point], page: Point) -> list[Point]:
    """Centres of circles with their names above, near their anchors, on a page of that many pixels.

    The names keep their size on the screen, so they need the more room in the picture the more the page is zoomed out:
    arrange, measure, and arrange again until the room that was left for them is enough.
    """
    height, made = max(sqrt(sum(6.0 * r * r for r in radii) * page[1] / page[0]), STEP), [(0.0, 0.0) for _ in radii]
    for _ in range(8):
        unit = height / page[1]
        sizes = [(r, 7.6 * unit * (len(name) + 4)) for r, name in zip(radii, names, strict=True)]
        made = _placed(sizes, anchors, height * page[0] / page[1], height, 18 * unit)
        top = min((y - r - 18 * unit for (_, y), r in zip(made, radii, strict=True)), default=0.0)
        needed = max((y + r for (_, y), r in zip(made, radii, strict=True)), default=1.0) - top
        if needed <= height * 1.02:
            break
        height = 0.5 * height + 0.5 * needed
    return made


def _placed(sizes: Sequence[tuple[float, float]], anchors: Sequence[Point], width: float, height: float, line: float) -> list[Point]:
    """Centres of circles (radius, width of the name above) that leave each other and their names free."""
    squeeze = max(width / height, 1.0)
    step = max(14.0, height / 90)
    across, down = ceil(0.5 * width / step), ceil(0.8 * height / step)
    grid = np.meshgrid(np.arange(-across, across + 1) * step, np.arange(-down, down + 1) * step)
    xs, ys = grid[0].ravel(), grid[1].ravel()
    gap = line * 0.3
    made: list[Point] = []
    for i, ((r, name), (ax, ay)) in enumerate(zip(sizes, anchors, strict=True)):
        cost = ((xs - ax * width * 0.4) / squeeze) ** 2 + (ys - ay * height * 0.4) ** 2 + 0.3 * ((xs / squeeze) ** 2 + ys**2)
        order = np.argsort(np.where(np.abs(xs) <= max(width / 2 - max(r, name / 2), 0.0), cost, np.inf), kind="stable")
        other, wide = np.array([s[0] for s in sizes[:i]]), np.array([s[1] for s in sizes[:i]])
        ox, oy = np.array([p[0] for p in made]), np.array([p[1] for p in made])
        for start in range(0, len(order), 256):
            few = order[start:start + 256]
            free = _free_of(xs[few][:, None] - ox, ys[few][:, None] - oy, (r, name), (other, wide), line, gap).all(axis=1)
            if free.any():
                at = int(few[int(np.argmax(free))])
                made.append((float(xs[at]), float(ys[at])))
                break
        else:
            made.append((0.0, height + 3.0 * step * (i + 1)))
    return made


def _free_of(dx: Any, dy: Any, mine: tuple[float, float], other: tuple[Any, Any], line: float, gap: float) -> Any:
    """Whether circles with names above, at that distance from each other, touch neither in circles nor in names."""
    free = dx * dx + dy * dy >= (mine[0] + other[0] + gap) ** 2
    for half, top, radius, sign in ((mine[1] / 2, mine[0], other[0], 1.0), (other[1] / 2, other[0], mine[0], -1.0)):
        aside = np.maximum(np.abs(dx) - half, 0.0)
        above = sign * dy - top
        off = np.maximum(np.maximum(-above, above - line), 0.0)
        free &= aside * aside + off * off >= (radius + gap) ** 2
    return free & ((np.abs(dx) >= (mine[1] + other[1]) / 2 + gap) | (np.abs((dy - mine[0]) + other[0]) >= line + gap))


def islands(spots: Sequence[Spot], edges: Sequence[tuple[str, str]], names: Mapping[str, str],
            anchors: Mapping[str, Point]) -> Picture:
    """Place everything: `names` are the words above the islands, `anchors` where a group is drawn to (-1..1 each way).

    >>> spots = [Spot("case", "A", hub=True), Spot("left", "A", side=-1), Spot("right", "A", side=1)]
    >>> picture = islands(spots, [("case", "left"), ("case", "right")], {"A": "Here"}, {})
    >>> picture.places["left"][0] < picture.places["case"][0] < picture.places["right"][0]
    True
    """
    joined: dict[str, list[str]] = {}
    for a, b in edges:
        joined.setdefault(a, []).append(b)
        joined.setdefault(b, []).append(a)
    groups: dict[str, list[Spot]] = {}
    for spot in sorted(spots, key=lambda s: s.id):
        groups.setdefault(spot.group, []).append(spot)
    inside = {group: _island(members, joined) for group, members in sorted(groups.items())}
    order = sorted(inside, key=lambda g: (-inside[g][1], g))
    radii, words = [inside[g][1] for g in order], [names.get(g, g) for g in order]
    homes = [anchors.get(g, (0.0, 0.0)) for g in order]
    wide, tall = _arrange(radii, words, homes, (1150.0, 780.0)), _arrange(radii, words, homes, (374.0, 1050.0))
    places = {name: point for group in order for name, point in inside[group][0].items()}
    made = tuple(Island(g, w, t, inside[g][1]) for g, w, t in zip(order, wide, tall, strict=True))
    return Picture(made, places)


def clusters(parts: Sequence[tuple[Sequence[str], Mapping[str, Point]]]) -> tuple[dict[str, Point], dict[str, str], tuple[Island, ...]]:
    """Clusters whose members have a place already: nothing on another, and the circles of the clusters side by side.

    Gives back the place of each member from the middle of its cluster, the name of its cluster (that of its first member),
    and the circles.

    >>> places, homes, circles = clusters([(["a", "b"], {"a": (0.0, 0.0), "b": (0.0, 0.0)}), (["c"], {"c": (5.0, 5.0)})])
    >>> places["a"] != places["b"], homes, len(circles)
    (True, {'a': 'a', 'b': 'a', 'c': 'c'}, 2)
    """
    places: dict[str, Point] = {}
    homes: dict[str, str] = {}
    radii = []
    for members, wanted in parts:
        room = _Room([], STEP * 0.95)
        here = {name: room.near(wanted[name]) for name in members}
        mx, my = _middle(list(here.values()))
        here = {name: (x - mx, y - my) for name, (x, y) in here.items()}
        places |= here
        homes |= dict.fromkeys(members, members[0])
        radii.append(max(sqrt(x * x + y * y) for x, y in here.values()) + STEP * 0.8)
    names, anchors = [""] * len(radii), [(0.0, 0.0)] * len(radii)
    wide, tall = _arrange(radii, names, anchors, (1150.0, 780.0)), _arrange(radii, names, anchors, (374.0, 1050.0))
    return places, homes, tuple(Island(parts[i][0][0], wide[i], tall[i], radii[i]) for i in range(len(parts)))
