"""The SPARQL page: a form that works without scripts, examples, and the answer as a table."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from gpsa_graph import vocab
from gpsa_graph.errors import UnknownName
from gpsa_graph.serve.names import page, safe_link
from gpsa_graph.serve.problems import Trouble

if TYPE_CHECKING:
    from gpsa_graph.serve.sparql import Answer, Asked, Endpoint

_SHOWN = 1_000
FIRST = """# The prefixes of the graph (gpsa:, case:, mechanism: ...) are known; press Ctrl+Enter or the button to ask.
SELECT ?case ?title ?mechanism WHERE {
  ?case a gpsa:Case ; rdfs:label ?title ; gpsa:usesMechanism ?mechanism ; gpsa:country country:MWI .
}
ORDER BY ?case ?mechanism
"""


async def query_page(
    endpoint: Endpoint, given: list[tuple[str, str]], answer: Callable[[Asked], Awaitable[Answer]]
) -> tuple[int, bytes]:
    """Status and content of the page: the form, and the answer where a query is given."""
    import asyncio

    site = endpoint.site
    said = dict(given)
    query, status, trouble, found = said.get("query"), 200, None, {}
    if query is not None:
        try:
            found = _shown(await answer(endpoint.asked(given, "application/sparql-results+json, text/turtle")))
        except Trouble as error:
            status, trouble = error.status, error
    elif example := said.get("example"):
        try:
            query = site.kg.question(example).text
        except UnknownName as error:
            status, trouble = 404, Trouble(404, "missing", str(error))
    content = await asyncio.to_thread(
        lambda: site.render(
            "sparql.html",
            title="Ask in SPARQL",
            query=FIRST if query is None else query,
            asked=said.get("query") or "",
            trouble=trouble,
            found=found,
            examples=[q for q in site.questions.values() if q.number],
            prefixes=vocab.PREFIXES,
            here="/sparql",
        )
    )
    return status, content


def _shown(answer: Answer) -> dict[str, Any]:
    """An answer as the template shows it."""
    if answer.form == "graph":
        return {"form": "graph", "text": answer.body.decode(), "cut": answer.cut}
    document = json.loads(answer.body)
    if answer.form == "ask":
        return {"form": "ask", "yes": document["boolean"], "cut": -1}
    columns = document["head"]["vars"]
    bindings = document["results"]["bindings"]
    rows = [[_cell(row.get(column)) for column in columns] for row in bindings[:_SHOWN]]
    return {"form": "select", "columns": columns, "rows": rows, "n": len(bindings), "shown": len(rows), "cut": answer.cut}


def _cell(term: dict[str, Any] | None) -> dict[str, str]:
    if term is None:
        return {"text": "", "href": "", "note": ""}
    if term["type"] == "uri":
        iri = str(term["value"])
        return {"text": vocab.shorten(iri), "href": page(iri) or safe_link(iri), "note": ""}
    if term["type"] == "bnode":
        return {"text": f"_:{term['value']}", "href": "", "note": ""}
    if term["type"] == "triple":
        return {"text": json.dumps(term["value"]), "href": "", "note": ""}
    return {"text": str(term["value"]), "href": "", "note": term.get("xml:lang", "")}
