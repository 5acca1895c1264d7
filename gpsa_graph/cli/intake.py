"""Commands that bring in cases from outside."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gpsa_graph.cli.telling import Line


def _target(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that every import has."""
    for option in (
        click.option("--keep-going", is_flag=True, help="Leave out what has faults and import the rest."),
        click.option(
            "--matches", metavar="FILE", type=click.Path(path_type=Path), help="Decisions on names; default: those of the target."
        ),
        click.option("--identifier", "identifiers", metavar="ID", multiple=True, help="Only this record; repeatable."),
        click.option(
            "--text", "texts", metavar="TEXT", multiple=True, help="Only records with this text in title or description; repeatable."
        ),
        click.option("--sector", "sectors", metavar="SECTOR", multiple=True, help="Only this sector (ours, or a DAC code); repeatable."),
        click.option("--country", "countries", metavar="COUNTRY", multiple=True, help="Only this country (code or name); repeatable."),
        click.option("--store", metavar="DIR", type=click.Path(path_type=Path), help="Put the cases into a store on disk."),
        click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Write draft case files into a folder."),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


@click.group("import")
def import_() -> None:
    """Bring in cases from outside, as draft case files (-o DIR) or straight into a store (--store DIR).

    \b
        gpsa import iati activities.xml --country Malawi -o drafts
        gpsa import worldbank projects.xlsx --store projects
        gpsa import table cases.xlsx -o drafts
    """


@import_.command()
@_target
def iati(**given: Any) -> None:
    """Activities in IATI XML, versions 1.01-1.05 and 2.01-2.03, of any size.

    \b
        gpsa import iati activities.xml --country MWI --text scorecard -o drafts
    """
    _run("iati", **given)


@import_.command()
@_target
def worldbank(**given: Any) -> None:
    """The World Bank's list of projects: its Excel or CSV export, or JSON of its API.

    \b
        gpsa import worldbank projects.xlsx --country Ghana -o drafts
    """
    _run("worldbank", **given)


@import_.command()
@_target
@click.option(
    "--mapping", metavar="FILE", type=click.Path(path_type=Path), help="YAML that says which of the table's columns are which of ours."
)
def table(**given: Any) -> None:
    """A spreadsheet (XLSX, ODS, CSV): our template (gpsa new table), or any columns with a mapping file.

    \b
        gpsa import table cases.xlsx -o drafts
        gpsa import table list.csv --mapping columns.yaml -o drafts
    """
    _run("table", **given)


def _run(
    kind: str,
    file: Path,
    output: Path | None,
    store: Path | None,
    countries: tuple[str, ...],
    sectors: tuple[str, ...],
    texts: tuple[str, ...],
    identifiers: tuple[str, ...],
    matches: Path | None,
    keep_going: bool,
    mapping: Path | None = None,
) -> None:
    from gpsa_graph.intake.run import filters_of, run

    if (output is None) == (store is None):
        raise click.UsageError("say where the cases go: -o DIR for draft case files, or --store DIR for a store on disk")
    asked = ", ".join(
        f"{name} {value}"
        for name, values in (("country", countries), ("sector", sectors), ("text", texts), ("identifier", identifiers))
        for value in values
    )
    line = Line()

    def at(what: str, at: int, whole: int, records: int) -> None:
        line(f"{what} {f'{100 * at / whole:3.0f} % ' if whole else ''}· {records:,} records")

    try:
        done = run(
            kind,
            file,
            out=output,
            store=store,
            filters=filters_of(countries, sectors, texts, identifiers),
            mapping=mapping,
            matches=matches,
            keep_going=keep_going,
            asked=asked or "every record",
            progress=at,
        )
    except KeyboardInterrupt:
        line.clear()
        if store is not None:
            print(f"what was loaded stays in {store}; the same command goes on from there", file=sys.stderr)
        raise
    line.clear()
    for remark in done.remarks:
        print(f"note: {remark}", file=sys.stderr)
    for problem in done.problems:
        print(f"left out: {problem}", file=sys.stderr)
    print(done.said + (f" ({done.resumed:,} of them by an earlier run)" if done.resumed else ""), file=sys.stderr)
    place = done.target if output is not None else done.target / "intake"
    print(
        f"{done.proposals:,} proposals to decide on in {place / 'matches.csv'}; the whole account in the intake report beside it",
        file=sys.stderr,
    )
    click.echo(str(done.target), color=False)
