"""Answers as pictures, chosen by what their columns hold: a chart for a number beside a name, a map where countries are named, a
network where two columns hold things. The pictures are SVG made here, so that they need no script; the table stays below.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from gpsa_graph import vocab
from gpsa_graph.serve.names import page

#: A row of an answer: for each column a term as SPARQL results in JSON hold it, or None.
Row = Sequence[Mapping[str, Any] | None]
_BARS, _NODES, _TIES = 40, 90, 240
NUMBERS = tuple(vocab.expand(f"xsd:{t}") for t in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"))
_COUNTRY = vocab.PREFIXES["country"]


@dataclass(slots=True)
class Picture:
    """What a template draws: its kind, its size, marks with text and address, and a sentence on what is shown and what is not."""

    kind: str
    width: float
    height: float
    said: str
    marks: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, float]] = field(default_factory=list)
    land: str = ""


def views(columns: Sequence[str], rows: Sequence[Row]) -> dict[str, tuple[int, ...]]:
    """The pictures that an answer allows, each with the columns that it is made from.

    >>> uri = {"type": "uri", "value": "https://w3id.org/gpsa-graph/country/MWI"}
    >>> n = {"type": "literal", "value": "3", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}
    >>> views(("country", "n"), [(uri, n)])
    {'chart': (0, 1), 'map': (0, 1)}
    """
    if not rows:
        return {}
    kinds = [_kind([row[i] for row in rows if row[i] is not None]) for i in range(len(columns))]
    numbers = [i for i, kind in enumerate(kinds) if kind == "number" and "year" not in columns[i].lower()]
    things = [i for i, kind in enumerate(kinds) if kind in ("thing", "country")]
    names = [i for i, kind in enumerate(kinds) if kind in ("thing", "country", "text")]
    found: dict[str, tuple[int, ...]] = {}
    if numbers and names:
        found["chart"] = (names[0], numbers[0])
    if "country" in kinds:
        found["map"] = (kinds.index("country"), *numbers[:1])
    if len(things) >= 2:
        wanted = [columns.index(c) for c in ("source", "target") if c in columns and columns.index(c) in things]
        found["network"] = tuple(wanted) if len(wanted) == 2 else tuple(things[:2])
    return found


def _kind(terms: Sequence[Mapping[str, Any] | None]) -> str:
    found = [t for t in terms if t is not None]
    if not found:
        return ""
    if all(t["type"] == "uri" and t["value"].startswith(_COUNTRY) for t in found):
        return "country"
    if all(t["type"] == "uri" for t in found):
        return "thing" if all(t["value"].startswith(vocab.BASE) for t in found) else "address"
    if all(t.get("datatype") in NUMBERS for t in found):
        return "number"
    return "text" if all(t["type"] == "literal" for t in found) else ""


def draw(kind: str, at: tuple[int, ...], columns: Sequence[str], rows: Sequence[Row], labels: Mapping[str, str]) -> Picture:
    """The picture of this kind from these columns; `labels` gives the names of things by prefixed name."""
    made = {"chart": _chart, "map": _map, "network": _network}[kind]
    return made(at, columns, rows, labels)


def _text(term: Mapping[str, Any], labels: Mapping[str, str]) -> tuple[str, str]:
    """What a term is called, and the address of its page."""
    said = str(term["value"])
    if term["type"] != "uri":
        return said, ""
    name = vocab.shorten(said)
    return labels.get(name) or name, page(said)


def _number(term: Mapping[str, Any] | None) -> float:
    try:
        value = float(str(term["value"])) if term is not None else math.nan
    except ValueError:
        return math.nan
    return value if abs(value) < 1e15 else math.nan


def _shown(n: float) -> str:
    return f"{n:,.0f}" if n == int(n) else f"{n:,.2f}"


def _chart(at: tuple[int, ...], columns: Sequence[str], rows: Sequence[Row], labels: Mapping[str, str]) -> Picture:
    bars: list[tuple[str, str, float]] = []
    for row in rows:
        name, number = row[at[0]], _number(row[at[1]])
        if name is not None and number == number:
            bars.append((*_text(name, labels), number))
    shown = bars[:_BARS]
    low, high = min([0.0, *(n for *_, n in shown)]), max([0.0, *(n for *_, n in shown)])
    span = (high - low) or 1.0
    left, right, step = 300.0, 620.0, 26.0
    zero = left + right * (0 - low) / span
    cut = f", the first {len(shown)} of {len(bars)} rows in the order of the answer" if len(shown) < len(bars) else ""
    picture = Picture("chart", 1000, step * len(shown) + 12, f"{columns[at[1]]} by {columns[at[0]]}{cut}.")
    for i, (text, href, n) in enumerate(shown):
        end = left + right * (n - low) / span
        picture.marks.append(
            {
                "y": i * step + 6,
                "x": min(zero, end),
                "w": max(abs(end - zero), 1.0),
                "text": _short(text, 42),
                "full": text,
                "href": href,
                "value": _shown(n),
                "after": max(zero, end) + 6,
            }
        )
    return picture


def _map(at: tuple[int, ...], columns: Sequence[str], rows: Sequence[Row], labels: Mapping[str, str]) -> Picture:
    from gpsa_graph.export.world import DISCLAIMER, points

    counts: dict[str, float] = {}
    known = points()
    for row in rows:
        country = row[at[0]]
        n = _number(row[at[1]]) if len(at) > 1 else 1.0
        if country is not None and n == n:
            counts[str(country["value"])] = counts.get(str(country["value"]), 0.0) + n
    most = max((abs(n) for n in counts.values()), default=1.0) or 1.0
    what = f"{columns[at[1]]}, added up by country" if len(at) > 1 else "rows by country"
    placed = {iri: n for iri, n in counts.items() if iri[len(_COUNTRY) :] in known}
    rest = (
        f" Not on the map: {', '.join(sorted(labels.get(vocab.shorten(i)) or vocab.shorten(i) for i in counts.keys() - placed.keys()))}."
        if len(placed) < len(counts)
        else ""
    )
    picture = Picture("map", 1000, 470, f"{what}; a circle's area is the number.{rest} {DISCLAIMER}", land=_land())
    for iri, n in sorted(placed.items(), key=lambda p: (-abs(p[1]), p[0])):
        lon, lat = known[iri[len(_COUNTRY) :]]
        name = vocab.shorten(iri)
        picture.marks.append(
            {
                "x": _x(lon),
                "y": _y(lat),
                "r": max(3.0, 26 * math.sqrt(abs(n) / most)),
                "text": labels.get(name) or name,
                "href": page(iri),
                "value": _shown(n),
            }
        )
    return picture


def _x(lon: float) -> float:
    return round((lon + 180) / 360 * 1000, 1)


def _y(lat: float) -> float:
    return round((84 - lat) / 140 * 470, 1)


@cache
def _land() -> str:
    """The outlines of countries as one path; an equirectangular map from 84 degrees north to 56 south."""
    from gpsa_graph.export.world import outlines

    parts = []
    for code, rings in outlines().items():
        if code == "ATA":
            continue
        for ring in rings:
            points = [f"{_x(lon):g} {_y(max(lat, -56.0)):g}" for lon, lat in ring]
            parts.append("M" + "L".join(dict.fromkeys(points)) + "Z")
    return "".join(parts)


def _network(at: tuple[int, ...], columns: Sequence[str], rows: Sequence[Row], labels: Mapping[str, str]) -> Picture:
    ties: dict[tuple[str, str], int] = {}
    for row in rows:
        a, b = row[at[0]], row[at[1]]
        if a is not None and b is not None and a["value"] != b["value"]:
            key = (str(a["value"]), str(b["value"]))
            ties[key] = ties.get(key, 0) + 1
    beside: dict[str, set[str]] = {}
    for a_, b_ in ties:
        beside.setdefault(a_, set()).add(b_)
        beside.setdefault(b_, set()).add(a_)
    ranked = sorted(beside, key=lambda n: (-len(beside[n]), n))
    kept: set[str] = set()
    for node in ranked:  # the best tied with all who are tied to them, while there is room
        group = {node, *beside[node]}
        if len(kept | group) <= _NODES:
            kept |= group
    kept = kept or set(ranked[:_NODES])
    drawn = sorted((t for t in ties if t[0] in kept and t[1] in kept), key=lambda t: (-ties[t], t))[:_TIES]
    nodes = sorted({n for tie in drawn for n in tie})
    spots, leftward, height = _spots(nodes, drawn)
    cut = f" {len(nodes)} of {len(beside)} things and {len(drawn)} of {len(ties)} ties are drawn." if len(drawn) < len(ties) else ""
    picture = Picture("network", 1000, height, f"{columns[at[0]]} and {columns[at[1]]}: {len(nodes)} things, {len(drawn)} ties.{cut}")
    first, taken = {a for a, _ in drawn}, [(x - 7, y - 7, x + 7, y + 7) for x, y in spots.values()]
    for a_, b_ in drawn:
        (x1, y1), (x2, y2) = spots[a_], spots[b_]
        picture.lines.append({"x1": x1, "y1": y1, "x2": x2, "y2": y2, "w": min(1 + ties[a_, b_] * 0.4, 5)})
    for node in (n for n in ranked if n in spots):
        text = labels.get(vocab.shorten(node)) or vocab.shorten(node)
        (x, y), end = spots[node], node in leftward
        r, shown = round(4 + 1.6 * math.sqrt(len(beside[node])), 1), _short(text, 22)
        box = (x - r - 6 - 6.2 * len(shown), y - 7, x - r - 3, y + 7) if end else (x + r + 3, y - 7, x + r + 6 + 6.2 * len(shown), y + 7)
        free = not any(box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in taken)
        if free:
            taken.append(box)
        picture.marks.append(
            {
                "x": x,
                "y": y,
                "r": r,
                "text": text,
                "href": page(node),
                "shown": shown if free else "",
                "value": f"{len(beside[node])}",
                "kind": "a" if node in first else "b",
                "end": end,
            }
        )
    return picture


def _spots(nodes: Sequence[str], ties: Sequence[tuple[str, str]]) -> tuple[dict[str, tuple[float, float]], set[str], float]:
    """Places of the nodes, those whose names go to the left, and the height that all take: each connected part by a spring layout with
    a fixed seed, the parts set in rows. Source: Fruchterman and Reingold (1991)."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(ties)
    spots: dict[str, tuple[float, float]] = {}
    leftward: set[str] = set()
    beside, left, top, tall = 128.0, 0.0, 24.0, 0.0
    for part in sorted(nx.connected_components(graph), key=lambda c: (-len(c), min(c))):
        inner = graph.subgraph(sorted(part))
        found = (
            nx.spring_layout(inner, seed=7, iterations=80) if len(part) > 2 else {n: (0.0, float(i)) for i, n in enumerate(sorted(part))}
        )
        side = math.sqrt(len(part))
        wide, high = min(46 * side, 1000 - 2 * beside - 10), max(48 * side, 40.0)
        if left + wide + 2 * beside > 1000 and left:
            left, top, tall = 0.0, top + tall + 30, 0.0
        xs, ys = [float(p[0]) for p in found.values()], [float(p[1]) for p in found.values()]
        for node, spot in found.items():
            x = (float(spot[0]) - min(xs)) / ((max(xs) - min(xs)) or 1.0)
            y = (float(spot[1]) - min(ys)) / ((max(ys) - min(ys)) or 1.0)
            spots[node] = (round(left + beside + x * wide, 1), round(top + y * high, 1))
            leftward |= {node} if x < 0.5 else set()
        left, tall = left + wide + 2 * beside, max(tall, high)
    return spots, leftward, round(top + tall + 24, 1)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
