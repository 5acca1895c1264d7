"""Commands that draw: explore and network."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from gpsa_graph.cli.options import given_option, graph, graph_options, parse_given
from gpsa_graph.cli.telling import waiting


@click.command()
@click.option("-o", "--output", metavar="FILE.html", type=click.Path(path_type=Path),
              help="Where to write; default: explorer.html in the cache folder.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@graph_options
def explore(output: Path | None, no_open: bool, data: str | None, store: str | None) -> None:
    """Write the explorer, one HTML file that works offline, and open it where there is a screen.

    \b
        gpsa explore -o explorer.html --no-open
    """
    from gpsa_graph.resources import cache_folder
    from gpsa_graph.view import write_explorer

    target = output or cache_folder() / "explorer.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    kg = graph(data, store)
    with waiting("making the explorer"):
        write_explorer(kg, target)
    click.echo(str(target), color=False)
    screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if screen and not no_open:
        click.launch(target.resolve().as_uri())


@click.command()
@click.argument("question", default="")
@click.option("--view", metavar="FILE", type=click.Path(path_type=Path), help="Make again what a view file of the explorer shows.")
@click.option("-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path),
              help="By ending: .html .gexf .graphml .cx2 .json .cyjs .dot .csv .xlsx .svg .png .pdf; a view: .html .svg .png.")
@click.option("--parallel", is_flag=True, help="An edge for each case, not one for each pair.")
@click.option("--among", type=click.Choice(["source", "target"]),
              help="Ties among the things on one side alone: two that share something on the other.")
@given_option
@graph_options
def network(question: str, view: Path | None, output: Path, parallel: bool, among: str | None, given: tuple[str, ...],
            data: str | None, store: str | None) -> None:
    """Write the answer of a question as a network; every node and edge carries its cases and sources.

    \b
        gpsa network who-works-with-whom -o who.gexf
        gpsa network who-works-with-whom --given country=MWI -o malawi.svg
        gpsa network who-works-with-whom --among target -o bodies.graphml
        gpsa network who-works-with-whom -o who.html
        gpsa network --view my-view.json -o again.svg
    """
    if (view is None) == (question == ""):
        raise click.UsageError("name a question, or a view file with --view")
    if view is not None:
        from gpsa_graph.view.saved import read_view, write_view

        write_view(graph(data, store), read_view(view), output)
        return
    from gpsa_graph.export.networks import write_network
    from gpsa_graph.network import network_of

    kg = graph(data, store)
    asked, values = kg.question(question), parse_given(given)
    if output.suffix.lower() == ".html":
        from gpsa_graph.view.saved import write_network_page

        write_network_page(kg, question, values, output)
        return
    made = network_of(kg, question, among=among or "", parallel=parallel, **values)
    concepts = list(kg.answer("families-of-concepts"))
    words = "; ".join(f"{name}: {said}" for name, said in sorted(values.items()))
    if len(made) == 0:
        click.echo(f"gpsa: no answer to '{question}'{f' with {words}' if words else ''}; the network is empty", err=True)
    for path in write_network(made, output, title=asked.title, families={str(c): str(f) for c, _, f in concepts},
                              labels={str(c): str(n) for c, n, _ in concepts},
                              citations=kg.answer(question, **values).citations(), given=words):
        click.echo(str(path), err=True, color=False)
