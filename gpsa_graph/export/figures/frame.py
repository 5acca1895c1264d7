"""What stands around every figure: title, filters, legend, caption, n, sources, data version and code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from gpsa_graph.export.figures.page import Page, width_of, wrapped
from gpsa_graph.export.palette import GREYS, INK
from gpsa_graph.graph.rows import Rows

if TYPE_CHECKING:
    from gpsa_graph.graph.claims import Source

__all__ = ["Drawing", "Key", "compose", "legend", "plural"]

_FEW = 12


class Key(NamedTuple):
    """An entry of a legend: a sign (shape of `Page.mark`, or `box`, `line`, `none`), its colour, what it means."""

    shape: str
    colour: str
    label: str


@dataclass(frozen=True)
class Drawing:
    """A figure before it has a frame. `body` draws from a y on and gives the y below; `rows` are the numbers that it shows.

    `numbered` tells that `body` cites the sources by their place in `sources`, so that all of them must be listed.
    """

    title: str
    filters: str
    body: Callable[[Page, float], float]
    caption: str
    rows: Rows
    sources: Sequence[Source]
    legend: Sequence[Key] = field(default=())
    numbered: bool = False


def plural(n: int, one: str, many: str = "") -> str:
    """A number with its word.

    >>> plural(1, "case"), plural(2, "case"), plural(2, "body", "bodies")
    ('1 case', '2 cases', '2 bodies')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def compose(drawing: Drawing, foot: str, *, bare: bool = False) -> Page:
    """The figure as a page. `bare` leaves out title, caption and sources, for documents that print these as text."""
    page = Page()
    y = 0.0
    if not bare:
        y = page.text(0, y, wrapped(drawing.title, page.width, 11, bold=True), size=11, bold=True) + 1
        y = (
            page.text(
                0,
                y,
                wrapped("All cases" if drawing.filters == "all cases" else f"Filter: {drawing.filters}", page.width, 7.5),
                size=7.5,
                colour=GREYS[0],
            )
            + 6
        )
    y = legend(page, y, drawing.legend)
    y = drawing.body(page, y) + 7
    if not bare:
        page.line([(0, y), (page.width, y)], colour=GREYS[2])
        y = page.text(0, y + 4, wrapped(drawing.caption, page.width, 7.5), size=7.5) + 3
        y = _sources(page, y, drawing)
        page.text(0, y + 2, wrapped(foot, page.width, 6.5), size=6.5, colour=GREYS[0])
    return page


def legend(page: Page, y: float, keys: Sequence[Key]) -> float:
    """Draw a legend in as many lines as it needs; gives the y below it."""
    if not keys:
        return y
    x, size = 0.0, 7.5
    for key in keys:
        sign = 0 if key.shape == "none" else 14
        wide = sign + width_of(key.label, size) + 14
        if x and x + wide - 14 > page.width:
            x, y = 0.0, y + 12
        if key.shape == "box":
            page.rect(x, y + 1.5, 10, 8, fill=key.colour, edge=GREYS[1], line=0.4)
        elif key.shape == "line":
            page.line([(x, y + 5.5), (x + 10, y + 5.5)], colour=key.colour, line=1.6)
        elif key.shape != "none":
            page.mark(x + 5, y + 5.5, key.shape, key.colour, size=7.5)
        page.text(x + sign, y, wrapped(key.label, page.width - x - sign, size)[:1], size=size, colour=INK)
        x += wide
    return y + 18


def _sources(page: Page, y: float, drawing: Drawing) -> float:
    sources = drawing.sources
    if drawing.numbered or len(sources) <= _FEW:
        y = page.text(0, y, "Sources" if sources else "No source is cited.", size=6.5, bold=bool(sources), colour=GREYS[0])
        for i, source in enumerate(sources, 1):
            head = f"[{i}]" if drawing.numbered else "•"
            page.text(0, y, head, size=6.5, colour=GREYS[0])
            left = width_of("[888] ", 6.5) if drawing.numbered else 8
            y = page.text(left, y, wrapped(str(source), page.width - left, 6.5), size=6.5, colour=GREYS[0])
        return y
    kinds = Counter(s.kind for s in sources)
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items(), key=lambda k: (-k[1], k[0])))
    return page.text(
        0,
        y,
        wrapped(f"{len(sources)} sources, by kind: {told}. Each is named in the view file of this figure.", page.width, 6.5),
        size=6.5,
        colour=GREYS[0],
    )
