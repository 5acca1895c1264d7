"""Commands that move large graphs: load into a store folder, push to a service."""

from __future__ import annotations

from pathlib import Path

import click

from gpsa_graph.cli.options import graph, graph_options, interruptible
from gpsa_graph.cli.telling import Line


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--store", metavar="DIR", required=True, type=click.Path(path_type=Path), help="The store folder; made where there is none.")
@click.option("--lenient", is_flag=True, help="Skip faulty lines or statements, and count them.")
@click.option("--jobs", metavar="N", type=click.IntRange(1, 64), help="Parts loaded at once; default: one a processor, at most four.")
def load(files: tuple[Path, ...], store: Path, lenient: bool, jobs: int | None) -> None:
    """Add RDF files to a store folder on disk: .ttl .nt .nq .trig .jsonld .rdf, also with .gz or .zst.

    The old store stays until all is loaded. After an interruption the same command goes on.

    \b
        gpsa load big.nt.gz more.ttl --store my-store
        gpsa answer who-works-with-whom --store my-store
    """
    from gpsa_graph.export.load import load_files

    line = Line()
    try:
        done = interruptible(lambda: load_files(files, store, lenient=lenient, jobs=jobs, told=line))
    finally:
        line.clear()
    for fault in done.skipped[:20]:
        click.echo(f"skipped {fault}", err=True)
    if done.skipped:
        more = " (the first 20 are shown)" if len(done.skipped) > 20 else ""
        click.echo(f"{len(done.skipped)} fault{'s' * (len(done.skipped) != 1)} skipped{more}", err=True)
    click.echo(f"{store}: {done.after} triples, {done.after - done.before} of them new", err=True)


@click.command()
@click.argument("url")
@click.option("--graph", "name", metavar="IRI", default="", help="The graph to add to; default: the default graph of the service.")
@click.option("--protocol", type=click.Choice(["update", "graph-store"]), default="update", show_default=True,
              help="What the address speaks: SPARQL 1.1 Update or the Graph Store Protocol.")
@click.option("--check", metavar="URL", default="", help="Where to count what has arrived; default: guessed from URL.")
@graph_options
def push(url: str, name: str, protocol: str, check: str, data: str | None, store: str | None) -> None:
    """Publish the graph to a SPARQL 1.1 service, in batches, and count there what has arrived.

    Name and password come from GPSA_USER and GPSA_PASSWORD, or from ~/.netrc. After an interruption the same command goes on.

    \b
        gpsa push http://localhost:7878/update --graph https://w3id.org/gpsa-graph/
        gpsa push http://localhost:7878/store --protocol graph-store --store my-store
    """
    from gpsa_graph.export.push import push as send

    line = Line()
    try:
        done = send(graph(data, store), url, graph=name, protocol=protocol, check=check, told=lambda n: line(f"{n:,} triples"))
    finally:
        line.clear()
    click.echo(f"{done.triples} triples, {done.sent} of them sent now; the service held {done.before} and holds {done.after}", err=True)
