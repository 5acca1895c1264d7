"""The command that looks for cases like a given one."""

from __future__ import annotations

import shutil
from typing import Any

import click

from gpsa_graph.cli.options import FORMATS, emit, graph, graph_options, say

_SKETCH = (
    ("country", "COUNTRY", "In this country; its region counts too."), ("region", "REGION", "In this World Bank region."),
    ("sector", "SECTOR", "In this sector."), ("challenge", "CHALLENGE", "Against this challenge."),
    ("mechanism", "MECHANISM", "By this mechanism."), ("body-kind", "KIND", "With a public body of this kind, such as ministry."),
    ("level", "LEVEL", "With a public body of this level: national, subnational or local."),
)


def _sketch_options(command: Any) -> Any:
    for name, metavar, text in reversed(_SKETCH):
        command = click.option(f"--{name}", metavar=metavar, multiple=True, help=f"{text} Repeatable.")(command)
    return command


@click.command()
@click.argument("case", default="")
@_sketch_options
@click.option("--problem", metavar="TEXT", default="", help="The problem in your own words; words that it shares with others count.")
@click.option("--in", "within", metavar="PLACE", multiple=True, help="Only cases of this country or region; repeatable.")
@click.option("--most", default=10, show_default=True, type=click.IntRange(1, 100), help="How many cases are ranked and counted.")
@click.option("--full", default=3, show_default=True, type=click.IntRange(1, 100), help="How many of them are told in full.")
@click.option("--weights", metavar="FILE", help="What a shared feature counts, in place of the packaged weights.toml.")
@click.option("--proofs", is_flag=True, help="Every reason, each with the SPARQL ASK that proves it.")
@click.option("--format", "fmt", type=click.Choice(["text", *FORMATS]), default="text", show_default=True)
@click.option("-o", "--output", metavar="FILE", default="-", help="Write to a file; - is standard output.")
@graph_options
def like(case: str, problem: str, within: tuple[str, ...], most: int, full: int, weights: str | None, proofs: bool, fmt: str,
         output: str, data: str | None, store: str | None, **sketch: tuple[str, ...]) -> None:
    """What was reported for a case like CASE, or like a sketch of one: why it is alike, what differs, what stands against it.

    Exit code 1 where nothing is close enough.

    \b
        gpsa like mwi-mejn
        gpsa like --country "Costa Rica" --sector education --challenge official-resistance
        gpsa like idn-wahana-visi --in "Latin America and Caribbean" --format json
    """
    from gpsa_graph.patterns.alike import like as found_like
    from gpsa_graph.patterns.alike.writing import as_markdown, as_text

    if not case and not problem and not any(sketch.values()):
        options = ", ".join(f"--{name}" for name, _, _ in _SKETCH)
        raise click.UsageError(f"give a CASE, or any of {options}, --problem")
    answer = found_like(graph(data, store), case, problem=problem, within=within, most=most, full=full, weights=weights, **sketch)
    if fmt == "text":
        width = max(60, min(shutil.get_terminal_size((100, 24)).columns, 120))
        say(as_text(answer, width=width, proofs=proofs), output)
    elif fmt == "md":
        say(as_markdown(answer, proofs=proofs), output)
    elif fmt == "json":
        import json

        say(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1), output)
    else:
        emit(answer.rows(), fmt, output)
    if answer.nothing is not None:
        raise click.exceptions.Exit(1)
