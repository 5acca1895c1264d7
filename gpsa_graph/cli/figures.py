"""Commands for reports: figures and dossiers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gpsa_graph.cli.options import graph, graph_options
from gpsa_graph.cli.telling import waiting

_FILTERS = {
    "case": "An id such as mwi-mejn",
    "country": "A code or name",
    "region": "A World Bank region",
    "sector": "A sector, narrower ones included",
    "mechanism": "A mechanism, narrower ones included",
    "organisation": "Who took part",
    "programme": "A programme such as gpsa",
}


def _filters(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, about in reversed(_FILTERS.items()):
        command = click.option(f"--{name}", metavar="NAME", multiple=True, help=f"{about}; repeatable.")(command)
    return command


def _out(required: bool, help_: str) -> Callable[..., Any]:
    return click.option("-o", "--output", metavar="FILE", required=required, type=click.Path(path_type=Path), help=help_)


@click.command()
@click.argument("name", default="")
@_out(False, "By ending: .svg .png .pdf, with a view file beside it; or the numbers shown: .csv .xlsx .json .md.")
@click.option("--view", metavar="FILE", type=click.Path(path_type=Path), help="Make the figure of this view file again.")
@click.option("--at-least", type=click.IntRange(1, 10_000), help="matrix: mechanisms used in at least so many cases.")
@click.option("--most", type=click.IntRange(1, 200), help="matrix: at most so many mechanisms; two-column: organisations a side.")
@_filters
@graph_options
def figure(
    name: str,
    output: Path | None,
    view: Path | None,
    at_least: int | None,
    most: int | None,
    data: str | None,
    store: str | None,
    **filters: tuple[str, ...],
) -> None:
    """Draw a figure for a report, with legend, n, filters, data version and sources. Without NAME, list the figures.

    \b
        gpsa figure matrix -o matrix.svg
        gpsa figure two-column --country MWI -o malawi.pdf
        gpsa figure --view matrix.view.json -o again.svg
    """
    from gpsa_graph.export.figures import FIGURES, figure_again, write_figure
    from gpsa_graph.export.figures import figure as make

    if not name and view is None:
        width = max(map(len, FIGURES)) + 2
        click.echo("\n".join(f"{n:<{width}}{kind.title}" for n, kind in FIGURES.items()), color=False)
        return
    if output is None:
        raise click.UsageError("say where to write: -o FILE.svg, .png or .pdf")
    chosen = {k: v for k, v in filters.items() if v}
    parameters = {k: v for k, v in (("at_least", at_least), ("most", most)) if v is not None}
    if view is not None and (name or chosen or parameters):
        raise click.UsageError("--view holds the figure and its filters; give either a view file or a name with filters")
    kg, folder = graph(data, store), Path(data) if data else None
    with waiting("drawing"):
        made = figure_again(kg, view, data=folder) if view else make(kg, name, chosen, data=folder, numbers=None, **parameters)
        written = write_figure(made, output)
    for path in written:
        click.echo(str(path), err=True, color=False)


@click.command()
@_out(True, "By ending: .html .docx .md .pdf, or the sources alone: .bib .ris .csl.json.")
@click.option("--title", default="", help="A title of your own.")
@_filters
@graph_options
def report(output: Path, title: str, data: str | None, store: str | None, **filters: tuple[str, ...]) -> None:
    """Write a dossier on the cases that match: numbers, cases, who worked with whom, results, challenges, gaps, sources.

    \b
        gpsa report --country MWI -o malawi.docx
        gpsa report --organisation idn-ministry-of-health -o health.pdf
        gpsa report --case mwi-mejn -o sources.bib
    """
    from gpsa_graph.report import write_report

    kg, chosen = graph(data, store), {k: v for k, v in filters.items() if v}
    with waiting("writing the dossier"):
        path = write_report(kg, chosen, output, title=title, data=Path(data) if data else None)
    click.echo(str(path), err=True, color=False)
