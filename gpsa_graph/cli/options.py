"""Options that mean the same in every command, and what carries them out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph, Rows

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

_ENDPOINT = "gpsa.endpoint"
FORMATS = ("table", "csv", "tsv", "json", "jsonl", "md", "xlsx", "parquet", "bibtex", "ris", "csl")
_ENDINGS = {"bib": "bibtex", "parq": "parquet"}


def graph_options(command: F) -> F:
    """`--data DIR`, `--store DIR` or `--endpoint URL`: what is asked. `graph` finds the address in the context of the command."""
    command = click.option("--endpoint", metavar="URL", expose_value=False, callback=_keep_endpoint, is_eager=True,
                           help="Ask a SPARQL 1.1 service at this address instead of the shipped cases.")(command)
    command = click.option("--store", metavar="DIR", help="Ask an Oxigraph store folder instead of the shipped cases.")(command)
    return click.option("--data", metavar="DIR", help="Ask the cases of this data folder instead of the shipped ones.")(command)


def row_options(command: F) -> F:
    """`--format` and `-o`: how rows come out."""
    command = click.option("-o", "--output", metavar="FILE", default="-", help="Write to a file; - is standard output.")(command)
    return click.option("--format", "fmt", type=click.Choice(FORMATS), help="Default: table on a terminal, csv in a pipe or file.")(command)


def given_option(command: F) -> F:
    """`--given name=value`, repeatable, with completion of names and values."""
    return click.option("--given", metavar="NAME=VALUE", multiple=True, shell_complete=_complete_given,
                        help="Narrow a parameter of the question; repeatable.")(command)


def _keep_endpoint(ctx: click.Context, _: click.Parameter, url: str | None) -> None:
    if url is not None:
        ctx.meta[_ENDPOINT] = url


def endpoint_given() -> str:
    """The address after `--endpoint` of the running command, or nothing."""
    ctx = click.get_current_context(silent=True)
    return str(ctx.meta.get(_ENDPOINT) or "") if ctx else ""


def graph(data: str | None, store: str | None) -> KnowledgeGraph:
    """The graph that the options of the running command name."""
    from gpsa_graph.cli.telling import waiting
    from gpsa_graph.graph.knowledge import load

    with waiting("reading the cases"):
        return load(data, store=store, endpoint=endpoint_given() or None)


def parse_given(given: tuple[str, ...]) -> dict[str, str]:
    """`name=value` words as a dictionary; a word without `=` or a name given twice is wrong use."""
    found: dict[str, str] = {}
    for word in given:
        name, equals, said = word.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--given takes NAME=VALUE, not '{word}'")
        if name in found:
            raise click.UsageError(f"--given {name}=... stands twice")
        found[name] = said
    return found


def emit(rows: Rows, fmt: str | None, output: str, meanings: Callable[[], Mapping[str, str]] | None = None) -> None:
    """Write rows where the user wants them; a file is replaced only when it is whole."""
    from gpsa_graph.export.rows import write_rows

    if output == "-":
        if fmt in ("xlsx", "parquet"):
            if sys.stdout.isatty():
                raise click.UsageError(f"a {'spreadsheet' if fmt == 'xlsx' else 'Parquet file'} does not go to a terminal; add -o "
                                       f"FILE.{fmt}")
            write_rows(rows, fmt, sys.stdout.buffer, meanings=meanings() if meanings else None)
            return
        write_rows(rows, fmt or ("table" if sys.stdout.isatty() else "csv"), sys.stdout)
        return
    from gpsa_graph.export.files import atomic

    ending = output.rpartition(".")[2].lower()
    chosen = fmt or ("csl" if output.lower().endswith(".csl.json") else _ENDINGS.get(ending, ending))
    if chosen not in FORMATS:
        raise click.UsageError(f"no format for '{output}'; end it in one of {', '.join(FORMATS[1:])} or add --format")
    with atomic(output, binary=chosen in ("xlsx", "parquet")) as stream:
        write_rows(rows, chosen, stream, meanings=meanings() if meanings and chosen == "xlsx" else None)


def say(text: str, output: str = "-") -> None:
    """Text to standard output or to a file."""
    if output == "-":
        click.echo(text, color=False)
        return
    from gpsa_graph.export.files import atomic

    with atomic(output) as stream:
        stream.write(text + "\n")


def interruptible(work: Callable[[], T]) -> T:
    """Run `work` so that Ctrl-C ends the program even while the engine is busy (it cannot be told to stop)."""
    import threading

    outcome: list[T] = []
    failure: list[BaseException] = []

    ctx = click.get_current_context(silent=True)

    def run() -> None:
        try:
            with ctx.scope(cleanup=False) if ctx else nullcontext():
                outcome.append(work())
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join()
    except KeyboardInterrupt:
        import os

        print("interrupted", file=sys.stderr, flush=True)
        os._exit(130)
    if failure:
        raise failure[0]
    return outcome[0]


def _complete_given(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    try:
        kg = graph(ctx.params.get("data"), ctx.params.get("store"))
        question = kg.question(ctx.params.get("question") or "")
    except Exception:
        return []
    name, equals, begun = incomplete.partition("=")
    if not equals:
        return [CompletionItem(f"{p.name}=", help=p.about) for p in question.parameters if p.name.startswith(name)]
    options = kg.options(question.parameter(name).kind) if any(p.name == name for p in question.parameters) else {}
    return [CompletionItem(f"{name}={known}", help=label) for known, label in options.items() if known.startswith(begun)]
