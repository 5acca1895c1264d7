"""Commands on files: check, build, new."""

from __future__ import annotations

from pathlib import Path

import click

from gpsa_graph.cli.options import FORMATS
from gpsa_graph.cli.telling import waiting


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path), help="A data folder; default: the shipped one.")
@click.option("--desk/--no-desk", default=True, help="For case files without a problem: what they stand beside and what to find next.")
def check(paths: tuple[Path, ...], data: Path | None, desk: bool) -> None:
    """Find every problem in case files and in the graph, with file, line and what to do. Exit code 1 if any.

    For each case file that is named and sound it then tells the nearest cases, cases that it may be already, what it adds to
    what is told, and the three facts most worth finding.

    \b
        gpsa check
        gpsa check my-cases/mwi-my-case.yaml
    """
    from gpsa_graph.check import check as find_problems

    with waiting("checking"):
        problems = find_problems(paths or None, data=data)
    for problem in problems:
        click.echo(str(problem), color=False)
    if problems:
        click.echo(f"{len(problems)} problem{'s' * (len(problems) != 1)}.", err=True)
        raise click.exceptions.Exit(1)
    click.echo("no problem found", err=True)
    files = [p for p in paths if p.is_file()]
    if desk and files:
        from gpsa_graph.errors import MissingExtra
        from gpsa_graph.intake.desk import desks_of

        try:
            for found in desks_of(files, data):
                click.echo(str(found), color=False)
        except MissingExtra as error:
            click.echo(f"the desk is left out: {error}", err=True)


@click.command()
@click.option("-o", "--output", metavar="DIR", required=True, type=click.Path(path_type=Path), help="The folder to write.")
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path), help="A data folder; default: the shipped one.")
def build(output: Path, data: Path | None) -> None:
    """Write the graph as files: Turtle, N-Triples, N-Quads, JSON-LD, RDF 1.2, tables, descriptions, checksums.

    \b
        gpsa build -o out
    """
    from gpsa_graph.export.build import build as build_files

    with waiting("building"):
        written = build_files(data, output)
    for path in written:
        click.echo(str(path), color=False)


@click.group()
def new() -> None:
    """Begin a new file from a template.

    \b
        gpsa new case mwi-my-case
        gpsa new table -o cases.xlsx
    """



@new.command("case")
@click.argument("name")
@click.option("-o", "--output", metavar="FILE", default=None, help="Where to write; default: NAME.yaml here; - is standard output.")
def new_case(name: str, output: str | None) -> None:
    """Write a commented case file to fill in. NAME is its id, such as mwi-my-case.

    \b
        gpsa new case mwi-my-case -o -
    """
    from gpsa_graph.cli.options import say
    from gpsa_graph.report.template import case_template

    text = case_template(name)
    target = output or f"{name}.yaml"
    if target != "-" and Path(target).exists():
        raise click.UsageError(f"{target} is there already; choose another name or take it away")
    say(text.rstrip("\n"), target)


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--answers/--no-answers", default=True, show_default=True, help="Also ask every stored question of both.")
@click.option("--format", "fmt", type=click.Choice(["text", *FORMATS]), default="text", show_default=True)
@click.option("-o", "--output", metavar="FILE", default="-", help="Write to a file; - is standard output.")
def diff(old: str, new: str, answers: bool, fmt: str, output: str) -> None:
    """What changed between two versions of the data: cases, facts with their sources, answers to the stored questions.

    OLD and NEW are data folders, folders that `gpsa build` wrote, .nt files, or the word shipped.

    \b
        gpsa diff shipped my-data
        gpsa diff release-1 release-2 --format csv -o changes.csv
    """
    from gpsa_graph.cli.options import emit, say
    from gpsa_graph.export.changes import as_rows, as_text, changes, version

    before, after = version(old), version(new)
    with waiting("comparing"):
        found = changes(before, after, answers=answers)
    if fmt == "text":
        say(as_text(before, after, found), output)
    else:
        emit(as_rows(found), fmt, output)


@new.command("table")
@click.option("-o", "--output", metavar="FILE", default="cases.xlsx", show_default=True, help="The spreadsheet to write.")
def new_table(output: str) -> None:
    """Write a spreadsheet to fill in: one sheet a kind of fact, with drop-down lists and an explanation in every column.

    \b
        gpsa new table -o cases.xlsx
    """
    from gpsa_graph.intake.template import write_template

    if not output.endswith(".xlsx"):
        raise click.UsageError(f"the template is a spreadsheet; end '{output}' in .xlsx")
    if Path(output).exists():
        raise click.UsageError(f"{output} is there already; choose another name or take it away")
    write_template(Path(output))
    click.echo(output, color=False)
