"""The command that looks for patterns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from gpsa_graph.cli.options import FORMATS, emit, graph, graph_options, say
from gpsa_graph.cli.telling import waiting


def _evidence_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--known-at", metavar="DATE", help="Only sources dated up to this year, month or day."),
        click.option(
            "--without-kind",
            "kinds",
            metavar="KIND",
            multiple=True,
            help="Leave out what only such sources say, such as story; repeatable.",
        ),
        click.option("--without-case", "cases", metavar="CASE", multiple=True, help="Leave out a case; repeatable."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("name", default="")
@click.option("--seed", default=0, show_default=True, help="Where the shuffles begin; the same seed gives the same findings.")
@click.option("--draws", type=click.IntRange(99, 1_000_000), help="How many shuffles; default: enough for the correction.")
@click.option("--every", is_flag=True, help="All that was compared, not only what stands out.")
@_evidence_options
@click.option("--format", "fmt", type=click.Choice(["text", *FORMATS]), default="text", show_default=True)
@click.option("-o", "--output", metavar="FILE", default="-", help="Write to a file; - is standard output.")
@graph_options
def patterns(
    name: str,
    seed: int,
    draws: int | None,
    every: bool,
    cases: tuple[str, ...],
    kinds: tuple[str, ...],
    known_at: str | None,
    fmt: str,
    output: str,
    data: str | None,
    store: str | None,
) -> None:
    """Look for a pattern and hold it against chance; without NAME, list the patterns.

    \b
        gpsa patterns teams
        gpsa patterns mechanism-bundles --without-kind story --format json
        gpsa patterns fragility
        gpsa patterns "fragility of brokers"
    """
    from gpsa_graph.patterns import PATTERNS, find, read_evidence
    from gpsa_graph.patterns.writing import as_json, as_markdown, as_rows, as_text

    if not name:
        say(
            "\n".join(f"{p.name:<24}{p.title}" for p in PATTERNS.values())
            + "\nfragility               Which of these stop holding "
            "when a kind of source, or all after a date, is left out?\n"
            "fragility of NAME       The same for any one of them; with --every, case by case too.",
            output,
        )
        return
    kg = graph(data, store)
    evidence = read_evidence(kg)
    evidence = evidence.without_cases(cases) if cases else evidence
    evidence = evidence.without_kinds(kinds) if kinds else evidence
    with waiting("counting and shuffling"):
        found = find(evidence.known_at(known_at) if known_at else evidence, name, seed=seed, draws=draws, every=every)
    if fmt in ("text", "json", "md"):
        write = {"text": as_text, "md": as_markdown}.get(fmt)
        say(write(found, cite=kg.citations) if write else as_json(found), output)
    else:
        emit(as_rows(found, cite=kg.citations, works=kg.sources), fmt, output)
