"""Commands that serve: the site, and the door for AI clients."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gpsa_graph.cli.options import graph_options
from gpsa_graph.cli.telling import waiting

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph


def _limit_options(command: Any) -> Any:
    """An option for each limit of the site."""
    from dataclasses import fields

    from gpsa_graph.serve.limits import Limits

    for limit in reversed(fields(Limits)):
        about, unit = limit.metadata["about"], limit.metadata["unit"]
        kind = (
            click.FloatRange(0.05, 3600)
            if isinstance(limit.default, float)
            else click.IntRange(0 if limit.name in ("cache", "queue") else 1, 1_000_000)
        )
        command = click.option(
            f"--{limit.name}", type=kind, default=limit.default, show_default=True, help=f"{about.capitalize()} ({unit})."
        )(command)
    return command


def _opened(data: str | None, store: str | None) -> tuple[KnowledgeGraph, Path | None]:
    """The graph, and the folder of the store behind it."""
    from gpsa_graph.cli.options import endpoint_given, graph
    from gpsa_graph.graph import compiled
    from gpsa_graph.graph.knowledge import KnowledgeGraph

    if store is not None or endpoint_given():
        kg = graph(data, store)
        kg.query("ASK { ?s ?p ?o }")  # a service that is not there is better heard of now than by the first reader
        return kg, Path(store) if store is not None else None
    with waiting("reading the cases"):
        opened, kept = compiled.open_store(Path(data) if data is not None else None)
    return KnowledgeGraph(opened, kept), kept / "store" if kept is not None else None


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; others than this machine reach it only if it is another.",
)
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 is any free one.")
@click.option("--base", metavar="URL", default="", help="The public address of the site, such as https://example.org.")
@click.option(
    "--allow-host", "hosts", metavar="NAME", multiple=True, help="Another name under which the site may be asked for; repeatable."
)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option("--no-warm", is_flag=True, help="Make the explorer when it is first asked for, not at the start.")
@_limit_options
@graph_options
def serve(
    host: str,
    port: int,
    base: str,
    hosts: tuple[str, ...],
    no_open: bool,
    no_warm: bool,
    data: str | None,
    store: str | None,
    **limits: Any,
) -> None:
    """Serve the site: pages, SPARQL endpoint, reconciliation, downloads. Ctrl-C ends it.

    \b
        gpsa serve
        gpsa serve --port 0 --no-open --seconds 5
        gpsa serve --endpoint http://127.0.0.1:7878/query
    """
    from gpsa_graph.cli.options import endpoint_given

    run, site_of, limits_of = _parts()
    run.check_shields(host)
    door = run.listen(host, port)
    kg, folder = _opened(data, store)
    shown = f"[{host}]" if ":" in host else host
    address = base.rstrip("/") or f"http://{shown}:{door.getsockname()[1]}"
    site = site_of(
        kg,
        folder,
        limits_of(**limits),
        base=base,
        address=address,
        folder=Path(data) if data else None,
        shipped=store is None and not endpoint_given(),
        hosts=(shown, *hosts),
        endpoint=endpoint_given(),
    )
    click.echo(f"{address}/", color=False)
    sys.stdout.flush()
    if sys.stderr.isatty():
        click.echo("Open this address in a browser. Ctrl-C ends the site.", err=True)
    screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if screen and not no_open and run.is_loopback(host):
        import threading

        threading.Timer(0.8, lambda: click.launch(address)).start()
    run.run(site, door, warm=not no_warm)


def _parts() -> tuple[Any, Callable[..., Any], Callable[..., Any]]:
    try:
        from gpsa_graph.serve import run
        from gpsa_graph.serve.limits import Limits
        from gpsa_graph.serve.site import Site
    except ImportError:
        from gpsa_graph.errors import MissingExtra

        raise MissingExtra("serve") from None
    return run, Site, Limits


@click.command()
@click.option(
    "--http",
    "port",
    type=click.IntRange(0, 65535),
    default=None,
    metavar="PORT",
    help="Speak HTTP on this port of 127.0.0.1 instead of standard input and output.",
)
@graph_options
def mcp(port: int | None, data: str | None, store: str | None) -> None:
    """The door for AI clients (Model Context Protocol): find, ask, claims, path, similar cases, cite. Read-only.

    \b
        gpsa mcp
        gpsa mcp --http 8766
    """
    from gpsa_graph.cli.options import graph

    try:
        from gpsa_graph.serve.door import make_door
    except ImportError:
        from gpsa_graph.errors import MissingExtra

        raise MissingExtra("mcp") from None
    door = make_door(graph(data, store))
    if port is None:
        door.run("stdio")
    else:
        click.echo(f"http://127.0.0.1:{port}/mcp", err=True, color=False)
        door.run("streamable-http", host="127.0.0.1", port=port)
