"""Commands that draw: explore and network."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from gpsa_graph.cli.options import given_option, graph, graph_options, parse_given


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
    write_explorer(graph(data, store), target)
    click.echo(str(target), color=False)
    screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if screen and not no_open:
        click.launch(target.resolve().as_uri())


@click.command()
@click.argument("question")
@click.option("-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path),
              help="By ending: .json .csv .graphml .gexf.")
@click.option("--among", type=click.Choice(["source", "target"]),
              help="Ties among the things on one side alone: two that share something on the other.")
@given_option
@graph_options
def network(question: str, output: Path, among: str | None, given: tuple[str, ...], data: str | None, store: str | None) -> None:
    """Write the answer of a question as a network; every node and edge carries its cases and sources.

    \b
        gpsa network who-works-with-whom -o who.json
        gpsa network who-works-with-whom --among target -o bodies.graphml
    """
    from gpsa_graph.export.networks import write_network
    from gpsa_graph.network import network_of

    kg = graph(data, store)
    made = network_of(kg, question, among=among or "", **parse_given(given))
    write_network(made, output, title=kg.question(question).title)
