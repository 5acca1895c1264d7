"""A network as a picture: nodes at their places, labels where there is room, legend, counts, sources and data version."""

from __future__ import annotations

from collections.abc import Mapping

from gpsa_graph.export.figures.frame import Key, legend, plural
from gpsa_graph.export.figures.page import Page, wrapped
from gpsa_graph.export.networks.normal import Net, Node
from gpsa_graph.export.palette import GREYS, THINGS

__all__ = ["picture"]

_TALLEST = 560.0
_LABEL = 6.5


def picture(net: Net, ending: str) -> bytes:
    """The network as svg, png or pdf. Labels go to the nodes with most edges first and never cover each other or another node."""
    labelled: set[str] = set()
    page = Page()
    y = page.text(0, 0, wrapped(net.title or "Network", page.width, 11, bold=True), size=11, bold=True) + 1
    y = page.text(0, y, wrapped(f"Filter: {net.given}" if net.given else "All cases", page.width, 7.5), size=7.5, colour=GREYS[0]) + 6
    used = [look for look in THINGS.values() if any(n.look == look for n in net.nodes)]
    y = legend(page, y, [Key(look.shape, look.colour, look.name) for look in used])
    y = _draw(net, page, y, labelled) + 7
    cases = {c for e in net.edges for c in _tuple(e.cells.get("cases"))}
    widest = max([e.weight for e in net.edges], default=1)
    caption = (
        f"n = {plural(len(net.nodes), 'node')}, {plural(len(net.edges), 'edge')}, {plural(len(cases), 'case')}. "
        f"A line is as wide as the number of cases behind it (1 to "
        f"{widest:g}){'; a dot near one end tells where it leads' if net.directed else ''}. "
        f"{len(labelled)} of {len(net.nodes)} nodes have room for a label. Places follow from the ties alone and mean nothing else. "
        f"{plural(len(net.citations), 'source')}, named edge by edge in the data files of this network (.csv, .xlsx, .gexf ...)"
        f"{' and here:' if 0 < len(net.citations) <= 12 else '.'}"
    )
    page.line([(0, y), (page.width, y)], colour=GREYS[2])
    y = page.text(0, y + 4, wrapped(caption, page.width, 7.5), size=7.5) + 2
    for said in net.citations.values() if len(net.citations) <= 12 else ():
        page.text(0, y, "•", size=6.5, colour=GREYS[0])
        y = page.text(8, y, wrapped(said, page.width - 8, 6.5), size=6.5, colour=GREYS[0])
    page.text(0, y, wrapped(f"gpsa-graph, data {net.version} of {net.day}, CC BY 4.0.", page.width, 6.5), size=6.5, colour=GREYS[0])
    return page.render(ending, title=net.title, about=net.about)


def _tuple(said: object) -> tuple[str, ...]:
    return said if isinstance(said, tuple) else ()


def _draw(net: Net, page: Page, y: float, labelled: set[str]) -> float:
    if not net.nodes:
        return page.text(0, y, "This network has no node.", size=8)
    xs, ys = [n.x for n in net.nodes], [n.y for n in net.nodes]
    pad = 26.0
    scale = min((page.width - 2 * pad) / max(max(xs) - min(xs), 1), (_TALLEST - 2 * pad) / max(max(ys) - min(ys), 1), 2.2)
    shift = (page.width - (max(xs) - min(xs)) * scale) / 2
    at = {n.id: (shift + (n.x - min(xs)) * scale, y + pad + (max(ys) - n.y) * scale) for n in net.nodes}
    most = max([float(e.weight) for e in net.edges], default=1.0)
    small = min(max(2.6, 40 * scale * 0.22), 8.0)
    seen: dict[tuple[str, str], int] = {}
    grey = GREYS[1] if len(net.edges) <= 200 else "#C9CDD2"
    for e in net.edges:
        a, b = at[e.source], at[e.target]
        times = seen[e.source, e.target] = seen.get((e.source, e.target), -1) + 1
        width = 0.5 + 2.0 * (float(e.weight) - 1) / max(most - 1, 1)
        if e.source == e.target:
            continue
        if times:
            page.line([a, ((a[0] + b[0]) / 2 + times * 3, (a[1] + b[1]) / 2 - times * 3), b], colour=grey, line=width)
        else:
            page.line([a, b], colour=grey, line=width)
        if net.directed:
            page.mark(a[0] + (b[0] - a[0]) * 0.7, a[1] + (b[1] - a[1]) * 0.7, "disc", GREYS[0], size=1.8, above=1.5)
    degree = _degrees(net)
    grow = {n.id: min(small * (0.8 + 0.25 * degree[n.id] ** 0.5), 12.0) for n in net.nodes}
    for n in net.nodes:
        page.mark(*at[n.id], n.look.shape, n.look.colour, size=grow[n.id])
    boxes = [(x - grow[i] / 2, v - grow[i] / 2, x + grow[i] / 2, v + grow[i] / 2) for i, (x, v) in at.items()]
    for n in sorted(net.nodes, key=lambda n: (-degree[n.id], n.id)):
        _label(page, n, at[n.id], grow[n.id], boxes, labelled, y)
    return y + 2 * pad + (max(ys) - min(ys)) * scale


def _degrees(net: Net) -> Mapping[str, int]:
    found = {n.id: 0 for n in net.nodes}
    for e in net.edges:
        found[e.source] += 1
        found[e.target] += 1
    return found


def _label(
    page: Page,
    node: Node,
    at: tuple[float, float],
    size: float,
    boxes: list[tuple[float, float, float, float]],
    labelled: set[str],
    top: float,
) -> None:
    lines = wrapped(node.label, 104, _LABEL, most=4)
    if not lines[-1].endswith("…") and page.label(*at, size / 2, lines, boxes, size=_LABEL, top=top):
        labelled.add(node.id)
