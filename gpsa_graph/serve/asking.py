"""The pages of the questions: the list, and each question with its parameters, its answer and the query behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError, ParameterError, UnknownName
from gpsa_graph.serve.names import page, words
from gpsa_graph.serve.problems import Trouble
from gpsa_graph.serve.sheet import Value
from gpsa_graph.serve.things import alternates, cite, rows_response, written

if TYPE_CHECKING:
    from gpsa_graph.graph import Rows
    from gpsa_graph.questions import Question
    from gpsa_graph.serve.site import Site

_SHOWN = 200
#: In what a question says of itself: `code`, or the name of another question.
_NAMED = re.compile(r"(`[^`]+`|(?:[a-z]+-){2,}[a-z]+)")


def questions(site: Site, request: Request) -> Response:
    """Every question."""
    known = site.questions
    ending = request.path_params.get("ending", "")
    if ending:
        rows = [(q.name, q.title, " ".join(p.name for p in q.parameters)) for q in known.values()]
        return rows_response(("question", "title", "parameters"), rows, ending)
    body = site.render(
        "questions.html",
        title="Questions",
        here="/question",
        alternates=alternates("/question", ("json", "csv")),
        groups=groups(known.values()),
    )
    return Response(body, media_type="text/html")


def groups(known: Any) -> list[tuple[str, list[Question]]]:
    """Questions by what they ask about, by the first of their keywords."""
    titles = {
        "programme": "The programme and its events",
        "event": "The programme and its events",
        "case": "Cases and who takes part",
        "mechanism": "Mechanisms and collaboration",
        "collaboration": "Mechanisms and collaboration",
        "result": "Results, challenges and lessons",
        "challenge": "Results, challenges and lessons",
        "lesson": "Results, challenges and lessons",
    }
    found: dict[str, list[Question]] = {}
    for question in known:
        number = question.number
        title = (
            "Counted by the patterns"
            if number == 0
            else "The programme and its events"
            if number <= 10
            else "Cases and who takes part"
            if number <= 20
            else "Mechanisms and collaboration"
            if number <= 30
            else "Results, challenges and lessons"
            if number <= 38
            else next((titles[k] for k in question.keywords if k in titles), "More")
        )
        found.setdefault(title, []).append(question)
    order = [
        "Mechanisms and collaboration",
        "Results, challenges and lessons",
        "Cases and who takes part",
        "The programme and its events",
        "More",
        "Counted by the patterns",
    ]
    return sorted(found.items(), key=lambda group: order.index(group[0]))


def given(request: Request, question: Question) -> dict[str, str]:
    """The parameters that are filled in; Trouble for one that the question does not take."""
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if value.strip() == "":
            continue
        if name in found:
            raise Trouble(400, "parameter", f"'{name[:40]}' is given twice")
        try:
            question.parameter(name)
        except UnknownName as error:
            raise Trouble(400, "parameter", str(error)) from None
        found[name] = value
    return found


def question(site: Site, request: Request) -> Response:
    """One question: a form for its parameters, and its answer with numbered sources; `.json`, `.csv`, `.tsv`, `.rq`, `.ttl`
    beside it."""
    name, dot, ending = request.path_params["name"].rpartition(".")
    if not dot:
        name, ending = request.path_params["name"], ""
    if ending not in ("", "html", "json", "csv", "tsv", "rq", "ttl"):
        raise Trouble(404, "missing", "there is no such page")
    try:
        asked = site.kg.question(name)
    except UnknownName as error:
        raise Trouble(404, "missing", str(error)) from None
    values = given(request, asked)
    if ending == "ttl":
        return Response(
            written(example(asked), "ttl"),
            headers={"Content-Type": "text/turtle; charset=utf-8", "Access-Control-Allow-Origin": "*"},
        )
    try:
        if ending == "rq":
            return Response(asked.filled(site.kg.terms(asked, values)).encode(), headers={"Content-Type": "application/sparql-query"})
        rows, trouble = site.kg.answer(name, **values), None
    except (UnknownName, ParameterError) as error:
        if ending:
            raise Trouble(400, "parameter", str(error)) from None
        rows, trouble = None, str(error)
    except GpsaError as error:
        raise Trouble(503, "engine", str(error)) from None
    if ending in ("json", "csv", "tsv"):
        assert rows is not None
        return rows_response(rows.columns, list(rows), ending)
    query = urlencode(values)
    table = _table(site, asked, rows) if rows is not None else {}
    body = site.render(
        "question.html",
        title=asked.title,
        question=asked,
        here="/question",
        about=_linked(site, asked.about),
        reading=_linked(site, asked.reading),
        values=values,
        options=_options(site, asked),
        trouble=trouble,
        table=table,
        query=query,
        text=asked.filled(site.kg.terms(asked, values)) if rows is not None else asked.text,
        alternates=alternates(f"/question/{name}", ("json", "csv", "ttl"), query),
        citation=cite(site, asked.title, f"{vocab.BASE}question/{name}" + (f"?{query}" if query else "")),
    )
    return Response(body, media_type="text/html", status_code=400 if trouble else 200)


def _options(site: Site, asked: Question) -> dict[str, dict[str, str]]:
    return {p.name: site.kg.options(p.kind) for p in asked.parameters if p.kind not in ("year", "text")}


def _table(site: Site, asked: Question, rows: Rows) -> dict[str, Any]:
    """Rows with labels, addresses and numbered sources."""
    kept = list(rows)[:_SHOWN]
    names = site.builder.names
    things = {
        str(v)
        for row in kept
        for c, v in zip(rows.columns, row, strict=True)
        if c != "src" and isinstance(v, str) and (vocab.expand(v) != v or v.startswith(vocab.BASE))
    }
    labels = names.labels(things)
    cited: dict[str, int] = {}
    table = []
    for row in kept:
        cells = []
        for column, v in zip(rows.columns, row, strict=True):
            if column == "src":
                found = [vocab.shorten(n) for n in str(v or "").split()]
                cells.append(Value("", sources=tuple(found)))
                for n in found:
                    cited.setdefault(n, len(cited) + 1)
            elif isinstance(v, str) and str(v) in things:
                cells.append(Value(labels.get(str(v), str(v)), str(v), page(str(v))))
            elif isinstance(v, bool):
                cells.append(Value("yes" if v else "no"))
            elif isinstance(v, (int, float)):
                plain = "year" in column or column in ("number", "start", "end", "order")
                cells.append(Value(str(v) if plain else f"{v:,}", notes=("number",)))
            else:
                cells.append(Value("" if v is None else str(v)))
        table.append(cells)
    columns, table = _without_echoes(rows.columns, table)
    found_sources = names.sources(cited)
    return {
        "heads": [_head(asked, column) for column in columns],
        "abouts": [asked.columns.get(column, "") for column in columns],
        "rows": table,
        "n": len(rows),
        "shown": len(kept),
        "coverage": rows.coverage,
        "numbers": cited,
        "sources": {n: found_sources[n] for n in cited if n in found_sources},
    }


def _head(asked: Question, column: str) -> str:
    """The head of a column in words; the ends of a network by what they are, for `source` would be read as who says so."""
    if column == "src":
        return "sources"
    if asked.network and column.partition("_")[0] in ("source", "target") and column in asked.columns:
        return asked.columns[column].partition(":")[0].removeprefix("the ")
    return words(column).replace("_", " ")


def _linked(site: Site, text: str) -> list[tuple[str, str]]:
    """A text in pieces; one that is the name of a question comes with the title of that question."""
    known = site.questions
    return [(piece, known[piece].title if piece in known else "") for piece in _NAMED.split(text) if piece]


def _without_echoes(columns: tuple[str, ...], table: list[list[Value]]) -> tuple[tuple[str, ...], list[list[Value]]]:
    """The columns without those that only repeat the label of the thing beside them."""
    kept = [
        i
        for i in range(len(columns))
        if not (
            i
            and table
            and not any(row[i].name or row[i].sources for row in table)
            and all(row[i].text == row[i - 1].text and row[i - 1].name for row in table)
        )
    ]
    return tuple(columns[i] for i in kept), [[row[i] for i in kept] for row in table]


def example(asked: Question) -> str:
    """A question as a SHACL executable, as catalogues of example queries read it."""
    iri = f"<{vocab.BASE}question/{asked.name}>"
    lines = [
        (vocab.term("rdf:type"), vocab.term("sh:SPARQLExecutable")),
        (vocab.term("rdf:type"), vocab.term("sh:SPARQLSelectExecutable")),
        (vocab.term("rdfs:comment"), vocab.literal(asked.title, lang="en")),
        (vocab.term("sh:select"), vocab.literal(asked.text)),
        (vocab.term("schema:target"), f"<{vocab.BASE}sparql>"),
        *((vocab.term("schema:keywords"), vocab.literal(k)) for k in asked.keywords),
    ]
    return "".join(sorted(f"{iri} {p} {o} .\n" for p, o in lines))
