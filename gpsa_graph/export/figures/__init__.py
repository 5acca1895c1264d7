"""Figures for reports: each with legend, caption, n, filters, data version and sources, and a view file to make it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from gpsa_graph.errors import OutputError, ParameterError, UnknownName
from gpsa_graph.export.choice import choose
from gpsa_graph.export.content import Content, read_content
from gpsa_graph.export.figures.view import View, read_view
from gpsa_graph.export.files import atomic
from gpsa_graph.resources import data_version
from gpsa_graph.vocab import near

if TYPE_CHECKING:
    from gpsa_graph.export.figures.frame import Drawing
    from gpsa_graph.graph import KnowledgeGraph

__all__ = ["ENDINGS", "FIGURES", "Made", "figure", "figure_again", "write_figure"]

ENDINGS = ("pdf", "png", "svg")
TABLES = ("csv", "tsv", "json", "jsonl", "md", "xlsx")


@dataclass(frozen=True, slots=True)
class Kind:
    """A figure by name: what it shows, where its function is, and its parameters with their defaults."""

    title: str
    module: str
    function: str
    parameters: Mapping[str, int]


FIGURES: dict[str, Kind] = {
    "matrix": Kind("Which results were reported in cases that use a mechanism", "matrix", "matrix", {"at_least": 0, "most": 26}),
    "swimlane": Kind("When the cases ran, by region", "lanes", "swimlane", {}),
    "two-column": Kind("Who from civil society and who from the state took part in the same cases", "sides", "two_column", {"most": 14}),
    "map": Kind("Where the cases are", "countries", "world_map", {}),
    "timeline": Kind("Results by year and kind", "lanes", "timeline", {}),
    "ego": Kind("One case as cards, with numbered sources", "ego", "ego", {}),
    "coverage": Kind("What the sources state about the cases", "coverage", "coverage", {}),
}


@dataclass(frozen=True)
class Made:
    """A figure: its drawing, and the view from which it is made again."""

    view: View
    drawing: Drawing

    def bytes(self, ending: str, *, bare: bool = False) -> bytes:
        """The figure as svg, png or pdf; `bare` leaves the frame out. The same view and data give the same bytes on the same fonts."""
        from gpsa_graph.export.figures.frame import compose

        foot = f"gpsa-graph, data {self.view.data.replace(' ', ' of ')}, CC BY 4.0. Figure {self.view.figure}, code {self.view.code}."
        about = f"{self.drawing.caption} {foot}"
        return compose(self.drawing, foot, bare=bare).render(ending, title=self.drawing.title, about=about, margin=4.0 if bare else 8.0)


def figure(
    source: KnowledgeGraph | Content,
    name: str,
    filters: Mapping[str, Sequence[str]] | None = None,
    *,
    data: Path | None = None,
    numbers: dict[str, int] | None = None,
    **parameters: int,
) -> Made:
    """A figure of the cases that match the filters (see `gpsa_graph.export.choice.choose`).

    `numbers` are those that sources have already in a document; a figure that cites by number takes and extends them.
    Raises UnknownName for a figure, filter or value that is not known, ParameterError for a parameter that the figure does not
    take and where nothing is left to draw.

    >>> from gpsa_graph import load
    >>> made = figure(load(), "coverage", {"country": ["MWI"]})
    >>> made.drawing.filters, made.drawing.rows.columns
    ('country: Malawi', ('asked', 'cases_stating', 'of', 'src'))
    """
    if name not in FIGURES:
        raise UnknownName("figure", name, near=near(name, FIGURES), hint=f"figures are {', '.join(FIGURES)}")
    kind = FIGURES[name]
    for given in parameters:
        if given not in kind.parameters:
            takes = " and ".join(f"--{p.replace('_', '-')}" for p in kind.parameters) or "none"
            raise ParameterError(f"the figure {name} takes no parameter --{given.replace('_', '-')}; it takes {takes}")
    full = {**kind.parameters, **parameters}
    content = source if isinstance(source, Content) else read_content(source)
    choice = choose(content, filters)
    draw: Callable[..., Drawing] = getattr(import_module(f"gpsa_graph.export.figures.{kind.module}"), kind.function)
    drawing = draw(content, choice, **full, **({"numbers": numbers} if name == "ego" else {}))
    drawn = sha256(repr((drawing.rows.columns, list(drawing.rows))).encode()).hexdigest()[:16]
    cited = {s.name: str(s) for s in drawing.sources}
    return Made(View(name, choice.given, full, " ".join(data_version(data)), 0, drawn, cited), drawing)


def figure_again(source: KnowledgeGraph | Content, path: Path, *, data: Path | None = None) -> Made:
    """The figure of a view file, on the data it was made from. Raises ParameterError where these are other data."""
    view = read_view(path)
    here = " ".join(data_version(data))
    if view.data != here:
        raise ParameterError(
            f"'{path}' was made from data {view.data}, and this graph holds {here}; ask that version, or make the figure anew by its name"
        )
    made = figure(source, view.figure, view.filters, data=data, numbers=None, **view.parameters)
    if made.view.drawn != view.drawn:
        raise ParameterError(f"the numbers behind '{path}' have changed though the data version has not; make the figure anew by its name")
    return made


def write_figure(made: Made, path: Path) -> list[Path]:
    """Write a figure as .svg, .png or .pdf and its view file beside it, or the numbers it shows as .csv, .xlsx ...; gives the paths."""
    from gpsa_graph.export.rows import write_rows

    ending = path.suffix.lstrip(".").lower()
    if ending in TABLES:
        with atomic(path, binary=ending == "xlsx") as stream:
            write_rows(made.drawing.rows, ending, stream)
        return [path]
    if ending not in ENDINGS:
        raise OutputError(
            f"no figure ends in '{path.suffix}'; write .svg, .png or .pdf, or the numbers it shows as .csv, .json, .md or .xlsx"
        )
    content = made.bytes(ending)
    view = path.with_name(f"{path.stem}.view.json")
    for name, raw in ((path, content), (view, made.view.text().encode())):
        with atomic(name, binary=True) as stream:
            stream.write(raw)
    return [path, view]
