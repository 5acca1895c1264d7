"""A page to draw on, measured in points, and the files it becomes: SVG and PDF with real text, PNG.

Every text is measured before it is placed, and its box is kept, so that a test can say whether any two overlap or leave the page.
"""

from __future__ import annotations

import logging
import warnings
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from io import BytesIO
from typing import Any, NamedTuple

from gpsa_graph.errors import MissingExtra
from gpsa_graph.export.palette import GREYS, INK

__all__ = ["WIDTH", "Box", "Page"]

#: 160 mm: the text of an A4 page with margins of 25 mm.
WIDTH = 453.5
_FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari", "DejaVu Sans")
#: Twice the 96 dots of an inch on a screen.
_DPI = 192
_LONGEST = 4_000


class Box(NamedTuple):
    """Where a text stands: left, top, right, bottom in points, and the text."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@cache
def _pyplot() -> Any:
    try:
        import matplotlib
    except ImportError:
        raise MissingExtra("figures") from None
    matplotlib.use("Agg", force=False)
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # that it lists the fonts of a fresh machine is no news
    warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
    return matplotlib


@cache
def families() -> tuple[str, ...]:
    """The fonts that are used, best first: those of `Noto` for Latin, Cyrillic, Arabic and Devanagari where they are installed."""
    _pyplot()
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return tuple(name for name in _FAMILIES if name in known)


@cache
def _measure() -> Any:
    _pyplot()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(dpi=288)
    canvas = FigureCanvasAgg(figure)
    return figure, canvas.get_renderer()


@lru_cache(maxsize=50_000)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """The width of a line of text in points."""
    if not text:
        return 0.0
    from matplotlib.font_manager import FontProperties

    _, renderer = _measure()
    font = FontProperties(family=list(families()), size=size, weight="bold" if bold else "normal")
    return float(renderer.get_text_width_height_descent(_plain(text), font, ismath=False)[0]) * 72 / 288


def _plain(text: str) -> str:
    return "".join(
        " " if c in "\n\r\t\u2028\u2029" else "\ufffd" if c < " " or "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" else c for c in text
    )


def wrapped(text: str, width: float, size: float, *, bold: bool = False, most: int = 99) -> list[str]:
    """A text as lines no wider than `width` points; at most so many, the last then ends with an ellipsis."""
    lines: list[str] = []
    line = ""
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    for word in _plain(text).split():
        joined = f"{line} {word}" if line else word
        if width_of(joined, size, bold) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while width_of(word, size, bold) > width and len(word) > 1:
            cut = max(bisect_right(range(len(word)), width, key=lambda i, word=word: width_of(word[:i], size, bold)) - 1, 1)  # type: ignore[misc]
            slash = max(word.rfind(sign, 0, cut) for sign in "/-_?&=.") + 1
            cut = slash if slash > cut // 2 else cut
            lines.append(word[:cut])
            word = word[cut:]
        line = word
    lines.append(line)
    if len(lines) > most:
        last = lines[most - 1]
        while last and width_of(last.rstrip(" ,;") + "…", size, bold) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip(" ,;") + "…"]
    return lines


class Page:
    """A page of fixed width whose height follows from what is drawn; x to the right, y down, in points.

    >>> page = Page()
    >>> page.text(0, 0, "a text", size=8) > 8
    True
    """

    def __init__(self, width: float = WIDTH) -> None:
        self.width, self.height = width, 0.0
        self.boxes: list[Box] = []
        self._marks: list[Callable[[Any], None]] = []

    def text(
        self,
        x: float,
        y: float,
        text: str | Sequence[str],
        *,
        size: float = 7.5,
        colour: str = INK,
        align: str = "left",
        bold: bool = False,
        leading: float = 1.32,
        turned: bool = False,
    ) -> float:
        """Lines of text from `y` down, at `x` by `align`; gives the y below them. `turned` reads upwards, from `y` up."""
        lines = [text] if isinstance(text, str) else list(text)
        for i, line in enumerate(map(_plain, lines)):
            wide = width_of(line, size, bold)
            if turned:
                spot = x + i * size * leading
                self.boxes.append(Box(spot, y - wide, spot + size, y, line))
                self._put(spot + size * 0.82, y, line, size, colour, "left", bold, 90)
                continue
            left = x - {"left": 0.0, "center": wide / 2, "right": wide}[align]
            base = y + i * size * leading + size * 1.02
            self.boxes.append(Box(left, base - size * 0.75, left + wide, base + size * 0.22, line))
            self._put(x, base, line, size, colour, align, bold, 0)
        bottom = y if turned else y + len(lines) * size * leading
        self.height = max(self.height, bottom)
        return bottom

    def _put(self, x: float, y: float, line: str, size: float, colour: str, align: str, bold: bool, turn: int) -> None:
        self._marks.append(
            lambda ax: ax.text(
                x,
                y,
                line,
                fontsize=size,
                color=colour,
                ha=align,
                va="baseline",
                rotation=turn,
                parse_math=False,
                rotation_mode="anchor",
                fontweight="bold" if bold else "normal",
                zorder=5,
            )
        )

    def rect(
        self, x: float, y: float, w: float, h: float, *, fill: str = "none", edge: str = "none", line: float = 0.6, above: float = 2
    ) -> None:
        """A rectangle from its top left corner."""

        def draw(ax: Any) -> None:
            from matplotlib.patches import Rectangle

            ax.add_patch(Rectangle((x, y), w, h, fc=fill, ec=edge, lw=line, zorder=above))

        self._marks.append(draw)
        self.height = max(self.height, y + h)

    def line(
        self, points: Sequence[tuple[float, float]], *, colour: str = GREYS[1], line: float = 0.6, dashed: bool = False, above: float = 1
    ) -> None:
        self._marks.append(
            lambda ax: ax.plot(
                [p[0] for p in points],
                [p[1] for p in points],
                color=colour,
                lw=line,
                zorder=above,
                ls=(0, (3, 2)) if dashed else "-",
                solid_capstyle="round",
            )
        )

    def curve(self, a: tuple[float, float], b: tuple[float, float], *, colour: str, line: float, alpha: float = 1.0) -> None:
        def draw(ax: Any) -> None:
            from matplotlib.patches import PathPatch
            from matplotlib.path import Path

            middle = (a[0] + b[0]) / 2
            path = Path([a, (middle, a[1]), (middle, b[1]), b], [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
            ax.add_patch(PathPatch(path, fc="none", ec=colour, lw=line, alpha=alpha, zorder=1, capstyle="butt"))

        self._marks.append(draw)

    def shape(self, points: Sequence[tuple[float, float]], *, fill: str, edge: str = "none", line: float = 0.4) -> None:
        def draw(ax: Any) -> None:
            from matplotlib.patches import Polygon

            ax.add_patch(Polygon(list(points), closed=True, fc=fill, ec=edge, lw=line, zorder=1.5))

        self._marks.append(draw)

    def mark(self, x: float, y: float, shape: str, colour: str, *, size: float = 7.0, above: float = 4) -> None:
        """A sign in the middle of (x, y): disc, ring, half, square, triangle, down, diamond, star, hexagon or cross."""
        from math import cos, pi, sin

        r = size / 2

        def draw(ax: Any) -> None:
            from matplotlib.patches import Circle, Polygon, Wedge

            ink = {"ec": INK if shape not in ("ring", "cross") else colour, "lw": 0.5, "zorder": above}
            if shape in ("disc", "ring", "half"):
                ax.add_patch(
                    Circle(
                        (x, y),
                        r if shape != "ring" else r - 0.5,
                        fc=colour if shape == "disc" else "white",
                        **(ink if shape != "ring" else {**ink, "lw": 1.4}),
                    )
                )
                if shape == "half":
                    ax.add_patch(Wedge((x, y), r, 90, 270, fc=colour, ec="none", zorder=above + 0.1))
            elif shape == "cross":
                for dx in (1, -1):
                    ax.plot([x - r * 0.8 * dx, x + r * 0.8 * dx], [y - r * 0.8, y + r * 0.8], color=colour, lw=1.5, zorder=above)
            else:
                corners = {
                    "square": (4, pi / 4, 1.15),
                    "diamond": (4, 0.0, 1.2),
                    "triangle": (3, -pi / 2, 1.2),
                    "down": (3, pi / 2, 1.2),
                    "hexagon": (6, 0.0, 1.05),
                    "star": (10, -pi / 2, 1.25),
                }[shape]
                n, turn, grow = corners
                ax.add_patch(
                    Polygon(
                        [
                            (
                                x + r * grow * (0.5 if n == 10 and i % 2 else 1) * cos(turn + 2 * pi * i / n),
                                y + r * grow * (0.5 if n == 10 and i % 2 else 1) * sin(turn + 2 * pi * i / n),
                            )
                            for i in range(n)
                        ],
                        closed=True,
                        fc=colour,
                        **ink,
                    )
                )

        self._marks.append(draw)
        self.height = max(self.height, y + r)

    def bubble(self, x: float, y: float, r: float, colour: str, *, alpha: float = 0.75) -> None:
        def draw(ax: Any) -> None:
            from matplotlib.patches import Circle

            ax.add_patch(Circle((x, y), r, fc=colour, ec="white", lw=0.7, alpha=alpha, zorder=3))

        self._marks.append(draw)

    def label(
        self,
        x: float,
        y: float,
        reach: float,
        lines: Sequence[str],
        boxes: list[tuple[float, float, float, float]],
        *,
        size: float = 6.5,
        top: float = 0.0,
    ) -> bool:
        """Put lines below, above, right or left of a sign at (x, y) where they cover none of `boxes`; False where there is no room."""
        wide, high = max(width_of(line, size) for line in lines), len(lines) * size * 1.2
        for left, up in (
            (x - wide / 2, y + reach + 0.5),
            (x - wide / 2, y - reach - high - 0.5),
            (x + reach + 2, y - high / 2),
            (x - reach - 2 - wide, y - high / 2),
        ):
            box = (left - 1, up, left + wide + 1, up + high)
            if box[0] < 0 or box[2] > self.width or box[1] < top:
                continue
            if not any(b[0] < box[2] and box[0] < b[2] and b[1] < box[3] and box[1] < b[3] for b in boxes):
                self.text(left + wide / 2, up, lines, size=size, align="center", leading=1.2)
                boxes.append(box)
                return True
        return False

    def render(self, ending: str, *, title: str = "", about: str = "", margin: float = 8.0) -> bytes:
        """The page as svg, png or pdf; the same page gives the same bytes."""
        matplotlib = _pyplot()
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        wide, tall = self.width + 2 * margin, self.height + 2 * margin
        with matplotlib.rc_context(
            {
                "svg.fonttype": "none",
                "pdf.fonttype": 42,
                "svg.hashsalt": "gpsa-graph",
                "font.family": list(families()),
                "path.simplify": False,
            }
        ):
            figure = Figure(figsize=(wide / 72, tall / 72), facecolor="white")
            FigureCanvasAgg(figure)
            ax = figure.add_axes((0, 0, 1, 1))
            ax.set_xlim(-margin, self.width + margin)
            ax.set_ylim(self.height + margin, -margin)
            ax.axis("off")
            for draw in self._marks:
                draw(ax)
            made = BytesIO()
            said = {
                "svg": {"Date": None, "Title": title, "Description": about, "Creator": "gpsa-graph"},
                "pdf": {
                    "CreationDate": None,
                    "ModDate": None,
                    "Title": title,
                    "Subject": about,
                    "Creator": "gpsa-graph",
                    "Producer": "gpsa-graph",
                },
                "png": {"Title": title, "Description": about, "Software": "gpsa-graph"},
            }[ending]
            figure.savefig(made, format=ending, dpi=_DPI, metadata=said)
        return made.getvalue()
