"""Commands that ask: the stored questions and any SPARQL."""

from __future__ import annotations

import sys

import click

from gpsa_graph.cli.options import emit, given_option, graph, graph_options, interruptible, parse_given, row_options, say


def _question_names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in graph(None, None).questions() if name.startswith(incomplete)]


@click.command()
@click.argument("text", default="")
@row_options
def questions(text: str, fmt: str | None, output: str) -> None:
    """List the questions that can be asked, or those that hold TEXT; the tables that the patterns count hold "pattern".

    \b
        gpsa questions
        gpsa questions ministry
    """
    from gpsa_graph.graph import Rows
    from gpsa_graph.questions import read_questions
    from gpsa_graph.resources import questions_folder

    found = [q for q in read_questions(questions_folder()).values()
             if text.casefold() in f"{q.name} {q.title} {q.about} {' '.join(q.keywords)}".casefold()]
    rows = [(q.name, q.title, " ".join(f"{p.name}={p.sample}" for p in q.parameters)) for q in found if text or not q.feed]
    emit(Rows(["question", "title", "given"], rows), fmt, output)


@click.command()
@click.argument("question", shell_complete=_question_names)
@given_option
@click.option("--sparql", is_flag=True, help="Print the query instead of asking it.")
@graph_options
@row_options
def answer(question: str, given: tuple[str, ...], sparql: bool, data: str | None, store: str | None, fmt: str | None, output: str) -> None:
    """Answer one of the questions the graph comes with.

    \b
        gpsa answer where-was-a-mechanism-used --given mechanism=social-audit
        gpsa answer identity-card-of-a-case --given case=mwi-mejn --format md
    """
    values = parse_given(given)
    kg = graph(data, store)
    if sparql:
        asked = kg.question(question)
        say(asked.filled(kg.terms(asked, values)).rstrip(), output)
        return
    emit(interruptible(lambda: kg.answer(question, **values)), fmt, output, lambda: kg.question(question).columns)


@click.command()
@click.argument("query")
@graph_options
@row_options
def query(query: str, data: str | None, store: str | None, fmt: str | None, output: str) -> None:
    """Ask any SPARQL query: a file, a text, or - for standard input. The prefixes of the graph are known.

    \b
        gpsa query 'SELECT ?case WHERE { ?case gpsa:country country:MWI }'
        gpsa query my-question.rq --format json
    """
    text = _text(query)
    result = interruptible(lambda: graph(data, store).query(text))
    if isinstance(result, bool):
        say("true" if result else "false", output)
    elif isinstance(result, str):
        say(result.rstrip("\n"), output)
    else:
        emit(result, fmt, output)


def _text(query: str) -> str:
    from pathlib import Path

    if query == "-":
        return sys.stdin.read()
    if "{" not in query and len(query) < 4000:
        path = Path(query)
        if not path.is_file():
            raise click.UsageError(f"'{query}' is neither a file nor a query")
        try:
            return path.read_text("utf-8-sig")
        except UnicodeDecodeError:
            raise click.UsageError(f"'{query}' is not UTF-8 text") from None
    return query
